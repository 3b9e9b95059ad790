-- The Hub in a few queries. `make demo` runs this file with psql against a
-- stand-in Hub of 100,000 simulated models; HUB=https://huggingface.co makes it
-- ask the real one. Variables: endpoint, sample ('' or 'LIMIT n'), max_requests.
\set ON_ERROR_STOP on
\pset footer off
\pset null '–'
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pghub;
SET pghub.max_requests = :max_requests;

\echo
\echo '== 1. The Hub as tables'
\echo '   CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw; IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub;'
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint :'endpoint');
CREATE SCHEMA hub;
IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub;
SELECT count(*) AS foreign_tables FROM information_schema.foreign_tables WHERE foreign_table_schema = 'hub';

\echo
\echo '== 2. The most downloaded models of the last 30 days (one request)'
SELECT id, downloads, likes, pipeline_tag, created_at::date AS created
FROM hub.models
ORDER BY downloads DESC LIMIT 10;

\echo
\echo '== 3. What was pushed down'
EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF)
SELECT id, downloads
FROM hub.models
WHERE pipeline_tag = 'text-generation' AND library_name = 'transformers'
ORDER BY downloads DESC LIMIT 5;

\echo
\echo '== 4. Keep what the statistics need:' :sample_text
CREATE TEMP TABLE snapshot AS
SELECT id, author, created_at, downloads, coalesce(downloads_all_time, 0) AS downloads_all_time
FROM hub.models
ORDER BY created_at DESC :sample;
SELECT to_char(count(*), 'FM999,999,999') AS models, min(created_at)::date AS created_from,
	max(created_at)::date AS created_to, to_char(sum(downloads_all_time), 'FM999,999,999,999') AS lifetime_downloads,
	(SELECT sum(requests) FROM hub_stats) AS requests_so_far
FROM snapshot;

\echo
\echo '== 5. How concentrated are lifetime downloads? One pass builds a summary, every reader uses it'
CREATE TEMP TABLE concentration AS
SELECT distribution_agg(downloads_all_time) AS d FROM snapshot;

SELECT 'top ' || percent || ' %' AS models,
	to_char(ceil(f * num_items(d)), 'FM999,999') AS count,
	to_char(100 * pareto_share(d, f), '990.0') || ' %' AS "share of downloads",
	repeat('█', round(40 * pareto_share(d, f))::int) AS " "
FROM concentration, (VALUES ('0.01', 0.0001), ('0.1', 0.001), ('1', 0.01), ('10', 0.1)) AS t (percent, f);

SELECT round(gini(d)::numeric, 4) AS gini,
	to_char(100 * share_below(d, 200), 'FM990.0') || ' %' AS "models below 200 downloads",
	median(d) AS "median downloads",
	coverage_count(d, 0.5) AS "models that make half of all downloads"
FROM concentration;

\echo
\echo '== 6. Lorenz curve: share of all downloads (upwards) that the least downloaded models (to the right) have'
\pset format unaligned
\pset tuples_only on
WITH curve AS (
	SELECT round(60 * population)::int AS x, 20 * max(share) AS y
	FROM concentration, lorenz(d, 61) GROUP BY 1
), step AS (
	SELECT x, y, coalesce(lag(y) OVER (ORDER BY x), 0) AS y_before FROM curve
)
SELECT CASE WHEN line % 5 = 0 THEN to_char(line * 5, '999') || ' % ┤' ELSE '       │' END
	|| string_agg(CASE
		WHEN line BETWEEN least(round(y_before) + 1, round(y)) AND round(y) THEN '█'
		WHEN round(x / 3.0) = line THEN '·'
		ELSE ' ' END, '' ORDER BY x)
FROM step, generate_series(0, 20) AS line
GROUP BY line ORDER BY line DESC;
\echo '       └┴──────────────┴──────────────┴──────────────┴──────────────┴'
\echo '       0 %           25 %           50 %           75 %          100 % of models'
\echo '        █ Lorenz curve   · equality'
\pset format aligned
\pset tuples_only off

\echo
\echo '== 7. Downloads by owner'
CREATE TEMP TABLE owners AS
SELECT author, count(*) AS models, sum(downloads_all_time)::bigint AS downloads
FROM snapshot GROUP BY author;

SELECT author, models, to_char(downloads, 'FM999,999,999,999') AS "lifetime downloads",
	to_char(100.0 * downloads / nullif(sum(downloads) OVER (), 0), '990.0') || ' %' AS share
FROM owners ORDER BY owners.downloads DESC, author LIMIT 8;

SELECT num_items(d) AS owners, round((10000 * hhi(d))::numeric, 1) AS "HHI (0–10,000)",
	round(effective_number(d)::numeric, 1) AS "effective owners",
	to_char(100 * top_k_share(d, 10), 'FM990.0') || ' %' AS "share of the top 10"
FROM (SELECT distribution_agg(downloads) AS d FROM owners) q;

\echo
\echo '== 8. What it cost'
SELECT server, requests, retries, pg_size_pretty(bytes_wire) AS received, quota_left, quota_limit FROM hub_stats;
