-- items: 25, 26
-- section: Entities and trends
-- title: Releases of Baidu, ByteDance and Tencent
-- status: documented in part
-- statement: Baidu from none to over 100; ByteDance and Tencent eight to nine times as many
-- definition: Models created in 2025 and in 2024; Baidu by its namespace alone (PaddlePaddle apart), the others over all namespaces. From none there is no factor, only a difference
-- data: models.created_at, org.parent
-- value: releases_2024 @ owner=Baidu; releases_2025 @ owner=Baidu; growth @ owner=ByteDance; growth @ owner=Tencent
-- numerator: releases_2025
-- base: releases_2024
-- left out: in_other_years
-- published: Baidu 0 and more than 100; 8 to 9
-- difference: built to releases by year
/* chart
{"transform":[{"fold":["releases_2024","releases_2025"],"as":["in","releases"]},{"calculate":"slice(datum.in, 9)","as":"in"}],"layer":[{"mark":"bar","encoding":{"color":{"field":"in","type":"nominal","title":"year"}}},{"mark":{"type":"text","dy":-8},"encoding":{"text":{"field":"releases","type":"quantitative"}}}],"encoding":{"x":{"field":"owner","type":"nominal","title":null,"axis":{"labelAngle":0}},"xOffset":{"field":"in"},"y":{"field":"releases","type":"quantitative","title":"models released"}}}
*/
SELECT CASE WHEN author = 'baidu' THEN 'Baidu' ELSE owner END AS owner, count(*) FILTER (WHERE year = 2024) AS releases_2024, count(*) FILTER (WHERE year = 2025) AS releases_2025,
	growth_factor(count(*) FILTER (WHERE year = 2024), count(*) FILTER (WHERE year = 2025)) AS growth,
	count(*) FILTER (WHERE year = 2025) - count(*) FILTER (WHERE year = 2024) AS difference,
	count(*) FILTER (WHERE year NOT IN (2024, 2025)) AS in_other_years
FROM facts WHERE owner IN ('ByteDance', 'Tencent') OR author = 'baidu' GROUP BY 1 ORDER BY 1;
