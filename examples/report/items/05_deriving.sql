-- items: 5
-- section: Growth and concentration
-- title: New derivatives as a share of new models
-- status: definition proposed here
-- statement: A shift from consuming models to deriving new ones
-- definition: Models with a declared parent divided by models, by month of creation, by relation; undeclared parents are missed, so a lower bound
-- data: models.base_models, base_model_relation
-- value: share
-- published: none for the month; stock of Oct 2025: adapter 42.6 %, finetune 35.9 %, quantized 19.2 %, merge 2.3 %
-- difference: nothing was published to differ from by month; the stock of relations is built to the published mix
/* chart
{"mark":"area","encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"share","type":"quantitative","stack":"zero","axis":{"format":"%"}},"color":{"field":"relation","type":"nominal"}}}
*/
WITH m AS (
	SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date AS month,
		CASE WHEN cardinality(base_models) > 0 THEN coalesce(relation, 'unspecified') END AS relation FROM facts)
SELECT month, relation, count(*) AS derivatives, total AS models, count(*)::float8 / total AS share,
	(SELECT count(*) FROM m n WHERE n.relation = m.relation)::float8 / (SELECT count(relation) FROM m) AS share_of_stock
FROM m JOIN (SELECT month, count(*) AS total FROM m GROUP BY month) t USING (month)
WHERE relation IS NOT NULL GROUP BY month, relation, total ORDER BY month, relation;
