/*
 * catalogue_contents.c
 *		What belongs to one repository: files, commits, refs, discussions,
 *		likers.
 *
 * All are asked for by repo_id (and repo_type, model unless given).  A name
 * that the repository had before is followed; repo_id echoes what was asked.
 */
#include <stddef.h>

#include "hub/catalogue_parts.h"

static const HubColumn repo_files_columns[] = {
	HUB_REPO_COLUMNS,
	HUB_REVISION_INPUT("main"),
	{.name = "folder", .type = HUB_TEXT, .role = HUB_INPUT,
		.push = HUB_PUSH_PATH,
	.comment = "Input: only what lies in this folder"},
	{.name = "path", .type = HUB_TEXT, .path = "path", .sources = HUB_DEFAULT,
	.comment = "Path from the root of the repository"},
	{.name = "type", .type = HUB_TEXT, .path = "type", .sources = HUB_DEFAULT,
	.comment = "file or directory"},
	{.name = "size", .type = HUB_BIGINT, .path = "size", .sources = HUB_DEFAULT,
		.unit = "bytes",
	.comment = "Size of the content, in large file storage too; 0 for directories"},
	{.name = "oid", .type = HUB_TEXT, .path = "oid", .sources = HUB_DEFAULT,
	.comment = "Git object (SHA-1); of the pointer for files in large file storage"},
	{.name = "lfs_sha256", .type = HUB_TEXT, .path = "lfs.oid",
		.sources = HUB_DEFAULT,
	.comment = "SHA-256 of the content in large file storage; NULL for others"},
	{.name = "lfs_size", .type = HUB_BIGINT, .path = "lfs.size",
		.sources = HUB_DEFAULT, .unit = "bytes",
	.comment = "Size in large file storage"},
	{.name = "lfs_pointer_size", .type = HUB_BIGINT, .path = "lfs.pointerSize",
	.sources = HUB_DEFAULT, .unit = "bytes", .comment = "Size of the pointer"},
	{.name = "xet_hash", .type = HUB_TEXT, .path = "xetHash",
	.sources = HUB_DEFAULT, .comment = "Hash of the content in Xet storage"},
	{.name = "last_commit_id", .type = HUB_TEXT, .path = "lastCommit.id",
		.expand = "lastCommit", .sources = HUB_LIST_EXPAND, .heavy = true,
	.comment = "Last commit that touched it"},
	{.name = "last_commit_title", .type = HUB_TEXT, .path = "lastCommit.title",
		.expand = "lastCommit", .sources = HUB_LIST_EXPAND, .heavy = true,
	.comment = "Title of that commit"},
	{.name = "last_commit_at", .type = HUB_TIMESTAMPTZ, .path = "lastCommit.date",
		.expand = "lastCommit", .sources = HUB_LIST_EXPAND, .heavy = true,
	.comment = "Time of that commit"},
	{.name = "security_status", .type = HUB_TEXT,
		.path = "securityFileStatus.status", .expand = "securityFileStatus",
		.sources = HUB_LIST_EXPAND, .heavy = true,
	.comment = "unscanned, safe, queued, error, caution, suspicious or unsafe"},
	{.name = "security_details", .type = HUB_JSONB, .path = "securityFileStatus",
		.expand = "securityFileStatus", .sources = HUB_LIST_EXPAND,
	.heavy = true, .comment = "Results of the scanners one by one"},
	{.name = NULL}
};

const HubTable hub_repo_files = {
	.name = "repo_files",
	.comment = "Files and directories of a repository, all levels",
	.list_path = "/api/{repo_type}s/{+repo_id}/tree/{revision}[/{+folder}]",
	.query = "recursive=true",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_FLAG,
	.limit_param = "limit",
	.page_max = 1000,
	.page_heavy = 50,
	.identity = "path",
	.rows_estimate = 20,
	.columns = repo_files_columns
};

static const HubColumn repo_commits_columns[] = {
	HUB_REPO_COLUMNS,
	HUB_REVISION_INPUT("main"),
	{.name = "id", .type = HUB_TEXT, .path = "id", .sources = HUB_DEFAULT,
	.comment = "Commit (SHA-1)"},
	{.name = "committed_at", .type = HUB_TIMESTAMPTZ, .path = "date",
	.sources = HUB_DEFAULT, .comment = "Time of the commit"},
	{.name = "title", .type = HUB_TEXT, .path = "title",
	.sources = HUB_DEFAULT, .comment = "First line of its message"},
	{.name = "message", .type = HUB_TEXT, .path = "message",
	.sources = HUB_DEFAULT, .comment = "Rest of its message, may be empty"},
	{.name = "authors", .type = HUB_TEXT_ARRAY, .path = "authors[].user",
	.sources = HUB_DEFAULT, .comment = "Logins of its authors"},
	{.name = "author_details", .type = HUB_JSONB, .path = "authors",
	.sources = HUB_DEFAULT, .comment = "Authors with avatars"},
	{.name = "formatted", .type = HUB_JSONB, .path = "formatted",
		.expand = "formatted", .sources = HUB_LIST_EXPAND,
	.comment = "Title and message as HTML"},
	{.name = NULL}
};

const HubTable hub_repo_commits = {
	.name = "repo_commits",
	.comment = "Commits of a repository's revision, newest first",
	.list_path = "/api/{repo_type}s/{+repo_id}/commits/{revision}",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_ADD,
	.limit_param = "limit",
	.page_max = 100,
	.identity = "id",
	.rows_estimate = 10,
	.columns = repo_commits_columns
};

static const HubColumn repo_refs_columns[] = {
	HUB_REPO_COLUMNS,
	{.name = "kind", .type = HUB_TEXT, .derive = HUB_DERIVE_GROUP,
		.sources = HUB_DEFAULT,
	.comment = "branches, converts, tags or pullRequests"},
	{.name = "name", .type = HUB_TEXT, .path = "name", .sources = HUB_DEFAULT,
	.comment = "Short name, like main"},
	{.name = "ref", .type = HUB_TEXT, .path = "ref", .sources = HUB_DEFAULT,
	.comment = "Full name, like refs/heads/main"},
	{.name = "target_commit", .type = HUB_TEXT, .path = "targetCommit",
	.sources = HUB_DEFAULT, .comment = "Commit that it points to"},
	{.name = NULL}
};

const HubTable hub_repo_refs = {
	.name = "repo_refs",
	.comment = "Branches, tags, converted branches and pull requests of a repository",
	.list_path = "/api/{repo_type}s/{+repo_id}/refs",
	.rows = "branches,converts,tags,pullRequests",
	.query = "include_prs=1",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_NONE,
	.rows_estimate = 3,
	.columns = repo_refs_columns
};

static const HubColumn discussions_columns[] = {
	HUB_REPO_COLUMNS,
	{.name = "discussion_type", .type = HUB_TEXT, .role = HUB_INPUT,
		.push = HUB_PUSH_EQUAL, .param = "type",
		.values = "all|discussion|pull_request", .fallback = "all",
	.comment = "Input: discussion or pull_request lists only these"},
	{.name = "num", .type = HUB_BIGINT, .path = "num", .sources = HUB_DEFAULT,
	.comment = "Number within the repository, shared with pull requests"},
	{.name = "title", .type = HUB_TEXT, .path = "title", .sources = HUB_DEFAULT,
	.comment = "Title"},
	{.name = "author", .type = HUB_TEXT, .path = "author.name",
		.sources = HUB_DEFAULT, .push = HUB_PUSH_EQUAL, .param = "author",
	.comment = "Who opened it; NULL where the account is gone"},
	{.name = "created_at", .type = HUB_TIMESTAMPTZ, .path = "createdAt",
	.sources = HUB_DEFAULT, .comment = "When it was opened"},
	{.name = "status", .type = HUB_TEXT, .path = "status",
		.sources = HUB_DEFAULT, .push = HUB_PUSH_EQUAL, .param = "status",
		.values = "open|closed",
	.comment = "draft, open, closed or merged"},
	{.name = "is_pull_request", .type = HUB_BOOLEAN, .path = "isPullRequest",
	.sources = HUB_DEFAULT, .comment = "Proposes changes"},
	{.name = "num_comments", .type = HUB_BIGINT, .path = "numComments",
	.sources = HUB_DEFAULT, .unit = "comments", .comment = "Comments, where the Hub tells them"},
	{.name = "pinned", .type = HUB_BOOLEAN, .path = "pinned",
	.sources = HUB_DEFAULT, .comment = "Kept at the top"},
	{.name = "author_details", .type = HUB_JSONB, .path = "author",
	.sources = HUB_DEFAULT, .comment = "The author's account"},
	{.name = "top_reactions", .type = HUB_JSONB, .path = "topReactions",
	.sources = HUB_DEFAULT, .comment = "Commonest reactions"},
	{.name = "num_reaction_users", .type = HUB_BIGINT, .path = "numReactionUsers",
	.sources = HUB_DEFAULT, .unit = "users", .comment = "Users who reacted"},
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_discussions = {
	.name = "discussions",
	.comment = "Discussions and pull requests of a repository",
	.list_path = "/api/{repo_type}s/{+repo_id}/discussions",
	.rows = "discussions",
	.query = "type=all&status=all",
	.paging = HUB_PAGE_COUNT,
	.expand = HUB_EXPAND_NONE,
	.identity = "num",
	.rows_estimate = 20,
	.columns = discussions_columns
};

static const HubColumn likers_columns[] = {
	HUB_REPO_COLUMNS,
	HUB_PERSON_COLUMNS,
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_likers = {
	.name = "likers",
	.comment = "Users who like a repository",
	.list_path = "/api/{repo_type}s/{+repo_id}/likers",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_NONE,
	.identity = "username",
	.rows_estimate = 50,
	.columns = likers_columns
};
