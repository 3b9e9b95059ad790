-- Damaged summaries: any bytes are either refused with a clean error or are a
-- summary that reads back as the same bytes and that every reader takes.
SELECT plan(9);
SELECT setseed(0.11);

CREATE TABLE seed (family text, bytes bytea);
INSERT INTO seed
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
		SELECT survival_agg(exp(i), true) FROM generate_series(-3, 3) i) q;
-- series_summary has no aggregate that returns it: these are its own empties and one with rows
INSERT INTO seed
	SELECT 'series', series_summary_send(('series:' || encode(b, 'base64'))::series_summary)
	FROM unnest(ARRAY['\x520101000000000000000000', '\x52010440f0000000000000000000'::bytea,
		'\x520104' || '\x0000000000000000'::bytea || '\x0200'::bytea || float8send(1) || float8send(2) || '\x00'::bytea || float8send(1) || float8send(3),
		'\x520102' || float8send(5) || '\x0202'::bytea || float8send(1) || float8send(0) || '\x10'::bytea || float8send(7) || float8send(0)]::bytea[]) b
	WHERE b <> '\x52010440f0000000000000000000';

CREATE FUNCTION mutate(b bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
	at int;
	n int;
BEGIN
	FOR step IN 1 .. 1 + floor(random() * 3)::int LOOP
		n := length(b);
		at := floor(random() * n)::int;
		CASE floor(random() * 6)::int
			WHEN 0 THEN b := set_byte(b, at, floor(random() * 256)::int);
			WHEN 1 THEN b := set_bit(b, at * 8 + floor(random() * 8)::int, 1 - get_bit(b, at * 8 + 3));
			WHEN 2 THEN b := substr(b, 1, at) || substr(b, at + 2);
			WHEN 3 THEN b := substr(b, 1, at) || set_byte('\x00', 0, (ARRAY[0, 1, 127, 128, 255])[1 + floor(random() * 5)::int]) || substr(b, at + 1);
			WHEN 4 THEN b := substr(b, 1, greatest(at, 1));
			ELSE b := b || substr(b, at + 1, 4);
		END CASE;
		EXIT WHEN length(b) = 0;
	END LOOP;
	RETURN b;
END $$;

CREATE FUNCTION readers(family text, s text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	CASE family
		WHEN 'engagement' THEN
			RETURN (SELECT concat(halflife(e), halflife_fit(e, '1 hour'), peak_at(e), peak_value(e), time_to_fraction(e, 0.5), engagement_duration(e), e + e, rollup(e))
				FROM (SELECT s::engagement_summary AS e) q GROUP BY e);
		WHEN 'counter' THEN
			RETURN (SELECT concat(counter_at(c, '2026-01-03'), counter_delta(c), counter_delta(c, on_drop => 'restart'), counter_resets(c), (SELECT count(*) FROM counter_increments(c, '5000 days')), c + c, rollup(c))
				FROM (SELECT s::counter_summary AS c) q GROUP BY c);
		WHEN 'survival' THEN
			RETURN (SELECT concat(median_survival(x), restricted_mean(x, 3), (SELECT sum(survival) FROM survival_curve(x)), logrank_test(x, x), rollup(x))
				FROM (SELECT s::survival_summary AS x) q GROUP BY x);
		ELSE
			RETURN s::series_summary::text;
	END CASE;
END $$;

CREATE TABLE outcome (family text, kind text, state text, good text);
CREATE FUNCTION fuzz(which text, cases int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	seeds bytea[] := ARRAY(SELECT bytes FROM seed WHERE family = which);
	b bytea;
	given text;
	back text;
BEGIN
	FOR i IN 1 .. cases LOOP
		b := mutate(seeds[1 + i % cardinality(seeds)]);
		given := which || ':' || translate(encode(b, 'base64'), E'\n', '');
		BEGIN
			EXECUTE format('SELECT %L::%I::text', given, which || '_summary') INTO back;
			INSERT INTO outcome VALUES (which, 'text', CASE WHEN back = given THEN 'accepted' ELSE 'changed' END, given);
		EXCEPTION WHEN invalid_text_representation OR feature_not_supported THEN
			INSERT INTO outcome VALUES (which, 'text', 'refused', NULL);
		WHEN OTHERS THEN
			INSERT INTO outcome VALUES (which, 'text', SQLSTATE || ' ' || SQLERRM, given);
		END;
	END LOOP;
END $$;
SELECT fuzz(f, 6000) FROM unnest(ARRAY['engagement', 'counter', 'survival', 'series']) f;
SELECT diag(format('%s: %s refused, %s accepted of %s', family, count(*) FILTER (WHERE state = 'refused'), count(*) FILTER (WHERE state = 'accepted'), count(*))) FROM outcome GROUP BY family ORDER BY family;
SELECT is_empty($$SELECT * FROM outcome WHERE state NOT IN ('refused', 'accepted')$$, 'text: refused cleanly or read back unchanged');
SELECT results_eq('SELECT family, count(*) FILTER (WHERE state = ''accepted'') > 10, count(*) FILTER (WHERE state = ''refused'') > 1000 FROM outcome GROUP BY family ORDER BY family',
	$$VALUES ('counter', true, true), ('engagement', true, true), ('series', true, true), ('survival', true, true)$$, 'both outcomes are met often');
-- what was accepted is a summary like any other: readers answer, or say what is out of range
CREATE FUNCTION try_readers() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE o outcome;
BEGIN
	FOR o IN SELECT * FROM outcome WHERE state = 'accepted' LOOP
		BEGIN
			PERFORM readers(o.family, o.good);
		EXCEPTION WHEN numeric_value_out_of_range OR invalid_parameter_value OR datetime_field_overflow OR interval_field_overflow THEN
			NULL;
		WHEN OTHERS THEN
			RETURN NEXT o.good || ' ' || SQLSTATE || ' ' || SQLERRM;
		END;
	END LOOP;
END $$;
SELECT is_empty('SELECT * FROM try_readers()', 'readers take what was accepted');

-- the base64 around the bytes
CREATE FUNCTION try_text(t text, type text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT %L::%I', t, type);
	RETURN 'accepted';
EXCEPTION WHEN invalid_text_representation THEN
	RETURN 'refused';
END $$;
SELECT is_empty($$SELECT t FROM unnest(ARRAY['', ':', 'engagement', 'engagement:', 'engagement:!', 'engagement:RQEAAAA', 'engagement:RQEAAAA= x', 'Engagement:RQEAAAA=', 'counter:RQEAAAA=', repeat('A', 100000)]) t
	WHERE try_text(t, 'engagement_summary') <> 'refused'$$, 'damaged text around the bytes');

-- binary: each case through COPY from a file
CREATE TABLE e_copy (x engagement_summary); CREATE TABLE c_copy (x counter_summary); CREATE TABLE s_copy (x survival_summary); CREATE TABLE r_copy (x series_summary);
CREATE FUNCTION fuzz_binary(which text, target regclass, cases int) RETURNS TABLE (state text, n bigint) LANGUAGE plpgsql AS $$
DECLARE
	seeds bytea[] := ARRAY(SELECT bytes FROM seed WHERE family = which);
	b bytea;
	file text := current_setting('data_directory') || '/fuzz_' || which;
	lob oid;
	states text[];
BEGIN
	FOR i IN 1 .. cases LOOP
		b := mutate(seeds[1 + i % cardinality(seeds)]);
		lob := lo_from_bytea(0, '\x5047434f50590aff0d0a00' || '\x0000000000000000'::bytea || '\x0001'::bytea || int4send(length(b)) || b || '\xffff'::bytea);
		PERFORM lo_export(lob, file), lo_unlink(lob);
		BEGIN
			EXECUTE format('COPY %s FROM %L (FORMAT binary)', target, file);
			states := states || 'accepted'::text;
		EXCEPTION WHEN invalid_binary_representation OR feature_not_supported THEN
			states := states || 'refused'::text;
		WHEN OTHERS THEN
			states := states || (SQLSTATE || ' ' || SQLERRM || ' ' || b::text);
		END;
	END LOOP;
	RETURN QUERY SELECT s, count(*) FROM unnest(states) s GROUP BY s;
END $$;
SELECT is_empty(format('SELECT * FROM fuzz_binary(%L, %L, 2500) WHERE state NOT IN (''refused'', ''accepted'')', f, t), f || ': binary refused cleanly or taken')
FROM (VALUES ('engagement', 'e_copy'), ('counter', 'c_copy'), ('survival', 's_copy'), ('series', 'r_copy')) q(f, t);
SELECT ok((SELECT bool_and(x::text::engagement_summary = x) FROM e_copy), 'what came in binary has a text form');
SELECT * FROM finish();
