-- distribution: every reader, one-step forms, bad input, planner and windows.
SET extra_float_digits = 0;
CREATE TABLE shares (v bigint, owner text);
INSERT INTO shares VALUES (1000, 'a'), (202, 'b'), (90, 'b'), (33, 'c'), (332, 'a'), (343, 'c'), (42, 'd'), (433, 'd');

-- one number, whatever its type
SELECT distribution_agg(5::bigint) = distribution_agg(5.0) AND distribution_agg(5.0) = distribution_agg(5::float8) AS same,
	distribution_agg(5::bigint);
SELECT distribution_agg(x) FROM (VALUES (0.5), (2), (2.0), (9223372036854775807), (9223372036854775808), (1e300)) t(x);
SELECT distribution_agg(v, 2::bigint) = distribution_agg(v) + distribution_agg(v) AS doubled FROM shares;
SELECT distribution_agg(v::numeric, 2::bigint) = distribution_agg(v::float8, 2::bigint) AS same FROM shares;

-- known values
SELECT coverage_count(d, 0.5), round(gini(d)::numeric, 5) AS gini, round((hhi(d) * 10000)::numeric, 2) AS hhi
FROM (SELECT distribution_agg(v) AS d FROM shares) q;
SELECT gini(d), gini_corrected(d) FROM (SELECT distribution_agg(v) AS d FROM generate_series(1, 5) v) q;
SELECT gini(d), gini_corrected(d) FROM (SELECT distribution_agg(v) AS d FROM unnest('{0,0,0,1}'::int[]) v) q;
SELECT hhi(d), effective_number(d), effective_number(d, 0), effective_number(d, 1), effective_number(d, 'infinity'),
	gini(d), hhi_normalized(d)
FROM (SELECT distribution_agg(v) AS d FROM unnest('{40,30,20,10}'::int[]) v) q;
SELECT coverage_count(d, 0.5), coverage_count(d, 0), coverage_count(d, 1), effective_number(d), theil(d), shannon_entropy(d) = ln(8::float8) AS entropy
FROM (SELECT distribution_agg(7, 8) AS d) q;

-- every reader
SELECT pareto_share(d, 0.25), top_k_share(d, 2), top_k_share(d, 0), top_k_share(d, 100), pareto_share(d, 0), pareto_share(d, 1)
FROM (SELECT distribution_agg(v) AS d FROM shares) q;
SELECT share_below(d, 90), share_below(d, 90.5), share_below(d, -1), share_below(d, 'infinity')
FROM (SELECT distribution_agg(v) AS d FROM shares) q;
SELECT percentile(d, 0), percentile(d, 0.3), percentile(d, 1), median(d), mean(d), num_items(d), total(d), min_value(d), max_value(d), h_index(d), is_exact(d)
FROM (SELECT distribution_agg(v) AS d FROM shares) q;
SELECT h_index(distribution_agg(v)) FROM unnest('{10,8,5,4,3}'::int[]) v;
SELECT total(distribution_agg(9223372036854775807, 9223372036854775807)) = 9223372036854775807::numeric ^ 2 AS all_digits;
SELECT total(distribution_agg(x)), mean(distribution_agg(x)) FROM (VALUES (0.1), (0.2)) t(x);
SELECT * FROM lorenz((SELECT distribution_agg(v) FROM shares));
SELECT * FROM lorenz((SELECT distribution_agg(v) FROM shares), 4);
SELECT pareto_share_bounds(d, 0.1), gini_bounds(d), percentile_bounds(d, 0.5) FROM (SELECT distribution_agg(v) AS d FROM shares) q;
SELECT round(theil(d)::numeric, 12) AS theil, round(shannon_entropy(d)::numeric, 12) AS entropy FROM (SELECT distribution_agg(v) AS d FROM shares) q;

-- tails
SELECT round(power_law_alpha(d, 1, false)::numeric, 10) AS continuous, round(power_law_alpha(d, 1)::numeric, 6) AS discrete,
	power_law_alpha(d, 1000) AS undefined, power_law_alpha(d, NULL) AS none
FROM (SELECT distribution_agg(v) AS d FROM unnest('{1,1,1,1,2,2,3,5,9}'::int[]) v) q;
SELECT round(alpha::numeric, 6) AS alpha, xmin, tail_items, round(ks::numeric, 6) AS ks
FROM power_law_fit((SELECT distribution_agg(100 / i, 1) FROM generate_series(1, 100) i));
SELECT round(alpha::numeric, 6) AS alpha, xmin, tail_items, round(ks::numeric, 6) AS ks
FROM power_law_fit((SELECT distribution_agg(100.0 / i) FROM generate_series(1, 100) i));
SELECT round(log_ratio::numeric, 4) AS log_ratio, round(z::numeric, 3) AS z, round(p_value::numeric, 3) AS p_value
FROM power_law_vs_lognormal((SELECT distribution_agg(exp(sqrt(-2 * ln(i / 501.0)) * cos(i * 2.399963))) FROM generate_series(1, 500) i), 0.2);
SELECT power_law_fit(distribution_agg(3)), power_law_fit(distribution_agg(0)), power_law_vs_lognormal(distribution_agg(3), 1) ;

-- one-step forms, of each type
SELECT gini(v) = gini(v::float8) AND gini(v) = gini(v::numeric) AS gini, hhi(v) = hhi(v::numeric) AS hhi,
	theil(v) = theil(v::float8) AS theil, shannon_entropy(v) = shannon_entropy(v::numeric) AS entropy,
	effective_number(v) = effective_number(v, 2) AS number, pareto_share(v, 0.25), top_k_share(v, 2), coverage_count(v, 0.5)
FROM shares;
SELECT gini(v::int), gini(v::real), gini(v::smallint) FROM shares;
SELECT owner, pareto_share(v, 0.5), num_items(distribution_agg(v)) FROM shares GROUP BY owner ORDER BY owner;

-- nothing, NULL, zeros
SELECT distribution_agg(v), gini(v), pareto_share(v, 0.1), coverage_count(v, 0.1) FROM shares WHERE false;
SELECT distribution_agg(v), gini(v) FROM (VALUES (NULL::bigint)) t(v);
SELECT num_items(distribution_agg(v)) FROM (VALUES (NULL::bigint), (3)) t(v);
SELECT distribution_agg(1, 0), distribution_agg(1, NULL::bigint), num_items(distribution_agg(v, w)) FROM (VALUES (1, 0), (1, 2), (2, NULL)) t(v, w);
SELECT gini(d), hhi(d), pareto_share(d, 0.5), coverage_count(d, 0.5), effective_number(d), theil(d), shannon_entropy(d), mean(d), total(d), median(d), h_index(d)
FROM (SELECT distribution_agg(0, 3) AS d) q;
SELECT gini(d), hhi(d), median(d), mean(d), total(d), num_items(d), min_value(d), max_value(d), h_index(d), is_exact(d), gini_bounds(d)
FROM (SELECT 'distribution:RAEAAAA='::distribution_summary AS d) q;
SELECT count(*) FROM lorenz('distribution:RAEAAAA=');
SELECT gini(d), hhi(d), gini_corrected(d), hhi_normalized(d) FROM (SELECT distribution_agg(4) AS d) q;
SELECT gini(NULL::distribution_summary), effective_number(NULL::distribution_summary), num_items(NULL::distribution_summary), power_law_fit(NULL);
SELECT pareto_share(v, NULL), effective_number(v, NULL::float8) FROM shares;
SELECT effective_number(distribution_agg(v), NULL) FROM shares;

-- exact return types
SELECT p.proname, pg_catalog.format_type(p.prorettype, NULL) AS returns, p.provolatile, p.proparallel
FROM pg_catalog.pg_proc p
WHERE p.proargtypes[0] = 'distribution_summary'::regtype AND p.prokind = 'f' AND p.proname !~ '^distribution_'
ORDER BY p.proname;

-- merging and comparison
SELECT rollup(s) = (SELECT distribution_agg(v) FROM shares) AS whole FROM (SELECT distribution_agg(v) AS s FROM shares GROUP BY owner) q;
SELECT rollup(s) FROM (SELECT NULL::distribution_summary AS s) q;
SELECT rollup('distribution:RAEAAAA='::distribution_summary);
SELECT a + b = b + a AS commutes, a < b AS lt, a <= b AS le, a > b AS gt, a >= b AS ge, a <> b AS ne
FROM (SELECT distribution_agg(1) AS a, distribution_agg(2) AS b) q;
SELECT count(DISTINCT s), count(*) FROM (SELECT distribution_agg(v % 3) AS s FROM shares GROUP BY v) q;
SELECT count(*) FROM (SELECT distribution_agg(1) UNION SELECT distribution_agg(1.0)) q;
SET enable_sort = off;
SELECT num_items(s), count(*) FROM (SELECT distribution_agg(v) AS s FROM generate_series(1, 3) v, generate_series(1, 2) g GROUP BY g) q GROUP BY s;
RESET enable_sort;

-- bad input
\set SHOW_CONTEXT never
\set VERBOSITY sqlstate
SELECT gini(-1);
SELECT gini('NaN'::float8);
SELECT gini('Infinity'::float8);
SELECT gini('NaN'::numeric);
SELECT gini(-0.5);
SELECT distribution_agg(1e400);
SELECT distribution_agg(1, -1);
SELECT pareto_share(v, 1.5) FROM shares;
SELECT pareto_share(v, 'NaN') FROM shares;
SELECT coverage_count(v, -0.1) FROM shares;
SELECT top_k_share(v, -1) FROM shares;
SELECT percentile(distribution_agg(v), 1.01) FROM shares;
SELECT share_below(distribution_agg(v), 'NaN') FROM shares;
SELECT effective_number(v, -1) FROM shares;
SELECT power_law_alpha(distribution_agg(v), 0) FROM shares;
SELECT power_law_alpha(distribution_agg(0.5), 0.1, true);
SELECT * FROM lorenz((SELECT distribution_agg(v) FROM shares), 0);
SELECT pareto_share(v, f) FROM (VALUES (1, 0.1), (2, 0.2)) t(v, f);
SELECT pareto_share(v, f) FROM (VALUES (1, 0.1), (2, NULL)) t(v, f);
SELECT mean(distribution_agg(1e308, 1000));
SELECT distribution_agg(v, 9223372036854775807) FROM generate_series(1, 2) v;
SELECT 'distribution:'::distribution_summary;
SELECT 'lineage:RAEAAAA='::distribution_summary;
SELECT 'distribution:%%%'::distribution_summary;
SELECT 'distribution:RAIAAAA='::distribution_summary;
SELECT 'distribution:RAEAAAAA'::distribution_summary;
SELECT 'distribution:RAEAAQUAAA=='::distribution_summary;
SELECT distribution_add(NULL, 5::bigint);
\set VERBOSITY terse
SELECT gini(-1);
SELECT sum(g) FROM (SELECT gini(v - 100) OVER (ORDER BY v ROWS 1 PRECEDING) AS g FROM shares) q;
SELECT pareto_share(distribution_agg(v), 1.5) FROM shares;
SELECT 'distribution:RAIAAAA='::distribution_summary;
\set VERBOSITY default
SELECT 'distribution:RAEAAQUAAA=='::distribution_summary;
SELECT pareto_share(v, f) FROM (VALUES (1, 0.1), (2, 0.2)) t(v, f);

-- text and binary read back
SELECT d::text::distribution_summary = d AS text_back FROM (SELECT distribution_agg(v) AS d FROM shares) q;
CREATE TABLE stored AS SELECT owner, distribution_agg(v) AS d FROM shares GROUP BY owner;
CREATE TABLE restored (LIKE stored);
SELECT current_setting('data_directory') || '/distribution.bin' AS file \gset
COPY stored TO :'file' (FORMAT binary);
COPY restored FROM :'file' (FORMAT binary);
SELECT count(*) FROM stored JOIN restored USING (owner, d);

-- views over readers
CREATE VIEW bounds AS SELECT owner, gini_bounds(d) AS b, power_law_fit(d) AS law, (pareto_share_bounds(d, 0.5)).low FROM stored;
CREATE MATERIALIZED VIEW kept AS SELECT owner, d, gini(d) AS gini, (percentile_bounds(d, 0.5)).* FROM stored;
SELECT owner, b, law, low FROM bounds ORDER BY owner;
SELECT owner, num_items(d), low, high FROM kept ORDER BY owner;
CREATE INDEX ON kept (d);
CREATE INDEX ON kept USING hash (d);
REFRESH MATERIALIZED VIEW kept;

-- windows: what moves equals what is computed anew
SELECT v, num_items(distribution_agg(v) OVER w), gini(v) OVER w, pareto_share(v, 0.5) OVER w AS share, top_k_share(v, 1) OVER w AS top, coverage_count(v, 0.5) OVER w AS cover, effective_number(v) OVER w AS number
FROM shares WINDOW w AS (ORDER BY v ROWS 2 PRECEDING) ORDER BY v;
SELECT v, distribution_agg(v) OVER w IS NULL AS nothing, gini(v) OVER w AS gini, pareto_share(v, 0.5) OVER w AS share, effective_number(v, 1) OVER w AS number
FROM shares WINDOW w AS (ORDER BY v ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) ORDER BY v;
SELECT v, gini(v) FILTER (WHERE v % 2 = 0) OVER (ORDER BY v ROWS 2 PRECEDING) FROM shares ORDER BY v;
SELECT v, num_items(distribution_agg(v, (v % 3)) OVER (ORDER BY v ROWS 1 PRECEDING)) FROM shares ORDER BY v;
SELECT v, num_items(rollup(d) OVER (ORDER BY v ROWS 1 PRECEDING)) FROM (SELECT v, distribution_agg(v) AS d FROM shares GROUP BY v) q ORDER BY v;

-- parallel plans
CREATE TABLE many AS SELECT (1000000 / (i % 9973 + 1))::bigint AS v, i % 100 AS g FROM generate_series(1, 60000) i;
ANALYZE many;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2;
EXPLAIN (COSTS OFF) SELECT gini(v) FROM many;
CREATE TABLE parallel AS SELECT g, distribution_agg(v) AS d FROM many GROUP BY g;
CREATE TABLE parallel_all AS SELECT distribution_agg(v) AS d, pareto_share(v, 0.01) AS share FROM many;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) FROM parallel p JOIN (SELECT g, distribution_agg(v) AS d FROM many GROUP BY g) s ON p.g = s.g AND p.d = s.d;
SELECT p.d = s.d AS same, p.share = s.share AS same_share
FROM parallel_all p, (SELECT distribution_agg(v) AS d, pareto_share(v, 0.01) AS share FROM many) s;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;

-- past the cap of distinct values: buckets, with limits
SELECT is_exact(d), num_items(d), total(d), (percentile_bounds(d, 0.5)).*, min_value(d), max_value(d)
FROM (SELECT distribution_agg(v) AS d FROM generate_series(1, 65536) v) q;
SELECT is_exact(d), num_items(d), total(d), (percentile_bounds(d, 0.5)).*, median(d), min_value(d), max_value(d), length(d::text)
FROM (SELECT distribution_agg(v) AS d FROM generate_series(1, 65537) v) q;
SELECT (SELECT distribution_agg(v) FROM generate_series(1, 70000) v) =
	(SELECT rollup(d) FROM (SELECT distribution_agg(v) AS d FROM generate_series(1, 70000) v GROUP BY v % 7) q) AS same;
-- a frame that moves is exact again when it has few enough; here frames are groups, so results are few
SELECT g, moved = (SELECT gini(v) FROM generate_series((g - 1) * 40000, least(g * 40000 + 39999, 120009)) v WHERE v >= 0) AS same,
	(SELECT is_exact(distribution_agg(v)) FROM generate_series((g - 1) * 40000, least(g * 40000 + 39999, 120009)) v WHERE v >= 0) AS exact
FROM (SELECT g, min(m) AS moved
	FROM (SELECT g, gini(v) OVER (ORDER BY g GROUPS 1 PRECEDING) AS m
		FROM (SELECT v, v / 40000 AS g FROM generate_series(0, 120009) v) q) w
	GROUP BY g) x
ORDER BY g;

-- 200,000 groups
SELECT count(*), sum(num_items(d)), count(DISTINCT gini(d)) > 100 AS vary
FROM (SELECT v % 200000 AS g, distribution_agg(v % 1009 * 7) AS d FROM generate_series(1, 400000) v GROUP BY 1) q;
DROP TABLE shares, stored, restored, many, parallel, parallel_all CASCADE;
