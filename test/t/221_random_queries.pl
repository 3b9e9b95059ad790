# Random queries on the foreign tables and on copies of the same rows:
# predicates, sorts, limits, joins; with and without look-ahead.
use strict;
use warnings;
use Test::More;
use StandIn;
use HubNode;

my $seed = $ENV{PGHUB_SEED} || 20261;
my $count = $ENV{PGHUB_QUERIES} || 300;
srand $seed;
my $hub = StandIn->new(models => 700, seed => 17);
my $node = HubNode->new('random', $hub, max_concurrency => 8, page_size => 150);
$node->copy_rows;
$node->compare_rows;

sub pick { return $_[ int rand @_ ] }
my @ids = map { "'$_'" } split /\n/, $node->value('SELECT id FROM copy.models ORDER BY md5(id) LIMIT 50');
my @authors = map { "'$_'" } split /\n/, $node->value('SELECT DISTINCT author FROM copy.models ORDER BY 1 LIMIT 20');
sub some { my ($n, @of) = @_; return join ', ', map { pick(@of) } 1 .. $n }

# a condition on models M
sub condition
{
	my ($m, $depth) = @_;
	my $what = int rand($depth > 1 ? 21 : 24);
	return "$m.author = " . pick(@authors) if $what == 0;
	return "$m.author IN (" . some(3, @authors, 'NULL') . ')' if $what == 1;
	return "$m.id = " . pick(@ids) if $what == 2;
	return "$m.id IN (" . some(4, @ids, "'no/such'", 'NULL') . ')' if $what == 3;
	return "$m.id = ANY (ARRAY(SELECT id FROM wanted WHERE n < " . int(rand 12) . '))' if $what == 4;
	return "$m.tags \@> '{" . join(',', map { pick('safetensors', 'en', 'license:mit', 'transformers', 'region:us') } 1 .. 2) . "}'" if $what == 5;
	return "'" . pick('peft', 'zh', 'license:apache-2.0') . "' = ANY ($m.tags)" if $what == 6;
	return "$m.license = '" . pick('mit', 'apache-2.0', 'none') . "'" if $what == 7;
	return "$m.pipeline_tag = '" . pick('text-generation', 'fill-mask', 'nothing') . "'" if $what == 8;
	return "$m.library_name = '" . pick('transformers', 'peft') . "'" if $what == 9;
	return "$m.gated " . pick("= 'false'", "<> 'false'", "= 'auto'", "IN ('auto', 'manual')") if $what == 10;
	return "$m.downloads " . pick('>', '>=', '<', '<=', '=') . ' ' . pick(0, 1, 17.5, 100, 5000) if $what == 11;
	return "$m.likes " . pick('>', '>=', '<', '<>') . ' ' . pick(0, 1, 3, 20) if $what == 12;
	return "$m.created_at " . pick('>', '>=', '<') . " '" . pick('2025-01-01', '2023-06-01', '2026-02-01', '2030-01-01') . "'" if $what == 13;
	return "$m.last_modified > '" . pick('2025-09-01', '2026-02-20') . "'" if $what == 14;
	return "$m.languages \@> '{" . pick('en', 'fr') . "}'" if $what == 15;
	return "$m.license IS " . pick('NULL', 'NOT NULL') if $what == 16;
	return "$m.parameters > " . pick('1e9', '7e10') if $what == 17;
	return "$m.base_model_relation = '" . pick('merge', 'adapter') . "'" if $what == 18;
	return "$m.trending_score " . pick('> 50', '= 0', 'IS NULL') if $what == 19;
	return "$m.id LIKE '" . pick('a%', '%lab/%', '%merged%') . "'" if $what == 20;
	return '(' . condition($m, $depth + 1) . ' OR ' . condition($m, $depth + 1) . ')' if $what == 21;
	return '(' . condition($m, $depth + 1) . ') IS NOT TRUE' if $what == 22;
	return '(' . condition($m, $depth + 1) . ' AND ' . condition($m, $depth + 1) . ')';
}

sub where
{
	my ($m) = @_;
	my @parts = map { condition($m, 0) } 1 .. int rand 4;
	return @parts ? ' WHERE ' . join ' AND ', @parts : '';
}

# a sort that leaves one answer, or the sorted keys alone
sub ordered
{
	my $key = pick('downloads', 'likes', 'created_at', 'last_modified', 'trending_score');
	my $way = pick(' DESC', ' DESC', ' DESC', ' DESC NULLS LAST', '');
	my $limit = pick(' LIMIT ' . int(rand 30), ' LIMIT ' . int(rand 400), ' LIMIT 5 OFFSET ' . int(rand 60), '');
	return rand() < 0.5 ? "SELECT m.$key FROM models m" . where('m') . " ORDER BY m.$key$way$limit"
	  : 'SELECT m.id, m.likes, m.downloads FROM models m' . where('m') . " ORDER BY m.$key$way, m.id$limit";
}

sub joined
{
	my $join = pick('JOIN', 'LEFT JOIN');
	my $left = pick('wanted w', '(SELECT * FROM wanted WHERE n < 15) w', '(SELECT id, author, n FROM wanted ORDER BY n LIMIT 9) w');
	my $second = pick("model_details d ON d.id = w.id", "models d ON d.id = w.id", 'models d ON d.id = w.id AND d.likes > 1');
	my $sql = "SELECT w.n, d.id, d.likes FROM $left $join $second";
	return $sql if rand() < 0.25;
	return "$sql WHERE w.n > 3" if rand() < 0.3;
	return "SELECT w.n, f.path FROM $left $join repo_files f ON f.repo_id = w.id" . pick('', " AND f.repo_type = 'model'", ' AND f.size > 1000') if rand() < 0.3;
	return "SELECT w.n FROM $left WHERE " . pick('', 'NOT ') . "EXISTS (SELECT FROM models m WHERE m.id = w.id AND " . condition('m', 1) . ')' if rand() < 0.4;
	return "SELECT m.id, d.used_storage FROM models m JOIN model_details d ON d.id = m.id WHERE m.author = " . pick(@authors) if rand() < 0.5;
	return "SELECT w.n, m.id, d.likes FROM $left $join models m ON m.id = w.id $join model_details d ON d.id = m.id" . pick('', ' WHERE w.n % 2 = 0');
}

sub other
{
	return 'SELECT count(*), sum(m.likes), max(m.downloads) FROM models m' . where('m') if rand() < 0.3;
	return 'SELECT m.author, count(*) FROM models m' . where('m') . ' GROUP BY m.author' if rand() < 0.3;
	return 'SELECT DISTINCT m.license FROM models m' . where('m') if rand() < 0.3;
	return 'SELECT w.n, (SELECT count(*) FROM models m WHERE m.author = w.author AND ' . condition('m', 1) . ') FROM wanted w WHERE w.n < 6' if rand() < 0.5;
	return appended() if rand() < 0.5;
	return 'SELECT m.id FROM models m' . where('m') . pick(' UNION ', ' EXCEPT ', ' INTERSECT ALL ') . 'SELECT m.id FROM models m' . where('m');
}

# several scans below one Append, a local table among them
sub appended
{
	my @parts = map { 'SELECT m.id, m.likes FROM ' . pick('models', 'models', 'models', 'copy.models') . ' m' . where('m') } 0 .. 1 + int rand 3;
	my $all = join ' UNION ALL ', @parts;
	return pick($all, "SELECT count(*), sum(q.likes) FROM ($all) q", "SELECT w.n, q.likes FROM wanted w JOIN ($all) q ON q.id = w.id",
		"SELECT w.n, (SELECT sum(q.likes) FROM ($all) q WHERE q.likes > w.n) FROM wanted w WHERE w.n < 5",
		"SELECT q.likes FROM ($all) q ORDER BY q.likes DESC LIMIT " . pick(3, 200));
}

my @settings = ('', 'enable_hashjoin', 'enable_hashjoin+enable_mergejoin', 'enable_nestloop', 'enable_material+enable_memoize', 'enable_incremental_sort+enable_sort', 'enable_async_append');
my @queries = map { my $kind = rand; $kind < 0.35 ? ordered() : $kind < 0.7 ? joined() : other() } 1 .. $count;
my $script = join '', map { "SELECT '$_', count(*), min(problem) FROM differs(\$q\$$queries[$_]\$q\$, ARRAY['" . pick(@settings) . "']);\n" } 0 .. $#queries;
my ($out, $err) = $node->both($script);
my @lines = split /\n/, $out;
is(scalar @lines, $count, "$count random queries ran (PGHUB_SEED=$seed)") or diag $err;
my $wrong = 0;
for (@lines)
{
	my ($at, $n, $problem) = split /\|/, $_, 3;
	next if $n eq '0';
	$wrong++;
	diag "$queries[$at]\n    $problem" if $wrong <= 10;
}
is($wrong, 0, 'none differs from the copy, look-ahead on and off');
is(scalar(grep { /JOIN|EXISTS/ } @queries) > $count / 5 ? 1 : 0, 1, 'joins are among them');

$node->stop;
$hub->stop;
done_testing();
