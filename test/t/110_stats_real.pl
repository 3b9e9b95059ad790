# Engagement, counters, survival and the small functions on real tables: daily
# series of transformers.js models and of a small author, the dataset table of
# 2023, curated parameter counts and the tags of 15,904 models.  Every answer
# is compared with plain SQL.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $data = "$ENV{PGHUB_TOP}/../shared/data";
plan skip_all => "no real tables at ../shared/data" unless -r "$data/series_daily_transformersjs.csv.gz";

my $node = PostgreSQL::Test::Cluster->new('real');
$node->init;
$node->append_conf('postgresql.conf', "timezone = 'UTC'");
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION pghub');

# A CSV or JSONL file into a table; a file that is missing is said and skipped.
sub load
{
	my ($table, $columns, $file, $format) = @_;
	if (!-r "$data/$file")
	{
		diag "skipped: no $file";
		return 0;
	}
	$node->safe_psql('postgres', "CREATE TABLE $table ($columns);
		COPY $table FROM PROGRAM 'gzip -dc $data/$file' $format");
	return 1;
}

sub is_none
{
	my ($query, $name) = @_;
	is($node->safe_psql('postgres', $query), '', $name);
}

my $csv = '(FORMAT csv, HEADER)';
my @series = (
	[ 'tjs', 'id text, day date, d30 bigint, likes bigint, rank int, modified timestamptz, tag text, params text', 'series_daily_transformersjs.csv.gz' ],
	[ 'author', 'id text, day date, type text, d30 bigint, likes bigint, observed timestamp', 'series_daily_small_author_2026.csv.gz' ]);
for my $one (@series)
{
	my ($t, $columns, $file) = @$one;
	SKIP:
	{
		skip "no $file", 5 unless load($t, $columns, $file, $csv);
		my $at = "day::timestamp AT TIME ZONE 'UTC'";
		$node->safe_psql('postgres', "CREATE TABLE ${t}_s AS SELECT id, engagement_agg($at, d30) AS e, counter_agg($at, likes) AS c,
			min($at) AS first, max($at) AS last FROM $t WHERE d30 IS NOT NULL AND likes IS NOT NULL GROUP BY id");
		is_none("WITH b AS (SELECT id, first, floor(extract(epoch FROM $at - first) / 604800)::int AS i, sum(d30) AS v
				FROM $t JOIN ${t}_s USING (id) WHERE d30 IS NOT NULL AND likes IS NOT NULL GROUP BY 1, 2, 3),
				p AS (SELECT DISTINCT ON (id) id, first, i, v FROM b ORDER BY id, v DESC, i)
			SELECT id FROM ${t}_s s JOIN p USING (id) WHERE peak_value(e) <> v OR peak_at(e) <> p.first + i * interval '7 days'
				OR time_to_peak(e) <> i * interval '7 days'", "$t: peaks");
		is_none("WITH d AS (SELECT id, likes, lead(likes) OVER (PARTITION BY id ORDER BY day) AS next FROM $t WHERE d30 IS NOT NULL AND likes IS NOT NULL),
				o AS (SELECT id, coalesce(sum(greatest(next - likes, 0)), 0) AS growth, count(*) FILTER (WHERE next < likes) AS drops FROM d GROUP BY id)
			SELECT id FROM ${t}_s JOIN o USING (id) WHERE counter_delta(c) <> growth OR counter_resets(c) <> drops", "$t: growth of likes, drops counted");
		is_none("SELECT id FROM ${t}_s WHERE abs(coalesce((SELECT sum(increment) FROM counter_increments(c, '400 days')), 0) - counter_delta(c)) > 1e-6", "$t: increments add up");
		is_none("SELECT id FROM ${t}_s, halflife_fit(e) f WHERE f.rate <= 0 OR f.std_error <= 0 OR f.bins < 2", "$t: fits are sound");
		is($node->safe_psql('postgres', "SELECT (SELECT rollup(e) FROM ${t}_s) = (SELECT engagement_agg($at, d30) FROM $t WHERE d30 IS NOT NULL AND likes IS NOT NULL)"), 't', "$t: rollup of series is the whole");
		note $node->safe_psql('postgres', "SELECT '$t: ' || count(*) || ' series, ' || count(halflife(e)) || ' with a half-life, ' || count(halflife_fit(e)) || ' with a fit' FROM ${t}_s");
	}
}

SKIP:
{
	skip 'no datasets_hub_2023', 3 unless load('ds', 'id text, author text, created_at timestamptz, downloads bigint, card text, nonempty text, tasks text, domain text', 'datasets_hub_2023.csv.gz', $csv);
	is_none("SELECT author FROM (SELECT author, engagement_agg(created_at) AS e, count(*) AS n FROM ds GROUP BY author) q
		WHERE peak_value(e, '100000 days') <> n", 'datasets: releases by author');
	# an author's activity lasts to the last release, still going on within 90 days of the end of the table
	is_none("WITH a AS (SELECT author, survival_agg(extract(epoch FROM last - first) / 86400.0::float8, last < (SELECT max(created_at) FROM ds) - interval '90 days') AS s, first FROM (
				SELECT author, min(created_at) AS first, max(created_at) AS last FROM ds GROUP BY author) q GROUP BY author, first),
			whole AS (SELECT rollup(s) AS s FROM a)
		SELECT 1 FROM whole WHERE (SELECT sum(events + censored) FROM survival_curve(s)) <> (SELECT count(DISTINCT author) FROM ds)", 'datasets: survival of authors counts each once');
	is($node->safe_psql('postgres', "SELECT doubling_time(m, n) BETWEEN '30 days' AND '730 days' FROM (SELECT date_trunc('month', created_at) AS m, (sum(count(*)) OVER (ORDER BY date_trunc('month', created_at)))::float8 AS n FROM ds GROUP BY 1) q"), 't', 'datasets: the stock doubles within one month and two years');
}

SKIP:
{
	skip 'no model_parameters_atom', 2 unless load('params', 'id text, total float8, active float8, moe text, notes text', 'model_parameters_atom.csv.gz', $csv);
	my ($told, $near, $close) = split /\|/, $node->safe_psql('postgres', "SELECT count(p), count(*) FILTER (WHERE abs(p / 1e9 / total - 1) < 0.1), count(*) FILTER (WHERE abs(p / 1e9 / total - 1) < 0.25) FROM (SELECT *, params_from_name(id)::float8 AS p FROM params) q");
	diag "params_from_name on curated counts: $told of 200 names tell one, $near within 10 %, $close within 25 %";
	cmp_ok($near / $told, '>=', 0.6, 'three of five names that tell a size are within 10 %');
	is_none("SELECT id FROM params WHERE id !~ '[0-9]x[0-9]' AND abs(params_from_name(id) / 1e9 / total - 1) > 0.1", 'all but mixtures are');
}

SKIP:
{
	skip 'no models_radar', 4 unless load('radar', 'j jsonb', 'models_radar_2026-08-22.jsonl.gz', "(FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')");
	$node->safe_psql('postgres', "CREATE TABLE model AS SELECT j->>'id' AS id, j->>'license' AS license, (j->>'parameters')::bigint AS params, ARRAY(SELECT jsonb_array_elements_text(j->'tags')) AS tags FROM radar");
	is_none("SELECT id FROM model WHERE tag_value(tags, 'license') IS DISTINCT FROM (SELECT substr(t, 9) FROM unnest(tags) WITH ORDINALITY u(t, n) WHERE t LIKE 'license:%' ORDER BY n LIMIT 1)", 'tags: license');
	is_none("SELECT id FROM model, unnest(ARRAY['arxiv', 'base_model', 'base_model:quantized', 'region']) k
		WHERE tag_values(tags, k) <> ARRAY(SELECT substr(t, length(k) + 2) FROM unnest(tags) WITH ORDINALITY u(t, n) WHERE starts_with(t, k || ':') ORDER BY n)", 'tags: all values, in order');
	is_none("SELECT id FROM model WHERE repo_namespace(id) || '/' || repo_name(id) <> id OR repo_name(id) = ''", 'ids come apart and together');
	my ($told, $near, $close) = split /\|/, $node->safe_psql('postgres', "SELECT count(p), count(*) FILTER (WHERE p / params BETWEEN 0.8 AND 1.25), count(*) FILTER (WHERE p / params BETWEEN 0.5 AND 2) FROM (SELECT *, params_from_name(id)::float8 AS p FROM model WHERE params > 0 AND NOT tags && ARRAY['4-bit', '8-bit', 'gguf'] AND NOT 'lora' = ANY (tags) AND NOT 'adapter' = ANY (tags)) q");
	diag "params_from_name on unquantised models of the radar: $told tell one, $near within a quarter of the tensors' count, $close within a factor of 2";
	# packed weights and adapters hold fewer tensors than their names tell
	cmp_ok($close / $told, '>=', 0.7, 'seven of ten names tell the size within a factor of 2');
}

$node->stop;
done_testing();
