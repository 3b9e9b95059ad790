# A real pg_cron job syncs and refreshes: the one statement of docs/sync.md.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use StandIn;

my ($stdout) = run_command([ 'pg_config', '--sharedir' ]);
plan skip_all => 'pg_cron is not installed (Debian: postgresql-15-cron)' unless -e "$stdout/extension/pg_cron.control";

my $hub = StandIn->new(models => 200);
my $node = PostgreSQL::Test::Cluster->new('cron');
$node->init;
$node->append_conf('postgresql.conf', join "\n", 'fsync = off', "shared_preload_libraries = 'pg_cron'",
	"cron.database_name = 'postgres'", "cron.host = '@{[ $node->host ]}'", '');
$node->start;
my $url = $hub->url;
$node->safe_psql('postgres', qq{
	CREATE EXTENSION pg_cron;
	CREATE EXTENSION pghub;
	CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '$url', page_size '50');
	SELECT cron.schedule('hub', '* * * * *', \$\$CALL public.hub_sync('hub', 'history', NULL, true)\$\$);
});
# its finest step is a minute
ok($node->poll_query_until('postgres', q{SELECT count(*) > 0 FROM cron.job_run_details WHERE status IN ('succeeded', 'failed')}),
	'the job has run');
is($node->safe_psql('postgres', q{SELECT status FROM cron.job_run_details ORDER BY runid LIMIT 1}), 'succeeded', 'and succeeded')
  or diag $node->safe_psql('postgres', 'SELECT return_message FROM cron.job_run_details');
$node->safe_psql('postgres', q{SELECT cron.unschedule('hub')});
is($node->safe_psql('postgres', q{SELECT string_agg(DISTINCT state, ',') FROM history.sync_runs WHERE run <= 7}), 'done', 'every kind was synced');
is($node->safe_psql('postgres', q{SELECT count(*) FROM history.models}), 200, 'the models are there');
is($node->safe_psql('postgres', q{SELECT count(DISTINCT view_name) FROM history.sync_refresh}),
	$node->safe_psql('postgres', q{SELECT count(*) + 3 FROM hub_sync_views('history')}), 'every view was refreshed and its duration recorded');
is($node->safe_psql('postgres', q{SELECT items FROM history.concentration WHERE kind = 'models' AND measure = 'downloads'}), 200,
	'a view answers');

done_testing();
