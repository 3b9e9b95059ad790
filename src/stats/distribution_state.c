/*
 * distribution_state.c
 *		The multiset's table: shape, growth, insertion, removal, merging.
 *
 * The rule "exact while there are at most DIST_CAP distinct values" depends
 * on the values alone, and every number kept is an integer: so neither the
 * order of rows nor the way they were split over workers can show.
 */
#include "stats/distribution_state.h"

#define SMALLEST_BLOCK	64		/* bytes, with the caller's header */
#define LARGEST_BUFFER	2048	/* likewise, of a block without a table */
#define LEAST_SLOTS_LOG2 4
#define FULL_BUFFER_FROM 9		/* log2 of slots that justify the whole buffer */

#if defined(__GNUC__)
#define prefetch(address) __builtin_prefetch(address, 1)
#else
#define prefetch(address) ((void) (address))
#endif

static inline size_t
dist_hash(uint64_t key, int log2)
{
	/* the high half reaches the low one: doubles end in zeros */
	return (size_t) (((key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - log2));
}

/* ---------- shape ---------- */

size_t
dist_shape_size(DistShape shape)
{
	size_t		slot = shape.kind == DIST_BUCKETED ? sizeof(DistBucket) : sizeof(DistEntry);

	return offsetof(DistState, buffer) + dist_buffer_size(shape.buffer_room, shape.narrow) +
		(shape.slots_log2 ? slot << shape.slots_log2 : 0);
}

/* So many values fit into a block of so many bytes with the caller's header. */
static uint16_t
buffer_in(size_t block, size_t header, bool narrow)
{
	return (uint16_t) ((block - header - offsetof(DistState, buffer)) / dist_buffer_size(1, narrow));
}

DistShape
dist_shape_first(size_t header)
{
	DistShape	shape = {DIST_EXACT, buffer_in(SMALLEST_BLOCK, header, true), 0, true};

	return shape;
}

/* A table of at most three quarters when it holds so many entries. */
static uint8_t
slots_for(uint64_t entries)
{
	uint8_t		log2 = LEAST_SLOTS_LOG2;

	while (log2 < 48 && entries * 4 > (UINT64_C(3) << log2))
		log2++;
	return log2;
}

/*
 * The next block without a table that has room for one value more; false if
 * that is past the largest.  A narrow one holds fewer bytes, not more values.
 */
static bool
buffer_roomier(const DistState *state, bool wide, size_t header, DistShape *shape)
{
	bool		narrow = state->narrow && !wide;
	size_t		largest = narrow ? LARGEST_BUFFER / 2 : LARGEST_BUFFER;

	for (size_t block = SMALLEST_BLOCK; block <= largest; block *= 2)
		if (buffer_in(block, header, narrow) > state->buffered)
		{
			shape->buffer_room = buffer_in(block, header, narrow);
			shape->narrow = narrow;
			return true;
		}
	return false;
}

/*
 * Has the table room for what is buffered and so many entries more?  If not,
 * false and the shape that has.  Without a table and with nothing more the
 * buffer doubles first, or is made wide.
 */
bool
dist_shape_roomier(const DistState *state, uint64_t more, bool wide, size_t header, DistShape *shape)
{
	uint64_t	wanted = (uint64_t) state->used + state->buffered + more;

	shape->kind = state->kind;
	shape->buffer_room = state->buffer_room;
	shape->slots_log2 = state->slots_log2;
	shape->narrow = false;
	if (more == 0 && state->slots_log2 == 0 && buffer_roomier(state, wide, header, shape))
		return false;
	if (state->slots_log2 != 0 && wanted * 4 <= (UINT64_C(3) << state->slots_log2))
		return true;
	shape->slots_log2 = slots_for(wanted);
	if (shape->slots_log2 >= FULL_BUFFER_FROM)
		shape->buffer_room = DIST_BUFFER;
	return false;
}

/* The shape for the buckets of all entries and a full buffer more. */
DistShape
dist_shape_bucketed(const DistState *state)
{
	DistShape	shape = {DIST_BUCKETED, DIST_BUFFER, 0, false};
	const DistEntry *table = dist_table(state);
	uint8_t		seen[DIST_INDEX_END / 8] = {0};
	uint64_t	buckets = 2 * DIST_BUFFER;

	for (size_t i = 0; i < dist_slots(state); i++)
	{
		uint64_t	units;
		uint32_t	index;

		if (table[i].key == DIST_NO_KEY)
			continue;
		index = dist_bucket_of(table[i].key, &units);
		buckets += !(seen[index / 8] >> (index % 8) & 1);
		seen[index / 8] |= 1 << (index % 8);
	}
	shape.slots_log2 = slots_for(buckets);
	return shape;
}

static void
table_clear(DistState *state)
{
	/* all ones is no key, no index, and zeroed where it is first used */
	if (state->slots_log2)
		memset(dist_table(state), 0xff, dist_slots(state) * dist_slot_size(state));
}

void
dist_init(DistState *state, DistShape shape)
{
	memset(state, 0, offsetof(DistState, buffer));
	state->kind = shape.kind;
	state->buffer_room = shape.buffer_room;
	state->slots_log2 = shape.slots_log2;
	state->narrow = shape.narrow;
	table_clear(state);
}

/* ---------- insertion ---------- */

static inline DistEntry *
find_entry(DistState *state, uint64_t key, size_t at)
{
	DistEntry  *table = dist_table(state);
	size_t		mask = dist_slots(state) - 1;

	while (table[at].key != key && table[at].key != DIST_NO_KEY)
		at = (at + 1) & mask;
	if (table[at].key == DIST_NO_KEY)
	{
		table[at].key = key;
		table[at].count = 0;
		state->used++;
	}
	return &table[at];
}

static inline DistBucket *
find_bucket(DistState *state, uint32_t index)
{
	DistBucket *table = dist_table(state);
	size_t		mask = dist_slots(state) - 1;
	size_t		at = dist_hash(index, state->slots_log2);

	while (table[at].index != index && table[at].index != DIST_NO_INDEX)
		at = (at + 1) & mask;
	if (table[at].index == DIST_NO_INDEX)
	{
		memset(&table[at], 0, sizeof(DistBucket));
		table[at].index = index;
		state->used++;
	}
	return &table[at];
}

static inline void
add_to_bucket(DistState *state, uint64_t key, uint64_t count)
{
	uint64_t	units;
	DistBucket *bucket = find_bucket(state, dist_bucket_of(key, &units));

	bucket->count += count;
	bucket->fraction |= !dist_key_is_integer(key) && bucket->index < (1023 + 63) << 7;
	bucket->sum = wide_add(bucket->sum, wide_multiply(units, count));
}

/* Empties the buffer into the table, which must have room for all of it. */
void
dist_flush(DistState *state)
{
	size_t		n = state->buffered;

	if (state->kind == DIST_BUCKETED)
	{
		for (size_t i = 0; i < n; i++)
			add_to_bucket(state, state->buffer[i], 1);
	}
	else
	{
		DistEntry  *table = dist_table(state);
		uint32_t	at[DIST_BUFFER];

		for (size_t i = 0; i < n; i++)
		{
			at[i] = (uint32_t) dist_hash(state->buffer[i], state->slots_log2);
			prefetch(&table[at[i]]);
		}
		for (size_t i = 0; i < n; i++)
			find_entry(state, state->buffer[i], at[i])->count++;
	}
	state->items += n;
	state->buffered = 0;
}

static inline bool
room_for_items(const DistState *state, uint64_t count)
{
	uint64_t	items = dist_items(state);

	return items <= DIST_MAX_ITEMS && count <= DIST_MAX_ITEMS - items;
}

/* False, here and in what follows: the items would pass DIST_MAX_ITEMS. */
bool
dist_insert(DistState *state, uint64_t key, uint64_t count)
{
	if (!room_for_items(state, count))
		return false;
	if (state->kind == DIST_BUCKETED)
		add_to_bucket(state, key, count);
	else
		find_entry(state, key, dist_hash(key, state->slots_log2))->count += count;
	state->items += count;
	return true;
}

bool
dist_insert_bucket(DistState *state, const DistBucket *bucket)
{
	DistBucket *own;

	if (!room_for_items(state, bucket->count))
		return false;
	own = find_bucket(state, bucket->index);
	own->fraction |= bucket->fraction;
	own->count += bucket->count;
	own->sum = wide_add(own->sum, bucket->sum);
	state->items += bucket->count;
	return true;
}

/* Closes the hole of an entry, so that probing needs no marks of the dead. */
static void
delete_entry(DistState *state, size_t hole)
{
	DistEntry  *table = dist_table(state);
	size_t		mask = dist_slots(state) - 1;

	for (size_t next = (hole + 1) & mask; table[next].key != DIST_NO_KEY; next = (next + 1) & mask)
	{
		size_t		home = dist_hash(table[next].key, state->slots_log2);

		/* may it move up? only if its home is not between hole and itself */
		if (((next - home) & mask) >= ((next - hole) & mask))
		{
			table[hole] = table[next];
			hole = next;
		}
	}
	table[hole].key = DIST_NO_KEY;
	state->used--;
}

/*
 * Takes values out again.  False: they were not there.  Only where the buffer
 * is empty or all there is.
 */
bool
dist_remove(DistState *state, uint64_t key, uint64_t count)
{
	DistEntry  *entry;

	if (state->slots_log2 == 0)
	{
		/* few values: the last takes the place */
		for (size_t i = 0; count > 0 && i < state->buffered;)
		{
			if (dist_buffered(state, i) == key)
			{
				dist_set_buffered(state, i, dist_buffered(state, --state->buffered));
				count--;
			}
			else
				i++;
		}
		return count == 0;
	}
	entry = find_entry(state, key, dist_hash(key, state->slots_log2));
	if (entry->count < count)
		return false;
	entry->count -= count;
	state->items -= count;
	if (entry->count == 0)
		delete_entry(state, entry - (DistEntry *) dist_table(state));
	return true;
}

/* The other's table into ours, which must have room for all of it. */
bool
dist_merge_table(DistState *state, const DistState *other)
{
	size_t		slots = dist_slots(other);

	if (other->kind == DIST_BUCKETED)
	{
		const DistBucket *table = dist_table(other);

		for (size_t i = 0; i < slots; i++)
			if (table[i].index != DIST_NO_INDEX && !dist_insert_bucket(state, &table[i]))
				return false;
	}
	else
	{
		const DistEntry *table = dist_table(other);

		for (size_t i = 0; i < slots; i++)
			if (table[i].key != DIST_NO_KEY &&
				!dist_insert(state, table[i].key, table[i].count))
				return false;
	}
	return true;
}

/*
 * The content of one block into another, empty and roomier one.  A bucketed
 * target takes an exact source too.
 */
void
dist_move(DistState *to, const DistState *from)
{
	to->param_kind = from->param_kind;
	to->param = from->param;
	/* what the source already holds cannot be too much */
	(void) dist_merge_table(to, from);
	to->buffered = from->buffered;
	if (to->narrow == from->narrow)
		memcpy(to->buffer, from->buffer, dist_buffer_size(from->buffered, from->narrow));
	else
		for (size_t i = 0; i < from->buffered; i++)
			dist_set_buffered(to, i, dist_buffered(from, i));
}

/* ---------- buckets ---------- */

#define BUCKET_BITS		7
#define MANTISSA		52
#define EXPONENT_BIAS	1023

uint32_t
dist_bucket_of(uint64_t key, uint64_t *units)
{
	if (!dist_key_is_integer(key))
	{
		uint64_t	bits = key & ~DIST_FRACTION;

		*units = bits & ((UINT64_C(1) << MANTISSA) - 1);
		if (bits >> MANTISSA)
			*units |= UINT64_C(1) << MANTISSA;
		return (uint32_t) (bits >> (MANTISSA - BUCKET_BITS));
	}
	*units = key;
	if (key == 0)
		return 0;

#if defined(__GNUC__)
	int			exponent = 63 - __builtin_clzll(key);
#else
	int			exponent = 0;

	while (key >> exponent > 1)
		exponent++;
#endif
	if (exponent <= MANTISSA)
		*units = key << (MANTISSA - exponent);
	/* the leading one falls out at the top, seven bits follow */
	return (uint32_t) (exponent + EXPONENT_BIAS) << BUCKET_BITS |
		(uint32_t) (key << (63 - exponent) >> (63 - BUCKET_BITS) & ((1 << BUCKET_BITS) - 1));
}

int
dist_bucket_unit(uint32_t index)
{
	int			exponent = (int) (index >> BUCKET_BITS) - EXPONENT_BIAS;

	if (exponent == -EXPONENT_BIAS)
		exponent++;				/* subnormal */
	if (exponent > MANTISSA && exponent < 63)
		return 0;				/* integers past the 53 bits of a double */
	return exponent - MANTISSA;
}

void
dist_bucket_range(const DistBucket *bucket, uint64_t *low, uint64_t *high)
{
	int			exponent = (int) (bucket->index >> BUCKET_BITS) - EXPONENT_BIAS;
	uint64_t	leading = bucket->index & ((1 << BUCKET_BITS) - 1);
	int			shift = MANTISSA - BUCKET_BITS;
	uint64_t	step = 1;

	if (exponent != -EXPONENT_BIAS)
		leading |= 1 << BUCKET_BITS;
	if (exponent > MANTISSA && exponent < 63)
		shift = exponent - BUCKET_BITS;
	if (!bucket->fraction && exponent <= MANTISSA)
		step = exponent >= 0 ? UINT64_C(1) << (MANTISSA - exponent) : UINT64_C(1) << MANTISSA;
	*low = leading << shift;
	*high = step > UINT64_C(1) << shift ? *low : *low + ((UINT64_C(1) << shift) - step);
}
