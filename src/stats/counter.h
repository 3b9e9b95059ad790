/*
 * counter.h
 *		A growing total that is read now and then: instant -> largest value.
 *
 * Pure algorithm.  Instants are microseconds since 2000-01-01 UTC, values are
 * whole and not negative.
 */
#ifndef PGHUB_COUNTER_H
#define PGHUB_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/codec.h"

#define COUNTER_VERSION		1

typedef struct CounterRow
{
	int64_t		at;
	int64_t		value;
} CounterRow;

typedef struct CounterBin
{
	int64_t		start;
	double		increment;		/* meaningless where nothing is covered */
	double		covered;		/* share of the bin, 0 to 1 */
} CounterBin;

/* A walk over the bins; the caller keeps it between calls. */
typedef struct CounterWalk
{
	const CounterRow *rows;
	size_t		n;
	size_t		step;			/* the step that reaches past the bin's start */
	uint64_t	width;
	int64_t		start;
	bool		ended;
} CounterWalk;

/* Sorts, keeps the larger value of equal instants; the new number of rows. */
extern size_t counter_merge(CounterRow *rows, size_t n);
extern bool counter_is_merged(const CounterRow *rows, size_t n);

extern void counter_encode(CodecWriter *w, const CounterRow *rows, size_t n);
extern const char *counter_check(uint8_t flags, const uint8_t *payload, size_t len);
extern size_t counter_count(const uint8_t *payload, size_t len);
extern void counter_decode(const uint8_t *payload, size_t len, CounterRow *rows);

/* Interpolated; false outside the observations. */
extern bool counter_value_at(const CounterRow *rows, size_t n, int64_t at, double *value);

/* Growth from since to until; false where these are not observed. */
extern bool counter_growth(const CounterRow *rows, size_t n, const int64_t *since,
						   const int64_t *until, bool restart, double *growth);

extern size_t counter_drops(const CounterRow *rows, size_t n);

/* False where the first bin would begin before any timestamp. */
extern bool counter_walk(CounterWalk *walk, const CounterRow *rows, size_t n, uint64_t width);
extern bool counter_next_bin(CounterWalk *walk, CounterBin *bin);

#endif							/* PGHUB_COUNTER_H */
