# A sync killed at twenty points and taken up each time: nothing lost, nothing
# doubled, hardly a request repeated.
use strict;
use warnings;
use IPC::Run qw(start finish kill_kill);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use SyncNode;

# small pages: many points to be killed at; max_retries 0: a lost Hub ends the run
my $pages = 2100;
my $sync = SyncNode->new('main', models => $pages * 5, page_size => 5, latency_ms => 2);
my ($node, $hub) = ($sync->node, $sync->hub);
my @psql = ('psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', "CALL hub_sync('hub', 's', '{models}')");
# The generator has a seed of its own, told when the test fails.
my $seed = $ENV{PGHUB_SEED} // int(time * 1000) % 1_000_000;
srand $seed;

sub pid { return $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE query LIKE 'CALL hub_sync%' AND pid <> pg_backend_pid()}) }

my %kill = (
	terminate => sub { my $pid = pid(); $node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)") if $pid },
	cancel => sub { my $pid = pid(); $node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)") if $pid },
	client => sub { $_[0]->signal('KILL'); my $pid = pid(); $node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)") if $pid },
	immediate => sub { $node->stop('immediate') },
	reset => sub { $hub->faults({ action => 'reset', times => -1 }) },
	damage => sub { $hub->faults({ action => 'invalid_json', times => -1 }) },
);
my @kinds = (('terminate') x 5, ('immediate') x 5, ('reset') x 5, ('damage') x 2, ('cancel') x 2, 'client');
for (my $i = @kinds - 1; $i > 0; $i--)
{
	my $j = int rand($i + 1);
	@kinds[ $i, $j ] = @kinds[ $j, $i ];
}

my ($killed, $requests, @how) = (0, 0);
my $until = time + 150;
while ($killed < @kinds && time < $until)
{
	my ($out, $err) = ('', '');
	my $run = start \@psql, '>', \$out, '2>', \$err;
	sleep 0.08 + rand 0.4;
	my $kind = $kinds[$killed];
	$kill{$kind}->($run);
	finish $run;
	my $ended = $run->full_result(0) == 0;
	$requests += grep { $_->{path} eq '/api/models' && $_->{status} == 200 } $hub->log;
	$hub->clear;
	$node->start if $kind eq 'immediate';
	if ($ended)
	{
		# the run was over before the shot
		push @how, "$kind too late";
		last;
	}
	$killed++;
	push @how, $kind;
}
is($killed, scalar @kinds, 'killed twenty times: ' . join(', ', @how));
is($sync->sql(q{SELECT state IN ('interrupted', 'failed') FROM s.sync_runs}), 't', 'the run shows as interrupted or failed');

my $before = $sync->sql('SELECT pages FROM s.sync_run');
cmp_ok($before, '>', 20, "it was $before pages far");
$sync->sync('{models}');
$requests += grep { $_->{path} eq '/api/models' } $hub->log;

is($sync->model_differences, '', 'models, snapshots and edges equal a direct dump');
is($sync->sql('SELECT count(*), count(DISTINCT _id) FROM s.model_snapshots'), join('|', ($pages * 5) x 2), 'a snapshot a model');
is($sync->sql("SELECT count(*), max(state), max(rows), max(pages) FROM s.sync_runs"), '1|done|' . $pages * 5 . "|$pages",
	'it is one run that counts each page once');
is($sync->sql('SELECT resumed > 0 FROM s.sync_runs'), 't', 'and was resumed');
cmp_ok(($requests - $pages) / $pages, '<', 0.02, sprintf '%d requests for %d pages', $requests, $pages)
  or diag "PGHUB_SEED=$seed";

done_testing();
