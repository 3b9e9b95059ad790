# Rows of datasets: tables by IMPORT, every type of feature, and what must be
# an error because the table would silently lack something.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use DatasetRows;

my ($node, $hub) = start_viewer('dataset_rows', 'max_retries \'1\'', token => 'hf_secret');
sub sql { return $node->safe_psql('postgres', $_[0]) }

# ---------- import

import_dataset($node, 'types', 'standin/types');
is(sql("SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'types'::regnamespace"),
	'default_test default_train', 'one table a config and split');
is(sql(q{SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
	FROM pg_attribute WHERE attrelid = 'types.default_train'::regclass AND attnum > 0}),
	'row_idx bigint, id bigint, small bigint, big numeric, score double precision, width double precision, flag boolean, '
	  . 'text text, label bigint, label_name text, day date, at timestamp without time zone, zoned timestamp with time zone, '
	  . 'clock time without time zone, price numeric, words text[], numbers bigint[], vector double precision[], answers jsonb, '
	  . 'image jsonb, audio jsonb, grid jsonb, odd.name|with[all]\of "it"; -- text, Größe bigint, truncated_cells text[]',
	'columns by feature');
is(sql(q{SELECT array_to_string(ftoptions, ' ') FROM pg_foreign_table WHERE ftrelid = 'types.default_test'::regclass}),
	'dataset=standin/types config=default split=test estimated_rows=40', 'the true names stand in the options');
is(sql(q{SELECT attfdwoptions FROM pg_attribute WHERE attrelid = 'types.default_test'::regclass AND attname = 'id'}),
	'{column=id,feature=int64,not_null=true}', 'statistics tell what is never null');

import_dataset($node, 'configs', 'standin/configs');
is(sql(q{SELECT string_agg(relname || ':' || octet_length(relname), E'\n' ORDER BY relname)
	FROM pg_class WHERE relnamespace = 'configs'::regnamespace}),
	"a very long name of a configuration, with spaces and (_abf22d2d:63\nde_train:8\nen_train:8\nen_validation:13",
	'a long name is cut and told apart by its hash');
is(sql(q{SELECT count(*) FROM configs."a very long name of a configuration, with spaces and (_abf22d2d"}), 250, 'and its rows are found');
import_dataset($node, 'one', 'standin/configs', "config 'en', split 'validation'");
is(sql("SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'one'::regnamespace"), 'en_validation', 'one config and split');
sql("CREATE SCHEMA few; IMPORT FOREIGN SCHEMA dataset LIMIT TO (de_train) FROM SERVER hub INTO few OPTIONS (dataset 'standin/configs')");
is(sql("SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'few'::regnamespace"), 'de_train', 'LIMIT TO');

# ---------- every value of every type

for my $split (qw(train test))
{
	copy_dataset($node, $hub, "copy_$split", 'standin/types', 'default', $split);
	is(sql("SELECT count(*) FROM types.default_$split"), sql("SELECT count(*) FROM copy_$split"), "$split: all rows");
	for my $column (qw(id small big score width flag text label day at zoned clock words numbers vector answers image audio grid),
		'odd.name|with[all]\of "it"; --', 'Größe')
	{
		(my $name = $column) =~ s/"/""/g;
		is(sql("SELECT count(*) || ' ' || count(f.\"$name\") FROM types.default_$split f JOIN copy_$split c ON (c.r->>'__row_idx')::bigint = f.row_idx
			WHERE to_jsonb(f.\"$name\") IS NOT DISTINCT FROM nullif(c.r->'$column', 'null')"),
			sql("SELECT count(*) || ' ' || count(nullif(c.r->'$column', 'null')) FROM copy_$split c"), "$split: column $column");
	}
	is(sql("SELECT count(*) FROM types.default_$split f JOIN copy_$split c ON (c.r->>'__row_idx')::bigint = f.row_idx
		WHERE f.price IS DISTINCT FROM (c.r->>'price')::numeric"), 0, "$split: decimals");
	is(sql("SELECT count(*) FROM types.default_$split f WHERE label_name IS DISTINCT FROM
		(ARRAY['neg', 'it''s', 'semi;colon', '日本', 'pos'])[label + 1]"), 0, "$split: names of labels");
}

# ---------- pages

import_dataset($node, 'large', 'standin/large');
$hub->clear;
is(sql('SELECT count(*), count(DISTINCT n), min(n), max(n) FROM large.default_train'), '10000|10000|0|9999', '100 pages');
is(scalar(grep { $_->{path} eq '/rows' } $hub->log), 100, 'each asked once');
$hub->clear;
is(sql('SELECT n FROM large.default_train LIMIT 3'), "0\n1\n2", 'LIMIT');
is(join(' ', map { my %q = map { @$_ } @{ $_->{query} }; "$_->{path} $q{length}" } $hub->log), '/rows 3', 'asks for what it needs');
$hub->clear;
is(sql('SELECT sum(n) FROM (SELECT n FROM large.default_train LIMIT 100 OFFSET 250) q'), 29950, 'OFFSET');
is(sql("SELECT n FROM large.default_train WHERE text = 'row 7' ORDER BY n DESC LIMIT 2"), "9007\n8007", 'filter, order and limit');
is(sql("BEGIN; DECLARE c CURSOR FOR SELECT n FROM large.default_train; FETCH 1 FROM c; MOVE 998 FROM c; FETCH 1 FROM c; COMMIT"), "0\n999", 'a cursor');
import_dataset($node, 'empty', 'standin/empty');
is(sql('SELECT count(*) FROM empty.default_train'), 0, 'no rows');

# ---------- never silence

import_dataset($node, 'partial', 'standin/partial');
fails($node, 'SELECT count(*) FROM partial.default_train', qr/has only a part of this dataset.*ADD partial 'allow'/s, 'a part is an error');
sql("ALTER FOREIGN TABLE partial.default_train OPTIONS (ADD partial 'allow')");
is(sql('SELECT count(*) FROM partial.default_train'), 250, 'or allowed');

import_dataset($node, 'cut', 'standin/cut');
fails($node, 'SELECT count(text) FROM cut.default_train', qr/cut off a cell of column "text".*row_idx 5\b/s, 'a cut cell is an error');
is(sql('SELECT count(a) FROM cut.default_train'), 250, 'unless its column is not wanted');
sql("ALTER FOREIGN TABLE cut.default_train OPTIONS (ADD truncated 'null')");
is(sql("SELECT row_idx, text IS NULL, truncated_cells FROM cut.default_train WHERE truncated_cells <> '{}'"),
	"5|t|{text}\n120|t|{text}", 'or NULL, and a column says so');

my $rows = { path => '^/rows' };
$hub->faults({ action => 'viewer_edit', change => 'short', match => { path => '^/rows.*offset=100(&|$)' } });
fails($node, 'SELECT count(*) FROM large.default_train', qr/sent 99 rows where 100 stand.*from row 100 of 10000/s, 'a short page');
$hub->faults({ action => 'viewer_edit', change => 'total', match => { path => '^/rows.*offset=200(&|$)' } });
fails($node, 'SELECT count(*) FROM large.default_train', qr/changed while it was read.*had 10000 matching rows and now has 10001/s, 'a total that moves');
$hub->faults({ action => 'viewer_edit', change => 'repeat', match => { path => '^/rows.*offset=100(&|$)' } });
fails($node, 'SELECT count(*) FROM large.default_train', qr/sent a row twice/, 'a row that comes twice');
$hub->faults({ action => 'viewer_edit', change => 'rename', match => $rows, times => -1 });
fails($node, 'SELECT count(n) FROM large.default_train', qr/has no column "n".*import its tables anew/s, 'a column that is gone');
$hub->faults({ action => 'viewer_edit', change => 'retype', match => $rows, times => -1 });
fails($node, 'SELECT count(n) FROM large.default_train', qr/column "n" of the dataset is string, but the table's option says int64/, 'a column of another type');
is(sql('SELECT count(text) FROM large.default_train'), 10000, 'others are read on');
$hub->faults({ action => 'viewer_edit', change => 'labels', match => $rows, times => -1 });
fails($node, 'SELECT count(label_name) FROM types.default_test', qr/class labels of column "label" have changed/, 'labels that changed');
$hub->faults({ action => 'viewer_edit', change => 'no_total', match => $rows, times => -1 });
fails($node, 'SELECT count(*) FROM large.default_train', qr/does not say how many rows/, 'a page without a total');
$hub->clear;
is(sql('SELECT count(*) FROM large.default_train'), 10000, 'and the session reads on');

# ---------- what is not there

my $import = 'IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO few OPTIONS';
sub import_fails { my ($options, $pattern, $name) = @_; fails($node, "$import ($options)", $pattern, "import: $name"); return }
import_fails("dataset 'standin/none'", qr/does not have dataset "standin\/none".*status 401.*gated or private/s, 'no such dataset');
import_fails("dataset 'standin/renamed'", qr/does not have dataset.*follows no renaming/s, 'a renamed one');
import_fails("dataset 'standin/gated'", qr/need a token/, 'a gated one');
import_fails("dataset 'standin/preview'", qr/no rows of dataset.*preview/s, 'a preview only');
import_fails("dataset 'standin/pending'", qr/still processing.*slow/s, 'one in progress');
import_fails("dataset 'standin/failed'", qr/failed on a part.*slow.*no such config/s, 'one that failed');
import_fails("dataset 'standin/unready'", qr/status 500.*not ready yet/s, 'one not ready');
import_fails("dataset 'standin/blocked'", qr/status 501.*disabled/s, 'a blocked one');
import_fails("dataset 'standin/configs', config 'fr'", qr/does not have dataset "standin\/configs" with config "fr"/, 'no such config');
import_fails("dataset 'standin/configs', config 'en', split 'test'", qr/no such config and split.*en\/train/s, 'no such split');
import_fails("dataset '../etc'", qr/invalid value for option "dataset"/, 'a path');
import_fails("config 'en'", qr/needs option "dataset"/, 'no dataset named');
import_fails("dataset 'standin/types', resource 'models'", qr/invalid option "resource"/, 'an unknown option');

# a token opens what is gated
sql("CREATE USER MAPPING FOR CURRENT_USER SERVER hub OPTIONS (token 'hf_secret')");
import_dataset($node, 'gated', 'standin/gated');
is(sql('SELECT count(*) FROM gated.default_train'), 250, 'a gated dataset with a token');
sql('DROP USER MAPPING FOR CURRENT_USER SERVER hub');
fails($node, 'SELECT count(*) FROM gated.default_train', qr/no anonymous access/, 'and without');

# by hand
sql(q{CREATE FOREIGN TABLE hand (row_idx bigint, number bigint OPTIONS (column 'n'), text text)
	SERVER hub OPTIONS (dataset 'standin/large', config 'default', split 'train')});
is(sql('SELECT row_idx, number, text FROM hand WHERE number = 123'), '123|123|row 123', 'a table made by hand');
sql('ALTER FOREIGN TABLE hand DROP COLUMN number');
is(sql('SELECT text FROM hand WHERE row_idx = 5'), 'row 5', 'with a column dropped');
fails($node, q{CREATE FOREIGN TABLE lame (n bigint) SERVER hub OPTIONS (dataset 'standin/large', config 'default'); SELECT * FROM lame},
	qr/lacks option "split"/, 'a split must be named');
fails($node, q{CREATE FOREIGN TABLE lame2 (n point) SERVER hub OPTIONS (dataset 'standin/large', config 'default', split 'train'); SELECT * FROM lame2},
	qr/has type point, which no column of a dataset has/, 'a type that is none');

$node->stop;
$hub->stop;
done_testing();
