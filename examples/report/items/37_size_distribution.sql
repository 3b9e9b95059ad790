-- items: 37
-- section: Adoption, life time, size
-- title: Size distribution: models and their downloads
-- status: documented
-- statement: Where models are, and where downloads are
-- definition: Models of known size by parameters, three bins to a power of ten, and the lifetime downloads of the same bins; quartiles of the sizes declared
-- data: models.parameters, names, models.downloads_all_time
-- value: p25; p50; p75
-- numerator: in_bin
-- base: known
-- left out: unknown
-- published: 124 M, 765 M, 6.74 B (models with a declared size)
-- difference: sizes are dealt by downloads to the published shares, most of them below 1 B, and models without downloads get the same sizes
/* chart
{"transform":[{"calculate":"datum.measure == 'models' ? 'share of models' : 'share of downloads'","as":"panel"}],"mark":{"type":"rect","stroke":null},"encoding":{"x":{"field":"lower","type":"quantitative","scale":{"type":"log"},"axis":{"values":[1000000,10000000,100000000,1000000000,10000000000,100000000000,1000000000000]},"title":"parameters (logarithmic)"},"x2":{"field":"upper"},"y":{"field":"share","type":"quantitative","axis":{"format":"%","tickCount":4},"title":null},"y2":{"datum":0},"row":{"field":"panel","type":"nominal","title":null,"sort":"descending"},"color":{"field":"panel","type":"nominal","legend":null}},"height":100}
*/
WITH q AS (
	SELECT percentile(d, 0.25) AS p25, median(d) AS p50, percentile(d, 0.75) AS p75 FROM (SELECT distribution_agg(params) AS d FROM facts WHERE params_source <> 'name') s),
b AS (
	SELECT floor(3 * log(params)) AS bin, count(*) AS models, coalesce(sum(lifetime), 0) AS downloads FROM facts WHERE params > 0 GROUP BY 1),
t AS (SELECT sum(models) AS models, sum(downloads) AS downloads FROM b)
SELECT measure, (10 ^ (bin / 3))::float8 AS lower, (10 ^ ((bin + 1) / 3))::float8 AS upper, n AS in_bin, total AS known, (n / nullif(total, 0))::float8 AS share,
	p25, p50, p75, (SELECT count(*) FROM facts WHERE params IS NULL) AS unknown
FROM q, t, b CROSS JOIN LATERAL (VALUES ('models', b.models, t.models), ('downloads', b.downloads, t.downloads)) v (measure, n, total)
ORDER BY measure DESC, bin;
