/*
 * fuzz_json.c
 *		The JSON parser: a text that passes json_check() can be walked whole,
 *		its strings become sound text, its rewriting is JSON again.
 *
 * fuzz-sources: src/hub/json.c src/hub/json_text.c src/hub/json_scalar.c
 */
#include "fuzz.h"
#include "hub/json.h"

static char *
written(size_t (*writer) (JsonSlice, char *, int64_t *), JsonSlice value, size_t *size,
		int64_t *replaced)
{
	int64_t		measured_replaced = 0;
	size_t		measured = writer(value, NULL, &measured_replaced);
	char	   *out = malloc(json_text_bound(value) + measured + 1);

	*replaced = 0;
	*size = writer(value, out, replaced);
	CHECK(*size == measured && *replaced == measured_replaced);
	CHECK(*size <= json_text_bound(value));
	return out;
}

static void
check_string(JsonSlice string)
{
	size_t		size;
	int64_t		replaced;
	char	   *text = written(json_text, string, &size, &replaced);
	int64_t		micros;
	int32_t		days;

	CHECK(is_sound_text(text, size));
	CHECK(string.flags != 0 || size == string.size);
	(void) json_timestamp(string.at, string.size, &micros);
	(void) json_date(string.at, string.size, &days);
	if (replaced == 0)
		CHECK(json_key_is(string, text, size));
	free(text);
}

static void
check_clean(JsonSlice value)
{
	size_t		size;
	int64_t		replaced;
	char	   *clean = written(json_clean, value, &size, &replaced);
	JsonCheck	again;

	CHECK(json_check(clean, size, &again));
	CHECK(is_sound_text(clean, size));
	free(clean);
}

/* The walk that does not look for the end first comes to the same end. */
static void
walk_open(JsonSlice value, size_t members)
{
	JsonCursor	outer = {value.at, value.at + value.size};
	JsonCursor	object;
	JsonSlice	key,
				member;

	CHECK(json_open(&outer, &object));
	for (; json_key(&object, &key); members--)
		CHECK(members > 0 && json_element(&object, &member));
	CHECK(members == 0);
	member = json_close(&outer, &object);
	CHECK(member.kind == JSON_OBJECT && member.at == value.at && member.size == value.size);
	CHECK(outer.at == outer.end);
}

static void
walk(JsonSlice value, int depth, bool sound)
{
	JsonCursor	cursor = json_enter(value);
	JsonSlice	key,
				member;
	size_t		members = 0;
	int64_t		integer;
	double		number;

	CHECK(depth <= JSON_MAX_DEPTH + 1);
	switch (value.kind)
	{
		case JSON_STRING:
			if (sound)
				check_string(value);
			break;
		case JSON_NUMBER:
			(void) json_integer(value, &integer);
			(void) json_double(value, &number);
			break;
		case JSON_ARRAY:
			while (json_element(&cursor, &member))
				walk(member, depth + 1, sound);
			break;
		case JSON_OBJECT:
			for (; json_member(&cursor, &key, &member); members++)
			{
				walk(key, depth + 1, sound);
				walk(member, depth + 1, sound);
			}
			walk_open(value, members);
			(void) json_get(value, "id");
			break;
		default:
			break;
	}
}

/* Slices of what never passed: no sense, but no harm and an end. */
static void
walk_unchecked(const char *text, size_t size)
{
	static const uint8_t kinds[] = {JSON_ARRAY, JSON_OBJECT, JSON_STRING, JSON_NUMBER};

	for (size_t i = 0; i < sizeof(kinds); i++)
	{
		JsonSlice	slice = {text, size, kinds[i], JSON_ESCAPED | JSON_HIGH};
		JsonCursor	cursor = json_enter(slice);
		JsonSlice	key,
					member;
		int64_t		replaced = 0;
		size_t		steps = 0;

		if (kinds[i] == JSON_ARRAY)
			while (json_element(&cursor, &member))
				CHECK(++steps <= size + 1);
		else if (kinds[i] == JSON_OBJECT)
			while (json_member(&cursor, &key, &member))
				CHECK(++steps <= size + 1);
		(void) json_text(slice, NULL, &replaced);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = exact(data, size);
	JsonCheck	check;

	if (json_check(text, size, &check))
	{
		CHECK(check.problem == NULL);
		walk(check.root, 0, true);
		check_clean(check.root);
	}
	else
	{
		CHECK(check.problem != NULL && check.offset <= size);
		walk_unchecked(text, size);
	}
	free(text);
	return 0;
}
