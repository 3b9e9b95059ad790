-- items: 48
-- section: Robotics
-- title: Robotics datasets
-- status: documented in part
-- statement: Robotics datasets from 1,145 to 26,991 in a year
-- definition: Datasets with the task category robotics that existed at a year's end; those created in the year beside it. The free tag robotics is another, smaller set
-- data: datasets.created_at, tags
-- value: growth @ year_end=2025; stock @ year_end=2024; stock @ year_end=2025
-- numerator: stock
-- base: all_datasets
-- left out: vanished
-- published: 23.6; 1,145; 26,991
-- difference: the factor is built to within 3; the stocks are scaled to the size of the simulation, 1/121
/* chart
{"layer":[{"mark":"bar"},{"mark":{"type":"text","dy":-8},"encoding":{"text":{"field":"stock","type":"quantitative","format":","}}}],"encoding":{"x":{"field":"year_end","type":"ordinal","title":"end of year","axis":{"labelAngle":0}},"y":{"field":"stock","type":"quantitative","title":"robotics datasets"}}}
*/
WITH d AS (
	SELECT extract(year FROM created_at AT TIME ZONE 'UTC')::int AS year, 'task_categories:robotics' = ANY (tags) AS robotics FROM datasets WHERE vanished_on IS NULL),
y AS (
	SELECT y AS year_end, count(*) FILTER (WHERE robotics) AS stock, count(*) FILTER (WHERE robotics AND year = y) AS created, count(*) AS all_datasets
	FROM generate_series(2022, 2025) y JOIN d ON d.year <= y GROUP BY y)
SELECT year_end, stock, created, growth_factor(lag(stock) OVER (ORDER BY year_end), stock) AS growth, all_datasets, stock::float8 / all_datasets AS share_of_datasets,
	(SELECT count(*) FROM datasets WHERE vanished_on IS NOT NULL AND 'task_categories:robotics' = ANY (tags)) AS vanished
FROM y ORDER BY year_end;
