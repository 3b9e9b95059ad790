/*
 * series_agg.c
 *		The aggregates doubling_time, time_to_milestone, crossover, kendall_tau_b.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "stats/series.h"
#include "stats/series_rows.h"

static const char *const function_name[] = {
	NULL, "doubling_time", "time_to_milestone", "crossover", "kendall_tau_b"
};

static bool
is_merged(const RowState *state)
{
	return series_is_sorted((const SeriesRow *) state->rows, state->used);
}

static void
merge_rows(RowState *state)
{
	series_sort((SeriesRow *) state->rows, state->used);
}

static size_t
count_rows(const Summary *summary)
{
	return series_count(summary->payload, SUMMARY_PAYLOAD_SIZE(summary));
}

static void
decode_rows(const Summary *summary, RowState *state)
{
	series_decode(summary->payload, SUMMARY_PAYLOAD_SIZE(summary),
				  (SeriesRow *) state->rows + state->used, &state->extra);
	state->used += count_rows(summary);
}

static Summary *
encode_rows(const RowState *merged)
{
	const SeriesRow *rows = (const SeriesRow *) merged->rows;
	CodecWriter w = {NULL, 0};
	Summary    *summary;

	series_encode(&w, rows, merged->used, merged->extra);
	summary = summary_alloc(SUMMARY_SERIES, merged->flags, w.size);
	w.buffer = summary->payload;
	w.size = 0;
	series_encode(&w, rows, merged->used, merged->extra);
	return summary;
}

static const RowFamily series_rows = {
	SUMMARY_SERIES, sizeof(SeriesRow),
	is_merged, merge_rows, count_rows, decode_rows, NULL, encode_rows
};

static Summary *
series_canonical(const Summary *working)
{
	return encode_rows(row_state_read(working, &series_rows));
}

const SummaryFamily series_family = {
	SUMMARY_SERIES, SERIES_VERSION, "series", series_check, series_canonical
};

SUMMARY_INPUT(series_summary, series_family)

/* ---------- transition ---------- */

static double
number_arg(FunctionCallInfo fcinfo, int argno, SeriesKind kind)
{
	double		value = PG_GETARG_FLOAT8(argno);

	if (kind == SERIES_KENDALL ? isnan(value) : !isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value of %s must %s", function_name[kind],
						kind == SERIES_KENDALL ? "not be NaN" : "be finite")));
	if (value < 0 && kind != SERIES_KENDALL && kind != SERIES_CROSSOVER)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value of %s must not be negative", function_name[kind])));
	return value + 0.0;
}

/* A row and the argument kept for the end; false where the row has a NULL. */
static bool
row_arg(FunctionCallInfo fcinfo, SeriesKind kind, SeriesRow *row, uint8 *flags,
		int64 *extra)
{
	int			data = kind == SERIES_CROSSOVER ? 3 : 2;

	for (int i = 1; i <= data; i++)
		if (PG_ARGISNULL(i))
			return false;
	*row = (SeriesRow) {0};
	*flags = kind;
	*extra = 0;
	if (kind == SERIES_KENDALL)
	{
		row->a = number_arg(fcinfo, 1, kind);
		row->b = number_arg(fcinfo, 2, kind);
		return true;
	}
	row->ts = PG_GETARG_TIMESTAMPTZ(1);
	series_check_instant(row->ts, function_name[kind]);
	row->a = number_arg(fcinfo, 2, kind);
	if (kind == SERIES_CROSSOVER)
		row->b = number_arg(fcinfo, 3, kind);
	if (kind == SERIES_DOUBLING)
		return true;
	if (PG_ARGISNULL(data + 1))
		*flags |= SERIES_NULL_EXTRA;
	else if (kind == SERIES_CROSSOVER)
		*extra = series_interval(PG_GETARG_INTERVAL_P(4), "crossover", "hold", true);
	else
	{
		double		x = number_arg(fcinfo, 3, kind);

		memcpy(extra, &x, sizeof(x));
	}
	return true;
}

static void
check_extra(const RowState *state, uint8 flags, int64 extra)
{
	if ((state->flags ^ flags) & SERIES_KIND)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot combine series of %s and %s",
						function_name[state->flags & SERIES_KIND],
						function_name[flags & SERIES_KIND])));
	if (state->flags != flags || state->extra != extra)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of %s must be the same in all rows",
						(flags & SERIES_KIND) == SERIES_CROSSOVER ? "hold" : "x",
						function_name[flags & SERIES_KIND])));
}

static Datum
add_row(FunctionCallInfo fcinfo, SeriesKind kind, bool moving)
{
	SeriesRow	row;
	RowState   *state;
	uint8		flags;
	int64		extra;

	summary_agg_context(fcinfo, function_name[kind]);
	state = row_state_arg(fcinfo, &series_rows);
	if (row_arg(fcinfo, kind, &row, &flags, &extra))
	{
		if (state == NULL)
			state = row_state_new(&series_rows, flags, 4);

		/* an empty state, that of a new frame too, takes the argument as it comes */
		if (state->used == state->head)
		{
			state->flags = flags;
			state->extra = extra;
		}
		check_extra(state, flags, extra);
		state->moving = moving;
		*(SeriesRow *) row_state_next(&state, &series_rows) = row;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

static Datum
drop_row(FunctionCallInfo fcinfo, SeriesKind kind)
{
	SeriesRow	row;
	RowState   *state;
	uint8		flags;
	int64		extra;

	summary_agg_context(fcinfo, function_name[kind]);
	state = row_state_arg(fcinfo, &series_rows);

	/* NULL makes the executor begin the frame anew */
	if (row_arg(fcinfo, kind, &row, &flags, &extra) &&
		!row_state_drop(state, &row, sizeof(row)))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

#define SERIES_TRANSITION(name, kind) \
	PG_FUNCTION_INFO_V1(pghub_series_##name); \
	Datum pghub_series_##name(PG_FUNCTION_ARGS) \
	{ return add_row(fcinfo, kind, false); } \
	PG_FUNCTION_INFO_V1(pghub_series_##name##_move); \
	Datum pghub_series_##name##_move(PG_FUNCTION_ARGS) \
	{ return add_row(fcinfo, kind, true); } \
	PG_FUNCTION_INFO_V1(pghub_series_##name##_unmove); \
	Datum pghub_series_##name##_unmove(PG_FUNCTION_ARGS) \
	{ return drop_row(fcinfo, kind); }

SERIES_TRANSITION(doubling, SERIES_DOUBLING)
SERIES_TRANSITION(milestone, SERIES_MILESTONE)
SERIES_TRANSITION(crossover, SERIES_CROSSOVER)
SERIES_TRANSITION(kendall, SERIES_KENDALL)

PG_FUNCTION_INFO_V1(pghub_series_combine);
Datum
pghub_series_combine(PG_FUNCTION_ARGS)
{
	RowState   *state,
			   *more;

	summary_agg_context(fcinfo, "series");
	state = row_state_arg(fcinfo, &series_rows);
	more = (RowState *) row_state_read(summary_arg(fcinfo, 1), &series_rows);
	check_extra(state, more->flags, more->extra);
	PG_RETURN_POINTER(row_state_append(state, (Summary *) more, &series_rows));
}

/* ---------- final ---------- */

/* Sorted rows of a state; NULL where the answer is NULL. */
static const RowState *
final_arg(FunctionCallInfo fcinfo)
{
	const RowState *state;

	if (PG_ARGISNULL(0))
		return NULL;
	state = row_state_read(summary_arg(fcinfo, 0), &series_rows);
	if (state->used == 0 || state->flags & SERIES_NULL_EXTRA)
		return NULL;
	return state;
}

PG_FUNCTION_INFO_V1(pghub_doubling_time);
Datum
pghub_doubling_time(PG_FUNCTION_ARGS)
{
	const RowState *state = final_arg(fcinfo);
	double		usec;

	if (!state || !series_doubling_time((const SeriesRow *) state->rows, state->used, &usec))
		PG_RETURN_NULL();
	PG_RETURN_INTERVAL_P(series_make_interval((uint64) rint(usec)));
}

PG_FUNCTION_INFO_V1(pghub_time_to_milestone);
Datum
pghub_time_to_milestone(PG_FUNCTION_ARGS)
{
	const RowState *state = final_arg(fcinfo);
	double		x;
	int64		ts;

	if (!state)
		PG_RETURN_NULL();
	memcpy(&x, &state->extra, sizeof(x));
	if (!series_milestone((const SeriesRow *) state->rows, state->used, x, &ts))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(ts);
}

PG_FUNCTION_INFO_V1(pghub_crossover);
Datum
pghub_crossover(PG_FUNCTION_ARGS)
{
	const RowState *state = final_arg(fcinfo);
	int64		ts;

	if (!state || !series_crossover((const SeriesRow *) state->rows, state->used,
									state->extra, &ts))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(ts);
}

PG_FUNCTION_INFO_V1(pghub_kendall_tau_b);
Datum
pghub_kendall_tau_b(PG_FUNCTION_ARGS)
{
	const RowState *state = final_arg(fcinfo);
	double	   *scratch;
	double		tau;

	if (!state)
		PG_RETURN_NULL();
	scratch = palloc_extended(sizeof(double) * 2 * state->used, MCXT_ALLOC_HUGE);
	if (!series_tau_b((const SeriesRow *) state->rows, state->used, scratch, &tau))
		PG_RETURN_NULL();
	pfree(scratch);
	PG_RETURN_FLOAT8(tau);
}
