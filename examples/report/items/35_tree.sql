-- items: 35
-- section: Derivatives
-- title: The largest family tree
-- status: documented in part
-- statement: Derivatives build on derivatives: who builds on whom below the model with most descendants
-- definition: Descendants of the root with most of them. One that names several parents hangs below the first by name of those nearest to the root. Shown are the nodes with the largest branches, at most 24 and three steps deep; the rest is counted where it would stand
-- data: model_edges
-- value: all_descendants; shown
-- numerator: shown
-- base: all_descendants
-- left out: hidden
-- published: none
-- difference: nothing was published to differ from; the tree of the simulation grows by chance below roots of the published shares
/* chart
{"height":{"signal":"length(data('ends')) * 18"},
 "signals":[{"name":"room","update":"narrow ? 112 : 140"},{"name":"step","update":"(width - room) / max(1, data('deepest')[0].level)"}],
 "data":[
  {"name":"deepest","source":"rows","transform":[{"type":"aggregate","fields":["depth"],"ops":["max"],"as":["level"]}]},
  {"name":"ends","source":"rows","transform":[{"type":"filter","expr":"datum.is_leaf"}]},
  {"name":"tree","source":"rows","transform":[
   {"type":"stratify","key":"node","parentKey":"parent"},
   {"type":"tree","method":"cluster","size":[{"signal":"length(data('ends')) * 18"},{"signal":"1"}],"separation":false,"as":["y","unit","level","children"]},
   {"type":"formula","as":"x","expr":"datum.level * step"},
   {"type":"formula","as":"below","expr":"datum.hidden_below != null"}]},
  {"name":"links","source":"tree","transform":[{"type":"treelinks"},{"type":"linkpath","orient":"horizontal","shape":"diagonal"}]}],
 "scales":[{"name":"color","type":"ordinal","range":"category","domain":["finetune","adapter","quantized","merge"]}],
 "legends":[{"stroke":"color","symbolType":"stroke","title":"relation to the parent","orient":"bottom","columns":{"signal":"narrow ? 2 : 4"}}],
 "marks":[
  {"type":"path","from":{"data":"links"},"encode":{"enter":{
   "path":{"field":"path"},"strokeWidth":{"value":1.5},"strokeOpacity":{"signal":"datum.target.below ? 0.5 : 0.85"},
   "stroke":[{"test":"datum.target.relation","scale":"color","field":"target.relation"},{"signal":"ink"}],
   "strokeDash":{"signal":"datum.target.below ? [2, 3] : [1, 0]"}}}},
  {"type":"symbol","from":{"data":"tree"},"encode":{"enter":{
   "x":{"field":"x"},"y":{"field":"y"},"size":{"signal":"datum.below ? 0 : 36"},
   "fill":[{"test":"datum.relation","scale":"color","field":"relation"},{"signal":"ink"}]}}},
  {"type":"text","from":{"data":"tree"},"encode":{"enter":{
   "x":{"field":"x"},"y":{"field":"y"},"fontSize":{"value":11},"text":{"field":"label"},"baseline":{"value":"middle"},
   "stroke":{"signal":"card"},"strokeWidth":{"signal":"datum.is_leaf ? 0 : 4"},"strokeJoin":{"value":"round"},
   "limit":{"signal":"datum.is_leaf ? room * 1.6 : step * 1.5"},"align":{"signal":"datum.is_leaf || datum.level == 0 ? 'left' : 'right'"},
   "dx":{"signal":"datum.is_leaf ? 7 : datum.level == 0 ? -4 : -6"},"dy":{"signal":"datum.level == 0 ? -12 : 0"},
   "fontWeight":{"signal":"datum.level == 0 ? 'bold' : 'normal'"}}}},
  {"type":"text","from":{"data":"tree"},"encode":{"enter":{
   "x":{"field":"x"},"y":{"field":"y"},"fontSize":{"value":11},"text":{"field":"label"},"baseline":{"value":"middle"},
   "fill":{"signal":"ink"},"opacity":{"signal":"datum.below ? 0.8 : 1"},"fontStyle":{"signal":"datum.below ? 'italic' : 'normal'"},
   "limit":{"signal":"datum.is_leaf ? room * 1.6 : step * 1.5"},"align":{"signal":"datum.is_leaf || datum.level == 0 ? 'left' : 'right'"},
   "dx":{"signal":"datum.is_leaf ? 7 : datum.level == 0 ? -4 : -6"},"dy":{"signal":"datum.level == 0 ? -12 : 0"},
   "fontWeight":{"signal":"datum.level == 0 ? 'bold' : 'normal'"}}}}]}
*/
WITH top AS (
	SELECT n.id FROM lineage_state, lineage_nodes(l) n ORDER BY n.descendants DESC, n.id LIMIT 1),
below AS (
	SELECT id, 0 AS depth FROM top
	UNION ALL SELECT d.id, d.depth FROM lineage_state, top, descendants(l, top.id) d),
-- one parent each, so that a tree comes out of the lineage
tree AS (
	SELECT DISTINCT ON (c.id) c.id, p.id AS parent, c.depth, e.relation
	FROM lineage_state, lineage_edges(l) e JOIN below c ON c.id = e.child JOIN below p ON p.id = e.parent AND p.depth = c.depth - 1
	ORDER BY c.id, p.id, e.relation),
branch AS (
	SELECT n.id, t.parent, coalesce(t.depth, 0) AS depth, t.relation, n.descendants + 1 AS models
	FROM (SELECT lineage_agg(id, parent) AS l FROM tree) q, lineage_nodes(l) n LEFT JOIN tree t USING (id)),
-- a branch is larger than every branch in it: the parent of a node shown is shown
shown AS (
	SELECT * FROM branch WHERE depth <= 3 ORDER BY models DESC, depth, id LIMIT 24),
counted AS (
	SELECT s.*, s.models - 1 - coalesce(sum(c.models), 0) AS hidden, count(c.id) AS drawn
	FROM shown s LEFT JOIN shown c ON c.parent = s.id GROUP BY s.id, s.parent, s.depth, s.relation, s.models)
SELECT node, n.parent, label, n.depth, n.relation, n.models, hidden_below, is_leaf, (SELECT id FROM top) AS root,
	(SELECT max(models) - 1 FROM branch) AS all_descendants, (SELECT count(*) - 1 FROM shown) AS shown, (SELECT sum(hidden) FROM counted) AS hidden
FROM counted c CROSS JOIN LATERAL (
	VALUES (c.id, c.parent, CASE WHEN c.drawn > 0 THEN repo_name(c.id) WHEN c.hidden > 0 THEN repo_name(c.id) || ' + ' || to_char(c.hidden, 'FM999,999,999')
			ELSE repo_name(c.id) END, c.depth, c.relation, c.models, NULL, c.drawn = 0),
		(c.id || ' and more', c.id, '+ ' || to_char(c.hidden, 'FM999,999,999') || ' more', c.depth + 1, NULL, c.hidden, c.hidden, true)
	) n (node, parent, label, depth, relation, models, hidden_below, is_leaf)
WHERE n.hidden_below IS NULL OR (c.drawn > 0 AND c.hidden > 0)
ORDER BY n.depth, n.hidden_below NULLS FIRST, n.models DESC, node;
