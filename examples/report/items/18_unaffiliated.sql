-- items: 18
-- section: Geography and actors
-- title: Independent developers' share of downloads
-- status: documented in part
-- statement: Independent and unaffiliated developers from 17 % to 39 %, at times above 50 %
-- definition: Downloads of models by kind of owner divided by all, by calendar year of the download; the largest month beside it; unaffiliated are users and communities without an institution
-- data: model_snapshots, org.kind
-- value: share @ year=2022; share @ year=2025; largest_month @ year=2025
-- numerator: downloads
-- base: all_downloads
-- left out: not_reviewed
-- published: 0.39 (2025), 0.17 before 2022; above 0.5 at times
-- difference: built to the years within 0.08; communities count as unaffiliated
/* chart
{"layer":[{"mark":"bar","encoding":{"y":{"field":"share","type":"quantitative","axis":{"format":"%"},"scale":{"domain":[0,1]},"title":"share of the year's downloads"}}},{"mark":{"type":"text","dy":-8},"encoding":{"y":{"field":"share","type":"quantitative"},"text":{"field":"share","type":"quantitative","format":".0%"}}}],"encoding":{"x":{"field":"year","type":"ordinal","axis":{"labelAngle":0},"title":"year of the download"}}}
*/
WITH s AS (
	SELECT month, sum(downloads) FILTER (WHERE kind IN ('user', 'community')) AS part, sum(downloads) AS total,
		coalesce(sum(downloads) FILTER (WHERE kind = 'not reviewed'), 0) AS not_reviewed
	FROM period GROUP BY month)
SELECT extract(year FROM month)::int AS year, sum(part) AS downloads, sum(total) AS all_downloads, (sum(part) / nullif(sum(total), 0))::float8 AS share,
	max(part / nullif(total, 0))::float8 AS largest_month, sum(not_reviewed) AS not_reviewed
FROM s GROUP BY 1 ORDER BY 1;
