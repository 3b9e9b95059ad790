-- counter: values between readings, growth, increments, resets
SET intervalstyle = 'postgres'; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD';

-- daily readings, the fifth a recount (300 -> 250), the seventh day missing
CREATE TABLE reading (day int, total bigint);
INSERT INTO reading VALUES (0, 100), (1, 150), (2, 210), (3, 300), (4, 250), (5, 280), (7, 340), (8, 350);
CREATE TABLE kept AS SELECT counter_agg(timestamptz '2026-01-01' + day * interval '1 day', total) AS c FROM reading;
SELECT t, counter_at(c, t) FROM kept, unnest(ARRAY['2025-12-31', '2026-01-01', '2026-01-01 12:00', '2026-01-04 18:00', '2026-01-09', '2026-01-09 00:00:01']::timestamptz[]) t;
SELECT counter_delta(c), counter_delta(c, on_drop => 'restart'), counter_resets(c) FROM kept;
SELECT counter_delta(c, '2026-01-02', '2026-01-04'), counter_delta(c, '2026-01-02 12:00', '2026-01-03 06:00'),
	counter_delta(c, '2026-01-04 06:00', '2026-01-04 12:00') AS within_drop,
	counter_delta(c, '2026-01-04 06:00', '2026-01-04 12:00', 'restart') AS within_restart,
	counter_delta(c, '2026-01-03', '2026-01-03') AS instant FROM kept;
-- never extrapolated
SELECT counter_delta(c, '2025-12-31'), counter_delta(c, until => '2026-02-01') FROM kept;
SELECT i.* FROM kept, LATERAL counter_increments(c, '1 day') i;
SELECT i.* FROM kept, LATERAL counter_increments(c, '7 days') i;
SELECT i.* FROM kept, LATERAL counter_increments(c, '12 hours') i LIMIT 3;
-- readings some minutes late are no gap
SELECT i.* FROM (SELECT counter_agg(timestamptz '2026-01-01' + d * interval '1 day 5 minutes', d * 1445) AS c FROM generate_series(0, 4) d) q, counter_increments(c, '1 day') i;

-- order, repetition: the larger value of equal instants
SELECT counter_agg(at, v ORDER BY v) = counter_agg(at, v ORDER BY v DESC), counter_at(counter_agg(at, v), '2026-01-01')
FROM (VALUES (timestamptz '2026-01-01', 5), ('2026-01-02', 9), ('2026-01-01', 7), ('2026-01-01', 6)) q(at, v);
SELECT c = (SELECT counter_agg(timestamptz '2026-01-01' + day * interval '1 day', total::numeric) FROM reading),
	c = (SELECT counter_agg(timestamptz '2026-01-01' + day * interval '1 day', total::float8) FROM reading) FROM kept;

-- one reading; none; NULLs
SELECT counter_delta(c), counter_resets(c), counter_at(c, '2026-01-01'), (SELECT count(*) FROM counter_increments(c, '1 day'))
FROM (SELECT counter_agg(timestamptz '2026-01-01', 7) AS c) q;
SELECT counter_agg(at, v) IS NULL AS none FROM (VALUES (NULL::timestamptz, 1), ('2026-01-01', NULL)) q(at, v);
SELECT counter_at(NULL, now()), counter_delta(NULL), counter_resets(NULL), (SELECT count(*) FROM counter_increments(NULL, '1 day'));

-- large values stay exact
SELECT counter_delta(counter_agg(timestamptz '2026-01-01' + d * interval '1 day', 9007199254740993 + d)) FROM generate_series(0, 1) d;
SELECT counter_agg(timestamptz '2026-01-01', 9223372036854775807) IS NOT NULL AS fits;

-- parallel, serial, rollup, + and windows
CREATE TABLE readings AS SELECT timestamptz '2026-01-01' + (i * 7919 % 10007) * interval '1 minute' AS at, (i * 7919 % 10007) * 3 + i % 5 AS v FROM generate_series(1, 20000) i;
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
CREATE TABLE by_parallel AS SELECT counter_agg(at, v) AS c FROM readings;
SET max_parallel_workers_per_gather = 0;
SELECT (SELECT counter_agg(at, v) FROM readings) = c,
	(SELECT rollup(p) FROM (SELECT counter_agg(at, v) AS p FROM readings GROUP BY v % 7) q) = c,
	(SELECT counter_agg(at, v) FROM readings WHERE v % 2 = 0) + (SELECT counter_agg(at, v) FROM readings WHERE v % 2 = 1) = c,
	c = c::text::counter_summary
FROM by_parallel;
SELECT bool_and(moved = fresh) FROM (
	SELECT counter_agg(at, v) OVER (ORDER BY n ROWS BETWEEN 9 PRECEDING AND 2 PRECEDING) AS moved,
		(SELECT counter_agg(w.at, w.v) FROM (SELECT *, row_number() OVER () AS n FROM readings LIMIT 60) w WHERE w.n BETWEEN q.n - 9 AND q.n - 2) AS fresh
	FROM (SELECT *, row_number() OVER () AS n FROM readings LIMIT 60) q) r;

-- errors
SELECT counter_agg(timestamptz '2026-01-01', -1);
SELECT counter_agg(timestamptz '2026-01-01', 1.5);
SELECT counter_agg(timestamptz '2026-01-01', 1.5::numeric);
SELECT counter_agg(timestamptz '2026-01-01', 'NaN'::float8);
SELECT counter_agg(timestamptz '2026-01-01', 'NaN'::numeric);
SELECT counter_agg(timestamptz '2026-01-01', 1e19::numeric);
SELECT counter_agg(timestamptz '2026-01-01', 9223372036854775808::float8);
SELECT counter_agg(timestamptz '2026-01-01', (-3)::bigint);
SELECT counter_agg(timestamptz '-infinity', 1);
SELECT counter_at(c, 'infinity') FROM kept;
SELECT counter_delta(c, '2026-01-03', '2026-01-02') FROM kept;
SELECT counter_delta(c, on_drop => 'ignore') FROM kept;
SELECT counter_increments(c, '0') FROM kept;
SELECT counter_increments(c, '1 month') FROM kept;
SELECT counter_increments(counter_agg(at, 1), '1 microsecond') FROM unnest(ARRAY['2026-01-01', '2026-01-02']::timestamptz[]) at;
SELECT counter_increments(counter_agg(at, 1), '100000000 days') FROM unnest(ARRAY['1999-01-01', '1999-01-02']::timestamptz[]) at;
SELECT 'counter:QwEAAQ=='::counter_summary;
DROP TABLE reading, kept, readings, by_parallel;
