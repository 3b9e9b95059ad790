# Distribution over machines: two shards and a coordinator, joined by
# postgres_fdw. Whole aggregates are computed where the rows are; summaries of
# shards roll up to the bytes of one machine.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @nodes = map { PostgreSQL::Test::Cluster->new($_) } qw(one two all);
foreach my $node (@nodes)
{
	$node->init;
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION pghub');
}
my ($one, $two, $all) = @nodes;

# The same rows everywhere: a shard keeps its half.
my $rows = q{SELECT i, i % 2 AS shard, i % 5 AS part,
	timestamptz '2026-01-01' + i * interval '1 hour' AS at,
	(i * 7919 % 1000)::bigint AS n, (i % 37 + 0.5)::float8 AS v,
	'm' || i AS child, 'm' || i * 7 / 10 AS parent, i % 3 > 0 AS seen
	FROM generate_series(1, 4000) i};
$one->safe_psql('postgres', "CREATE TABLE part AS SELECT * FROM ($rows) q WHERE shard = 0; ANALYZE part");
$two->safe_psql('postgres', "CREATE TABLE part AS SELECT * FROM ($rows) q WHERE shard = 1; ANALYZE part");
$all->safe_psql('postgres', "CREATE TABLE whole AS $rows");

my $columns = 'i int, shard int, part int, at timestamptz, n bigint, v float8, child text, parent text, seen boolean';
$all->safe_psql('postgres', "CREATE EXTENSION postgres_fdw; CREATE TABLE spread ($columns) PARTITION BY LIST (shard)");
foreach my $shard (0, 1)
{
	my $node = $nodes[$shard];
	my ($host, $port) = ($node->host, $node->port);
	$all->safe_psql('postgres', qq{
		CREATE SERVER s$shard FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'postgres', extensions 'pghub');
		CREATE USER MAPPING FOR CURRENT_USER SERVER s$shard;
		CREATE FOREIGN TABLE far$shard PARTITION OF spread FOR VALUES IN ($shard) SERVER s$shard OPTIONS (table_name 'part')});
}
$all->safe_psql('postgres', 'ANALYZE spread');

my %aggregate = (
	distribution => ['distribution_agg(n)', 'gini(s)'],
	lineage => ['lineage_agg(child, parent)', q{lineage_descendants(s, 'm0')}],
	engagement => ['engagement_agg(at, v)', 'peak_at(s)'],
	counter => ['counter_agg(at, n)', 'counter_delta(s)'],
	survival => ['survival_agg(v, seen)', 'median_survival(s)'],);

foreach my $family (sort keys %aggregate)
{
	my ($build, $read) = @{ $aggregate{$family} };

	# whole aggregates ship
	my $plan = $all->safe_psql('postgres', "EXPLAIN (VERBOSE, COSTS OFF) SELECT $build FROM far0");
	my $name = (split /\(/, $build)[0];
	like($plan, qr/Foreign Scan.*Remote SQL: SELECT [a-z_.]*$name\(/s, "$family: the whole aggregate ships");

	# union of summaries, then roll-up: bytes of one machine
	my $union = "SELECT rollup(s) AS s FROM (SELECT $build AS s FROM far0 UNION ALL SELECT $build FROM far1) q";
	my $here = "SELECT $build AS s FROM whole";
	is($all->safe_psql('postgres', "SELECT ($union)::text = ($here)::text"), 't', "$family: roll-up of shards equals one machine");
	is($all->safe_psql('postgres', "SELECT $read FROM ($union) q"),
		$all->safe_psql('postgres', "SELECT $read FROM ($here) q"), "$family: so does a reader");

	# by partition, each group on its server
	my $grouped = "SELECT shard, $build AS s FROM spread GROUP BY shard";
	my $set = 'SET enable_partitionwise_aggregate = on; SET enable_hashagg = on;';
	is($all->safe_psql('postgres', "$set SELECT rollup(s)::text = ($here)::text FROM ($grouped) q"),
		't', "$family: partitionwise aggregation equals one machine");
	$plan = $all->safe_psql('postgres', "$set EXPLAIN (VERBOSE, COSTS OFF) $grouped");
	is(scalar(() = $plan =~ /Remote SQL: SELECT shard, [a-z_.]*$name\(/g), 2, "$family: and is pushed to both");

	# what a distributing coordinator does: partial states as text, read and merged
	my $type = "${family}_summary";
	is($all->safe_psql('postgres', "SELECT rollup(t::$type)::text = ($here)::text FROM (SELECT $build\::text AS t FROM whole GROUP BY part) q"),
		't', "$family: states as text merge to the same bytes");
}

$_->stop foreach @nodes;
done_testing();
