-- engagement: state, readers, errors
SET intervalstyle = 'postgres'; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD';

-- no rows, NULL rows
SELECT engagement_agg(at) IS NULL AS none FROM (SELECT NULL::timestamptz AS at) q;
SELECT engagement_agg(at, 1) IS NULL AS none FROM (SELECT timestamptz '2026-01-01' AS at WHERE false) q;
SELECT engagement_agg(at, v) IS NULL AS none FROM (VALUES (timestamptz '2026-01-01', NULL::float8)) q(at, v);

-- weekly amounts 10 40 30 10 20 5 5: peak in the second week
CREATE TABLE weekly AS
	SELECT timestamptz '2026-01-05' + (i - 1) * interval '7 days' AS at, v
	FROM unnest(ARRAY[10, 40, 30, 10, 20, 5, 5]::float8[]) WITH ORDINALITY AS u(v, i);
CREATE TABLE kept AS SELECT engagement_agg(at, v) AS e FROM weekly;
SELECT peak_at(e), peak_value(e), time_to_peak(e), halflife(e) FROM kept;
SELECT f, time_to_fraction(e, f) FROM kept, unnest(ARRAY[0, 0.05, 0.1, 0.5, 0.9, 1]) f;
SELECT halflife, round(rate::numeric, 10) AS rate, round(std_error::numeric, 10) AS std_error, bins
FROM kept, halflife_fit(e);
SELECT * FROM kept, engagement_duration(e);
SELECT engagement_halflife(at, v) FROM weekly;
SELECT engagement_halflife(at) FROM weekly;

-- bounds: origin before, until after and within
SELECT time_to_peak(e, origin => '2026-01-01'), halflife(e, until => '2026-02-01'),
	halflife(e, '14 days'), peak_value(e, '14 days'), peak_at(e, '1 day', '2026-01-10')
FROM kept;
SELECT peak_at(e, origin => '2027-01-01') AS after, peak_at(e, until => '2025-01-01') AS before FROM kept;
-- a bin that would begin just at until holds no time
SELECT (halflife_fit(e, until => '2026-02-23')).bins, (halflife_fit(e, until => '2026-02-23 00:00:01')).bins FROM kept;

-- order and repetition do not matter; repeated instants add up
SELECT bool_and(s = e) FROM kept, LATERAL (
	SELECT engagement_agg(at, v ORDER BY at DESC) AS s FROM weekly UNION ALL
	SELECT engagement_agg(at, v ORDER BY v) FROM weekly UNION ALL
	SELECT engagement_agg(at, v / 2) FROM (SELECT * FROM weekly UNION ALL SELECT * FROM weekly) q) q;

-- exact sums: 1e16 + 1 + 1 loses nothing in any order, nor 0.1 ten times
SELECT count(DISTINCT s), min(peak_value(s)::text) FROM (
	SELECT engagement_agg(timestamptz '2026-01-01', v ORDER BY v) AS s FROM unnest(ARRAY[1e16, 1, 1]::float8[]) v UNION ALL
	SELECT engagement_agg(timestamptz '2026-01-01', v ORDER BY v DESC) FROM unnest(ARRAY[1e16, 1, 1]::float8[]) v) q;
SELECT peak_value(engagement_agg(timestamptz '2026-01-01', 0.1)) FROM generate_series(1, 10);

-- a single point, all zero, no decay, everything at once
SELECT peak_value(s), time_to_peak(s), halflife(s), halflife_fit(s), engagement_duration(s)
FROM (SELECT engagement_agg(timestamptz '2026-01-01', 5) AS s) q;
SELECT peak_value(s), peak_at(s), halflife(s), halflife_fit(s), time_to_fraction(s, .5), engagement_duration(s)
FROM (SELECT engagement_agg(at, 0) AS s FROM weekly) q;
SELECT halflife(s), halflife_fit(s) FROM (SELECT engagement_agg(at, 7) AS s FROM weekly) q;
SELECT halflife(s), halflife_fit(s) FROM (SELECT engagement_agg(at, row_number * row_number) AS s
	FROM (SELECT at, row_number() OVER (ORDER BY at) FROM weekly) q) q;
SELECT halflife(s), halflife_fit(s) FROM (SELECT engagement_agg(at, CASE WHEN v = 40 THEN 1 ELSE 0 END) AS s FROM weekly) q;

-- duration: a gap ends the spell; who is still active at the end is censored
SELECT g, d.* FROM (SELECT engagement_agg(timestamptz '2026-01-01' + x * interval '1 day') AS s
	FROM unnest(ARRAY[0, 3, 10, 50, 52]) x) q, unnest(ARRAY['6 days', '28 days', '40 days']::interval[]) g,
	engagement_duration(s, g) d;
SELECT (engagement_duration(s, '28 days', '2026-01-20')).* FROM (
	SELECT engagement_agg(timestamptz '2026-01-01' + x * interval '1 day') AS s FROM unnest(ARRAY[0, 3, 10, 50, 52]) x) q;
SELECT (engagement_duration(s, '28 days', '2027-01-01')).* FROM (
	SELECT engagement_agg(timestamptz '2026-01-01' + x * interval '1 day') AS s FROM unnest(ARRAY[0, 3, 10]) x) q;

-- pooled: ages since each item's own origin
CREATE TABLE pooled AS
	SELECT engagement_agg(at, v, origin) AS e FROM (
		SELECT at, v, timestamptz '2026-01-05' AS origin FROM weekly UNION ALL
		SELECT at + interval '100 days', v, timestamptz '2026-01-05' + interval '100 days' FROM weekly UNION ALL
		SELECT timestamptz '2025-01-01', 1000, timestamptz '2026-01-01' UNION ALL
		SELECT timestamptz '2026-01-01', 1000, NULL) q;
SELECT peak_at(e), peak_value(e), time_to_peak(e), halflife(e), time_to_fraction(e, 0.5), engagement_duration(e) FROM pooled;
SELECT halflife(e, origin => '2026-01-01') FROM pooled;
SELECT halflife(e, until => '2026-01-01') FROM pooled;
SELECT engagement_duration(e, until => '2026-01-01') FROM pooled;
SELECT rollup(e) FROM (SELECT e FROM pooled UNION ALL SELECT e FROM kept) q;
SELECT p.e + k.e FROM pooled p, kept k;

-- more than 65,536 instants: the grid; a bin narrower than it is an error
CREATE TABLE many AS SELECT timestamptz '2026-01-01' + i * interval '100 milliseconds' AS at FROM generate_series(0, 100000) i;
SELECT peak_value(s, '1 second'), time_to_fraction(s, .5, '1 hour') FROM (SELECT engagement_agg(at) AS s FROM many) q;
SELECT peak_value(s, '0.5 seconds') FROM (SELECT engagement_agg(at) AS s FROM many) q;
SELECT engagement_duration(s, '0.5 seconds') FROM (SELECT engagement_agg(at) AS s FROM many) q;
SELECT engagement_agg(timestamptz '1800-01-01' + i * interval '1 day') FROM generate_series(0, 65536) i;

-- parallel, serial and rollup are the same bytes
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT engagement_agg(at) FROM many;
CREATE TABLE by_parallel AS SELECT engagement_agg(at) AS e FROM many;
SET max_parallel_workers_per_gather = 0;
SELECT (SELECT engagement_agg(at) FROM many) = e,
	(SELECT rollup(s) FROM (SELECT engagement_agg(at) AS s FROM many GROUP BY extract(second FROM at)) q) = e,
	(SELECT (SELECT engagement_agg(at) FROM many WHERE extract(minute FROM at) < 20) + (SELECT engagement_agg(at) FROM many WHERE extract(minute FROM at) >= 20)) = e
FROM by_parallel;

-- moving windows
SELECT bool_and(moved = fresh) FROM (
	SELECT engagement_agg(at, v) OVER (ORDER BY at ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moved,
		(SELECT engagement_agg(w.at, w.v) FROM weekly w WHERE w.at BETWEEN q.at - interval '14 days' AND q.at) AS fresh FROM weekly q) r;
SELECT at::date, engagement_halflife(at, v) OVER (ORDER BY at ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) FROM weekly ORDER BY at;
SELECT count(s) FROM (SELECT engagement_agg(at, v) OVER (ORDER BY at ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) AS s FROM weekly) q;

-- text and comparison
SELECT e = e::text::engagement_summary, e::text FROM kept;
SELECT count(DISTINCT e) FROM (SELECT e FROM kept UNION ALL SELECT e FROM kept) q;

-- errors
SELECT engagement_agg(timestamptz '2026-01-01', -1);
SELECT engagement_agg(timestamptz '2026-01-01', 'NaN');
SELECT engagement_agg(timestamptz '2026-01-01', 'Infinity');
SELECT engagement_agg(timestamptz 'infinity');
SELECT engagement_agg(timestamptz '2026-01-01', 1, timestamptz '-infinity');
SELECT engagement_agg(timestamptz '2026-01-01', 1e308) FROM generate_series(1, 2);
SELECT halflife(e, '0') FROM kept;
SELECT halflife(e, '-1 day') FROM kept;
SELECT halflife(e, '1 month') FROM kept;
SELECT engagement_duration(e, '1 year') FROM kept;
SELECT time_to_fraction(e, 1.1) FROM kept;
SELECT time_to_fraction(e, 'NaN') FROM kept;
SELECT peak_at(e, origin => 'infinity') FROM kept;
SELECT halflife(NULL), halflife(e, NULL) FROM kept;
SELECT 'engagement:'::engagement_summary;
SELECT 'engagement:RQIAAAA='::engagement_summary;
SELECT 'engagement:RQEAAAE='::engagement_summary;
SELECT 'distribution:RQEAAAA='::engagement_summary;
SELECT engagement_combine(e, e) FROM kept;
DROP TABLE weekly, kept, pooled, many, by_parallel;
