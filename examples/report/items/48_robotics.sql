-- items: 48
-- section: Robotics
-- title: Robotics datasets
-- status: documented in part
-- statement: Robotics datasets from 1,145 to 26,991 in a year
-- definition: Datasets with the task category robotics that existed at a year's end; those created in the year beside it
-- data: datasets.created_at, tags
-- value: growth @ year_end=2025
-- published: 23.6 (26,991 over 1,145)
-- difference: built to it within 3
/* chart
{"mark":"bar","encoding":{"x":{"field":"year_end","type":"ordinal"},"y":{"field":"stock","type":"quantitative"}}}
*/
SELECT y AS year_end, count(*) FILTER (WHERE year <= y) AS stock, count(*) FILTER (WHERE year = y) AS created,
	growth_factor(count(*) FILTER (WHERE year < y), count(*) FILTER (WHERE year <= y)) AS growth,
	count(*) FILTER (WHERE year <= y)::float8 / (SELECT count(*) FROM datasets WHERE extract(year FROM created_at AT TIME ZONE 'UTC') <= y) AS share_of_datasets
FROM (SELECT extract(year FROM created_at AT TIME ZONE 'UTC')::int AS year FROM datasets WHERE 'task_categories:robotics' = ANY (tags)) d, generate_series(2022, 2025) y
GROUP BY y ORDER BY y;
