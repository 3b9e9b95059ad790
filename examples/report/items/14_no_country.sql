-- items: 14
-- section: Geography and actors
-- title: Downloads of individuals and bodies without a clear base
-- status: documented in part
-- statement: Individuals and bodies without a clear base hold about half of all downloads
-- definition: Lifetime downloads of models whose owner is an individual, international, of unknown country or not reviewed, divided by all
-- data: models.downloads_all_time, org.country
-- value: share_without_country
-- numerator: without_country
-- base: all_downloads
-- left out: models_without_counter
-- published: about 0.5
-- difference: kinds are dealt by year of download, and the two largest models have a country
/* chart
{"mark":"bar","encoding":{"y":{"field":"country","type":"nominal","sort":"-x","title":null},"x":{"field":"share","type":"quantitative","axis":{"format":"%"},"title":"share of all downloads"},"color":{"field":"base","type":"nominal","title":null}}}
*/
WITH c AS (
	SELECT f.country, n.country IS NULL AS located, sum(lifetime) AS downloads, count(*) FILTER (WHERE lifetime IS NULL) AS unknown
	FROM facts f LEFT JOIN no_country n USING (country) GROUP BY 1, 2)
SELECT country, CASE WHEN located THEN 'has a country' ELSE 'no clear base' END AS base, downloads, sum(downloads) OVER () AS all_downloads,
	(downloads / nullif(sum(downloads) OVER (), 0))::float8 AS share, sum(downloads) FILTER (WHERE NOT located) OVER () AS without_country,
	(sum(downloads) FILTER (WHERE NOT located) OVER () / nullif(sum(downloads) OVER (), 0))::float8 AS share_without_country,
	sum(unknown) OVER () AS models_without_counter
FROM c ORDER BY located, downloads DESC;
