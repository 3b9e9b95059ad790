/*
 * answer.c
 *		Rows that a request gave, kept for the next time it would be asked.
 *
 * A rescan must not ask the Hub again for what this query already knows.
 * Where the plan announces rescans there is one answer at a time, in a
 * tuplestore that spills to disk.  Elsewhere (look-ups below a nested loop,
 * correlated sub-queries) answers are kept by their request in memory, up to
 * work_mem together; one that outgrows it is given up, and a rescan asks
 * again.  Where no rescan can come nothing is kept.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "hub/answer.h"

struct HubAnswers
{
	MemoryContext memory;		/* of this struct */
	MemoryContext kept;			/* of table and answers */
	HubKeep		keep;
	HTAB	   *table;			/* of complete answers, by hash of signature */
	HubAnswer  *single;			/* the one, when spilling */
	TupleTableSlot *slot;		/* kept rows are given in it */
};

struct HubAnswer
{
	HubAnswers *answers;
	char	   *signature;
	Tuplestorestate *store;		/* when spilling */
	MinimalTuple *rows;
	int			nrows;
	int			room;
	int			next;			/* row to give */
	bool		complete;
	bool		given_up;
};

typedef struct AnswerEntry
{
	uint64		key;
	HubAnswer  *answer;
} AnswerEntry;

static void
open_table(HubAnswers *answers)
{
	HASHCTL		ctl = {.keysize = sizeof(uint64), .entrysize = sizeof(AnswerEntry)};

	answers->kept = AllocSetContextCreate(answers->memory, "hub answers",
										  ALLOCSET_DEFAULT_SIZES);
	ctl.hcxt = answers->kept;
	answers->table = hash_create("hub answers", 64, &ctl,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

HubAnswers *
hub_answers_create(MemoryContext context, TupleDesc desc, HubKeep keep)
{
	HubAnswers *answers = MemoryContextAllocZero(context, sizeof(HubAnswers));

	answers->memory = context;
	answers->keep = keep;
	answers->slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	open_table(answers);
	return answers;
}

void
hub_answers_free(HubAnswers *answers)
{
	if (answers->single)
		hub_answer_drop(answers->single);
	ExecDropSingleTupleTableSlot(answers->slot);
	MemoryContextDelete(answers->kept);
	pfree(answers);
}

static uint64
signature_hash(const char *signature)
{
	return hash_bytes_extended((const unsigned char *) signature, strlen(signature), 0);
}

HubAnswer *
hub_answer_find(HubAnswers *answers, const char *signature)
{
	uint64		key = signature_hash(signature);
	AnswerEntry *entry = hash_search(answers->table, &key, HASH_FIND, NULL);

	return entry && strcmp(entry->answer->signature, signature) == 0 ?
		entry->answer : NULL;
}

HubAnswer *
hub_answer_start(HubAnswers *answers, const char *signature)
{
	HubAnswer  *answer;
	MemoryContext old;

	if (answers->keep == HUB_KEEP_IN_MEMORY &&
		MemoryContextMemAllocated(answers->kept, true) > (Size) work_mem * 1024)
	{
		MemoryContextDelete(answers->kept);
		open_table(answers);
	}
	old = MemoryContextSwitchTo(answers->kept);
	answer = palloc0(sizeof(HubAnswer));
	answer->answers = answers;
	answer->signature = pstrdup(signature);
	answer->given_up = answers->keep == HUB_KEEP_NOTHING;
	if (answers->keep == HUB_KEEP_ON_DISK)
	{
		answer->store = tuplestore_begin_heap(false, false, work_mem);
		tuplestore_set_eflags(answer->store, EXEC_FLAG_REWIND);
		answers->single = answer;
	}
	MemoryContextSwitchTo(old);
	return answer;
}

static void
forget_rows(HubAnswer *answer)
{
	for (int i = 0; i < answer->nrows; i++)
		pfree(answer->rows[i]);
	if (answer->rows)
		pfree(answer->rows);
	answer->rows = NULL;
	answer->nrows = answer->room = 0;
}

void
hub_answer_add(HubAnswer *answer, TupleTableSlot *slot)
{
	MemoryContext old;

	if (answer->store)
	{
		tuplestore_puttupleslot(answer->store, slot);
		return;
	}
	if (answer->given_up)
		return;
	if (MemoryContextMemAllocated(answer->answers->kept, true) > (Size) work_mem * 1024)
	{
		forget_rows(answer);
		answer->given_up = true;
		return;
	}
	old = MemoryContextSwitchTo(answer->answers->kept);
	if (answer->nrows == answer->room)
	{
		answer->room = Max(answer->room * 2, 1);
		answer->rows = answer->rows ?
			repalloc(answer->rows, sizeof(MinimalTuple) * answer->room) :
			palloc(sizeof(MinimalTuple) * answer->room);
	}
	answer->rows[answer->nrows++] = ExecCopySlotMinimalTuple(slot);
	answer->next = answer->nrows;	/* this one was given as it came */
	MemoryContextSwitchTo(old);
}

void
hub_answer_complete(HubAnswer *answer)
{
	uint64		key;
	AnswerEntry *entry;
	bool		found;

	if (answer->complete)
		return;
	answer->complete = true;
	if (answer->store || answer->given_up)
		return;
	key = signature_hash(answer->signature);
	entry = hash_search(answer->answers->table, &key, HASH_ENTER, &found);
	entry->answer = answer;		/* a colliding older one is just forgotten */
}

void
hub_answer_drop(HubAnswer *answer)
{
	if (answer->answers->single == answer)
		answer->answers->single = NULL;
	if (answer->store)
		tuplestore_end(answer->store);
	forget_rows(answer);
	pfree(answer->signature);
	pfree(answer);
}

bool
hub_answer_is_complete(const HubAnswer *answer)
{
	return answer->complete;
}

bool
hub_answer_is_kept(const HubAnswer *answer)
{
	return !answer->given_up;
}

bool
hub_answer_is_single(const HubAnswer *answer)
{
	return answer->store != NULL;
}

bool
hub_answer_is_for(const HubAnswer *answer, const char *signature)
{
	return strcmp(answer->signature, signature) == 0;
}

void
hub_answer_rewind(HubAnswer *answer)
{
	answer->next = 0;
	if (answer->store)
		tuplestore_rescan(answer->store);
}

TupleTableSlot *
hub_answer_next(HubAnswer *answer)
{
	TupleTableSlot *slot = answer->answers->slot;

	if (answer->store)
		return tuplestore_gettupleslot(answer->store, true, false, slot) ? slot : NULL;
	if (answer->next >= answer->nrows)
		return NULL;
	return ExecStoreMinimalTuple(answer->rows[answer->next++], slot, false);
}
