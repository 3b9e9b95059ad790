-- Extreme shapes, and cancel.
SELECT plan(14);
SELECT setseed(0.31);

-- a chain of 100,000: no recursion on the C stack
CREATE TABLE chain AS SELECT lineage_agg('c' || i, CASE WHEN i > 0 THEN 'c' || i - 1 END) AS l FROM generate_series(0, 100000) i;
SELECT is(lineage_descendants(l, 'c0'), 100000::bigint, 'chain: descendants') FROM chain;
SELECT results_eq($$SELECT max(depth), max(height), max(descendants), sum(root_count) FROM chain, lineage_nodes(l)$$, 'VALUES (100000, 100000, 100000::bigint, 100001::numeric)', 'chain: all nodes');
SELECT is((SELECT count(*) FROM chain, ancestors(l, 'c100000')), 100000::bigint, 'chain: ancestors');
SELECT is((SELECT max(depth) FROM chain, descendants(l, 'c0')), 100000, 'chain: walk');
-- closed to one cycle
CREATE TABLE ring AS SELECT l + lineage_agg('c0', 'c100000') AS l FROM chain GROUP BY l;
SELECT is(lineage_info(l)::text, '(100001,100001,1,0,1,0)', 'ring: one cycle') FROM ring;
SELECT is(lineage_descendants(l, 'c5'), 100000::bigint, 'ring: everybody else') FROM ring;
-- one parent of 100,000, one child of 100,000
CREATE TABLE star AS SELECT lineage_agg('s' || i, 'hub') + lineage_agg('last', 's' || i) AS l FROM generate_series(1, 100000) i;
SELECT results_eq($$SELECT parents, children, descendants, height FROM star, lineage_nodes(l) WHERE id IN ('hub', 'last') ORDER BY id$$, 'VALUES (0::bigint, 100000::bigint, 100001::bigint, 2), (100000, 0, 0, 0)', 'star: a diamond with 100,000 sides');
SELECT is((SELECT sum(weight) FROM star, lineage_origins(l) WHERE id = 'last'), 1::float8, 'star: one root in the end');
-- every node of 2,000 has both predecessors as parents; a child with 20,000 roots
SELECT is((SELECT sum(descendants) FROM (SELECT lineage_agg('l' || i, ARRAY['l' || i - 1, 'l' || i - 2]) AS l FROM generate_series(2, 1999) i) q, lineage_nodes(l)), (1999 * 1998 / 2 + 1998)::numeric, 'ladder: exact through 1,998 joints');
SELECT results_eq($$SELECT count(*), abs(sum(weight) - 1) < 1e-12 FROM (SELECT lineage_agg('x', 'r' || i) + lineage_agg('y', 'x') AS l FROM generate_series(1, 20000) i) q, lineage_origins(l) WHERE id = 'y'$$, 'VALUES (20000::bigint, true)', 'twenty thousand roots of one node');
-- weights over many generations of merges
SELECT is_empty($$SELECT id FROM (SELECT lineage_agg('m' || i, CASE i % 3 WHEN 0 THEN ARRAY['m' || i - 1, 'r' || i] WHEN 1 THEN ARRAY['m' || i - 1, 'r' || i % 7, 'm' || i / 2] ELSE ARRAY['m' || i - 1] END) AS l FROM generate_series(1, 3000) i) q, lineage_origins(l) GROUP BY id HAVING abs(sum(weight) - 1) > 1e-12$$, 'weights sum to one over 3,000 generations');
-- ids that agree for kilobytes, and that end within each other
SELECT is((SELECT lineage_descendants(lineage_agg(repeat('a', i), repeat('a', i + 1)), repeat('a', 3001)) FROM generate_series(1, 3000) i), 3000::bigint, 'ids that are prefixes of each other');
-- repeated rows do not make the state grow
SELECT cmp_ok((SELECT pg_column_size(lineage_agg('a' || i % 10, 'b' || i % 7)) FROM generate_series(1, 200000) i), '<', 400, 'a summary of 200,000 repeated rows is small');

-- cancel acts at once, in the midst of an exact count that takes long
CREATE TABLE dense AS SELECT lineage_agg('d' || i, ARRAY['d' || i - 1, 'd' || i - 2]) AS l FROM generate_series(2, 150000) i;
CREATE FUNCTION seconds_to_cancel() RETURNS float8 LANGUAGE plpgsql AS $$
BEGIN
	PERFORM sum(descendants) FROM dense, lineage_nodes(l);
	RETURN NULL;
EXCEPTION WHEN query_canceled THEN
	RETURN extract(epoch FROM clock_timestamp() - statement_timestamp());
END $$;
SET statement_timeout = '300ms';
SELECT seconds_to_cancel() AS seconds \gset
RESET statement_timeout;
SELECT cmp_ok(nullif(:'seconds', '')::float8, '<', 10::float8, 'a long count gives way to a timeout');
SELECT * FROM finish();
