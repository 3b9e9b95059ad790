-- items: 53
-- section: Science
-- title: Release calendar
-- status: documented
-- statement: Science release heat map
-- definition: Models and datasets created by day (UTC) over 52 weeks by provider, in five levels: none, and quartiles of the provider's active days
-- data: models.created_at, datasets.created_at, org.parent
-- value: cells @ owner=NVIDIA; active_days @ owner=NVIDIA
-- numerator: releases
-- base: releases_of_all
-- left out: elsewhere
-- published: 364 to 371 cells a provider
-- difference: whole days of 52 weeks are counted; the published map fills the first and last week as well
/* chart
{"mark":{"type":"rect","stroke":null,"cornerRadius":1},"encoding":{"x":{"field":"week","type":"ordinal","axis":{"labelExpr":"indexof(['01', '04', '07', '10'], slice(datum.value, 5, 7)) >= 0 && slice(datum.value, 8) == '01' ? slice(datum.value, 0, 7) : ''","labelAngle":0,"ticks":false,"domain":false,"labelOverlap":false,"labelAlign":"left"},"title":null},"y":{"field":"weekday","type":"ordinal","title":null,"axis":{"ticks":false,"domain":false},"sort":["Mon","Tue","Wed","Thu","Fri","Sat","Sun"]},"color":{"field":"level","type":"ordinal","title":"releases a day, from none to most","scale":{"domain":[0,1,2,3,4]},"legend":{"columns":5}},"row":{"field":"owner","type":"nominal","title":null}},"height":91}
*/
WITH p AS (SELECT unnest('{NVIDIA,Alibaba,Allen Institute for AI}'::text[]) AS owner),
last AS (SELECT (max(created_at) AT TIME ZONE 'UTC')::date AS day FROM facts),
r AS (
	SELECT owner, (created_at AT TIME ZONE 'UTC')::date AS day FROM facts
	UNION ALL
	SELECT coalesce(o.parent, d.author), (d.created_at AT TIME ZONE 'UTC')::date FROM datasets d LEFT JOIN org o ON o.namespace = d.author WHERE d.vanished_on IS NULL),
n AS (SELECT owner, day, count(*) AS releases FROM r GROUP BY owner, day),
c AS (
	SELECT p.owner, d::date AS day, coalesce(n.releases, 0) AS releases,
		-- a week is named by its Monday, so that the axis can tell months
		to_char(date_trunc('week', d), 'YYYY-MM-DD') AS monday
	FROM p CROSS JOIN last CROSS JOIN LATERAL generate_series(last.day - 363, last.day, interval '1 day') d LEFT JOIN n ON n.owner = p.owner AND n.day = d::date)
SELECT owner, day, CASE WHEN right(monday, 2)::int <= 7 THEN left(monday, 7) || '-01' ELSE monday END AS week, to_char(day, 'Dy') AS weekday, releases,
	CASE WHEN releases = 0 THEN 0 ELSE 1 + least(3, floor(4 * percent_rank() OVER (PARTITION BY owner, releases > 0 ORDER BY releases)))::int END AS level,
	count(*) OVER w AS cells, count(*) FILTER (WHERE releases > 0) OVER w AS active_days, sum(releases) OVER w AS releases_of_all,
	(SELECT count(*) FROM r, last WHERE r.day > last.day - 364 AND r.owner NOT IN (SELECT owner FROM p)) AS elsewhere
FROM c WINDOW w AS (PARTITION BY owner) ORDER BY owner, day;
