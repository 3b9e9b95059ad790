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

# ---- without a browser: data and charts
my @items = glob "$top/examples/report/items/*.sql";
for my $path (@items)
{
	my ($name) = $path =~ m{([^/]+)\.sql$};
	my $rows = decode_json(slurp_file("$out/data/$name.json"));
	cmp_ok(scalar @$rows, '>', 0, "$name: has rows");
	for my $theme ('light', 'dark')
	{
		my $marks = () = slurp_file("$out/charts/$name.$theme.svg") =~ /aria-roledescription="(?:bar|line mark|area mark|point|rect|circle|symbol)/g;
		cmp_ok($marks, '>', 0, "$name: its $theme chart has marks");
	}
}

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
		like($used, qr/\.$theme\.svg$/, "$name: the charts of its theme") ;
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
$node->stop;
done_testing();
