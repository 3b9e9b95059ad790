/*
 * weighted_state.h
 *		Values with exact sums of their weights, in one flat block.
 *
 * A weight is any finite double above zero.  Weights that are integers below
 * 2^63 are added as such; all others in fixed point, by classes of 32 binary
 * exponents, so that each sum is an exact integer of 128 bits.  Sums therefore
 * do not depend on the order of rows, and what was added can be taken out.
 *
 * The block is a header and an open-addressing table (value, class) -> sum.
 * Free of server headers, to be tested and fuzzed alone.
 */
#ifndef PGHUB_WEIGHTED_STATE_H
#define PGHUB_WEIGHTED_STATE_H

#include <stddef.h>
#include <string.h>

#include "stats/distribution_wide.h"

#define WEIGHTED_NO_CLASS	UINT32_MAX
#define WEIGHTED_CLASSES	65	/* integers, then 64 of 32 exponents each */

typedef struct WeightedEntry
{
	uint64_t	order;			/* of the value: bits that sort as it does */
	uint32_t	class;
	uint32_t	unused;
	Wide		sum;
} WeightedEntry;

typedef struct WeightedState
{
	uint8_t		param_kind;		/* DistParam */
	uint8_t		slots_log2;
	uint8_t		unused[2];
	uint32_t	used;
	uint64_t	param;			/* bits of p */
	WeightedEntry table[];
} WeightedState;

/* A weight as an entry's class and what it adds to the sum. */
typedef struct WeightedUnits
{
	uint32_t	class;
	Wide		sum;
} WeightedUnits;

static inline uint64_t
weighted_order(double value)
{
	uint64_t	bits;

	value += 0.0;				/* no negative zero */
	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static inline double
weighted_value(uint64_t order)
{
	uint64_t	bits = order >> 63 ? order & ~(UINT64_C(1) << 63) : ~order;
	double		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline size_t
weighted_size(int slots_log2)
{
	return offsetof(WeightedState, table) + (sizeof(WeightedEntry) << slots_log2);
}

extern void weighted_init(WeightedState *state, int slots_log2);
extern bool weighted_has_room(const WeightedState *state, uint64_t more);
extern int	weighted_slots_log2(uint64_t entries);
extern void weighted_move(WeightedState *to, const WeightedState *from);
extern WeightedUnits weighted_units(double weight);

/* False: the sum would be too large, or (remove) it is not there. */
extern bool weighted_add(WeightedState *state, uint64_t order, WeightedUnits units);
extern bool weighted_remove(WeightedState *state, uint64_t order, WeightedUnits units);

/* ---------- canonical form ---------- */

/* By order of value, then class. */
extern size_t weighted_collect(const WeightedState *state, WeightedEntry *entries);
extern size_t weighted_encode(const WeightedEntry *entries, size_t n, uint8_t *buffer);

/* NULL or what is wrong; with NULL for entries only checks and counts. */
extern const char *weighted_decode(const uint8_t *payload, size_t len,
								   WeightedEntry *entries, size_t *n);

/* ---------- readers ---------- */

/* The weight of one entry. */
extern Pair weighted_sum(const WeightedEntry *entry);
extern Pair weighted_total(const WeightedEntry *entries, size_t n);
extern double weighted_mean_of(const WeightedEntry *entries, size_t n);
extern double weighted_stddev_of(const WeightedEntry *entries, size_t n);
extern double weighted_percentile_of(const WeightedEntry *entries, size_t n, double p);

#endif							/* PGHUB_WEIGHTED_STATE_H */
