-- items: 7
-- section: Growth and concentration
-- title: Lorenz curve of lifetime downloads
-- status: documented
-- statement: Concentration of downloads
-- definition: Share of downloads held by the smallest share of models; the diagonal would be equality. Gini is twice the area between
-- data: models.downloads_all_time
-- value: gini @ curve=lifetime
-- published: none
-- difference: nothing was published to differ from
/* chart
{"mark":{"type":"line","interpolate":"linear"},"encoding":{"x":{"field":"population","type":"quantitative","axis":{"format":"%"},"title":"models, smallest first"},"y":{"field":"share","type":"quantitative","axis":{"format":"%"},"title":"downloads"},"color":{"field":"curve","type":"nominal","title":null}}}
*/
SELECT curve, (p).population, (p).share, gini, gini_corrected
FROM (
	SELECT 'lifetime' AS curve, lorenz(d, 200) AS p, gini(d) AS gini, gini_corrected(d) AS gini_corrected FROM (SELECT distribution_agg(lifetime) AS d FROM facts) q
	UNION ALL
	SELECT 'last 30 days', lorenz(d, 200), gini(d), gini_corrected(d) FROM (SELECT distribution_agg(downloads) AS d FROM facts) q
	UNION ALL
	SELECT 'equality', lorenz(d), gini(d), gini_corrected(d) FROM (SELECT distribution_agg(1::bigint) AS d FROM generate_series(1, 2)) q) q
ORDER BY curve, population;
