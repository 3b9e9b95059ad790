/*
 * series_sum.h
 *		Exact sums of doubles, and a sort of small records.
 *
 * A sum is kept as parts that do not overlap (Shewchuk 1997): their total is
 * the true sum, whatever the order of addition.  Rounded once, it is the
 * double nearest to the truth; taken apart greedily (nearest double, nearest
 * double of what remains, ...) it has one spelling only.  So serial, parallel
 * and rolled-up states agree bit for bit.
 *
 * Free of server headers, to be tested and fuzzed alone.
 */
#ifndef PGHUB_SERIES_SUM_H
#define PGHUB_SERIES_SUM_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each part holds a bit of its own, and a double has 2098 places for one. */
#define EXACT_PARTS		2100

/* Greedy parts are at least 53 places apart: no more than 40, and the sign. */
#define EXACT_SPELLED	42

typedef struct ExactSum
{
	int			n;
	bool		overflow;		/* past the largest double */
	double		part[EXACT_PARTS];	/* ascending magnitude */
} ExactSum;

static inline void
exact_init(ExactSum *sum)
{
	sum->n = 0;
	sum->overflow = false;
}

static inline void
exact_add(ExactSum *sum, double x)
{
	int			kept = 0;

	for (int i = 0; i < sum->n; i++)
	{
		double		y = sum->part[i];
		double		high,
					low;

		if (fabs(x) < fabs(y))
		{
			double		swap = x;

			x = y;
			y = swap;
		}
		high = x + y;
		low = y - (high - x);
		if (low != 0)
			sum->part[kept++] = low;
		x = high;
	}
	if (isinf(x) || isnan(x))
	{
		sum->overflow = true;
		sum->n = 0;
		return;
	}
	if (x != 0)
		sum->part[kept++] = x;
	sum->n = kept;
}

/* An integer may need two doubles. */
static inline void
exact_add_int(ExactSum *sum, int64_t x)
{
	int64_t		high = x / 4294967296,
				low = x % 4294967296;

	exact_add(sum, (double) high * 4294967296.0);
	exact_add(sum, (double) low);
}

/* The double nearest to the sum, ties to even. */
static inline double
exact_round(const ExactSum *sum)
{
	int			n = sum->n;
	double		high,
				low = 0;

	if (n == 0)
		return 0;
	high = sum->part[--n];
	while (n > 0)
	{
		double		x = high,
					y = sum->part[--n];

		high = x + y;
		low = y - (high - x);
		if (low != 0)
			break;
	}
	/* exactly half way, and more of the same sign below: away from zero */
	if (n > 0 && ((low < 0 && sum->part[n - 1] < 0) ||
				  (low > 0 && sum->part[n - 1] > 0)))
	{
		double		y = low * 2,
					x = high + y;

		if (y == x - high)
			high = x;
	}
	return high;
}

/* The one spelling: greedy parts, largest first.  Zero is one part. */
static inline int
exact_spell(ExactSum *sum, double *part)
{
	int			n = 0;

	while (sum->n > 0 && n < EXACT_SPELLED)
	{
		double		next = exact_round(sum);

		if (isinf(next))
		{
			sum->overflow = true;
			break;
		}
		part[n++] = next;
		exact_add(sum, -next);
	}
	if (n == 0)
		part[n++] = 0;
	return n;
}

/*
 * SORT_DEFINE(name, type, less): introsort of an array of small records.
 * The median of three as pivot, insertion for short runs, and a heap where
 * the pivots turn out badly, so that no input makes it quadratic.
 */
#define SORT_DEFINE(name, type, less) \
static void \
name##_heap(type *a, size_t n) \
{ \
	for (size_t top = n / 2, end = n; end > 1;) \
	{ \
		size_t		i, child; \
		type		x; \
		if (top > 0) \
			x = a[--top]; \
		else \
		{ \
			x = a[--end]; \
			a[end] = a[0]; \
			if (end == 1) \
			{ \
				a[0] = x; \
				break; \
			} \
		} \
		for (i = top; (child = 2 * i + 1) < end; i = child) \
		{ \
			if (child + 1 < end && less(&a[child], &a[child + 1])) \
				child++; \
			if (!less(&x, &a[child])) \
				break; \
			a[i] = a[child]; \
		} \
		a[i] = x; \
	} \
} \
static void \
name##_part(type *a, size_t n, int depth) \
{ \
	while (n > 16) \
	{ \
		size_t		i = 0, j = n - 1; \
		type		x = a[0], y = a[n / 2], z = a[n - 1], pivot; \
		if (depth-- == 0) \
		{ \
			name##_heap(a, n); \
			return; \
		} \
		if (less(&y, &x)) \
			pivot = less(&z, &y) ? y : less(&z, &x) ? z : x; \
		else \
			pivot = less(&z, &x) ? x : less(&z, &y) ? z : y; \
		for (;; i++, j--) \
		{ \
			type		swap; \
			while (less(&a[i], &pivot)) \
				i++; \
			while (less(&pivot, &a[j])) \
				j--; \
			if (i >= j) \
				break; \
			swap = a[i]; \
			a[i] = a[j]; \
			a[j] = swap; \
		} \
		/* a[0..j] <= pivot <= a[j+1..]: the shorter side by recursion */ \
		if (j + 1 <= n - j - 1) \
		{ \
			name##_part(a, j + 1, depth); \
			a += j + 1; \
			n -= j + 1; \
		} \
		else \
		{ \
			name##_part(a + j + 1, n - j - 1, depth); \
			n = j + 1; \
		} \
	} \
	for (size_t i = 1; i < n; i++) \
	{ \
		type		x = a[i]; \
		size_t		j = i; \
		for (; j > 0 && less(&x, &a[j - 1]); j--) \
			a[j] = a[j - 1]; \
		a[j] = x; \
	} \
} \
static void \
name(type *a, size_t n) \
{ \
	size_t		i = 1; \
	int			depth = 4; \
	while (i < n && !less(&a[i], &a[i - 1])) \
		i++; \
	if (i >= n) \
		return;					/* most series come in order */ \
	for (size_t m = n; m > 1; m /= 2) \
		depth += 2; \
	name##_part(a, n, depth); \
}

#endif							/* PGHUB_SERIES_SUM_H */
