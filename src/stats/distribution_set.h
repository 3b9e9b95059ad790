/*
 * distribution_set.h
 *		The multiset in canonical order, and its bytes.
 *
 * Equal multisets have equal sets and equal bytes, whatever state they came
 * from.  The bytes, after the header of every summary (whose flags say exact
 * or bucketed):
 *
 *		argument	eight bytes, if the flags say that there is one (a state of a
 *					one-step aggregate on its way between servers)
 *		exact		number of integers, then for each: what it lies above the
 *					one before it (the first: above -1) less one, its count;
 *					number of other values, then for each: its eight bytes,
 *					its count
 *		bucketed	number of buckets, then for each: index above the one
 *					before it less one, count times two plus "holds a value
 *					that is no integer", and how far the sum lies above
 *					count times the bucket's least value, in two words
 *
 * Free of server headers, to be tested and fuzzed alone.
 */
#ifndef PGHUB_DISTRIBUTION_SET_H
#define PGHUB_DISTRIBUTION_SET_H

#include "stats/distribution_state.h"

typedef struct DistSet
{
	bool		bucketed;
	uint8_t		param_kind;		/* DistParam */
	uint64_t	param;
	size_t		size;			/* entries, or buckets */
	uint64_t	items;
	DistEntry  *entries;		/* by key: integers, then others */
	DistBucket *buckets;		/* by index */
} DistSet;

/* At most so many entries, or buckets, will come out of a state. */
static inline size_t
dist_set_room(const DistState *state)
{
	return (size_t) state->used + state->buffered;
}

/*
 * The content of a state.  All arrays have room for dist_set_room; spare is
 * needed for entries only, buckets where the state is bucketed or past the cap.
 */
extern void dist_set_collect(DistSet *set, const DistState *state,
							 DistEntry *entries, DistEntry *spare, DistBucket *buckets);

/* Buckets for entries past the cap; room for as many. */
extern void dist_set_collapse(DistSet *set, DistBucket *buckets);

/* The byte of flags: exact or bucketed, and times two the DistParam. */
static inline uint8_t
dist_set_flags(const DistSet *set)
{
	return (uint8_t) (set->bucketed | set->param_kind << 1);
}

/* Writes the payload, or with NULL only counts its bytes. */
extern size_t dist_set_encode(const DistSet *set, uint8_t *buffer);

/* NULL, or what is wrong with a payload, as a sentence. */
extern const char *dist_set_check(uint8_t flags, const uint8_t *payload, size_t len);

/* At most so many entries, or buckets, are in a checked payload. */
extern size_t dist_set_payload_room(size_t len);
extern void dist_set_decode(DistSet *set, uint8_t flags, const uint8_t *payload, size_t len,
							DistEntry *entries, DistBucket *buckets);

#endif							/* PGHUB_DISTRIBUTION_SET_H */
