
=pod

StandIn - starts the stand-in Hub for a test and steers it

  my $hub = StandIn->new(models => 1000, latency_ms => 50);
  $hub->url; $hub->faults({action => 'html', match => {nth => 2}});
  $hub->log; $hub->clear; $hub->settings(quota => 10); $hub->stop;

It ends with the test's process, whatever happens.

=cut

package StandIn;

use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp;
use HTTP::Tiny;
use JSON::PP;
use POSIX qw(:sys_wait_h);

sub new
{
	my ($class, %option) = @_;
	my $self = bless {}, $class;
	my $dir = File::Temp::tempdir(CLEANUP => 1);
	my @command = ('python3', dirname(__FILE__) . '/hub.py',
		'--ready', "$dir/port", '--parent', $$);

	for my $name (sort keys %option)
	{
		(my $flag = "--$name") =~ tr/_/-/;
		push @command, ref $option{$name}
		  ? map({ ($flag, $_) } @{ $option{$name} })
		  : $option{$name} eq '' ? ($flag) : ($flag, split(/\0/, $option{$name}));
	}
	my $pid = fork();
	die "fork: $!" unless defined $pid;
	if ($pid == 0)
	{
		open STDOUT, '>', '/dev/null';
		exec @command or POSIX::_exit(127);
	}
	$self->{pid} = $pid;
	for (1 .. 1200)
	{
		last if -s "$dir/port";
		die "the stand-in did not start" if waitpid($pid, WNOHANG) == $pid;
		select undef, undef, undef, 0.05;
	}
	open my $f, '<', "$dir/port" or die "no port: $!";
	chomp($self->{port} = <$f>);
	$self->{http} = HTTP::Tiny->new(timeout => 60);
	$self->{scheme} = $option{tls} ? 'https' : 'http';
	$self->{dir} = $dir;
	return $self;
}

sub port { return $_[0]{port} }
sub url  { return "$_[0]{scheme}://127.0.0.1:$_[0]{port}" }

sub control
{
	my ($self, $method, $what, $data) = @_;
	my $answer = $self->{http}->request($method, "http://127.0.0.1:$self->{port}/__standin/$what",
		defined $data ? { content => JSON::PP->new->allow_nonref->encode($data) } : {});
	die "control $what: $answer->{status} $answer->{content}" unless $answer->{success};
	return $answer->{content};
}

# Replaces all rules.
sub faults
{
	my ($self, @rules) = @_;
	return $self->control(POST => 'faults', \@rules);
}

# For so many seconds nobody can connect; 0: at once again.
sub deafen { return $_[0]->control(POST => 'deaf', $_[1]) }

# No faults, an empty log.
sub clear
{
	my ($self) = @_;
	$self->control(DELETE => 'faults');
	$self->control(DELETE => 'log');
	return;
}

# Requests since the last clear: hashes with path, target, query, status, …
sub log { return @{ decode_json($_[0]->control(GET => 'log')) } }

# The most requests that it was answering at one time, since the last clear.
sub concurrent { return $_[0]->control(GET => 'concurrent') + 0 }

sub settings
{
	my ($self, %given) = @_;
	return $self->control(POST => 'settings', \%given);
}

# What it serves, as text: one JSON object a line.
sub rows { return $_[0]->control(GET => 'rows?kind=' . ($_[1] // 'models')) }

# Rows of a simulated dataset, one JSON object a line, with __row_idx.
sub dataset_rows
{
	my ($self, $dataset, $config, $split) = @_;
	return $self->control(GET => "dataset?dataset=$dataset&config=$config&split=$split");
}

sub stop
{
	my ($self) = @_;
	return unless $self->{pid};
	kill 'TERM', $self->{pid};
	waitpid $self->{pid}, 0;
	delete $self->{pid};
	return;
}

sub DESTROY { local $?; $_[0]->stop; return }

1;
