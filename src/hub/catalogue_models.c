/*
 * catalogue_models.c
 *		The tables models and model_details.
 *
 * Lists send a small default set; other fields come by expand=, which
 * replaces that set (_id and id always come).  What can be read off the
 * default set is derived from it, so that the commonest columns cost no
 * expand.  model_details has the fields that lists refuse (400) and asks for
 * one repository at a time.
 */
#include <stddef.h>

#include "hub/catalogue_parts.h"

/* Both tables share these; the text of comments is what users read. */
#define MODEL_FIELDS \
	HUB_IDENTITY_COLUMNS, \
	HUB_TIME_COLUMNS(HUB_CREATION), \
	HUB_DOWNLOADS_COLUMNS, \
	HUB_LIKES_COLUMN("Likes by users"), \
	HUB_TRENDING_COLUMN(HUB_LIST_DEFAULT | HUB_EXPANDED), \
	{.name = "pipeline_tag", .type = HUB_TEXT, .path = "pipeline_tag", \
	 .expand = "pipeline_tag", .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_EQUAL, .param = "pipeline_tag", \
	 .comment = "Task, like text-generation"}, \
	{.name = "library_name", .type = HUB_TEXT, .path = "library_name", \
	 .expand = "library_name", .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_EQUAL, .param = "filter", \
	 .comment = "Library that loads it, like transformers"}, \
	{.name = "tags", .type = HUB_TEXT_ARRAY, .path = "tags", .expand = "tags", \
	 .sources = HUB_ANYWHERE, .push = HUB_PUSH_MEMBER, .param = "filter", \
	 .comment = "All tags: task, library, languages, license:…, dataset:…, arxiv:…, base_model:…"}, \
	HUB_LICENSE_COLUMN, \
	{.name = "languages", .type = HUB_TEXT_ARRAY, .path = "tags", \
	 .derive = HUB_DERIVE_LANGUAGES, .expand = "tags", .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_MEMBER, .param = "filter", \
	 .comment = "Tags that are language codes (ISO 639), multilingual and code"}, \
	{.name = "base_models", .type = HUB_TEXT_ARRAY, .path = "tags", \
	 .derive = HUB_DERIVE_BASE_MODELS, .expand = "tags", .sources = HUB_ANYWHERE, \
	 .push = HUB_PUSH_MEMBER, .param = "filter", .format = "base_model:%s", \
	 .comment = "Parents by the tags base_model:…"}, \
	{.name = "base_model_relation", .type = HUB_TEXT, .path = "tags", \
	 .derive = HUB_DERIVE_BASE_RELATION, .expand = "tags", .sources = HUB_ANYWHERE, \
	 .comment = "finetune, adapter, quantized or merge, by the tags base_model:relation:…"}, \
	HUB_GATED_COLUMN, \
	HUB_ACCESS_COLUMNS, \
	{.name = "inference", .type = HUB_TEXT, .path = "inference", \
	 .expand = "inference", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .push = HUB_PUSH_EQUAL, .param = "inference", .values = "warm", \
	 .comment = "'warm' while a provider serves it"}, \
	HUB_SHA_COLUMN, \
	{.name = "parameters", .type = HUB_BIGINT, \
	 .path = "safetensors.total|gguf.total", .expand = "safetensors,gguf", \
	 .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .unit = "parameters", .comment = "Number of parameters: safetensors total, else gguf total"}, \
	{.name = "safetensors", .type = HUB_JSONB, .path = "safetensors", \
	 .expand = "safetensors", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Parameters by data type, and their total"}, \
	{.name = "gguf", .type = HUB_JSONB, .path = "gguf", .expand = "gguf", \
	 .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Facts of GGUF files: total (parameters), architecture, context_length, totalFileSize (bytes)"}, \
	HUB_CARD_COLUMN("Metadata block of the model card; each key may hold one value or several"), \
	{.name = "config", .type = HUB_JSONB, .path = "config", .expand = "config", \
	 .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, .heavy = true, \
	 .comment = "Extract of config.json: architectures, model_type, tokenizer"}, \
	HUB_SIBLINGS_COLUMN, \
	{.name = "spaces", .type = HUB_TEXT_ARRAY, .path = "spaces", \
	 .expand = "spaces", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Spaces that use it (about 100 at most)"}, \
	{.name = "eval_results", .type = HUB_JSONB, .path = "evalResults", \
	 .expand = "evalResults", .sources = HUB_EXPANDED, \
	 .comment = "Evaluation results that the Hub collected"}, \
	{.name = "model_index", .type = HUB_JSONB, .path = "model-index", \
	 .expand = "model-index", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Evaluation results in the model card"}, \
	{.name = "inference_provider_mapping", .type = HUB_JSONB, \
	 .path = "inferenceProviderMapping", .derive = HUB_DERIVE_PROVIDERS, \
	 .expand = "inferenceProviderMapping", .sources = HUB_EXPANDED, \
	 .comment = "Inference providers: an object keyed by provider, also where the Hub sends an array"}, \
	{.name = "transformers_info", .type = HUB_JSONB, .path = "transformersInfo", \
	 .expand = "transformersInfo", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "How transformers loads it: auto_model, processor, pipeline_tag"}, \
	{.name = "widget_data", .type = HUB_JSONB, .path = "widgetData", \
	 .expand = "widgetData", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Example inputs of the web page"}, \
	HUB_RESOURCE_GROUP_COLUMN, \
	{.name = "mask_token", .type = HUB_TEXT, .path = "mask_token", \
	 .expand = "mask_token", .sources = HUB_EXPANDED | HUB_ONE_DEFAULT, \
	 .comment = "Mask token of fill-mask models"}, \
	HUB_XET_COLUMN, \
	{.name = "declared_base_models", .type = HUB_JSONB, .path = "baseModels", \
	 .expand = "baseModels", .sources = HUB_EXPANDED, \
	 .comment = "Parents as the Hub resolved them: relation, and models with _id and id"}

static const HubColumn models_columns[] = {
	MODEL_FIELDS,
	HUB_SEARCH_COLUMN("search", "Input: the Hub's own search in names"),
	HUB_CURSOR_COLUMNS,
	{.name = NULL}
};

static const HubColumn model_details_columns[] = {
	MODEL_FIELDS,
	HUB_STORAGE_COLUMN,
	{.name = "children_model_count", .type = HUB_JSONB, .path = "childrenModelCount",
		.expand = "childrenModelCount", .sources = HUB_ONE_EXPAND,
	.comment = "Models derived from it, by relation: adapter, finetune, merge, quantized"},
	HUB_REVISION_INPUT(NULL),
	{.name = NULL}
};

const HubTable hub_models = {
	.name = "models",
	.comment = "Models of the Hub, one row a repository",
	.list_path = "/api/models",
	.one_path = "/api/models/{+id}",
	.paging = HUB_PAGE_LINK,
	.expand = HUB_EXPAND_REPLACE,
	.limit_param = "limit",
	.page_max = 1000,
	.page_heavy = 100,
	.identity = "_id",
	.crawl_sort = "createdAt",
	.rows_estimate = 3e6,
	.columns = models_columns
};

const HubTable hub_model_details = {
	.name = "model_details",
	.comment = "One model by its id, with the fields that lists refuse: a request a row",
	.one_path = "/api/models/{+id}[/revision/{revision}]",
	.paging = HUB_PAGE_NONE,
	.expand = HUB_EXPAND_REPLACE,
	.identity = "_id",
	.rows_estimate = 1,
	.columns = model_details_columns
};
