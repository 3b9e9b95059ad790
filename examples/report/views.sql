-- What many items start from, over the tables of a synced schema (or of the
-- simulated one): facts of each model with its owner's kind and country, and
-- downloads by month as differences of the lifetime counter.

-- Without a review an account is what the Hub says: user or organization.
CREATE TEMP VIEW facts AS
SELECT m._id, m.id, m.author, m.created_at, extract(year FROM m.created_at AT TIME ZONE 'UTC')::int AS year,
	m.downloads, m.downloads_all_time AS lifetime, m.likes, m.trending_score, m.pipeline_tag, m.tags,
	m.base_models, m.base_model_relation AS relation,
	coalesce(o.parent, m.author) AS owner,
	coalesce(o.kind, CASE WHEN w.type = 'organization' THEN 'not reviewed' ELSE 'user' END) AS kind,
	coalesce(o.country, CASE WHEN w.type = 'organization' THEN 'not reviewed' ELSE 'individual' END) AS country,
	p.params, p.source AS params_source
FROM models m
	LEFT JOIN org o ON o.namespace = m.author
	LEFT JOIN owners w ON w.name = m.author
	LEFT JOIN LATERAL (SELECT CASE WHEN m.parameters IS NOT NULL THEN m.parameters ELSE params_from_name(m.id) END AS params,
		CASE WHEN m.parameters IS NOT NULL THEN 'declared' WHEN params_from_name(m.id) IS NOT NULL THEN 'name' END AS source) p ON true
WHERE m.vanished_on IS NULL;

-- Downloads between two readings of the lifetime counter, dated by the later
-- one. A counter that fell was recounted: it adds nothing and is marked.
CREATE TEMP TABLE period AS
SELECT s._id, s.captured_on, date_trunc('month', s.captured_on - 1)::date AS month,
	greatest(s.downloads_all_time - coalesce(s.before, 0), 0) AS downloads,
	s.downloads_all_time < s.before AS recounted,
	s.before IS NULL AND f.created_at < s.captured_on - 40 AS unseen,
	f.created_at >= s.captured_on - 365 AS young,
	f.id, f.owner, f.kind, f.country, f.params, f.created_at
FROM (SELECT *, lag(downloads_all_time) OVER (PARTITION BY _id ORDER BY captured_at) AS before
	FROM model_snapshots) s
	JOIN facts f USING (_id);
-- the first reading of an old model holds all its past: it dates nothing
DELETE FROM period WHERE unseen;
CREATE INDEX ON period (month);
ANALYZE period;

-- Who descends from whom, built once.
CREATE TEMP TABLE lineage_state AS SELECT lineage_agg(child, parent, relation) AS l FROM model_edges;
