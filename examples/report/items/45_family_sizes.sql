-- items: 45
-- section: Adoption, life time, size
-- title: Tasks by size of the model
-- status: definition proposed here
-- statement: Families span sizes; tasks differ by size
-- definition: Share of tasks within a class of size, the six most frequent tasks by name; and the mean number of classes that five families (by owner) span
-- data: models
-- value: classes_of_families; share @ class=<1B, task=text-generation; share @ class=5-10B, task=text-generation
-- numerator: models
-- base: models_of_class
-- left out: unknown
-- published: none
-- difference: nothing was published to differ from
/* chart
{"mark":"bar","encoding":{"y":{"field":"class","type":"ordinal","sort":null,"title":"parameters"},"x":{"field":"models","type":"quantitative","stack":"normalize","axis":{"format":"%"},"title":"share of the class"},"color":{"field":"task","type":"nominal","title":null}}}
*/
WITH t AS (SELECT pipeline_tag FROM facts WHERE params IS NOT NULL AND pipeline_tag IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 6),
c AS (
	SELECT size_class(f.params) AS class, coalesce(t.pipeline_tag, 'other') AS task, count(*) AS models, min(params) AS smallest
	FROM facts f LEFT JOIN t USING (pipeline_tag) WHERE params IS NOT NULL AND f.pipeline_tag IS NOT NULL GROUP BY 1, 2)
SELECT class, task, models, sum(models) OVER w AS models_of_class, (models / sum(models) OVER w)::float8 AS share,
	(SELECT avg(n) FROM (SELECT count(DISTINCT size_class(params)) AS n FROM facts WHERE owner IN ('Alibaba', 'Meta', 'Google', 'DeepSeek', 'Mistral AI') AND params IS NOT NULL GROUP BY owner) x)::float8 AS classes_of_families,
	(SELECT count(*) FROM facts WHERE params IS NULL OR pipeline_tag IS NULL) AS unknown
FROM c WINDOW w AS (PARTITION BY class) ORDER BY min(smallest) OVER w, models DESC, task;
