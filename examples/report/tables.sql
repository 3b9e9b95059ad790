-- The tables of a synced schema that the report reads, for simulated data.
CREATE TABLE models (_id text PRIMARY KEY, id text, author text, created_at timestamptz, last_modified timestamptz, downloads bigint,
	downloads_all_time bigint, likes bigint, trending_score double precision, pipeline_tag text, tags text[], base_models text[],
	base_model_relation text, parameters bigint, private boolean, gated text);
CREATE TABLE model_snapshots (captured_on date, captured_at timestamptz, _id text, id text, downloads bigint, downloads_all_time bigint,
	likes bigint, trending_score double precision);
CREATE TABLE model_edges (child text, parent text, relation text, first_seen date, last_seen date);
CREATE TABLE org (namespace text PRIMARY KEY, parent text, kind text, country text, verified boolean);
CREATE TABLE datasets (_id text PRIMARY KEY, id text, author text, created_at timestamptz, last_modified timestamptz, downloads bigint,
	downloads_all_time bigint, likes bigint, trending_score double precision, tags text[]);
CREATE TABLE discussions (repo_type text, repo_id text, num bigint, title text, status text, is_pull_request boolean,
	created_at timestamptz, author text);
CREATE TABLE trending_snapshots (captured_on date, captured_at timestamptz, repo_type text, rank int, _id text, id text, likes bigint,
	trending_score double precision);
CREATE TABLE papers (id text PRIMARY KEY, title text, published_at timestamptz, submitted_at timestamptz, upvotes bigint, organization text);
CREATE TABLE owners (name text PRIMARY KEY, type text);
