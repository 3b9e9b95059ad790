# One server seen through the drivers that tools use: psql, JDBC, ODBC,
# psycopg2, node-postgres. Each must browse tables and comments, get standard
# types, push a prepared parameter down, stream by cursor, cancel, and read a
# summary as text. A driver that is not installed is skipped in the open.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use IPC::Run ();
use JSON::PP;
use StandIn;

my $top = $ENV{PGHUB_TOP};
my $hub = StandIn->new(models => 600);
my $slow = StandIn->new(models => 600, latency_ms => 20000);
my $node = PostgreSQL::Test::Cluster->new('drivers');
$node->init;
$node->append_conf('postgresql.conf', "listen_addresses = '127.0.0.1'\n");
$node->append_conf('pg_hba.conf', "host all analyst 127.0.0.1/32 trust\n");
$node->start;
my ($address, $port) = ('127.0.0.1', $node->port);

my @rows = map { decode_json($_) } split /\n/, $hub->rows;
my %by_author;
$by_author{ $_->{author} }++ for @rows;
my ($author) = sort { $by_author{$b} <=> $by_author{$a} || $a cmp $b } keys %by_author;

$node->safe_psql('postgres', <<SQL);
CREATE EXTENSION pghub;
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $hub->url ]}', page_size '100');
CREATE SERVER slow FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $slow->url ]}');
CREATE SCHEMA hub; CREATE SCHEMA slow; CREATE SCHEMA board;
IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER hub INTO hub;
IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER slow INTO slow;
CREATE MATERIALIZED VIEW board.concentration AS
	SELECT summary, gini(summary) AS gini FROM (SELECT distribution_agg(downloads_all_time) AS summary FROM hub.models) q;
CREATE ROLE analyst LOGIN;
GRANT USAGE ON SCHEMA hub, slow, board TO analyst;
GRANT SELECT ON ALL TABLES IN SCHEMA hub, slow, board TO analyst;
SQL
my $gini = $node->safe_psql('postgres', 'SELECT gini FROM board.concentration');
my $comment = $node->safe_psql('postgres', "SELECT obj_description('hub.models'::regclass, 'pg_class')");
my $column = $node->safe_psql('postgres', "SELECT col_description('hub.models'::regclass, attnum) FROM pg_attribute WHERE attrelid = 'hub.models'::regclass AND attname = 'downloads'");

# The lines "name<TAB>value" of a probe, lists where a name comes again.
sub probe
{
	my (@command) = @_;
	my ($out, $err) = ('', '');
	$hub->clear;
	IPC::Run::run(\@command, '>', \$out, '2>', \$err, IPC::Run::timeout(90)) or diag "@command: $err";
	my %seen;
	push @{ $seen{ (split /\t/, $_, 2)[0] } }, (split /\t/, $_, 2)[1] for split /\n/, $out;
	return \%seen;
}

sub same_everywhere
{
	my ($driver, $types, $bigint, $seen) = @_;
	is($seen->{table}[0], "FOREIGN TABLE: $comment", "$driver: the table and its comment");
	is($seen->{column}[0], "$bigint: $column", "$driver: a column, its type and comment");
	is($seen->{types}[0], $types, "$driver: standard types");
	is_deeply($seen->{prepared}, [ ($by_author{$author}) x 7 ], "$driver: a prepared statement, seven times");
	my @asked = grep { ($_->{target} // '') =~ /author=/ } $hub->log;
	cmp_ok(scalar @asked, '>=', 7, "$driver: its parameter was pushed down each time");
	is($seen->{streamed}[0], 120, "$driver: a cursor streams");
	is($seen->{summary}[0] =~ /^(true|True)$/ ? 1 : 0, 1, "$driver: a summary reads as text");
	cmp_ok(abs($seen->{gini}[0] - $gini), '<', 1e-12, "$driver: its reader's value");
	is($seen->{cancelled}[0], '57014', "$driver: cancel works");
	is($seen->{cancel_late}[0], 'no', "$driver: at once");
}

# psql: what a person sees
my ($out, $err) = ('', '');
my @analyst = (extra_params => [ '-U', 'analyst', '-h', $address ]);
$node->psql('postgres', '\d+ hub.models', stdout => \$out);
like($out, qr/^downloads\|bigint.*\Q$column\E/m, 'psql: \d+ shows types and comments');
$node->psql('postgres', '\dE+ hub.*', stdout => \$out, @analyst);
like($out, qr/^hub\|models\|foreign table\|.*\Q$comment\E/m, 'psql: \dE+ lists the foreign tables with their comments');
$node->psql('postgres', '\df+ gini', stdout => \$out);
like($out, qr/immutable.*safe/, 'psql: \df+ has a line worth reading');
$hub->clear;
$node->psql('postgres', 'PREPARE p(text) AS SELECT count(*) FROM hub.models WHERE author = $1;' . "EXECUTE p('$author');" x 7, stdout => \$out, @analyst);
is($out, join("\n", ($by_author{$author}) x 7), 'psql: a prepared statement, seven times');
cmp_ok(scalar(grep { ($_->{target} // '') =~ /author=/ } $hub->log), '>=', 7, 'psql: its parameter was pushed down each time');
$hub->clear;
$node->psql('postgres', "\\set FETCH_COUNT 50\nSELECT id FROM hub.models;", stdout => \$out, @analyst);
is(scalar(() = $out =~ /\n/g) + 1, scalar @rows, 'psql: FETCH_COUNT streams all rows');
$hub->clear;
$node->psql('postgres', 'BEGIN; DECLARE c CURSOR FOR SELECT id FROM hub.models; FETCH 120 FROM c; CLOSE c; COMMIT', stdout => \$out, @analyst);
is(scalar(() = $out =~ m{^\S+/\S+$}mg), 120, 'psql: a cursor streams');
cmp_ok(scalar(() = $hub->log), '<', 6, 'psql: and leaves the pages that it did not reach');
$node->psql('postgres', 'SELECT summary FROM board.concentration', stdout => \$out, @analyst);
like($out, qr/^\S{8,}$/, 'psql: a summary reads as text');
{
	# Ctrl-C in psql is a cancel request
	my ($typed, $said, $complaint) = ("SELECT count(*) FROM slow.models;\n", '', '');
	my $session = IPC::Run::start([ 'psql', '-X', '-v', 'VERBOSITY=sqlstate', '-h', $address, '-p', $port, '-U', 'analyst', 'postgres' ], '<', \$typed, '>', \$said, '2>', \$complaint, IPC::Run::timeout(60));
	$session->pump_nb;
	ok($node->poll_query_until('postgres', "SELECT count(*) = 1 FROM pg_stat_activity WHERE usename = 'analyst' AND query ~ 'slow.models' AND state = 'active'"), 'psql: waits for the Hub');
	my $began = time;
	$session->signal('INT');
	$session->finish;
	like($complaint, qr/57014/, 'psql: Ctrl-C cancels');
	cmp_ok(time - $began, '<', 5, 'psql: at once');
}

SKIP:
{
	my ($jar) = glob '/usr/share/java/postgresql.jar';
	skip 'JDBC: needs javac and libpostgresql-jdbc-java', 10 unless $jar && !system 'java --version >/dev/null 2>&1 && javac --version >/dev/null 2>&1';
	same_everywhere('JDBC', 'BIGINT,TIMESTAMP,ARRAY,DOUBLE,BIT', 'int8',
		probe('java', '-Xmx256m', '-cp', $jar, "$top/test/drivers/Probe.java", $address, $port, $author));
}

SKIP:
{
	skip 'psycopg2: needs python3-psycopg2', 10 if system '/usr/bin/python3 -c "import psycopg2" 2>/dev/null';
	same_everywhere('psycopg2', 'int,datetime,list,float,bool', 'bigint',
		probe('/usr/bin/python3', "$top/test/drivers/probe.py", $address, $port, $author));
}

SKIP:
{
	my $modules = "$top/build/drivers";
	if (!-d "$modules/node_modules/pg" && !system 'npm --version >/dev/null 2>&1')
	{
		system "mkdir -p $modules && cp $top/test/drivers/package*.json $modules/ && cd $modules && timeout 100 npm ci --silent --no-audit --no-fund >/dev/null 2>&1";
	}
	skip 'node-postgres: npm could not install it', 10 unless -d "$modules/node_modules/pg";
	# it hands bigint over as text, lest digits are lost
	same_everywhere('node-postgres', 'String,Date,Array,Number,Boolean', 'bigint',
		probe('node', "$top/test/drivers/probe.mjs", $modules, $address, $port, $author));
}

SKIP:
{
	my ($driver) = glob '/usr/lib/*/odbc/psqlodbcw.so';
	skip 'ODBC: needs odbc-postgresql and python3-pyodbc', 10 if !$driver || system '/usr/bin/python3 -c "import pyodbc" 2>/dev/null';
	my $seen = probe('/usr/bin/python3', "$top/test/drivers/probe_odbc.py", $driver, $address, $port, $author);
	note("ODBC: remarks of the driver's lists: $seen->{remarks}[0]");
	same_everywhere('ODBC', 'int,datetime,str,float,bool', 'int8', $seen);
}

# isql: what a person types
SKIP:
{
	my ($driver) = glob '/usr/lib/*/odbc/psqlodbcw.so';
	skip 'isql: needs unixodbc and odbc-postgresql', 5 unless $driver && !system 'command -v isql >/dev/null';
	my $dir = PostgreSQL::Test::Utils::tempdir;
	append_to_file("$dir/odbc.ini", "[hub]\nDriver=$driver\nServername=$address\nPort=$port\nDatabase=postgres\nUsername=analyst\nUseDeclareFetch=1\nFetch=50\n");
	local $ENV{ODBCINI} = "$dir/odbc.ini";
	my $isql = sub
	{
		my ($sql) = @_;
		my ($o, $e) = ('', '');
		IPC::Run::run([ 'isql', 'hub', '-b', '-x0x7c' ], '<', \"$sql\n", '>', \$o, '2>', \$e, IPC::Run::timeout(60)) or diag $e;
		return $o;
	};
	$hub->clear;
	like($isql->("SELECT count(*) FROM hub.models WHERE author = '$author'"), qr/^$by_author{$author}$/m, 'isql: a query');
	ok((grep { ($_->{target} // '') =~ /author=/ } $hub->log), 'isql: pushed down');
	my $streamed = () = $isql->('SELECT id FROM hub.models') =~ m{^\S+/\S+$}mg;
	is($streamed, scalar @rows, 'isql: rows stream through declare and fetch');
	like($isql->("SELECT table_type FROM information_schema.tables WHERE (table_schema, table_name) = ('hub', 'models')"), qr/^FOREIGN$/m,
		'isql: the catalogue lists the table');
	like($isql->('SELECT gini FROM board.concentration'), qr/^0\.\d+$/m, 'isql: a reader of a summary');
}

done_testing();
