/*
 * series.h
 *		Rows (ts, a, b) as they came, for aggregates that need them all.
 *
 * Pure algorithm.  Rows are a bag: sorted, nothing joined.
 */
#ifndef PGHUB_SERIES_H
#define PGHUB_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/codec.h"

#define SERIES_VERSION		1

/* What the rows are for: the low bits of a summary's flags. */
typedef enum SeriesKind
{
	SERIES_DOUBLING = 1,		/* (ts, value) */
	SERIES_MILESTONE,			/* (ts, value), x */
	SERIES_CROSSOVER,			/* (ts, a, b), hold */
	SERIES_KENDALL				/* (x, y) */
} SeriesKind;

#define SERIES_KIND			0x0f
#define SERIES_NULL_EXTRA	0x10	/* the argument kept for the end is NULL */

typedef struct SeriesRow
{
	int64_t		ts;
	double		a;
	double		b;
} SeriesRow;

extern void series_sort(SeriesRow *rows, size_t n);
extern bool series_is_sorted(const SeriesRow *rows, size_t n);

extern void series_encode(CodecWriter *w, const SeriesRow *rows, size_t n, int64_t extra);
extern const char *series_check(uint8_t flags, const uint8_t *payload, size_t len);
extern size_t series_count(const uint8_t *payload, size_t len);
extern void series_decode(const uint8_t *payload, size_t len, SeriesRow *rows, int64_t *extra);

/* Microseconds in which the fitted exponential doubles; false without growth. */
extern bool series_doubling_time(const SeriesRow *rows, size_t n, double *usec);

/* Instant at which a reaches x; false if it is not seen to. */
extern bool series_milestone(const SeriesRow *rows, size_t n, double x, int64_t *ts);

/* First instant from which a > b for at least hold. */
extern bool series_crossover(const SeriesRow *rows, size_t n, int64_t hold, int64_t *ts);

/*
 * Kendall's tau-b of (a, b) of sorted rows, all of one ts.  scratch has room
 * for 2 * n doubles.  False where one side does not vary.
 */
extern bool series_tau_b(const SeriesRow *rows, size_t n, double *scratch, double *tau);

#endif							/* PGHUB_SERIES_H */
