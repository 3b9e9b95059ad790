# Is the stand-in like the Hub? Its own JavaScript client, @huggingface/hub, is
# run against it and must see what stands behind the pages.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use JSON::PP;
use File::Copy qw(copy);
use File::Path qw(make_path);
use StandIn;

my $dir = "$ENV{PGHUB_TOP}/build/npm";
plan skip_all => 'no node and npm' unless grep { -x "$_/node" } split /:/, $ENV{PATH};
make_path($dir);
unless (-d "$dir/node_modules/\@huggingface/hub")
{
	local $ENV{HOME} = $dir;
	system("cd $dir && timeout 100 npm install --no-audit --no-fund --prefix . \@huggingface/hub\@2 >npm.log 2>&1");
}
plan skip_all => '@huggingface/hub cannot be installed here (no network?)'
  unless -d "$dir/node_modules/\@huggingface/hub";
copy("$ENV{PGHUB_TOP}/test/hub/client.mjs", "$dir/client.mjs") or die "client.mjs: $!";

my $hub = StandIn->new(models => 1100, papers => 40);
my $json = JSON::PP->new->utf8;
sub entries { return map { $json->decode($_) } split /\n/, $hub->rows(@_) }
sub sorted { return [ sort { $a cmp $b } @_ ] }

my @models = entries('models');
my @datasets = entries('datasets');
my @spaces = entries('spaces');
my ($model) = grep { $_->{siblings}[-1]{rfilename} =~ /step-1099/ } @models;
my ($dataset, $space) = ($datasets[3], $spaces[3]);
my ($out, $err) = run_command([ 'timeout', '100', 'node', "$dir/client.mjs", $hub->url,
	$model->{id}, $dataset->{id}, $space->{id} ]);
is($err, '', 'the client has no complaint') or BAIL_OUT('client failed');
my $seen = $json->decode($out);

# Its names: id is the identifier, name is ours.
is_deeply(sorted(map { "$_->{name} $_->{id} $_->{downloads} $_->{likes} $_->{updatedAt} " . ($_->{task} // '') . ' '
		. ($_->{gated} || 'false') . ' ' . join(',', @{ $_->{tags} }) } @{ $seen->{models} }),
	sorted(map { "$_->{id} $_->{_id} $_->{downloads} $_->{likes} $_->{lastModified} " . ($_->{pipeline_tag} // '') . ' '
		. ($_->{gated} || 'false') . ' ' . join(',', @{ $_->{tags} }) } @models), 'listModels, over pages of 500');
is_deeply(sorted(@{ $seen->{owned} }), sorted(grep { m{^\Q$model->{author}\E/} } map { $_->{id} } @models), 'listModels of an owner');
is_deeply(sorted(@{ $seen->{tagged} }), sorted(map { $_->{id} } grep { grep { $_ eq 'safetensors' } @{ $_->{tags} } } @models),
	'listModels by tag');
is_deeply(sorted(map { "$_->{name} $_->{downloads} $_->{likes}" } @{ $seen->{datasets} }),
	sorted(map { "$_->{id} $_->{downloads} $_->{likes}" } @datasets), 'listDatasets');
is_deeply(sorted(map { join ' ', $_->{name}, $_->{sdk} // '', $_->{likes} } @{ $seen->{spaces} }),
	sorted(map { join ' ', $_->{id}, $_->{sdk} // '', $_->{likes} } @spaces), 'listSpaces');
is_deeply(sorted(map { "@$_" } @{ $seen->{collections} }),
	sorted(map { "$_->{slug} " . @{ $_->{items} } } entries('collections')), 'listCollections');
is($seen->{modelInfo}{id}, $model->{_id}, 'modelInfo');
is($seen->{datasetInfo}{id}, $dataset->{_id}, 'datasetInfo');
is($seen->{spaceInfo}{id}, $space->{_id}, 'spaceInfo');
my @files = entries("repo_files&repo_id=$model->{id}");
is_deeply(sorted(map { join ' ', @$_{qw(type path size oid)}, $_->{lfs}{oid} // '' } @{ $seen->{files} }),
	sorted(map { join ' ', @$_{qw(type path size oid)}, $_->{lfs}{oid} // '' } @files), 'listFiles, over pages of 1000');
is(scalar @{ $seen->{expanded} }, scalar @files, 'listFiles with expand, over pages of 50');
is_deeply(sorted(@{ $seen->{top} }), sorted(grep { !m{/} } map { $_->{path} } @files), 'listFiles of the root');
my @commits = entries("repo_commits&repo_id=$model->{id}");
is_deeply([ map { "$_->{oid} $_->{title} " . join(" ", map { $_->{username} } @{ $_->{authors} }) } @{ $seen->{commits} } ],
	[ map { "$_->{id} $_->{title} " . join(' ', map { $_->{user} } @{ $_->{authors} }) } @commits ], 'listCommits, newest first');
is($seen->{commitCount}, scalar @commits, 'countCommits');
is_deeply([ map { $_->{path} } @{ $seen->{paths} } ], ['README.md'], 'pathsInfo');
is_deeply([ map { $_ ? 1 : 0 } @{ $seen->{exists} } ], [ 1, 0 ], 'repoExists');

done_testing();
