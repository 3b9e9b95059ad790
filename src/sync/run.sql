-- sync: runs, their rows and the loop over batches

-- Begins a transaction of a sync: search path, plans, and the lock that keeps
-- a second sync of the schema out. Not set by SET clauses, which would forbid
-- the caller to commit. A run that goes on is patient: whoever else has the lock
-- then holds it only until it sees that run.
CREATE FUNCTION hub_sync_enter(target_schema text, patient boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
	class CONSTANT integer := pg_catalog.hashtext('pghub sync');
	other record;
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	-- a page finds its rows in large tables by key, whatever their statistics
	-- say; the statement is planned once
	PERFORM set_config(name, 'off', true) FROM unnest(ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin',
		'enable_hashagg', 'enable_material', 'enable_memoize', 'jit']) AS name;
	PERFORM set_config('plan_cache_mode', 'force_generic_plan', true);
	FOR attempt IN 1 .. CASE WHEN patient THEN 300 ELSE 1 END LOOP
		IF pg_try_advisory_xact_lock(class, hashtext(target_schema)) THEN
			RETURN;
		END IF;
		PERFORM pg_sleep(0.1) WHERE patient;
	END LOOP;
	SELECT l.pid, a.usename, a.backend_start INTO other FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
		WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
			AND l.classid = (class::bigint & 4294967295)::oid
			AND l.objid = (hashtext(target_schema)::bigint & 4294967295)::oid LIMIT 1;
	RAISE EXCEPTION USING ERRCODE = 'object_in_use',
		MESSAGE = format('schema "%s" is being synced by another session', target_schema),
		DETAIL = CASE WHEN other.pid IS NULL THEN 'It has just ended its transaction.'
			ELSE format('It is process %s of role "%s".', other.pid, other.usename) END,
		HINT = format('SELECT * FROM %I.sync_runs shows how far it is.', target_schema);
END;
$$;
COMMENT ON FUNCTION hub_sync_enter(text, boolean) IS 'begins a transaction of a sync: search path and lock';

-- What the session asked of the server so far.
CREATE FUNCTION hub_sync_traffic(server text, OUT requests bigint, OUT retries bigint, OUT bytes bigint, OUT quota_left bigint, OUT quota_reset integer)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	SELECT coalesce(sum(t.requests), 0), coalesce(sum(t.retries), 0), coalesce(sum(t.bytes_wire), 0),
		min(t.quota_left), max(t.quota_reset_s)
	INTO hub_sync_traffic.requests, hub_sync_traffic.retries, hub_sync_traffic.bytes, hub_sync_traffic.quota_left, quota_reset
	FROM pg_foreign_server s JOIN @extschema@.hub_session_stats() t ON t.server = s.oid
	WHERE s.srvname = hub_sync_traffic.server::name;
END;
$$;
COMMENT ON FUNCTION hub_sync_traffic(text) IS 'requests, bytes and quota of this session at a server';

-- Rows that a kind has: the last complete run's, else the wrapper's estimate.
CREATE FUNCTION hub_sync_expected(target_schema text, kind text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	answer bigint;
	plan json;
BEGIN
	CASE kind
	WHEN 'owners' THEN
		answer := @extschema@.hub_sync_setting(target_schema, 'owner_limit')::bigint;
		IF to_regclass(format('%I.sync_run', target_schema)) IS NOT NULL THEN
			-- where the last list was shorter than allowed there are no more
			EXECUTE format($q$SELECT least($2, (SELECT CASE WHEN rows < expected THEN rows END FROM %I.sync_run
				WHERE kind = $1 AND state = 'done' ORDER BY run DESC LIMIT 1))$q$, target_schema) INTO answer USING kind, answer;
		END IF;
		RETURN answer;
	WHEN 'papers' THEN
		-- lists of a day rarely pass fifty
		RETURN @extschema@.hub_sync_setting(target_schema, 'paper_days')::bigint * 50;
	WHEN 'trending' THEN
		RETURN 60;
	WHEN 'discussions' THEN
		IF to_regclass(format('%I.discussion_repos', target_schema)) IS NULL THEN
			RETURN 0;
		END IF;
		EXECUTE format('SELECT count(*) FROM %I.discussion_repos', target_schema) INTO answer;
		RETURN answer;
	ELSE
		IF to_regclass(format('%I.sync_run', target_schema)) IS NOT NULL THEN
			EXECUTE format($q$SELECT rows FROM %I.sync_run WHERE kind = $1 AND state = 'done' AND mode = 'full'
				ORDER BY run DESC LIMIT 1$q$, target_schema) INTO answer USING kind;
		END IF;
		IF answer IS NULL AND to_regclass(format('%I.%I', target_schema, 'hub_' || kind)) IS NOT NULL THEN
			EXECUTE format('EXPLAIN (FORMAT JSON) SELECT _id FROM %I.%I', target_schema, 'hub_' || kind) INTO plan;
			answer := (plan -> 0 -> 'Plan' ->> 'Plan Rows')::numeric::bigint;
		END IF;
		RETURN answer;
	END CASE;
END;
$$;
COMMENT ON FUNCTION hub_sync_expected(text, text) IS 'rows that a sync of a kind is expected to read';

-- The worklist of owners: those with the most lifetime downloads.
CREATE FUNCTION hub_sync_list_owners(target_schema text, day date) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	EXECUTE format($q$
		WITH top AS MATERIALIZED (
			SELECT author AS name, downloads, row_number() OVER (ORDER BY downloads DESC, author) AS rank
			FROM (SELECT author, sum(downloads)::bigint AS downloads FROM (
					SELECT author, coalesce(downloads_all_time, downloads, 0) AS downloads FROM %1$I.models WHERE vanished_on IS NULL
					UNION ALL
					SELECT author, coalesce(downloads_all_time, downloads, 0) FROM %1$I.datasets WHERE vanished_on IS NULL) r
				WHERE author <> '' GROUP BY author ORDER BY 2 DESC, 1 LIMIT $2) o),
		dropped AS (
			UPDATE %1$I.owners SET rank = NULL, listed_on = NULL
			WHERE listed_on IS NOT NULL AND name NOT IN (SELECT name FROM top))
		INSERT INTO %1$I.owners AS t (name, downloads, rank, listed_on)
		SELECT name, downloads, rank, $1 FROM top
		ON CONFLICT (name) DO UPDATE SET (downloads, rank, listed_on) = ROW(excluded.downloads, excluded.rank, excluded.listed_on)
			WHERE (t.downloads, t.rank, t.listed_on) IS DISTINCT FROM (excluded.downloads, excluded.rank, excluded.listed_on)
		$q$, target_schema)
		USING day, greatest(@extschema@.hub_sync_setting(target_schema, 'owner_limit')::bigint, 0);
END;
$$;
COMMENT ON FUNCTION hub_sync_list_owners(text, date) IS 'fills the worklist of owners';

-- Takes up the run that was interrupted, or begins one; its number.
CREATE FUNCTION hub_sync_begin(target_schema text, server text, kind text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	last record;
	done record;
	newest timestamptz;
	answer bigint;
	day date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
	mode text := @extschema@.hub_sync_setting(target_schema, 'mode');
	own_start timestamptz := (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid());
BEGIN
	EXECUTE format('SELECT max(updated_at) FROM %I.sync_run', target_schema) INTO newest;
	IF newest > clock_timestamp() + interval '5 minutes' THEN
		RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = 'the clock stands before the last sync',
			DETAIL = format('The last run was written at %s; it is %s now.', newest, clock_timestamp()),
			HINT = 'Set the clock right; days would be recorded under wrong dates.';
	END IF;
	IF mode NOT IN ('full', 'changes', 'auto') THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('setting "mode" of schema "%s" is "%s"', target_schema, mode),
			HINT = 'It is full, changes or auto.';
	END IF;
	EXECUTE format('SELECT * FROM %I.sync_run WHERE kind = $1 ORDER BY run DESC LIMIT 1', target_schema) INTO last USING kind;
	EXECUTE format($q$SELECT max(captured_on) FILTER (WHERE mode = 'full') AS captured_on, max(started_at) AS started_at
		FROM %I.sync_run WHERE kind = $1 AND state = 'done'$q$, target_schema) INTO done USING kind;
	IF kind NOT IN ('models', 'datasets', 'spaces') OR done.captured_on IS NULL
		OR (mode = 'auto' AND done.captured_on < day) THEN
		mode := 'full';
	ELSIF mode = 'auto' THEN
		mode := 'changes';
	END IF;

	IF last.state IN ('running', 'waiting') AND last.pid <> pg_backend_pid() AND EXISTS (
		SELECT FROM pg_stat_activity a WHERE a.pid = last.pid AND a.datname = current_database()
			AND a.usename = last.role AND (a.backend_start IS NULL OR a.backend_start = last.backend_start)) THEN
		RAISE EXCEPTION USING ERRCODE = 'object_in_use',
			MESSAGE = format('schema "%s" is being synced by another session', target_schema),
			DETAIL = format('It is process %s of role "%s".', last.pid, last.role),
			HINT = format('SELECT * FROM %I.sync_runs shows how far it is.', target_schema);
	ELSIF last.state IN ('running', 'waiting', 'failed', 'interrupted') THEN
		IF last.mode = mode AND last.server = server
			AND last.updated_at > clock_timestamp() - @extschema@.hub_sync_setting(target_schema, 'resume_within')::interval THEN
			EXECUTE format($q$UPDATE %I.sync_run SET state = 'running', pid = pg_backend_pid(), role = current_user,
				backend_start = $2, updated_at = clock_timestamp(), resumed = resumed + 1, error = NULL, wait_until = NULL
				WHERE run = $1$q$, target_schema) USING last.run, own_start;
			RETURN last.run;
		END IF;
		EXECUTE format($q$UPDATE %I.sync_run SET state = 'given up' WHERE run = $1$q$, target_schema) USING last.run;
	END IF;

	EXECUTE format($q$
		INSERT INTO %1$I.sync_run (run, kind, mode, server, captured_on, state, role, pid, backend_start, started_at,
			updated_at, position, key_at, since, expected, rows, pages, added, changed, vanished, requests, retries, bytes,
			resumed, active)
		SELECT coalesce(max(run), 0) + 1, $1, $2, $3, $4, 'running', current_user, pg_backend_pid(), $5, clock_timestamp(),
			clock_timestamp(), '', 'infinity', $6, $7, 0, 0, 0, 0, 0, 0, 0, 0, 0, interval '0'
		FROM %1$I.sync_run RETURNING run
		$q$, target_schema)
		INTO answer
		USING kind, mode, server, day, own_start, done.started_at - interval '10 minutes',
			CASE mode WHEN 'full' THEN @extschema@.hub_sync_expected(target_schema, kind) END;
	IF kind = 'owners' THEN
		PERFORM @extschema@.hub_sync_list_owners(target_schema, day);
	END IF;
	RETURN answer;
END;
$$;
COMMENT ON FUNCTION hub_sync_begin(text, text, text) IS 'takes up an interrupted run of a kind or begins one';

-- The end of a complete list: what lies beyond its last row has vanished,
-- unless that is so much that the list must have been cut short.
CREATE FUNCTION hub_sync_close_list(target_schema text, kind text, day date, previous date, key_at timestamptz, key_id text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	beyond bigint;
	known bigint;
	share double precision := @extschema@.hub_sync_setting(target_schema, 'vanish_limit')::double precision;
	rest text := '(created_at < $1 OR (created_at = $1 AND ($2 IS NULL OR _id > $2)))';
BEGIN
	EXECUTE format('SELECT count(*) FROM %I.%I WHERE vanished_on IS NULL AND %s', target_schema, kind, rest)
		INTO beyond USING key_at, key_id;
	IF beyond = 0 THEN
		RETURN 0;
	END IF;
	EXECUTE format('SELECT count(*) FROM %I.%I WHERE vanished_on IS NULL', target_schema, kind) INTO known;
	IF beyond > share * known THEN
		RAISE EXCEPTION USING ERRCODE = 'fdw_error',
			MESSAGE = format('the list of %s ended before %s of %s known repositories', kind, beyond, known),
			DETAIL = 'It was probably cut short; nothing was marked as vanished.',
			HINT = format('Run the sync again. If they are really gone, raise "vanish_limit" in %I.sync_settings.', target_schema);
	END IF;
	EXECUTE format('UPDATE %I.%I SET vanished_on = $3 WHERE vanished_on IS NULL AND %s', target_schema, kind, rest)
		USING key_at, key_id, day;
	IF kind = 'models' THEN
		EXECUTE format($q$UPDATE %1$I.model_edges e SET last_seen = greatest(e.first_seen, $1) FROM %1$I.models m
			WHERE m.vanished_on = $2 AND e._id = m._id AND e.last_seen IS NULL$q$, target_schema) USING previous, day;
	END IF;
	RETURN beyond;
END;
$$;
COMMENT ON FUNCTION hub_sync_close_list(text, text, date, date, timestamptz, text) IS 'marks what lies beyond the end of a complete list as vanished';

-- Writes a run's row after a batch.
CREATE FUNCTION hub_sync_note(target_schema text, run bigint, state text, step record, traffic record, took interval, wait_until timestamptz, error text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	EXECUTE format($q$
		UPDATE %I.sync_run SET state = $2, updated_at = clock_timestamp(), active = active + $3, wait_until = $4, error = $5,
			finished_at = CASE $2 WHEN 'done' THEN clock_timestamp() END,
			requests = requests + $6, retries = retries + $7, bytes = bytes + $8, quota_left = coalesce($9, quota_left),
			pages = pages + CASE WHEN $10 IS NULL THEN 0 ELSE 1 END,
			rows = rows + coalesce($10, 0), added = added + coalesce($11, 0), changed = changed + coalesce($12, 0),
			vanished = vanished + coalesce($13, 0), position = coalesce($14, position),
			key_at = coalesce($15, key_at), key_id = coalesce($16, key_id)
		WHERE run = $1$q$, target_schema)
		USING run, state, took, wait_until, error, traffic.requests, traffic.retries, traffic.bytes, traffic.quota_left,
			step.rows, step.added, step.changed, step.vanished, step.next, step.key_at, step.key_id;
END;
$$;
COMMENT ON FUNCTION hub_sync_note(text, bigint, text, record, record, interval, timestamptz, text) IS 'writes the row of a run after a batch';

-- A cursor that leads nowhere, or back: the list is read from the beginning,
-- under the same day.
CREATE FUNCTION hub_sync_restart(target_schema text, run bigint, why text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	EXECUTE format($q$UPDATE %I.sync_run SET position = '', key_at = 'infinity', key_id = NULL, rows = 0, pages = 0
		WHERE run = $1$q$, target_schema) USING run;
	RAISE NOTICE USING MESSAGE = CASE WHEN why LIKE '%refuses the request%'
			THEN 'the Hub no longer accepts the cursor of the interrupted run' ELSE why END,
		DETAIL = 'The list is read from its beginning.';
END;
$$;
COMMENT ON FUNCTION hub_sync_restart(text, bigint, text) IS 'lets a run begin again at the head of its list';

-- A list that leads back to what was read would be followed for ever, and what
-- it jumps over would count as vanished. A page that came empty would too.
CREATE FUNCTION hub_sync_check_step(target_schema text, run record, step record) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF step.next = run.position OR (run.mode = 'full' AND (step.key_at > run.key_at
		OR (step.key_at = run.key_at AND step.key_id <= run.key_id))) THEN
		RAISE EXCEPTION USING ERRCODE = 'fdw_error',
			MESSAGE = format('the list of %s leads back to what was read', run.kind),
			DETAIL = format('After page %s, which ended at %s, comes one that ends at %s.', run.pages,
				coalesce(run.key_id, '-'), coalesce(step.key_id, '-')),
			HINT = 'Run the sync again: it begins at the head of the list.';
	ELSIF step.vanished > 0 AND run.vanished + step.vanished >
		run.expected * @extschema@.hub_sync_setting(target_schema, 'vanish_limit')::double precision THEN
		RAISE EXCEPTION USING ERRCODE = 'fdw_error',
			MESSAGE = format('%s of %s known repositories are missing from the list of %s', run.vanished + step.vanished,
				run.expected, run.kind),
			DETAIL = format('The last %s were on page %s and would have been marked as vanished.', step.vanished, run.pages + 1),
			HINT = format('Run the sync again. If they are really gone, raise "vanish_limit" in %I.sync_settings.', target_schema);
	END IF;
END;
$$;
COMMENT ON FUNCTION hub_sync_check_step(text, record, record) IS 'an error unless a batch lies behind the one before it and is plausible';

-- Tells whoever called how far a run is.
CREATE FUNCTION hub_sync_tell(target_schema text, run bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	said text;
BEGIN
	EXECUTE format($q$
		SELECT format('%%s: %%s rows%%s, %%s pages, %%s requests%%s%%s', kind, rows, ' of ' || expected_rows, pages, requests,
			', quota left ' || quota_left, ', about ' || date_trunc('second', eta) || ' to go')
		FROM %I.sync_runs WHERE run = $1$q$, target_schema) INTO said USING run;
	RAISE NOTICE USING MESSAGE = said;
END;
$$;
COMMENT ON FUNCTION hub_sync_tell(text, bigint) IS 'a notice of how far a run is';

-- Drops the prepared statement of a batch, also one left by an error.
CREATE FUNCTION hub_sync_forget() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM pg_prepared_statements WHERE name = 'hub_sync_batch') THEN
		DEALLOCATE hub_sync_batch;
	END IF;
END;
$$;
COMMENT ON FUNCTION hub_sync_forget() IS 'drops the prepared statement of the sync';

-- Raises again what a batch raised; an empty detail or hint is none.
CREATE FUNCTION hub_sync_raise(code text, message text, detail text, hint text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF detail <> '' AND hint <> '' THEN
		RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = detail, HINT = hint;
	ELSIF detail <> '' THEN
		RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, DETAIL = detail;
	ELSIF hint <> '' THEN
		RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message, HINT = hint;
	END IF;
	RAISE EXCEPTION USING ERRCODE = code, MESSAGE = message;
END;
$$;
COMMENT ON FUNCTION hub_sync_raise(text, text, text, text) IS 'raises the error of a batch again';

-- One kind, batch by batch. The caller has entered a transaction; it ends
-- with a commit.
CREATE PROCEDURE hub_sync_kind(server text, target_schema text, kind text)
LANGUAGE plpgsql
AS $$
DECLARE
	this bigint;
	run record;
	step record;
	before record;
	traffic record;
	previous date;
	first boolean;
	statement text;
	began timestamptz;
	state text;
	failed text;
	message text;
	detail text;
	hint text;
	restarted boolean := false;
	wait_until timestamptz;
	tell_each CONSTANT interval := pg_catalog.current_setting('pghub.progress_interval')::pg_catalog.interval;
	told timestamptz := pg_catalog.clock_timestamp();
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	this := @extschema@.hub_sync_begin(target_schema, server, kind);
	COMMIT;
	PERFORM @extschema@.hub_sync_enter(target_schema, true);
	EXECUTE format('SELECT * FROM %I.sync_run WHERE run = $1', target_schema) INTO run USING this;
	EXECUTE format($q$SELECT max(captured_on) FROM %I.sync_run WHERE kind = $1 AND state = 'done' AND mode = 'full'$q$,
		target_schema) INTO previous USING kind;
	previous := coalesce(previous, run.captured_on);
	EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I.sync_run WHERE kind = $1 AND run <> $2)', target_schema)
		INTO first USING kind, this;
	IF NOT first THEN
		PERFORM @extschema@.hub_sync_index(target_schema, kind);
	END IF;
	statement := @extschema@.hub_sync_statement(target_schema, kind, run.mode, run.captured_on, first);
	PERFORM @extschema@.hub_sync_forget();
	EXECUTE 'PREPARE hub_sync_batch (text, date, timestamptz, text, date, timestamptz) AS ' || statement;
	COMMIT;
	LOOP
		PERFORM @extschema@.hub_sync_enter(target_schema, true);
		EXECUTE format('SELECT * FROM %I.sync_run WHERE run = $1', target_schema) INTO run USING this;
		-- a list that ends at its last change has no use for the page after it
		PERFORM set_config('pghub.page_ahead', CASE run.mode WHEN 'full' THEN 'on' ELSE 'off' END, true);
		before := @extschema@.hub_sync_traffic(server);
		began := clock_timestamp();
		failed := NULL;
		wait_until := NULL;
		BEGIN
			EXECUTE format('EXECUTE hub_sync_batch (%L, %L, %L, %L, %L, %L)', run.position, run.captured_on, run.key_at,
				run.key_id, previous, run.since) INTO step;
			PERFORM @extschema@.hub_sync_check_step(target_schema, run, step);
			IF step.next IS NULL AND run.mode = 'full' AND kind IN ('models', 'datasets', 'spaces') THEN
				step.vanished := step.vanished + @extschema@.hub_sync_close_list(target_schema, kind, run.captured_on, previous,
					coalesce(step.key_at, run.key_at), CASE WHEN step.key_at IS NULL THEN run.key_id ELSE step.key_id END);
			END IF;
			state := CASE WHEN step.next IS NULL THEN 'done' ELSE 'running' END;
		EXCEPTION WHEN OTHERS OR query_canceled OR assert_failure THEN
			GET STACKED DIAGNOSTICS failed = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
				detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			SELECT NULL AS next, NULL::bigint AS rows, NULL::bigint AS added, NULL::bigint AS changed,
				NULL::bigint AS vanished, NULL::timestamptz AS key_at, NULL::text AS key_id INTO step;
			state := CASE failed WHEN '57014' THEN 'interrupted' ELSE 'failed' END;
		END;
		SELECT t.requests - before.requests AS requests, t.retries - before.retries AS retries,
			t.bytes - before.bytes AS bytes, t.quota_left, t.quota_reset INTO traffic
			FROM @extschema@.hub_sync_traffic(server) t;
		IF state = 'running' AND traffic.quota_left <= 0 AND traffic.quota_reset BETWEEN 1 AND 900 THEN
			state := 'waiting';
			wait_until := clock_timestamp() + make_interval(secs => traffic.quota_reset);
		END IF;
		PERFORM @extschema@.hub_sync_note(target_schema, this, state, step, traffic, clock_timestamp() - began, wait_until, message);
		IF failed = 'HV000' AND (message LIKE '%refuses the request%' OR message LIKE '%leads back to what was read%')
			AND run.position <> '' AND NOT restarted AND run.mode = 'full' AND kind IN ('models', 'datasets', 'spaces') THEN
			PERFORM @extschema@.hub_sync_restart(target_schema, this, message);
			restarted := true;
			failed := NULL;
			message := NULL;
		END IF;
		COMMIT;
		PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
		IF tell_each > '0' AND (clock_timestamp() > told + tell_each OR wait_until IS NOT NULL) AND state <> 'done' THEN
			PERFORM @extschema@.hub_sync_tell(target_schema, this);
			told := clock_timestamp();
			COMMIT;
			PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
		END IF;
		IF failed IS NOT NULL OR state = 'done' THEN
			PERFORM @extschema@.hub_sync_forget();
		END IF;
		IF failed IS NOT NULL THEN
			PERFORM @extschema@.hub_sync_raise(failed, message, detail, hint);
		END IF;
		IF state = 'done' AND first THEN
			PERFORM @extschema@.hub_sync_index(target_schema, kind);
		END IF;
		EXIT WHEN state = 'done';
		IF wait_until IS NOT NULL THEN
			RAISE NOTICE USING MESSAGE = format('waiting until %s: the quota of requests is used up', date_trunc('second', wait_until));
		END IF;
		WHILE clock_timestamp() < wait_until LOOP
			PERFORM pg_sleep(least(10, extract(epoch FROM wait_until - clock_timestamp())));
			COMMIT;
			PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
		END LOOP;
	END LOOP;
END;
$$;
COMMENT ON PROCEDURE hub_sync_kind(text, text, text) IS 'syncs one kind batch by batch; called by hub_sync';

CREATE PROCEDURE hub_sync_run(server text, target_schema text, kinds text[], refresh boolean)
LANGUAGE plpgsql
AS $$
DECLARE
	wanted text[];
	kind text;
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	IF target_schema IS NULL OR target_schema = '' THEN
		RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'target_schema must not be empty';
	END IF;
	PERFORM @extschema@.hub_sync_check_server(server);
	wanted := @extschema@.hub_sync_check_kinds(kinds);
	PERFORM @extschema@.hub_sync_enter(target_schema);
	PERFORM @extschema@.hub_sync_create(server, target_schema, wanted);
	COMMIT;
	FOREACH kind IN ARRAY wanted LOOP
		PERFORM @extschema@.hub_sync_enter(target_schema);
		CALL @extschema@.hub_sync_kind(server, target_schema, kind);
	END LOOP;
	IF refresh THEN
		CALL @extschema@.hub_refresh_run(target_schema);
	END IF;
END;
$$;
COMMENT ON PROCEDURE hub_sync_run(text, text, text[], boolean) IS 'the body of hub_sync';

CREATE PROCEDURE hub_sync(server text, target_schema text, kinds text[] DEFAULT NULL, refresh boolean DEFAULT false)
LANGUAGE c AS 'MODULE_PATHNAME', 'hub_sync';
COMMENT ON PROCEDURE hub_sync(text, text, text[], boolean) IS 'copies the Hub into ordinary tables of a schema: current rows, and a dated snapshot a day; commits page by page and resumes where it was interrupted';
