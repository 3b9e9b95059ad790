# Several foreign scans below one Append: their requests run side by side, and
# the rows are those of the plain plan, whatever happens on the way.
use strict;
use warnings;
use Test::More;
use StandIn;
use HubNode;

my $hub = StandIn->new(models => 1300, seed => 23);
my $other = StandIn->new(models => 600, seed => 24);
my $node = HubNode->new('async_append', $hub, max_concurrency => 4, max_retries => 0, page_size => 300);
$node->copy_rows;
$node->value("CREATE SERVER other FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '" . $other->url . "', page_size '300');
	CREATE SCHEMA away; IMPORT FOREIGN SCHEMA hub LIMIT TO (models, spaces) FROM SERVER other INTO away;
	CREATE TABLE here AS SELECT 'here/' || n AS id, n::bigint AS likes FROM generate_series(1, 700) n");

my $four = 'SELECT id, likes FROM models UNION ALL SELECT id, likes FROM datasets UNION ALL SELECT id, likes FROM spaces
	UNION ALL SELECT id, likes FROM kernels';
my $mixed = "$four UNION ALL SELECT id, likes FROM here";
my $print = 'count(*), count(DISTINCT id), sum(likes), md5(string_agg(id, $$,$$ ORDER BY id, likes))';
sub printed { my ($query, $off) = @_; return $node->value(($off ? 'SET enable_async_append = off; ' : '') . "SELECT $print FROM ($query) q") }
sub same { my ($query, $name) = @_; is(printed($query), printed($query, 1), $name); return }
sub explained_plan { my ($query, $set) = @_; return $node->value(($set // '') . ";EXPLAIN (COSTS OFF) $query") }
sub async_scans { my ($query, $set) = @_; return scalar(() = explained_plan($query, $set) =~ /Async Foreign Scan/g) }

# ---- which plans
is(async_scans($four), 4, 'UNION ALL: all four scans');
is(async_scans($mixed), 4, 'a local table beside them');
is(async_scans($four, 'SET enable_async_append = off'), 0, 'enable_async_append');
is(async_scans("$four LIMIT 10"), 0, 'a LIMIT that one page may meet asks for no more than it');
is(async_scans("$four LIMIT 2000"), 4, 'a larger one');
is(async_scans("$four ORDER BY 1 LIMIT 10"), 4, 'one above a sort');
is(async_scans("SELECT likes, count(*) FROM ($four) q GROUP BY 1 LIMIT 3"), 4, 'one above groups');
is(async_scans($four, "ALTER FOREIGN TABLE datasets OPTIONS (ADD async_capable 'false')"), 3, 'async_capable of a table');
is(async_scans($four, "ALTER SERVER hub OPTIONS (ADD async_capable 'false')"), 0, '… of a server');
is(async_scans($four, "ALTER FOREIGN TABLE datasets OPTIONS (SET async_capable 'true')"), 1, 'the table counts for more');
$node->value("ALTER SERVER hub OPTIONS (DROP async_capable); ALTER FOREIGN TABLE datasets OPTIONS (DROP async_capable)");
like($node->value("ALTER SERVER hub OPTIONS (ADD async_capable 'perhaps')"), qr/invalid value for option "async_capable"/, 'no other value');

# ---- side by side: the stand-in answers nobody before four ask at once
$hub->settings(gather => 4);
$hub->clear;
my $first = printed($four);
cmp_ok($hub->concurrent, '>=', 4, 'four requests at once');
$hub->settings(gather => 0);
$hub->clear;
is(printed($four, 1), $first, 'the plain plan has the same rows');
is($hub->concurrent, 1, '… by one request at a time');
my $servers = 'SELECT id, likes FROM models UNION ALL SELECT id, likes FROM away.models UNION ALL SELECT id, likes FROM datasets
	UNION ALL SELECT id, likes FROM away.spaces';
$_->settings(gather => 2), $_->clear for $hub, $other;
$first = printed($servers);
is($_->concurrent, 2, 'two servers: two requests at each') for $hub, $other;
$_->settings(gather => 0) for $hub, $other;
is(printed($servers, 1), $first, 'the same rows');

# ---- shapes
same($mixed, 'with a local table');
same('SELECT id, likes FROM here UNION ALL SELECT id, likes FROM models UNION ALL SELECT id, likes FROM here UNION ALL SELECT id, likes FROM spaces', 'local tables first and between');
same("SELECT id, likes FROM models WHERE likes % 7 = 3 UNION ALL SELECT id, likes FROM datasets WHERE likes < 0 UNION ALL SELECT id, likes FROM spaces WHERE id LIKE 'a%'",
	'local conditions, whole pages without a row');
same("SELECT id, likes FROM models WHERE id IN (SELECT id FROM copy.models LIMIT 5) UNION ALL SELECT id, likes FROM models WHERE id = ANY (ARRAY(SELECT id FROM copy.models ORDER BY id LIMIT 30))
	UNION ALL SELECT id, likes FROM datasets WHERE id IN ('no/such', 'nor/this') UNION ALL SELECT id, likes FROM models WHERE id = ANY ('{}')", 'look-ups, and nothing to look up');
same("SELECT id, likes + 1 AS likes FROM models UNION ALL SELECT upper(id), likes * 2 FROM datasets UNION ALL SELECT s.id, length(s.id)::bigint FROM spaces s", 'computed columns');
same("SELECT a.id, a.likes FROM ($four) a JOIN ($servers) b USING (id)", 'two Appends in one query');
cmp_ok(scalar(my @of_join = $node->asked("SELECT count(*) FROM ($four) a JOIN ($servers) b USING (id)")) - 2, '<=', 20, '… which lists and does not look up each id');
same("SELECT * FROM ($four) a WHERE EXISTS (SELECT FROM ($servers) b WHERE b.id = a.id)", 'one below a semi-join');
same("SELECT id, likes FROM ($four) a UNION SELECT id, likes FROM ($servers) b", 'UNION of two');
is($node->value("SELECT count(*) FROM ($four LIMIT 2000) q"), 2000 < (split /\|/, printed($four))[0] ? 2000 : (split /\|/, printed($four))[0], 'LIMIT');
is($node->value("SELECT count(*) FROM (SELECT id FROM models UNION ALL SELECT id FROM datasets LIMIT 310) q"), 310, 'a LIMIT with requests on their way');
my $analyzed = $node->value("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) $mixed");
my %rows = map { /Scan on (\w+) \(actual rows=([\d.]+)/ ? ($1 => $2 + 0) : () } split /\n/, $analyzed;
is($rows{$_}, $node->value("SELECT count(*) FROM $_"), "EXPLAIN ANALYZE: rows of $_") for qw(models datasets spaces kernels here);

# ---- trees, with a local part, pruned at run time
$node->value("CREATE TABLE tree (id text, likes bigint); CREATE TABLE tree_here () INHERITS (tree); INSERT INTO tree_here SELECT * FROM here;
	CREATE FOREIGN TABLE tree_models () INHERITS (tree) SERVER hub OPTIONS (resource 'models');
	CREATE FOREIGN TABLE tree_spaces () INHERITS (tree) SERVER other OPTIONS (resource 'spaces');
	CREATE TABLE parted (likes bigint, private boolean, id text) PARTITION BY LIST (private);
	CREATE TABLE parted_here PARTITION OF parted FOR VALUES IN (true); INSERT INTO parted SELECT n, true, 'here/' || n FROM generate_series(1, 300) n;
	CREATE FOREIGN TABLE parted_models PARTITION OF parted FOR VALUES IN (false) SERVER hub OPTIONS (resource 'models');
	CREATE TABLE parted_null PARTITION OF parted FOR VALUES IN (NULL)");
is(async_scans('SELECT * FROM tree'), 2, 'an inheritance tree');
same('SELECT id, likes FROM tree', '… all rows');
is(async_scans('SELECT * FROM parted'), 1, 'a partition tree');
same('SELECT id, likes FROM parted', '… all rows');
for my $mode (qw(force_generic_plan force_custom_plan))
{
	my ($out, $err, @asked) = $node->asked("SET plan_cache_mode = $mode; PREPARE p AS SELECT count(*) FROM parted WHERE private = \$1;"
		  . join(';', map { 'EXECUTE p (true); EXECUTE p (false)' } 1 .. 4));
	is($out, join("\n", (300, 1300) x 4), "$mode: pruned by a parameter");
	is(scalar @asked, 4 * 5, '… and a pruned partition is not asked');
}

# ---- rescans
for my $material (qw(on off))
{
	my $lateral = "SELECT v.n, q.c FROM generate_series(0, 3) v(n), LATERAL (SELECT count(*) AS c FROM ($mixed) u WHERE u.likes > v.n OFFSET 0) q ORDER BY 1";
	my ($out, $err, @asked) = $node->asked("SET enable_material = $material; SET enable_memoize = off; $lateral");
	is($out, $node->value("SET enable_async_append = off; $lateral"), "rescans, material $material");
	cmp_ok(scalar @asked, '<=', 10, 'nothing is asked twice (' . scalar @asked . ' requests)');
	$lateral = "SELECT v.n, q.id FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM copy.models ORDER BY id LIMIT 12) v, LATERAL
		(SELECT id FROM models WHERE id = v.id UNION ALL SELECT id FROM datasets WHERE id = v.id OFFSET 0) q ORDER BY 1, 2";
	($out, $err, @asked) = $node->asked("SET enable_material = $material; SET enable_memoize = off; $lateral");
	is($out, $node->value("SET enable_async_append = off; $lateral"), 'with a key from outside');
	is(scalar @asked, 24, 'each key once');
	$lateral = "SELECT v.n, (SELECT count(*) FROM (SELECT id FROM models WHERE likes >= v.n % 2 UNION ALL SELECT id FROM datasets WHERE likes >= v.n % 2 LIMIT 301) u) FROM generate_series(0, 4) v(n)";
	is($node->value("SET enable_material = $material; $lateral"), $node->value("SET enable_async_append = off; $lateral"), 'left with requests on their way and read again');
}

# ---- cursors
my ($out, $err) = $node->both("BEGIN; DECLARE a CURSOR FOR $mixed; DECLARE b CURSOR FOR $servers; CREATE TEMP TABLE got (c text, id text, likes bigint) ON COMMIT DROP;
	DO \$\$ DECLARE a refcursor := 'a'; b refcursor := 'b'; r record; more boolean := true; BEGIN
		WHILE more LOOP
			more := false;
			FOR i IN 1 .. 70 LOOP FETCH a INTO r; EXIT WHEN NOT FOUND; more := true; INSERT INTO got VALUES ('a', r.id, r.likes); END LOOP;
			FOR i IN 1 .. 40 LOOP FETCH b INTO r; EXIT WHEN NOT FOUND; more := true; INSERT INTO got VALUES ('b', r.id, r.likes); END LOOP;
		END LOOP; END \$\$;
	SELECT $print FROM got WHERE c = 'a'; SELECT $print FROM got WHERE c = 'b'; COMMIT");
is($out, printed($mixed, 1) . "\n" . printed($servers, 1), 'two cursors in turn') or diag $err;
($out, $err) = $node->both("BEGIN; DECLARE c SCROLL CURSOR FOR $mixed; FETCH 5 FROM c; MOVE BACKWARD ALL FROM c; FETCH 5 FROM c; COMMIT");
my @fetched = split /\n/, $out;
is_deeply([ @fetched[0 .. 4] ], [ @fetched[5 .. 9] ], 'a cursor goes back');
($out, $err) = $node->both("BEGIN; DECLARE c CURSOR FOR $four; FETCH 1 FROM c; CLOSE c; SELECT count(*) FROM kernels; COMMIT");
like($out, qr/\n130$/, 'closed with requests on their way');

# ---- a page that is damaged, an error, in one of them
$node->value("ALTER SERVER hub OPTIONS (SET max_retries '2')");
$hub->faults({ action => 'invalid_json', match => { path => 'datasets', nth => 1 } });
is(printed($mixed), printed($mixed, 1), 'a damaged page is asked for again');
$hub->clear;
$node->value("ALTER SERVER hub OPTIONS (SET max_retries '0')");
$hub->faults({ action => 'status', status => 500, match => { path => 'spaces' }, times => -1 });
($out, $err) = $node->both("SELECT count(*) FROM ($mixed) q; SELECT count(*) FROM ($servers) q");
like($err, qr/ERROR: .*HV00\w.*500/s, 'an error in one is the query\'s');
is(() = $err =~ /ERROR/g, 1, 'once');
is($out, (split /\|/, printed($servers))[0], 'and the next query is sound');
my $caught = "DO \$\$ DECLARE a refcursor; r record; n int := 0; BEGIN
		OPEN a FOR $servers;
		FOR i IN 1 .. 3 LOOP FETCH a INTO r; n := n + 1; END LOOP;
		BEGIN PERFORM count(*) FROM ($mixed) q; EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'caught %', SQLSTATE; END;
		LOOP FETCH a INTO r; EXIT WHEN NOT FOUND; n := n + 1; END LOOP;
		RAISE NOTICE 'rows %', n; END \$\$";
($out, $err) = $node->both($caught);
my $all = (split /\|/, printed($servers))[0];
like($err, qr/caught HV00\w.*rows $all\b/s, 'caught in a subtransaction, a cursor outside goes on');
$hub->clear;

# ---- cancel; the descriptors stay as many
$hub->faults({ action => 'stall', where => 'body', seconds => 3, match => { path => 'spaces' }, times => -1 });
($out, $err) = $node->both("SELECT count(*) FROM kernels; SET statement_timeout = 80;
	SELECT count(*) FROM ($mixed) q; SELECT count(*) FROM ($mixed) q; SELECT count(*) AS fds FROM pg_ls_dir('/proc/self/fd') \\gset
	" . join("\n", map { "SELECT count(*) FROM ($mixed) q;" } 1 .. 28) . "
	SELECT count(*) - :fds FROM pg_ls_dir('/proc/self/fd')");
is(() = $err =~ /57014/g, 30, 'cancelled thirty times');
cmp_ok((split /\n/, $out)[-1], '<=', 14, 'and lost no descriptor each time: at most what four scans keep open');
$hub->clear;

# ---- a quota that is used up on the way
$hub->settings(quota => 4, window => 3);
($out, $err) = $node->both("SELECT count(*) FROM (SELECT id FROM models UNION ALL SELECT id FROM datasets) q");
like($err, qr/NOTICE: .*waiting \d+ s: the request quota/, 'a wait for the quota is told');
$hub->settings(quota => 1000000, window => 300);
is($out, $node->value('SELECT count(*) FROM (SELECT id FROM models UNION ALL SELECT id FROM datasets) q'), 'and all rows come');

# ---- beside scans of another wrapper, which wait for sockets of their own
my ($dir, $port) = ($node->node->host, $node->node->port);
$node->value("CREATE EXTENSION postgres_fdw; CREATE SERVER loop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$dir', port '$port', dbname 'postgres', async_capable 'true', fetch_size '50');
	CREATE USER MAPPING FOR CURRENT_USER SERVER loop; CREATE VIEW copy.slow AS SELECT id, likes FROM copy.models, pg_sleep(0.3);
	CREATE FOREIGN TABLE remote (id text, likes bigint) SERVER loop OPTIONS (schema_name 'copy', table_name 'models');
	CREATE FOREIGN TABLE remote_slow (id text, likes bigint) SERVER loop OPTIONS (schema_name 'copy', table_name 'slow')");
for my $case ("SELECT id, likes FROM models UNION ALL SELECT id, likes FROM remote UNION ALL SELECT id, likes FROM datasets",
	"SELECT id, likes FROM remote_slow UNION ALL SELECT id, likes FROM spaces UNION ALL SELECT id, likes FROM away.models UNION ALL SELECT id, likes FROM here",
	"SELECT id, likes FROM kernels UNION ALL SELECT id, likes FROM remote UNION ALL SELECT id, likes FROM remote_slow UNION ALL SELECT id, likes FROM models")
{
	cmp_ok(async_scans($case), '>=', 3, 'with postgres_fdw: ' . async_scans($case) . ' scans');
	same($case, 'the same rows');
	$hub->settings(latency_ms => 60);
	same($case, '… with a slow Hub');
	$hub->settings(latency_ms => 0);
}
$hub->faults({ action => 'stall', where => 'headers', seconds => 3, match => { path => 'datasets' }, times => -1 });
($out, $err) = $node->both("SET statement_timeout = 300; SELECT count(*) FROM (SELECT id FROM remote UNION ALL SELECT id FROM datasets) q");
like($err, qr/57014/, 'cancelled in a shared wait');
$hub->clear;

$node->stop;
$_->stop for $hub, $other;
done_testing();
