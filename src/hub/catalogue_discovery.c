/*
 * catalogue_discovery.c
 *		The tables trending and tags.
 */
#include <stddef.h>

#include "hub/catalogue_parts.h"

/* Each list ranks by itself, so the kind is an input and not a condition. */
static const HubColumn trending_columns[] = {
	{.name = "list_type", .type = HUB_TEXT, .role = HUB_INPUT,
		.push = HUB_PUSH_EQUAL, .param = "type",
		.values = "all|model|dataset|space", .fallback = "all",
	.comment = "Input: the list of model, dataset, space, or of all together"},
	{.name = "rank", .type = HUB_BIGINT, .derive = HUB_DERIVE_ORDINAL,
	.sources = HUB_DEFAULT, .comment = "Place in that list, from 1 to 20"},
	{.name = "repo_type", .type = HUB_TEXT, .path = "repoType",
	.sources = HUB_DEFAULT, .comment = "model, dataset or space"},
	{.name = "id", .type = HUB_TEXT, .path = "repoData.id",
	.sources = HUB_DEFAULT, .comment = "Repository, namespace/name"},
	{.name = "author", .type = HUB_TEXT, .path = "repoData.author",
	.sources = HUB_DEFAULT, .comment = "User or organization that owns it"},
	{.name = "likes", .type = HUB_BIGINT, .path = "repoData.likes",
	.sources = HUB_DEFAULT, .unit = "likes", .comment = "Likes by users"},
	{.name = "downloads", .type = HUB_BIGINT, .path = "repoData.downloads",
		.sources = HUB_DEFAULT, .unit = "downloads",
	.comment = "Downloads of the last 30 days; NULL for spaces"},
	{.name = "last_modified", .type = HUB_TIMESTAMPTZ,
		.path = "repoData.lastModified", .sources = HUB_DEFAULT,
	.comment = "Last commit to the repository"},
	{.name = "pipeline_tag", .type = HUB_TEXT, .path = "repoData.pipeline_tag",
	.sources = HUB_DEFAULT, .comment = "Task, of models"},
	{.name = "parameters", .type = HUB_BIGINT, .path = "repoData.numParameters",
		.sources = HUB_DEFAULT, .unit = "parameters",
	.comment = "Number of parameters, of models"},
	{.name = "gated", .type = HUB_TEXT, .path = "repoData.gated",
		.sources = HUB_DEFAULT,
	.comment = "Access to files: 'false' (open), 'auto' or 'manual' approval"},
	{.name = "private", .type = HUB_BOOLEAN, .path = "repoData.private",
	.sources = HUB_DEFAULT, .comment = "Visible to its owner only"},
	{.name = "author_details", .type = HUB_JSONB, .path = "repoData.authorData",
	.sources = HUB_DEFAULT, .comment = "The owner's account, with its followers"},
	{.name = "inference_providers", .type = HUB_JSONB,
		.path = "repoData.availableInferenceProviders", .sources = HUB_DEFAULT,
	.comment = "Who serves it now"},
	{.name = "widget_output_urls", .type = HUB_TEXT_ARRAY,
		.path = "repoData.widgetOutputUrls", .sources = HUB_DEFAULT,
	.comment = "Addresses of example outputs"},
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_trending = {
	.name = "trending",
	.comment = "Repositories that trend now, 20 a list",
	.list_path = "/api/trending",
	.rows = "recentlyTrending",
	.query = "type=all",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_NONE,
	.limit_param = "limit",
	.page_max = 20,
	.rows_estimate = 20,
	.columns = trending_columns
};

static const HubColumn tags_columns[] = {
	{.name = "repo_type", .type = HUB_TEXT, .role = HUB_INPUT,
		.push = HUB_PUSH_PATH, .values = "model|dataset", .fallback = "model",
	.comment = "Input: tags of model or dataset repositories"},
	{.name = "type", .type = HUB_TEXT, .derive = HUB_DERIVE_GROUP,
		.sources = HUB_DEFAULT,
	.comment = "What the tag tells: pipeline_tag, library, language, license, task_categories …"},
	{.name = "id", .type = HUB_TEXT, .path = "id", .sources = HUB_DEFAULT,
	.comment = "The tag as it stands in tags"},
	{.name = "label", .type = HUB_TEXT, .path = "label",
	.sources = HUB_DEFAULT, .comment = "The tag as it is shown"},
	{.name = "sub_type", .type = HUB_TEXT, .path = "subType",
	.sources = HUB_DEFAULT, .comment = "Group within its type, like nlp"},
	{.name = "clickable", .type = HUB_BOOLEAN, .path = "clickable",
	.sources = HUB_DEFAULT, .comment = "The Hub's pages link it"},
	HUB_ITEM_COLUMN,
	{.name = NULL}
};

const HubTable hub_tags = {
	.name = "tags",
	.comment = "Tags that the Hub knows, by type",
	.list_path = "/api/{repo_type}s-tags-by-type",
	.rows = "*",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_NONE,
	.rows_estimate = 5000,
	.columns = tags_columns
};
