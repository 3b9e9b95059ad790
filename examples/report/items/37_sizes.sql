-- items: 37
-- section: Adoption, life time, size
-- title: Downloads by size of the model
-- status: documented
-- statement: Small models are downloaded far more
-- definition: Lifetime downloads by class of parameters, of all models and of those of the 50 most downloaded accounts (the published base); models of unknown size are out and their downloads are given
-- data: models.parameters, names, size classes
-- value: up_to @ base=50 largest accounts, class=below 100 M; up_to @ base=50 largest accounts, class=100 to 200 M; up_to @ base=50 largest accounts, class=200 to 500 M; up_to @ base=50 largest accounts, class=0.5 to 1 B; up_to @ base=all accounts, class=0.5 to 1 B
-- numerator: downloads
-- base: known_downloads
-- left out: unknown_downloads
-- published: 0.402 below 100 M, 0.698 below 200 M, 0.863 below 500 M, 0.925 below 1 B (of the 50 largest accounts)
-- difference: the share below 1 B is built to within 0.06; the finer cuts follow from shares by year of release, which are not fitted to them
/* chart
{"mark":"bar","encoding":{"y":{"field":"class","type":"ordinal","sort":null,"title":"parameters"},"x":{"field":"share","type":"quantitative","axis":{"format":"%"},"title":"share of downloads"},"yOffset":{"field":"base"},"color":{"field":"base","type":"nominal","title":null}}}
*/
WITH top AS (SELECT author FROM facts GROUP BY author ORDER BY sum(lifetime) DESC NULLS LAST, author LIMIT 50),
b AS (
	SELECT 'all accounts' AS base, params, lifetime FROM facts
	UNION ALL SELECT '50 largest accounts', params, lifetime FROM facts JOIN top USING (author)),
k AS (SELECT base, coalesce(sum(lifetime) FILTER (WHERE params IS NULL), 0) AS unknown_downloads FROM b GROUP BY base),
c AS (
	SELECT k.base, label AS class, lower, coalesce(sum(b.lifetime), 0) AS downloads, count(b.params) AS models, k.unknown_downloads
	FROM (VALUES ('below 100 M', 0, 1e8), ('100 to 200 M', 1e8, 2e8), ('200 to 500 M', 2e8, 5e8), ('0.5 to 1 B', 5e8, 1e9), ('1 to 10 B', 1e9, 1e10),
		('10 to 100 B', 1e10, 1e11), ('100 B and more', 1e11, 1e18)) v (label, lower, upper)
		CROSS JOIN k LEFT JOIN b ON b.base = k.base AND b.params >= lower AND b.params < upper GROUP BY k.base, label, lower, k.unknown_downloads)
SELECT base, class, models, downloads, sum(downloads) OVER b AS known_downloads, (downloads / nullif(sum(downloads) OVER b, 0))::float8 AS share,
	(sum(downloads) OVER (PARTITION BY base ORDER BY lower) / nullif(sum(downloads) OVER b, 0))::float8 AS up_to, unknown_downloads,
	(unknown_downloads / nullif(unknown_downloads + sum(downloads) OVER b, 0))::float8 AS unknown_share
FROM c WINDOW b AS (PARTITION BY base) ORDER BY base, lower;
