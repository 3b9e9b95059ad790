-- items: 46
-- section: Hardware and cost
-- title: Repositories by hardware and runtime tag
-- status: definition proposed here
-- statement: NVIDIA first; AMD and Chinese chips grow
-- definition: Share of new models that carry the tag, by quarter of creation: tensorrt (NVIDIA), rocm (AMD), ascend (Huawei), openvino (Intel), coreml (Apple)
-- data: models.tags
-- value: share @ tag=tensorrt; share @ tag=rocm
-- numerator: models
-- base: new_models
-- left out: without_these_tags
-- published: none
-- difference: nothing was published to differ from
/* chart
{"mark":"line","encoding":{"x":{"field":"quarter","type":"temporal"},"y":{"field":"share","type":"quantitative","axis":{"format":".1%"},"title":"share of the quarter's new models"},"color":{"field":"tag","type":"nominal","title":null}}}
*/
WITH h AS (SELECT '{tensorrt,rocm,ascend,openvino,coreml}'::text[] AS known),
q AS (SELECT date_trunc('quarter', created_at AT TIME ZONE 'UTC')::date AS quarter, ARRAY(SELECT unnest(tags) INTERSECT SELECT unnest(known)) AS tags FROM facts, h),
n AS (SELECT quarter, count(*) AS new_models, count(*) FILTER (WHERE tags = '{}') AS without_these_tags FROM q GROUP BY quarter),
c AS (SELECT quarter, tag, count(*) AS models FROM q, unnest(tags) tag GROUP BY quarter, tag)
SELECT n.quarter, tag, coalesce(c.models, 0) AS models, n.new_models, coalesce(c.models, 0)::float8 / n.new_models AS share, n.without_these_tags
FROM h CROSS JOIN LATERAL unnest(known) tag CROSS JOIN n LEFT JOIN c USING (quarter, tag) ORDER BY n.quarter, tag;
