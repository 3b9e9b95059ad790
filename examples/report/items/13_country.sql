-- items: 13
-- section: Geography and actors
-- title: Downloads by country of the owner
-- status: documented in part
-- statement: All-time downloads by country over four years: United States and China first
-- definition: Differences of lifetime counters summed by country of the account that released the model
-- data: model_snapshots, org.country
-- value: rank @ country=CN
-- published: US, CN, then GB, FR, DE
-- difference: owners are dealt by cohort, and two models hold half of all downloads, so one owner moves a country by ranks
/* chart
{"mark":"area","encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"downloads","type":"quantitative","stack":"normalize","axis":{"format":"%"},"title":"share of downloads"},"color":{"field":"country","type":"nominal"}}}
*/
SELECT month, country, sum(downloads) AS downloads, count(*) FILTER (WHERE recounted) AS recounted,
	rank
FROM period JOIN (SELECT country, sum(downloads) AS total, rank() OVER (ORDER BY sum(downloads) DESC) AS rank FROM period GROUP BY country) t USING (country)
GROUP BY month, country, total, rank ORDER BY month, total DESC;
