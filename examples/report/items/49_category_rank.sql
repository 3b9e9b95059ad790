-- items: 49, 50
-- section: Robotics
-- title: Rank of task categories among datasets
-- status: documented in part
-- statement: Robotics from rank 44 to 1 in three years; text generation second with about 5,000
-- definition: Datasets created in the year by task category, ranked; a dataset with several categories counts in each
-- data: datasets.tags
-- value: rank @ category=robotics
-- published: robotics first in 2025, text generation second
-- difference: built to the order
/* chart
{"mark":{"type":"line","point":true},"encoding":{"x":{"field":"year","type":"ordinal"},"y":{"field":"rank","type":"quantitative","scale":{"reverse":true}},"color":{"field":"category","type":"nominal"}}}
*/
SELECT year, category, count(*) AS datasets, rank() OVER (PARTITION BY year ORDER BY count(*) DESC) AS rank
FROM (SELECT extract(year FROM created_at AT TIME ZONE 'UTC')::int AS year, unnest(tag_values(tags, 'task_categories')) AS category FROM datasets) d
WHERE year BETWEEN 2022 AND 2025 GROUP BY year, category ORDER BY year, rank, category;
