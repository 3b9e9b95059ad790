-- items: 13
-- section: Geography and actors
-- title: Downloads by country of the owner
-- status: documented in part
-- statement: All-time downloads by country over four years: United States and China first
-- definition: Differences of lifetime counters summed by country of the account that released the model. What the first reading of an old model holds has no date and is left out; a counter that fell adds nothing. Ranks are those of countries, without individuals and bodies of no clear base
-- data: model_snapshots, org.country
-- value: rank @ country=US; rank @ country=CN; rank @ country=FR; rank @ country=GB; rank @ country=DE
-- numerator: downloads
-- base: downloads_of_the_month
-- left out: undated
-- published: US, CN, then GB, FR, DE
-- difference: countries are dealt to the downloads of young models; two models hold half of all downloads, so the rest of their life moves the smaller countries by ranks
/* chart
{"mark":"area","encoding":{"x":{"field":"month","type":"temporal"},"y":{"field":"downloads","type":"quantitative","stack":"normalize","axis":{"format":"%"},"title":"share of downloads"},"color":{"field":"country","type":"nominal","title":"country of the owner (ISO 3166)","sort":{"field":"place"}},"order":{"field":"place","type":"quantitative"}}}
*/
WITH c AS (
	SELECT country, rank() OVER (PARTITION BY n.country IS NULL ORDER BY sum(downloads) DESC) AS rank, n.country IS NULL AS located,
		row_number() OVER (ORDER BY sum(downloads) DESC) AS place, (sum(downloads) / nullif(sum(sum(downloads)) OVER (), 0))::float8 AS share_of_all_time
	FROM period LEFT JOIN no_country n USING (country) GROUP BY country, n.country)
-- every month has a row for every country, else a stacked area would bridge the gap
SELECT month, c.country, coalesce(sum(p.downloads), 0) AS downloads, sum(sum(p.downloads)) OVER (PARTITION BY month) AS downloads_of_the_month,
	CASE WHEN c.located THEN c.rank END AS rank, c.place, c.share_of_all_time, count(*) FILTER (WHERE p.recounted) AS recounted, (SELECT downloads FROM undated) AS undated
FROM (SELECT DISTINCT month FROM period) m CROSS JOIN c LEFT JOIN period p USING (month, country)
GROUP BY month, c.country, c.rank, c.located, c.place, c.share_of_all_time ORDER BY month, c.place;
