-- sync: history that others recorded, into the same snapshot tables

-- The columns of a source, checked against what a snapshot table can take.
CREATE FUNCTION hub_sync_source_columns(source regclass) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = source AND attnum > 0 AND NOT attisdropped;
$$;
COMMENT ON FUNCTION hub_sync_source_columns(regclass) IS 'columns of a source of snapshots';

CREATE FUNCTION hub_sync_check_source(source regclass, columns text[], figures text[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bad bigint;
	lacks text := CASE WHEN NOT columns && ARRAY['captured_at', 'captured_on'] THEN 'captured_at or captured_on'
		WHEN NOT 'id' = ANY (columns) THEN 'id'
		WHEN NOT columns && figures THEN array_to_string(figures, ' or ') END;
BEGIN
	IF lacks IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_column',
			MESSAGE = format('source "%s" has no column %s', source, lacks),
			HINT = 'Make a view over it that names its columns as the snapshot table does.';
	END IF;
	EXECUTE format('SELECT count(*) FROM %s WHERE id IS NULL OR id = '''' OR %I IS NULL', source,
		CASE WHEN 'captured_at' = ANY (columns) THEN 'captured_at' ELSE 'captured_on' END) INTO bad;
	IF bad > 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'not_null_violation',
			MESSAGE = format('%s rows of source "%s" have no id or no time', bad, source);
	END IF;
	EXECUTE format('SELECT count(*) FROM %s WHERE %s', source,
		(SELECT string_agg(format('%I < 0', f), ' OR ') FROM unnest(figures) AS f WHERE f = ANY (columns))) INTO bad;
	IF bad > 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'numeric_value_out_of_range',
			MESSAGE = format('%s rows of source "%s" have a negative figure', bad, source);
	END IF;
	EXECUTE format('SELECT count(*) FROM %s WHERE %s', source, CASE WHEN 'captured_at' = ANY (columns)
		THEN 'captured_at::timestamptz > clock_timestamp()' ELSE 'captured_on > (clock_timestamp() AT TIME ZONE ''UTC'')::date' END) INTO bad;
	IF bad > 0 THEN
		RAISE EXCEPTION USING ERRCODE = 'datetime_field_overflow',
			MESSAGE = format('%s rows of source "%s" lie in the future', bad, source);
	END IF;
END;
$$;
COMMENT ON FUNCTION hub_sync_check_source(regclass, text[], text[]) IS 'an error unless a source of snapshots can be loaded';

CREATE FUNCTION hub_load_snapshots(target_schema text, kind text, source regclass) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	snapshots text := left(kind, -1) || '_snapshots';
	columns text[] := @extschema@.hub_sync_source_columns(source);
	figures text[] := string_to_array(@extschema@.hub_sync_figures(snapshots), ', ');
	has_key boolean := '_id' = ANY (figures);
	stamp text := CASE WHEN 'captured_at' = ANY (columns) THEN 's.captured_at::timestamptz'
		ELSE '(s.captured_on::timestamp AT TIME ZONE ''UTC'')' END;
	day text := format('((%s AT TIME ZONE ''UTC'')::date)', stamp);
	month date;
	loaded bigint := 0;
	added bigint;
BEGIN
	IF kind IS NULL OR kind NOT IN ('models', 'datasets', 'spaces', 'papers') THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('there are no snapshots of kind %s', coalesce('"' || kind || '"', 'null')),
			HINT = 'Kinds are: models, datasets, spaces, papers.';
	END IF;
	IF to_regclass(format('%I.%I', target_schema, snapshots)) IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_table',
			MESSAGE = format('table "%s.%s" does not exist', target_schema, snapshots),
			HINT = format('Run hub_sync, or SELECT hub_sync_create(server, %L, ARRAY[%L]).', target_schema, kind);
	END IF;
	figures := ARRAY(SELECT f FROM unnest(figures) AS f WHERE f NOT IN ('_id', 'id'));
	PERFORM @extschema@.hub_sync_check_source(source, columns, figures);
	figures := ARRAY(SELECT f FROM unnest(figures) AS f WHERE f = ANY (columns));

	FOR month IN EXECUTE format('SELECT DISTINCT date_trunc(''month'', %s::timestamp)::date FROM %s s', day, source) LOOP
		-- of several readings a day the first stands, as it does in a sync
		EXECUTE format($q$
			INSERT INTO %1$s (captured_on, captured_at, %2$s id, %3$s)
			SELECT DISTINCT ON (day, key) day, at, %4$s id, %3$s FROM (
				SELECT %5$s AS day, %6$s AS at, s.id, %7$s COLLATE "C" AS key, %8$s
				FROM %9$s s %10$s
				WHERE %5$s >= $1 AND %5$s < ($1 + interval '1 month')::date) r
			ORDER BY day, key, at
			ON CONFLICT DO NOTHING
			$q$,
			@extschema@.hub_sync_partition(target_schema, snapshots, month),
			CASE WHEN has_key THEN '_id,' ELSE '' END,
			array_to_string(figures, ', '),
			CASE WHEN has_key THEN 'key,' ELSE '' END,
			day, stamp,
			CASE WHEN NOT has_key THEN 's.id' WHEN '_id' = ANY (columns) THEN 'coalesce(s._id, m._id, ''id:'' || s.id)'
				ELSE 'coalesce(m._id, ''id:'' || s.id)' END,
			's.' || array_to_string(figures, ', s.'),
			source,
			CASE WHEN has_key THEN format('LEFT JOIN (SELECT id, min(_id) AS _id FROM %I.%I GROUP BY id) m ON m.id = s.id COLLATE "C"',
				target_schema, kind) ELSE '' END)
			USING month;
		GET DIAGNOSTICS added = ROW_COUNT;
		loaded := loaded + added;
	END LOOP;
	IF to_regclass(format('%I.segment_days', target_schema)) IS NOT NULL THEN
		EXECUTE format('DELETE FROM %I.segment_days t USING (SELECT DISTINCT %s AS d FROM %s s) q WHERE t.kind = $1 AND t.captured_on = q.d',
			target_schema, day, source) USING kind;
	END IF;
	RETURN loaded;
END;
$$;
COMMENT ON FUNCTION hub_load_snapshots(text, text, regclass) IS 'copies history from a table or view into the snapshots of a kind; rows that are there stay as they are; the number of new rows';
