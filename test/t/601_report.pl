# The report's page, as a reader gets it: every statement answered, every chart
# with marks, no error in a real browser, on a desk and on a phone, light and
# dark. Screenshots stay in build/report-shots.
use strict;
use warnings;
use HTTP::Tiny;
use IPC::Run ();
use JSON::PP;
use MIME::Base64;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use StandIn;

my $top = $ENV{PGHUB_TOP};
plan skip_all => 'the charts need node and npm' if system 'node --version >/dev/null 2>&1 && npm --version >/dev/null 2>&1';

my $node = PostgreSQL::Test::Cluster->new('report');
$node->init;
$node->start;
my $out = "$top/build/report-test";
my ($text, $err) = ('', '');
{
	local $ENV{PGHOST} = $node->host;
	local $ENV{PGPORT} = $node->port;
	local $ENV{PGDATABASE} = 'postgres';
	local $ENV{REPORT_MODELS} = 6000;
	local $ENV{REPORT_MODULES} = "$top/build/report-modules";
	local $ENV{HOME} = "$top/build";
	IPC::Run::run([ "$top/examples/report/build", $out ], '>', \$text, '2>', \$err, IPC::Run::timeout(240));
}
plan skip_all => 'npm could not install the charts\' libraries' if $err =~ /npm.*(returned non-zero|ENOTFOUND|network)/s;
like($text, qr/\d+ queries, \d+ charts/, 'the report is built') or BAIL_OUT($err);

# ---- each query says what it claims, how, and from what it comes
my @items = sort glob "$top/examples/report/items/*.sql";
my %covered;
my %status = map { $_ => 1 } 'documented', 'documented in part', 'definition proposed here', 'needs a table from outside the Hub';
for my $path (@items)
{
	my ($name) = $path =~ m{([^/]+)\.sql$};
	my $sql = slurp_file($path);
	my ($comment) = $sql =~ m{\A((?:-- [^\n]*\n)+)/\* chart\n};
	my %head = ($comment // '') =~ /^-- ([a-z ]+): (.+)$/mg;
	my @missing = grep { ($head{$_} // '') !~ /\S/ } qw(items statement definition status data numerator base published difference), 'left out';
	is("@missing", '', "$name: opens with statement, definition, status and the rest");
	ok($status{ $head{status} // '' }, "$name: a status of the four");
	$covered{$_}++ for split /, /, $head{items} // '';
	my $rows = decode_json(slurp_file("$out/data/$name.json"));
	cmp_ok(scalar @$rows, '>', 0, "$name: has rows");
	for my $part ('numerator', 'base', 'left out')
	{
		next if ($head{$part} // '') =~ /^none: \w.{10,}/;
		ok((grep { defined $_->{ $head{$part} } } @$rows), "$name: prints its $part, $head{$part}");
	}
	for my $size ('', '.phone')
	{
		for my $theme ('light', 'dark')
		{
			my $marks = () = slurp_file("$out/charts/$name$size.$theme.svg") =~ /class="mark-(?:rect|line|area|symbol|path) role-mark[^>]*>\s*<path/g;
			cmp_ok($marks, '>', 0, "$name: its $theme$size chart has marks");
		}
	}
}
is_deeply([ sort { $a <=> $b } keys %covered ], [ 1 .. 54 ], 'every item has a query');

# the kinds of charts that readers expect
my %drawn = (
	'07_lorenz' => 'Lorenz curve', '04_milestones' => 'cumulative growth', '13_country' => 'share over time', '32_most_liked' => 'rank over time',
	'40_decay' => 'decay', '41_duration' => 'survival', '35_tree' => 'lineage tree', '53_heat_map' => 'calendar', '37_size_distribution' => 'size distribution');
for my $name (sort keys %drawn)
{
	ok(-s "$out/charts/$name.light.svg", "$drawn{$name}: $name");
}
my $tree = decode_json(slurp_file("$out/data/35_tree.json"));
my ($all, $shown, $hidden) = @{ $tree->[0] }{qw(all_descendants shown hidden)};
is($shown + $hidden, $all, 'the tree shows or counts every descendant');
is($all, $node->safe_psql('postgres', "SELECT count(*) FROM (WITH RECURSIVE d AS (SELECT child FROM simulated.model_edges WHERE parent = '$tree->[0]{root}'
	UNION SELECT e.child FROM simulated.model_edges e JOIN d ON e.parent = d.child) SELECT child FROM d) q"), 'as many as a recursive query finds');
# likes rise with time: the simulated ranks must move, and end with the figures of today
is($node->safe_psql('postgres', 'SELECT count(*) FROM (SELECT likes - lag(likes) OVER (PARTITION BY _id ORDER BY captured_on) AS d FROM simulated.model_snapshots) q WHERE d < 0'),
	0, 'simulated likes never fall');
is($node->safe_psql('postgres', 'SELECT count(*) FROM simulated.models m JOIN simulated.model_snapshots s USING (_id) WHERE captured_on = (SELECT max(captured_on) FROM simulated.model_snapshots) AND s.likes <> m.likes'),
	0, 'and end at the present ones');
my $liked = decode_json(slurp_file("$out/data/32_most_liked.json"));
my %leader = map { $_->{captured_on} => $_->{leader} } @$liked;
like($leader{'2024-12-01'}, qr{^meta-llama/}, 'a Llama leads before 2025');
like($leader{'2025-12-01'}, qr{^deepseek-ai/}, 'the model of January 2025 leads after it');

# ---- in a browser
SKIP:
{
	my $driver = "/usr/bin/chromedriver";
	skip 'a browser: needs chromium and chromium-driver', 1 unless -x $driver && -x '/usr/bin/chromium';
	my $dir = PostgreSQL::Test::Utils::tempdir;
	my $port = 20000 + $$ % 20000;
	local $ENV{HOME} = $dir;
	my $run = IPC::Run::start([ $driver, "--port=$port", '--allowed-ips=127.0.0.1' ], '>', "$dir/driver.log", '2>&1');
	my $http = HTTP::Tiny->new(timeout => 60);
	my $call = sub {
		my ($method, $path, $data) = @_;
		my $answer = $http->request($method, "http://127.0.0.1:$port$path",
			{ headers => { 'Content-Type' => 'application/json' }, $data ? (content => encode_json($data)) : () });
		return $answer->{success} ? decode_json($answer->{content})->{value} : undef;
	};
	for (1 .. 100) { last if $call->(GET => '/status'); select undef, undef, undef, 0.1; }
	mkdir "$top/build/report-shots";
	for my $look ([ 'desk light', 1280, 1600, 'light' ], [ 'desk dark', 1280, 1600, 'dark' ], [ 'phone', 390, 1200, 'light' ])
	{
		my ($name, $width, $height, $theme) = @$look;
		my $session = $call->(POST => '/session', { capabilities => { alwaysMatch => { browserName => 'chrome',
			'goog:loggingPrefs' => { browser => 'ALL' },
			'goog:chromeOptions' => { binary => '/usr/bin/chromium', args => [ '--headless=new', '--no-sandbox', '--disable-gpu',
				'--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
				'--disable-dev-shm-usage', '--hide-scrollbars', "--user-data-dir=$dir/$width$theme", "--window-size=$width,$height",
				$theme eq 'dark' ? ('--force-dark-mode', '--blink-settings=preferredColorScheme=0') : () ] } } } });
		ok($session, "$name: a browser starts") or next;
		my $at = "/session/$session->{sessionId}";
		$call->(POST => "$at/url", { url => "file://$out/index.html" });
		my $script = sub { return $call->(POST => "$at/execute/sync", { script => $_[0], args => [] }) };
		if ($width < 500)
		{
			$call->(POST => "$at/goog/cdp/execute", { cmd => 'Emulation.setDeviceMetricsOverride',
				params => { width => $width, height => $height, deviceScaleFactor => 2, mobile => JSON::PP::true } });
		}
		$script->('document.querySelectorAll("img").forEach(i => i.loading = "eager")');
		my $loaded = 0;
		for (1 .. 100)
		{
			$loaded = $script->('return [...document.images].filter(i => i.complete && i.naturalWidth > 0).length');
			last if $loaded == @items;
			select undef, undef, undef, 0.1;
		}
		is($loaded, scalar @items, "$name: all charts are shown");
		is($script->('return document.querySelectorAll("section").length'), scalar @items, "$name: a section each");
		cmp_ok($script->('return document.documentElement.scrollWidth'), '<=', $width + 1, "$name: nothing is wider than the window");
		my $used = $script->('return document.images[0].currentSrc');
		my $variant = $width < 500 ? ".phone.$theme" : ".$theme";
		like($used, qr/[a-z]\Q$variant\E\.svg$/, "$name: the charts of its theme and width");
		is($script->('return [...document.images].filter(i => i.alt.length < 40).length'), 0, "$name: every chart is told in words");
		is($script->('return performance.getEntriesByType("resource").filter(r => !r.name.startsWith("file:")).length'), 0, "$name: nothing comes from a network");
		my @console = map { $_->{message} } grep { $_->{level} =~ /SEVERE|WARNING/ } @{ $call->(POST => "$at/se/log", { type => 'browser' }) || [] };
		is("@console", '', "$name: nothing on the console");
		my $shot = $call->(GET => "$at/screenshot");
		if ($shot)
		{
			(my $file = $name) =~ tr/ /-/;
			open my $f, '>:raw', "$top/build/report-shots/$file.png" or die $!;
			print $f decode_base64($shot);
		}
		$call->(DELETE => $at);
	}
	$run->kill_kill;
}

# ---- the same queries over a schema that hub_sync made
{
	my $hub = StandIn->new(models => 400);
	$node->safe_psql('postgres', "CREATE DATABASE synced");
	$node->safe_psql('synced', "CREATE EXTENSION pghub; CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $hub->url ]}')");
	$node->safe_psql('synced', "CALL hub_sync('hub', 'history')");
	my @names = map { m{([^/]+)\.sql$} } @items;
	my ($said, $complaint) = ('', '');
	local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port, PGDATABASE => 'synced', REPORT_SCHEMA => 'history', REPORT_ITEMS => join(',', @names));
	IPC::Run::run([ "$top/examples/report/build", PostgreSQL::Test::Utils::tempdir ], '>', \$said, '2>', \$complaint, IPC::Run::timeout(120));
	is($complaint, '', 'a synced schema: no complaint');
	is(scalar(() = $said =~ /^\d\d_\w+\t/mg), scalar @names, 'a synced schema: every query runs');
	my ($models) = $node->safe_psql('synced', 'SELECT count(*) FROM history.models');
	is($models, 400, 'a synced schema: all models are in it');
	like($said, qr/^02_models\t.*\t4$/m, 'a synced schema: four years of models');
}
$node->stop;
done_testing();
