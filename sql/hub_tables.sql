-- Each table of the Hub: the requests that its inputs and conditions become,
-- and what is refused. Nothing here is answered: port 1 is closed, EXPLAIN asks
-- nobody, and refusals come before the first request; their SQLSTATE follows.
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'http://127.0.0.1:1');
CREATE SCHEMA hub;
IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub;
SET search_path = hub, public;
\set explain 'EXPLAIN (VERBOSE, COSTS OFF)'
\set SHOW_CONTEXT never

SELECT relname FROM pg_class WHERE relnamespace = 'hub'::regnamespace ORDER BY relname COLLATE "C";

-- datasets
:explain SELECT id, downloads, tags FROM datasets;
:explain SELECT id, description, main_size FROM datasets;
:explain SELECT id FROM datasets WHERE languages @> '{en,fr}' AND task_categories @> '{translation}';
:explain SELECT id FROM datasets WHERE 'text' = ANY (modalities) AND formats @> '{parquet}';
:explain SELECT id FROM datasets WHERE license = 'mit' AND size_category = '1K<n<10K' AND gated = 'auto';
:explain SELECT id FROM datasets WHERE author = 'a' ORDER BY downloads DESC LIMIT 5;
:explain SELECT id FROM datasets WHERE created_at >= '2026-01-01Z' ORDER BY created_at DESC;
:explain SELECT id, card_data FROM datasets WHERE search = 'squad';
:explain SELECT id, next_page_cursor FROM datasets WHERE page_cursor = 'abc';
:explain SELECT id, downloads FROM datasets WHERE id IN ('a/b', 'c/d');
:explain SELECT used_storage FROM dataset_details WHERE id = 'a/b' AND revision = 'refs/convert/parquet';
SELECT used_storage FROM dataset_details;
\echo :LAST_ERROR_SQLSTATE

-- spaces
:explain SELECT id, likes, trending_score FROM spaces;
:explain SELECT id, stage, hardware FROM spaces WHERE sdk = 'gradio';
:explain SELECT id FROM spaces WHERE uses_model = 'a/b' AND uses_dataset = 'c/d';
:explain SELECT id FROM spaces ORDER BY trending_score DESC NULLS LAST LIMIT 5;
:explain SELECT id FROM spaces WHERE models @> '{a/b}';
:explain SELECT host FROM space_details WHERE id = 'a/b';
SELECT id FROM spaces WHERE uses_model LIKE 'a/%';
\echo :LAST_ERROR_SQLSTATE
SELECT id FROM spaces WHERE uses_model = 'a/b' OR likes > 5;
\echo :LAST_ERROR_SQLSTATE

-- kernels
:explain SELECT id FROM kernels;
:explain SELECT id, downloads FROM kernels WHERE author = 'a' ORDER BY downloads DESC NULLS LAST;
:explain SELECT id FROM kernel_details WHERE id = 'a/b';

-- repo_files
:explain SELECT path, size FROM repo_files WHERE repo_id = 'a/b';
:explain SELECT path, last_commit_at FROM repo_files WHERE repo_id = 'a/b' AND repo_type = 'dataset' AND revision = 'refs/pr/1' AND folder = 'x/y z';
:explain SELECT path FROM repo_files WHERE repo_id IN ('a/b', 'c/d');
:explain SELECT path FROM repo_files WHERE repo_id = 'a/b' AND folder = '../..';
:explain SELECT m.id, f.path FROM models m JOIN repo_files f ON f.repo_id = m.id WHERE m.author = 'a';
SELECT path FROM repo_files;
\echo :LAST_ERROR_SQLSTATE
SELECT path FROM repo_files WHERE path = 'README.md';
\echo :LAST_ERROR_SQLSTATE
SELECT path FROM repo_files WHERE repo_id LIKE 'a/%';
\echo :LAST_ERROR_SQLSTATE
SELECT path FROM repo_files WHERE lower(repo_id) = 'a/b';
\echo :LAST_ERROR_SQLSTATE
SELECT path FROM repo_files WHERE repo_id = 'a/b' AND repo_type = 'bucket';
\echo :LAST_ERROR_SQLSTATE
SELECT path FROM repo_files WHERE repo_id = 'a/b' AND revision <> 'main';
\echo :LAST_ERROR_SQLSTATE

-- repo_commits, repo_refs, likers
:explain SELECT id, committed_at, authors FROM repo_commits WHERE repo_id = 'a/b';
:explain SELECT id, formatted FROM repo_commits WHERE repo_id = 'a/b' AND repo_type = 'space' AND revision = 'v1';
:explain SELECT kind, name FROM repo_refs WHERE repo_id = 'a/b' AND repo_type = 'kernel';
:explain SELECT username FROM likers WHERE repo_id = ANY ('{a/b,c/d}') AND repo_type = 'model';
SELECT id FROM repo_commits WHERE repo_id IS NOT NULL;
\echo :LAST_ERROR_SQLSTATE
SELECT name FROM repo_refs WHERE repo_type = 'model';
\echo :LAST_ERROR_SQLSTATE
SELECT username FROM likers;
\echo :LAST_ERROR_SQLSTATE

-- discussions
:explain SELECT num, title FROM discussions WHERE repo_id = 'a/b';
:explain SELECT num FROM discussions WHERE repo_id = 'a/b' AND status = 'open' AND author = 'x' AND discussion_type = 'pull_request';
:explain SELECT num FROM discussions WHERE repo_id = 'a/b' AND status = 'merged' AND is_pull_request;
SELECT num FROM discussions WHERE repo_id = 'a/b' AND discussion_type = 'issue';
\echo :LAST_ERROR_SQLSTATE
SELECT num FROM discussions;
\echo :LAST_ERROR_SQLSTATE

-- daily_papers, papers
:explain SELECT id, title, listed_at FROM daily_papers;
:explain SELECT id FROM daily_papers WHERE list_date = '2026-02-26';
:explain SELECT id FROM daily_papers WHERE list_date BETWEEN '2026-02-26' AND '2026-03-02';
:explain SELECT id FROM daily_papers WHERE list_date IN ('2026-02-26', '2026-02-27') AND submitter = 'x';
:explain SELECT id, upvotes FROM papers;
:explain SELECT id, num_total_models FROM papers WHERE id = '2510.00001';
SELECT id FROM daily_papers WHERE list_date >= '2026-02-26';
\echo :LAST_ERROR_SQLSTATE
SELECT id FROM daily_papers WHERE list_date <> '2026-02-26';
\echo :LAST_ERROR_SQLSTATE
SELECT id FROM daily_papers WHERE list_date BETWEEN '1900-01-01' AND '2026-02-26';
\echo :LAST_ERROR_SQLSTATE

-- collections
:explain SELECT slug, title FROM collections;
:explain SELECT slug FROM collections WHERE owner = 'x' AND item = 'models/a/b' AND search = 'llm';
:explain SELECT slug FROM collections ORDER BY upvotes DESC LIMIT 10;
:explain SELECT slug FROM collections ORDER BY last_updated DESC LIMIT 10;
:explain SELECT items FROM collections WHERE slug = 'x/y-68';
:explain SELECT ordinal, type, id FROM collection_items WHERE slug = 'x/y-68';
SELECT id FROM collection_items;
\echo :LAST_ERROR_SQLSTATE

-- users, organizations
:explain SELECT num_followers FROM users WHERE name = 'x';
:explain SELECT plan FROM organizations WHERE name IN ('x', 'y');
:explain SELECT username FROM organization_members WHERE name = 'x';
:explain SELECT username FROM followers WHERE name = 'x';
:explain SELECT username, followed_at FROM followers WHERE name = 'x' AND account_type = 'user';
:explain SELECT username FROM followers WHERE name = 'x' AND account_type = 'organization';
SELECT num_followers FROM users;
\echo :LAST_ERROR_SQLSTATE
SELECT num_followers FROM users WHERE username = 'x';
\echo :LAST_ERROR_SQLSTATE
SELECT plan FROM organizations WHERE name ~ 'x';
\echo :LAST_ERROR_SQLSTATE
SELECT username FROM organization_members;
\echo :LAST_ERROR_SQLSTATE
SELECT username FROM followers WHERE account_type = 'user';
\echo :LAST_ERROR_SQLSTATE

-- trending, tags
:explain SELECT rank, id FROM trending;
:explain SELECT rank, id FROM trending WHERE list_type IN ('model', 'dataset', 'space');
:explain SELECT rank, id FROM trending WHERE repo_type = 'model' LIMIT 3;
:explain SELECT type, id FROM tags WHERE repo_type = 'dataset' AND type = 'language';
SELECT id FROM trending WHERE list_type = 'paper';
\echo :LAST_ERROR_SQLSTATE
SELECT id FROM tags WHERE repo_type = 'space';
\echo :LAST_ERROR_SQLSTATE
SELECT id FROM tags WHERE repo_type > 'dataset';
\echo :LAST_ERROR_SQLSTATE

-- what needs a key has no list to sample
ANALYZE repo_files;
ANALYZE model_details;

\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA hub CASCADE;
DROP SERVER hub CASCADE;
