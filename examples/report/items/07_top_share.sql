-- items: 7
-- section: Growth and concentration
-- title: The top 0.01 % of models hold about half of all downloads
-- status: documented
-- statement: 200 models, 0.01 % of all, hold 49.6 % of downloads
-- definition: Lifetime downloads of the largest models divided by those of all: 1 - L(1 - f) of the Lorenz curve
-- data: models.downloads_all_time
-- value: share @ top=0.01 %
-- numerator: downloads
-- base: all_downloads
-- left out: unknown
-- published: 0.496 at 0.01 %
-- difference: built to it
/* chart
{"mark":{"type":"bar"},"encoding":{"x":{"field":"top","type":"ordinal","sort":null,"title":"most downloaded models","axis":{"labelAngle":0}},"y":{"field":"share","type":"quantitative","axis":{"format":"%"},"scale":{"domain":[0,1]},"title":"share of all downloads"}}}
*/
SELECT to_char(f * 100, 'FM990.00') || ' %' AS top, pareto_share(d, f) AS share, pareto_share(d, f) * total(d)::float8 AS downloads,
	total(d) AS all_downloads, num_items(d) AS models, coverage_count(d, 0.5) AS models_with_half, gini(d) AS gini, unknown
FROM (SELECT distribution_agg(lifetime) AS d, count(*) FILTER (WHERE lifetime IS NULL) AS unknown FROM facts) q,
	unnest('{0.0001,0.001,0.01,0.1}'::float8[]) f ORDER BY f;
