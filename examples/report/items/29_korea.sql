-- items: 29
-- section: Entities and trends
-- title: Korean models trending at once
-- status: definition proposed here
-- statement: Three Korean models trended at once in February 2026
-- definition: Largest number of models of a country among the trending models of one day; five named companies apart
-- data: trending_snapshots, org
-- value: largest
-- published: 3
-- difference: by chance of the simulated list
/* chart
{"mark":{"type":"bar"},"encoding":{"x":{"field":"captured_on","type":"temporal"},"y":{"field":"models","type":"quantitative","axis":{"tickMinStep":1}}}}
*/
SELECT captured_on, count(f._id) AS models,
	count(f._id) FILTER (WHERE f.owner IN ('LG AI Research', 'SK Telecom', 'Naver Cloud', 'NC AI', 'Upstage')) AS of_the_five,
	max(count(f._id)) OVER () AS largest
FROM (SELECT DISTINCT captured_on FROM trending_snapshots) d LEFT JOIN trending_snapshots t USING (captured_on)
	LEFT JOIN facts f ON f.id = t.id AND t.repo_type = 'model' AND f.country = 'KR'
WHERE captured_on >= (SELECT max(captured_on) FROM trending_snapshots) - 30 GROUP BY captured_on ORDER BY captured_on;
