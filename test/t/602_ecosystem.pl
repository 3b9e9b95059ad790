# The simulated ecosystem has the published marginals, measured twice: by the
# extension's functions and by plain SQL that uses none of them.
use strict;
use warnings;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $report = "$ENV{PGHUB_TOP}/examples/report";
my $node = PostgreSQL::Test::Cluster->new('ecosystem');
$node->init;
$node->start;
my $dir = PostgreSQL::Test::Utils::tempdir;
system('python3', "$report/ecosystem.py", '--models', 20000, '--out', $dir) == 0 or die 'ecosystem.py failed';
chomp(my $text = `python3 $report/ecosystem.py --targets`);
my %target = %{ decode_json($text) };

my $load = "CREATE EXTENSION pghub; SET search_path = public;\n" . slurp_file("$report/tables.sql");
for my $path (sort glob "$dir/*.csv")
{
	my ($table) = $path =~ m{([^/]+)\.csv$};
	open my $f, '<', $path or die;
	chomp(my $columns = <$f>);
	$load .= "\\copy $table ($columns) FROM '$path' WITH (FORMAT csv, HEADER)\n";
}
$node->safe_psql('postgres', $load . 'ANALYZE;');

my $period = <<SQL;
	(SELECT s._id, captured_on, greatest(s.downloads_all_time - lag(s.downloads_all_time, 1, 0::bigint) OVER (PARTITION BY s._id ORDER BY captured_on), 0) AS downloads,
		m.parameters, coalesce(o.kind, 'user') AS kind, coalesce(o.country, 'individual') AS country, m.created_at >= captured_on - 365 AS young
	FROM model_snapshots s JOIN models m ON m._id = s._id LEFT JOIN org o ON o.namespace = m.author) p
SQL
my $year = "extract(year FROM captured_on - 1)";

# name => [ by the extension, by plain SQL ]
my %measure = (
	median_lifetime => [ 'SELECT median(distribution_agg(downloads_all_time)) FROM models',
		'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY downloads_all_time) FROM models' ],
	top_share => [ 'SELECT pareto_share(downloads_all_time, 0.0001) FROM models',
		'SELECT sum(downloads_all_time) FILTER (WHERE r <= 2) / sum(downloads_all_time) FROM (SELECT downloads_all_time, row_number() OVER (ORDER BY downloads_all_time DESC) AS r FROM models) q' ],
	ever_downloaded => [ 'SELECT 1 - share_below(distribution_agg(downloads_all_time), 1) FROM models',
		'SELECT avg((downloads_all_time > 0)::int) FROM models' ],
	with_parent => [ 'SELECT count(*) FILTER (WHERE n.parents > 0)::float8 / (SELECT count(*) FROM models) FROM (SELECT lineage_agg(child, parent) AS l FROM model_edges) e, lineage_nodes(l) n',
		"SELECT avg((base_models <> '{}')::int) FROM models" ],
	(map { $_ => [ "SELECT count(*)::float8 / (SELECT count(DISTINCT child) FROM model_edges) FROM (SELECT DISTINCT id FROM (SELECT lineage_agg(child, parent, relation) AS l FROM model_edges) e, LATERAL (SELECT child AS id, relation FROM lineage_edges(l)) d WHERE relation = '$_') q",
		"SELECT avg((base_model_relation = '$_')::int) FROM models WHERE base_models <> '{}'" ] } qw(adapter finetune quantized merge)),
	models_doubled_2025 => [ "SELECT growth_factor(count(*) FILTER (WHERE created_at < '2025-01-01'), count(*) FILTER (WHERE created_at < '2026-01-01')) FROM models",
		"SELECT count(*) FILTER (WHERE created_at < '2026-01-01')::float8 / count(*) FILTER (WHERE created_at < '2025-01-01') FROM models" ],
	(map { my $y = $_; "industry_$y" => [ "SELECT weighted_mean((kind = 'industry')::int::float8, downloads::float8) FROM $period WHERE $year = $y",
		"SELECT sum(downloads) FILTER (WHERE kind = 'industry') / sum(downloads) FROM $period WHERE $year = $y" ] } 2022, 2025),
	(map { my $y = $_; "unaffiliated_$y" => [ "SELECT weighted_mean((kind IN ('user', 'community'))::int::float8, downloads::float8) FROM $period WHERE $year = $y",
		"SELECT sum(downloads) FILTER (WHERE kind IN ('user', 'community')) / sum(downloads) FROM $period WHERE $year = $y" ] } 2022, 2025),
	(map { my ($name, $c) = @$_; $name => [ "SELECT weighted_mean((country = '$c')::int::float8, downloads::float8) FROM $period WHERE young AND captured_on > '2025-03-01' AND country NOT IN ('individual', 'international')",
		"SELECT sum(downloads) FILTER (WHERE country = '$c') / sum(downloads) FROM $period WHERE young AND captured_on > '2025-03-01' AND country NOT IN ('individual', 'international')" ] } [ 'china_new_models', 'CN' ], [ 'us_new_models', 'US' ]),
	below_1b => [ 'SELECT weighted_mean((parameters < 1e9)::int::float8, downloads_all_time::float8) FROM models WHERE parameters IS NOT NULL',
		'SELECT sum(downloads_all_time) FILTER (WHERE parameters < 1e9) / sum(downloads_all_time) FROM models WHERE parameters IS NOT NULL' ],
	mean_params_2025 => [ "SELECT weighted_mean(parameters::float8, downloads::float8) FROM $period WHERE young AND parameters IS NOT NULL AND $year = 2025",
		"SELECT sum(parameters * downloads) / sum(downloads) FROM $period WHERE young AND parameters IS NOT NULL AND $year = 2025" ],
	median_params_2025 => [ "SELECT weighted_median(parameters::float8, downloads::float8) FROM $period WHERE young AND parameters IS NOT NULL AND $year = 2025",
		"SELECT min(parameters) FROM (SELECT parameters, sum(downloads) OVER (ORDER BY parameters) AS upto, sum(downloads) OVER () AS total FROM $period WHERE young AND parameters IS NOT NULL AND $year = 2025) q WHERE upto >= total / 2" ],
	robotics_growth => [ "SELECT growth_factor(count(*) FILTER (WHERE created_at < '2025-01-01'), count(*) FILTER (WHERE created_at < '2026-01-01')) FROM datasets WHERE tag_values(tags, 'task_categories') \@> '{robotics}'",
		"SELECT count(*) FILTER (WHERE created_at < '2026-01-01')::float8 / count(*) FILTER (WHERE created_at < '2025-01-01') FROM datasets WHERE 'task_categories:robotics' = ANY (tags)" ],
	engagement_days => [ "SELECT avg(extract(epoch FROM (engagement_duration(e)).duration) / 86400) FROM (SELECT engagement_agg(created_at) AS e FROM discussions GROUP BY repo_id HAVING count(*) > 1) q",
		"SELECT avg(extract(epoch FROM last - first) / 86400) FROM (
			SELECT repo_id, min(created_at) AS first, max(created_at) FILTER (WHERE spell = 0) AS last FROM (
				SELECT *, sum(gap) OVER (PARTITION BY repo_id ORDER BY created_at) AS spell FROM (
					SELECT repo_id, created_at, coalesce((created_at - lag(created_at) OVER (PARTITION BY repo_id ORDER BY created_at) > interval '28 days')::int, 0) AS gap FROM discussions) a) b
			GROUP BY repo_id HAVING count(*) > 1) c" ]);

for my $name (sort keys %target)
{
	my ($published, $tolerance) = @{ $target{$name} };
	if (!$measure{$name}) { fail("$name is measured"); next; }
	my ($ours, $plain) = map { $node->safe_psql('postgres', $_) } @{ $measure{$name} };
	cmp_ok(abs($ours - $plain), '<=', 1e-6 * abs($plain), "$name: both ways agree ($ours, $plain)");
	cmp_ok(abs($ours - $published), '<=', $tolerance, sprintf('%s: %.4g, published %.4g, tolerance %.4g', $name, $ours, $published, $tolerance));
}
$node->stop;
done_testing();
