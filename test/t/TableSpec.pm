# TableSpec - what each column of the Hub's tables must hold, as SQL over the
# entry "j" (jsonb) that the Hub's API gives. Written by hand after the API's
# documentation, and not from the catalogue, so that the two check each other.

package TableSpec;

use strict;
use warnings;

sub text { my $p = shift; return "j #>> '{$p}'" }
sub typed { my ($type, $p) = @_; return "(j #>> '{$p}')::$type" }
sub json { my $p = shift; return "nullif(j #> '{$p}', 'null')" }

# text[] of an array of strings, or of a member of its elements
sub list { my $p = shift; return "(SELECT array_agg(e ORDER BY o) FROM jsonb_array_elements_text(j #> '{$p}') WITH ORDINALITY x(e, o))" }
sub members { my ($p, $k) = @_; return "(SELECT array_agg(e ->> '$k' ORDER BY o) FROM jsonb_array_elements(j #> '{$p}') WITH ORDINALITY x(e, o) WHERE e ->> '$k' IS NOT NULL)" }
sub present { my ($e, $p) = @_; return "CASE WHEN j #> '{$p}' IS NOT NULL THEN coalesce($e, '{}') END" }
sub strings { my $p = shift; return present(list($p), $p) }
sub parts { my ($p, $k) = @_; return present(members($p, $k), $p) }
sub tag { my $t = shift; return "(SELECT substr(e, length('$t') + 1) FROM jsonb_array_elements_text(j -> 'tags') WITH ORDINALITY x(e, o) WHERE starts_with(e, '$t') ORDER BY o LIMIT 1)" }
sub tags { my $t = shift; return present("(SELECT array_agg(substr(e, length('$t') + 1) ORDER BY o) FROM jsonb_array_elements_text(j -> 'tags') WITH ORDINALITY x(e, o) WHERE starts_with(e, '$t'))", 'tags') }

# "a:text=x b:bigint=y.z": columns of one type each, from a path
sub columns
{
	my %made;
	for my $one (split ' ', shift)
	{
		my ($name, $type, $path) = $one =~ /^(\w+):(\w+)=(.*)$/ or die "bad column $one";
		$path =~ tr/./,/;
		$made{$name} =
			$type eq 'text' ? text($path)
		  : $type eq 'jsonb' ? json($path)
		  : $type eq 'strings' ? strings($path)
		  : typed($type, $path);
	}
	return %made;
}

my $repo = '_id:text=_id id:text=id created_at:timestamptz=createdAt last_modified:timestamptz=lastModified '
  . 'likes:bigint=likes private:boolean=private disabled:boolean=disabled sha:text=sha';
my @identity = (author => "coalesce(j ->> 'author', split_part(j ->> 'id', '/', 1))");
my $paper = 'summary:text=%summary upvotes:bigint=%upvotes published_at:timestamptz=%publishedAt '
  . 'submitted_on_daily_at:timestamptz=%submittedOnDailyAt discussion_id:text=%discussionId '
  . 'project_page:text=%projectPage github_repo:text=%githubRepo github_repo_added_by:text=%githubRepoAddedBy '
  . 'github_stars:bigint=%githubStars ai_summary:text=%ai_summary ai_keywords:strings=%ai_keywords '
  . 'ai_summary_model:text=%ai_summary_model withdrawn_at:timestamptz=%withdrawnAt '
  . 'submitted_on_daily_by:jsonb=%submittedOnDailyBy author_details:jsonb=%authors';
my %person = columns('_id:text=_id fullname:text=fullname avatar_url:text=avatarUrl is_pro:boolean=isPro type:text=type');
$person{username} = "coalesce(j ->> 'user', j ->> 'name')";

sub paper_columns { my ($at) = @_; (my $p = $paper) =~ s/%/$at/g; return columns($p) }

my %dataset = (
	columns("$repo downloads:bigint=downloads downloads_all_time:bigint=downloadsAllTime "
	  . 'trending_score:float8=trendingScore tags:strings=tags citation:text=citation '
	  . 'paperswithcode_id:text=paperswithcode_id gated:text=gated main_size:bigint=mainSize '
	  . 'card_data:jsonb=cardData resource_group:jsonb=resourceGroup xet_enabled:boolean=xetEnabled'),
	@identity,
	license => tag('license:'), languages => tags('language:'),
	task_categories => tags('task_categories:'), modalities => tags('modality:'),
	formats => tags('format:'), size_category => tag('size_categories:'),
	siblings => parts('siblings', 'rfilename'));
my %space = (
	columns("$repo sdk:text=sdk tags:strings=tags models:strings=models datasets:strings=datasets "
	  . 'stage:text=runtime.stage hardware:text=runtime.hardware.current runtime:jsonb=runtime '
	  . 'subdomain:text=subdomain card_data:jsonb=cardData'),
	@identity, siblings => parts('siblings', 'rfilename'));

our %spec = (
	models => {
		columns("$repo downloads:bigint=downloads downloads_all_time:bigint=downloadsAllTime "
		  . 'trending_score:float8=trendingScore pipeline_tag:text=pipeline_tag library_name:text=library_name '
		  . 'tags:strings=tags gated:text=gated inference:text=inference safetensors:jsonb=safetensors '
		  . 'gguf:jsonb=gguf card_data:jsonb=cardData config:jsonb=config spaces:strings=spaces '
		  . 'eval_results:jsonb=evalResults model_index:jsonb=model-index transformers_info:jsonb=transformersInfo '
		  . 'widget_data:jsonb=widgetData resource_group:jsonb=resourceGroup mask_token:text=mask_token '
		  . 'xet_enabled:boolean=xetEnabled declared_base_models:jsonb=baseModels'),
		@identity, license => tag('license:'), siblings => parts('siblings', 'rfilename'),
		parameters => "coalesce(j #> '{safetensors,total}', j #> '{gguf,total}')::bigint",
		inference_provider_mapping => json('inferenceProviderMapping'),
		base_models => present("(SELECT array_agg(b ORDER BY o) FROM (SELECT regexp_replace(e, '^base_model:(?:(?:finetune|adapter|quantized|merge):)?', '') b, min(o) o FROM jsonb_array_elements_text(j -> 'tags') WITH ORDINALITY x(e, o) WHERE starts_with(e, 'base_model:') GROUP BY 1) q)", 'tags'),
		base_model_relation => "(SELECT (regexp_match(e, '^base_model:(finetune|adapter|quantized|merge):'))[1] FROM jsonb_array_elements_text(j -> 'tags') WITH ORDINALITY x(e, o) WHERE e ~ '^base_model:(finetune|adapter|quantized|merge):.' ORDER BY o LIMIT 1)",
		languages => present("(SELECT array_agg(e ORDER BY o) FROM jsonb_array_elements_text(j -> 'tags') WITH ORDINALITY x(e, o) WHERE e IN ('en','zh','fr','de','ko','ja','es','ru','ar','hi'))", 'tags'),
	},
	datasets => { %dataset, description => "left(j ->> 'description', 200)" },
	dataset_details => { %dataset, columns('used_storage:bigint=usedStorage description:text=description') },
	spaces => { %space, columns('trending_score:float8=trendingScore requested_hardware:text=runtime.hardware.requested '
		  . 'region:text=region resource_group:jsonb=resourceGroup xet_enabled:boolean=xetEnabled') },
	space_details => { %space, columns('host:text=host gated:text=gated used_storage:bigint=usedStorage') },
	kernels => {
		columns("$repo downloads:bigint=downloads downloads_all_time:bigint=downloadsAllTime "
		  . 'trending_score:float8=trendingScore tags:strings=tags arxiv_ids:strings=arxivIds gated:text=gated '
		  . 'card_data:jsonb=cardData files:jsonb=files build_metadata:jsonb=buildMetadata '
		  . 'supported_driver_families:jsonb=supportedDriverFamilies resource_group:jsonb=resourceGroup'), @identity },
	kernel_details => {
		columns('_id:text=_id id:text=id last_modified:timestamptz=lastModified downloads:bigint=downloads '
		  . 'likes:bigint=likes gated:text=gated private:boolean=private sha:text=sha '
		  . 'author_details:jsonb=authorData trusted_publisher:boolean=trustedPublisher '
		  . 'supported_driver_families:jsonb=supportedDriverFamilies files:jsonb=files resource_group:jsonb=resourceGroup'),
		@identity },
	repo_files => {
		columns('path:text=path type:text=type size:bigint=size oid:text=oid lfs_sha256:text=lfs.oid '
		  . 'lfs_size:bigint=lfs.size lfs_pointer_size:bigint=lfs.pointerSize xet_hash:text=xetHash '
		  . 'last_commit_id:text=lastCommit.id last_commit_title:text=lastCommit.title '
		  . 'last_commit_at:timestamptz=lastCommit.date security_status:text=securityFileStatus.status '
		  . 'security_details:jsonb=securityFileStatus') },
	repo_commits => {
		columns('id:text=id committed_at:timestamptz=date title:text=title message:text=message author_details:jsonb=authors'),
		authors => parts('authors', 'user'),
		formatted => "jsonb_build_object('title', '<p>' || (j ->> 'title') || '</p>')" },
	repo_refs => { columns('kind:text=kind name:text=name ref:text=ref target_commit:text=targetCommit') },
	discussions => {
		columns('num:bigint=num title:text=title author:text=author.name created_at:timestamptz=createdAt '
		  . 'status:text=status is_pull_request:boolean=isPullRequest num_comments:bigint=numComments '
		  . 'pinned:boolean=pinned author_details:jsonb=author top_reactions:jsonb=topReactions '
		  . 'num_reaction_users:bigint=numReactionUsers'), item => 'j' },
	likers => { %person, item => 'j' },
	daily_papers => {
		paper_columns('paper.'),
		columns('id:text=paper.id title:text=title listed_at:timestamptz=publishedAt submitted_by:text=submittedBy.name '
		  . 'submitter_details:jsonb=submittedBy organization:text=organization.name '
		  . 'organization_fullname:text=organization.fullname organization_details:jsonb=organization '
		  . 'num_comments:bigint=numComments thumbnail:text=thumbnail media_urls:strings=mediaUrls '
		  . 'is_author_participating:boolean=isAuthorParticipating'),
		authors => parts('paper,authors', 'name'), item => 'j' },
	papers => {
		paper_columns(''),
		columns('id:text=id title:text=title organization:text=organization.name organization_details:jsonb=organization '
		  . 'thumbnail:text=thumbnailUrl media_urls:strings=mediaUrls num_total_models:bigint=numTotalModels '
		  . 'num_total_datasets:bigint=numTotalDatasets num_total_spaces:bigint=numTotalSpaces '
		  . 'linked_models:jsonb=linkedModels linked_datasets:jsonb=linkedDatasets linked_spaces:jsonb=linkedSpaces'),
		authors => parts('authors', 'name'), item => 'j' },
	collections => {
		columns('slug:text=slug title:text=title description:text=description owner:text=owner.name '
		  . 'owner_type:text=owner.type owner_details:jsonb=owner last_updated:timestamptz=lastUpdated '
		  . 'upvotes:bigint=upvotes theme:text=theme private:boolean=private gating:jsonb=gating items:jsonb=items') },
	collection_items => {
		columns('_id:text=_id position:bigint=position type:text=type id:text=id title:text=title author:text=author '
		  . 'note:text=note.text note_html:text=note.html likes:bigint=likes downloads:bigint=downloads '
		  . 'upvotes:bigint=upvotes last_modified:timestamptz=lastModified published_at:timestamptz=publishedAt '
		  . 'gated:text=gated private:boolean=private thumbnail:text=thumbnailUrl'),
		ordinal => 'n', item => 'j' },
	trending => {
		columns('repo_type:text=repoType id:text=repoData.id author:text=repoData.author likes:bigint=repoData.likes '
		  . 'downloads:bigint=repoData.downloads last_modified:timestamptz=repoData.lastModified '
		  . 'pipeline_tag:text=repoData.pipeline_tag parameters:bigint=repoData.numParameters '
		  . 'gated:text=repoData.gated private:boolean=repoData.private author_details:jsonb=repoData.authorData '
		  . 'inference_providers:jsonb=repoData.availableInferenceProviders widget_output_urls:strings=repoData.widgetOutputUrls'),
		rank => 'n', item => 'j' },
	tags => { columns('type:text=type id:text=id label:text=label sub_type:text=subType clickable:boolean=clickable'), item => 'j' },
	users => {
		%person,
		columns('created_at:timestamptz=createdAt details:text=details organization_details:jsonb=orgs '
		  . join(' ', map { my ($c, $w) = @$_; "num_$c:bigint=num$w" } ['models', 'Models'], ['datasets', 'Datasets'],
			['spaces', 'Spaces'], ['kernels', 'Kernels'], ['buckets', 'Buckets'], ['discussions', 'Discussions'],
			['papers', 'Papers'], ['upvotes', 'Upvotes'], ['likes', 'Likes'], ['followers', 'Followers'],
			['following', 'Following'], ['following_orgs', 'FollowingOrgs'])),
		organizations => parts('orgs', 'name'), item => 'j' },
	organizations => {
		columns('_id:text=_id organization:text=name fullname:text=fullname avatar_url:text=avatarUrl details:text=details '
		  . 'is_verified:boolean=isVerified plan:text=plan num_users:bigint=numUsers num_models:bigint=numModels '
		  . 'num_datasets:bigint=numDatasets num_spaces:bigint=numSpaces num_papers:bigint=numPapers '
		  . 'num_followers:bigint=numFollowers'), item => 'j' },
	organization_members => { %person, item => 'j' },
	followers => { %person, followed_at => typed('timestamptz', 'followedAt'), item => 'j' },
);

1;
