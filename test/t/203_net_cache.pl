# Answers kept between statements: fresh ones, stale ones, and what must not be.
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use NetPeer;

my $peer = NetPeer->new;
my $node = NetPeer->node('cache');
my $url = $peer->{url};

sub seen
{
	return map { $_->{path} } @{ decode_json(HTTP::Tiny->new->get("$url/log")->{content}) };
}

# One session, several probes; their bodies, and the paths that were asked.
sub asks
{
	my ($name, $expected, @probes) = @_;
	seen();
	my $out = $node->safe_psql('postgres', join ";\n", map { /^!(.*)/s ? $1 : "SELECT status FROM net_probe('$url', $_)" } @probes);
	is(join(' ', seen()), $expected, $name);
	return $out;
}

my $kept = 'cache_ttl => 60';
asks('a fresh answer is not asked for again', '/ok/a', ("ARRAY['/ok/a'], $kept") x 3);
asks('without cache_ttl it is', '/ok/a /ok/a', ("ARRAY['/ok/a']") x 2);
asks('another server has its own', '/ok/a /ok/a', "ARRAY['/ok/a'], $kept", "ARRAY['/ok/a'], $kept, server => 2");
asks('"there is none" is kept', '/none', ("ARRAY['/none'], accept_errors => true, $kept") x 2);
asks('a refusal is not', '/error/403 /error/403', ("ARRAY['/error/403'], accept_errors => true, $kept") x 2);
asks('a stale one is asked for again', '/ok/a /ok/a', "ARRAY['/ok/a'], cache_ttl => 1", '!SELECT pg_sleep(1.1)', "ARRAY['/ok/a'], cache_ttl => 1");
asks('a flush drops all', '/ok/a /ok/a', "ARRAY['/ok/a'], $kept", '!SELECT net_probe_flush()', "ARRAY['/ok/a'], $kept");
asks('an altered server drops all', '/ok/a /ok/a', "ARRAY['/ok/a'], $kept",
	"!CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; ALTER SERVER s VERSION '2'", "ARRAY['/ok/a'], $kept");
asks('pages keep their links', '/page/1/3 /page/2/3?x=a,b /page/3/3?x=a,b', ("ARRAY['/page/1/3'], $kept, follow => true") x 2);
asks('a redirected one keeps its place', '/redirect/307/ok/x /ok/x', ("ARRAY['/redirect/307/ok/x'], $kept") x 2);
is($node->safe_psql('postgres', join ';', ("SELECT body, redirected, url, requests FROM net_probe('$url', ARRAY['/redirect/307/ok/y'], $kept)") x 2),
	"{\"path\": \"/ok/y\"}|t|$url/ok/y|2\n{\"path\": \"/ok/y\"}|t|$url/ok/y|0", 'and reads the same');
asks('one that cannot be read is not kept', '/notjson/1/c /notjson/1/c', ("ARRAY['/notjson/1/c'], $kept") x 2);
asks('a cut one is not kept', '/cut/1/c /cut/1/c', ("ARRAY['/cut/1/c'], $kept") x 2);

# ETag: a stale answer that still holds comes back whole
is($node->safe_psql('postgres', "SELECT body FROM net_probe('$url', ARRAY['/etag'], cache_ttl => 1);
	SELECT pg_sleep(1.1);
	SELECT status, body, bytes_decoded FROM net_probe('$url', ARRAY['/etag'], cache_ttl => 1)"),
	"{\"path\": \"/etag\"}\n\n200|{\"path\": \"/etag\"}|0", '304 gives the answer kept');

# bounded: 40 answers of 4 MB pass through 64 MB
my $big = join ',', map { "'/big/4?$_'" } 1 .. 40;
my $memory = "SELECT sum(total_bytes) / 1048576 < 80 FROM pg_backend_memory_contexts WHERE name = 'pghub cache'";
is($node->safe_psql('postgres', "SELECT count(*) FROM net_probe('$url', ARRAY[$big], $kept, max_concurrency => 2); $memory"), "40\nt", 'memory is bounded');

$node->stop;
$peer->stop;
done_testing();
