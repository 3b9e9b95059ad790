-- items: 45
-- section: Adoption, life time, size
-- title: Tasks by size of the model
-- status: definition proposed here
-- statement: Families span sizes; tasks differ by size
-- definition: Share of tasks within a class of size, and the number of classes that the families span
-- data: models
-- value: classes_of_families
-- published: none
-- difference: nothing was published to differ from
/* chart
{"mark":"bar","encoding":{"y":{"field":"class","type":"ordinal","sort":null},"x":{"field":"models","type":"quantitative","stack":"normalize","axis":{"format":"%"}},"color":{"field":"pipeline_tag","type":"nominal"}}}
*/
SELECT size_class(params) AS class, pipeline_tag, count(*) AS models, (count(*) / sum(count(*)) OVER (PARTITION BY size_class(params)))::float8 AS share,
	(SELECT avg(n) FROM (SELECT count(DISTINCT size_class(params)) AS n FROM facts WHERE owner IN ('Alibaba', 'Meta', 'Google', 'DeepSeek', 'Mistral AI') AND params IS NOT NULL GROUP BY owner) x) AS classes_of_families
FROM facts WHERE params IS NOT NULL AND pipeline_tag IS NOT NULL GROUP BY 1, 2 ORDER BY min(min(params)) OVER (PARTITION BY size_class(params)), models DESC;
