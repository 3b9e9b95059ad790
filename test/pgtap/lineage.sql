-- lineage against recursive queries over the same random graphs, which have
-- cycles, diamonds, self loops, repeated edges and unknown parents; and
-- serial = parallel = rollup of parts.
SELECT plan(37);
SELECT setseed(0.21);

-- 40 graphs: sparse to dense, half of them without cycles
CREATE TABLE graph AS
SELECT g, 'n' || child AS child, CASE WHEN random() > 0.05 THEN 'n' || parent END AS parent,
	(ARRAY['finetune', 'merge', 'adapter', NULL])[1 + floor(random() * 4)::int] AS relation
FROM generate_series(1, 40) g, LATERAL (
	SELECT floor(random() * 30)::int AS child, floor(random() * 30)::int AS parent
	FROM generate_series(1, 10 + g) WHERE g > 0) e
WHERE g % 2 = 0 OR child > parent;
INSERT INTO graph SELECT * FROM graph WHERE random() < 0.1;
CREATE TABLE kept AS SELECT g, lineage_agg(child, parent, relation) AS l FROM graph GROUP BY g;
CREATE TABLE node AS SELECT DISTINCT g, id FROM (SELECT g, child AS id FROM graph UNION ALL SELECT g, parent FROM graph) q WHERE id IS NOT NULL;
CREATE TABLE link AS SELECT DISTINCT g, child, parent, relation FROM graph WHERE parent IS NOT NULL AND parent <> child;

-- reach: every pair (above, below), independent of the extension
CREATE TABLE reach AS
WITH RECURSIVE r(g, top, id) AS (
	SELECT g, parent, child FROM link
	UNION SELECT r.g, r.top, link.child FROM r JOIN link ON link.g = r.g AND link.parent = r.id)
SELECT * FROM r;
CREATE TABLE below AS SELECT * FROM reach WHERE top <> id;

SELECT cmp_ok((SELECT count(*) FROM reach WHERE top = id), '>', 50::bigint, 'the graphs have cycles');
SELECT is_empty($$SELECT g, id, lineage_descendants(l, id) FROM node JOIN kept USING (g)
	WHERE lineage_descendants(l, id) IS DISTINCT FROM (SELECT count(*) FROM below b WHERE b.g = node.g AND b.top = node.id)$$, 'descendants of every node');
SELECT is_empty($$SELECT id, n.descendants FROM kept, lineage_nodes(l) n
	WHERE n.descendants <> (SELECT count(*) FROM below b WHERE b.g = kept.g AND b.top = n.id)$$, 'descendants of all nodes in one pass');
SELECT is((SELECT count(*) FROM kept, lineage_nodes(l)), (SELECT count(*) FROM node), 'every node once');
SELECT is_empty($$SELECT n.id FROM kept, lineage_nodes(l) n WHERE in_cycle <> EXISTS (SELECT FROM reach r WHERE r.g = kept.g AND r.top = n.id AND r.id = n.id)$$, 'in_cycle');
SELECT is_empty($$SELECT n.id FROM kept, lineage_nodes(l) n
	WHERE (parents, children) <> ((SELECT count(DISTINCT parent) FROM link WHERE link.g = kept.g AND child = n.id), (SELECT count(DISTINCT child) FROM link WHERE link.g = kept.g AND parent = n.id))$$, 'parents and children');
SELECT bag_eq('SELECT g, child, parent, relation FROM kept, lineage_edges(l)', 'SELECT DISTINCT g, child, parent, relation FROM graph WHERE parent IS NOT NULL', 'edges');

-- sets of roots: each descendant of another root once
CREATE TABLE asked AS SELECT g, n, array_agg(id) AS roots FROM (SELECT g, id, n FROM node, generate_series(1, 5) n WHERE random() < 0.2) q GROUP BY g, n;
SELECT is_empty($$SELECT g, roots FROM asked JOIN kept USING (g)
	WHERE lineage_descendants(l, roots) <> (SELECT count(DISTINCT id) FROM below b WHERE b.g = asked.g AND b.top = ANY (roots))$$, 'descendants of sets of roots');
SELECT is_empty($$SELECT g, roots FROM asked JOIN kept USING (g)
	WHERE (SELECT array_agg(id ORDER BY id) FROM descendants(l, roots)) IS DISTINCT FROM (SELECT array_agg(DISTINCT id ORDER BY id) FROM below b WHERE b.g = asked.g AND b.top = ANY (roots))$$, 'and which they are');

-- depth: fewest steps, with a filter of relations and a limit
CREATE TABLE steps AS
WITH RECURSIVE s(g, top, id, depth) AS (
	SELECT DISTINCT g, parent, child, 1 FROM link WHERE relation IN ('finetune', 'merge')
	UNION SELECT s.g, s.top, link.child, depth + 1 FROM s JOIN link ON link.g = s.g AND link.parent = s.id AND relation IN ('finetune', 'merge') WHERE depth < 6)
SELECT g, top, id, min(depth) AS depth FROM s WHERE top <> id GROUP BY g, top, id;
SELECT bag_eq($$SELECT g, node.id AS top, d.id, d.depth FROM node JOIN kept USING (g), descendants(l, node.id, ARRAY['merge', 'finetune', 'other'], 6) d$$,
	'SELECT g, top, id, depth FROM steps', 'depths under a filter and a limit');
SELECT bag_eq($$SELECT g, roots, d.id, d.depth FROM asked JOIN kept USING (g), descendants(l, roots, ARRAY['merge', 'finetune'], 6) d$$,
	'SELECT asked.g, roots, id, min(depth) FROM asked JOIN steps ON steps.g = asked.g AND top = ANY (roots) GROUP BY asked.g, roots, n, id', 'the same for sets of roots');
SELECT bag_eq('SELECT g, a.id AS top, node.id FROM node JOIN kept USING (g), ancestors(l, node.id) a', 'SELECT g, top, id FROM below', 'ancestors are the other way round');

-- the condensation: components by mutual reach
CREATE TABLE part AS SELECT g, id, least(id, (SELECT min(a.id) FROM below a JOIN below b ON a.g = b.g AND a.top = b.id AND a.id = b.top WHERE a.g = node.g AND a.top = node.id)) AS part FROM node;
CREATE TABLE arc AS SELECT DISTINCT link.g, c.part AS child, p.part AS parent FROM link
	JOIN part c ON c.g = link.g AND c.id = link.child JOIN part p ON p.g = link.g AND p.id = link.parent WHERE c.part <> p.part;
CREATE TABLE origin AS SELECT g, part FROM part EXCEPT SELECT g, child FROM arc;
SELECT bag_eq('SELECT g, id FROM kept, lineage_roots(l)', 'SELECT g, part FROM origin', 'roots, a cycle by its smallest id');
SELECT bag_eq('SELECT DISTINCT g, min(id) OVER (PARTITION BY g, cycle), id FROM kept, lineage_cycles(l)', 'SELECT g, part, id FROM part WHERE (g, part) IN (SELECT g, part FROM part GROUP BY 1, 2 HAVING count(*) > 1)', 'cycles');
CREATE TABLE path AS
WITH RECURSIVE p(g, root, part, n) AS (
	SELECT g, part, part, 0 FROM origin
	UNION SELECT p.g, root, child, n + 1 FROM p JOIN arc ON arc.g = p.g AND arc.parent = p.part)
SELECT * FROM p;
CREATE TABLE down AS
WITH RECURSIVE p(g, part, top, n) AS (
	SELECT DISTINCT g, part, part, 0 FROM part
	UNION SELECT p.g, child, top, n + 1 FROM p JOIN arc ON arc.g = p.g AND arc.parent = p.part)
SELECT g, top, max(n) AS height FROM p GROUP BY g, top;
SELECT bag_eq('SELECT g, id, depth, height, root_count FROM kept, lineage_nodes(l)',
	'SELECT part.g, id, (SELECT min(n) FROM path WHERE path.g = part.g AND path.part = part.part) AS depth, height, (SELECT count(DISTINCT root) FROM path WHERE path.g = part.g AND path.part = part.part) AS roots
	 FROM part JOIN down ON down.g = part.g AND down.top = part.part', 'depth, height, root_count');
SELECT bag_eq('SELECT g, nodes, roots, cycles FROM kept, lineage_info(l)',
	'SELECT g, (SELECT count(*) FROM node WHERE node.g = kept.g) AS a, (SELECT count(*) FROM origin WHERE origin.g = kept.g) AS b, (SELECT count(*) FROM (SELECT FROM part WHERE part.g = kept.g GROUP BY part HAVING count(*) > 1) q) AS c FROM kept', 'info');

-- origins: 1/k per parent outside the cycle, along every path
CREATE TABLE share AS
WITH RECURSIVE outside AS (
	SELECT DISTINCT link.g, c.part AS child, link.parent, p.part AS parent_part FROM link
	JOIN part c ON c.g = link.g AND c.id = link.child JOIN part p ON p.g = link.g AND p.id = link.parent WHERE c.part <> p.part),
k AS (SELECT g, child, count(*)::float8 AS k FROM outside GROUP BY g, child),
s(g, root, part, weight, trail) AS (
	SELECT g, part, part, 1::float8, '' FROM origin
	UNION ALL SELECT s.g, root, o.child, weight / k.k, trail || o.parent || '>' FROM s JOIN outside o ON o.g = s.g AND o.parent_part = s.part JOIN k ON k.g = o.g AND k.child = o.child)
SELECT s.g, root, part.id, sum(weight) AS weight FROM s JOIN part ON part.g = s.g AND part.part = s.part GROUP BY 1, 2, 3;
SELECT is_empty($$SELECT g, id, root, o.weight, s.weight FROM (SELECT g, o.* FROM kept, lineage_origins(l) o) o FULL JOIN share s USING (g, id, root) WHERE abs(o.weight - s.weight) < 1e-12 IS NOT TRUE$$, 'origins');
SELECT is_empty($$SELECT g, id FROM kept, lineage_origins(l) GROUP BY g, id HAVING abs(sum(weight) - 1) > 1e-12$$, 'weights of a node sum to one');

-- a measure, whole numbers so that any order sums alike
CREATE TABLE measure AS SELECT g, id, floor(random() * 1000)::float8 AS own FROM node WHERE random() < 0.8;
SELECT bag_eq('SELECT k.g, w.* FROM kept k, lineage_weighted(l, ARRAY(SELECT id FROM measure m WHERE m.g = k.g), ARRAY(SELECT own FROM measure m WHERE m.g = k.g)) w',
	'SELECT node.g, node.id, coalesce(own, 0) AS own, (SELECT coalesce(sum(m.own), 0) FROM below b JOIN measure m ON m.g = b.g AND m.id = b.id WHERE b.g = node.g AND b.top = node.id) AS total FROM node LEFT JOIN measure USING (g, id)', 'measure of descendants');

-- serial = parallel = rollup, and the one-step form
CREATE TABLE big AS SELECT 'model-' || i AS child, 'model-' || floor(i * random())::int AS parent, (ARRAY['finetune', 'merge'])[1 + i % 2] AS relation FROM generate_series(1, 60000) i;
INSERT INTO big SELECT 'model-' || i, 'model-' || floor(i * random())::int, 'merge' FROM generate_series(1, 60000, 20) i;
ANALYZE big;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE serial AS SELECT lineage_agg(child, parent, relation) AS l FROM big;
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
CREATE FUNCTION plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS off) ' || query; END $$;
SELECT ok((SELECT string_agg(p, ' ') FROM plan_of('SELECT lineage_agg(child, parent, relation) FROM big') p) LIKE '%Partial Aggregate%', 'the plan is parallel');
SELECT ok((SELECT lineage_agg(child, parent, relation) FROM big) = (SELECT l FROM serial), 'serial = parallel');
SELECT ok((SELECT rollup(part) FROM (SELECT lineage_agg(child, parent, relation) AS part FROM big GROUP BY hashtext(child || parent) % 7) q) = (SELECT l FROM serial), 'serial = rollup of parts');
SELECT is((SELECT lineage_descendants(child, parent, 'model-0') FROM big), (SELECT lineage_descendants(l, 'model-0') FROM serial), 'one step in parallel');
SELECT is((WITH RECURSIVE r(id) AS (SELECT child FROM big WHERE parent = 'model-7' UNION SELECT child FROM r JOIN big ON parent = id) SELECT count(*) FROM r WHERE id <> 'model-7'),
	(SELECT descendants FROM serial, lineage_nodes(l) WHERE id = 'model-7'), 'a large one against the recursive query');

-- what lineage_agg answers of a large state is read without its canonical
-- form where that makes no difference: to nothing may it make any
CREATE TABLE tangle AS SELECT i, child, parent, relation FROM (SELECT row_number() OVER () AS i, * FROM big) q
	UNION ALL SELECT 70000 + i, 'ring-' || i, 'ring-' || 1 + i % 50, NULL FROM generate_series(1, 50) i
	UNION ALL SELECT 71000 + i, 'alone-' || i, NULL, 'merge' FROM generate_series(1, 50) i
	UNION ALL SELECT 72000 + i, 'model-' || i, 'model-' || i, 'merge' FROM generate_series(1, 50) i;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE stored AS SELECT i % 3 AS part, lineage_agg(child, parent, relation) AS l FROM tangle GROUP BY 1;
CREATE FUNCTION read_by(reader text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE fresh text := '(SELECT i % 3 AS part, lineage_agg(child, parent, relation) AS l FROM tangle GROUP BY 1) q';
	kept text := 'stored q';
	q text := format('SELECT q.part, r FROM %%s, LATERAL %s AS r', reader);
	n bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM ((%s EXCEPT ALL %s) UNION ALL (%2$s EXCEPT ALL %1$s)) d', format(q, fresh), format(q, kept)) INTO n;
	RETURN NEXT is(n, 0::bigint, reader || ' of an answer as of a stored summary');
END $$;
SELECT read_by(reader) FROM unnest(ARRAY['lineage_nodes(l)', '(SELECT lineage_info(l))', 'lineage_roots(l)', 'lineage_cycles(l)', 'lineage_edges(l)', 'descendants(l, ''model-0'')', '(SELECT lineage_descendants(l, ''model-0''))', '(SELECT l)']) reader;
SET enable_hashagg = off;
SELECT read_by('lineage_nodes(l)');
RESET enable_hashagg;
SELECT is((SELECT count(*) FROM ((SELECT i % 3 AS part, lineage_nodes(lineage_agg(child, parent, relation)) FROM tangle GROUP BY 1) EXCEPT ALL SELECT part, n FROM stored, lineage_nodes(l) n) d), 0::bigint, 'in a list of outputs');
SELECT is((SELECT array_agg(DISTINCT lineage_info(l)::text) FROM (SELECT lineage_agg(child, parent) AS l FROM tangle OFFSET 0) q, generate_series(1, 3)),
	(SELECT ARRAY[lineage_info(lineage_agg(child, parent)::text::lineage_summary)::text] FROM tangle), 'read again and again');
-- a window's state goes on growing behind each answer
SELECT is_empty($$SELECT i FROM (SELECT i, lineage_info(lineage_agg(child, parent) OVER w) AS fresh, (lineage_agg(child, parent) OVER w)::text AS l
	FROM tangle WHERE i <= 4000 WINDOW w AS (ORDER BY i / 250)) q WHERE i % 125 = 0 AND fresh IS DISTINCT FROM lineage_info(l::lineage_summary)$$, 'over a window');
CREATE FUNCTION held() RETURNS text LANGUAGE plpgsql AS $$
DECLARE l lineage_summary := (SELECT lineage_agg(child, parent) FROM tangle);
	n bigint;
BEGIN
	SELECT count(*) INTO n FROM (SELECT lineage_agg(parent, child) FROM tangle) q;
	RETURN lineage_info(l);
END $$;
SELECT is(held(), (SELECT lineage_info(lineage_agg(child, parent))::text FROM tangle), 'in a variable');
SELECT * FROM finish();
