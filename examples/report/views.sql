-- What many items start from, over the tables of a synced schema (or of the
-- simulated one): facts of each model with its owner's kind and country, and
-- downloads by month as differences of the lifetime counter.

-- Without a review an account is what the Hub says: user or organization.
-- Parameters are those that model_override knows better, else those declared,
-- else those in the name; so is the date of release.
CREATE TEMP TABLE facts AS
SELECT m._id, m.id, m.author, m.created_at, coalesce(v.release_date AT TIME ZONE 'UTC', m.created_at) AS released,
	extract(year FROM m.created_at AT TIME ZONE 'UTC')::int AS year,
	m.downloads, m.downloads_all_time AS lifetime, m.likes, m.trending_score, m.pipeline_tag, m.tags,
	m.base_models, m.base_model_relation AS relation,
	coalesce(o.parent, a.parent, m.author) AS owner,
	coalesce(o.kind, CASE WHEN w.type = 'organization' THEN 'not reviewed' ELSE 'user' END) AS kind,
	coalesce(o.country, CASE WHEN w.type = 'organization' THEN 'not reviewed' ELSE 'individual' END) AS country,
	coalesce(v.total_params, m.parameters, n.params) AS params,
	CASE WHEN v.total_params IS NOT NULL THEN 'override' WHEN m.parameters IS NOT NULL THEN 'declared' WHEN n.params IS NOT NULL THEN 'name' END AS params_source
FROM models m
	LEFT JOIN org o ON o.namespace = m.author
	LEFT JOIN (SELECT namespace, min(parent) AS parent FROM provider_alias GROUP BY namespace) a ON a.namespace = m.author
	LEFT JOIN owners w ON w.name = m.author
	LEFT JOIN model_override v ON v.repo = m.id
	CROSS JOIN LATERAL (SELECT CASE WHEN m.parameters IS NULL THEN params_from_name(m.id) END AS params) n
WHERE m.vanished_on IS NULL;
CREATE INDEX ON facts (_id);
CREATE INDEX ON facts (id);
ANALYZE facts;

-- Where an owner has no country of its own.
CREATE TEMP TABLE no_country AS SELECT unnest('{individual,international,unknown,not reviewed}'::text[]) AS country;

-- Downloads between two readings of the lifetime counter, dated by the later
-- one. A counter that fell was recounted: it adds nothing and is marked.
CREATE TEMP TABLE period AS
SELECT s._id, s.captured_on, date_trunc('month', s.captured_on - 1)::date AS month,
	greatest(s.downloads_all_time - coalesce(s.before, 0), 0) AS downloads,
	s.downloads_all_time < s.before AS recounted,
	s.before IS NULL AND f.created_at < s.captured_on - 40 AS unseen,
	f.released >= s.captured_on - 365 AS young,
	f.id, f.owner, f.kind, f.country, f.params, f.created_at
FROM (SELECT *, lag(downloads_all_time) OVER (PARTITION BY _id ORDER BY captured_at) AS before
	FROM model_snapshots) s
	JOIN facts f USING (_id);
-- the first reading of an old model holds all its past: it dates nothing
CREATE TEMP TABLE undated AS SELECT count(*) AS models, coalesce(sum(downloads), 0) AS downloads FROM period WHERE unseen;
DELETE FROM period WHERE unseen;
CREATE INDEX ON period (month);
ANALYZE period;

-- Who descends from whom, built once.
CREATE TEMP TABLE lineage_state AS SELECT lineage_agg(child, parent, relation) AS l FROM model_edges;
