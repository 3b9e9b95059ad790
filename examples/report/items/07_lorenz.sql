-- items: 7
-- section: Growth and concentration
-- title: Lorenz curve of downloads
-- status: documented
-- statement: Concentration of downloads
-- definition: Share of downloads held by the smallest share of models; the diagonal would be equality. Gini is twice the area between
-- data: models.downloads_all_time, downloads
-- value: gini @ curve=lifetime; gini @ curve=last 30 days
-- numerator: downloads
-- base: all_downloads
-- left out: unknown
-- published: none
-- difference: nothing was published to differ from
/* chart
{"layer":[{"transform":[{"filter":"datum.curve != 'equality'"}],"mark":{"type":"line","interpolate":"linear"},"encoding":{"color":{"field":"curve","type":"nominal","title":null}}},{"transform":[{"filter":"datum.curve == 'equality'"}],"mark":{"type":"line","strokeDash":[2,3],"opacity":0.6,"color":"#888"}},{"transform":[{"filter":"datum.curve == 'equality' && datum.population == 1"}],"mark":{"type":"text","align":"right","dx":-6,"dy":-4,"text":"equality"},"encoding":{"x":{"datum":0.5},"y":{"datum":0.5}}}],"encoding":{"x":{"field":"population","type":"quantitative","axis":{"format":"%"},"title":"share of models, least downloaded first"},"y":{"field":"share","type":"quantitative","axis":{"format":"%"},"title":"share of downloads"}}}
*/
SELECT curve, (p).population, (p).share, (p).share * total AS downloads, total AS all_downloads, models, gini, gini_corrected, unknown
FROM (
	SELECT curve, lorenz(d, 200) AS p, total(d)::float8 AS total, num_items(d) AS models, gini(d) AS gini, gini_corrected(d) AS gini_corrected, unknown
	FROM (SELECT 'lifetime' AS curve, distribution_agg(lifetime) AS d, count(*) FILTER (WHERE lifetime IS NULL) AS unknown FROM facts
		UNION ALL
		SELECT 'last 30 days', distribution_agg(downloads), count(*) FILTER (WHERE downloads IS NULL) FROM facts) q
	UNION ALL
	SELECT 'equality', lorenz(d), NULL, NULL, gini(d), gini_corrected(d), NULL FROM (SELECT distribution_agg(1::bigint) AS d FROM generate_series(1, 2)) q) q
ORDER BY curve, population, share;
