# TableCheck - compares a table of the Hub with the entries it was made from.

package TableCheck;

use strict;
use warnings;
use Test::More;
use TableSpec;
use Exporter 'import';
our @EXPORT = qw(check_table load_raw tables_node);

# A server with the extension and every table of HUB imported into schema hub.
sub tables_node
{
	my ($name, $hub, %options) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	my $more = join '', map { ", $_ '$options{$_}'" } sort keys %options;

	$node->init;
	$node->append_conf('postgresql.conf', "timezone = 'UTC'\nfsync = off");
	$node->start;
	$node->safe_psql('postgres', qq{
		CREATE EXTENSION pghub;
		CREATE SERVER hub FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '} . $hub->url . qq{'$more);
		CREATE SCHEMA hub;
		IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub;
		CREATE TABLE raw (n bigint, j jsonb);});
	return $node;
}

# Entries, one JSON object a line, into table raw.
sub load_raw
{
	my ($node, $text) = @_;
	my $file = $node->basedir . '/raw.jsonl';
	my $n = 0;

	open my $f, '>', $file or die "$file: $!";
	for my $line (split /\n/, $text)
	{
		(my $copied = $line) =~ s/\\/\\\\/g;
		$n++;
		print $f "$n\t$copied\n";
	}
	close $f;
	$node->safe_psql('postgres', "TRUNCATE raw; COPY raw FROM '$file'");
	return $n;
}

# Every column of TABLE where CONDITION holds equals what raw's entries say.
# COLUMNS: only these.
sub check_table
{
	my ($node, $table, $condition, $name, %only) = @_;
	my %spec = %{ $TableSpec::spec{$table} };
	my @columns = $only{columns} ? @{ $only{columns} } : sort keys %spec;
	my $where = $condition ? "WHERE $condition" : '';
	my $got = 'SELECT ' . join(', ', @columns) . " FROM hub.$table $where";
	my $want = 'SELECT ' . join(', ', map { "$spec{$_} AS $_" } @columns)
	  . ' FROM raw ' . ($only{raw} ? "WHERE $only{raw}" : '');

	# one request for both differences
	my $out = $node->safe_psql('postgres', qq{
		SET pghub.progress_interval = 0;
		CREATE TEMP TABLE got AS $got;
		CREATE TEMP TABLE want AS $want;
		SELECT (SELECT count(*) FROM got), (SELECT count(*) FROM want),
		  (SELECT count(*) FROM (TABLE got EXCEPT ALL TABLE want) q),
		  (SELECT count(*) FROM (TABLE want EXCEPT ALL TABLE got) q);});
	my ($rows, $entries, $surplus, $missing) = split /\|/, $out;
	my $ok = ok($rows == $entries && $surplus == 0 && $missing == 0,
		"$table: $name: $rows rows, every column as in the entries");
	return $ok if $ok;

	diag("$rows rows, $entries entries, $surplus surplus, $missing missing");
	for my $column (@columns)
	{
		my $wrong = $node->safe_psql('postgres', qq{
			SET pghub.progress_interval = 0;
			CREATE TEMP TABLE got AS SELECT $column FROM hub.$table $where;
			CREATE TEMP TABLE want AS SELECT $spec{$column} AS $column FROM raw }
			. ($only{raw} ? "WHERE $only{raw}" : '') . qq{;
			SELECT 'surplus', * FROM (TABLE got EXCEPT ALL TABLE want) q UNION ALL
			SELECT 'missing', * FROM (TABLE want EXCEPT ALL TABLE got) q LIMIT 3});
		diag("$column: $wrong") if $wrong ne '';
	}
	return 0;
}

1;
