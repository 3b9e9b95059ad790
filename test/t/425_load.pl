# Fifty sessions at once on one Hub with one quota: every query gives the right
# answer, none waits longer than the quota makes it, the quota is kept, and
# hardly a request is refused. Once without a quota, which says what the machine
# itself takes, and once with it. PGHUB_HARD=1 runs it; 202_net_quota.pl has the
# same for the engine alone.
use strict;
use warnings;
use IPC::Run ();
use List::Util qw(max sum);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use StandIn;

plan skip_all => 'takes a minute: set PGHUB_HARD=1' unless $ENV{PGHUB_HARD};
my ($sessions, $quota, $window) = (50, 150, 4);
my $hub = StandIn->new(models => 600);
my $node = PostgreSQL::Test::Cluster->new('load');
$node->init;
$node->append_conf('postgresql.conf', "max_connections = 100\nfsync = off\n");
$node->start;
$node->safe_psql('postgres', <<SQL);
CREATE EXTENSION pghub;
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $hub->url ]}', page_size '60', timeout '60s');
CREATE SCHEMA hub;
IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER hub INTO hub;
SQL
my @ids = split /\n/, $node->safe_psql('postgres', 'SELECT id FROM hub.models ORDER BY id');
my $whole = $node->safe_psql('postgres', 'SELECT count(*), sum(downloads), count(DISTINCT _id) FROM hub.models');

# Ten pages of the list and ten look-ups a session, each its own models; how
# many sessions had the right answers, and the seconds that each took, sorted.
sub all_at_once
{
	my (@runs, @out, @err, @ended);
	my $start = time;
	for my $i (0 .. $sessions - 1)
	{
		my $mine = join ',', map { $ids[ ($i * 10 + $_) % @ids ] } 0 .. 9;
		my ($in, $out, $err) = ('', '', '');
		push @out, \$out;
		push @err, \$err;
		push @runs, IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', 'SELECT count(*), sum(downloads), count(DISTINCT _id) FROM hub.models',
			'-c', "SELECT count(*) FROM hub.models WHERE id = ANY ('{$mine}')" ], '<', \$in, '>', $out[-1], '2>', $err[-1], IPC::Run::timeout(170));
	}
	while (grep { !$_ } @ended[ 0 .. $#runs ])
	{
		for my $i (grep { !$ended[$_] } 0 .. $#runs)
		{
			$runs[$i]->pump_nb;
			next if $runs[$i]->pumpable;
			$runs[$i]->finish;
			$ended[$i] = time - $start;
		}
		select undef, undef, undef, 0.02;
	}
	my $right = grep { ${ $out[$_] } eq "$whole\n10\n" } 0 .. $#runs;
	diag map { $$_ } @err if $right < $sessions;
	return ($right, sort { $a <=> $b } @ended);
}

my ($right, @free) = all_at_once();
is($right, $sessions, 'without a quota every session has the right answers');
$hub->settings(quota => $quota, window => $window);
$hub->clear;
($right, my @slow) = all_at_once();
my @log = $hub->log;
my $refused = grep { $_->{status} == 429 } @log;
my $served = @log - $refused;
my %in_window;
$in_window{ int($_->{at} / $window) }++ for grep { $_->{status} != 429 } @log;
my $busiest = max values %in_window;
my $needed = $window * (1 + int($served / $quota));
diag sprintf '= %d sessions, %d requests at %d per %d s: all done after %.1f s, half after %.1f s (without quota %.1f and %.1f s); busiest window %d, %d refused (%.2f %%)',
	$sessions, scalar @log, $quota, $window, $slow[-1], $slow[@slow / 2], $free[-1], $free[@free / 2], $busiest, $refused, 100 * $refused / @log;
is($right, $sessions, 'every session has the right answers');
is($served, $sessions * 20, 'nothing was asked twice');
cmp_ok($busiest, '<=', $quota, 'no window had more than the quota');
cmp_ok($refused / @log, '<', 0.02, 'under 2 % were refused');
# a window more for the one that was begun, and half of it all for the rounding of its end
cmp_ok($slow[-1], '<', $free[-1] * 1.5 + 1.5 * ($needed + $window), 'nobody waited longer than the quota makes all of them');

$node->stop;
$hub->stop;
done_testing();
