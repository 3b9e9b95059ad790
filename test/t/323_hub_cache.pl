# Answers kept between statements: when they are used, whose they are, when
# they go; and the figures of the session.
use strict;
use warnings;
use JSON::PP;
use Test::More;
use DatasetRows;

my ($node, $hub) = start_viewer('hub_cache', undef, token => 'hf_secret');
my $url = $hub->url;
$node->safe_psql('postgres', "IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER hub INTO public;
	CREATE SCHEMA large; CREATE SCHEMA gated;
	CREATE USER MAPPING FOR CURRENT_USER SERVER hub OPTIONS (token 'hf_secret');
	IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO large OPTIONS (dataset 'standin/large');
	IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO gated OPTIONS (dataset 'standin/gated');
	DROP USER MAPPING FOR CURRENT_USER SERVER hub;
	CREATE ROLE anna; CREATE ROLE bert; CREATE ROLE carl;
	GRANT USAGE ON SCHEMA gated, large TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA public, gated, large TO PUBLIC;
	CREATE USER MAPPING FOR anna SERVER hub OPTIONS (token 'hf_secret');
	CREATE USER MAPPING FOR bert SERVER hub OPTIONS (token 'hf_secret')");

# Statements of one session; their output, and how many requests each side saw.
sub session
{
	my (@statements) = @_;
	$hub->clear;
	my $out = $node->safe_psql('postgres', join ";\n", @statements);
	return ($out, scalar($hub->log));
}
sub requests_are { my ($expected, $name, @statements) = @_; my ($out, $n) = session(@statements); is($n, $expected, $name); return $out }
sub ttl { my ($ttl) = @_; $node->safe_psql('postgres', "ALTER SERVER hub OPTIONS ($_[0])"); return }

my $query = 'SELECT count(*) FROM models';
my $rows = 'SELECT sum(n) FROM large.default_train WHERE n < 250';
requests_are(2, 'off by default', $query, $query);
ttl("ADD cache_ttl '1h'");
is(requests_are(1, 'a second statement asks nothing', $query, $query), "10\n10", 'and gives the same');
requests_are(3, 'pages of a dataset are kept', $rows, $rows);
requests_are(2, 'one of several pages was read: only that one is kept', 'SELECT n FROM large.default_train LIMIT 1', 'SELECT n FROM large.default_train LIMIT 1', 'SELECT n FROM large.default_train LIMIT 2');
requests_are(2, 'other columns are another request', 'SELECT id FROM models', 'SELECT id FROM models', 'SELECT sha FROM models', 'SELECT id FROM models');
my $ids = $node->safe_psql('postgres', "SELECT array_agg(id) FROM (SELECT id FROM models LIMIT 3) q");
my $keyed = "SELECT count(*) FROM models WHERE id = ANY ('$ids'::text[] || 'no/one'::text)";
is(requests_are(4, 'keyed look-ups are kept one by one, with a token "there is none" too', 'SET ROLE anna', $keyed, $keyed), "3\n3", 'and give the same');
requests_are(5, 'without one it might be private: 401 is not kept', $keyed, $keyed);
requests_are(2, 'hub_cache_flush', $query, 'SELECT hub_cache_flush()', $query);
is((session($query, $rows, 'SELECT hub_cache_flush()', 'SELECT hub_cache_flush()'))[0], "10\n31125\n4\n0", 'and it tells how many');

# whose they are
requests_are(3, 'no mapping shares with another',
	map { ("SET ROLE $_", $query, $query, 'RESET ROLE') } qw(anna bert carl));
my ($code, $out, $error) = $node->psql('postgres', "SET ROLE anna; SELECT count(*) FROM gated.default_train; SET ROLE carl; SELECT count(*) FROM gated.default_train");
is($out, '250', 'who may read a gated dataset does');
like($error, qr/no anonymous access/, 'and whoever may not finds none of it in the cache');
is(join(' ', map { $_->{authorization} // '-' } grep { $_->{path} eq '/rows' } $hub->log) =~ /Bearer hf_secret/, 1, 'the token was sent for its owner');

# when they go
requests_are(2, "$_ drops them", $query, $_, $query)
  for "ALTER SERVER hub OPTIONS (SET cache_ttl '2h')", "ALTER USER MAPPING FOR anna SERVER hub OPTIONS (SET token 'hf_secret')",
  'DROP USER MAPPING FOR bert SERVER hub', 'CREATE USER MAPPING FOR bert SERVER hub OPTIONS (token \'hf_secret\')';
ttl("SET cache_ttl '1s'");
my $wait = 'SELECT pg_sleep(1.1)';
($out) = session($query, $wait, $query);
is($out, "10\n\n10", 'a stale one is asked about');
is(join(' ', map { $_->{status} } $hub->log), '200 304', 'by its ETag, and is told that it holds');
$hub->clear;
$hub->settings(not_modified => JSON::PP::false);
session($query, $wait, $query);
is(join(' ', map { $_->{status} } $hub->log), '200 200', 'or is given anew where the server does not validate');
$hub->settings(not_modified => JSON::PP::true);

# what is never kept
ttl("SET cache_ttl '1h', ADD max_retries '0'");
$hub->clear;
$hub->faults({ action => 'status', status => 500 }, { action => 'invalid_json', match => { nth => 2 } });
($code, $out, $error) = $node->psql('postgres', "$query; $query; $query; $query", on_error_stop => 0);
is($out, "10\n10", 'errors and damaged answers are not kept');
is(() = $error =~ /ERROR/g, 2, 'each tells');
is(scalar($hub->log), 3, 'the good one is');
$hub->clear;

# EXPLAIN ANALYZE and hub_stats
($out) = session($query, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) $query");
like($out, qr/Requests Sent: 0\n.*Cache Hits: 1/s, 'EXPLAIN ANALYZE tells hits');
($out) = session($query, $query, 'SELECT server, user_name, requests, retries, cache_hits, bytes_wire > 0, bytes_decoded >= bytes_wire, quota_left < quota_limit, quota_reset > interval \'0\' FROM hub_stats');
is((split /\n/, $out)[-1], 'hub||1|0|1|t|t|t|t', 'hub_stats: anonymous');
($out) = session('SET ROLE anna', $query, $rows, 'SELECT user_name, requests, cache_hits FROM hub_stats');
is((split /\n/, $out)[-1], 'anna|4|0', 'hub_stats: with a mapping, by an unprivileged role');
($out) = session('SELECT count(*) FROM hub_stats');
is($out, 0, 'a session that asked nothing has no row');
ttl("SET max_retries '3'");
($out) = do { $hub->clear; $hub->faults({ action => 'status', status => 503 });
	$node->safe_psql('postgres', "$query; SELECT requests, retries FROM hub_stats") };
is((split /\n/, $out)[-1], '2|1', 'retries are counted');

$node->stop;
$hub->stop;
done_testing();
