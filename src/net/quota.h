/*
 * quota.h
 *		Request quotas, shared by the sessions of the server.
 *
 * Private to src/net.  A quota belongs to a token or to the address of an
 * anonymous client, so its figures lie in shared memory under a hash of
 * origin and token; every session takes from the same count.
 */
#ifndef PGHUB_NET_QUOTA_H
#define PGHUB_NET_QUOTA_H

#include "postgres.h"

#include "net/header.h"
#include "net/http.h"

/* What this session knows of one server and user mapping. */
typedef struct Account
{
	Oid			server;			/* hash key */
	Oid			user_mapping;

	uint64		quota;			/* key of the shared figures */
	int			slot;			/* where they lay last */

	int64		window;			/* the blocked window's end, as shared */
	int64		wake;			/* when this session goes on after it */
	int64		announced;		/* the end announced last */

	NetCounters totals;			/* of the session */
} Account;

typedef enum QuotaAnswer
{
	QUOTA_TAKEN,				/* one request may leave; it is counted */
	QUOTA_WAIT,					/* ask again at *due_us */
	QUOTA_USED_UP				/* nothing is left until *due_us */
} QuotaAnswer;

extern Account *account_open(Oid server, Oid user_mapping,
							 const char *origin, const char *token);
extern Account *account_find(Oid server, Oid user_mapping);

extern QuotaAnswer quota_take(Account *account, int max_concurrency, int64 *due_us);
extern void quota_back(Account *account);	/* it is back, or given up */
extern void quota_learn(Account *account, const NetRate *rate);
extern void quota_block(Account *account, int64 duration_us);
extern bool quota_look(const Account *account, NetQuota *quota);

#endif							/* PGHUB_NET_QUOTA_H */
