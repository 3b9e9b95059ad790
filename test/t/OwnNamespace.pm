# Puts a test into namespaces of its own, as an unprivileged user may:
#
#   use OwnNamespace 'net';
#
# starts the test anew inside; where none can be made it is skipped, visibly.
# Before Test::More's first test and before anything is started.
package OwnNamespace;

use strict;
use warnings;
use Test::More;

my %name = (net => 'network', mount => 'mount');

sub import
{
	my ($class, $kind) = @_;
	my @enter = ('unshare', '--map-current-user', "--$kind", '--keep-caps');

	return if $ENV{PGHUB_NAMESPACE};
	plan skip_all => "no $name{$kind} namespace can be made here" if system("@enter true 2>/dev/null") != 0;
	$ENV{PGHUB_NAMESPACE} = 1;
	exec @enter, $^X, (map { "-I$_" } grep { !ref } @INC), $0 or die "unshare: $!";
}

1;
