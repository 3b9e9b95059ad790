/*
 * engagement_agg.c
 *		State of engagement_agg: transition, combination, moving windows.
 */
#include "postgres.h"

#include "common/int.h"
#include "utils/timestamp.h"

#include "stats/engagement.h"
#include "stats/engagement_pack.h"
#include "stats/engagement_rows.h"

static bool
is_merged(const RowState *state)
{
	const EngagementRow *rows = (const EngagementRow *) state->rows;

	if (state->grid > 0 || state->used > ENGAGEMENT_INSTANTS)
		return false;
	for (int i = 1; i < state->used; i++)
		if (rows[i].at <= rows[i - 1].at)
			return false;
	return true;
}

static void
merge_rows(RowState *state)
{
	int			grid = state->grid;
	const char *damage = NULL;
	int64		used = engagement_merge((EngagementRow *) state->rows,
										state->used, &grid, &damage);

	if (used < 0)
		ereport(ERROR,
				(errcode(used == -1 ? ERRCODE_PROGRAM_LIMIT_EXCEEDED :
						 ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("observations exceed the limits of engagement_summary"),
				 errdetail("%s", damage)));
	state->used = used;
	state->grid = grid;
}

static size_t
count_rows(const Summary *summary)
{
	return engagement_count(summary->payload, SUMMARY_PAYLOAD_SIZE(summary));
}

static void
decode_rows(const Summary *summary, RowState *state)
{
	int			grid;

	engagement_decode(summary->payload, SUMMARY_PAYLOAD_SIZE(summary),
					  (EngagementRow *) state->rows + state->used, &grid);
	state->used += count_rows(summary);
	if (grid > state->grid)
		state->grid = grid;
}

static Summary *
encode_rows(const RowState *merged)
{
	const EngagementRow *rows = (const EngagementRow *) merged->rows;
	CodecWriter w = {NULL, 0};
	Summary    *summary;

	engagement_encode(&w, rows, merged->used, merged->grid);
	summary = summary_alloc(SUMMARY_ENGAGEMENT, merged->flags, w.size);
	w.buffer = summary->payload;
	w.size = 0;
	engagement_encode(&w, rows, merged->used, merged->grid);
	return summary;
}

static RowState *
unpack_rows(const RowState *packed)
{
	RowState   *state = row_state_new(&engagement_rows, packed->flags, packed->keyed);
	EngagementRow *rows = (EngagementRow *) state->rows;
	const uint8 *from = (const uint8 *) packed->rows;
	int64		last = 0;

	for (int i = 0; i < packed->keyed; i++)
		from = engagement_unpack(from, &last, &rows[i]);
	state->used = packed->keyed;
	state->grid = packed->grid;
	return state;
}

const RowFamily engagement_rows = {
	SUMMARY_ENGAGEMENT, sizeof(EngagementRow),
	is_merged, merge_rows, count_rows, decode_rows, unpack_rows, encode_rows
};

static Summary *
engagement_canonical(const Summary *working)
{
	return encode_rows(row_state_read(working, &engagement_rows));
}

const SummaryFamily engagement_family = {
	SUMMARY_ENGAGEMENT, ENGAGEMENT_VERSION, "engagement",
	engagement_check, engagement_canonical
};

SUMMARY_INPUT(engagement_summary, engagement_family)

static void
check_kinds(uint8 a, uint8 b)
{
	if (a != b)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot mix pooled and plain engagement summaries"),
				 errdetail("One side was built with an origin for each row, the other without.")));
}

/* ---------- packed rows ---------- */

/* Below this a full state only doubles: merging would cost more than it frees. */
#define MERGE_FROM	2048

static RowState *
new_packed(uint8 flags, size_t bytes)
{
	size_t		size = row_state_size(bytes, 1);
	RowState   *state = palloc(size);

	memset(state, 0, ROW_STATE_HEADER);
	SET_VARSIZE(state, size);
	state->tag = SUMMARY_ENGAGEMENT;
	state->version = SUMMARY_WORKING;
	state->flags = flags;
	state->form = ROWS_PACKED;
	return state;
}

/*
 * A state of merged rows with room for as many bytes again, in the old place if
 * that has it; NULL where merging does not halve the rows.
 */
static RowState *
merge_packed(RowState *state)
{
	RowState   *merged = unpack_rows(state);
	RowState   *packed = NULL;
	uint8	   *bytes,
			   *to;
	size_t		size;

	if (!is_merged(merged))
		merge_rows(merged);
	if (merged->used <= state->keyed / 2)
	{
		to = bytes = palloc_extended((size_t) merged->used * PACKED_ROW_MAX, MCXT_ALLOC_HUGE);
		state->extra = 0;
		for (int i = 0; i < merged->used; i++)
			to = engagement_pack(to, &state->extra, &((EngagementRow *) merged->rows)[i]);
		size = to - bytes;
		packed = state;
		if (size > (VARSIZE(state) - ROW_STATE_HEADER) / 2)
		{
			packed = new_packed(state->flags, size * 2);
			packed->extra = state->extra;
		}
		memcpy(packed->rows, bytes, size);
		packed->used = size;
		packed->keyed = merged->used;
		packed->grid = merged->grid;
		pfree(bytes);
	}
	pfree(merged);
	return packed;
}

static RowState *
grow_packed(RowState *state)
{
	RowState   *grown;
	size_t		size;

	if (state->keyed >= MERGE_FROM && (grown = merge_packed(state)) != NULL)
		return grown;

	/* a new place: the executor copies what is returned, and frees the old */
	grown = new_packed(state->flags, VARSIZE(state));
	size = VARSIZE(grown);
	memcpy(grown, state, ROW_STATE_HEADER + state->used);
	SET_VARSIZE(grown, size);
	return grown;
}

static inline RowState *
add_packed(RowState *state, const EngagementRow *row)
{
	if (unlikely(state->used + PACKED_ROW_MAX > VARSIZE(state) - ROW_STATE_HEADER))
		state = grow_packed(state);
	state->used = engagement_pack((uint8 *) state->rows + state->used,
								  &state->extra, row) - (uint8 *) state->rows;
	state->keyed++;
	return state;
}

/* ---------- transition ---------- */

/*
 * Reads a row of engagement_agg(at [, value [, origin]]).  False where it is
 * to be ignored: a NULL, or an observation before its origin.
 */
static bool
row_arg(FunctionCallInfo fcinfo, EngagementRow *row)
{
	int			nargs = PG_NARGS();

	for (int i = 1; i < nargs; i++)
		if (PG_ARGISNULL(i))
			return false;
	row->at = PG_GETARG_TIMESTAMPTZ(1);
	series_check_instant(row->at, "engagement_agg");
	row->value = nargs > 2 ?
		series_check_amount(PG_GETARG_FLOAT8(2), "engagement_agg") : 1;
	if (nargs > 3)
	{
		TimestampTz origin = PG_GETARG_TIMESTAMPTZ(3);

		series_check_instant(origin, "engagement_agg");
		if (row->at < origin)
			return false;
		if (pg_sub_s64_overflow(row->at, origin, &row->at))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("age of engagement_agg is out of range")));
	}
	return true;
}

static Datum
add_row(FunctionCallInfo fcinfo)
{
	EngagementRow row;
	RowState   *state = NULL;
	uint8		flags = PG_NARGS() > 3 ? ENGAGEMENT_POOLED : 0;

	summary_agg_context(fcinfo, "engagement_agg");
	if (!PG_ARGISNULL(0))
	{
		state = (RowState *) row_state_raw(fcinfo);
		if (unlikely(!SummaryIsWorking(state)))
			state = row_state_arg(fcinfo, &engagement_rows);
	}
	if (row_arg(fcinfo, &row))
	{
		if (state == NULL)
			state = new_packed(flags, 1);
		else
			check_kinds(state->flags, flags);
		if (likely(state->form == ROWS_PACKED))
			state = add_packed(state, &row);
		else
			*(EngagementRow *) row_state_next(&state, &engagement_rows) = row;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

/* Of a moving window, whose rows leave as they came: a plain queue. */
static Datum
move_row(FunctionCallInfo fcinfo)
{
	EngagementRow row;
	RowState   *state;

	summary_agg_context(fcinfo, "engagement_agg");
	state = row_state_arg(fcinfo, &engagement_rows);
	if (row_arg(fcinfo, &row))
	{
		/* the empty state that a window begins with has no kind yet */
		state->flags = PG_NARGS() > 3 ? ENGAGEMENT_POOLED : 0;
		state->moving = true;
		*(EngagementRow *) row_state_next(&state, &engagement_rows) = row;
	}
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(pghub_engagement_trans);
Datum
pghub_engagement_trans(PG_FUNCTION_ARGS)
{
	return add_row(fcinfo);
}

PG_FUNCTION_INFO_V1(pghub_engagement_move);
Datum
pghub_engagement_move(PG_FUNCTION_ARGS)
{
	return move_row(fcinfo);
}

PG_FUNCTION_INFO_V1(pghub_engagement_unmove);
Datum
pghub_engagement_unmove(PG_FUNCTION_ARGS)
{
	EngagementRow row;
	RowState   *state;

	summary_agg_context(fcinfo, "engagement_agg");
	state = row_state_arg(fcinfo, &engagement_rows);

	/* NULL makes the executor begin the frame anew */
	if (row_arg(fcinfo, &row) && !row_state_drop(state, &row, sizeof(row)))
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

static RowState *
combine(RowState *state, const Summary *more)
{
	check_kinds(state->flags, more->flags);
	return row_state_append(state, more, &engagement_rows);
}

PG_FUNCTION_INFO_V1(pghub_engagement_combine);
Datum
pghub_engagement_combine(PG_FUNCTION_ARGS)
{
	summary_agg_context(fcinfo, "engagement_agg");
	PG_RETURN_POINTER(combine(row_state_arg(fcinfo, &engagement_rows),
							  summary_arg(fcinfo, 1)));
}

PG_FUNCTION_INFO_V1(pghub_engagement_rollup);
Datum
pghub_engagement_rollup(PG_FUNCTION_ARGS)
{
	RowState   *state;
	Summary    *more;

	summary_agg_context(fcinfo, "rollup");
	state = row_state_arg(fcinfo, &engagement_rows);
	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	more = summary_arg(fcinfo, 1);
	if (state == NULL)
		state = row_state_new(&engagement_rows, more->flags, 4);
	PG_RETURN_POINTER(combine(state, more));
}

PG_FUNCTION_INFO_V1(pghub_engagement_final);
Datum
pghub_engagement_final(PG_FUNCTION_ARGS)
{
	Summary    *summary;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	summary = summary_canonical(summary_arg(fcinfo, 0));
	if (count_rows(summary) == 0)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(summary);
}

PG_FUNCTION_INFO_V1(pghub_engagement_plus);
Datum
pghub_engagement_plus(PG_FUNCTION_ARGS)
{
	RowState   *state = row_state_merged(summary_arg(fcinfo, 0), &engagement_rows);

	state = combine(state, summary_arg(fcinfo, 1));
	merge_rows(state);
	PG_RETURN_POINTER(encode_rows(state));
}
