-- survival: Kaplan-Meier, censoring, log-rank
SET intervalstyle = 'postgres'; SET extra_float_digits = 0;

-- Freireich et al., Blood 21 (1963): weeks of remission in acute leukemia,
-- 6-mercaptopurine against placebo. The worked example of Kleinbaum and Klein,
-- "Survival Analysis", ch. 2 (and of survival::survdiff in R): estimates of the
-- 6-MP group .857 .807 .753 .690 .627 .538 .448 with standard errors .0764
-- .0869 .0963 .1068 .1141 .1282 .1346; medians 23 and 8; log-rank 16.79.
CREATE TABLE remission (grp text, weeks double precision, relapse boolean);
INSERT INTO remission
	SELECT '6-MP', w, true FROM unnest(ARRAY[6,6,6,7,10,13,16,22,23]) w UNION ALL
	SELECT '6-MP', w, false FROM unnest(ARRAY[6,9,10,11,17,19,20,25,32,32,34,35]) w UNION ALL
	SELECT 'placebo', w, true FROM unnest(ARRAY[1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23]) w;
CREATE TABLE km AS SELECT grp, survival_agg(weeks, relapse) AS s FROM remission GROUP BY grp;
SELECT at, at_risk, events, censored, round(survival::numeric, 3) AS survival, round(std_error::numeric, 4) AS std_error
FROM km, survival_curve(s) WHERE grp = '6-MP';
SELECT at, at_risk, events, survival, round(std_error::numeric, 4) AS std_error
FROM km, survival_curve(s) WHERE grp = 'placebo';
SELECT grp, median_survival(s), restricted_mean(s, 20), restricted_mean(s, 0) AS none FROM km ORDER BY grp;
SELECT round(chi_square::numeric, 2) AS chi_square, degrees, p_value < 0.0001 AS significant
FROM logrank_test((SELECT s FROM km WHERE grp = '6-MP'), (SELECT s FROM km WHERE grp = 'placebo'));
SELECT round(chi_square::numeric, 2) AS chi_square, degrees FROM logrank_test((SELECT array_agg(s) FROM km));

-- The area under the curve, by hand: 6-MP up to 23 weeks
SELECT round(restricted_mean(s, 23)::numeric, 6) AS area,
	(SELECT round(sum(survival * (least(next, 23) - at))::numeric + 6, 6) FROM (
		SELECT at, survival, lead(at) OVER (ORDER BY at) AS next FROM survival_curve(s)) q WHERE at < 23) AS by_hand
FROM km WHERE grp = '6-MP';

-- the curve of the 6-MP group is not known past 35 weeks, the other one is 0
SELECT grp, restricted_mean(s, 35) IS NULL AS at_35, restricted_mean(s, 36) IS NULL AS at_36 FROM km ORDER BY grp;

-- Miller, "Survival Analysis" (1981): maintenance chemotherapy in acute
-- myelogenous leukemia, the data set aml of R's package survival. Published for
-- the maintained group: .909 .818 .716 .614 .491 .368 .184 with standard errors
-- .0867 .1163 .1397 .1526 .1642 .1627 .1535; medians 31 and 23; log-rank 3.4.
CREATE TABLE aml AS
	SELECT true AS maintained, survival_agg(w::float8, e) AS s FROM (
		SELECT w, true AS e FROM unnest(ARRAY[9,13,18,23,31,34,48]) w UNION ALL
		SELECT w, false FROM unnest(ARRAY[13,28,45,161]) w) q UNION ALL
	SELECT false, survival_agg(w::float8, e) FROM (
		SELECT w, true AS e FROM unnest(ARRAY[5,5,8,8,12,23,27,30,33,43,45]) w UNION ALL SELECT 16, false) q;
SELECT at, round(survival::numeric, 3) AS survival, round(std_error::numeric, 4) AS std_error
FROM aml, survival_curve(s) WHERE maintained AND events > 0;
SELECT maintained, median_survival(s) FROM aml ORDER BY 1 DESC;
SELECT round(chi_square::numeric, 1) AS chi_square, degrees, round(p_value::numeric, 4) AS p_value
FROM logrank_test((SELECT array_agg(s) FROM aml));
-- four groups at once
SELECT round(chi_square::numeric, 6) AS chi_square, degrees, round(p_value::numeric, 9) AS p_value
FROM logrank_test((SELECT array_agg(s ORDER BY s) FROM (SELECT s FROM aml UNION ALL SELECT s FROM km) q));

-- without censoring the curve is the share that is left; never half: NULL
SELECT at, survival FROM (SELECT survival_agg(d::float8, true) AS s FROM generate_series(1, 4) d) q, survival_curve(s);
SELECT median_survival(survival_agg(d::float8, true)) FROM generate_series(1, 4) d;
SELECT median_survival(survival_agg(d::float8, d = 1)) FROM generate_series(1, 4) d;
SELECT survival, std_error FROM (SELECT survival_agg(d::float8, false) AS s FROM generate_series(1, 2) d) q, survival_curve(s);
SELECT * FROM (SELECT survival_agg(0::float8, true) AS s) q, LATERAL survival_curve(s) c;

-- intervals are days of 24 hours
SELECT at FROM (SELECT survival_agg(d, true) AS s FROM unnest(ARRAY['36 hours', '2 days', '1 day -12 hours']::interval[]) d) q, survival_curve(s);

-- NULL rows, no rows, NULL summaries
SELECT survival_agg(d, o) IS NULL AS none FROM (VALUES (NULL::float8, true), (1, NULL)) q(d, o);
SELECT survival_agg(d, true) IS NULL AS none FROM (SELECT 1::float8 AS d WHERE false) q;
SELECT median_survival(NULL), restricted_mean(NULL, 1), logrank_test(NULL, NULL), (SELECT count(*) FROM survival_curve(NULL)) AS points;
SELECT logrank_test(ARRAY[]::survival_summary[]), logrank_test((SELECT array_agg(s) FROM km WHERE grp = '6-MP'));

-- two groups that are the same do not differ; no events, nothing to test
SELECT chi_square, degrees, p_value FROM logrank_test((SELECT s FROM km WHERE grp = '6-MP'), (SELECT s FROM km WHERE grp = '6-MP'));
SELECT logrank_test(s, s) FROM (SELECT survival_agg(1::float8, false) AS s) q;

-- parallel, serial, rollup, + are the same bytes; windows too
CREATE TABLE items AS SELECT (i * 7919 % 2003) / 4.0::float8 AS d, i % 3 > 0 AS o FROM generate_series(1, 20000) i;
SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT survival_agg(d, o) FROM items;
CREATE TABLE by_parallel AS SELECT survival_agg(d, o) AS s FROM items;
SET max_parallel_workers_per_gather = 0;
SELECT (SELECT survival_agg(d, o) FROM items) = s,
	(SELECT rollup(p) FROM (SELECT survival_agg(d, o) AS p FROM items GROUP BY d::int % 7) q) = s,
	(SELECT survival_agg(d, o) FROM items WHERE d < 100) + (SELECT survival_agg(d, o) FROM items WHERE d >= 100) = s,
	s = s::text::survival_summary
FROM by_parallel;
SELECT bool_and(moved = fresh) FROM (
	SELECT survival_agg(d, o) OVER (ORDER BY n ROWS BETWEEN 9 PRECEDING AND 2 PRECEDING) AS moved,
		(SELECT survival_agg(w.d, w.o) FROM (SELECT *, row_number() OVER () AS n FROM items LIMIT 60) w WHERE w.n BETWEEN q.n - 9 AND q.n - 2) AS fresh
	FROM (SELECT *, row_number() OVER () AS n FROM items LIMIT 60) q) r;

-- errors
SELECT survival_agg(-1::float8, true);
SELECT survival_agg('NaN'::float8, true);
SELECT survival_agg('Infinity'::float8, true);
SELECT survival_agg('-1 hour'::interval, true);
SELECT survival_agg('1 month'::interval, true);
SELECT restricted_mean(s, -1) FROM km;
SELECT restricted_mean(s, 'NaN') FROM km;
SELECT restricted_mean(s, 'Infinity') FROM km;
SELECT logrank_test(ARRAY[s, NULL]) FROM km;
SELECT 'survival:UwEAAQ=='::survival_summary;
SELECT survival_combine(s, s) FROM km;
DROP TABLE remission, km, aml, items, by_parallel;
