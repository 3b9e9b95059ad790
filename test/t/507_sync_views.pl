# Views for analysts: right by definition, refreshed while read, and a year of
# days from stored summaries.
use strict;
use warnings;
use Test::More;
use SyncNode;

my $sync = SyncNode->new('main', models => 500, datasets => 80, spaces => 60, papers => 20, page_size => 250);
my $today = $sync->sql("SELECT (now() AT TIME ZONE 'UTC')::date");

$sync->fails('a refresh before any sync', "CALL hub_refresh('s')", qr/42P01.*holds no sync.*HINT.*hub_sync/s);
$sync->sql("CALL hub_sync('hub', 's', '{trending}')");
$sync->sql("UPDATE s.sync_settings SET value = '10' WHERE name = 'owner_limit'; UPDATE s.sync_settings SET value = '2' WHERE name = 'paper_days'");
$sync->sql("CALL hub_sync('hub', 's')");
$sync->fails('a refresh in a transaction block', "BEGIN; CALL hub_refresh('s')", qr/2D000.*hub_refresh cannot run inside/s);

# forty more days of history: growth, a recount, a gap of six days
$sync->sql(qq{
	CREATE VIEW past AS
	SELECT (d::timestamp AT TIME ZONE 'UTC') + interval '2 hours' AS captured_at, m._id, m.id, m.downloads, m.likes,
		CASE WHEN m.rank = 1 AND d >= '$today'::date - 10 THEN greatest(m.downloads_all_time - 40 * 7, 0) + 7 * (d - ('$today'::date - 40)) - 5
			ELSE greatest(m.downloads_all_time - 40 * 7, 0) + 7 * (d - ('$today'::date - 40)) END AS downloads_all_time
	FROM (SELECT *, row_number() OVER (ORDER BY downloads_all_time DESC, _id) AS rank FROM s.models) m,
		(SELECT x::date AS d FROM generate_series('$today'::timestamp - interval '40 days', '$today'::timestamp - interval '1 day', '1 day') x) days
	WHERE d NOT BETWEEN '$today'::date - 30 AND '$today'::date - 25;
	SELECT hub_load_snapshots('s', 'models', 'past');
});
$sync->sql("CALL hub_refresh('s')");

# every view is there, has its unique index, can be refreshed while it is read
my $views = $sync->sql("SELECT count(*) FROM hub_sync_views('s')");
is($sync->sql("SELECT count(*) FROM pg_matviews WHERE schemaname = 's' AND ispopulated"), $views, "$views views");
is($sync->sql("SELECT count(DISTINCT c.oid) FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid WHERE c.relkind = 'm' AND i.indisunique
	AND c.relnamespace = 's'::regnamespace"), $views, 'each with a unique index');
$sync->sql("CALL hub_refresh('s')");
is($sync->sql("SELECT count(DISTINCT view_name), bool_and(duration > '0') FROM s.sync_refresh WHERE without_lock"), ($views + 3) . '|t',
	'the second refresh locks no reader out, and durations are recorded');
is($sync->sql("SELECT string_agg(DISTINCT obj_description(c.oid) IS NOT NULL || '', ',') FROM pg_class c WHERE relkind = 'm'"), 'true', 'each has a comment');

is($sync->sql("SELECT string_agg(c.relname || '.' || a.attname, ', ' ORDER BY 1) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	WHERE c.relnamespace = 's'::regnamespace AND c.relname IN ('models', 'model_snapshots', 'model_edges', 'datasets', 'spaces', 'hub_models', 'segment_days', 'trending_snapshots')
		AND a.attname NOT IN ('id', '_id', 'kind', 'author') AND col_description(c.oid, a.attnum) IS NULL"), '', 'and so has each column');

# one that cannot be refreshed does not keep the others back
$sync->sql("ALTER MATERIALIZED VIEW s.concentration RENAME TO kept; CREATE TABLE s.concentration (mine int); DELETE FROM s.sync_refresh");
$sync->fails('a table in the place of a view', "CALL hub_refresh('s')", qr/42809.*view "concentration" was not refreshed.*is not a materialized view.*HINT/s);
is($sync->sql("SELECT count(*) FILTER (WHERE error IS NULL), string_agg(view_name, ',') FILTER (WHERE error IS NOT NULL) FROM s.sync_refresh"),
	($views + 2) . '|concentration', 'the others are refreshed all the same');
$sync->sql("DROP TABLE s.concentration; ALTER MATERIALIZED VIEW s.kept RENAME TO concentration");

# concentration against plain SQL
is($sync->sql("SELECT count(*), count(DISTINCT captured_on) FROM s.concentration WHERE kind = 'models' AND measure = 'downloads_all_time'"),
	'35|35', 'a row a day that has snapshots: the gap is a gap');
is($sync->sql(qq{
	WITH v AS (SELECT downloads_all_time AS v, row_number() OVER (ORDER BY downloads_all_time) AS i, count(*) OVER () AS n
			FROM s.model_snapshots WHERE captured_on = '$today'),
		g AS (SELECT sum((2 * i - n - 1) * v)::float8 / (max(n) * sum(v))::float8 AS gini, count(*) AS items, sum(v) AS total FROM v)
	SELECT c.items = g.items AND c.total = g.total AND abs(c.gini - g.gini) < 1e-12 FROM s.concentration c, g
	WHERE c.kind = 'models' AND c.captured_on = '$today' AND c.measure = 'downloads_all_time'}), 't', 'items, total and Gini equal the formula');
is($sync->sql("SELECT string_agg(kind || ' ' || measure, ', ' ORDER BY kind, measure) FROM s.concentration WHERE captured_on = '$today'"),
	'datasets downloads, datasets downloads_all_time, datasets likes, models downloads, models downloads_all_time, models likes, spaces likes', 'for each kind');

# shares
is($sync->sql("SELECT count(*) FROM (SELECT captured_on, measure, dimension, sum(share) AS s FROM s.share_over_time WHERE kind = 'models' GROUP BY 1, 2, 3) q
	WHERE abs(s - 1) > 1e-9"), 0, 'shares of a day add up to one');
is($sync->sql(qq{SELECT count(*) FROM (
		SELECT g.task_category, sum(s.downloads)::numeric FROM s.model_snapshots s JOIN s.model_segments g USING (_id) WHERE s.captured_on = '$today' GROUP BY 1
		EXCEPT SELECT segment, amount::numeric FROM s.share_over_time WHERE kind = 'models' AND captured_on = '$today' AND measure = 'downloads' AND dimension = 'task_category') x}), 0,
	'amounts equal a plain GROUP BY');

# segments follow the reference tables
my ($owner) = split /\|/, $sync->sql("SELECT author FROM s.models GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
$sync->sql("INSERT INTO s.org (namespace, parent, kind, country) VALUES ('$owner', 'Parent', 'academia', 'FR')");
$sync->sql("DELETE FROM s.segment_days WHERE captured_on = '$today'");
$sync->sql("CALL hub_refresh('s')");
is($sync->sql("SELECT DISTINCT country, kind, parent FROM s.model_segments WHERE author = '$owner'"), 'FR|academia|Parent', 'an edited reference table is followed');
is($sync->sql("SELECT amount = (SELECT sum(downloads) FROM s.models WHERE author = '$owner') FROM s.share_over_time
	WHERE kind = 'models' AND captured_on = '$today' AND measure = 'downloads' AND dimension = 'country' AND segment = 'FR'"), 't', 'in the shares of a day that is made again');
is($sync->sql("SELECT country, models = (SELECT count(*) FROM s.models WHERE author = '$owner') FROM s.owner_profiles WHERE name = '$owner'"), 'FR|t', 'and in the owners');
is($sync->sql("SELECT count(*) FROM s.model_segments g JOIN s.models m USING (_id) JOIN s.size_class c ON c.label = g.size_class
	WHERE NOT (m.parameters >= c.lower AND (c.upper IS NULL OR m.parameters < c.upper))"), 0, 'size classes by their bounds');

# lineage against a recursive query
my $root = $sync->sql("SELECT id FROM s.lineage_nodes ORDER BY descendants DESC, id LIMIT 1");
is($sync->sql("SELECT descendants FROM s.lineage_nodes WHERE id = '$root'"), $sync->sql(qq{
	WITH RECURSIVE r (id) AS (SELECT child FROM s.model_edges WHERE parent = '$root' AND last_seen IS NULL
		UNION SELECT e.child FROM s.model_edges e JOIN r ON e.parent = r.id WHERE last_seen IS NULL)
	SELECT count(*) FROM r WHERE id <> '$root'}), 'descendants as a recursive query counts them');
is($sync->sql("SELECT count(*) FROM (SELECT id, sum(weight) AS w FROM s.lineage_origins GROUP BY 1) q WHERE abs(w - 1) > 1e-9"), 0, 'origins weigh one in all');

# period downloads: 7 a day, a recount adds nothing, a gap has no row of its own
my $steady = $sync->sql("SELECT _id FROM s.models WHERE downloads_all_time > 1000 ORDER BY downloads_all_time, _id LIMIT 1");
is($sync->sql("SELECT count(*) FROM s.period_downloads WHERE _id = '$steady' AND covered > 0.99 AND abs(downloads - 49) > 0.01"), 0,
	'seven a day are forty-nine a full week');
is($sync->sql("SELECT count(*) FROM s.period_downloads WHERE downloads < 0"), 0, 'a recount never takes downloads away');
cmp_ok($sync->sql("SELECT count(*) FROM s.model_engagement"), '>', 100, 'engagement of models');

# years of days: stored summaries against raw rows
my $stored = $sync->sql("SELECT gini(rollup(spread)), num_items(rollup(spread)) FROM s.segment_days WHERE kind = 'models' AND measure = 'downloads_all_time' AND dimension = 'all'");
my $raw = $sync->sql("SELECT gini(d), num_items(d) FROM (SELECT distribution_agg(downloads_all_time) AS d FROM s.model_snapshots) q");
is($stored, $raw, 'stored days rolled up equal the raw rows');
$sync->sql("DROP TABLE s.model_snapshots CASCADE");
is($sync->sql("SELECT count(*) FROM s.concentration WHERE kind = 'models' AND measure = 'likes'"), '35', 'and answer when the raw rows are gone');

# an incomplete day stays a gap
my $other = SyncNode->new('gap', models => 200, page_size => 20);
$other->hub->faults({ action => 'reset', match => { from => 5 }, times => -1 });
$other->try("CALL hub_sync('hub', 's', '{models}')");
$other->sql("CALL hub_refresh('s')");
is($other->sql("SELECT (SELECT count(*) FROM s.model_snapshots) > 0, (SELECT count(*) FROM s.concentration)"), 't|0', 'a day whose run did not end has no figures');
$other->hub->clear;
$other->sql("CALL hub_sync('hub', 's', '{models}', true)");
is($other->sql("SELECT items FROM s.concentration WHERE measure = 'likes'"), '200', 'completed, it has; refresh => true refreshes');

done_testing();
