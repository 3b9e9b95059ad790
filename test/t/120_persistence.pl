# Stored summaries of every family survive COPY in text and binary, a dump and
# its restore, and streaming replication: equal by =, by bytes, and by what the
# readers say.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('origin');
$node->init(allows_streaming => 1);
$node->start;

# Sizes of state: none or one value, raw, many, and past the cap of exactness.
my %families = (
	distribution => [ 'distribution_agg((i * 7919 % 100003)::bigint * g)',
		'num_items(%1$s), total(%1$s), gini(%1$s), pareto_share(%1$s, 0.01), percentile(%1$s, 0.9), hhi(%1$s), is_exact(%1$s), gini_bounds(%1$s)::text' ],
	distribution_double => [ 'distribution_agg(i * 0.37 * g)', 'total(%1$s), theil(%1$s), median(%1$s), shannon_entropy(%1$s)', 'distribution_summary' ],
	lineage => [ q{lineage_agg('m' || i, 'm' || i / (g + 1), CASE WHEN i %% 3 = 0 THEN 'merge' WHEN i %% 3 = 1 THEN 'adapter' END)},
		q{lineage_info(%1$s)::text, lineage_descendants(%1$s, 'm1'), (SELECT md5(string_agg(n::text, '' ORDER BY n.id)) FROM lineage_nodes(%1$s) n)} ],
	engagement => [ q{engagement_agg(timestamptz '2026-01-01' + i * g * interval '37 minutes', i %% 11 + 0.25)},
		'halflife(%1$s), peak_at(%1$s), peak_value(%1$s), time_to_fraction(%1$s, 0.5), engagement_duration(%1$s)::text' ],
	engagement_pooled => [ q{engagement_agg(timestamptz '2026-01-01' + i * interval '37 minutes', 1, timestamptz '2026-01-01' - g * interval '1 day')},
		'time_to_peak(%1$s), peak_value(%1$s)', 'engagement_summary' ],
	counter => [ q{counter_agg(timestamptz '2026-01-01' + i * interval '1 day', (i * g %% 1000)::bigint)},
		q{counter_delta(%1$s), counter_resets(%1$s), counter_at(%1$s, '2026-01-09 12:00Z')} ],
	survival => [ 'survival_agg((i * g %% 997)::float8, i %% 4 > 0)',
		'median_survival(%1$s), restricted_mean(%1$s, 50), (SELECT md5(string_agg(c::text, \'\')) FROM survival_curve(%1$s) c)' ]);
my @sizes = (1, 20, 3000, 80000);

$node->safe_psql('postgres', 'CREATE EXTENSION pghub');
my (@tables, %look);
for my $name (sort keys %families)
{
	my ($build, $readers, $type) = @{ $families{$name} };
	$type ||= "${name}_summary";
	$build =~ s/%%/%/g;
	my $union = join ' UNION ALL ', map { "SELECT $_ AS size, $build AS s FROM generate_series(1, $_) i, (VALUES (1), (3)) v (g) GROUP BY g" }
		$name eq 'distribution' ? @sizes : @sizes[ 0 .. 2 ];
	$node->safe_psql('postgres', "CREATE TABLE $name (n serial, size int, s $type); INSERT INTO $name (size, s) $union; INSERT INTO $name (size) VALUES (0)");
	push @tables, $name;
	$look{$name} = sprintf "SELECT n, size, md5(s::text), $readers FROM %%s ORDER BY n", 's';
}

sub seen
{
	my ($where, $table, $name) = @_;
	return $where->safe_psql('postgres', sprintf($look{ $name || $table }, $table));
}
my %before = map { $_ => seen($node, $_) } @tables;
cmp_ok($before{distribution} =~ tr/\n//, '>=', 8, 'there is something to compare');
like($before{distribution}, qr/\|f\|/, 'a distribution past the cap is among them');

# ---- COPY
for my $format ('text', 'csv', 'binary')
{
	for my $table (@tables)
	{
		my $file = PostgreSQL::Test::Utils::tempdir . "/$table.$format";
		my $differ = $node->safe_psql('postgres', <<SQL);
COPY $table TO '$file' WITH (FORMAT $format);
CREATE TABLE back (LIKE $table);
COPY back FROM '$file' WITH (FORMAT $format);
SELECT count(*) FROM $table a FULL JOIN back b USING (n) WHERE a.s IS DISTINCT FROM b.s;
SQL
		is($differ, '0', "$table: equal after COPY in $format");
		is(seen($node, 'back', $table), $before{$table}, "$table: readers agree after COPY in $format");
		$node->safe_psql('postgres', 'DROP TABLE back');
	}
}

# ---- dump and restore, plain and custom
for my $format ('plain', 'custom')
{
	my $file = PostgreSQL::Test::Utils::tempdir . "/dump.$format";
	my $other = PostgreSQL::Test::Cluster->new("restored_$format");
	$other->init;
	$other->start;
	$node->command_ok([ 'pg_dump', '-h', $node->host, '-p', $node->port, "--format=$format", '-f', $file, 'postgres' ], "$format dump");
	$other->command_ok([ $format eq 'plain' ? ('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $file) : ('pg_restore', '--exit-on-error', $file),
		'-h', $other->host, '-p', $other->port, '-d', 'postgres' ], "$format restore");
	is(seen($other, $_), $before{$_}, "$_: readers agree after a $format dump") for @tables;
	$other->stop;
}

# ---- streaming replication
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->safe_psql('postgres', "INSERT INTO $_ (size, s) SELECT -1, s FROM $_ WHERE size > 0; UPDATE $_ SET s = s WHERE size = 20") for @tables;
$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
for my $table (@tables)
{
	is(seen($standby, $table), seen($node, $table), "$table: readers agree on a standby");
}
$standby->stop;
$node->stop;
done_testing();
