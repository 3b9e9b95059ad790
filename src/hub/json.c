/*
 * json.c
 *		Check of a JSON text, and walks through its containers.
 *
 * The row builder checks each page once (json_check) and then pulls out what
 * it needs; values that nobody asked for are skipped by counting brackets.
 * Pure: no server headers, no allocation, no recursion.  What is promised of
 * unchecked text is only that nothing outside it is read.
 */
#include "hub/json.h"
#include "hub/json_scan.h"

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Check ------------------------------------------------------------------ */

static const char *
fail(JsonCheck *check, const char *problem, const char *at)
{
	check->problem = problem;
	check->offset = (size_t) (at - check->root.at);
	return NULL;
}

/* P stands behind the opening quote; returns behind the closing one. */
static inline const char *
check_string(const char *p, const char *end, JsonCheck *check)
{
	unsigned	high = 0;

	for (;;)
	{
		p = json_scan_string(p, end, &high);
		if (p == end)
			return fail(check, "string without an end", p);
		if (*p == '"')
			return p + 1;
		if (*p != '\\')
			return fail(check, "control character in a string", p);
		if (end - p < 2)
			return fail(check, "string without an end", end);
		switch (p[1])
		{
			case '"':
			case '\\':
			case '/':
			case 'b':
			case 'f':
			case 'n':
			case 'r':
			case 't':
				p += 2;
				break;
			case 'u':
				if (end - p < 6 || !is_hex(p[2]) || !is_hex(p[3]) ||
					!is_hex(p[4]) || !is_hex(p[5]))
					return fail(check, "escape without four hexadecimal digits", p);
				p += 6;
				break;
			default:
				return fail(check, "unknown escape", p);
		}
	}
}

static const char *
check_digits(const char *p, const char *end, JsonCheck *check)
{
	const char *start = p;

	while (p < end && is_digit(*p))
		p++;
	return p > start ? p : fail(check, "digit expected", p);
}

static const char *
check_number(const char *p, const char *end, JsonCheck *check)
{
	if (*p == '-')
		p++;
	if (p < end && *p == '0')
		p++;
	else if ((p = check_digits(p, end, check)) == NULL)
		return NULL;
	if (p < end && *p == '.' &&
		(p = check_digits(p + 1, end, check)) == NULL)
		return NULL;
	if (p < end && (*p == 'e' || *p == 'E'))
	{
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		p = check_digits(p, end, check);
	}
	return p;
}

static const char *
check_word(const char *p, const char *end, const char *word, size_t size,
		   JsonCheck *check)
{
	if ((size_t) (end - p) < size || memcmp(p, word, size) != 0)
		return fail(check, "value expected", p);
	return p + size;
}

static const char *
check_scalar(const char *p, const char *end, JsonCheck *check)
{
	switch (*p)
	{
		case '"':
			return check_string(p + 1, end, check);
		case 't':
			return check_word(p, end, "true", 4, check);
		case 'f':
			return check_word(p, end, "false", 5, check);
		case 'n':
			return check_word(p, end, "null", 4, check);
		default:
			if (*p == '-' || is_digit(*p))
				return check_number(p, end, check);
			return fail(check, "value expected", p);
	}
}

/* A key and its colon. */
static inline const char *
check_key(const char *p, const char *end, JsonCheck *check)
{
	p = json_scan_blank(p, end);
	if (p == end || *p != '"')
		return fail(check, "key expected", p);
	p = check_string(p + 1, end, check);
	if (p == NULL)
		return NULL;
	p = json_scan_blank(p, end);
	if (p == end || *p != ':')
		return fail(check, "colon expected", p);
	return p + 1;
}

/*
 * What follows a value: closes containers; at a comma stands before the next
 * value (its key is checked).  *DEPTH 0: the root ended.
 */
static inline const char *
check_after(const char *p, const char *end, const char *stack, int *depth,
			JsonCheck *check)
{
	while (*depth > 0)
	{
		p = json_scan_blank(p, end);
		if (p == end)
			return fail(check, "text ends within a container", p);
		if (*p == ',')
		{
			check->members += *depth == 1;
			return stack[*depth - 1] == '}' ? check_key(p + 1, end, check) : p + 1;
		}
		if (*p != stack[*depth - 1])
			return fail(check, "comma or closing bracket expected", p);
		p++;
		(*depth)--;
	}
	return p;
}

/* One value with all that is in it. */
static const char *
check_value(const char *p, const char *end, JsonCheck *check)
{
	char		stack[JSON_MAX_DEPTH];	/* the brackets that will close */
	int			depth = 0;

	do
	{
		p = json_scan_blank(p, end);
		if (p == end)
			return fail(check, "value expected", p);
		if (*p == '{' || *p == '[')
		{
			char		close = *p == '{' ? '}' : ']';

			if (depth == JSON_MAX_DEPTH)
				return fail(check, "nested too deep", p);
			stack[depth++] = close;
			p = json_scan_blank(p + 1, end);
			if (p == end || *p != close)
			{
				check->members += depth == 1;
				if (close == '}' && (p = check_key(p, end, check)) == NULL)
					return NULL;
				continue;
			}
			p++;
			depth--;
		}
		else if ((p = check_scalar(p, end, check)) == NULL)
			return NULL;
		if ((p = check_after(p, end, stack, &depth, check)) == NULL)
			return NULL;
	} while (depth > 0);
	return p;
}

static JsonKind
kind_of(char first)
{
	switch (first)
	{
		case '"':
			return JSON_STRING;
		case '{':
			return JSON_OBJECT;
		case '[':
			return JSON_ARRAY;
		case 't':
			return JSON_TRUE;
		case 'f':
			return JSON_FALSE;
		case 'n':
			return JSON_NULL;
		default:
			return JSON_NUMBER;
	}
}

/* Slices ----------------------------------------------------------------- */

/* P stands behind the opening quote; returns the closing one, or END. */
static inline const char *
skip_string(const char *p, const char *end, uint8_t *flags)
{
	unsigned	high = 0;

	for (;;)
	{
		p = json_scan_string(p, end, &high);
		if (p == end || *p == '"')
			break;
		if (*p == '\\')
		{
			*flags |= JSON_ESCAPED;
			if (end - p < 2)
				return end;
			if ((unsigned char) p[1] >= 0x80)
				high = 1;
			p++;
		}
		p++;
	}
	if (high != 0)
		*flags |= JSON_HIGH;
	return p;
}

/* P stands on the opening bracket; returns behind the closing one, or END. */
static const char *
skip_container(const char *p, const char *end)
{
	size_t		depth = 0;
	uint8_t		flags = 0;

	for (;;)
	{
		p = json_scan_structure(p, end);
		if (p == end)
			return end;
		switch (*p)
		{
			case '"':
				p = skip_string(p + 1, end, &flags);
				if (p == end)
					return end;
				break;
			case '{':
			case '[':
				depth++;
				break;
			default:
				if (--depth == 0)
					return p + 1;
		}
		p++;
	}
}

/* The value that begins at P; returns what is behind it. */
static inline const char *
slice_value(const char *p, const char *end, JsonSlice *value)
{
	value->flags = 0;
	value->at = p;
	value->kind = (uint8_t) kind_of(*p);
	switch (value->kind)
	{
		case JSON_STRING:
			value->at = p + 1;
			p = skip_string(p + 1, end, &value->flags);
			value->size = (size_t) (p - value->at);
			return p < end ? p + 1 : end;
		case JSON_OBJECT:
		case JSON_ARRAY:
			p = skip_container(p, end);
			break;
		default:
			while (p < end && *p != ',' && *p != '}' && *p != ']' &&
				   (unsigned char) *p > ' ')
				p++;
	}
	value->size = (size_t) (p - value->at);
	return p;
}

bool
json_check(const char *text, size_t size, JsonCheck *check)
{
	const char *end = text + size;
	const char *start = json_scan_blank(text, end);
	const char *p;

	memset(check, 0, sizeof(*check));
	check->root.at = text;		/* fail() counts from here */
	p = check_value(start, end, check);
	if (p == NULL)
		return false;
	if (json_scan_blank(p, end) != end)
	{
		fail(check, "something follows the value", p);
		return false;
	}
	check->root.at = start;
	check->root.kind = (uint8_t) kind_of(*start);
	check->root.size = (size_t) (p - start);
	if (check->root.kind == JSON_STRING)
		slice_value(start, p, &check->root);
	return true;
}

JsonCursor
json_enter(JsonSlice container)
{
	JsonCursor	cursor = {container.at, container.at};

	if ((container.kind == JSON_OBJECT || container.kind == JSON_ARRAY) &&
		container.size >= 2)
	{
		cursor.at++;
		cursor.end = container.at + container.size - 1;
	}
	return cursor;
}

/* To the next value's first byte; false at the end. */
static inline bool
advance(JsonCursor *cursor)
{
	const char *p = cursor->at;

	while (p < cursor->end && ((unsigned char) *p <= ' ' || *p == ',' || *p == ':'))
		p++;
	cursor->at = p;
	return p < cursor->end;
}

/* Unchecked text may hold a stray closing bracket: step over it. */
static inline void
take(JsonCursor *cursor, JsonSlice *value)
{
	const char *p = slice_value(cursor->at, cursor->end, value);

	cursor->at = p > cursor->at ? p : cursor->at + 1;
}

bool
json_element(JsonCursor *cursor, JsonSlice *value)
{
	if (!advance(cursor))
		return false;
	take(cursor, value);
	return true;
}

bool
json_key(JsonCursor *object, JsonSlice *key)
{
	if (!advance(object) || *object->at != '"')
		return false;
	take(object, key);
	return true;
}

bool
json_member(JsonCursor *cursor, JsonSlice *key, JsonSlice *value)
{
	return json_key(cursor, key) && json_element(cursor, value);
}

bool
json_open(JsonCursor *outer, JsonCursor *object)
{
	if (!advance(outer) || *outer->at != '{')
		return false;
	object->at = outer->at + 1;
	object->end = outer->end;
	return true;
}

JsonSlice
json_close(JsonCursor *outer, const JsonCursor *object)
{
	JsonSlice	whole = {outer->at, 0, JSON_OBJECT, 0};

	outer->at = object->at < outer->end ? object->at + 1 : outer->end;
	whole.size = (size_t) (outer->at - whole.at);
	return whole;
}

/* Bytes of the character or escape at AT; a pair of surrogates is one. */
static size_t
unit_size(const char *at, const char *end)
{
	size_t		left = end - at;
	size_t		size = 1;

	if (*at == '\\')
	{
		size = left > 1 && at[1] == 'u' ? 6 : 2;
		if (size == 6 && left >= 12 && (at[2] | 0x20) == 'd' &&
			strchr("89abAB", at[3]) != NULL && at[6] == '\\' && at[7] == 'u')
			size = 12;
		return size < left ? size : left;
	}
	while (size < left && (at[size] & 0xc0) == 0x80)
		size++;
	return size;
}

/* Chunk by chunk, so that a key of any length needs no more than this room. */
bool
json_key_is(JsonSlice key, const char *name, size_t size)
{
	char		plain[384];
	const char *end = key.at + key.size;
	JsonSlice	chunk = key;
	int64_t		replaced = 0;

	if ((key.flags & JSON_ESCAPED) == 0)
		return key.size == size && memcmp(key.at, name, size) == 0;
	while (chunk.at < end)
	{
		size_t		got;

		for (chunk.size = 0; chunk.at + chunk.size < end;)
		{
			size_t		more = unit_size(chunk.at + chunk.size, end);

			if (chunk.size + more > 100)
				break;
			chunk.size += more;
		}
		if (chunk.size == 0)
			return false;		/* a long run of stray bytes: no name */
		got = json_text(chunk, plain, &replaced);
		if (got > size || memcmp(plain, name, got) != 0)
			return false;
		name += got;
		size -= got;
		chunk.at += chunk.size;
	}
	return size == 0;
}

JsonSlice
json_get(JsonSlice object, const char *name)
{
	JsonSlice	found = {NULL, 0, JSON_ABSENT, 0};
	JsonSlice	key;
	JsonSlice	value;
	JsonCursor	cursor;
	size_t		size = strlen(name);

	if (object.kind != JSON_OBJECT)
		return found;
	cursor = json_enter(object);
	while (json_member(&cursor, &key, &value))
		if (json_key_is(key, name, size))
			found = value;
	return found;
}
