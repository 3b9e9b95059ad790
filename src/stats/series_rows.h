/*
 * series_rows.h
 *		Working state of the families that keep rows of one width.
 *
 * Rows are appended as they come.  A full state is first merged (sorted, equal
 * keys joined), then doubled if that freed less than half of it, so that work
 * and memory are amortised and bounded by the distinct keys.  The state of a
 * moving window is a queue instead: frames drop their rows in the order in
 * which they took them, so removal is exact even where the family's merge
 * (the larger value of two, say) cannot be undone.
 */
#ifndef PGHUB_SERIES_ROWS_H
#define PGHUB_SERIES_ROWS_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"

#include "compat.h"
#include "stats/summary.h"

/* How rows[] is laid out. */
typedef enum RowForm
{
	ROWS_PLAIN,					/* rows of one width, head to used */
	ROWS_HASHED,				/* slots of a table (survival) */
	ROWS_PACKED					/* bytes of rows, used of them (engagement) */
} RowForm;

typedef struct RowState
{
	int32		vl_len_;		/* this and the next four as in Summary */
	uint8		tag;
	uint8		version;		/* SUMMARY_WORKING */
	uint8		flags;
	uint8		zero;
	int32		head;			/* first live row, of a moving state */
	int32		used;			/* end of the live rows */
	int16		grid;			/* engagement: of its instants */
	int8		moving;			/* a queue, never merged in place */
	int8		form;			/* a RowForm */
	int32		keyed;			/* slots in use, or rows in the bytes */
	int64		extra;			/* series: the argument kept for the end;
								 * engagement: instant of the last packed row */
	char		rows[FLEXIBLE_ARRAY_MEMBER];
} RowState;

#define ROW_STATE_HEADER	offsetof(RowState, rows)
#define RowStateCapacity(state, width)	\
	((VARSIZE(state) - ROW_STATE_HEADER) / (width))

typedef struct RowFamily
{
	SummaryTag	tag;
	size_t		width;

	/* Do rows 0..used-1 stand as merge would leave them?  May err to no. */
	bool		(*is_merged) (const RowState *state);

	/* Sort and join rows 0..used-1 in place. */
	void		(*merge) (RowState *state);

	/* Rows of a canonical summary: how many, and to the end of a state. */
	size_t		(*count) (const Summary *summary);
	void		(*decode) (const Summary *summary, RowState *state);

	/* A plain state from one of another form; NULL if there is none. */
	RowState   *(*plain) (const RowState *state);

	/* A canonical summary of merged rows. */
	Summary    *(*encode) (const RowState *merged);
} RowFamily;

extern RowState *row_state_new(const RowFamily *family, uint8 flags, size_t capacity);
extern size_t row_state_size(size_t capacity, size_t width);
extern RowState *row_state_grow(RowState *state, const RowFamily *family, size_t more);

/* The state as it came to a transition function; NULL at the first row. */
extern RowState *row_state_arg(FunctionCallInfo fcinfo, const RowFamily *family);

/* The same in whatever form, not NULL. */
static inline Summary *
row_state_raw(FunctionCallInfo fcinfo)
{
	Summary    *summary = (Summary *) PG_GETARG_POINTER(0);

	if (unlikely(!VARATT_IS_4B_U(summary)))
		summary = summary_arg(fcinfo, 0);
	return summary;
}

/* A new state with the live rows of a summary of either form, merged. */
extern RowState *row_state_merged(const Summary *summary, const RowFamily *family);

/* The same to read only: the summary itself where it is merged as it stands. */
extern const RowState *row_state_read(const Summary *summary, const RowFamily *family);

/* Its rows to the end of state, which may move. */
extern RowState *row_state_append(RowState *state, const Summary *summary,
								  const RowFamily *family);

/* Takes the oldest row away if it is this one. */
extern bool row_state_drop(RowState *state, const void *row, size_t width);

/* Room for one more row, at the end. */
static inline void *
row_state_next(RowState **state, const RowFamily *family)
{
	if (unlikely((*state)->used >= RowStateCapacity(*state, family->width)))
		*state = row_state_grow(*state, family, 1);
	return (*state)->rows + family->width * (*state)->used++;
}

/* Microseconds of an interval that must be of fixed length and positive. */
extern int64 series_interval(const Interval *interval, const char *function,
							 const char *what, bool zero_allowed);

/* An interval in days and time from microseconds. */
extern Interval *series_make_interval(uint64 usec);

extern void series_check_instant(TimestampTz at, const char *function);
extern double series_check_amount(double value, const char *function);

#endif							/* PGHUB_SERIES_ROWS_H */
