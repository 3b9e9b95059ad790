/*
 * survival_agg.c
 *		survival_agg and the readers of survival_summary.
 *
 * The state is a table of slots by duration and outcome, half empty, in the
 * one flat value; of a moving window it is a queue of rows (series_rows.h).
 * Before a table that outgrows the nearest cache stands a list of keys yet to
 * be looked up: a batch of look-ups waits for memory once, not for each row.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "stats/series_rows.h"
#include "stats/survival.h"

#define PENDING_KEYS	64
#define PENDING_BYTES	(PENDING_KEYS * sizeof(uint64))
#define PENDING_FROM	8192	/* bytes of a table that has such a list */

/* In a table, head is the size of the list, used the keys in it. */
#define TableSlots(state)		((SurvivalRow *) ((state)->rows + (state)->head))
#define TablePending(state)		((uint64 *) (state)->rows)
#define TableCapacity(state) \
	((VARSIZE(state) - ROW_STATE_HEADER - (state)->head) / sizeof(SurvivalRow))

static bool
is_merged(const RowState *state)
{
	return false;
}

static void
merge_rows(RowState *state)
{
	state->used = survival_merge((SurvivalRow *) state->rows, state->used);
}

static size_t
count_rows(const Summary *summary)
{
	return survival_count(summary->payload, SUMMARY_PAYLOAD_SIZE(summary));
}

static void
decode_rows(const Summary *summary, RowState *state)
{
	survival_decode(summary->payload, SUMMARY_PAYLOAD_SIZE(summary),
					(SurvivalRow *) state->rows + state->used);
	state->used += count_rows(summary);
}

static const RowFamily survival_rows = {
	SUMMARY_SURVIVAL, sizeof(SurvivalRow),
	is_merged, merge_rows, count_rows, decode_rows, NULL, NULL
};

/* Merged rows of a summary in any form. */
static RowState *
rows_of(const Summary *summary)
{
	const RowState *from = (const RowState *) summary;
	RowState   *state;
	SurvivalRow *rows;
	size_t		capacity;

	if (!SummaryIsWorking(summary) || from->form != ROWS_HASHED)
		return row_state_merged(summary, &survival_rows);
	capacity = TableCapacity(from);
	state = row_state_new(&survival_rows, 0, from->keyed + from->used);
	rows = (SurvivalRow *) state->rows;
	for (size_t i = 0; i < capacity; i++)
		if (TableSlots(from)[i].count != 0)
			rows[state->used++] = TableSlots(from)[i];
	for (int i = 0; i < from->used; i++)
	{
		rows[state->used].key = TablePending(from)[i];
		rows[state->used++].count = 1;
	}
	merge_rows(state);
	return state;
}

static Summary *
survival_canonical(const Summary *working)
{
	const RowState *merged = rows_of(working);
	const SurvivalRow *rows = (const SurvivalRow *) merged->rows;
	CodecWriter w = {NULL, 0};
	Summary    *summary;

	survival_encode(&w, rows, merged->used);
	summary = summary_alloc(SUMMARY_SURVIVAL, 0, w.size);
	w.buffer = summary->payload;
	w.size = 0;
	survival_encode(&w, rows, merged->used);
	return summary;
}

const SummaryFamily survival_family = {
	SUMMARY_SURVIVAL, SURVIVAL_VERSION, "survival", survival_check, survival_canonical
};

SUMMARY_INPUT(survival_summary, survival_family)

/* ---------- the table ---------- */

/* A table that holds that many keys before it grows. */
static RowState *
new_table(size_t keys)
{
	RowState   *state = row_state_new(&survival_rows, 0, keys * 2 + 2);

	memset(state->rows, 0, VARSIZE(state) - ROW_STATE_HEADER);
	state->form = ROWS_HASHED;
	if (VARSIZE(state) >= PENDING_FROM)
		state->head = PENDING_BYTES;
	return state;
}

static inline void
add_key(RowState *state, uint64 key, int64 count)
{
	if (survival_add(TableSlots(state), TableCapacity(state), key, count))
		state->keyed++;
}

/* The same table at twice the size or more, its list empty. */
static RowState *
grow_table(const RowState *state)
{
	size_t		capacity = TableCapacity(state);
	RowState   *grown = new_table(capacity + PENDING_KEYS);

	for (size_t i = 0; i < capacity; i++)
		if (TableSlots(state)[i].count != 0)
			add_key(grown, TableSlots(state)[i].key, TableSlots(state)[i].count);
	for (int i = 0; i < state->used; i++)
		add_key(grown, TablePending(state)[i], 1);
	return grown;
}

static inline RowState *
table_add(RowState *state, uint64 key, int64 count)
{
	if (unlikely(state->keyed >= TableCapacity(state) / 2))
		state = grow_table(state);
	add_key(state, key, count);
	return state;
}

/* Looks up the keys of the list. */
static RowState *
look_up_pending(RowState *state)
{
	size_t		capacity = TableCapacity(state);
	SurvivalRow *slots = TableSlots(state);

	if (state->keyed + state->used > capacity / 2)
		return grow_table(state);
	for (int i = 0; i < state->used; i++)
		state->keyed += survival_add(slots, capacity, TablePending(state)[i], 1);
	state->used = 0;
	return state;
}

/* Adds one item, at once or by way of the list. */
static inline RowState *
table_add_item(RowState *state, uint64 key)
{
	if (state->head == 0)
		return table_add(state, key, 1);
	if (unlikely(state->used == PENDING_KEYS))
		state = look_up_pending(state);
	TablePending(state)[state->used++] = key;
	return state;
}

/* Rows of a summary of any form into a table, which may move. */
static RowState *
table_append(RowState *state, const Summary *summary)
{
	const RowState *more = rows_of(summary);

	for (int i = 0; i < more->used; i++)
	{
		const SurvivalRow *row = (const SurvivalRow *) more->rows + i;

		state = table_add(state, row->key, row->count);
	}
	return state;
}

/* The state as it came, a table; NULL at the first row. */
static RowState *
table_arg(FunctionCallInfo fcinfo)
{
	RowState   *state;

	if (PG_ARGISNULL(0))
		return NULL;
	state = (RowState *) row_state_raw(fcinfo);
	if (!SummaryIsWorking(state) || state->form != ROWS_HASHED)
		return table_append(new_table(2), (Summary *) state);
	return state;
}

/* ---------- transition ---------- */

static double
days_of(Interval *interval)
{
	if (interval->day < 0 || interval->time < 0)
	{
		/* parts of unlike sign may still add up to a duration */
		if ((double) interval->day * USECS_PER_DAY + interval->time < 0)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("duration of survival_agg must not be negative")));
	}
	return (double) series_interval(interval, "survival_agg", "duration", true) /
		USECS_PER_DAY;
}

/* False where the row has a NULL. */
static bool
key_arg(FunctionCallInfo fcinfo, bool as_interval, uint64 *key)
{
	double		duration;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return false;
	if (as_interval)
		duration = days_of(PG_GETARG_INTERVAL_P(1));
	else
	{
		duration = PG_GETARG_FLOAT8(1);
		if (unlikely(!(duration >= 0) || isinf(duration)))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg(duration < 0 ? "duration of survival_agg must not be negative" :
							"duration of survival_agg must be finite")));
	}
	*key = survival_key(duration, PG_GETARG_BOOL(2));
	return true;
}

static inline Datum
add_item(FunctionCallInfo fcinfo, bool as_interval)
{
	RowState   *state;
	uint64		key;

	summary_agg_context(fcinfo, "survival_agg");
	state = table_arg(fcinfo);
	if (key_arg(fcinfo, as_interval, &key))
	{
		if (state == NULL)
			state = new_table(2);
		state = table_add_item(state, key);
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

static Datum
move_item(FunctionCallInfo fcinfo, bool as_interval, bool away)
{
	RowState   *state;
	SurvivalRow row = {0, 1};

	summary_agg_context(fcinfo, "survival_agg");
	state = row_state_arg(fcinfo, &survival_rows);
	if (key_arg(fcinfo, as_interval, &row.key))
	{
		/* NULL makes the executor begin the frame anew */
		if (away && !row_state_drop(state, &row, sizeof(row)))
			PG_RETURN_NULL();
		state->moving = true;
		if (!away)
			*(SurvivalRow *) row_state_next(&state, &survival_rows) = row;
	}
	PG_RETURN_POINTER(state);
}

#define SURVIVAL_TRANSITION(type, as_interval) \
	PG_FUNCTION_INFO_V1(pghub_survival_trans_##type); \
	Datum pghub_survival_trans_##type(PG_FUNCTION_ARGS) \
	{ return add_item(fcinfo, as_interval); } \
	PG_FUNCTION_INFO_V1(pghub_survival_move_##type); \
	Datum pghub_survival_move_##type(PG_FUNCTION_ARGS) \
	{ return move_item(fcinfo, as_interval, false); } \
	PG_FUNCTION_INFO_V1(pghub_survival_unmove_##type); \
	Datum pghub_survival_unmove_##type(PG_FUNCTION_ARGS) \
	{ return move_item(fcinfo, as_interval, true); }

SURVIVAL_TRANSITION(float8, false)
SURVIVAL_TRANSITION(interval, true)

PG_FUNCTION_INFO_V1(pghub_survival_combine);
Datum
pghub_survival_combine(PG_FUNCTION_ARGS)
{
	summary_agg_context(fcinfo, "survival_agg");
	PG_RETURN_POINTER(table_append(table_arg(fcinfo), summary_arg(fcinfo, 1)));
}

PG_FUNCTION_INFO_V1(pghub_survival_rollup);
Datum
pghub_survival_rollup(PG_FUNCTION_ARGS)
{
	RowState   *state;

	summary_agg_context(fcinfo, "rollup");
	state = table_arg(fcinfo);
	if (!PG_ARGISNULL(1))
		state = table_append(state ? state : new_table(2), summary_arg(fcinfo, 1));
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(pghub_survival_final);
Datum
pghub_survival_final(PG_FUNCTION_ARGS)
{
	Summary    *summary;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	summary = summary_canonical(summary_arg(fcinfo, 0));
	if (count_rows(summary) == 0)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(summary);
}

PG_FUNCTION_INFO_V1(pghub_survival_plus);
Datum
pghub_survival_plus(PG_FUNCTION_ARGS)
{
	RowState   *state = table_append(new_table(2), summary_arg(fcinfo, 0));

	state = table_append(state, summary_arg(fcinfo, 1));
	PG_RETURN_POINTER(survival_canonical((Summary *) state));
}

/* ---------- readers ---------- */

static SurvivalPoint *
points_arg(FunctionCallInfo fcinfo, size_t *n)
{
	const RowState *state = rows_of(summary_canonical_arg(fcinfo, 0));
	SurvivalPoint *points = palloc_extended(sizeof(SurvivalPoint) * (state->used + 1),
											MCXT_ALLOC_HUGE);

	*n = survival_points((const SurvivalRow *) state->rows, state->used, points);
	return points;
}

PG_FUNCTION_INFO_V1(pghub_survival_curve);
Datum
pghub_survival_curve(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	size_t		n;
	SurvivalPoint *points = points_arg(fcinfo, &n);

	InitMaterializedSRF(fcinfo, 0);
	for (size_t i = 0; i < n; i++)
	{
		Datum		values[6];
		bool		nulls[6] = {false};

		CHECK_FOR_INTERRUPTS();
		values[0] = Float8GetDatum(points[i].at);
		values[1] = Int64GetDatum(points[i].at_risk);
		values[2] = Int64GetDatum(points[i].events);
		values[3] = Int64GetDatum(points[i].censored);
		values[4] = Float8GetDatum(points[i].survival);
		values[5] = Float8GetDatum(points[i].std_error);
		nulls[5] = isnan(points[i].std_error);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(pghub_median_survival);
Datum
pghub_median_survival(PG_FUNCTION_ARGS)
{
	size_t		n;
	SurvivalPoint *points = points_arg(fcinfo, &n);
	double		median;

	if (!survival_median(points, n, &median))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(median);
}

PG_FUNCTION_INFO_V1(pghub_restricted_mean);
Datum
pghub_restricted_mean(PG_FUNCTION_ARGS)
{
	size_t		n;
	SurvivalPoint *points;
	double		horizon = PG_GETARG_FLOAT8(1);
	double		mean;

	if (!(horizon >= 0) || isinf(horizon))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("horizon of restricted_mean must be finite and not negative")));
	points = points_arg(fcinfo, &n);
	if (!survival_mean(points, n, horizon, &mean))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(mean);
}

static Datum
logrank_result(FunctionCallInfo fcinfo, SurvivalGroup *groups, int k)
{
	TupleDesc	desc;
	Datum		values[3];
	bool		nulls[3] = {false};
	double	   *matrix = palloc(sizeof(double) * k * k);
	double	   *vector = palloc(sizeof(double) * k);
	double		chi_square;
	int			degrees;

	if (!survival_logrank(groups, k, matrix, vector, &chi_square, &degrees))
		PG_RETURN_NULL();
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "logrank_test must return a row type");
	values[0] = Float8GetDatum(chi_square);
	values[1] = Int32GetDatum(degrees);
	values[2] = Float8GetDatum(survival_chi_square_tail(chi_square, degrees));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc),
													  values, nulls)));
}

static void
set_group(SurvivalGroup *group, const Summary *summary)
{
	const RowState *state = rows_of(summary);

	group->rows = (const SurvivalRow *) state->rows;
	group->n = state->used;
}

PG_FUNCTION_INFO_V1(pghub_logrank_pair);
Datum
pghub_logrank_pair(PG_FUNCTION_ARGS)
{
	SurvivalGroup groups[2];

	set_group(&groups[0], summary_canonical_arg(fcinfo, 0));
	set_group(&groups[1], summary_canonical_arg(fcinfo, 1));
	return logrank_result(fcinfo, groups, 2);
}

PG_FUNCTION_INFO_V1(pghub_logrank_array);
Datum
pghub_logrank_array(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	SurvivalGroup *groups;
	Datum	   *elements;
	bool	   *nulls;
	int			k;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE,
					  &elements, &nulls, &k);
	if (k > SURVIVAL_GROUPS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("logrank_test compares at most %d summaries, not %d",
						SURVIVAL_GROUPS, k)));
	groups = palloc0(sizeof(SurvivalGroup) * (k + 1));
	for (int g = 0; g < k; g++)
	{
		if (nulls[g])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("summaries of logrank_test must not contain NULL")));
		set_group(&groups[g], (Summary *) PG_DETOAST_DATUM(elements[g]));
	}
	if (k < 2)
		PG_RETURN_NULL();
	return logrank_result(fcinfo, groups, k);
}
