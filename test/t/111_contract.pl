# What a distributed planner does with the aggregates, for all there are: each
# shard runs the transition without the final function, every row by a fresh
# call; its state crosses as text or by send and receive; the coordinator
# combines and finishes. The result is that of one pass, to the last bit.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('contract');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION pghub; CREATE EXTENSION agg_probe');

# The rows: five shards, and one of NULLs only. Summaries of fifty rows each
# stand at every fiftieth.
my $columns = q{i % 5 AS shard, i,
	(random() ^ 3 * 5000)::bigint AS n, exp(random() * 20) AS v, (random() * 1000)::numeric(12, 2) AS z, random() * 1e6 AS b,
	1 + i % 7 AS w, random() AS weight, timestamptz '2026-01-01' + floor(random() * 90000) * interval '1 hour' AS at,
	timestamptz '2025-12-01' - i % 9 * interval '1 day' AS origin, random() * interval '90 days' AS gap, random() < 0.5 AS seen,
	'm' || i AS child, 'm' || floor(i * random()) AS parent, (ARRAY['merge', 'finetune', NULL])[1 + i % 3] AS relation,
	ARRAY['m' || i / 2, 'm' || i / 7] AS parents};
my %summary = (
	distribution => 'distribution_agg(n)', lineage => 'lineage_agg(child, parent)', engagement => 'engagement_agg(at, v)',
	counter => 'counter_agg(at, n)', survival => 'survival_agg(v, seen)');
$node->safe_psql('postgres', "SELECT setseed(0.5);
	CREATE TABLE item AS SELECT $columns FROM generate_series(1, 2500) i;
	CREATE TABLE many AS SELECT $columns FROM generate_series(1, 100000) i");
foreach my $family (sort keys %summary)
{
	$node->safe_psql('postgres', "ALTER TABLE item ADD s_$family ${family}_summary;
		UPDATE item SET s_$family = s FROM (SELECT min(i) AS first, $summary{$family} AS s FROM item GROUP BY i / 50) q WHERE i = first");
}
$node->safe_psql('postgres', 'INSERT INTO item (shard) SELECT 9 FROM generate_series(1, 3)');

# The arguments of each: a column by its type, or what is named here.
$node->safe_psql('postgres', <<'SQL');
CREATE TABLE by_type (type regtype, at int, value text);
INSERT INTO by_type VALUES
	('bigint', NULL, 'n'), ('float8', NULL, 'v'), ('numeric', NULL, 'z'), ('timestamptz', NULL, 'at'), ('interval', NULL, 'gap'), ('boolean', NULL, 'seen'),
	('text', 1, 'child'), ('text', 2, 'parent'), ('text', 3, 'relation'), ('text[]', NULL, 'parents'),
	('distribution_summary', NULL, 's_distribution'), ('lineage_summary', NULL, 's_lineage'), ('engagement_summary', NULL, 's_engagement'),
	('counter_summary', NULL, 's_counter'), ('survival_summary', NULL, 's_survival');
CREATE TABLE by_name (name text, at int, value text);
INSERT INTO by_name VALUES
	('distribution_agg', 2, 'w'), ('pareto_share', 2, '0.25'), ('coverage_count', 2, '0.5'), ('top_k_share', 2, '10'), ('effective_number', 2, '1.5'),
	('weighted_mean', 2, 'weight'), ('weighted_median', 2, 'weight'), ('weighted_stddev', 2, 'weight'), ('weighted_percentile', 2, 'weight'), ('weighted_percentile', 3, '0.3'),
	('lineage_descendants', 3, '''m7'''), ('engagement_agg', 3, 'origin'), ('counter_agg', 2, 'n'),
	('time_to_milestone', 3, '4e8'), ('crossover', 3, 'b * 400'), ('crossover', 4, '''1 minute'''), ('kendall_tau_b', 2, 'b');

CREATE VIEW aggregate AS
SELECT p.oid::regprocedure AS aggregate, proname AS name, aggtranstype::regtype AS state, arguments, complete
FROM pg_proc p JOIN pg_aggregate a ON aggfnoid = p.oid JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
	JOIN pg_extension x ON x.oid = d.refobjid AND extname = 'pghub',
	LATERAL (SELECT string_agg(format('(%s)::%s', coalesce(n.value, t.value), format_type(u.type, NULL)), ', ' ORDER BY place) AS arguments,
			bool_and(coalesce(n.value, t.value) IS NOT NULL) AS complete
		FROM unnest(proargtypes) WITH ORDINALITY AS u (type, place)
			LEFT JOIN by_name n ON n.name = proname AND n.at = place LEFT JOIN by_type t ON t.type = u.type AND coalesce(t.at, place) = place) q;

CREATE FUNCTION replay(one aggregate, source regclass) RETURNS TABLE (way text, whole text, parts text) LANGUAGE plpgsql AS $$
DECLARE
	arguments text := CASE WHEN one.arguments LIKE '%::%::%' THEN format('ROW(%s)', one.arguments) ELSE one.arguments END;
BEGIN
	EXECUTE format('SELECT %s(%s)::text FROM %s', one.name, one.arguments, source) INTO whole;
	FOREACH way IN ARRAY ARRAY['text', 'binary'] LOOP
		EXECUTE format('SELECT coordinator($1, s) FROM (SELECT worker_%s($1, %s) AS s FROM %s GROUP BY shard) q', way, arguments, source)
			INTO parts USING one.aggregate;
		RETURN NEXT;
	END LOOP;
END $$;
SQL

is($node->safe_psql('postgres', 'SELECT string_agg(aggregate::text, E\'\n\') FROM aggregate WHERE NOT coalesce(complete, false)'), '', 'every aggregate has its arguments');
$node->safe_psql('postgres', "CREATE TABLE result AS SELECT aggregate::text, state::text, 'some' AS rows, r.* FROM aggregate a, replay(a, 'item') r");
is($node->safe_psql('postgres', "SELECT string_agg(aggregate || ' by ' || way || coalesce(': ' || left(whole, 60), ' NULL') || coalesce(' <> ' || left(parts, 60), ' <> NULL'), E'\n')
	FROM result WHERE parts IS DISTINCT FROM whole"), '', 'parts are the whole');
is($node->safe_psql('postgres', 'SELECT string_agg(DISTINCT aggregate, E\'\n\') FROM result WHERE whole IS NULL'), '', 'and there is an answer');
is($node->safe_psql('postgres', 'SELECT string_agg(DISTINCT state, \' \' ORDER BY state) FROM result'),
	'counter_summary distribution_summary engagement_summary lineage_summary series_summary survival_summary weighted_summary', 'of every type');
note $node->safe_psql('postgres', "SELECT count(DISTINCT aggregate) || ' aggregates' FROM result");

# a large state of each type
is($node->safe_psql('postgres', "SELECT string_agg(a.aggregate || ' by ' || way, E'\n')
	FROM aggregate a, replay(a, 'many') r WHERE a.aggregate::text IN ('distribution_agg(double precision)', 'pareto_share(bigint,double precision)', 'weighted_median(double precision,double precision)',
		'lineage_agg(text,text,text)', 'engagement_agg(timestamp with time zone,double precision)', 'counter_agg(timestamp with time zone,bigint)',
		'survival_agg(double precision,boolean)', 'kendall_tau_b(double precision,double precision)') AND parts IS DISTINCT FROM whole"), '', 'large parts are the whole');

# no rows at all: nothing crosses, and the answer is NULL
is($node->safe_psql('postgres', "SELECT string_agg(aggregate::text, E'\n') FROM (SELECT a.*, (SELECT coordinator(a.aggregate, s) FROM (VALUES (NULL::text), (NULL)) v (s)) AS answer FROM aggregate a) q WHERE answer IS NOT NULL"),
	'', 'parts of nothing are nothing');

# the rules by which such planners choose
is($node->safe_psql('postgres', <<'SQL'), '', 'states, functions and marks are as they ask');
SELECT string_agg(p.oid::regprocedure::text, E'\n') FROM aggregate g JOIN pg_proc p ON p.oid = g.aggregate JOIN pg_aggregate a ON aggfnoid = p.oid
	JOIN pg_type t ON t.oid = aggtranstype JOIN pg_proc c ON c.oid = aggcombinefn JOIN pg_proc f ON f.oid = aggfinalfn JOIN pg_proc s ON s.oid = aggtransfn
WHERE t.typtype <> 'b' OR aggkind <> 'n' OR agginitval IS NOT NULL OR aggserialfn <> 0 OR aggdeserialfn <> 0 OR NOT c.proisstrict OR s.proisstrict
	OR aggfinalextra OR aggfinalmodify <> 'r' OR p.proparallel <> 's'
	OR EXISTS (SELECT FROM unnest(ARRAY[c.provolatile, f.provolatile, s.provolatile]) v WHERE v <> 'i')
	OR EXISTS (SELECT FROM unnest(ARRAY[c.proparallel, f.proparallel, s.proparallel]) v WHERE v <> 's')
	OR EXISTS (SELECT FROM unnest(p.proargtypes) u JOIN pg_type ON pg_type.oid = u WHERE typtype = 'p') OR t.typsend = 0 OR t.typreceive = 0
SQL

done_testing();
