-- items: 35, 36
-- section: Derivatives
-- title: Derivatives of model families
-- status: documented in part
-- statement: Qwen has more than 113,000 derivatives, more than Google and Meta together; more than 200,000 with everything tagged Qwen
-- definition: Distinct models with a root of the family among their parents (direct) or ancestors (all), and the union of those with models that carry the family's tag or name
-- data: model_edges, models.tags, family_rule
-- value: share_of_declared @ family=qwen
-- published: 0.186 (113,000 of 607,148; Llama 0.044, DeepSeek 0.010)
-- difference: built to the published stock of derivatives; descent through others is counted too
/* chart
{"transform":[{"fold":["direct","descendants","with_tagged"],"as":["count","models"]}],"mark":"bar","encoding":{"y":{"field":"family","type":"nominal","sort":"-x","title":null},"x":{"field":"models","type":"quantitative","stack":null},"yOffset":{"field":"count"},"color":{"field":"count","type":"nominal","sort":["direct","descendants","with_tagged"]}}}
*/
SELECT r.family, lineage_descendants(l, r.roots, NULL, 1) AS direct, lineage_descendants(l, r.roots) AS descendants,
	(SELECT count(*) FROM (
		SELECT d.id FROM descendants(l, r.roots) d
		UNION SELECT f.id FROM facts f WHERE r.family = ANY (f.tags) OR lower(repo_name(f.id)) LIKE '%' || r.family || '%') u) AS with_tagged,
	(SELECT count(DISTINCT child) FROM model_edges) AS declared,
	lineage_descendants(l, r.roots)::float8 / (SELECT count(DISTINCT child) FROM model_edges) AS share_of_declared
FROM lineage_state, LATERAL (
	SELECT v.family, array_agg(DISTINCT n.id ORDER BY n.id) AS roots
	FROM (VALUES ('qwen', 'Qwen'), ('llama', 'meta-llama'), ('deepseek', 'deepseek-ai'), ('gemma', 'google'), ('mistral', 'mistralai')) v (family, namespace)
		JOIN (SELECT parent AS id FROM model_edges) n ON repo_namespace(n.id) = v.namespace
	GROUP BY v.family) r
ORDER BY descendants DESC;
