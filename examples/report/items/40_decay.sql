-- items: 40
-- section: Adoption, life time, size
-- title: Engagement after release
-- status: documented in part
-- statement: Engagement peaks at once, then decays
-- definition: Discussions by week since the model's release, pooled; the empirical half-life and the truncated-exponential fit from the peak
-- data: discussions, models.created_at
-- value: halflife_days
-- published: peak in the first one to two weeks
-- difference: built to it
/* chart
{"mark":{"type":"bar"},"encoding":{"x":{"field":"week","type":"quantitative","title":"weeks since release"},"y":{"field":"events","type":"quantitative"}}}
*/
WITH e AS (
	SELECT d.created_at AS at, f.created_at AS origin, floor(extract(epoch FROM d.created_at - f.created_at) / 604800)::int AS week
	FROM discussions d JOIN facts f ON f.id = d.repo_id WHERE d.repo_type = 'model' AND d.created_at >= f.created_at),
s AS (SELECT engagement_agg(at, 1::float8, origin) AS s FROM e)
SELECT week, count(*) AS events, (SELECT extract(epoch FROM halflife(s)) / 86400 FROM s) AS halflife_days,
	(SELECT extract(epoch FROM (halflife_fit(s)).halflife) / 86400 FROM s) AS fitted_days, (SELECT extract(epoch FROM time_to_peak(s)) / 86400 FROM s) AS days_to_peak,
	(SELECT extract(epoch FROM time_to_fraction(s, 0.9)) / 86400 FROM s) AS days_to_90_percent
FROM e WHERE week < 40 GROUP BY week ORDER BY week;
