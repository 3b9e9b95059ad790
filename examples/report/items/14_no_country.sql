-- items: 14
-- section: Geography and actors
-- title: Downloads of individuals and bodies without a clear base
-- status: documented in part
-- statement: Individuals and bodies without a clear base hold about half of all downloads
-- definition: Downloads of models whose owner is an individual, international or of unknown country, divided by all
-- data: models.downloads_all_time, org.country
-- value: share_without_country
-- published: about 0.5
-- difference: kinds are dealt by year of download, and the two largest models have a country
/* chart
{"mark":"bar","encoding":{"y":{"field":"country","type":"nominal","sort":"-x","title":null},"x":{"field":"share","type":"quantitative","axis":{"format":"%"}},"color":{"field":"located","type":"nominal"}}}
*/
SELECT country, country NOT IN ('individual', 'international', 'unknown', 'not reviewed') AS located, sum(lifetime) AS downloads,
	sum(sum(lifetime)) OVER () AS all_downloads, (sum(lifetime) / nullif(sum(sum(lifetime)) OVER (), 0))::float8 AS share,
	(sum(sum(lifetime)) FILTER (WHERE country IN ('individual', 'international', 'unknown', 'not reviewed')) OVER ()
		/ nullif(sum(sum(lifetime)) OVER (), 0))::float8 AS share_without_country
FROM facts GROUP BY country ORDER BY located, downloads DESC;
