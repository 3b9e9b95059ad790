# ANALYZE: within its budget of requests, with statistics that fit the rows and
# plans that follow; and what happens where it cannot.
use strict;
use warnings;
use Test::More;
use StandIn;
use HubNode;

my $hub = StandIn->new(models => 2500, seed => 5, token => 'hf_owner');
my $url = $hub->url;
my $node = HubNode->new('hub_analyze', $hub, viewer_endpoint => $url, max_retries => 0);
$node->copy_rows;
$node->value("CREATE SCHEMA ds;
	IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO ds OPTIONS (dataset 'standin/large')");

sub tuples { my ($table) = @_; return $node->value("SELECT reltuples FROM pg_class WHERE oid = '$table'::regclass") }
sub stat_of { my ($table, $column, $what) = @_; my ($schema, $name) = split /\./, $table;
	return $node->value("SELECT $what FROM pg_stats WHERE schemaname = '$schema' AND tablename = '$name' AND attname = '$column'") }
sub rows_of { my ($sql) = @_; return $node->value("EXPLAIN (FORMAT JSON) $sql") =~ /"Plan Rows": (\d+)/ ? $1 : -1 }
sub near { my ($got, $expected, $factor, $name) = @_;
	ok($got <= $expected * $factor && $got >= $expected / $factor, "$name: $got, truly $expected"); return }

# ---- a list: its newest part, the total stays an estimate
is(tuples('hub.models'), -1, 'never analysed');
my ($out, $err, @asked) = $node->asked('ANALYZE VERBOSE hub.models');
is(scalar @asked, 10, 'ten requests');
is(scalar(grep { /sort=createdAt/ && /expand=cardData/ && /limit=100(&|$)/ } @asked), 10, 'of all columns, newest first');
like($err, qr/INFO: .*"models": read 1000 rows in 10 requests; 1000 rows in sample, 3000000 estimated total rows.*newest part of the list/s, 'it says so');
near(tuples('hub.models'), 3e6, 1.01, 'rows of the catalogue');
for my $column (qw(card_data pipeline_tag base_model_relation inference))
{
	near(stat_of('hub.models', $column, 'null_frac'), $node->value("SELECT (count(*) FILTER (WHERE $column IS NULL))::float8 / count(*) FROM copy.models"),
		1.2, "$column: share of NULLs");
}
like(stat_of('hub.models', 'pipeline_tag', 'most_common_vals'), qr/^\{text-generation,/, 'common values');
near(rows_of("SELECT FROM models WHERE pipeline_tag = 'text-generation'"),
	3e6 * $node->value("SELECT avg((pipeline_tag IS NOT DISTINCT FROM 'text-generation')::int) FROM copy.models"), 1.2, 'rows with a task');
near(rows_of('SELECT author FROM models GROUP BY 1'), stat_of('hub.models', 'author', 'n_distinct'), 1.1, 'groups');
$node->value("ALTER FOREIGN TABLE models OPTIONS (ADD estimated_rows '5000')");
$node->value('ANALYZE models');
is(tuples('hub.models'), 5000, 'estimated_rows counts for more');
$node->value('ALTER FOREIGN TABLE models OPTIONS (DROP estimated_rows)');

# ---- what makes it cheaper or wider
my $heavy = join ', ', map { "ALTER COLUMN $_ SET STATISTICS 0" } split /\n/, $node->value(
	"SELECT attname FROM pg_attribute WHERE attrelid = 'hub.models'::regclass AND attname IN ('card_data', 'config', 'siblings')");
$node->value("ALTER FOREIGN TABLE hub.models $heavy");
$node->value('DELETE FROM pg_statistic WHERE starelid = $$hub.models$$::regclass');
($out, $err, @asked) = $node->asked('ANALYZE VERBOSE hub.models');
is(scalar @asked, 3, 'without the columns that make pages small: three requests');
unlike("@asked", qr/cardData/, 'and what has no statistics is not asked for');
is(tuples('hub.models'), 2500, 'the list ended: its rows are known');
is(stat_of('hub.models', 'card_data', 'count(*)'), 0, 'no statistics of what was left out');
($out, $err, @asked) = $node->asked('SET default_statistics_target = 1; ANALYZE hub.models');
is(scalar @asked, 1, 'no page more than the sample has room for');
$node->value("ALTER SERVER hub OPTIONS (ADD analyze_pages '2')");
($out, $err, @asked) = $node->asked('ANALYZE hub.models');
is(scalar @asked, 2, 'analyze_pages');
near(tuples('hub.models'), 3e6, 1.01, 'then the total is unknown again');
$node->value("ALTER SERVER hub OPTIONS (DROP analyze_pages)");

# ---- other lists
for my $case ([ trending => 20, 1 ], [ kernels => 130, 3 ], [ papers => 400, 8 ], [ daily_papers => 400, 5 ], [ tags => $node->value('SELECT count(*) FROM hub.tags'), 1 ])
{
	my ($table, $rows, $requests) = @$case;
	($out, $err, @asked) = $node->asked("ANALYZE hub.$table");
	is(tuples("hub.$table") . ' ' . scalar @asked, "$rows $requests", "$table: rows and requests");
}

# ---- plans follow: papers were taken for many, and are few
$node->value('CREATE TABLE local AS SELECT \'2601.\' || n AS id, n FROM generate_series(1, 3000) n; ANALYZE local;
	DELETE FROM pg_statistic WHERE starelid = $$hub.papers$$::regclass; UPDATE pg_class SET reltuples = -1 WHERE oid = $$hub.papers$$::regclass');
my $join = 'EXPLAIN (COSTS OFF) SELECT count(*) FROM local JOIN papers ON papers.title = local.id';
like($node->value("SET enable_mergejoin = off; $join"), qr/Hash\n.*Seq Scan on local/, 'before: the local table is hashed');
$node->value('ANALYZE hub.papers');
like($node->value("SET enable_mergejoin = off; $join"), qr/Hash\n.*Foreign Scan on papers/, 'after: the papers are');

# ---- a dataset: pages at random, the total is known
($out, $err, @asked) = $node->asked('ANALYZE VERBOSE ds.default_train');
is(scalar @asked, 10, 'a dataset: ten requests');
my %offsets = map { /offset=(\d+)/ ? ($1 => 1) : (0 => 1) } @asked;
is(scalar(keys %offsets), 10, 'of ten pages');
cmp_ok((sort { $b <=> $a } keys %offsets)[0], '>', 2500, 'not the first ten');
is(scalar(grep { $_ % 100 } keys %offsets), 0, 'whole ones');
like($err, qr/read 1000 rows in 10 requests; 1000 rows in sample, 10000 known total rows/, 'it says so');
is(tuples('ds.default_train'), 10000, 'all rows are counted');
is(stat_of('ds.default_train', 'row_idx', "n_distinct || ' ' || correlation"), '-1 1', 'row_idx is unique and in order');
near(rows_of('SELECT FROM ds.default_train WHERE n < 3000'), 1000 * grep({ $_ < 3000 } keys %offsets), 1.2, 'a range, by the pages read');
my @again = ($node->asked('ANALYZE ds.default_train'))[ 2 .. 11 ];
isnt("@{[ sort @again ]}", "@{[ sort @asked ]}", 'other pages the next time');
for my $case ([ 'standin/empty', 0, 1 ], [ 'standin/configs', 250, 3 ])
{
	my ($dataset, $rows, $requests) = @$case;
	$node->value("DROP SCHEMA IF EXISTS d CASCADE; CREATE SCHEMA d; IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO d OPTIONS (dataset '$dataset')");
	my $table = $node->value("SELECT min(oid::regclass::text) FROM pg_class WHERE relnamespace = 'd'::regnamespace");
	($out, $err, @asked) = $node->asked("ANALYZE $table");
	is(tuples($table) . ' ' . scalar @asked, "$rows $requests", "$dataset: rows and requests");
	is($node->value("SELECT count(*) FROM $table"), $rows, '… which are all');
}
$node->value("DROP SCHEMA d CASCADE; CREATE SCHEMA d; IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO d OPTIONS (dataset 'standin/partial')");
($out, $err) = $node->both('ANALYZE d.default_train');
like($err, qr/ERROR: .*HV000.*only a part of this dataset.*HINT.*partial/s, 'a partial dataset is refused as by a scan');

# ---- a table that needs a key
($out, $err, @asked) = $node->asked('ANALYZE hub.repo_files');
is(scalar @asked, 0, 'a keyed table: no request');
like($err, qr/NOTICE: .*"repo_files" has no list to sample.*one value of "repo_id" at a time.*expects 20 rows for each.*estimated_rows/s, 'a notice tells why, and what helps');
like($err, qr/WARNING: .*skipping "repo_files"/, 'the server skips it');
unlike($err, qr/ERROR/, 'no error');
near(rows_of("SELECT FROM repo_files WHERE repo_id = 'a/b'"), 20, 1.01, 'rows of one key');
my $keyed = 'SELECT FROM local JOIN repo_files f ON f.repo_id = local.id';
near(rows_of($keyed), 60000, 1.1, 'rows of a join');
$node->value("ALTER FOREIGN TABLE repo_files OPTIONS (ADD estimated_rows '50')");
near(rows_of("SELECT FROM repo_files WHERE repo_id = 'a/b'"), 50, 1.01, 'estimated_rows is of one key');
near(rows_of($keyed), 150000, 1.1, '… in joins too');

# ---- cancel, errors, limits: nothing is half written
$node->value('ANALYZE hub.kernels');
my $before = $node->value('SELECT md5(string_agg(s::text, $$$$ ORDER BY staattnum)) FROM pg_statistic s WHERE starelid = $$hub.kernels$$::regclass');
$hub->faults({ action => 'stall', where => 'body', seconds => 20, match => { path => 'kernels', nth => 2 } });
my $began = time;
($out, $err) = $node->both("SET statement_timeout = '300ms'; ANALYZE hub.kernels");
like($err, qr/57014.*canceling statement/, 'cancel in the second page');
cmp_ok(time - $began, '<', 10, 'at once');
$hub->faults({ action => 'status', status => 500, match => { path => 'kernels', nth => 2 } });
($out, $err) = $node->both('ANALYZE hub.kernels');
like($err, qr/ERROR: .*HV00\w.*500/s, 'an error of the Hub is one of ANALYZE');
$hub->faults({ action => 'html', match => { path => 'kernels', nth => 1 } });
($out, $err) = $node->both('ANALYZE hub.kernels');
like($err, qr/ERROR: .*HV00\w/s, 'so is a page that is not JSON');
$hub->clear;
($out, $err) = $node->both('SET pghub.max_requests = 2; ANALYZE hub.kernels');
like($err, qr/53400.*max_requests/s, 'pghub.max_requests');
is($node->value('SELECT md5(string_agg(s::text, $$$$ ORDER BY staattnum)) FROM pg_statistic s WHERE starelid = $$hub.kernels$$::regclass'), $before,
	'statistics stay as they were');
$hub->faults({ action => 'invalid_json', match => { path => 'kernels', nth => 2 } });
$node->value("ALTER SERVER hub OPTIONS (SET max_retries '2')");
($out, $err, @asked) = $node->asked('ANALYZE hub.kernels');
is(tuples('hub.kernels') . ' ' . scalar @asked, '130 4', 'a damaged page is asked for again, and counts once');
$hub->clear;

# ---- whose token: the owner's
$node->value("CREATE ROLE anna; GRANT USAGE ON FOREIGN SERVER hub TO anna; GRANT USAGE, CREATE ON SCHEMA hub TO anna;
	CREATE USER MAPPING FOR anna SERVER hub OPTIONS (token 'hf_owner'); ALTER FOREIGN TABLE hub.kernels OWNER TO anna");
$node->value('ANALYZE hub.kernels');
is(scalar(grep { ($_->{authorization} // '') eq 'Bearer hf_owner' } $hub->log), 3, 'the owner\'s token is sent, whoever analyses');

# ---- a tree with foreign children
$node->value("CREATE TABLE tree (kind text, id text, likes bigint) PARTITION BY LIST (kind);
	CREATE TABLE tree_here PARTITION OF tree FOR VALUES IN ('here');
	INSERT INTO tree SELECT 'here', 'x/' || n, n FROM generate_series(1, 500) n;
	CREATE FOREIGN TABLE tree_there PARTITION OF tree FOR VALUES IN ('there') SERVER hub OPTIONS (resource 'kernels')") ;
($out, $err) = $node->both('ANALYZE tree');
like($err, qr/has no column "kind"/, 'a partition with a column that the Hub does not have is an error');
$node->value("DROP TABLE tree CASCADE; CREATE TABLE tree (id text, likes bigint);
	CREATE TABLE tree_here () INHERITS (tree); INSERT INTO tree_here SELECT 'x/' || n, n FROM generate_series(1, 500) n;
	CREATE FOREIGN TABLE tree_there () INHERITS (tree) SERVER hub OPTIONS (resource 'kernels', estimated_rows '130')");
($out, $err, @asked) = $node->asked('ANALYZE tree');
cmp_ok(scalar @asked, '>', 0, 'a tree: its foreign child is asked');
# from 18 on a parent's children are analysed for themselves too
cmp_ok(scalar @asked, '<=', 3 * ($node->value('SHOW server_version_num') >= 180000 ? 2 : 1), '… within its size');
is($node->value("SELECT count(*) FROM pg_stats WHERE tablename = 'tree' AND inherited AND attname = 'likes'"), 1, 'statistics of the whole tree');

$node->stop;
$hub->stop;
done_testing();
