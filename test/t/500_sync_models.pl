# A sync of models: equal to what the stand-in holds; the same once more
# changes nothing; what changed on the Hub is seen on the next.
use strict;
use warnings;
use Test::More;
use SyncNode;

my $sync = SyncNode->new('main', models => 1250);

$sync->sync('{models}');
is($sync->model_differences, '', 'models, snapshots and edges equal the dump');
is($sync->sql("SELECT state, rows, pages, requests, added, changed, vanished, error IS NULL FROM s.sync_runs"),
	'done|1250|13|13|1250|0|0|t', 'the run counts what it did');
is($sync->sql("SELECT count(*) FROM s.model_edges WHERE first_seen <> (now() AT TIME ZONE 'UTC')::date"), 0,
	'edges were first seen today');

# keys compare by bytes, and join with whatever text a user has
$sync->sql(q{CREATE TABLE mine AS SELECT id::text COLLATE "default" AS name, 'note' AS note FROM s.models LIMIT 10});
is($sync->sql(q{SELECT count(*) FROM mine n JOIN s.models m ON m.id = n.name JOIN s.model_snapshots p USING (_id) JOIN s.hub_models h ON h._id = m._id}), 10,
	'keys join with text of any database');
is($sync->sql(q{SET enable_seqscan = off; EXPLAIN (COSTS OFF) SELECT * FROM s.models WHERE id LIKE 'aurora-lab/%'}) =~ /Index Cond: \(\(id >= 'aurora-lab\/'/ ? 1 : 0, 1,
	'and a prefix of an id uses the index');

my $before = $sync->state;
$sync->sync('{models}');
is($sync->state, $before, 'a second sync on the day writes no row');
is($sync->sql("SELECT rows, added, changed, vanished, expected_rows FROM s.sync_runs ORDER BY run DESC LIMIT 1"),
	'1250|0|0|0|1250', 'it read all and changed nothing');

# the first run was yesterday's: today's sees another Hub
$sync->sql(q{
	UPDATE s.sync_run SET captured_on = captured_on - 1, started_at = started_at - interval '1 day';
	UPDATE s.model_snapshots_} . $sync->sql("SELECT to_char(now(), 'YYYY_MM')") . q{ SET captured_on = captured_on - 1
		WHERE captured_on - 1 >= date_trunc('month', captured_on);
	UPDATE s.models SET first_seen = first_seen - 1;
	UPDATE s.model_edges SET first_seen = first_seen - 1;
});
my %was;
$sync->change(sub {
	my ($rows) = @_;
	my @children = grep { $_->{baseModels} } @$rows;
	@$rows = sort { $b->{createdAt} cmp $a->{createdAt} || $a->{_id} cmp $b->{_id} } @$rows;
	# gone: at the head, amid, and at the end of the list
	$was{gone} = join ',', map { "'$_->{_id}'" } @$rows[ 0, 600, 601, $#$rows ];
	splice @$rows, $#$rows, 1;
	splice @$rows, 600, 2;
	shift @$rows;
	# renamed, with its edges
	my ($renamed) = grep { $_->{baseModels} } @$rows;
	$was{renamed} = $renamed->{_id};
	$was{old_name} = $renamed->{id};
	$renamed->{id} = 'other-owner/other-name';
	# more downloads; another parent
	$rows->[100]{downloads} += 7;
	$was{counted} = $rows->[100]{_id};
	my ($moved) = grep { $_->{baseModels} && $_->{_id} ne $renamed->{_id} } @$rows;
	$was{moved} = $moved->{_id};
	$moved->{baseModels} = { relation => 'finetune', models => [ { _id => 'x', id => 'new/parent' } ] };
	$moved->{tags} = [ (grep { !/^base_model:/ } @{ $moved->{tags} }),
		'base_model:new/parent', 'base_model:finetune:new/parent' ];
	# new
	push @$rows, { %{ $rows->[5] }, _id => 'ffffffffffffffffffffffff', id => 'new/model', createdAt => '2026-03-02T00:00:00.000Z' };
	delete $rows->[-1]{baseModels};
	$rows->[-1]{tags} = ['region:us'];
});
$sync->sync('{models}');
is($sync->model_differences, '', 'after changes on the Hub: equal to the new dump');
is($sync->sql("SELECT count(*), count(*) FILTER (WHERE vanished_on = (now() AT TIME ZONE 'UTC')::date AND _id IN ($was{gone}))
	FROM s.models WHERE vanished_on IS NOT NULL"), '4|4', 'vanished models are marked, and no other');
is($sync->sql("SELECT vanished FROM s.sync_runs ORDER BY run DESC LIMIT 1"), 4, 'and counted');
is($sync->sql("SELECT count(*) FROM s.model_edges WHERE last_seen IS NULL AND _id IN ($was{gone})"), 0,
	'their edges are no longer current');
is($sync->sql("SELECT id, vanished_on IS NULL FROM s.models WHERE _id = '$was{renamed}'"), 'other-owner/other-name|t',
	'a renamed model keeps its _id');
is($sync->sql("SELECT count(*) FROM s.model_edges WHERE child = '$was{old_name}'"), 0, 'its edges follow the name');
is($sync->sql("SELECT string_agg(DISTINCT (last_seen IS NULL)::text || ' ' || (last_seen >= first_seen)::text, ',')
	FROM s.model_edges WHERE _id = '$was{moved}' AND parent <> 'new/parent'"), 'false true',
	'an edge that is no longer declared ends at the day it was last seen');
is($sync->sql("SELECT added, changed FROM s.sync_runs ORDER BY run DESC LIMIT 1"), '1|3',
	'only what changed was written: renamed, counted, moved');

# they come back
$sync->change(sub { my ($rows) = @_; push @$rows, { %{ $rows->[3] }, _id => (split /'/, $was{gone})[1], id => 'back/again' } });
$sync->sync('{models}');
is($sync->sql("SELECT count(*) FROM s.models WHERE vanished_on IS NOT NULL"), 3, 'a model that is back is no longer marked');

# changes only
$sync->sql("UPDATE s.sync_settings SET value = 'auto' WHERE name = 'mode'");
$sync->hub->clear;
$sync->sync('{models}');
is(scalar(grep { $_->{path} eq '/api/models' } $sync->hub->log), 1, 'changes only: one request where nothing changed');
is($sync->sql("SELECT mode, state, rows FROM s.sync_runs ORDER BY run DESC LIMIT 1"), 'changes|done|0', 'the run says so');
$sync->change(sub { my ($rows) = @_;
	for my $i (1 .. 150) { $rows->[$i]{lastModified} = '2099-01-01T00:00:00.000Z'; $rows->[$i]{likes} = 4321 } });
$sync->sync('{models}');
is($sync->sql("SELECT count(*) FROM s.models WHERE likes = 4321"), 150, 'changed models are read again');
is($sync->sql("SELECT mode, rows, pages, changed FROM s.sync_runs ORDER BY run DESC LIMIT 1"), 'changes|150|3|150',
	'in as many pages as they fill, and one that holds none');

# the plan
is($sync->sql("SELECT kind, requests, rows, mode FROM hub_sync_plan('hub', 's', '{models}')"),
	"models|13|1248|full\nmodels|2|150|changes", 'the plan tells the cost of both');
is($sync->sql("SELECT kind, requests, rows FROM hub_sync_plan('hub', 'elsewhere', '{models}')"),
	'models|30000|3000000', 'without a last run: the estimate');

done_testing();
