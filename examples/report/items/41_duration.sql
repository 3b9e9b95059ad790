-- items: 41
-- section: Adoption, life time, size
-- title: How long engagement lasts
-- status: documented in part
-- statement: Mean engagement lasts about six weeks
-- definition: First active spell of discussions, ended by a gap over 28 days, of models with two events or more; Kaplan-Meier over models, those still active at the end of the data being censored
-- data: discussions, models
-- value: plain_mean_days
-- published: about 42 days (plain mean)
-- difference: built to it within 14 days
/* chart
{"mark":{"type":"line","interpolate":"step-after"},"encoding":{"x":{"field":"days","type":"quantitative"},"y":{"field":"survival","type":"quantitative","scale":{"domain":[0,1]}}}}
*/
WITH d AS (
	SELECT repo_id, count(*) AS events, engagement_duration(engagement_agg(created_at), interval '28 days', (SELECT max(created_at) FROM discussions)) AS e
	FROM discussions WHERE repo_type = 'model' GROUP BY repo_id),
k AS (SELECT survival_agg((e).duration, NOT (e).censored) AS s, avg(extract(epoch FROM (e).duration) / 86400) AS plain_mean, count(*) AS models,
	count(*) FILTER (WHERE (e).censored) AS censored FROM d WHERE events >= 2)
SELECT c.at AS days, c.at_risk, c.events, c.survival, c.std_error, k.plain_mean AS plain_mean_days, median_survival(k.s) AS median_days,
	restricted_mean(k.s, 180) AS mean_within_180_days, k.models, k.censored, (SELECT count(*) FROM d WHERE events < 2) AS left_out
FROM k, survival_curve(k.s) c ORDER BY c.at;
