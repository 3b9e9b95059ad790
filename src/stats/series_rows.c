/*
 * series_rows.c
 *		Working state of engagement, counters and series; their arguments.
 */
#include "postgres.h"

#include <math.h>

#include "common/int.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "stats/series_rows.h"

/* Below this a full state only doubles: merging would cost more than it frees. */
#define MERGE_FROM	64

static void
check_state_size(size_t size)
{
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("summary state of %zu bytes exceeds the limit of %zu",
						size, (size_t) MaxAllocSize)));
}

/*
 * Sizes are powers of two, header included: up to 8 kB such chunks come from
 * the free lists of a memory context, just above they would go to malloc.
 */
size_t
row_state_size(size_t capacity, size_t width)
{
	size_t		wanted = ROW_STATE_HEADER + capacity * width;
	size_t		size = 128;

	check_state_size(wanted);
	while (size < wanted)
		size *= 2;
	return Min(size, MaxAllocSize);
}

RowState *
row_state_new(const RowFamily *family, uint8 flags, size_t capacity)
{
	size_t		size = row_state_size(capacity, family->width);
	RowState   *state;

	state = palloc(size);
	memset(state, 0, ROW_STATE_HEADER);
	SET_VARSIZE(state, size);
	state->tag = family->tag;
	state->version = SUMMARY_WORKING;
	state->flags = flags;
	return state;
}

RowState *
row_state_grow(RowState *state, const RowFamily *family, size_t more)
{
	size_t		width = family->width;
	size_t		capacity = RowStateCapacity(state, width);
	size_t		live,
				size;
	RowState   *grown;

	if (state->moving && state->head > 0)
	{
		memmove(state->rows, state->rows + width * state->head,
				width * (state->used - state->head));
		state->used -= state->head;
		state->head = 0;
	}
	else if (!state->moving && state->used >= MERGE_FROM)
		family->merge(state);

	live = state->used;
	if (live + more <= capacity && live <= capacity / 2)
		return state;
	size = row_state_size(Max(live + more, capacity + 1), width);

	/* a new place: the executor copies what is returned, and frees the old */
	grown = palloc(size);
	memcpy(grown, state, ROW_STATE_HEADER + live * width);
	SET_VARSIZE(grown, size);
	return grown;
}

RowState *
row_state_append(RowState *state, const Summary *summary, const RowFamily *family)
{
	size_t		more;

	if (SummaryIsWorking(summary))
	{
		const RowState *from = (const RowState *) summary;

		if (from->form != ROWS_PLAIN)
			from = family->plain(from);
		more = from->used - from->head;
		if (state->used + more > RowStateCapacity(state, family->width))
			state = row_state_grow(state, family, more);
		memcpy(state->rows + family->width * state->used,
			   from->rows + family->width * from->head, family->width * more);
		if (from->grid > state->grid)
			state->grid = from->grid;
		state->used += more;
		return state;
	}
	more = family->count(summary);
	if (state->used + more > RowStateCapacity(state, family->width))
		state = row_state_grow(state, family, more);
	family->decode(summary, state);
	return state;
}

RowState *
row_state_arg(FunctionCallInfo fcinfo, const RowFamily *family)
{
	Summary    *summary;

	if (PG_ARGISNULL(0))
		return NULL;
	summary = row_state_raw(fcinfo);
	if (!SummaryIsWorking(summary))
	{
		RowState   *state = row_state_new(family, summary->flags, 4);

		return row_state_append(state, summary, family);
	}
	if (((RowState *) summary)->form != ROWS_PLAIN)
		return family->plain((RowState *) summary);
	return (RowState *) summary;
}

RowState *
row_state_merged(const Summary *summary, const RowFamily *family)
{
	size_t		count;
	RowState   *state;

	if (SummaryIsWorking(summary))
	{
		const RowState *from = (const RowState *) summary;

		if (from->form != ROWS_PLAIN)
		{
			state = family->plain(from);
			if (!family->is_merged(state))
				family->merge(state);
			return state;
		}
		count = from->used - from->head;
		state = row_state_new(family, summary->flags, Max(count, 1));
		state->extra = from->extra;
		state = row_state_append(state, summary, family);
		family->merge(state);
		return state;
	}
	state = row_state_new(family, summary->flags, Max(family->count(summary), 1));
	family->decode(summary, state);
	return state;
}

const RowState *
row_state_read(const Summary *summary, const RowFamily *family)
{
	const RowState *state = (const RowState *) summary;

	if (SummaryIsWorking(summary) && state->form == ROWS_PLAIN &&
		state->head == 0 && family->is_merged(state))
		return state;
	return row_state_merged(summary, family);
}

bool
row_state_drop(RowState *state, const void *row, size_t width)
{
	if (state->head >= state->used ||
		memcmp(state->rows + width * state->head, row, width) != 0)
		return false;
	if (++state->head == state->used)
		state->head = state->used = 0;
	return true;
}

/* ---------- arguments that the families share ---------- */

int64
series_interval(const Interval *interval, const char *function,
				const char *what, bool zero_allowed)
{
	int64		usec;

	if (interval->month != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of %s must not contain months or years", what, function),
				 errdetail("Months differ in length."),
				 errhint("Give days or hours; a day is 24 hours.")));
	if (pg_mul_s64_overflow(interval->day, USECS_PER_DAY, &usec) ||
		pg_add_s64_overflow(usec, interval->time, &usec))
		ereport(ERROR,
				(errcode(ERRCODE_INTERVAL_FIELD_OVERFLOW),
				 errmsg("%s of %s is out of range", what, function)));
	if (usec < 0 || (usec == 0 && !zero_allowed))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg(zero_allowed ? "%s of %s must not be negative" :
						"%s of %s must be positive", what, function)));
	return usec;
}

Interval *
series_make_interval(uint64 usec)
{
	Interval   *interval = palloc0(sizeof(Interval));

	interval->day = usec / USECS_PER_DAY;
	interval->time = usec % USECS_PER_DAY;
	return interval;
}

void
series_check_instant(TimestampTz at, const char *function)
{
	if (TIMESTAMP_NOT_FINITE(at))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp of %s must be finite", function)));
}

double
series_check_amount(double value, const char *function)
{
	if (isnan(value) || isinf(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value of %s must be finite", function)));
	if (value < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value of %s must not be negative", function)));
	return value + 0.0;			/* -0 is 0 */
}
