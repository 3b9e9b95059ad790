/*
 * counter_agg.c
 *		counter_agg and the readers of counter_summary.
 */
#include "postgres.h"

#include <math.h>

#include "common/int.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "stats/counter.h"
#include "stats/series_rows.h"

static bool
is_merged(const RowState *state)
{
	return counter_is_merged((const CounterRow *) state->rows, state->used);
}

static void
merge_rows(RowState *state)
{
	state->used = counter_merge((CounterRow *) state->rows, state->used);
}

static size_t
count_rows(const Summary *summary)
{
	return counter_count(summary->payload, SUMMARY_PAYLOAD_SIZE(summary));
}

static void
decode_rows(const Summary *summary, RowState *state)
{
	counter_decode(summary->payload, SUMMARY_PAYLOAD_SIZE(summary),
				   (CounterRow *) state->rows + state->used);
	state->used += count_rows(summary);
}

static Summary *
encode_rows(const RowState *merged)
{
	const CounterRow *rows = (const CounterRow *) merged->rows;
	CodecWriter w = {NULL, 0};
	Summary    *summary;

	counter_encode(&w, rows, merged->used);
	summary = summary_alloc(SUMMARY_COUNTER, 0, w.size);
	w.buffer = summary->payload;
	w.size = 0;
	counter_encode(&w, rows, merged->used);
	return summary;
}

static const RowFamily counter_rows = {
	SUMMARY_COUNTER, sizeof(CounterRow),
	is_merged, merge_rows, count_rows, decode_rows, NULL, encode_rows
};

static Summary *
counter_canonical(const Summary *working)
{
	return encode_rows(row_state_read(working, &counter_rows));
}

const SummaryFamily counter_family = {
	SUMMARY_COUNTER, COUNTER_VERSION, "counter", counter_check, counter_canonical
};

SUMMARY_INPUT(counter_summary, counter_family)

/* ---------- transition ---------- */

static void
refuse(const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("counter of counter_agg must %s", why)));
}

static int64
from_int8(Datum value)
{
	return DatumGetInt64(value);
}

static int64
from_float8(Datum datum)
{
	double		value = DatumGetFloat8(datum);

	if (isnan(value) || isinf(value))
		refuse("be finite");
	if (value < 0)
		refuse("not be negative");
	if (value >= 9223372036854775808.0)
		refuse("be less than 2^63");
	if (value != floor(value))
		refuse("be a whole number");
	return (int64) value;
}

static int64
from_numeric(Datum datum)
{
	Numeric		value = DatumGetNumeric(datum);
	Datum		near;
	int64		whole;

	if (numeric_is_nan(value) || numeric_is_inf(value))
		refuse("be finite");
	near = DirectFunctionCall1(numeric_float8_no_overflow, datum);
	if (DatumGetFloat8(near) < 0)
		refuse("not be negative");
	/* the nearest double may be 2^63 for a number just below: compare exactly */
	if (DatumGetFloat8(near) >= 9223372036854775808.0 &&
		DatumGetBool(DirectFunctionCall2(numeric_gt, datum,
										 NumericGetDatum(int64_to_numeric(PG_INT64_MAX)))))
		refuse("be less than 2^63");
	whole = DatumGetInt64(DirectFunctionCall1(numeric_int8, datum));
	if (!DatumGetBool(DirectFunctionCall2(numeric_eq, datum,
										  NumericGetDatum(int64_to_numeric(whole)))))
		refuse("be a whole number");
	return whole;
}

/* False where the row has a NULL. */
static bool
row_arg(FunctionCallInfo fcinfo, int64 (*convert) (Datum), CounterRow *row)
{
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return false;
	row->at = PG_GETARG_TIMESTAMPTZ(1);
	series_check_instant(row->at, "counter_agg");
	row->value = convert(PG_GETARG_DATUM(2));
	if (row->value < 0)
		refuse("not be negative");
	return true;
}

static Datum
add_row(FunctionCallInfo fcinfo, int64 (*convert) (Datum), bool moving)
{
	CounterRow	row;
	RowState   *state;

	summary_agg_context(fcinfo, "counter_agg");
	state = row_state_arg(fcinfo, &counter_rows);
	if (row_arg(fcinfo, convert, &row))
	{
		if (state == NULL)
			state = row_state_new(&counter_rows, 0, 4);
		state->moving = moving;
		*(CounterRow *) row_state_next(&state, &counter_rows) = row;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

static Datum
drop_row(FunctionCallInfo fcinfo, int64 (*convert) (Datum))
{
	CounterRow	row;
	RowState   *state;

	summary_agg_context(fcinfo, "counter_agg");
	state = row_state_arg(fcinfo, &counter_rows);

	/* NULL makes the executor begin the frame anew */
	if (row_arg(fcinfo, convert, &row) && !row_state_drop(state, &row, sizeof(row)))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

#define COUNTER_TRANSITION(type) \
	PG_FUNCTION_INFO_V1(pghub_counter_trans_##type); \
	Datum pghub_counter_trans_##type(PG_FUNCTION_ARGS) \
	{ return add_row(fcinfo, from_##type, false); } \
	PG_FUNCTION_INFO_V1(pghub_counter_move_##type); \
	Datum pghub_counter_move_##type(PG_FUNCTION_ARGS) \
	{ return add_row(fcinfo, from_##type, true); } \
	PG_FUNCTION_INFO_V1(pghub_counter_unmove_##type); \
	Datum pghub_counter_unmove_##type(PG_FUNCTION_ARGS) \
	{ return drop_row(fcinfo, from_##type); }

COUNTER_TRANSITION(int8)
COUNTER_TRANSITION(float8)
COUNTER_TRANSITION(numeric)

PG_FUNCTION_INFO_V1(pghub_counter_combine);
Datum
pghub_counter_combine(PG_FUNCTION_ARGS)
{
	summary_agg_context(fcinfo, "counter_agg");
	PG_RETURN_POINTER(row_state_append(row_state_arg(fcinfo, &counter_rows),
									   summary_arg(fcinfo, 1), &counter_rows));
}

PG_FUNCTION_INFO_V1(pghub_counter_rollup);
Datum
pghub_counter_rollup(PG_FUNCTION_ARGS)
{
	RowState   *state;

	summary_agg_context(fcinfo, "rollup");
	state = row_state_arg(fcinfo, &counter_rows);
	if (!PG_ARGISNULL(1))
	{
		if (state == NULL)
			state = row_state_new(&counter_rows, 0, 4);
		state = row_state_append(state, summary_arg(fcinfo, 1), &counter_rows);
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(pghub_counter_final);
Datum
pghub_counter_final(PG_FUNCTION_ARGS)
{
	Summary    *summary;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	summary = summary_canonical(summary_arg(fcinfo, 0));
	if (count_rows(summary) == 0)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(summary);
}

PG_FUNCTION_INFO_V1(pghub_counter_plus);
Datum
pghub_counter_plus(PG_FUNCTION_ARGS)
{
	RowState   *state = row_state_merged(summary_arg(fcinfo, 0), &counter_rows);

	state = row_state_append(state, summary_arg(fcinfo, 1), &counter_rows);
	merge_rows(state);
	PG_RETURN_POINTER(encode_rows(state));
}

/* ---------- readers ---------- */

static const CounterRow *
rows_arg(FunctionCallInfo fcinfo, size_t *n)
{
	const RowState *state = row_state_read(summary_canonical_arg(fcinfo, 0), &counter_rows);

	*n = state->used;
	return (const CounterRow *) state->rows;
}

PG_FUNCTION_INFO_V1(pghub_counter_at);
Datum
pghub_counter_at(PG_FUNCTION_ARGS)
{
	const CounterRow *rows;
	size_t		n;
	double		value;

	series_check_instant(PG_GETARG_TIMESTAMPTZ(1), "counter_at");
	rows = rows_arg(fcinfo, &n);
	if (!counter_value_at(rows, n, PG_GETARG_TIMESTAMPTZ(1), &value))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(value);
}

/* Is a drop a restart from zero? */
static bool
restart_arg(FunctionCallInfo fcinfo, int argno)
{
	char	   *word = text_to_cstring(PG_GETARG_TEXT_PP(argno));

	if (strcmp(word, "restart") == 0)
		return true;
	if (strcmp(word, "clip") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("on_drop of counter_delta is not known: \"%s\"", word),
				 errhint("Give \"clip\" (a drop adds nothing) or \"restart\" (a drop adds the new value).")));
	return false;
}

PG_FUNCTION_INFO_V1(pghub_counter_delta);
Datum
pghub_counter_delta(PG_FUNCTION_ARGS)
{
	const CounterRow *rows;
	size_t		n;
	int64		since = 0,
				until = 0;
	double		growth;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	if (!PG_ARGISNULL(1))
		series_check_instant(since = PG_GETARG_TIMESTAMPTZ(1), "counter_delta");
	if (!PG_ARGISNULL(2))
		series_check_instant(until = PG_GETARG_TIMESTAMPTZ(2), "counter_delta");
	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && since > until)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("since of counter_delta must not be after until")));
	rows = rows_arg(fcinfo, &n);
	if (!counter_growth(rows, n, PG_ARGISNULL(1) ? NULL : &since,
						PG_ARGISNULL(2) ? NULL : &until,
						restart_arg(fcinfo, 3), &growth))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(growth);
}

PG_FUNCTION_INFO_V1(pghub_counter_resets);
Datum
pghub_counter_resets(PG_FUNCTION_ARGS)
{
	size_t		n;
	const CounterRow *rows = rows_arg(fcinfo, &n);

	PG_RETURN_FLOAT8(counter_drops(rows, n));
}

/* A year has 31 million seconds; more rows nobody meant to ask for. */
#define MAX_BINS INT64CONST(100000000)

static void
check_bins(const CounterRow *rows, size_t n, int64 width)
{
	if (n > 1 && (rows[n - 1].at - rows[0].at) / width >= MAX_BINS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("counter_increments exceeds the limit of " INT64_FORMAT " bins", MAX_BINS),
				 errhint("Give a longer bin.")));
}

PG_FUNCTION_INFO_V1(pghub_counter_increments);
Datum
pghub_counter_increments(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int64		width = series_interval(PG_GETARG_INTERVAL_P(1), "counter_increments",
										"bin", false);
	size_t		n;
	const CounterRow *rows = rows_arg(fcinfo, &n);
	CounterWalk walk;
	CounterBin	bin;

	check_bins(rows, n, width);
	InitMaterializedSRF(fcinfo, 0);
	if (!counter_walk(&walk, rows, n, width))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("bin of counter_increments begins before the first timestamp")));
	while (counter_next_bin(&walk, &bin))
	{
		Datum		values[3];
		bool		nulls[3] = {false, bin.covered == 0, false};

		CHECK_FOR_INTERRUPTS();
		values[0] = TimestampTzGetDatum(bin.start);
		values[1] = Float8GetDatum(bin.increment);
		values[2] = Float8GetDatum(bin.covered);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
