
=pod

SyncNode - a server with the extension, a stand-in Hub beside it, and both as a
test of the sync needs them: a Hub that changes, tables to compare with.

  my $sync = SyncNode->new('main', models => 1000);
  $sync->sync('{models}'); $sync->sql('SELECT ...'); $sync->same_models('name');
  $sync->change(sub { my ($rows) = @_; ... });   # the stand-in serves the new rows

=cut

package SyncNode;

use strict;
use warnings;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use StandIn;

sub new
{
	my ($class, $name, %option) = @_;
	my $conf = delete $option{conf} // '';
	my $page = delete $option{page_size} // 100;
	my $self = bless { hub => StandIn->new(%option) }, $class;
	my $node = $self->{node} = PostgreSQL::Test::Cluster->new($name);

	$node->init;
	$node->append_conf('postgresql.conf', "fsync = off\ntimezone = 'UTC'\nlog_statement = none\n$conf");
	$node->start;
	my $url = $self->{hub}->url;
	$self->sql(qq{
		CREATE EXTENSION pghub;
		CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw
			OPTIONS (endpoint '$url', page_size '$page', max_retries '0');
		CREATE TABLE dump (row jsonb);
	});
	return $self;
}

sub node { return $_[0]{node} }
sub hub  { return $_[0]{hub} }
sub sql  { return $_[0]{node}->safe_psql('postgres', $_[1]) }

sub sync
{
	my ($self, $kinds, $schema) = @_;
	$schema //= 's';
	return $self->sql("CALL hub_sync('hub', '$schema', '$kinds')");
}

# (status, stderr) of a statement that may fail; SQLSTATE is in the text.
sub try
{
	my ($self, $sql, %option) = @_;
	my ($out, $err) = ('', '');
	my $status = $self->{node}->psql('postgres', "\\set VERBOSITY verbose\n$sql",
		stdout => \$out, stderr => \$err, timeout => 120, %option);
	return ($status, $err, $out);
}

sub fails
{
	my ($self, $name, $sql, $pattern, %option) = @_;
	my ($status, $err) = $self->try($sql, %option);
	ok($status != 0, "$name fails");
	like($err, $pattern, "$name: says so");
	return;
}

# A statement that is refused, with exactly this text: "CODE: message", "DETAIL:
# ...", "HINT: ...". What differs from run to run is written NNN; newer libcurl
# words it otherwise.
sub refused
{
	my ($self, $name, $sql, $text, %option) = @_;
	my ($status, $err) = $self->try($sql, %option);
	my @said = map { s/^.*?ERROR:  //r =~ s/^(DETAIL|HINT):  /$1: /r } grep { /ERROR:  |^(DETAIL|HINT):  / } split /\n/, $err;
	s/process \d+/process NNN/, s/\b[0-9a-f]{24}\b/NNN/g, s/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*\+00/NNN/g,
		s/127\.0\.0\.1(:| port )\d+/127.0.0.1:NNN/g, s/after \d+ ms/after NNN ms/, s/Could not connect/Couldn't connect/, s/of "[^"\/]+\/[^"]+"/of "NNN"/ for @said;
	ok($status != 0, "$name fails");
	is(join("\n", @said), $text, "$name: says so");
	return;
}

# The stand-in comes back on its port with other rows.
sub change
{
	my ($self, $edit) = @_;
	my $port = $self->{hub}->port;
	my @rows = map { decode_json($_) } split /\n/, $self->{hub}->rows;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/rows.jsonl';

	$edit->(\@rows);
	open my $f, '>', $file or die $!;
	print $f encode_json($_), "\n" for @rows;
	close $f;
	$self->{hub}->stop;
	$self->{hub} = StandIn->new(data => $file, port => $port);
	return;
}

# What the stand-in holds, in the table "dump".
sub load_dump
{
	my ($self, $kind) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/dump.jsonl';
	my $text = $self->{hub}->rows($kind // 'models');

	open my $f, '>', $file or die $!;
	print $f $text, "\n";
	close $f;
	# quote and delimiter that JSON cannot hold keep the lines whole
	$self->sql(qq{TRUNCATE dump; COPY dump FROM '$file' (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')});
	return;
}

# Differences between the synced models and a direct dump; '' when none.
sub model_differences
{
	my ($self, $schema) = @_;
	$schema //= 's';
	$self->load_dump;
	return $self->sql(qq{
		WITH theirs AS (
			SELECT row->>'_id' AS _id, row->>'id' AS id, (row->>'createdAt')::timestamptz AS created_at,
				(row->>'downloads')::bigint AS downloads, (row->>'downloadsAllTime')::bigint AS downloads_all_time,
				(row->>'likes')::bigint AS likes, (row->>'trendingScore')::float8 AS trending_score,
				(row->>'lastModified')::timestamptz AS last_modified, row->>'pipeline_tag' AS pipeline_tag,
				row->>'library_name' AS library_name, ARRAY(SELECT jsonb_array_elements_text(row->'tags')) AS tags,
				row->>'gated' AS gated,
				coalesce((row->'safetensors'->>'total')::bigint, (row->'gguf'->>'total')::bigint) AS parameters
			FROM dump),
		ours AS (
			SELECT _id, id, created_at, downloads, downloads_all_time, likes, trending_score, last_modified,
				pipeline_tag, library_name, tags, gated, parameters
			FROM $schema.models WHERE vanished_on IS NULL),
		snapped AS (
			SELECT _id, id, downloads, downloads_all_time, likes, trending_score FROM $schema.model_snapshots
			WHERE captured_on = (SELECT max(captured_on) FROM $schema.model_snapshots)),
		parents AS (
			SELECT DISTINCT row->>'_id' AS _id, row->>'id' AS child, p->>'id' AS parent, row->'baseModels'->>'relation' AS relation
			FROM dump, jsonb_array_elements(row->'baseModels'->'models') p),
		edges AS (SELECT _id, child, parent, relation FROM $schema.model_edges WHERE last_seen IS NULL)
		SELECT format('%s models missing or other, %s surplus, %s snapshots, %s edges', a, b, c, d) FROM (SELECT
			(SELECT count(*) FROM (SELECT * FROM theirs EXCEPT ALL SELECT * FROM ours) x) AS a,
			(SELECT count(*) FROM (SELECT * FROM ours EXCEPT ALL SELECT * FROM theirs) x) AS b,
			(SELECT count(*) FROM ((SELECT _id FROM theirs EXCEPT ALL SELECT _id FROM snapped)
				UNION ALL (SELECT _id FROM snapped EXCEPT ALL SELECT _id FROM theirs)) x) AS c,
			(SELECT count(*) FROM ((SELECT * FROM parents EXCEPT ALL SELECT * FROM edges)
				UNION ALL (SELECT * FROM edges EXCEPT ALL SELECT * FROM parents)) x) AS d) q
		WHERE (a, b, c, d) <> (0, 0, 0, 0)});
}

# Everything that a sync keeps, as one hash: equal when nothing was written.
sub state
{
	my ($self, $schema) = @_;
	$schema //= 's';
	return $self->sql(qq{
		SELECT md5(string_agg(h, ',' ORDER BY n)) FROM (
			SELECT 1 AS n, md5(string_agg(md5(t::text || t.xmin || t.ctid), ',' ORDER BY _id)) AS h FROM $schema.models t
			UNION ALL SELECT 2, md5(string_agg(md5(t::text || t.xmin || t.ctid), ',' ORDER BY _id)) FROM $schema.model_snapshots_now t
			UNION ALL SELECT 3, md5(string_agg(md5(t::text || t.xmin || t.ctid), ',' ORDER BY _id, parent)) FROM $schema.model_edges t) q
	} =~ s/_snapshots_now/_snapshots_@{[ $self->sql("SELECT to_char(now(), 'YYYY_MM')") ]}/r);
}

1;
