-- sync: what the columns of a target schema mean

-- Comments beside those of the catalogue of the Hub's tables; relation NULL:
-- wherever the column is.
CREATE FUNCTION hub_sync_remarks(OUT relation text, OUT column_name text, OUT remark text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT * FROM (VALUES
	(NULL, 'first_seen', 'UTC day of the run that read it first'),
	(NULL, 'vanished_on', 'UTC day of the run that no longer found it; NULL: it is there'),
	(NULL, 'captured_on', 'UTC day on which the run began'),
	(NULL, 'captured_at', 'when the figures were read'),
	('models', 'base_models', 'models it derives from: those in its tags, else those that the Hub resolved'),
	('trending_snapshots', 'repo_type', 'model, dataset or space'),
	('trending_snapshots', 'rank', 'place within its type, from 1'),
	('model_edges', 'child', 'model that derives'),
	('model_edges', 'parent', 'model that it derives from, as declared'),
	('model_edges', 'relation', 'finetune, adapter, merge, quantized; NULL: not declared'),
	('model_edges', 'last_seen', 'last day on which it was declared; NULL: it still is'),
	('model_edges', '_id', 'key of the child'),
	('owners', 'type', 'organization or user; NULL: neither answers'),
	('owners', 'downloads', 'lifetime downloads of its models and datasets'),
	('owners', 'rank', 'place by downloads; NULL: no longer among the first'),
	('owners', 'checked_on', 'day on which the Hub was asked'),
	('owners', 'listed_on', 'day of the list that it is on'),
	('sync_runs', 'mode', 'full: all was read; changes: only what was modified since the last run'),
	('sync_runs', 'state', 'running, waiting (for the quota), done, failed, interrupted (the backend is gone or was cancelled), given up (a later run began anew)'),
	('sync_runs', 'rows', 'rows read and committed'),
	('sync_runs', 'expected_rows', 'rows of the last complete run, else an estimate'),
	('sync_runs', 'pages', 'batches committed'),
	('sync_runs', 'added', 'rows that were new'),
	('sync_runs', 'changed', 'rows that had changed'),
	('sync_runs', 'vanished', 'repositories that were no longer there'),
	('sync_runs', 'requests', 'requests sent, that of the page ahead included'),
	('sync_runs', 'retries', 'requests sent again'),
	('sync_runs', 'bytes', 'bytes received, compressed as they came'),
	('sync_runs', 'quota_left', 'requests left in the window, as the Hub said last'),
	('sync_runs', 'wait_until', 'end of the wait for the quota'),
	('sync_runs', 'updated_at', 'time of the last batch'),
	('sync_runs', 'duration', 'time spent on batches; waits and interruptions do not count'),
	('sync_runs', 'eta', 'time to go at the pace so far'),
	('sync_runs', 'resumed', 'how often it was taken up after an interruption'),
	('sync_runs', 'page_cursor', 'where it goes on'),
	('sync_runs', 'pid', 'process that works on it, or did'),
	('sync_runs', 'error', 'why it failed'),
	('segment_days', 'measure', 'downloads (last 30 days), downloads_all_time or likes'),
	('segment_days', 'dimension', 'all, country, kind, size_class, task_category or family'),
	('segment_days', 'segment', 'value of the dimension; empty for all'),
	('segment_days', 'items', 'repositories that have a figure'),
	('segment_days', 'total', 'sum over the segment'),
	('segment_days', 'spread', 'distribution over the repositories of the segment: gini(spread), rollup(spread), ...')
	) AS r (relation, column_name, remark);
END;
COMMENT ON FUNCTION hub_sync_remarks() IS 'comments on columns of a target schema';

CREATE FUNCTION hub_sync_comment(target_schema text, relation text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	place regclass := format('%I.%I', target_schema, relation)::regclass;
	-- the table of the Hub that its figures come from
	source text := CASE WHEN relation IN ('papers', 'paper_snapshots') THEN 'daily_papers'
		WHEN relation = 'trending_snapshots' THEN 'trending'
		WHEN relation = 'owners' THEN 'organizations'
		WHEN relation LIKE 'hub\_%' THEN substr(relation, 5)
		WHEN relation LIKE '%\_snapshots' THEN left(relation, -10) || 's'
		ELSE relation END;
	one record;
BEGIN
	FOR one IN SELECT a.attname, coalesce(
			(SELECT r.remark FROM @extschema@.hub_sync_remarks() r WHERE r.column_name = a.attname
				AND coalesce(r.relation, hub_sync_comment.relation) = hub_sync_comment.relation),
			(SELECT c.description FROM @extschema@.hub_catalogue() c WHERE c.resource = source AND c.column_name = a.attname)) AS remark
		FROM pg_attribute a WHERE a.attrelid = place AND a.attnum > 0 AND NOT a.attisdropped
	LOOP
		CONTINUE WHEN one.remark IS NULL;
		EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', place, one.attname, one.remark);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION hub_sync_comment(text, text) IS 'puts comments on the columns of a relation of a target schema';
