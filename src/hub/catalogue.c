/*
 * catalogue.c
 *		The list of the Hub's tables and the look-ups in it.
 *
 * The entries stand in catalogue_*.c.  Planner, request builder, row builder,
 * import and the generator of docs/tables.md call these functions; they are
 * free of server headers and change nothing.
 */
#include <stddef.h>
#include <string.h>

#include "hub/catalogue_parts.h"

const HubTable *const hub_tables[] = {
	&hub_models,
	&hub_model_details,
	&hub_datasets,
	&hub_dataset_details,
	&hub_spaces,
	&hub_space_details,
	&hub_kernels,
	&hub_kernel_details,
	&hub_repo_files,
	&hub_repo_commits,
	&hub_repo_refs,
	&hub_discussions,
	&hub_likers,
	&hub_daily_papers,
	&hub_papers,
	&hub_collections,
	&hub_collection_items,
	&hub_trending,
	&hub_tags,
	&hub_users,
	&hub_organizations,
	&hub_organization_members,
	&hub_followers,
	NULL
};

const HubTable *
hub_table(const char *name)
{
	for (int i = 0; hub_tables[i] != NULL; i++)
		if (strcmp(hub_tables[i]->name, name) == 0)
			return hub_tables[i];
	return NULL;
}

const HubColumn *
hub_column(const HubTable *table, const char *name)
{
	for (const HubColumn *c = table->columns; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

const char *
hub_type_name(HubType type)
{
	static const char *const names[] = {
		[HUB_TEXT] = "text",
		[HUB_TEXT_ARRAY] = "text[]",
		[HUB_BIGINT] = "bigint",
		[HUB_DOUBLE] = "double precision",
		[HUB_BOOLEAN] = "boolean",
		[HUB_TIMESTAMPTZ] = "timestamp with time zone",
		[HUB_DATE] = "date",
		[HUB_JSONB] = "jsonb",
		[HUB_NUMERIC] = "numeric",
		[HUB_TIMESTAMP] = "timestamp without time zone",
		[HUB_TIME] = "time without time zone",
		[HUB_BIGINT_ARRAY] = "bigint[]",
		[HUB_DOUBLE_ARRAY] = "double precision[]",
		[HUB_BOOLEAN_ARRAY] = "boolean[]",
		[HUB_NUMERIC_ARRAY] = "numeric[]",
		[HUB_TIMESTAMP_ARRAY] = "timestamp without time zone[]",
		[HUB_TIMESTAMPTZ_ARRAY] = "timestamp with time zone[]",
		[HUB_DATE_ARRAY] = "date[]"
	};

	return names[type];
}

bool
hub_column_required(const HubTable *table, const HubColumn *column)
{
	return column->role == HUB_KEY ||
		(column->push == HUB_PUSH_ID && table->list_path == NULL);
}

const HubColumn *
hub_required_column(const HubTable *table)
{
	for (const HubColumn *c = table->columns; c->name; c++)
		if (hub_column_required(table, c))
			return c;
	return NULL;
}

bool
hub_value_allowed(const char *values, const char *value)
{
	size_t		size = strlen(value);

	if (values == NULL)
		return true;
	for (const char *at = values;; at++)
	{
		const char *end = strchr(at, '|');
		size_t		len = end ? (size_t) (end - at) : strlen(at);

		if (len == size && memcmp(at, value, size) == 0)
			return true;
		if (end == NULL)
			return false;
		at = end;
	}
}
