-- items: 41
-- section: Adoption, life time, size
-- title: How long engagement lasts
-- status: documented in part
-- statement: Mean engagement lasts about six weeks
-- definition: First active spell of discussions, ended by a gap over 28 days, of models with two events or more; Kaplan-Meier over models, those still active at the end of the data being censored; the band is plus and minus 1.96 standard errors
-- data: discussions, models
-- value: plain_mean_days; median_days; mean_within_180_days
-- numerator: events
-- base: at_risk
-- left out: with_one_event
-- published: about 42 days (plain mean)
-- difference: the plain mean is built to within 14 days
/* chart
{"layer":[{"mark":{"type":"area","interpolate":"step-after","opacity":0.25},"encoding":{"y":{"field":"low","type":"quantitative"},"y2":{"field":"high"}}},{"mark":{"type":"line","interpolate":"step-after"},"encoding":{"y":{"field":"survival","type":"quantitative","scale":{"domain":[0,1]},"axis":{"format":"%"},"title":"models still discussed"}}},{"transform":[{"filter":"datum.days == 0"}],"mark":{"type":"rule","strokeDash":[4,3]},"encoding":{"x":{"field":"plain_mean_days","type":"quantitative"}}},{"transform":[{"filter":"datum.days == 0"}],"mark":{"type":"text","align":"left","dx":5},"encoding":{"x":{"field":"plain_mean_days","type":"quantitative"},"y":{"datum":0.95},"text":{"value":"plain mean"}}}],"encoding":{"x":{"field":"days","type":"quantitative","title":"days since the first discussion"}}}
*/
WITH d AS (
	SELECT repo_id, count(*) AS events, engagement_duration(engagement_agg(created_at), interval '28 days', (SELECT max(created_at) FROM discussions)) AS e
	FROM discussions WHERE repo_type = 'model' GROUP BY repo_id),
k AS (SELECT survival_agg((e).duration, NOT (e).censored) AS s, avg(extract(epoch FROM (e).duration) / 86400) AS plain_mean, count(*) AS models,
	count(*) FILTER (WHERE (e).censored) AS censored FROM d WHERE events >= 2),
c AS (
	SELECT c.* FROM k, survival_curve(k.s) c
	UNION ALL SELECT 0, k.models, 0, 0, 1, 0 FROM k WHERE NOT EXISTS (SELECT FROM survival_curve(k.s) z WHERE z.at = 0))
SELECT c.at AS days, c.at_risk, c.events, c.survival, c.std_error, greatest(0, c.survival - 1.96 * c.std_error) AS low, least(1, c.survival + 1.96 * c.std_error) AS high,
	k.plain_mean AS plain_mean_days, median_survival(k.s) AS median_days, restricted_mean(k.s, 180) AS mean_within_180_days, k.models, k.censored,
	(SELECT count(*) FROM d WHERE events < 2) AS with_one_event
FROM k, c WHERE k.models > 0 ORDER BY c.at;
