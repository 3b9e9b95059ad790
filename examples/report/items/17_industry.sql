-- items: 17
-- section: Geography and actors
-- title: Industry's share of downloads
-- status: documented in part
-- statement: Industry from about 70 % before 2022 to about 37 % in 2025
-- definition: Downloads of models by kind of owner divided by all, by calendar year of the download; the largest month beside it
-- data: model_snapshots, org.kind
-- value: share @ year=2025
-- published: 0.37 (2025), 0.70 before 2022
-- difference: built to it within 0.08
/* chart
{"mark":"bar","encoding":{"x":{"field":"year","type":"ordinal"},"y":{"field":"share","type":"quantitative","axis":{"format":"%"}}}}
*/
WITH s AS (
	SELECT month, sum(downloads) FILTER (WHERE kind IN ('industry')) AS part, sum(downloads) AS total FROM period GROUP BY month)
SELECT extract(year FROM month)::int AS year, sum(part) AS downloads, sum(total) AS all_downloads, (sum(part) / nullif(sum(total), 0))::float8 AS share,
	max(part / nullif(total, 0))::float8 AS largest_month
FROM s GROUP BY 1 ORDER BY 1;
