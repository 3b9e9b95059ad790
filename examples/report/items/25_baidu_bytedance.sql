-- items: 25, 26
-- section: Entities and trends
-- title: Releases of Baidu, ByteDance and Tencent
-- status: documented in part
-- statement: Baidu from none to over 100; ByteDance and Tencent eight to nine times as many
-- definition: Models created in 2025 and in 2024; Baidu by its namespace alone, ByteDance over all its namespaces. From none there is no factor, only a difference
-- data: models.created_at, org.parent
-- value: growth
-- published: Baidu 0 to more than 100; 8 to 9
-- difference: built to releases by year
/* chart
{"mark":"bar","encoding":{"x":{"field":"owner","type":"nominal","title":null},"y":{"field":"releases_2025","type":"quantitative"}}}
*/
SELECT owner, count(*) FILTER (WHERE year = 2024) AS releases_2024, count(*) FILTER (WHERE year = 2025) AS releases_2025,
	growth_factor(count(*) FILTER (WHERE year = 2024), count(*) FILTER (WHERE year = 2025)) AS growth,
	count(*) FILTER (WHERE year = 2025) - count(*) FILTER (WHERE year = 2024) AS difference
FROM facts WHERE owner IN ('ByteDance', 'Tencent') OR author = 'baidu' GROUP BY owner ORDER BY owner;
