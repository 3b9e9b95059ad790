/*
 * fuzz_counter.c
 *		Any bytes as the canonical form of a counter summary.
 *
 * fuzz-sources: src/stats/counter.c
 */
#include "stats/counter.h"

#include "fuzz.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_all(const CounterRow *rows, size_t n)
{
	static const uint64_t widths[] = {UINT64_C(86400000000), UINT64_C(1) << 61};
	double		value;

	if (n == 0)
		return;
	CHECK(counter_value_at(rows, n, rows[0].at, &value));
	CHECK(counter_growth(rows, n, NULL, NULL, false, &value) && value >= 0);
	CHECK(counter_growth(rows, n, NULL, NULL, true, &value) && value >= 0);
	CHECK(counter_drops(rows, n) < n);
	for (int i = 0; i < 2; i++)
	{
		CounterWalk walk;
		CounterBin	bin;

		if (!counter_walk(&walk, rows, n, widths[i]))
			continue;
		for (int j = 0; j < 1000 && counter_next_bin(&walk, &bin); j++)
			CHECK(bin.covered >= 0 && bin.covered <= 1 && bin.increment >= 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *payload = data + 1;
	size_t		len = size > 0 ? size - 1 : 0,
				n;
	CounterRow *rows;
	CodecWriter w = {NULL, 0};

	if (size == 0 || counter_check(data[0], payload, len) != NULL)
		return 0;
	n = counter_count(payload, len);
	CHECK(n <= len / 2);
	rows = malloc(sizeof(CounterRow) * (n + 1));
	counter_decode(payload, len, rows);
	read_all(rows, n);
	CHECK(counter_is_merged(rows, n) && counter_merge(rows, n) == n);
	w.buffer = malloc(len + 1);
	counter_encode(&w, rows, n);
	CHECK(w.size == len && memcmp(w.buffer, payload, len) == 0);
	free(w.buffer);
	free(rows);
	return 0;
}
