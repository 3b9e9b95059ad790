-- What becomes of conditions, seen in the request that EXPLAIN shows. No
-- network: EXPLAIN asks nobody.
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'http://127.0.0.1:1');
CREATE SCHEMA hub;
IMPORT FOREIGN SCHEMA hub LIMIT TO (models, model_details) FROM SERVER hub INTO hub;
SET search_path = hub, public;
\set explain 'EXPLAIN (VERBOSE, COSTS OFF)'

-- projection: nothing to expand while the default set has all
:explain SELECT id, downloads FROM models;
:explain SELECT id, last_modified, parameters FROM models;
:explain SELECT count(*) FROM models;
:explain SELECT card_data FROM models;

-- order and limit
:explain SELECT id FROM models ORDER BY downloads DESC LIMIT 10;
:explain SELECT id FROM models ORDER BY downloads DESC NULLS LAST LIMIT 10;
:explain SELECT id FROM models ORDER BY downloads LIMIT 10;
:explain SELECT id FROM models ORDER BY trending_score DESC LIMIT 10;
:explain SELECT id FROM models ORDER BY trending_score DESC NULLS LAST LIMIT 10;
:explain SELECT id FROM models ORDER BY downloads DESC, id LIMIT 10;
:explain SELECT id FROM models LIMIT 5 OFFSET 20;
:explain SELECT id FROM models WHERE id LIKE 'a%' ORDER BY downloads DESC LIMIT 10;

-- equality
:explain SELECT id FROM models WHERE author = 'google';
:explain SELECT id FROM models WHERE 'google' = author AND pipeline_tag = 'text-generation';
:explain SELECT id FROM models WHERE author IN ('google', 'facebook', 'google', NULL);
:explain SELECT id FROM models WHERE license = 'mit' AND library_name = 'diffusers';
:explain SELECT id FROM models WHERE gated = 'manual';
:explain SELECT id FROM models WHERE gated = 'false';
:explain SELECT id FROM models WHERE author = 'a&b=c d/é';
:explain SELECT id FROM models WHERE author = NULL;
:explain SELECT id FROM models WHERE search = 'llama';

-- tags
:explain SELECT id FROM models WHERE tags @> '{pytorch,license:mit}';
:explain SELECT id FROM models WHERE '{pytorch}' <@ tags;
:explain SELECT id FROM models WHERE 'pytorch' = ANY (tags);
:explain SELECT id FROM models WHERE tags @> '{"a,b"}';
:explain SELECT id FROM models WHERE base_models @> '{org/x}';

-- keys
:explain SELECT id FROM models WHERE id = 'org/x';
:explain SELECT id, trending_score FROM models WHERE id = 'org/x';
:explain SELECT id FROM models WHERE id = ANY ('{a/b,c/d,a/b,e/f,g/h,i/j}');
:explain SELECT used_storage FROM model_details WHERE id = 'org/x';
:explain SELECT used_storage FROM model_details;
:explain SELECT * FROM models WHERE id = 'a/../b';

-- bounds
:explain SELECT id FROM models WHERE downloads > 1000000;
:explain SELECT id FROM models WHERE downloads > 1e6;
:explain SELECT id FROM models WHERE created_at >= '2026-01-01';
:explain SELECT id FROM models WHERE downloads < 5;

-- pages
:explain SELECT id, next_page_cursor FROM models WHERE page_cursor = '';

-- never
:explain SELECT id FROM models WHERE author = 'a' OR author = 'b';
:explain SELECT id FROM models WHERE NOT author = 'a';
:explain SELECT id FROM models WHERE license IS NULL;
:explain SELECT id FROM models WHERE search LIKE 'l%';
:explain SELECT id FROM models WHERE author = 'a' COLLATE "C";
:explain SELECT id FROM models WHERE author = repeat('a', (random() * 10)::int);

-- parameters, also in generic plans
SET plan_cache_mode = force_generic_plan;
PREPARE by_author(text) AS SELECT id FROM models WHERE author = $1;
:explain EXECUTE by_author('google');
PREPARE by_ids(text[]) AS SELECT id FROM models WHERE id = ANY ($1);
:explain EXECUTE by_ids('{a/b}');
PREPARE top(int) AS SELECT id FROM models ORDER BY likes DESC LIMIT $1;
:explain EXECUTE top(3);
RESET plan_cache_mode;

-- joins
CREATE TABLE wanted (id text, author text);
:explain SELECT m.id, d.used_storage FROM wanted w JOIN model_details d ON d.id = w.id JOIN models m ON m.id = w.id;
:explain SELECT * FROM wanted w WHERE EXISTS (SELECT FROM models m WHERE m.id = w.id);
:explain SELECT id FROM models WHERE id IN (SELECT id FROM wanted);
:explain SELECT w.id, (SELECT m.downloads FROM models m WHERE m.id = w.id) FROM wanted w;
:explain SELECT id FROM models WHERE id = ANY (ARRAY(SELECT id FROM wanted));
DROP TABLE wanted;
DROP SCHEMA hub CASCADE;
DROP SERVER hub CASCADE;

-- a table with a BRIN index, whose cost asks for statistics as well
CREATE TABLE brin (day date, n int) PARTITION BY RANGE (day);
CREATE TABLE brin_1 PARTITION OF brin FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE INDEX ON brin USING brin (day);
SELECT count(*) FROM brin WHERE day = '2026-01-05';
DROP TABLE brin;
