-- sync: views for analysts and their refresh
--
-- Each is a materialized view with a unique index, so that it can be refreshed
-- while it is read. They stand in the order of dependence. What is read from
-- the snapshots is summed up once a day in segment_days; the views over time
-- read only that.

CREATE FUNCTION hub_sync_views(target_schema text, OUT view_name text, OUT needs text[], OUT key text, OUT definition text, OUT remark text)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $views$
	SELECT v.view_name, v.needs, v.key, format(v.definition, target_schema,
		@extschema@.hub_sync_setting(target_schema, 'view_days')::integer), v.remark FROM (VALUES
	('model_segments', ARRAY['models'], '_id', $v$
		SELECT m._id, m.id, m.author, m.created_at,
			coalesce(o.country, CASE WHEN w.type = 'user' THEN 'individual' END, 'not reviewed') AS country,
			coalesce(o.kind, CASE WHEN w.type = 'user' THEN 'unaffiliated' END, 'not reviewed') AS kind,
			coalesce(o.parent, a.parent, m.author, '') AS parent,
			coalesce(c.label, 'unknown') AS size_class,
			coalesce(m.pipeline_tag, 'none') AS task,
			coalesce(t.category, 'other') AS task_category,
			coalesce(f.family, 'other') AS family
		FROM %1$I.models m
		LEFT JOIN %1$I.org o ON o.namespace = m.author
		LEFT JOIN (SELECT namespace, min(parent) AS parent FROM %1$I.provider_alias GROUP BY namespace) a ON a.namespace = m.author
		LEFT JOIN %1$I.owners w ON w.name = m.author
		LEFT JOIN %1$I.model_override v ON v.repo = m.id
		LEFT JOIN LATERAL (SELECT s.label FROM %1$I.size_class s
			WHERE coalesce(v.total_params, m.parameters) >= s.lower
				AND (s.upper IS NULL OR coalesce(v.total_params, m.parameters) < s.upper) ORDER BY s.lower LIMIT 1) c ON true
		LEFT JOIN %1$I.task_category t ON t.tag = m.pipeline_tag
		LEFT JOIN LATERAL (SELECT r.family FROM %1$I.family_rule r
			WHERE r.tag = ANY (m.tags) OR m.id ~* r.name_pattern OR m.id = ANY (r.roots)
			ORDER BY r.family LIMIT 1) f ON true
		$v$, 'What each model counts under: country and kind of its owner, size, task, family; by the reference tables'),
	('concentration', ARRAY['models'], 'kind, captured_on, measure', $v$
		SELECT d.kind, d.captured_on, d.measure, @extschema@.num_items(d.spread) AS items, @extschema@.total(d.spread) AS total,
			@extschema@.median(d.spread) AS median, @extschema@.mean(d.spread) AS mean, @extschema@.gini(d.spread) AS gini,
			@extschema@.pareto_share(d.spread, 0.01) AS top_1_percent, @extschema@.pareto_share(d.spread, 0.0001) AS top_001_percent,
			@extschema@.top_k_share(d.spread, 200) AS top_200, @extschema@.share_below(d.spread, 200) AS below_200,
			@extschema@.hhi(d.spread) AS hhi, @extschema@.effective_number(d.spread) AS effective_number,
			@extschema@.is_exact(d.spread) AS is_exact
		-- a roll-up of one row: the summary is fetched once for all its readers
		FROM (SELECT r.kind, r.captured_on, r.measure, @extschema@.rollup(r.spread) AS spread
			FROM %1$I.segment_days r WHERE r.dimension = 'all' GROUP BY r.kind, r.captured_on, r.measure) d
		$v$, 'Concentration of downloads and likes over repositories, for each day and kind'),
	('share_over_time', ARRAY['models'], 'kind, captured_on, measure, dimension, segment', $v$
		SELECT d.kind, d.captured_on, d.measure, d.dimension, d.segment, d.items, d.total AS amount,
			(d.total / nullif(sum(d.total) OVER (PARTITION BY d.kind, d.captured_on, d.measure, d.dimension), 0))::double precision AS share
		FROM %1$I.segment_days d WHERE d.captured_on > current_date - %2$s
		$v$, 'Share of each segment in downloads and likes, for each day: country, kind, size_class, task_category, family'),
	('lineage_nodes', ARRAY['models'], 'id', $v$
		SELECT n.* FROM (
			SELECT @extschema@.lineage_agg(e.child, e.parent, e.relation) AS l FROM %1$I.model_edges e WHERE e.last_seen IS NULL) q,
			LATERAL @extschema@.lineage_nodes(q.l) n
		$v$, 'Every model that derives or is derived from: parents, children, descendants, depth, height'),
	('lineage_origins', ARRAY['models'], 'id, root', $v$
		SELECT n.* FROM (
			SELECT @extschema@.lineage_agg(e.child, e.parent, e.relation) AS l FROM %1$I.model_edges e WHERE e.last_seen IS NULL) q,
			LATERAL @extschema@.lineage_origins(q.l) n
		$v$, 'The roots that a model goes back to, with weights that sum to 1'),
	('owner_profiles', ARRAY['models'], 'name', $v$
		SELECT m.author AS name, min(g.parent) AS parent, min(g.country) AS country, min(g.kind) AS kind,
			count(*) AS models, sum(m.downloads)::bigint AS downloads, sum(m.downloads_all_time)::bigint AS downloads_all_time,
			sum(m.likes)::bigint AS likes, min(m.created_at) AS first_model_at, max(m.created_at) AS last_model_at,
			(@extschema@.distribution_agg(m.downloads)) AS spread
		FROM %1$I.models m JOIN %1$I.model_segments g ON g._id = m._id
		WHERE m.vanished_on IS NULL AND m.author <> ''
		GROUP BY m.author
		$v$, 'Owners with country and kind, their models and downloads; spread is the distribution over their models'),
	('period_downloads', ARRAY['models'], '_id, week', $v$
		SELECT c._id, i.bin_start AS week, i.increment AS downloads, i.covered
		FROM (SELECT s._id, @extschema@.counter_agg(s.captured_at, s.downloads_all_time) AS c
			FROM %1$I.model_snapshots s
			WHERE s.downloads_all_time IS NOT NULL AND s.captured_on > current_date - %2$s
			GROUP BY s._id HAVING count(*) > 1 AND max(s.downloads_all_time) > 0) c,
			LATERAL @extschema@.counter_increments(c.c, '7 days') i
		WHERE i.increment IS NOT NULL
		$v$, 'Downloads of each model in each week, out of its lifetime counter: a recount adds nothing, a gap has no row'),
	('model_engagement', ARRAY['models'], '_id', $v$
		SELECT q._id, m.id, m.created_at, @extschema@.peak_at(q.e) AS peak_at, @extschema@.peak_value(q.e) AS peak_downloads,
			@extschema@.halflife(q.e) AS halflife, (@extschema@.engagement_duration(q.e)).*
		FROM (SELECT p._id, @extschema@.engagement_agg(p.week, p.downloads) AS e FROM %1$I.period_downloads p
			WHERE p.downloads > 0 GROUP BY p._id) q JOIN %1$I.models m ON m._id = q._id
		$v$, 'When the weekly downloads of a model peaked, how fast they halved, how long they lasted'),
	('discussion_engagement', ARRAY['models', 'discussions'], 'repo_type, repo_id', $v$
		SELECT q.repo_type, q.repo_id, q.discussions, @extschema@.peak_at(q.e) AS peak_at,
			@extschema@.halflife(q.e) AS halflife, (@extschema@.engagement_duration(q.e)).*
		FROM (SELECT d.repo_type, d.repo_id, count(*) AS discussions, @extschema@.engagement_agg(d.created_at) AS e
			FROM %1$I.discussions d GROUP BY d.repo_type, d.repo_id) q
		$v$, 'When the discussions of a repository peaked, how fast they halved, how long they lasted')
	) AS v (view_name, needs, key, definition, remark);
$views$;
COMMENT ON FUNCTION hub_sync_views(text) IS 'materialized views of a target schema in the order of dependence';

-- The table of summaries a day and segment.
CREATE FUNCTION hub_sync_create_days(target_schema text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF to_regclass(format('%I.segment_days', target_schema)) IS NOT NULL THEN
		RETURN;
	END IF;
	EXECUTE format($q$
		CREATE TABLE %I.segment_days (
			kind text NOT NULL, captured_on date NOT NULL, measure text NOT NULL, dimension text NOT NULL,
			segment text NOT NULL, spread @extschema@.distribution_summary NOT NULL,
			items bigint GENERATED ALWAYS AS (@extschema@.num_items(spread)) STORED,
			total numeric GENERATED ALWAYS AS (@extschema@.total(spread)) STORED,
			PRIMARY KEY (kind, captured_on, measure, dimension, segment))$q$, target_schema);
	EXECUTE format('COMMENT ON TABLE %I.segment_days IS %L', target_schema,
		'The distribution of each measure over the repositories of a segment, one row a day; rollup(spread) merges days and segments. Delete a day and it is made again');
	PERFORM @extschema@.hub_sync_comment(target_schema, 'segment_days');
END;
$$;
COMMENT ON FUNCTION hub_sync_create_days(text) IS 'creates the table segment_days of a target schema';

-- The first and last day that a partition can hold.
CREATE FUNCTION hub_sync_bounds(partition regclass, OUT low date, OUT high date)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bound text[] := (SELECT regexp_match(pg_get_expr(relpartbound, oid), '^FOR VALUES FROM \(''([-0-9]+)''\) TO \(''([-0-9]+)''\)$')
		FROM pg_class WHERE oid = partition);
BEGIN
	IF bound IS NULL THEN
		EXECUTE format('SELECT min(captured_on), max(captured_on) FROM %s', partition) INTO low, high;
	ELSE
		low := bound[1]::date;
		high := bound[2]::date - 1;
	END IF;
END;
$$;
COMMENT ON FUNCTION hub_sync_bounds(regclass) IS 'the days of a partition of snapshots';

-- Days that snapshots hold and segment_days lacks. A day whose run is not
-- complete is left out: it reads as a gap. Days that are summed up are not looked
-- at; of the others each is one probe of its partition.
CREATE FUNCTION hub_sync_missing_days(target_schema text, kind text) RETURNS SETOF date
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
	snapshots regclass := to_regclass(format('%I.%I', target_schema, left(kind, -1) || '_snapshots'));
	part record;
	day date;
	found boolean;
BEGIN
	FOR part IN SELECT t.relid AS place, b.low, b.high FROM pg_partition_tree(snapshots) t, @extschema@.hub_sync_bounds(t.relid) b
		WHERE t.isleaf AND t.relid <> snapshots ORDER BY b.low
	LOOP
		FOR day IN EXECUTE format($q$
			SELECT d::date FROM generate_series($1::timestamp, $2, interval '1 day') AS d
			WHERE NOT EXISTS (SELECT FROM %1$I.segment_days s WHERE s.kind = $3 AND s.captured_on = d::date)
				AND NOT EXISTS (SELECT FROM %1$I.sync_run r WHERE r.kind = $3 AND r.mode = 'full' AND r.captured_on = d::date
					HAVING count(*) > 0 AND count(*) FILTER (WHERE r.state = 'done') = 0)
			$q$, target_schema) USING part.low, part.high, kind
		LOOP
			EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE captured_on = $1)', part.place) INTO found USING day;
			IF found THEN
				RETURN NEXT day;
			END IF;
		END LOOP;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION hub_sync_missing_days(text, text) IS 'days of snapshots that are not summed up yet';

-- One pass over the day: grouping sets are the dimensions, each measure an
-- aggregate.
CREATE FUNCTION hub_sync_sum_day(target_schema text, kind text, day date) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	answer bigint;
	dimensions text[] := CASE kind WHEN 'models' THEN ARRAY['country', 'kind', 'size_class', 'task_category', 'family'] ELSE '{}' END;
	measures text[] := CASE kind WHEN 'spaces' THEN ARRAY['likes'] ELSE ARRAY['downloads', 'downloads_all_time', 'likes'] END;
BEGIN
	EXECUTE format($q$
		INSERT INTO %1$I.segment_days (kind, captured_on, measure, dimension, segment, spread)
		SELECT $1, $2, m.measure, q.dimension, q.segment, m.spread
		FROM (SELECT %4$s, %5$s FROM %1$I.%2$I s %3$s WHERE s.captured_on = $2 GROUP BY GROUPING SETS (%6$s)) q
		CROSS JOIN LATERAL (VALUES %7$s) AS m (measure, spread)
		WHERE m.spread IS NOT NULL
		ON CONFLICT DO NOTHING$q$,
		target_schema, left(kind, -1) || '_snapshots',
		CASE kind WHEN 'models' THEN format('LEFT JOIN %I.model_segments g ON g._id = s._id', target_schema) ELSE '' END,
		CASE kind WHEN 'models' THEN (SELECT format($d$CASE %s ELSE 'all' END AS dimension, CASE %s ELSE '' END AS segment$d$,
				string_agg(format('WHEN grouping(g.%I) = 0 THEN %L', d, d), ' '),
				string_agg(format('WHEN grouping(g.%I) = 0 THEN coalesce(g.%I, ''not reviewed'')', d, d), ' '))
			FROM unnest(dimensions) AS d) ELSE $d$'all' AS dimension, '' AS segment$d$ END,
		(SELECT string_agg(format('@extschema@.distribution_agg(s.%I) FILTER (WHERE s.%I >= 0) AS %I', n, n, n), ', ') FROM unnest(measures) AS n),
		'()' || coalesce((SELECT string_agg(format(', (g.%I)', d), '') FROM unnest(dimensions) AS d), ''),
		(SELECT string_agg(format('(%L, q.%I)', n, n), ', ') FROM unnest(measures) AS n))
		USING kind, day;
	GET DIAGNOSTICS answer = ROW_COUNT;
	RETURN answer;
END;
$$;
COMMENT ON FUNCTION hub_sync_sum_day(text, text, date) IS 'sums up the snapshots of one day by segment';

-- Creates or refreshes one view; the number of its rows.
CREATE FUNCTION hub_sync_refresh_view(target_schema text, view_name text, key text, definition text, remark text, OUT rows bigint, OUT without_lock boolean)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	place text := format('%I.%I', target_schema, view_name);
	kind "char" := (SELECT relkind FROM pg_class WHERE oid = to_regclass(place));
BEGIN
	IF kind IS NOT NULL AND kind <> 'm' THEN
		RAISE EXCEPTION USING ERRCODE = 'wrong_object_type',
			MESSAGE = format('"%s.%s" exists and is not a materialized view', target_schema, view_name),
			HINT = 'Rename it, or give the sync a schema of its own.';
	END IF;
	without_lock := kind IS NOT NULL AND (SELECT relispopulated FROM pg_class WHERE oid = to_regclass(place));
	IF kind IS NULL THEN
		EXECUTE format('CREATE MATERIALIZED VIEW %s AS %s', place, definition);
		EXECUTE format('CREATE UNIQUE INDEX ON %s (%s)', place, key);
		EXECUTE format('COMMENT ON MATERIALIZED VIEW %s IS %L', place, remark);
	ELSIF without_lock THEN
		EXECUTE format('REFRESH MATERIALIZED VIEW CONCURRENTLY %s', place);
	ELSE
		EXECUTE format('REFRESH MATERIALIZED VIEW %s', place);
	END IF;
	EXECUTE format('SELECT count(*) FROM %s', place) INTO rows;
END;
$$;
COMMENT ON FUNCTION hub_sync_refresh_view(text, text, text, text, text) IS 'creates or refreshes one materialized view of a target schema';

CREATE FUNCTION hub_sync_note_refresh(target_schema text, view_name text, began timestamptz, rows bigint, without_lock boolean, error text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	EXECUTE format($q$INSERT INTO %I.sync_refresh (view_name, started_at, duration, rows, without_lock, error)
		VALUES ($1, $2, clock_timestamp() - $2, $3, coalesce($4, false), $5)$q$, target_schema)
		USING view_name, began, rows, without_lock, error;
END;
$$;
COMMENT ON FUNCTION hub_sync_note_refresh(text, text, timestamptz, bigint, boolean, text) IS 'records the duration of a refresh';

-- The search path is set anew after each COMMIT, which ends the setting.
CREATE PROCEDURE hub_refresh_run(target_schema text)
LANGUAGE plpgsql
AS $$
DECLARE
	one record;
	kind text;
	day date;
	began timestamptz;
	done record;
	summed bigint;
	failed text;
	said text;
	code text;
	message text;
	detail text;
	hint text;
BEGIN
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	IF target_schema IS NULL OR to_regclass(format('%I.sync_run', target_schema)) IS NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'undefined_table',
			MESSAGE = format('schema "%s" holds no sync', target_schema),
			HINT = 'Run hub_sync first.';
	END IF;
	IF NOT pg_has_role((SELECT relowner FROM pg_class WHERE oid = to_regclass(format('%I.sync_run', target_schema))), 'USAGE') THEN
		RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
			MESSAGE = format('must be owner of the sync in schema "%s" to refresh its views', target_schema),
			DETAIL = format('It belongs to role "%s".', (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass(format('%I.sync_run', target_schema)))),
			HINT = 'Refresh as that role.';
	END IF;
	PERFORM @extschema@.hub_sync_create_days(target_schema);
	COMMIT;
	PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
	FOR one IN SELECT * FROM @extschema@.hub_sync_views(target_schema) LOOP
		CONTINUE WHEN EXISTS (SELECT FROM unnest(one.needs) AS n WHERE to_regclass(format('%I.%I', target_schema, n)) IS NULL);
		began := clock_timestamp();
		said := NULL;
		BEGIN
			done := @extschema@.hub_sync_refresh_view(target_schema, one.view_name, one.key, one.definition, one.remark);
		EXCEPTION WHEN OTHERS THEN
			-- the others are refreshed all the same; the first failure is raised in the end
			GET STACKED DIAGNOSTICS said = MESSAGE_TEXT;
			IF failed IS NULL THEN
				GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
				failed := one.view_name;
				message := said;
			END IF;
			SELECT NULL::bigint AS rows, false AS without_lock INTO done;
		END;
		PERFORM @extschema@.hub_sync_note_refresh(target_schema, one.view_name, began, done.rows, done.without_lock, said);
		COMMIT;
		PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
		IF one.view_name = 'model_segments' AND said IS NULL THEN
			FOREACH kind IN ARRAY ARRAY['models', 'datasets', 'spaces'] LOOP
				began := clock_timestamp();
				summed := 0;
				FOR day IN SELECT d FROM @extschema@.hub_sync_missing_days(target_schema, kind) AS d LOOP
					summed := summed + @extschema@.hub_sync_sum_day(target_schema, kind, day);
					COMMIT;
					PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
				END LOOP;
				PERFORM @extschema@.hub_sync_note_refresh(target_schema, 'segment_days ' || kind, began, summed, true);
				COMMIT;
				PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
			END LOOP;
		END IF;
	END LOOP;
	IF failed IS NOT NULL THEN
		PERFORM @extschema@.hub_sync_raise(code, format('view "%s" was not refreshed: %s', failed, message), detail, hint);
	END IF;
END;
$$;
COMMENT ON PROCEDURE hub_refresh_run(text) IS 'the body of hub_refresh';

CREATE PROCEDURE hub_refresh(target_schema text)
LANGUAGE c AS 'MODULE_PATHNAME', 'hub_refresh';
COMMENT ON PROCEDURE hub_refresh(text) IS 'creates and refreshes the views of a target schema in the order of dependence; commits after each and records how long it took';
