-- items: 6
-- section: Growth and concentration
-- title: Half of the models have fewer than 200 downloads
-- status: documented in part
-- statement: About half of models have fewer than 200 total downloads
-- definition: Share of models with lifetime downloads below 200, on two bases: all public models, and those ever downloaded
-- data: models.downloads_all_time
-- value: share_below_200
-- published: about 0.5 (base not stated)
-- difference: the published base is not stated: the two bases enclose it
/* chart
{"mark":"bar","encoding":{"y":{"field":"base","type":"nominal","title":null},"x":{"field":"share_below_200","type":"quantitative","axis":{"format":"%"},"scale":{"domain":[0,1]}}}}
*/
SELECT base, num_items(d) AS models, share_below(d, 200) AS share_below_200, round(share_below(d, 200) * num_items(d)) AS below_200,
	median(d) AS median, mean(d) AS mean, unknown
FROM (
	SELECT 'all public models' AS base, distribution_agg(lifetime) AS d, count(*) FILTER (WHERE lifetime IS NULL) AS unknown FROM facts
	UNION ALL
	SELECT 'ever downloaded', distribution_agg(lifetime) FILTER (WHERE lifetime > 0), count(*) FILTER (WHERE lifetime IS NULL) FROM facts) q;
