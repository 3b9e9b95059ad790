/*
 * distribution_set.c
 *		Sorting a multiset's state, its canonical bytes, and reading them.
 */
#include "stats/distribution_set.h"

#include <stdlib.h>

#include "stats/codec.h"

/* ---------- sorting ---------- */

#define INSERTION_RUN	12
#define RADIX_FROM		1024

static void
insertion_sort(DistEntry *entries, size_t n)
{
	for (size_t i = 1; i < n; i++)
	{
		DistEntry	moving = entries[i];
		size_t		at = i;

		for (; at > 0 && entries[at - 1].key > moving.key; at--)
			entries[at] = entries[at - 1];
		entries[at] = moving;
	}
}

/* Runs of twelve, then merged from one array into the other. */
static DistEntry *
merge_sort(DistEntry *entries, DistEntry *spare, size_t n)
{
	for (size_t at = 0; at < n; at += INSERTION_RUN)
		insertion_sort(entries + at, n - at < INSERTION_RUN ? n - at : INSERTION_RUN);
	for (size_t run = INSERTION_RUN; run < n; run *= 2)
	{
		DistEntry  *from = entries;

		for (size_t at = 0; at < n; at += 2 * run)
		{
			size_t		left = at,
						middle = n - at < run ? n : at + run,
						right = middle,
						end = n - at < 2 * run ? n : at + 2 * run;

			for (size_t to = at; to < end; to++)
			{
				bool		take_left = left < middle &&
					(right >= end || from[left].key <= from[right].key);

				spare[to] = from[take_left ? left++ : right++];
			}
		}
		entries = spare;
		spare = from;
	}
	return entries;
}

/* One pass a byte, least significant first; bytes that all share are skipped. */
static DistEntry *
radix_sort(DistEntry *entries, DistEntry *spare, size_t n)
{
	for (int shift = 0; shift < 64; shift += 8)
	{
		size_t		start[256] = {0};
		size_t		sum = 0;
		DistEntry  *from = entries;

		for (size_t i = 0; i < n; i++)
			start[from[i].key >> shift & 0xff]++;
		if (start[from[0].key >> shift & 0xff] == n)
			continue;
		for (int byte = 0; byte < 256; byte++)
		{
			size_t		count = start[byte];

			start[byte] = sum;
			sum += count;
		}
		for (size_t i = 0; i < n; i++)
			spare[start[from[i].key >> shift & 0xff]++] = from[i];
		entries = spare;
		spare = from;
	}
	return entries;
}

static int
compare_buckets(const void *a, const void *b)
{
	uint32_t	left = ((const DistBucket *) a)->index;
	uint32_t	right = ((const DistBucket *) b)->index;

	return (left > right) - (left < right);
}

/* Neighbours of one index become one bucket. */
static size_t
join_buckets(DistBucket *buckets, size_t n)
{
	size_t		kept = 0;

	for (size_t i = 0; i < n; i++)
	{
		if (kept > 0 && buckets[kept - 1].index == buckets[i].index)
		{
			DistBucket *into = &buckets[kept - 1];

			into->count += buckets[i].count;
			into->fraction |= buckets[i].fraction;
			into->sum = wide_add(into->sum, buckets[i].sum);
		}
		else
			buckets[kept++] = buckets[i];
	}
	return kept;
}

static DistBucket
bucket_of_key(uint64_t key, uint64_t count)
{
	DistBucket	bucket;
	uint64_t	units;

	bucket.index = dist_bucket_of(key, &units);
	bucket.fraction = !dist_key_is_integer(key) && dist_bucket_unit(bucket.index) < 0;
	bucket.count = count;
	bucket.sum = wide_multiply(units, count);
	return bucket;
}

/* ---------- content of a state ---------- */

static void
collect_buckets(DistSet *set, const DistState *state, DistBucket *buckets)
{
	const DistBucket *table = dist_table(state);
	size_t		n = 0;

	for (size_t i = 0; i < dist_slots(state); i++)
		if (table[i].index != DIST_NO_INDEX)
			buckets[n++] = table[i];
	for (size_t i = 0; i < state->buffered; i++)
		buckets[n++] = bucket_of_key(dist_buffered(state, i), 1);
	qsort(buckets, n, sizeof(DistBucket), compare_buckets);
	set->bucketed = true;
	set->buckets = buckets;
	set->size = join_buckets(buckets, n);
}

void
dist_set_collect(DistSet *set, const DistState *state,
				 DistEntry *entries, DistEntry *spare, DistBucket *buckets)
{
	const DistEntry *table = dist_table(state);
	size_t		n = 0,
				kept = 0;

	memset(set, 0, sizeof(*set));
	set->items = dist_items(state);
	set->param_kind = state->param_kind;
	set->param = state->param;
	if (state->kind == DIST_BUCKETED)
	{
		collect_buckets(set, state, buckets);
		return;
	}
	for (size_t i = 0; i < dist_slots(state); i++)
		if (table[i].key != DIST_NO_KEY)
			entries[n++] = table[i];
	for (size_t i = 0; i < state->buffered; i++)
	{
		entries[n].key = dist_buffered(state, i);
		entries[n++].count = 1;
	}
	if (n >= RADIX_FROM)
		entries = radix_sort(entries, spare, n);
	else
		entries = merge_sort(entries, spare, n);
	for (size_t i = 0; i < n; i++)
	{
		if (kept > 0 && entries[kept - 1].key == entries[i].key)
			entries[kept - 1].count += entries[i].count;
		else
			entries[kept++] = entries[i];
	}
	set->entries = entries;
	set->size = kept;
}

void
dist_set_collapse(DistSet *set, DistBucket *buckets)
{
	/* each kind of key comes in order of its buckets: only two runs to sort */
	for (size_t i = 0; i < set->size; i++)
		buckets[i] = bucket_of_key(set->entries[i].key, set->entries[i].count);
	set->size = join_buckets(buckets, set->size);
	qsort(buckets, set->size, sizeof(DistBucket), compare_buckets);
	set->size = join_buckets(buckets, set->size);
	set->bucketed = true;
	set->buckets = buckets;
	set->entries = NULL;
}

/* ---------- bytes ---------- */

/* Units to the left that a bucket without fractions never uses. */
static int
idle_bits(const DistBucket *bucket)
{
	int			unit = dist_bucket_unit(bucket->index);

	if (bucket->fraction || unit >= 0)
		return 0;
	return unit < -52 ? 52 : -unit;
}

size_t
dist_set_encode(const DistSet *set, uint8_t *buffer)
{
	CodecWriter w = {buffer, 0};
	size_t		integers = 0;

	if (set->param_kind == DIST_PARAM_SET)
		codec_put_u64(&w, set->param);
	if (set->bucketed)
	{
		uint32_t	next = 0;

		codec_put_varint(&w, set->size);
		for (size_t i = 0; i < set->size; i++)
		{
			const DistBucket *bucket = &set->buckets[i];
			uint64_t	low,
						high;
			Wide		above;

			dist_bucket_range(bucket, &low, &high);
			above = wide_subtract(bucket->sum, wide_multiply(low, bucket->count));
			above = wide_right(above, idle_bits(bucket));
			codec_put_varint(&w, bucket->index - next);
			codec_put_varint(&w, bucket->count << 1 | bucket->fraction);
			codec_put_varint(&w, above.hi);
			codec_put_varint(&w, above.lo);
			next = bucket->index + 1;
		}
		return w.size;
	}
	while (integers < set->size && dist_key_is_integer(set->entries[integers].key))
		integers++;
	codec_put_varint(&w, integers);
	for (size_t i = 0; i < integers; i++)
	{
		codec_put_varint(&w, i == 0 ? set->entries[0].key :
						 set->entries[i].key - set->entries[i - 1].key - 1);
		codec_put_varint(&w, set->entries[i].count);
	}
	codec_put_varint(&w, set->size - integers);
	for (size_t i = integers; i < set->size; i++)
	{
		codec_put_u64(&w, set->entries[i].key & ~DIST_FRACTION);
		codec_put_varint(&w, set->entries[i].count);
	}
	return w.size;
}

/*
 * One pass reads and checks; with NULL for the arrays it only checks, so that
 * nothing is allocated before the payload is known to be sound.
 */
static const char *
read_count(CodecReader *r, uint64_t *count, uint64_t *items)
{
	if (r->bad)
		return "It ends early or holds a number that is spelt wrongly.";
	if (*count == 0)
		return "A value has a count of zero.";
	if (*count > DIST_MAX_ITEMS - *items)
		return "It counts too many items.";
	*items += *count;
	return NULL;
}

static const char *
read_entries(CodecReader *r, DistSet *set, DistEntry *entries)
{
	uint64_t	integers = codec_get_varint(r),
				others,
				key = 0;
	const char *damage;

	/* each takes two bytes at least: the bound comes from the length */
	if (integers > DIST_CAP || integers > codec_left(r) / 2)
		return "It announces more values than it holds.";
	for (uint64_t i = 0; i < integers; i++)
	{
		uint64_t	step = codec_get_varint(r);
		uint64_t	count = codec_get_varint(r);

		if (step >= DIST_FRACTION || key + step >= DIST_FRACTION)
			return "An integer is too large.";
		key += step;
		if ((damage = read_count(r, &count, &set->items)) != NULL)
			return damage;
		if (entries)
			entries[i] = (DistEntry) {key, count};
		key++;
	}
	others = codec_get_varint(r);
	if (others > DIST_CAP - integers || others > codec_left(r) / 9)
		return "It announces more values than it holds.";
	key = 0;
	for (uint64_t i = 0; i < others; i++)
	{
		uint64_t	bits = codec_get_u64(r);
		uint64_t	count = codec_get_varint(r);
		double		value;

		memcpy(&value, &bits, sizeof(value));
		if (bits <= key || bits >= DIST_FRACTION || !isfinite(value) ||
			dist_key_of_double(value) != (bits | DIST_FRACTION))
			return "A value is out of order or not in its own form.";
		key = bits;
		if ((damage = read_count(r, &count, &set->items)) != NULL)
			return damage;
		if (entries)
			entries[integers + i] = (DistEntry) {bits | DIST_FRACTION, count};
	}
	set->size = (size_t) (integers + others);
	return NULL;
}

static const char *
read_buckets(CodecReader *r, DistSet *set, DistBucket *buckets)
{
	uint64_t	n = codec_get_varint(r),
				next = 0;
	const char *damage;

	if (n == 0 || n > codec_left(r) / 4)
		return "It announces more buckets than it holds, or none.";
	for (uint64_t i = 0; i < n; i++)
	{
		DistBucket	bucket;
		uint64_t	step = codec_get_varint(r),
					low,
					high;
		Wide		above,
					most;

		if (step >= DIST_INDEX_END || next + step >= DIST_INDEX_END)
			return "A bucket lies beyond all numbers.";
		bucket.index = (uint32_t) (next + step);
		next = bucket.index + 1;
		bucket.count = codec_get_varint(r);
		bucket.fraction = bucket.count & 1;
		bucket.count >>= 1;
		above.hi = codec_get_varint(r);
		above.lo = codec_get_varint(r);
		if ((damage = read_count(r, &bucket.count, &set->items)) != NULL)
			return damage;
		if (bucket.fraction && dist_bucket_unit(bucket.index) >= 0)
			return "A bucket of integers is marked as holding others.";
		if (!bucket.fraction && bucket.index > 0 && bucket.index < 1023 << 7)
			return "A bucket below one is marked as holding integers only.";
		dist_bucket_range(&bucket, &low, &high);
		most = wide_right(wide_multiply(high - low, bucket.count), idle_bits(&bucket));
		if (wide_compare(above, most) > 0)
			return "The sum of a bucket does not fit its count.";
		bucket.sum = wide_add(wide_multiply(low, bucket.count),
							  wide_left(above, idle_bits(&bucket)));
		if (buckets)
			buckets[i] = bucket;
	}
	set->size = (size_t) n;
	return NULL;
}

static const char *
read_set(DistSet *set, uint8_t flags, const uint8_t *payload, size_t len,
		 DistEntry *entries, DistBucket *buckets)
{
	CodecReader r = {payload, payload + len, false};
	const char *damage;

	memset(set, 0, sizeof(*set));
	set->bucketed = flags & 1;
	set->param_kind = flags >> 1;
	if (set->param_kind > DIST_PARAM_SET)
		return "Its flags are unknown.";
	if (set->param_kind == DIST_PARAM_SET)
		set->param = codec_get_u64(&r);
	set->entries = entries;
	set->buckets = buckets;
	damage = set->bucketed ? read_buckets(&r, set, buckets) : read_entries(&r, set, entries);
	if (damage)
		return damage;
	return codec_done(&r) ? NULL : "It ends early, or bytes follow its end.";
}

const char *
dist_set_check(uint8_t flags, const uint8_t *payload, size_t len)
{
	DistSet		set;

	return read_set(&set, flags, payload, len, NULL, NULL);
}

size_t
dist_set_payload_room(size_t len)
{
	return len / 2 + 1;
}

void
dist_set_decode(DistSet *set, uint8_t flags, const uint8_t *payload, size_t len,
				DistEntry *entries, DistBucket *buckets)
{
	(void) read_set(set, flags, payload, len, entries, buckets);
}
