# Random queries give the same rows from the viewer as from a local copy.
use strict;
use warnings;
use Test::More;
use DatasetRows;

my $seed = $ENV{PGHUB_SEED} // 20261125;
srand $seed;
my ($node, $hub) = start_viewer('dataset_random');
import_dataset($node, 'f', 'standin/types');
$node->safe_psql('postgres', 'CREATE SCHEMA l; CREATE TABLE l.default_train AS TABLE f.default_train;
	CREATE TABLE l.default_test AS TABLE f.default_test; ANALYZE l.default_train; ANALYZE l.default_test');

my @texts = ("'alpha'", "'O''Hara'", q{'x"y'}, "'a;b'", "'--'", "'/*'", "'ünï'", "'日本語'", "''", "' '", "'%2F&a=b'", "'{x}'", q{'back\slash'}, q{E'tab\t'}, "'none'");
my @labels = ("'neg'", "'it''s'", "'semi;colon'", "'日本'", "'pos'", "'none'");
my @integers = (qw(0 1 5 17 99 430 -1 -50 9223372036854775807), '(-9223372036854775808)', '3::smallint', '40::bigint');
my @floats = map { "${_}::double precision" } qw(0 0.25 0.1 0.7 1.3 3.5 10 -4 49.75 1e20 0.30000000000000004 'NaN' 'Infinity');
my %values = (id => \@integers, small => \@integers, label => \@integers, '"Größe"' => \@integers, row_idx => \@integers,
	big => [ qw(0 5 9223372036854775808 18446744073709551615 2.5 -1) ], price => [ qw(0 3.25 98.25 1.5) ],
	score => \@floats, width => \@floats, text => \@texts, '"odd.name|with[all]\of ""it""; --"' => \@texts,
	label_name => \@labels);
my @columns = sort keys %values;
my @dates = ("day >= '2013-01-01'", "at < '2016-07-04 03:00'", "zoned = '2020-01-03'", "clock IS NULL", "day IS NOT NULL",
	"words @> ARRAY['alpha']", "'beta' = ANY (words)", "numbers IS NULL", "image->>'height' = '28'", "truncated_cells = '{}'");

sub pick { return $_[int rand @_] }

sub condition
{
	my ($depth) = @_;
	my $column = pick(@columns);
	my $value = sub { pick(@{ $values{$column} }) };
	my $kind = int rand 16;

	return "$column " . pick('=', '=', '<>', '<', '<=', '>', '>=') . ' ' . $value->() if $kind < 7;
	return $value->() . ' ' . pick('=', '<', '>=') . " $column" if $kind == 7;
	return "$column IN (" . join(', ', map({ $value->() } 1 .. 1 + int rand 4), rand() < 0.2 ? 'NULL' : ()) . ')' if $kind == 8;
	return "$column IS " . pick('', 'NOT ') . 'NULL' if $kind == 9;
	return pick('flag', 'NOT flag', 'flag IS TRUE', 'flag IS FALSE', 'flag = false', 'flag IS NOT TRUE', 'flag IS NULL') if $kind == 10;
	return pick(@dates) if $kind == 11;
	return "$column BETWEEN " . $value->() . ' AND ' . $value->() if $kind == 12;
	return "text " . pick('LIKE', 'ILIKE', 'NOT LIKE') . ' ' . pick("'%a%'", "'O%'") if $kind == 13;
	return "$column = ANY (ARRAY[" . join(', ', map { $value->() } 1 .. 3) . '])' if $kind == 14 && $column !~ /big|price|score|width|row|id|small|label$|Gr/;
	return $depth > 1 ? 'true' : '(' . condition($depth + 1) . ' ' . pick('OR', 'AND') . ' ' . condition($depth + 1) . ')';
}

sub where { my $n = int rand 4; return $n ? 'WHERE ' . join(' AND ', map { condition(0) } 1 .. $n) : '' }

# A query with %s for the schema; only what is the same whatever the order of ties.
sub query
{
	my $table = rand() < 0.7 ? 'default_test' : 'default_train';
	my $from = "FROM %s.$table";
	my $kind = int rand 10;
	my $where = where();
	my $key = pick('id', 'small', 'score', 'text', '"Größe"', 'row_idx', 'label_name', 'price', 'flag');
	my $way = pick('', ' DESC', ' DESC NULLS LAST', ' NULLS FIRST');

	return "SELECT * $from $where" if $kind < 4;
	return "SELECT $key $from $where ORDER BY $key$way LIMIT " . int(1 + rand 120) if $kind < 7;
	return "SELECT id, $key $from $where ORDER BY id" . pick('', ' DESC') . ' LIMIT ' . int(1 + rand 30) . ' OFFSET ' . int(rand 40) if $kind == 7;
	return "SELECT count(*), count(DISTINCT $key), min(id) $from $where" if $kind == 8;
	return "SELECT a.id, b.id AS other, b.text $from a " . pick('JOIN', 'LEFT JOIN') . " %s.default_test b ON a.small = b.id AND b.flag "
	  . pick('', "WHERE a.id < 90", "WHERE a.label_name = 'pos'");
}

my @wrong;

sub sprintf_all { my ($text, $with) = @_; $text =~ s/%s/$with/g; return $text }

# many in one connection: a batch is one script
my @batch = map { query() } 1 .. 220;

# bounds that fall between a float of 32 bits and its decimal
for my $bound (qw(0.1 0.3 0.7 1.1 1.3))
{
	push @batch, "SELECT id, width FROM %s.default_train WHERE width $_ $bound" for '<', '<=', '=', '>=', '>';
}
my $script = join ";\n", map {
	my ($f, $l) = (sprintf_all($_, 'f'), sprintf_all($_, 'l'));
	"SELECT count(*) FROM ((($f) EXCEPT ALL ($l)) UNION ALL (($l) EXCEPT ALL ($f))) difference"
} @batch;
$hub->clear;
my ($code, $out, $error) = $node->psql('postgres', $script, on_error_stop => 0);
my @counts = split /\n/, $out;
is($error, '', 'no query fails');
is(scalar @counts, scalar @batch, 'each query answers');
for my $i (0 .. $#batch)
{
	push @wrong, "$batch[$i] -- " . ($counts[$i] // 'none') if ($counts[$i] // '') ne '0';
}
my @log = $hub->log;
my $pushed = grep { $_->{path} eq '/filter' } @log;
is(scalar(grep { $_->{status} != 200 } @log), 0, 'the viewer refuses nothing');
cmp_ok($pushed, '>', 60, 'conditions and orders are sent');

# values known at run time only
my @prepared = ([ 'bigint', 'small >= $1', [ 5, -5, 'NULL' ] ], [ 'text', 'text = $1', [ "'beta'", "'a;b'", "'O''Hara'" ] ],
	[ 'double precision', 'score < $1', [ 3.5, -2, "'NaN'", '1e20' ] ], [ 'text[]', 'label_name = ANY ($1)', [ "'{pos,none,NULL}'", "'{}'", 'NULL' ] ],
	[ 'boolean', 'flag = $1', [ 'true', 'false', 'NULL' ] ], [ 'bigint[]', 'id = ANY ($1)', [ "'{1,2,3,3,NULL}'", "'{-1,5}'" ] ]);
for my $mode (qw(force_generic_plan force_custom_plan))
{
	my @script = "SET plan_cache_mode = $mode";
	my $expected = 0;
	for my $p (@prepared)
	{
		my ($type, $condition, $given) = @$p;
		for my $schema (qw(f l))
		{
			push @script, "DEALLOCATE ALL" if $schema eq 'f';
			push @script, "PREPARE $schema ($type) AS SELECT * FROM $schema.default_train WHERE $condition AND id > 3";
		}
		for my $value (@$given)
		{
			$expected++;
			push @script, "CREATE TEMP TABLE tf AS EXECUTE f ($value)", "CREATE TEMP TABLE tl AS EXECUTE l ($value)",
			  "SELECT count(*) FROM ((TABLE tf EXCEPT ALL TABLE tl) UNION ALL (TABLE tl EXCEPT ALL TABLE tf)) d", 'DROP TABLE tf, tl';
		}
	}
	is($node->safe_psql('postgres', join ";\n", @script), join("\n", (0) x $expected), "prepared statements under $mode");
}

is(join("\n", @wrong), '', "no difference in " . @batch . " queries (PGHUB_SEED=$seed)");
$node->stop;
$hub->stop;
done_testing();
