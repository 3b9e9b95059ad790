-- items: 24
-- section: Entities and trends
-- title: Repositories of Chinese organizations by year
-- status: documented in part
-- statement: Repository growth of Chinese organisations
-- definition: Models by calendar year of creation and parent company, the ten largest
-- data: models.created_at, org
-- value: models
-- published: see items 25 and 26
-- difference: the simulation has another size
/* chart
{"mark":{"type":"line","point":true},"encoding":{"x":{"field":"year","type":"ordinal"},"y":{"field":"models","type":"quantitative"},"color":{"field":"owner","type":"nominal"}}}
*/
WITH c AS (
	SELECT owner AS owner, year, count(*) AS models FROM facts f WHERE f.country = 'CN' AND year BETWEEN 2022 AND 2025 GROUP BY 1, 2)
SELECT owner, year, models, growth_factor(lag(models) OVER (PARTITION BY owner ORDER BY year), models) AS growth
FROM c WHERE owner IN (SELECT owner FROM c GROUP BY owner ORDER BY sum(models) DESC, owner LIMIT 10) ORDER BY owner, year;
