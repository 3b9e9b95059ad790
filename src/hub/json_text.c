/*
 * json_text.c
 *		Strings of a JSON text: unescaped for text values, cleaned for jsonb.
 *
 * Called by the row builder for each string that is needed.  Output is
 * always well-formed UTF-8 without NUL: \u0000, lone surrogates and each
 * maximal ill-formed sequence of bytes become U+FFFD and are counted.  Pure;
 * output is never longer than json_text_bound() of the input.
 */
#include "hub/json.h"
#include "hub/json_scan.h"

/* Where output goes; AT advances also when nothing is written. */
typedef struct Sink
{
	char	   *out;			/* NULL: measure */
	size_t		at;
	int64_t		replaced;
} Sink;

static inline void
put(Sink *sink, const char *bytes, size_t size)
{
	if (sink->out != NULL)
		memcpy(sink->out + sink->at, bytes, size);
	sink->at += size;
}

static inline void
put_byte(Sink *sink, char byte)
{
	if (sink->out != NULL)
		sink->out[sink->at] = byte;
	sink->at++;
}

static void
put_replacement(Sink *sink)
{
	put(sink, "\xef\xbf\xbd", 3);
	sink->replaced++;
}

static void
put_code(Sink *sink, uint32_t code)
{
	if (code < 0x80)
		put_byte(sink, (char) code);
	else if (code < 0x800)
	{
		put_byte(sink, (char) (0xc0 | code >> 6));
		put_byte(sink, (char) (0x80 | (code & 0x3f)));
	}
	else if (code < 0x10000)
	{
		put_byte(sink, (char) (0xe0 | code >> 12));
		put_byte(sink, (char) (0x80 | (code >> 6 & 0x3f)));
		put_byte(sink, (char) (0x80 | (code & 0x3f)));
	}
	else
	{
		put_byte(sink, (char) (0xf0 | code >> 18));
		put_byte(sink, (char) (0x80 | (code >> 12 & 0x3f)));
		put_byte(sink, (char) (0x80 | (code >> 6 & 0x3f)));
		put_byte(sink, (char) (0x80 | (code & 0x3f)));
	}
}

/*
 * Length of the well-formed character at P (first byte above 0x7f), or minus
 * the number of bytes that one U+FFFD stands for (Unicode 3.9, table 3-7).
 */
static int
utf8_length(const unsigned char *p, const unsigned char *end)
{
	unsigned char low = 0x80;
	unsigned char high = 0xbf;
	int			size;

	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		size = 2;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		size = 3;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		size = 4;
	else
		return -1;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	for (int i = 1; i < size; i++)
	{
		if (end - p <= i || p[i] < low || p[i] > high)
			return -i;
		low = 0x80;
		high = 0xbf;
	}
	return size;
}

/* Bytes from P to END hold neither quote, backslash nor control character. */
static void
put_plain(Sink *sink, const char *p, const char *end, bool high)
{
	if (!high)
	{
		put(sink, p, (size_t) (end - p));
		return;
	}
	while (p < end)
	{
		const char *run = p;
		int			size;

		while (p < end && (unsigned char) *p < 0x80)
			p++;
		put(sink, run, (size_t) (p - run));
		if (p == end)
			break;
		size = utf8_length((const unsigned char *) p, (const unsigned char *) end);
		if (size > 0)
			put(sink, p, (size_t) size);
		else
		{
			put_replacement(sink);
			size = -size;
		}
		p += size;
	}
}

/* Four hexadecimal digits, or -1. */
static int32_t
hex4(const char *p, const char *end)
{
	int32_t		code = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++)
	{
		char		c = p[i];

		code <<= 4;
		if (c >= '0' && c <= '9')
			code |= c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			code |= (c | 0x20) - 'a' + 10;
		else
			return -1;
	}
	return code;
}

/* P stands behind "\u".  Gives the code point, -1 for one to be replaced. */
static const char *
read_unicode(const char *p, const char *end, int32_t *code)
{
	int32_t		first = hex4(p, end);
	int32_t		second;

	*code = -1;
	if (first < 0)
		return p;
	p += 4;
	if (first == 0 || (first >= 0xdc00 && first <= 0xdfff))
		return p;
	if (first < 0xd800 || first > 0xdbff)
	{
		*code = first;
		return p;
	}
	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return p;
	second = hex4(p + 2, end);
	if (second < 0xdc00 || second > 0xdfff)
		return p;
	*code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
	return p + 6;
}

static char
simple_escape(char c)
{
	switch (c)
	{
		case 'b':
			return '\b';
		case 'f':
			return '\f';
		case 'n':
			return '\n';
		case 'r':
			return '\r';
		case 't':
			return '\t';
		default:
			return c;
	}
}

size_t
json_text(JsonSlice string, char *out, int64_t *replaced)
{
	const char *p = string.at;
	const char *end = p + string.size;
	Sink		sink = {out, 0, 0};

	if (string.flags == 0)
	{
		put(&sink, p, string.size);
		return sink.at;
	}
	while (p < end)
	{
		const char *run = p;

		p = memchr(p, '\\', (size_t) (end - p));
		if (p == NULL)
			p = end;
		put_plain(&sink, run, p, (string.flags & JSON_HIGH) != 0);
		if (end - p < 2)
			break;
		if (p[1] == 'u')
		{
			int32_t		code;

			p = read_unicode(p + 2, end, &code);
			if (code < 0)
				put_replacement(&sink);
			else
				put_code(&sink, (uint32_t) code);
		}
		else
		{
			put_byte(&sink, simple_escape(p[1]));
			p += 2;
		}
	}
	*replaced += sink.replaced;
	return sink.at;
}

/* Inside of a string, still escaped where JSON needs it. */
static const char *
clean_string(const char *p, const char *end, Sink *sink)
{
	for (;;)
	{
		const char *run = p;
		unsigned	high = 0;

		p = json_scan_string(p, end, &high);
		put_plain(sink, run, p, high != 0);
		if (p == end || *p == '"')
			return p;
		if (*p == '\\' && end - p >= 2 && p[1] == 'u')
		{
			int32_t		code;
			const char *escape = p;

			p = read_unicode(p + 2, end, &code);
			if (code < 0)
				put_replacement(sink);
			else if (code < 0x20 || code == '"' || code == '\\')
				put(sink, escape, 6);
			else
				put_code(sink, (uint32_t) code);
		}
		else
		{
			size_t		size = *p == '\\' && end - p >= 2 ? 2 : 1;

			put(sink, p, size);
			p += size;
		}
	}
}

/*
 * Would the server's numeric refuse it?  It holds 131,072 digits before the
 * point and 16,383 behind it.
 */
static bool
beyond_numeric(const char *p, const char *end)
{
	int64_t		before = 0;
	int64_t		behind = 0;
	int64_t		power = 0;
	int			sign = 1;

	if (end - p < 6)
		return false;
	for (; p < end && *p != '.' && *p != 'e' && *p != 'E'; p++)
		before++;
	if (p < end && *p == '.')
		for (p++; p < end && *p != 'e' && *p != 'E'; p++)
			behind++;
	if (p < end)
	{
		p++;
		if (p < end && (*p == '-' || *p == '+'))
			sign = *p++ == '-' ? -1 : 1;
		for (; p < end; p++)
			power = power > 1000000 ? power : power * 10 + (*p - '0');
	}
	return before + sign * power > 131000 || behind - sign * power > 16383;
}

static const char *
clean_scalar(const char *p, const char *end, Sink *sink)
{
	const char *start = p;
	bool		quote;

	while (p < end && *p != ',' && *p != '}' && *p != ']' && *p != '"' &&
		   (unsigned char) *p > ' ' && (unsigned char) *p < 0x80)
		p++;
	if (p == start)
		return p + 1;			/* unchecked text */
	quote = beyond_numeric(start, p);
	if (quote)
		put_byte(sink, '"');
	put(sink, start, (size_t) (p - start));
	if (quote)
		put_byte(sink, '"');
	return p;
}

size_t
json_clean(JsonSlice value, char *out, int64_t *replaced)
{
	const char *p = value.at;
	const char *end = p + value.size;
	Sink		sink = {out, 0, 0};

	if (value.kind == JSON_STRING)
	{
		put_byte(&sink, '"');
		clean_string(p, end, &sink);
		put_byte(&sink, '"');
		p = end;
	}
	while (p < end)
	{
		switch (*p)
		{
			case '"':
				put_byte(&sink, '"');
				p = clean_string(p + 1, end, &sink);
				put_byte(&sink, '"');
				p += p < end;
				break;
			case '{':
			case '}':
			case '[':
			case ']':
			case ':':
			case ',':
				put_byte(&sink, *p++);
				break;
			case ' ':
			case '\n':
			case '\r':
			case '\t':
				p++;
				break;
			default:
				p = clean_scalar(p, end, &sink);
		}
	}
	*replaced += sink.replaced;
	return sink.at;
}
