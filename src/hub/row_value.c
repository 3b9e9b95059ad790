/*
 * row_value.c
 *		Makes a Datum of one JSON value, as the column's type wants it.
 *
 * Called by row.c for each needed column of each row.  Absent and null give
 * NULL.  A value of another kind than the column's is an error that names
 * column and row, except where a mixed kind is the rule: text takes numbers,
 * booleans and containers as written, text[] takes a scalar as its only
 * element.  Every text is converted to the server's encoding by itself.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "hub/language.h"
#include "hub/row_parts.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* Above this, output is measured first instead of reserved threefold. */
#define ROW_MEASURE_FROM	65536

#define ROW_SHOWN			60	/* bytes of a value in messages */

/* Messages --------------------------------------------------------------- */

/* Bytes of the answer as text for a message: short, valid, never failing. */
static char *
shown(JsonSlice value)
{
	JsonSlice	part = value;
	int64		replaced = 0;
	char	   *text;
	size_t		size;

	part.size = Min(part.size, ROW_SHOWN);
	part.flags = JSON_HIGH;		/* no escapes are undone */
	part.kind = JSON_STRING;
	text = palloc(json_text_bound(part) + 4);
	size = json_text(part, text, &replaced);
	strcpy(text + size, part.size < value.size ? "…" : "");
	if (GetDatabaseEncoding() != PG_UTF8)
		for (char *p = text; *p != '\0'; p++)
			if (IS_HIGHBIT_SET(*p))
				*p = '?';
	return text;
}

char *
row_label(const RowContext *row)
{
	if (row->label.kind > JSON_NULL)
		return shown(row->label);
	return pstrdup(row->label_text != NULL ? row->label_text : "an entry without a name");
}

static const char *
kind_name(JsonKind kind)
{
	switch (kind)
	{
		case JSON_STRING:
			return "a string";
		case JSON_NUMBER:
			return "a number";
		case JSON_TRUE:
		case JSON_FALSE:
			return "a boolean";
		case JSON_ARRAY:
			return "an array";
		case JSON_OBJECT:
			return "an object";
		default:
			return "null";
	}
}

static void
wrong_kind(const RowContext *row, JsonSlice value)
{
	ereport(ERROR,
			errcode(ERRCODE_FDW_INVALID_DATA_TYPE),
			errmsg("column \"%s\" of \"%s\" cannot be read as %s",
				   row->column->name, row_label(row),
				   hub_type_name(row->column->type)),
			errdetail("The answer holds %s: %s.", kind_name(value.kind), shown(value)));
}

static void
out_of_range(const RowContext *row, JsonSlice value)
{
	ereport(ERROR,
			errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			errmsg("value in column \"%s\" of \"%s\" is out of range for type %s",
				   row->column->name, row_label(row),
				   hub_type_name(row->column->type)),
			errdetail("The answer holds %s.", shown(value)));
}

/* Text ------------------------------------------------------------------- */

typedef size_t (*Writer) (JsonSlice value, char *out, int64_t *replaced);

static size_t
write_room(Writer writer, JsonSlice value)
{
	int64_t		replaced = 0;

	if (value.size < ROW_MEASURE_FROM)
		return json_text_bound(value);
	return writer(value, NULL, &replaced);
}

/*
 * Writes VALUE behind HEAD free bytes, with a NUL at the end, in the server's
 * encoding.
 */
static char *
written(RowContext *row, Writer writer, JsonSlice value, size_t head, size_t *size)
{
	char	   *out = palloc(head + write_room(writer, value) + 1);
	char	   *converted;
	int64_t		replaced = 0;

	*size = writer(value, out + head, &replaced);
	row->replaced += replaced;
	out[head + *size] = '\0';
	if (GetDatabaseEncoding() == PG_UTF8)
		return out;				/* well-formed by the writer's promise */
	converted = pg_any_to_server(out + head, (int) *size, PG_UTF8);
	if (converted == out + head)
		return out;
	*size = strlen(converted);
	out = palloc(head + *size + 1);
	memcpy(out + head, converted, *size + 1);
	return out;
}

/* A string is unescaped, all else stays as it is written. */
static inline Writer
writer_for(JsonSlice value)
{
	return value.kind == JSON_STRING ? json_text : json_clean;
}

/* Part of a tag: the bytes of a string without flags, or an escaped one. */
static Datum
text_datum(RowContext *row, JsonSlice value)
{
	size_t		size;
	char	   *out;

	if (value.flags == 0 && value.kind < JSON_ARRAY)
	{
		out = palloc(value.size + VARHDRSZ);
		memcpy(out + VARHDRSZ, value.at, value.size);
		size = value.size;
	}
	else
		out = written(row, writer_for(value), value, VARHDRSZ, &size);
	SET_VARSIZE(out, size + VARHDRSZ);
	return PointerGetDatum(out);
}

static char *
plain_string(RowContext *row, JsonSlice value)
{
	size_t		size;

	return written(row, writer_for(value), value, 0, &size);
}

/* text[] ----------------------------------------------------------------- */

/* A text[] that grows: elements are written where they will stay. */
typedef struct TextArray
{
	char	   *data;
	size_t		used;
	size_t		room;
	int			count;
} TextArray;

#define TEXT_ARRAY_HEAD		ARR_OVERHEAD_NONULLS(1)

static void
array_begin(TextArray *array, size_t guess)
{
	array->room = TEXT_ARRAY_HEAD + guess;
	array->data = palloc(array->room);
	array->used = TEXT_ARRAY_HEAD;
	array->count = 0;
}

/* Room for a text of SIZE bytes behind its header. */
static inline char *
array_reserve(TextArray *array, size_t size)
{
	size_t		need = array->used + VARHDRSZ + size + MAXIMUM_ALIGNOF;

	if (need > array->room)
	{
		array->room = Max(need, array->room * 2);
		array->data = repalloc_huge(array->data, array->room);
	}
	return array->data + array->used + VARHDRSZ;
}

/* The text is written: gives it its header and pads to the next. */
static inline void
array_close(TextArray *array, size_t size)
{
	size_t		next = array->used + INTALIGN(VARHDRSZ + size);

	SET_VARSIZE(array->data + array->used, VARHDRSZ + size);
	memset(array->data + array->used + VARHDRSZ + size, 0,
		   next - (array->used + VARHDRSZ + size));
	array->used = next;
	array->count++;
}

static void
array_add(TextArray *array, RowContext *row, JsonSlice value)
{
	if (value.flags == 0 && value.kind < JSON_ARRAY)
	{
		memcpy(array_reserve(array, value.size), value.at, value.size);
		array_close(array, value.size);
	}
	else
	{
		size_t		size;
		char	   *text = written(row, writer_for(value), value, 0, &size);

		memcpy(array_reserve(array, size), text, size);
		array_close(array, size);
		pfree(text);
	}
}

static Datum
array_datum(const RowContext *row, TextArray *array)
{
	ArrayType  *result = (ArrayType *) array->data;

	if (array->count == 0)
		return PointerGetDatum(construct_empty_array(TEXTOID));
	if (array->used > MaxAllocSize)
		ereport(ERROR,
				errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				errmsg("column \"%s\" of \"%s\" is too long for an array",
					   row->column->name, row_label(row)));
	SET_VARSIZE(result, array->used);
	result->ndim = 1;
	result->dataoffset = 0;
	result->elemtype = TEXTOID;
	ARR_DIMS(result)[0] = array->count;
	ARR_LBOUND(result)[0] = 1;
	return PointerGetDatum(result);
}

static Datum
text_array_datum(RowContext *row, const RowSource *source, JsonSlice value)
{
	TextArray	array;
	JsonCursor	cursor = json_enter(value);
	JsonSlice	element;

	array_begin(&array, value.size + value.size / 2 + 32);
	if (value.kind == JSON_OBJECT)
		wrong_kind(row, value);
	if (value.kind != JSON_ARRAY)
		array_add(&array, row, value);
	while (json_element(&cursor, &element))
	{
		element = row_element_value(source, element);
		if (element.kind > JSON_NULL)
			array_add(&array, row, element);
	}
	return array_datum(row, &array);
}

/* Out of tags ------------------------------------------------------------ */

/* The part of TAG behind PREFIX; false if it begins otherwise. */
static bool
tag_part(JsonSlice tag, const char *prefix, JsonSlice *part)
{
	size_t		size = strlen(prefix);

	if (tag.kind != JSON_STRING || tag.size <= size ||
		memcmp(tag.at, prefix, size) != 0)
		return false;
	*part = tag;
	part->at += size;
	part->size -= size;
	return true;
}

static bool
tag_is_relation(JsonSlice part, JsonSlice *relation, JsonSlice *parent)
{
	static const char *const names[] = {"finetune", "adapter", "quantized", "merge"};

	for (int i = 0; i < lengthof(names); i++)
	{
		size_t		size = strlen(names[i]);

		if (part.size > size && memcmp(part.at, names[i], size) == 0 &&
			part.at[size] == ':')
		{
			*relation = part;
			relation->size = size;
			*parent = part;
			parent->at += size + 1;
			parent->size -= size + 1;
			return true;
		}
	}
	return false;
}

/* Is the same text among the elements already? */
static bool
array_has(const TextArray *array, JsonSlice value)
{
	size_t		at = TEXT_ARRAY_HEAD;

	for (int i = 0; i < array->count; i++)
	{
		const char *text = array->data + at;

		if (VARSIZE(text) - VARHDRSZ == value.size &&
			memcmp(text + VARHDRSZ, value.at, value.size) == 0)
			return true;
		at += INTALIGN(VARSIZE(text));
	}
	return false;
}

/* Parents are few; a hostile page could name many, so the search is bounded. */
#define ROW_MAX_PARENTS		1000

static Datum
tags_array_datum(RowContext *row, JsonSlice tags)
{
	HubDerive	derive = row->column->derive;
	TextArray	array;
	JsonCursor	cursor = json_enter(tags);
	JsonSlice	tag;
	JsonSlice	part;
	JsonSlice	relation;

	array_begin(&array, 64);
	while (json_element(&cursor, &tag))
	{
		if (derive == HUB_DERIVE_LANGUAGES)
		{
			if (tag.kind == JSON_STRING && hub_language_code(tag.at, tag.size))
				array_add(&array, row, tag);
		}
		else if (derive == HUB_DERIVE_TAGS)
		{
			if (tag_part(tag, row->column->prefix, &part))
				array_add(&array, row, part);
		}
		else if (tag_part(tag, "base_model:", &part))
		{
			tag_is_relation(part, &relation, &part);
			if (array.count > ROW_MAX_PARENTS || !array_has(&array, part))
				array_add(&array, row, part);
		}
	}
	return array_datum(row, &array);
}

static Datum
tag_datum(RowContext *row, JsonSlice tags, bool *isnull)
{
	JsonCursor	cursor = json_enter(tags);
	JsonSlice	tag;
	JsonSlice	part;
	JsonSlice	parent;

	while (json_element(&cursor, &tag))
	{
		if (row->column->derive == HUB_DERIVE_TAG)
		{
			if (tag_part(tag, row->column->prefix, &part))
				return text_datum(row, part);
		}
		else if (tag_part(tag, "base_model:", &part) &&
				 tag_is_relation(part, &part, &parent))
			return text_datum(row, part);
	}
	*isnull = true;
	return (Datum) 0;
}

static Datum
namespace_datum(RowContext *row, JsonSlice value, bool *isnull)
{
	const char *slash;

	if (value.kind > JSON_NULL)
		return text_datum(row, value);
	value = row->id;
	slash = value.kind == JSON_STRING ? memchr(value.at, '/', value.size) : NULL;
	if (slash == NULL)
	{
		*isnull = true;
		return (Datum) 0;
	}
	value.size = slash - value.at;
	return text_datum(row, value);
}

/* Other types ------------------------------------------------------------ */

static Datum
bigint_datum(const RowContext *row, JsonSlice value)
{
	int64_t		result;

	if (value.kind != JSON_NUMBER)
		wrong_kind(row, value);
	switch (json_integer(value, &result))
	{
		case JSON_INTEGER:
			break;
		case JSON_NOT_INTEGER:
			wrong_kind(row, value);
			break;
		case JSON_OUT_OF_RANGE:
			out_of_range(row, value);
			break;
	}
	return Int64GetDatum(result);
}

static Datum
double_datum(const RowContext *row, JsonSlice value)
{
	double		result;

	if (value.kind != JSON_NUMBER)
		wrong_kind(row, value);
	if (!json_double(value, &result))
		out_of_range(row, value);
	return Float8GetDatum(result);
}

static Datum
timestamp_datum(RowContext *row, JsonSlice value)
{
	int64_t		micros;

	if (value.kind != JSON_STRING)
		wrong_kind(row, value);
	if (value.flags == 0 && json_timestamp(value.at, value.size, &micros))
		return TimestampTzGetDatum(micros);
	return DirectFunctionCall3(timestamptz_in,
							   CStringGetDatum(plain_string(row, value)),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

static Datum
date_datum(RowContext *row, JsonSlice value)
{
	int32_t		days;
	int64_t		micros;

	if (value.kind != JSON_STRING)
		wrong_kind(row, value);
	if (value.flags == 0 && (json_date(value.at, value.size, &days) ||
							 (json_timestamp(value.at, value.size, &micros) &&
							  json_date(value.at, 10, &days))))
		return DateADTGetDatum(days);
	return DirectFunctionCall1(date_in, CStringGetDatum(plain_string(row, value)));
}

static Datum
jsonb_from(RowContext *row, Writer writer, JsonSlice value)
{
	size_t		size;

	return DirectFunctionCall1(jsonb_in,
							   CStringGetDatum(written(row, writer, value, 0, &size)));
}

/*
 * Lists send [{"provider":"p",…}, …], single answers {"p":{…}, …}; both
 * become the latter.  An entry without a provider is left out.
 */
static size_t
write_providers(JsonSlice value, char *out, int64_t *replaced)
{
	JsonCursor	cursor = json_enter(value);
	JsonSlice	entry;
	size_t		at = 0;

#define PUT(byte) (out != NULL ? (void) (out[at] = (byte)) : (void) 0, at++)
#define CLEAN(slice) (at += json_clean(slice, out != NULL ? out + at : NULL, replaced))
	PUT('{');
	while (json_element(&cursor, &entry))
	{
		JsonSlice	provider = json_get(entry, "provider");
		JsonCursor	members = json_enter(entry);
		JsonSlice	key;
		JsonSlice	member;
		bool		first = true;

		if (provider.kind != JSON_STRING)
			continue;
		if (at > 1)
			PUT(',');
		CLEAN(provider);
		PUT(':');
		PUT('{');
		while (json_member(&members, &key, &member))
		{
			if (json_key_is(key, "provider", 8))
				continue;
			if (!first)
				PUT(',');
			first = false;
			CLEAN(key);
			PUT(':');
			CLEAN(member);
		}
		PUT('}');
	}
	PUT('}');
#undef PUT
#undef CLEAN
	return at;
}

static Datum
as_sent(RowContext *row, const RowSource *source, JsonSlice value)
{
	switch (row->column->type)
	{
		case HUB_TEXT:
			return text_datum(row, value);
		case HUB_TEXT_ARRAY:
			return text_array_datum(row, source, value);
		case HUB_BIGINT:
			return bigint_datum(row, value);
		case HUB_DOUBLE:
			return double_datum(row, value);
		case HUB_BOOLEAN:
			if (value.kind != JSON_TRUE && value.kind != JSON_FALSE)
				wrong_kind(row, value);
			return BoolGetDatum(value.kind == JSON_TRUE);
		case HUB_TIMESTAMPTZ:
			return timestamp_datum(row, value);
		case HUB_DATE:
			return date_datum(row, value);
		case HUB_JSONB:
			return jsonb_from(row, json_clean, value);
		case HUB_NUMERIC:
			if (value.kind != JSON_NUMBER && value.kind != JSON_STRING)
				wrong_kind(row, value);
			return DirectFunctionCall3(numeric_in, CStringGetDatum(plain_string(row, value)),
									   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
		case HUB_TIMESTAMP:
			if (value.kind != JSON_STRING)
				wrong_kind(row, value);
			return DirectFunctionCall3(timestamp_in, CStringGetDatum(plain_string(row, value)),
									   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
		case HUB_TIME:
			if (value.kind != JSON_STRING)
				wrong_kind(row, value);
			return DirectFunctionCall3(time_in, CStringGetDatum(plain_string(row, value)),
									   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
		default:
			break;				/* arrays are made by row_list() */
	}
	elog(ERROR, "unknown type of column \"%s\"", row->column->name);
	return (Datum) 0;
}

/* The type of an array's elements. */
static HubType
element_type(HubType type)
{
	switch (type)
	{
		case HUB_BIGINT_ARRAY:
			return HUB_BIGINT;
		case HUB_DOUBLE_ARRAY:
			return HUB_DOUBLE;
		case HUB_BOOLEAN_ARRAY:
			return HUB_BOOLEAN;
		case HUB_NUMERIC_ARRAY:
			return HUB_NUMERIC;
		case HUB_TIMESTAMP_ARRAY:
			return HUB_TIMESTAMP;
		case HUB_TIMESTAMPTZ_ARRAY:
			return HUB_TIMESTAMPTZ;
		case HUB_DATE_ARRAY:
			return HUB_DATE;
		default:
			return HUB_TEXT;
	}
}

/* An array as it is: elements in order, null ones too. */
static Datum
list_datum(RowContext *row, const RowSource *source, JsonSlice value)
{
	HubColumn	element = *row->column;
	const HubColumn *column = row->column;
	JsonCursor	cursor = json_enter(value);
	JsonSlice	item;
	Datum	   *items;
	bool	   *nulls;
	int			room = 0,
				count = 0,
				low = 1;
	int16		len;
	bool		byval;
	char		align;

	if (value.kind != JSON_ARRAY)
		wrong_kind(row, value);
	element.type = element_type(column->type);
	while (json_element(&cursor, &item))
		room++;
	items = palloc(Max(room, 1) * sizeof(Datum));
	nulls = palloc(Max(room, 1) * sizeof(bool));
	cursor = json_enter(value);
	row->column = &element;
	for (; json_element(&cursor, &item); count++)
	{
		nulls[count] = item.kind <= JSON_NULL;
		items[count] = nulls[count] ? (Datum) 0 : as_sent(row, source, item);
	}
	row->column = column;
	if (count == 0)
		return PointerGetDatum(construct_empty_array(hub_type_oid(element.type)));
	get_typlenbyvalalign(hub_type_oid(element.type), &len, &byval, &align);
	return PointerGetDatum(construct_md_array(items, nulls, 1, &count, &low,
											  hub_type_oid(element.type),
											  len, byval, align));
}

/* The name that a class label's number stands for; -1: it has none. */
static Datum
label_datum(RowContext *row, JsonSlice value, bool *isnull)
{
	int64_t		number;
	int			count = 0;

	if (value.kind != JSON_NUMBER || json_integer(value, &number) != JSON_INTEGER)
		wrong_kind(row, value);
	while (row->column->labels[count] != NULL)
		count++;
	if (number >= count)
		ereport(ERROR,
				errcode(ERRCODE_FDW_ERROR),
				errmsg("label " INT64_FORMAT " in column \"%s\" of \"%s\" has no name",
					   (int64) number, row->column->name, row_label(row)),
				errdetail("The column knows %d names.", count),
				errhint("The dataset has changed: import its tables anew."));
	*isnull = number < 0;
	return *isnull ? (Datum) 0 : CStringGetTextDatum(row->column->labels[number]);
}

/* The value of row->column, found as VALUE. */
Datum
row_value(RowContext *row, const RowSource *source, JsonSlice value, bool *isnull)
{
	*isnull = false;
	switch (row->column->derive)
	{
		case HUB_DERIVE_NAMESPACE:
			return namespace_datum(row, value, isnull);
		case HUB_DERIVE_ORDINAL:
			return Int64GetDatum(row->ordinal);
		case HUB_DERIVE_GROUP:
			value = row->group;
			break;
		default:
			break;
	}
	if (value.kind <= JSON_NULL)
	{
		*isnull = true;
		return (Datum) 0;
	}
	switch (row->column->derive)
	{
		case HUB_DERIVE_TAG:
		case HUB_DERIVE_BASE_RELATION:
			return tag_datum(row, value, isnull);
		case HUB_DERIVE_TAGS:
		case HUB_DERIVE_LANGUAGES:
		case HUB_DERIVE_BASE_MODELS:
			return tags_array_datum(row, value);
		case HUB_DERIVE_LIST:
			return list_datum(row, source, value);
		case HUB_DERIVE_LABEL:
			return label_datum(row, value, isnull);
		case HUB_DERIVE_PROVIDERS:
			if (value.kind == JSON_ARRAY)
				return jsonb_from(row, write_providers, value);
			break;
		default:
			break;
	}
	return as_sent(row, source, value);
}

/* An input or key column repeats what was asked for. */
Datum
row_echo(const HubColumn *column, const char *text)
{
	Datum		string = CStringGetDatum(text);

	switch (column->type)
	{
		case HUB_TEXT:
			return DirectFunctionCall1(textin, string);
		case HUB_BIGINT:
			return DirectFunctionCall1(int8in, string);
		case HUB_DOUBLE:
			return DirectFunctionCall1(float8in, string);
		case HUB_BOOLEAN:
			return DirectFunctionCall1(boolin, string);
		case HUB_DATE:
			return DirectFunctionCall1(date_in, string);
		case HUB_TIMESTAMPTZ:
			return DirectFunctionCall3(timestamptz_in, string,
									   ObjectIdGetDatum(InvalidOid),
									   Int32GetDatum(-1));
		default:
			elog(ERROR, "column \"%s\" cannot be an input", column->name);
	}
	return (Datum) 0;
}
