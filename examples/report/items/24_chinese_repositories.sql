-- items: 24
-- section: Entities and trends
-- title: Repositories of Chinese organizations by year
-- status: documented in part
-- statement: Repository growth of Chinese organisations
-- definition: Models by calendar year of creation and parent company over all its namespaces, the eight with most models; growth over the year before, of each and of all the country's owners
-- data: models.created_at, org
-- value: growth_of_all @ year=2025
-- numerator: models
-- base: models_of_all
-- left out: of_the_others
-- published: see items 25 and 26
-- difference: named owners have their published number of releases; the others of the country are scaled to the size of the simulation
/* chart
{"mark":{"type":"line","point":true},"encoding":{"x":{"field":"year","type":"ordinal","axis":{"labelAngle":0}},"y":{"field":"models","type":"quantitative","title":"models released in the year"},"color":{"field":"owner","type":"nominal","title":null,"sort":{"field":"rank"}}}}
*/
WITH c AS (
	SELECT owner, year, count(*) AS models FROM facts WHERE country = 'CN' AND year BETWEEN 2022 AND 2025 GROUP BY owner, year),
a AS (SELECT year, sum(models)::bigint AS models, lag(sum(models)::bigint) OVER (ORDER BY year) AS before FROM c GROUP BY year),
o AS (SELECT owner, row_number() OVER (ORDER BY sum(models) DESC, owner) AS rank FROM c GROUP BY owner ORDER BY rank LIMIT 8),
g AS (
	SELECT o.owner, o.rank, a.year, coalesce(c.models, 0) AS models, a.models AS models_of_all, growth_factor(a.before, a.models) AS growth_of_all
	FROM o CROSS JOIN a LEFT JOIN c USING (owner, year))
SELECT owner, rank, year, models, growth_factor(lag(models) OVER (PARTITION BY owner ORDER BY year), models) AS growth, models_of_all, growth_of_all,
	models_of_all - sum(models) OVER (PARTITION BY year) AS of_the_others
FROM g ORDER BY rank, year;
