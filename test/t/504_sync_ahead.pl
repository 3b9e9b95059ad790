# The next page is on the wire while this one is written; errors, another
# reader and aborts in between cost a request, never a row.
use strict;
use warnings;
use Test::More;
use Time::HiRes qw(time);
use SyncNode;

my $sync = SyncNode->new('main', models => 300, page_size => 10);
my $hub = $sync->hub;

$sync->sync('{models}');
is($sync->model_differences, '', 'equal to the dump');
is(scalar(grep { $_->{path} eq '/api/models' } $hub->log), 30, 'each page was asked for once');

# page by page by hand
$sync->sql('CREATE SCHEMA h; IMPORT FOREIGN SCHEMA hub LIMIT TO (models) FROM SERVER hub INTO h');
my $walk = q{
	SET pghub.page_ahead = on;
	CREATE TEMP TABLE got (id text, next text);
	INSERT INTO got SELECT id, next_page_cursor FROM h.models WHERE page_cursor = '';
};
my $step = q{INSERT INTO got SELECT id, next_page_cursor FROM h.models
	WHERE page_cursor = (SELECT next FROM got ORDER BY ctid DESC LIMIT 1);};
my $count = q{SELECT count(*), count(DISTINCT id) FROM got;};
for my $case (
	[ 'straight on', '', 3 ],
	[ 'an abort in between', "BEGIN; $step ROLLBACK;", 3 ],
	[ 'an abort of a subtransaction', "BEGIN; SAVEPOINT a; $step ROLLBACK TO a; COMMIT;", 3 ],
	[ 'another list in between', "SELECT count(*) FROM h.models WHERE page_cursor = '' AND author = 'nobody';", 3 ],
	[ 'another page in between', "SELECT count(*) FROM h.models WHERE page_cursor = '';", 3 ],
	[ 'an error in between', "SAVEPOINT x; SELECT 1/0;", 3 ],
	[ 'the setting off again', "SET pghub.page_ahead = off;", 3 ])
{
	my ($name, $between) = @$case;
	my ($status, $err, $out) = $sync->try("$walk $step $between $step $count", on_error_stop => 0);
	like($out, qr/^30\|30$/m, "$name: three pages, no row twice") or diag $err;
}
# a request that fails while nobody waits for it is an error of its page alone
$hub->faults({ action => 'invalid_json', match => { nth => 2 } });
my ($status, $err, $out) = $sync->try("$walk SELECT pg_sleep(0.2); $count $step $step $count", on_error_stop => 0);
like($err, qr/cannot be read/, 'a failed early request is told when its page is read');
like($out, qr/^10\|10\n20\|20$/m, 'and asked for again after that');
$hub->clear;

# waiting and writing overlap
$hub->settings(latency_ms => 60);
my $began = time;
$sync->sync('{models}');
my $took = time - $began;
cmp_ok($sync->sql('SELECT retries FROM s.sync_runs ORDER BY run DESC LIMIT 1'), '==', 0, sprintf 'thirty pages at 60 ms: %.2f s', $took);
is($sync->model_differences, '', 'equal to the dump');

done_testing();
