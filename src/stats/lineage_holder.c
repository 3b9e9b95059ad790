/*
 * lineage_holder.c
 *		Large lineages as expanded objects; see lineage_holder.h.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "stats/lineage_holder.h"

/* The object behind argument 0, if its methods are these. */
static ExpandedObjectHeader *
object_arg(FunctionCallInfo fcinfo, const ExpandedObjectMethods *methods)
{
	Datum		value = PG_GETARG_DATUM(0);
	ExpandedObjectHeader *object;

	if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(value)))
		return NULL;
	object = DatumGetEOHP(value);
	return object->eoh_methods == methods ? object : NULL;
}

/* ---------- a state ---------- */

static Size
holder_size(ExpandedObjectHeader *header)
{
	return VARSIZE(((LineageHolder *) header)->state);
}

static void
holder_flatten(ExpandedObjectHeader *header, void *result, Size size)
{
	memcpy(result, ((LineageHolder *) header)->state, size);
}

static const ExpandedObjectMethods holder_methods = {holder_size, holder_flatten};

LineageHolder *
lineage_holder_new(MemoryContext parent, const LineageState *state)
{
	MemoryContext context = AllocSetContextCreate(parent, "lineage state",
												  ALLOCSET_START_SMALL_SIZES);
	LineageHolder *holder = MemoryContextAlloc(context, sizeof(LineageHolder));

	EOH_init_header(&holder->header, &holder_methods, context);
	holder->state = MemoryContextAlloc(context, VARSIZE(state));
	memcpy(holder->state, state, VARSIZE(state));
	return holder;
}

LineageHolder *
lineage_holder_arg(FunctionCallInfo fcinfo)
{
	return (LineageHolder *) object_arg(fcinfo, &holder_methods);
}

/* ---------- an answer ---------- */

typedef struct Answer
{
	ExpandedObjectHeader header;
	const LineageState *state;
	Summary    *canonical;		/* once it was asked for */
} Answer;

static Size
answer_size(ExpandedObjectHeader *header)
{
	Answer	   *answer = (Answer *) header;

	if (answer->canonical == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(header->eoh_context);

		answer->canonical = summary_canonical((const Summary *) answer->state);
		MemoryContextSwitchTo(caller);
	}
	return VARSIZE(answer->canonical);
}

static void
answer_flatten(ExpandedObjectHeader *header, void *result, Size size)
{
	memcpy(result, ((Answer *) header)->canonical, size);
}

static const ExpandedObjectMethods answer_methods = {answer_size, answer_flatten};

Datum
lineage_answer(const LineageState *state)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "lineage answer",
												  ALLOCSET_SMALL_SIZES);
	Answer	   *answer = MemoryContextAlloc(context, sizeof(Answer));
	void	   *pointer = palloc(EXPANDED_POINTER_SIZE);

	EOH_init_header(&answer->header, &answer_methods, context);
	answer->state = state;
	answer->canonical = NULL;

	/*
	 * Up to 15 the executor flattens a result that is not in its own context
	 * and so, seemingly, not its own: the pointer is.
	 */
	memcpy(pointer, answer->header.eoh_ro_ptr, EXPANDED_POINTER_SIZE);
	return PointerGetDatum(pointer);
}

const LineageState *
lineage_answer_arg(FunctionCallInfo fcinfo)
{
	Answer	   *answer = (Answer *) object_arg(fcinfo, &answer_methods);

	return answer ? answer->state : NULL;
}
