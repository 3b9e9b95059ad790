# The other kinds: each equal to what the stand-in holds, a second time unchanged.
use strict;
use warnings;
use Test::More;
use SyncNode;

my $sync = SyncNode->new('main', models => 400, datasets => 150, spaces => 120, papers => 60, page_size => 50);
my $today = $sync->sql("SELECT (now() AT TIME ZONE 'UTC')::date");

# all, where discussions have no list yet
$sync->sql("CALL hub_sync('hub', 's', ARRAY['trending'])");
$sync->sql("UPDATE s.sync_settings SET value = '40' WHERE name = 'owner_limit'; UPDATE s.sync_settings SET value = '1200' WHERE name = 'paper_days'");
my $oldest = $sync->sql(q{CREATE SCHEMA h; IMPORT FOREIGN SCHEMA hub LIMIT TO (papers, daily_papers, models, datasets, spaces, users, organizations, discussions, trending) FROM SERVER hub INTO h;
	SELECT min(published_at)::date FROM h.papers});
$sync->sql("UPDATE s.sync_settings SET value = (date '$today' - date '$oldest' + 5)::text WHERE name = 'paper_days'");
$sync->sql("CALL hub_sync('hub', 's')");
is($sync->sql("SELECT string_agg(kind || ' ' || state, ', ' ORDER BY run) FROM s.sync_runs WHERE run > 1"),
	'models done, datasets done, spaces done, papers done, trending done, owners done, discussions done', 'every kind, in the order of dependence');
is($sync->model_differences, '', 'models equal the dump');

for my $kind ([ 'datasets', 'downloads, downloads_all_time, likes, tags, license, size_category, gated, task_categories' ], [ 'spaces', 'likes, sdk, models, datasets, tags' ])
{
	my ($name, $columns) = @$kind;
	(my $one = $name) =~ s/s$//;
	$sync->load_dump($name);
	is($sync->sql("SELECT count(*) FROM (SELECT row->>'_id', row->>'id' FROM dump EXCEPT ALL SELECT _id, id FROM s.$name) x")
		. '|' . $sync->sql("SELECT count(*) - (SELECT count(*) FROM dump) FROM s.$name"), '0|0', "$name equal the dump");
	is($sync->sql("SELECT count(*) FROM (SELECT _id, id, created_at, last_modified, $columns FROM h.$name
		EXCEPT ALL SELECT _id, id, created_at, last_modified, $columns FROM s.$name) x"), 0, "and their columns those of the foreign table");
	is($sync->sql("SELECT count(*) FROM s.${one}_snapshots t JOIN s.$name n USING (_id) WHERE t.captured_on = '$today' AND t.likes = n.likes"),
		$sync->sql("SELECT count(*) FROM s.$name"), "a snapshot each");
}
my $papers = $sync->sql("SELECT count(*) FROM s.papers");
cmp_ok($papers, '>', 20, "$papers daily papers");
is($sync->sql("SELECT count(*) FROM (SELECT id, title, upvotes, num_comments, list_date FROM h.daily_papers
	WHERE list_date BETWEEN '$oldest'::date - 5 AND '$today' EXCEPT ALL SELECT id, title, upvotes, num_comments, list_date FROM s.papers) x"), 0, 'as the lists of the days have them');
is($sync->sql("SELECT count(*) FROM s.paper_snapshots WHERE captured_on = '$today'"), $papers, 'a snapshot each');
is($sync->sql("SELECT count(*) FROM (SELECT 'model', rank, id FROM h.trending WHERE list_type = 'model'
	EXCEPT SELECT repo_type, rank, id FROM s.trending_snapshots WHERE captured_on = '$today') x"), 0, 'the trending list of the day');
is($sync->sql("SELECT string_agg(DISTINCT repo_type, ',') FROM s.trending_snapshots"), 'dataset,model,space', 'of all three kinds');

is($sync->sql("SELECT count(*), min(rank), max(rank), count(DISTINCT name) FROM s.owners WHERE listed_on IS NOT NULL"), '40|1|40|40', 'the owners with the most downloads');
is($sync->sql("SELECT count(*) FROM s.owners o WHERE o.listed_on IS NOT NULL AND o.rank > 1 AND o.downloads >
	(SELECT downloads FROM s.owners p WHERE p.rank = o.rank - 1)"), 0, 'ranked by downloads');
is($sync->sql("SELECT count(*) FROM s.owners o JOIN (SELECT author, sum(n)::bigint AS n FROM (SELECT author, downloads_all_time AS n FROM s.models
	UNION ALL SELECT author, downloads_all_time FROM s.datasets) r GROUP BY 1) q ON q.author = o.name AND q.n = o.downloads WHERE listed_on IS NOT NULL"), 40, 'over models and datasets');
is($sync->sql("SELECT count(*) FROM s.owners o LEFT JOIN h.organizations g ON g.name = o.name LEFT JOIN h.users u ON u.name = o.name
	WHERE o.listed_on IS NOT NULL AND o.type IS DISTINCT FROM CASE WHEN g.name IS NOT NULL THEN 'organization' WHEN u.name IS NOT NULL THEN 'user' END"), 0,
	'organizations and users are told apart');

# discussions of a given list
$sync->sql("INSERT INTO s.discussion_repos SELECT 'model', id FROM s.models ORDER BY likes DESC LIMIT 8;
	INSERT INTO s.discussion_repos SELECT 'dataset', id FROM s.datasets ORDER BY likes DESC LIMIT 4;
	INSERT INTO s.discussion_repos VALUES ('model', 'no/such')");
$sync->sync('{discussions}');
is($sync->sql("SELECT count(*) FROM (SELECT d.repo_type, d.repo_id, d.num, d.title, d.status, d.created_at FROM s.discussion_repos r
		JOIN h.discussions d ON d.repo_id = r.repo_id AND d.repo_type = r.repo_type
	EXCEPT ALL SELECT repo_type, repo_id, num, title, status, created_at FROM s.discussions) x"), 0, 'discussions as the Hub has them');
cmp_ok($sync->sql("SELECT count(*) FROM s.discussions"), '>', 0, 'and there are some');

# once more: nothing changes
my $all = q{SELECT md5(string_agg(h, ',')) FROM (} . join(' UNION ALL ', map { "SELECT '$_' || md5(string_agg(md5(t::text || t.xmin), ',' ORDER BY t::text)) AS h FROM s.$_ t" }
	qw(models datasets spaces papers owners discussions model_edges)) . q{) q};
my $rows = q{SELECT string_agg(n::text, ',') FROM (} . join(' UNION ALL ', map { "SELECT count(*) AS n FROM s.$_" }
	qw(model_snapshots dataset_snapshots space_snapshots paper_snapshots trending_snapshots)) . q{) q};
my @before = ($sync->sql($all), $sync->sql($rows));
$sync->sql("CALL hub_sync('hub', 's')");
is($sync->sql($all), $before[0], 'a second time on the day no row of any kind is written');
is($sync->sql($rows), $before[1], 'and no snapshot is added');

# the plan of all
is($sync->sql("SELECT string_agg(kind || ' ' || requests, ', ' ORDER BY kind) FROM hub_sync_plan('hub', 's') WHERE mode = 'full' AND kind <> 'papers'"),
	'datasets 3, discussions 13, models 8, owners 80, spaces 3, trending 3', 'the plan knows what each kind will cost');
is($sync->sql("SELECT count(*) FROM s.sync_runs r JOIN hub_sync_plan('hub', 's') p ON p.kind = r.kind AND p.mode = 'full'
	WHERE r.run > 9 AND r.kind <> 'discussions' AND r.requests > p.requests"), 0, 'and is not exceeded');

done_testing();
