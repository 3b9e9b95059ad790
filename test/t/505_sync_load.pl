# History that others recorded goes into the snapshot tables.
use strict;
use warnings;
use File::Spec;
use Test::More;
use SyncNode;

my $sync = SyncNode->new('main', models => 60);
$sync->sync('{models,datasets}');
my ($known, $key) = split /\|/, $sync->sql('SELECT id, _id FROM s.models ORDER BY _id LIMIT 1');

# CSV
$sync->sql(qq{
	CREATE TABLE csv (captured_at timestamptz, id text, downloads bigint, likes bigint);
	INSERT INTO csv VALUES ('2024-01-31 23:30Z', '$known', 5, 1), ('2024-01-31 04:00Z', '$known', 4, 1),
		('2024-02-01 00:30Z', '$known', 6, 1), ('2024-02-01 00:30Z', 'gone/model', 9, NULL);
});
is($sync->sql(q{SELECT hub_load_snapshots('s', 'models', 'csv')}), 3, 'rows of several months and days are loaded');
is($sync->sql(q{SELECT captured_on, _id, downloads, downloads_all_time IS NULL FROM s.model_snapshots
	WHERE captured_on < '2025-01-01' ORDER BY 1, 2}),
	"2024-01-31|$key|4|t\n2024-02-01|$key|6|t\n2024-02-01|id:gone/model|9|t",
	'by the UTC day, the first reading of a day, with the _id where it is known');
is($sync->sql(q{SELECT hub_load_snapshots('s', 'models', 'csv')}), 0, 'a second time nothing is loaded');
is($sync->sql(q{SELECT count(*) FROM pg_inherits WHERE inhparent = 's.model_snapshots'::regclass}), 3, 'a partition a month');

# JSONL
my $file = PostgreSQL::Test::Utils::tempdir() . '/history.jsonl';
open my $f, '>', $file or die $!;
print $f qq({"day": "2024-03-0$_", "repo": "a/d", "dl": $_, "note": "say \\"hi\\", \\\\ x"}\n) for 1 .. 3;
close $f;
$sync->sql(qq{
	CREATE TABLE lines (line jsonb);
	COPY lines FROM '$file' (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02');
	CREATE VIEW history AS SELECT (line->>'day')::date AS captured_on, line->>'repo' AS id, (line->>'dl')::bigint AS downloads FROM lines;
});
is($sync->sql(q{SELECT hub_load_snapshots('s', 'datasets', 'history')}), 3, 'JSON lines through a view');

# bad input
$sync->fails('a kind without snapshots', q{SELECT hub_load_snapshots('s', 'owners', 'csv')}, qr/22023.*no snapshots of kind "owners"/s);
$sync->fails('a schema without a sync', q{SELECT hub_load_snapshots('nowhere', 'models', 'csv')}, qr/42P01.*does not exist/s);
$sync->fails('a source without figures', q{CREATE TABLE x AS SELECT now() AS captured_at, ''::text AS id; SELECT hub_load_snapshots('s', 'models', 'x')},
	qr/42703.*has no column downloads or/s);
$sync->sql(q{CREATE TABLE bad AS SELECT * FROM csv; INSERT INTO bad VALUES ('2024-01-01', NULL, 1, 1)});
$sync->fails('a row without id', q{SELECT hub_load_snapshots('s', 'models', 'bad')}, qr/23502.*1 rows of source "public.bad" have no id/s);
$sync->sql(q{UPDATE bad SET id = 'x/y', downloads = -1 WHERE id IS NULL});
$sync->fails('a negative figure', q{SELECT hub_load_snapshots('s', 'models', 'bad')}, qr/22003.*negative figure/s);
$sync->sql(q{UPDATE bad SET captured_at = now() + interval '2 days', downloads = 1 WHERE id = 'x/y'});
$sync->fails('a day in the future', q{SELECT hub_load_snapshots('s', 'models', 'bad')}, qr/22008.*lie in the future/s);
is($sync->sql(q{SELECT count(*) FROM s.model_snapshots WHERE captured_on < '2025-01-01'}), 3, 'refused sources leave nothing behind');

# real tables, by the way of docs/sync.md: COPY as the file has it, a view that names the columns
my $data = File::Spec->catdir($ENV{PGHUB_TOP}, '..', 'shared', 'data');
SKIP:
{
	skip "the real tables are not there ($data)", 16 unless -e "$data/snapshots_radar_2026-08.csv.gz";
	$sync->sql(qq{
		CREATE TABLE radar (captured_at timestamptz, id text, downloads bigint, likes bigint, removed boolean);
		COPY radar FROM PROGRAM 'gzip -dc $data/snapshots_radar_2026-08.csv.gz' (FORMAT csv, HEADER);
		CREATE TABLE top (id text, captured_on date, downloads bigint, likes bigint, task text, library text, created_at timestamptz);
		COPY top FROM PROGRAM 'gzip -dc $data/series_daily_top_2026-08.csv.gz' (FORMAT csv, HEADER);
	});
	is($sync->sql(q{SELECT hub_load_snapshots('s', 'models', 'radar')}),
		$sync->sql(q{SELECT count(DISTINCT (id, (captured_at AT TIME ZONE 'UTC')::date)) FROM radar}),
		'snapshots of four days: one row a model and day');
	is($sync->sql(q{SELECT count(*) FROM (SELECT DISTINCT ON (id, (captured_at AT TIME ZONE 'UTC')::date) id,
			(captured_at AT TIME ZONE 'UTC')::date AS d, downloads, likes FROM radar ORDER BY 1, 2, captured_at) r
		JOIN s.model_snapshots m ON m.id = r.id AND m.captured_on = r.d AND m.downloads IS NOT DISTINCT FROM r.downloads
			AND m.likes IS NOT DISTINCT FROM r.likes}),
		$sync->sql(q{SELECT count(DISTINCT (id, (captured_at AT TIME ZONE 'UTC')::date)) FROM radar}), 'with the first figures of the day');
	is($sync->sql(q{SELECT hub_load_snapshots('s', 'models', 'top')}),
		$sync->sql(q{SELECT count(*) FROM top t WHERE NOT EXISTS (SELECT FROM radar r WHERE r.id = t.id AND (r.captured_at AT TIME ZONE 'UTC')::date = t.captured_on)}),
		'a second source adds the days that were not there');

	# two daily series of many months, in a schema of their own
	$sync->sync('{models,datasets}', 'past');
	$sync->sql("DELETE FROM past.model_snapshots; DELETE FROM past.dataset_snapshots");
	$sync->sql(qq{
		CREATE TABLE feature_series (id text, day date, downloads_30d bigint, likes bigint, trending_rank int, last_modified timestamptz, pipeline_tag text, parameters bigint);
		COPY feature_series FROM PROGRAM 'gzip -dc $data/series_daily_transformersjs.csv.gz' (FORMAT csv, HEADER);
		CREATE VIEW feature_past AS SELECT day AS captured_on, id, downloads_30d AS downloads, likes FROM feature_series;
		CREATE TABLE author_series (id text, day date, repo_type text, downloads_30d bigint, likes bigint, observed_at timestamp);
		COPY author_series FROM PROGRAM 'gzip -dc $data/series_daily_small_author_2026.csv.gz' (FORMAT csv, HEADER);
		CREATE VIEW author_past AS SELECT observed_at AT TIME ZONE 'UTC' AS captured_at, id, downloads_30d AS downloads, likes
			FROM author_series WHERE repo_type = 'model';
		CREATE VIEW author_past_datasets AS SELECT observed_at AT TIME ZONE 'UTC' AS captured_at, id, downloads_30d AS downloads, likes
			FROM author_series WHERE repo_type = 'dataset';
	});
	is($sync->sql(q{SELECT hub_load_snapshots('past', 'models', 'feature_past')}), $sync->sql(q{SELECT count(DISTINCT (id, day)) FROM feature_series}),
		'two years of a daily series');
	is($sync->sql(q{SELECT hub_load_snapshots('past', 'models', 'author_past')}),
		$sync->sql(q{SELECT count(DISTINCT (id, observed_at::date)) FROM author_series WHERE repo_type = 'model'}), 'the series of one author: models');
	is($sync->sql(q{SELECT hub_load_snapshots('past', 'datasets', 'author_past_datasets')}),
		$sync->sql(q{SELECT count(DISTINCT (id, observed_at::date)) FROM author_series WHERE repo_type = 'dataset'}), 'and datasets');
	is($sync->sql(q{SELECT hub_load_snapshots('past', 'models', 'feature_past') + hub_load_snapshots('past', 'models', 'author_past')}), 0, 'a second time nothing is loaded');
	is($sync->sql(q{SELECT count(*) FROM pg_inherits WHERE inhparent = 'past.model_snapshots'::regclass AND inhrelid::regclass::text < 'past.model_snapshots_' || to_char(now(), 'YYYY_MM')}),
		$sync->sql(q{SELECT count(DISTINCT date_trunc('month', captured_on)) FROM past.model_snapshots}), 'in monthly partitions');

	# The files have downloads of 30 days, which overlap from day to day. A reading
	# every thirty days gives windows that do not: the query of docs/sync.md.
	$sync->sql(q{
		CREATE TABLE windows AS SELECT _id, engagement_agg((captured_on - 30)::timestamptz, downloads) AS e
			FROM past.model_snapshots WHERE (captured_on - date '2000-01-03') % 30 = 0 GROUP BY _id;
		-- plain SQL: windows by number, gaps filled with 0
		CREATE TABLE plain AS
		WITH seen AS (SELECT _id, (captured_on - date '2000-01-03') / 30 AS w, (captured_on - 30)::timestamptz AS at, downloads AS n
				FROM past.model_snapshots WHERE (captured_on - date '2000-01-03') % 30 = 0),
			filled AS (SELECT b._id, g.w, coalesce(s.n, 0) AS n, b.start + (g.w - b.low) * interval '30 days' AS at
				FROM (SELECT _id, min(w) AS low, max(w) AS high, min(at) AS start FROM seen GROUP BY 1) b
				CROSS JOIN LATERAL generate_series(b.low, b.high) AS g (w) LEFT JOIN seen s ON s._id = b._id AND s.w = g.w),
			top AS (SELECT DISTINCT ON (_id) _id, w, n, at FROM filled ORDER BY _id, n DESC, w),
			smooth AS (SELECT _id, w, at, avg(n) OVER (PARTITION BY _id ORDER BY w ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS mean FROM filled),
			late AS (SELECT s._id, max(s.w) FILTER (WHERE s.mean > t.n / 2.0) AS last_high FROM smooth s JOIN top t USING (_id) WHERE s.w > t.w GROUP BY 1)
		SELECT t._id, t.at AS peak_at, t.n::float8 AS peak,
			CASE WHEN t.n > 0 THEN (SELECT min(s.at) - t.at FROM smooth s WHERE s._id = t._id AND s.w > coalesce(l.last_high, t.w)) END AS halflife
		FROM top t LEFT JOIN late l USING (_id);
	});
	cmp_ok($sync->sql('SELECT count(*) FROM windows'), '>', 300, 'hundreds of models have windows');
	is($sync->sql(q{SELECT count(*) FROM windows w FULL JOIN plain p USING (_id) WHERE peak_at(w.e, '30 days') IS DISTINCT FROM p.peak_at
		OR peak_value(w.e, '30 days') IS DISTINCT FROM p.peak}), 0, 'peak and its time equal plain SQL');
	is($sync->sql(q{SELECT count(*) FROM windows w JOIN plain p USING (_id) WHERE halflife(w.e, '30 days') IS DISTINCT FROM p.halflife}), 0, 'half-life equals plain SQL');
	cmp_ok($sync->sql(q{SELECT count(halflife) FROM plain}), '>', 30, 'and dozens have one');

	# likes are a counter: weeks of growth, over gaps and drops
	$sync->sql(q{
		CREATE TABLE weeks AS SELECT c._id, i.* FROM (SELECT _id, counter_agg(captured_at, likes) AS c FROM past.model_snapshots GROUP BY _id) c,
			LATERAL counter_increments(c.c, '7 days') i;
		CREATE TABLE plain_weeks AS
		WITH step AS (SELECT _id, lag(captured_at) OVER w AS a, captured_at AS b, greatest(likes - lag(likes) OVER w, 0) AS grown
				FROM past.model_snapshots WHERE likes IS NOT NULL WINDOW w AS (PARTITION BY _id ORDER BY captured_at)),
			part AS (SELECT _id, grown, a, b, timestamptz '2000-01-03 00:00Z' + g * interval '7 days' AS week FROM step
				CROSS JOIN LATERAL generate_series(floor(extract(epoch FROM a - timestamptz '2000-01-03 00:00Z') / 604800)::int,
					floor(extract(epoch FROM b - timestamptz '2000-01-03 00:00Z') / 604800)::int) g
				WHERE b - a <= interval '10 days 12 hours')
		SELECT _id, week, sum(grown * extract(epoch FROM least(b, week + interval '7 days') - greatest(a, week)) / extract(epoch FROM b - a))::float8 AS increment,
			sum(extract(epoch FROM least(b, week + interval '7 days') - greatest(a, week)) / 604800)::float8 AS covered
		FROM part WHERE least(b, week + interval '7 days') > greatest(a, week) GROUP BY 1, 2;
	});
	is($sync->sql(q{SELECT count(*) FROM (SELECT * FROM weeks WHERE covered > 0) w FULL JOIN plain_weeks p ON p._id = w._id AND p.week = w.bin_start
		WHERE w._id IS NULL OR p._id IS NULL OR abs(w.increment - p.increment) > 1e-6 OR abs(w.covered - p.covered) > 1e-9}), 0, 'growth by week equals plain SQL');
	cmp_ok($sync->sql('SELECT count(*) FROM plain_weeks WHERE increment > 0'), '>', 1000, 'in thousands of weeks');
	# and where the source has a lifetime counter, the view does the same
	$sync->sql(q{
		CREATE VIEW counted AS SELECT captured_at, _id, id, likes AS downloads_all_time FROM past.model_snapshots WHERE captured_on > current_date - 390;
		SELECT hub_sync_create('hub', 'counts', '{models}');
		SELECT hub_load_snapshots('counts', 'models', 'counted');
		CALL hub_refresh('counts')});
	cmp_ok($sync->sql('SELECT count(*) FROM counts.period_downloads WHERE week > current_date - 380'), '>', 1000, 'out of the view');
	is($sync->sql(q{SELECT count(*) FROM counts.period_downloads w JOIN plain_weeks p ON p._id = w._id AND p.week = w.week
		WHERE abs(w.downloads - p.increment) > 1e-6 AND w.week > current_date - 380}), 0, 'period_downloads equal plain SQL');
}

done_testing();
