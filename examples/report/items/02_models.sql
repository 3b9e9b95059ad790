-- items: 2
-- section: Growth and concentration
-- title: Models listed at each year's end
-- status: documented
-- statement: More than two million public models, close to double
-- definition: Models with created_at up to the date, public and still listed; what was deleted before the first sync cannot be seen. Models older than the Hub's record of dates carry its first instant, 2 March 2022
-- data: models.created_at
-- value: growth @ year_end=2025
-- numerator: models
-- base: models_before
-- left out: vanished
-- published: 2.10 (end of 2025 over end of 2024)
-- difference: built to these totals
/* chart
{"mark":"bar","encoding":{"x":{"field":"year_end","type":"ordinal","title":"end of year","axis":{"labelAngle":0}},"y":{"field":"models","type":"quantitative"}}}
*/
WITH c AS (
	SELECT year, count(*) AS n, count(*) FILTER (WHERE created_at = '2022-03-02 23:29:04Z') AS at_first_instant FROM facts GROUP BY year),
t AS (
	SELECT y AS year_end, coalesce(sum(n) FILTER (WHERE year <= y), 0)::bigint AS models, coalesce(sum(n) FILTER (WHERE year < y), 0)::bigint AS models_before,
		sum(at_first_instant)::bigint AS at_first_instant
	FROM c CROSS JOIN generate_series(2022, 2025) y GROUP BY y)
SELECT year_end, models, models_before, growth_factor(models_before, models) AS growth, at_first_instant,
	(SELECT count(*) FROM models WHERE vanished_on IS NOT NULL) AS vanished
FROM t ORDER BY year_end;
