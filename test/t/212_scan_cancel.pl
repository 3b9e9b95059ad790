# A scan gives way within 100 ms wherever the Hub stalls, and the session and
# its memory are sound afterwards.
use strict;
use warnings;
use Test::More;
use StandIn;
use HubNode;

my $build = "$ENV{PGHUB_TOP}/build";
my $hub = StandIn->new(models => 3000, seed => 5);
my $used = StandIn->new(models => 10);
my $node = HubNode->new('scan_cancel', $hub, max_concurrency => 4, env => { LD_PRELOAD => "$build/fault/slow_dns.so" });
my $rounds = $ENV{PGHUB_ROUNDS} || 7;

# a port whose queue of connections is full
socket(my $full, 2, 1, 0) or die;
bind $full, pack('Sna4x8', 2, 0, pack('C4', 127, 0, 0, 1)) or die;
listen $full, 0;
my ($port) = (unpack 'Sn', getsockname $full)[1];
my @held;
for (1 .. 3)
{
	socket(my $s, 2, 1 | 2048, 0) or die;
	connect $s, pack('Sna4x8', 2, $port, pack('C4', 127, 0, 0, 1));
	push @held, $s;
}
$node->value("CREATE SERVER busy FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'http://127.0.0.1:$port');
	CREATE SCHEMA busy_hub; IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER busy INTO busy_hub;
	CREATE SERVER used FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '" . $used->url . "');
	CREATE SCHEMA used_hub; IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER used INTO used_hub;
	CREATE SERVER slow FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'https://slow.test');
	CREATE SCHEMA slow_hub; IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER slow INTO slow_hub");

my %stalls = (
	'connect' => [ 'SELECT count(*) FROM busy_hub.models' ],
	'name look-up' => [ 'SELECT count(*) FROM slow_hub.models' ],
	'headers' => [ 'SELECT count(*) FROM hub.models', { action => 'stall', where => 'headers', seconds => 5, times => -1 } ],
	'body' => [ 'SELECT count(*) FROM hub.models', { action => 'stall', where => 'body', seconds => 5, times => -1 } ],
	'second page' => [ 'SELECT count(*) FROM hub.models', { action => 'stall', where => 'body', seconds => 5, match => { path => 'cursor=' }, times => -1 } ],
	'look-ups' => [ "SELECT count(*) FROM hub.models WHERE id IN ('a/b', 'c/d', 'e/f', 'g/h', 'i/j')", { action => 'stall', seconds => 5, times => -1 } ],
	'quota' => [ 'SELECT count(*) FROM used_hub.models', { action => 'quota', seconds => 500, times => -1 } ]);
# how long a backend takes to go that has nothing to do with us
my ($idle, @idle) = measure('SELECT pg_sleep(60)', 'terminate');

sub measure
{
	my ($query, $mode) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ "$build/fault/cancel_time", $node->node->connstr('postgres'), $query, $mode, 150, $rounds ], '>', \$out, '2>', \$err);
	diag $err if $err =~ /ERROR/;
	my %states = map { (split)[1] => 1 } split /\n/, $out;
	return (join(',', sort keys %states), sort { $a <=> $b } map { (split)[0] } split /\n/, $out);
}

for my $stall (sort keys %stalls)
{
	my ($query, @fault) = @{ $stalls{$stall} };
	for my $mode ('cancel', 'timeout', 'terminate')
	{
		my $going = $mode eq 'terminate' ? $idle[@idle / 2] : 0;
		my ($states, @ms);
		# again where a busy machine made it late
		for my $try (1 .. 3)
		{
			($stall eq 'quota' ? $used : $hub)->faults(@fault);
			($states, @ms) = measure($query, $mode);
			last if $ms[-1] - $going <= 100;
			diag sprintf '= %s in %s: max %.1f ms', $mode, $stall, $ms[-1];
		}
		is($states, $mode eq 'terminate' ? '57P01' : '57014', "$mode in $stall: the server's own error");
		cmp_ok($ms[-1] - $going, '<=', 100, sprintf '%s in %s: median %.1f ms, max %.1f ms%s',
			$mode, $stall, $ms[@ms / 2], $ms[-1], $going ? sprintf(', %.1f ms without us', $going) : '');
	}
	$hub->clear;
	is($node->value('SELECT count(*) FROM models'), 3000, "works after $stall");
}

# a savepoint survives its cancelled scan
$hub->faults({ action => 'stall', where => 'body', seconds => 5, match => { path => 'cursor=' }, times => 1 });
my ($out, $err) = $node->both("BEGIN; SAVEPOINT s; SET LOCAL statement_timeout = 200; SELECT count(*) FROM models;
	ROLLBACK TO s; SELECT count(*) FROM models; COMMIT");
like($err, qr/57014/, 'cancelled within a savepoint');
is($out, 3000, 'and asked again after it');
$hub->clear;

# ---- memory of a long scan
my $growth = <<'SQL';
CREATE FUNCTION pg_temp.rss() RETURNS int LANGUAGE sql AS
$$ SELECT substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+)')::int $$;
SELECT count(*) FROM models;
SELECT pg_temp.rss() AS before \gset
SET pghub.progress_interval = 0;
SELECT sum(n) FROM (SELECT (SELECT count(id) FROM models m WHERE m.likes >= 0 AND v.n > 0) AS n FROM generate_series(1, 1) v(n)) s;
DO $do$ BEGIN FOR i IN 1 .. 40 LOOP PERFORM id, tags, downloads FROM models ORDER BY downloads DESC; END LOOP; END $do$;
SELECT pg_temp.rss() - :before;
SQL
my ($grown) = (split /\n/, $node->value($growth))[-1];
cmp_ok($grown, '<', 32 * 1024, "memory grew by $grown kB over 120 pages");

$node->stop;
$hub->stop;
$used->stop;
done_testing();
