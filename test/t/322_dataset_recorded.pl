# Recorded answers of the dataset viewer: their features become columns, their
# rows come out as they went in, their errors are told.
use strict;
use warnings;
use JSON::PP;
use Test::More;
use DatasetRows;

my $folder = "$ENV{PGHUB_TOP}/../shared/recorded";
my @files = glob "$folder/dataset-viewer--*.examples.json";
plan skip_all => "no recorded answers at ../shared/recorded" unless @files;

my ($node, $hub) = start_viewer('dataset_recorded', 'max_retries \'0\'', viewer_examples => $folder);
my $names = decode_json($hub->control(GET => 'dataset-names'));
my @recorded = grep { /^recorded/ } sort keys %$names;
cmp_ok(scalar @recorded, '>=', 16, 'datasets made of the examples');
my ($rows, $cells) = (0, 0);

for my $dataset (@recorded)
{
	(my $schema = $dataset) =~ s/\W/_/g;
	import_dataset($node, $schema, $dataset, "truncated 'null'");
	my @columns = @{ $names->{$dataset} };
	is($node->safe_psql('postgres', "SELECT count(DISTINCT o) FROM pg_attribute a, unnest(attfdwoptions) o
		WHERE attrelid = '$schema.default_train'::regclass AND o LIKE 'column=%'"), scalar @columns, "$dataset: every feature has a column");
	copy_dataset($node, $hub, "$schema.rows", $dataset, 'default', 'train');
	for my $column (@columns)
	{
		(my $name = $column) =~ s/"/""/g;
		$name = $node->safe_psql('postgres', "SELECT quote_ident(attname) FROM pg_attribute
			WHERE attrelid = '$schema.default_train'::regclass AND 'column=$column' = ANY (attfdwoptions) ORDER BY attnum LIMIT 1");
		my ($same, $all) = split /\|/, $node->safe_psql('postgres', "SELECT count(*) FILTER (WHERE CASE
			WHEN c.r->'__cut' ? '$column' THEN f.$name IS NULL AND '$column' = ANY (f.truncated_cells)
			ELSE to_jsonb(f.$name) IS NOT DISTINCT FROM nullif(c.r->'$column', 'null') END), count(*)
			FROM $schema.rows c LEFT JOIN $schema.default_train f ON f.row_idx = (c.r->>'__row_idx')::bigint");
		is($same, $all, "$dataset: column $column") if $all;
		$cells += $all;
	}
	$rows += $node->safe_psql('postgres', "SELECT count(*) FROM $schema.default_train");
}
cmp_ok($rows, '>', 20, "$rows rows read");
cmp_ok($cells, '>', 50, "$cells cells compared");

# every error that was recorded, told at import
$node->safe_psql('postgres', 'CREATE SCHEMA none');
my %seen;
for my $file (@files)
{
	open my $f, '<', $file or die $!;
	for my $example (@{ decode_json(join '', <$f>) })
	{
		my $body = ref $example->{body} ? encode_json($example->{body}) : $example->{body};
		next if $example->{status} == 200 || $seen{ $example->{status} . $body }++;
		utf8::decode($body);
		$hub->faults({ action => 'status', status => $example->{status}, type => $example->{content_type}, body => $body, times => -1 });
		my ($code, $out, $error) = $node->psql('postgres',
			"IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO none OPTIONS (dataset 'standin/types')");
		like($error, qr/ERROR:.*(?:[Ss]tatus $example->{status}|anonymous access)/s, "$example->{status} $example->{name}");
		($code, $out, $error) = $node->psql('postgres', 'SELECT * FROM recorded_rows_0.default_train');
		ok($code != 0 && $error =~ /ERROR/, "… and at a scan");
	}
}
$node->stop;
$hub->stop;
done_testing();
