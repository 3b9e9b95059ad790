-- lineage: who derives from whom
\set VERBOSITY terse
SET TIME ZONE 'UTC';

-- A family: two parents (merge), a diamond, a self loop, a cycle of three that
-- hangs below base, a cycle without outside parent, a node alone, a parent
-- that is nobody's child, repeated rows, and ids that differ only in case.
CREATE TABLE edge (child text, parent text, relation text);
INSERT INTO edge VALUES
	('base/A', NULL, NULL),
	('u/a1', 'base/A', 'finetune'), ('u/a2', 'base/A', 'finetune'),
	('u/a1', 'base/A', 'finetune'), ('u/a1', 'base/A', 'adapter'),
	('u/merge', 'u/a1', 'merge'), ('u/merge', 'u/a2', 'merge'),
	('u/quant', 'u/merge', 'quantized'),
	('u/mixed', 'u/merge', 'merge'), ('u/mixed', 'other/B', 'merge'),
	('u/self', 'u/self', 'finetune'), ('u/self', 'base/A', NULL),
	('c/1', 'c/2', NULL), ('c/2', 'c/3', NULL), ('c/3', 'c/1', NULL), ('c/1', 'u/quant', 'finetune'),
	('c/end', 'c/2', 'quantized'),
	('z/1', 'z/2', NULL), ('z/2', 'z/1', NULL), ('z/below', 'z/1', NULL),
	('Base/A', '', NULL), ('x/case', 'Base/A', 'finetune'),
	('模型/甲', 'base/A', 'finetune'), ('alone', NULL, 'finetune'),
	(NULL, 'base/A', 'finetune'), ('', 'base/A', 'finetune');
CREATE TABLE kept AS SELECT lineage_agg(child, parent, relation) AS l FROM edge;

SELECT * FROM lineage_info((SELECT l FROM kept));
SELECT i.* FROM kept, lineage_edges(l) AS i;
SELECT i.* FROM kept, lineage_nodes(l) AS i;
-- the same rows where they come one by one
SELECT count(*) FROM (SELECT (n).* FROM (SELECT lineage_nodes(l) AS n FROM kept) q EXCEPT ALL SELECT i.* FROM kept, lineage_nodes(l) AS i) q;
SELECT lineage_nodes(l) FROM (TABLE kept UNION ALL SELECT lineage_agg('b', 'a')) q (l) WHERE l <> (SELECT l FROM kept);
SELECT (SELECT lineage_nodes(l) FROM kept LIMIT 1), count(lineage_nodes) FROM (SELECT lineage_nodes(lineage_agg(child, parent)) FROM edge GROUP BY child > 'u') q;
SELECT i.* FROM kept, lineage_roots(l) AS i;
SELECT i.* FROM kept, lineage_cycles(l) AS i;
SELECT i.* FROM kept, lineage_origins(l) AS i;

-- counts
SELECT lineage_descendants(l, 'base/A'), lineage_descendants(l, 'Base/A') AS other_case,
	lineage_descendants(l, 'c/1') AS in_cycle, lineage_descendants(l, 'u/self') AS self_loop,
	lineage_descendants(l, 'alone') AS leaf, lineage_descendants(l, 'nobody') AS unknown FROM kept;
SELECT lineage_descendants(l, ARRAY['base/A', 'other/B']) AS both, lineage_descendants(l, ARRAY['u/a1', 'u/a2', 'u/a1']) AS twice,
	lineage_descendants(l, ARRAY['base/A', 'u/merge']) AS nested, lineage_descendants(l, ARRAY['c/1', 'c/2']) AS both_in_cycle, lineage_descendants(l, '{base/A,nobody}'::text[]) AS partly,
	lineage_descendants(l, ARRAY['nobody']) AS unknown, lineage_descendants(l, '{}'::text[]) AS none FROM kept;
SELECT lineage_descendants(l, 'base/A', ARRAY['finetune']) AS finetunes, lineage_descendants(l, 'base/A', ARRAY['finetune', 'merge']) AS merges,
	lineage_descendants(l, 'base/A', '{}') AS none, lineage_descendants(l, 'base/A', ARRAY['other']) AS other,
	lineage_descendants(l, 'base/A', NULL, 1) AS children, lineage_descendants(l, 'base/A', ARRAY['finetune', 'merge'], 2) AS two,
	lineage_descendants(l, 'base/A', max_depth => 0) AS zero FROM kept;
SELECT lineage_descendants(NULL::lineage_summary, 'a'), lineage_descendants(l, NULL::text), lineage_descendants(l, NULL::text[]) FROM kept;

-- walks
SELECT d.* FROM kept, descendants(l, 'base/A') AS d;
SELECT d.* FROM kept, descendants(l, ARRAY['u/a1', 'other/B'], ARRAY['merge', 'quantized']) AS d;
SELECT d.* FROM kept, descendants(l, 'base/A', max_depth => 1) AS d;
SELECT d.* FROM kept, descendants(l, ARRAY['u/quant', 'u/a1', 'c/2']) AS d;
SELECT d.* FROM kept, ancestors(l, 'u/mixed') AS d;
SELECT d.* FROM kept, ancestors(l, 'c/3') AS d;
SELECT d.* FROM kept, ancestors(l, 'nobody') AS d;
SELECT d.* FROM kept, descendants(l, 'nobody') AS d;
SELECT d.* FROM kept, descendants(l, NULL::text) AS d;
SELECT d.* FROM kept, descendants(NULL, 'base/A') AS d;

-- the measure of descendants; a repeated id adds up, NULL is nothing, unknown ids have no place
SELECT w.* FROM kept, lineage_weighted(l, ARRAY['u/quant', 'c/1', 'c/2', 'u/quant', 'base/A', 'nobody'],
	ARRAY[1, 10, 100, 1000, NULL, 7]) AS w WHERE own > 0 OR descendants_total > 0;

-- one step
SELECT lineage_descendants(child, parent, 'base/A') FROM edge;
SELECT lineage_descendants(child, parent, 'nobody') FROM edge;
SELECT lineage_descendants(child, parent, NULL) FROM edge;
SELECT lineage_descendants(child, parent, 'base/A') FROM edge WHERE false;
SELECT lineage_descendants(child, ARRAY[parent], 'base/A') FROM edge;

-- arrays of parents say the same as rows
CREATE TABLE listed AS SELECT child, array_agg(parent) AS parents FROM edge GROUP BY child;
SELECT (SELECT lineage_agg(child, parents) FROM listed) = (SELECT lineage_agg(child, parent) FROM edge) AS same;
SELECT lineage_agg('a', '{}'::text[]) = lineage_agg('a', NULL::text[]), lineage_agg('a', '{NULL,""}'::text[]) = lineage_agg('a', NULL::text) FROM (SELECT) q;
SELECT e.* FROM (SELECT lineage_agg(c, p, r) AS l FROM (VALUES ('a', ARRAY['b', 'c'], 'merge'), ('b', NULL, 'merge')) v(c, p, r)) q, lineage_edges(l) e;

-- sets: order and repetition leave no trace, union is idempotent
SELECT (SELECT lineage_agg(child, parent, relation ORDER BY relation DESC, child) FROM (TABLE edge UNION ALL TABLE edge) q) = l AS same,
	l + l = l AS idempotent FROM kept;
SELECT rollup(part) = (SELECT l FROM kept) AS same
	FROM (SELECT lineage_agg(child, parent, relation) AS part FROM edge GROUP BY length(child)) q;
SELECT a + b = b + a AS commutes, a + b = l AS whole FROM kept,
	(SELECT lineage_agg(child, parent, relation) AS a FROM edge WHERE child < 'u') qa,
	(SELECT lineage_agg(child, parent, relation) AS b FROM edge WHERE child >= 'u') qb;
SELECT lineage_agg(child, parent) IS NULL AS empty FROM edge WHERE child IS NULL;
SELECT rollup(NULL::lineage_summary) IS NULL AS empty;
SELECT count(DISTINCT l), max(n) FROM (SELECT l, count(*) OVER (PARTITION BY l) AS n FROM (TABLE kept UNION ALL TABLE kept) q) q;

-- text and binary, stored and sent
SELECT lineage_agg('b', 'a', 'merge');
SELECT l::text::lineage_summary = l AS text_form FROM kept;
CREATE TABLE stored (l lineage_summary);
INSERT INTO stored SELECT l FROM kept;
SELECT stored.l = kept.l AS stored FROM stored, kept;

-- as a window: each row sees what came before
SELECT c, lineage_descendants(lineage_agg(c, p) OVER (ORDER BY c), 'a') AS so_far
	FROM (VALUES ('b', 'a'), ('c', 'b'), ('d', 'a'), ('e', 'x')) v(c, p);

-- errors
SELECT lineage_descendants(l, ARRAY['base/A', NULL]) FROM kept;
SELECT lineage_descendants(l, 'base/A', ARRAY['merge', NULL]) FROM kept;
SELECT d.* FROM kept, descendants(l, ARRAY['base/A', NULL]) d;
SELECT lineage_descendants(l, 'base/A', NULL, -1) FROM kept;
SELECT w.* FROM kept, lineage_weighted(l, ARRAY['a'], ARRAY[1, 2]) w;
SELECT w.* FROM kept, lineage_weighted(l, ARRAY['a', NULL], ARRAY[1, 2]) w;
SELECT w.* FROM kept, lineage_weighted(l, ARRAY['a'], ARRAY['NaN'::float8]) w;
SELECT w.* FROM kept, lineage_weighted(l, ARRAY['a'], ARRAY['Infinity'::float8]) w;
SELECT lineage_descendants(child, parent, child) FROM edge;
SELECT lineage_descendants(child, parent, nullif(child, 'u/a1')) FROM edge WHERE child = 'u/a1' OR child = 'alone';
SELECT 'lineage:'::lineage_summary;
SELECT 'lineage:TAEA'::lineage_summary;
SELECT 'lineage:TAIA'::lineage_summary;
SELECT 'lineage:not base64!'::lineage_summary;
SELECT 'engagement:RQEAAAA='::lineage_summary;
DROP TABLE edge, kept, listed, stored;
