-- items: 15
-- section: Geography and actors
-- title: When China passed the United States
-- status: documented in part
-- statement: China passes the United States in monthly and in overall downloads
-- definition: First month from which one monthly series stays above the other for at least 90 days; all models, and models younger than a year
-- data: model_snapshots, org.country
-- value: crossed_at
-- published: summer of 2025
-- difference: built to pass in 2025; the month follows from the cohorts
/* chart
{"mark":"line","encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"downloads","type":"quantitative"},"color":{"field":"country","type":"nominal"},"strokeDash":{"field":"base","type":"nominal"}}}
*/
WITH s AS (
	SELECT month, base, sum(downloads) FILTER (WHERE country = 'CN') AS cn, sum(downloads) FILTER (WHERE country = 'US') AS us
	FROM period, (VALUES ('all models'), ('younger than a year')) b (base)
	WHERE base = 'all models' OR young GROUP BY month, base)
SELECT month, base, country, downloads, crossed_at
FROM s CROSS JOIN LATERAL (VALUES ('CN', cn), ('US', us)) v (country, downloads)
	JOIN (SELECT base, crossover(month::timestamptz, cn::float8, us::float8, interval '90 days') AS crossed_at FROM s GROUP BY base) c USING (base)
ORDER BY base, country, month;
