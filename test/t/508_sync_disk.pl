# A full disk: the sync and the refresh say so, what was written stands, and
# with room again they go on. The tables lie in a tablespace on a small tmpfs
# in a mount namespace of the test's own; nobody else sees it.
use strict;
use warnings;
use Test::More;
use OwnNamespace 'mount';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use SyncNode;

# mount(8) refuses whoever is not root by name; the system call asks for the right alone
my $disk = PostgreSQL::Test::Utils::tempdir();
my $mount = q{import ctypes, sys; sys.exit(ctypes.CDLL(None).mount(b"tmpfs", sys.argv[1].encode(), b"tmpfs", 0, b"size=16m,mode=700"))};
plan skip_all => 'no tmpfs can be mounted here' if system('python3', '-c', $mount, $disk) != 0;

# Leaves so many bytes free on the disk.
sub leave
{
	my ($free) = @_;
	unlink "$disk/ballast";
	my ($left) = (split ' ', (split /\n/, `df -k --output=avail $disk`)[1]);
	my $size = $left * 1024 - $free;
	open my $f, '>', "$disk/ballast" or die $!;
	for (my $n = $size >> 13; $n > 0; $n--) { print $f "\0" x 8192 or die "ballast: $!" }
	close $f or die "ballast: $!";
	return;
}
sub make_room { unlink "$disk/ballast" or die $!; return }

my $sync = SyncNode->new('main', models => 2000, page_size => 50);
my $hub = $sync->hub;
my $call = "CALL hub_sync('hub', 's', '{models}')";
mkdir "$disk/space" or die $!;
$sync->sql("CREATE TABLESPACE small LOCATION '$disk/space'");
$sync->sql('ALTER DATABASE postgres SET default_tablespace = small');
$sync->sql(q{SELECT hub_sync_create('hub', 's', '{models}')});
is($sync->sql(q{SELECT count(*) FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace
	WHERE t.spcname = 'small' AND c.relname IN ('models', 'sync_run', 'model_edges')}), 3, 'the tables lie on the small disk');

# the first sync fills the disk midway
leave(600 * 1024);
$sync->fails('a disk that fills up', $call, qr/ERROR:  53100: could not extend file.*: No space left on device\nHINT:  Check free disk space\./);
my ($state, $rows, $error) = split /\|/, $sync->sql('SELECT state, rows, error FROM s.sync_runs');
is($state, 'failed', 'the run shows as failed');
like($error, qr/^could not extend file .*: No space left on device/, 'and why');
cmp_ok($rows, '>', 100, "$rows rows were committed before");
cmp_ok($rows, '<', 2000, 'and not all');
is($sync->sql('SELECT (SELECT count(*) FROM s.models), (SELECT count(*) FROM s.model_snapshots)'), "$rows|$rows",
	'the tables hold the pages that were committed, and no part of another');
$sync->fails('while it is full', $call, qr/53100: could not extend file/);
is($sync->sql('SELECT (SELECT count(*) FROM s.models), (SELECT count(*) FROM s.model_snapshots)'), "$rows|$rows", 'it stays so');

make_room();
$hub->clear;
$sync->sql($call);
is($sync->model_differences, '', 'with room again it is taken up: equal to the dump');
is(scalar(grep { $_->{path} eq '/api/models' } $hub->log), (2000 - $rows) / 50, 'and asks only for the pages that it lacks');
is($sync->sql('SELECT count(*), max(state), max(rows), max(resumed) FROM s.sync_runs'), '1|done|2000|2', 'one run, resumed twice');

# a day later there is no room for another day's snapshots
my $before = $sync->state;
my $month = $sync->sql("SELECT to_char(now(), 'YYYY_MM')");
$sync->sql("CREATE TABLE kept AS TABLE s.model_snapshots; TRUNCATE s.model_snapshots_$month");
leave(40 * 1024);
$sync->fails('no room for snapshots', $call, qr/53100: could not extend file/);
my $models = q{SELECT md5(string_agg(md5(t::text || t.xmin || t.ctid), ',' ORDER BY _id)) FROM s.models t};
my $was = $sync->sql($models);
make_room();
$sync->sql($call);
is($sync->sql($models), $was, 'current rows were not touched');
is($sync->model_differences, '', 'and with room the day is complete');

# the views
$sync->sql(q{CALL hub_refresh('s')});
my $view = q{SELECT md5(string_agg(t::text, ',' ORDER BY _id)) FROM s.model_segments t};
$was = $sync->sql($view);
$sync->sql(q{UPDATE s.models SET pipeline_tag = 'another-task'});
leave(16 * 1024);
$sync->fails('a refresh without room', q{CALL hub_refresh('s')},
	qr/53100: view "model_segments" was not refreshed: could not extend file.*No space left on device\nHINT:  Check free disk space/);
is($sync->sql($view), $was, 'leaves the view as it was');
like($sync->sql(q{SELECT error FROM s.sync_refresh WHERE view_name = 'model_segments' ORDER BY started_at DESC LIMIT 1}), qr/^could not extend file/, 'and tells');
make_room();
$sync->sql(q{CALL hub_refresh('s')});
is($sync->sql(q{SELECT DISTINCT task FROM s.model_segments}), 'another-task', 'with room it works');

$sync->node->stop;
done_testing();
