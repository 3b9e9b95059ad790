package DatasetRows;

# A server with the stand-in's viewer behind it, and what its datasets hold.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use StandIn;
use base 'Exporter';
our @EXPORT = qw(start_viewer import_dataset copy_dataset fails);

# (node, stand-in); the server is called hub.
sub start_viewer
{
	my ($name, $options, %standin) = @_;
	my $hub = StandIn->new(models => 10, %standin);
	my $node = PostgreSQL::Test::Cluster->new($name);
	my $url = $hub->url;

	$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
	$node->append_conf('postgresql.conf', "timezone = 'UTC'\nfsync = off");
	$node->start;
	$options = $options ? ", $options" : '';
	$node->safe_psql('postgres', "CREATE EXTENSION pghub;
		CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '$url', viewer_endpoint '$url'$options)");
	return ($node, $hub);
}

sub import_dataset
{
	my ($node, $schema, $dataset, $more) = @_;
	$more = $more ? ", $more" : '';
	return $node->safe_psql('postgres', "CREATE SCHEMA IF NOT EXISTS $schema;
		IMPORT FOREIGN SCHEMA dataset FROM SERVER hub INTO $schema OPTIONS (dataset '$dataset'$more)");
}

# What the stand-in holds, as a table of jsonb.
sub copy_dataset
{
	my ($node, $hub, $table, @names) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/rows.json';
	my $rows = eval { $hub->dataset_rows(@names) } // BAIL_OUT($@);

	# COPY reads tabs and backslashes as its own
	$rows =~ s/\\/\\\\/g;
	append_to_file($file, "$rows\n") if length $rows;
	append_to_file($file, '') unless length $rows;
	$node->safe_psql('postgres', "CREATE TABLE $table (r jsonb); COPY $table FROM '$file'");
	return;
}

# The statement fails, and the message matches.
sub fails
{
	my ($node, $sql, $pattern, $name) = @_;
	my ($code, $out, $error) = $node->psql('postgres', $sql);
	ok($code != 0, "$name: fails");
	like($error, $pattern, $name);
	return;
}

1;
