/*
 * weighted.c
 *		weighted_mean, weighted_stddev, weighted_median, weighted_percentile.
 *
 * One-step aggregates over a weighted_summary; the algorithm is in
 * weighted_state.c.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/float.h"
#include "utils/memutils.h"

#include "compat.h"
#include "stats/codec.h"
#include "stats/distribution.h"
#include "stats/weighted_state.h"

static const char *weighted_check(uint8 flags, const uint8 *payload, size_t len);
static Summary *weighted_canonical(const Summary *working);

const SummaryFamily weighted_family = {
	.tag = SUMMARY_WEIGHTED,
	.version = 1,
	.name = "weighted",
	.check = weighted_check,
	.canonical = weighted_canonical
};

SUMMARY_INPUT(weighted_summary, weighted_family)

static inline WeightedState *
weighted_state(const Summary *summary)
{
	return (WeightedState *) summary->payload;
}

/* ---------- the canonical form: the extra argument, if any, then the values ---------- */

static size_t
param_size(uint8 flags)
{
	return flags == DIST_PARAM_SET ? sizeof(uint64) : 0;
}

static const char *
weighted_check(uint8 flags, const uint8 *payload, size_t len)
{
	size_t		n;

	if (flags > DIST_PARAM_SET)
		return "Its flags are unknown.";
	if (len < param_size(flags))
		return "It ends early.";
	return weighted_decode(payload + param_size(flags), len - param_size(flags), NULL, &n);
}

static WeightedEntry *
entries_alloc(size_t n)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(WeightedEntry));
}

/* The sorted entries of a summary, working or canonical. */
static WeightedEntry *
weighted_entries(const Summary *summary, size_t *n)
{
	WeightedEntry *entries;
	size_t		skip = param_size(summary->flags);
	size_t		len = SUMMARY_PAYLOAD_SIZE(summary);

	if (SummaryIsWorking(summary))
	{
		entries = entries_alloc(weighted_state(summary)->used);
		*n = weighted_collect(weighted_state(summary), entries);
		return entries;
	}
	entries = entries_alloc(len / 11 + 1);
	if (weighted_decode(summary->payload + skip, len - skip, entries, n))
		elog(ERROR, "weighted_summary is damaged");
	return entries;
}

static Summary *
weighted_canonical(const Summary *working)
{
	const WeightedState *state = weighted_state(working);
	size_t		n;
	WeightedEntry *entries = weighted_entries(working, &n);
	size_t		skip = param_size(state->param_kind);
	Summary    *summary = summary_alloc(SUMMARY_WEIGHTED, state->param_kind,
										skip + weighted_encode(entries, n, NULL));
	CodecWriter w = {summary->payload, 0};

	if (skip > 0)
		codec_put_u64(&w, state->param);
	weighted_encode(entries, n, summary->payload + skip);
	return summary;
}

/* ---------- the working state ---------- */

static Summary *
working_alloc(int slots_log2)
{
	size_t		size = SUMMARY_HEADER + weighted_size(slots_log2);
	Summary    *summary;

	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("weighted aggregate exceeds the limit of %zu bytes", (size_t) MaxAllocSize),
				 errdetail("It keeps every distinct value.")));
	summary = palloc(size);
	SET_VARSIZE(summary, size);
	summary->tag = SUMMARY_WEIGHTED;
	summary->version = SUMMARY_WORKING;
	summary->flags = 0;
	summary->zero = 0;
	weighted_init(weighted_state(summary), slots_log2);
	return summary;
}

static Summary *
working_room(Summary *summary, uint64 more)
{
	Summary    *roomier;

	if (weighted_has_room(weighted_state(summary), more))
		return summary;
	CHECK_FOR_INTERRUPTS();
	roomier = working_alloc(weighted_slots_log2(weighted_state(summary)->used + more));
	weighted_move(weighted_state(roomier), weighted_state(summary));
	return roomier;
}

static void
put(WeightedState *state, uint64 order, WeightedUnits units)
{
	if (!weighted_add(state, order, units))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sum of weights is too large")));
}

static void
keep_param(WeightedState *state, DistParam kind, uint64 param)
{
	if (kind != DIST_PARAM_SET)
		param = 0;
	if (state->param_kind == DIST_PARAM_NONE)
	{
		state->param_kind = kind;
		state->param = param;
	}
	else if (state->param_kind != kind || state->param != param)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("p of weighted_percentile differs between rows")));
}

static Summary *
working_merge(Summary *summary, const Summary *other)
{
	size_t		n;
	WeightedEntry *entries = weighted_entries(other, &n);

	if (SummaryIsWorking(other))
		keep_param(weighted_state(summary), weighted_state(other)->param_kind, weighted_state(other)->param);
	else
	{
		CodecReader r = {other->payload, other->payload + param_size(other->flags), false};

		keep_param(weighted_state(summary), other->flags,
				   other->flags == DIST_PARAM_SET ? codec_get_u64(&r) : 0);
	}
	summary = working_room(summary, n);
	for (size_t i = 0; i < n; i++)
		put(weighted_state(summary), entries[i].order,
			(WeightedUnits) {entries[i].class, entries[i].sum});
	return summary;
}

/* The state to change in place; a stored form is opened first. */
static Summary *
state_arg(FunctionCallInfo fcinfo)
{
	Summary    *summary;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "weighted transition called outside an aggregate");
	if (PG_ARGISNULL(0))
		return working_alloc(2);
	summary = summary_arg(fcinfo, 0);
	if (SummaryIsWorking(summary))
		return summary;
	return working_merge(working_alloc(2), summary);
}

static void
number_arg(FunctionCallInfo fcinfo, int argno, const char *what, double least)
{
	double		value = PG_GETARG_FLOAT8(argno);

	if (!(value >= least && value <= DBL_MAX))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s does not take the %s %s", dist_caller(fcinfo), what,
						float8out_internal(value)),
				 least < 0 ? errdetail("Values must be finite.") :
				 errdetail("Weights must be finite and not negative.")));
}

/* (state, value, weight [, p]); rows without a value, a weight or weight are none. */
PG_FUNCTION_INFO_V1(weighted_summary_add);
Datum
weighted_summary_add(PG_FUNCTION_ARGS)
{
	Summary    *summary;

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		number_arg(fcinfo, 1, "value", -DBL_MAX);
		number_arg(fcinfo, 2, "weight", 0);
	}
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_GETARG_FLOAT8(2) == 0)
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	summary = state_arg(fcinfo);
	if (PG_NARGS() > 3)
	{
		double		p = PG_ARGISNULL(3) ? 0 : PG_GETARG_FLOAT8(3);
		uint64		bits;

		memcpy(&bits, &p, sizeof(bits));
		keep_param(weighted_state(summary), PG_ARGISNULL(3) ? DIST_PARAM_NULL : DIST_PARAM_SET, bits);
	}
	summary = working_room(summary, 1);
	put(weighted_state(summary), weighted_order(PG_GETARG_FLOAT8(1)), weighted_units(PG_GETARG_FLOAT8(2)));
	PG_RETURN_POINTER(summary);
}

PG_FUNCTION_INFO_V1(weighted_summary_remove);
Datum
weighted_summary_remove(PG_FUNCTION_ARGS)
{
	Summary    *summary = state_arg(fcinfo);

	if (PG_GETARG_FLOAT8(2) != 0 &&
		!weighted_remove(weighted_state(summary), weighted_order(PG_GETARG_FLOAT8(1)),
						 weighted_units(PG_GETARG_FLOAT8(2))))
		elog(ERROR, "weighted_summary does not hold the value to remove");
	PG_RETURN_POINTER(summary);
}

PG_FUNCTION_INFO_V1(weighted_summary_combine);
Datum
weighted_summary_combine(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(working_merge(state_arg(fcinfo), summary_arg(fcinfo, 1)));
}

/* ---------- results ---------- */

static Datum
finite_result(FunctionCallInfo fcinfo, double result)
{
	if (!isfinite(result))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sums of %s exceed the range of double precision", dist_caller(fcinfo))));
	PG_RETURN_FLOAT8(result);
}

#define WEIGHTED_RESULT(name, expression) \
PG_FUNCTION_INFO_V1(weighted_##name##_final); \
Datum \
weighted_##name##_final(PG_FUNCTION_ARGS) \
{ \
	size_t		n; \
	WeightedEntry *entries = weighted_entries(summary_arg(fcinfo, 0), &n); \
\
	if (n == 0) \
		PG_RETURN_NULL(); \
	return finite_result(fcinfo, expression); \
}

WEIGHTED_RESULT(mean, weighted_mean_of(entries, n))
WEIGHTED_RESULT(stddev, weighted_stddev_of(entries, n))
WEIGHTED_RESULT(median, weighted_percentile_of(entries, n, 0.5))

PG_FUNCTION_INFO_V1(weighted_percentile_final);
Datum
weighted_percentile_final(PG_FUNCTION_ARGS)
{
	Summary    *summary = summary_arg(fcinfo, 0);
	size_t		n;
	WeightedEntry *entries;
	double		p;

	/* a window without rows ends with the summary it began with */
	if (!SummaryIsWorking(summary))
	{
		if (summary->flags == DIST_PARAM_NONE)
			PG_RETURN_NULL();
		summary = working_merge(working_alloc(2), summary);
	}
	if (weighted_state(summary)->param_kind != DIST_PARAM_SET)
		PG_RETURN_NULL();
	memcpy(&p, &weighted_state(summary)->param, sizeof(p));
	dist_fraction(fcinfo, p, "p");
	entries = weighted_entries(summary, &n);
	if (n == 0)
		PG_RETURN_NULL();
	return finite_result(fcinfo, weighted_percentile_of(entries, n, p));
}
