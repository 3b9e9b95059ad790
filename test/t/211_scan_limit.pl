# A LIMIT is a hint: where the local check drops rows of the first page, the
# list is read on, and where it drops none nothing more is asked.
use strict;
use warnings;
use Test::More;
use StandIn;
use HubNode;

my $hub = StandIn->new(models => 2000);
my $node = HubNode->new('limit', $hub);

for my $condition ("gated = 'auto'", "gated = 'manual'", "library_name = 'transformers'", "'transformers' = ANY (tags)", "languages @> '{en}'")
{
	my $all = $node->value("SELECT count(*) FROM hub.models WHERE $condition");
	for my $limit (1, 5, 30)
	{
		my $expected = $all < $limit ? $all : $limit;
		is($node->value("SELECT count(*) FROM (SELECT id FROM hub.models WHERE $condition LIMIT $limit) q"), $expected, "$condition LIMIT $limit");
		is($node->value("SELECT count(*) FROM (SELECT id FROM hub.models WHERE $condition ORDER BY created_at DESC LIMIT $limit) q"), $expected, "… in order");
	}
}
$hub->clear;
is($node->value('SELECT count(*) FROM (SELECT id FROM hub.models LIMIT 5) q'), 5, 'without a condition');
is(scalar($hub->log), 1, 'one page is enough');
$hub->stop;
done_testing();
