-- items: 22
-- section: Entities and trends
-- title: New trending models that are Chinese or derive from a Chinese model
-- status: documented in part
-- statement: The majority of 2025's new trending models are Chinese or derived from Chinese models
-- definition: Of the models of item 21: the owner's country is China, or that of the owner of any root they descend from. An owner without a country is not Chinese
-- data: trending_snapshots, model_edges, org
-- value: share_chinese_or_derived
-- numerator: chinese_or_derived
-- base: all_models
-- left out: not_listed
-- published: more than 0.5
-- difference: trending is simulated without a country effect; derivatives of Chinese models are built in
/* chart
{"layer":[{"mark":"bar"},{"mark":{"type":"text","align":"left","dx":4},"encoding":{"text":{"field":"share","type":"quantitative","format":".0%"}}}],"encoding":{"y":{"field":"origin","type":"nominal","title":null},"x":{"field":"models","type":"quantitative","title":"models that ever trended"}}}
*/
WITH t AS (
	SELECT DISTINCT f._id, f.id, f.country FROM trending_snapshots s JOIN facts f USING (id) WHERE s.repo_type = 'model' AND f.year = 2025 AND s.rank <= 30),
o AS (
	SELECT o.id, bool_or(g.country = 'CN') AS chinese_root FROM lineage_state, lineage_origins(l) o LEFT JOIN org g ON g.namespace = repo_namespace(o.root) GROUP BY o.id),
c AS (
	SELECT CASE WHEN t.country = 'CN' THEN 'Chinese' WHEN o.chinese_root THEN 'derived from Chinese' ELSE 'other' END AS origin, count(*) AS models
	FROM t LEFT JOIN o USING (id) GROUP BY 1)
SELECT origin, models, sum(models) OVER () AS all_models, (models / sum(models) OVER ())::float8 AS share,
	coalesce(sum(models) FILTER (WHERE origin <> 'other') OVER (), 0) AS chinese_or_derived,
	(coalesce(sum(models) FILTER (WHERE origin <> 'other') OVER (), 0) / sum(models) OVER ())::float8 AS share_chinese_or_derived,
	(SELECT count(DISTINCT id) FROM trending_snapshots t WHERE repo_type = 'model' AND t.rank <= 30 AND NOT EXISTS (SELECT FROM facts f WHERE f.id = t.id)) AS not_listed
FROM c ORDER BY origin;
