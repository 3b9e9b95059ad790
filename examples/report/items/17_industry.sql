-- items: 17
-- section: Geography and actors
-- title: Industry's share of downloads
-- status: documented in part
-- statement: Industry from about 70 % before 2022 to about 37 % in 2025
-- definition: Downloads of models by kind of owner divided by all, by calendar year of the download; the largest month beside it
-- data: model_snapshots, org.kind
-- value: share @ year=2022; share @ year=2025
-- numerator: downloads
-- base: all_downloads
-- left out: not_reviewed
-- published: 0.37 (2025), 0.70 before 2022
-- difference: built to it within 0.08
/* chart
{"layer":[{"mark":"bar","encoding":{"y":{"field":"share","type":"quantitative","axis":{"format":"%"},"scale":{"domain":[0,1]},"title":"share of the year's downloads"}}},{"mark":{"type":"text","dy":-8},"encoding":{"y":{"field":"share","type":"quantitative"},"text":{"field":"share","type":"quantitative","format":".0%"}}}],"encoding":{"x":{"field":"year","type":"ordinal","axis":{"labelAngle":0},"title":"year of the download"}}}
*/
WITH s AS (
	SELECT month, sum(downloads) FILTER (WHERE kind IN ('industry')) AS part, sum(downloads) AS total,
		coalesce(sum(downloads) FILTER (WHERE kind = 'not reviewed'), 0) AS not_reviewed
	FROM period GROUP BY month)
SELECT extract(year FROM month)::int AS year, sum(part) AS downloads, sum(total) AS all_downloads, (sum(part) / nullif(sum(total), 0))::float8 AS share,
	max(part / nullif(total, 0))::float8 AS largest_month, sum(not_reviewed) AS not_reviewed
FROM s GROUP BY 1 ORDER BY 1;
