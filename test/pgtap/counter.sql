-- Properties of counters on random readings, against plain SQL.
SELECT plan(6);
SELECT setseed(0.3);
CREATE TABLE reading AS
	SELECT s, timestamptz '2026-01-01' + i * interval '1 day' + floor(random() * 600) * interval '1 minute' AS at,
		floor(i * 100 * (1 + random()))::bigint AS v
	FROM generate_series(1, 200) s, generate_series(0, 3 + s % 40) i
	WHERE random() < 0.9 OR s % 2 = 0;
CREATE TABLE kept AS SELECT s, counter_agg(at, v ORDER BY random()) AS c, min(at) AS first, max(at) AS last FROM reading GROUP BY s;
CREATE TABLE step AS SELECT s, at, lead(at) OVER w AS next, v, lead(v) OVER w AS later FROM reading WINDOW w AS (PARTITION BY s ORDER BY at);

SELECT is_empty($$SELECT s FROM kept JOIN (SELECT s, sum(greatest(later - v, 0)) AS clip,
		sum(CASE WHEN later < v THEN later ELSE later - v END) AS restart, count(*) FILTER (WHERE later < v) AS drops
	FROM step GROUP BY s) q USING (s)
	WHERE counter_delta(c) <> coalesce(clip, 0) OR counter_delta(c, on_drop => 'restart') <> coalesce(restart, 0) OR counter_resets(c) <> drops$$, 'growth and resets');
SELECT is_empty($$SELECT s FROM kept JOIN reading USING (s) WHERE counter_at(c, at) <> v$$, 'readings come back');
SELECT is_empty($$SELECT s FROM kept JOIN step USING (s) WHERE next IS NOT NULL
	AND abs(counter_at(c, at + (next - at) / 4) - (v + (later - v) / 4.0)) > 1e-6 * (v + later)$$, 'between readings the counter moves evenly');
-- growth adds up over any cut
SELECT is_empty($$SELECT s FROM kept, unnest(ARRAY[0.1, 0.37, 0.9]) f, unnest(ARRAY['clip', 'restart']) d
	WHERE abs(counter_delta(c, first, first + (last - first) * f, d) + counter_delta(c, first + (last - first) * f, last, d) - counter_delta(c, on_drop => d)) > 1e-6 * counter_delta(c)$$, 'growth adds up');
-- bins of 14 days have no gaps here: increments add up to the whole growth
SELECT is_empty($$SELECT s FROM kept, LATERAL (SELECT sum(increment) AS total, sum(covered) * 14 AS days FROM counter_increments(c, '14 days')) i
	WHERE abs(total - counter_delta(c)) > 1e-9 * total OR abs(days - extract(epoch FROM last - first) / 86400) > 1e-6$$, 'increments add up');
-- a bin is covered by its steps that are no gap
SELECT is_empty($$SELECT * FROM (
	SELECT k.s, i.bin_start, i.increment, i.covered, q.*
	FROM kept k CROSS JOIN LATERAL counter_increments(c, '1 day') i
	LEFT JOIN LATERAL (SELECT sum(greatest(later - v, 0) * part) AS inc, sum(part * extract(epoch FROM next - at)) / 86400 AS cov FROM (
		SELECT v, later, next, at, extract(epoch FROM least(next, i.bin_start + interval '1 day') - greatest(at, i.bin_start)) / extract(epoch FROM next - at) AS part
		FROM step WHERE step.s = k.s AND next > i.bin_start AND at < i.bin_start + interval '1 day' AND next - at <= interval '36 hours') p) q ON true) r
	WHERE covered <> 0 AND (abs(increment - inc) > 1e-6 OR abs(covered - cov) > 1e-9) OR covered = 0 AND (increment IS NOT NULL OR cov > 0)$$, 'increments by bin, with gaps');
SELECT * FROM finish();
