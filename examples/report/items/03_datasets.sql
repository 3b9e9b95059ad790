-- items: 3
-- section: Growth and concentration
-- title: Datasets listed at each year's end
-- status: documented
-- statement: More than 500,000 public datasets, close to double
-- definition: Datasets with created_at up to the date, still listed
-- data: datasets.created_at
-- value: growth @ year_end=2025
-- published: close to 2
-- difference: datasets are simulated to their totals, by year only
/* chart
{"mark":"bar","encoding":{"x":{"field":"year_end","type":"ordinal","title":"end of"},"y":{"field":"datasets","type":"quantitative"}}}
*/
SELECT y AS year_end, count(*) FILTER (WHERE year <= y) AS datasets,
	growth_factor(count(*) FILTER (WHERE year < y), count(*) FILTER (WHERE year <= y)) AS growth
FROM (SELECT extract(year FROM created_at AT TIME ZONE 'UTC')::int AS year FROM datasets) d, generate_series(2022, 2025) y
GROUP BY y ORDER BY y;
