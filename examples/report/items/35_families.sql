-- items: 35, 36
-- section: Derivatives
-- title: Derivatives of model families
-- status: documented in part
-- statement: Qwen has more than 113,000 derivatives, and more than 200,000 with everything tagged Qwen
-- definition: Distinct models with a root of the family among their parents (direct) or ancestors (all), and the union of those with models that carry the family's tag or name
-- data: model_edges, models.tags
-- value: share_of_declared @ family=qwen; share_of_declared @ family=llama; share_of_declared @ family=deepseek; tagged_to_descendants @ family=qwen
-- numerator: descendants
-- base: declared
-- left out: undeclared
-- published: 0.186 (113,000 of 607,148), 0.044, 0.010; 200,000 to 113,000: 1.8
-- difference: built to the published stock of derivatives; descent through others is counted too. Fewer models than published carry a tag without a declared parent
/* chart
{"transform":[{"fold":["direct","descendants","with_tagged"],"as":["count","models"]},{"calculate":"{direct: 'direct', descendants: 'all descendants', with_tagged: 'or tagged'}[datum.count]","as":"count"}],"mark":"bar","encoding":{"y":{"field":"family","type":"nominal","sort":"-x","title":null},"x":{"field":"models","type":"quantitative","stack":null},"yOffset":{"field":"count","sort":["direct","all descendants","or tagged"]},"color":{"field":"count","type":"nominal","sort":["direct","all descendants","or tagged"],"title":null}}}
*/
WITH n AS (
	SELECT count(DISTINCT child) AS declared, (SELECT count(*) FROM facts) - count(DISTINCT child) AS undeclared FROM model_edges)
SELECT r.family, lineage_descendants(l, r.roots, NULL, 1) AS direct, lineage_descendants(l, r.roots) AS descendants, t.with_tagged,
	t.with_tagged::float8 / nullif(lineage_descendants(l, r.roots), 0) AS tagged_to_descendants, n.declared, n.undeclared,
	lineage_descendants(l, r.roots)::float8 / n.declared AS share_of_declared
FROM lineage_state CROSS JOIN n CROSS JOIN LATERAL (
	SELECT v.family, array_agg(DISTINCT n.id ORDER BY n.id) AS roots
	FROM (VALUES ('qwen', 'Qwen'), ('llama', 'meta-llama'), ('deepseek', 'deepseek-ai'), ('gemma', 'google'), ('mistral', 'mistralai')) v (family, namespace)
		JOIN (SELECT parent AS id FROM model_edges) n ON repo_namespace(n.id) = v.namespace
	GROUP BY v.family) r
	CROSS JOIN LATERAL (SELECT count(*) AS with_tagged FROM (
		SELECT d.id FROM descendants(l, r.roots) d
		UNION SELECT f.id FROM facts f WHERE r.family = ANY (f.tags) OR lower(repo_name(f.id)) LIKE '%' || r.family || '%') u) t
ORDER BY descendants DESC, r.family;
