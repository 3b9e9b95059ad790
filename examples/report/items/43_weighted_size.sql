-- items: 43, 44
-- section: Adoption, life time, size
-- title: Mean and median size of downloaded models
-- status: documented in part
-- statement: The mean size of downloaded models rose from 827 M to 20.8 B, the median from 326 M to 406 M
-- definition: Parameters weighted by the downloads of the year, of models younger than a year at the time; models of unknown size are out and their weight is given
-- data: model_snapshots, parameters
-- value: weighted_mean @ year=2025
-- published: 20.8 B (2025), 827 M (2023); median 406 M, 326 M
-- difference: few models above 100 B carry the mean: within 8 B; the median within 120 M
/* chart
{"transform":[{"fold":["weighted_mean","weighted_median"],"as":["measure","parameters"]}],"mark":{"type":"line","point":true},"encoding":{"x":{"field":"year","type":"ordinal"},"y":{"field":"parameters","type":"quantitative","scale":{"type":"log"}},"color":{"field":"measure","type":"nominal"}}}
*/
SELECT extract(year FROM month)::int AS year, weighted_mean(params::float8, downloads::float8) FILTER (WHERE params IS NOT NULL) AS weighted_mean,
	weighted_median(params::float8, downloads::float8) FILTER (WHERE params IS NOT NULL) AS weighted_median,
	sum(downloads) FILTER (WHERE params IS NOT NULL) AS downloads, (sum(downloads) FILTER (WHERE params IS NULL) / nullif(sum(downloads), 0))::float8 AS unknown_share
FROM period WHERE young GROUP BY 1 ORDER BY 1;
