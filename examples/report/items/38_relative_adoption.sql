-- items: 38
-- section: Adoption, life time, size
-- title: Adoption against the median of the ten largest of the size class
-- status: documented
-- statement: The median of the top ten at 1 to 9 B is about four times that above 100 B
-- definition: Downloads at an age, by interpolation of the lifetime counter, over the median of the ten most downloaded models of the class at the same age; NULL for models younger than the age and for classes with fewer than ten
-- data: model_snapshots, models.created_at, parameters
-- value: ratio_1_9_to_100
-- published: about 4
-- difference: classes above 100 B have few models here, so their median of ten is low
/* chart
{"mark":"bar","encoding":{"x":{"field":"class","type":"ordinal","sort":null},"y":{"field":"baseline","type":"quantitative","title":"median of the ten largest"},"xOffset":{"field":"age","type":"ordinal"},"color":{"field":"age","type":"ordinal","title":"days"}}}
*/
WITH counters AS (
	SELECT f._id, f.created_at, size_class(f.params) AS class, counter_agg(s.captured_at, s.downloads_all_time) AS c, max(f.lifetime) AS lifetime
	FROM facts f JOIN model_snapshots s USING (_id)
	WHERE f.params >= 1e8 AND f.created_at > '2022-12-01' GROUP BY f._id, f.created_at, f.params),
at_age AS (
	SELECT class, age, counter_at(c, created_at + age * interval '1 day') AS downloads FROM counters, unnest('{30,90,180,365}'::int[]) age),
ranked AS (SELECT *, row_number() OVER (PARTITION BY class, age ORDER BY downloads DESC) AS rank FROM at_age WHERE downloads IS NOT NULL),
base AS (
	SELECT class, age, count(*) AS models, percentile_cont(0.5) WITHIN GROUP (ORDER BY downloads) FILTER (WHERE rank <= 10) AS baseline
	FROM ranked GROUP BY class, age HAVING count(*) >= 10)
SELECT class, age, models, baseline,
	(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lifetime) FROM (SELECT lifetime FROM facts WHERE params >= 1e9 AND params < 1e10 ORDER BY lifetime DESC LIMIT 10) q)
	/ (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lifetime) FROM (SELECT lifetime FROM facts WHERE params >= 1e11 ORDER BY lifetime DESC LIMIT 10) q) AS ratio_1_9_to_100
FROM base ORDER BY (SELECT min(params) FROM facts WHERE size_class(params) = class), age;
