# Who answers must prove it: certificates that are wrong, expired, not yet
# valid, self-signed or made out to another name end a query at once, before
# the token leaves; a good one is accepted.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use StandIn;
use Time::HiRes qw(time);

plan skip_all => 'openssl is not installed' if system 'openssl version >/dev/null 2>&1';
my $dir = PostgreSQL::Test::Utils::tempdir;

sub openssl
{
	my ($command) = @_;
	system("cd $dir && openssl $command >/dev/null 2>>openssl.log") == 0 or die "openssl $command: " . slurp_file("$dir/openssl.log");
}

# Two authorities: one that the server's owner trusts, one that nobody does.
openssl("req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=$_ -keyout $_.key -out $_.pem") for 'trusted', 'stranger';
append_to_file("$dir/database.txt", '');
append_to_file("$dir/ca.conf", "[ca]\ndefault_ca = c\n[c]\ndatabase = $dir/database.txt\nnew_certs_dir = $dir\nrand_serial = yes\n"
	  . "default_md = sha256\npolicy = p\ncopy_extensions = copy\nunique_subject = no\n[p]\ncommonName = supplied\n");

# A certificate for a name, of an authority, valid from and until.
sub certificate
{
	my ($name, $san, $authority, $from, $until) = @_;
	openssl("req -newkey rsa:2048 -nodes -subj /CN=$name -addext subjectAltName=$san -keyout $name.key -out $name.csr");
	openssl("ca -batch -config ca.conf -cert $authority.pem -keyfile $authority.key -startdate $from -enddate $until -in $name.csr -out $name.pem");
}
my $here = 'IP:127.0.0.1';
certificate('good', $here, 'trusted', '20250101000000Z', '20990101000000Z');
certificate('expired', $here, 'trusted', '20200101000000Z', '20210101000000Z');
certificate('early', $here, 'trusted', '20980101000000Z', '20990101000000Z');
certificate('elsewhere', 'DNS:huggingface.example', 'trusted', '20250101000000Z', '20990101000000Z');
certificate('unknown', $here, 'stranger', '20250101000000Z', '20990101000000Z');
openssl("req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=self -addext subjectAltName=$here -keyout self.key -out self.pem");

my $node = PostgreSQL::Test::Cluster->new('tls');
$node->init;
$node->start;
$node->safe_psql('postgres', 'CREATE EXTENSION pghub');

sub ask
{
	my ($certificate, $ca) = @_;
	my $hub = StandIn->new(models => 5, tls => "$dir/$certificate.pem\0$dir/$certificate.key");
	my ($out, $err) = ('', '');
	my $began = time;
	$node->psql('postgres', <<SQL, stdout => \$out, stderr => \$err, on_error_stop => 0);
\\set VERBOSITY verbose
SET client_min_messages = warning;
DROP SERVER IF EXISTS s CASCADE;
CREATE SERVER s FOREIGN DATA WRAPPER hub_fdw OPTIONS (endpoint '@{[ $hub->url ]}'@{[ $ca ? ", ca_file '$ca'" : '' ]});
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (token 'hf_verysecret');
CREATE FOREIGN TABLE t (id text) SERVER s OPTIONS (resource 'models');
SELECT count(*) FROM t;
SQL
	$hub->stop;
	return ($out, $err, time - $began);
}

my ($out, $err, $took) = ask('good', "$dir/trusted.pem");
is($out, '5', 'a good certificate of a trusted authority') or diag $err;
for my $case ([ 'expired', 'trusted' ], [ 'early', 'trusted' ], [ 'elsewhere', 'trusted' ], [ 'unknown', 'trusted' ], [ 'self', 'trusted' ], [ 'good', '' ])
{
	my ($certificate, $ca) = @$case;
	my $name = $ca ? "the certificate '$certificate'" : 'a good certificate of an authority that nobody named';
	($out, $err, $took) = ask($certificate, $ca && "$dir/$ca.pem");
	is($out, '', "$name: no answer");
	like($err, qr/ERROR:  (?:HV00N|08001|08006):.*identity/s, "$name: an error that says so");
	unlike($err, qr/hf_verysecret/, "$name: no token shown");
	cmp_ok($took, '<', 10, sprintf('%s: not tried for ever (%.1f s)', $name, $took));
}
$node->stop;
done_testing();
