/*
 * dataset_type.c
 *		The viewer's features, by name and by SQL type.
 *
 * A feature is JSON: {"_type":"Value","dtype":"int64"}, {"_type":"List",
 * "feature":{…}}, {"_type":"ClassLabel","names":[…]}, an object of features
 * for a struct, an array of one for a list.  IMPORT writes its short name
 * into the column option "feature"; each page is held against it.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "hub/dataset.h"

#define FEATURE_DEPTH	5		/* of lists in lists in a name */

/* Text of a JSON string in the server's encoding. */
char *
hub_json_string(JsonSlice string)
{
	int64_t		replaced = 0;
	char	   *text;
	size_t		size;

	if (string.kind != JSON_STRING)
		return NULL;
	text = palloc(json_text_bound(string) + 1);
	size = json_text(string, text, &replaced);
	text[size] = '\0';
	return pg_any_to_server(text, (int) size, PG_UTF8);
}

/* The element of a list, in any of its spellings; JSON_ABSENT: no list. */
static JsonSlice
list_element(JsonSlice type)
{
	JsonSlice	none = {NULL, 0, JSON_ABSENT, 0};
	JsonSlice	kind = json_get(type, "_type");
	JsonCursor	cursor;
	JsonSlice	element;

	if (type.kind == JSON_ARRAY)
	{
		cursor = json_enter(type);
		return json_element(&cursor, &element) ? element : none;
	}
	if (kind.kind != JSON_STRING ||
		!(json_key_is(kind, "List", 4) || json_key_is(kind, "LargeList", 9) ||
		  json_key_is(kind, "Sequence", 8)))
		return none;
	return json_get(type, "feature");
}

static void
append_name(StringInfo to, JsonSlice type, int depth)
{
	JsonSlice	kind = json_get(type, "_type");
	JsonSlice	element = list_element(type);

	if (element.kind != JSON_ABSENT && depth < FEATURE_DEPTH)
	{
		appendStringInfoString(to, "List(");
		append_name(to, element, depth + 1);
		appendStringInfoChar(to, ')');
	}
	else if (kind.kind != JSON_STRING)
		appendStringInfoString(to, element.kind != JSON_ABSENT ? "List" : "Struct");
	else if (json_key_is(kind, "Value", 5))
	{
		char	   *dtype = hub_json_string(json_get(type, "dtype"));

		appendStringInfoString(to, dtype && dtype[0] ? dtype : "unknown");
	}
	else
		appendStringInfoString(to, hub_json_string(kind));
}

char *
hub_feature_name(JsonSlice type)
{
	StringInfoData to;

	initStringInfo(&to);
	append_name(&to, type, 0);
	return to.data;
}

static bool
is_one_of(const char *feature, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(feature, *names) == 0)
			return true;
	return false;
}

bool
hub_feature_is_integer(const char *feature)
{
	static const char *const names[] = {
		"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
		"uint64", HUB_FEATURE_LABEL, NULL
	};

	return is_one_of(feature, names);
}

bool
hub_feature_is_float(const char *feature)
{
	static const char *const names[] = {
		"float16", "float32", "float64", "float", "double", NULL
	};

	return is_one_of(feature, names);
}

bool
hub_feature_is_text(const char *feature)
{
	static const char *const names[] = {
		"string", "large_string", "string_view", NULL
	};

	return is_one_of(feature, names);
}

static bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static HubType
value_type(const char *feature)
{
	if (strcmp(feature, "uint64") == 0 || starts(feature, "decimal"))
		return HUB_NUMERIC;
	if (hub_feature_is_integer(feature))
		return HUB_BIGINT;
	if (hub_feature_is_float(feature))
		return HUB_DOUBLE;
	if (hub_feature_is_text(feature))
		return HUB_TEXT;
	if (strcmp(feature, "bool") == 0)
		return HUB_BOOLEAN;
	if (starts(feature, "timestamp["))
		return strstr(feature, "tz=") ? HUB_TIMESTAMPTZ : HUB_TIMESTAMP;
	if (starts(feature, "date"))
		return HUB_DATE;
	if (starts(feature, "time32") || starts(feature, "time64"))
		return HUB_TIME;
	return HUB_JSONB;			/* images, audio, structs, binary, … */
}

/* The SQL type of a feature; what has none is jsonb, as the viewer sends it. */
HubType
hub_feature_type(JsonSlice type)
{
	char	   *feature = hub_feature_name(type);
	size_t		size = strlen(feature);

	if (!starts(feature, "List(") || feature[size - 1] != ')')
		return value_type(feature);
	feature[size - 1] = '\0';
	switch (value_type(feature + 5))
	{
		case HUB_BIGINT:
			return HUB_BIGINT_ARRAY;
		case HUB_DOUBLE:
			return HUB_DOUBLE_ARRAY;
		case HUB_TEXT:
			return HUB_TEXT_ARRAY;
		case HUB_BOOLEAN:
			return HUB_BOOLEAN_ARRAY;
		case HUB_NUMERIC:
			return HUB_NUMERIC_ARRAY;
		case HUB_TIMESTAMP:
			return HUB_TIMESTAMP_ARRAY;
		case HUB_TIMESTAMPTZ:
			return HUB_TIMESTAMPTZ_ARRAY;
		case HUB_DATE:
			return HUB_DATE_ARRAY;
		default:
			return HUB_JSONB;	/* lists of lists, of structs */
	}
}

/* Names of class labels as one option: the JSON array that the viewer sent. */
char *
hub_label_names(JsonSlice type)
{
	JsonSlice	names = json_get(type, "names");
	int64_t		replaced = 0;
	char	   *text;
	size_t		size;

	if (names.kind != JSON_ARRAY)
		return NULL;
	text = palloc(json_clean(names, NULL, &replaced) + 1);
	size = json_clean(names, text, &replaced);
	text[size] = '\0';
	return pg_any_to_server(text, (int) size, PG_UTF8);
}

/* The names in such an option, or NULL: it is no JSON array of strings. */
const char *const *
hub_labels_read(const char *names)
{
	const char *utf8 = pg_server_to_any(names, strlen(names), PG_UTF8);
	JsonCheck	check;
	JsonCursor	cursor;
	JsonSlice	name;
	const char **labels;
	int			count = 0;

	if (!json_check(utf8, strlen(utf8), &check) || check.root.kind != JSON_ARRAY)
		return NULL;
	labels = palloc0(sizeof(char *) * (check.members + 1));
	cursor = json_enter(check.root);
	while (json_element(&cursor, &name))
	{
		labels[count] = hub_json_string(name);
		if (labels[count++] == NULL)
			return NULL;
	}
	return labels;
}
