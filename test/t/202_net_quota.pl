# One quota, many sessions: nobody fails, hardly anybody is refused.
use strict;
use warnings;
use HTTP::Tiny;
use IPC::Run ();
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use NetPeer;

my $peer = NetPeer->new;
my $node = NetPeer->node('quota');
my $url = $peer->{url};

sub get
{
	my ($path) = @_;
	my $answer = HTTP::Tiny->new->get("$url$path");
	die "peer: $answer->{status}" unless $answer->{success};
	return decode_json($answer->{content});
}

# N sessions at once, each with its own query; their outputs
sub sessions
{
	my ($count, $query) = @_;
	my (@runs, @out, @err);
	for my $i (0 .. $count - 1)
	{
		my ($in, $out, $err) = ('', '', '');
		push @out, \$out;
		push @err, \$err;
		push @runs, IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres'), '-c', $query->($i) ],
			'<', \$in, '>', $out[-1], '2>', $err[-1]);
	}
	$_->finish for @runs;
	return (\@out, \@err);
}

# ---- one session paces itself
get('/setquota/20/3');
my $paths = join ',', map { "'/quota/$_'" } 1 .. 50;
my $start = time;
my $out = $node->safe_psql('postgres', "SELECT count(*), max(retries), max(quota_wait_ms) > 3000 FROM net_probe('$url', ARRAY[$paths], token => 'one')");
my $state = get('/quotastate');
is($out, '50|0|t', 'fifty requests with a quota of twenty');
is($state->{refused}, 0, 'none was refused');
cmp_ok(time - $start, '<', 12, sprintf('in three windows of 3 s: %.1f s', time - $start));

# ---- quota as last told
is($node->safe_psql('postgres', "SELECT status FROM net_probe('$url', ARRAY['/exhausted/60'], token => 'told', server => 3);
	SELECT net_probe_quota(3)"), "200\n0 of 500", 'the figures can be asked for');
is($node->safe_psql('postgres', "SELECT coalesce(net_probe_quota(99), 'unknown')"), 'unknown', 'without an answer they are unknown');
my ($rc, $stdout, $stderr) = $node->psql('postgres',
	"SELECT 1 FROM net_probe('$url', ARRAY['/ok'], token => 'told', quota_wait_max => 5000)");
like($stderr, qr/quota of .* is used up/, 'another session knows that it is used up');

# ---- fifty sessions share five hundred requests in six seconds
get('/setquota/500/6');
$start = time;
my ($outs, $errs) = sessions(50, sub {
	my ($i) = @_;
	my $list = join ',', map { "'/quota/$i/$_'" } 1 .. 30;
	return "SELECT count(*) FROM net_probe('$url', ARRAY[$list], token => 'shared')";
});
my $elapsed = time - $start;
$state = get('/quotastate');
is(scalar(grep { $$_ eq "30\n" } @$outs), 50, 'all fifty sessions have their thirty answers')
	or diag join '', map { $$_ } @$errs;
my $share = 100 * $state->{refused} / ($state->{refused} + 1500);
cmp_ok($share, '<', 2, sprintf('%d of 1500 requests refused: %.1f %%', $state->{refused}, $share));
cmp_ok($elapsed, '<', 30, sprintf('1500 requests at 500 per 6 s took %.1f s', $elapsed));

$node->stop;
$peer->stop;
done_testing();
