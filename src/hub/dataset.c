/*
 * dataset.c
 *		The catalogue's entry of a dataset's rows, made from a foreign table.
 *
 * Called by options.c whenever a foreign table has the option "dataset": each
 * attribute becomes one column, which the column option "column" names in the
 * dataset and "feature" describes as the viewer does.  A column without a
 * feature is read, but no condition on it is sent.
 */
#include "postgres.h"

#include "access/table.h"
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "hub/dataset.h"

#define ROWS_UNKNOWN	10000.0 /* without option estimated_rows */

static const char *
option_text(List *given, const char *name)
{
	ListCell   *lc;

	foreach(lc, given)
	{
		DefElem    *def = lfirst(lc);

		if (strcmp(def->defname, name) == 0)
			return defGetString(def);
	}
	return NULL;
}

bool
hub_option_is_true(const char *text)
{
	bool		value = false;

	return text != NULL && parse_bool(text, &value) && value;
}

/* The path of a dataset's column: a step behind "row", taken literally. */
static char *
cell_path(const char *name)
{
	StringInfoData path;

	initStringInfo(&path);
	appendStringInfoString(&path, "row.");
	for (const char *c = name; *c; c++)
	{
		if (strchr(".|[\\", *c))
			appendStringInfoChar(&path, '\\');
		appendStringInfoChar(&path, *c);
	}
	return path.data;
}

/* The kind of column that an attribute of TYPE can be. */
static HubType
attribute_type(Relation rel, Form_pg_attribute att)
{
	StringInfoData good;

	for (HubType t = 0; t <= HUB_DATE_ARRAY; t++)
		if (hub_type_oid(t) == att->atttypid)
			return t;
	initStringInfo(&good);
	for (HubType t = 0; t <= HUB_DATE_ARRAY; t++)
		appendStringInfo(&good, "%s%s", t > 0 ? ", " : "", hub_type_name(t));
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_DATA_TYPE),
			 errmsg("column \"%s\" of foreign table \"%s\" has type %s, which no column of a dataset has",
					NameStr(att->attname), RelationGetRelationName(rel),
					format_type_be(att->atttypid)),
			 errdetail("Types are: %s.", good.data)));
	return HUB_TEXT;
}

static void
set_labels(HubColumn *column, const char *names)
{
	column->derive = HUB_DERIVE_LABEL;
	column->type = HUB_TEXT;
	column->labels = hub_labels_read(names);
	if (column->labels == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"names\" of column \"%s\" is no JSON array of strings",
						column->name)));
}

/* Columns that the viewer adds to the dataset's own. */
static bool
set_own(HubColumn *column, const char *feature)
{
	if (strcmp(feature, HUB_FEATURE_ROW_IDX) == 0 && column->type == HUB_BIGINT)
	{
		column->path = "row_idx";
		column->sort = HUB_ROW_IDX;
		column->always = true;
	}
	else if (strcmp(feature, HUB_FEATURE_CUT_CELLS) == 0 && column->type == HUB_TEXT_ARRAY)
		column->path = "truncated_cells";
	else
		return false;
	column->feature = feature;
	return true;
}

static void
set_column(HubColumn *column, Relation rel, Form_pg_attribute att)
{
	List	   *given = GetForeignColumnOptions(RelationGetRelid(rel), att->attnum);
	const char *names = option_text(given, "names");
	const char *name = option_text(given, "column");
	const char *feature = option_text(given, "feature");

	column->name = pstrdup(NameStr(att->attname));
	column->type = attribute_type(rel, att);
	column->sources = HUB_LIST_DEFAULT;
	if (column->type >= HUB_BIGINT_ARRAY || column->type == HUB_TEXT_ARRAY)
		column->derive = HUB_DERIVE_LIST;
	if (feature == NULL && name == NULL &&
		(strcmp(column->name, HUB_ROW_IDX) == 0 || strcmp(column->name, HUB_CUT_CELLS) == 0))
		feature = column->name;
	if (feature != NULL && name == NULL && set_own(column, feature))
		return;
	column->param = name ? name : column->name;
	/* the viewer writes names in UTF-8, and so do requests */
	column->path = cell_path(pg_server_to_any(column->param, strlen(column->param), PG_UTF8));
	column->feature = feature;
	column->always = hub_option_is_true(option_text(given, "not_null"));
	if (names != NULL && column->type == HUB_TEXT)
		set_labels(column, names);
	if (feature == NULL || !viewer_takes_text(column->param, strlen(column->param)))
		return;					/* no condition can name it */
	column->push = HUB_PUSH_WHERE;
	if (column->derive == HUB_AS_SENT)
		column->sort = column->param;
}

static HubDataset *
dataset_of(List *options, const char *relname)
{
	HubDataset *d = palloc0(sizeof(HubDataset));
	const char *truncated = option_text(options, "truncated");
	const char *partial = option_text(options, "partial");
	const char *filter = option_text(options, "filter");

	d->dataset = option_text(options, "dataset");
	d->config = option_text(options, "config");
	d->split = option_text(options, "split");
	if (d->config == NULL || d->split == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
				 errmsg("foreign table \"%s\" lacks option \"%s\"", relname,
						d->config == NULL ? "config" : "split"),
				 errdetail("Rows of a dataset are named by the options dataset, config and split."),
				 errhint("IMPORT FOREIGN SCHEMA dataset … OPTIONS (dataset %s) sets them.",
						 quote_literal_cstr(d->dataset))));
	d->filter = filter == NULL || hub_option_is_true(filter);
	d->allow_truncated = truncated != NULL && strcmp(truncated, "null") == 0;
	d->allow_partial = partial != NULL && strcmp(partial, "allow") == 0;
	return d;
}

const HubTable *
hub_dataset_table(Oid foreigntableid, List *options)
{
	Relation	rel = table_open(foreigntableid, NoLock);
	TupleDesc	desc = RelationGetDescr(rel);
	HubTable   *table = palloc0(sizeof(HubTable));
	HubColumn  *columns = palloc0(sizeof(HubColumn) * (desc->natts + 1));
	int			count = 0;

	table->name = pstrdup(RelationGetRelationName(rel));
	table->dataset = dataset_of(options, table->name);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped)
			set_column(&columns[count++], rel, att);
	}
	table_close(rel, NoLock);
	table->origin = HUB_ORIGIN_VIEWER;
	table->list_path = "/rows";
	table->rows = "rows";
	table->paging = HUB_PAGE_OFFSET;
	table->limit_param = "length";
	table->page_max = HUB_VIEWER_PAGE;
	table->identity = HUB_ROW_IDX;
	table->rows_estimate = ROWS_UNKNOWN;
	table->columns = columns;
	return table;
}
