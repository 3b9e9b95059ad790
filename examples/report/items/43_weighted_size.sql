-- items: 43, 44
-- section: Adoption, life time, size
-- title: Mean and median size of downloaded models
-- status: documented in part
-- statement: The mean size of downloaded models rose from 827 M to 20.8 B, the median from 326 M to 406 M
-- definition: Parameters weighted by the downloads of the year, of models younger than a year at the time; models of unknown size are out and their downloads are given
-- data: model_snapshots, parameters
-- value: weighted_mean @ year=2023; weighted_mean @ year=2025; weighted_median @ year=2023; weighted_median @ year=2025
-- numerator: known_downloads
-- base: all_downloads
-- left out: unknown_downloads
-- published: 827 M (2023), 20.8 B (2025); median 326 M, 406 M
-- difference: few models above 100 B carry the mean: 2025 is built to within 8 B, its median to within 120 M; 2023 follows from the sizes of its cohort
/* chart
{"transform":[{"fold":["weighted_mean","weighted_median"],"as":["measure","parameters"]},{"calculate":"datum.measure == 'weighted_mean' ? 'mean' : 'median'","as":"measure"}],"mark":{"type":"line","point":true},"encoding":{"x":{"field":"year","type":"ordinal","axis":{"labelAngle":0},"title":"year of the download"},"y":{"field":"parameters","type":"quantitative","scale":{"type":"log"},"title":"parameters (logarithmic)"},"color":{"field":"measure","type":"nominal","title":null}}}
*/
SELECT extract(year FROM month)::int AS year, weighted_mean(params::float8, downloads::float8) FILTER (WHERE params IS NOT NULL) AS weighted_mean,
	weighted_median(params::float8, downloads::float8) FILTER (WHERE params IS NOT NULL) AS weighted_median,
	sum(downloads) FILTER (WHERE params IS NOT NULL) AS known_downloads, sum(downloads) AS all_downloads, coalesce(sum(downloads) FILTER (WHERE params IS NULL), 0) AS unknown_downloads,
	(coalesce(sum(downloads) FILTER (WHERE params IS NULL), 0) / nullif(sum(downloads), 0))::float8 AS unknown_share
FROM period WHERE young GROUP BY 1 ORDER BY 1;
