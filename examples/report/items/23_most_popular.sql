-- items: 23
-- section: Entities and trends
-- title: Owners of the most popular models
-- status: documented in part
-- statement: The most popular models come from large U.S. and Chinese organisations
-- definition: Countries of the 200 models with most likes, and with most downloads
-- data: models, org.country
-- value: models @ country=US
-- published: US and CN dominate
-- difference: likes follow downloads in the simulation
/* chart
{"mark":"bar","encoding":{"y":{"field":"country","type":"nominal","title":null},"x":{"field":"models","type":"quantitative"},"row":{"field":"by","type":"nominal","title":null}}}
*/
SELECT by, country, count(*) AS models, sum(count(*)) OVER (PARTITION BY by) AS of_models
FROM ((SELECT 'likes' AS by, country FROM facts ORDER BY likes DESC, id LIMIT 200)
	UNION ALL (SELECT 'downloads', country FROM facts ORDER BY lifetime DESC NULLS LAST, id LIMIT 200)) q
GROUP BY by, country ORDER BY by, models DESC;
