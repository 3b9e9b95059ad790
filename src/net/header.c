/*
 * header.c
 *		Parsers of Link, RateLimit, RateLimit-Policy, Retry-After and
 *		Content-Type.
 *
 * Called by exchange.c with what the server sent, hence with anything at all:
 * every read is bounded by the slice, every number by its digits, and each
 * function is one pass over its input.  Nothing here allocates or raises.
 */
#include "net/header.h"

#include <string.h>
#include <strings.h>

/* A header value being read from the left. */
typedef struct Reader
{
	const char *at;
	const char *end;
} Reader;

/* A parameter ";name=value"; quotes around the value are taken off. */
typedef struct Param
{
	const char *name;
	size_t		name_length;
	const char *value;
	size_t		value_length;
} Param;

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
slice_is(const char *slice, size_t length, const char *word)
{
	return length == strlen(word) && strncasecmp(slice, word, length) == 0;
}

static void
skip_blanks(Reader *in)
{
	while (in->at < in->end && is_blank(*in->at))
		in->at++;
}

static bool
skip_char(Reader *in, char c)
{
	skip_blanks(in);
	if (in->at == in->end || *in->at != c)
		return false;
	in->at++;
	return true;
}

/* A token up to a delimiter, or a quoted string without its quotes. */
static void
read_word(Reader *in, const char **word, size_t *length)
{
	skip_blanks(in);
	if (in->at < in->end && *in->at == '"')
	{
		*word = ++in->at;
		while (in->at < in->end && *in->at != '"')
			in->at += (*in->at == '\\' && in->end - in->at > 1) ? 2 : 1;
		*length = in->at - *word;
		if (in->at < in->end)
			in->at++;
		return;
	}
	*word = in->at;
	while (in->at < in->end && strchr(";,= \t\"", *in->at) == NULL)
		in->at++;
	*length = in->at - *word;
}

/* Reads ";name" or ";name=value"; false at the end of the list member. */
static bool
read_param(Reader *in, Param *param)
{
	if (!skip_char(in, ';'))
		return false;
	read_word(in, &param->name, &param->name_length);
	param->value = in->at;
	param->value_length = 0;
	if (skip_char(in, '='))
		read_word(in, &param->value, &param->value_length);
	return true;
}

/* Moves past the comma that ends a list member, whatever stands before it. */
static bool
next_member(Reader *in)
{
	bool		quoted = false;

	for (; in->at < in->end; in->at++)
	{
		if (*in->at == '"')
			quoted = !quoted;
		else if (*in->at == ',' && !quoted)
		{
			in->at++;
			return true;
		}
	}
	return false;
}

/* Up to 15 digits: what fits any use here and cannot overflow. */
static bool
read_number(const char *text, size_t length, int64_t *number)
{
	int64_t		result = 0;

	if (length == 0 || length > 15)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		if (!is_digit(text[i]))
			return false;
		result = result * 10 + (text[i] - '0');
	}
	*number = result;
	return true;
}

/* Whether the space separated list of relation types holds "next". */
static bool
has_next(const char *list, size_t length)
{
	Reader		in = {list, list + length};

	while (in.at < in.end)
	{
		const char *start;

		skip_blanks(&in);
		start = in.at;
		while (in.at < in.end && !is_blank(*in.at))
			in.at++;
		if (slice_is(start, in.at - start, "next"))
			return true;
	}
	return false;
}

bool
net_link_next(const char *value, size_t length,
			  const char **target, size_t *target_length)
{
	Reader		in = {value, value + length};

	do
	{
		const char *start;
		size_t		size;
		Param		param;
		bool		seen_rel = false;
		bool		next = false;

		if (!skip_char(&in, '<'))
			continue;
		start = in.at;
		while (in.at < in.end && *in.at != '>')
			in.at++;
		if (in.at == in.end)
			return false;
		size = in.at++ - start;
		while (read_param(&in, &param))
		{
			/* RFC 8288: the first rel counts, later ones are ignored */
			if (seen_rel || !slice_is(param.name, param.name_length, "rel"))
				continue;
			seen_rel = true;
			next = has_next(param.value, param.value_length);
		}
		if (next && size > 0)
		{
			*target = start;
			*target_length = size;
			return true;
		}
	} while (next_member(&in));
	return false;
}

bool
net_rate_limit(const char *value, size_t length, NetRate *rate)
{
	Reader		in = {value, value + length};
	bool		found = false;

	rate->left = rate->reset_s = -1;
	do
	{
		const char *word;
		size_t		size;
		Param		param;
		int64_t		left = -1;
		int64_t		reset = -1;

		read_word(&in, &word, &size);
		while (read_param(&in, &param))
		{
			if (slice_is(param.name, param.name_length, "r"))
				(void) read_number(param.value, param.value_length, &left);
			else if (slice_is(param.name, param.name_length, "t"))
				(void) read_number(param.value, param.value_length, &reset);
		}
		if (left < 0)
			continue;
		/* of several policies the tightest binds; among equals the longest */
		if (!found || left < rate->left ||
			(left == rate->left && reset > rate->reset_s))
		{
			rate->left = left;
			rate->reset_s = reset;
		}
		found = true;
	} while (next_member(&in));
	return found;
}

bool
net_rate_policy(const char *value, size_t length, NetRate *rate)
{
	Reader		in = {value, value + length};

	rate->limit = rate->window_s = -1;
	do
	{
		const char *word;
		size_t		size;
		Param		param;
		int64_t		limit = -1;
		int64_t		window = -1;

		/* one or more quoted names come first */
		read_word(&in, &word, &size);
		while (read_param(&in, &param))
		{
			if (slice_is(param.name, param.name_length, "q"))
				(void) read_number(param.value, param.value_length, &limit);
			else if (slice_is(param.name, param.name_length, "w"))
				(void) read_number(param.value, param.value_length, &window);
		}
		if (limit >= 0 && (rate->limit < 0 || limit < rate->limit))
		{
			rate->limit = limit;
			rate->window_s = window;
		}
	} while (next_member(&in));
	return rate->limit >= 0;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar. */
static int64_t
days_from_civil(int64_t year, int month, int day)
{
	int64_t		era;
	int64_t		year_of_era;
	int64_t		day_of_year;

	year -= month <= 2;
	era = year / 400;			/* years are positive here */
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
		year_of_era / 100 + day_of_year - 719468;
}

static int
month_number(const char *word, size_t length)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (length < 3)
		return 0;
	for (int i = 0; i < 12; i++)
	{
		if (strncasecmp(months + 3 * i, word, 3) == 0)
			return i + 1;
	}
	return 0;
}

/* "hh:mm:ss" as seconds of the day, or -1. */
static int
clock_seconds(const char *word, size_t length)
{
	int64_t		hour;
	int64_t		minute;
	int64_t		second;

	if (length != 8 || word[2] != ':' || word[5] != ':' ||
		!read_number(word, 2, &hour) || !read_number(word + 3, 2, &minute) ||
		!read_number(word + 6, 2, &second) ||
		hour > 23 || minute > 59 || second > 60)
		return -1;
	return (int) (hour * 3600 + minute * 60 + second);
}

/*
 * IMF-fixdate "Sun, 06 Nov 1994 08:49:37 GMT", RFC 850 "Sunday, 06-Nov-94
 * 08:49:37 GMT", asctime "Sun Nov  6 08:49:37 1994".  Words are told apart by
 * their look, which reads all three.
 */
static bool
read_date(const char *value, size_t length, int64_t *unix_time)
{
	const char *end = value + length;
	int64_t		day = -1;
	int64_t		year = -1;
	int			month = 0;
	int			clock = -1;

	while (value < end)
	{
		const char *start;
		size_t		size;
		int64_t		number;

		while (value < end && strchr(" ,-\t", *value) != NULL)
			value++;
		start = value;
		while (value < end && strchr(" ,-\t", *value) == NULL)
			value++;
		size = value - start;
		if (read_number(start, size, &number))
		{
			if (day < 0 && size <= 2)
				day = number;
			else if (year < 0)
				year = size == 2 ? number + (number < 70 ? 2000 : 1900) : number;
		}
		else if (clock < 0 && clock_seconds(start, size) >= 0)
			clock = clock_seconds(start, size);
		else if (month == 0)
			month = month_number(start, size);
	}
	if (day < 1 || day > 31 || month == 0 || year < 1970 || year > 9999 || clock < 0)
		return false;
	*unix_time = days_from_civil(year, month, (int) day) * 86400 + clock;
	return true;
}

bool
net_retry_after(const char *value, size_t length, int64_t now, int64_t *seconds)
{
	int64_t		at;

	while (length > 0 && is_blank(value[length - 1]))
		length--;
	while (length > 0 && is_blank(*value))
	{
		value++;
		length--;
	}
	if (read_number(value, length, seconds))
		return true;
	if (!read_date(value, length, &at))
		return false;
	*seconds = at > now ? at - now : 0;
	return true;
}

bool
net_is_json(const char *value, size_t length)
{
	const char *stop;

	while (length > 0 && is_blank(*value))
	{
		value++;
		length--;
	}
	stop = memchr(value, ';', length);
	if (stop != NULL)
		length = stop - value;
	while (length > 0 && is_blank(value[length - 1]))
		length--;
	if (slice_is(value, length, "application/json"))
		return true;
	return length > 5 && memchr(value, '/', length) != NULL &&
		strncasecmp(value + length - 5, "+json", 5) == 0;
}
