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

# real tables
my $data = File::Spec->catdir($ENV{PGHUB_TOP}, '..', 'shared', 'data');
SKIP:
{
	skip "the real tables are not there ($data)", 5 unless -e "$data/snapshots_radar_2026-08.csv.gz";
	$sync->sql(qq{
		CREATE TABLE radar (captured_at timestamptz, id text, downloads bigint, likes bigint, removed boolean);
		COPY radar FROM PROGRAM 'gzip -dc $data/snapshots_radar_2026-08.csv.gz' (FORMAT csv, HEADER);
		CREATE TABLE top (id text, captured_on date, downloads bigint, likes bigint, task text, library text, created_at timestamptz);
		COPY top FROM PROGRAM 'gzip -dc $data/series_daily_top_2026-08.csv.gz' (FORMAT csv, HEADER);
		CREATE TABLE series (id text, captured_on date, downloads bigint, likes bigint, rank int, last_modified timestamptz, task text, parameters bigint);
		COPY series FROM PROGRAM 'gzip -dc $data/series_daily_transformersjs.csv.gz' (FORMAT csv, HEADER);
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
	is($sync->sql(q{SELECT hub_load_snapshots('s', 'models', 'series')}), $sync->sql(q{SELECT count(DISTINCT (id, captured_on)) FROM series}),
		'two years of a daily series');
	is($sync->sql(q{SELECT count(*) FROM pg_inherits WHERE inhparent = 's.model_snapshots'::regclass}),
		$sync->sql(q{SELECT count(DISTINCT date_trunc('month', captured_on)) FROM s.model_snapshots}), 'in monthly partitions');
}

done_testing();
