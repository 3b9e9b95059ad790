-- Properties of survival on random durations, against plain SQL.
SELECT plan(6);
SELECT setseed(0.9);
CREATE TABLE item AS SELECT g, ceil(-ln(1 - random()) * (5 + g % 9)) AS d, random() < 0.7 AS o
	FROM generate_series(1, 120) g, generate_series(1, 1 + g % 60);
CREATE TABLE kept AS SELECT g, survival_agg(d, o) AS s FROM item GROUP BY g;
CREATE TABLE km AS
	SELECT g, d, n, e, c, exp(sum(ln(nullif(n - e, 0)::float8 / n)) OVER w) AS survival, bool_or(n = e) OVER w AS dead,
		sum(e::float8 / nullif(n * (n - e), 0)) OVER w AS greenwood
	FROM (SELECT g, d, count(*) FILTER (WHERE o) AS e, count(*) FILTER (WHERE NOT o) AS c,
			(SELECT count(*) FROM item j WHERE j.g = i.g AND j.d >= i.d) AS n FROM item i GROUP BY g, d) q
	WINDOW w AS (PARTITION BY g ORDER BY d);
UPDATE km SET survival = 0 WHERE dead;

SELECT is_empty($$SELECT * FROM (SELECT g, c.* FROM kept, survival_curve(s) c) a FULL JOIN km ON a.g = km.g AND a.at = km.d
	WHERE at IS NULL OR d IS NULL OR at_risk <> n OR events <> e OR censored <> c OR abs(a.survival - km.survival) > 1e-12
		OR abs(std_error - a.survival * sqrt(greenwood)) > 1e-12$$, 'the curve');
SELECT is_empty($$SELECT g FROM kept LEFT JOIN (SELECT g, min(d) AS m FROM km WHERE survival <= 0.5 + 1e-12 GROUP BY g) q USING (g) WHERE median_survival(s) IS DISTINCT FROM m$$, 'the median');
SELECT is_empty($$SELECT g FROM kept JOIN (SELECT g, max(d) AS last, sum(CASE WHEN d < 7 THEN survival * (least(coalesce(next, 7), 7) - d) ELSE 0 END) + least(min(d), 7) AS area
	FROM (SELECT *, lead(d) OVER (PARTITION BY g ORDER BY d) AS next FROM km) q GROUP BY g) r USING (g)
	WHERE last >= 7 AND abs(restricted_mean(s, 7) - area) > 1e-9$$, 'the restricted mean');

-- log-rank of two groups
SELECT is_empty($$SELECT a.g FROM kept a JOIN kept b ON b.g = a.g + 1, logrank_test(a.s, b.s) t, LATERAL (
	SELECT sum(ea - e * na / n)^2 / nullif(sum(CASE WHEN n > 1 THEN e * (na / n) * (nb / n) * (n - e) / (n - 1) ELSE 0 END), 0) AS x FROM (
		SELECT d, count(*) FILTER (WHERE o)::float8 AS e, count(*) FILTER (WHERE o AND g = a.g) AS ea,
			(SELECT count(*) FROM item j WHERE j.g = a.g AND j.d >= i.d)::float8 AS na, (SELECT count(*) FROM item j WHERE j.g = b.g AND j.d >= i.d)::float8 AS nb,
			(SELECT count(*) FROM item j WHERE j.g IN (a.g, b.g) AND j.d >= i.d)::float8 AS n
		FROM item i WHERE g IN (a.g, b.g) GROUP BY d) q) r
	WHERE abs(t.chi_square - x) > 1e-9 * greatest(x, 1) OR (t.chi_square IS NULL) <> (x IS NULL)$$, 'the log-rank test');
SELECT is_empty($$SELECT * FROM (SELECT p_value FROM kept a JOIN kept b ON b.g = a.g + 1, logrank_test(a.s, b.s)) q WHERE p_value NOT BETWEEN 0 AND 1$$, 'p values');
SELECT is((SELECT count(DISTINCT s) FROM (SELECT survival_agg(d, o) AS s FROM item UNION ALL SELECT survival_agg(d, o ORDER BY random()) FROM item UNION ALL
	SELECT rollup(s) FROM kept UNION ALL SELECT rollup(s::text::survival_summary) FROM kept) q), 1::bigint, 'rollup');
SELECT * FROM finish();
