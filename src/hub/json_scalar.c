/*
 * json_scalar.c
 *		Numbers and times of a JSON text.
 *
 * Integers are taken from their digits, never through a double; times of the
 * one form that the Hub sends are read by hand, which is many times faster
 * than the server's general input.  Called by the row builder; pure.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hub/json.h"

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Exponent behind "e"; capped, far beyond anything that counts. */
static int64_t
exponent(const char *p, const char *end)
{
	int64_t		value = 0;
	bool		negative = false;

	if (p < end && (*p == '-' || *p == '+'))
		negative = *p++ == '-';
	for (; p < end && is_digit(*p); p++)
		if (value < INT64_C(1000000000000))
			value = value * 10 + (*p - '0');
	return negative ? -value : value;
}

/* VALUE * 10 + DIGIT towards the sign; false when it leaves 64 bits. */
static inline bool
append(int64_t *value, int digit, bool negative)
{
	if (__builtin_mul_overflow(*value, 10, value))
		return false;
	return negative ? !__builtin_sub_overflow(*value, digit, value)
		: !__builtin_add_overflow(*value, digit, value);
}

/*
 * Digits with a point before place POINT (counted from the first digit) times
 * ten to the power; the number is the digits up to there, all later ones must
 * be zero.
 */
static JsonInteger
exact_integer(const char *p, const char *end, bool negative, int64_t *value)
{
	const char *mark = p;
	int64_t		places;			/* digits that belong to the integer */
	int64_t		place = 0;
	int64_t		result = 0;
	bool		fits = true;

	while (mark < end && is_digit(*mark))
		mark++;
	places = mark - p;
	while (mark < end && *mark != 'e' && *mark != 'E')
		mark++;
	if (mark < end)
		places += exponent(mark + 1, end);
	for (; p < mark; p++)
	{
		if (*p == '.')
			continue;
		if (!is_digit(*p))
			break;
		if (place++ < places)
			fits = fits && append(&result, *p - '0', negative);
		else if (*p != '0')
			return JSON_NOT_INTEGER;
	}
	for (; place < places && fits && result != 0; place++)
		fits = append(&result, 0, negative);
	*value = result;
	return fits ? JSON_INTEGER : JSON_OUT_OF_RANGE;
}

JsonInteger
json_integer(JsonSlice number, int64_t *value)
{
	const char *p = number.at;
	const char *end = p + number.size;
	bool		negative = p < end && *p == '-';
	int64_t		result = 0;

	p += negative;
	if (end - p <= 18)			/* cannot overflow */
	{
		const char *digit = p;

		while (digit < end && is_digit(*digit))
			result = result * 10 + (*digit++ - '0');
		if (digit == end)
		{
			*value = negative ? -result : result;
			return JSON_INTEGER;
		}
	}
	return exact_integer(p, end, negative, value);
}

bool
json_double(JsonSlice number, double *value)
{
	char		copy[64];
	char	   *text = copy;
	int64_t		integer;

	/* a double holds all integers of 15 digits; "-0" has its own sign */
	if (number.size <= 15 && number.size > 0 && is_digit(number.at[0]) &&
		json_integer(number, &integer) == JSON_INTEGER &&
		integer < INT64_C(1000000000000000))
	{
		*value = (double) integer;
		return true;
	}
	if (number.size < sizeof(copy))
	{
		memcpy(copy, number.at, number.size);
		copy[number.size] = '\0';
	}
	else if ((text = strndup(number.at, number.size)) == NULL)
		return false;
	*value = strtod(text, NULL);
	if (text != copy)
		free(text);
	return isfinite(*value);
}

/* SIZE digits as a number, or -1. */
static int
digits(const char *p, int size)
{
	int			value = 0;

	for (int i = 0; i < size; i++)
	{
		if (!is_digit(p[i]))
			return -1;
		value = value * 10 + (p[i] - '0');
	}
	return value;
}

/* Days from 2000-01-01 (proleptic Gregorian); false if there is no such day. */
static bool
day_number(int year, int month, int day, int32_t *days)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int			era_year;
	int			in_year;

	if (year < 1 || month < 1 || month > 12 || day < 1 ||
		day > length[month - 1] + (month == 2 && leap))
		return false;
	/* years that begin in March put the leap day last */
	era_year = year - (month <= 2);
	in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	*days = era_year * 365 + era_year / 4 - era_year / 100 + era_year / 400 +
		in_year - 730425;
	return true;
}

bool
json_date(const char *text, size_t size, int32_t *days)
{
	return size == 10 && text[4] == '-' && text[7] == '-' &&
		day_number(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2), days);
}

bool
json_timestamp(const char *text, size_t size, int64_t *micros)
{
	int32_t		days;
	int			hour;
	int			minute;
	int			second;
	int64_t		fraction = 0;

	if (size < 20 || size > 27 || text[10] != 'T' || text[13] != ':' ||
		text[16] != ':' || text[size - 1] != 'Z' ||
		!json_date(text, 10, &days))
		return false;
	hour = digits(text + 11, 2);
	minute = digits(text + 14, 2);
	second = digits(text + 17, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
		second < 0 || second > 59)
		return false;
	if (size > 20)
	{
		int			places = (int) size - 21;

		if (text[19] != '.' || places < 1)
			return false;
		fraction = digits(text + 20, places);
		if (fraction < 0)
			return false;
		for (; places < 6; places++)
			fraction *= 10;
	}
	*micros = ((int64_t) days * 86400 + hour * 3600 + minute * 60 + second) *
		1000000 + fraction;
	return true;
}
