-- items: 35
-- section: Derivatives
-- title: Derivatives by owner of the base model
-- status: documented in part
-- statement: Alibaba has more derivatives than Google and Meta together
-- definition: Distinct models with a model of the owner, over all its namespaces, among their ancestors (all) or parents (direct); the owner's own derivatives count as well
-- data: model_edges, org
-- value: to_google_and_meta; descendants @ owner=Alibaba
-- numerator: descendants
-- base: declared
-- left out: of_no_reviewed_owner
-- published: more than 1 at the end of 2025, nearly 1 in mid-2025
-- difference: families are built to the published stock of derivatives; other models of these owners have derivatives by chance
/* chart
{"transform":[{"fold":["descendants","direct"],"as":["count","models"]},{"calculate":"datum.count == 'direct' ? 'direct' : 'all descendants'","as":"count"}],"mark":"bar","encoding":{"y":{"field":"owner","type":"nominal","sort":"-x","title":null},"x":{"field":"models","type":"quantitative","stack":null},"yOffset":{"field":"count","sort":["direct","all descendants"]},"color":{"field":"count","type":"nominal","sort":["direct","all descendants"],"title":null}}}
*/
WITH p AS (SELECT DISTINCT parent AS id FROM model_edges),
r AS (SELECT coalesce(o.parent, o.namespace) AS owner, array_agg(p.id ORDER BY p.id) AS bases FROM p JOIN org o ON o.namespace = repo_namespace(p.id) WHERE coalesce(o.kind, 'industry') = 'industry' GROUP BY 1),
c AS (
	SELECT owner, cardinality(bases) AS bases, lineage_descendants(l, bases) AS descendants, lineage_descendants(l, bases, NULL, 1) AS direct
	FROM lineage_state, r),
u AS (SELECT lineage_descendants(l, (SELECT array_agg(DISTINCT p.id) FROM p JOIN org o ON o.namespace = repo_namespace(p.id))) AS of_reviewed FROM lineage_state)
SELECT owner, bases, direct, descendants, e.declared,
	(SELECT sum(descendants) FILTER (WHERE owner = 'Alibaba') / nullif(sum(descendants) FILTER (WHERE owner IN ('Google', 'Alphabet', 'Meta')), 0) FROM c)::float8 AS to_google_and_meta,
	e.declared - coalesce(u.of_reviewed, 0) AS of_no_reviewed_owner
FROM c, u, (SELECT count(DISTINCT child) AS declared FROM model_edges) e ORDER BY descendants DESC, owner LIMIT 8;
