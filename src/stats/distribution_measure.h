/*
 * distribution_measure.h
 *		What is read from a distribution: shares, inequality, percentiles.
 *
 * A reader sees cells in rising order of value.  In an exact distribution a
 * cell is one value.  In a bucketed one it is an interval with the exact count
 * and sum of its items, from which each answer has limits that hold for sure.
 *
 * Every measure answers false where it is not defined (no items, a total of
 * zero), which is NULL in SQL.
 *
 * Free of server headers.
 */
#ifndef PGHUB_DISTRIBUTION_MEASURE_H
#define PGHUB_DISTRIBUTION_MEASURE_H

#include "stats/distribution_set.h"

typedef struct DistCell
{
	double		low;			/* least and greatest value that may be in it */
	double		high;
	double		mean;
	uint64_t	count;
	uint64_t	before;			/* items of all lower cells */
	Pair		sum;
} DistCell;

typedef struct DistView
{
	bool		exact;
	bool		integers;		/* no value is anything else; whole is set */
	size_t		size;
	uint64_t	items;
	uint64_t	positive;		/* items above zero */
	Pair		total;
	Wide		whole;			/* the total, exactly */
	DistCell   *cells;
} DistView;

/* An answer with limits that enclose the truth; in exact mode all three agree. */
typedef struct DistAnswer
{
	double		value;
	double		low;
	double		high;
} DistAnswer;

/* cells has room for set->size */
extern void dist_view(DistView *view, const DistSet *set, DistCell *cells);

extern bool dist_pareto_share(const DistView *view, double fraction, DistAnswer *answer);
extern bool dist_top_share(const DistView *view, double items, DistAnswer *answer);
extern bool dist_coverage(const DistView *view, double fraction, uint64_t *items);
extern bool dist_share_below(const DistView *view, double x, double *share);
extern bool dist_percentile(const DistView *view, double p, DistAnswer *answer);
extern bool dist_gini(const DistView *view, DistAnswer *answer);
extern bool dist_lorenz(const DistView *view, double population, double *share);
extern bool dist_hhi(const DistView *view, double *hhi);
extern bool dist_effective_number(const DistView *view, double q, double *number);
extern bool dist_entropy(const DistView *view, double *entropy);
extern bool dist_theil(const DistView *view, double *theil);
extern bool dist_h_index(const DistView *view, double *h);

#endif							/* PGHUB_DISTRIBUTION_MEASURE_H */
