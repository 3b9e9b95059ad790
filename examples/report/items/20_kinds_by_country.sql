-- items: 20
-- section: Geography and actors
-- title: Kinds of developers within each country
-- status: definition proposed here
-- statement: Regions contribute differently
-- definition: Lifetime downloads by kind of owner within a country, and their concentration over kinds (HHI, 1 for a single kind)
-- data: models.downloads_all_time, org
-- value: hhi @ country=US; hhi @ country=CN
-- numerator: downloads
-- base: downloads_of_country
-- left out: without_country
-- published: US led by industry
-- difference: nothing was published to differ from
/* chart
{"mark":"bar","encoding":{"y":{"field":"country","type":"nominal","title":null,"sort":null},"x":{"field":"downloads","type":"quantitative","stack":"normalize","axis":{"format":"%"},"title":"share of the country's downloads"},"color":{"field":"kind","type":"nominal","title":null}}}
*/
WITH c AS (
	SELECT f.country, f.kind, sum(lifetime) AS downloads, n.country IS NULL AS located FROM facts f LEFT JOIN no_country n USING (country) GROUP BY 1, 2, 4 HAVING sum(lifetime) > 0),
h AS (SELECT country, hhi(downloads) AS hhi, sum(downloads) AS downloads_of_country FROM c GROUP BY country)
SELECT country, kind, downloads, downloads_of_country, (downloads / downloads_of_country)::float8 AS share, hhi,
	(SELECT coalesce(sum(downloads), 0) FROM c WHERE NOT located) AS without_country
FROM c JOIN h USING (country) WHERE located ORDER BY downloads_of_country DESC, country, downloads DESC;
