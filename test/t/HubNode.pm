
=pod

HubNode - a server whose foreign tables point at a stand-in Hub

  my $node = HubNode->new('scan', $hub, max_concurrency => 8);
  $node->copy_rows($hub);               # copy.models: the stand-in's own rows
  is($node->value('SELECT …'), …);      # one session, superuser
  my ($out, $err) = $node->both('…');   # what came and what was said

The schema hub holds every table of the catalogue, copy.models the same rows
by another way: read by the server's own jsonb, column by column.

=cut

package HubNode;

use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

sub new
{
	my ($class, $name, $hub, %option) = @_;
	my $env = delete $option{env} || {};
	my $conf = delete $option{conf} || '';
	my $node = PostgreSQL::Test::Cluster->new($name);
	my $self = bless { node => $node, hub => $hub }, $class;
	my $url = ref $hub ? $hub->url : $hub;

	$node->init;
	$node->append_conf('postgresql.conf', "max_connections = 50\nfsync = off\njit = off\n$conf");
	{
		local %ENV = (%ENV, %$env);
		$node->start;
	}
	my $options = join ', ', map { "$_ '$option{$_}'" } sort keys %option;
	$node->safe_psql('postgres', "CREATE EXTENSION pghub;
		CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '$url'" . ($options ? ", $options" : '') . ");
		CREATE SCHEMA hub;
		IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub;
		ALTER DATABASE postgres SET search_path = hub, public");
	return $self;
}

sub node { return $_[0]{node} }
sub stop { return $_[0]{node}->stop('fast') }

sub value
{
	my ($self, $sql) = @_;
	my ($out, $err);
	my $rc = $self->{node}->psql('postgres', $sql, stdout => \$out, stderr => \$err, on_error_stop => 1, on_error_die => 0);
	return $rc == 0 ? $out : "error: $err";
}

# (stdout, stderr) with SQLSTATE and where it came from
sub both
{
	my ($self, $sql, %option) = @_;
	my ($out, $err) = ('', '');
	$self->{node}->psql('postgres', "\\set VERBOSITY verbose\n$sql", stdout => \$out, stderr => \$err,
		on_error_stop => 0, %option);
	return ($out, $err);
}

# What the stand-in was asked while SQL ran: targets, in order of arrival.
sub asked
{
	my ($self, $sql) = @_;
	$self->{hub}->control(DELETE => 'log');
	my ($out, $err) = $self->both($sql);
	return ($out, $err, map { $_->{target} } $self->{hub}->log);
}

# A figure of EXPLAIN (ANALYZE) by its label, summed over all scans.
sub explained
{
	my ($self, $label, $sql) = @_;
	my $plan = $self->value("EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, SUMMARY OFF, COSTS OFF) $sql");
	my $sum = 0;
	$sum += $1 while $plan =~ /^\s*\Q$label\E: (\d+)/mg;
	return $sum;
}

my $COPY = <<'SQL';
CREATE SCHEMA copy;
CREATE TABLE copy.json (item jsonb);
CREATE FUNCTION copy.tagged(tags text[], prefix text) RETURNS text[] LANGUAGE sql AS
$$ SELECT array_agg(substr(t, length(prefix) + 1) ORDER BY n) FROM unnest(tags) WITH ORDINALITY u(t, n)
   WHERE starts_with(t, prefix) $$;
CREATE VIEW copy.as_columns AS
SELECT item->>'_id' AS _id, item->>'id' AS id, split_part(item->>'id', '/', 1) AS author,
	(item->>'createdAt')::timestamptz AS created_at, (item->>'lastModified')::timestamptz AS last_modified,
	(item->>'downloads')::bigint AS downloads, (item->>'downloadsAllTime')::bigint AS downloads_all_time,
	(item->>'likes')::bigint AS likes, (item->>'trendingScore')::float8 AS trending_score,
	item->>'pipeline_tag' AS pipeline_tag, item->>'library_name' AS library_name,
	tags, (copy.tagged(tags, 'license:'))[1] AS license,
	ARRAY(SELECT t FROM unnest(tags) WITH ORDINALITY u(t, n)
	 WHERE t IN ('en', 'zh', 'fr', 'de', 'ko', 'ja', 'es', 'ru', 'ar', 'hi') ORDER BY n) AS languages,
	ARRAY(SELECT m->>'id' FROM jsonb_array_elements(item#>'{baseModels,models}') WITH ORDINALITY u(m, n) ORDER BY n) AS base_models,
	item#>>'{baseModels,relation}' AS base_model_relation,
	item->>'gated' AS gated, (item->>'private')::boolean AS private, (item->>'disabled')::boolean AS disabled,
	item->>'inference' AS inference, item->>'sha' AS sha,
	coalesce((item#>>'{safetensors,total}')::bigint, (item#>>'{gguf,total}')::bigint) AS parameters,
	item->'safetensors' AS safetensors, item->'gguf' AS gguf, item->'cardData' AS card_data, item->'config' AS config,
	(SELECT array_agg(s->>'rfilename' ORDER BY n) FROM jsonb_array_elements(item->'siblings') WITH ORDINALITY u(s, n)) AS siblings,
	CASE WHEN item ? 'spaces' THEN ARRAY(SELECT jsonb_array_elements_text(item->'spaces')) END AS spaces,
	item->'evalResults' AS eval_results, nullif(item->'model-index', 'null') AS model_index,
	item->'inferenceProviderMapping' AS inference_provider_mapping, item->'transformersInfo' AS transformers_info,
	item->'widgetData' AS widget_data, item->'resourceGroup' AS resource_group, item->>'mask_token' AS mask_token,
	(item->>'xetEnabled')::boolean AS xet_enabled, item->'baseModels' AS declared_base_models,
	NULL::text AS search, NULL::text AS page_cursor, NULL::text AS next_page_cursor
FROM (SELECT item, ARRAY(SELECT jsonb_array_elements_text(item->'tags')) AS tags FROM copy.json) j;
SQL

my $SAME = <<'SQL';
CREATE VIEW copy.model_details AS
SELECT c.*, (j.item->>'usedStorage')::bigint AS used_storage FROM copy.as_columns c JOIN copy.json j ON j.item->>'id' = c.id;
CREATE FUNCTION public.rows_of(query text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE result text[];
BEGIN
	EXECUTE format('SELECT array_agg(r::text ORDER BY r::text COLLATE "C") FROM (%s) r', query) INTO result;
	RETURN result;
END $$;
-- Where QUERY over the foreign tables differs from QUERY over the copies:
-- under each planner setting, with and without look-ahead.
CREATE FUNCTION public.differs(query text, settings text[], OUT problem text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	expected text[];
	found text[];
	off text;
	ahead text;
BEGIN
	PERFORM set_config('search_path', 'copy, public', true);
	expected := public.rows_of(query);
	PERFORM set_config('search_path', 'hub, public', true);
	FOREACH off IN ARRAY settings LOOP
		PERFORM set_config(name, 'off', true) FROM unnest(string_to_array(off, '+')) name WHERE name <> '';
		FOREACH ahead IN ARRAY ARRAY['on', 'off'] LOOP
			PERFORM set_config('pghub.look_ahead', ahead, true);
			BEGIN
				found := public.rows_of(query);
			EXCEPTION WHEN OTHERS THEN
				found := ARRAY[SQLSTATE || ' ' || SQLERRM];
			END;
			IF found IS DISTINCT FROM expected THEN
				problem := format('look-ahead %s, off: %s: %s rows for %s: %s in place of %s', ahead, off, cardinality(found), cardinality(expected),
					ARRAY(SELECT unnest(found) EXCEPT SELECT unnest(expected) LIMIT 2), ARRAY(SELECT unnest(expected) EXCEPT SELECT unnest(found) LIMIT 2));
				RETURN NEXT;
			END IF;
		END LOOP;
		PERFORM set_config(name, 'on', true) FROM unnest(string_to_array(off, '+')) name WHERE name <> '';
	END LOOP;
END $$;
SQL

# differs(query, settings): the foreign tables against the copies.
sub compare_rows
{
	my ($self) = @_;
	$self->value($SAME);
	$self->value("CREATE TABLE copy.repo_files AS SELECT * FROM hub.repo_files
		WHERE repo_id = ANY (ARRAY(SELECT id FROM copy.models ORDER BY md5(id) LIMIT 60))");
	$self->value('CREATE TABLE public.wanted AS SELECT id, author, downloads, row_number() OVER (ORDER BY md5(id))::int AS n
		FROM copy.models ORDER BY md5(id) LIMIT 40;
		INSERT INTO public.wanted SELECT id, author, downloads, n + 100 FROM public.wanted WHERE n <= 5;
		INSERT INTO public.wanted VALUES (NULL, NULL, 0, 201), (\'no/such\', \'no\', 0, 202), (\'a/../b\', \'a\', 0, 203), (\'\', \'\', 0, 204)');
	return;
}

# copy.models: what the stand-in says that it serves, taken apart by jsonb.
sub copy_rows
{
	my ($self) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/rows.jsonl';
	PostgreSQL::Test::Utils::append_to_file($file, $self->{hub}->rows);
	$self->value($COPY);
	$self->value("\\copy copy.json FROM '$file' (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')\n"
		  . "CREATE TABLE copy.models AS SELECT * FROM copy.as_columns;\n"
		  . 'CREATE UNIQUE INDEX ON copy.models (id); ANALYZE copy.models');
	return;
}

1;
