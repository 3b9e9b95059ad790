-- items: 9
-- section: Competition
-- title: Large companies with verified accounts
-- status: needs a table from outside the Hub
-- statement: More than 30 % of the Fortune 500 hold verified accounts
-- definition: Companies of the list's latest year with at least one verified namespace, divided by companies of the list
-- data: fortune500 (sample), org.verified
-- value: share @ state=verified
-- numerator: companies
-- base: listed
-- left out: other_years
-- published: more than 0.3
-- difference: the sample rows of the input table are made up
/* chart
{"mark":"bar","encoding":{"y":{"field":"state","type":"nominal","title":null,"sort":null},"x":{"field":"companies","type":"quantitative","axis":{"tickMinStep":1}}}}
*/
WITH c AS (
	SELECT f.company, EXISTS (SELECT FROM org o WHERE o.namespace = ANY (f.namespaces) AND o.verified) AS verified,
		cardinality(f.namespaces) > 0 AS present
	FROM fortune500 f WHERE f.year = (SELECT max(year) FROM fortune500))
SELECT CASE WHEN verified THEN 'verified' WHEN present THEN 'present, not verified' ELSE 'absent' END AS state,
	count(*) AS companies, sum(count(*)) OVER () AS listed, count(*) / sum(count(*)) OVER () AS share,
	(SELECT count(*) FROM fortune500 WHERE year < (SELECT max(year) FROM fortune500)) AS other_years
FROM c GROUP BY 1 ORDER BY 1 DESC;
