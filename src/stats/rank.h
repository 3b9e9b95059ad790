/*
 * rank.h
 *		Comparison of two ranked lists.
 */
#ifndef PGHUB_RANK_H
#define PGHUB_RANK_H

#include <stddef.h>

/*
 * Lists of item numbers below items, each item at most once in a list; seen
 * has room for items, all zero.
 */
extern size_t rank_overlap(const int *a, size_t na, const int *b, size_t nb,
						   unsigned char *seen);

/* Rank-biased overlap, extrapolated; neither list is empty. */
extern double rank_biased(const int *a, size_t na, const int *b, size_t nb,
						  double p, unsigned char *seen);

#endif							/* PGHUB_RANK_H */
