-- items: 8
-- section: Growth and concentration
-- title: Niche communities: modest downloads, sustained reuse
-- status: definition proposed here
-- statement: Niche communities show modest downloads and sustained reuse
-- definition: By tag: downloads, share of models that another one builds on, share still downloaded in the last month, and the location quotient of reuse: the tag's share of reused models over its share of all
-- data: models.tags, model_edges
-- value: reuse_quotient @ tag=chemistry
-- published: none
-- difference: nothing was published to differ from; tags are dealt at random, so quotients stay near 1
/* chart
{"mark":"point","encoding":{"x":{"field":"downloads","type":"quantitative","scale":{"type":"log"}},"y":{"field":"reuse_quotient","type":"quantitative"},"color":{"field":"tag","type":"nominal"},"size":{"field":"models","type":"quantitative"}}}
*/
WITH reused AS (SELECT DISTINCT parent AS id FROM model_edges),
m AS (SELECT f.id, f.tags, f.lifetime, f.downloads, r.id IS NOT NULL AS reused FROM facts f LEFT JOIN reused r USING (id))
SELECT tag, count(*) AS models, sum(lifetime) AS downloads, count(*) FILTER (WHERE reused) AS reused,
	avg(reused::int) AS reuse_rate, avg((m.downloads > 0)::int) AS active_rate,
	avg(reused::int) / (SELECT avg(reused::int) FROM m) AS reuse_quotient
FROM m, unnest(tags) tag
WHERE tag IN ('chemistry', 'biology', 'medical', 'climate', 'physics', 'text-generation', 'text-classification', 'robotics')
GROUP BY tag HAVING sum(lifetime) > 0 ORDER BY reuse_quotient DESC;
