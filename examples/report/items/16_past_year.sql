-- items: 16
-- section: Geography and actors
-- title: Countries in the downloads of new models, past year
-- status: documented in part
-- statement: China holds a plurality, 41 % of downloads in the past year
-- definition: Downloads in the last 365 days of models younger than a year at the time, by country, on two bases: all, and those with a country
-- data: model_snapshots, models.created_at, org.country
-- value: share_with_country @ country=CN
-- published: 0.41 (US 0.365); 0.171 and 0.158 of all
-- difference: built to it within 0.06
/* chart
{"mark":"bar","encoding":{"y":{"field":"country","type":"nominal","sort":"-x","title":null},"x":{"field":"share_with_country","type":"quantitative","axis":{"format":"%"}}}}
*/
WITH y AS (
	SELECT country, sum(downloads) AS downloads, country NOT IN ('individual', 'international', 'unknown', 'not reviewed') AS located
	FROM period WHERE young AND captured_on > (SELECT max(captured_on) FROM period) - 365 GROUP BY country)
SELECT country, downloads, (downloads / nullif(sum(downloads) OVER (), 0))::float8 AS share_of_all,
	CASE WHEN located THEN (downloads / nullif(sum(downloads) FILTER (WHERE located) OVER (), 0))::float8 END AS share_with_country,
	(sum(downloads) FILTER (WHERE NOT located) OVER () / nullif(sum(downloads) OVER (), 0))::float8 AS left_out
FROM y ORDER BY share_with_country DESC NULLS LAST;
