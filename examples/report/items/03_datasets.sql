-- items: 3
-- section: Growth and concentration
-- title: Datasets listed at each year's end
-- status: documented
-- statement: More than 500,000 public datasets, close to double
-- definition: Datasets with created_at up to the date, public and still listed
-- data: datasets.created_at
-- value: growth @ year_end=2025
-- numerator: datasets
-- base: datasets_before
-- left out: vanished
-- published: close to 2
-- difference: datasets are simulated to their totals, by year only
/* chart
{"mark":"bar","encoding":{"x":{"field":"year_end","type":"ordinal","title":"end of year","axis":{"labelAngle":0}},"y":{"field":"datasets","type":"quantitative"}}}
*/
WITH c AS (
	SELECT extract(year FROM created_at AT TIME ZONE 'UTC')::int AS year, count(*) AS n FROM datasets WHERE vanished_on IS NULL GROUP BY 1),
t AS (
	SELECT y AS year_end, coalesce(sum(n) FILTER (WHERE year <= y), 0)::bigint AS datasets, coalesce(sum(n) FILTER (WHERE year < y), 0)::bigint AS datasets_before
	FROM c CROSS JOIN generate_series(2022, 2025) y GROUP BY y)
SELECT year_end, datasets, datasets_before, growth_factor(datasets_before, datasets) AS growth,
	(SELECT count(*) FROM datasets WHERE vanished_on IS NOT NULL) AS vanished
FROM t ORDER BY year_end;
