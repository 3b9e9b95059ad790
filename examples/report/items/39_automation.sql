-- items: 39
-- section: Adoption, life time, size
-- title: Downloads per like: a sign of automation
-- status: definition proposed here
-- statement: Continuous integration and automation inflate small models
-- definition: Downloads of 30 days per like, median and 95th percentile, by class of size; no public split of automated traffic exists, so this is a proxy
-- data: models
-- value: median_per_like @ class=<1B; median_per_like @ class=5-10B
-- numerator: downloads
-- base: likes
-- left out: without_likes
-- published: none
-- difference: nothing was published to differ from; likes of the simulation follow downloads
/* chart
{"transform":[{"fold":["median_per_like","p95_per_like"],"as":["measure","per_like"]},{"calculate":"datum.measure == 'median_per_like' ? 'median' : '95th percentile'","as":"measure"}],"mark":{"type":"point","size":70},"encoding":{"y":{"field":"class","type":"ordinal","sort":null,"title":"parameters"},"x":{"field":"per_like","type":"quantitative","scale":{"type":"log"},"title":"downloads of 30 days per like (logarithmic)"},"color":{"field":"measure","type":"nominal","title":null}}}
*/
SELECT size_class(params) AS class, count(*) AS models, sum(downloads) AS downloads, sum(likes) AS likes,
	median(distribution_agg(downloads::float8 / likes)) AS median_per_like, percentile(distribution_agg(downloads::float8 / likes), 0.95) AS p95_per_like,
	(SELECT count(*) FROM facts WHERE downloads > 0 AND coalesce(likes, 0) = 0) AS without_likes
FROM facts WHERE likes > 0 AND downloads > 0 AND params IS NOT NULL GROUP BY 1 ORDER BY min(params);
