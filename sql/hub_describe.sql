-- Imported tables and their columns carry the catalogue's words.
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw;
CREATE SCHEMA hub;
IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub;
SELECT resource, column_name FROM hub_catalogue() WHERE description IS NULL OR description ~ '\.$' OR description = '';
SELECT count(*) AS tables_without_comment FROM pg_class
WHERE relnamespace = 'hub'::regnamespace AND obj_description(oid) IS NULL;
SELECT count(*) AS columns_without_comment
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'hub'::regnamespace AND col_description(c.oid, a.attnum) IS NULL;
SELECT a.attname, col_description(a.attrelid, a.attnum) FROM pg_attribute a
WHERE a.attrelid = 'hub.repo_files'::regclass AND a.attnum > 0 ORDER BY a.attnum;
SET client_min_messages = warning;
DROP SCHEMA hub CASCADE;
DROP SERVER hub CASCADE;
