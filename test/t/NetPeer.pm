# Starts net_peer.py and a server with net_probe for the tests of src/net.
package NetPeer;
use strict;
use warnings;
use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

sub new
{
	my ($class) = @_;
	my $self = bless { folder => PostgreSQL::Test::Utils::tempdir(), out => '', in => '' }, $class;
	$self->{run} = IPC::Run::start([ 'python3', "$ENV{PGHUB_TOP}/test/t/net_peer.py", $self->{folder} ],
		'<', \$self->{in}, '>', \$self->{out}, IPC::Run::timeout(600));
	IPC::Run::pump($self->{run}) until $self->{out} =~ /ready=1/;
	$self->{$1} = $2 while $self->{out} =~ /(\w+)=(\d+)/g;
	$self->{url} = "http://127.0.0.1:$self->{main}";
	return $self;
}

sub stop
{
	my ($self) = @_;
	$self->{run}->finish;
}

# A cluster that holds net_probe.
sub node
{
	my ($class, $name, %env) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name);
	$node->init;
	$node->append_conf('postgresql.conf', "log_min_messages = debug1\nmax_connections = 100\n");
	{
		local %ENV = (%ENV, %env);
		$node->start;
	}
	$node->safe_psql('postgres', 'CREATE EXTENSION net_probe');
	return $node;
}

1;
