-- A database as users have it: stored summaries of every family, servers,
-- mappings, foreign tables, views over summaries.
CREATE EXTENSION pghub;
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'https://hub.invalid', timeout '20s', page_size '500');
CREATE USER MAPPING FOR CURRENT_USER SERVER hub OPTIONS (token 'hf_upgrade');
CREATE SCHEMA hub;
IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub;

CREATE TABLE stored AS
SELECT g, distribution_agg((i * i * (g + 1)) % 1000) AS d, distribution_agg(i / 7.0::float8) AS df,
	lineage_agg('m' || i, 'm' || i / (g + 2), CASE i % 3 WHEN 0 THEN 'finetune' WHEN 1 THEN 'adapter' END) AS l,
	engagement_agg(timestamptz '2026-01-01' + i * interval '7 hours', (exp(-i / 40.0) * 1000)::float8) AS e,
	counter_agg(timestamptz '2026-01-01' + i * interval '1 day', (i * 10 + i % 7)::bigint) AS c,
	survival_agg((i % 50 + 1)::float8, i % 3 <> 0) AS s
FROM generate_series(0, 3) g, generate_series(1, 300) i GROUP BY g;
-- past the cap of exact values
INSERT INTO stored (g, d) SELECT 99, distribution_agg(i::bigint) FROM generate_series(1, 100000) i;

CREATE VIEW readings AS SELECT g, gini(d) AS gini, pareto_share(d, 0.1) AS top FROM stored;
CREATE MATERIALIZED VIEW kept AS SELECT g, d FROM stored WHERE g < 2;
CREATE INDEX ON kept (d);
