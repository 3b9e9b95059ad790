-- items: 38
-- section: Adoption, life time, size
-- title: Relative adoption of new models
-- status: documented
-- statement: Downloads of a model at an age, against those of the ten largest of its size class at the same age
-- definition: Cumulative downloads at 7 to 365 days after release, linear between readings of the counter, 0 at release, never extrapolated, over the median of the ten most downloaded models of the class at that age; beside it over the tenth largest at that age, made to rise with age. NULL where the class has fewer than ten. Classes are cut at 1, 5, 10, 50, 100, 250 B. Counted are text generators without a declared parent released after November 2022; shown the six most downloaded of the past year
-- data: model_snapshots, models.created_at, parameters
-- value: adoption
-- numerator: downloads
-- base: baseline
-- left out: unknown_size
-- published: none for single models
-- difference: nothing was published to differ from
/* chart
{"transform":[{"filter":"datum.adoption != null && datum.adoption > 0"}],"layer":[{"mark":{"type":"line","point":true},"encoding":{"color":{"field":"name","type":"nominal","title":null}}},{"mark":{"type":"rule","strokeDash":[4,3]},"encoding":{"x":null,"y":{"datum":1}}}],"encoding":{"x":{"field":"age","type":"quantitative","title":"days after release","axis":{"values":[7,30,90,180,365]}},"y":{"field":"adoption","type":"quantitative","scale":{"type":"log"},"title":"relative adoption (1: median of ten)"}}}
*/
WITH universe AS (
	SELECT _id, id, released, size_class(params) AS class, lifetime FROM facts
	WHERE pipeline_tag IN ('text-generation', 'image-text-to-text') AND params IS NOT NULL AND cardinality(base_models) = 0 AND released >= '2022-12-01 00:00Z'),
-- nobody asks for the curves of thousands: the forty largest of a class, and those shown
chosen AS (
	SELECT *, row_number() OVER (PARTITION BY released > newest - interval '1 year' ORDER BY lifetime DESC NULLS LAST, id) <= 6 AND released > newest - interval '1 year' AS shown,
		row_number() OVER (PARTITION BY class ORDER BY lifetime DESC NULLS LAST, id) AS rank
	FROM universe, (SELECT max(released) AS newest FROM universe) n),
at_age AS (
	SELECT u._id, u.id, u.class, u.shown, u.rank, age, counter_at(c.c, u.released + age * interval '1 day') AS downloads
	FROM chosen u JOIN LATERAL (
		SELECT counter_agg(at, counter) AS c FROM (
			SELECT captured_at AS at, downloads_all_time AS counter FROM model_snapshots s WHERE s._id = u._id AND s.captured_at > u.released
			UNION ALL SELECT u.released, 0) r) c ON true,
		unnest('{7,14,30,60,90,180,365}'::int[]) age
	WHERE u.rank <= 40 OR u.shown),
ranked AS (
	SELECT class, age, downloads, row_number() OVER (PARTITION BY class, age ORDER BY rank) AS by_lifetime, row_number() OVER (PARTITION BY class, age ORDER BY downloads DESC) AS by_age
	FROM at_age WHERE downloads IS NOT NULL AND rank <= 40),
base AS (
	SELECT class, age, percentile_cont(0.5) WITHIN GROUP (ORDER BY downloads) FILTER (WHERE by_lifetime <= 10) AS median_of_ten, max(downloads) FILTER (WHERE by_age = 10) AS tenth
	FROM ranked GROUP BY class, age HAVING count(*) >= 10)
SELECT a.id, repo_name(a.id) AS name, a.class, a.age, a.downloads, b.median_of_ten AS baseline, a.downloads / nullif(b.median_of_ten, 0) AS adoption,
	max(b.tenth) OVER w AS baseline_tenth, a.downloads / nullif(max(b.tenth) OVER w, 0) AS adoption_tenth,
	(SELECT count(*) FROM facts WHERE params IS NULL AND pipeline_tag IN ('text-generation', 'image-text-to-text')) AS unknown_size
FROM at_age a LEFT JOIN base b USING (class, age) WHERE a.shown AND a.downloads IS NOT NULL
WINDOW w AS (PARTITION BY a.id ORDER BY a.age) ORDER BY a.id, a.age;
