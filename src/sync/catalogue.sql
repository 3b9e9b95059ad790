-- sync: the relations of a target schema, as data
--
-- Everything that hub_sync creates stands here once: name, form, columns.
-- A table that exists must have these columns; further ones are the user's.

CREATE FUNCTION hub_sync_relations(OUT relation text, OUT kinds text[], OUT form text, OUT columns text[], OUT tail text, OUT indexes text[], OUT remark text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT * FROM (VALUES
	-- what the Hub shows: only the columns that a sync reads
	('hub_models', ARRAY['models'], 'foreign', ARRAY[
		'_id text', 'id text', 'author text', 'created_at timestamp with time zone',
		'last_modified timestamp with time zone', 'downloads bigint', 'downloads_all_time bigint',
		'likes bigint', 'trending_score double precision', 'pipeline_tag text', 'library_name text',
		'tags text[]', 'license text', 'languages text[]', 'base_models text[]',
		'base_model_relation text', 'gated text', 'disabled boolean', 'parameters bigint',
		'declared_base_models jsonb', 'page_cursor text', 'next_page_cursor text'],
		'models', NULL::text[], 'Models on the Hub, as the sync reads them'),
	('hub_datasets', ARRAY['datasets'], 'foreign', ARRAY[
		'_id text', 'id text', 'author text', 'created_at timestamp with time zone',
		'last_modified timestamp with time zone', 'downloads bigint', 'downloads_all_time bigint',
		'likes bigint', 'trending_score double precision', 'tags text[]', 'license text',
		'languages text[]', 'task_categories text[]', 'modalities text[]', 'size_category text',
		'gated text', 'disabled boolean', 'page_cursor text', 'next_page_cursor text'],
		'datasets', NULL, 'Datasets on the Hub, as the sync reads them'),
	('hub_spaces', ARRAY['spaces'], 'foreign', ARRAY[
		'_id text', 'id text', 'author text', 'created_at timestamp with time zone',
		'last_modified timestamp with time zone', 'likes bigint', 'trending_score double precision',
		'sdk text', 'tags text[]', 'models text[]', 'datasets text[]', 'disabled boolean',
		'page_cursor text', 'next_page_cursor text'],
		'spaces', NULL, 'Spaces on the Hub, as the sync reads them'),
	('hub_daily_papers', ARRAY['papers'], 'foreign', ARRAY[
		'list_date date', 'id text', 'title text', 'published_at timestamp with time zone',
		'listed_at timestamp with time zone', 'submitted_by text', 'organization text',
		'authors text[]', 'upvotes bigint', 'num_comments bigint', 'github_repo text',
		'github_stars bigint', 'ai_keywords text[]'],
		'daily_papers', NULL, 'Daily papers on the Hub, as the sync reads them'),
	('hub_trending', ARRAY['trending'], 'foreign', ARRAY[
		'list_type text', 'rank bigint', 'repo_type text', 'id text', 'author text',
		'likes bigint', 'downloads bigint'],
		'trending', NULL, 'Trending list of the Hub, as the sync reads it'),
	('hub_users', ARRAY['owners'], 'foreign', ARRAY[
		'name text', '_id text', 'fullname text', 'created_at timestamp with time zone', 'is_pro boolean',
		'num_models bigint', 'num_datasets bigint', 'num_spaces bigint', 'num_followers bigint'],
		'users', NULL, 'Users on the Hub, as the sync reads them'),
	('hub_organizations', ARRAY['owners'], 'foreign', ARRAY[
		'name text', '_id text', 'fullname text', 'is_verified boolean', 'plan text', 'num_users bigint',
		'num_models bigint', 'num_datasets bigint', 'num_spaces bigint', 'num_followers bigint'],
		'organizations', NULL, 'Organizations on the Hub, as the sync reads them'),
	('hub_discussions', ARRAY['discussions'], 'foreign', ARRAY[
		'repo_id text', 'repo_type text', 'discussion_type text', 'num bigint', 'title text', 'author text',
		'created_at timestamp with time zone', 'status text', 'is_pull_request boolean', 'num_comments bigint'],
		'discussions', NULL, 'Discussions on the Hub, as the sync reads them'),

	-- what is there now
	('models', ARRAY['models', 'owners'], 'table', ARRAY[
		'_id text NOT NULL', 'id text NOT NULL', 'author text', 'created_at timestamp with time zone',
		'last_modified timestamp with time zone', 'downloads bigint', 'downloads_all_time bigint',
		'likes bigint', 'trending_score double precision', 'pipeline_tag text', 'library_name text',
		'tags text[]', 'license text', 'languages text[]', 'base_models text[]',
		'base_model_relation text', 'gated text', 'disabled boolean', 'parameters bigint',
		'first_seen date NOT NULL', 'vanished_on date'],
		'PRIMARY KEY (_id)', ARRAY['(id)', '(created_at)'],
		'Models, one row a repository that is or was there'),
	('datasets', ARRAY['datasets', 'owners'], 'table', ARRAY[
		'_id text NOT NULL', 'id text NOT NULL', 'author text', 'created_at timestamp with time zone',
		'last_modified timestamp with time zone', 'downloads bigint', 'downloads_all_time bigint',
		'likes bigint', 'trending_score double precision', 'tags text[]', 'license text',
		'languages text[]', 'task_categories text[]', 'modalities text[]', 'size_category text',
		'gated text', 'disabled boolean', 'first_seen date NOT NULL', 'vanished_on date'],
		'PRIMARY KEY (_id)', ARRAY['(id)', '(created_at)'],
		'Datasets, one row a repository that is or was there'),
	('spaces', ARRAY['spaces'], 'table', ARRAY[
		'_id text NOT NULL', 'id text NOT NULL', 'author text', 'created_at timestamp with time zone',
		'last_modified timestamp with time zone', 'likes bigint', 'trending_score double precision',
		'sdk text', 'tags text[]', 'models text[]', 'datasets text[]', 'disabled boolean',
		'first_seen date NOT NULL', 'vanished_on date'],
		'PRIMARY KEY (_id)', ARRAY['(id)', '(created_at)'],
		'Spaces, one row a repository that is or was there'),
	('papers', ARRAY['papers'], 'table', ARRAY[
		'id text NOT NULL', 'list_date date NOT NULL', 'title text', 'published_at timestamp with time zone',
		'listed_at timestamp with time zone', 'submitted_by text', 'organization text', 'authors text[]',
		'upvotes bigint', 'num_comments bigint', 'github_repo text', 'github_stars bigint',
		'ai_keywords text[]', 'first_seen date NOT NULL'],
		'PRIMARY KEY (id)', ARRAY['(list_date)'],
		'Daily papers; list_date is the day of the list'),
	('owners', NULL, 'table', ARRAY[
		'name text NOT NULL', '_id text', 'type text', 'fullname text', 'is_verified boolean', 'plan text',
		'num_users bigint', 'num_models bigint', 'num_datasets bigint', 'num_spaces bigint',
		'num_followers bigint', 'downloads bigint', 'rank bigint', 'checked_on date', 'listed_on date'],
		'PRIMARY KEY (name)', NULL,
		'The owners with the most downloads: type organization, user, or NULL where neither answers'),
	('discussion_repos', ARRAY['discussions'], 'table', ARRAY[
		'repo_type text NOT NULL', 'repo_id text NOT NULL'],
		'PRIMARY KEY (repo_type, repo_id)', NULL,
		'The repositories whose discussions are synced: fill it'),
	('discussions', ARRAY['discussions'], 'table', ARRAY[
		'repo_type text NOT NULL', 'repo_id text NOT NULL', 'num bigint NOT NULL', 'title text', 'author text',
		'created_at timestamp with time zone', 'status text', 'is_pull_request boolean',
		'num_comments bigint', 'first_seen date NOT NULL'],
		'PRIMARY KEY (repo_type, repo_id, num)', NULL,
		'Discussions and pull requests of the repositories in discussion_repos'),

	-- history
	('model_snapshots', ARRAY['models'], 'partitioned', ARRAY[
		'captured_on date NOT NULL', 'captured_at timestamp with time zone NOT NULL', '_id text NOT NULL', 'id text NOT NULL',
		'downloads bigint', 'downloads_all_time bigint', 'likes bigint', 'trending_score double precision'],
		'UNIQUE (_id, captured_on)', ARRAY['USING brin (captured_on)'],
		'Figures of each model, one row a day; downloads are those of the last 30 days'),
	('dataset_snapshots', ARRAY['datasets'], 'partitioned', ARRAY[
		'captured_on date NOT NULL', 'captured_at timestamp with time zone NOT NULL', '_id text NOT NULL', 'id text NOT NULL',
		'downloads bigint', 'downloads_all_time bigint', 'likes bigint', 'trending_score double precision'],
		'UNIQUE (_id, captured_on)', ARRAY['USING brin (captured_on)'],
		'Figures of each dataset, one row a day; downloads are those of the last 30 days'),
	('space_snapshots', ARRAY['spaces'], 'partitioned', ARRAY[
		'captured_on date NOT NULL', 'captured_at timestamp with time zone NOT NULL', '_id text NOT NULL', 'id text NOT NULL',
		'likes bigint', 'trending_score double precision'],
		'UNIQUE (_id, captured_on)', ARRAY['USING brin (captured_on)'],
		'Figures of each space, one row a day'),
	('paper_snapshots', ARRAY['papers'], 'partitioned', ARRAY[
		'captured_on date NOT NULL', 'captured_at timestamp with time zone NOT NULL', 'id text NOT NULL',
		'upvotes bigint', 'num_comments bigint', 'github_stars bigint'],
		'UNIQUE (id, captured_on)', ARRAY['USING brin (captured_on)'],
		'Figures of the recent daily papers, one row a day'),
	('trending_snapshots', ARRAY['trending'], 'partitioned', ARRAY[
		'captured_on date NOT NULL', 'captured_at timestamp with time zone NOT NULL', 'repo_type text NOT NULL',
		'rank bigint NOT NULL', 'id text NOT NULL', 'author text', 'likes bigint', 'downloads bigint'],
		'UNIQUE (captured_on, repo_type, rank)', NULL,
		'The trending list of each day: rank within models, datasets and spaces'),
	('model_edges', ARRAY['models'], 'table', ARRAY[
		'child text NOT NULL', 'parent text NOT NULL', 'relation text', 'first_seen date NOT NULL',
		'last_seen date', '_id text NOT NULL'],
		'UNIQUE NULLS NOT DISTINCT (_id, parent, relation)', ARRAY['(parent)'],
		'Who derives from whom; last_seen NULL: still declared at the last sync. _id is the child''s'),

	-- reference tables of the user
	('org', NULL, 'table', ARRAY['namespace text NOT NULL', 'parent text', 'kind text', 'country text', 'region text',
		'verified boolean', 'valid_from date', 'valid_to date', 'note text'],
		'PRIMARY KEY (namespace)', NULL,
		'Organizations: parent company, kind (industry, academia, non-profit, government, community), country (ISO 3166; unknown: looked into, and unclear)'),
	('provider_alias', NULL, 'table', ARRAY['parent text NOT NULL', 'namespace text NOT NULL'],
		'PRIMARY KEY (parent, namespace)', NULL, 'Further namespaces of a parent; they count where org does not name one'),
	('developer_kind', NULL, 'table', ARRAY['hub_kind text NOT NULL', 'kind text NOT NULL'],
		'PRIMARY KEY (hub_kind)', NULL, 'What the kinds of the Hub''s organizations mean here'),
	('size_class', NULL, 'table', ARRAY['label text NOT NULL', 'lower bigint NOT NULL', 'upper bigint'],
		'PRIMARY KEY (label)', NULL, 'Classes of model size: parameters from lower to below upper'),
	('family_rule', NULL, 'table', ARRAY['family text NOT NULL', 'tag text', 'name_pattern text', 'roots text[]'],
		'PRIMARY KEY (family)', NULL,
		'Families of models: by a tag, by a pattern of the id (case does not matter), by descent from roots'),
	('model_override', NULL, 'table', ARRAY['repo text NOT NULL', 'total_params bigint', 'active_params bigint',
		'is_moe boolean', 'release_date date'],
		'PRIMARY KEY (repo)', NULL, 'Facts of single models that are known better than the Hub has them'),
	('task_category', NULL, 'table', ARRAY['tag text NOT NULL', 'category text NOT NULL'],
		'PRIMARY KEY (tag)', NULL, 'Categories of tasks'),
	('domain_tag', NULL, 'table', ARRAY['tag text NOT NULL', 'field text', 'modality text'],
		'PRIMARY KEY (tag)', NULL, 'Fields of science and modalities by tag'),
	('fortune500', NULL, 'table', ARRAY['year integer NOT NULL', 'rank integer NOT NULL', 'company text NOT NULL', 'namespaces text[]'],
		'PRIMARY KEY (year, rank)', NULL, 'A list of companies and their namespaces; yours to fill'),

	-- the sync itself
	('sync_settings', NULL, 'table', ARRAY['name text NOT NULL', 'value text'],
		'PRIMARY KEY (name)', NULL, 'Settings of the sync; a missing row means the default'),
	('sync_run', NULL, 'table', ARRAY[
		'run bigint NOT NULL', 'kind text NOT NULL', 'mode text NOT NULL', 'server text NOT NULL',
		'captured_on date NOT NULL', 'state text NOT NULL', 'role text NOT NULL', 'pid integer',
		'backend_start timestamp with time zone', 'started_at timestamp with time zone NOT NULL',
		'updated_at timestamp with time zone NOT NULL', 'finished_at timestamp with time zone',
		'wait_until timestamp with time zone', 'position text NOT NULL', 'key_at timestamp with time zone',
		'key_id text', 'since timestamp with time zone', 'expected bigint', 'rows bigint NOT NULL', 'pages bigint NOT NULL',
		'added bigint NOT NULL', 'changed bigint NOT NULL', 'vanished bigint NOT NULL',
		'requests bigint NOT NULL', 'retries bigint NOT NULL', 'bytes bigint NOT NULL',
		'quota_left bigint', 'resumed integer NOT NULL', 'active interval NOT NULL', 'error text'],
		'PRIMARY KEY (run)', NULL, 'Runs of the sync, one row a kind; read sync_runs'),
	('sync_refresh', NULL, 'table', ARRAY[
		'view_name text NOT NULL', 'started_at timestamp with time zone NOT NULL', 'duration interval NOT NULL',
		'rows bigint', 'without_lock boolean NOT NULL', 'error text'],
		'PRIMARY KEY (view_name, started_at)', NULL, 'Refreshes of the views and how long each took')
	) AS r (relation, kinds, form, columns, tail, indexes, remark);
END;
COMMENT ON FUNCTION hub_sync_relations() IS 'relations that hub_sync creates in a target schema';

CREATE FUNCTION hub_sync_kinds() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY['models', 'datasets', 'spaces', 'papers', 'trending', 'owners', 'discussions'];
COMMENT ON FUNCTION hub_sync_kinds() IS 'kinds that hub_sync knows, in the order in which they are synced';

-- Settings and their defaults; sync_settings overrides them.
CREATE FUNCTION hub_sync_defaults(OUT name text, OUT value text, OUT remark text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT * FROM (VALUES
	('mode', 'full', 'full: every run reads all and takes the day''s snapshot; changes: only repositories changed since the last run, no snapshot; auto: full once a day, changes after it'),
	('owner_limit', '5000', 'owners are the so many with the most downloads'),
	('paper_days', '30', 'days of daily papers that a run reads again'),
	('resume_within', '12 hours', 'a run interrupted longer ago is given up and a new one begins'),
	('vanish_limit', '0.1', 'greatest share of known repositories that may be missing from a list; beyond it the list is taken as cut short'),
	('view_days', '400', 'days of history that the views reach back')
	) AS s (name, value, remark);
END;
COMMENT ON FUNCTION hub_sync_defaults() IS 'settings of hub_sync and their defaults';
