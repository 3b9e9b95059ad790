-- items: 2
-- section: Growth and concentration
-- title: Models listed at each year's end
-- status: documented
-- statement: More than two million public models, close to double
-- definition: Models with created_at up to the date, public and still listed; deleted ones cannot be seen
-- data: models.created_at
-- value: growth @ year_end=2025
-- published: 2.10 (end of 2025 over end of 2024)
-- difference: built to these totals
/* chart
{"mark":"bar","encoding":{"x":{"field":"year_end","type":"ordinal","title":"end of"},"y":{"field":"models","type":"quantitative"}}}
*/
SELECT y AS year_end, count(*) FILTER (WHERE year <= y) AS models,
	growth_factor(count(*) FILTER (WHERE year < y), count(*) FILTER (WHERE year <= y)) AS growth
FROM facts, generate_series(2022, 2025) y GROUP BY y ORDER BY y;
