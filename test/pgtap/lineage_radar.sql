-- Real edges of the Hub (9,362 of them, summer 2026) against recursive queries.
SELECT plan(6);
\set file ../shared/data/lineage_radar_2026-08-22.csv.gz
\set present `test -r ../shared/data/lineage_radar_2026-08-22.csv.gz && echo true || echo false`
\if :present
CREATE TABLE edge (child text, parent text, relation text, child_created_at text, source text);
\copy edge FROM PROGRAM 'gzip -dc ../shared/data/lineage_radar_2026-08-22.csv.gz' (FORMAT csv, HEADER)
CREATE TABLE link AS SELECT DISTINCT parent, child FROM edge WHERE parent <> child;
CREATE INDEX ON link (parent, child);
ANALYZE link;
CREATE TABLE kept AS SELECT lineage_agg(child, parent, relation) AS l FROM edge;
CREATE FUNCTION below(root text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	WITH RECURSIVE r(id) AS (SELECT child FROM link WHERE parent = root UNION SELECT child FROM r JOIN link ON parent = id)
	SELECT id FROM r WHERE id <> root $$;
SELECT is((lineage_info(l)).edges, (SELECT count(*) FROM (SELECT DISTINCT child, parent, relation FROM edge) q), 'every edge once') FROM kept;
SELECT results_eq($$SELECT (lineage_info(l)).self_loops, (lineage_info(l)).cycles FROM kept$$, 'VALUES (23::bigint, 0::bigint)', 'self loops, and no longer cycle');
SELECT results_eq($$SELECT id, descendants FROM kept, lineage_nodes(l) WHERE parents = 0 ORDER BY descendants DESC, id COLLATE "C" LIMIT 20$$,
	$$SELECT parent, (SELECT count(*) FROM below(parent)) AS n FROM (SELECT DISTINCT parent FROM link WHERE parent NOT IN (SELECT child FROM link)) q ORDER BY n DESC, parent COLLATE "C" LIMIT 20$$, 'twenty largest roots');
SELECT results_eq($$SELECT id, lineage_descendants(l, id), (SELECT lineage_descendants(child, parent, id) FROM edge) FROM kept, (SELECT n.id FROM kept, lineage_nodes(l) n WHERE parents = 0 ORDER BY descendants DESC, id COLLATE "C" LIMIT 20) q$$,
	$$SELECT n.id, n.descendants, n.descendants FROM kept, lineage_nodes(l) n WHERE parents = 0 ORDER BY descendants DESC, id COLLATE "C" LIMIT 20$$, 'the same from the summary and in one step');
CREATE TABLE family AS SELECT DISTINCT parent AS id FROM link WHERE lower(parent) LIKE 'qwen/%';
SELECT results_eq($$SELECT (SELECT count(*) FROM family), lineage_descendants(l, ARRAY(SELECT id FROM family)), (SELECT sum(lineage_descendants(l, id))::bigint FROM family) FROM kept$$,
	'VALUES (133::bigint, 3132::bigint, 3844::bigint)', 'a family of 133 roots: 3,132 distinct, 3,844 when added up');
SELECT is((SELECT count(DISTINCT b) FROM family, below(id) b), 3132::bigint, 'so says the recursive query');
\else
SELECT skip('no ' || :'file', 6);
\endif
SELECT * FROM finish();
