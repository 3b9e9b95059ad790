# The questions of the cookbook have answers: every query runs against the
# stand-in, gives rows, and asks no more than a reader would bear.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use StandIn;
use TableCheck;

my $hub = StandIn->new(models => 1500);
my $node = tables_node('cookbook', $hub);
my @questions;

for (split /^-- ### /m, slurp_file("$ENV{PGHUB_TOP}/examples/cookbook.sql"))
{
	my ($number, $title, $rest) = /^(\d+)\. (.*?)\n(.*)\z/s or next;
	(my $sql = $rest) =~ s/^--.*\n//mg;
	push @questions, [ $number, $title, $sql ];
}
is_deeply([ map { $_->[0] } @questions ], [ 1 .. 25 ], 'twenty-five questions');

for (@questions)
{
	my ($number, $title, $sql) = @$_;
	$hub->clear;
	my ($rc, $out, $err) = $node->psql('postgres',
		"SET pghub.progress_interval = 0; SET pghub.max_requests = 150; SET statement_timeout = '60s'; $sql");
	my @lines = split /\n/, $out;
	my $requests = () = $hub->log;
	ok($rc == 0 && $err eq '' && @lines, "$number. $title (" . @lines . " rows, $requests requests)")
	  or diag("$err\n$out\n$sql");
	note($out);
}

# The first answer, by hand
my $top = $node->safe_psql('postgres', $questions[0][2]);
load_raw($node, $hub->rows('models'));
is($top, $node->safe_psql('postgres', q{SELECT j ->> 'id', j ->> 'downloads', j ->> 'likes', j ->> 'pipeline_tag' FROM raw
	ORDER BY (j ->> 'downloads')::bigint DESC, j ->> '_id' LIMIT 10}), 'the first answer is what the Hub holds');

$node->stop;
done_testing();
