/*
 * fuzz_distribution.c
 *		The decoders of distribution and weighted summaries, and the state.
 *
 * What a decoder takes, the encoder writes back byte for byte, and a state
 * made of it gives the same set again; values fed one by one, split over two
 * states and merged, give the bytes of one state.
 *
 * fuzz-sources: src/stats/distribution_state.c src/stats/distribution_set.c src/stats/distribution_measure.c src/stats/weighted_state.c
 */
#include "fuzz.h"
#include "stats/distribution_measure.h"
#include "stats/weighted_state.h"

static DistState *
new_state(DistShape shape)
{
	DistState  *state = malloc(dist_shape_size(shape));

	CHECK(state != NULL);
	dist_init(state, shape);
	return state;
}

static DistState *
reshape(DistState *state, DistShape shape)
{
	DistState  *roomier = new_state(shape);

	dist_move(roomier, state);
	free(state);
	return roomier;
}

/* As the server's side does it. */
static DistState *
room(DistState *state, uint64_t more, bool wide)
{
	DistShape	shape;

	if (!dist_shape_roomier(state, more, wide, 8, &shape))
		state = reshape(state, shape);
	if (shape.slots_log2 > 0)
		dist_flush(state);
	return state;
}

static DistState *
add(DistState *state, uint64_t key)
{
	if (dist_put(state, key))
		return state;
	state = room(state, 0, dist_is_wide(state, key));
	if (dist_past_cap(state))
		state = reshape(state, dist_shape_bucketed(state));
	CHECK(dist_put(state, key));
	return state;
}

/* The canonical bytes of a state. */
static uint8_t *
bytes_of(const DistState *state, size_t *size, uint8_t *flags)
{
	size_t		n = dist_set_room(state) + 1;
	DistEntry  *entries = calloc(2 * n, sizeof(DistEntry));
	DistBucket *buckets = calloc(n, sizeof(DistBucket));
	uint8_t    *bytes;
	DistSet		set;

	dist_set_collect(&set, state, entries, entries + n, buckets);
	*flags = dist_set_flags(&set);
	*size = dist_set_encode(&set, NULL);
	bytes = malloc(*size);
	CHECK(dist_set_encode(&set, bytes) == *size);
	CHECK(dist_set_check(*flags, bytes, *size) == NULL);
	free(entries);
	free(buckets);
	return bytes;
}

static void
feed_values(const uint8_t *data, size_t size)
{
	DistState  *whole = new_state(dist_shape_first(8));
	DistState  *part = new_state(dist_shape_first(8));
	uint8_t    *a,
			   *b,
				flags_a,
				flags_b;
	size_t		size_a,
				size_b;

	for (size_t at = 0; at + 8 <= size; at += 8)
	{
		double		value;

		memcpy(&value, data + at, 8);
		value = fabs(value);
		if (!isfinite(value))
			continue;
		whole = add(whole, dist_key_of_double(value));
		if (at % 16 == 0)
			part = add(part, dist_key_of_double(value));
		else
		{
			part = room(part, 1, false);
			CHECK(dist_insert(part, dist_key_of_double(value), 1));
		}
	}
	a = bytes_of(whole, &size_a, &flags_a);
	b = bytes_of(part, &size_b, &flags_b);
	CHECK(size_a == size_b && flags_a == flags_b && memcmp(a, b, size_a) == 0);
	free(a);
	free(b);
	free(whole);
	free(part);
}

static void
read_all(const DistSet *set)
{
	DistCell   *cells = calloc(set->size + 1, sizeof(DistCell));
	DistView	view;
	DistAnswer	answer;
	double		number;
	uint64_t	items;

	dist_view(&view, set, cells);
	CHECK(view.items == set->items);
	for (size_t i = 1; i < view.size; i++)
		CHECK(cells[i - 1].high < cells[i].low || cells[i].low > 9e15);
	if (isfinite(view.total.value))
	{
		if (dist_pareto_share(&view, 0.37, &answer))
			CHECK(answer.low <= answer.value && answer.value <= answer.high);
		if (dist_gini(&view, &answer))
			CHECK(answer.low <= answer.high);
		if (dist_coverage(&view, 0.5, &items))
			CHECK(items <= view.items);
		(void) dist_percentile(&view, 0.5, &answer);
		(void) dist_effective_number(&view, 0.5, &number);
		(void) dist_theil(&view, &number);
		(void) dist_h_index(&view, &number);
	}
	free(cells);
}

static void
decode(uint8_t flags, const uint8_t *payload, size_t size)
{
	size_t		n = dist_set_payload_room(size);
	DistEntry  *entries;
	DistBucket *buckets;
	uint8_t    *back;
	DistSet		set;

	if (dist_set_check(flags, payload, size) != NULL)
		return;
	entries = calloc(n, sizeof(DistEntry));
	buckets = calloc(n, sizeof(DistBucket));
	dist_set_decode(&set, flags, payload, size, entries, buckets);
	CHECK(set.size <= n);
	CHECK(dist_set_flags(&set) == flags);
	back = malloc(size);
	CHECK(dist_set_encode(&set, NULL) == size);
	dist_set_encode(&set, back);
	CHECK(memcmp(back, payload, size) == 0);
	read_all(&set);
	free(back);
	free(entries);
	free(buckets);
}

static void
decode_weighted(const uint8_t *payload, size_t size)
{
	size_t		n,
				n2;
	WeightedEntry *entries;
	uint8_t    *back;

	if (weighted_decode(payload, size, NULL, &n) != NULL)
		return;
	CHECK(n <= size / 11);
	entries = calloc(n + 1, sizeof(WeightedEntry));
	CHECK(weighted_decode(payload, size, entries, &n2) == NULL && n2 == n);
	CHECK(weighted_encode(entries, n, NULL) == size);
	back = malloc(size);
	weighted_encode(entries, n, back);
	CHECK(memcmp(back, payload, size) == 0);
	if (n > 0 && isfinite(weighted_total(entries, n).value))
		(void) weighted_percentile_of(entries, n, 0.5);
	free(back);
	free(entries);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t    *payload;

	if (size < 2)
		return 0;
	payload = (uint8_t *) exact(data + 2, size - 2);
	switch (data[0] % 3)
	{
		case 0:
			decode(data[1], payload, size - 2);
			break;
		case 1:
			decode_weighted(payload, size - 2);
			break;
		default:
			feed_values(payload, size - 2);
	}
	free(payload);
	return 0;
}
