/*
 * answer.h
 *		Rows that a request gave, kept for the next time it would be asked.
 */
#ifndef PGHUB_ANSWER_H
#define PGHUB_ANSWER_H

#include "postgres.h"

#include "executor/tuptable.h"

typedef struct HubAnswers HubAnswers;
typedef struct HubAnswer HubAnswer;

typedef enum HubKeep
{
	HUB_KEEP_NOTHING,			/* nobody will ask again */
	HUB_KEEP_IN_MEMORY,			/* all answers, up to work_mem */
	HUB_KEEP_ON_DISK			/* one answer at a time, to disk past work_mem */
} HubKeep;

extern HubAnswers *hub_answers_create(MemoryContext context, TupleDesc desc, HubKeep keep);
extern void hub_answers_free(HubAnswers *answers);

/* The complete answer to SIGNATURE, or NULL. */
extern HubAnswer *hub_answer_find(HubAnswers *answers, const char *signature);
extern HubAnswer *hub_answer_start(HubAnswers *answers, const char *signature);
extern void hub_answer_add(HubAnswer *answer, TupleTableSlot *slot);
extern void hub_answer_complete(HubAnswer *answer);

/* An unfinished one that nobody will go on with. */
extern void hub_answer_drop(HubAnswer *answer);

extern bool hub_answer_is_complete(const HubAnswer *answer);

/* Does it still hold all rows so far? */
extern bool hub_answer_is_kept(const HubAnswer *answer);

/* Is it the one answer, which the next replaces? */
extern bool hub_answer_is_single(const HubAnswer *answer);
extern bool hub_answer_is_for(const HubAnswer *answer, const char *signature);

extern void hub_answer_rewind(HubAnswer *answer);

/* The next kept row, or NULL: all were given.  Call it before each add. */
extern TupleTableSlot *hub_answer_next(HubAnswer *answer);

#endif							/* PGHUB_ANSWER_H */
