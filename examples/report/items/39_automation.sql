-- items: 39
-- section: Adoption, life time, size
-- title: Downloads per like: a sign of automation
-- status: definition proposed here
-- statement: Continuous integration and automation inflate small models
-- definition: Downloads of 30 days per like, median and 95th percentile, by class of size; no public split of automated traffic exists, so this is a proxy
-- data: models
-- value: median_per_like
-- published: none
-- difference: nothing was published to differ from
/* chart
{"mark":"bar","encoding":{"x":{"field":"class","type":"ordinal","sort":null},"y":{"field":"median_per_like","type":"quantitative"}}}
*/
SELECT size_class(params) AS class, count(*) AS models, median(distribution_agg(downloads::float8 / likes)) AS median_per_like,
	percentile(distribution_agg(downloads::float8 / likes), 0.95) AS p95_per_like, (SELECT count(*) FROM facts WHERE likes = 0) AS without_likes
FROM facts WHERE likes > 0 AND downloads > 0 AND params IS NOT NULL GROUP BY 1 ORDER BY min(params);
