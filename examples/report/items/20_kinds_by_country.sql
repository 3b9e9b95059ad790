-- items: 20
-- section: Geography and actors
-- title: Kinds of developers within each country
-- status: definition proposed here
-- statement: Regions contribute differently
-- definition: Downloads by kind of owner within a country, and their concentration over kinds (HHI)
-- data: models.downloads_all_time, org
-- value: hhi @ country=US
-- published: US led by industry
-- difference: nothing was published to differ from
/* chart
{"mark":"bar","encoding":{"y":{"field":"country","type":"nominal","title":null},"x":{"field":"downloads","type":"quantitative","stack":"normalize","axis":{"format":"%"}},"color":{"field":"kind","type":"nominal"}}}
*/
SELECT country, kind, downloads, (downloads / nullif(sum(downloads) OVER (PARTITION BY country), 0))::float8 AS share, hhi
FROM (SELECT country, kind, sum(lifetime) AS downloads FROM facts GROUP BY country, kind) q
	JOIN (SELECT country, hhi(downloads) AS hhi FROM (SELECT country, kind, sum(lifetime) AS downloads FROM facts GROUP BY country, kind) r GROUP BY country) h USING (country)
WHERE downloads > 0 ORDER BY country, downloads DESC;
