-- items: 16
-- section: Geography and actors
-- title: Countries in the downloads of new models, past year
-- status: documented in part
-- statement: China holds a plurality, 41 % of downloads in the past year
-- definition: Downloads in the last 365 days of models younger than a year at the time, by country, on two bases: all, and those with a country. Other windows (7 and 30 days) are given where readings are that close
-- data: model_snapshots, models.created_at, org.country
-- value: share_with_country @ days=365, country=CN; share_with_country @ days=365, country=US; share_of_all @ days=365, country=CN; share_of_all @ days=365, country=US
-- numerator: downloads
-- base: all_downloads
-- left out: without_country
-- published: with a country 0.41 (US 0.365); of all 0.171 and 0.158
-- difference: built to the base with a country within 0.06; the share of all follows from item 14
/* chart
{"transform":[{"filter":"datum.days == 365 && datum.share_with_country != null"}],"mark":"bar","encoding":{"y":{"field":"country","type":"nominal","sort":"-x","title":null},"x":{"field":"share_with_country","type":"quantitative","axis":{"format":"%"},"title":"share of downloads with a country"}}}
*/
WITH span AS (
	SELECT max(captured_on) AS last, (max(captured_on) - min(captured_on))::float8 / nullif(count(DISTINCT captured_on) - 1, 0) AS step FROM period),
y AS (
	SELECT days, p.country, sum(downloads) AS downloads, n.country IS NULL AS located
	FROM span, unnest('{365,30,7}'::int[]) days, period p LEFT JOIN no_country n USING (country)
	WHERE young AND captured_on > last - days AND step <= days + 1 GROUP BY 1, 2, 4)
SELECT days, country, downloads, sum(downloads) OVER w AS all_downloads, (downloads / nullif(sum(downloads) OVER w, 0))::float8 AS share_of_all,
	CASE WHEN located THEN (downloads / nullif(sum(downloads) FILTER (WHERE located) OVER w, 0))::float8 END AS share_with_country,
	sum(downloads) FILTER (WHERE NOT located) OVER w AS without_country
FROM y WINDOW w AS (PARTITION BY days) ORDER BY days DESC, share_with_country DESC NULLS LAST, country;
