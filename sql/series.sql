-- series: doubling_time, time_to_milestone, crossover, kendall_tau_b
SET intervalstyle = 'postgres'; SET timezone = 'UTC'; SET datestyle = 'ISO, YMD';

-- doubling time: ln 2 * dt / ln(y1 / y0); models of the Hub end 2024 and end 2025
SELECT round(extract(epoch FROM doubling_time(ts, v)) / 86400, 1) AS days
FROM (VALUES (timestamptz '2024-12-31', 1.080e6), ('2025-12-31', 2.265e6)) q(ts, v);
SELECT doubling_time(timestamptz '2026-01-01' + d * interval '1 day', 5 * 2 ^ (d / 10.0)) FROM generate_series(0, 50) d;
SELECT doubling_time(ts, v) AS zeros_left_out FROM (VALUES (timestamptz '2026-01-01', 0), ('2026-01-02', 1), ('2026-01-04', 4)) q(ts, v);
SELECT doubling_time(timestamptz '2026-01-01' + d * interval '1 day', 1e9 / 3) AS flat, doubling_time(timestamptz '2026-01-01' + d * interval '1 day', 1000 - d) AS falling FROM generate_series(0, 50) d;
SELECT doubling_time(timestamptz '2026-01-01', 5) AS point, doubling_time(timestamptz '2026-01-01', 0) AS zero;

-- milestone: interpolated, never extrapolated
SELECT x, (SELECT time_to_milestone(ts, v, x) FROM (VALUES (timestamptz '2026-01-03', 300), ('2026-01-01', 100), ('2026-01-02', 200), ('2026-01-02', 150)) q(ts, v))
FROM unnest(ARRAY[50, 100, 150, 200, 225, 300, 301, NULL]) x;
SELECT time_to_milestone(ts, v, v) FROM (VALUES (timestamptz '2026-01-03', 300), ('2026-01-01', 100)) q(ts, v);

-- crossover: lasting, not first touch
CREATE TABLE ab AS SELECT timestamptz '2026-01-01' + (i - 1) * interval '1 day' AS ts, a, 10::float8 AS b
	FROM unnest(ARRAY[5, 11, 9, 12, 13, 14, 8, 15]::float8[]) WITH ORDINALITY AS u(a, i);
SELECT h, (SELECT crossover(ts, a, b, h) FROM ab), (SELECT crossover(ts, a, b, h ORDER BY a) FROM ab) AS shuffled
FROM unnest(ARRAY['0', '1 day', '2 days', '3 days', NULL]::interval[]) h;
SELECT crossover(ts, b, a, '0') AS from_start, crossover(ts, b, b, '0') AS never FROM ab;

-- Kendall's tau-b: with ties, against all pairs
CREATE TABLE xy AS SELECT (i * 7 % 11)::float8 AS x, (i * i % 13)::float8 AS y FROM generate_series(1, 60) i;
SELECT round(kendall_tau_b(x, y)::numeric, 12) = round((
	SELECT sum(sign(p.x - q.x) * sign(p.y - q.y)) / sqrt(sum(abs(sign(p.x - q.x))) * sum(abs(sign(p.y - q.y)))) FROM xy p, xy q)::numeric, 12) AS same FROM xy;
SELECT kendall_tau_b(i, i) AS equal, kendall_tau_b(i, -i) AS reversed, kendall_tau_b(i, 1) AS no_order, kendall_tau_b(1, 1) AS no_order FROM generate_series(1, 1000) i;
SELECT kendall_tau_b(x, y) AS one_row FROM xy WHERE x = 7 AND y = 1 LIMIT 1;
SELECT kendall_tau_b(i, CASE WHEN i = 3 THEN 'Infinity'::float8 ELSE i END) FROM generate_series(1, 3) i;

-- no rows and NULL rows
SELECT doubling_time(ts, v), time_to_milestone(ts, v, 1), crossover(ts, v, 1, '0'), kendall_tau_b(v, v) FROM (VALUES (NULL::timestamptz, 1), ('2026-01-01', NULL)) q(ts, v) WHERE v IS NULL;

-- parallel, moving windows
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
CREATE TABLE pairs AS SELECT (i * 7919 % 10007)::float8 AS x, sin(i) AS y, timestamptz '2026-01-01' + (i * 7919 % 10007) * interval '1 minute' AS ts FROM generate_series(1, 20000) i;
EXPLAIN (COSTS OFF) SELECT kendall_tau_b(x, y) FROM pairs;
CREATE TABLE by_parallel AS SELECT kendall_tau_b(x, y) AS tau, doubling_time(ts, x + 1) AS d, time_to_milestone(ts, x, 5000.5) AS m, crossover(ts, x, 777.3, '1 hour') AS c FROM pairs;
SET max_parallel_workers_per_gather = 0;
SELECT kendall_tau_b(x, y) = tau, doubling_time(ts, x + 1) = d, time_to_milestone(ts, x, 5000.5) = m, crossover(ts, x, 777.3, '1 hour') = c
FROM pairs, by_parallel GROUP BY tau, d, m, c;
SELECT bool_and(moved IS NOT DISTINCT FROM fresh), count(moved) FROM (
	SELECT kendall_tau_b(x, y) OVER (ORDER BY n ROWS BETWEEN 9 PRECEDING AND 2 PRECEDING) AS moved,
		(SELECT kendall_tau_b(w.x, w.y) FROM (SELECT *, row_number() OVER () AS n FROM pairs LIMIT 60) w WHERE w.n BETWEEN q.n - 9 AND q.n - 2) AS fresh
	FROM (SELECT *, row_number() OVER () AS n FROM pairs LIMIT 60) q) r;
SELECT bool_and(moved IS NOT DISTINCT FROM fresh), count(moved) FROM (
	SELECT time_to_milestone(ts, a, 10) OVER (ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moved,
		(SELECT time_to_milestone(w.ts, w.a, 10) FROM ab w WHERE w.ts BETWEEN q.ts - interval '2 days' AND q.ts) AS fresh
	FROM ab q) r;

-- errors
SELECT doubling_time(timestamptz '2026-01-01', -1);
SELECT doubling_time(timestamptz '2026-01-01', 'NaN');
SELECT doubling_time(timestamptz 'infinity', 1);
SELECT time_to_milestone(timestamptz '2026-01-01', 1, 'Infinity');
SELECT crossover(ts, a, b, '-1 day') FROM ab;
SELECT crossover(ts, a, b, '1 month') FROM ab;
SELECT crossover(ts, a, b, CASE WHEN a > 10 THEN interval '1 day' ELSE '2 days' END) FROM ab;
SELECT kendall_tau_b(1, 'NaN');
SELECT 'series:UgEBAAAAAAAAAAAB'::series_summary;
DROP TABLE ab, xy, pairs, by_parallel;
