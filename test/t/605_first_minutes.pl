# The first minutes of a new user: what psql shows, and what is said to the
# mistakes that everybody makes. Every refusal has its SQLSTATE, and says what
# to do where the message alone does not.
use strict;
use warnings;
use IO::Socket::INET;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use StandIn;

my $hub = StandIn->new(models => 120);
my $node = PostgreSQL::Test::Cluster->new('first');
$node->init;
$node->start;

sub says
{
	my ($what, $sql, @expected) = @_;
	my ($out, $err) = ('', '');
	$node->psql('postgres', "\\set VERBOSITY verbose\n$sql", stdout => \$out, stderr => \$err, on_error_stop => 0);
	like($err, $_, $what) for @expected;
	return;
}

sub shows
{
	my ($command, @expected) = @_;
	my $out = '';
	$node->psql('postgres', $command, stdout => \$out);
	like($out, $_, "$command shows $_") for @expected;
	return $out;
}

# ---- before the extension is there
says('no extension: the wrapper is not there', 'CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw', qr/42704.*"hub_fdw" does not exist/);
$node->safe_psql('postgres', 'CREATE EXTENSION pghub');

# ---- the server
says('a misspelt option', q{CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpont 'x')}, qr/HV00D.*"endpont"/, qr/HINT: .*endpoint, /);
says('a token where all can read it', q{CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (token 'hf_secret')},
	qr/HV00D.*"token"/, qr/HINT: .*CREATE USER MAPPING/);
says('an endpoint without a scheme', q{CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'huggingface.co')}, qr/HV024/, qr{HINT: .*https://huggingface\.co});
says('a word for a number', q{CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (page_size 'lots')}, qr/HV024/, qr/HINT: +Give an integer/);
$node->safe_psql('postgres', "CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $hub->url ]}'); CREATE SCHEMA hub");

# ---- the import
says('a misspelt table', 'IMPORT FOREIGN SCHEMA hub LIMIT TO (model) FROM SERVER hub INTO hub', qr/HV00R.*"model" is not there to import/, qr/HINT: .*models, /);
says('a misspelt exception', 'IMPORT FOREIGN SCHEMA hub EXCEPT (liker) FROM SERVER hub INTO hub', qr/HV00R.*"liker"/, qr/HINT: .*likers/);
says('another schema', 'IMPORT FOREIGN SCHEMA public FROM SERVER hub INTO hub', qr/HV00Q/, qr/HINT: .*"hub" and "dataset"/);
says('no dataset named', 'IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO hub', qr/HV00J/, qr{HINT: .*OPTIONS \(dataset 'namespace/name'\)});
says('a mapping\'s option misspelt', q{CREATE USER MAPPING FOR CURRENT_USER SERVER hub OPTIONS (tokn 'hf_x')}, qr/HV00D/, qr/HINT: .*token/);
$node->safe_psql('postgres', 'IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub');
is($node->safe_psql('postgres', 'SELECT count(*) FROM (SELECT id FROM hub.models LIMIT 5) q'), 5, 'a query needs no user mapping');

# ---- the first queries
says('a misspelt column', 'SELECT download FROM hub.models LIMIT 1', qr/42703/, qr/HINT: .*models\.downloads/);
says('a table that needs a key', 'SELECT * FROM hub.repo_files', qr/0A000.*"repo_id"/, qr/HINT: .*WHERE repo_id = /);
says('a write', "INSERT INTO hub.models (id) VALUES ('me/mine')", qr/0A000.*cannot insert into foreign table "models"/);
says('a sync in a transaction', "BEGIN; CALL hub_sync('hub', 's');", qr/2D000/, qr/HINT: .*autocommit/);
says('a sync of a kind that is not there', "CALL hub_sync('hub', 's', '{model}')", qr/22023.*"model"/, qr/HINT: .*models, /);

# ---- no network, and a server that is no Hub
$node->safe_psql('postgres', q{CREATE SERVER nobody FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'http://127.0.0.1:1', max_retries '0');
	CREATE SCHEMA nobody; IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER nobody INTO nobody});
says('nobody answers', 'SELECT id FROM nobody.models LIMIT 1', qr{HV00N.*could not connect to http://127\.0\.0\.1:1}, qr/HINT: .*"endpoint" and "proxy"/);
my $socket = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1') or die $!;
my $page = fork // die $!;
if ($page == 0)
{
	$SIG{TERM} = 'DEFAULT';		# not to end as the test would, which stops the server
	alarm 60;
	while (my $client = $socket->accept)
	{
		sysread $client, my $asked, 4096;
		print $client "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\nConnection: close\r\n\r\n<html>hi</html>";
		close $client;
	}
	POSIX::_exit(0);
}
$node->safe_psql('postgres', "CREATE SERVER page FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint 'http://127.0.0.1:@{[ $socket->sockport ]}', max_retries '0');
	CREATE SCHEMA page; IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER page INTO page");
says('a web page where the Hub should be', 'SELECT id FROM page.models LIMIT 1', qr/ERROR: +\w{5}: .*(127\.0\.0\.1|JSON)/, qr{HINT|DETAIL});
kill 'TERM', $page;
waitpid $page, 0;

# ---- statistics
says('a reader of another type', q{SELECT gini('a'::text)}, qr/42883.*gini\(text\) does not exist/);
says('a reader of another summary', q{SELECT gini(lineage_agg('a', 'b'))}, qr/42883.*gini\(lineage_summary\)/);
says('nonsense for a summary', q{SELECT gini('nonsense'::distribution_summary)}, qr/22P02/, qr/DETAIL: .*base64/);
says('a negative fraction', 'SELECT pareto_share(distribution_agg(x), -0.1) FROM generate_series(1, 3) x', qr/22003.*pareto_share must be between 0 and 1, not -0\.1/);
says('a percentage for a fraction', 'SELECT percentile(distribution_agg(x), 50) FROM generate_series(1, 3) x', qr/22003.*percentile must be between 0 and 1, not 50/);
says('a negative value', 'SELECT gini(-x) FROM generate_series(1, 3) x', qr/22003/, qr/DETAIL: .*not negative/);
is($node->safe_psql('postgres', 'SELECT gini(NULL::distribution_summary) IS NULL, gini(x) IS NULL FROM (SELECT 1::bigint WHERE false) q(x)'), 't|t', 'nothing gives NULL');

# ---- what psql shows
my $all = shows('\dx+ pghub', qr/function gini\(distribution_summary\)/, qr/type lineage_summary/, qr/view hub_stats/);
shows('\dx pghub', qr/^pghub\|1\.0\|(1\.0\|)?public\|\w.+Hub/m);
shows('\dew+', qr/^hub_fdw\|/m);
shows('\det+ hub.*', qr/^hub\|models\|hub\|.*\|\w.+/m);
shows('\d+ hub.models', qr/^downloads\|bigint\|.*\|\w.+ \w.+$/m);
shows('\dT+ *_summary', qr/^public\|distribution_summary\|.*\|\w.+$/m);
shows('\da+ gini', qr/^public\|gini\|double precision\|bigint\|\w.+$/m);
shows('\df+ pareto_share', qr/immutable\|safe\|.*\|\w.+$/m);
# settings are known from the first use in a session on
shows("SELECT gini(1.0);\n\\dconfig+ pghub.*", qr/^pghub\.max_requests\|/m);
shows('\dy', qr/hub_comment_imported/);
is($node->safe_psql('postgres', q{SELECT string_agg(a.attname, ', ') FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
	WHERE c.relnamespace = 'hub'::regnamespace AND attnum > 0 AND NOT attisdropped AND col_description(c.oid, attnum) IS NULL}), '', 'every column of every table says what it is');
# completion offers names that need no quotes
is($node->safe_psql('postgres', q{SELECT string_agg(n, ', ') FROM (
	SELECT relname AS n FROM pg_class WHERE relnamespace = 'hub'::regnamespace UNION ALL
	SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'hub'::regnamespace AND attnum > 0 UNION ALL
	SELECT proname FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e') q
	WHERE quote_ident(n) <> n AND n NOT IN (SELECT word FROM pg_get_keywords() WHERE catcode = 'C')}), '', 'no name needs quotes');

$node->stop;
done_testing();
