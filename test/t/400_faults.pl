# Every fault at every kind of request and position: the right table, or one
# clear error within the configured time, as docs/reliability.md says. The
# matrix is read from there; the rules of the stand-in stand in faults.json.
# PGHUB_HARD=1 runs all kinds, else it is those marked fast. PGHUB_FAULTS and
# PGHUB_KINDS, regular expressions, choose some.
use strict;
use warnings;
use utf8;
use IO::Socket::INET;
use JSON::PP;
use Test::More;
use Time::HiRes qw(time);
use POSIX ();
use DatasetRows;

my $top = $ENV{PGHUB_TOP};
my $longest = 20;
my $models = 'SELECT count(*), sum(likes), count(author) FROM models';
my $rows = 'SELECT count(*), sum(a), count(text) FROM en_train';
my $files = q{SELECT count(*), sum(size), count(oid) FROM repo_files WHERE repo_id = '%s'};

# Kinds of requests, in the order of the matrix's columns. nth: the page that is
# spoilt; number, text: the fields of its columns; of: the stand-in's rows of
# which a key must have more than "over", that there be that many pages.
my @kinds = (
	{ name => 'list, first page', fast => 1, sql => $models, nth => 1 },
	{ name => 'list, later page', fast => 1, sql => $models, nth => 2 },
	{ name => 'list, last page', sql => $models, nth => 3 },
	{ name => 'look-up', fast => 1, sql => "$models WHERE id = ANY ('%s')", nth => 2 },
	{ name => 'sorted list', fast => 1, nth => 2,
		sql => 'SELECT count(*), sum(likes), count(author) FROM (SELECT * FROM models ORDER BY downloads DESC LIMIT 250) q' },
	{ name => 'dataset rows, first page', fast => 1, sql => $rows, nth => 1 },
	{ name => 'dataset rows, later page', fast => 1, sql => $rows, nth => 2 },
	{ name => 'dataset rows, last page', sql => $rows, last => 1 },
	{ name => 'files, first page', sql => $files, nth => 1, of => 'repo_files&repo_id', over => 300, number => 'size', text => 'oid' },
	{ name => 'files, later page', fast => 1, sql => $files, nth => 2, of => 'repo_files&repo_id', over => 300, number => 'size', text => 'oid' },
	{ name => 'commits', nth => 2, of => 'repo_commits&repo_id', over => 80, number => 'date', text => 'title', page_size => 40,
		sql => q{SELECT count(*), max(committed_at), count(title) FROM repo_commits WHERE repo_id = '%s'} },
	{ name => 'likers', nth => 2, of => 'likers&repo_id', over => 150, number => 'isPro', text => 'fullname',
		sql => q{SELECT count(*), count(is_pro), count(fullname) FROM likers WHERE repo_id = '%s'} },
	{ name => 'members', nth => 2, of => 'organization_members&name', over => 60, number => 'isPro', text => 'fullname',
		sql => q{SELECT count(*), count(is_pro), count(fullname) FROM organization_members WHERE name = '%s'} },
	{ name => 'discussions', fast => 1, nth => 2, of => 'discussions&repo_id', over => 20, number => 'numComments', text => 'title',
		sql => q{SELECT count(*), sum(num_comments), count(title) FROM discussions WHERE repo_id = '%s'} },
	{ name => 'papers', nth => 2, number => 'paper.upvotes', text => 'title', page_size => 40,
		sql => 'SELECT count(*), sum(upvotes), count(title) FROM daily_papers' },
	{ name => 'account', nth => 1, of => 'users&name', over => 0, number => 'numFollowers', text => 'fullname',
		sql => q{SELECT count(*), sum(num_followers), count(fullname) FROM users WHERE name = '%s'} });

sub slurp { open my $f, '<:encoding(UTF-8)', $_[0] or die "$_[0]: $!"; local $/; return <$f> }

my $rules = JSON::PP->new->decode(slurp("$top/test/t/faults.json"));

# | fault | first | later | … | of the page: the cells say what happens
my %matrix;
my $letters = {};
my $doc = slurp("$top/docs/reliability.md");
while ($doc =~ /^\| `([A-Za-z])` \| (.+?) \|\s*$/mg)
{
	my ($letter, $words) = ($1, $2);
	$letters->{$letter} = $words;
}
my $columns = @kinds;
while ($doc =~ /^\| ([^|`]+?) \|((?: [A-Za-z–] \|){$columns})\s*$/mg)
{
	my ($fault, $cells) = ($1, $2);
	my @cells = $cells =~ /([A-Za-z]|–)/g;
	@{ $matrix{$fault} }{ map { $_->{name} } @kinds } = @cells;
}
is(join("\n", sort keys %matrix), join("\n", sort keys %$rules), 'the matrix of docs/reliability.md has every fault, and no other');
is_deeply([ grep { !$letters->{$_} } map { grep { $_ ne '–' } values %$_ } values %matrix ], [], 'and every letter of it is explained');

# What a letter means here: the words of the error or notice.
my %outcome;
for my $letter (keys %$letters)
{
	$outcome{$letter} = [ map { quotemeta } $letters->{$letter} =~ /"([^"]+)"/g ];
}
@kinds = grep { $ENV{PGHUB_KINDS} ? $_->{name} =~ /$ENV{PGHUB_KINDS}/ : $ENV{PGHUB_HARD} || $_->{fast} } @kinds;

my ($node, $first) = start_viewer('faults');
$first->stop;
my $server = "max_retries '1', timeout '5s', connect_timeout '1s', quota_wait_max '2s', max_response_mb '1', max_concurrency '2'";

# Takes connections and never says a word of TLS: nobody accepts them.
my $mute = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64) or die "listen: $!";

# A key of the kind with more entries than KIND needs, and what it answers for a
# key that nothing stands behind.
sub find_key
{
	my ($kind, $hub) = @_;
	my ($of, $input) = $kind->{of} =~ /^(\w+)&(\w+)$/;
	my @keys = $input eq 'repo_id' ? map { decode_json($_)->{id} } split /\n/, $hub->rows('models')
	  : map { $_->{name} } grep { $_->{type} eq ($of eq 'users' ? 'user' : 'organization') }
	  map { decode_json($_) } split /\n/, $hub->rows('account_names');
	for my $key (@keys)
	{
		return $key if ($hub->rows("$kind->{of}=$key") =~ tr/\n//) + 1 > $kind->{over};
	}
	die "no $of with more than $kind->{over} entries";
}

# The rule for one fault, fitted to KIND.
sub fit_rule
{
	my ($kind, $fault) = @_;
	my %rule = (%{ $rules->{$fault} });
	my $data = $kind->{name} =~ /^dataset/;

	if ($rule{field})
	{
		$rule{field} =~ s/NUMBER/$kind->{number} || ($data ? 'a' : 'likes')/e;
		$rule{field} =~ s/TEXT/$kind->{text} || ($data ? 'text' : 'author')/e;
		$rule{field} =~ s/ENTRIES/$data ? 'rows' : 'discussions'/e;
	}
	if ($kind->{last})
	{
		$rule{match} = { path => "^/rows.*offset=$kind->{last}(&|\$)" };
		return \%rule;
	}
	# the answer before leaves the port deaf for the one that is to be spoilt
	my $nth = $kind->{nth} - ($rule{action} eq 'deaf');
	# look-ups share their connections: none of them may get one
	$nth = 0 if $rule{action} eq 'deaf' && $kind->{name} eq 'look-up';
	$rule{match} = ($rule{times} // 1) < 0 ? { from => $nth } : { nth => $nth };
	$rule{match}{path} = '^/(api|rows)';
	if ($kind->{missing_path} && $fault =~ /^40[14]/)
	{
		$rule{match} = { path => $kind->{missing_path} };
	}
	return \%rule;
}

# One process a kind of request, each with a stand-in and a schema of its own.
sub run_kind
{
	my ($number, $kind, $file) = @_;
	my $hub = StandIn->new(models => 300, papers => 130);
	my $url = $hub->url;
	my $schema = "k$number";
	my $page_size = $kind->{page_size} || 100;
	my ($table) = $kind->{sql} =~ /FROM (\w+)/;
	$table = 'models' if $table eq 'en_train' || $kind->{name} eq 'sorted list';
	$node->safe_psql('postgres', "CREATE SCHEMA $schema; CREATE SERVER $schema FOREIGN DATA WRAPPER hub_fdw
			OPTIONS (endpoint '$url', viewer_endpoint '$url', page_size '$page_size', $server);
		IMPORT FOREIGN SCHEMA hub LIMIT TO ($table) FROM SERVER $schema INTO $schema;
		IMPORT FOREIGN SCHEMA dataset LIMIT TO (en_train) FROM SERVER $schema INTO $schema OPTIONS (dataset 'standin/configs')");
	my $set = "SET search_path = $schema; SET statement_timeout = '20s';";
	my ($sql, $missing) = ($kind->{sql});
	if ($kind->{name} eq 'look-up')
	{
		my @ids = split /\n/, $node->safe_psql('postgres', "SELECT id FROM $schema.models LIMIT 3");
		$missing = sprintf $sql, "{$ids[0],$ids[2]}";
		$kind->{missing_path} = "^/api/models/$ids[1]";
		$sql = sprintf $sql, '{' . join(',', @ids) . '}';
	}
	elsif ($kind->{of})
	{
		$missing = sprintf $sql, 'no/such';
		$sql = sprintf $sql, find_key($kind, $hub);
	}
	if ($kind->{last})
	{
		my $count = $node->safe_psql('postgres', "SELECT count(*) FROM $schema.en_train");
		$kind->{last} = $page_size * int(($count - 1) / $page_size);
	}
	my %right = (right => $node->safe_psql('postgres', "$set $sql"));
	$right{without} = $node->safe_psql('postgres', "$set $missing") if $missing;
	open my $out, '>', $file or die $!;
	print $out encode_json({ kind => $kind->{name}, %right }), "\n";
	# the last one leaves the server without quota for ten minutes
	for my $fault (sort { ($a =~ /beyond quota/) <=> ($b =~ /beyond quota/) || $a cmp $b } keys %$rules)
	{
		next if $ENV{PGHUB_FAULTS} && $fault !~ /$ENV{PGHUB_FAULTS}/;
		next if ($matrix{$fault}{ $kind->{name} } // '–') eq '–';
		my $rule = fit_rule($kind, $fault);
		my ($before, $after, $answer, $error, $began) = ('', '');

		if ($rule->{action} eq 'mute')
		{
			my $port = $mute->sockport;
			$before = "ALTER SERVER $schema OPTIONS (SET endpoint 'https://127.0.0.1:$port', SET viewer_endpoint 'https://127.0.0.1:$port');";
			$after = "ALTER SERVER $schema OPTIONS (SET endpoint '$url', SET viewer_endpoint '$url')";
		}
		$node->safe_psql('postgres', $before) if $before;
		for my $try (1, 2)
		{
			$hub->clear;
			$hub->faults($rule) unless $before;
			$hub->deafen(30) if $rule->{action} eq 'deaf' && ($rule->{match}{nth} // 1) == 0;
			$began = time;
			(undef, $answer, $error) = $node->psql('postgres', "$set $sql");
			# out of time where nothing stalls: the machine is busy, so once more
			last if $error !~ /no complete answer/ || $matrix{$fault}{ $kind->{name} } eq 'T';
			print STDERR "# = $kind->{name}: $fault: out of time, once more\n" if $try == 1;
		}
		print $out encode_json({ fault => $fault, answer => $answer, error => $error, took => time - $began }), "\n";
		$node->safe_psql('postgres', $after) if $after;
		$hub->deafen(0) if $rule->{action} eq 'deaf';
	}
	close $out;
	$hub->stop;
	return;
}

my %file;
my $at_once = 8;
my $running = 0;
for my $number (0 .. $#kinds)
{
	my $name = $kinds[$number]{name};
	$file{$name} = PostgreSQL::Test::Utils::tempdir() . "/kind.$number";
	my $pid = fork // die "fork: $!";
	if ($pid == 0)
	{
		eval { run_kind($number, $kinds[$number], $file{$name}) };
		print STDERR "$name: $@" if $@;
		POSIX::_exit($@ ? 1 : 0);
	}
	reap() if ++$running >= $at_once;
}
reap() while $running > 0;

sub reap
{
	wait;
	is($?, 0, 'a kind of request was tried to its end');
	$running--;
	return;
}

my %seen;
my $slowest = 0;
for my $kind (map { $_->{name} } @kinds)
{
	my ($head, @lines) = map { JSON::PP->new->decode($_) } split /\n/, slurp($file{$kind});
	for my $line (@lines)
	{
		my $letter = $matrix{ $line->{fault} }{$kind};
		my $words = $outcome{$letter};
		my $name = "$kind: $line->{fault}: $letter";

		push @{ $seen{ $line->{fault} }{$letter} }, $line->{took};
		$slowest = $line->{took} if $line->{took} > $slowest;
		if ($letters->{$letter} =~ /^the right table/)
		{
			my $right = $letters->{$letter} =~ /without/ ? $head->{without} : $head->{right};

			is($line->{answer}, $right, $name) or diag($line->{error});
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

# Each fault by name, with what came of it and within how long; in bytes, since
# from 17 the test modules take a wide character for an error.
sub measured { utf8::encode(my $line = sprintf shift, @_); diag "= $line" }

for my $fault (sort keys %seen)
{
	measured '%s: %s', $fault, join '; ', map {
		my @took = sort { $a <=> $b } @{ $seen{$fault}{$_} };
		(my $words = $letters->{$_}) =~ s/, naming.*//;
		sprintf '%s (%d kinds, %.1f s at most)', $words, scalar @took, $took[-1];
	} sort { @{ $seen{$fault}{$b} } <=> @{ $seen{$fault}{$a} } || $a cmp $b } keys %{ $seen{$fault} };
}
measured '%d faults at %d kinds of requests, slowest %.1f s', scalar keys %seen, scalar @kinds, $slowest;
$node->stop;
done_testing();
