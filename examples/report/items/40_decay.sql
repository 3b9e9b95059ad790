-- items: 40
-- section: Adoption, life time, size
-- title: Engagement after release
-- status: documented in part
-- statement: Engagement peaks at once, then decays
-- definition: Discussions by week since the model's release, week 0 starting at it, pooled over models; the empirical half-life and the truncated-exponential fit from the peak. Discussions dated before the release, or of models no longer listed, are left out
-- data: discussions, models.created_at
-- value: weeks_to_peak; halflife_days; fitted_days
-- numerator: events
-- base: all_events
-- left out: without_release
-- published: peak in the first one to two weeks
-- difference: built to it
/* chart
{"layer":[{"mark":{"type":"bar","width":{"band":0.8}},"encoding":{"y":{"field":"events","type":"quantitative","title":"discussions"}}},{"mark":{"type":"line","interpolate":"monotone","strokeWidth":2.5},"encoding":{"y":{"field":"fitted","type":"quantitative"},"color":{"datum":"fitted decay","type":"nominal","title":null,"scale":{"range":["#d9730d"]}}}}],"encoding":{"x":{"field":"week","type":"ordinal","title":"weeks since release","axis":{"labelAngle":0,"labelOverlap":true}}}}
*/
WITH e AS (
	SELECT d.created_at AS at, f.released AS origin, floor(extract(epoch FROM d.created_at - f.released) / 604800)::int AS week
	FROM discussions d JOIN facts f ON f.id = d.repo_id WHERE d.repo_type = 'model' AND d.created_at >= f.released),
s AS (
	SELECT extract(epoch FROM halflife(s)) / 86400 AS halflife_days, extract(epoch FROM (halflife_fit(s)).halflife) / 86400 AS fitted_days,
		extract(epoch FROM time_to_peak(s)) / 604800 AS weeks_to_peak, extract(epoch FROM time_to_fraction(s, 0.5)) / 86400 AS days_to_half,
		extract(epoch FROM time_to_fraction(s, 0.9)) / 86400 AS days_to_90_percent, (halflife_fit(s)).rate * 7 AS rate
	FROM (SELECT engagement_agg(at, 1::float8, origin) AS s FROM e) q),
c AS (SELECT week, count(*) AS events FROM e GROUP BY week)
SELECT w AS week, coalesce(c.events, 0) AS events, (SELECT count(*) FROM e) AS all_events,
	-- the fit keeps the sum of events from the peak on
	CASE WHEN w >= s.weeks_to_peak THEN (SELECT sum(events) FROM c WHERE week >= s.weeks_to_peak) * (1 - exp(-s.rate)) * exp(-s.rate * (w - s.weeks_to_peak)) END::float8 AS fitted,
	s.weeks_to_peak, s.halflife_days, s.fitted_days, s.days_to_half, s.days_to_90_percent,
	(SELECT count(*) FROM discussions WHERE repo_type = 'model') - (SELECT count(*) FROM e) AS without_release
FROM s, generate_series(0, 26) w LEFT JOIN c ON c.week = w WHERE EXISTS (SELECT FROM e) ORDER BY w;
