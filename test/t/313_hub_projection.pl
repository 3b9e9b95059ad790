# What a query does not use is not asked for: bytes and requests, measured.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use StandIn;
use TableCheck;

my $hub = StandIn->new(models => 2000, no_gzip => '');
my $node = tables_node('projection', $hub);

# (requests, bytes) of a query
sub price
{
	my ($sql) = @_;
	$hub->clear;
	$node->safe_psql('postgres', "SET pghub.progress_interval = 0; $sql");
	my ($requests, $bytes) = (0, 0);
	for ($hub->log) { $requests++; $bytes += $_->{bytes} }
	return ($requests, $bytes);
}

for my $table (qw(models datasets spaces))
{
	my ($all_requests, $all) = price("CREATE TEMP TABLE t AS SELECT * FROM hub.$table");
	my ($requests, $two) = price("CREATE TEMP TABLE t AS SELECT id, last_modified FROM hub.$table");
	cmp_ok($two * 4, '<=', $all, "$table: two columns read at most a quarter of all ($two of $all bytes)");
	cmp_ok($requests, '<=', $all_requests, "$table: and no more requests ($requests of $all_requests)");
	my ($count_requests, $count) = price("SELECT count(*) FROM hub.$table");
	cmp_ok($count, '<', $all, "$table: count(*) reads the default set ($count bytes)");
}
my (undef, $plain) = price("CREATE TEMP TABLE t AS SELECT path, size FROM hub.repo_files WHERE repo_id = (SELECT id FROM hub.models ORDER BY likes DESC LIMIT 1)");
my (undef, $expanded) = price("CREATE TEMP TABLE t AS SELECT * FROM hub.repo_files WHERE repo_id = (SELECT id FROM hub.models ORDER BY likes DESC LIMIT 1)");
cmp_ok($plain, '<', $expanded, 'repo_files: last commits are asked for only where they are used');
is((price("SELECT id FROM hub.models ORDER BY downloads DESC LIMIT 10"))[0], 1, 'a LIMIT under a sort takes one request');
is((price("SELECT rank FROM hub.trending LIMIT 3"))[0], 1, 'so does one on trending');
is((price("SELECT * FROM hub.discussions WHERE repo_id = 'no/such'"))[0], 1, 'a missing repository takes one');

$node->stop;
done_testing();
