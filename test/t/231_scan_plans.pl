# Kinds of plans: what they ask the Hub for, whose token goes along, and that
# their rows are those of a copy.
use strict;
use warnings;
use IPC::Run;
use Test::More;
use StandIn;
use HubNode;

my $hub = StandIn->new(models => 1200, seed => 31, token => 'hf_anna');
my $node = HubNode->new('scan_plans', $hub, viewer_endpoint => $hub->url, max_concurrency => 4);
$node->copy_rows;
$node->value("CREATE TABLE copy.datasets AS SELECT * FROM hub.datasets; ANALYZE copy.datasets;
	CREATE TABLE public.wanted AS SELECT id, author, downloads, row_number() OVER (ORDER BY md5(id))::int AS n FROM copy.models ORDER BY md5(id) LIMIT 12; ANALYZE wanted");
my $jit = 'SET jit = off; ';

# The rows of the copy, by at most so many requests, the first of them matching.
sub asks
{
	my ($requests, $like, $sql, $name, $set) = @_;
	$set //= '';
	my ($out, $err, @asked) = $node->asked("$jit $set $sql");
	is($out, $node->value("$jit SET search_path = copy, public; $sql"), "$name: rows") or diag $err;
	cmp_ok(scalar @asked, '<=', $requests, "$name: requests") or diag join "\n", @asked;
	like($asked[0] // '', $like, "$name: the first") if $like;
	return @asked;
}

# ---- one row will do
asks(1, qr/author=aurora-lab.*limit=1$/, "SELECT EXISTS (SELECT FROM models WHERE author = 'aurora-lab')", 'EXISTS');
asks(1, qr/sort=likes&limit=1$/, 'SELECT 1 WHERE NOT EXISTS (SELECT FROM models WHERE likes > 100000000)', 'NOT EXISTS below a bound');
asks(4, qr/limit=100$/, "SELECT EXISTS (SELECT FROM models WHERE id LIKE 'zzz%')", 'EXISTS with a local condition reads on, by larger pages');
asks(2, undef, "SELECT EXISTS (SELECT author FROM models GROUP BY author HAVING count(*) > 100000)", 'EXISTS of groups reads all');
asks(1, qr/sort=downloads&limit=1$/, 'SELECT max(downloads) FROM models', 'max');
asks(1, qr/sort=created_?[aA]t&limit=1$/, 'SELECT max(created_at) FROM models', 'max of a date');
asks(1, undef, "SELECT max(downloads) FROM models WHERE author = 'aurora-lab'", 'max of an author');
asks(2, undef, 'SELECT min(downloads) FROM models', 'min has no order to ask for');
asks(2, undef, 'SELECT max(trending_score) FROM models', 'max of what may be missing');

# ---- order and limits inside
asks(12, qr/author=.*sort=downloads&limit=1$/, 'SELECT w.n, (SELECT m.downloads FROM models m WHERE m.author = w.author ORDER BY m.downloads DESC LIMIT 1) FROM wanted w ORDER BY 1', 'correlated, with a limit');
asks(6, qr/sort=downloads&limit=2$/, 'SELECT w.n, s.downloads FROM wanted w, LATERAL (SELECT m.downloads FROM models m WHERE m.author = w.author ORDER BY m.downloads DESC LIMIT 2) s WHERE w.n < 7 ORDER BY 1, 2', 'LATERAL, with a limit');
asks(12, undef, 'SELECT n FROM wanted w WHERE EXISTS (SELECT FROM models m WHERE m.id = w.id AND m.likes >= 0 OFFSET 0) ORDER BY 1', 'a correlated EXISTS');
asks(2, undef, 'SELECT count(*) FROM wanted w WHERE (SELECT count(*) FROM models m WHERE m.likes > w.n) > 10', 'correlated by what cannot be pushed: one list');
asks(1, qr/limit=3$/, 'SELECT downloads FROM (SELECT downloads FROM models ORDER BY downloads DESC LIMIT 3) q ORDER BY downloads', 'a limit in a sub-query');
asks(1, qr/limit=3$/, 'WITH c AS MATERIALIZED (SELECT downloads FROM models ORDER BY downloads DESC LIMIT 3) SELECT count(*), sum(downloads) FROM c', 'in a CTE');
asks(2, qr/sort=downloads/, 'SELECT DISTINCT ON (downloads) downloads FROM models ORDER BY downloads DESC LIMIT 3', 'DISTINCT ON');
asks(2, qr/sort=downloads/, 'SELECT downloads, count(*) FROM models GROUP BY 1 ORDER BY 1 DESC LIMIT 3', 'groups in order');
asks(2, qr/sort=downloads/, 'SELECT downloads, rank() OVER (ORDER BY downloads DESC) FROM models LIMIT 3', 'a window in order');
asks(2, qr/sort=likes/, 'SELECT likes FROM models ORDER BY likes DESC FETCH FIRST 5 ROWS WITH TIES', 'WITH TIES');

# ---- rows are kept where a rescan may come, though nothing announces it
for my $set ('', 'SET enable_hashjoin = off;', 'SET enable_hashjoin = off; SET enable_mergejoin = off;')
{
	asks(4, undef, 'SELECT v.n, (SELECT count(*) FROM models m JOIN datasets d ON d.downloads = m.downloads WHERE m.likes + d.likes > v.n) FROM generate_series(0, 3) v(n) ORDER BY 1',
		"a join in a correlated sub-query $set", $set);
}
asks(3, undef, 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r, LATERAL (SELECT count(*) AS c FROM models) m WHERE n < 4 AND c > 0) SELECT count(*) FROM r', 'the recursive part of a CTE');

# ---- merge joins on what the Hub sorts by
my $merge = 'SELECT m.downloads, count(*) FROM models m JOIN datasets d ON d.downloads = m.downloads GROUP BY 1 ORDER BY 1 DESC';
my $off = 'SET enable_hashjoin = off; SET enable_nestloop = off; ';
like($node->value("$off EXPLAIN (COSTS OFF) $merge"), qr/Merge Join(?!.*Sort Key)/s, 'a merge join without a sort');
my @lists = asks(4, undef, $merge, 'a merge join', $off);
is(scalar(grep { /sort=downloads/ } @lists), scalar @lists, 'both sides sorted by the Hub');
like($node->value("$off EXPLAIN (COSTS OFF) SELECT count(*) FROM wanted w JOIN models m ON m.downloads = w.downloads"), qr/Merge Join.*Sort Key: m\.downloads/s, 'an ascending one sorts here');
asks(2, undef, 'SELECT count(*) FROM wanted w JOIN models m ON m.downloads = w.downloads', 'and is right', $off);
asks(2, undef, 'SELECT w.n, m.id FROM wanted w FULL JOIN models m ON m.downloads = w.downloads AND m.id = w.id ORDER BY 1, 2 LIMIT 20', 'FULL JOIN', $off);
$node->value("CREATE SCHEMA ds; IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO ds OPTIONS (dataset 'standin/configs')");
like($node->value("$off EXPLAIN (COSTS OFF) SELECT a.a FROM ds.en_train a JOIN ds.de_train b USING (row_idx) ORDER BY row_idx"), qr/Merge Join(?!.*Sort Key)/s, 'rows of two datasets by row_idx');
is($node->value("$off SELECT count(*), sum(q.a - q.b) FROM (SELECT a.a, b.a AS b FROM ds.en_train a JOIN ds.de_train b USING (row_idx) ORDER BY row_idx) q"), '250|0', '… and are right');

# ---- prepared: NULL, generic, EXPLAIN
my ($out, $err, @asked) = $node->asked("SET plan_cache_mode = force_generic_plan; PREPARE p(text) AS SELECT count(*) FROM models WHERE author = \$1;
	EXECUTE p (NULL); EXECUTE p ('aurora-lab'); EXECUTE p (NULL)");
is($out, "0\n" . $node->value("SELECT count(*) FROM copy.models WHERE author = 'aurora-lab'") . "\n0", 'a parameter that is NULL');
is(scalar @asked, 1, '… asks nothing');
SKIP:
{
	skip 'EXPLAIN (GENERIC_PLAN) came with 16', 2 if $node->value('SHOW server_version_num') < 160000;
	($out, $err, @asked) = $node->asked('EXPLAIN (GENERIC_PLAN, VERBOSE, COSTS OFF) SELECT id FROM models WHERE author = $1 AND id = ANY ($2) LIMIT $3');
	like($out, qr/Request: GET \/api\/models\/\{\$2\}|Request: GET .*\{\$1\}/, 'GENERIC_PLAN shows the request');
	is(scalar @asked, 0, 'and asks nothing');
}

# ---- cursors
($out, $err, @asked) = $node->asked("BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT id FROM models; FETCH 2 FROM c; COMMIT; FETCH 2 FROM c; SELECT count(*) FROM kernels; FETCH ALL FROM c; CLOSE c");
is(scalar(split /\n/, $out), 1201, 'WITH HOLD: all rows, beyond the transaction');
is($node->value("BEGIN; DECLARE c CURSOR FOR SELECT id FROM models ORDER BY downloads DESC; FETCH 3 FROM c; FETCH RELATIVE 2 FROM c; MOVE 1190 FROM c; FETCH ALL FROM c; COMMIT") =~ tr/\n//, 3 + 1 + 5 - 1, 'FETCH and MOVE');
($out, $err, @asked) = $node->asked("BEGIN; DECLARE c CURSOR FOR SELECT id FROM models; FETCH 3 FROM c; COMMIT");
cmp_ok(scalar @asked, '<=', 2, 'a cursor reads no more than a page ahead');

# ---- whose token, through views, functions and trees
$node->value("CREATE ROLE anna; CREATE ROLE bert; GRANT USAGE ON SCHEMA hub, public TO PUBLIC; GRANT CREATE ON SCHEMA public TO anna;
	GRANT USAGE ON FOREIGN SERVER hub TO anna; CREATE USER MAPPING FOR anna SERVER hub OPTIONS (token 'hf_anna');
	CREATE TABLE tree (id text, likes bigint); CREATE TABLE tree_here () INHERITS (tree); INSERT INTO tree_here VALUES ('x/y', 1);
	CREATE FOREIGN TABLE tree_kernels () INHERITS (tree) SERVER hub OPTIONS (resource 'kernels');
	CREATE TABLE parted (id text, likes bigint, private boolean) PARTITION BY LIST (private);
	CREATE TABLE parted_here PARTITION OF parted FOR VALUES IN (true);
	CREATE FOREIGN TABLE parted_kernels PARTITION OF parted FOR VALUES IN (false) SERVER hub OPTIONS (resource 'kernels');
	ALTER TABLE tree OWNER TO anna; ALTER TABLE parted OWNER TO anna; GRANT SELECT ON ALL TABLES IN SCHEMA hub, public TO anna;
	SET ROLE anna;
	CREATE VIEW public.owned AS SELECT id, likes FROM hub.kernels; CREATE VIEW public.owned_tree AS SELECT * FROM hub.tree; CREATE VIEW public.owned_parted AS SELECT * FROM hub.parted;
	CREATE VIEW public.owned_both AS SELECT id FROM hub.kernels UNION ALL SELECT id FROM hub.datasets;
	CREATE VIEW public.invoked WITH (security_invoker) AS SELECT id, likes FROM hub.kernels;
	CREATE FUNCTION public.definer() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = hub AS 'SELECT count(*) FROM kernels';
	CREATE FUNCTION public.invoker() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM hub.kernels); END';
	CREATE FUNCTION public.opened() RETURNS refcursor LANGUAGE plpgsql SECURITY DEFINER AS 'DECLARE c refcursor := ''c''; BEGIN OPEN c FOR SELECT id FROM hub.kernels; RETURN c; END';
	RESET ROLE; GRANT SELECT ON ALL TABLES IN SCHEMA hub, public TO bert");
for my $case ([ owned => 'anna' ], [ owned_tree => 'anna', 131 ], [ owned_parted => 'anna' ], [ owned_both => 'anna', 'SELECT count(*) + 130 FROM copy.datasets' ],
	[ 'owned a JOIN owned b USING (id)', 'anna' ], [ invoked => 'nobody' ], [ kernels => 'nobody' ], [ tree => 'nobody', 131 ], [ 'owned o JOIN kernels k USING (id)', 'both' ])
{
	my ($from, $whose, $count) = @$case;
	$count = 130 unless defined $count;
	$count = $node->value($count) if $count =~ /SELECT/;
	$hub->clear;
	my ($rows, $said) = $node->both("SET ROLE bert; SELECT count(*) FROM $from");
	is($rows, $count, "$from, read by another") or diag $said;
	my %sent = map { (($_->{authorization} // '') eq 'Bearer hf_anna' ? 'anna' : 'nobody') => 1 } $hub->log;
	is(join(' ', sort keys %sent), $whose eq 'both' ? 'anna nobody' : $whose, '… with the token of ' . $whose);
}
for my $case ([ 'SELECT definer()' => 'anna' ], [ 'SELECT invoker()' => 'nobody' ], [ 'BEGIN; SELECT opened(); FETCH ALL FROM c; COMMIT' => 'anna' ])
{
	my ($sql, $whose) = @$case;
	$hub->clear;
	$node->both("SET ROLE bert; $sql");
	my %sent = map { (($_->{authorization} // '') eq 'Bearer hf_anna' ? 'anna' : 'nobody') => 1 } $hub->log;
	is(join(' ', sort keys %sent), $whose, "$sql: the token of $whose");
}
($out, $err) = $node->both("SET plan_cache_mode = force_generic_plan; PREPARE p AS SELECT count(*) FROM kernels; SET ROLE anna; EXECUTE p; SET ROLE bert; EXECUTE p");
$hub->clear;
$node->both("PREPARE p AS SELECT count(*) FROM kernels; SET ROLE anna; EXECUTE p; SET ROLE bert; EXECUTE p");
is(join(' ', map { ($_->{authorization} // '-') } grep { $_->{target} !~ /cursor/ } $hub->log), 'Bearer hf_anna -', 'a prepared statement follows the role');

# ---- rows that change while they are locked or written (EvalPlanQual)
sub meanwhile
{
	my ($schema, $set, $sql) = @_;
	my ($in, $first, $trouble) = ("SET client_min_messages = warning; DROP TABLE IF EXISTS public.moving; CREATE TABLE public.moving AS SELECT * FROM public.wanted; BEGIN;
		UPDATE public.moving SET id = (SELECT id FROM public.wanted WHERE n = 9) WHERE n = 2; UPDATE public.moving SET downloads = -1 WHERE n = 3;
		DELETE FROM public.moving WHERE n = 4;\n\\echo ready\nSELECT pg_sleep(1); COMMIT;\n", '', '');
	my $run = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->node->connstr('postgres') ], '<', \$in, '>', \$first, '2>', \$trouble, IPC::Run::timeout(60));
	$run->pump until $first =~ /ready/;
	my $answer = $node->value("SET search_path = $schema, public; $set $sql");
	$run->finish;
	return $answer;
}
my %locking = (
	'a list' => 'SELECT * FROM (SELECT w.n, w.downloads, m.likes FROM moving w JOIN models m ON m.id = w.id FOR UPDATE OF w) s ORDER BY 1',
	'several lists' => "SELECT * FROM (SELECT w.n, w.downloads, m.likes FROM moving w JOIN (SELECT id, likes FROM models WHERE likes % 2 = 0 UNION ALL SELECT id, likes FROM models WHERE likes % 2 = 1) m ON m.id = w.id FOR UPDATE OF w) s ORDER BY 1",
	'an update' => 'WITH u AS (UPDATE moving w SET author = m.author || m.likes FROM models m WHERE m.id = w.id AND w.downloads >= 0 RETURNING w.n, w.author) SELECT * FROM u ORDER BY 1',
	'a delete' => 'WITH u AS (DELETE FROM moving w USING models m WHERE m.id = w.id AND w.downloads >= 0 AND m.likes >= 0 RETURNING w.n) SELECT * FROM u ORDER BY 1');
for my $name (sort keys %locking)
{
	my $expected = meanwhile('copy', '', $locking{$name});
	is(meanwhile('hub', $_, $locking{$name}), $expected, "changed meanwhile, $name" . ($_ ? " ($_)" : ''))
	  for '', 'SET enable_nestloop = off;', 'SET enable_hashjoin = off; SET enable_mergejoin = off;';
}

# ---- joins of two partition trees, part by part
$node->value("CREATE TABLE p1 (id text, likes bigint, private boolean) PARTITION BY LIST (private); CREATE TABLE p2 (id text, used_storage bigint, private boolean) PARTITION BY LIST (private);
	CREATE FOREIGN TABLE p1_hub PARTITION OF p1 FOR VALUES IN (false) SERVER hub OPTIONS (resource 'models'); CREATE TABLE p1_here PARTITION OF p1 FOR VALUES IN (true);
	CREATE FOREIGN TABLE p2_hub PARTITION OF p2 FOR VALUES IN (false) SERVER hub OPTIONS (resource 'model_details'); CREATE TABLE p2_here PARTITION OF p2 FOR VALUES IN (true);
	INSERT INTO p1_here VALUES ('x/y', 500, true); INSERT INTO p2_here VALUES ('x/y', 1, true)");
my $few = $node->value('SELECT count(*) + 1 FROM copy.models WHERE likes > 60');
for my $set ('on', 'off')
{
	($out, $err, @asked) = $node->asked("SET enable_partitionwise_join = $set; SELECT count(*) FROM p1 JOIN p2 USING (private, id) WHERE p1.likes > 60");
	is($out, $few, "partition by partition: $set") or diag $err;
	cmp_ok(scalar @asked, '<=', $few + 3, '… each key once');
}
is($node->value('SELECT p.likes FROM p1 p ORDER BY p.likes DESC LIMIT 5'), $node->value('SELECT likes FROM (SELECT likes FROM copy.models UNION ALL SELECT 500) q ORDER BY 1 DESC LIMIT 5'), 'merged in order');
($out, $err, @asked) = $node->asked('SELECT likes FROM p1 WHERE private');
is("$out " . scalar @asked, '500 0', 'a partition that is pruned is not asked');

$node->stop;
$hub->stop;
done_testing();
