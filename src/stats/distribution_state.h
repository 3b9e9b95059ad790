/*
 * distribution_state.h
 *		A weighted multiset of non-negative numbers, in one flat block.
 *
 * The block is a header, a buffer of raw values and, once the buffer has been
 * full at its largest, an open-addressing table:
 *
 *		exact	value -> count, up to DIST_CAP distinct values
 *		moving	the same without the cap, values may be taken out
 *		bucketed	log-linear bucket -> count and exact sum
 *
 * Values are added to the buffer: the aggregate's loop stays a few
 * instructions long, and the table is then visited 251 values at a time with
 * their lines of memory on the way.  The buffer of a block without a table is
 * narrow, four bytes a value, until a value comes that takes eight: hundreds of
 * thousands of small groups take half the memory then.  A block never grows by
 * itself: the caller provides a larger one and moves the content (dist_move).
 *
 * A value is a key of 64 bits: an integer below 2^63 is itself; any other
 * number is its IEEE 754 bits with the (free) sign bit set.  So 5, 5.0 and
 * 5::numeric are one key.  Raw order of keys is integers, then others.
 *
 * Free of server headers, to be tested and fuzzed alone.
 */
#ifndef PGHUB_DISTRIBUTION_STATE_H
#define PGHUB_DISTRIBUTION_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "stats/distribution_wide.h"

#define DIST_CAP		65536	/* distinct values kept exactly */
#define DIST_BUFFER		251		/* values buffered at most: 2 kB with header */
#define DIST_MAX_ITEMS	((uint64_t) INT64_MAX)

#define DIST_FRACTION	(UINT64_C(1) << 63) /* key is not an integer */
#define DIST_NO_KEY		UINT64_MAX	/* bits of a NaN: never a key */

typedef enum DistKind
{
	DIST_EXACT = 0,
	DIST_BUCKETED = 1,
	DIST_MOVING = 2
} DistKind;

/* The extra argument of a one-step aggregate */
typedef enum DistParam
{
	DIST_PARAM_NONE = 0,
	DIST_PARAM_NULL,
	DIST_PARAM_SET
} DistParam;

typedef struct DistState
{
	uint8_t		kind;			/* DistKind */
	uint8_t		param_kind;		/* DistParam */
	uint8_t		slots_log2;		/* 0: no table */
	uint8_t		narrow;			/* buffer of 32 bits a value? never with a table */
	uint16_t	buffered;		/* values */
	uint16_t	buffer_room;	/* likewise */
	uint32_t	used;			/* slots in use */
	uint32_t	unused2;
	uint64_t	items;			/* in the table */
	uint64_t	param;			/* bits of a double, or a bigint */
	uint64_t	buffer[];		/* then the table */
} DistState;

typedef struct DistEntry
{
	uint64_t	key;
	uint64_t	count;
} DistEntry;

/* Sums count in units that are the same for all values of a bucket. */
typedef struct DistBucket
{
	uint32_t	index;			/* exponent and 7 bits, as IEEE 754 has them */
	uint32_t	fraction;		/* holds a value that is no integer? */
	uint64_t	count;
	Wide		sum;
} DistBucket;

#define DIST_NO_INDEX	UINT32_MAX
#define DIST_INDEX_END	((uint32_t) 2047 << 7)	/* of infinity */

static inline bool
dist_key_is_integer(uint64_t key)
{
	return key < DIST_FRACTION;
}

/* The key of a finite non-negative double. */
static inline uint64_t
dist_key_of_double(double value)
{
	uint64_t	bits;

	if (value < 9223372036854775808.0)
	{
		int64_t		whole = (int64_t) value;

		if ((double) whole == value)
			return (uint64_t) whole;
	}
	memcpy(&bits, &value, sizeof(bits));
	return bits | DIST_FRACTION;
}

static inline double
dist_key_value(uint64_t key)
{
	double		value;

	if (dist_key_is_integer(key))
		return (double) key;
	key &= ~DIST_FRACTION;
	memcpy(&value, &key, sizeof(value));
	return value;
}

/* A value of the buffer. */
static inline uint64_t
dist_buffered(const DistState *state, size_t i)
{
	uint32_t	narrow;

	if (!state->narrow)
		return state->buffer[i];
	memcpy(&narrow, (const char *) state->buffer + i * sizeof(narrow), sizeof(narrow));
	return narrow;
}

static inline void
dist_set_buffered(DistState *state, size_t i, uint64_t key)
{
	uint32_t	narrow = (uint32_t) key;

	if (state->narrow)
		memcpy((char *) state->buffer + i * sizeof(narrow), &narrow, sizeof(narrow));
	else
		state->buffer[i] = key;
}

/* Is the value too large for the buffer as it is? */
static inline bool
dist_is_wide(const DistState *state, uint64_t key)
{
	return state->narrow && key > UINT32_MAX;
}

/* One more value, if the buffer has room for it. */
static inline bool
dist_put(DistState *state, uint64_t key)
{
	if (state->buffered >= state->buffer_room || dist_is_wide(state, key))
		return false;
	dist_set_buffered(state, state->buffered++, key);
	return true;
}

static inline size_t
dist_slot_size(const DistState *state)
{
	return state->kind == DIST_BUCKETED ? sizeof(DistBucket) : sizeof(DistEntry);
}

static inline size_t
dist_slots(const DistState *state)
{
	return state->slots_log2 ? (size_t) 1 << state->slots_log2 : 0;
}

static inline void *
dist_table(const DistState *state)
{
	return (void *) (state->buffer + state->buffer_room);
}

static inline size_t
dist_buffer_size(size_t room, bool narrow)
{
	return room * (narrow ? sizeof(uint32_t) : sizeof(uint64_t));
}

static inline size_t
dist_size(const DistState *state)
{
	return offsetof(DistState, buffer) + dist_buffer_size(state->buffer_room, state->narrow) +
		dist_slots(state) * dist_slot_size(state);
}

/* Shape of a block that dist_init prepares and dist_move fills. */
typedef struct DistShape
{
	DistKind	kind;
	uint16_t	buffer_room;
	uint8_t		slots_log2;
	bool		narrow;
} DistShape;

extern size_t dist_shape_size(DistShape shape);
extern DistShape dist_shape_first(size_t header);
extern bool dist_shape_roomier(const DistState *state, uint64_t more, bool wide,
							   size_t header, DistShape *shape);
extern DistShape dist_shape_bucketed(const DistState *state);
extern void dist_init(DistState *state, DistShape shape);
extern void dist_move(DistState *to, const DistState *from);

extern void dist_flush(DistState *state);
extern bool dist_insert(DistState *state, uint64_t key, uint64_t count);
extern bool dist_insert_bucket(DistState *state, const DistBucket *bucket);
extern bool dist_remove(DistState *state, uint64_t key, uint64_t count);
extern bool dist_merge_table(DistState *state, const DistState *other);

static inline bool
dist_past_cap(const DistState *state)
{
	return state->kind == DIST_EXACT && state->used > DIST_CAP;
}

/* Items in table and buffer. */
static inline uint64_t
dist_items(const DistState *state)
{
	return state->items + state->buffered;
}

/* ---------- buckets ---------- */

/* Which bucket has a key, and how many of its units the key is. */
extern uint32_t dist_bucket_of(uint64_t key, uint64_t *units);

/* 2 to this power is one unit of the bucket. */
extern int	dist_bucket_unit(uint32_t index);

/* Least and greatest value, in units. */
extern void dist_bucket_range(const DistBucket *bucket, uint64_t *low, uint64_t *high);

#endif							/* PGHUB_DISTRIBUTION_STATE_H */
