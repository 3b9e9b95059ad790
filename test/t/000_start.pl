# A server takes the extension, and drops it without a trace.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('start');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION pghub');
is($node->safe_psql('postgres', "SELECT extversion FROM pg_extension WHERE extname = 'pghub'"),
	'1.0', 'extension is there');
$node->safe_psql('postgres', 'DROP EXTENSION pghub');
$node->stop;
done_testing();
