-- sync: creating and checking a target schema

CREATE FUNCTION hub_sync_setting(target_schema text, setting text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	answer text;
BEGIN
	IF to_regclass(format('%I.sync_settings', target_schema)) IS NOT NULL THEN
		EXECUTE format('SELECT value FROM %I.sync_settings WHERE name = $1', target_schema)
			INTO answer USING setting;
	END IF;
	RETURN coalesce(answer, (SELECT d.value FROM @extschema@.hub_sync_defaults() d WHERE d.name = setting));
END;
$$;
COMMENT ON FUNCTION hub_sync_setting(text, text) IS 'a setting of a target schema, or its default';

-- The columns that the catalogue asks for and the relation lacks.
CREATE FUNCTION hub_sync_lacks(relation regclass, columns text[]) RETURNS text[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(
		CASE WHEN a.attname IS NULL THEN format('column "%s" is missing', w.name)
		ELSE format('column "%s" has type %s instead of %s', w.name,
			format_type(a.atttypid, a.atttypmod), w.type) END ORDER BY w.ordinality)
	FROM (SELECT split_part(c, ' ', 1) AS name,
			replace(substr(c, strpos(c, ' ') + 1), ' NOT NULL', '') AS type, ordinality
		FROM unnest(columns) WITH ORDINALITY AS u (c, ordinality)) w
	LEFT JOIN pg_attribute a ON a.attrelid = relation AND a.attname = w.name::name AND NOT a.attisdropped
	WHERE a.attname IS NULL OR format_type(a.atttypid, a.atttypmod) <> w.type;
$$;
COMMENT ON FUNCTION hub_sync_lacks(regclass, text[]) IS 'differences between a relation and the columns that hub_sync expects';

CREATE FUNCTION hub_sync_check_relation(target_schema text, relation text, form text, columns text[], server text) RETURNS boolean
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found oid := to_regclass(format('%I.%I', target_schema, relation));
	kind "char";
	lacks text[];
	other text;
	owner text;
BEGIN
	IF found IS NULL THEN
		RETURN false;
	END IF;
	SELECT relkind, pg_get_userbyid(relowner) INTO kind, owner FROM pg_class WHERE oid = found;
	IF (kind <> CASE form WHEN 'foreign' THEN 'f' WHEN 'partitioned' THEN 'p' WHEN 'view' THEN 'v' ELSE 'r' END) THEN
		RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
			MESSAGE = format('"%s.%s" exists and is not a %s', target_schema, relation,
				CASE form WHEN 'foreign' THEN 'foreign table' WHEN 'partitioned' THEN 'partitioned table' WHEN 'view' THEN 'view' ELSE 'table' END),
			HINT = 'Give the sync a schema of its own.';
	END IF;
	lacks := @extschema@.hub_sync_lacks(found, columns);
	IF lacks IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'duplicate_table',
			MESSAGE = format('table "%s.%s" exists and is not a table of hub_sync', target_schema, relation),
			DETAIL = format('%s%s.', upper(left(lacks[1], 1)) || substr(lacks[1], 2),
				CASE WHEN cardinality(lacks) > 1 THEN format(', and %s more', cardinality(lacks) - 1) ELSE '' END),
			HINT = 'Give the sync a schema of its own.';
	END IF;
	IF form = 'foreign' THEN
		SELECT s.srvname INTO other FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = t.ftserver
			WHERE t.ftrelid = found;
		IF other <> server THEN
			RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
				MESSAGE = format('schema "%s" is synced from server "%s", not "%s"', target_schema, other, server),
				HINT = 'Use another schema for another server.';
		END IF;
	END IF;
	-- partitions are made and attached by owners alone
	IF NOT pg_has_role(owner, 'USAGE') THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
			MESSAGE = format('must be owner of table %I.%I', target_schema, relation),
			DETAIL = format('It belongs to role "%s".', owner),
			HINT = 'Run the sync as that role.';
	END IF;
	RETURN true;
END;
$$;
COMMENT ON FUNCTION hub_sync_check_relation(text, text, text, text[], text) IS 'whether a relation of hub_sync exists; an error where another is in its place';

CREATE FUNCTION hub_sync_check_server(server text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	wrapper text;
BEGIN
	IF server IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'null_value_not_allowed', MESSAGE = 'server must not be null';
	END IF;
	SELECT w.fdwname INTO wrapper FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
		WHERE s.srvname = server::name;
	IF wrapper IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_object',
			MESSAGE = format('server "%s" does not exist', server),
			HINT = format('CREATE SERVER %I FOREIGN DATA WRAPPER hub_fdw;', server);
	ELSIF wrapper <> 'hub_fdw' THEN
		RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
			MESSAGE = format('server "%s" belongs to foreign-data wrapper "%s"', server, wrapper),
			HINT = 'hub_sync needs a server of hub_fdw.';
	ELSIF NOT has_server_privilege(server, 'USAGE') THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied for foreign server %s', server),
			HINT = format('GRANT USAGE ON FOREIGN SERVER %I TO %I;', server, current_user);
	END IF;
END;
$$;
COMMENT ON FUNCTION hub_sync_check_server(text) IS 'an error unless the server is one of hub_fdw that may be used';

CREATE FUNCTION hub_sync_check_kinds(kinds text[]) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	known CONSTANT text[] := @extschema@.hub_sync_kinds();
	one text;
BEGIN
	FOREACH one IN ARRAY coalesce(kinds, known) LOOP
		IF one IS NULL OR one <> ALL (known) THEN
			RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('there is no kind %s', coalesce('"' || one || '"', 'null')),
				HINT = format('Kinds are: %s.', array_to_string(known, ', '));
		END IF;
	END LOOP;
	-- in the order of dependence: owners come from models and datasets
	RETURN ARRAY(SELECT k FROM unnest(known) WITH ORDINALITY AS u (k, n)
		WHERE kinds IS NULL OR k = ANY (kinds) ORDER BY n);
END;
$$;
COMMENT ON FUNCTION hub_sync_check_kinds(text[]) IS 'the kinds asked for in the order of dependence, all for NULL';

CREATE FUNCTION hub_sync_create_relation(target_schema text, relation text, form text, columns text[], tail text, indexes text[], remark text, server text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	place text := format('%I.%I', target_schema, relation);
	-- keys are compared by their bytes: several times faster than by language
	-- rules, and LIKE 'owner/%' can use an index
	body text := regexp_replace(array_to_string(columns, ', '), '\m(_id|id|child'
		|| CASE relation WHEN 'model_edges' THEN '|parent' ELSE '' END || ') text', '\1 text COLLATE "C"', 'g');
	one text;
BEGIN
	CASE form
	WHEN 'foreign' THEN
		body := array_to_string(columns, ', ');
		EXECUTE format('CREATE FOREIGN TABLE %s (%s) SERVER %I OPTIONS (resource %L)', place, body, server, tail);
		EXECUTE format('COMMENT ON FOREIGN TABLE %s IS %L', place, remark);
		PERFORM @extschema@.hub_sync_comment(target_schema, relation);
		RETURN;
	WHEN 'partitioned' THEN
		EXECUTE format('CREATE TABLE %s (%s, %s) PARTITION BY RANGE (captured_on)', place, body, tail);
	ELSE
		-- room for updates of counters within the page
		EXECUTE format('CREATE TABLE %s (%s, %s) WITH (fillfactor = 85)', place, body, tail);
	END CASE;
	-- those of tables wait for the first rows: hub_sync_index
	IF form = 'partitioned' THEN
		FOREACH one IN ARRAY coalesce(indexes, '{}') LOOP
			EXECUTE format('CREATE INDEX ON %s %s', place, one);
		END LOOP;
	END IF;
	EXECUTE format('COMMENT ON TABLE %s IS %L', place, remark);
	PERFORM @extschema@.hub_sync_comment(target_schema, relation);
END;
$$;
COMMENT ON FUNCTION hub_sync_create_relation(text, text, text, text[], text, text[], text, text) IS 'creates one relation of hub_sync';

-- Indexes beside the keys are made when the first run of a kind is complete:
-- built at once they cost a fraction of what they cost row by row. An index that
-- begins with the column already serves as well.
CREATE FUNCTION hub_sync_index(target_schema text, kind text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	one record;
BEGIN
	FOR one IN SELECT to_regclass(format('%I.%I', target_schema, r.relation)) AS place, i AS index
		FROM @extschema@.hub_sync_relations() r, unnest(r.indexes) AS i
		WHERE r.form = 'table' AND r.kinds[1] = kind
	LOOP
		IF NOT EXISTS (SELECT FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
			WHERE x.indrelid = one.place AND x.indpred IS NULL AND x.indisvalid AND format('(%s)', a.attname) = one.index)
		THEN
			EXECUTE format('CREATE INDEX ON %s %s', one.place, one.index);
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION hub_sync_index(text, text) IS 'makes the indexes of a kind that are missing';

CREATE FUNCTION hub_sync_create_runs_view(target_schema text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF to_regclass(format('%I.sync_runs', target_schema)) IS NOT NULL THEN
		PERFORM @extschema@.hub_sync_check_relation(target_schema, 'sync_runs', 'view', ARRAY['run bigint', 'state text'], NULL);
		RETURN;
	END IF;
	EXECUTE format($view$
		CREATE VIEW %1$I.sync_runs AS
		SELECT r.run, r.kind, r.mode, r.server, r.captured_on,
			CASE WHEN r.state IN ('running', 'waiting') AND a.pid IS NULL THEN 'interrupted' ELSE r.state END AS state,
			r.rows, r.expected AS expected_rows, r.pages, r.added, r.changed, r.vanished,
			r.requests, r.retries, r.bytes, r.quota_left, r.wait_until,
			r.started_at, r.updated_at, r.finished_at, r.active AS duration,
			CASE WHEN r.state IN ('running', 'waiting') AND a.pid IS NOT NULL AND r.rows > 0 AND r.expected > r.rows
				THEN r.active * ((r.expected - r.rows)::double precision / r.rows)
					+ CASE WHEN r.wait_until > pg_catalog.clock_timestamp() THEN r.wait_until - pg_catalog.clock_timestamp() ELSE '0' END
				END AS eta,
			r.resumed, r.position AS page_cursor, r.pid, r.role, r.error
		FROM %1$I.sync_run r
		LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = r.pid
			AND a.datname = pg_catalog.current_database() AND a.usename::text = r.role
			AND (a.backend_start IS NULL OR a.backend_start = r.backend_start)
		$view$, target_schema);
	EXECUTE format('COMMENT ON VIEW %I.sync_runs IS %L', target_schema,
		'Runs of the sync and how far they are: running, waiting (for the quota), done, failed, interrupted, given up');
	PERFORM @extschema@.hub_sync_comment(target_schema, 'sync_runs');
END;
$$;
COMMENT ON FUNCTION hub_sync_create_runs_view(text) IS 'creates the view sync_runs of a target schema';

CREATE FUNCTION hub_sync_create_schema(target_schema text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found oid := to_regnamespace(quote_ident(target_schema));
BEGIN
	IF found IS NULL AND NOT has_database_privilege(current_database(), 'CREATE') THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied for database %I', current_database()),
			DETAIL = format('Schema "%s" does not exist, and role "%s" may not create it.', target_schema, current_user),
			HINT = format('CREATE SCHEMA %I AUTHORIZATION %I;', target_schema, current_user);
	ELSIF found IS NULL THEN
		EXECUTE format('CREATE SCHEMA %I', target_schema);
	ELSIF NOT (has_schema_privilege(found, 'CREATE') AND has_schema_privilege(found, 'USAGE')) THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied for schema %I', target_schema),
			DETAIL = 'The sync makes its tables and their monthly partitions there.',
			HINT = format('GRANT USAGE, CREATE ON SCHEMA %I TO %I;', target_schema, current_user);
	END IF;
END;
$$;
COMMENT ON FUNCTION hub_sync_create_schema(text) IS 'creates a target schema where it is missing; an error unless the sync may create in it';

-- Creates what is missing for the kinds, checks what is there.
CREATE FUNCTION hub_sync_create(server text, target_schema text, kinds text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	one record;
BEGIN
	PERFORM @extschema@.hub_sync_create_schema(target_schema);
	FOR one IN SELECT r.* FROM @extschema@.hub_sync_relations() r WHERE r.kinds IS NULL OR r.kinds && $3 LOOP
		IF NOT @extschema@.hub_sync_check_relation(target_schema, one.relation, one.form, one.columns, server) THEN
			PERFORM @extschema@.hub_sync_create_relation(target_schema, one.relation, one.form, one.columns,
				one.tail, one.indexes, one.remark, server);
			IF one.relation = 'sync_settings' THEN
				EXECUTE format('INSERT INTO %I.sync_settings SELECT name, value FROM @extschema@.hub_sync_defaults()',
					target_schema);
			ELSE
				PERFORM @extschema@.hub_sync_fill(target_schema, one.relation);
			END IF;
		END IF;
	END LOOP;
	PERFORM @extschema@.hub_sync_create_runs_view(target_schema);
END;
$$;
COMMENT ON FUNCTION hub_sync_create(text, text, text[]) IS 'creates what a target schema lacks and checks the rest';

-- The partition of a day's month; made apart and attached, so that readers of
-- the whole are not locked out.
CREATE FUNCTION hub_sync_partition(target_schema text, parent text, day date) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	low date := date_trunc('month', day::timestamp)::date;
	high date := (date_trunc('month', day::timestamp) + interval '1 month')::date;
	name text := format('%s_%s', parent, to_char(low, 'YYYY_MM'));
	place text := format('%I.%I', target_schema, name);
	whole text := format('%I.%I', target_schema, parent);
BEGIN
	IF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(place) AND inhparent = to_regclass(whole)) THEN
		RETURN place;
	END IF;
	IF to_regclass(place) IS NULL THEN
		EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL)', place, whole);
	ELSIF (SELECT relkind <> 'r' FROM pg_class WHERE oid = to_regclass(place)) THEN
		RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
			MESSAGE = format('"%s.%s" exists and is not a table', target_schema, name),
			DETAIL = format('The partition of table "%s.%s" for that month has this name.', target_schema, parent),
			HINT = 'Rename it, or give the sync a schema of its own.';
	END IF;
	EXECUTE format('ALTER TABLE %s ADD CONSTRAINT attaching CHECK (captured_on >= %L AND captured_on < %L)', place, low, high);
	EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', whole, place, low, high);
	EXECUTE format('ALTER TABLE %s DROP CONSTRAINT attaching', place);
	RETURN place;
END;
$$;
COMMENT ON FUNCTION hub_sync_partition(text, text, date) IS 'makes and attaches the partition of a month where it is missing; its name';
