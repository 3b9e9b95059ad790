/*
 * distribution_wide.h
 *		Sums of 128 bits as two words, and sums of two doubles.
 *
 * Integer sums are exact, so their order does not matter.  A pair of doubles
 * (value and the error of its rounding) carries about 106 bits: enough that
 * the readers' sums round like the exact ones.
 *
 * Free of server headers.
 */
#ifndef PGHUB_DISTRIBUTION_WIDE_H
#define PGHUB_DISTRIBUTION_WIDE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Wide
{
	uint64_t	hi;
	uint64_t	lo;
} Wide;

static inline Wide
wide_add(Wide a, Wide b)
{
	Wide		sum;

	sum.lo = a.lo + b.lo;
	sum.hi = a.hi + b.hi + (sum.lo < a.lo);
	return sum;
}

static inline Wide
wide_subtract(Wide a, Wide b)
{
	Wide		rest;

	rest.lo = a.lo - b.lo;
	rest.hi = a.hi - b.hi - (a.lo < b.lo);
	return rest;
}

static inline Wide
wide_multiply(uint64_t a, uint64_t b)
{
	Wide		product;
#ifdef __SIZEOF_INT128__
	unsigned __int128 both = (unsigned __int128) a * b;

	product.hi = (uint64_t) (both >> 64);
	product.lo = (uint64_t) both;
#else
	uint64_t	a_lo = (uint32_t) a,
				a_hi = a >> 32,
				b_lo = (uint32_t) b,
				b_hi = b >> 32;
	uint64_t	mid = a_hi * b_lo + (a_lo * b_lo >> 32);
	uint64_t	mid2 = a_lo * b_hi + (uint32_t) mid;

	product.hi = a_hi * b_hi + (mid >> 32) + (mid2 >> 32);
	product.lo = a * b;
#endif
	return product;
}

/* bits in 0 … 127; what is shifted out at either end is lost */
static inline Wide
wide_left(Wide a, int bits)
{
	Wide		to = a;

	if (bits >= 64)
	{
		to.hi = a.lo << (bits - 64);
		to.lo = 0;
	}
	else if (bits > 0)
	{
		to.hi = a.hi << bits | a.lo >> (64 - bits);
		to.lo = a.lo << bits;
	}
	return to;
}

static inline Wide
wide_right(Wide a, int bits)
{
	Wide		to = a;

	if (bits >= 64)
	{
		to.lo = a.hi >> (bits - 64);
		to.hi = 0;
	}
	else if (bits > 0)
	{
		to.lo = a.lo >> bits | a.hi << (64 - bits);
		to.hi = a.hi >> bits;
	}
	return to;
}

static inline int
wide_compare(Wide a, Wide b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return (a.lo > b.lo) - (a.lo < b.lo);
}

/* ---------- two doubles ---------- */

typedef struct Pair
{
	double		value;
	double		error;
} Pair;

static inline Pair
pair_of(double value)
{
	Pair		p = {value, 0};

	return p;
}

/* Both sums are exact as long as nothing overflows (Knuth, Dekker). */
static inline Pair
pair_two_sum(double a, double b)
{
	Pair		p;
	double		rest;

	p.value = a + b;
	rest = p.value - a;
	p.error = (a - (p.value - rest)) + (b - rest);
	return isfinite(p.value) ? p : pair_of(p.value);
}

static inline Pair
pair_quick_sum(double a, double b)
{
	Pair		p;

	p.value = a + b;
	p.error = b - (p.value - a);
	return isfinite(p.value) ? p : pair_of(p.value);
}

static inline Pair
pair_add(Pair a, Pair b)
{
	Pair		high = pair_two_sum(a.value, b.value);
	Pair		low = pair_two_sum(a.error, b.error);

	high = pair_quick_sum(high.value, high.error + low.value);
	return pair_quick_sum(high.value, high.error + low.error);
}

static inline Pair
pair_negate(Pair a)
{
	Pair		p = {-a.value, -a.error};

	return p;
}

static inline Pair
pair_multiply(Pair a, Pair b)
{
	double		product = a.value * b.value;
	double		error;

	if (!isfinite(product))
		return pair_of(product);
	error = fma(a.value, b.value, -product);
	return pair_quick_sum(product, error + (a.value * b.error + a.error * b.value));
}

static inline Pair
pair_from_u64(uint64_t value)
{
	/* both halves are exact doubles */
	return pair_two_sum((double) (value >> 32) * 4294967296.0, (double) (uint32_t) value);
}

static inline Pair
pair_from_wide(Wide value)
{
	Pair		high = pair_from_u64(value.hi);

	high.value = ldexp(high.value, 64);
	high.error = ldexp(high.error, 64);
	return pair_add(high, pair_from_u64(value.lo));
}

static inline int
pair_compare(Pair a, Pair b)
{
	if (a.value != b.value)
		return a.value < b.value ? -1 : 1;
	return (a.error > b.error) - (a.error < b.error);
}

static inline double
pair_value(Pair a)
{
	return a.value + a.error;
}

#endif							/* PGHUB_DISTRIBUTION_WIDE_H */
