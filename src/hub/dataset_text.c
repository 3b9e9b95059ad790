/*
 * dataset_text.c
 *		Identifiers and values in the grammar of the dataset viewer's where=.
 *
 * The viewer checks conditions by a regular expression and hands them to an
 * SQL engine, so whatever goes in must be quoted without doubt: a name in
 * double quotes, a text in single quotes, each quote within doubled, and
 * nothing that the viewer refuses anywhere (";", "--", comments).  Values
 * that do not fit are not sent; the condition is then checked locally alone.
 * Called by dataset_where.c; free of server headers, fuzzed alone.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

extern size_t viewer_quote_name(const char *name, size_t size, char *out);
extern size_t viewer_quote_text(const char *value, size_t size, char *out);
extern bool viewer_takes_text(const char *text, size_t size);
extern bool viewer_takes_number(const char *text, size_t size);

#define DIGITS_MAX 15			/* decimal and double agree up to here */

static size_t
quoted(const char *text, size_t size, char quote, char *out)
{
	size_t		at = 0;

#define PUT(byte) (out != NULL ? (void) (out[at] = (byte)) : (void) 0, at++)
	PUT(quote);
	for (size_t i = 0; i < size; i++)
	{
		if (text[i] == quote)
			PUT(quote);
		PUT(text[i]);
	}
	PUT(quote);
#undef PUT
	return at;
}

size_t
viewer_quote_name(const char *name, size_t size, char *out)
{
	return quoted(name, size, '"', out);
}

size_t
viewer_quote_text(const char *value, size_t size, char *out)
{
	return quoted(value, size, '\'', out);
}

/*
 * False: refused by the viewer wherever it stands, or a control character,
 * or U+FFFD, which stands here for what the viewer's own text may hold as
 * something else.
 */
bool
viewer_takes_text(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
	{
		unsigned char c = (unsigned char) text[i];
		unsigned char next = i + 1 < size ? (unsigned char) text[i + 1] : 0;

		if (c == ';' || (c == '-' && next == '-') ||
			(c == '/' && next == '*') || (c == '*' && next == '/'))
			return false;
		if (c < ' ' || c == 0x7f)
			return false;
		if (c == 0xef && next == 0xbf && i + 2 < size &&
			(unsigned char) text[i + 2] == 0xbd)
			return false;
	}
	return true;
}

/*
 * The grammar has digits and one dot, no sign and no exponent.  Integers may
 * be of any length; with more digits than DIGITS_MAX a fraction may be read
 * as a neighbouring double.
 */
bool
viewer_takes_number(const char *text, size_t size)
{
	size_t		digits = 0;
	size_t		dots = 0;

	for (size_t i = 0; i < size; i++)
	{
		if (text[i] >= '0' && text[i] <= '9')
			digits++;
		else if (text[i] == '.' && i > 0 && i + 1 < size)
			dots++;
		else
			return false;
	}
	return digits > 0 && dots <= 1 && (dots == 0 || digits <= DIGITS_MAX);
}
