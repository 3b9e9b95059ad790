/*
 * distribution.h
 *		What the SQL sides of distribution share.
 */
#ifndef PGHUB_DISTRIBUTION_H
#define PGHUB_DISTRIBUTION_H

#include "postgres.h"

#include "fmgr.h"

#include "stats/distribution_measure.h"
#include "stats/distribution_set.h"
#include "stats/distribution_state.h"
#include "stats/summary.h"

static inline DistState *
dist_state(const Summary *summary)
{
	return (DistState *) summary->payload;
}

/* The content of a summary, working or canonical, in canonical order. */
extern void dist_set_of(DistSet *set, const Summary *summary);

/* The function or aggregate that is running, for messages. */
extern const char *dist_caller(FunctionCallInfo fcinfo);

/* An argument that must lie in [0, 1], or an error that names the caller. */
extern double dist_fraction(FunctionCallInfo fcinfo, double value, const char *what);

#endif							/* PGHUB_DISTRIBUTION_H */
