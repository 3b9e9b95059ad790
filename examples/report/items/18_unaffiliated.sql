-- items: 18
-- section: Geography and actors
-- title: Independent developers' share of downloads
-- status: documented in part
-- statement: Independent and unaffiliated developers from 17 % to 39 %, at times above 50 %
-- definition: Downloads of models by kind of owner divided by all, by calendar year of the download; the largest month beside it; unaffiliated are users and communities without an institution
-- data: model_snapshots, org.kind
-- value: share @ year=2025
-- published: 0.39 (2025), 0.17 before 2022
-- difference: built to it within 0.08; communities count as unaffiliated
/* chart
{"mark":"bar","encoding":{"x":{"field":"year","type":"ordinal"},"y":{"field":"share","type":"quantitative","axis":{"format":"%"}}}}
*/
WITH s AS (
	SELECT month, sum(downloads) FILTER (WHERE kind IN ('user', 'community')) AS part, sum(downloads) AS total FROM period GROUP BY month)
SELECT extract(year FROM month)::int AS year, sum(part) AS downloads, sum(total) AS all_downloads, (sum(part) / nullif(sum(total), 0))::float8 AS share,
	max(part / nullif(total, 0))::float8 AS largest_month
FROM s GROUP BY 1 ORDER BY 1;
