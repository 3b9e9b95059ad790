/*
 * params.c
 *		Parameter counts that repository names tell: "Qwen2.5-7B", "8x22b".
 *
 * Pure algorithm, called by names.c.  A size is a number with a unit, B
 * (10^9), M (10^6) or T (10^12), that stands alone between separators.  What
 * looks like one but is not: active parameters of a mixture (A3B), effective
 * ones (E4B), context lengths (128k, and 1M beside a size in B), training
 * tokens (5T), bits (4bit), versions (v0.3).
 */
#include <stdbool.h>

#include "stats/params.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Reads digits, with a decimal point if allowed; the position after them. */
static size_t
read_number(const char *s, size_t at, size_t len, double *value)
{
	double		unit = 0.1;

	*value = 0;
	while (at < len && is_digit(s[at]))
		*value = *value * 10 + (s[at++] - '0');
	if (at + 1 < len && s[at] == '.' && is_digit(s[at + 1]))
		for (at++; at < len && is_digit(s[at]); at++, unit /= 10)
			*value += (s[at] - '0') * unit;
	return at;
}

/*
 * Does a size begin here?  Its unit and value, and the position after it; else
 * the unit is 0.  "8x7B" is eight times seven.
 */
static size_t
read_size(const char *s, size_t at, size_t len, char *unit, double *value)
{
	double		factor = 1;
	size_t		end = read_number(s, at, len, value);

	*unit = 0;
	if (end + 1 < len && lower(s[end]) == 'x' && is_digit(s[end + 1]))
	{
		factor = *value;
		end = read_number(s, end + 1, len, value);
	}
	*value *= factor;
	if (end < len && (lower(s[end]) == 'b' || lower(s[end]) == 'm' || lower(s[end]) == 't') &&
		(end + 1 == len || (!is_letter(s[end + 1]) && !is_digit(s[end + 1]))))
		*unit = lower(s[end++]);
	return end;
}

int64_t
params_of_name(const char *name, size_t len)
{
	double		billions = 0,
				millions = 0,
				trillions = 0;

	/* the owner tells nothing of the model */
	for (size_t i = 0; i < len; i++)
		if (name[i] == '/')
		{
			name += i + 1;
			len -= i + 1;
			break;
		}
	for (size_t i = 0; i < len;)
	{
		char		unit;
		double		value;

		if (!is_digit(name[i]) || (i > 0 && (is_letter(name[i - 1]) || name[i - 1] == '.')))
		{
			/* a number glued to letters, or a part of one, is passed whole */
			bool		digit = is_digit(name[i]);

			for (i++; digit && i < len && (is_digit(name[i]) || name[i] == '.'); i++)
				;
			continue;
		}
		i = read_size(name, i, len, &unit, &value);
		if (unit == 'b' && value > billions)
			billions = value;
		else if (unit == 'm' && value > millions)
			millions = value;
		else if (unit == 't' && value > trillions)
			trillions = value;
	}

	/* beside B, M is a context length; T above 4 counts training tokens */
	if (billions > 0)
		return billions < 1e6 ? (int64_t) (billions * 1e9 + 0.5) : 0;
	if (millions > 0)
		return millions < 1e9 ? (int64_t) (millions * 1e6 + 0.5) : 0;
	if (trillions > 0 && trillions <= 4)
		return (int64_t) (trillions * 1e12 + 0.5);
	return 0;
}
