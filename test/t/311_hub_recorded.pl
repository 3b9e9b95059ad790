# Responses that the real Hub gave, recorded: served as they are, read as
# tables, and each column compared with what the response says.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use JSON::PP;
use StandIn;
use TableCheck;

my $recorded = "$ENV{PGHUB_TOP}/../shared/recorded";
plan skip_all => 'no recorded responses beside the project' unless -r "$recorded/SOURCES.md";

my $hub = StandIn->new(recorded => $recorded, models => 20);
my $node = tables_node('recorded', $hub);
my $json = JSON::PP->new->utf8->canonical;

sub columns { my ($table, $without) = @_; return [ grep { !/$without/ } sort keys %{ $TableSpec::spec{$table} } ] }

# languages are told from other tags by a list of codes: compared by itself
load_raw($node, $hub->rows('models'));
check_table($node, 'models', '', 'list', columns => columns('models', '^languages$'));
is($node->safe_psql('postgres', q{
	SELECT count(*), count(*) FILTER (WHERE languages <@ tags), sum(cardinality(languages)) > 5 FROM hub.models}),
	$node->safe_psql('postgres', q{SELECT count(*), count(*), true FROM raw}), 'models: languages are among the tags');
load_raw($node, $hub->rows('datasets'));
check_table($node, 'datasets', '', 'list');
load_raw($node, $hub->rows('spaces'));
check_table($node, 'spaces', '', 'list');
is(load_raw($node, $hub->rows('daily_papers')) > 200, 1, 'hundreds of papers are recorded');
check_table($node, 'daily_papers', '', 'all lists');
load_raw($node, $hub->rows('trending'));
check_table($node, 'trending', "list_type = 'model'", 'models');

# Single answers of models and datasets, byte for byte as the Hub sent them
my @expanded = qw(downloads_all_time trending_score eval_results inference_provider_mapping
	resource_group xet_enabled declared_base_models languages);
my $not = '^(' . join('|', @expanded) . ')$';
my $singles = 0;
for my $file (sort glob "$recorded/cassette--models-*.200.*.json")
{
	my $held = $json->decode(slurp_file($file));
	my ($id) = $held->{request}{url} =~ m{/api/models/([^?]+)$} or next;
	my $body = $held->{body};
	next unless ref $body eq 'HASH' && $body->{id} eq $id;

	# The stand-in serves the last recording of a URL; compare with what it serves.
	my $served = $hub->{http}->get($hub->url . "/api/models/$id")->{content};
	load_raw($node, $served);
	$singles++;
	$TableSpec::spec{model_details} = { %{ $TableSpec::spec{models} }, used_storage => "(j ->> 'usedStorage')::bigint" };
	$hub->clear;
	check_table($node, 'model_details', "id = '$id'", $id, columns => columns('model_details', $not))
	  or last;
	is_deeply([ $hub->log ]->[0]{query}, [], "$id: asked without expand") if $singles == 1;
}
ok($singles >= 20, "$singles single answers");

$node->stop;
done_testing();
