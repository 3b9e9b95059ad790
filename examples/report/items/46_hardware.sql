-- items: 46
-- section: Hardware and cost
-- title: Repositories by hardware and runtime tag
-- status: definition proposed here
-- statement: NVIDIA first; AMD and Chinese chips grow
-- definition: Share of new models that carry the tag, by quarter of creation
-- data: models.tags
-- value: share @ tag=tensorrt
-- published: none
-- difference: nothing was published to differ from
/* chart
{"mark":"line","encoding":{"x":{"field":"quarter","type":"temporal"},"y":{"field":"share","type":"quantitative","axis":{"format":"%"}},"color":{"field":"tag","type":"nominal"}}}
*/
WITH q AS (SELECT date_trunc('quarter', created_at AT TIME ZONE 'UTC')::date AS quarter, tags FROM facts),
n AS (SELECT quarter, count(*) AS total FROM q GROUP BY quarter)
SELECT n.quarter, tag, count(q.tags) AS models, total, count(q.tags)::float8 / total AS share
FROM n CROSS JOIN unnest('{tensorrt,rocm,ascend,openvino,coreml}'::text[]) tag LEFT JOIN q ON q.quarter = n.quarter AND q.tags @> ARRAY[tag]
GROUP BY n.quarter, tag, total ORDER BY n.quarter, tag;
