-- The fit recovers the true half-life of simulated decays however early they
-- are cut off; the time by which half had come does not. Prints the table.
SELECT plan(3);
SELECT setseed(0.42);

-- events of an item are exponential ages (half-life 30 days), seen up to the
-- horizon; 40 items of 4,000 events at each horizon
CREATE TABLE cut AS
	SELECT h AS horizon, i AS item, engagement_agg(timestamptz '2026-01-01' + age * interval '1 day') FILTER (WHERE age < h) AS e
	FROM unnest(ARRAY[15, 30, 60, 90, 180]) h, generate_series(1, 40) i,
		LATERAL (SELECT -ln(1 - random() * (i > 0)::int * (h > 0)::int) * 30 / ln(2::float8) AS age FROM generate_series(1, 4000)) q
	GROUP BY h, i;
CREATE TABLE result AS
	SELECT horizon, avg(fit) AS fitted, avg(naive) AS naive,
		30 / ln(2::float8) * ln(2 / (1 + exp(-horizon * ln(2::float8) / 30))) AS naive_expected,
		avg((abs(fit - 30) <= 1.96 * 30 * std_error / rate)::int) AS covered
	FROM (SELECT horizon, extract(epoch FROM f.halflife)::float8 / 86400 AS fit, f.rate, f.std_error,
			extract(epoch FROM time_to_fraction(e, 0.5, '1 day', '2026-01-01', timestamptz '2026-01-01' + horizon * interval '1 day'))::float8 / 86400 - 0.5 AS naive
		FROM cut, halflife_fit(e, '1 day', '2026-01-01', timestamptz '2026-01-01' + horizon * interval '1 day') f) q
	GROUP BY horizon;
SELECT diag(format('true half-life 30 days; seen %s days: fit %s, time to half %s (expected %s), 95 %% interval covers %s',
	lpad(horizon::text, 3), round(fitted::numeric, 1), round(naive::numeric, 1), round(naive_expected::numeric, 1), round(covered, 2)))
FROM result ORDER BY horizon;
SELECT is_empty('SELECT * FROM result WHERE horizon >= 30 AND abs(fitted - 30) > 2.0', 'the fit is within 2 days of the truth from one half-life on');
SELECT is_empty('SELECT * FROM result WHERE abs(naive - naive_expected) > 0.7', 'the time to half is biased just as theory says');
SELECT is_empty('SELECT * FROM result WHERE covered < 0.8', 'the standard error is honest');
SELECT * FROM finish();
