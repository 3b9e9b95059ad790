/*
 * counter.c
 *		Value, growth and increments of a counter between its observations.
 *
 * Called by counter_agg.c.  Between two observations the counter moves evenly;
 * outside of all it is not known, and nothing is answered.  A value below the
 * one before is a recount: the total fell, use did not.
 */
#include "stats/counter.h"
#include "stats/engagement.h"
#include "stats/series_sum.h"

static inline bool
row_less(const CounterRow *a, const CounterRow *b)
{
	return a->at < b->at || (a->at == b->at && a->value < b->value);
}

SORT_DEFINE(sort_rows, CounterRow, row_less)

size_t
counter_merge(CounterRow *rows, size_t n)
{
	size_t		used = 0;

	sort_rows(rows, n);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || rows[i + 1].at != rows[i].at)
			rows[used++] = rows[i];
	return used;
}

bool
counter_is_merged(const CounterRow *rows, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (rows[i].at <= rows[i - 1].at)
			return false;
	return true;
}

/* ---------- codec ---------- */

void
counter_encode(CodecWriter *w, const CounterRow *rows, size_t n)
{
	codec_put_varint(w, n);
	for (size_t i = 0; i < n; i++)
	{
		if (i == 0)
		{
			codec_put_signed(w, rows[i].at);
			codec_put_signed(w, rows[i].value);
			continue;
		}
		codec_put_varint(w, (uint64_t) rows[i].at - (uint64_t) rows[i - 1].at);
		codec_put_signed(w, rows[i].value - rows[i - 1].value);
	}
}

/* The next row after *row; marks the reader bad on any damage. */
static void
get_row(CodecReader *r, bool first, CounterRow *row)
{
	uint64_t	step;

	if (first)
	{
		row->at = codec_get_signed(r);
		row->value = codec_get_signed(r);
	}
	else
	{
		step = codec_get_varint(r);
		if (step == 0 || step > (uint64_t) ENGAGEMENT_END - (uint64_t) row->at)
			r->bad = true;
		row->at = (int64_t) ((uint64_t) row->at + step);
		if (__builtin_add_overflow(row->value, codec_get_signed(r), &row->value))
			r->bad = true;
	}
	if (row->at < ENGAGEMENT_FIRST || row->at >= ENGAGEMENT_END || row->value < 0)
		r->bad = true;
}

const char *
counter_check(uint8_t flags, const uint8_t *payload, size_t len)
{
	CodecReader r = {payload, payload + len, false};
	uint64_t	n = codec_get_varint(&r);
	CounterRow	row = {0, 0};

	if (flags != 0)
		return "It has unknown flags.";
	if (r.bad || n > codec_left(&r) / 2)
		return "Its header is damaged.";
	for (uint64_t i = 0; i < n; i++)
	{
		get_row(&r, i == 0, &row);
		if (r.bad)
			return "A row is damaged.";
	}
	if (!codec_done(&r))
		return "It has bytes past its end.";
	return NULL;
}

size_t
counter_count(const uint8_t *payload, size_t len)
{
	CodecReader r = {payload, payload + len, false};

	return codec_get_varint(&r);
}

void
counter_decode(const uint8_t *payload, size_t len, CounterRow *rows)
{
	CodecReader r = {payload, payload + len, false};
	size_t		n = codec_get_varint(&r);
	CounterRow	row = {0, 0};

	for (size_t i = 0; i < n; i++)
	{
		get_row(&r, i == 0, &row);
		rows[i] = row;
	}
}

/* ---------- readers ---------- */

/* The last row at or before the instant; there is one. */
static size_t
row_before(const CounterRow *rows, size_t n, int64_t at)
{
	size_t		low = 0,
				high = n;

	while (high - low > 1)
	{
		size_t		middle = low + (high - low) / 2;

		if (rows[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

bool
counter_value_at(const CounterRow *rows, size_t n, int64_t at, double *value)
{
	size_t		i;
	double		part;

	if (n == 0 || at < rows[0].at || at > rows[n - 1].at)
		return false;
	i = row_before(rows, n, at);
	*value = rows[i].value;
	if (rows[i].at == at)
		return true;
	part = (double) ((uint64_t) at - (uint64_t) rows[i].at) /
		(double) ((uint64_t) rows[i + 1].at - (uint64_t) rows[i].at);
	*value += (double) (rows[i + 1].value - rows[i].value) * part;
	return true;
}

/* What the step from row i adds. */
static int64_t
step_growth(const CounterRow *rows, size_t i, bool restart)
{
	if (rows[i + 1].value >= rows[i].value)
		return rows[i + 1].value - rows[i].value;
	return restart ? rows[i + 1].value : 0;
}

/* Adds what falls between two instants of the step; microseconds covered. */
static uint64_t
add_step(ExactSum *sum, const CounterRow *rows, size_t i, int64_t from,
		 int64_t to, bool restart)
{
	int64_t		low = rows[i].at > from ? rows[i].at : from,
				high = rows[i + 1].at < to ? rows[i + 1].at : to;
	uint64_t	length = (uint64_t) rows[i + 1].at - (uint64_t) rows[i].at,
				part;

	if (high <= low)
		return 0;
	part = (uint64_t) high - (uint64_t) low;
	if (part == length)
		exact_add_int(sum, step_growth(rows, i, restart));
	else
		exact_add(sum, (double) step_growth(rows, i, restart) *
				  ((double) part / (double) length));
	return part;
}

bool
counter_growth(const CounterRow *rows, size_t n, const int64_t *since,
			   const int64_t *until, bool restart, double *growth)
{
	int64_t		from,
				to;
	ExactSum	sum;

	if (n == 0)
		return false;
	from = since ? *since : rows[0].at;
	to = until ? *until : rows[n - 1].at;
	if (from < rows[0].at || to > rows[n - 1].at || to < from)
		return false;
	exact_init(&sum);
	for (size_t i = row_before(rows, n, from); i + 1 < n && rows[i].at < to; i++)
		add_step(&sum, rows, i, from, to, restart);
	*growth = exact_round(&sum);
	return true;
}

size_t
counter_drops(const CounterRow *rows, size_t n)
{
	size_t		drops = 0;

	for (size_t i = 1; i < n; i++)
		drops += rows[i].value < rows[i - 1].value;
	return drops;
}

/* ---------- bins ---------- */

/*
 * Bins of all counters begin at the same instants, whole widths from a Monday,
 * 2000-01-03 00:00 UTC: increments of many counters can be added up.
 */
#define BIN_ANCHOR	INT64_C(172800000000)

bool
counter_walk(CounterWalk *walk, const CounterRow *rows, size_t n, uint64_t width)
{
	int64_t		age,
				rest;

	walk->rows = rows;
	walk->n = n;
	walk->step = 0;
	walk->width = width;
	walk->ended = n < 2;
	if (n < 2)
		return true;
	age = rows[0].at - BIN_ANCHOR;
	rest = age % (int64_t) width;
	if (rest < 0)
		rest += width;
	walk->start = rows[0].at - rest;
	return walk->start >= ENGAGEMENT_FIRST;
}

/*
 * A step longer than one and a half bins is a gap: its growth is known, when
 * it came is not, so it belongs to no bin.  Shorter ones (a day and some
 * minutes, for bins of a day) are cut evenly.
 */
static bool
is_gap(const CounterWalk *walk, size_t step)
{
	uint64_t	length = (uint64_t) walk->rows[step + 1].at - (uint64_t) walk->rows[step].at;

	return length > walk->width && length - walk->width > walk->width / 2;
}

bool
counter_next_bin(CounterWalk *walk, CounterBin *bin)
{
	const CounterRow *rows = walk->rows;
	int64_t		start = walk->start,
				end;
	uint64_t	covered = 0;
	ExactSum	sum;

	if (walk->ended)
		return false;
	if (__builtin_add_overflow(start, (int64_t) walk->width, &end))
		end = INT64_MAX;
	exact_init(&sum);
	for (;;)
	{
		if (!is_gap(walk, walk->step))
			covered += add_step(&sum, rows, walk->step, start, end, false);
		if (rows[walk->step + 1].at > end || walk->step + 2 == walk->n)
			break;
		walk->step++;
	}
	bin->start = start;
	bin->increment = exact_round(&sum);
	bin->covered = (double) covered / (double) walk->width;
	walk->start = end;
	walk->ended = end >= rows[walk->n - 1].at;
	return true;
}
