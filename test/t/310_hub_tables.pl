# Every table of the catalogue against the stand-in: all rows, all columns, over
# several pages where the API pages.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use JSON::PP;
use StandIn;
use TableCheck;

my $hub = StandIn->new(models => 400, papers => 230);
my $node = tables_node('tables', $hub, page_size => 150);

sub ask { return $node->safe_psql('postgres', "SET pghub.progress_interval = 0; $_[0]") }

# The specification covers every column that is not an input.
my $columns = $node->safe_psql('postgres', q{
	SELECT string_agg(c.relname || '.' || a.attname, ' ' ORDER BY c.relname, a.attname)
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	WHERE c.relnamespace = 'hub'::regnamespace AND a.attname <> ALL (ARRAY['repo_id', 'revision',
	  'folder', 'search', 'page_cursor', 'next_page_cursor', 'list_date', 'submitter', 'list_type',
	  'discussion_type', 'account_type', 'uses_model', 'uses_dataset'])
	  AND (c.relname, a.attname::text) NOT IN (('repo_files', 'repo_type'), ('repo_commits', 'repo_type'),
	  ('repo_refs', 'repo_type'), ('discussions', 'repo_type'), ('likers', 'repo_type'), ('tags', 'repo_type'),
	  ('collection_items', 'slug'), ('collections', 'item'), ('users', 'name'), ('organizations', 'name'),
	  ('organization_members', 'name'), ('followers', 'name'), ('kernel_details', 'item'), ('model_details', 'item'))
	  AND c.relname <> 'model_details'});
my $specified = join ' ', map { my $t = $_; map { "$t.$_" } sort keys %{ $TableSpec::spec{$t} } }
  sort grep { $_ ne 'model_details' } keys %TableSpec::spec;
is_deeply([ sort split ' ', $specified ], [ sort split ' ', $columns ], 'every column is specified');

# Lists of repositories
for my $table (qw(models datasets spaces kernels))
{
	load_raw($node, $hub->rows($table));
	check_table($node, $table, '', 'whole list');
	my ($id, $other) = split /\n/, ask("SELECT j ->> 'id' FROM raw ORDER BY n DESC LIMIT 2");
	check_table($node, $table, "id IN ('$id', '$other', 'no/such')", 'by id', raw => "j ->> 'id' IN ('$id', '$other')",
		$table eq 'datasets' ? (columns => [ grep { $_ ne 'description' } keys %{ $TableSpec::spec{datasets} } ]) : ());
	my $author = ask("SELECT split_part(j ->> 'id', '/', 1) FROM raw GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
	check_table($node, $table, "author = '$author'", 'by author', raw => "j ->> 'id' LIKE '$author/%'");
	(my $details = $table) =~ s/s$/_details/;
	check_table($node, $details, "id = '$id'", 'details', raw => "j ->> 'id' = '$id'") if $table ne 'models';
}
load_raw($node, $hub->rows('datasets'));
check_table($node, 'datasets', q{languages @> '{en}' AND gated = 'false'}, 'by language and gating',
	raw => q{j -> 'tags' ? 'language:en' AND j ->> 'gated' = 'false'});
check_table($node, 'datasets', q{'text' = ANY (modalities)}, 'by modality', raw => q{j -> 'tags' ? 'modality:text'});
$hub->settings(datasets_default => 'sure');
check_table($node, 'datasets', '', 'whole list, fewer fields by default');
$hub->settings(datasets_default => 'seen');

load_raw($node, $hub->rows('spaces'));
check_table($node, 'spaces', "sdk = 'docker'", 'by sdk', raw => q{j ->> 'sdk' = 'docker'});
my $used = ask(q{SELECT j #>> '{models,0}' FROM raw WHERE j #> '{models,0}' IS NOT NULL ORDER BY n LIMIT 1});
check_table($node, 'spaces', "uses_model = '$used'", 'by a model used', raw => "j -> 'models' ? '$used'");

# What belongs to a repository: one with many of each, and several at once
load_raw($node, $hub->rows('models'));
my @ids = split /\n/, ask(q{SELECT j ->> 'id' FROM raw ORDER BY n LIMIT 60});
my %keyed = (repo_files => 1100, repo_commits => 100, repo_refs => 0, discussions => 10, likers => 50);
for my $table (sort keys %keyed)
{
	my (%entries, $most);
	for my $id (@ids)
	{
		$entries{$id} = $hub->rows("$table&repo_id=$id");
		$most = $id if !$most || ($entries{$id} =~ tr/\n//) > ($entries{$most} =~ tr/\n//);
	}
	load_raw($node, $entries{$most});
	my $n = ask('SELECT count(*) FROM raw');
	ok($n > $keyed{$table}, "$table: $n entries of $most, more than a page");
	check_table($node, $table, "repo_id = '$most'", 'one repository');
	load_raw($node, join '', map { $_ eq '' ? '' : "$_\n" } map { s/\n+\z//r } values %entries);
	my $some = join ', ', map { "'$_'" } @ids, 'no/such';
	check_table($node, $table, "repo_id IN ($some)", 'sixty repositories');
	my $space = decode_json((split /\n/, $hub->rows('spaces'))[3])->{id};
	load_raw($node, $hub->rows("$table&repo_type=space&repo_id=$space"));
	check_table($node, $table, "repo_id = '$space' AND repo_type = 'space'", 'a space');
	is(ask("SELECT DISTINCT repo_id, repo_type FROM hub.$table WHERE repo_id IN ('$most', 'no/such')"),
		"$most|model", "$table: repo_id and repo_type echo");
}
is(ask("SELECT count(*) FROM hub.repo_files WHERE repo_id = '$ids[7]' AND folder = 'checkpoints'"), 1100, 'files of a folder');
is(ask("SELECT count(*), min(folder), min(revision) FROM hub.repo_files WHERE repo_id = '$ids[0]' AND folder = 'none/such'"),
	'0||', 'no such folder');
is(ask("SELECT count(*) FROM hub.repo_commits WHERE repo_id = '$ids[0]' AND revision = 'none'"), 0, 'no such revision');

my ($busy) = grep { $hub->rows("discussions&repo_id=$_") =~ /merged/ } @ids;
load_raw($node, $hub->rows("discussions&repo_id=$busy"));
for my $status (qw(open closed merged draft))
{
	check_table($node, 'discussions', "repo_id = '$busy' AND status = '$status'", $status, raw => "j ->> 'status' = '$status'");
}
check_table($node, 'discussions', "repo_id = '$busy' AND discussion_type = 'pull_request'", 'pull requests',
	raw => "(j ->> 'isPullRequest')::boolean");

# A page that does not say how many there are must not pass for the last one
$node->safe_psql('postgres', "ALTER SERVER hub OPTIONS (ADD max_retries '0')");
$hub->faults({ action => 'no_total', times => -1, match => { path => 'discussions' } });
my (undef, undef, $cut) = $node->psql('postgres', "SELECT count(*) FROM hub.discussions WHERE repo_id = '$busy'");
like($cut, qr/does not say which of how many entries it holds/, 'discussions without a count are an error');
$hub->faults();
$node->safe_psql('postgres', "ALTER SERVER hub OPTIONS (DROP max_retries)");

# Papers
load_raw($node, $hub->rows('daily_papers'));
check_table($node, 'daily_papers', '', 'all lists');
check_table($node, 'daily_papers', "list_date = '2026-02-26'", 'one day', raw => q{(j #>> '{paper,submittedOnDailyAt}')::date = '2026-02-26'});
$hub->clear;
check_table($node, 'daily_papers', "list_date >= '2026-02-09' AND list_date < '2026-02-16'", 'a week',
	raw => q{(j #>> '{paper,submittedOnDailyAt}')::date BETWEEN '2026-02-09' AND '2026-02-15'});
is_deeply([ sort map { /date=([0-9-]+)/ } map { $_->{target} } $hub->log ],
	[ map { "2026-02-$_" } '09' .. '15' ], 'one request a day');
is(ask(q{SELECT DISTINCT list_date FROM hub.daily_papers WHERE list_date BETWEEN '2026-02-10' AND '2026-02-11' ORDER BY 1}),
	"2026-02-10\n2026-02-11", 'list_date echoes');
my $submitter = ask(q{SELECT j #>> '{submittedBy,name}' FROM raw GROUP BY 1 ORDER BY count(*) DESC LIMIT 1});
check_table($node, 'daily_papers', "submitter = '$submitter'", 'one submitter', raw => "j #>> '{submittedBy,name}' = '$submitter'");

# Days without a list: empty or refused, as the Hub likes
$hub->settings(weekend => 'refuse');
check_table($node, 'daily_papers', "list_date >= '2026-02-09' AND list_date < '2026-02-16'", 'a week with refused days',
	raw => q{(j #>> '{paper,submittedOnDailyAt}')::date BETWEEN '2026-02-09' AND '2026-02-15'});
my ($status, $rows, $said) = $node->psql('postgres', q{SELECT count(*) FROM hub.daily_papers WHERE list_date BETWEEN '2026-02-13' AND '2026-02-15'});
like($said, qr/the Hub has no list of 2 of the days asked for.*The first is 2026-02-14/s, 'a notice tells which');
for my $only ("BETWEEN '2026-02-14' AND '2026-02-15'", "= '2026-02-14'")
{
	($status, $rows, $said) = $node->psql('postgres', "SELECT count(*) FROM hub.daily_papers WHERE list_date $only");
	isnt($status, 0, "only refused days ($only) are an error");
	like($said, qr/no list on 2026-02-14/, 'in the words of the Hub');
}
$hub->settings(weekend => 'empty', papers_max => 30);
check_table($node, 'daily_papers', '', 'pages smaller than asked for');
$hub->settings(papers_max => 100);

load_raw($node, $hub->rows('papers'));
my @list_only = grep { !/^(num_total|linked|item)/ } keys %{ $TableSpec::spec{papers} };
check_table($node, 'papers', '', 'list', columns => \@list_only);
my $paper = ask(q{SELECT j ->> 'id' FROM raw ORDER BY (j ->> 'numTotalDatasets')::int DESC, n LIMIT 1});
check_table($node, 'papers', "id IN ('$paper', '0000.00000')", 'by id', raw => "j ->> 'id' = '$paper'");

# Collections
load_raw($node, $hub->rows('collections'));
check_table($node, 'collections', '', 'list');
my ($slug, $owner) = split /\|/, ask(q{SELECT j ->> 'slug', j #>> '{owner,name}' FROM raw WHERE jsonb_array_length(j -> 'items') = 4 ORDER BY n LIMIT 1});
check_table($node, 'collections', "owner = '$owner'", 'by owner', raw => "j #>> '{owner,name}' = '$owner'");
load_raw($node, $hub->rows("collection_items&slug=$slug"));
check_table($node, 'collection_items', "slug = '$slug'", 'all entries of one');
is(ask("SELECT count(*) > 4 AND jsonb_array_length(min(items::text)::jsonb) = count(*) FROM hub.collections c JOIN raw ON true WHERE slug = '$slug'"),
	't', 'a collection by slug has all entries');

# Accounts
my @accounts = map { decode_json($_) } split /\n/, $hub->rows('account_names');
my @users = map { $_->{name} } grep { $_->{type} eq 'user' } @accounts;
my @orgs = map { $_->{name} } grep { $_->{type} eq 'organization' } @accounts;
sub several { my ($table, $more, @names) = @_; return join '', map { my $t = $hub->rows("$table&name=$_$more"); $t =~ s/\n*\z/\n/; $t eq "\n" ? '' : $t } @names }
sub named { return 'name IN (' . join(', ', map { "'$_'" } @_, 'nobody') . ')' }
load_raw($node, several('users', '', @users[0 .. 20]));
check_table($node, 'users', named(@users[0 .. 20]), 'overviews');
load_raw($node, several('organizations', '', @orgs[0 .. 9]));
check_table($node, 'organizations', named(@orgs[0 .. 9]), 'overviews');
load_raw($node, several('organization_members', '', @orgs[0 .. 9]));
check_table($node, 'organization_members', named(@orgs[0 .. 9]), 'members');
load_raw($node, several('followers', '', @users[0 .. 9]));
check_table($node, 'followers', named(@users[0 .. 9]), 'of users');
load_raw($node, several('followers', '', @orgs[0 .. 4]));
check_table($node, 'followers', named(@orgs[0 .. 4]) . " AND account_type = 'organization'", 'of organizations');

# Discovery
for my $type (qw(all model dataset space))
{
	load_raw($node, $hub->rows("trending&list_type=$type"));
	check_table($node, 'trending', "list_type = '$type'", $type);
}
for my $type (qw(model dataset))
{
	load_raw($node, $hub->rows("tags&repo_type=$type"));
	check_table($node, 'tags', "repo_type = '$type'", $type);
}

# Renamed and missing repositories
my $renamed = StandIn->new(models => 50, token => 'good', redirect => [ "old/name=" . decode_json((split /\n/, $hub->rows('models'))[0])->{id} ]);
my $target = decode_json((split /\n/, $renamed->rows('models'))[0])->{id};
$renamed->stop;
$renamed = StandIn->new(models => 50, token => 'good', redirect => ["old/name=$target"]);
$node->safe_psql('postgres', "ALTER SERVER hub OPTIONS (SET endpoint '" . $renamed->url . "')");
is(ask("SELECT count(*) FROM hub.models WHERE id = 'old/name'"), 0, 'an old name gives no row of models');
my ($rc, $out, $err) = $node->psql('postgres', "SELECT DISTINCT repo_id FROM hub.repo_files WHERE repo_id = 'old/name'");
is($out, 'old/name', 'repo_id follows the redirect and echoes what was asked');
like($err, qr/"old\/name" has moved/, 'a notice tells the new name');
is(ask("SELECT count(*) FROM hub.repo_files WHERE repo_id = 'no/such'"), 0, 'missing, asked anonymously: no row');
$node->safe_psql('postgres', "CREATE USER MAPPING FOR CURRENT_USER SERVER hub OPTIONS (token 'good')");
is(ask("SELECT count(*) FROM hub.repo_files WHERE repo_id = 'no/such'"), 0, 'missing, asked with a token: no row');
$node->safe_psql('postgres', "ALTER USER MAPPING FOR CURRENT_USER SERVER hub OPTIONS (SET token 'bad')");
($rc, $out, $err) = $node->psql('postgres', "SELECT count(*) FROM hub.repo_files WHERE repo_id = 'no/such'");
isnt($rc, 0, 'a refused token is an error and not an empty result');

$node->stop;
done_testing();
