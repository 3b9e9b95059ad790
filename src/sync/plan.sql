-- sync: what a run will cost, before it starts

CREATE FUNCTION hub_sync_plan(server text, target_schema text, kinds text[] DEFAULT NULL, OUT kind text, OUT requests bigint, OUT rows bigint, OUT duration interval, OUT mode text)
RETURNS SETOF record
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	page_size bigint;
	rate double precision;
	traffic record;
	changing bigint;
	fallback CONSTANT jsonb := '{"models": 3000000, "datasets": 1000000, "spaces": 1000000}';
BEGIN
	PERFORM @extschema@.hub_sync_check_server(server);
	SELECT coalesce(max(split_part(o, '=', 2)::bigint), 1000) INTO page_size
		FROM pg_foreign_server s, unnest(s.srvoptions) AS o WHERE s.srvname = server::name AND o LIKE 'page_size=%';
	FOREACH kind IN ARRAY @extschema@.hub_sync_check_kinds(kinds) LOOP
		mode := 'full';
		rows := coalesce(@extschema@.hub_sync_expected(target_schema, kind), (fallback ->> kind)::bigint);
		requests := CASE kind
			WHEN 'papers' THEN greatest(@extschema@.hub_sync_setting(target_schema, 'paper_days')::bigint, 1)
			WHEN 'trending' THEN 3
			-- a name that is no organization is asked as a user too
			WHEN 'owners' THEN 2 * rows
			WHEN 'discussions' THEN rows
			ELSE greatest((rows + page_size - 1) / page_size, 1) END;
		duration := @extschema@.hub_sync_duration(target_schema, server, kind, requests);
		RETURN NEXT;
		changing := @extschema@.hub_sync_changing(target_schema, kind);
		IF changing IS NOT NULL THEN
			mode := 'changes';
			rows := changing;
			requests := greatest((rows + page_size - 1) / page_size, 1);
			duration := @extschema@.hub_sync_duration(target_schema, server, kind, requests);
			RETURN NEXT;
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION hub_sync_plan(text, text, text[]) IS 'requests, rows and time that a sync of each kind will take, in full and for changes alone';

-- Time of so many requests: as long as they took last time, and no faster
-- than the quota allows.
CREATE FUNCTION hub_sync_duration(target_schema text, server text, kind text, requests bigint) RETURNS interval
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	each interval;
	quota bigint;
	pace interval;
BEGIN
	IF to_regclass(format('%I.sync_run', target_schema)) IS NOT NULL THEN
		EXECUTE format($q$SELECT r.active / nullif(r.requests, 0) FROM %I.sync_run r WHERE r.kind = $1 AND r.state = 'done'
			AND r.requests > 0 ORDER BY run DESC LIMIT 1$q$, target_schema) INTO each USING kind;
	END IF;
	SELECT min(t.quota_limit) INTO quota FROM @extschema@.hub_session_stats() t
		JOIN pg_foreign_server s ON s.oid = t.server WHERE s.srvname = hub_sync_duration.server::name;
	-- half a second a request; 500 requests in 5 minutes without a token
	each := coalesce(each, interval '0.5 s');
	pace := interval '5 minutes' * greatest(requests - coalesce(quota, 500), 0) / coalesce(quota, 500);
	RETURN date_trunc('second', greatest(requests * each, pace) + interval '0.5 s');
END;
$$;
COMMENT ON FUNCTION hub_sync_duration(text, text, text, bigint) IS 'time that so many requests of a kind will take';

-- Rows that changed since the last run, judged by the time before it: as many
-- as had changed within the same span. NULL where only a full run is possible.
CREATE FUNCTION hub_sync_changing(target_schema text, kind text) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	last timestamptz;
	answer bigint;
BEGIN
	IF kind NOT IN ('models', 'datasets', 'spaces') OR to_regclass(format('%I.sync_run', target_schema)) IS NULL THEN
		RETURN NULL;
	END IF;
	EXECUTE format($q$SELECT max(started_at) FROM %I.sync_run WHERE kind = $1 AND state = 'done'$q$, target_schema)
		INTO last USING kind;
	IF last IS NULL THEN
		RETURN NULL;
	END IF;
	EXECUTE format('SELECT count(*) FROM %I.%I WHERE last_modified > $1 - (clock_timestamp() - $1)', target_schema, kind)
		INTO answer USING last;
	RETURN answer;
END;
$$;
COMMENT ON FUNCTION hub_sync_changing(text, text) IS 'rows expected to have changed since the last run of a kind';
