/*
 * fuzz_survival.c
 *		Any bytes as the canonical form of a survival summary.
 *
 * fuzz-sources: src/stats/survival.c
 */
#include <math.h>

#include "stats/survival.h"

#include "fuzz.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_all(const SurvivalRow *rows, size_t n)
{
	SurvivalPoint *points = malloc(sizeof(SurvivalPoint) * (n + 1));
	size_t		used = survival_points(rows, n, points);
	SurvivalGroup groups[3] = {{rows, n}, {rows, n / 2}, {rows, 0}};
	double		matrix[9],
				vector[3],
				value;
	int			degrees;

	CHECK(used <= n);
	for (size_t i = 0; i < used; i++)
		CHECK(points[i].survival >= 0 && points[i].survival <= 1 &&
			 (i == 0 || points[i].survival <= points[i - 1].survival));
	survival_median(points, used, &value);
	survival_mean(points, used, 100, &value);
	if (survival_logrank(groups, 3, matrix, vector, &value, &degrees))
		CHECK(isnan(value) || survival_chi_square_tail(value, degrees) <= 1);
	free(points);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *payload = data + 1;
	size_t		len = size > 0 ? size - 1 : 0,
				n;
	SurvivalRow *rows;
	CodecWriter w = {NULL, 0};

	if (size == 0 || survival_check(data[0], payload, len) != NULL)
		return 0;
	n = survival_count(payload, len);
	CHECK(n <= len / 2);
	rows = malloc(sizeof(SurvivalRow) * (n + 1));
	survival_decode(payload, len, rows);
	read_all(rows, n);
	CHECK(survival_merge(rows, n) == n);
	w.buffer = malloc(len + 1);
	survival_encode(&w, rows, n);
	CHECK(w.size == len && memcmp(w.buffer, payload, len) == 0);
	free(w.buffer);
	free(rows);
	return 0;
}
