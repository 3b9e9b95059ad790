/*
 * row.c
 *		Pages of JSON, and the rows in them.
 *
 * The scan creates a builder for the attributes it needs, hands it page after
 * page and pulls rows.  A page is checked as a whole before its first row;
 * each item is then walked once (row_path.c) and each needed column made from
 * what the walk found (row_value.c).  Errors carry the column and the row as
 * context.  Nothing here touches the network.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "hub/dataset.h"
#include "hub/row_parts.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

typedef struct RowField
{
	const HubColumn *column;
	int			attr;			/* from 0; -1: only wanted */
	RowSource	source;
	bool		echo;			/* input, key or cursor */
	Datum		value;			/* of an echo, for this page */
	bool		isnull;
} RowField;

struct HubRowBuilder
{
	const HubTable *table;
	int			attrs;
	int			columns;
	MemoryContext context;		/* the builder's own */
	MemoryContext page_context;
	RowPaths   *paths;

	RowField   *field;			/* of the attributes */
	int			fields;
	RowField  **wanted;			/* by column, or NULL */
	RowSource	label;			/* names the row in messages */
	RowSource	identity;
	RowSource	id;				/* for the namespace */
	RowSource	cut;			/* names of cells that the viewer cut off */

	RowContext	row;
	HubPageInfo info;
	JsonCursor	outer;			/* members of the envelope */
	JsonCursor	items;
	bool		enveloped;
	bool		have_row;
};

static int
column_count(const HubTable *table)
{
	int			count = 0;

	while (table->columns[count].name != NULL)
		count++;
	return count;
}

/* The column that names a row best, or NULL. */
static const HubColumn *
label_column(const HubTable *table)
{
	static const char *const names[] = {"id", "slug", "path", "username", "name", "title"};

	if (table->dataset != NULL)
		return NULL;			/* its columns may have any of these names */
	for (int i = 0; i < lengthof(names); i++)
	{
		const HubColumn *column = hub_column(table, names[i]);

		if (column != NULL && column->role == HUB_FIELD)
			return column;
	}
	return table->identity ? hub_column(table, table->identity) : NULL;
}

static void
init_field(HubRowBuilder *builder, RowField *field, int column, int attr)
{
	field->column = &builder->table->columns[column];
	field->attr = attr;
	field->echo = field->column->role != HUB_FIELD;
	field->isnull = true;
	if (!field->echo)
		row_paths_add(builder->paths, field->column->path, &field->source);
}

HubRowBuilder *
hub_row_builder(const HubTable *table, TupleDesc desc,
				const int *column_of_attr, MemoryContext context)
{
	MemoryContext own = AllocSetContextCreate(context, "hub row builder",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(own);
	HubRowBuilder *builder = palloc0(sizeof(HubRowBuilder));
	const HubColumn *column;

	builder->table = table;
	builder->attrs = desc->natts;
	builder->columns = column_count(table);
	builder->context = own;
	builder->page_context = AllocSetContextCreate(own, "hub page",
												  ALLOCSET_SMALL_SIZES);
	builder->paths = row_paths_new();
	builder->field = palloc0(sizeof(RowField) * Max(desc->natts, 1));
	builder->wanted = palloc0(sizeof(RowField *) * Max(builder->columns, 1));
	for (int i = 0; i < desc->natts; i++)
		if (column_of_attr[i] >= 0)
			init_field(builder, &builder->field[builder->fields++],
					   column_of_attr[i], i);
	if ((column = label_column(table)) != NULL)
		row_paths_add(builder->paths, column->path, &builder->label);
	if (table->identity != NULL &&
		(column = hub_column(table, table->identity)) != NULL)
		row_paths_add(builder->paths, column->path, &builder->identity);
	row_paths_add(builder->paths, "id", &builder->id);
	if (table->dataset != NULL)
	{
		row_paths_add(builder->paths, "row_idx", &builder->label);
		row_paths_add(builder->paths, "row_idx", &builder->identity);
		row_paths_add(builder->paths, "truncated_cells", &builder->cut);
	}
	builder->row.table = table;
	MemoryContextSwitchTo(old);
	return builder;
}

void
hub_row_want(HubRowBuilder *builder, int column)
{
	MemoryContext old = MemoryContextSwitchTo(builder->context);

	if (builder->wanted[column] == NULL)
	{
		builder->wanted[column] = palloc0(sizeof(RowField));
		init_field(builder, builder->wanted[column], column, -1);
	}
	MemoryContextSwitchTo(old);
}

/* Pages ------------------------------------------------------------------ */

/* Is KEY one of "a,b", or any with "*"? */
static bool
names_rows(const char *rows, JsonSlice key)
{
	if (strcmp(rows, "*") == 0)
		return true;
	for (;;)
	{
		size_t		size = strcspn(rows, ",");

		if (json_key_is(key, rows, size))
			return true;
		if (rows[size] == '\0')
			return false;
		rows += size + 1;
	}
}

static void
page_number(JsonSlice key, JsonSlice value, const char *name, int64 *number)
{
	int64_t		integer;

	if (value.kind == JSON_NUMBER && json_key_is(key, name, strlen(name)) &&
		json_integer(value, &integer) == JSON_INTEGER)
		*number = integer;
}

/* A dataset may have changed since its columns were imported. */
static void
check_features(const HubRowBuilder *builder, JsonSlice features)
{
	for (int i = 0; i < builder->fields; i++)
		if (!builder->field[i].echo)
			hub_dataset_check_feature(builder->table, builder->field[i].column, features);
}

/* Reads what the envelope says and counts its items. */
static const char *
begin_envelope(HubRowBuilder *builder, JsonSlice root)
{
	HubPageInfo *info = &builder->info;
	JsonSlice	key;
	JsonSlice	value;
	JsonSlice	item;
	bool		any = strcmp(builder->table->rows, "*") == 0;
	bool		found = any;

	if (root.kind != JSON_OBJECT)
		return "an object was expected";
	builder->outer = json_enter(root);
	info->items = 0;
	while (json_member(&builder->outer, &key, &value))
	{
		if (names_rows(builder->table->rows, key))
		{
			found = true;
			if (value.kind == JSON_ARRAY)
			{
				JsonCursor	cursor = json_enter(value);

				while (json_element(&cursor, &item))
					info->items++;
			}
			else if (!any && value.kind != JSON_NULL)
				return "the list of entries is no array";
			continue;
		}
		page_number(key, value, "count", &info->count);
		page_number(key, value, "start", &info->start);
		page_number(key, value, "num_rows_total", &info->num_rows_total);
		if (json_key_is(key, "partial", 7))
			info->partial = value.kind == JSON_TRUE;
		if (builder->table->dataset != NULL && json_key_is(key, "features", 8))
			check_features(builder, value);
	}
	builder->outer = json_enter(root);
	builder->enveloped = true;
	if (!found)
		return "the object holds no list of entries";
	if (builder->table->paging == HUB_PAGE_COUNT && (info->count < 0 || info->start < 0))
		return "the object does not say which of how many entries it holds";
	return NULL;
}

static const char *
begin_items(HubRowBuilder *builder, const JsonCheck *check, bool one)
{
	if (one)
	{
		const HubColumn *identity = builder->table->identity ?
			hub_column(builder->table, builder->table->identity) : NULL;

		if (check->root.kind != JSON_OBJECT)
			return "an object was expected";
		if (check->members == 0)
			return "the object is empty";
		/* a row without it would be dropped by the check of its key, unseen */
		if (identity != NULL && identity->path != NULL &&
			strpbrk(identity->path, ".|[\\") == NULL &&
			json_get(check->root, identity->path).kind <= JSON_NULL)
			return "the entry has no identity";
		builder->items = (JsonCursor) {check->root.at, check->root.at + check->root.size};
		builder->info.items = 1;
		return NULL;
	}
	if (builder->table->rows != NULL)
		return begin_envelope(builder, check->root);
	if (check->root.kind != JSON_ARRAY)
		return "an array was expected";
	builder->items = json_enter(check->root);
	builder->info.items = (int64) check->members;
	return NULL;
}

/* Makes the values of input, key and cursor columns for this page. */
static void
begin_echo(HubRowBuilder *builder, RowField *field, const char *const *inputs)
{
	int			column = (int) (field->column - builder->table->columns);
	const char *text = inputs != NULL ? inputs[column] : NULL;

	if (text == NULL)
		text = field->column->fallback;
	field->isnull = text == NULL;
	field->value = text != NULL ? row_echo(field->column, text) : (Datum) 0;
}

static void
begin_echoes(HubRowBuilder *builder, const char *const *inputs)
{
	MemoryContext old;

	MemoryContextReset(builder->page_context);
	old = MemoryContextSwitchTo(builder->page_context);
	for (int i = 0; i < builder->fields; i++)
		if (builder->field[i].echo)
			begin_echo(builder, &builder->field[i], inputs);
	builder->row.label_text = NULL;
	for (int i = 0; i < builder->columns; i++)
	{
		if (builder->wanted[i] != NULL && builder->wanted[i]->echo)
			begin_echo(builder, builder->wanted[i], inputs);
		if (builder->table->columns[i].role == HUB_KEY && inputs != NULL &&
			inputs[i] != NULL && builder->row.label_text == NULL)
			builder->row.label_text = pstrdup(inputs[i]);
	}
	MemoryContextSwitchTo(old);
}

const char *
hub_page_begin(HubRowBuilder *builder, const char *body, size_t size, bool one,
			   const char *const *inputs)
{
	JsonCheck	check;
	const char *problem;

	memset(&builder->outer, 0, sizeof(JsonCursor));
	memset(&builder->items, 0, sizeof(JsonCursor));
	memset(&builder->row.group, 0, sizeof(JsonSlice));
	builder->info = (HubPageInfo) {0, -1, -1, -1, false, builder->row.replaced};
	builder->enveloped = false;
	builder->have_row = false;
	builder->row.ordinal = 0;
	if (!json_check(body, size, &check))
		problem = psprintf("%s at byte %zu", check.problem, check.offset + 1);
	else
		problem = begin_items(builder, &check, one);
	if (problem != NULL)
	{
		memset(&builder->outer, 0, sizeof(JsonCursor));
		builder->enveloped = false;
		return problem;
	}
	begin_echoes(builder, inputs);
	return NULL;
}

/* Rows ------------------------------------------------------------------- */

/* Finds what the columns need in the next item. */
static bool
next_item(HubRowBuilder *builder, JsonSlice *item)
{
	while (!row_paths_capture(builder->paths, &builder->items, item))
	{
		JsonSlice	value;

		if (!builder->enveloped)
			return false;
		do
		{
			if (!json_member(&builder->outer, &builder->row.group, &value))
				return false;
		} while (value.kind != JSON_ARRAY ||
				 !names_rows(builder->table->rows, builder->row.group));
		builder->items = json_enter(value);
	}
	return true;
}

static void
row_error_context(void *arg)
{
	const RowContext *row = arg;

	if (row->column != NULL)
		errcontext("column \"%s\" of \"%s\" in an answer for table \"%s\"",
				   row->column->name, row_label(row), row->table->name);
}

/* A cell that the viewer cut off: NULL where the table says so, else an error. */
static bool
cell_is_cut(const HubRowBuilder *builder, const HubColumn *column)
{
	JsonCursor	cursor = json_enter(row_source_value(builder->paths, &builder->cut));
	JsonSlice	name;

	if (column->param == NULL)
		return false;			/* none of the dataset's own */
	while (json_element(&cursor, &name))
	{
		if (!json_key_is(name, column->param, strlen(column->param)))
			continue;
		if (!builder->table->dataset->allow_truncated)
			ereport(ERROR,
					errcode(ERRCODE_FDW_ERROR),
					errmsg("the dataset viewer cut off a cell of column \"%s\"",
						   column->name),
					errdetail("This is so at the row with row_idx %s.",
							  row_label(&builder->row)),
					errhint("Leave the column out, or set the table's option truncated to 'null' and see the column truncated_cells."));
		return true;
	}
	return false;
}

static Datum
field_value(HubRowBuilder *builder, const RowField *field, bool *isnull)
{
	if (field->echo)
	{
		*isnull = field->isnull;
		return field->value;
	}
	builder->row.column = field->column;
	if (builder->table->dataset != NULL && cell_is_cut(builder, field->column))
	{
		*isnull = true;
		return (Datum) 0;
	}
	return row_value(&builder->row, &field->source,
					 row_source_value(builder->paths, &field->source), isnull);
}

bool
hub_page_next(HubRowBuilder *builder, Datum *values, bool *isnull)
{
	ErrorContextCallback callback;
	JsonSlice	item;

	builder->have_row = false;
	if (!next_item(builder, &item))
		return false;
	CHECK_FOR_INTERRUPTS();
	builder->row.ordinal++;
	builder->row.label = row_source_value(builder->paths, &builder->label);
	builder->row.id = row_source_value(builder->paths, &builder->id);
	if (item.kind != JSON_OBJECT)
		ereport(ERROR,
				errcode(ERRCODE_FDW_ERROR),
				errmsg("entry " INT64_FORMAT " of an answer for table \"%s\" is not an object",
					   builder->row.ordinal, builder->table->name));

	callback.callback = row_error_context;
	callback.arg = &builder->row;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	memset(isnull, true, sizeof(bool) * builder->attrs);
	for (int i = 0; i < builder->fields; i++)
	{
		const RowField *field = &builder->field[i];

		values[field->attr] = field_value(builder, field, &isnull[field->attr]);
	}
	builder->row.column = NULL;
	error_context_stack = callback.previous;
	builder->info.replaced = builder->row.replaced;
	builder->have_row = true;
	return true;
}

const char *
hub_page_identity(HubRowBuilder *builder, size_t *size)
{
	JsonSlice	value = row_source_value(builder->paths, &builder->identity);

	if (!builder->have_row || value.kind <= JSON_NULL)
		return NULL;
	*size = value.size;
	return value.at;
}

Datum
hub_page_column(HubRowBuilder *builder, int column, bool *isnull)
{
	const RowField *field = builder->wanted[column];
	Datum		value;

	if (field == NULL || !builder->have_row)
		elog(ERROR, "column %d of table \"%s\" was not wanted",
			 column, builder->table->name);
	value = field_value(builder, field, isnull);
	builder->row.column = NULL;
	return value;
}

const HubPageInfo *
hub_page_info(const HubRowBuilder *builder)
{
	return &builder->info;
}

/* Types ------------------------------------------------------------------ */

Oid
hub_type_oid(HubType type)
{
	static const Oid oids[] = {
		[HUB_TEXT] = TEXTOID,
		[HUB_TEXT_ARRAY] = TEXTARRAYOID,
		[HUB_BIGINT] = INT8OID,
		[HUB_DOUBLE] = FLOAT8OID,
		[HUB_BOOLEAN] = BOOLOID,
		[HUB_TIMESTAMPTZ] = TIMESTAMPTZOID,
		[HUB_DATE] = DATEOID,
		[HUB_JSONB] = JSONBOID,
		[HUB_NUMERIC] = NUMERICOID,
		[HUB_TIMESTAMP] = TIMESTAMPOID,
		[HUB_TIME] = TIMEOID,
		[HUB_BIGINT_ARRAY] = INT8ARRAYOID,
		[HUB_DOUBLE_ARRAY] = FLOAT8ARRAYOID,
		[HUB_BOOLEAN_ARRAY] = BOOLARRAYOID,
		[HUB_NUMERIC_ARRAY] = NUMERICARRAYOID,
		[HUB_TIMESTAMP_ARRAY] = TIMESTAMPARRAYOID,
		[HUB_TIMESTAMPTZ_ARRAY] = TIMESTAMPTZARRAYOID,
		[HUB_DATE_ARRAY] = DATEARRAYOID
	};

	return oids[type];
}
