# Cancel, statement_timeout, termination, shutdown and death of the postmaster
# act at once in every kind of stall; our own time-outs come in time.
# PGHUB_HARD=1 measures more often and shuts down in every stall; PGHUB_STALLS,
# a regular expression, chooses some and leaves out what has none. A measurement
# that misses its bound on a busy machine is made again, twice at most, and all
# are shown.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time usleep);
use NetPeer;

my $build = "$ENV{PGHUB_TOP}/build";
my $peer = NetPeer->new;
my $node = NetPeer->node('cancel', LD_PRELOAD => "$build/fault/slow_dns.so");
my $local = "http://127.0.0.1";
my $rounds = $ENV{PGHUB_ROUNDS} || ($ENV{PGHUB_HARD} ? 25 : 9);

sub query
{
	my ($endpoint, $paths, $more) = @_;
	my $list = join ',', map { "'$_'" } @$paths;
	return "SELECT count(*) FROM net_probe('$endpoint', ARRAY[$list]" . ($more ? ", $more" : '') . ')';
}

my %stalls = (
	'connect' => query("$local:$peer->{full}", ['/ok']),
	'TLS' => query("https://127.0.0.1:$peer->{mute}", ['/ok']),
	'first byte' => query($peer->{url}, ['/stall/first']),
	'headers' => query($peer->{url}, ['/stall/headers']),
	'body' => query($peer->{url}, ['/stall/body']),
	'slow drip' => query($peer->{url}, ['/drip']),
	'sixteen at once' => query($peer->{url}, [ map { "/stall/body/$_" } 1 .. 40 ]),
	'quota wait' => query($peer->{url}, [ '/exhausted/300', '/ok' ], "max_concurrency => 1, token => 't5'"),
	'pause after 429' => query($peer->{url}, ['/429/after/9999/x'], "token => 't6'"),
	'pause after 500' => query($peer->{url}, ['/fail/500/9999/x'], 'max_retries => 99, timeout => 600000'),
	'name look-up' => query('https://slow.test', ['/ok']));
my @stalls = grep { !$ENV{PGHUB_STALLS} || /$ENV{PGHUB_STALLS}/ } sort keys %stalls;

# (SQLSTATEs, milliseconds) of a query interrupted by a mode
sub measure
{
	my ($query, $mode, $delay, $times, @more) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ "$build/fault/cancel_time", $node->connstr('postgres'), $query, $mode, $delay, $times, @more ],
		'>', \$out, '2>', \$err) or diag "cancel_time: $err";
	my (@ms, %states);
	for (split /\n/, $out)
	{
		my ($ms, $state) = split / /;
		push @ms, $ms;
		$states{$state} = 1;
	}
	@ms = sort { $a <=> $b } @ms;
	return (join(',', sort keys %states), @ms);
}

# The same, within a bound; again if it must be.
my @all;
sub measure_within
{
	my ($name, $most, @how) = @_;
	my ($states, @ms) = measure(@how);
	my $figures = sub { sprintf '%s: median %.1f ms, max %.1f ms of %d', $name, $ms[@ms / 2], $ms[-1], scalar @ms };
	for my $again (1, 2)
	{
		last if $ms[-1] <= $most;
		diag '= ', $figures->(), ', once more';
		($states, @ms) = measure(@how);
	}
	diag '= ', $figures->();
	cmp_ok($ms[-1], '<=', $most, "$name: at most $most ms");
	push @all, @ms;
	return $states;
}

for my $stall (@stalls)
{
	for my $mode ('cancel', 'timeout', 'terminate')
	{
		my $states = measure_within("$mode in $stall", 100, $stalls{$stall}, $mode, 150, $rounds);
		is($states, $mode eq 'terminate' ? '57P01' : '57014', "$mode in $stall: the server's own error");
		is(session_works(), '200', "$mode in $stall: works afterwards") if $mode eq 'cancel';
	}
}

sub session_works
{
	return $node->safe_psql('postgres', "SELECT status FROM net_probe('$peer->{url}', ARRAY['/ok'], server => 9)");
}

# one session: cancelled in the middle, it goes on working
for my $stall (@stalls)
{
	my ($rc, $out, $err) = $node->psql('postgres', "SET statement_timeout = 150;
		$stalls{$stall};
		SELECT status FROM net_probe('$peer->{url}', ARRAY['/ok','/gzip'], server => 9)", on_error_stop => 0);
	is($out, "200\n200", "the session works after $stall");
}

goto SHUTDOWN if $ENV{PGHUB_STALLS};

# a subtransaction that is cancelled leaves the rest of the transaction whole
is($node->safe_psql('postgres', "BEGIN;
	CREATE FUNCTION pg_temp.try() RETURNS text LANGUAGE plpgsql AS \$\$
	BEGIN
		SET LOCAL statement_timeout = 0;
		BEGIN
			PERFORM * FROM net_probe('$peer->{url}', ARRAY['/stall/body'], timeout => 200);
		EXCEPTION WHEN OTHERS THEN
			RETURN SQLSTATE;
		END;
	END \$\$;
	SELECT pg_temp.try() FROM generate_series(1, 3); SELECT status FROM net_probe('$peer->{url}', ARRAY['/ok']); COMMIT"),
	"08006\n08006\n08006\n200", 'errors caught in subtransactions');

# ---- our own time-outs
my %limits = (
	'connect' => [ 700, query("$local:$peer->{full}", ['/ok'], 'connect_timeout => 700') ],
	'TLS' => [ 700, query("https://127.0.0.1:$peer->{mute}", ['/ok'], 'connect_timeout => 700') ],
	'name look-up' => [ 700, query('https://slow.test', ['/ok'], 'connect_timeout => 700') ],
	'headers' => [ 700, query($peer->{url}, ['/stall/headers'], 'timeout => 700') ],
	'body' => [ 700, query($peer->{url}, ['/stall/body'], 'timeout => 700') ],
	'slow drip' => [ 700, query($peer->{url}, ['/drip'], 'timeout => 700') ]);
for my $name (sort keys %limits)
{
	my $limit = $limits{$name}->[0];
	my ($states, @ms) = measure($limits{$name}->[1], 'none', 0, 5);
	my $figures = sub { sprintf '= time-out in %s: %.0f to %.0f ms late', $name, $ms[0] - $limit, $ms[-1] - $limit };
	if ($ms[-1] - $limit > 200)
	{
		diag $figures->(), ', once more';
		($states, @ms) = measure($limits{$name}->[1], 'none', 0, 5);
	}
	diag $figures->();
	cmp_ok($ms[-1] - $limit, '<=', 200, "time-out in $name: at most 200 ms late");
	cmp_ok($ms[0], '>=', $limit, "time-out in $name: not early");
	like($states, qr/^(HV00N|08006)$/, "time-out in $name: $states");
}

# ---- descriptors after a thousand cancels
sub failures
{
	my ($times) = @_;
	return "DO \$\$
		DECLARE n int := 0;
		BEGIN
			FOR i IN 1 .. $times LOOP
				BEGIN
					PERFORM * FROM net_probe('$peer->{url}', ARRAY['/stall/body','/ok','/stall/headers','/nowhere'], timeout => 3, max_concurrency => 4);
				EXCEPTION WHEN OTHERS THEN n := n + 1;
				END;
			END LOOP;
			ASSERT n = $times;
		END \$\$;
		SELECT net_probe_fds();";
}
# up to four connections are kept, some of them may just be there or not
my ($before, $after) = split /\n/, $node->safe_psql('postgres', failures(100) . failures(1000));
diag "= descriptors: $before after 100 time-outs, $after after 1000 more";
cmp_ok($after, '<=', $before + 4, "descriptors: $before after 100 time-outs, $after after 1000 more");
my $loop = "SELECT count(*) FROM net_probe('$peer->{url}', ARRAY['/stall/body','/stall/headers']);\n" x 300;
my ($rc, $out, $err) = $node->psql('postgres', "SELECT count(*) FROM net_probe('$peer->{url}', ARRAY['/ok']);
	SELECT net_probe_fds(); SET statement_timeout = 5;\n$loop SET statement_timeout = 0; SELECT net_probe_fds()", on_error_stop => 0);
my $cancels = () = $err =~ /canceling statement due to statement timeout/g;
($before, $after) = (split /\n/, $out)[1, -1];
is($cancels, 300, 'three hundred statements cancelled in one session');
cmp_ok($after, '<=', $before + 3, "descriptors: $before before, $after after 300 cancels");

# resolver threads that were left behind take their descriptors with them
$loop = "$stalls{'name look-up'};\n" x 20;
($rc, $out, $err) = $node->psql('postgres', "SELECT count(*) FROM net_probe('$peer->{url}', ARRAY['/ok']);
	SELECT net_probe_fds(); SET statement_timeout = 20;\n$loop SET statement_timeout = 0; SELECT pg_sleep(7); SELECT net_probe_fds()",
	on_error_stop => 0);
($before, $after) = (split /\n/, $out)[1, -1];
cmp_ok($after, '<=', $before, "descriptors: $before before, $after after 20 look-ups given up");

# ---- shutdown, and a postmaster that dies
# The server's own pg_sleep, in the same state and on the same machine, tells
# how long word of it and the end of a process take: where that comes near the
# bound, what is ours above it is bounded.
SHUTDOWN:
my @dying = grep { $ENV{PGHUB_HARD} || $ENV{PGHUB_STALLS} || /^(name look-up|body|quota wait)$/ } @stalls;
for my $case ([ 'fast shutdown', 2, '57P01' ], [ 'immediate shutdown', 3, 'gone' ], [ 'killed postmaster', 9, 'gone' ])
{
	my ($name, $signal, $expected) = @$case;
	my ($sleep) = sort { $b <=> $a } map { (shut_down('SELECT pg_sleep(100)', $signal))[1] } 1 .. 2;
	my $most = $sleep > 75 ? $sleep + 25 : 100;

	diag sprintf '= %s in pg_sleep: %.1f ms', $name, $sleep;
	for my $stall (@dying)
	{
		my ($states, $ms);
		for my $try (1 .. 3)
		{
			($states, $ms) = shut_down($stalls{$stall}, $signal);
			diag sprintf '= %s in %s: %.1f ms', $name, $stall, $ms;
			last if $ms <= $most;
		}
		is($states, $expected, "$name in $stall: $states");
		cmp_ok($ms, '<=', $most, sprintf '%s in %s: within %.0f ms', $name, $stall, $most);
	}
}

# (SQLSTATE, milliseconds) of a query whose postmaster gets a signal; a new one
# starts afterwards.
sub shut_down
{
	my ($query, $signal) = @_;
	my ($pid) = split /\n/, PostgreSQL::Test::Utils::slurp_file($node->data_dir . '/postmaster.pid');
	my @met = measure($query, 'kill', 200, 1, $pid, $signal);
	restart($pid);
	return @met;
}

# The postmaster PID is gone or going: a new one in its place.
sub restart
{
	my ($pid) = @_;
	usleep(20_000) while kill 0, $pid;
	$node->{_pid} = undef;
	local $ENV{LD_PRELOAD} = "$build/fault/slow_dns.so";
	usleep(300_000);
	$node->start;
}

@all = sort { $a <=> $b } @all;
cmp_ok($all[@all / 2], '<=', 10, 'over all: a median of at most 10 ms');
diag sprintf '= over all: median %.1f ms, max %.1f ms of %d', $all[@all / 2], $all[-1], scalar @all;

$node->stop;
$peer->stop;
done_testing();
