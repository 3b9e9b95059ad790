/*
 * json.h
 *		A small pull parser for JSON in UTF-8 bytes.
 *
 * json_check() reads a whole text once and holds it to the grammar of
 * RFC 8259; everything else works on slices of a text that passed, copies
 * nothing and cannot fail.  Strings are unescaped one by one, by one rule:
 * \u0000, a lone surrogate and each ill-formed sequence of bytes become
 * U+FFFD and are counted, since the server can store none of them.
 *
 * Free of server headers, no recursion, no allocation: tested and fuzzed
 * alone.  Slices of a text that was not checked give meaningless answers,
 * but never read outside the text and always end.
 */
#ifndef PGHUB_JSON_H
#define PGHUB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Containers within containers; the server's own limit is its stack. */
#define JSON_MAX_DEPTH 512

typedef enum JsonKind
{
	JSON_ABSENT,				/* no such member */
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
} JsonKind;

#define JSON_ESCAPED	0x01	/* a string with a backslash */
#define JSON_HIGH		0x02	/* a string with a byte above 0x7f */

/* A value within a text; of a string, what stands between the quotes. */
typedef struct JsonSlice
{
	const char *at;
	size_t		size;
	uint8_t		kind;			/* JsonKind */
	uint8_t		flags;
} JsonSlice;

/* What json_check() found. */
typedef struct JsonCheck
{
	JsonSlice	root;			/* the whole value */
	size_t		members;		/* of the root, if it is a container */
	const char *problem;		/* NULL, or what is wrong … */
	size_t		offset;			/* … and at which byte */
} JsonCheck;

extern bool json_check(const char *text, size_t size, JsonCheck *check);

/* Walks through the members of a container. */
typedef struct JsonCursor
{
	const char *at;
	const char *end;
} JsonCursor;

extern JsonCursor json_enter(JsonSlice container);
extern bool json_element(JsonCursor *cursor, JsonSlice *value);
extern bool json_member(JsonCursor *cursor, JsonSlice *key, JsonSlice *value);

/*
 * The same without looking for an object's end before its members are read:
 * json_open() enters the object that comes next (false: another value, which
 * json_element() takes), json_key() and json_element() by turns read it whole,
 * json_close() has OUTER behind it and returns it.
 */
extern bool json_open(JsonCursor *outer, JsonCursor *object);
extern bool json_key(JsonCursor *object, JsonSlice *key);
extern JsonSlice json_close(JsonCursor *outer, const JsonCursor *object);

/*
 * The value of member NAME (the last, if it comes twice); kind JSON_ABSENT
 * if there is none, or OBJECT is none.
 */
extern JsonSlice json_get(JsonSlice object, const char *name);

/* Does a key spell NAME, escapes or not? */
extern bool json_key_is(JsonSlice key, const char *name, size_t size);

/* json_text.c ------------------------------------------------------------ */

/*
 * Unescapes a string into OUT (NULL: only measures) and returns its size.
 * OUT needs json_text_bound() bytes.  *REPLACED is increased.
 */
extern size_t json_text(JsonSlice string, char *out, int64_t *replaced);

/*
 * Rewrites a value so that the server's jsonb accepts it: strings by the
 * rule above, other \u escapes as the character itself, numbers beyond the
 * server's numeric as strings.  As json_text().
 */
extern size_t json_clean(JsonSlice value, char *out, int64_t *replaced);

/* Enough room for either, without measuring. */
static inline size_t
json_text_bound(JsonSlice value)
{
	if (value.kind == JSON_STRING && (value.flags & JSON_HIGH) == 0)
		return value.size + 3;
	return value.size * 3 + 3;
}

/* json_scalar.c ---------------------------------------------------------- */

typedef enum JsonInteger
{
	JSON_INTEGER,
	JSON_NOT_INTEGER,			/* has a fraction */
	JSON_OUT_OF_RANGE			/* beyond 64 bits */
} JsonInteger;

/* The exact value of a number: 1000, 1e3 and 1000.0 are the same. */
extern JsonInteger json_integer(JsonSlice number, int64_t *value);

/* The nearest double; false if it overflows.  Needs LC_NUMERIC "C". */
extern bool json_double(JsonSlice number, double *value);

/*
 * "2026-07-31T07:30:24.000Z" as microseconds since 2000-01-01 00:00 UTC,
 * "2026-07-31" as days since 2000-01-01.  False for any other form, which
 * may still be right for the server's own input functions.
 */
extern bool json_timestamp(const char *text, size_t size, int64_t *micros);
extern bool json_date(const char *text, size_t size, int32_t *days);

#endif							/* PGHUB_JSON_H */
