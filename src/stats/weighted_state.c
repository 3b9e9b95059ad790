/*
 * weighted_state.c
 *		The table of weighted values, its canonical bytes, and its readers.
 */
#include "stats/weighted_state.h"

#include <stdlib.h>

#include "stats/codec.h"

#define SUM_MOST	(UINT64_C(1) << 62) /* high word: far from overflow */

/* ---------- the table ---------- */

static inline size_t
entry_home(const WeightedState *state, uint64_t order, uint32_t class)
{
	uint64_t	key = (order ^ order >> 32) + class * UINT64_C(0xD6E8FEB86659FD93);

	return (size_t) ((key * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - state->slots_log2));
}

void
weighted_init(WeightedState *state, int slots_log2)
{
	memset(state, 0, offsetof(WeightedState, table));
	state->slots_log2 = (uint8_t) slots_log2;
	memset(state->table, 0xff, sizeof(WeightedEntry) << slots_log2);
}

int
weighted_slots_log2(uint64_t entries)
{
	int			log2 = 2;

	while (log2 < 48 && entries * 4 > (UINT64_C(3) << log2))
		log2++;
	return log2;
}

bool
weighted_has_room(const WeightedState *state, uint64_t more)
{
	return (state->used + more) * 4 <= (UINT64_C(3) << state->slots_log2);
}

static WeightedEntry *
find(WeightedState *state, uint64_t order, uint32_t class)
{
	size_t		mask = ((size_t) 1 << state->slots_log2) - 1;
	size_t		at = entry_home(state, order, class);

	while (state->table[at].class != WEIGHTED_NO_CLASS &&
		   (state->table[at].order != order || state->table[at].class != class))
		at = (at + 1) & mask;
	return &state->table[at];
}

bool
weighted_add(WeightedState *state, uint64_t order, WeightedUnits units)
{
	WeightedEntry *entry = find(state, order, units.class);
	Wide		sum;

	if (entry->class == WEIGHTED_NO_CLASS)
	{
		memset(entry, 0, sizeof(*entry));
		entry->order = order;
		entry->class = units.class;
		state->used++;
	}
	sum = wide_add(entry->sum, units.sum);
	if (sum.hi >= SUM_MOST)
		return false;
	entry->sum = sum;
	return true;
}

bool
weighted_remove(WeightedState *state, uint64_t order, WeightedUnits units)
{
	WeightedEntry *entry = find(state, order, units.class);
	size_t		mask = ((size_t) 1 << state->slots_log2) - 1;
	size_t		hole = entry - state->table;

	if (entry->class == WEIGHTED_NO_CLASS || wide_compare(entry->sum, units.sum) < 0)
		return false;
	entry->sum = wide_subtract(entry->sum, units.sum);
	if (entry->sum.hi | entry->sum.lo)
		return true;

	/* close the hole: move up what does not sit between it and its home */
	for (size_t next = (hole + 1) & mask; state->table[next].class != WEIGHTED_NO_CLASS;
		 next = (next + 1) & mask)
	{
		size_t		home = entry_home(state, state->table[next].order, state->table[next].class);

		if (((next - home) & mask) >= ((next - hole) & mask))
		{
			state->table[hole] = state->table[next];
			hole = next;
		}
	}
	state->table[hole].class = WEIGHTED_NO_CLASS;
	state->used--;
	return true;
}

/* Into a larger table without content. */
void
weighted_move(WeightedState *to, const WeightedState *from)
{
	to->param_kind = from->param_kind;
	to->param = from->param;
	for (size_t i = 0; i < (size_t) 1 << from->slots_log2; i++)
		if (from->table[i].class != WEIGHTED_NO_CLASS)
		{
			*find(to, from->table[i].order, from->table[i].class) = from->table[i];
			to->used++;
		}
}

WeightedUnits
weighted_units(double weight)
{
	WeightedUnits units = {0, {0, 0}};
	uint64_t	bits;
	uint32_t	exponent;

	if (weight < 9223372036854775808.0 && floor(weight) == weight)
	{
		units.sum.lo = (uint64_t) weight;
		return units;
	}
	memcpy(&bits, &weight, sizeof(bits));
	exponent = (uint32_t) (bits >> 52);
	units.sum.lo = bits & ((UINT64_C(1) << 52) - 1);
	if (exponent == 0)
		exponent = 1;			/* subnormal */
	else
		units.sum.lo |= UINT64_C(1) << 52;
	units.class = 1 + exponent / 32;
	units.sum = wide_left(units.sum, exponent % 32);
	return units;
}

/* ---------- canonical form ---------- */

static int
compare_entries(const void *a, const void *b)
{
	const WeightedEntry *left = a;
	const WeightedEntry *right = b;

	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return (left->class > right->class) - (left->class < right->class);
}

size_t
weighted_collect(const WeightedState *state, WeightedEntry *entries)
{
	size_t		n = 0;

	for (size_t i = 0; i < (size_t) 1 << state->slots_log2; i++)
		if (state->table[i].class != WEIGHTED_NO_CLASS)
			entries[n++] = state->table[i];
	qsort(entries, n, sizeof(WeightedEntry), compare_entries);
	return n;
}

/* For each entry: the value's eight bytes, the class, the sum in two words. */
size_t
weighted_encode(const WeightedEntry *entries, size_t n, uint8_t *buffer)
{
	CodecWriter w = {buffer, 0};

	codec_put_varint(&w, n);
	for (size_t i = 0; i < n; i++)
	{
		codec_put_double(&w, weighted_value(entries[i].order));
		codec_put_varint(&w, entries[i].class);
		codec_put_varint(&w, entries[i].sum.hi);
		codec_put_varint(&w, entries[i].sum.lo);
	}
	return w.size;
}

const char *
weighted_decode(const uint8_t *payload, size_t len, WeightedEntry *entries, size_t *n)
{
	CodecReader r = {payload, payload + len, false};
	uint64_t	announced = codec_get_varint(&r);
	WeightedEntry before = {0};

	/* eleven bytes each at least: the length bounds what is announced */
	if (r.bad || announced > codec_left(&r) / 11)
		return "It announces more values than it holds.";
	for (uint64_t i = 0; i < announced; i++)
	{
		double		value = codec_get_double(&r);
		WeightedEntry entry = {weighted_order(value), 0, 0, {0, 0}};
		uint64_t	class = codec_get_varint(&r);

		entry.sum.hi = codec_get_varint(&r);
		entry.sum.lo = codec_get_varint(&r);
		if (r.bad)
			return "It ends early or holds a number that is spelt wrongly.";
		if (!isfinite(value) || (value == 0 && signbit(value)))
			return "A value is not finite or is negative zero.";
		if (class >= WEIGHTED_CLASSES)
			return "A class of weights is unknown.";
		entry.class = (uint32_t) class;
		if ((entry.sum.hi | entry.sum.lo) == 0 || entry.sum.hi >= SUM_MOST)
			return "A sum of weights is zero or too large.";
		if (i > 0 && compare_entries(&before, &entry) >= 0)
			return "Its values are out of order.";
		before = entry;
		if (entries)
			entries[i] = entry;
	}
	*n = (size_t) announced;
	return codec_done(&r) ? NULL : "Bytes follow its end.";
}

/* ---------- readers ---------- */

Pair
weighted_sum(const WeightedEntry *entry)
{
	Pair		sum = pair_from_wide(entry->sum);
	int			unit = entry->class == 0 ? 0 : ((int) entry->class - 1) * 32 - 1075;

	sum.value = ldexp(sum.value, unit);
	sum.error = ldexp(sum.error, unit);
	return isfinite(sum.value) ? sum : pair_of(sum.value);
}

Pair
weighted_total(const WeightedEntry *entries, size_t n)
{
	Pair		total = {0, 0};

	for (size_t i = 0; i < n; i++)
		total = pair_add(total, weighted_sum(&entries[i]));
	return total;
}

double
weighted_mean_of(const WeightedEntry *entries, size_t n)
{
	Pair		total = weighted_total(entries, n);
	Pair		sum = {0, 0};

	for (size_t i = 0; i < n; i++)
		sum = pair_add(sum, pair_multiply(weighted_sum(&entries[i]),
										  pair_of(weighted_value(entries[i].order))));
	return pair_value(sum) / pair_value(total);
}

/* Of the population that the weights describe. */
double
weighted_stddev_of(const WeightedEntry *entries, size_t n)
{
	double		mean = weighted_mean_of(entries, n);
	double		total = pair_value(weighted_total(entries, n));
	Pair		sum = {0, 0};

	for (size_t i = 0; i < n; i++)
	{
		Pair		away = pair_two_sum(weighted_value(entries[i].order), -mean);

		sum = pair_add(sum, pair_multiply(weighted_sum(&entries[i]), pair_multiply(away, away)));
	}
	return sqrt(fmax(pair_value(sum), 0) / total);
}

/* The smallest value up to which lies at least p of the weight. */
double
weighted_percentile_of(const WeightedEntry *entries, size_t n, double p)
{
	Pair		wanted = pair_multiply(weighted_total(entries, n), pair_of(p));
	Pair		sum = {0, 0};

	for (size_t i = 0; i < n; i++)
	{
		sum = pair_add(sum, weighted_sum(&entries[i]));
		/* all classes of one value count before it is judged */
		if ((i + 1 == n || entries[i + 1].order != entries[i].order) &&
			pair_compare(sum, wanted) >= 0)
			return weighted_value(entries[i].order);
	}
	return weighted_value(entries[n - 1].order);
}
