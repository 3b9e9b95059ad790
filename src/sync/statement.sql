-- sync: one batch of each kind as one statement
--
-- Every statement reads one page of the Hub and writes what follows from it.
-- It takes $1 the position (page cursor, day, name; '' the beginning), $2 the
-- day of the run, $3 and $4 the key of the last row read (created_at, _id),
-- $5 the day of the last complete run, $6 from when on rows count as changed.
-- It gives next (the position that follows, NULL: the end), rows, added,
-- changed, vanished, key_at, key_id.

-- Columns that the foreign and the current table of a kind share.
CREATE FUNCTION hub_sync_shared_columns(kind text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(split_part(c, ' ', 1) ORDER BY ordinality)
	FROM @extschema@.hub_sync_relations() r, unnest(r.columns) WITH ORDINALITY AS u (c, ordinality)
	WHERE r.relation = kind AND split_part(c, ' ', 1) IN (
		SELECT split_part(f, ' ', 1) FROM @extschema@.hub_sync_relations() s, unnest(s.columns) AS f
		WHERE s.relation = 'hub_' || kind);
$$;
COMMENT ON FUNCTION hub_sync_shared_columns(text) IS 'columns that hub_sync copies from the Hub into the current table of a kind';

-- The figures that a snapshot table takes from a page.
CREATE FUNCTION hub_sync_figures(snapshots text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(split_part(c, ' ', 1), ', ' ORDER BY ordinality)
	FROM @extschema@.hub_sync_relations() r, unnest(r.columns) WITH ORDINALITY AS u (c, ordinality)
	WHERE r.relation = snapshots AND c NOT LIKE 'captured%';
$$;
COMMENT ON FUNCTION hub_sync_figures(text) IS 'columns of a snapshot table beside its day and time';

-- Parents that a model names: those in its tags, else those that the Hub
-- resolved. So whoever has edges has base_models.
CREATE FUNCTION hub_sync_parents() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN $part$CASE WHEN cardinality(base_models) > 0 OR declared_base_models IS NULL THEN base_models
				ELSE ARRAY(SELECT d ->> 'id' FROM jsonb_array_elements(CASE WHEN jsonb_typeof(declared_base_models -> 'models') = 'array'
					THEN declared_base_models -> 'models' END) d WHERE d ->> 'id' <> '') END AS base_models$part$;
COMMENT ON FUNCTION hub_sync_parents() IS 'the expression of the parents that a model names';

-- Edges of a page: the parents in the tags, and those that the Hub resolved. A
-- parent that is named twice is one edge. Only models that have parents, or had
-- some, are looked up.
CREATE FUNCTION hub_sync_edge_parts(target_schema text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format($part$,
		found AS (
			SELECT p._id, p.id AS child, e.parent, coalesce(p.declared_base_models ->> 'relation', p.base_model_relation) AS relation
			FROM page p CROSS JOIN LATERAL (
				SELECT unnest(p.base_models)
				UNION ALL
				SELECT d.id FROM (SELECT jsonb_array_elements(
					CASE WHEN jsonb_typeof(p.declared_base_models -> 'models') = 'array' THEN p.declared_base_models -> 'models' END) ->> 'id') d (id)
				WHERE d.id <> ALL (p.base_models)) e (parent)
			WHERE cardinality(p.base_models) > 0 AND e.parent <> ''),
		known AS (
			SELECT k.ctid AS place, k._id, k.child, k.parent, k.relation, k.last_seen
			FROM page p JOIN %1$I.model_edges k ON k._id = p._id
			WHERE p.had_parents OR (p.place IS NOT NULL AND cardinality(p.base_models) > 0)),
		edges AS MATERIALIZED (
			SELECT f._id, f.child, f.parent, f.relation, k.place, k.child AS old_child, k.last_seen
			FROM found f FULL JOIN known k ON k._id = f._id AND k.parent = f.parent
				AND coalesce(k.relation, '') = coalesce(f.relation, '')),
		edges_added AS (
			INSERT INTO %1$I.model_edges (child, parent, relation, first_seen, _id)
			SELECT child, parent, relation, $2, _id FROM edges WHERE place IS NULL
			ON CONFLICT DO NOTHING),
		edges_kept AS (
			UPDATE %1$I.model_edges e SET child = n.child, last_seen = NULL
			FROM edges n
			WHERE e.ctid = n.place AND n._id IS NOT NULL AND (n.child <> n.old_child OR n.last_seen IS NOT NULL)),
		edges_gone AS (
			UPDATE %1$I.model_edges e SET last_seen = greatest(e.first_seen, $5)
			FROM edges n
			WHERE e.ctid = n.place AND n._id IS NULL AND n.last_seen IS NULL)
		$part$, target_schema);
$$;
COMMENT ON FUNCTION hub_sync_edge_parts(text) IS 'the part of a batch of models that keeps model_edges';

-- Known repositories that lie between the last key and this page's end, and
-- are not on it, have vanished: the list is complete within its order.
CREATE FUNCTION hub_sync_gone_parts(target_schema text, kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format($part$,
		gone AS (
			UPDATE %1$I.%2$I t SET vanished_on = $2
			FROM page_end e
			WHERE t.vanished_on IS NULL
				AND t.created_at >= e.created_at AND t.created_at <= $3
				AND NOT (t.created_at = $3 AND t._id <= $4)
				AND NOT (t.created_at = e.created_at AND t._id > e._id)
				AND t._id NOT IN (SELECT _id FROM page)
			RETURNING t._id)$part$, target_schema, kind)
		|| CASE kind WHEN 'models' THEN format($part$,
		edges_of_gone AS (
			UPDATE %1$I.model_edges SET last_seen = greatest(first_seen, $5)
			WHERE _id = ANY (ARRAY(SELECT _id FROM gone)) AND last_seen IS NULL)$part$, target_schema) ELSE '' END;
$$;
COMMENT ON FUNCTION hub_sync_gone_parts(text, text) IS 'the part of a batch that marks vanished repositories';

CREATE FUNCTION hub_sync_list_statement(target_schema text, kind text, mode text, partition text, first boolean) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	shared text[] := @extschema@.hub_sync_shared_columns(kind);
	names text := array_to_string(shared, ', ');
	theirs text := 'p.' || array_to_string(shared, ', p.');
	ours text := 't.' || array_to_string(shared, ', t.');
	extra text := CASE kind WHEN 'models' THEN ', p.declared_base_models, cardinality(t.base_models) > 0 AS had_parents' ELSE '' END;
	-- the columns of the foreign table, with parents by their rule
	source text := CASE kind WHEN 'models' THEN
		array_to_string(array_remove(shared, 'base_models') || ARRAY['declared_base_models', @extschema@.hub_sync_parents()], ', ') ELSE names END;
	whole boolean := mode = 'full';
BEGIN
	-- the row that is there is found once, and changed by its place
	RETURN format($statement$
		WITH page AS MATERIALIZED (
			SELECT %7$s%3$s, p.next_page_cursor, t.ctid AS place,
				t._id IS NOT NULL AND (t.vanished_on IS NOT NULL OR (%8$s) IS DISTINCT FROM (%7$s)) AS differs
			FROM (SELECT %9$s, next_page_cursor FROM %1$I.%4$I WHERE page_cursor = $1 %5$s) p
			LEFT JOIN %1$I.%2$I t ON t._id = p._id),
		page_end AS MATERIALIZED (
			SELECT created_at, _id FROM page ORDER BY created_at, _id DESC LIMIT 1),
		changed AS (
			UPDATE %1$I.%2$I t SET (%6$s, vanished_on) = ROW(%7$s, NULL::date)
			FROM page p WHERE p.differs AND t.ctid = p.place
			RETURNING 1),
		added AS (
			INSERT INTO %1$I.%2$I (%6$s, first_seen)
			SELECT %7$s, $2 FROM page p WHERE p.place IS NULL
			RETURNING 1)$statement$,
		target_schema, kind, extra, 'hub_' || kind,
		CASE WHEN whole THEN '' ELSE 'AND last_modified > $6 ORDER BY last_modified DESC' END,
		names, theirs, ours, source)
	|| CASE WHEN partition IS NULL THEN '' ELSE format($statement$,
		snapped AS (
			INSERT INTO %1$s (captured_on, captured_at, %2$s)
			SELECT $2, clock_timestamp(), %2$s FROM page p
			WHERE NOT EXISTS (SELECT FROM %1$s t WHERE t._id = p._id AND t.captured_on = $2))$statement$,
		partition, @extschema@.hub_sync_figures(left(kind, -1) || '_snapshots')) END
	|| CASE kind WHEN 'models' THEN @extschema@.hub_sync_edge_parts(target_schema) ELSE '' END
	|| CASE WHEN whole AND NOT first THEN @extschema@.hub_sync_gone_parts(target_schema, kind) ELSE '' END
	|| format($statement$
		SELECT p.next, p.rows, (SELECT count(*) FROM added) AS added, (SELECT count(*) FROM changed) AS changed,
			%s AS vanished, (SELECT created_at FROM page_end) AS key_at, (SELECT _id FROM page_end) AS key_id
		FROM (SELECT max(next_page_cursor) AS next, count(*) AS rows FROM page) p
		$statement$, CASE WHEN whole AND NOT first THEN '(SELECT count(*) FROM gone)' ELSE '0::bigint' END);
END;
$$;
COMMENT ON FUNCTION hub_sync_list_statement(text, text, text, text, boolean) IS 'the statement of one page of models, datasets or spaces';

-- Papers: a day a batch, from the newest back.
CREATE FUNCTION hub_sync_papers_statement(target_schema text, partition text, days integer) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format($statement$
		WITH day AS (
			SELECT CASE $1 WHEN '' THEN $2 ELSE $1::date END AS day),
		page AS MATERIALIZED (
			SELECT list_date, id, title, published_at, listed_at, submitted_by, organization, authors, upvotes,
				num_comments, github_repo, github_stars, ai_keywords
			FROM %1$I.hub_daily_papers WHERE list_date = (SELECT day FROM day)),
		changed AS (
			UPDATE %1$I.papers t SET (list_date, title, published_at, listed_at, submitted_by, organization, authors,
				upvotes, num_comments, github_repo, github_stars, ai_keywords) = ROW(p.list_date, p.title, p.published_at,
				p.listed_at, p.submitted_by, p.organization, p.authors, p.upvotes, p.num_comments, p.github_repo,
				p.github_stars, p.ai_keywords)
			FROM page p
			WHERE t.id = p.id AND (t.list_date, t.title, t.published_at, t.listed_at, t.submitted_by, t.organization,
				t.authors, t.upvotes, t.num_comments, t.github_repo, t.github_stars, t.ai_keywords) IS DISTINCT FROM
				(p.list_date, p.title, p.published_at, p.listed_at, p.submitted_by, p.organization, p.authors,
				p.upvotes, p.num_comments, p.github_repo, p.github_stars, p.ai_keywords)
			RETURNING 1),
		added AS (
			INSERT INTO %1$I.papers (list_date, id, title, published_at, listed_at, submitted_by, organization,
				authors, upvotes, num_comments, github_repo, github_stars, ai_keywords, first_seen)
			SELECT DISTINCT ON (p.id) p.*, $2 FROM page p
			WHERE NOT EXISTS (SELECT FROM %1$I.papers t WHERE t.id = p.id)
			RETURNING 1),
		snapped AS (
			INSERT INTO %2$s (captured_on, captured_at, id, upvotes, num_comments, github_stars)
			SELECT $2, clock_timestamp(), id, upvotes, num_comments, github_stars FROM page
			ON CONFLICT DO NOTHING)
		SELECT CASE WHEN d.day > $2 - %3$s AND d.day > date '2023-05-04' THEN (d.day - 1)::text END AS next,
			(SELECT count(*) FROM page) AS rows, (SELECT count(*) FROM added) AS added,
			(SELECT count(*) FROM changed) AS changed, 0::bigint AS vanished,
			NULL::timestamptz AS key_at, NULL::text AS key_id
		FROM day d
		$statement$, target_schema, partition, greatest(days, 1) - 1);
$$;
COMMENT ON FUNCTION hub_sync_papers_statement(text, text, integer) IS 'the statement of one day of daily papers';

CREATE FUNCTION hub_sync_trending_statement(target_schema text, partition text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format($statement$
		WITH kind AS (
			SELECT CASE $1 WHEN '' THEN 'model' ELSE $1 END AS kind),
		page AS MATERIALIZED (
			SELECT rank, repo_type, id, author, likes, downloads FROM %1$I.hub_trending
			WHERE list_type = (SELECT kind FROM kind)),
		added AS (
			INSERT INTO %2$s (captured_on, captured_at, repo_type, rank, id, author, likes, downloads)
			SELECT $2, clock_timestamp(), k.kind, p.rank, p.id, p.author, p.likes, p.downloads FROM page p, kind k
			WHERE NOT EXISTS (SELECT FROM %2$s t WHERE t.captured_on = $2 AND t.repo_type = k.kind)
			RETURNING 1)
		SELECT CASE k.kind WHEN 'model' THEN 'dataset' WHEN 'dataset' THEN 'space' END AS next,
			(SELECT count(*) FROM page) AS rows, (SELECT count(*) FROM added) AS added,
			0::bigint AS changed, 0::bigint AS vanished,
			NULL::timestamptz AS key_at, NULL::text AS key_id
		FROM kind k
		$statement$, target_schema, partition);
$$;
COMMENT ON FUNCTION hub_sync_trending_statement(text, text) IS 'the statement of one trending list';

-- Owners: a hundred names a batch, asked as organizations, then as users.
CREATE FUNCTION hub_sync_owners_statement(target_schema text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format($statement$
		WITH names AS MATERIALIZED (
			SELECT name FROM %1$I.owners WHERE listed_on = $2 AND name > $1 ORDER BY name LIMIT 100),
		orgs AS MATERIALIZED (
			SELECT * FROM %1$I.hub_organizations WHERE name = ANY (ARRAY(SELECT name FROM names))),
		people AS MATERIALIZED (
			SELECT * FROM %1$I.hub_users WHERE name = ANY (ARRAY(
				SELECT name FROM names EXCEPT SELECT name FROM orgs))),
		both_kinds AS (
			SELECT name, _id, 'organization' AS type, fullname, is_verified, plan, num_users, num_models, num_datasets,
				num_spaces, num_followers FROM orgs
			UNION ALL
			SELECT name, _id, 'user', fullname, NULL, CASE WHEN is_pro THEN 'pro' END, NULL, num_models, num_datasets,
				num_spaces, num_followers FROM people),
		changed AS (
			UPDATE %1$I.owners t SET (_id, type, fullname, is_verified, plan, num_users, num_models, num_datasets,
				num_spaces, num_followers, checked_on) = ROW(b._id, b.type, b.fullname, b.is_verified, b.plan,
				b.num_users, b.num_models, b.num_datasets, b.num_spaces, b.num_followers, $2)
			FROM names n LEFT JOIN both_kinds b ON b.name = n.name
			WHERE t.name = n.name AND (t._id, t.type, t.fullname, t.is_verified, t.plan, t.num_users, t.num_models,
				t.num_datasets, t.num_spaces, t.num_followers, t.checked_on) IS DISTINCT FROM (b._id, b.type, b.fullname,
				b.is_verified, b.plan, b.num_users, b.num_models, b.num_datasets, b.num_spaces, b.num_followers, $2)
			RETURNING 1)
		SELECT CASE WHEN (SELECT count(*) FROM names) = 100 THEN (SELECT max(name) FROM names) END AS next,
			(SELECT count(*) FROM names) AS rows, 0::bigint AS added,
			(SELECT count(*) FROM changed) AS changed, 0::bigint AS vanished,
			NULL::timestamptz AS key_at, NULL::text AS key_id
		$statement$, target_schema);
$$;
COMMENT ON FUNCTION hub_sync_owners_statement(text) IS 'the statement of a hundred owners';

-- Discussions: a repository a batch; its position is "type/id".
CREATE FUNCTION hub_sync_discussions_statement(target_schema text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT format($statement$
		WITH repo AS MATERIALIZED (
			SELECT repo_type, repo_id, repo_type || '/' || repo_id AS place FROM %1$I.discussion_repos
			WHERE repo_type || '/' || repo_id > $1 ORDER BY place LIMIT 1),
		page AS MATERIALIZED (
			SELECT num, title, author, created_at, status, is_pull_request, num_comments FROM %1$I.hub_discussions
			WHERE repo_id = (SELECT repo_id FROM repo) AND repo_type = (SELECT repo_type FROM repo)),
		changed AS (
			UPDATE %1$I.discussions t SET (title, author, created_at, status, is_pull_request, num_comments) =
				ROW(p.title, p.author, p.created_at, p.status, p.is_pull_request, p.num_comments)
			FROM page p, repo r
			WHERE t.repo_type = r.repo_type AND t.repo_id = r.repo_id AND t.num = p.num
				AND (t.title, t.author, t.created_at, t.status, t.is_pull_request, t.num_comments) IS DISTINCT FROM
				(p.title, p.author, p.created_at, p.status, p.is_pull_request, p.num_comments)
			RETURNING 1),
		added AS (
			INSERT INTO %1$I.discussions (repo_type, repo_id, num, title, author, created_at, status, is_pull_request,
				num_comments, first_seen)
			SELECT DISTINCT ON (p.num) r.repo_type, r.repo_id, p.num, p.title, p.author, p.created_at, p.status,
				p.is_pull_request, p.num_comments, $2 FROM page p, repo r
			WHERE NOT EXISTS (SELECT FROM %1$I.discussions t
				WHERE t.repo_type = r.repo_type AND t.repo_id = r.repo_id AND t.num = p.num)
			RETURNING 1)
		SELECT (SELECT place FROM repo) AS next, (SELECT count(*) FROM page) AS rows,
			(SELECT count(*) FROM added) AS added, (SELECT count(*) FROM changed) AS changed, 0::bigint AS vanished,
			NULL::timestamptz AS key_at, NULL::text AS key_id
		$statement$, target_schema);
$$;
COMMENT ON FUNCTION hub_sync_discussions_statement(text) IS 'the statement of the discussions of one repository';

CREATE FUNCTION hub_sync_statement(target_schema text, kind text, mode text, day date, first boolean) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	part text;
BEGIN
	IF mode = 'full' AND kind IN ('models', 'datasets', 'spaces', 'papers') THEN
		part := @extschema@.hub_sync_partition(target_schema, left(kind, -1) || '_snapshots', day);
	ELSIF kind = 'trending' THEN
		part := @extschema@.hub_sync_partition(target_schema, 'trending_snapshots', day);
	END IF;
	RETURN CASE kind
		WHEN 'papers' THEN @extschema@.hub_sync_papers_statement(target_schema, part,
			@extschema@.hub_sync_setting(target_schema, 'paper_days')::integer)
		WHEN 'trending' THEN @extschema@.hub_sync_trending_statement(target_schema, part)
		WHEN 'owners' THEN @extschema@.hub_sync_owners_statement(target_schema)
		WHEN 'discussions' THEN @extschema@.hub_sync_discussions_statement(target_schema)
		ELSE @extschema@.hub_sync_list_statement(target_schema, kind, mode, part, first) END;
END;
$$;
COMMENT ON FUNCTION hub_sync_statement(text, text, text, date, boolean) IS 'the statement of one batch of a kind; makes the partition it writes to';
