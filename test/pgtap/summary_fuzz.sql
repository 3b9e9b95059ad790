-- Damaged summaries of every type: any bytes are either refused with a clean
-- error, or are a summary that reads back as the same bytes and that every
-- reader takes. In text first, then in binary.
SELECT plan(8);
SELECT setseed(0.19);

-- A type, and what must not be false of any value x of it; an answer out of
-- range is one, too.
CREATE TABLE family (name text PRIMARY KEY, holds text, cases int);
INSERT INTO family VALUES
('distribution', $$(get_byte(distribution_summary_send(x), 2) >= 2 OR (x + 'distribution:RAEAAAA=')::text = x::text)
	AND coalesce(gini(x) BETWEEN 0 AND 1, true) AND coalesce(pareto_share(x, 0.3) BETWEEN 0 AND 1, true) AND coalesce(hhi(x) BETWEEN 0 AND 1, true)
	AND coalesce(min_value(x) <= median(x) AND median(x) <= max_value(x), true) AND coalesce(coverage_count(x, 0.5) <= num_items(x), true)
	AND concat(total(x), mean(x), theil(x), shannon_entropy(x), effective_number(x, 0.5), h_index(x), gini_corrected(x), hhi_normalized(x), top_k_share(x, 2), is_exact(x),
		gini_bounds(x), pareto_share_bounds(x, 0.01), percentile_bounds(x, 0.1), percentile(x, 0.7), share_below(x, 7), power_law_alpha(x, 1, false),
		(SELECT count(*) FROM lorenz(x, 5)), (SELECT rollup(y) FROM (VALUES (x)) v (y))) <> ''$$, 10000),
('weighted', $$concat(weighted_mean_final(x), weighted_stddev_final(x), weighted_median_final(x)) IS NOT NULL$$, 8000),
('lineage', $$(SELECT sum(n.descendants - lineage_descendants(x, n.id)) = 0 AND count(*) = (lineage_info(x)).nodes FROM lineage_nodes(x) n)
	AND (SELECT count(*) FROM lineage_edges(x)) = (lineage_info(x)).edges AND (SELECT count(*) FROM lineage_roots(x)) = (lineage_info(x)).roots
	AND (SELECT count(DISTINCT cycle) FROM lineage_cycles(x)) = (lineage_info(x)).cycles
	AND (SELECT abs(sum(weight) - (lineage_info(x)).nodes) < 1e-9 FROM lineage_origins(x))
	AND (SELECT sum(own) FROM lineage_weighted(x, ARRAY(SELECT id FROM lineage_roots(x)), ARRAY(SELECT 1::float8 FROM lineage_roots(x)))) = (lineage_info(x)).roots
	AND (x + x)::text = CASE WHEN get_byte(lineage_summary_send(x), 2) = 0 THEN x::text ELSE (x + x)::text END$$, 10000),
('engagement', $$concat(halflife(x), halflife_fit(x, '1 hour'), peak_at(x), peak_value(x), time_to_peak(x), time_to_fraction(x, 0.5), engagement_duration(x), x + x, (SELECT rollup(y) FROM (VALUES (x)) v (y))) <> ''$$, 8000),
('counter', $$concat(counter_at(x, '2026-01-03'), counter_delta(x), counter_delta(x, on_drop => 'restart'), counter_resets(x), (SELECT count(*) FROM counter_increments(x, '5000 days')), x + x, (SELECT rollup(y) FROM (VALUES (x)) v (y))) <> ''$$, 8000),
('survival', $$concat(median_survival(x), restricted_mean(x, 3), (SELECT sum(survival) FROM survival_curve(x)), logrank_test(x, x), x + x, (SELECT rollup(y) FROM (VALUES (x)) v (y))) <> ''$$, 8000),
('series', $$concat(doubling_time_final(x), time_to_milestone_final(x), crossover_final(x), kendall_tau_b_final(x)) IS NOT NULL$$, 8000);

-- no aggregate answers a state of these types: here are some that do
CREATE AGGREGATE crossover_state(timestamptz, double precision, double precision, interval) (SFUNC = series_crossover, STYPE = series_summary);
CREATE AGGREGATE kendall_state(double precision, double precision) (SFUNC = series_kendall, STYPE = series_summary);
CREATE AGGREGATE weighted_state(double precision, double precision, double precision) (SFUNC = weighted_summary_add, STYPE = weighted_summary);

CREATE TABLE seed (family text, bytes bytea);
INSERT INTO seed
	SELECT 'distribution', distribution_summary_send(d) FROM (
		SELECT distribution_agg(i * i % 97) AS d FROM generate_series(1, 60) i UNION ALL
		SELECT distribution_agg(exp(i * 5.1)) FROM generate_series(-9, 20) i UNION ALL
		SELECT distribution_agg(9223372036854775807 - i, 1000000) FROM generate_series(1, 3) i UNION ALL
		SELECT 'distribution:RAEAAAA=' UNION ALL
		-- buckets: many; few, which mutate more often where it matters; with fractions
		SELECT distribution_agg(i) FROM generate_series(1, 66000) i UNION ALL
		SELECT distribution_agg(1000000 + i) FROM generate_series(1, 66000) i UNION ALL
		SELECT distribution_agg(1000000.5 + i) FROM generate_series(1, 66000) i) q UNION ALL
	SELECT 'weighted', weighted_summary_send(weighted_state(i * 0.5, abs(i) % 3, 0.4)) FROM generate_series(-5, 9) i UNION ALL
	SELECT 'series', series_summary_send(crossover_state('2026-01-01'::timestamptz + i * interval '1 day', i, 9 - i, '2 days')) FROM generate_series(1, 9) i UNION ALL
	SELECT 'series', series_summary_send(kendall_state(i, i * i % 7)) FROM generate_series(1, 9) i UNION ALL
	SELECT 'weighted', b FROM unnest(ARRAY['\x57010001' || float8send(3.5) || '\x000005'::bytea,
		'\x57010002' || float8send(-1) || '\x200007'::bytea || float8send(2) || '\x000109'::bytea,
		'\x570102' || float8send(0.5) || '\x01'::bytea || float8send(3) || '\x000101'::bytea]) b UNION ALL
	SELECT 'lineage', lineage_summary_send(l) FROM (
		SELECT lineage_agg('m' || i, 'm' || i / 3, (ARRAY['merge', 'finetune', NULL])[1 + i % 3]) AS l FROM generate_series(1, 12) i UNION ALL
		SELECT lineage_agg('a', NULL::text) UNION ALL
		SELECT lineage_agg('x' || i % 5, 'x' || i % 3) FROM generate_series(1, 40) i UNION ALL
		SELECT lineage_agg('模型', '型', '甲')) q UNION ALL
	SELECT 'engagement', engagement_summary_send(e) FROM (
		SELECT engagement_agg(timestamptz '2026-01-01' + i * i * interval '1 hour', i * 7 % 5) AS e FROM generate_series(1, 12) i UNION ALL
		SELECT engagement_agg(timestamptz '2026-01-01' + i % 3 * interval '1 hour', exp(i * 5)) FROM generate_series(-9, 9) i UNION ALL
		SELECT engagement_agg(timestamptz '2026-01-01' + i * interval '1 hour', 1, timestamptz '2026-01-01') FROM generate_series(1, 5) i UNION ALL
		SELECT 'engagement:RQEAAAA=') q UNION ALL
	SELECT 'counter', counter_summary_send(c) FROM (
		SELECT counter_agg(timestamptz '2026-01-01' + i * interval '1 day', i * i % 17) AS c FROM generate_series(1, 9) i UNION ALL
		SELECT counter_agg(timestamptz '1999-01-01' + i * interval '1 minute', 9223372036854775807 - i) FROM generate_series(1, 3) i) q UNION ALL
	SELECT 'survival', survival_summary_send(s) FROM (
		SELECT survival_agg((i % 5)::float8, i % 3 > 0) AS s FROM generate_series(1, 20) i UNION ALL
		SELECT survival_agg(exp(i), true) FROM generate_series(-3, 3) i) q UNION ALL
	SELECT 'series', b FROM unnest(ARRAY['\x520101000000000000000000'::bytea,
		'\x5201040000000000000000' || '\x0200'::bytea || float8send(1) || float8send(2) || '\x00'::bytea || float8send(1) || float8send(3),
		'\x520102' || float8send(5) || '\x0202'::bytea || float8send(1) || float8send(0) || '\x10'::bytea || float8send(7) || float8send(0)]) b;

CREATE FUNCTION text_of(family text, b bytea) RETURNS text LANGUAGE sql AS
	$$SELECT family || ':' || translate(encode(b, 'base64'), E'\n', '')$$;
CREATE FUNCTION back_of(family text, given text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE back text;
BEGIN
	EXECUTE format('SELECT $1::%I::text', family || '_summary') INTO back USING given;
	RETURN back;
END $$;
SELECT cmp_ok(count(*) FILTER (WHERE get_byte(bytes, 2) % 2 = 1 AND length(bytes) < 1000), '>=', 2::bigint, 'small bucketed seeds are among them') FROM seed WHERE family = 'distribution';
SELECT is_empty($$SELECT family, bytes FROM seed WHERE back_of(family, text_of(family, bytes)) <> text_of(family, bytes)$$, 'the seeds are sound');

-- One to three small changes, most of them near the beginning.
CREATE FUNCTION mutate(b bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE at int;
BEGIN
	FOR step IN 1 .. 1 + floor(random() * 3)::int LOOP
		at := floor(random() * least(length(b), 80))::int;
		CASE floor(random() * 6)::int
			WHEN 0 THEN b := set_byte(b, at, floor(random() * 256)::int);
			WHEN 1 THEN b := set_bit(b, at * 8 + floor(random() * 8)::int, floor(random() * 2)::int);
			WHEN 2 THEN b := substr(b, 1, at) || substr(b, at + 2);
			WHEN 3 THEN b := substr(b, 1, at) || set_byte('\x00', 0, (ARRAY[0, 1, 127, 128, 255])[1 + floor(random() * 5)::int]) || substr(b, at + 1);
			WHEN 4 THEN b := substr(b, 1, greatest(at, 1));
			ELSE b := b || substr(b, at + 1, 4);
		END CASE;
		EXIT WHEN length(b) = 0;
	END LOOP;
	RETURN b;
END $$;
-- Small seeds serve more often: a large one takes its time.
CREATE FUNCTION mutants(which text, cases int) RETURNS SETOF bytea LANGUAGE plpgsql AS $$
DECLARE
	small bytea[] := ARRAY(SELECT bytes FROM seed WHERE family = which AND length(bytes) < 1000 ORDER BY bytes);
	large bytea[] := ARRAY(SELECT bytes FROM seed WHERE family = which AND length(bytes) >= 1000 ORDER BY bytes);
BEGIN
	FOR i IN 1 .. cases LOOP
		RETURN NEXT mutate(CASE WHEN i % 100 = 0 AND large <> '{}' THEN large[1 + i / 100 % cardinality(large)] ELSE small[1 + i % cardinality(small)] END);
	END LOOP;
END $$;

CREATE FUNCTION inspect(f family, given text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE holds boolean;
BEGIN
	EXECUTE format('SELECT %s FROM (SELECT $1::%I AS x OFFSET 0) q', f.holds, f.name || '_summary') INTO holds USING given;
	RETURN CASE WHEN holds IS FALSE THEN 'nonsense' ELSE 'accepted' END;
EXCEPTION WHEN numeric_value_out_of_range OR invalid_parameter_value OR datetime_field_overflow OR interval_field_overflow THEN
	RETURN 'accepted';
END $$;

CREATE FUNCTION fuzz(f family) RETURNS TABLE (state text, given text) LANGUAGE plpgsql AS $$
DECLARE b bytea;
BEGIN
	FOR b IN SELECT mutants(f.name, f.cases) LOOP
		given := text_of(f.name, b);
		BEGIN
			state := CASE WHEN back_of(f.name, given) = given THEN inspect(f, given) ELSE 'changed' END;
		EXCEPTION WHEN invalid_text_representation OR feature_not_supported THEN
			state := 'refused';
		WHEN OTHERS THEN
			state := SQLSTATE || ' ' || SQLERRM;
		END;
		RETURN NEXT;
	END LOOP;
END $$;
CREATE TABLE outcome AS SELECT name AS family, o.* FROM family f, fuzz(f) o;
SELECT diag(format('%s: %s refused, %s accepted of %s', family, count(*) FILTER (WHERE state = 'refused'), count(*) FILTER (WHERE state = 'accepted'), count(*))) FROM outcome GROUP BY family ORDER BY family;
SELECT is_empty($$SELECT * FROM outcome WHERE state NOT IN ('refused', 'accepted')$$, 'text: refused cleanly, or read back unchanged and read');
SELECT is_empty($$SELECT name FROM family LEFT JOIN outcome ON family = name GROUP BY name HAVING count(*) FILTER (WHERE state = 'accepted') < 30 OR count(*) FILTER (WHERE state = 'refused') < 1000$$, 'both outcomes are met often');
SELECT is_empty($$SELECT typname FROM pg_type JOIN pg_depend ON objid = pg_type.oid AND deptype = 'e' JOIN pg_extension e ON e.oid = refobjid AND extname = 'pghub'
	WHERE classid = 'pg_type'::regclass AND typname LIKE '%\_summary' AND typcategory <> 'A' AND typname NOT IN (SELECT name || '_summary' FROM family)$$, 'no type is left out');

-- the base64 around the bytes
CREATE FUNCTION is_refused(family text, given text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM back_of(family, given);
	RETURN false;
EXCEPTION WHEN invalid_text_representation THEN
	RETURN true;
END $$;
SELECT is_empty($$SELECT name, t FROM (SELECT name, min(text_of(family, bytes)) AS good FROM family JOIN seed ON family = name GROUP BY name) q,
		unnest(ARRAY['', ':', name, name || ':', name || ':!', rtrim(left(good, -1), '='), good || ' x', initcap(good), ' ' || good, 'other' || good, repeat('A', 100000)]) t
	WHERE NOT is_refused(name, t)$$, 'damaged text around the bytes');

-- binary: each case through COPY from a file
CREATE FUNCTION fuzz_binary(which text, cases int) RETURNS TABLE (state text) LANGUAGE plpgsql AS $$
DECLARE
	b bytea;
	file text := current_setting('data_directory') || '/fuzz_' || which;
	lob oid := lo_from_bytea(0, '');
	fd int := lo_open(lob, x'20000'::int);
BEGIN
	EXECUTE format('CREATE TABLE %I (x %I)', which || '_copy', which || '_summary');
	FOR b IN SELECT mutants(which, cases) LOOP
		PERFORM lo_truncate(fd, 0), lo_put(lob, 0, '\x5047434f50590aff0d0a00' || '\x0000000000000000'::bytea || '\x0001'::bytea || int4send(length(b)) || b || '\xffff'::bytea);
		PERFORM lo_export(lob, file);
		BEGIN
			EXECUTE format('COPY %I FROM %L (FORMAT binary)', which || '_copy', file);
		EXCEPTION WHEN invalid_binary_representation OR feature_not_supported THEN
			NULL;
		WHEN OTHERS THEN
			state := SQLSTATE || ' ' || SQLERRM || ' ' || b::text;
			RETURN NEXT;
		END;
	END LOOP;
END $$;
SELECT is_empty('SELECT name, b.* FROM family, fuzz_binary(name, 2000) b', 'binary: refused cleanly or taken');
CREATE FUNCTION copied() RETURNS TABLE (family text, n bigint, bad bigint) LANGUAGE plpgsql AS $$
DECLARE f family;
BEGIN
	FOR f IN SELECT * FROM family LOOP
		family := f.name;
		EXECUTE format('SELECT count(*), count(*) FILTER (WHERE x::text::%I <> x OR inspect($1, x::text) <> ''accepted'') FROM %I', f.name || '_summary', f.name || '_copy')
			INTO n, bad USING f;
		RETURN NEXT;
	END LOOP;
END $$;
SELECT is_empty('SELECT * FROM copied() WHERE bad > 0 OR n < 5', 'what came in binary has a text form, and answers readers');
SELECT * FROM finish();
