-- weighted_mean, weighted_stddev, weighted_median, weighted_percentile.
SET extra_float_digits = 0;
CREATE TABLE sizes (params float8, downloads float8);
INSERT INTO sizes VALUES (7, 100), (7, 50.5), (70, 10), (0.5, 400), (NULL, 3), (3, NULL), (1000, 0), (-2, 1e-3);
SELECT weighted_mean(params, downloads) AS mean, weighted_stddev(params, downloads) AS stddev,
	weighted_median(params, downloads) AS median, weighted_percentile(params, downloads, 0.9) AS p90,
	weighted_percentile(params, downloads, 0) AS p0, weighted_percentile(params, downloads, 1) AS p100
FROM sizes;
SELECT weighted_median(v, w) AS ints, weighted_mean(v, w) FROM (VALUES (1, 1), (2, 1), (3, 2)) t(v, w);
SELECT weighted_mean(params, downloads), weighted_median(params, downloads) FROM sizes WHERE params > 500 OR params IS NULL;
SELECT weighted_percentile(params, downloads, NULL) FROM sizes;
SELECT weighted_stddev(5, 2), weighted_stddev(v, 1) FROM generate_series(1, 4) v;
-- tiny and huge weights, added exactly: the order of rows cannot show
SELECT weighted_mean(v, w ORDER BY w) = weighted_mean(v, w ORDER BY w DESC) AS same,
	weighted_mean(v, w ORDER BY v) = weighted_mean(v, w ORDER BY -v) AS same_too, weighted_mean(v, w)
FROM (SELECT i AS v, (0.1 * i) * 2 ^ (i % 200 - 100) AS w FROM generate_series(1, 1000) i) q;
-- windows: what was added is taken out without a trace
SELECT i, weighted_mean(i, w) OVER f AS mean, weighted_median(i, w) OVER f AS median, weighted_percentile(i, w, 0.9) OVER f AS p90
FROM (VALUES (1, 1e300), (2, 0.1), (3, 0.2), (4, 0), (5, NULL), (6, 7)) t(i, w) WINDOW f AS (ORDER BY i ROWS 1 PRECEDING);
SELECT pg_catalog.format_type(prorettype, NULL), count(*) FROM pg_catalog.pg_proc WHERE proname ~ '^weighted_(mean|stddev|median|percentile)$' GROUP BY 1;
\set VERBOSITY terse
SELECT weighted_mean('NaN', 1);
SELECT weighted_median('infinity', 1);
SELECT weighted_mean(1, -1);
SELECT weighted_mean(1, 'NaN');
SELECT weighted_percentile(1, 1, 1.5);
SELECT weighted_percentile(v, 1, v / 10.0) FROM generate_series(1, 2) v;
SELECT weighted_mean(1e308, 1e308);
SELECT 'weighted:VwEAAQ=='::weighted_summary;
SELECT 'weighted:VwIAAA=='::weighted_summary;
\set VERBOSITY default
SELECT 'weighted:VwEAAA=='::weighted_summary = 'weighted:VwEAAA==' AS empty;
-- parallel
CREATE TABLE many AS SELECT (i % 977) * 0.37 AS v, (i % 31) * 0.1 AS w FROM generate_series(1, 30000) i;
ANALYZE many;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT weighted_percentile(v, w, 0.3) FROM many;
CREATE TABLE parallel AS SELECT weighted_mean(v, w) AS mean, weighted_stddev(v, w) AS stddev, weighted_percentile(v, w, 0.3) AS p FROM many;
SET max_parallel_workers_per_gather = 0;
SELECT p.mean = s.mean AS mean, p.stddev = s.stddev AS stddev, p.p = s.p AS percentile
FROM parallel p, (SELECT weighted_mean(v, w) AS mean, weighted_stddev(v, w) AS stddev, weighted_percentile(v, w, 0.3) AS p FROM many) s;
-- a partial state that travels as text keeps its argument
CREATE AGGREGATE partial_percentile(double precision, double precision, double precision) (
	SFUNC = weighted_summary_add, STYPE = weighted_summary);
CREATE AGGREGATE finish_percentile(weighted_summary) (
	SFUNC = weighted_summary_combine, STYPE = weighted_summary, FINALFUNC = weighted_percentile_final);
SELECT finish_percentile(s::text::weighted_summary) = weighted_percentile(7, 1, 0.5) AS weighted
FROM (SELECT partial_percentile(7, 1, 0.5) AS s FROM generate_series(1, 3) g GROUP BY g) q;
CREATE AGGREGATE partial_share(bigint, double precision) (SFUNC = distribution_add_fraction, STYPE = distribution_summary);
CREATE AGGREGATE finish_share(distribution_summary) (
	SFUNC = distribution_combine, STYPE = distribution_summary, FINALFUNC = distribution_pareto_share_final);
SELECT finish_share(s::text::distribution_summary) = (SELECT pareto_share(v, 0.25) FROM generate_series(1, 100) v) AS distribution
FROM (SELECT partial_share(v, 0.25) AS s FROM generate_series(1, 100) v GROUP BY v % 3) q;
DROP TABLE sizes, many, parallel;
