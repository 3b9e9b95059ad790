-- items: 13
-- section: Geography and actors
-- title: Downloads by country of the owner
-- status: documented in part
-- statement: All-time downloads by country over four years: United States and China first
-- definition: Differences of lifetime counters summed by country of the account that released the model. What the first reading of an old model holds has no date and is left out; a counter that fell adds nothing
-- data: model_snapshots, org.country
-- value: rank @ country=US; rank @ country=CN; share_of_all_time @ country=CN
-- numerator: downloads
-- base: downloads_of_the_month
-- left out: undated
-- published: US, CN, then GB, FR, DE
-- difference: owners are dealt by cohort, and two models hold half of all downloads, so one owner moves a country by ranks
/* chart
{"mark":"area","encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"downloads","type":"quantitative","stack":"normalize","axis":{"format":"%"},"title":"share of downloads"},"color":{"field":"country","type":"nominal","title":"country of the owner (ISO 3166)","sort":{"field":"rank"}},"order":{"field":"rank","type":"quantitative"}}}
*/
WITH c AS (
	SELECT country, rank() OVER (ORDER BY sum(downloads) DESC) AS rank, (sum(downloads) / nullif(sum(sum(downloads)) OVER (), 0))::float8 AS share_of_all_time FROM period GROUP BY country)
-- every month has a row for every country, else a stacked area would bridge the gap
SELECT month, c.country, coalesce(sum(p.downloads), 0) AS downloads, sum(sum(p.downloads)) OVER (PARTITION BY month) AS downloads_of_the_month,
	c.rank, c.share_of_all_time, count(*) FILTER (WHERE p.recounted) AS recounted, (SELECT downloads FROM undated) AS undated
FROM (SELECT DISTINCT month FROM period) m CROSS JOIN c LEFT JOIN period p USING (month, country)
GROUP BY month, c.country, c.rank, c.share_of_all_time ORDER BY month, c.rank, c.country;
