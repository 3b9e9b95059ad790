# What a sync is refused for: the exact words, the data as before, and once the
# cause is gone the next run works.
use strict;
use warnings;
use IPC::Run qw(start finish);
use PostgreSQL::Test::Utils;
use Test::More;
use SyncNode;

my $sync = SyncNode->new('main', models => 300, page_size => 50);
my ($node, $hub) = ($sync->node, $sync->hub);
my $call = "CALL hub_sync('hub', 's', '{models}')";
my $month = $sync->sql("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')");
$sync->sql($call);
my $before = $sync->state;

# After a refusal: as before, and works again.
sub goes_on
{
	my ($name) = @_;
	is($sync->state, $before, "$name: the data is as before");
	$sync->sql($call);
	is($sync->state, $before, "$name: the next run works");
	return;
}
sub relations { return $sync->sql("SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relnamespace = '$_[0]'::regnamespace") }

# ---------- a schema that holds other things
my $own = "HINT: Give the sync a schema of its own.";
for my $case (
	[ 'a table of other columns', 'CREATE TABLE mine.models (id int, name text); INSERT INTO mine.models VALUES (1)',
		qq{42P07: table "mine.models" exists and is not a table of hub_sync\nDETAIL: Column "_id" is missing, and 20 more.\n$own} ],
	[ 'a view', 'CREATE VIEW mine.models AS SELECT 1 AS a', qq{42809: "mine.models" exists and is not a table\n$own} ],
	[ 'a materialized view', 'CREATE MATERIALIZED VIEW mine.sync_run AS SELECT 1 AS a', qq{42809: "mine.sync_run" exists and is not a table\n$own} ],
	[ 'a plain table for snapshots', 'CREATE TABLE mine.model_snapshots (a int)', qq{42809: "mine.model_snapshots" exists and is not a partitioned table\n$own} ],
	[ 'a table for the Hub', 'CREATE TABLE mine.hub_models (a int)', qq{42809: "mine.hub_models" exists and is not a foreign table\n$own} ],
	[ 'one column of another type', 'CREATE TABLE mine.sync_settings (name text, value int)',
		qq{42P07: table "mine.sync_settings" exists and is not a table of hub_sync\nDETAIL: Column "value" has type integer instead of text.\n$own} ],
	[ 'a table for the runs view', 'CREATE TABLE mine.sync_runs (a int)', qq{42809: "mine.sync_runs" exists and is not a view\n$own} ])
{
	my ($name, $make, $text) = @$case;
	$sync->sql("CREATE SCHEMA mine; $make");
	my $was = relations('mine');
	$sync->refused($name, "CALL hub_sync('hub', 'mine', '{models}')", $text);
	is(relations('mine'), $was, "$name: nothing was made beside it");
	$sync->sql("DROP SCHEMA mine CASCADE");
}
goes_on('another schema that is refused');

# ---------- privileges
$sync->sql('CREATE ROLE syncer LOGIN; CREATE SCHEMA own');
my @as = (extra_params => [ '-U', 'syncer' ]);
my $to_own = "CALL hub_sync('hub', 'own', '{models}')";
$sync->refused('no right to the server', $to_own,
	"42501: permission denied for foreign server hub\nHINT: GRANT USAGE ON FOREIGN SERVER hub TO syncer;", @as);
$sync->sql('GRANT USAGE ON FOREIGN SERVER hub TO syncer');
$sync->refused('no right to make a schema', "CALL hub_sync('hub', 'fresh', '{models}')",
	qq{42501: permission denied for database postgres\nDETAIL: Schema "fresh" does not exist, and role "syncer" may not create it.\nHINT: CREATE SCHEMA fresh AUTHORIZATION syncer;}, @as);
my $schema_text = "42501: permission denied for schema own\nDETAIL: The sync makes its tables and their monthly partitions there.\nHINT: GRANT USAGE, CREATE ON SCHEMA own TO syncer;";
$sync->refused('no right to the schema', $to_own, $schema_text, @as);
$sync->sql('GRANT USAGE ON SCHEMA own TO syncer');
$sync->refused('no right to create in the schema', $to_own, $schema_text, @as);
$sync->sql('GRANT CREATE ON SCHEMA own TO syncer');
is(($sync->try($to_own, @as))[0], 0, 'with these rights it syncs');
is($sync->model_differences('own'), '', 'and right');
$sync->sql('GRANT USAGE, CREATE ON SCHEMA s TO syncer; GRANT ALL ON ALL TABLES IN SCHEMA s TO syncer');
$sync->refused('tables of somebody else', $call,
	qq{42501: must be owner of table s.hub_models\nDETAIL: It belongs to role "postgres".\nHINT: Run the sync as that role.}, @as);
$sync->refused('a refresh of what is somebody else\'s', "CALL hub_refresh('s')",
	qq{42501: must be owner of the sync in schema "s" to refresh its views\nDETAIL: It belongs to role "postgres".\nHINT: Refresh as that role.}, @as);
goes_on('somebody without rights');

# ---------- the wrong server
$sync->refused('no server', "CALL hub_sync('nobody', 's', '{models}')",
	qq{42704: server "nobody" does not exist\nHINT: CREATE SERVER nobody FOREIGN DATA WRAPPER hub_fdw;});
$sync->sql('CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw');
$sync->refused('a server of another wrapper', "CALL hub_sync('files', 's', '{models}')",
	qq{42809: server "files" belongs to foreign-data wrapper "file_fdw"\nHINT: hub_sync needs a server of hub_fdw.});
my $url = $hub->url;
$sync->sql("CREATE SERVER twin FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '$url')");
$sync->refused('another server than before', "CALL hub_sync('twin', 's', '{models}')",
	qq{55000: schema "s" is synced from server "hub", not "twin"\nHINT: Use another schema for another server.});
goes_on('a wrong server');
$sync->sql("ALTER SERVER hub OPTIONS (SET endpoint 'http://127.0.0.1:1')");
$sync->refused('a server that is not there', $call, "HV00N: could not connect to http://127.0.0.1:NNN\n"
	. "DETAIL: Failed to connect to 127.0.0.1:NNN after NNN ms: Couldn't connect to server.\n"
	. qq{HINT: Check the network and the server's options "endpoint" and "proxy".});
like($sync->sql('SELECT state, error FROM s.sync_runs ORDER BY run DESC LIMIT 1'), qr/^failed\|.*127\.0\.0\.1:1/, 'and the run tells');
$sync->sql("ALTER SERVER hub OPTIONS (SET endpoint '$url')");
goes_on('a server that is not there');

# ---------- half created
for my $lost ('FOREIGN TABLE s.hub_models', 'TABLE s.model_edges', 'VIEW s.sync_runs', 'TABLE s.sync_settings', 'TABLE s.sync_refresh')
{
	$sync->sql("DROP $lost");
	$sync->sql($call);
	is($sync->model_differences, '', "without its $lost: it is made again");
}
$before = $sync->state;
$sync->sql('BEGIN; ALTER TABLE s.models RENAME COLUMN tags TO labels; COMMIT');
$sync->refused('a column that is gone', $call, qq{42P07: table "s.models" exists and is not a table of hub_sync\nDETAIL: Column "tags" is missing.\n$own});
$sync->sql('ALTER TABLE s.models RENAME COLUMN labels TO tags');
goes_on('a column that is gone');
$sync->sql("ALTER TABLE s.model_snapshots DETACH PARTITION s.model_snapshots_$month");
$sync->sql($call);
is($sync->state, $before, 'a partition that was detached is attached again, its rows as they were');
$sync->sql("ALTER TABLE s.model_snapshots DETACH PARTITION s.model_snapshots_$month; ALTER TABLE s.model_snapshots_$month RENAME TO aside;
	CREATE VIEW s.model_snapshots_$month AS SELECT 1 AS a");
$sync->refused('a view in the place of a partition', $call, qq{42809: "s.model_snapshots_$month" exists and is not a table
DETAIL: The partition of table "s.model_snapshots" for that month has this name.
HINT: Rename it, or give the sync a schema of its own.});
$sync->sql("DROP VIEW s.model_snapshots_$month; ALTER TABLE s.aside RENAME TO model_snapshots_$month");
goes_on('a view in the place of a partition');

# ---------- two at once
my $busy = qq{55006: schema "s" is being synced by another session\nDETAIL: It is process NNN of role "postgres".\nHINT: SELECT * FROM s.sync_runs shows how far it is.};
for my $case ([ 'while the first reads', { latency_ms => 400 }, 'running' ], [ 'while the first waits for the quota', { quota => 2, window => 4 }, 'waiting' ])
{
	my ($name, $settings, $state) = @$case;
	my ($out, $err) = ('', '');
	$hub->settings(%$settings);
	my $first = start [ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', $call ], '>', \$out, '2>', \$err;
	$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM s.sync_runs WHERE state = '$state' AND pages > 0") or die;
	$sync->refused("a second sync $name", $call, $busy);
	$hub->settings(latency_ms => 0, quota => 1000000, window => 300);
	ok(finish($first), "$name: the first ends well") or diag $err;
	goes_on("a second sync $name");
}

# ---------- nonsense midway
for my $case (
	[ 'a page that comes empty', { action => 'body', body => '[]', match => { nth => 3 } },
		qq{HV000: 50 of 300 known repositories are missing from the list of models
DETAIL: The last 50 were on page 3 and would have been marked as vanished.
HINT: Run the sync again. If they are really gone, raise "vanish_limit" in s.sync_settings.} ],
	[ 'a list that is cut short', { action => 'reset', match => { from => 3 }, times => -1 }, undef, qr/08006: .* broke off/ ],
	[ 'a text for a number', { action => 'field', field => 'downloads', json => '"many"', match => { from => 3 }, times => -1 },
		qq{HV004: column "downloads" of "NNN" cannot be read as bigint\nDETAIL: The answer holds a string: many.} ],
	[ 'a row without its key', { action => 'field', field => '_id', json => 'null', match => { from => 3 }, times => -1 },
		undef, qr/23502: null value in column "_id" of relation "models"/ ],
	[ 'a time that is none', { action => 'field', field => 'createdAt', json => '"yesterday noon"', match => { from => 3 }, times => -1 },
		undef, qr/22007: .*yesterday noon/ ])
{
	my ($name, $rule, $text, $pattern) = @$case;
	$hub->faults($rule);
	$text ? $sync->refused($name, $call, $text) : $sync->fails($name, $call, $pattern);
	$hub->clear;
	like($sync->sql('SELECT state, error FROM s.sync_runs ORDER BY run DESC LIMIT 1'), qr/^failed\|./, "$name: the run tells");
	goes_on($name);
}
# page 3 names page 2 as the next: the list is read anew, within the call
$hub->faults({ action => 'link_loop', match => { nth => 1 } }, { action => 'link_loop', match => { nth => 3 } });
my ($status, $told) = $sync->try($call);
is($status, 0, 'a list that leads back is read from its beginning') or diag $told;
like($told, qr/NOTICE:  00000: the list of models leads back to what was read\nDETAIL:  The list is read from its beginning\./, 'and that is told');
is($sync->sql('SELECT state, rows, pages FROM s.sync_runs ORDER BY run DESC LIMIT 1'), 'done|300|6', 'it ends well');
$hub->clear;
goes_on('a list that leads back');

# ---------- a clock set back
$sync->sql("UPDATE s.sync_run SET updated_at = updated_at + interval '1 day' WHERE run = (SELECT max(run) FROM s.sync_run)");
$sync->refused('a clock set back', $call,
	"55000: the clock stands before the last sync\nDETAIL: The last run was written at NNN; it is NNN now.\nHINT: Set the clock right; days would be recorded under wrong dates.");
$sync->sql("UPDATE s.sync_run SET updated_at = updated_at - interval '1 day' WHERE run = (SELECT max(run) FROM s.sync_run)");
goes_on('a clock set back');

done_testing();
