-- Properties of engagement on random series, against plain SQL.
SELECT plan(11);
SELECT setseed(0.7);

-- 150 series of 1 to 80 observations over 300 days, repeated instants among
-- them, heavy-tailed whole amounts and zeros; origin and bin differ by series
CREATE TABLE obs AS
	SELECT s, timestamptz '2026-01-01' + floor(random() * 300 * power(random(), s % 3)) * interval '1 day'
			+ (s % 4) * floor(random() * 3) * interval '5 hours' AS at,
		CASE WHEN random() < 0.2 THEN 0 ELSE floor(exp(random() * 6)) END AS v
	FROM generate_series(1, 150) s, LATERAL generate_series(1, 1 + (s * 7) % 80) i;
CREATE TABLE param AS
	SELECT s, (ARRAY['1 day', '7 days', '30 days', '17 hours']::interval[])[1 + s % 4] AS bin,
		CASE WHEN s % 5 = 0 THEN timestamptz '2026-01-10' END AS origin,
		CASE WHEN s % 7 = 0 THEN timestamptz '2026-06-15 03:00' END AS until
	FROM generate_series(1, 150) s;
CREATE INDEX ON obs (s, at);
ANALYZE obs;
CREATE TABLE kept AS SELECT s, engagement_agg(at, v) AS e FROM obs GROUP BY s;

-- plain SQL: every bin, empty ones too
CREATE TABLE bins AS
	SELECT p.s, p.bin, b.origin, i, coalesce(v, 0) AS v
	FROM param p
	JOIN LATERAL (SELECT coalesce(p.origin, min(at)) AS origin, coalesce(p.until, max(at)) AS until FROM obs o WHERE o.s = p.s) b ON true
	JOIN LATERAL (SELECT sum(v) AS n, count(*) AS c FROM obs o WHERE o.s = p.s AND at BETWEEN b.origin AND b.until) any_in ON any_in.c > 0
	JOIN LATERAL generate_series(0, ceil(extract(epoch FROM b.until - b.origin) / extract(epoch FROM p.bin))::int) i
		ON i = 0 OR b.origin + i * p.bin < b.until
			OR EXISTS (SELECT FROM obs o WHERE o.s = p.s AND o.at = b.until AND b.origin + i * p.bin = b.until)
	LEFT JOIN LATERAL (SELECT sum(v) AS v FROM obs o WHERE o.s = p.s AND at >= b.origin + i * p.bin AND at < b.origin + (i + 1) * p.bin AND at <= b.until) x ON true;
CREATE INDEX ON bins (s, i);
ANALYZE bins;
CREATE TABLE peak AS SELECT DISTINCT ON (s) s, bin, origin, i, v FROM bins ORDER BY s, v DESC, i;
CREATE TABLE smooth AS
	SELECT s, i, v, (coalesce(lag(v) OVER w, 0) + v + coalesce(lead(v) OVER w, 0))
		/ (1 + (lag(v) OVER w IS NOT NULL)::int + (lead(v) OVER w IS NOT NULL)::int)::numeric AS mean
	FROM bins WINDOW w AS (PARTITION BY s ORDER BY i);
CREATE INDEX ON smooth (s, i);
ANALYZE smooth;
CREATE TABLE half AS
	SELECT p.s, k.i - p.i AS bins
	FROM peak p
	JOIN LATERAL (SELECT coalesce(max(i) FILTER (WHERE mean * 2 > p.v::numeric), p.i) + 1 AS i, max(i) AS last
		FROM smooth WHERE s = p.s AND smooth.i > p.i) k ON k.i <= k.last
	WHERE p.v > 0;

SELECT is((SELECT count(*) FROM peak), (SELECT count(peak_value(e, bin, origin, until)) FROM kept JOIN param USING (s)), 'the same series have observations in range');
SELECT is_empty($$SELECT s FROM kept JOIN param m USING (s) LEFT JOIN peak p USING (s)
	WHERE peak_value(e, m.bin, m.origin, until) IS DISTINCT FROM p.v
		OR peak_at(e, m.bin, m.origin, until) IS DISTINCT FROM p.origin + p.i * p.bin
		OR time_to_peak(e, m.bin, m.origin, until) IS DISTINCT FROM p.i * p.bin$$, 'peak');
SELECT is_empty($$SELECT s, h.bins FROM kept JOIN param m USING (s) LEFT JOIN half h USING (s)
	WHERE halflife(e, bin, origin, until) IS DISTINCT FROM h.bins * bin$$, 'half-life');
SELECT cmp_ok((SELECT count(*) FROM half), '>', 50::bigint, 'enough series have a half-life');
SELECT is_empty($$SELECT s FROM kept JOIN param m USING (s)
	CROSS JOIN unnest(ARRAY[0.1, 0.5, 0.9, 1]) f
	LEFT JOIN LATERAL (SELECT (min(i) + 1) * m.bin AS t FROM (SELECT i, sum(v) OVER (ORDER BY i) AS c, sum(v) OVER () AS total FROM bins b WHERE b.s = kept.s) q
		WHERE c >= total * f AND total > 0) o ON true
	WHERE time_to_fraction(e, f, m.bin, m.origin, until) IS DISTINCT FROM o.t$$, 'time to a fraction');

-- the fit solves its equation: mean age of the bins from the peak on
CREATE TABLE fit AS
	SELECT k.s, f.*, f.rate * extract(epoch FROM m.bin)::float8 / 86400 AS l, q.*
	FROM kept k JOIN param m USING (s), halflife_fit(e, bin, origin, until) f,
		LATERAL (SELECT sum(b.v) AS n, sum((b.i - p.i) * b.v)::float8 / nullif(sum(b.v), 0) AS mean, count(*) AS h
			FROM peak p JOIN bins b ON b.s = p.s AND b.i >= p.i WHERE p.s = k.s) q;
SELECT is_empty($$SELECT * FROM fit WHERE rate IS NOT NULL AND (bins <> h OR NOT rate > 0 OR NOT std_error > 0
	OR abs(extract(epoch FROM halflife) * rate / 86400 - ln(2::float8)) > 1e-6
	OR abs(1 / (exp(l) - 1) - h / (exp(least(l * h, 700)) - 1) - mean) > 1e-6 * greatest(mean, 1))$$, 'the fit solves its equation');
SELECT is_empty($$SELECT * FROM fit WHERE (rate IS NULL) <> (mean IS NULL OR mean <= 0 OR mean >= (h - 1) / 2.0)$$, 'no fit exactly where there is no decay');

-- the first active spell
SELECT is_empty($$
	WITH event AS (SELECT DISTINCT s, at FROM obs WHERE v > 0),
		step AS (SELECT s, at, lead(at) OVER (PARTITION BY s ORDER BY at) AS next FROM event),
		ended AS (SELECT s, min(at) AS at FROM step WHERE next - at > interval '10 days' GROUP BY s),
		oracle AS (SELECT s, coalesce(max(d.at), max(e.at)) - min(e.at) AS duration,
			max(d.at) IS NULL AND (SELECT max(at) FROM obs o WHERE o.s = e.s) - max(e.at) <= interval '10 days' AS censored
			FROM event e LEFT JOIN ended d USING (s) GROUP BY s)
	SELECT s FROM kept LEFT JOIN oracle o USING (s), engagement_duration(e, '10 days') d
	WHERE d.duration IS DISTINCT FROM o.duration OR d.censored IS DISTINCT FROM o.censored$$, 'duration and censoring');

-- order, partition, and parallel plans do not show in the bytes, nor do
-- amounts whose sums are not exact in double precision
CREATE TABLE rough AS SELECT i % 3 AS part, timestamptz '2026-01-01' + (i % 50) * interval '1 hour' AS at, exp(random() * 60 - 30) AS v FROM generate_series(1, 5000) i;
SELECT is((SELECT count(DISTINCT e) FROM (
	SELECT engagement_agg(at, v) AS e FROM rough UNION ALL
	SELECT engagement_agg(at, v ORDER BY v) FROM rough UNION ALL
	SELECT engagement_agg(at, v ORDER BY random()) FROM rough UNION ALL
	SELECT rollup(p) FROM (SELECT engagement_agg(at, v) AS p FROM rough GROUP BY part) q UNION ALL
	SELECT rollup(p::text::engagement_summary) FROM (SELECT engagement_agg(at, v) AS p FROM rough GROUP BY v::numeric::text) q) q), 1::bigint, 'sums are exact in any order');
SELECT is_empty($$SELECT at FROM (SELECT at, sum(v::text::numeric) AS exact FROM rough GROUP BY at) r, (SELECT engagement_agg(at, v) AS e FROM rough) q
	WHERE abs(peak_value(e, '1 hour', at, at) - exact) > 3e-16 * exact$$, 'sums are the nearest double');

-- moving windows: each frame as computed afresh
SELECT is_empty($$SELECT n FROM (
	SELECT n, engagement_agg(at, v) OVER (ORDER BY n ROWS BETWEEN 12 PRECEDING AND 3 PRECEDING) AS moved,
		(SELECT engagement_agg(w.at, w.v) FROM (SELECT *, row_number() OVER () AS n FROM rough LIMIT 300) w WHERE w.n BETWEEN q.n - 12 AND q.n - 3) AS fresh
	FROM (SELECT *, row_number() OVER () AS n FROM rough LIMIT 300) q) r WHERE moved IS DISTINCT FROM fresh$$, 'moving windows');
SELECT * FROM finish();
