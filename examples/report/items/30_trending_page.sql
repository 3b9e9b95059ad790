-- items: 30
-- section: Entities and trends
-- title: The trending page of a day
-- status: documented
-- statement: Trending page, February 2026
-- definition: The ranked snapshot of the latest day, first twenty, with the rank of the day before
-- data: trending_snapshots
-- value: rank
-- numerator: rank
-- base: listed
-- left out: further_down
-- published: the list of the day
-- difference: the list is simulated
/* chart
{"mark":"bar","encoding":{"y":{"field":"model","type":"nominal","sort":{"field":"rank"},"title":null,"axis":{"labelLimit":270}},"x":{"field":"likes","type":"quantitative","title":"likes, in the order of trending"},"color":{"field":"country","type":"nominal","title":"country of the owner (ISO 3166)"}}}
*/
WITH d AS (SELECT captured_on FROM trending_snapshots GROUP BY captured_on ORDER BY captured_on DESC LIMIT 2)
SELECT t.rank, t.id, t.rank || '. ' || repo_name(t.id) AS model, f.country, t.likes, b.rank AS rank_before, t.captured_on, c.listed, c.listed - count(*) OVER () AS further_down
FROM trending_snapshots t LEFT JOIN facts f USING (id)
	LEFT JOIN trending_snapshots b ON b.id = t.id AND b.repo_type = t.repo_type AND b.captured_on = (SELECT min(captured_on) FROM d)
	CROSS JOIN LATERAL (SELECT count(*) AS listed FROM trending_snapshots n WHERE n.captured_on = t.captured_on AND n.repo_type = 'model') c
WHERE t.repo_type = 'model' AND t.captured_on = (SELECT max(captured_on) FROM d) AND t.rank <= 20 ORDER BY t.rank;
