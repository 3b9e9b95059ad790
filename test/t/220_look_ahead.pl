# Look-ahead: every kind of join gives the plain loop's rows, each key is asked
# once, and what nobody asked for never fails.
use strict;
use warnings;
use Test::More;
use IPC::Run;
use StandIn;
use HubNode;

my $hub = StandIn->new(models => 1200, seed => 11);
my $node = HubNode->new('look_ahead', $hub, max_concurrency => 4);
$node->copy_rows;
$node->compare_rows;
my $all = "ARRAY['', 'enable_hashjoin', 'enable_mergejoin', 'enable_hashjoin+enable_mergejoin', 'enable_hashjoin+enable_mergejoin+enable_material',
	'enable_memoize+enable_hashjoin', 'enable_nestloop']";
my $details = 'model_details d';

my %queries = (
	'inner' => "SELECT w.n, d.id, d.used_storage FROM wanted w JOIN $details ON d.id = w.id",
	'left' => "SELECT w.n, d.used_storage FROM wanted w LEFT JOIN $details ON d.id = w.id",
	'left with a condition' => "SELECT w.n, d.likes FROM wanted w LEFT JOIN $details ON d.id = w.id AND d.likes > 2",
	'right' => "SELECT w.n, d.likes FROM $details RIGHT JOIN wanted w ON d.id = w.id",
	'semi' => "SELECT n FROM wanted w WHERE EXISTS (SELECT FROM $details WHERE d.id = w.id AND d.likes > 0)",
	'anti' => "SELECT n FROM wanted w WHERE NOT EXISTS (SELECT FROM $details WHERE d.id = w.id AND d.likes > 0)",
	'in' => "SELECT n FROM wanted w WHERE w.id IN (SELECT d.id FROM $details WHERE d.author = w.author AND d.id = w.id)",
	'unique outer' => "SELECT d.id, d.likes FROM $details WHERE d.id IN (SELECT id FROM wanted)",
	'not in' => "SELECT n FROM wanted w WHERE n < 9 AND w.n NOT IN (SELECT length(d.id) FROM $details WHERE d.id = w.id)",
	'two of ours' => "SELECT m.id, d.used_storage FROM models m JOIN $details ON d.id = m.id WHERE m.author = 'aurora-lab'",
	'chain' => "SELECT w.n, m.likes, d.used_storage, f.path FROM wanted w JOIN models m ON m.id = w.id JOIN $details ON d.id = m.id JOIN repo_files f ON f.repo_id = d.id",
	'chain of left joins' => "SELECT w.n, m.likes, d.likes FROM wanted w LEFT JOIN models m ON m.id = w.id AND m.likes > 1 LEFT JOIN $details ON d.id = m.id",
	'nullable key' => "SELECT w.n, s.key, d.likes FROM wanted w LEFT JOIN (SELECT id, coalesce(pipeline_tag, 'x') AS task, id || '' AS key FROM models) s ON s.id = w.id
		LEFT JOIN $details ON d.id = s.key WHERE w.n < 20",
	'lateral' => "SELECT w.n, s.path FROM wanted w, LATERAL (SELECT f.path FROM repo_files f WHERE f.repo_id = w.id ORDER BY f.path LIMIT 2) s",
	'correlated' => "SELECT w.n, (SELECT d.used_storage FROM $details WHERE d.id = w.id) AS used FROM wanted w",
	'limit inside' => "SELECT w.n, d.id FROM (SELECT * FROM wanted ORDER BY n LIMIT 7) w JOIN $details ON d.id = w.id",
	'limit outside' => "SELECT w.n, d.id FROM wanted w JOIN $details ON d.id = w.id ORDER BY w.n LIMIT 5",
	'materialized' => "WITH c AS MATERIALIZED (SELECT id, n FROM wanted WHERE n < 30) SELECT c.n, d.id FROM c JOIN $details ON d.id = c.id",
	'recursive' => "WITH RECURSIVE r(n, id) AS (SELECT n, id FROM wanted WHERE n = 1 UNION ALL SELECT w.n, d.id FROM r JOIN wanted w ON w.n = r.n + 1 JOIN $details ON d.id = w.id WHERE r.n < 6) SELECT * FROM r",
	'aggregate' => "SELECT w.author, count(*), sum(d.likes) FROM wanted w JOIN $details ON d.id = w.id GROUP BY w.author",
	'computed key' => "SELECT w.n, d.id FROM wanted w JOIN $details ON d.id = w.author || '/' || split_part(w.id, '/', 2)",
	'array key' => "SELECT w.n, d.id FROM wanted w JOIN $details ON d.id = ANY (ARRAY[w.id, 'x/y', w.id]) WHERE w.n < 12",
	'constant beside the key' => "SELECT w.n, f.path FROM wanted w JOIN repo_files f ON f.repo_id = w.id AND f.repo_type = 'model'",
	'two keys' => "SELECT f.path FROM (SELECT id, CASE WHEN n > 2 THEN 'model' END AS kind FROM wanted WHERE n < 9) w JOIN repo_files f ON f.repo_id = w.id AND f.repo_type = w.kind",
	'rescans' => "SELECT g, c FROM generate_series(1, 3) g CROSS JOIN LATERAL (SELECT count(d.likes) AS c FROM wanted w LEFT JOIN $details ON d.id = w.id WHERE w.n % 3 = g % 3) s",
	'itself' => "SELECT w.n, d.id, e.likes FROM wanted w JOIN $details ON d.id = w.id JOIN model_details e ON e.id = d.id",
	'union' => "SELECT u.n, d.id FROM (SELECT id, n FROM wanted WHERE n < 5 UNION ALL SELECT id, -n FROM wanted WHERE n < 9) u JOIN $details ON d.id = u.id",
	'distinct' => "SELECT DISTINCT d.author FROM wanted w JOIN $details ON d.id = w.id",
	'window' => "SELECT w.n, rank() OVER (ORDER BY d.likes) FROM wanted w JOIN $details ON d.id = w.id",
	'volatile outer' => "SELECT s.n, d.id FROM (SELECT n, id FROM wanted w WHERE random() >= 0) s JOIN $details ON d.id = s.id",
	'system column' => "SELECT w.n, w.ctid IS NOT NULL AS there, d.id FROM wanted w JOIN $details ON d.id = w.id",
	'files of a list' => "SELECT f.repo_id, f.path FROM (SELECT id FROM copy.models ORDER BY md5(id) LIMIT 20) m JOIN repo_files f ON f.repo_id = m.id");
my $script = join '', map { "SELECT '$_', count(*), min(problem) FROM differs(\$q\$$queries{$_}\$q\$, $all);\n" } sort keys %queries;
my ($out, $err) = $node->both($script);
my %found = map { my ($name, $n, $what) = split /\|/, $_, 3; ($name => [ $n, $what ]) } split /\n/, $out;
for my $name (sort keys %queries)
{
	is($found{$name} ? $found{$name}[0] : 'nothing', 0, "$name: as the copy, 7 settings with and without") or diag $found{$name}[1] // $err;
}

# ---- it is there, and asks each key once
my ($plan) = $node->value("EXPLAIN (VERBOSE) $queries{inner}");
like($plan, qr/Custom Scan \(Hub Look-Ahead\).*Window: 16 rows.*Announced Key: w\.id/s, 'EXPLAIN shows the node, its window and key');
unlike($node->value("SET pghub.look_ahead = off; EXPLAIN (VERBOSE) $queries{inner}"), qr/Look-Ahead/, 'pghub.look_ahead = off');
for my $name ('inner', 'left', 'semi', 'unique outer', 'chain', 'two of ours', 'files of a list')
{
	like($node->value("EXPLAIN $queries{$name}"), qr/Hub Look-Ahead/, "$name: a look-ahead");
}
for my $name ('inner', 'left', 'rescans', 'itself')
{
	my ($result, $said, @asked) = $node->asked($queries{$name});
	my %times;
	$times{$_}++ for @asked;
	cmp_ok(scalar @asked, '<=', 41 * ($name eq 'itself' ? 2 : 1), "$name: each key is asked once, what cannot be never");
}
$plan = $node->value("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, COSTS OFF) $queries{inner}");
like($plan, qr/Rows Read: 49.*Keys Announced: 41.*Keys Asked: 41.*Waits: \d+/s, 'EXPLAIN ANALYZE counts') or diag $plan;

# ---- no more than needed under a LIMIT; failures only where asked
my ($result, $said, @asked) = $node->asked("SELECT w.n, d.id FROM wanted w JOIN $details ON d.id = w.id LIMIT 3");
cmp_ok(scalar @asked, '<=', 8, 'LIMIT 3: the window grows from one');
my ($id) = split /\n/, $node->value("SELECT id FROM wanted WHERE n = 4");
$hub->faults({ action => 'status', status => 403, match => { path => $id }, times => -1 });
($result, $said) = $node->both("SELECT w.n FROM (SELECT * FROM wanted ORDER BY n OFFSET 0) w JOIN $details ON d.id = w.id LIMIT 3");
is($result, "1\n2\n3", 'a look-up that fails hurts nobody who does not ask') or diag $said;
($result, $said) = $node->both("SELECT w.n FROM (SELECT * FROM wanted ORDER BY n OFFSET 0) w JOIN $details ON d.id = w.id LIMIT 4");
like($said, qr/42501/, 'and fails for who does');
$hub->clear;
($result, $said) = $node->both("SELECT w.n FROM (VALUES (1, 'model', '$id'), (2, 'nonsense', '$id')) w(n, kind, id) JOIN repo_files f ON f.repo_id = w.id AND f.repo_type = w.kind LIMIT 1");
is($result, 1, 'an input that cannot be asked for, likewise') or diag $said;

# ---- a chain without ANALYZE lists no table
$node->value('CREATE TABLE fresh AS SELECT id FROM wanted');
($result, $said, @asked) = $node->asked("SELECT count(*) FROM fresh w JOIN models m ON m.id = w.id JOIN $details ON d.id = m.id JOIN repo_files f ON f.repo_id = m.id");
is(scalar(grep { /^\/api\/models\?/ } @asked), 0, 'a chain of three lists nothing') or diag $node->value("EXPLAIN SELECT count(*) FROM fresh w JOIN models m ON m.id = w.id JOIN $details ON d.id = m.id JOIN repo_files f ON f.repo_id = m.id");

# ---- plans that are kept
for my $mode ('force_generic_plan', 'force_custom_plan', 'auto')
{
	my $seven = join '', map { "EXECUTE p($_);" } 1 .. 7;
	for my $text ("SELECT w.n, d.likes FROM wanted w JOIN $details ON d.id = w.id WHERE w.n < \$1 ORDER BY 1",
		'SELECT id, likes FROM models WHERE author = (SELECT author FROM wanted WHERE n = $1) ORDER BY 1',
		'SELECT id, likes FROM models WHERE id = ANY (ARRAY(SELECT id FROM wanted WHERE n < $1)) ORDER BY 1',
		'SELECT likes FROM models ORDER BY likes DESC LIMIT $1', 'SELECT count(*) FROM models WHERE likes > $1')
	{
		my @sides = map { $node->value("SET plan_cache_mode = $mode; SET search_path = $_, public; PREPARE p(int) AS $text; $seven") } 'hub', 'copy';
		is($sides[0], $sides[1], "seven times, $mode: $text");
	}
}
my $loop = "DO \$\$ DECLARE r record; s bigint := 0; BEGIN FOR i IN 1 .. 7 LOOP
	FOR r IN SELECT w.n, d.likes FROM wanted w JOIN $details ON d.id = w.id WHERE w.n < i LOOP s := s + r.n * 1000 + r.likes; END LOOP;
	END LOOP; RAISE NOTICE 'sum %', s; END \$\$";
my @sums = map { ($node->both("SET search_path = $_, public; $loop"))[1] =~ /sum (\d+)/ } 'hub', 'copy';
is($sums[0], $sums[1], 'seven times within PL/pgSQL');
for my $text ("DECLARE c CURSOR FOR SELECT w.n, d.likes FROM wanted w JOIN $details ON d.id = w.id", "DECLARE c SCROLL CURSOR FOR SELECT w.n, d.likes FROM (SELECT * FROM wanted ORDER BY n) w JOIN $details ON d.id = w.id")
{
	is($node->value("BEGIN; $text; FETCH 3 FROM c; FETCH 5 FROM c; FETCH ALL FROM c; COMMIT") =~ tr/\n//, 44, 'a cursor');
}
is($node->value("BEGIN; DECLARE a CURSOR FOR SELECT w.n FROM wanted w JOIN $details ON d.id = w.id; DECLARE b CURSOR FOR SELECT w.n FROM wanted w JOIN $details ON d.id = w.id;
	FETCH 2 FROM a; FETCH 2 FROM b; FETCH 2 FROM a; CLOSE a; FETCH ALL FROM b; COMMIT") =~ tr/\n//, 48, 'two cursors at once');
($result, $said) = $node->both("BEGIN; DECLARE a CURSOR FOR SELECT w.n FROM wanted w JOIN $details ON d.id = w.id; FETCH 2 FROM a; SAVEPOINT s;
	SELECT 1 / (d.likes - d.likes) FROM wanted w JOIN $details ON d.id = w.id; ROLLBACK TO s; FETCH 2 FROM a; SELECT count(*) FROM wanted w JOIN $details ON d.id = w.id; COMMIT");
is((split /\n/, $result)[-1], 45, 'after an error within a savepoint');
SKIP:
{
	skip 'EXPLAIN (GENERIC_PLAN) came with 16', 1 if $node->value('SHOW server_version_num') < 160000;
	like($node->value("EXPLAIN (GENERIC_PLAN, VERBOSE) SELECT w.n, d.likes FROM wanted w JOIN $details ON d.id = w.id WHERE w.n < \$1"), qr/Look-Ahead/, 'GENERIC_PLAN');
}

# ---- a partition that is a foreign table
$node->value("CREATE TABLE parts (id text, likes bigint, private boolean) PARTITION BY LIST (private);
	CREATE FOREIGN TABLE parts_hub PARTITION OF parts FOR VALUES IN (false) SERVER hub OPTIONS (resource 'models');
	CREATE TABLE parts_local PARTITION OF parts FOR VALUES IN (true); INSERT INTO parts VALUES ('x/y', 7, true)");
is($node->value("SELECT count(*), sum(likes) FROM parts"), $node->value("SELECT count(*) + 1, sum(likes) + 7 FROM copy.models"), 'a partition tree');
is($node->value("SELECT count(*), sum(p.likes) FROM wanted w JOIN parts p ON p.id = w.id"), $node->value("SELECT count(*), sum(p.likes) FROM wanted w JOIN copy.models p ON p.id = w.id"), 'joined');
is($node->value("SELECT p.likes FROM parts p ORDER BY p.likes DESC LIMIT 5"), $node->value("SELECT p.likes FROM copy.models p ORDER BY p.likes DESC LIMIT 5"), 'sorted');

# ---- rows that change meanwhile
sub concurrent
{
	my ($schema, $ahead, $sql) = @_;
	my ($in, $first, $trouble) = ("SET client_min_messages = warning; DROP TABLE IF EXISTS public.moving; CREATE TABLE public.moving AS SELECT * FROM wanted WHERE n <= 5; BEGIN;
		UPDATE public.moving SET id = (SELECT id FROM wanted WHERE n = 30) WHERE n = 2; UPDATE public.moving SET downloads = -1 WHERE n = 3;\n\\echo ready\nSELECT pg_sleep(1.2); COMMIT;\n", '', '');
	my $run = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->node->connstr('postgres') ], '<', \$in, '>', \$first, '2>', \$trouble, IPC::Run::timeout(60));
	$run->pump until $first =~ /ready/;
	my $answer = $node->value("SET search_path = $schema, public; SET pghub.look_ahead = $ahead; SET enable_hashjoin = off; SET enable_mergejoin = off; $sql");
	$run->finish;
	return $answer;
}
for my $sql ("SELECT * FROM (SELECT w.n, w.id, w.downloads, d.likes FROM moving w JOIN $details ON d.id = w.id FOR UPDATE OF w) s ORDER BY 1",
	"WITH u AS (UPDATE moving w SET author = d.author || d.likes FROM $details WHERE d.id = w.id AND w.downloads >= 0 RETURNING w.n, w.author) SELECT * FROM u ORDER BY 1")
{
	my $expected = concurrent('copy', 'off', $sql);
	is(concurrent('hub', 'off', $sql), $expected, "concurrent update, plain: $sql");
	is(concurrent('hub', 'on', $sql), $expected, 'and with look-ahead');
}

$node->stop;
$hub->stop;
done_testing();
