# Rows of models against the stand-in's own, and the requests that bring them.
use strict;
use warnings;
use Test::More;
use StandIn;
use HubNode;

my $hub = StandIn->new(models => 2500, seed => 3, redirect => ['old-name=aurora-lab/new']);
my $node = HubNode->new('rows', $hub);
$node->copy_rows;

my @columns = grep { !/^(search|page_cursor|next_page_cursor)$/ }
  split /\n/, $node->value("SELECT attname FROM pg_attribute WHERE attrelid = 'copy.models'::regclass AND attnum > 0 ORDER BY attnum");
my $list = join ', ', @columns;

# rows that stand in only one of two queries over the columns
sub differences
{
	my ($query, $copy) = @_;
	return "SELECT count(*) FROM ((($query) EXCEPT ALL ($copy)) UNION ALL (($copy) EXCEPT ALL ($query))) d";
}

# ---- every column, one by one and all together
is(scalar @columns, 37, 'all columns are compared');
my @wrong = split /\|/, $node->value('SELECT ' . join(', ', 'count(*)', map { "count(*) FILTER (WHERE m.$_ IS DISTINCT FROM c.$_)" } @columns)
	  . ' FROM models m FULL JOIN copy.models c USING (_id)');
is(shift @wrong, 2500, 'all rows');
is($wrong[$_], 0, "column $columns[$_]") for 0 .. $#columns;
is($node->value(differences("SELECT $list FROM models", "SELECT $list FROM copy.models")), 0, 'all columns of all rows');
is($node->value('SELECT count(*) FROM models'), 2500, 'no column at all');
is($node->value('SELECT count(m) FROM models m'), 2500, 'whole rows');
is($node->value('SELECT count(*) FROM models WHERE tableoid <> 0'), 2500, 'a system column');

# ---- pages
my ($out, $err, @asked) = $node->asked('SELECT count(DISTINCT id) FROM models');
is($out, 2500, 'three pages');
is(scalar @asked, 3, 'three requests');
is(scalar(grep { /^\/api\/models\?/ && /sort=createdAt/ && /limit=1000/ } @asked), 3, 'stable order, full pages');
is(scalar(grep { /expand/ } @asked), 0, 'nothing is expanded that comes anyway');
($out, $err, @asked) = $node->asked('SELECT sum(parameters) FROM models');
like($asked[0], qr/expand=safetensors&expand=gguf/, 'what is needed is asked for');
($out, $err, @asked) = $node->asked('SELECT count(card_data) FROM models');
is(scalar @asked, 25, 'heavy columns come by 100');
is($node->value('SELECT count(*) FROM models WHERE page_cursor = \'\''), 1000, 'the first page');
is($node->value("SELECT count(*) FROM (
	WITH RECURSIVE pages AS (
		SELECT '' AS cursor, 1 AS n
		UNION ALL
		SELECT (SELECT m.next_page_cursor FROM models m WHERE m.page_cursor = p.cursor LIMIT 1), n + 1 FROM pages p WHERE p.cursor IS NOT NULL AND n < 10)
	SELECT m._id FROM pages p CROSS JOIN LATERAL (SELECT _id FROM models WHERE page_cursor = p.cursor) m WHERE p.cursor IS NOT NULL
	GROUP BY 1) d"), 2500, 'page by page, every row once');

# ---- look-ups
my @ids = split /\n/, $node->value('SELECT id FROM copy.models ORDER BY downloads DESC, id LIMIT 30');
my $quoted = join ', ', map { "'$_'" } @ids;
($out, $err, @asked) = $node->asked("SELECT id FROM models WHERE id = '$ids[0]'");
is($out, $ids[0], 'one key');
is(scalar @asked, 1, 'one request');
like($asked[0], qr(^/api/models/\Q$ids[0]\E), 'of one repository');
is($node->value(differences("SELECT $list FROM models WHERE id IN ($quoted)", "SELECT $list FROM copy.models WHERE id IN ($quoted)")),
	0, 'all columns by keys');
($out, $err, @asked) = $node->asked("SELECT count(*) FROM models WHERE id IN ($quoted, $quoted, NULL, 'no/such')");
is($out, 30, 'duplicates, NULL and a missing one');
is(scalar @asked, 31, 'each key once');
($out, $err, @asked) = $node->asked("SELECT count(*) FROM models WHERE id = ANY (ARRAY(SELECT id FROM copy.models ORDER BY id LIMIT 20))");
is("$out " . scalar @asked, '20 20', 'array of a sub-query');
($out, $err, @asked) = $node->asked('SELECT count(*) FROM models WHERE id = NULL');
is("$out " . scalar @asked, '0 0', '= NULL asks nothing');
($out, $err, @asked) = $node->asked("SELECT count(*) FROM models WHERE id = ANY ('{}')");
is("$out " . scalar @asked, '0 0', 'an empty array asks nothing');
($out, $err, @asked) = $node->asked("SELECT count(*) FROM models WHERE id IN ('a/../b', '..', 'a//b', '', '/')");
is("$out " . scalar @asked, '0 0', 'what cannot be a name asks nothing');
($out, $err) = $node->both("SELECT count(*) FROM models WHERE id = 'old-name'");
is($out, 0, 'an old name gives no row');

# ---- order and limit
for my $nulls ('', ' NULLS FIRST', ' NULLS LAST')
{
	for my $key (qw(downloads likes created_at last_modified))
	{
		($out, $err, @asked) = $node->asked("SELECT $key FROM models ORDER BY $key DESC$nulls LIMIT 10");
		is($out, $node->value("SELECT $key FROM copy.models ORDER BY $key DESC LIMIT 10"), "top by $key$nulls");
		is(scalar @asked, 1, 'one request');
		like($asked[0], qr/limit=10(&|$)/, 'of ten rows');
	}
}
($out, $err, @asked) = $node->asked('SELECT id FROM models ORDER BY trending_score DESC NULLS LAST LIMIT 3');
is(scalar @asked, 1, 'trending with NULLS LAST: one request');
($out, $err, @asked) = $node->asked('SELECT id FROM models ORDER BY trending_score DESC LIMIT 3');
is(scalar @asked, 3, 'trending with NULLS FIRST: read whole');
for my $query ('SELECT id, downloads FROM T ORDER BY downloads DESC, id LIMIT 10', 'SELECT id FROM T ORDER BY likes, id LIMIT 10',
	'SELECT id FROM T ORDER BY downloads DESC, id OFFSET 1200 LIMIT 20', 'SELECT DISTINCT author FROM T ORDER BY author LIMIT 7',
	'SELECT author, count(*) FROM T GROUP BY author ORDER BY 2 DESC, 1 LIMIT 5',
	'SELECT max(downloads), min(likes), avg(parameters) FROM T', 'SELECT count(*) FROM (SELECT id FROM T LIMIT 1500) s',
	"SELECT id FROM T WHERE id LIKE 'a%' ORDER BY downloads DESC, id LIMIT 10",
	'SELECT id, rank() OVER (ORDER BY downloads DESC) FROM T ORDER BY 2, 1 LIMIT 5')
{
	(my $foreign = $query) =~ s/\bT\b/models/;
	(my $copied = $query) =~ s/\bT\b/copy.models/;
	is($node->value($foreign), $node->value($copied), $query);
}
for my $condition ("library_name = 'transformers' AND trending_score > 20", "library_name = 'gguf' AND license = 'mit'", "gated = 'manual'", "downloads > 100 AND likes > 1")
{
	for my $tail ('ORDER BY created_at DESC LIMIT 18', 'ORDER BY downloads DESC LIMIT 7')
	{
		(my $key = $tail) =~ s/ORDER BY (\w+).*/$1/;
		is($node->value("SELECT $key FROM models WHERE $condition $tail"), $node->value("SELECT $key FROM copy.models WHERE $condition $tail"), "$condition $tail");
	}
	is($node->value("SELECT count(*) FROM (SELECT id FROM models WHERE $condition LIMIT 30) s"),
		$node->value("SELECT count(*) FROM (SELECT id FROM copy.models WHERE $condition LIMIT 30) s"), "$condition LIMIT 30");
}
($out, $err, @asked) = $node->asked('SELECT id FROM models LIMIT 5 OFFSET 20');
is(scalar(split /\n/, $out), 5, 'limit with offset');
is(scalar @asked, 1, 'in one request');
($out, $err, @asked) = $node->asked('SELECT id FROM models ORDER BY downloads DESC LIMIT 0');
is("$out" . scalar @asked, '0', 'LIMIT 0 asks nothing');

# ---- bounds end a sorted list
for my $bound ('downloads > 5000', 'downloads >= 100.5', '3000 < downloads', 'likes > 20', "created_at >= '2026-01-15'", "last_modified > '2026-02-20'::date")
{
	my ($found, $said, @requests) = $node->asked("SELECT count(*) FROM models WHERE $bound");
	is($found, $node->value("SELECT count(*) FROM copy.models WHERE $bound"), "rows with $bound");
	cmp_ok(scalar @requests, '<=', int($found / 1000) + 2, 'the list was left behind the bound, at most one page on its way');
}

# ---- predicates
for my $condition ("author = 'aurora-lab'", "author IN ('aurora-lab', 'cinder.ai', 'nobody')", "tags \@> '{license:mit,safetensors}'",
	"'en' = ANY (tags)", "languages \@> '{en}'", "license = 'apache-2.0'", "pipeline_tag = 'fill-mask'", "library_name = 'peft'",
	"gated = 'auto'", "gated = 'false'", "gated <> 'false'", "inference = 'warm'", "author = 'a' OR author = 'aurora-lab'",
	"license IS NULL", "NOT private", "pipeline_tag IS NULL AND author = 'cinder.ai'", "author = ANY (ARRAY(SELECT author FROM copy.models LIMIT 3))",
	"author = 'aurora-lab' AND license = 'mit' AND downloads > 3", "base_models \@> ARRAY['x/y']", 'base_model_relation = $$merge$$',
	"author = 'AURORA-LAB'", "length(author) < 9", "author IN (NULL)", "author <> ALL ('{aurora-lab,cinder.ai}')")
{
	is($node->value(differences("SELECT id, likes, tags FROM models WHERE $condition", "SELECT id, likes, tags FROM copy.models WHERE $condition")),
		0, "WHERE $condition");
}
is($node->value("SELECT count(*) FROM models WHERE search = 'lumen'"),
	$node->value("SELECT count(*) FROM copy.models WHERE id ILIKE '%lumen%'"), 'the Hub\'s search');
($out, $err) = $node->both("SELECT id FROM models WHERE search LIKE 'l%'");
like($err, qr/0A000.*column "search".*HINT/s, 'a search that cannot be asked is an error');
($out, $err) = $node->both('SELECT id FROM model_details');
like($err, qr/0A000.*needs a value for column "id".*HINT/s, 'a missing key is an error');
is($node->value("SELECT count(*), bool_and(used_storage > 0) FROM model_details WHERE id IN ($quoted)"), '30|t', 'details by keys');

# ---- rescans ask once
my $few = "(VALUES (1), (2), (3)) v(n)";
for my $join (
	"SELECT count(*) FROM $few CROSS JOIN models m WHERE m.downloads % 3 = v.n % 3",
	"SELECT sum((SELECT count(*) FROM models m WHERE m.likes > v.n)) FROM $few",
	"SELECT count(*) FROM $few, LATERAL (SELECT * FROM models m WHERE m.likes % 3 = v.n % 3) s")
{
	for my $material ('on', 'off')
	{
		($out, $err, @asked) = $node->asked("SET enable_material = $material; SET enable_memoize = off; $join");
		(my $copied = $join) =~ s/ models m/ copy.models m/;
		is($out, $node->value($copied), "rescans: $join");
		cmp_ok(scalar @asked, '<=', 3, "asked once (material $material)");
	}
}
($out, $err, @asked) = $node->asked("SELECT (SELECT m.likes FROM models m WHERE m.id = v.id) FROM (SELECT id FROM copy.models ORDER BY id LIMIT 5) v, generate_series(1, 4)");
is(scalar @asked, 5, 'a key is asked once in a query');
($out, $err, @asked) = $node->asked("BEGIN; DECLARE c SCROLL CURSOR FOR SELECT id FROM models;
	FETCH 10 FROM c; MOVE BACKWARD ALL FROM c; FETCH 10 FROM c; COMMIT");
my @rows = split /\n/, $out;
is_deeply([ @rows[0 .. 9] ], [ @rows[10 .. 19] ], 'a cursor goes back');
cmp_ok(scalar @asked, '<=', 3, 'without asking again');

# ---- rows that come twice, vanish or rise
$hub->faults({ action => 'repeat_row', match => { path => 'cursor=' }, times => -1 });
is($node->value('SELECT count(*), count(DISTINCT id) FROM models'), '2500|2500', 'repeated rows, stable order');
is($node->value('SELECT count(*), count(DISTINCT id) FROM (SELECT id FROM models ORDER BY downloads DESC OFFSET 0) s'), '2500|2500', 'repeated rows, moving order');
$hub->faults({ action => 'vanish_row', match => { path => 'cursor=' }, times => 1 });
is($node->value('SELECT count(*) FROM models'), 2499, 'a row that vanishes between pages');
$hub->faults({ action => 'rise', row => 5, match => { path => 'sort=downloads' }, times => -1 });
($out, $err) = $node->both('SELECT id FROM models ORDER BY downloads DESC LIMIT 10');
like($err, qr/HV000.*sorted by "downloads" is out of order.*_id.*HINT/s, 'a key that rises is an error');
$hub->clear;

# ---- EXPLAIN ANALYZE counts
is($node->explained('Requests Sent', 'SELECT id FROM models'), 3, 'EXPLAIN: requests');
is($node->explained('Pages', 'SELECT id FROM models'), 3, 'EXPLAIN: pages');
is($node->explained('Rows Fetched', 'SELECT id FROM models'), 2500, 'EXPLAIN: rows');
cmp_ok($node->explained('Bytes Decoded', 'SELECT id FROM models'), '>', $node->explained('Bytes Received', 'SELECT id FROM models'),
	'EXPLAIN: bytes on the wire and decoded');
($out, $err, @asked) = $node->asked('EXPLAIN (VERBOSE) SELECT id FROM models WHERE id = $$a/b$$; EXPLAIN SELECT * FROM models');
is(scalar @asked, 0, 'EXPLAIN alone asks nothing');

$node->stop;
$hub->stop;
done_testing();
