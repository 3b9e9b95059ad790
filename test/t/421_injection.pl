# Values are data: whatever stands in a predicate reaches the Hub as exactly
# that parameter, or is not sent at all. The stand-in's log has the requests
# as they came; their decoded parameters must equal the SQL values byte for byte.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Encode qw(encode_utf8);
use StandIn;

my $hub = StandIn->new(models => 20);
my $node = PostgreSQL::Test::Cluster->new('injection');
$node->init(extra => [ '--encoding', 'UTF8', '--locale', 'C' ]);
$node->start;
$node->safe_psql('postgres', <<SQL);
CREATE EXTENSION pghub;
CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $hub->url ]}', max_retries '0');
CREATE USER MAPPING FOR CURRENT_USER SERVER hub OPTIONS (token 'hf_thesecret');
CREATE SCHEMA hub;
IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub;
SQL

# Fixed nasties, then random strings over nasty characters.
my @values = ("a\r\nX-Evil: 1", "a\nb", "a\rb", '../../../etc/passwd', '..', '.', '%2F', '%2e%2e%2f', '%00', 'a&author=b', 'a=b', 'a#b',
	'a?b', 'a+b', 'a b', "a\tb", 'a;b', 'a"b', "a'b", 'a\\b', '{x}', '[x]', '${x}', '%s%n%d', '<script>', 'a,b', 'limit=1', '/', '//evil.example',
	'http://evil.example/', "\x{7f}", "\x{e9}", "\x{1f917}", "\x{202e}abc", "a\x{0}" =~ s/\x{0}//r, 'x' x 900, '', ' ', '%', '%%', "\x{fffd}", "\x{10ffff}");
my @alphabet = ("\r", "\n", "\t", ' ', '%', '&', '=', '+', '#', '?', '/', '\\', '.', ';', ':', '@', '"', "'", '<', '>', '{', '}', '|', '^', '~', '`',
	'2', 'F', 'a', "\x{e9}", "\x{4e2d}", "\x{1f600}", "\x{1}", "\x{7f}");
srand 20260301;
push @values, join '', map { $alphabet[ rand @alphabet ] } 1 .. 1 + rand 12 for 1 .. 400;

sub literal
{
	my ($value) = @_;
	return "E'" . join('', map { sprintf '\\U%08X', ord } split //, $value) . "'" if length $value;
	return "''";
}

# One session, all values, through each kind of place in a request.
my %places = (
	'author =' => [ sub { "SELECT count(*) FROM hub.models WHERE author = $_[0]" }, 'author' ],
	'search =' => [ sub { "SELECT count(*) FROM hub.models WHERE search = $_[0]" }, 'search' ],
	'tags @>' => [ sub { "SELECT count(*) FROM hub.models WHERE tags @> ARRAY[$_[0]]" }, 'filter' ],
	'license =' => [ sub { "SELECT count(*) FROM hub.models WHERE license = $_[0]" }, 'filter', 'license:' ],
	'page_cursor =' => [ sub { "SELECT count(*) FROM hub.models WHERE page_cursor = $_[0]" }, 'cursor' ]);
for my $place (sort keys %places)
{
	my ($query, $param, $prefix) = @{ $places{$place} };
	my ($sent, $unsent, $wrong) = (0, 0, 0);
	my @batch = @values;
	while (my @part = splice @batch, 0, 100)
	{
		$hub->clear;
		# a marker request between any two tells whose request is whose
		my $script = join "\n", map { "SELECT count(*) FROM hub.models WHERE id = 'mark/n$_';\n" . $query->(literal($part[$_])) . ';' } 0 .. $#part;
		$node->psql('postgres', "SET client_min_messages = error;\n$script", on_error_stop => 0);
		my ($at, %seen) = (-1);
		for my $request ($hub->log)
		{
			if ($request->{path} =~ m{/mark/n(\d+)$}) { $at = $1; next; }
			push @{ $seen{$at} }, $request;
		}
		for my $i (0 .. $#part)
		{
			my $requests = $seen{$i};
			if (!$requests) { $unsent++; next; }
			for my $request (@$requests)
			{
				my @got = map { $_->[1] } grep { $_->[0] eq $param } @{ $request->{query} };
				my $expected = ($prefix // '') . $part[$i];
				if (@got && (@got != 1 || $got[0] ne $expected))
				{
					$wrong++;
					diag sprintf '%s: sent %s for %s', $place, join('|', map { unpack 'H*', encode_utf8($_) } @got), unpack 'H*', encode_utf8($expected);
				}
				my @known = grep { !/^(?:$param|limit|sort|direction|expand|full)$/ } map { $_->[0] } @{ $request->{query} };
				if (@known) { $wrong++; diag "$place: parameters appeared: @known"; }
				if ($request->{headers} && grep { lc eq 'x-evil' } keys %{ $request->{headers} }) { $wrong++; diag 'a header appeared'; }
				@got ? $sent++ : $unsent++;
			}
		}
	}
	is($wrong, 0, "$place: " . scalar(@values) . " values, $sent sent as they are, $unsent not sent");
	cmp_ok($sent, '>', 50, "$place: most were sent, so the comparison means something");
}

# ---- values that become part of a path
my ($good, $bad) = (0, 0);
$hub->clear;
# names that a repository can have, and all the others
my @keys = ((map { join '', map { ('a' .. 'z', 'A' .. 'Z', 0 .. 9, '.', '-', '_')[ rand 65 ] } 1 .. 1 + rand 20 } 1 .. 150), grep { length } @values);
my $script = join "\n", map { "SELECT count(*) FROM hub.models WHERE id = " . literal("o/$_") . ';' } @keys;
$node->psql('postgres', "SET client_min_messages = error;\n$script", on_error_stop => 0);
my %wanted = map { ("o/$_" => 1) } @keys;
for my $request ($hub->log)
{
	my $path = $request->{target};
	$path =~ s/\?.*//s;
	(my $id = $path) =~ s{^/api/models/}{} or $bad++;
	$id =~ s/%([0-9A-F]{2})/chr hex $1/ge;
	$id = Encode::decode_utf8($id);
	$wanted{$id} && $path !~ m{/\.\.?(/|$)} && $path !~ /[\r\n ]/ ? $good++ : ($bad++, diag "path $path");
}
is($bad, 0, "ids in the path: $good sent, each decodes to a value asked for, none climbs");
cmp_ok($good, '>', 100, 'ids in the path: most were sent');

$node->stop;
$hub->stop;
done_testing();
