/*
 * distribution.c
 *		distribution_summary in SQL: transition, removal, combining, result.
 *
 * The state of an aggregate is a working summary, changed in place while it
 * has room; when it has not, a larger one is returned and the executor copies
 * it to where it belongs.  The algorithm is in distribution_state.c and
 * distribution_set.c.
 */
#include "postgres.h"

#include <float.h>

#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "compat.h"
#include "stats/distribution.h"
#include "stats/distribution_numeric.h"

static const char *distribution_check(uint8 flags, const uint8 *payload, size_t len);
static Summary *distribution_canonical(const Summary *working);

const SummaryFamily distribution_family = {
	.tag = SUMMARY_DISTRIBUTION,
	.version = 1,
	.name = "distribution",
	.check = distribution_check,
	.canonical = distribution_canonical
};

SUMMARY_INPUT(distribution_summary, distribution_family)

/* ---------- messages ---------- */

const char *
dist_caller(FunctionCallInfo fcinfo)
{
	Aggref	   *aggref = AggGetAggref(fcinfo);
	char	   *name = NULL;

	if (aggref)
		name = get_func_name(aggref->aggfnoid);
	else if (fcinfo->context && IsA(fcinfo->context, WindowAggState))
		return "distribution aggregate";	/* a window does not tell which */
	else if (fcinfo->flinfo)
		name = get_func_name(fcinfo->flinfo->fn_oid);
	return name ? name : "distribution";
}

double
dist_fraction(FunctionCallInfo fcinfo, double value, const char *what)
{
	if (!(value >= 0 && value <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s of %s must be between 0 and 1, not %g",
						what, dist_caller(fcinfo), value)));
	return value;
}

static void
report_value(FunctionCallInfo fcinfo, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s does not take the value %s", dist_caller(fcinfo), value),
			 errdetail("Values must be finite and not negative.")));
}

static void
report_items(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("distribution of more than " UINT64_FORMAT " items",
					(uint64) DIST_MAX_ITEMS)));
}

/* ---------- the working state ---------- */

static Summary *
working_alloc(DistShape shape)
{
	size_t		size = SUMMARY_HEADER + dist_shape_size(shape);
	Summary    *summary;

	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("distribution in a moving window exceeds the limit of %zu bytes",
						(size_t) MaxAllocSize)));
	summary = palloc(size);
	SET_VARSIZE(summary, size);
	summary->tag = SUMMARY_DISTRIBUTION;
	summary->version = SUMMARY_WORKING;
	summary->flags = 0;
	summary->zero = 0;
	dist_init(dist_state(summary), shape);
	return summary;
}

static Summary *
working_new(DistKind kind)
{
	DistShape	shape = dist_shape_first(SUMMARY_HEADER);

	shape.kind = kind;
	return working_alloc(shape);
}

static Summary *
working_reshape(Summary *summary, DistShape shape)
{
	Summary    *roomier = working_alloc(shape);

	dist_move(dist_state(roomier), dist_state(summary));
	return roomier;
}

/*
 * Room for so many entries more in the table, or with zero for another value
 * in the buffer, a wide one or not.  What a table is there for is in it
 * afterwards.
 */
static pg_noinline Summary *
working_room(Summary *summary, uint64 more, bool wide)
{
	DistShape	shape;

	CHECK_FOR_INTERRUPTS();
	if (dist_items(dist_state(summary)) > DIST_MAX_ITEMS - 2 * DIST_BUFFER)
		report_items();
	if (!dist_shape_roomier(dist_state(summary), more, wide, SUMMARY_HEADER, &shape))
		summary = working_reshape(summary, shape);
	if (shape.slots_log2 > 0)
		dist_flush(dist_state(summary));
	return summary;
}

/* Past the cap of distinct values the table holds buckets from then on. */
static Summary *
working_settle(Summary *summary)
{
	if (dist_past_cap(dist_state(summary)))
		summary = working_reshape(summary, dist_shape_bucketed(dist_state(summary)));
	return summary;
}

static pg_noinline Summary *
working_add_slow(Summary *summary, uint64 key, uint64 count)
{
	if (count == 1)
	{
		summary = working_settle(working_room(summary, 0, dist_is_wide(dist_state(summary), key)));
		if (!dist_put(dist_state(summary), key))
			elog(ERROR, "distribution has no room for a value");
		return summary;
	}
	summary = working_room(summary, 1, false);
	if (!dist_insert(dist_state(summary), key, count))
		report_items();
	return working_settle(summary);
}

/* The loop of every aggregate: all but one row in 251 end at dist_put. */
static inline Summary *
working_add(Summary *summary, uint64 key, uint64 count)
{
	if (likely(count == 1 && dist_put(dist_state(summary), key)))
		return summary;
	return working_add_slow(summary, key, count);
}

/* All of a set into a state. */
static Summary *
working_add_set(Summary *summary, const DistSet *set)
{
	DistState  *state;

	if (set->size == 0)
		return summary;
	if (set->bucketed)
	{
		if (dist_state(summary)->kind != DIST_BUCKETED)
		{
			summary = working_room(summary, 1, false);
			summary = working_reshape(summary, dist_shape_bucketed(dist_state(summary)));
		}
		summary = working_room(summary, set->size, false);
		state = dist_state(summary);
		for (size_t i = 0; i < set->size; i++)
			if (!dist_insert_bucket(state, &set->buckets[i]))
				report_items();
		return summary;
	}
	/* a large set in one go, or the table would double again and again */
	if (set->size > DIST_BUFFER)
		summary = working_room(summary, set->size, false);
	for (size_t i = 0; i < set->size; i++)
		summary = working_add(summary, set->entries[i].key, set->entries[i].count);
	return summary;
}

static void
check_param(const DistState *state, DistParam kind, uint64 param)
{
	if (state->param_kind != kind || (kind == DIST_PARAM_SET && state->param != param))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("second argument of a distribution aggregate differs between rows"),
				 errhint("Aggregate once with distribution_agg and read the summary several times.")));
}

/* All of one working state into another. */
static Summary *
working_merge(Summary *summary, const Summary *other)
{
	const DistState *from = dist_state(other);

	if (from->kind == DIST_BUCKETED && dist_state(summary)->kind != DIST_BUCKETED)
	{
		summary = working_room(summary, 1, false);
		summary = working_reshape(summary, dist_shape_bucketed(dist_state(summary)));
	}
	for (size_t i = 0; i < from->buffered; i++)
		summary = working_add(summary, dist_buffered(from, i), 1);
	if (from->slots_log2 > 0)
	{
		summary = working_room(summary, from->used, false);
		if (!dist_merge_table(dist_state(summary), from))
			report_items();
	}
	return working_settle(summary);
}

static Summary *
working_from_canonical(const Summary *canonical, DistKind kind)
{
	DistSet		set;

	Summary    *summary = working_new(kind);

	dist_set_of(&set, canonical);
	dist_state(summary)->param_kind = set.param_kind;
	dist_state(summary)->param = set.param;
	return working_add_set(summary, &set);
}

/* ---------- the canonical form ---------- */

static const char *
distribution_check(uint8 flags, const uint8 *payload, size_t len)
{
	return dist_set_check(flags, payload, len);
}

static void *
huge_alloc(size_t n, size_t size)
{
	return n == 0 ? NULL : MemoryContextAllocHuge(CurrentMemoryContext, n * size);
}

void
dist_set_of(DistSet *set, const Summary *summary)
{
	DistEntry  *entries = NULL;
	DistBucket *buckets = NULL;
	size_t		room;

	if (summary->tag != SUMMARY_DISTRIBUTION)
		elog(ERROR, "summary is no distribution");
	if (SummaryIsWorking(summary))
	{
		const DistState *state = dist_state(summary);

		room = dist_set_room(state);
		if (state->kind == DIST_BUCKETED)
			buckets = huge_alloc(room, sizeof(DistBucket));
		else
			entries = huge_alloc(2 * room, sizeof(DistEntry));
		dist_set_collect(set, state, entries, entries ? entries + room : NULL, buckets);
		if (!set->bucketed && set->size > DIST_CAP)
			dist_set_collapse(set, huge_alloc(set->size, sizeof(DistBucket)));
		return;
	}
	room = dist_set_payload_room(SUMMARY_PAYLOAD_SIZE(summary));
	if (summary->flags & 1)
		buckets = huge_alloc(room, sizeof(DistBucket));
	else
		entries = huge_alloc(room, sizeof(DistEntry));
	dist_set_decode(set, summary->flags, summary->payload, SUMMARY_PAYLOAD_SIZE(summary),
					entries, buckets);
}

static Summary *
distribution_canonical(const Summary *working)
{
	DistSet		set;
	Summary    *summary;

	dist_set_of(&set, working);
	summary = summary_alloc(SUMMARY_DISTRIBUTION, dist_set_flags(&set), dist_set_encode(&set, NULL));
	dist_set_encode(&set, summary->payload);
	return summary;
}

/* ---------- transition ---------- */

static inline bool
in_aggregate(FunctionCallInfo fcinfo)
{
	return fcinfo->context &&
		(IsA(fcinfo->context, AggState) || IsA(fcinfo->context, WindowAggState));
}

/*
 * The state to change in place.  Nearly always it is the working summary that
 * we returned last; else none, or one that came from a stored or sent form.
 * A window that moves begins with the stored form of nothing.
 */
static pg_noinline Summary *
state_arg_slow(FunctionCallInfo fcinfo)
{
	Summary    *summary;

	if (!in_aggregate(fcinfo))
		elog(ERROR, "%s called outside an aggregate", dist_caller(fcinfo));
	if (PG_ARGISNULL(0))
		return working_new(DIST_EXACT);
	summary = summary_arg(fcinfo, 0);
	if (SummaryIsWorking(summary))
		return summary;
	return working_from_canonical(summary, IsA(fcinfo->context, WindowAggState) ?
								  DIST_MOVING : DIST_EXACT);
}

static inline Summary *
state_arg(FunctionCallInfo fcinfo)
{
	Summary    *summary = (Summary *) PG_GETARG_POINTER(0);

	if (likely(!PG_ARGISNULL(0) && VARATT_IS_4B_U(summary) && SummaryIsWorking(summary) &&
			   in_aggregate(fcinfo)))
		return summary;
	return state_arg_slow(fcinfo);
}

static inline uint64
int8_key(FunctionCallInfo fcinfo)
{
	int64		value = PG_GETARG_INT64(1);

	if (unlikely(value < 0))
		report_value(fcinfo, psprintf(INT64_FORMAT, value));
	return value;
}

static inline uint64
double_key(FunctionCallInfo fcinfo, double value)
{
	if (unlikely(!(value >= 0 && value <= DBL_MAX)))
		report_value(fcinfo, float8out_internal(value));
	return dist_key_of_double(value);
}

static inline uint64
float8_key(FunctionCallInfo fcinfo)
{
	return double_key(fcinfo, PG_GETARG_FLOAT8(1));
}

static uint64
numeric_key(FunctionCallInfo fcinfo)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(1);
	uint64		integer;

	switch (numeric_kind(value, &integer))
	{
		case NUMERIC_IS_INTEGER:
			return integer;
		case NUMERIC_IS_OTHER:
			return double_key(fcinfo, DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
																		 PG_GETARG_DATUM(1))));
		case NUMERIC_IS_NEGATIVE:
		case NUMERIC_IS_SPECIAL:
			break;
	}
	report_value(fcinfo, DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(1))));
	return 0;
}

/* A multiplicity; a row that counts zero times is no row. */
static uint64
weight_arg(FunctionCallInfo fcinfo)
{
	int64		weight = PG_GETARG_INT64(2);

	if (weight < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s does not take the weight " INT64_FORMAT, dist_caller(fcinfo), weight),
				 errdetail("A weight says how often its value occurs.")));
	return weight;
}

/* Keeps the extra argument of a one-step aggregate, the same for all rows. */
static inline void
keep_param(DistState *state, bool isnull, uint64 param)
{
	DistParam	kind = isnull ? DIST_PARAM_NULL : DIST_PARAM_SET;

	if (likely(state->param_kind == kind && state->param == param))
		return;
	if (state->param_kind == DIST_PARAM_NONE)
	{
		state->param_kind = kind;
		state->param = isnull ? 0 : param;
	}
	else
		check_param(state, kind, param);
}

static inline uint64
float8_param(FunctionCallInfo fcinfo)
{
	double		value = PG_GETARG_FLOAT8(2);
	uint64		bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline Datum
state_unchanged(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

static Datum
remove_key(FunctionCallInfo fcinfo, uint64 key, uint64 count)
{
	Summary    *summary = state_arg(fcinfo);

	/* all in the table, or all in a small buffer that is cheap to search */
	if (dist_state(summary)->slots_log2 > 0 && dist_state(summary)->buffered > 0)
		summary = working_room(summary, 0, false);
	if (!dist_remove(dist_state(summary), key, count))
		elog(ERROR, "distribution does not hold the value to remove");
	PG_RETURN_POINTER(summary);
}

/*
 * For each type of value: (state, value), (state, value, weight), (state,
 * value, extra argument), and the removal of each from a moving window.
 */
#define DISTRIBUTION_TRANSITION(type) \
PG_FUNCTION_INFO_V1(distribution_add_##type); \
Datum \
distribution_add_##type(PG_FUNCTION_ARGS) \
{ \
	Summary    *summary; \
\
	if (PG_ARGISNULL(1)) \
		return state_unchanged(fcinfo); \
	summary = state_arg(fcinfo); \
	PG_RETURN_POINTER(working_add(summary, type##_key(fcinfo), 1)); \
} \
\
PG_FUNCTION_INFO_V1(distribution_add_weighted_##type); \
Datum \
distribution_add_weighted_##type(PG_FUNCTION_ARGS) \
{ \
	uint64		key, \
				weight; \
\
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2)) \
		return state_unchanged(fcinfo); \
	key = type##_key(fcinfo); \
	weight = weight_arg(fcinfo); \
	if (weight == 0) \
		return state_unchanged(fcinfo); \
	PG_RETURN_POINTER(working_add(state_arg(fcinfo), key, weight)); \
} \
\
PG_FUNCTION_INFO_V1(distribution_add_float8_param_##type); \
Datum \
distribution_add_float8_param_##type(PG_FUNCTION_ARGS) \
{ \
	Summary    *summary; \
\
	if (PG_ARGISNULL(1)) \
		return state_unchanged(fcinfo); \
	summary = state_arg(fcinfo); \
	keep_param(dist_state(summary), PG_ARGISNULL(2), PG_ARGISNULL(2) ? 0 : float8_param(fcinfo)); \
	PG_RETURN_POINTER(working_add(summary, type##_key(fcinfo), 1)); \
} \
\
PG_FUNCTION_INFO_V1(distribution_add_int8_param_##type); \
Datum \
distribution_add_int8_param_##type(PG_FUNCTION_ARGS) \
{ \
	Summary    *summary; \
\
	if (PG_ARGISNULL(1)) \
		return state_unchanged(fcinfo); \
	summary = state_arg(fcinfo); \
	keep_param(dist_state(summary), PG_ARGISNULL(2), PG_ARGISNULL(2) ? 0 : PG_GETARG_INT64(2)); \
	PG_RETURN_POINTER(working_add(summary, type##_key(fcinfo), 1)); \
} \
\
PG_FUNCTION_INFO_V1(distribution_remove_##type); \
Datum \
distribution_remove_##type(PG_FUNCTION_ARGS) \
{ \
	return remove_key(fcinfo, type##_key(fcinfo), 1); \
} \
\
PG_FUNCTION_INFO_V1(distribution_remove_weighted_##type); \
Datum \
distribution_remove_weighted_##type(PG_FUNCTION_ARGS) \
{ \
	return remove_key(fcinfo, type##_key(fcinfo), weight_arg(fcinfo)); \
}

DISTRIBUTION_TRANSITION(int8)
DISTRIBUTION_TRANSITION(float8)
DISTRIBUTION_TRANSITION(numeric)

/* ---------- merging and result ---------- */

PG_FUNCTION_INFO_V1(distribution_combine);
Datum
distribution_combine(PG_FUNCTION_ARGS)
{
	Summary    *summary = state_arg(fcinfo);
	Summary    *other = summary_arg(fcinfo, 1);

	if (SummaryIsWorking(other))
	{
		check_param(dist_state(summary), dist_state(other)->param_kind, dist_state(other)->param);
		summary = working_merge(summary, other);
	}
	else
	{
		DistSet		set;

		dist_set_of(&set, other);
		check_param(dist_state(summary), set.param_kind, set.param);
		summary = working_add_set(summary, &set);
	}
	PG_RETURN_POINTER(summary);
}

/* Transition of rollup: not strict, so that a state is there from the first row. */
PG_FUNCTION_INFO_V1(distribution_add_summary);
Datum
distribution_add_summary(PG_FUNCTION_ARGS)
{
	Summary    *summary;
	DistSet		set;

	if (PG_ARGISNULL(1))
		return state_unchanged(fcinfo);
	summary = state_arg(fcinfo);
	dist_set_of(&set, summary_arg(fcinfo, 1));
	PG_RETURN_POINTER(working_add_set(summary, &set));
}

PG_FUNCTION_INFO_V1(distribution_plus);
Datum
distribution_plus(PG_FUNCTION_ARGS)
{
	Summary    *sum = working_new(DIST_EXACT);

	for (int i = 0; i < 2; i++)
	{
		DistSet		set;

		dist_set_of(&set, summary_arg(fcinfo, i));
		sum = working_add_set(sum, &set);
	}
	PG_RETURN_POINTER(distribution_canonical(sum));
}

/* Reads the state only; a moving window without rows has no summary. */
PG_FUNCTION_INFO_V1(distribution_final);
Datum
distribution_final(PG_FUNCTION_ARGS)
{
	Summary    *summary = summary_arg(fcinfo, 0);

	if (fcinfo->context && IsA(fcinfo->context, WindowAggState))
	{
		DistSet		set;

		if (SummaryIsWorking(summary))
			set.items = dist_items(dist_state(summary));
		else
			dist_set_of(&set, summary);
		if (set.items == 0)
			PG_RETURN_NULL();
	}
	PG_RETURN_POINTER(summary_canonical(summary));
}
