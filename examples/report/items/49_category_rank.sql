-- items: 49, 50
-- section: Robotics
-- title: Rank of task categories among datasets
-- status: documented in part
-- statement: Robotics from rank 44 to 1 in three years; text generation second with about 5,000
-- definition: Datasets created in the year by task category, ranked; a dataset with several categories counts in each. The ten best ranks of the last year are drawn
-- data: datasets.tags
-- value: rank @ category=robotics, year=2022; rank @ category=robotics, year=2025; rank @ category=text-generation, year=2025; datasets @ category=text-generation, year=2025
-- numerator: datasets
-- base: with_category
-- left out: without_category
-- published: 44 (2022); 1; 2; about 5,000
-- difference: built to the order of 2025; the simulation has twelve categories, the Hub more than fifty, and 1/121 of the datasets
/* chart
{"transform":[{"filter":"datum.last_rank <= 10"}],"layer":[{"mark":{"type":"line","point":true},"encoding":{"color":{"field":"category","type":"nominal","legend":null}}},{"transform":[{"filter":"datum.year == 2025"}],"mark":{"type":"text","align":"left","dx":8},"encoding":{"text":{"field":"category"}}}],"encoding":{"x":{"field":"year","type":"ordinal","axis":{"labelAngle":0}},"y":{"field":"place","type":"quantitative","scale":{"reverse":true,"zero":false,"nice":false,"padding":12},"axis":{"tickMinStep":1,"format":"d","grid":false},"title":"rank by new datasets"}}}
*/
WITH d AS (SELECT extract(year FROM created_at AT TIME ZONE 'UTC')::int AS year, tag_values(tags, 'task_categories') AS categories FROM datasets WHERE vanished_on IS NULL),
n AS (SELECT year, count(*) FILTER (WHERE categories <> '{}') AS with_category, count(*) FILTER (WHERE categories = '{}') AS without_category FROM d GROUP BY year),
c AS (
	SELECT year, category, count(*) AS datasets, rank() OVER (PARTITION BY year ORDER BY count(*) DESC) AS rank
	FROM d, unnest(categories) category WHERE year BETWEEN 2022 AND 2025 GROUP BY year, category)
SELECT year, category, datasets, rank, row_number() OVER (PARTITION BY year ORDER BY rank, category) AS place, max(rank) FILTER (WHERE year = 2025) OVER (PARTITION BY category) AS last_rank, with_category, without_category
FROM c JOIN n USING (year) ORDER BY year, rank, category;
