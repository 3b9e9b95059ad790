-- items: 22
-- section: Entities and trends
-- title: New trending models that are Chinese or derive from a Chinese model
-- status: documented in part
-- statement: The majority of 2025's new trending models are Chinese or derived from Chinese models
-- definition: Of the models of item 21: the owner's country is China, or that of the owner of any root they descend from
-- data: trending_snapshots, model_edges, org
-- value: share @ origin=other
-- published: less than 0.5 (the rest is Chinese or derived from Chinese)
-- difference: trending is simulated without a country effect; derivatives of Chinese models are built in
/* chart
{"mark":"bar","encoding":{"x":{"field":"origin","type":"nominal","title":null},"y":{"field":"models","type":"quantitative"}}}
*/
WITH t AS (
	SELECT DISTINCT f._id, f.id, f.country FROM trending_snapshots s JOIN facts f USING (id) WHERE s.repo_type = 'model' AND f.year = 2025 AND s.rank <= 30),
o AS (
	SELECT o.id, bool_or(g.country = 'CN') AS chinese_root FROM lineage_state, lineage_origins(l) o LEFT JOIN org g ON g.namespace = repo_namespace(o.root) GROUP BY o.id)
SELECT CASE WHEN t.country = 'CN' THEN 'Chinese' WHEN o.chinese_root THEN 'derived from Chinese' ELSE 'other' END AS origin,
	count(*) AS models, sum(count(*)) OVER () AS all_models, (count(*) / sum(count(*)) OVER ())::float8 AS share
FROM t LEFT JOIN o USING (id) GROUP BY 1 ORDER BY 1;
