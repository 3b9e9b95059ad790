# Objects of others in the search path: functions and operators that bear the
# names of the server's own and raise an error when they are called. Installing
# the extension and calling what it holds must call none of them.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use StandIn;

my $hub = StandIn->new(models => 60);
my $node = PostgreSQL::Test::Cluster->new('search_path');
$node->init;
$node->append_conf('postgresql.conf', "fsync = off\ntimezone = 'UTC'\n");
$node->start;

# Every function of pg_catalog that can be spoken of in SQL, and every operator,
# once more in the schema "evil".
my $EVIL = <<'SQL';
CREATE SCHEMA evil;
CREATE FUNCTION evil.hijacked(what text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked: %', what; END $$;
DO $do$
DECLARE
	f record;
BEGIN
	FOR f IN SELECT p.oid, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid) AS args, p.prorettype::regtype AS result, p.proretset
		FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' AND p.provariadic = 0
			AND p.proname !~ '(in|out|recv|send)$' AND NOT 'internal'::regtype = ANY (p.proargtypes::oid[])
	LOOP
		BEGIN
			EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s%s LANGUAGE plpgsql AS $f$ BEGIN PERFORM evil.hijacked(%L); END $f$',
				f.proname, f.args, CASE WHEN f.proretset THEN 'SETOF ' END, f.result, f.oid::regprocedure);
		EXCEPTION WHEN OTHERS THEN NULL;	-- pseudo-types and the like
		END;
	END LOOP;
	FOR f IN SELECT o.oid, o.oprname, o.oprleft::regtype AS l, o.oprright::regtype AS r, o.oprresult::regtype AS result
		FROM pg_operator o WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprleft <> 0 AND o.oprright <> 0
	LOOP
		BEGIN
			EXECUTE format('CREATE FUNCTION evil.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS $f$ BEGIN PERFORM evil.hijacked(%L); END $f$',
				'op' || f.oid, f.l, f.r, f.result, f.oid::regoperator);
			EXECUTE format('CREATE OPERATOR evil.%s (FUNCTION = evil.%I, LEFTARG = %s, RIGHTARG = %s)', f.oprname, 'op' || f.oid, f.l, f.r);
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
END $do$;
SQL
my $url = $hub->url;
my $path = 'SET search_path = evil, pg_catalog, public;';

# The whole life of an installation under PATH; what it gives in the end.
sub live
{
	my ($base, $setting) = @_;
	my $run = sub {
		my ($name, $sql) = @_;
		my ($rc, $out, $err) = $node->psql($base, "$setting $sql", on_error_stop => 1);
		is($rc, 0, "$base: $name") or diag $err;
		return $out;
	};
	$run->('installation', 'CREATE EXTENSION pghub SCHEMA public');
	# SQL of our own stays unqualified below only where nothing is shadowed
	$node->safe_psql($base, "CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '$url', page_size '20')");
	$run->('import', 'CREATE SCHEMA h; IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO h');
	$run->('sync', "CALL public.hub_sync('hub', 's', '{models,datasets}')");
	$run->('a second sync', "CALL public.hub_sync('hub', 's', '{models}')");
	$run->('refresh', q{CALL public.hub_refresh('s')});
	$node->safe_psql($base, q{CREATE TABLE public.history AS SELECT '2024-01-31 04:00Z'::timestamptz AS captured_at, 'a/b'::text AS id, 4::bigint AS downloads, 1::bigint AS likes});
	is($run->('history of others', q{SELECT public.hub_load_snapshots('s', 'models', 'public.history')}), '1', "$base: a row is loaded");
	$run->('statistics', 'TABLE public.hub_stats');
	$run->('aggregates', q{SELECT public.gini(public.distribution_agg(downloads)), public.median(public.distribution_agg(downloads)) FROM h.models});
	return $node->safe_psql($base, q{SELECT count(*), sum(downloads), count(DISTINCT _id) FROM s.models;
		SELECT count(*), sum(downloads) FROM s.model_snapshots; SELECT count(*) FROM s.sync_runs; SELECT count(*) FROM s.datasets});
}

$node->safe_psql('postgres', $_) for 'CREATE DATABASE clean', 'CREATE DATABASE hostile';
$node->safe_psql('hostile', $EVIL);
my $evil = $node->safe_psql('hostile', q{SELECT count(*) FILTER (WHERE proname !~ '^op'), count(*) FILTER (WHERE proname ~ '^op') FROM pg_proc WHERE pronamespace = 'evil'::regnamespace});
my ($functions, $operators) = split /\|/, $evil;
cmp_ok($functions, '>', 1500, "$functions functions lie in wait");
cmp_ok($operators, '>', 500, "$operators operators lie in wait");
my ($rc, $out, $err) = $node->psql('hostile', "$path SELECT 1 + 1");
like($err, qr/hijacked/, 'and strike where nothing is qualified');
my $clean = live('clean', '');
is(live('hostile', $path), $clean, 'what comes of it is the same');

# ---- in the schema of the extension itself
for my $object (q{FUNCTION hub_fdw_validator(text[], oid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$}, 'TABLE hub_stats ()')
{
	$node->safe_psql('postgres', 'CREATE DATABASE occupied');
	$node->safe_psql('occupied', "CREATE $object");
	($rc, $out, $err) = $node->psql('occupied', 'CREATE EXTENSION pghub');
	like($err, qr/already exists/, "an object of another is never taken over: $object");
	$node->safe_psql('postgres', 'DROP DATABASE occupied');
}

# ---- as the catalogue has it: no function whose meaning depends on the caller's
# path, but those that set it first since they commit, or for whom they commit
my $mutable = $node->safe_psql('clean', q{
	SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
		JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid JOIN pg_language l ON l.oid = p.prolang
	WHERE e.extname = 'pghub' AND l.lanname NOT IN ('c', 'internal') AND p.prosqlbody IS NULL
		AND NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c IN ('search_path=pg_catalog, pg_temp', 'search_path=pg_catalog'))
		AND p.prosrc !~ 'BEGIN\s+PERFORM pg_catalog\.set_config\(''search_path'', ''pg_catalog, pg_temp'', true\);'});
is($mutable, '', 'every function has a body parsed at creation or a search path of its own');
is($node->safe_psql('clean', q{SELECT count(*) FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e' WHERE p.prosecdef}), 0,
	'none acts with the rights of its owner');

$node->stop;
$hub->stop;
done_testing();
