/*
 * rank.c
 *		Overlap and rank-biased overlap of two lists.  Pure algorithm.
 */
#include <math.h>
#include <stddef.h>

#include "stats/rank.h"

size_t
rank_overlap(const int *a, size_t na, const int *b, size_t nb, unsigned char *seen)
{
	size_t		both = 0;

	for (size_t i = 0; i < na; i++)
		seen[a[i]] = 1;
	for (size_t i = 0; i < nb; i++)
		both += seen[b[i]];
	return both;
}

/*
 * Webber, Moffat, Zobel (2010), equation 32: the agreement at each depth,
 * weighted by p^depth; below the shorter list its last agreement is taken to
 * go on, so that lists of unlike length compare fairly and equal lists give 1.
 */
double
rank_biased(const int *a, size_t na, const int *b, size_t nb, double p,
			unsigned char *seen)
{
	size_t		shorter = na < nb ? na : nb,
				longer = na < nb ? nb : na;
	double		overlap = 0,
				at_shorter = 0,
				sum = 0,
				weight = 1;

	for (size_t depth = 1; depth <= longer; depth++)
	{
		weight *= p;
		if (depth <= na && seen[a[depth - 1]]++)
			overlap++;
		if (depth <= nb && seen[b[depth - 1]]++)
			overlap++;
		if (depth == shorter)
			at_shorter = overlap;
		sum += overlap / depth * weight;
		if (depth > shorter)
			sum += at_shorter * (depth - shorter) / ((double) shorter * depth) * weight;
	}
	return (1 - p) / p * sum +
		((overlap - at_shorter) / longer + at_shorter / shorter) * weight;
}
