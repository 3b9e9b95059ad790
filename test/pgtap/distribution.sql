-- Properties of distributions on random and real data, against plain SQL.
SELECT plan(32);
SELECT setseed(0.7);

-- several shapes, split over parts at random
CREATE TABLE x AS
	SELECT s, floor(random() * 7)::int AS part, CASE s
		WHEN 1 THEN floor(random() * 20)::numeric                            -- few distinct, zeros
		WHEN 2 THEN floor((1 - random()) ^ (-1.2) * 10)::numeric             -- heavy tail
		WHEN 3 THEN ((1 - random()) ^ (-0.8))::float8::numeric               -- fractions
		WHEN 4 THEN (CASE WHEN random() < 0.5 THEN floor(random() * 1000) ELSE random() * 1000 END)::numeric
		WHEN 5 THEN floor(random() * 9e18)::numeric                          -- large integers
		ELSE 42 END AS v
	FROM generate_series(1, 6) s, generate_series(1, 3000) i WHERE s < 6 OR i <= 1;
CREATE TABLE d AS SELECT s, distribution_agg(v) AS d FROM x GROUP BY s;

-- every reader by sorting and counting
CREATE VIEW ranked AS SELECT s, v, row_number() OVER w AS i, count(*) OVER p AS n, sum(v) OVER p AS total,
	sum(v) OVER (PARTITION BY s ORDER BY v DESC ROWS UNBOUNDED PRECEDING) AS upper, row_number() OVER (PARTITION BY s ORDER BY v DESC) AS down
	FROM x WINDOW w AS (PARTITION BY s ORDER BY v), p AS (PARTITION BY s);
CREATE TABLE oracle AS SELECT s, max(n) AS n, max(total) AS total,
	(sum((2 * i - n - 1) * v) / (max(n) * max(total)))::float8 AS gini,
	sum((v / total) ^ 2)::float8 AS hhi,
	-sum(CASE WHEN v > 0 THEN (v / total)::float8 * ln((v / total)::float8) ELSE 0 END) AS entropy,
	sum(CASE WHEN v > 0 THEN (v / total)::float8 * ln((v * n / total)::float8) ELSE 0 END) AS theil,
	-- the top tenth, linear inside an item
	(sum(v * greatest(least(n * 0.1 - (down - 1), 1), 0)) / max(total))::float8 AS top_tenth,
	(sum(v) FILTER (WHERE down <= 5) / max(total))::float8 AS top_5,
	min(down) FILTER (WHERE upper >= total / 2) AS half, count(*) FILTER (WHERE down <= v) AS h
	FROM ranked GROUP BY s;
CREATE FUNCTION near(a float8, b float8) RETURNS boolean RETURN abs(a - b) <= 1e-11 * greatest(abs(a), abs(b), 1e-3);
SELECT is((SELECT count(*) FROM oracle), 6::bigint, 'six sets');
SELECT is_empty('SELECT s, num_items(d), n FROM d JOIN oracle USING (s) WHERE num_items(d) <> n', 'num_items');
SELECT is_empty('SELECT s, total(d), total FROM d JOIN oracle USING (s) WHERE s NOT IN (3, 4) AND total(d) <> total OR NOT near(total(d)::float8, total::float8)', 'total');
SELECT is_empty('SELECT s, gini(d), gini FROM d JOIN oracle USING (s) WHERE NOT near(gini(d), gini)', 'gini');
SELECT is_empty('SELECT s, hhi(d), hhi FROM d JOIN oracle USING (s) WHERE NOT near(hhi(d), hhi) OR NOT near(effective_number(d), 1 / hhi)', 'hhi');
SELECT is_empty('SELECT s, theil(d), theil FROM d JOIN oracle USING (s) WHERE NOT near(theil(d), theil) OR NOT near(shannon_entropy(d), entropy)', 'theil and entropy');
SELECT is_empty('SELECT s, pareto_share(d, 0.1), top_tenth FROM d JOIN oracle USING (s) WHERE NOT near(pareto_share(d, 0.1), top_tenth) OR (n >= 5 AND NOT near(top_k_share(d, 5), top_5))', 'top shares');
SELECT is_empty('SELECT s, coverage_count(d, 0.5), half FROM d JOIN oracle USING (s) WHERE coverage_count(d, 0.5) <> half', 'coverage_count');
SELECT is_empty('SELECT s, h_index(d), h FROM d JOIN oracle USING (s) WHERE h_index(d) <> h', 'h_index');
SELECT is_empty($$SELECT s, p FROM d, unnest(ARRAY[0, 0.001, 0.25, 0.5, 0.9, 0.999, 1]) p
	WHERE percentile(d, p) <> (SELECT percentile_disc(p) WITHIN GROUP (ORDER BY v::float8) FROM x WHERE x.s = d.s)$$, 'percentile is percentile_disc');
SELECT is_empty($$SELECT s, q FROM d, unnest(ARRAY[0, 1, 10, 10.5, 500, 1e18]) q
	WHERE share_below(d, q) <> (SELECT count(*) FILTER (WHERE v < q)::float8 / count(*) FROM x WHERE x.s = d.s)$$, 'share_below');
SELECT is_empty($$SELECT s, population FROM d, LATERAL lorenz(d) l WHERE NOT near(share, 1 - pareto_share(d, 1 - population)) AND share > 1e-6$$, 'lorenz and pareto_share agree');
SELECT is_empty($$SELECT s FROM d, LATERAL (SELECT population, share, lag(share) OVER (ORDER BY population) AS before FROM lorenz(d, 50)) l
	WHERE share < before OR share > population + 1e-12$$, 'the Lorenz curve rises below the diagonal');

-- serial = rollup of parts = parallel = text back, bit for bit
SELECT is_empty($$SELECT s FROM d JOIN (SELECT s, rollup(q) AS r FROM (SELECT s, part, distribution_agg(v) AS q FROM x GROUP BY s, part) p GROUP BY s) r USING (s) WHERE d <> r OR d::text <> r::text$$, 'rollup of parts');
SELECT is_empty($$SELECT s FROM d JOIN (SELECT s, distribution_agg(v, w) AS r FROM (SELECT s, v, count(*) AS w FROM x GROUP BY s, v) p GROUP BY s) r USING (s) WHERE d <> r$$, 'weights are repetitions');
SELECT is_empty($$SELECT s FROM d JOIN (SELECT s, distribution_agg(v::float8 ORDER BY random()) AS r FROM x WHERE s <> 5 GROUP BY s) r USING (s) WHERE d <> r$$, 'neither order nor type of the values matters');
SELECT is_empty($$SELECT s FROM d WHERE d::text::distribution_summary <> d$$, 'text reads back');
SELECT is_empty($$SELECT a.s, b.s FROM d a, d b WHERE (a.d + b.d) <> (SELECT distribution_agg(v) FROM (SELECT v FROM x WHERE x.s = a.s UNION ALL SELECT v FROM x WHERE x.s = b.s) u) OR a.d + b.d <> b.d + a.d$$, '+ is the union');
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
ANALYZE x;
CREATE TABLE parallel AS SELECT s, distribution_agg(v) AS d, gini(v) AS gini FROM x GROUP BY s;
CREATE TABLE big AS SELECT i, (i * 7919 % 300007)::bigint AS v, random() * 1e6 AS f FROM generate_series(1, 200000) i;
ANALYZE big;
CREATE TABLE big_parallel AS SELECT distribution_agg(v) AS d, distribution_agg(f) AS e FROM big;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE big_serial AS SELECT distribution_agg(v) AS d, distribution_agg(f) AS e FROM big;
SELECT is_empty('SELECT s FROM d JOIN parallel p USING (s) WHERE d.d <> p.d OR gini(d.d) <> p.gini', 'parallel = serial');
SELECT is_empty('SELECT 1 FROM big_parallel p, big_serial s WHERE p.d <> s.d OR p.e <> s.e', 'also past the cap');

-- past the cap: limits enclose the truth and are narrow
SELECT ok((SELECT NOT is_exact(d) AND NOT is_exact(e) FROM big_serial), 'both are bucketed');
CREATE VIEW limits AS SELECT 'integer' AS kind, d, v AS value FROM big_serial, (SELECT array_agg(v::float8 ORDER BY v DESC) AS v FROM big) q
	UNION ALL SELECT 'fraction', e, v FROM big_serial, (SELECT array_agg(f ORDER BY f DESC) AS v FROM big) q;
SELECT is_empty($$SELECT kind, f, b, truth FROM limits, unnest(ARRAY[0.00001, 0.001, 0.0123, 0.3, 0.999]) f, LATERAL pareto_share_bounds(d, f) b,
		LATERAL (SELECT sum(x * greatest(least(f::float8 * 200000 - (i - 1), 1), 0)) / sum(x) AS truth FROM unnest(value) WITH ORDINALITY u(x, i)) t
	WHERE NOT truth BETWEEN (b).low - 1e-13 AND (b).high + 1e-13 OR (b).high - (b).low > 0.0001 OR NOT pareto_share(d, f) BETWEEN (b).low AND (b).high$$, 'pareto_share within its limits');
SELECT is_empty($$SELECT kind, b, truth FROM limits, LATERAL gini_bounds(d) b,
		LATERAL (SELECT sum((200001 - 2 * i) * x) / (200000 * sum(x)) AS truth FROM unnest(value) WITH ORDINALITY u(x, i)) t
	WHERE NOT truth BETWEEN (b).low - 1e-13 AND (b).high + 1e-13 OR (b).high - (b).low > 1e-5 OR NOT gini(d) BETWEEN (b).low AND (b).high$$, 'gini within its limits');
SELECT is_empty($$SELECT kind, p, b FROM limits, generate_series(0.01, 1, 0.033) p, LATERAL percentile_bounds(d, p) b, LATERAL (SELECT value[200001 - ceil(p * 200000)::int] AS truth) t
	WHERE NOT truth BETWEEN (b).low AND (b).high OR (b).high > (b).low * (1 + 1 / 128.0) + 1e-9$$, 'percentile within its limits');
SELECT is_empty($$SELECT kind FROM limits, LATERAL (SELECT sum(x) AS s, sum(x * x) AS q, sum(x * ln(nullif(x, 0))) AS l FROM unnest(value) x) t
	WHERE abs(hhi(d) / (q / s / s) - 1) > 2e-5 OR abs(shannon_entropy(d) - (ln(s) - l / s)) > 1e-5 OR abs(mean(d) * 200000 / s - 1) > 1e-12$$, 'measures of second order');
SELECT is_empty($$SELECT kind FROM limits, LATERAL (SELECT percentile(d, p) AS v, lag(percentile(d, p)) OVER (ORDER BY p) AS before, pareto_share(d, p) AS s, lag(pareto_share(d, p)) OVER (ORDER BY p) AS less FROM generate_series(0, 1, 0.01) p) q
	WHERE v < before OR s < less$$, 'percentiles and shares are monotone');

-- small states keep values in 32 bits until one needs more: at any size, at
-- any place (values counted twice at once go another way)
CREATE TABLE mixed AS SELECT n, at, i, CASE WHEN i <> at THEN (i * 7919) % 1000 WHEN n % 3 = 0 THEN 4294967296 WHEN n % 3 = 1 THEN 0.5 ELSE 4294967295 END AS v
	FROM generate_series(1, 270) n, LATERAL (SELECT DISTINCT at FROM unnest(ARRAY[1, 2, n / 3, n - 1, n]) at) a, generate_series(1, n) i;
SELECT is_empty($$SELECT n, at FROM mixed GROUP BY n, at HAVING total(distribution_agg(v ORDER BY i)) <> sum(v)
	OR percentile(distribution_agg(v ORDER BY i), 1) <> max(v) OR num_items(distribution_agg(v ORDER BY i)) <> n
	OR distribution_agg(v ORDER BY i) + distribution_agg(v ORDER BY i DESC) <> distribution_agg(v, 2 ORDER BY i)$$, 'values of more than 32 bits among small ones');
SELECT is_empty($$SELECT * FROM (SELECT n, at, i, distribution_agg(v) OVER w AS d, sum(v) OVER w AS total, count(*) OVER w AS items FROM mixed WHERE n % 30 < 3
	WINDOW w AS (PARTITION BY n, at ORDER BY i ROWS BETWEEN 20 PRECEDING AND 3 PRECEDING)) q WHERE total(d) IS DISTINCT FROM total::float8 OR coalesce(num_items(d), 0) <> items$$, 'and leaving a window');
-- moving = computed anew
SELECT is_empty($$SELECT * FROM (SELECT i, gini(v) OVER w AS a, distribution_agg(f) OVER w AS b, pareto_share(v, 0.3) OVER w AS c FROM big WHERE i <= 700 WINDOW w AS (ORDER BY i ROWS BETWEEN 300 PRECEDING AND 100 PRECEDING)) q,
	LATERAL (SELECT gini(v) AS a2, distribution_agg(f) AS b2, pareto_share(v, 0.3) AS c2 FROM big WHERE big.i BETWEEN q.i - 300 AND q.i - 100) r
	WHERE a IS DISTINCT FROM a2 OR b IS DISTINCT FROM b2 OR c IS DISTINCT FROM c2$$, 'moving windows');

-- published fit: a sample drawn from a power law gives its exponent back
SELECT ok((SELECT abs(alpha - 2.5) < 0.05 AND ks < 0.02 FROM (SELECT (power_law_fit(distribution_agg(3 * (1 - random()) ^ (-1 / 1.5)))).* FROM generate_series(1, 20000)) q), 'a continuous exponent comes back');

-- real tables of the Hub, where they are at hand
\set models `test -r ../shared/data/models_hub_2022-07.csv.gz && echo true || echo false`
\if :models
CREATE TABLE models (id text, downloads bigint, pipeline_tag text);
\copy models FROM PROGRAM 'zcat ../shared/data/models_hub_2022-07.csv.gz' (FORMAT csv, HEADER)
CREATE TABLE lines (j jsonb);
\copy lines FROM PROGRAM 'zcat ../shared/data/models_radar_2026-08-22.jsonl.gz' (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
TRUNCATE x;
INSERT INTO x SELECT 1, 0, downloads FROM models WHERE downloads IS NOT NULL
	UNION ALL SELECT 2, 0, (j->>'downloads_30d')::numeric FROM lines WHERE j->>'downloads_30d' IS NOT NULL
	UNION ALL SELECT 3, 0, sum((j->>'downloads_30d')::numeric) FROM lines GROUP BY j->>'author' HAVING sum((j->>'downloads_30d')::numeric) IS NOT NULL;
CREATE TABLE real_d AS SELECT s, distribution_agg(v) AS d FROM x GROUP BY s;
CREATE TABLE real_oracle AS SELECT s, max(n) AS n, max(total) AS total,
	(sum((2 * i - n - 1) * v) / (max(n) * max(total)))::float8 AS gini, sum((v / total) ^ 2)::float8 AS hhi,
	(sum(v * greatest(least(n * 0.0001 - (down - 1), 1), 0)) / max(total))::float8 AS top, (sum(v) FILTER (WHERE down <= 200) / max(total))::float8 AS top_200,
	min(down) FILTER (WHERE upper >= total / 2) AS half, (count(*) FILTER (WHERE v < 200))::float8 / max(n) AS below
	FROM ranked GROUP BY s;
SELECT diag(format('set %s: %s items, gini %s, top 0.01 %% %s, below 200 %s', s, num_items(d), gini(d), pareto_share(d, 0.0001), share_below(d, 200))) FROM real_d ORDER BY s;
SELECT is((SELECT count(*) FROM real_d), 3::bigint, 'three real sets');
SELECT is_empty($$SELECT * FROM real_d JOIN real_oracle USING (s) WHERE num_items(d) <> n OR total(d) <> total OR NOT near(gini(d), gini) OR NOT near(hhi(d), hhi)
	OR NOT near(pareto_share(d, 0.0001), top) OR NOT near(top_k_share(d, 200), top_200) OR coverage_count(d, 0.5) <> half OR share_below(d, 200) <> below OR NOT is_exact(d)$$, 'real sets equal plain SQL');
\else
SELECT skip('../shared/data is not here: real tables are not compared', 2);
\endif
SELECT * FROM finish();
