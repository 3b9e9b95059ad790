# sync_runs while a run goes on, read from another session: each figure is
# plausible at every look and true at the end.
use strict;
use warnings;
use IPC::Run qw(start finish);
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use SyncNode;

my $sync = SyncNode->new('main', models => 600, page_size => 20);
my ($node, $hub) = ($sync->node, $sync->hub);
my $call = "CALL hub_sync('hub', 's', '{models}')";
$sync->sql($call);                      # the second run knows how many rows there are
$sync->sql("CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA s TO reader; GRANT SELECT ON s.sync_runs TO reader");

my @names = qw(state rows expected_rows pages requests retries bytes quota_left eta duration added changed vanished resumed error);
# A look by a role that may read the view and nothing else.
sub look
{
	my ($out, $err) = ('', '');
	$node->psql('postgres', q{SELECT state, rows, expected_rows, pages, requests, retries, bytes, quota_left,
		extract(epoch FROM eta), extract(epoch FROM duration), added, changed, vanished, resumed, error
		FROM s.sync_runs ORDER BY run DESC LIMIT 1}, stdout => \$out, stderr => \$err, extra_params => [ '-U', 'reader' ]);
	die $err if $err;
	my %row;
	@row{@names} = split /\|/, $out, -1;
	return \%row;
}

sub background
{
	my ($settings) = @_;
	my $run = { out => '', err => '' };
	$run->{psql} = start [ 'psql', '-XAtq', '-d', $node->connstr('postgres'), @{ $settings // [] }, '-c', $call ], '>', \$run->{out}, '2>', \$run->{err};
	return $run;
}

# ---------- a run of thirty pages
$hub->settings(latency_ms => 150, quota => 1000);
my $quota = 1000;
my $began = time;
my $run = background();
my @seen;
while (@seen < 200)
{
	my $row = look();
	# the run before is still the newest until this one has begun
	if ($row->{state} eq 'running') { push @seen, { %$row, at => time } }
	last if @seen && $row->{state} ne 'running';
	sleep 0.05;
}
finish $run->{psql};
my $ended = time;
my @middle = grep { $_->{pages} > 0 && $_->{pages} < 30 } @seen;
cmp_ok(scalar @middle, '>=', 3, scalar(@middle) . ' looks during the run');
is_deeply([ grep { $_->{rows} != 20 * $_->{pages} } @middle ], [], 'rows are those of the pages');
is_deeply([ grep { $_->{expected_rows} != 600 } @middle ], [], 'as many are expected as the last run had');
is_deeply([ grep { $_->{requests} < $_->{pages} || $_->{requests} > $_->{pages} + 1 } @middle ], [], 'a request a page, and at most one ahead');
is_deeply([ grep { $_->{quota_left} != $quota - $_->{requests} && $_->{quota_left} != $quota - $_->{pages} } @middle ], [], 'the quota goes down with them');
is_deeply([ grep { $_->{retries} != 0 || $_->{resumed} != 0 || $_->{error} ne '' || $_->{added} + $_->{changed} + $_->{vanished} != 0 } @middle ], [],
	'nothing is repeated, wrong or changed');
for my $name (qw(rows pages requests bytes duration))
{
	is_deeply([ grep { $seen[$_]{$name} < $seen[ $_ - 1 ]{$name} } 1 .. $#seen ], [], "$name never go back");
}
is_deeply([ grep { $_->{bytes} < 1000 * $_->{pages} || $_->{bytes} > 100_000 * ($_->{pages} + 1) } @middle ], [], 'bytes are of the size of the pages');
is_deeply([ grep { abs($_->{eta} - $_->{duration} * (600 - $_->{rows}) / $_->{rows}) > 0.01 } @middle ], [], 'the rest at the pace so far');
is_deeply([ grep { $_->{duration} > $ended - $began } @middle ], [], 'it takes no longer than it takes');
my $end = look();
is(join(',', @$end{qw(state rows pages requests eta)}), 'done,600,30,30,', 'at the end all is told');

# ---------- waiting for the quota
$hub->settings(latency_ms => 0, quota => 12, window => 4);
$run = background();
$node->poll_query_until('postgres', "SELECT state = 'waiting' FROM s.sync_runs ORDER BY run DESC LIMIT 1") or die;
my $wait = $sync->sql(q{SELECT state, quota_left, wait_until > now(), wait_until < now() + interval '6 s', eta > wait_until - now(), error IS NULL
	FROM s.sync_runs ORDER BY run DESC LIMIT 1});
is($wait, 'waiting|0|t|t|t|t', 'waiting: until when, and the rest after that');
is($sync->sql(q{SELECT count(*) FROM pg_locks l JOIN s.sync_runs r ON r.pid = l.pid WHERE r.state = 'waiting' AND l.locktype IN ('relation', 'advisory')
	AND l.relation IS DISTINCT FROM 'pg_catalog.pg_locks'::regclass}), 0, 'it holds no lock meanwhile');
finish $run->{psql};
like($run->{err}, qr/^NOTICE:  models: \d+ rows of 600, \d+ pages, \d+ requests, quota left 0, about 00:00:\d\d to go\n.*NOTICE:  waiting until .*: the quota of requests is used up$/sm,
	'who called it is told');
is(join(',', @{ look() }{qw(state rows error)}), 'done,600,', 'then it goes on by itself');
$hub->settings(quota => 1000000, window => 300);

# ---------- an error, and a backend that is gone
$hub->faults({ action => 'html', match => { from => 4 }, times => -1 });
my ($status, $err) = $sync->try($call);
$hub->clear;
my $row = look();
is(join(',', @$row{qw(state rows pages eta)}), 'failed,60,3,', 'failed: what was done before');
ok($row->{error} ne '' && index($err, $row->{error}) > 0, 'with the error that the caller saw') or diag $row->{error};
$hub->settings(latency_ms => 300);
$run = background();
$node->poll_query_until('postgres', "SELECT state = 'running' AND pages > 3 AND error IS NULL FROM s.sync_runs ORDER BY run DESC LIMIT 1") or die;
is(look()->{resumed}, 1, 'taken up: the error is gone, the pages count on');
$sync->sql('SELECT pg_terminate_backend(pid) FROM s.sync_runs ORDER BY run DESC LIMIT 1');
finish $run->{psql};
$row = look();
is(join(',', @$row{qw(state eta)}), 'interrupted,', 'a backend that is gone shows as interrupted');
$hub->settings(latency_ms => 0);

# ---------- progress for who waits at the prompt
$sync->sql("UPDATE s.sync_run SET state = 'given up' WHERE state = 'running'");
(undef, $err) = $sync->try("SET pghub.progress_interval = 1; $call");
cmp_ok(scalar(() = $err =~ /NOTICE:  00000: models: \d+ rows of 600, \d+ pages, \d+ requests/g), '>', 10, 'progress is told as often as asked for');
(undef, $err) = $sync->try("SET pghub.progress_interval = 0; $call");
unlike($err, qr/NOTICE/, 'or never');

done_testing();
