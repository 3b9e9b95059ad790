/*
 * tags.c
 *		Values of "key:value" tags.
 *
 * A key may hold colons itself ("base_model:finetune"): a tag belongs to it if
 * it begins with the key and a colon.  NULL tags are passed over.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"

typedef struct TagWalk
{
	Datum	   *tags;
	bool	   *nulls;
	int			count;
	int			next;
	const char *key;
	size_t		key_len;
} TagWalk;

static void
begin_tags(FunctionCallInfo fcinfo, const char *function, TagWalk *walk)
{
	ArrayType  *tags = PG_GETARG_ARRAYTYPE_P(0);
	text	   *key = PG_GETARG_TEXT_PP(1);

	walk->key = VARDATA_ANY(key);
	walk->key_len = VARSIZE_ANY_EXHDR(key);
	if (walk->key_len == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key of %s must not be empty", function)));
	walk->next = 0;
	deconstruct_array(tags, TEXTOID, -1, false, TYPALIGN_INT,
					  &walk->tags, &walk->nulls, &walk->count);
}

/* The next value, or NULL at the end. */
static text *
next_value(TagWalk *walk)
{
	while (walk->next < walk->count)
	{
		int			i = walk->next++;
		text	   *tag;
		size_t		len;

		if (walk->nulls[i])
			continue;
		tag = DatumGetTextPP(walk->tags[i]);
		len = VARSIZE_ANY_EXHDR(tag);
		if (len > walk->key_len && VARDATA_ANY(tag)[walk->key_len] == ':' &&
			memcmp(VARDATA_ANY(tag), walk->key, walk->key_len) == 0)
			return cstring_to_text_with_len(VARDATA_ANY(tag) + walk->key_len + 1,
											len - walk->key_len - 1);
	}
	return NULL;
}

PG_FUNCTION_INFO_V1(pghub_tag_value);
Datum
pghub_tag_value(PG_FUNCTION_ARGS)
{
	TagWalk		walk;
	text	   *value;

	begin_tags(fcinfo, "tag_value", &walk);
	value = next_value(&walk);
	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(value);
}

PG_FUNCTION_INFO_V1(pghub_tag_values);
Datum
pghub_tag_values(PG_FUNCTION_ARGS)
{
	TagWalk		walk;
	Datum	   *values;
	text	   *value;
	int			count = 0;

	begin_tags(fcinfo, "tag_values", &walk);
	values = palloc(sizeof(Datum) * Max(walk.count, 1));
	while ((value = next_value(&walk)) != NULL)
		values[count++] = PointerGetDatum(value);
	PG_RETURN_ARRAYTYPE_P(construct_array(values, count, TEXTOID, -1, false, TYPALIGN_INT));
}
