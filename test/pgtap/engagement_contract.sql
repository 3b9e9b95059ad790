-- What a distributed planner does with these aggregates, step by step: each
-- shard runs the transition without the final function, its state crosses as
-- text or through send and receive, the coordinator combines and finishes.
SELECT plan(12);
SELECT setseed(0.5);
CREATE TABLE item AS SELECT i % 4 AS shard, timestamptz '2026-01-01' + floor(random() * 5000) * interval '1 hour' AS at,
	exp(random() * 20) AS v, floor(random() * 1e6)::bigint AS n, timestamptz '2025-12-01' AS origin, random() < 0.5 AS o FROM generate_series(1, 4000) i;

CREATE AGGREGATE worker_e(timestamptz, double precision) (SFUNC = engagement_trans, STYPE = engagement_summary);
CREATE AGGREGATE worker_p(timestamptz, double precision, timestamptz) (SFUNC = engagement_trans, STYPE = engagement_summary);
CREATE AGGREGATE worker_c(timestamptz, bigint) (SFUNC = counter_trans, STYPE = counter_summary);
CREATE AGGREGATE worker_s(double precision, boolean) (SFUNC = survival_trans, STYPE = survival_summary);
CREATE AGGREGATE worker_k(double precision, double precision) (SFUNC = series_kendall, STYPE = series_summary);
CREATE AGGREGATE worker_m(timestamptz, double precision, double precision) (SFUNC = series_milestone, STYPE = series_summary);
CREATE AGGREGATE coordinator(engagement_summary) (SFUNC = engagement_combine, STYPE = engagement_summary, FINALFUNC = engagement_final);
CREATE AGGREGATE coordinator(counter_summary) (SFUNC = counter_combine, STYPE = counter_summary, FINALFUNC = counter_final);
CREATE AGGREGATE coordinator(survival_summary) (SFUNC = survival_combine, STYPE = survival_summary, FINALFUNC = survival_final);
CREATE AGGREGATE coordinator_k(series_summary) (SFUNC = series_combine, STYPE = series_summary, FINALFUNC = kendall_tau_b_final);
CREATE AGGREGATE coordinator_m(series_summary) (SFUNC = series_combine, STYPE = series_summary, FINALFUNC = time_to_milestone_final);

CREATE TABLE part AS SELECT shard, worker_e(at, v) AS e, worker_p(at, v, origin) AS p, worker_c(at, n) AS c, worker_s(n % 300, o) AS s,
	worker_k(v, n) AS k, worker_m(at, n, 999000) AS m FROM item GROUP BY shard;
-- a shard without rows gives NULL
INSERT INTO part (shard) VALUES (99);
CREATE TABLE whole AS SELECT engagement_agg(at, v) AS e, engagement_agg(at, v, origin) AS p, counter_agg(at, n) AS c, survival_agg(n % 300, o) AS s,
	kendall_tau_b(v, n) AS k, time_to_milestone(at, n, 999000) AS m FROM item;

SELECT ok((SELECT coordinator(e::text::engagement_summary) FROM part) = (SELECT e FROM whole), 'engagement as text');
SELECT ok((SELECT coordinator(p::text::engagement_summary) FROM part) = (SELECT p FROM whole), 'pooled engagement as text');
SELECT ok((SELECT coordinator(c::text::counter_summary) FROM part) = (SELECT c FROM whole), 'counter as text');
SELECT ok((SELECT coordinator(s::text::survival_summary) FROM part) = (SELECT s FROM whole), 'survival as text');
SELECT ok((SELECT coordinator_k(k::text::series_summary) FROM part) = (SELECT k FROM whole), 'kendall_tau_b as text');
SELECT ok((SELECT coordinator_m(m::text::series_summary) FROM part) = (SELECT m FROM whole), 'time_to_milestone as text');

-- send and receive, by a binary copy
SELECT current_setting('data_directory') || '/parts' AS file \gset
COPY part TO :'file' (FORMAT binary);
CREATE TABLE received (LIKE part);
COPY received FROM :'file' (FORMAT binary);
SELECT ok((SELECT coordinator(e) FROM received) = (SELECT e FROM whole), 'engagement by send and receive');
SELECT ok((SELECT coordinator(p) FROM received) = (SELECT p FROM whole), 'pooled engagement by send and receive');
SELECT ok((SELECT coordinator(c) FROM received) = (SELECT c FROM whole), 'counter by send and receive');
SELECT ok((SELECT coordinator(s) FROM received) = (SELECT s FROM whole), 'survival by send and receive');
SELECT ok((SELECT coordinator_k(k) FROM received) = (SELECT k FROM whole), 'kendall_tau_b by send and receive');
SELECT ok((SELECT coordinator_m(m) FROM received) = (SELECT m FROM whole), 'time_to_milestone by send and receive');
SELECT * FROM finish();
