# The report's queries on real tables of the Hub, where their columns allow;
# each figure that can be had another way is compared with plain SQL.
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $top = $ENV{PGHUB_TOP};
my $data = "$top/../shared/data";
plan skip_all => 'no real tables beside the project (../shared/data)' unless -r "$data/models_radar_2026-08-22.jsonl.gz";

my $node = PostgreSQL::Test::Cluster->new('real');
$node->init;
$node->start;
$node->safe_psql('postgres', "CREATE EXTENSION pghub; CREATE SCHEMA radar; SET search_path = radar, public;\n" . slurp_file("$top/examples/report/tables.sql")
	  . "CREATE SCHEMA early; SET search_path = early, public;\n" . slurp_file("$top/examples/report/tables.sql"));

sub load
{
	my ($columns, $file, $insert) = @_;
	my $format = $file =~ /jsonl/ ? q{WITH (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')} : 'WITH (FORMAT csv, HEADER)';
	$node->safe_psql('postgres', "SET timezone = 'UTC'; CREATE TEMP TABLE raw ($columns); COPY raw FROM PROGRAM 'zcat $data/$file' $format; $insert");
}

# Lifetime downloads are not in these tables: those of 30 days stand in.
load('r jsonb', 'models_radar_2026-08-22.jsonl.gz', <<'SQL');
INSERT INTO radar.models (_id, id, author, created_at, downloads, downloads_all_time, likes, trending_score, pipeline_tag, library_name, tags,
	base_models, base_model_relation, parameters, first_seen)
SELECT md5(r->>'id'), r->>'id', r->>'author', (r->>'created_at')::timestamptz, (r->>'downloads_30d')::bigint, (r->>'downloads_30d')::bigint,
	(r->>'likes')::bigint, (r->>'trending_score')::float8, r->>'pipeline_tag', r->>'library', t.tags,
	coalesce((SELECT array_agg(DISTINCT regexp_replace(x, '^base_model:((finetune|adapter|quantized|merge):)?', '')) FROM unnest(t.tags) x WHERE x LIKE 'base\_model:%'), '{}'),
	(SELECT split_part(x, ':', 2) FROM unnest(t.tags) x WHERE x ~ '^base_model:(finetune|adapter|quantized|merge):' LIMIT 1),
	(r->>'parameters')::numeric::bigint, (r->>'created_at')::date
FROM raw, LATERAL (SELECT ARRAY(SELECT jsonb_array_elements_text(r->'tags')) AS tags) t WHERE NOT (r->>'removed')::boolean;
SQL
load('child text, parent text, relation text, child_created_at text, source text', 'lineage_radar_2026-08-22.csv.gz',
	"INSERT INTO radar.model_edges (child, parent, relation, first_seen, _id) SELECT DISTINCT child, parent, relation, '2026-08-22'::date, md5(child) FROM raw");
load('hf_org text, region text, notes text', 'org_regions_atom.csv.gz',
	"INSERT INTO radar.org (namespace, country) SELECT hf_org, CASE region WHEN 'us' THEN 'US' WHEN 'china' THEN 'CN' WHEN 'eu' THEN 'EU' ELSE region END FROM raw");
# the extension's own reference rows come first: they know parents and kinds
$node->safe_psql('postgres', <<'SQL');
DELETE FROM radar.org WHERE namespace IN (SELECT split_part(r, '|', 1) FROM regexp_split_to_table(hub_sync_starter('org'), '\n') r);
INSERT INTO radar.org (namespace, parent, kind, country, region)
SELECT a[1], a[2], a[3], a[4], a[5] FROM regexp_split_to_table(hub_sync_starter('org'), '\n') r, string_to_array(r, '|') a;
SQL
load('paper_id text, snapshot_day date, published_at timestamptz, submitted_at timestamptz, upvotes bigint, num_comments bigint, n_authors int, org_name text, org_fullname text, submitter_org text, submitter_org_fullname text, author_participating text, title text',
	'papers_daily_2024-05_2025-12.csv.gz',
	'INSERT INTO radar.papers (id, list_date, title, published_at, upvotes, organization, first_seen) SELECT DISTINCT ON (paper_id) paper_id, snapshot_day, title, published_at, upvotes, org_fullname, snapshot_day FROM raw WHERE paper_id IS NOT NULL ORDER BY paper_id, snapshot_day DESC');
load('id text, author text, created_at timestamptz, downloads bigint, has_card text, has_nonempty_card text, task_categories text, domain text', 'datasets_hub_2023.csv.gz',
	q{INSERT INTO early.datasets (_id, id, author, created_at, downloads, tags, first_seen) SELECT md5(id), id, author, created_at, downloads, ARRAY(SELECT 'task_categories:' || trim(c) FROM unnest(string_to_array(task_categories, ',')) c), '2023-03-01' FROM raw});
load('id text, downloads bigint, pipeline_tag text', 'models_hub_2022-07.csv.gz',
	"INSERT INTO early.models (_id, id, author, created_at, downloads, downloads_all_time, likes, pipeline_tag, tags, base_models, first_seen) SELECT md5(id), id, split_part(id, '/', 1), '2022-07-01', downloads, downloads, 0, pipeline_tag, '{}', '{}', '2022-07-01' FROM raw");
$node->safe_psql('postgres', 'ANALYZE');

my %obtained;

sub report
{
	my ($schema, @items) = @_;
	my ($out, $err) = ('', '');
	my $dir = PostgreSQL::Test::Utils::tempdir;
	local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port, PGDATABASE => 'postgres', REPORT_SCHEMA => $schema, REPORT_ITEMS => join(',', @items));
	IPC::Run::run([ "$top/examples/report/build", $dir ], '>', \$out, '2>', \$err, IPC::Run::timeout(200)) or diag $err;
	for (split /\n/, $out)
	{
		my ($name, $measures, $values) = split /\t/;
		my @value = split /; /, $values;
		$obtained{$name}{$_}{$schema} = shift @value for split /; /, $measures;
	}
	my %row = map { my ($name, $measure, $value, $rows) = split /\t/; note "$schema $name: $measure = $value ($rows rows)"; $name => [ $value, $rows ] } split /\n/, $out;
	is(scalar keys %row, scalar @items, "$schema: all " . scalar(@items) . ' queries run');
	cmp_ok($row{$_}[1], '>', 0, "$schema $_: has rows") for @items;
	return ($dir, %row);
}

sub value { my ($sql) = @_; return $node->safe_psql('postgres', $sql) }
sub rows_of { my ($dir, $name) = @_; return JSON::PP::decode_json(slurp_file("$dir/data/$name.json")) }

use JSON::PP ();
my ($radar) = report('radar', qw(05_deriving 06_below_200 07_top_share 07_lorenz 08_niches 19_intermediaries 23_most_popular 33_papers 34_papers_to_models
	  35_families 35_owners 35_tree 37_sizes 37_size_distribution 38_size_classes 39_automation 45_family_sizes 46_hardware));
my ($early) = report('early', qw(03_datasets 06_below_200 07_top_share 07_lorenz 49_category_rank));

sub near { my ($got, $expected, $name) = @_; cmp_ok(abs($got - $expected), '<=', 1e-9 * abs($expected) + 1e-12, "$name: $got") }

for my $case ([ 'radar', $radar ], [ 'early', $early ])
{
	my ($schema, $dir) = @$case;
	my $shares = rows_of($dir, '07_top_share');
	for my $row (@$shares)
	{
		(my $f = $row->{top}) =~ s/ %//;
		near($row->{share}, value("SELECT sum(v * least(greatest(k - (r - 1), 0), 1)) / sum(v) FROM (SELECT downloads_all_time::numeric AS v, row_number() OVER (ORDER BY downloads_all_time DESC) AS r, count(*) OVER () * $f / 100 AS k FROM $schema.models) q"),
			"$schema: share of the top $row->{top} by window functions");
	}
	near($shares->[0]{gini}, value("SELECT sum((2 * r - n - 1) * v) / (max(n) * sum(v)) FROM (SELECT downloads_all_time::numeric AS v, row_number() OVER (ORDER BY downloads_all_time) AS r, count(*) OVER () AS n FROM $schema.models) q"),
		"$schema: Gini by its formula");
	my $below = rows_of($dir, '06_below_200');
	near($below->[0]{share_below_200}, value("SELECT avg((downloads_all_time < 200)::int) FROM $schema.models"), "$schema: share below 200");
}
for my $row (@{ rows_of($radar, '35_families') })
{
	my %namespace = (qwen => 'Qwen', llama => 'meta-llama', deepseek => 'deepseek-ai', gemma => 'google', mistral => 'mistralai');
	my $count = value(<<SQL);
WITH RECURSIVE e AS (SELECT DISTINCT child, parent FROM radar.model_edges WHERE child <> parent),
roots AS (SELECT DISTINCT parent AS id FROM radar.model_edges WHERE split_part(parent, '/', 1) = '$namespace{$row->{family}}'),
d AS (SELECT child FROM e JOIN roots ON e.parent = roots.id UNION SELECT e.child FROM e JOIN d ON e.parent = d.child)
SELECT count(*) FROM d
SQL
	is($row->{descendants}, $count, "radar: descendants of $row->{family} by a recursive query");
}
near((grep { $_->{account} eq 'intermediary' } @{ rows_of($radar, '19_intermediaries') })[0]{share}, value(q{
	WITH a AS (SELECT author, sum(downloads) AS total, sum(downloads) FILTER (WHERE EXISTS (SELECT FROM unnest(base_models) b WHERE split_part(b, '/', 1) <> author AND b LIKE '%/%')) AS derived
		FROM radar.models GROUP BY author)
	SELECT sum(total) FILTER (WHERE derived * 2 > total) / sum(total) FROM a}), 'radar: share of intermediaries');
my ($below) = grep { $_->{base} eq 'all accounts' && $_->{class} eq '0.5 to 1 B' } @{ rows_of($radar, '37_sizes') };
near($below->{up_to}, value('SELECT sum(downloads) FILTER (WHERE p < 1e9) / sum(downloads) FROM (SELECT downloads, coalesce(parameters, params_from_name(id)) AS p FROM radar.models) q WHERE p IS NOT NULL'),
	'radar: downloads below 1 B');

# ---- beside the simulated figures, in README.md: what it says is what came out
my $readme = slurp_file("$top/examples/report/README.md");
my (%simulated, %items);
for my $line ($readme =~ /^\| \d.*\(items\/.*$/mg)
{
	my (undef, $items, $query, undef, undef, $measure, $value) = split / ?\| ?/, $line;
	my ($name) = $query =~ m{items/(\w+)\.sql};
	my @value = split /; /, $value;
	$items{$name} = $items;
	$simulated{$name}{$_} = shift @value for split /; /, $measure;
}
# these datasets end in 2023: the years of the item are not in them
delete $obtained{'03_datasets'};
my @lines = ('| item | query | measure | simulated | radar | 2022 |', '| --- | --- | --- | --- | --- | --- |');
for my $name (sort keys %obtained)
{
	my ($sql) = slurp_file("$top/examples/report/items/$name.sql") =~ /^-- value: (.*)$/m;
	for my $measure (split /; /, $sql)
	{
		my %value = %{ $obtained{$name}{$measure} };
		next unless grep { $_ ne 'none' } values %value;
		my $words = $measure =~ s/_/ /gr =~ s/ @ /, /r =~ s/=/ /gr;
		push @lines, sprintf '| %s | [%s](items/%s.sql) | %s | %s | %s | %s |', $items{$name}, $name, $name, $words, $simulated{$name}{$words} // '–',
		  map { !defined $value{$_} || $value{$_} eq 'none' ? '–' : $value{$_} } qw(radar early);
	}
}
my ($listed) = $readme =~ /<!-- real tables -->\n(.*?)<!-- end of real tables -->/s;
my $now = join '', map { "$_\n" } @lines;
if (my $path = $ENV{REPORT_COVERAGE}) { open my $f, '>', $path or die $!; print $f $now; close $f; }
is($listed, $now, 'README.md lists these figures beside the simulated ones');

$node->stop;
done_testing();
