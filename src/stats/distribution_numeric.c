/*
 * distribution_numeric.c
 *		Reads an integral numeric by its digits.
 *
 * The server's own functions would copy the value and, for fractions, go
 * through text: several times the cost of a whole transition.  The stored
 * form is read instead.  It stands on disk, so it is fixed: a header word,
 * perhaps a weight word, and digits of base 10000, most significant first.
 *
 *		11xx xxxx	special: NaN 1100, +infinity 1101, -infinity 1111
 *		10sd dddd dwww wwww	short: sign, display scale, weight of 7 signed bits
 *		0sdd dddd dddd dddd	long: sign, display scale; the weight follows
 */
#include "postgres.h"

#include "stats/distribution_numeric.h"
#include "compat.h"

#define NUMERIC_TOP_BITS	0xC000
#define NUMERIC_TOP_SPECIAL 0xC000
#define NUMERIC_TOP_SHORT	0x8000
#define NUMERIC_LONG_NEG	0x4000
#define NUMERIC_SHORT_NEG	0x2000
#define NUMERIC_WEIGHT_BITS 0x007F
#define NUMERIC_WEIGHT_NEG	0x0040
#define NUMERIC_BASE		10000

/* Any alignment, short or long varlena header; not compressed or external. */
NumericKind
numeric_kind(const struct varlena *value, uint64 *integer)
{
	const char *at = VARDATA_ANY(value);
	int			len = VARSIZE_ANY_EXHDR(value);
	uint16		header;
	int16		weight;
	int			digits;
	uint64		sum = 0;

	memcpy(&header, at, sizeof(header));
	if ((header & NUMERIC_TOP_BITS) == NUMERIC_TOP_SPECIAL)
		return NUMERIC_IS_SPECIAL;
	if ((header & NUMERIC_TOP_BITS) == NUMERIC_TOP_SHORT)
	{
		if (header & NUMERIC_SHORT_NEG)
			return NUMERIC_IS_NEGATIVE;
		weight = header & NUMERIC_WEIGHT_BITS;
		if (weight & NUMERIC_WEIGHT_NEG)
			weight -= NUMERIC_WEIGHT_BITS + 1;
		at += sizeof(uint16);
		len -= sizeof(uint16);
	}
	else
	{
		if (header & NUMERIC_LONG_NEG)
			return NUMERIC_IS_NEGATIVE;
		memcpy(&weight, at + sizeof(uint16), sizeof(weight));
		at += 2 * sizeof(uint16);
		len -= 2 * sizeof(uint16);
	}
	digits = len / (int) sizeof(int16);
	*integer = 0;
	if (digits == 0)
		return NUMERIC_IS_INTEGER;
	/* a digit behind the point is never zero at the end */
	if (digits > weight + 1 || weight > 4)
		return NUMERIC_IS_OTHER;
	for (int i = 0; i <= weight; i++)
	{
		int16		digit = 0;

		if (i < digits)
			memcpy(&digit, at + i * sizeof(int16), sizeof(digit));
		if (sum > (PG_INT64_MAX - digit) / NUMERIC_BASE)
			return NUMERIC_IS_OTHER;
		sum = sum * NUMERIC_BASE + digit;
	}
	*integer = sum;
	return NUMERIC_IS_INTEGER;
}
