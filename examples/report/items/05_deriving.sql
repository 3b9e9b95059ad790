-- items: 5
-- section: Growth and concentration
-- title: New derivatives as a share of new models
-- status: definition proposed here
-- statement: A shift from consuming models to deriving new ones
-- definition: Models with a declared parent divided by models, by month of creation, by relation; parents that are not declared are missed, so a lower bound
-- data: models.base_models, base_model_relation
-- value: share_of_all @ month=2025-12-01; share_of_stock @ relation=adapter; share_of_stock @ relation=finetune; share_of_stock @ relation=quantized; share_of_stock @ relation=merge
-- numerator: derivatives
-- base: models
-- left out: without_parent
-- published: none for the month; stock of Oct 2025: adapter 0.426, finetune 0.359, quantized 0.192, merge 0.023
-- difference: nothing was published to differ from by month; the stock of relations is built to the published mix
/* chart
{"mark":"area","encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"share","type":"quantitative","stack":"zero","axis":{"format":"%"},"title":"share of the month's new models"},"color":{"field":"relation","type":"nominal","title":null}}}
*/
WITH m AS (
	SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS month,
		CASE WHEN cardinality(base_models) > 0 THEN coalesce(relation, 'unspecified') END AS relation FROM facts),
stock AS (SELECT relation, count(*) / sum(count(*)) OVER () AS share FROM m WHERE relation IS NOT NULL GROUP BY relation),
t AS (SELECT month, count(*) AS models, count(*) - count(relation) AS without_parent FROM m GROUP BY month)
-- every month has a row for every relation, else a stacked area would bridge the gap
SELECT t.month, s.relation, count(m.relation) AS derivatives, t.models, count(m.relation)::float8 / t.models AS share,
	t.without_parent, 1 - t.without_parent::float8 / t.models AS share_of_all, s.share::float8 AS share_of_stock
FROM t CROSS JOIN stock s LEFT JOIN m ON m.month = t.month AND m.relation = s.relation
GROUP BY t.month, s.relation, t.models, t.without_parent, s.share ORDER BY t.month, s.relation;
