/*
 * survival.h
 *		Durations with censoring: Kaplan-Meier, restricted mean, log-rank.
 *
 * Pure algorithm.  A row counts the items of one duration and outcome; its key
 * is the duration's bits and the outcome, so that ascending keys are ascending
 * durations, the censored before the observed.
 */
#ifndef PGHUB_SURVIVAL_H
#define PGHUB_SURVIVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "stats/codec.h"

#define SURVIVAL_VERSION	1
#define SURVIVAL_GROUPS		1000	/* of one log-rank test */

typedef struct SurvivalRow
{
	uint64_t	key;
	int64_t		count;			/* 0: an empty slot */
} SurvivalRow;

typedef struct SurvivalPoint
{
	double		at;
	int64_t		at_risk;		/* just before */
	int64_t		events;
	int64_t		censored;
	double		survival;		/* just after */
	double		std_error;		/* NaN where survival is 0 */
} SurvivalPoint;

typedef struct SurvivalGroup
{
	const SurvivalRow *rows;
	size_t		n;
	size_t		next;			/* the test's own: rows before it are past */
	double		at_risk;
	double		observed;
	double		expected;
} SurvivalGroup;

static inline uint64_t
survival_key(double duration, bool observed)
{
	uint64_t	bits;

	duration += 0.0;			/* -0 is 0 */
	memcpy(&bits, &duration, sizeof(bits));
	return bits << 1 | observed;
}

static inline double
survival_duration(uint64_t key)
{
	uint64_t	bits = key >> 1;
	double		duration;

	memcpy(&duration, &bits, sizeof(duration));
	return duration;
}

/* Sorts and joins equal keys; the new number of rows. */
extern size_t survival_merge(SurvivalRow *rows, size_t n);

/* Adds a row to a table of slots that is never full; true if the key is new. */
static inline bool
survival_add(SurvivalRow *slots, size_t capacity, uint64_t key, int64_t count)
{
	uint64_t	hash = key * UINT64_C(0x9E3779B97F4A7C15);
	size_t		at = (hash >> 32) * capacity >> 32;

	while (slots[at].count != 0)
	{
		if (slots[at].key == key)
		{
			slots[at].count += count;
			return false;
		}
		if (++at == capacity)
			at = 0;
	}
	slots[at].key = key;
	slots[at].count = count;
	return true;
}

extern void survival_encode(CodecWriter *w, const SurvivalRow *rows, size_t n);
extern const char *survival_check(uint8_t flags, const uint8_t *payload, size_t len);
extern size_t survival_count(const uint8_t *payload, size_t len);
extern void survival_decode(const uint8_t *payload, size_t len, SurvivalRow *rows);

/* One point for each distinct duration; points has room for n. */
extern size_t survival_points(const SurvivalRow *rows, size_t n, SurvivalPoint *points);

/* Smallest duration with survival <= 1/2; false if there is none. */
extern bool survival_median(const SurvivalPoint *points, size_t n, double *median);

/* Area under the curve up to horizon; false where the curve is not known. */
extern bool survival_mean(const SurvivalPoint *points, size_t n, double horizon, double *mean);

/*
 * Log-rank test of k groups.  matrix has room for k * k doubles, vector for k.
 * False where there is nothing to compare.
 */
extern bool survival_logrank(SurvivalGroup *groups, int k, double *matrix,
							 double *vector, double *chi_square, int *degrees);

/* Upper tail of the chi-square distribution. */
extern double survival_chi_square_tail(double x, int degrees);

#endif							/* PGHUB_SURVIVAL_H */
