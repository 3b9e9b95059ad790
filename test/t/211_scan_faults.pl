# What goes wrong between a list and its rows: all rows or an error, never a
# short table; the token where it belongs; the quota kept.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use StandIn;
use HubNode;

my $token = 'hf_secretsecretsecret';
my $hub = StandIn->new(models => 2500, seed => 5, token => $token, redirect => ['old/name=new/name']);
my $other = StandIn->new(models => 10);
my $node = HubNode->new('faults', $hub, max_retries => 1, timeout => '2s', max_concurrency => 4,
	conf => "log_min_messages = debug5\nlog_statement = none\n");
my $all = 'SELECT count(*), count(DISTINCT _id), sum(downloads) FROM models';
my $whole = $node->value($all);
like($whole, qr/^2500\|2500\|\d+$/, 'the whole list');
my $second = { path => 'cursor=', nth => 1 };

# ---- mended: asked again, every row once
for my $fault ({ action => 'quota', dress => 'ratelimit' }, { action => 'quota', dress => 'retry-after' }, { action => 'quota', dress => 'bare' },
	{ action => 'status', status => 500 }, { action => 'status', status => 502 }, { action => 'status', status => 503 },
	{ action => 'status', status => 504, type => 'text/html', body => '<html>' },
	{ action => 'cut_body' }, { action => 'invalid_json' }, { action => 'html' }, { action => 'empty_body' },
	{ action => 'wrong_length' }, { action => 'reset', where => 'before' }, { action => 'reset', where => 'headers' },
	{ action => 'reset', where => 'body' })
{
	my $name = join ' ', map { "$_ $fault->{$_}" } grep { !/type|body/ || $_ eq 'dress' } sort keys %$fault;
	$hub->faults({ %$fault, match => $second, times => 1 });
	my ($out, $err, @asked) = $node->asked($all);
	is($out, $whole, "second page, $name") or diag $err;
	is(scalar @asked, 4, "$name: one request more");
}

# ---- not mended: an error that says what and where
my %told = (
	'500 for ever' => [ { action => 'status', status => 500 }, qr/HV000.*status 500.*tried 2 times/s ],
	'cut for ever' => [ { action => 'cut_body' }, qr/08006.*broke off/s ],
	'HTML for ever' => [ { action => 'html' }, qr/HV000.*not JSON/s ],
	'broken JSON for ever' => [ { action => 'invalid_json' }, qr/HV000.*cannot be read/s ],
	'a stall for ever' => [ { action => 'stall', seconds => 3 }, qr/08006|HV00N/ ],
	'a body that stalls' => [ { action => 'stall', where => 'body', seconds => 3 }, qr/08006/ ],
	'a next link to another host' => [ { action => 'link_foreign', origin => $other->url }, qr/HV000.*next page/s ],
	'a next link in a circle' => [ { action => 'link_loop' }, qr/HV000.*(links back|same page)/s ],
	'a redirect to another host' => [ { action => 'redirect', to => $other->url . '/api/models' }, qr/HV000.*redirects to/s ],
	'a bad request' => [ { action => 'status', status => 400, body => '{"error":"✖ Invalid option"}' }, qr/HV000.*refuses the request.*Invalid option/s ],
	'a number too large' => [ { action => 'field', field => 'downloads', json => '9223372036854775808', row => 3 }, qr/22003.*downloads/s ],
	'a number far too large' => [ { action => 'field', field => 'likes', json => '1e400', row => 3 }, qr/22003.*likes/s ],
	'a fraction' => [ { action => 'field', field => 'likes', json => '1.5', row => 3 }, qr/HV004.*likes/s ],
	'a list that is none' => [ { action => 'body', body => '{"error":"x"}' }, qr/HV000/ ]);
for my $name (sort keys %told)
{
	my ($fault, $pattern) = @{ $told{$name} };
	$hub->faults({ %$fault, match => { path => $name =~ /next link|redirect/ ? '' : 'cursor=' }, times => -1 });
	my ($out, $err) = $node->both('SELECT id, downloads, likes FROM models');
	like($err, $pattern, $name);
	unlike($out, qr/\//, "$name: no rows");
}
$hub->clear;
is($node->value($all), $whole, 'all is well afterwards');
is(scalar $other->log, 0, 'the other host was never asked');
$hub->faults({ action => 'field', field => 'likes', json => '"many"', row => 3, times => -1 });
my ($out, $err) = $node->both('SELECT likes FROM models');
like($err, qr/22\w{3}|HV00\w.*likes/s, 'a text where a number belongs');
$hub->faults({ action => 'field', field => 'likes', json => '1e2', row => 3, times => -1 }, { action => 'field', field => 'downloads', json => '5.0', row => 3, times => -1 });
is($node->value('SELECT count(*) FROM models WHERE likes = 100 AND downloads = 5') > 0 ? 1 : 0, 1, 'whole numbers in other clothes');
$hub->clear;

# ---- a string of 100 MB: an error by default, all of it where so much is allowed
$hub->faults({ action => 'huge_string', field => 'pipeline_tag', mb => 100, row => 3, match => { path => 'limit=10(&|$)' }, times => -1 });
my $long = 'SELECT max(length(pipeline_tag)) FROM (SELECT pipeline_tag FROM models ORDER BY downloads DESC LIMIT 10) q';
$node->value("ALTER SERVER hub OPTIONS (SET timeout '30s')");
($out, $err) = $node->both($long);
like($err, qr/max_response_mb/, 'a string of 100 MB: more than an answer may have');
is($out, '', 'and no row');
$node->value("ALTER SERVER hub OPTIONS (ADD max_response_mb '200')");
is($node->value($long), 100 << 20, 'a string of 100 MB where answers may have 200 MB');
$node->value("ALTER SERVER hub OPTIONS (DROP max_response_mb, SET timeout '2s')");
$hub->clear;

# ---- a look-up: missing, refused, forbidden
my ($id) = split /\n/, $node->value('SELECT id FROM models LIMIT 1');
is($node->value("SELECT count(*) FROM models WHERE id IN ('no/such', '$id')"), 1, 'anonymous: 401 is no row');
$hub->faults({ action => 'status', status => 403, body => '{"error":"Access to this resource is disabled."}', times => -1 });
($out, $err) = $node->both("SELECT id FROM models WHERE id = '$id'");
like($err, qr/42501.*no access/s, 'status 403');
$hub->faults({ action => 'status', status => 401, body => '{"error":"Invalid username or password."}', times => -1 });
($out, $err) = $node->both('SELECT id FROM models');
like($err, qr/28000.*HINT/s, '401 on a list');
$hub->clear;

# ---- the token
$node->value("CREATE USER MAPPING FOR CURRENT_USER SERVER hub OPTIONS (token 'hf_wrongwrongwrong')");
($out, $err) = $node->both("SELECT id FROM models WHERE id = 'no/such'");
like($err, qr/28000.*refuses the token.*HINT/s, 'a refused token is an error, never an empty result');
$node->value("ALTER USER MAPPING FOR CURRENT_USER SERVER hub OPTIONS (SET token '$token')");
$hub->control(DELETE => 'log');
is($node->value("SELECT count(*) FROM models WHERE id IN ('no/such', '$id')"), 1, 'with a token: 404 is no row');
is(scalar(grep { ($_->{authorization} // '') eq "Bearer $token" } $hub->log), 2, 'the token goes to the Hub');
for my $fault ({ action => 'link_foreign', origin => $other->url }, { action => 'redirect', to => $other->url . '/api/models' },
	{ action => 'status', status => 500 }, { action => 'status', status => 400, body => "{\"error\":\"you sent Bearer $token\"}" },
	{ action => 'status', status => 401, headers => { 'X-Error-Message' => "bad token $token" } }, { action => 'html' })
{
	$hub->faults({ %$fault, times => -1 });
	($out, $err) = $node->both("SELECT id FROM models");
	like($err, qr/ERROR/, "$fault->{action}: an error");
	unlike($out . $err, qr/hf_secret/, "$fault->{action}: without the token");
}
$hub->clear;
is(scalar $other->log, 0, 'it went nowhere else');
($out, $err) = $node->both("SET client_min_messages = debug5; SET pghub.progress_interval = 1; EXPLAIN (ANALYZE, VERBOSE) SELECT id FROM models;
	SELECT query FROM pg_stat_activity; SELECT * FROM hub_stats");
like($out, qr/Requests Sent: 3/, 'all is shown');
unlike($out . $err, qr/hf_secret/, 'but no token: EXPLAIN, NOTICE, debug messages, statistics');
unlike(slurp_file($node->node->logfile) =~ s/^.*(CREATE|ALTER) USER MAPPING.*$//mgr, qr/hf_secret/, 'nor in the log at debug5');
$node->value('CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA hub TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA hub TO reader');
is($node->value("SET ROLE reader; SELECT string_agg(umoptions::text, '') FROM pg_user_mappings"), '', 'nor for others in the catalogue');

# ---- whose token
$node->value("CREATE ROLE owner_a; GRANT USAGE, CREATE ON SCHEMA hub TO owner_a; GRANT SELECT ON ALL TABLES IN SCHEMA hub TO owner_a;
	CREATE USER MAPPING FOR owner_a SERVER hub OPTIONS (token '$token');
	SET ROLE owner_a;
	CREATE VIEW hub.shared AS SELECT id FROM hub.models WHERE id = '$id';
	CREATE VIEW hub.invoked WITH (security_invoker) AS SELECT id FROM hub.models WHERE id = '$id';
	CREATE FUNCTION hub.definer() RETURNS text LANGUAGE sql SECURITY DEFINER AS \$\$ SELECT id FROM hub.models WHERE id = '$id' \$\$;
	GRANT SELECT ON hub.shared, hub.invoked TO reader");
for (([ 'SELECT * FROM shared', 1, 'a view: its owner\'s' ]), [ 'SELECT * FROM invoked', 0, 'an invoker\'s view: the caller\'s' ],
	[ 'SELECT definer()', 1, 'SECURITY DEFINER: its owner\'s' ], [ "SELECT id FROM models WHERE id = '$id'", 0, 'else one\'s own, here none' ])
{
	my ($sql, $with, $name) = @$_;
	$hub->control(DELETE => 'log');
	is($node->value("SET ROLE reader; $sql"), $id, "$name, the row") for 1;
	is(scalar(grep { $_->{authorization} } $hub->log), $with, $name);
}

# ---- progress
$hub->settings(latency_ms => 60);
($out, $err) = $node->both("SET pghub.progress_interval = '50ms'; SELECT count(*) FROM models");
like($err, qr/NOTICE:.*models: \d+ rows, \d+ pages, [\d.]+ MB.*quota left \d+ of 1000000.* s/, 'progress');
($out, $err) = $node->both("SET pghub.progress_interval = 0; SELECT count(*) FROM models");
unlike($err, qr/NOTICE/, 'can be switched off');
($out, $err) = $node->both("SET pghub.max_requests = 2; SELECT count(*) FROM models");
like($err, qr/53400.*max_requests/s, 'as can an accidental crawl');
$hub->settings(latency_ms => 0);

# ---- damaged text is replaced, counted, and told
$hub->faults({ action => 'field', field => 'pipeline_tag', json => '"a\\u0000b\\ud800c"', row => 0, times => -1 });
($out, $err) = $node->both("SELECT pipeline_tag FROM models ORDER BY downloads DESC LIMIT 1");
is($out, "a\x{fffd}b\x{fffd}c" =~ s/\x{fffd}/\xef\xbf\xbd/gr, 'NUL and a lone surrogate');
like($err, qr/NOTICE:.*2 damaged characters/, 'are told');
$hub->clear;

# ---- quota
$node->value('ALTER SERVER hub OPTIONS (ADD quota_wait_max \'8s\')');
$hub->settings(quota => 2, window => 2);
($out, $err) = $node->both($all);
is($out, $whole, 'a quota of two a window: the list waits and comes whole');
like($err, qr/NOTICE:.*waiting/, 'and says so');
$hub->settings(quota => 1, window => 3600);
($out, $err) = $node->both($all);
like($err, qr/53000.*quota.*quota_wait_max/s, 'a quota that comes back too late is an error');

$node->stop;
$hub->stop;
$other->stop;
done_testing();
