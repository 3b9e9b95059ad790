/*
 * lineage_holder.h
 *		Large lineages as expanded objects.
 *
 * A *holder* owns a large state of an aggregate: the executor copies every
 * flat one that is returned, an expanded one below its own context it takes
 * as it is.  Small states stay flat, a context for each would cost more than
 * them.
 *
 * An *answer* is what lineage_agg says of a large state.  Its canonical form
 * is made when something asks for its bytes; a reader to which the order of
 * ids does not matter takes the state behind it.
 */
#ifndef PGHUB_LINEAGE_HOLDER_H
#define PGHUB_LINEAGE_HOLDER_H

#include "stats/lineage.h"

#include "utils/expandeddatum.h"

#define LINEAGE_HELD_SIZE ((size_t) 64 << 10)	/* a large state */

typedef struct LineageHolder
{
	ExpandedObjectHeader header;
	LineageState *state;		/* in the object's own context */
} LineageHolder;

/* A holder of a copy of the state. */
extern LineageHolder *lineage_holder_new(MemoryContext parent, const LineageState *state);

/* The holder behind argument 0, or NULL. */
extern LineageHolder *lineage_holder_arg(FunctionCallInfo fcinfo);

/*
 * An answer in the current context.  The state, in which nothing may wait,
 * must outlive it: as the transition value does what its final function says.
 */
extern Datum lineage_answer(const LineageState *state);

/* The state behind an answer in argument 0, or NULL. */
extern const LineageState *lineage_answer_arg(FunctionCallInfo fcinfo);

#endif							/* PGHUB_LINEAGE_HOLDER_H */
