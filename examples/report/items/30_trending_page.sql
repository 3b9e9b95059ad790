-- items: 30
-- section: Entities and trends
-- title: The trending page of a day
-- status: documented
-- statement: Trending page, February 2026
-- definition: The ranked snapshot of the latest day, with the rank of the day before
-- data: trending_snapshots
-- value: rank
-- published: the list of the day
-- difference: the list is simulated
/* chart
{"mark":"bar","encoding":{"y":{"field":"id","type":"nominal","sort":{"field":"rank"},"title":null},"x":{"field":"likes","type":"quantitative"},"color":{"field":"country","type":"nominal"}}}
*/
WITH d AS (SELECT captured_on FROM trending_snapshots GROUP BY captured_on ORDER BY captured_on DESC LIMIT 2)
SELECT t.rank, t.id, f.country, t.likes, b.rank AS rank_before, t.captured_on
FROM trending_snapshots t LEFT JOIN facts f USING (id)
	LEFT JOIN trending_snapshots b ON b.id = t.id AND b.repo_type = t.repo_type AND b.captured_on = (SELECT min(captured_on) FROM d)
WHERE t.repo_type = 'model' AND t.captured_on = (SELECT max(captured_on) FROM d) AND t.rank <= 20 ORDER BY t.rank;
