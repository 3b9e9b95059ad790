/*
 * catalogue_parts.h
 *		What several entries of the catalogue share: sets of sources, input
 *		columns that are the same everywhere, and the entries' declarations.
 *
 * Only the catalogue's own files include it.
 */
#ifndef PGHUB_CATALOGUE_PARTS_H
#define PGHUB_CATALOGUE_PARTS_H

#include "hub/catalogue.h"

#define HUB_LISTED		(HUB_LIST_DEFAULT | HUB_LIST_EXPAND)
#define HUB_SINGLE		(HUB_ONE_DEFAULT | HUB_ONE_EXPAND)
#define HUB_ANYWHERE	(HUB_LISTED | HUB_SINGLE)
#define HUB_EXPANDED	(HUB_LIST_EXPAND | HUB_ONE_EXPAND)
#define HUB_DEFAULT		(HUB_LIST_DEFAULT | HUB_ONE_DEFAULT)

/* Text that becomes the parameter PARAM of lists. */
#define HUB_SEARCH_COLUMN(wire, text) \
	{.name = "search", .type = HUB_TEXT, .role = HUB_INPUT, \
	 .push = HUB_PUSH_EQUAL, .param = wire, .comment = text}

/* Page by page under the caller's control; tables with Link paging. */
#define HUB_CURSOR_COLUMNS \
	{.name = "page_cursor", .type = HUB_TEXT, .role = HUB_CURSOR, \
	 .push = HUB_PUSH_EQUAL, .param = "cursor", \
	 .comment = "Input: only the page that this cursor names; the empty text names the first"}, \
	{.name = "next_page_cursor", .type = HUB_TEXT, .role = HUB_NEXT_CURSOR, \
	 .comment = "Cursor of the page after this row's, with page_cursor; NULL on the last"}

/* The repository that a sub-resource belongs to. */
#define HUB_REPO_COLUMNS \
	{.name = "repo_id", .type = HUB_TEXT, .role = HUB_KEY, \
	 .push = HUB_PUSH_PATH, \
	 .comment = "Key: repository, namespace/name, as asked for"}, \
	{.name = "repo_type", .type = HUB_TEXT, .role = HUB_INPUT, \
	 .push = HUB_PUSH_PATH, .values = "model|dataset|space|kernel", \
	 .fallback = "model", \
	 .comment = "Input: model, dataset, space or kernel"}

#define HUB_REVISION_INPUT(preset) \
	{.name = "revision", .type = HUB_TEXT, .role = HUB_INPUT, \
	 .push = HUB_PUSH_PATH, .fallback = preset, \
	 .comment = "Input: branch, tag or commit"}

/* The whole item, where the API promises few of its fields. */
#define HUB_ITEM_COLUMN \
	{.name = "item", .type = HUB_JSONB, .path = "", .sources = HUB_ANYWHERE, \
	 .comment = "The whole entry as the Hub sent it"}

/* A user as lists of users show one; some call the login name. */
#define HUB_PERSON_COLUMNS \
	{.name = "_id", .type = HUB_TEXT, .path = "_id", .sources = HUB_ANYWHERE, \
	 .comment = "Identifier of the account in the Hub's database"}, \
	{.name = "username", .type = HUB_TEXT, .path = "user|name", \
	 .sources = HUB_ANYWHERE, .comment = "Login"}, \
	{.name = "fullname", .type = HUB_TEXT, .path = "fullname", \
	 .sources = HUB_ANYWHERE, .comment = "Name shown"}, \
	{.name = "avatar_url", .type = HUB_TEXT, .path = "avatarUrl", \
	 .sources = HUB_ANYWHERE, .comment = "Address of the picture"}, \
	{.name = "is_pro", .type = HUB_BOOLEAN, .path = "isPro", \
	 .sources = HUB_ANYWHERE, .comment = "Has a PRO subscription"}, \
	{.name = "type", .type = HUB_TEXT, .path = "type", .sources = HUB_ANYWHERE, \
	 .comment = "user or org"}

/* What lists of repositories send of every kind. */
#define HUB_IDENTITY_COLUMNS \
	{.name = "_id", .type = HUB_TEXT, .path = "_id", .sources = HUB_ANYWHERE, \
	 .always = true, \
	 .comment = "Identifier in the Hub's database: 24 hex digits that survive renaming"}, \
	{.name = "id", .type = HUB_TEXT, .path = "id", .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_ID, .always = true, \
	 .comment = "Present name, namespace/name"}, \
	{.name = "author", .type = HUB_TEXT, .path = "author", \
	 .derive = HUB_DERIVE_NAMESPACE, .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_EQUAL, .param = "author", \
	 .comment = "User or organization that owns it: the namespace of id"}

/* What models, datasets and spaces have in common, in the order of their tables. */
#define HUB_CREATION \
	"Creation; never before 2022-03-02, when the Hub began to record it"

#define HUB_TIME_COLUMNS(created) \
	{.name = "created_at", .type = HUB_TIMESTAMPTZ, .path = "createdAt", \
	 .expand = "createdAt", .sources = HUB_ANYWHERE, .sort = "createdAt", \
	 .always = true, \
	 .comment = created}, \
	{.name = "last_modified", .type = HUB_TIMESTAMPTZ, .path = "lastModified", \
	 .expand = "lastModified", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .sort = "lastModified", .always = true, \
	 .comment = "Last commit to the repository"}

#define HUB_DOWNLOADS_COLUMNS \
	{.name = "downloads", .type = HUB_BIGINT, .path = "downloads", \
	 .expand = "downloads", .sources = HUB_ANYWHERE, .sort = "downloads", \
	 .always = true, .unit = "downloads", \
	 .comment = "Downloads of the last 30 days"}, \
	{.name = "downloads_all_time", .type = HUB_BIGINT, .path = "downloadsAllTime", \
	 .expand = "downloadsAllTime", .sources = HUB_EXPANDED, .unit = "downloads", \
	 .comment = "Downloads since creation"}

#define HUB_LIKES_COLUMN(text) \
	{.name = "likes", .type = HUB_BIGINT, .path = "likes", .expand = "likes", \
	 .sources = HUB_ANYWHERE, .sort = "likes", .always = true, .unit = "likes", \
	 .comment = text}

#define HUB_TRENDING_COLUMN(from) \
	{.name = "trending_score", .type = HUB_DOUBLE, .path = "trendingScore", \
	 .expand = "trendingScore", .sources = from, \
	 .sort = "trendingScore", \
	 .comment = "The Hub's measure of recent attention"}

#define HUB_LICENSE_COLUMN \
	{.name = "license", .type = HUB_TEXT, .path = "tags", \
	 .derive = HUB_DERIVE_TAG, .prefix = "license:", .expand = "tags", \
	 .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_EQUAL, .param = "filter", .format = "license:%s", \
	 .comment = "License by the tag license:…"}

#define HUB_GATED_COLUMN \
	{.name = "gated", .type = HUB_TEXT, .path = "gated", .expand = "gated", \
	 .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .push = HUB_PUSH_GATED, .param = "gated", \
	 .comment = "Access to files: 'false' (open), 'auto' or 'manual' approval"}

#define HUB_ACCESS_COLUMNS \
	{.name = "private", .type = HUB_BOOLEAN, .path = "private", \
	 .expand = "private", .sources = HUB_ANYWHERE, \
	 .comment = "Visible to its owner only"}, \
	{.name = "disabled", .type = HUB_BOOLEAN, .path = "disabled", \
	 .expand = "disabled", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Switched off by the Hub"}

#define HUB_SHA_COLUMN \
	{.name = "sha", .type = HUB_TEXT, .path = "sha", .expand = "sha", \
	 .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Commit at the head of the main branch"}

#define HUB_CARD_COLUMN(text) \
	{.name = "card_data", .type = HUB_JSONB, .path = "cardData", \
	 .expand = "cardData", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .heavy = true, \
	 .comment = text}

#define HUB_SIBLINGS_COLUMN \
	{.name = "siblings", .type = HUB_TEXT_ARRAY, .path = "siblings[].rfilename", \
	 .expand = "siblings", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .heavy = true, \
	 .comment = "Names of the files"}

#define HUB_RESOURCE_GROUP_COLUMN \
	{.name = "resource_group", .type = HUB_JSONB, .path = "resourceGroup", \
	 .expand = "resourceGroup", .sources = HUB_EXPANDED, \
	 .comment = "Resource group of an Enterprise organization"}

#define HUB_XET_COLUMN \
	{.name = "xet_enabled", .type = HUB_BOOLEAN, .path = "xetEnabled", \
	 .expand = "xetEnabled", .sources = HUB_EXPANDED, \
	 .comment = "Files are stored in Xet"}

#define HUB_STORAGE_COLUMN \
	{.name = "used_storage", .type = HUB_BIGINT, .path = "usedStorage", \
	 .expand = "usedStorage", .sources = HUB_SINGLE, .unit = "bytes", \
	 .comment = "Bytes stored, all revisions together"}

extern const HubTable hub_models;
extern const HubTable hub_model_details;
extern const HubTable hub_datasets;
extern const HubTable hub_dataset_details;
extern const HubTable hub_spaces;
extern const HubTable hub_space_details;
extern const HubTable hub_kernels;
extern const HubTable hub_kernel_details;
extern const HubTable hub_repo_files;
extern const HubTable hub_repo_commits;
extern const HubTable hub_repo_refs;
extern const HubTable hub_discussions;
extern const HubTable hub_likers;
extern const HubTable hub_daily_papers;
extern const HubTable hub_papers;
extern const HubTable hub_collections;
extern const HubTable hub_collection_items;
extern const HubTable hub_trending;
extern const HubTable hub_tags;
extern const HubTable hub_users;
extern const HubTable hub_organizations;
extern const HubTable hub_organization_members;
extern const HubTable hub_followers;

#endif							/* PGHUB_CATALOGUE_PARTS_H */
