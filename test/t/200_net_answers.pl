# What the transfer engine makes of answers, good and bad: one row a fault.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use HTTP::Tiny;
use JSON::PP;
use NetPeer;

my $peer = NetPeer->new;
my $node = NetPeer->node('answers', http_proxy => 'http://127.0.0.1:1', all_proxy => 'http://127.0.0.1:1');
my $url = $peer->{url};

# (stdout, stderr) of net_probe(endpoint, paths, more arguments)
sub probe
{
	my ($columns, $paths, $more, $endpoint) = @_;
	my $list = join ',', map { "'$_'" } ref $paths ? @$paths : $paths;
	$more = $more ? ", $more" : '';
	$endpoint ||= $url;
	my ($out, $err);
	$node->psql('postgres',
		"\\set VERBOSITY verbose\nSELECT $columns FROM net_probe('$endpoint', ARRAY[$list]$more)",
		stdout => \$out, stderr => \$err);
	return ($out, $err);
}

sub gives
{
	my ($name, $expected, @args) = @_;
	my ($out, $err) = probe(@args);
	is($out, $expected, $name) or diag $err;
}

sub fails
{
	my ($name, $pattern, @args) = @_;
	my ($out, $err) = probe(@args);
	like($err, $pattern, $name);
	unlike("$out$err", qr/hf_secret/, "$name: no token shown");
}

# What the peer saw since it was asked last.
sub seen
{
	my $log = get("$url/log");
	return @{ decode_json($log) };
}

sub get
{
	my ($address) = @_;
	my $answer = HTTP::Tiny->new->get($address);
	die "peer: $answer->{status}" unless $answer->{success};
	return $answer->{content};
}

# ---- plain answers
gives('a plain answer', '200|{"path": "/ok"}|' . "$url/ok" . '|f', 'status, body, url, redirected', '/ok');
gives('answers come in the order asked', join("\n", map { "{\"path\": \"/sleep/" . (50 - $_) . "/$_\"}" } 1 .. 40),
	'body', [ map { '/sleep/' . (50 - $_) . "/$_" } 1 .. 40 ]);
gives('gzip is decoded', '100002|t', 'size, bytes_wire < 1000', '/gzip');
gives('pages are followed', "4", 'count(*)', '/page/1/4', 'follow => true');
gives('next is a path of the same origin', '/page/2/2?x=a,b', 'next', '/page/1/2');

# ---- keep-alive
seen();
probe('count(*)', [ map { "/ok/$_" } 1 .. 20 ], 'max_concurrency => 1');
my %connections = map { $_->{connection} => 1 } seen();
is(scalar(keys %connections), 1, 'twenty requests in turn use one connection');
probe('count(*)', [ map { "/sleep/20/$_" } 1 .. 40 ], 'max_concurrency => 4');
%connections = map { $_->{connection} => 1 } seen();
is(scalar(keys %connections), 4, 'forty requests, four at once, use four');
probe('1', '/ok', "token => 'hf_secret'");
is((seen())[0]->{authorization}, 'Bearer hf_secret', 'the token goes to the origin');

# ---- retried
for my $path ('/fail/500/1/a', '/fail/502/1/a', '/fail/503/1/a', '/fail/504/1/a', '/html/1/a', '/cut/1/a',
	'/cutzip/1/a', '/reset/before/1/a', '/reset/within/1/a', '/reset/body/1/a', '/notjson/1/a', '/429/bare/1/a')
{
	gives("$path is asked again once", qq({"path": "$path"}|2|1), 'body, requests, retries', $path);
}
gives('429 with RateLimit waits', '200|2|t', 'status, requests, quota_wait_ms BETWEEN 1500 AND 3000', '/429/rate/1/a');
gives('429 with Retry-After waits', '200|2|t', 'status, requests, quota_wait_ms BETWEEN 900 AND 2500', '/429/after/1/a');
gives('429 with a date waits', '200|2|t', 'status, requests, quota_wait_ms BETWEEN 800 AND 3000', '/429/date/1/a');
my (undef, $notice) = probe('status', '/429/after/1/b');
like($notice, qr/NOTICE:.*waiting 1 s: the request quota of \Q$url\E is used up/, 'the wait is announced');
gives('a kept connection that died costs no retry', "{\"path\": \"/close\"}|0\n{\"path\": \"/ok\"}|0",
	'body, retries', [ '/close', '/ok' ], 'max_concurrency => 1');

# ---- given up
fails('500 for ever', qr/HV000.*answers with status 500.*tried 3 times.*rid-1.*it failed/s, '1', '/fail/500/99/b', 'max_retries => 2');
fails('HTML for ever', qr/HV000.*not JSON.*text\/html/s, '1', '/html/99/b', 'max_retries => 1');
fails('empty for ever', qr/HV000.*not JSON.*size: 0/s, '1', '/empty', 'max_retries => 1');
fails('cut for ever', qr/08006.*broke off/s, '1', '/cut/99/b', 'max_retries => 1');
fails('not HTTP at all', qr/08006.*broke off/s, '1', '/junk', 'max_retries => 1');
fails('body that cannot be read', qr/HV000.*cannot be read.*exclamation/s, '1', '/notjson/99/b', 'max_retries => 1');
fails('429 longer than allowed', qr/53000.*quota of .* is used up.*quota_wait_max/s, '1', '/429/long/9/b', "token => 't77'");
fails('quota used up, window too far', qr/53000.*quota/s, '1', [ '/exhausted/300', '/ok' ],
	"max_concurrency => 1, quota_wait_max => 5000, token => 't78'");
fails('nobody listens', qr/HV00N.*could not connect/s, '1', '/ok', 'max_retries => 1', "http://127.0.0.1:$peer->{closed}");
fails('no such host', qr/HV00N.*could not connect.*resolve/s, '1', '/ok', '', 'https://no-such-host.invalid');
fails('certificate of nobody', qr/HV00N.*identity/s, '1', '/ok', '', "https://localhost:$peer->{tls}");
gives('certificate that ca_file knows', '200', 'status', '/ok', "ca_file => '$peer->{folder}/cert.pem'",
	"https://127.0.0.1:$peer->{tls}");

# ---- too large
fails('a gzip bomb', qr/54000.*larger than 4 MB/s, '1', '/bomb/200', 'max_response_mb => 4');
fails('a body too large, chunked', qr/54000.*larger than 4 MB/s, '1', '/big/8', 'max_response_mb => 4');
gives('a large one within the limit', 8 * 1024 * 1024 + 2, 'size', '/big/8', 'max_response_mb => 16');
fails('endless headers', qr/54000|08006/, '1', '/headers', 'max_retries => 0');

# ---- redirects and links
gives('a relative redirect', "{\"path\": \"/ok/x\"}|t|$url/ok/x", 'body, redirected, url', '/redirect/307/ok/x');
gives('an absolute one of the same origin', '{"path": "/ok"}', 'body', "/redirect/301/?to=$url/ok");
fails('redirects in a circle', qr/HV000.*again and again/s, '1', '/loop');
for my $to ("http://127.0.0.2:$peer->{other}/ok", "http://127.0.0.1:$peer->{other}/ok", "https://127.0.0.1:$peer->{main}/ok",
	"//127.0.0.2:$peer->{other}/ok", "file:///etc/passwd", "gopher://127.0.0.1:$peer->{main}/x",
	"http://127.0.0.1:$peer->{main}\@127.0.0.2:$peer->{other}/")
{
	my $token = "token => 'hf_secret', trusted => true";
	fails("redirect to $to", qr/HV000.*redirects to/s, '1', "/redirect/307/?to=$to", $token);
	fails("next on $to", qr/HV000.*next page/s, '1', "/link?to=$to", $token);
}
fails('next is the same page', qr/HV000.*same page/s, '1', '/self');
is_deeply([ grep { $_->{at} ne '127.0.0.1' } seen() ], [], 'the other host was never asked');

# ---- errors of the server, told apart
fails('401, anonymous', qr/28000.*no anonymous access.*RepoNotFound.*no such.*HINT.*USER MAPPING/s, '1', '/error/401');
fails('401, with a token', qr/28000.*refuses the token.*HINT/s, '1', '/error/401', "token => 'hf_secret'");
fails('status 403', qr/42501.*no access/s, '1', '/error/403', "token => 'hf_secret'");
fails('status 404', qr/42704.*does not have/s, '1', '/error/404');
fails('400 that repeats the token', qr/HV000.*refuses the request.*Bearer \*\*\*/s, '1', '/echo', "token => 'hf_secret'");
fails('a token with a line break', qr/HV024.*token/s, '1', '/ok', "token => E'hf_secret\\r\\nX-Evil: 1'");

# ---- endpoints
fails('http beyond loopback', qr/HV024.*Only https/s, '1', '/ok', '', 'http://example.com');
fails('another scheme', qr/HV024.*scheme:\/\/host/s, '1', '/ok', '', 'file:///etc/passwd');
fails('credentials in the endpoint', qr/HV024.*invalid endpoint/s, '1', '/ok', '', 'https://u:p@example.com');
fails('loopback for an unprivileged owner', qr/42501.*private address 127\.0\.0\.1/s, '1', '/ok', 'trusted => false');
fails('localhost for an unprivileged owner', qr/42501.*private address/s, '1', '/ok', 'trusted => false', "http://localhost:$peer->{main}");
fails('a kept connection of another owner', qr/42501.*private address/s, '1', '/ok',
	"trusted => false) UNION ALL SELECT $_ FROM net_probe('$url', ARRAY['/ok']") for '1';
is($node->safe_psql('postgres', "SET pghub.allowed_hosts = 'example.com, 127.0.0.1';
	SELECT status FROM net_probe('$url', ARRAY['/ok'], trusted => false)"), '200', 'a listed host is allowed');
my ($rc, $out, $err) = $node->psql('postgres', "SET pghub.allowed_hosts = '*.example.com';
	SELECT status FROM net_probe('https://huggingface.co', ARRAY['/ok'], trusted => false)");
like($err, qr/host "huggingface.co" is not allowed/, 'one that is not listed is refused');

# ---- requests that cannot be
for my $path ('/a b', "/a\x01b", '/a#b', '/a\\b', 'ok', '', '//127.0.0.2/x', 'http://127.0.0.2/ok')
{
	fails("path '$path'", qr/HV00A|HV000/, '1', $path);
}
is($node->safe_psql('postgres', "SELECT net_probe_escape(E'a b&c=d/e%f?g#\\r\\n\\u00e9;..')"),
	'a%20b%26c%3Dd%2Fe%25f%3Fg%23%0D%0A%C3%A9%3B..', 'escape');

# ---- limits per statement
my $three = "SELECT count(*) FROM net_probe('$url', ARRAY['/ok/1','/ok/2','/ok/3'])";
is($node->safe_psql('postgres', "SET pghub.max_requests = 3; $three"), 3, 'as many as allowed');
($rc, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSET pghub.max_requests = 2;\n$three;\nSELECT 1");
like($err, qr/53400.*max_requests/s, 'more than allowed');

# ---- two cursors on one multi handle, and slow readers
is($node->safe_psql('postgres', "BEGIN;
	DECLARE a CURSOR FOR SELECT (net_probe('$url', ARRAY['/page/1/3'], follow => true)).body;
	DECLARE b CURSOR FOR SELECT (net_probe('$url', ARRAY['/sleep/20/b1','/sleep/20/b2','/sleep/20/b3'])).body;
	FETCH 1 FROM a; FETCH 1 FROM b; FETCH 1 FROM a; FETCH 1 FROM b; COMMIT"),
	"{\"path\": \"/page/1/3\"}\n{\"path\": \"/sleep/20/b1\"}\n{\"path\": \"/page/2/3?x=a,b\"}\n{\"path\": \"/sleep/20/b2\"}",
	'two cursors do not mix');
is($node->safe_psql('postgres', "BEGIN;
	DECLARE a CURSOR FOR SELECT (net_probe('$url', ARRAY['/ok','/big/8','/sleep/10/z'], timeout => 1000, max_retries => 0)).status;
	FETCH 1 FROM a; SELECT pg_sleep(2); FETCH 2 FROM a; COMMIT"), "200\n\n200\n200", 'a slow reader is no time-out');

$node->stop;
$peer->stop;
done_testing();
