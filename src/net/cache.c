/*
 * cache.c
 *		Answers kept between statements, where the server option asks for it.
 *
 * Called by request.c.  The key is server, user mapping and URL, so that no
 * user reads what another was given.  Only whole answers that say something
 * lasting are kept: 200, and 404 for "there is none".  They live in the
 * backend, the least recently used go when the bound is reached, and all go
 * when any server or mapping is altered.  What a reader gets is a copy, so an
 * entry may go at any time.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "net/cache.h"

#define CACHE_MAX_BYTES		((size_t) 64 * 1024 * 1024)
#define ENTRY_MAX_BYTES		(CACHE_MAX_BYTES / 8)

typedef struct CacheKey
{
	Oid			server;
	Oid			user_mapping;
	uint64		url_hash;
} CacheKey;

typedef struct CacheEntry
{
	CacheKey	key;
	dlist_node	node;			/* most recently used first */
	int64		fetched_us;
	size_t		bytes;
	int			status;
	bool		redirected;
	size_t		size;

	/* one piece of memory, parts follow each other; see pack */
	char	   *data;
	const char *url;			/* as asked */
	const char *answered;		/* path that answered */
	const char *next;			/* or NULL */
	const char *etag;			/* or NULL */
	const char *body;
} CacheEntry;

static HTAB *entries = NULL;
static MemoryContext cache_memory = NULL;
static dlist_head by_use = DLIST_STATIC_INIT(by_use);
static size_t bytes_kept = 0;

static void
drop_entry(CacheEntry *entry)
{
	dlist_delete(&entry->node);
	bytes_kept -= entry->bytes;
	pfree(entry->data);
	hash_search(entries, &entry->key, HASH_REMOVE, NULL);
}

int64
net_cache_flush(void)
{
	dlist_mutable_iter iter;
	int64		count = 0;

	dlist_foreach_modify(iter, &by_use)
	{
		drop_entry(dlist_container(CacheEntry, node, iter.cur));
		count++;
	}
	return count;
}

static void
on_alter(Datum argument, int cache, uint32 hash_value)
{
	(void) net_cache_flush();
}

static void
create_cache(void)
{
	HASHCTL		control = {0};

	if (entries != NULL)
		return;
	if (cache_memory == NULL)
	{
		cache_memory = AllocSetContextCreate(TopMemoryContext, "pghub cache",
											 ALLOCSET_DEFAULT_SIZES);
		CacheRegisterSyscacheCallback(FOREIGNSERVEROID, on_alter, (Datum) 0);
		CacheRegisterSyscacheCallback(USERMAPPINGOID, on_alter, (Datum) 0);
	}
	control.keysize = sizeof(CacheKey);
	control.entrysize = sizeof(CacheEntry);
	control.hcxt = cache_memory;
	entries = hash_create("pghub cache", 64, &control,
						  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static CacheKey
key_of(const NetRequest *request)
{
	const NetSettings *settings = &request->channel->settings;
	const char *origin = request->channel->origin_text;
	CacheKey	key;

	memset(&key, 0, sizeof(key));
	key.server = settings->server;
	key.user_mapping = settings->user_mapping;
	/* a server may have two origins; each entry keeps the path for certainty */
	key.url_hash = hash_combine64(hash_bytes_extended((const unsigned char *) origin,
													  strlen(origin), 0),
								  hash_bytes_extended((const unsigned char *) request->asked,
													  strlen(request->asked), 0));
	return key;
}

static CacheEntry *
find(const NetRequest *request)
{
	CacheKey	key;
	CacheEntry *entry;

	if (entries == NULL || request->channel->settings.cache_ttl_s <= 0)
		return NULL;
	key = key_of(request);
	entry = hash_search(entries, &key, HASH_FIND, NULL);
	if (entry == NULL || strcmp(entry->url, request->asked) != 0)
		return NULL;
	return entry;
}

/* Copies the entry into the request, as if it had just arrived. */
static bool
copy_out(CacheEntry *entry, NetRequest *request)
{
	WireTransfer *transfer = &request->transfer;
	NetResponse *response = &request->response;

	if (transfer->room <= entry->size)
	{
		char	   *body = realloc(transfer->body, entry->size + 1);

		if (body == NULL)
			return false;
		transfer->body = body;
		transfer->room = entry->size + 1;
	}
	memcpy(transfer->body, entry->body, entry->size + 1);
	transfer->size = entry->size;
	request_set_path(request, entry->answered, strlen(entry->answered));
	memset(response, 0, sizeof(NetResponse));
	response->status = entry->status;
	response->body = transfer->body;
	response->size = transfer->size;
	response->url = request->url;
	response->redirected = entry->redirected;
	if (entry->next != NULL)
		response->next = MemoryContextStrdup(request->channel->memory, entry->next);
	request->channel->counters.cache_hits++;
	request->channel->account->totals.cache_hits++;
	dlist_move_head(&by_use, &entry->node);
	return true;
}

bool
cache_answer(NetRequest *request)
{
	CacheEntry *entry = find(request);
	int64		ttl_us = (int64) request->channel->settings.cache_ttl_s * SECOND_US;

	return entry != NULL && wire_now() - entry->fetched_us < ttl_us &&
		copy_out(entry, request);
}

const char *
cache_validator(const NetRequest *request)
{
	CacheEntry *entry = find(request);

	/* it speaks of the URL that answered, which is not the one asked first */
	if (entry == NULL || entry->redirected || request->redirects > 0)
		return NULL;
	return entry->etag;
}

bool
cache_revive(NetRequest *request)
{
	CacheEntry *entry = find(request);

	if (entry == NULL || !copy_out(entry, request))
		return false;
	entry->fetched_us = wire_now();
	return true;
}

static char *
append_part(char *to, const char *part, size_t size, const char **where)
{
	memcpy(to, part, size);
	to[size] = '\0';
	*where = to;
	return to + size + 1;
}

/* All parts behind each other; false: no memory. */
static bool
pack(CacheEntry *entry, const NetRequest *request, size_t bytes)
{
	const NetResponse *response = &request->response;
	const char *etag = request->transfer.facts[FACT_ETAG];
	char	   *to = MemoryContextAllocExtended(cache_memory, bytes,
												MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);

	if (to == NULL)
		return false;
	entry->data = to;
	to = append_part(to, request->asked, strlen(request->asked), &entry->url);
	to = append_part(to, request->path, strlen(request->path), &entry->answered);
	entry->next = entry->etag = NULL;
	if (response->next != NULL)
		to = append_part(to, response->next, strlen(response->next), &entry->next);
	if (etag != NULL)
		to = append_part(to, etag, strlen(etag), &entry->etag);
	(void) append_part(to, response->body, response->size, &entry->body);
	return true;
}

static size_t
bytes_of(const NetRequest *request)
{
	const NetResponse *response = &request->response;
	const char *etag = request->transfer.facts[FACT_ETAG];

	return strlen(request->asked) + strlen(request->path) + response->size + 5 +
		(response->next != NULL ? strlen(response->next) : 0) +
		(etag != NULL ? strlen(etag) : 0);
}

void
cache_store(const NetRequest *request)
{
	const NetResponse *response = &request->response;
	size_t		bytes = bytes_of(request);
	CacheKey	key;
	CacheEntry *entry;
	CacheEntry	new = {0};

	if (request->channel->settings.cache_ttl_s <= 0 || bytes > ENTRY_MAX_BYTES ||
		(response->status != 200 && response->status != 404))
		return;
	create_cache();
	cache_forget(request);
	while (bytes_kept + bytes > CACHE_MAX_BYTES)
		drop_entry(dlist_tail_element(CacheEntry, node, &by_use));
	if (!pack(&new, request, bytes))
		return;
	key = key_of(request);
	entry = hash_search(entries, &key, HASH_ENTER_NULL, NULL);
	if (entry == NULL)
	{
		pfree(new.data);
		return;
	}
	new.key = key;
	new.fetched_us = wire_now();
	new.bytes = bytes;
	new.status = response->status;
	new.redirected = response->redirected;
	new.size = response->size;
	*entry = new;
	bytes_kept += bytes;
	dlist_push_head(&by_use, &entry->node);
}

/* Whatever lies under the request's key, also another URL of equal hash. */
void
cache_forget(const NetRequest *request)
{
	CacheKey	key;
	CacheEntry *entry;

	if (entries == NULL)
		return;
	key = key_of(request);
	entry = hash_search(entries, &key, HASH_FIND, NULL);
	if (entry != NULL)
		drop_entry(entry);
}
