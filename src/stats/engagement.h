/*
 * engagement.h
 *		What happens after release: instant -> exact sum of amounts.
 *
 * Pure algorithm.  Rows are pairs of an instant (microseconds since
 * 2000-01-01 UTC, or an age) and a part of its sum; an instant whose sum does
 * not fit one double has several rows, largest part first.
 */
#ifndef PGHUB_ENGAGEMENT_H
#define PGHUB_ENGAGEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/codec.h"

#define ENGAGEMENT_VERSION	1
#define ENGAGEMENT_POOLED	0x01	/* flag: instants are ages */
#define ENGAGEMENT_INSTANTS	65536	/* more make the grid coarser */
#define ENGAGEMENT_GRIDS	5	/* none, 1 s, 1 min, 1 h, 1 d */

/* The range of timestamptz. */
#define ENGAGEMENT_FIRST	INT64_C(-211813488000000000)
#define ENGAGEMENT_END		INT64_C(9223371331200000000)

typedef struct EngagementRow
{
	int64_t		at;
	double		value;
} EngagementRow;

typedef struct EngagementBin
{
	uint64_t	index;
	double		sum;
} EngagementBin;

typedef struct EngagementBins
{
	EngagementBin *bin;			/* those with observations, ascending */
	size_t		n;
	uint64_t	count;			/* of all bins, empty ones too */
	uint64_t	peak;			/* index of the largest, earliest on ties */
	double		peak_sum;
	int64_t		origin;
	uint64_t	width;
} EngagementBins;

typedef struct EngagementFit
{
	double		rate;			/* per bin */
	double		std_error;		/* of rate */
	uint64_t	bins;
} EngagementFit;

typedef struct EngagementSpell
{
	uint64_t	duration;
	bool		censored;
} EngagementSpell;

/* Width of a grid in microseconds; 1 for grid 0. */
extern int64_t engagement_grid_width(int grid);

/*
 * Sorts rows, adds equal instants, and takes the finest grid, from *grid on,
 * that holds the instants.  The new number of rows; or, with a phrase in
 * *damage, -1 past a limit of the type, -2 past the range of a sum.
 */
extern int64_t engagement_merge(EngagementRow *rows, size_t n, int *grid,
								const char **damage);

/* Canonical payload of merged rows. */
extern void engagement_encode(CodecWriter *w, const EngagementRow *rows,
							  size_t n, int grid);
extern const char *engagement_check(uint8_t flags, const uint8_t *payload, size_t len);

/* Number of rows of a sound payload, then the rows and the grid. */
extern size_t engagement_count(const uint8_t *payload, size_t len);
extern void engagement_decode(const uint8_t *payload, size_t len,
							  EngagementRow *rows, int *grid);

/*
 * Observations from origin to until in bins; NULL bounds are the first and
 * the last observation.  With bins->bin NULL it only counts (bins->n at most).
 * False: none in range.
 */
extern bool engagement_bins(const EngagementRow *rows, size_t n,
							const int64_t *origin, const int64_t *until,
							uint64_t width, EngagementBins *bins);

/* Bins from the peak until the rate stays at or below half; 0 if never. */
extern uint64_t engagement_half(const EngagementBins *bins);

/* Fewest bins that hold the fraction of the whole; -1 if the whole is 0. */
extern int64_t engagement_fraction(const EngagementBins *bins, double fraction);

/* False where there is no decay. */
extern bool engagement_fit(const EngagementBins *bins, EngagementFit *fit);

/* The first active spell; false without events. */
extern bool engagement_spell(const EngagementRow *rows, size_t n, uint64_t gap,
							 const int64_t *until, EngagementSpell *spell);

#endif							/* PGHUB_ENGAGEMENT_H */
