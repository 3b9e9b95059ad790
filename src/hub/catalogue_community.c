/*
 * catalogue_community.c
 *		Accounts and what they gather: collections, users, organizations,
 *		members, followers.
 */
#include <stddef.h>

#include "hub/catalogue_parts.h"

/* collections ------------------------------------------------------------- */

static const HubColumn collections_columns[] = {
	{.name = "slug", .type = HUB_TEXT, .path = "slug", .sources = HUB_ANYWHERE,
		.push = HUB_PUSH_ID, .always = true,
	.comment = "Identifier, namespace/title-and-24-hex-digits"},
	{.name = "title", .type = HUB_TEXT, .path = "title",
	.sources = HUB_DEFAULT, .comment = "Title"},
	{.name = "description", .type = HUB_TEXT, .path = "description",
	.sources = HUB_DEFAULT, .comment = "Description by its owner"},
	{.name = "owner", .type = HUB_TEXT, .path = "owner.name|owner.user",
		.sources = HUB_DEFAULT, .push = HUB_PUSH_EQUAL, .param = "owner",
	.comment = "User or organization that owns it"},
	{.name = "owner_type", .type = HUB_TEXT, .path = "owner.type",
	.sources = HUB_DEFAULT, .comment = "user or org"},
	{.name = "owner_details", .type = HUB_JSONB, .path = "owner",
	.sources = HUB_DEFAULT, .comment = "The owner's account"},
	{.name = "last_updated", .type = HUB_TIMESTAMPTZ, .path = "lastUpdated",
		.sources = HUB_DEFAULT, .sort = "lastModified", .always = true,
	.comment = "Last change"},
	{.name = "upvotes", .type = HUB_BIGINT, .path = "upvotes",
		.sources = HUB_DEFAULT, .sort = "upvotes", .always = true,
	.unit = "upvotes", .comment = "Upvotes by users"},
	{.name = "theme", .type = HUB_TEXT, .path = "theme",
	.sources = HUB_DEFAULT, .comment = "Colour: orange, blue, green, purple, pink or indigo"},
	{.name = "private", .type = HUB_BOOLEAN, .path = "private",
	.sources = HUB_DEFAULT, .comment = "Visible to its owner only"},
	{.name = "gating", .type = HUB_JSONB, .path = "gating",
	.sources = HUB_DEFAULT, .comment = "false, or how access is approved"},
	{.name = "items", .type = HUB_JSONB, .path = "items",
		.sources = HUB_DEFAULT,
	.comment = "First four entries, all of them with slug; see collection_items"},
	{.name = "item", .type = HUB_TEXT, .role = HUB_INPUT,
		.push = HUB_PUSH_EQUAL, .param = "item",
	.comment = "Input: only those that hold this: models/ns/name, datasets/…, spaces/…, papers/…"},
	HUB_SEARCH_COLUMN("q", "Input: the Hub's own search in collections"),
	HUB_CURSOR_COLUMNS,
	{.name = NULL}
};

const HubTable hub_collections = {
	.name = "collections",
	.comment = "Collections that users and organizations put together",
	.list_path = "/api/collections",
	.one_path = "/api/collections/{+slug}",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_NONE,
	.limit_param = "limit",
	.page_max = 100,
	.identity = "slug",
	.rows_estimate = 100000,
	.columns = collections_columns
};

static const HubColumn collection_items_columns[] = {
	{.name = "slug", .type = HUB_TEXT, .role = HUB_KEY, .push = HUB_PUSH_PATH,
	.comment = "Key: collection, as asked for"},
	{.name = "ordinal", .type = HUB_BIGINT, .derive = HUB_DERIVE_ORDINAL,
	.sources = HUB_DEFAULT, .comment = "Place in the collection, from 1"},
	{.name = "_id", .type = HUB_TEXT, .path = "_id", .sources = HUB_DEFAULT,
	.comment = "Identifier of the entry"},
	{.name = "position", .type = HUB_BIGINT, .path = "position",
	.sources = HUB_DEFAULT, .comment = "Place that the Hub keeps for it"},
	{.name = "type", .type = HUB_TEXT, .path = "type", .sources = HUB_DEFAULT,
	.comment = "model, dataset, space, paper, collection or bucket"},
	{.name = "id", .type = HUB_TEXT, .path = "id", .sources = HUB_DEFAULT,
	.comment = "Repository, number of the paper, or slug"},
	{.name = "title", .type = HUB_TEXT, .path = "title",
	.sources = HUB_DEFAULT, .comment = "Title, of papers and spaces"},
	{.name = "author", .type = HUB_TEXT, .path = "author",
	.sources = HUB_DEFAULT, .comment = "Owner, of repositories"},
	{.name = "note", .type = HUB_TEXT, .path = "note.text",
	.sources = HUB_DEFAULT, .comment = "Note by the collection's owner"},
	{.name = "note_html", .type = HUB_TEXT, .path = "note.html",
	.sources = HUB_DEFAULT, .comment = "That note as HTML"},
	{.name = "likes", .type = HUB_BIGINT, .path = "likes",
	.sources = HUB_DEFAULT, .unit = "likes", .comment = "Likes, of repositories"},
	{.name = "downloads", .type = HUB_BIGINT, .path = "downloads",
		.sources = HUB_DEFAULT, .unit = "downloads",
	.comment = "Downloads of the last 30 days, of models and datasets"},
	{.name = "upvotes", .type = HUB_BIGINT, .path = "upvotes",
		.sources = HUB_DEFAULT, .unit = "upvotes",
	.comment = "Upvotes, of papers and collections"},
	{.name = "last_modified", .type = HUB_TIMESTAMPTZ, .path = "lastModified",
	.sources = HUB_DEFAULT, .comment = "Last commit, of repositories"},
	{.name = "published_at", .type = HUB_TIMESTAMPTZ, .path = "publishedAt",
	.sources = HUB_DEFAULT, .comment = "Publication, of papers"},
	{.name = "gated", .type = HUB_TEXT, .path = "gated",
		.sources = HUB_DEFAULT,
	.comment = "Access to files: 'false' (open), 'auto' or 'manual' approval"},
	{.name = "private", .type = HUB_BOOLEAN, .path = "private",
	.sources = HUB_DEFAULT, .comment = "Visible to its owner only"},
	{.name = "thumbnail", .type = HUB_TEXT, .path = "thumbnailUrl",
	.sources = HUB_DEFAULT, .comment = "Address of a picture, of papers"},
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_collection_items = {
	.name = "collection_items",
	.comment = "Entries of a collection, all of them, in order",
	.list_path = "/api/collections/{+slug}",
	.rows = "items",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_NONE,
	.rows_estimate = 10,
	.columns = collection_items_columns
};

/* users and organizations ------------------------------------------------- */

#define NAME_KEY(text) \
	{.name = "name", .type = HUB_TEXT, .role = HUB_KEY, \
	 .push = HUB_PUSH_PATH, .comment = text}

#define COUNT_COLUMN(column, wire, what, text) \
	{.name = column, .type = HUB_BIGINT, .path = wire, .sources = HUB_DEFAULT, \
	 .unit = what, .comment = text}

static const HubColumn users_columns[] = {
	NAME_KEY("Key: login, as asked for"),
	HUB_PERSON_COLUMNS,
	{.name = "created_at", .type = HUB_TIMESTAMPTZ, .path = "createdAt",
	.sources = HUB_DEFAULT, .comment = "When the account was made"},
	{.name = "details", .type = HUB_TEXT, .path = "details",
	.sources = HUB_DEFAULT, .comment = "What the user says of themselves"},
	{.name = "organizations", .type = HUB_TEXT_ARRAY, .path = "orgs[].name",
	.sources = HUB_DEFAULT, .comment = "Organizations that the user belongs to"},
	{.name = "organization_details", .type = HUB_JSONB, .path = "orgs",
	.sources = HUB_DEFAULT, .comment = "These with names and pictures"},
	COUNT_COLUMN("num_models", "numModels", "models", "Public models"),
	COUNT_COLUMN("num_datasets", "numDatasets", "datasets", "Public datasets"),
	COUNT_COLUMN("num_spaces", "numSpaces", "spaces", "Public spaces"),
	COUNT_COLUMN("num_kernels", "numKernels", "kernels", "Public kernels"),
	COUNT_COLUMN("num_buckets", "numBuckets", "buckets", "Public buckets"),
	COUNT_COLUMN("num_discussions", "numDiscussions", "discussions", "Discussions opened"),
	COUNT_COLUMN("num_papers", "numPapers", "papers", "Papers claimed"),
	COUNT_COLUMN("num_upvotes", "numUpvotes", "upvotes", "Upvotes given"),
	COUNT_COLUMN("num_likes", "numLikes", "likes", "Likes given"),
	COUNT_COLUMN("num_followers", "numFollowers", "accounts", "Followers"),
	COUNT_COLUMN("num_following", "numFollowing", "accounts", "Users followed"),
	COUNT_COLUMN("num_following_orgs", "numFollowingOrgs", "accounts", "Organizations followed"),
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_users = {
	.name = "users",
	.comment = "One user by login: a request a row",
	.one_path = "/api/users/{name}/overview",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_NONE,
	.rows_estimate = 1,
	.columns = users_columns
};

static const HubColumn organizations_columns[] = {
	NAME_KEY("Key: name of the organization, as asked for"),
	{.name = "_id", .type = HUB_TEXT, .path = "_id", .sources = HUB_DEFAULT,
	.comment = "Identifier in the Hub's database, where the Hub tells it"},
	{.name = "organization", .type = HUB_TEXT, .path = "name",
	.sources = HUB_DEFAULT, .comment = "Name as the Hub writes it"},
	{.name = "fullname", .type = HUB_TEXT, .path = "fullname",
	.sources = HUB_DEFAULT, .comment = "Name shown"},
	{.name = "avatar_url", .type = HUB_TEXT, .path = "avatarUrl",
	.sources = HUB_DEFAULT, .comment = "Address of the picture"},
	{.name = "details", .type = HUB_TEXT, .path = "details",
	.sources = HUB_DEFAULT, .comment = "What it says of itself"},
	{.name = "is_verified", .type = HUB_BOOLEAN, .path = "isVerified",
	.sources = HUB_DEFAULT, .comment = "The Hub verified it"},
	{.name = "plan", .type = HUB_TEXT, .path = "plan", .sources = HUB_DEFAULT,
	.comment = "team, enterprise, plus or academia; NULL without one"},
	COUNT_COLUMN("num_users", "numUsers", "accounts", "Members"),
	COUNT_COLUMN("num_models", "numModels", "models", "Public models"),
	COUNT_COLUMN("num_datasets", "numDatasets", "datasets", "Public datasets"),
	COUNT_COLUMN("num_spaces", "numSpaces", "spaces", "Public spaces"),
	COUNT_COLUMN("num_papers", "numPapers", "papers", "Papers"),
	COUNT_COLUMN("num_followers", "numFollowers", "accounts", "Followers"),
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_organizations = {
	.name = "organizations",
	.comment = "One organization by name: a request a row",
	.one_path = "/api/organizations/{name}/overview",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_NONE,
	.rows_estimate = 1,
	.columns = organizations_columns
};

static const HubColumn organization_members_columns[] = {
	NAME_KEY("Key: name of the organization, as asked for"),
	HUB_PERSON_COLUMNS,
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_organization_members = {
	.name = "organization_members",
	.comment = "Members of an organization",
	.list_path = "/api/organizations/{name}/members",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_NONE,
	.identity = "username",
	.rows_estimate = 10,
	.columns = organization_members_columns
};

static const HubColumn followers_columns[] = {
	NAME_KEY("Key: account that is followed, as asked for"),
	{.name = "account_type", .type = HUB_TEXT, .role = HUB_INPUT,
		.push = HUB_PUSH_PATH, .values = "user|organization",
		.fallback = "user",
	.comment = "Input: user or organization"},
	HUB_PERSON_COLUMNS,
	{.name = "followed_at", .type = HUB_TIMESTAMPTZ, .path = "followedAt",
		.expand = "followedAt", .sources = HUB_LIST_EXPAND,
	.comment = "Since when; the Hub tells it for followers of users"},
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_followers = {
	.name = "followers",
	.comment = "Followers of a user or an organization",
	.list_path = "/api/{account_type}s/{name}/followers",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_ADD,
	.identity = "username",
	.rows_estimate = 100,
	.columns = followers_columns
};
