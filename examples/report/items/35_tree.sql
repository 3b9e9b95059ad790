-- items: 35
-- section: Derivatives
-- title: The largest family tree
-- status: documented in part
-- statement: Who builds on whom
-- definition: Descendants of the model with most of them, by depth and by relation of the last step
-- data: model_edges
-- value: models
-- published: none
-- difference: nothing was published to differ from
/* chart
{"mark":"bar","encoding":{"x":{"field":"depth","type":"ordinal"},"y":{"field":"models","type":"quantitative"},"color":{"field":"relation","type":"nominal"}}}
*/
WITH top AS (SELECT n.id FROM lineage_state, lineage_nodes(l) n ORDER BY n.descendants DESC, n.id LIMIT 1)
SELECT top.id AS root, d.depth, d.relation, count(*) AS models, sum(count(*)) OVER () AS all_descendants
FROM lineage_state, top, LATERAL descendants(l, top.id) d GROUP BY 1, 2, 3 ORDER BY 2, 3;
