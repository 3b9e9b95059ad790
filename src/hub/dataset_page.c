/*
 * dataset_page.c
 *		What a page of a dataset's rows must prove, and the errors otherwise.
 *
 * Called by the row builder and the scan.  A dataset can change or be indexed
 * in part only; a page that is shorter than it should be, a total that moved,
 * a row that comes twice or a column that is gone are errors, since the table
 * would silently lack rows or values.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "hub/dataset.h"

static char *
name_of(const HubTable *table)
{
	const HubDataset *d = table->dataset;

	return psprintf("Dataset \"%s\", config \"%s\", split \"%s\".",
					d->dataset, d->config, d->split);
}

/* The feature called NAME in a page's list; JSON_ABSENT: there is none. */
static JsonSlice
find_feature(JsonSlice features, const char *name)
{
	const char *utf8 = pg_server_to_any(name, strlen(name), PG_UTF8);
	JsonSlice	none = {NULL, 0, JSON_ABSENT, 0};
	JsonCursor	cursor = json_enter(features);
	JsonSlice	feature;

	while (json_element(&cursor, &feature))
	{
		JsonSlice	spelled = json_get(feature, "name");

		if (spelled.kind == JSON_STRING && json_key_is(spelled, utf8, strlen(utf8)))
			return json_get(feature, "type");
	}
	return none;
}

static void
check_labels(const HubTable *table, const HubColumn *column, JsonSlice type)
{
	JsonCursor	cursor = json_enter(json_get(type, "names"));
	JsonSlice	name;
	int			count = 0;

	while (json_element(&cursor, &name) && column->labels[count] != NULL)
	{
		char	   *text = hub_json_string(name);

		if (text == NULL || strcmp(text, column->labels[count++]) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_DATA_TYPE),
					 errmsg("the class labels of column \"%s\" have changed", column->param),
					 errdetail("Label %d is now \"%s\". %s", count - 1, text ? text : "",
							   name_of(table)),
					 errhint("Import the dataset's tables anew.")));
	}
}

void
hub_dataset_check_feature(const HubTable *table, const HubColumn *column,
						  JsonSlice features)
{
	JsonSlice	type;
	char	   *feature;

	if (column->param == NULL)
		return;
	type = find_feature(features, column->param);
	if (type.kind == JSON_ABSENT)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_COLUMN_NAME_NOT_FOUND),
				 errmsg("the dataset has no column \"%s\"", column->param),
				 errdetail("%s", name_of(table)),
				 errhint("The dataset has changed, or the column option \"column\" is wrong: import its tables anew.")));
	if (column->feature == NULL)
		return;
	feature = hub_feature_name(type);
	if (strcmp(feature, column->feature) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_DATA_TYPE),
				 errmsg("column \"%s\" of the dataset is %s, but the table's option says %s",
						column->param, feature, column->feature),
				 errdetail("%s", name_of(table)),
				 errhint("The dataset has changed: import its tables anew.")));
	if (column->labels != NULL)
		check_labels(table, column, type);
	pfree(feature);
}

static void
check_partial(const HubTable *table, const HubPageInfo *info)
{
	if (!info->partial || table->dataset->allow_partial)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("the dataset viewer has only a part of this dataset"),
			 errdetail("%s", name_of(table)),
			 errhint("To read that part: ALTER FOREIGN TABLE %s OPTIONS (ADD partial 'allow').",
					 quote_identifier(table->name))));
}

/*
 * A page of LENGTH rows from OFFSET on.  TOTAL is what the first page said,
 * or -1 on that page.
 */
void
hub_dataset_check_page(const HubTable *table, const HubPageInfo *info,
					   int64 offset, int length, int64 *total)
{
	int64		expected;

	check_partial(table, info);
	if (info->num_rows_total < 0)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("the dataset viewer does not say how many rows there are"),
				 errdetail("%s", name_of(table))));
	if (*total < 0)
		*total = info->num_rows_total;
	if (info->num_rows_total != *total)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("the dataset changed while it was read"),
				 errdetail("It had " INT64_FORMAT " matching rows and now has " INT64_FORMAT ". %s",
						   *total, info->num_rows_total, name_of(table)),
				 errhint("Run the query again.")));
	expected = Max(Min(length, *total - offset), 0);
	if (info->items != expected)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("the dataset viewer sent " INT64_FORMAT " rows where " INT64_FORMAT " stand",
						info->items, expected),
				 errdetail("This is so from row " INT64_FORMAT " of " INT64_FORMAT " on. %s",
						   offset, *total, name_of(table))));
}

void
hub_dataset_repeated(const HubTable *table, const char *identity, size_t size)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("the dataset viewer sent a row twice, so that another is missing"),
			 errdetail("The row_idx is %.*s. %s", (int) size, identity, name_of(table)),
			 errhint("Run the query again; with ORDER BY and LIMIT, rows of equal value may have changed places.")));
}

/* Words for the statuses that mean something particular here. */
void
hub_dataset_raise(const HubTable *table, const NetChannel *channel,
				  const NetResponse *response)
{
	if (response->status == 404)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("the dataset viewer does not have these rows"),
				 errdetail("%s", name_of(table)),
				 errhint("The dataset, config or split may have been renamed or removed (the viewer follows no renaming), it may be gated or private and need a token, or it has no viewer.")));
	if (response->status == 422)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("the dataset viewer refuses the condition"),
				 errdetail("Request: %s. %s", response->url, name_of(table)),
				 errhint("ALTER FOREIGN TABLE %s OPTIONS (ADD filter 'false') checks conditions locally.",
						 quote_identifier(table->name))));
	net_raise(channel, response);
}
