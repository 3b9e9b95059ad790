# One session, thousands of queries, a third of them failing or cancelled:
# descriptors, sockets and memory end where they began.
# PGHUB_QUERIES sets how many; PGHUB_HARD=1 runs 20,000.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use IPC::Run ();
use StandIn;

my $total = $ENV{PGHUB_QUERIES} || ($ENV{PGHUB_HARD} ? 20_000 : 1200);
my $hub = StandIn->new(models => 300);
my $slow = StandIn->new(models => 300, latency_ms => 3000);
my $node = PostgreSQL::Test::Cluster->new('leak');
$node->init;
$node->append_conf('postgresql.conf', "log_min_messages = fatal\nlog_min_error_statement = fatal\n");
$node->start;
$node->safe_psql('postgres', <<SQL);
CREATE EXTENSION pghub;
CREATE SCHEMA hub; CREATE SCHEMA slow; CREATE SCHEMA broken; CREATE SCHEMA nobody;
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $hub->url ]}', page_size '100', max_retries '0');
CREATE SERVER slow FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $slow->url ]}', max_retries '0');
CREATE SERVER nobody FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'http://127.0.0.1:1', max_retries '0');
IMPORT FOREIGN SCHEMA hub LIMIT TO (models, model_details) FROM SERVER hub INTO hub;
IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER slow INTO slow;
IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER nobody INTO nobody;
SQL
$hub->faults(
	{ action => 'invalid_json', match => { path => 'author=json' }, times => -1 },
	{ action => 'cut_body', match => { path => 'author=cut' }, times => -1 },
	{ action => 'html', match => { path => 'author=html' }, times => -1 },
	{ action => 'field', field => 'likes', json => '"many"', match => { path => 'sort=likes' }, times => -1 });

my @good = ("SELECT count(*) FROM hub.models WHERE author = 'nobody-%d'", 'SELECT id FROM hub.models ORDER BY downloads DESC LIMIT 3',
	"SELECT count(*) FROM hub.models WHERE id = ANY ('{a/b%d,c/d,e/f}')", 'SELECT count(*) FROM hub.models',
	'BEGIN; DECLARE c CURSOR FOR SELECT id FROM hub.models; FETCH 1 FROM c; COMMIT', "SELECT used_storage FROM hub.model_details WHERE id = 'x/y%d'",
	'BEGIN; SAVEPOINT s; SELECT count(*) FROM hub.models LIMIT 1; ROLLBACK TO s; COMMIT',
	'SELECT count(*) FROM (SELECT id FROM hub.models LIMIT 5) q');
my @bad = ("SELECT count(*) FROM hub.models WHERE author = 'json'", "SELECT count(*) FROM hub.models WHERE author = 'cut'",
	"SELECT count(*) FROM hub.models WHERE author = 'html'", 'SELECT likes FROM hub.models ORDER BY likes DESC LIMIT 5',
	'SELECT count(*) FROM nobody.models', "SET statement_timeout = 2; SELECT count(*) FROM slow.models; SET statement_timeout = 0");

my ($in, $out, $err) = ('', '', '');
my $psql = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ], '<', \$in, '>', \$out, '2>', \$err,
	IPC::Run::timeout(900));

sub run_sql
{
	my ($sql) = @_;
	$out = '';
	$in .= "$sql\n\\echo =done=\n";
	$psql->pump until $out =~ /=done=/;
	$out =~ s/=done=\n//;
	return $out;
}
chomp(my $pid = run_sql('SELECT pg_backend_pid();'));

sub figures
{
	opendir my $d, "/proc/$pid/fd" or die "no /proc/$pid/fd: $!";
	my @fds = map { readlink "/proc/$pid/fd/$_" } grep { /^\d+$/ } readdir $d;
	my ($rss) = slurp_file("/proc/$pid/status") =~ /RssAnon:\s+(\d+)/;
	my ($threads) = slurp_file("/proc/$pid/status") =~ /Threads:\s+(\d+)/;
	return (scalar @fds, scalar(grep { /^socket:/ } @fds), $rss, $threads);
}

my ($n, $failed) = (0, 0);

sub batch
{
	my ($count) = @_;
	while ($count > 0)
	{
		my $script = '';
		for (1 .. 60)
		{
			my $list = $n % 3 == 2 ? \@bad : \@good;
			$script .= sprintf($list->[ ($n / 3) % @$list ], $n) . ";\n";
			$n++;
		}
		$err = '';
		run_sql($script);
		$failed += () = $err =~ /ERROR/g;
		$count -= 60;
	}
}

batch($total / 2);
my @before = figures();
batch($total / 2);
my @after = figures();
diag sprintf '= %d queries, %d of them failed or cancelled: descriptors %d to %d, sockets %d to %d, memory %d to %d kB, threads %d to %d',
	$n, $failed, map { ($before[$_], $after[$_]) } 0 .. 3;
cmp_ok($failed, '>=', $n * 0.3, "$failed of $n queries failed, as they should");
cmp_ok($after[0], '<=', $before[0] + 4, "descriptors: $before[0] before, $after[0] after");
cmp_ok($after[1], '<=', $before[1] + 4, "sockets: $before[1] before, $after[1] after");
cmp_ok($after[2], '<=', $before[2] + 2048, "memory of its own: $before[2] kB before, $after[2] kB after");
cmp_ok($after[3], '<=', $before[3] + 1, "threads: $before[3] before, $after[3] after");
is(run_sql('SELECT count(*) FROM hub.models;'), "300\n", 'the session works');
$in .= "\\q\n";
$psql->finish;
$node->stop;
done_testing();
