/*
 * quota.c
 *		What a server said about its quota, and when the next request may go.
 *
 * Called by request.c around every request.  A quota belongs to a token or an
 * address, not to a backend: while little of it is left, the sessions that
 * use one server and mapping take turns, one request at a time, by an advisory
 * lock of their own class.  The lock is only ever tried, never waited for, and
 * whoever does not get it within a while goes ahead, so that no deadlock can
 * come of it; it is held while a request is on the wire and no longer.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "net/quota.h"
#include "net/wire.h"

#define SECOND_US			INT64CONST(1000000)

/* Apart from pg_advisory_lock's classes 1 and 2. */
#define TURN_LOCK_CLASS		0x4875

/* Pauses between tries for the turn, and how long to keep trying. */
#define TURN_PAUSE_MIN_US	(10 * 1000)
#define TURN_PAUSE_SPAN_US	(30 * 1000)
#define TURN_PATIENCE_US	(20 * SECOND_US)

typedef struct QuotaKey
{
	Oid			server;
	Oid			user_mapping;
} QuotaKey;

static HTAB *quotas = NULL;

static int64
random_up_to(int64 span)
{
	return (int64) (pg_prng_double(&pg_global_prng_state) * span);
}

Quota *
quota_get(Oid server, Oid user_mapping)
{
	QuotaKey	key = {server, user_mapping};
	Quota	   *quota;
	bool		found;

	if (quotas == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(QuotaKey);
		control.entrysize = sizeof(Quota);
		control.hcxt = TopMemoryContext;
		quotas = hash_create("pghub quotas", 8, &control,
							 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	quota = hash_search(quotas, &key, HASH_ENTER, &found);
	if (!found)
	{
		memset((char *) quota + sizeof(QuotaKey), 0,
			   sizeof(Quota) - sizeof(QuotaKey));
		quota->limit = -1;
	}
	return quota;
}

Quota *
quota_find(Oid server, Oid user_mapping)
{
	QuotaKey	key = {server, user_mapping};

	if (quotas == NULL)
		return NULL;
	return hash_search(quotas, &key, HASH_FIND, NULL);
}

/*
 * The figure counts what has reached the server; requests that are still on
 * the wire come off it.  An answer that left earlier may arrive later: within
 * one window the smaller figure is the newer one.
 */
void
quota_learn(Quota *quota, const NetRate *rate, int64 now)
{
	if (rate->limit >= 0)
		quota->limit = rate->limit;
	if (rate->left < 0)
		return;
	quota->left = rate->left;
	quota->known = true;
	quota->reset_us = rate->reset_s >= 0 ? now + rate->reset_s * SECOND_US : now;
}

static void
turn_tag(const Quota *quota, LOCKTAG *tag)
{
	SET_LOCKTAG_ADVISORY(*tag, MyDatabaseId, quota->server,
						 quota->user_mapping, TURN_LOCK_CLASS);
}

static bool
take_turn(Quota *quota, int64 now)
{
	LOCKTAG		tag;

	if (quota->turn)
		return true;
	if (quota->turn_wait_since == 0)
		quota->turn_wait_since = now;
	if (now < quota->next_try)
		return false;
	turn_tag(quota, &tag);
	if (LockAcquire(&tag, ExclusiveLock, true, true) == LOCKACQUIRE_NOT_AVAIL)
	{
		quota->next_try = now + TURN_PAUSE_MIN_US + random_up_to(TURN_PAUSE_SPAN_US);
		return now - quota->turn_wait_since > TURN_PATIENCE_US;
	}
	quota->turn = true;
	return true;
}

static void
end_turn(Quota *quota)
{
	LOCKTAG		tag;

	if (!quota->turn)
		return;
	quota->turn = false;
	turn_tag(quota, &tag);
	LockRelease(&tag, ExclusiveLock, true);
	/* the others first */
	quota->next_try = wire_now() + TURN_PAUSE_MIN_US +
		random_up_to(TURN_PAUSE_SPAN_US);
}

bool
quota_permits(Quota *quota, int max_concurrency, int64 now,
			  int64 *due, bool *blocked)
{
	int64		left;

	*due = PG_INT64_MAX;
	*blocked = false;
	if (quota->blocked_until > now)
	{
		*due = quota->blocked_until;
		*blocked = true;
		return false;
	}
	if (!quota->known)
		return true;
	if (quota->reset_us <= now)
	{
		quota->known = false;	/* a new window, nothing told about it yet */
		return true;
	}
	left = quota->left - quota->flying;
	if (left <= 0)
	{
		if (quota->flying > 0)
			return false;
		/* one second more, and not all sessions at the same instant */
		quota_block(quota, quota->reset_us + SECOND_US + random_up_to(SECOND_US));
		*due = quota->blocked_until;
		*blocked = true;
		return false;
	}
	if (left >= 2 * max_concurrency)
		return true;
	if (quota->flying > 0)
		return false;
	if (!take_turn(quota, now))
	{
		*due = quota->next_try;
		return false;
	}
	return true;
}

void
quota_left(Quota *quota)
{
	quota->flying++;
	quota->turn_wait_since = 0;
}

void
quota_back(Quota *quota)
{
	quota->flying--;
	if (quota->flying == 0)
		end_turn(quota);
}

void
quota_block(Quota *quota, int64 until)
{
	quota->blocked_until = Max(quota->blocked_until, until);
}
