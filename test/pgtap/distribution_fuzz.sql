-- Damaged distributions: any bytes are either refused with a clean error, or
-- are a summary that reads back as the same bytes and that every reader takes.
SELECT plan(8);
SELECT setseed(0.19);

CREATE TABLE seed (family text, bytes bytea);
INSERT INTO seed
	SELECT 'distribution', distribution_summary_send(d) FROM (
		SELECT distribution_agg(i * i % 97) AS d FROM generate_series(1, 60) i UNION ALL
		SELECT distribution_agg(exp(i * 5.1)) FROM generate_series(-9, 20) i UNION ALL
		SELECT distribution_agg(9223372036854775807 - i, 1000000) FROM generate_series(1, 3) i UNION ALL
		SELECT 'distribution:RAEAAAA=' UNION ALL
		-- buckets, without and with fractions
		SELECT distribution_agg(i % 300 + 100000 * (i / 70000)) + distribution_agg(i) FROM generate_series(1, 66000) i) q;
-- small bucketed ones, which mutate more often where it matters
INSERT INTO seed SELECT 'distribution', b FROM unnest(ARRAY['\x44010101bfff01020000', '\x44010102bfff0103012ac08001020000']::bytea[]) b;
INSERT INTO seed
	SELECT 'weighted', ('\x570100' || '\x0200'::bytea || '\x00'::bytea)::bytea WHERE false UNION ALL
	SELECT 'weighted', '\x57010001' || float8send(3.5) || '\x000005'::bytea UNION ALL
	SELECT 'weighted', '\x57010002' || float8send(-1) || '\x200007'::bytea || float8send(2) || '\x000109'::bytea UNION ALL
	SELECT 'weighted', '\x570102' || float8send(0.5) || '\x01'::bytea || float8send(3) || '\x000101'::bytea;

CREATE FUNCTION mutate(b bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
	at int;
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

-- a distribution is decoded and encoded anew by +, and answers all readers
CREATE FUNCTION inspect(given text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	d distribution_summary := given;
	flags int := get_byte(distribution_summary_send(d), 2);
BEGIN
	IF flags < 2 AND (d + 'distribution:RAEAAAA=')::text <> given THEN
		RETURN 'changed';
	END IF;
	IF NOT coalesce(gini(d) BETWEEN 0 AND 1, true) OR NOT coalesce(pareto_share(d, 0.3) BETWEEN 0 AND 1, true) OR NOT coalesce(hhi(d) BETWEEN 0 AND 1, true)
		OR min_value(d) > median(d) OR median(d) > max_value(d) OR NOT coalesce(coverage_count(d, 0.5) <= num_items(d), true) THEN
		RETURN 'nonsense';
	END IF;
	PERFORM total(d), mean(d), theil(d), shannon_entropy(d), effective_number(d, 0.5), h_index(d), gini_bounds(d), pareto_share_bounds(d, 0.01),
		percentile_bounds(d, 0.1), share_below(d, 7), power_law_alpha(d, 1, false), (SELECT count(*) FROM lorenz(d, 5)), rollup(d);
	RETURN 'accepted';
EXCEPTION WHEN numeric_value_out_of_range THEN
	RETURN 'accepted';	-- its total is past double precision, or its double past the items
END $$;

CREATE TABLE outcome (family text, state text, given text);
CREATE FUNCTION fuzz(which text, cases int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	seeds bytea[] := ARRAY(SELECT bytes FROM seed WHERE family = which);
	given text;
	back text;
BEGIN
	FOR i IN 1 .. cases LOOP
		-- the large seed now and then only
		given := which || ':' || translate(encode(mutate(seeds[1 + i % CASE WHEN i % 100 = 0 THEN cardinality(seeds) ELSE least(cardinality(seeds), 4) END]), 'base64'), E'\n', '');
		BEGIN
			EXECUTE format('SELECT %L::%I::text', given, which || '_summary') INTO back;
			IF back <> given THEN
				back := 'changed';
			ELSIF which = 'distribution' THEN
				back := inspect(given);
			ELSE
				back := 'accepted';
			END IF;
			INSERT INTO outcome VALUES (which, back, given);
		EXCEPTION WHEN invalid_text_representation OR feature_not_supported THEN
			INSERT INTO outcome VALUES (which, 'refused', NULL);
		WHEN OTHERS THEN
			INSERT INTO outcome VALUES (which, SQLSTATE || ' ' || SQLERRM, given);
		END;
	END LOOP;
END $$;
-- the small seeds first
UPDATE seed SET bytes = bytes;
CREATE TABLE sorted AS SELECT * FROM seed ORDER BY length(bytes);
TRUNCATE seed;
INSERT INTO seed SELECT * FROM sorted;
SELECT fuzz('distribution', 16000), fuzz('weighted', 6000);
SELECT diag(format('%s: %s refused, %s accepted of %s', family, count(*) FILTER (WHERE state = 'refused'), count(*) FILTER (WHERE state = 'accepted'), count(*))) FROM outcome GROUP BY family ORDER BY family;
SELECT is_empty($$SELECT * FROM outcome WHERE state NOT IN ('refused', 'accepted')$$, 'text: refused cleanly, or read back unchanged and read');
SELECT results_eq('SELECT family, count(*) FILTER (WHERE state = ''accepted'') > 100, count(*) FILTER (WHERE state = ''refused'') > 1000 FROM outcome GROUP BY family ORDER BY family',
	$$VALUES ('distribution', true, true), ('weighted', true, true)$$, 'both outcomes are met often');

CREATE FUNCTION try_text(t text, type text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT %L::%I', t, type);
	RETURN 'accepted';
EXCEPTION WHEN invalid_text_representation THEN
	RETURN 'refused';
END $$;
SELECT is_empty($$SELECT t FROM unnest(ARRAY['', ':', 'distribution', 'distribution:', 'distribution:!', 'distribution:RAEAAAA', 'distribution:RAEAAAA= x', 'Distribution:RAEAAAA=', 'weighted:RAEAAAA=', repeat('A', 100000)]) t
	WHERE try_text(t, 'distribution_summary') <> 'refused'$$, 'damaged text around the bytes');

-- binary: each case through COPY from a file
CREATE TABLE d_copy (x distribution_summary);
CREATE TABLE w_copy (x weighted_summary);
CREATE FUNCTION fuzz_binary(which text, target regclass, cases int) RETURNS TABLE (state text, n bigint) LANGUAGE plpgsql AS $$
DECLARE
	seeds bytea[] := ARRAY(SELECT bytes FROM seed WHERE family = which AND length(bytes) < 1000);
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
SELECT is_empty(format('SELECT * FROM fuzz_binary(%L, %L, 3000) WHERE state NOT IN (''refused'', ''accepted'')', f, t), f || ': binary refused cleanly or taken')
FROM (VALUES ('distribution', 'd_copy'), ('weighted', 'w_copy')) q(f, t);
SELECT ok((SELECT bool_and(x::text::distribution_summary = x) FROM d_copy), 'what came in binary has a text form');
SELECT is((SELECT count(*) FROM seed WHERE family = 'distribution' AND get_byte(bytes, 2) % 2 = 1), 3::bigint, 'bucketed seeds were among them');
SELECT is((SELECT count(*) FROM d_copy WHERE inspect(x::text) <> 'accepted'), 0::bigint, 'and answers readers');
SELECT * FROM finish();
