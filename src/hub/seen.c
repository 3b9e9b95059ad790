/*
 * seen.c
 *		A set of identities: was this row there before?
 *
 * Lists sorted by a moving key can show a row on two pages.  The scan asks
 * here, once a row.  Up to SEEN_MEMORY the set is a hash table; a full table
 * is sorted and written to a temporary file as a run, of which only every
 * 256th key stays in memory.  A look-up then reads one block of each run,
 * eight for three million rows: far less than the request that brought them.
 *
 * The Hub's identifiers are 24 hex digits and stand here as their 96 bits;
 * any other identity stands as 128 bits of hash.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "storage/fd.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#include "hub/seen.h"

#define SEEN_MEMORY		(8 * 1024 * 1024)
#define KEY_SIZE		HUB_IDENTITY_SIZE
#define SLOTS			(SEEN_MEMORY / KEY_SIZE)
#define FIRST_SLOTS		2048	/* room for a page of 1,000 */
#define BLOCK_KEYS		256
#define BLOCK_SIZE		(BLOCK_KEYS * KEY_SIZE)

typedef HubIdentity SeenKey;	/* all zero: an empty slot */

typedef struct SeenRun
{
	off_t		offset;
	int			count;
	SeenKey    *fences;			/* first key of each block */
} SeenRun;

struct HubSeen
{
	MemoryContext memory;
	SeenKey    *slots;
	uint32		nslots;
	uint32		used;
	File		file;			/* 0: none yet */
	off_t		file_size;
	SeenRun    *runs;
	int			nruns;
};

HubSeen *
hub_seen_create(MemoryContext context)
{
	MemoryContext memory = AllocSetContextCreate(context, "hub identities",
												 ALLOCSET_DEFAULT_SIZES);
	HubSeen    *seen = MemoryContextAllocZero(memory, sizeof(HubSeen));

	seen->memory = memory;
	seen->nslots = FIRST_SLOTS;
	seen->slots = MemoryContextAllocZero(memory, sizeof(SeenKey) * seen->nslots);
	return seen;
}

void
hub_seen_free(HubSeen *seen)
{
	if (seen->file > 0)
		FileClose(seen->file);
	MemoryContextDelete(seen->memory);
}

/* Eight lower-case hex digits at once; false if they are anything else. */
static inline bool
read_hex(const char *text, uint32 *value)
{
	const uint64 ones = UINT64CONST(0x0101010101010101);
	uint64		bytes,
				nibbles,
				letters;

	memcpy(&bytes, text, sizeof(bytes));
	nibbles = (bytes & (ones * 0x0f)) + ((bytes >> 6) & ones) * 9;
	letters = ((nibbles + ones * 6) >> 4) & ones;
	if ((nibbles & (ones * 0xf0)) != 0 ||
		nibbles + ones * '0' + letters * ('a' - '0' - 10) != bytes)
		return false;
	nibbles = (nibbles << 4 | nibbles >> 8) & UINT64CONST(0x00ff00ff00ff00ff);
	nibbles = (nibbles | nibbles >> 8) & UINT64CONST(0x0000ffff0000ffff);
	*value = (uint32) (nibbles | nibbles >> 16);
	return true;
}

HubIdentity
hub_identity(const char *text, size_t size)
{
	HubIdentity identity = {{0}};
	uint32		hex[3];
	uint64		hash;

	if (size == 24 && read_hex(text, &hex[0]) && read_hex(text + 8, &hex[1]) &&
		read_hex(text + 16, &hex[2]))
	{
		memcpy(identity.bytes, hex, sizeof(hex));
		identity.bytes[15] = 1; /* none is all zero, no hash looks the same */
		return identity;
	}
	hash = hash_bytes_extended((const unsigned char *) text, size, 1);
	memcpy(identity.bytes, &hash, 8);
	hash = hash_bytes_extended((const unsigned char *) text, size, 2);
	memcpy(identity.bytes + 8, &hash, 8);
	identity.bytes[15] |= 2;
	return identity;
}

static int
key_cmp(const void *a, const void *b)
{
	return memcmp(a, b, KEY_SIZE);
}

static bool
key_is_empty(const SeenKey *key)
{
	return key->bytes[15] == 0;
}

/* Identifiers count up in their first and last bytes: spread all of them. */
static inline uint32
key_hash(const SeenKey *key)
{
	uint64		half[2];

	memcpy(half, key->bytes, KEY_SIZE);
	half[0] = (half[0] ^ (half[1] * UINT64CONST(0x9e3779b97f4a7c15))) * UINT64CONST(0xff51afd7ed558ccd);
	return (uint32) (half[0] >> 32) ^ (uint32) half[0];
}

/* The slot that holds KEY, or the empty one where it belongs. */
static SeenKey *
find_slot(HubSeen *seen, const SeenKey *key)
{
	uint32		at = key_hash(key) & (seen->nslots - 1);

	while (!key_is_empty(&seen->slots[at]) &&
		   memcmp(&seen->slots[at], key, KEY_SIZE) != 0)
		at = (at + 1) & (seen->nslots - 1);
	return &seen->slots[at];
}

static void
grow(HubSeen *seen)
{
	SeenKey    *old = seen->slots;
	uint32		count = seen->nslots;

	seen->nslots *= 2;
	seen->slots = MemoryContextAllocZero(seen->memory, sizeof(SeenKey) * seen->nslots);
	for (uint32 i = 0; i < count; i++)
		if (!key_is_empty(&old[i]))
			*find_slot(seen, &old[i]) = old[i];
	pfree(old);
}

static void
write_keys(HubSeen *seen, const SeenKey *keys, int count)
{
	const char *at = (const char *) keys;
	size_t		left = (size_t) count * KEY_SIZE;

	while (left > 0)
	{
		int			wrote = FileWrite(seen->file, (char *) at, Min(left, 1024 * 1024),
									  seen->file_size, PG_WAIT_EXTENSION);

		if (wrote <= 0)
			ereport(ERROR,
					(errcode_for_file_access(),
					 errmsg("could not write to temporary file: %m")));
		at += wrote;
		left -= wrote;
		seen->file_size += wrote;
	}
}

/* The full table becomes a sorted run in the file. */
static void
spill(HubSeen *seen)
{
	MemoryContext old = MemoryContextSwitchTo(seen->memory);
	SeenRun    *run;
	uint32		count = 0;

	if (seen->file <= 0)
		seen->file = OpenTemporaryFile(false);
	for (uint32 i = 0; i < seen->nslots; i++)
		if (!key_is_empty(&seen->slots[i]))
			seen->slots[count++] = seen->slots[i];
	qsort(seen->slots, count, KEY_SIZE, key_cmp);

	seen->runs = seen->runs ?
		repalloc(seen->runs, sizeof(SeenRun) * (seen->nruns + 1)) :
		palloc(sizeof(SeenRun));
	run = &seen->runs[seen->nruns];
	run->offset = seen->file_size;
	run->count = count;
	run->fences = palloc(sizeof(SeenKey) * (count / BLOCK_KEYS + 1));
	for (uint32 i = 0; i < count; i += BLOCK_KEYS)
		run->fences[i / BLOCK_KEYS] = seen->slots[i];
	write_keys(seen, seen->slots, count);
	seen->nruns++;

	memset(seen->slots, 0, sizeof(SeenKey) * seen->nslots);
	seen->used = 0;
	MemoryContextSwitchTo(old);
}

static bool
run_holds(HubSeen *seen, const SeenRun *run, const SeenKey *key)
{
	SeenKey		block[BLOCK_KEYS];
	int			low = 0,
				high = (run->count + BLOCK_KEYS - 1) / BLOCK_KEYS - 1;
	int			keys;

	if (memcmp(key, &run->fences[0], KEY_SIZE) < 0)
		return false;
	while (low < high)			/* the last fence that is not above the key */
	{
		int			middle = (low + high + 1) / 2;

		if (memcmp(&run->fences[middle], key, KEY_SIZE) <= 0)
			low = middle;
		else
			high = middle - 1;
	}
	keys = Min(BLOCK_KEYS, run->count - low * BLOCK_KEYS);
	if (FileRead(seen->file, (char *) block, keys * KEY_SIZE,
				 run->offset + (off_t) low * BLOCK_SIZE, PG_WAIT_EXTENSION) != keys * KEY_SIZE)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read from temporary file: %m")));
	return bsearch(key, block, keys, KEY_SIZE, key_cmp) != NULL;
}

bool
hub_seen_add(HubSeen *seen, const HubIdentity *identity)
{
	SeenKey    *slot = find_slot(seen, identity);

	if (!key_is_empty(slot))
		return true;
	for (int i = 0; i < seen->nruns; i++)
		if (run_holds(seen, &seen->runs[i], identity))
			return true;
	*slot = *identity;
	if (++seen->used < seen->nslots / 10 * 7)
		return false;
	if (seen->nslots < SLOTS)
		grow(seen);
	else
		spill(seen);
	return false;
}
