# Every fault at every kind of request and position: the right table, or one
# clear error within the configured time, as docs/reliability.md says. The
# matrix is read from there; the rules of the stand-in stand in faults.json.
# PGHUB_FAULTS, a regular expression, chooses some.
use strict;
use warnings;
use utf8;
use JSON::PP;
use Test::More;
use Time::HiRes qw(time);
use POSIX ();
use DatasetRows;

my $top = $ENV{PGHUB_TOP};
my @kinds = ('list: first page', 'list: later page', 'list: last page', 'look-up', 'sorted list', 'dataset rows: first page', 'dataset rows: later page');
my %sql = (
	'list' => 'SELECT count(*), sum(likes), count(author) FROM models',
	'look-up' => 'SELECT count(*), sum(likes), count(author) FROM models WHERE id = ANY (\'%s\')',
	'sorted list' => 'SELECT count(*), sum(likes), count(author) FROM (SELECT * FROM models ORDER BY downloads DESC LIMIT 250) q',
	'dataset rows' => 'SELECT count(*), sum(a), count(text) FROM en_train');
my %nth = ('list: first page' => 1, 'list: later page' => 2, 'list: last page' => 3, 'look-up' => 2, 'sorted list' => 2,
	'dataset rows: first page' => 1, 'dataset rows: later page' => 2);
my $longest = 20;

sub slurp { open my $f, '<:encoding(UTF-8)', $_[0] or die "$_[0]: $!"; local $/; return <$f> }

my $rules = JSON::PP->new->decode(slurp("$top/test/t/faults.json"));

# | fault | first | later | … | of the page: the cells say what happens
my %matrix;
my $letters = {};
my $doc = slurp("$top/docs/reliability.md");
while ($doc =~ /^\| `([A-Z])` \| (.+?) \|\s*$/mg)
{
	my ($letter, $words) = ($1, $2);
	$letters->{$letter} = $words;
}
while ($doc =~ /^\| ([^|`]+?) \|((?: [A-Z–] \|){7})\s*$/mg)
{
	my ($fault, $cells) = ($1, $2);
	my @cells = $cells =~ /([A-Z]|–)/g;
	@{ $matrix{$fault} }{@kinds} = @cells;
}
is(join("\n", sort keys %matrix), join("\n", sort keys %$rules), 'the matrix of docs/reliability.md has every fault, and no other');

# What a letter means here: undef is the right table, else the error's words.
my %outcome;
for my $letter (keys %$letters)
{
	$outcome{$letter} = [ map { quotemeta } $letters->{$letter} =~ /"([^"]+)"/g ];
}

my ($node, $first) = start_viewer('faults');
$first->stop;
my $server = "max_retries '1', timeout '3s', connect_timeout '1s', quota_wait_max '2s', max_response_mb '1', page_size '100', max_concurrency '2'";

# One process a kind of request, each with a stand-in and a schema of its own.
sub run_kind
{
	my ($number, $kind, $file) = @_;
	my $hub = StandIn->new(models => 300);
	my $url = $hub->url;
	my $schema = "k$number";
	$node->safe_psql('postgres', "CREATE SCHEMA $schema; CREATE SERVER $schema FOREIGN DATA WRAPPER hub_fdw
			OPTIONS (endpoint '$url', viewer_endpoint '$url', $server);
		IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER $schema INTO $schema;
		IMPORT FOREIGN SCHEMA dataset LIMIT TO (en_train) FROM SERVER $schema INTO $schema OPTIONS (dataset 'standin/configs')");
	my ($what) = $kind =~ /^([^:]+)/;
	my $sql = $sql{$what};
	if ($kind eq 'look-up')
	{
		my $ids = $node->safe_psql('postgres', "SELECT array_agg(id) FROM (SELECT id FROM $schema.models LIMIT 3) q");
		$sql = sprintf $sql, $ids;
	}
	$sql = "SET search_path = $schema; SET statement_timeout = '20s'; $sql";
	my $right = $node->safe_psql('postgres', $sql);
	open my $out, '>', $file or die $!;
	print $out encode_json({ kind => $kind, right => $right }), "\n";
	# the last one leaves the server without quota for ten minutes
	for my $fault (sort { ($a =~ /beyond quota/) <=> ($b =~ /beyond quota/) || $a cmp $b } keys %$rules)
	{
		next if $ENV{PGHUB_FAULTS} && $fault !~ /$ENV{PGHUB_FAULTS}/;
		next if ($matrix{$fault}{$kind} // '–') eq '–';
		my %rule = (%{ $rules->{$fault} });
		my $data = $what eq 'dataset rows';

		$rule{field} =~ s/NUMBER/$data ? 'a' : 'likes'/e if $rule{field};
		$rule{field} =~ s/TEXT/$data ? 'text' : 'author'/e if $rule{field};
		$rule{match} = ($rule{times} // 1) < 0 ? { from => $nth{$kind} } : { nth => $nth{$kind} };
		$rule{match}{path} = '^/(api|rows)';
		$hub->clear;
		$hub->faults(\%rule);
		my $began = time;
		my ($code, $answer, $error) = $node->psql('postgres', $sql);
		print $out encode_json({ fault => $fault, answer => $answer, error => $error, took => time - $began }), "\n";
	}
	close $out;
	$hub->stop;
	return;
}

my %file;
my @children;
for my $number (0 .. $#kinds)
{
	$file{ $kinds[$number] } = PostgreSQL::Test::Utils::tempdir() . "/kind.$number";
	my $pid = fork // die "fork: $!";
	if ($pid == 0)
	{
		eval { run_kind($number, $kinds[$number], $file{ $kinds[$number] }) };
		print STDERR $@ if $@;
		POSIX::_exit($@ ? 1 : 0);
	}
	push @children, $pid;
}
for my $pid (@children)
{
	waitpid $pid, 0;
	is($?, 0, 'a kind of request was tried to its end');
}

my $slowest = 0;
for my $kind (@kinds)
{
	my ($head, @lines) = map { JSON::PP->new->decode($_) } split /\n/, slurp($file{$kind});
	for my $line (@lines)
	{
		my $letter = $matrix{ $line->{fault} }{$kind};
		my $words = $outcome{$letter};
		my $name = "$kind: $line->{fault}: $letter";

		$slowest = $line->{took} if $line->{took} > $slowest;
		if ($letters->{$letter} =~ /^the right table/)
		{
			is($line->{answer}, $head->{right}, $name);
			like($line->{error}, qr/$words->[0]/, "$name: and says so") if @$words;
		}
		else
		{
			my $good = $line->{answer} eq '' && !grep { $line->{error} !~ /$_/ } @$words;

			ok($good, $name) or diag("answer: $line->{answer}\nerror: $line->{error}");
			is(scalar(() = $line->{error} =~ /ERROR: /g), 1, "$name: one error");
		}
		cmp_ok($line->{took}, '<', $longest, "$name: in time");
	}
}
note sprintf 'slowest: %.1f s', $slowest;
diag sprintf '%d faults at %d kinds of requests, slowest %.1f s', scalar keys %$rules, scalar @kinds, $slowest;
$node->stop;
done_testing();
