-- items: 6
-- section: Growth and concentration
-- title: Half of the models have fewer than 200 downloads
-- status: documented in part
-- statement: About half of models have fewer than 200 total downloads
-- definition: Share of models with lifetime downloads below 200, on two bases: all public models, and those ever downloaded; the curve gives the same share for every other number
-- data: models.downloads_all_time
-- value: share_below_200 @ base=all public models; share_below_200 @ base=ever downloaded
-- numerator: below_200
-- base: models
-- left out: unknown
-- published: about 0.5 (base not stated)
-- difference: the published base is not stated: the two bases enclose it
/* chart
{"layer":[{"mark":{"type":"line","interpolate":"monotone"},"encoding":{"x":{"field":"below","type":"quantitative","scale":{"type":"log","domain":[1,1000000],"clamp":true},"axis":{"values":[1,10,100,1000,10000,100000,1000000]},"title":"lifetime downloads below"},"y":{"field":"share","type":"quantitative","axis":{"format":"%"},"scale":{"domain":[0,1]},"title":"share of models"},"color":{"field":"base","type":"nominal","title":null}}},{"transform":[{"filter":"datum.below == 200 && datum.base == 'ever downloaded'"}],"mark":{"type":"rule","strokeDash":[4,3]},"encoding":{"x":{"datum":200}}},{"transform":[{"filter":"datum.below == 200 && datum.base == 'ever downloaded'"}],"mark":{"type":"text","align":"left","dx":5},"encoding":{"x":{"datum":200},"y":{"datum":0.06},"text":{"value":"200"}}}]}
*/
SELECT base, below, share_below(d, below) AS share, num_items(d) AS models, share_below(d, 200) AS share_below_200,
	round(share_below(d, 200) * num_items(d)) AS below_200, median(d) AS median, mean(d) AS mean, unknown
FROM (
	SELECT 'all public models' AS base, distribution_agg(lifetime) AS d, count(*) FILTER (WHERE lifetime IS NULL) AS unknown FROM facts
	UNION ALL
	SELECT 'ever downloaded', distribution_agg(lifetime) FILTER (WHERE lifetime > 0), count(*) FILTER (WHERE lifetime IS NULL) FROM facts) q,
	unnest('{1,2,5,10,20,50,100,200,500,1000,2000,5000,10000,20000,50000,100000,200000,500000,1000000}'::float8[]) below
ORDER BY base, below;
