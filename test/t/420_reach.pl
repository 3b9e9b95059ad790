# Where a server may lead: https only, hosts that a superuser allows, no
# private address for the server of an unprivileged owner, whatever its name
# resolves to. All in a network namespace of the test's own, where listeners
# count who arrives: a refusal is a refusal only if nobody came.
use strict;
use warnings;
use Test::More;
use OwnNamespace 'net';
use IO::Select;
use IO::Socket::INET;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

my @private = ('10.9.9.9', '172.16.5.5', '192.168.77.1', '169.254.169.254', '100.64.0.1', '198.18.0.7');
my $public = '93.184.216.34';
system('ip', 'link', 'set', 'lo', 'up') == 0 or die 'no loopback in the namespace';
system('ip', 'addr', 'add', "$_/32", 'dev', 'lo') == 0 or die "ip addr add $_" for @private, $public;
system('ip', '-6', 'addr', 'add', 'fd00::9/128', 'dev', 'lo');

# One listener on every address of the namespace: it takes whoever comes,
# counts, and hangs up.
my $listener = IO::Socket::INET->new(LocalAddr => '0.0.0.0', Listen => 64, Proto => 'tcp') or die "listen: $!";
my $port = $listener->sockport;
my $select = IO::Select->new($listener);

sub arrivals
{
	my $n = 0;
	while ($select->can_read(0.05))
	{
		my $who = $listener->accept;
		$n++;
		close $who;
	}
	return $n;
}

my $node = PostgreSQL::Test::Cluster->new('reach');
$node->init;
$node->append_conf('postgresql.conf', "log_min_messages = debug1\n");
{
	local $ENV{LD_PRELOAD} = "$ENV{PGHUB_TOP}/build/fault/fake_dns.so";
	local $ENV{FAKE_DNS} = "inside.fake=10.9.9.9,two.fake=$public+10.9.9.9,outside.fake=$public";
	$node->start;
}
$node->safe_psql('postgres', <<SQL);
CREATE EXTENSION pghub;
CREATE ROLE owner; CREATE ROLE reader;
GRANT USAGE ON FOREIGN DATA WRAPPER hub_fdw TO owner;
GRANT CREATE ON SCHEMA public TO owner;
SQL

# (sqlstate and message, arrivals) of a query on a server with an endpoint.
sub ask
{
	my ($role, $endpoint, $setting, $option) = @_;
	$option = $option ? ", $option" : '';
	my ($out, $err) = ('', '');
	arrivals();
	$node->psql('postgres', <<SQL, stdout => \$out, stderr => \$err, on_error_stop => 0);
\\set VERBOSITY verbose
SET client_min_messages = warning;
DROP SERVER IF EXISTS s CASCADE;
@{[ $setting ? "SET pghub.allowed_hosts = '$setting';" : '' ]}
SET ROLE $role;
CREATE SERVER s FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '$endpoint', connect_timeout '2s', max_retries '0'$option);
CREATE FOREIGN TABLE t (id text) SERVER s OPTIONS (resource 'models');
SELECT count(*) FROM t;
SQL
	return ($err, arrivals());
}

sub refused
{
	my ($name, $pattern, @args) = @_;
	my ($err, $came) = ask(@args);
	like($err, $pattern, $name);
	is($came, 0, "$name: nobody arrived");
}

sub reached
{
	my ($name, @args) = @_;
	my ($err, $came) = ask(@args);
	cmp_ok($came, '>', 0, "$name: somebody arrived") or diag $err;
}

# ---- the check itself can fail: a superuser's server gets there
reached("a superuser's server reaches $_", 'postgres', "https://$_:$port") for '10.9.9.9', $public;
reached('an unprivileged server reaches a public address', 'owner', "https://$public:$port");
reached('an unprivileged server reaches a public name', 'owner', "https://outside.fake:$port");

# ---- private addresses
refused("$_ is refused", qr/42501.*private address|private address/s, 'owner', "https://$_:$port") for @private;
refused('a name that resolves to a private address', qr/private address 10\.9\.9\.9/, 'owner', "https://inside.fake:$port");
refused('an IPv4 address in IPv6 clothes', qr/private address|invalid value/, 'owner', "https://[::ffff:10.9.9.9]:$port");
refused('a unique local IPv6 address', qr/private address|ERROR/, 'owner', "https://[fd00::9]:$port");
refused('a decimal address', qr/private address|ERROR/, 'owner', "https://168364297:$port");

# ---- a name with two addresses, public and closed, private and open: the
# address is judged when the socket is opened, not when the name is looked up
{
	my $inner = IO::Socket::INET->new(LocalAddr => '10.9.9.9', Listen => 5, Proto => 'tcp') or die "listen: $!";
	($listener, my $outer) = ($inner, $listener);
	$select = IO::Select->new($inner);
	my $closed = $inner->sockport;
	refused('a name that is public first and private then', qr/two\.fake:\d+ has the private address 10\.9\.9\.9/, 'owner', "https://two.fake:$closed");
	reached("the same for a superuser's server", 'postgres', "https://two.fake:$closed");
	$listener = $outer;
	$select = IO::Select->new($listener);
}

# ---- hosts that a superuser allows
refused('a host that is not listed', qr/pghub\.allowed_hosts/, 'owner', "https://$public:$port", 'huggingface.co, *.hf.co');
reached('a listed host, private as it is', 'owner', "https://inside.fake:$port", '*.fake');
refused('a listed domain does not cover its look-alikes', qr/pghub\.allowed_hosts/, 'owner', "https://outside.fake:$port", '*.ake, xoutside.fake');
{
	my ($rc, $out, $err) = $node->psql('postgres', "SET ROLE owner; SELECT count(*) FROM hub_stats; SET pghub.allowed_hosts = '*.fake'");
	like($err, qr/permission denied to set parameter "pghub.allowed_hosts"/, 'only a superuser sets the list');
	# before the library is loaded the server takes any value; loading drops it
	($rc, $out, $err) = $node->psql('postgres', "SET SESSION AUTHORIZATION owner; SET pghub.allowed_hosts = '*.fake'; SELECT count(*) FROM hub_stats; SHOW pghub.allowed_hosts");
	is($out, "0\n", 'a value set before the library was loaded is gone') or diag $err;
}

# ---- schemes and credentials
for my $bad ('http://10.9.9.9', "http://$public", 'file:///etc/passwd', 'gopher://127.0.0.1:70', 'ftp://127.0.0.1', 'dict://127.0.0.1',
	'https://user:secret@huggingface.co', 'https://127.0.0.1@10.9.9.9', 'https://huggingface.co/path', 'HTTPS:/\\10.9.9.9', 'https://a b', "https://a%0d%0ab")
{
	refused("endpoint $bad", qr/ERROR:  HV024/, 'owner', $bad);
}
for my $option ("proxy 'http://10.9.9.9:3128'", "ca_file '/etc/passwd'")
{
	refused("an unprivileged owner sets $option", qr/42501|HV0/, 'owner', "https://$public:$port", undef, $option);
}

# ---- what an unprivileged role may do, with a server and table of another
ask('owner', "https://$public:$port");
my %may = (
	'SELECT * FROM hub_stats' => qr/^$/,
	'SELECT hub_cache_flush()' => qr/^$/,
	'SELECT engagement_halflife(now())' => qr/^$/,
	'CREATE SERVER mine FOREIGN DATA WRAPPER hub_fdw' => qr/permission denied for foreign-data wrapper/,
	'SELECT count(*) FROM t' => qr/permission denied for foreign table t/,
	'CREATE USER MAPPING FOR reader SERVER s OPTIONS (token $$hf_secret$$)' => qr/permission denied for foreign server/,
	'SELECT umoptions FROM pg_user_mapping' => qr/permission denied/,
	'SELECT umoptions FROM pg_user_mappings' => qr/^$/,
	'CREATE FOREIGN TABLE x (id text) SERVER s OPTIONS (resource $$models$$)' => qr/permission denied/,
	'IMPORT FOREIGN SCHEMA hub FROM SERVER s INTO public' => qr/permission denied/);
$node->safe_psql('postgres', 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; REVOKE ALL ON t FROM reader');
for my $sql (sort keys %may)
{
	my ($rc, $out, $err) = $node->psql('postgres', "SET ROLE reader; $sql");
	like($err, $may{$sql}, "an unprivileged role: $sql");
}
is($node->safe_psql('postgres', "CREATE USER MAPPING FOR owner SERVER s OPTIONS (token 'hf_secret'); SET ROLE reader; SELECT umoptions FROM pg_user_mappings"),
	'', "another user's token is hidden from the catalogue's view");

$node->stop;
done_testing();
