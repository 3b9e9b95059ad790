# What goes wrong is said, leaves the data as it was, and the next run works.
use strict;
use warnings;
use IPC::Run qw(start finish);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use SyncNode;

my $sync = SyncNode->new('main', models => 300, page_size => 50);
my ($node, $hub) = ($sync->node, $sync->hub);
my $call = "CALL hub_sync('hub', 's', '{models}')";

# where it may not run
$sync->fails('in a transaction block', "BEGIN;\n$call;", qr/2D000.*cannot run inside a transaction block.*HINT.*statement of its own/s);
my (undef, $err) = ('', '');
$node->psql('postgres', '', stderr => \$err, extra_params => [ '-c', "\\set VERBOSITY verbose", '-c', "SELECT 1; $call" ]);
like($err, qr/cannot run inside a transaction block/, 'together with other statements: refused');
$sync->sql("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS \$\$ BEGIN $call; END \$\$");
$sync->fails('in a function', 'SELECT f()', qr/2D000.*cannot run inside/s);
is($sync->sql("SELECT count(*) FROM pg_namespace WHERE nspname = 's'"), 0, 'nothing was created');
$sync->sql("DO \$\$ BEGIN CALL hub_sync('hub', 'in_do', '{trending}'); END \$\$");
is($sync->sql('SELECT state FROM in_do.sync_runs'), 'done', 'in a DO block that may commit it runs');

# arguments
$sync->fails('no server', "CALL hub_sync('nobody', 's')", qr/42704.*server "nobody" does not exist.*HINT.*CREATE SERVER/s);
$sync->fails('a null server', "CALL hub_sync(NULL, 's')", qr/22004.*server must not be null/s);
$sync->fails('an empty schema', "CALL hub_sync('hub', '')", qr/22023.*target_schema must not be empty/s);
$sync->fails('a kind that is none', "CALL hub_sync('hub', 's', '{models,modles}')", qr/22023.*there is no kind "modles".*models, datasets/s);
$sync->sql('CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw');
$sync->fails('a server of another wrapper', "CALL hub_sync('files', 's')", qr/42809.*belongs to foreign-data wrapper "file_fdw"/s);
is($sync->sql("SELECT count(*) FROM pg_namespace WHERE nspname = 's'"), 0, 'nothing was created');

# a schema that holds something else
$sync->sql('CREATE SCHEMA mine; CREATE TABLE mine.models (id int, name text); INSERT INTO mine.models VALUES (1)');
$sync->fails('another table of the name', "CALL hub_sync('hub', 'mine', '{models}')", qr/42P07.*exists and is not a table of hub_sync.*Column "_id" is missing.*HINT/s);
$sync->sql('DROP TABLE mine.models; CREATE VIEW mine.models AS SELECT 1');
$sync->fails('a view of the name', "CALL hub_sync('hub', 'mine', '{models}')", qr/42809.*is not a table/s);
is($sync->sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'mine'::regnamespace"), 1, 'what was there is there, and no more');
$sync->sql('DROP VIEW mine.models; CREATE TABLE mine.other (a int)');
$sync->sync('{models}', 'mine');
is($sync->model_differences('mine'), '', 'beside tables of other names it works');

# half created
$sync->sync('{models}');
$sync->sql('DROP TABLE s.model_edges; DROP FOREIGN TABLE s.hub_models; DROP VIEW s.sync_runs');
$sync->sync('{models}');
is($sync->model_differences, '', 'what is missing is created again');
my $url = $hub->url;
$sync->sql("CREATE SERVER twin FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '$url')");
$sync->fails('another server for the schema', "CALL hub_sync('twin', 's', '{models}')", qr/55000.*is synced from server "hub", not "twin"/s);

# two at once
my $before = $sync->state;
$hub->settings(latency_ms => 600);
my ($out, $first_err) = ('', '');
my $first = start [ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', $call ], '>', \$out, '2>', \$first_err;
$node->poll_query_until('postgres', "SELECT count(*) = 1 FROM s.sync_runs WHERE state = 'running' AND pages > 0") or die;
$sync->fails('a second at once', $call, qr/55006.*is being synced by another session.*process \d+ of role/s);
my $live = $sync->sql("SELECT state, rows BETWEEN 50 AND 299, expected_rows, eta IS NOT NULL, page_cursor <> '' FROM s.sync_runs ORDER BY run DESC LIMIT 1");
is($live, 'running|t|300|t|t', 'sync_runs shows how far the first is');
$hub->settings(latency_ms => 0);
finish $first;
is($first_err, '', 'the first goes on undisturbed');
is($sync->state, $before, 'and the data is as before');

# a Hub that answers nonsense midway
my %nonsense = (
	'a page that is not JSON' => [ { action => 'invalid_json', match => { from => 3 }, times => -1 }, qr/HV000.*cannot be read/s ],
	'an HTML page' => [ { action => 'html', match => { from => 3 }, times => -1 }, qr/HV000.*is not JSON/s ],
	'a page that is cut' => [ { action => 'reset', where => 'body', match => { from => 3 }, times => -1 }, qr/08006.*broke off/s ],
	'an error of the server' => [ { action => 'status', status => 500, match => { from => 3 }, times => -1 }, qr/answers with status 500/s ],
	'a list that ends early' => [ { action => 'body', body => '[]', match => { from => 3 }, times => -1 }, qr/HV000.*ended before \d+ of 300 known.*vanish_limit/s ],
	'a link to elsewhere' => [ { action => 'link_foreign', origin => 'http://127.0.0.1:9', match => { from => 3 }, times => -1 }, qr/HV000/ ],
);
for my $name (sort keys %nonsense)
{
	my ($rule, $pattern) = @{ $nonsense{$name} };
	$hub->faults($rule);
	$sync->fails($name, $call, $pattern);
	$hub->clear;
	is($sync->sql("SELECT state, error IS NOT NULL FROM s.sync_runs ORDER BY run DESC LIMIT 1"), 'failed|t', "$name: the run tells");
	$sync->sync('{models}');
	is($sync->state, $before, "$name: the next run works and nothing has changed");
}

# a cursor that is no longer accepted
$hub->faults({ action => 'reset', match => { from => 4 }, times => -1 });
$sync->try($call);
$hub->clear;
$sync->sql("UPDATE s.sync_run SET position = 'no cursor' WHERE state = 'failed'");
my (undef, $notice) = $sync->try($call);
like($notice, qr/NOTICE.*no longer accepts the cursor/s, 'a cursor that is refused: the list is read anew');
is($sync->sql("SELECT state, rows, resumed FROM s.sync_runs ORDER BY run DESC LIMIT 1"), 'done|300|1', 'within the same run');
is($sync->state, $before, 'nothing has changed');

# given up
$hub->faults({ action => 'reset', match => { from => 4 }, times => -1 });
$sync->try($call);
$hub->clear;
$sync->sql("UPDATE s.sync_run SET updated_at = updated_at - interval '13 hours' WHERE state = 'failed'");
$sync->sync('{models}');
is($sync->sql("SELECT string_agg(state, ',' ORDER BY run DESC) FROM (SELECT * FROM s.sync_runs ORDER BY run DESC LIMIT 2) r"),
	'done,given up', 'a run interrupted long ago is given up');

# the quota
$hub->settings(quota => 2, window => 3);
$sync->sync('{models}');
is($sync->sql("SELECT state, rows, requests FROM s.sync_runs ORDER BY run DESC LIMIT 1"), 'done|300|6', 'a small quota is waited for');
$hub->settings(quota => 1000000, window => 300);

# a clock set back
$sync->sql("UPDATE s.sync_run SET updated_at = updated_at + interval '1 day' WHERE run = (SELECT max(run) FROM s.sync_run)");
$sync->fails('a clock set back', $call, qr/55000.*clock stands before the last sync/s);
$sync->sql("UPDATE s.sync_run SET updated_at = updated_at - interval '1 day' WHERE run = (SELECT max(run) FROM s.sync_run)");
$sync->sync('{models}');
is($sync->state, $before, 'right again, the next run works');

# settings
$sync->sql("UPDATE s.sync_settings SET value = 'sometimes' WHERE name = 'mode'");
$sync->fails('an unknown mode', $call, qr/22023.*"mode" of schema "s" is "sometimes".*full, changes or auto/s);
$sync->sql("UPDATE s.sync_settings SET value = 'full' WHERE name = 'mode'");

# privileges: a role of its own that owns nothing but its schema
$sync->sql(q{CREATE ROLE syncer LOGIN; CREATE SCHEMA own AUTHORIZATION syncer});
my @as = (extra_params => [ '-U', 'syncer' ]);
$sync->fails('no right to the server', "CALL hub_sync('hub', 'own', '{models}')", qr/42501.*permission denied for foreign server hub.*HINT.*GRANT USAGE/s, @as);
$sync->sql('GRANT USAGE ON FOREIGN SERVER hub TO syncer');
$sync->fails('no right to create a schema', "CALL hub_sync('hub', 'fresh', '{models}')", qr/42501.*permission denied for database/s, @as);
$sync->fails('no right to the schema', "CALL hub_sync('hub', 's', '{models}')", qr/42501.*permission denied/s, @as);
my ($status, $told) = $sync->try("CALL hub_sync('hub', 'own')", @as);
is($status, 0, 'with both it syncs every kind') or diag $told;
is($sync->model_differences('own'), '', 'and right');
is($sync->sql("SELECT rows = (SELECT count(*) FROM own.owners) AND rows < 300 FROM hub_sync_plan('hub', 'own', '{owners}')"), 't',
	'fewer owners than allowed: the plan counts on no more');
is($sync->sql("SELECT string_agg(DISTINCT tableowner, ',') FROM pg_tables WHERE schemaname = 'own'"), 'syncer', 'all is its own');
is($sync->sql("SELECT string_agg(DISTINCT role, ',') || string_agg(DISTINCT state, ',') FROM own.sync_runs"), 'syncerdone', 'its runs say so');
# a hostile search path changes nothing
$sync->sql(q{CREATE SCHEMA evil AUTHORIZATION syncer; CREATE FUNCTION evil.hashtext(text) RETURNS int LANGUAGE sql AS 'SELECT 1/0';
	CREATE FUNCTION evil.boom(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'boom'; END $$;
	CREATE OPERATOR evil.= (FUNCTION = evil.boom, LEFTARG = text, RIGHTARG = text);
	CREATE OPERATOR evil.|| (FUNCTION = evil.boom, LEFTARG = text, RIGHTARG = text)});
($status, $told) = $sync->try("SET search_path = evil, pg_catalog, public; CALL hub_sync('hub', 's', '{models,papers,owners}')");
is($status, 0, 'a hostile search path is not followed') or diag $told;

done_testing();
