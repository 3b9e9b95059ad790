/*
 * catalogue_repos.c
 *		The tables datasets, spaces and kernels, and their details.
 *
 * Like models they list a small default set and take expand= for the rest.
 * Only fields that recordings or the Hub's own schema show in the default set
 * are taken from it; of the others none is guessed, they are asked for.  The
 * *_details tables have what only the single answer gives.
 */
#include <stddef.h>

#include "hub/catalogue_parts.h"

/* datasets ---------------------------------------------------------------- */

#define DATASET_FIELDS \
	HUB_IDENTITY_COLUMNS, \
	HUB_TIME_COLUMNS(HUB_CREATION), \
	HUB_DOWNLOADS_COLUMNS, \
	HUB_LIKES_COLUMN("Likes by users"), \
	HUB_TRENDING_COLUMN(HUB_EXPANDED), \
	{.name = "tags", .type = HUB_TEXT_ARRAY, .path = "tags", .expand = "tags", \
	 .sources = HUB_ANYWHERE, .push = HUB_PUSH_MEMBER, .param = "filter", \
	 .comment = "All tags: task_categories:…, language:…, license:…, size_categories:…, format:…, modality:…, arxiv:…"}, \
	HUB_LICENSE_COLUMN, \
	{.name = "languages", .type = HUB_TEXT_ARRAY, .path = "tags", \
	 .derive = HUB_DERIVE_TAGS, .prefix = "language:", .expand = "tags", \
	 .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_MEMBER, .param = "filter", .format = "language:%s", \
	 .comment = "Language codes by the tags language:…"}, \
	{.name = "task_categories", .type = HUB_TEXT_ARRAY, .path = "tags", \
	 .derive = HUB_DERIVE_TAGS, .prefix = "task_categories:", .expand = "tags", \
	 .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_MEMBER, .param = "filter", .format = "task_categories:%s", \
	 .comment = "Tasks by the tags task_categories:…"}, \
	{.name = "modalities", .type = HUB_TEXT_ARRAY, .path = "tags", \
	 .derive = HUB_DERIVE_TAGS, .prefix = "modality:", .expand = "tags", \
	 .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_MEMBER, .param = "filter", .format = "modality:%s", \
	 .comment = "text, image, audio, tabular … by the tags modality:…"}, \
	{.name = "formats", .type = HUB_TEXT_ARRAY, .path = "tags", \
	 .derive = HUB_DERIVE_TAGS, .prefix = "format:", .expand = "tags", \
	 .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_MEMBER, .param = "filter", .format = "format:%s", \
	 .comment = "parquet, json, csv … by the tags format:…"}, \
	{.name = "size_category", .type = HUB_TEXT, .path = "tags", \
	 .derive = HUB_DERIVE_TAG, .prefix = "size_categories:", .expand = "tags", \
	 .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_EQUAL, .param = "filter", .format = "size_categories:%s", \
	 .unit = "rows", \
	 .comment = "Class of the number of rows, like 10K<n<100K, by the tag size_categories:…"}, \
	{.name = "description", .type = HUB_TEXT, .path = "description", \
	 .expand = "description", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Beginning of the dataset card; longer in dataset_details"}, \
	{.name = "citation", .type = HUB_TEXT, .path = "citation", \
	 .expand = "citation", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "How to cite it"}, \
	{.name = "paperswithcode_id", .type = HUB_TEXT, .path = "paperswithcode_id", \
	 .expand = "paperswithcode_id", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Its name on Papers with Code"}, \
	HUB_GATED_COLUMN, \
	HUB_ACCESS_COLUMNS, \
	HUB_SHA_COLUMN, \
	{.name = "main_size", .type = HUB_BIGINT, .path = "mainSize", \
	 .expand = "mainSize", .sources = HUB_EXPANDED, .unit = "bytes", \
	 .comment = "Size of the files of the main branch"}, \
	HUB_CARD_COLUMN("Metadata block of the dataset card; each key may hold one value or several"), \
	HUB_SIBLINGS_COLUMN, \
	HUB_RESOURCE_GROUP_COLUMN, \
	HUB_XET_COLUMN

static const HubColumn datasets_columns[] = {
	DATASET_FIELDS,
	HUB_SEARCH_COLUMN("search", "Input: the Hub's own search in names"),
	HUB_CURSOR_COLUMNS,
	{.name = NULL}
};

static const HubColumn dataset_details_columns[] = {
	DATASET_FIELDS,
	HUB_STORAGE_COLUMN,
	HUB_REVISION_INPUT(NULL),
	{.name = NULL}
};

const HubTable hub_datasets = {
	.name = "datasets",
	.comment = "Datasets of the Hub, one row a repository",
	.list_path = "/api/datasets",
	.one_path = "/api/datasets/{+id}",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_REPLACE,
	.limit_param = "limit",
	.page_max = 1000,
	.page_heavy = 100,
	.identity = "_id",
	.crawl_sort = "createdAt",
	.rows_estimate = 1e6,
	.columns = datasets_columns
};

const HubTable hub_dataset_details = {
	.name = "dataset_details",
	.comment = "One dataset by its id, with the fields that lists refuse: a request a row",
	.one_path = "/api/datasets/{+id}[/revision/{revision}]",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_REPLACE,
	.identity = "_id",
	.rows_estimate = 1,
	.columns = dataset_details_columns
};

/* spaces ------------------------------------------------------------------ */

#define SPACE_FIELDS \
	HUB_IDENTITY_COLUMNS, \
	HUB_TIME_COLUMNS("Creation, as far back as the Hub recorded it"), \
	HUB_LIKES_COLUMN("Likes by users; downloads of spaces are not counted"), \
	HUB_TRENDING_COLUMN(HUB_LIST_DEFAULT | HUB_EXPANDED), \
	{.name = "sdk", .type = HUB_TEXT, .path = "sdk", .expand = "sdk", \
	 .sources = HUB_ANYWHERE, .push = HUB_PUSH_EQUAL, .param = "filter", \
	 .comment = "gradio, docker, static or streamlit; NULL for an empty space"}, \
	{.name = "tags", .type = HUB_TEXT_ARRAY, .path = "tags", .expand = "tags", \
	 .sources = HUB_ANYWHERE, .push = HUB_PUSH_MEMBER, .param = "filter", \
	 .comment = "All tags"}, \
	{.name = "models", .type = HUB_TEXT_ARRAY, .path = "models", \
	 .expand = "models", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Models that it uses"}, \
	{.name = "datasets", .type = HUB_TEXT_ARRAY, .path = "datasets", \
	 .expand = "datasets", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Datasets that it uses"}, \
	{.name = "stage", .type = HUB_TEXT, .path = "runtime.stage", \
	 .expand = "runtime", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "RUNNING, SLEEPING, PAUSED, BUILDING, RUNTIME_ERROR …"}, \
	{.name = "hardware", .type = HUB_TEXT, .path = "runtime.hardware.current", \
	 .expand = "runtime", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Hardware that it runs on; NULL while it does not"}, \
	{.name = "requested_hardware", .type = HUB_TEXT, \
	 .path = "runtime.hardware.requested", .expand = "runtime", \
	 .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Hardware that its owner asked for"}, \
	{.name = "runtime", .type = HUB_JSONB, .path = "runtime", \
	 .expand = "runtime", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "All of the runtime: stage, hardware, storage, gcTimeout, replicas, domains"}, \
	{.name = "subdomain", .type = HUB_TEXT, .path = "subdomain", \
	 .expand = "subdomain", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Its name below hf.space"}, \
	{.name = "region", .type = HUB_TEXT, .path = "region", .expand = "region", \
	 .sources = HUB_EXPANDED, .comment = "Where it runs"}, \
	HUB_ACCESS_COLUMNS, \
	HUB_SHA_COLUMN, \
	HUB_CARD_COLUMN("Metadata block of the README: title, emoji, license, sdk_version …"), \
	HUB_SIBLINGS_COLUMN, \
	HUB_RESOURCE_GROUP_COLUMN, \
	HUB_XET_COLUMN

static const HubColumn spaces_columns[] = {
	SPACE_FIELDS,
	{.name = "uses_model", .type = HUB_TEXT, .role = HUB_INPUT,
		.push = HUB_PUSH_EQUAL, .param = "models",
	.comment = "Input: only spaces that use this model, by the Hub's own index"},
	{.name = "uses_dataset", .type = HUB_TEXT, .role = HUB_INPUT,
		.push = HUB_PUSH_EQUAL, .param = "datasets",
	.comment = "Input: only spaces that use this dataset, by the Hub's own index"},
	HUB_SEARCH_COLUMN("search", "Input: the Hub's own search in names"),
	HUB_CURSOR_COLUMNS,
	{.name = NULL}
};

/* host and gated come only in the answer without expand=, so none is sent. */
static const HubColumn space_details_columns[] = {
	HUB_IDENTITY_COLUMNS,
	{.name = "host", .type = HUB_TEXT, .path = "host", .sources = HUB_ONE_DEFAULT,
	.comment = "Address that it answers at"},
	{.name = "subdomain", .type = HUB_TEXT, .path = "subdomain",
	.sources = HUB_ONE_DEFAULT, .comment = "Its name below hf.space"},
	{.name = "created_at", .type = HUB_TIMESTAMPTZ, .path = "createdAt",
		.sources = HUB_ONE_DEFAULT,
	.comment = "Creation, as far back as the Hub recorded it"},
	{.name = "last_modified", .type = HUB_TIMESTAMPTZ, .path = "lastModified",
	.sources = HUB_ONE_DEFAULT, .comment = "Last commit to the repository"},
	{.name = "likes", .type = HUB_BIGINT, .path = "likes",
	.sources = HUB_ONE_DEFAULT, .unit = "likes", .comment = "Likes by users"},
	{.name = "sdk", .type = HUB_TEXT, .path = "sdk", .sources = HUB_ONE_DEFAULT,
	.comment = "gradio, docker, static or streamlit; NULL for an empty space"},
	{.name = "tags", .type = HUB_TEXT_ARRAY, .path = "tags",
	.sources = HUB_ONE_DEFAULT, .comment = "All tags"},
	{.name = "models", .type = HUB_TEXT_ARRAY, .path = "models",
	.sources = HUB_ONE_DEFAULT, .comment = "Models that it uses"},
	{.name = "datasets", .type = HUB_TEXT_ARRAY, .path = "datasets",
	.sources = HUB_ONE_DEFAULT, .comment = "Datasets that it uses"},
	{.name = "stage", .type = HUB_TEXT, .path = "runtime.stage",
		.sources = HUB_ONE_DEFAULT,
	.comment = "RUNNING, SLEEPING, PAUSED, BUILDING, RUNTIME_ERROR …"},
	{.name = "hardware", .type = HUB_TEXT, .path = "runtime.hardware.current",
		.sources = HUB_ONE_DEFAULT,
	.comment = "Hardware that it runs on; NULL while it does not"},
	{.name = "runtime", .type = HUB_JSONB, .path = "runtime",
		.sources = HUB_ONE_DEFAULT,
	.comment = "All of the runtime: stage, hardware, storage, gcTimeout, replicas, domains"},
	{.name = "gated", .type = HUB_TEXT, .path = "gated",
		.sources = HUB_ONE_DEFAULT,
	.comment = "Access to files: 'false' (open), 'auto' or 'manual' approval"},
	{.name = "private", .type = HUB_BOOLEAN, .path = "private",
	.sources = HUB_ONE_DEFAULT, .comment = "Visible to its owner only"},
	{.name = "disabled", .type = HUB_BOOLEAN, .path = "disabled",
	.sources = HUB_ONE_DEFAULT, .comment = "Switched off by the Hub"},
	{.name = "sha", .type = HUB_TEXT, .path = "sha", .sources = HUB_ONE_DEFAULT,
	.comment = "Commit at the head of the revision"},
	{.name = "card_data", .type = HUB_JSONB, .path = "cardData",
		.sources = HUB_ONE_DEFAULT,
	.comment = "Metadata block of the README: title, emoji, license, sdk_version …"},
	{.name = "siblings", .type = HUB_TEXT_ARRAY, .path = "siblings[].rfilename",
	.sources = HUB_ONE_DEFAULT, .comment = "Names of the files"},
	{.name = "used_storage", .type = HUB_BIGINT, .path = "usedStorage",
		.sources = HUB_ONE_DEFAULT, .unit = "bytes",
	.comment = "Bytes stored, all revisions together"},
	HUB_REVISION_INPUT(NULL),
	{.name = NULL}
};

const HubTable hub_spaces = {
	.name = "spaces",
	.comment = "Spaces (applications) of the Hub, one row a repository",
	.list_path = "/api/spaces",
	.one_path = "/api/spaces/{+id}",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_REPLACE,
	.limit_param = "limit",
	.page_max = 1000,
	.page_heavy = 100,
	.identity = "_id",
	.crawl_sort = "createdAt",
	.rows_estimate = 1e6,
	.columns = spaces_columns
};

const HubTable hub_space_details = {
	.name = "space_details",
	.comment = "One space by its id, with the fields that lists refuse: a request a row",
	.one_path = "/api/spaces/{+id}[/revision/{revision}]",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_NONE,
	.identity = "_id",
	.rows_estimate = 1,
	.columns = space_details_columns
};

/* kernels ----------------------------------------------------------------- */

/* Only _id and id are promised without expand=. */
static const HubColumn kernels_columns[] = {
	HUB_IDENTITY_COLUMNS,
	{.name = "created_at", .type = HUB_TIMESTAMPTZ, .path = "createdAt",
		.expand = "createdAt", .sources = HUB_LIST_EXPAND,
	.comment = "Creation"},
	{.name = "last_modified", .type = HUB_TIMESTAMPTZ, .path = "lastModified",
		.expand = "lastModified", .sources = HUB_LIST_EXPAND,
	.sort = "lastModified", .comment = "Last commit to the repository"},
	{.name = "downloads", .type = HUB_BIGINT, .path = "downloads",
		.expand = "downloads", .sources = HUB_LIST_EXPAND, .sort = "downloads",
	.unit = "downloads", .comment = "Downloads of the last 30 days"},
	{.name = "downloads_all_time", .type = HUB_BIGINT, .path = "downloadsAllTime",
		.expand = "downloadsAllTime", .sources = HUB_LIST_EXPAND,
	.unit = "downloads", .comment = "Downloads since creation"},
	{.name = "likes", .type = HUB_BIGINT, .path = "likes", .expand = "likes",
		.sources = HUB_LIST_EXPAND, .sort = "likes", .unit = "likes",
	.comment = "Likes by users"},
	{.name = "trending_score", .type = HUB_DOUBLE, .path = "trendingScore",
		.expand = "trendingScore", .sources = HUB_LIST_EXPAND,
		.sort = "trendingScore",
	.comment = "The Hub's measure of recent attention"},
	{.name = "tags", .type = HUB_TEXT_ARRAY, .path = "tags", .expand = "tags",
		.sources = HUB_LIST_EXPAND, .push = HUB_PUSH_MEMBER, .param = "filter",
	.comment = "All tags"},
	{.name = "arxiv_ids", .type = HUB_TEXT_ARRAY, .path = "arxivIds",
		.expand = "arxivIds", .sources = HUB_LIST_EXPAND,
	.comment = "Papers that it implements"},
	{.name = "gated", .type = HUB_TEXT, .path = "gated", .expand = "gated",
		.sources = HUB_LIST_EXPAND, .push = HUB_PUSH_GATED, .param = "gated",
	.comment = "Access to files: 'false' (open), 'auto' or 'manual' approval"},
	{.name = "private", .type = HUB_BOOLEAN, .path = "private",
		.expand = "private", .sources = HUB_LIST_EXPAND,
	.comment = "Visible to its owner only"},
	{.name = "disabled", .type = HUB_BOOLEAN, .path = "disabled",
		.expand = "disabled", .sources = HUB_LIST_EXPAND,
	.comment = "Switched off by the Hub"},
	{.name = "sha", .type = HUB_TEXT, .path = "sha", .expand = "sha",
		.sources = HUB_LIST_EXPAND,
	.comment = "Commit at the head of the main branch"},
	{.name = "card_data", .type = HUB_JSONB, .path = "cardData",
		.expand = "cardData", .sources = HUB_LIST_EXPAND, .heavy = true,
	.comment = "Metadata block of the README"},
	{.name = "files", .type = HUB_JSONB, .path = "files", .expand = "files",
		.sources = HUB_LIST_EXPAND, .heavy = true, .comment = "Its files"},
	{.name = "build_metadata", .type = HUB_JSONB, .path = "buildMetadata",
		.expand = "buildMetadata", .sources = HUB_LIST_EXPAND,
	.comment = "What it was built for and with"},
	{.name = "supported_driver_families", .type = HUB_JSONB,
		.path = "supportedDriverFamilies", .expand = "supportedDriverFamilies",
		.sources = HUB_LIST_EXPAND,
	.comment = "Drivers that can run it"},
	{.name = "resource_group", .type = HUB_JSONB, .path = "resourceGroup",
		.expand = "resourceGroup", .sources = HUB_LIST_EXPAND,
	.comment = "Resource group of an Enterprise organization"},
	HUB_SEARCH_COLUMN("search", "Input: the Hub's own search in names"),
	HUB_CURSOR_COLUMNS,
	{.name = NULL}
};

static const HubColumn kernel_details_columns[] = {
	HUB_IDENTITY_COLUMNS,
	{.name = "last_modified", .type = HUB_TIMESTAMPTZ, .path = "lastModified",
	.sources = HUB_ONE_DEFAULT, .comment = "Last commit to the repository"},
	{.name = "downloads", .type = HUB_BIGINT, .path = "downloads",
		.sources = HUB_ONE_DEFAULT, .unit = "downloads",
	.comment = "Downloads of the last 30 days"},
	{.name = "likes", .type = HUB_BIGINT, .path = "likes",
	.sources = HUB_ONE_DEFAULT, .unit = "likes", .comment = "Likes by users"},
	{.name = "gated", .type = HUB_TEXT, .path = "gated",
		.sources = HUB_ONE_DEFAULT,
	.comment = "Access to files: 'false' (open), 'auto' or 'manual' approval"},
	{.name = "private", .type = HUB_BOOLEAN, .path = "private",
	.sources = HUB_ONE_DEFAULT, .comment = "Visible to its owner only"},
	{.name = "sha", .type = HUB_TEXT, .path = "sha", .sources = HUB_ONE_DEFAULT,
	.comment = "Commit at the head of the revision"},
	{.name = "author_details", .type = HUB_JSONB, .path = "authorData",
	.sources = HUB_ONE_DEFAULT, .comment = "Its owner's account"},
	{.name = "trusted_publisher", .type = HUB_BOOLEAN, .path = "trustedPublisher",
		.sources = HUB_ONE_DEFAULT,
	.comment = "Its owner is trusted by the Hub"},
	{.name = "supported_driver_families", .type = HUB_JSONB,
		.path = "supportedDriverFamilies", .sources = HUB_ONE_DEFAULT,
	.comment = "Drivers that can run it"},
	{.name = "files", .type = HUB_JSONB, .path = "files",
	.sources = HUB_ONE_DEFAULT, .comment = "Its files"},
	{.name = "resource_group", .type = HUB_JSONB, .path = "resourceGroup",
		.sources = HUB_ONE_DEFAULT,
	.comment = "Resource group of an Enterprise organization"},
	HUB_ITEM_COLUMN,
	HUB_REVISION_INPUT(NULL),
	{.name = NULL}
};

const HubTable hub_kernels = {
	.name = "kernels",
	.comment = "Kernels (compiled code for accelerators) of the Hub, one row a repository",
	.list_path = "/api/kernels",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_REPLACE,
	.limit_param = "limit",
	.page_max = 100,
	.page_heavy = 50,
	.identity = "_id",
	.crawl_sort = "_id",
	.rows_estimate = 500,
	.columns = kernels_columns
};

const HubTable hub_kernel_details = {
	.name = "kernel_details",
	.comment = "One kernel by its id: a request a row",
	.one_path = "/api/kernels/{+id}[/revision/{revision}]",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_NONE,
	.identity = "_id",
	.rows_estimate = 1,
	.columns = kernel_details_columns
};
