-- items: 15
-- section: Geography and actors
-- title: When China passed the United States
-- status: documented in part
-- statement: China passes the United States in monthly and in overall downloads
-- definition: First month from which one series stays above the other for at least 90 days: downloads of the month, of all models and of models younger than a year, and the running total of the latter
-- data: model_snapshots, org.country
-- value: crossed_at @ base=younger than a year; crossed_at @ base=all models; crossed_at @ base=running total, younger than a year
-- numerator: downloads
-- base: of_both
-- left out: elsewhere
-- published: summer of 2025
-- difference: shares of young models are built to cross in mid-2025; of all models old ones weigh most, so that China is not yet ahead (none)
/* chart
{"mark":"line","encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"share","type":"quantitative","axis":{"format":"%"},"title":null},"color":{"field":"country","type":"nominal","title":null},"row":{"field":"base","type":"nominal","title":null,"sort":["all models","younger than a year"]}},"height":100,"title":"share of CN and US downloads"}
*/
WITH s AS (
	SELECT month, base, coalesce(sum(downloads) FILTER (WHERE country = 'CN'), 0) AS cn, coalesce(sum(downloads) FILTER (WHERE country = 'US'), 0) AS us,
		coalesce(sum(downloads) FILTER (WHERE country NOT IN ('CN', 'US')), 0) AS elsewhere
	FROM period, (VALUES ('all models'), ('younger than a year')) b (base)
	WHERE base = 'all models' OR young GROUP BY month, base),
t AS (
	SELECT * FROM s
	UNION ALL
	SELECT month, 'running total, younger than a year', sum(cn) OVER w, sum(us) OVER w, sum(elsewhere) OVER w FROM s WHERE base = 'younger than a year' WINDOW w AS (ORDER BY month))
SELECT month, base, country, downloads, cn + us AS of_both, (downloads / nullif(cn + us, 0))::float8 AS share, elsewhere, crossed_at::date AS crossed_at
FROM t CROSS JOIN LATERAL (VALUES ('CN', cn), ('US', us)) v (country, downloads)
	JOIN (SELECT base, crossover(month::timestamp AT TIME ZONE 'UTC', cn::float8, us::float8, interval '90 days') AT TIME ZONE 'UTC' AS crossed_at FROM t GROUP BY base) c USING (base)
ORDER BY base, country, month;
