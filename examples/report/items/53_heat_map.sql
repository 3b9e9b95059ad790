-- items: 53
-- section: Science
-- title: Release calendar
-- status: documented
-- statement: Science release heat map
-- definition: Models created by day over 52 weeks by provider, in five levels by quintile of the active days
-- data: models.created_at, org.parent
-- value: releases
-- published: 364 to 371 cells a provider
-- difference: the simulation has another size
/* chart
{"mark":"rect","encoding":{"x":{"field":"week","type":"ordinal","axis":{"labels":false,"ticks":false}},"y":{"field":"weekday","type":"ordinal"},"color":{"field":"level","type":"ordinal"},"row":{"field":"owner","type":"nominal","title":null}}}
*/
WITH days AS (
	SELECT v.owner, d::date AS day FROM (VALUES ('NVIDIA'), ('Alibaba'), ('Allen Institute for AI')) v (owner),
		generate_series((SELECT max(created_at) FROM facts)::date - 363, (SELECT max(created_at) FROM facts)::date, interval '1 day') d)
SELECT d.owner, d.day, to_char(d.day, 'IYYY-IW') AS week, extract(isodow FROM d.day)::int AS weekday, count(f.id) AS releases,
	CASE WHEN count(f.id) = 0 THEN 0 ELSE 1 + least(3, floor(4 * percent_rank() OVER (PARTITION BY d.owner, count(f.id) > 0 ORDER BY count(f.id))))::int END AS level
FROM days d LEFT JOIN facts f ON f.owner = d.owner AND (f.created_at AT TIME ZONE 'UTC')::date = d.day
GROUP BY d.owner, d.day ORDER BY d.owner, d.day;
