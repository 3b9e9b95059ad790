-- items: 28
-- section: Entities and trends
-- title: Repositories of Chinese and U.S. organizations
-- status: documented in part
-- statement: Both side by side
-- definition: Models by calendar year of creation and country of the owner; growth over the year before
-- data: models.created_at, org
-- value: growth @ country=CN, year=2025; growth @ country=US, year=2025
-- numerator: models
-- base: all_models
-- left out: elsewhere
-- published: Chinese growth above U.S. growth in 2025
-- difference: kinds and countries are dealt by downloads, so that numbers of models follow only loosely; owners invented for a country outnumber the named ones
/* chart
{"mark":{"type":"line","point":true},"encoding":{"x":{"field":"year","type":"ordinal","axis":{"labelAngle":0}},"y":{"field":"models","type":"quantitative","title":"models released in the year"},"color":{"field":"country","type":"nominal","title":null}}}
*/
WITH a AS (
	SELECT year, count(*) AS all_models, count(*) FILTER (WHERE country = 'CN') AS cn, count(*) FILTER (WHERE country = 'US') AS us
	FROM facts WHERE year BETWEEN 2022 AND 2025 GROUP BY year)
SELECT country, year, models, growth_factor(lag(models) OVER (PARTITION BY country ORDER BY year), models) AS growth, all_models, all_models - cn - us AS elsewhere
FROM a CROSS JOIN LATERAL (VALUES ('CN', cn), ('US', us)) v (country, models) ORDER BY country, year;
