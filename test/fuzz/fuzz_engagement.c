/*
 * fuzz_engagement.c
 *		Any bytes as the canonical form of an engagement summary.
 *
 * fuzz-sources: src/stats/engagement.c
 *
 * What the check accepts must decode, encode to the same bytes again, survive
 * a merge unchanged, and be read by every reader without harm.
 */
#include "stats/engagement.h"
#include "stats/engagement_pack.h"

#include "fuzz.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_all(const EngagementRow *rows, size_t n)
{
	static const uint64_t widths[] = {1, 1000000, UINT64_C(604800000000), UINT64_C(1) << 62};
	EngagementBins bins;
	EngagementFit fit;
	EngagementSpell spell;

	for (int i = 0; i < 4; i++)
	{
		bins.bin = NULL;
		if (!engagement_bins(rows, n, NULL, NULL, widths[i], &bins))
			continue;
		bins.bin = malloc(sizeof(EngagementBin) * bins.n);
		CHECK(engagement_bins(rows, n, NULL, NULL, widths[i], &bins));
		CHECK(bins.n <= n && bins.peak < bins.count);
		CHECK(engagement_half(&bins) < bins.count);
		if (engagement_fit(&bins, &fit))
			CHECK(fit.rate > 0 && fit.std_error >= 0);
		engagement_fraction(&bins, 0.5);
		free(bins.bin);
	}
	engagement_spell(rows, n, 86400000000, NULL, &spell);
}

/* The packed form of a state gives back the rows. */
static void
pack_all(const EngagementRow *rows, size_t n)
{
	uint8_t    *bytes = malloc(n * PACKED_ROW_MAX + 1),
			   *to = bytes;
	const uint8_t *from = bytes;
	int64_t		last = 0;
	EngagementRow row;

	for (size_t i = 0; i < n; i++)
	{
		uint8_t    *next = engagement_pack(to, &last, &rows[i]);

		CHECK(next - to <= PACKED_ROW_MAX);
		to = next;
	}
	last = 0;
	for (size_t i = 0; i < n; i++)
	{
		from = engagement_unpack(from, &last, &row);
		CHECK(row.at == rows[i].at && row.value == rows[i].value);
	}
	CHECK(from == to);
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t		flags = size > 0 ? data[0] : 0;
	const uint8_t *payload = data + 1;
	size_t		len = size > 0 ? size - 1 : 0,
				n;
	EngagementRow *rows;
	CodecWriter w = {NULL, 0};
	const char *damage = NULL;
	int			grid,
				merged_grid;

	if (size == 0 || engagement_check(flags, payload, len) != NULL)
		return 0;
	n = engagement_count(payload, len);
	CHECK(n <= len / 2);
	rows = malloc(sizeof(EngagementRow) * (n + 1));
	engagement_decode(payload, len, rows, &grid);
	read_all(rows, n);
	pack_all(rows, n);
	merged_grid = grid;
	CHECK(engagement_merge(rows, n, &merged_grid, &damage) == (int64_t) n && merged_grid == grid);
	w.buffer = malloc(len + 1);
	engagement_encode(&w, rows, n, grid);
	CHECK(w.size == len && memcmp(w.buffer, payload, len) == 0);
	free(w.buffer);
	free(rows);
	return 0;
}
