/*
 * quota.h
 *		What a server said about its quota, per server and user mapping.
 *
 * Private to src/net.  The figures live for the backend; they steer when the
 * next request may leave.
 */
#ifndef PGHUB_NET_QUOTA_H
#define PGHUB_NET_QUOTA_H

#include "postgres.h"

#include "net/header.h"

typedef struct Quota
{
	Oid			server;			/* hash key */
	Oid			user_mapping;

	bool		known;
	int64		left;			/* as last told, less what left since */
	int64		limit;			/* -1: never told */
	int64		reset_us;		/* when the window ends, monotonic */

	int64		blocked_until;	/* monotonic; 0: not blocked */
	int64		announced;		/* the block that was announced last */

	bool		turn;			/* the advisory lock is ours */
	int			flying;			/* requests on the wire */
	int64		next_try;		/* when to ask for the turn again */
	int64		turn_wait_since;	/* 0: not waiting for it */
} Quota;

extern Quota *quota_get(Oid server, Oid user_mapping);
extern Quota *quota_find(Oid server, Oid user_mapping);

/* Takes over what an answer said. */
extern void quota_learn(Quota *quota, const NetRate *rate, int64 now);

/*
 * Whether a request may leave now; else *due is when to ask again
 * (PG_INT64_MAX: once one of those on the wire is back) and *blocked tells
 * whether the quota is used up until then.  May take the turn.
 */
extern bool quota_permits(Quota *quota, int max_concurrency, int64 now,
						  int64 *due, bool *blocked);
extern void quota_left(Quota *quota);	/* a request left */
extern void quota_back(Quota *quota);	/* it is back, or given up */
extern void quota_block(Quota *quota, int64 until);

#endif							/* PGHUB_NET_QUOTA_H */
