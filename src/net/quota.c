/*
 * quota.c
 *		Request quotas, shared by the sessions of the server.
 *
 * Called by request.c before and after every request.  Each request is taken
 * off a count in shared memory before it leaves, so that sessions which use
 * one token or address stay within its quota together, and all wait for the
 * next window when nothing is left, each a little differently.  What a server
 * tells corrects the count: downwards within a window, in full for a new one.
 *
 * The shared piece is a few kilobytes out of the reserve that every server
 * keeps, so nothing needs to be preloaded; where even that is not to be had a
 * session counts for itself.  A spinlock guards it: the sections are short
 * and call nothing.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "net/channel.h"
#include "net/quota.h"

#define QUOTA_SLOTS		64

/* Requests of all sessions before the first answer tells the quota. */
#define UNTOLD_PAUSE_US		(20 * 1000)
#define UNTOLD_LOST_US		(10 * SECOND_US)

/* A window that ends later than the one known by more than this is new. */
#define SAME_WINDOW_US		(2 * SECOND_US)

/* Times are TimestampTz: wall clock, the same in all sessions. */
typedef struct QuotaSlot
{
	uint64		key;			/* 0: free */
	int64		used;			/* last use */
	bool		known;			/* figures below were told or follow from it */
	bool		silent;			/* answers came, without figures */
	int64		left;			/* less what is on the wire */
	int64		limit;			/* -1: never told */
	int64		window_us;		/* -1: never told */
	int64		reset;			/* end of the window */
	int64		blocked_until;	/* a 429 said so */
	int64		flying;			/* on the wire; approximate after crashes */
	int64		last_take;
} QuotaSlot;

typedef struct QuotaShared
{
	slock_t		lock;
	QuotaSlot	slots[QUOTA_SLOTS];
} QuotaShared;

typedef struct AccountKey
{
	Oid			server;
	Oid			user_mapping;
} AccountKey;

static HTAB *accounts = NULL;
static QuotaShared *shared = NULL;

/* ---- the shared piece ---- */

static QuotaShared *
attach_or_create(void)
{
	bool		found;
	QuotaShared *piece = ShmemInitStruct("pghub quotas", sizeof(QuotaShared), &found);

	if (!found)
	{
		memset(piece, 0, sizeof(QuotaShared));
		SpinLockInit(&piece->lock);
	}
	return piece;
}

static void
attach(void)
{
	MemoryContext context = CurrentMemoryContext;
	uint32		holdoff;

	if (shared != NULL)
		return;
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	holdoff = InterruptHoldoffCount;
	PG_TRY();
	{
		shared = attach_or_create();
	}
	PG_CATCH();
	{
		/* the reserve is used up: only ShmemInitStruct can have failed */
		MemoryContextSwitchTo(context);
		FlushErrorState();
		InterruptHoldoffCount = holdoff;	/* the lock is still held */
	}
	PG_END_TRY();
	LWLockRelease(AddinShmemInitLock);
	if (shared == NULL)
	{
		shared = MemoryContextAllocZero(TopMemoryContext, sizeof(QuotaShared));
		SpinLockInit(&shared->lock);
	}
}

static void
clear_slot(QuotaSlot *slot, uint64 key)
{
	memset(slot, 0, sizeof(QuotaSlot));
	slot->key = key;
	slot->limit = slot->window_us = -1;
}

/* The account's slot, with the lock held; the least used one gives way. */
static QuotaSlot *
lock_slot(Account *account, int64 now)
{
	int			victim = 0;

	SpinLockAcquire(&shared->lock);
	if (shared->slots[account->slot].key != account->quota)
	{
		int			i;

		for (i = 0; i < QUOTA_SLOTS; i++)
		{
			if (shared->slots[i].key == account->quota)
				break;
			if (shared->slots[i].used < shared->slots[victim].used)
				victim = i;
		}
		if (i == QUOTA_SLOTS)
			clear_slot(&shared->slots[i = victim], account->quota);
		account->slot = i;
	}
	shared->slots[account->slot].used = now;
	return &shared->slots[account->slot];
}

static void
unlock(void)
{
	SpinLockRelease(&shared->lock);
}

/* ---- accounts of this session ---- */

static uint64
quota_key(const char *origin, const char *token)
{
	uint64		key = DatumGetUInt64(hash_any_extended((const unsigned char *) origin,
													   strlen(origin), 0));

	if (token != NULL)
		key = DatumGetUInt64(hash_any_extended((const unsigned char *) token,
											   strlen(token), key));
	return key != 0 ? key : 1;
}

Account *
account_open(Oid server, Oid user_mapping, const char *origin, const char *token)
{
	AccountKey	key = {server, user_mapping};
	Account    *account;
	bool		found;

	attach();
	if (accounts == NULL)
	{
		HASHCTL		control = {0};

		control.keysize = sizeof(AccountKey);
		control.entrysize = sizeof(Account);
		control.hcxt = TopMemoryContext;
		accounts = hash_create("pghub accounts", 8, &control,
							   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	account = hash_search(accounts, &key, HASH_ENTER, &found);
	if (!found)
		memset((char *) account + sizeof(AccountKey), 0,
			   sizeof(Account) - sizeof(AccountKey));
	account->quota = quota_key(origin, token);
	return account;
}

Account *
account_find(Oid server, Oid user_mapping)
{
	AccountKey	key = {server, user_mapping};

	if (accounts == NULL)
		return NULL;
	return hash_search(accounts, &key, HASH_FIND, NULL);
}

/* Figures of the session, one entry a server and mapping, palloc'd. */
NetStatistics *
net_statistics(int *count)
{
	NetStatistics *all;
	HASH_SEQ_STATUS sequence;
	Account    *account;

	*count = 0;
	if (accounts == NULL)
		return NULL;
	all = palloc0(sizeof(NetStatistics) * Max(1, hash_get_num_entries(accounts)));
	hash_seq_init(&sequence, accounts);
	while ((account = hash_seq_search(&sequence)) != NULL)
	{
		NetStatistics *one = &all[(*count)++];

		one->server = account->server;
		one->user_mapping = account->user_mapping;
		one->totals = account->totals;
		if (!quota_look(account, &one->quota))
			one->quota.known = false;
	}
	return all;
}

/* ---- taking and learning ---- */

/* A window that has ended: the next one begins full, if its size is known. */
static void
renew_window(QuotaSlot *slot, int64 now)
{
	if (!slot->known || slot->reset > now)
		return;
	slot->flying = 0;
	if (slot->limit > 0 && slot->window_us > 0)
	{
		slot->left = slot->limit;
		slot->reset = now + slot->window_us;
	}
	else
		slot->known = false;
}

/*
 * Takes one request off the slot: 0, or the time until which none is to be
 * had.  *untold: nothing is known yet and enough are on the wire to find out.
 */
static int64
take_from(QuotaSlot *slot, int64 now, int max_concurrency, bool *untold)
{
	*untold = false;
	if (slot->blocked_until > now)
		return slot->blocked_until;
	renew_window(slot, now);
	if (slot->known)
	{
		if (slot->left <= 0)
			return slot->reset;
		slot->left--;
	}
	else if (!slot->silent && slot->flying >= max_concurrency &&
			 now - slot->last_take < UNTOLD_LOST_US)
	{
		*untold = true;
		return now + UNTOLD_PAUSE_US;
	}
	slot->flying++;
	slot->last_take = now;
	return 0;
}

QuotaAnswer
quota_take(Account *account, int max_concurrency, int64 *due_us)
{
	int64		now = GetCurrentTimestamp();
	int64		until;
	bool		untold;

	*due_us = PG_INT64_MAX;
	if (account->window != 0 && account->wake > now)
	{
		/* this session's own pause after the end of the window */
		*due_us = wire_now() + (account->wake - now);
		return QUOTA_USED_UP;
	}
	until = take_from(lock_slot(account, now), now, max_concurrency, &untold);
	unlock();
	if (until == 0)
	{
		account->window = 0;
		return QUOTA_TAKEN;
	}
	if (untold)
	{
		*due_us = wire_now() + UNTOLD_PAUSE_US;
		return QUOTA_WAIT;
	}
	if (account->window != until)
	{
		/* a second for clocks that differ, and not all at one instant */
		account->window = until;
		account->wake = until + SECOND_US +
			(int64) (pg_prng_double(&pg_global_prng_state) * SECOND_US / 2);
	}
	*due_us = wire_now() + (account->wake - now);
	return QUOTA_USED_UP;
}

void
quota_back(Account *account)
{
	QuotaSlot  *slot = lock_slot(account, GetCurrentTimestamp());

	if (slot->flying > 0)
		slot->flying--;
	unlock();
}

/*
 * Called before quota_back of the answer's own request.  In one window the
 * count only falls: an answer that left earlier may arrive later, and what is
 * on the wire is off the count already but not yet off the server's.
 */
void
quota_learn(Account *account, const NetRate *rate)
{
	int64		now = GetCurrentTimestamp();
	QuotaSlot  *slot = lock_slot(account, now);

	if (rate->limit >= 0)
		slot->limit = rate->limit;
	if (rate->window_s > 0)
		slot->window_us = rate->window_s * SECOND_US;
	if (rate->left < 0)
		slot->silent = !slot->known;
	else
	{
		int64		reset = now + Max(rate->reset_s, 0) * SECOND_US;

		renew_window(slot, now);
		if (!slot->known || reset > slot->reset + SAME_WINDOW_US)
			slot->left = Max(rate->left - Max(slot->flying - 1, 0), 0);
		else
			slot->left = Min(slot->left, rate->left);
		slot->reset = reset;
		slot->known = true;
		slot->silent = false;
	}
	unlock();
}

/* A 429 told all of us to wait. */
void
quota_block(Account *account, int64 duration_us)
{
	int64		now = GetCurrentTimestamp();
	QuotaSlot  *slot = lock_slot(account, now);

	slot->blocked_until = Max(slot->blocked_until, now + duration_us);
	unlock();
	/* the pause was asked for as it is: none of our own on top */
	account->window = now + duration_us;
	account->wake = account->window;
}

bool
quota_look(const Account *account, NetQuota *quota)
{
	int64		now = GetCurrentTimestamp();
	const QuotaSlot *slot = lock_slot(unconstify(Account *, account), now);

	quota->known = slot->known && slot->reset > now;
	quota->left = slot->left;
	quota->limit = slot->limit;
	quota->reset_s = (int) ((slot->reset - now) / SECOND_US);
	unlock();
	return quota->known;
}
