-- items: 8
-- section: Growth and concentration
-- title: Niche communities: modest downloads, sustained reuse
-- status: definition proposed here
-- statement: Niche communities show modest downloads and sustained reuse
-- definition: By tag: downloads, share of models that another one builds on, share still downloaded in the last month, retention (of the models downloaded in the same month a year before, the share downloaded in the last one), and the location quotient of reuse: the tag's share of reused models over its share of all
-- data: models.tags, model_edges, model_snapshots
-- value: reuse_quotient @ tag=chemistry; retention @ tag=chemistry
-- numerator: reused
-- base: models
-- left out: without_these_tags
-- published: none
-- difference: nothing was published to differ from; tags are dealt at random, so quotients stay near 1
/* chart
{"layer":[{"mark":{"type":"rule","strokeDash":[4,3]},"encoding":{"x":{"datum":1},"y":null}},{"mark":{"type":"point","filled":true,"size":90},"encoding":{"x":{"field":"reuse_quotient","type":"quantitative","scale":{"zero":true},"title":"reuse quotient (1: as often as all models)"}}},{"mark":{"type":"text","align":"left","dx":8},"encoding":{"x":{"field":"reuse_quotient","type":"quantitative"},"text":{"field":"label"}}}],"transform":[{"calculate":"datum.reused + ' of ' + datum.models","as":"label"}],"encoding":{"y":{"field":"tag","type":"nominal","sort":null,"title":null}}}
*/
WITH reused AS (SELECT DISTINCT parent AS id FROM model_edges),
active AS (
	SELECT _id, coalesce(bool_or(downloads > 0) FILTER (WHERE captured_on > last - 35), false) AS now, coalesce(bool_or(downloads > 0) FILTER (WHERE captured_on <= last - 335), false) AS before
	FROM period, (SELECT max(captured_on) AS last FROM period) l WHERE captured_on > last - 35 OR captured_on > last - 400 AND captured_on <= last - 335 GROUP BY _id),
m AS (
	SELECT f.id, f.tags, f.lifetime, f.downloads, r.id IS NOT NULL AS reused, a.now, a.before
	FROM facts f LEFT JOIN reused r USING (id) LEFT JOIN active a USING (_id)),
t AS (
	SELECT m.*, tag FROM m, unnest(tags) tag
	WHERE tag IN ('chemistry', 'biology', 'medical', 'climate', 'physics', 'text-generation', 'text-classification', 'robotics'))
SELECT tag, count(*) AS models, sum(lifetime) AS downloads, count(*) FILTER (WHERE reused) AS reused,
	avg(reused::int)::float8 AS reuse_rate, avg((t.downloads > 0)::int)::float8 AS active_rate, avg(now::int) FILTER (WHERE before)::float8 AS retention,
	(avg(reused::int) / nullif((SELECT avg(reused::int) FROM m), 0))::float8 AS reuse_quotient,
	(SELECT count(*) FROM m) - (SELECT count(DISTINCT id) FROM t) AS without_these_tags
FROM t GROUP BY tag HAVING sum(lifetime) > 0 ORDER BY reuse_quotient DESC, tag;
