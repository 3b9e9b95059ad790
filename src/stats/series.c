/*
 * series.c
 *		Doubling time, milestone, crossover, rank correlation.
 *
 * Called by series_agg.c.  Every answer is computed over sorted rows, so it
 * does not depend on the order in which they came.
 */
#include <math.h>

#include "stats/engagement.h"
#include "stats/series.h"
#include "stats/series_sum.h"

#define USEC_PER_DAY	86400e6

static inline bool
row_less(const SeriesRow *x, const SeriesRow *y)
{
	if (x->ts != y->ts)
		return x->ts < y->ts;
	if (x->a != y->a)
		return x->a < y->a;
	return x->b < y->b;
}

SORT_DEFINE(sort_rows, SeriesRow, row_less)

void
series_sort(SeriesRow *rows, size_t n)
{
	sort_rows(rows, n);
}

bool
series_is_sorted(const SeriesRow *rows, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (row_less(&rows[i], &rows[i - 1]))
			return false;
	return true;
}

/* ---------- codec ---------- */

void
series_encode(CodecWriter *w, const SeriesRow *rows, size_t n, int64_t extra)
{
	codec_put_u64(w, extra);
	codec_put_varint(w, n);
	for (size_t i = 0; i < n; i++)
	{
		if (i == 0)
			codec_put_signed(w, rows[i].ts);
		else
			codec_put_varint(w, (uint64_t) rows[i].ts - (uint64_t) rows[i - 1].ts);
		codec_put_double(w, rows[i].a);
		codec_put_double(w, rows[i].b);
	}
}

static void
get_row(CodecReader *r, bool first, SeriesRow *row)
{
	if (first)
		row->ts = codec_get_signed(r);
	else
	{
		uint64_t	step = codec_get_varint(r);

		if (step > (uint64_t) ENGAGEMENT_END - (uint64_t) row->ts)
			r->bad = true;
		row->ts = (int64_t) ((uint64_t) row->ts + step);
	}
	if (row->ts < ENGAGEMENT_FIRST || row->ts >= ENGAGEMENT_END)
		r->bad = true;
	row->a = codec_get_double(r);
	row->b = codec_get_double(r);
}

/* Could the kind's transition have taken this value? */
static bool
sound_value(double value, int kind)
{
	if (isnan(value) || (value == 0 && signbit(value)))
		return false;
	if (kind == SERIES_KENDALL)
		return true;
	return isfinite(value) && (kind == SERIES_CROSSOVER || value >= 0);
}

static const char *
check_extra(uint8_t flags, int64_t extra)
{
	int			kind = flags & SERIES_KIND;
	double		x;

	memcpy(&x, &extra, sizeof(x));
	if (flags & SERIES_NULL_EXTRA || kind == SERIES_DOUBLING || kind == SERIES_KENDALL)
		return extra == 0 ? NULL : "Its argument is out of range.";
	if (kind == SERIES_CROSSOVER)
		return extra >= 0 ? NULL : "Its argument is out of range.";
	return isfinite(x) && sound_value(x, kind) ? NULL : "Its argument is out of range.";
}

const char *
series_check(uint8_t flags, const uint8_t *payload, size_t len)
{
	CodecReader r = {payload, payload + len, false};
	int64_t		extra = codec_get_u64(&r);
	uint64_t	n = codec_get_varint(&r);
	int			kind = flags & SERIES_KIND;
	SeriesRow	row = {0, 0, 0},
				last;
	const char *damage;

	if (flags & ~(SERIES_KIND | SERIES_NULL_EXTRA) || kind < SERIES_DOUBLING ||
		kind > SERIES_KENDALL ||
		(flags & SERIES_NULL_EXTRA && kind != SERIES_MILESTONE && kind != SERIES_CROSSOVER))
		return "It has unknown flags.";
	if (r.bad || n > codec_left(&r) / 17)
		return "Its header is damaged.";
	damage = check_extra(flags, extra);
	for (uint64_t i = 0; i < n && !damage; i++)
	{
		last = row;
		get_row(&r, i == 0, &row);
		if (r.bad || !sound_value(row.a, kind) || !sound_value(row.b, kind))
			damage = "A row is damaged.";
		else if (i > 0 && row_less(&row, &last))
			damage = "Its rows are not in order.";
		else if ((kind == SERIES_KENDALL && row.ts != 0) ||
				 ((kind == SERIES_DOUBLING || kind == SERIES_MILESTONE) && row.b != 0))
			damage = "A row does not fit its kind.";
	}
	if (!damage && !codec_done(&r))
		damage = "It has bytes past its end.";
	return damage;
}

size_t
series_count(const uint8_t *payload, size_t len)
{
	CodecReader r = {payload, payload + len, false};

	codec_get_u64(&r);
	return codec_get_varint(&r);
}

void
series_decode(const uint8_t *payload, size_t len, SeriesRow *rows, int64_t *extra)
{
	CodecReader r = {payload, payload + len, false};
	SeriesRow	row = {0, 0, 0};
	size_t		n;

	*extra = codec_get_u64(&r);
	n = codec_get_varint(&r);
	for (size_t i = 0; i < n; i++)
	{
		get_row(&r, i == 0, &row);
		rows[i] = row;
	}
}

/* ---------- answers ---------- */

bool
series_doubling_time(const SeriesRow *rows, size_t n, double *usec)
{
	double		count = 0,
				mean_t = 0,
				mean_y = 0,
				size = 0,
				stt = 0,
				sty = 0,
				span;

	/* zeros have no logarithm and are left out */
	for (size_t i = 0; i < n; i++)
		if (rows[i].a > 0)
		{
			double		t = ((uint64_t) rows[i].ts - (uint64_t) rows[0].ts) / USEC_PER_DAY;

			count++;
			mean_t += (t - mean_t) / count;
			mean_y += (log(rows[i].a) - mean_y) / count;
		}
	for (size_t i = 0; i < n; i++)
		if (rows[i].a > 0)
		{
			double		t = ((uint64_t) rows[i].ts - (uint64_t) rows[0].ts) / USEC_PER_DAY,
						y = log(rows[i].a);

			stt += (t - mean_t) * (t - mean_t);
			sty += (t - mean_t) * (y - mean_y);
			size = fmax(size, fabs(y));
		}
	if (!(stt > 0))
		return false;

	/* a rise that rounding alone can make is none */
	span = ((uint64_t) rows[n - 1].ts - (uint64_t) rows[0].ts) / USEC_PER_DAY;
	if (!(sty / stt * span > 1e-12 * fmax(size, 1)))
		return false;
	*usec = log(2) * stt / sty * USEC_PER_DAY;
	return *usec < 9.2e18;
}

bool
series_milestone(const SeriesRow *rows, size_t n, double x, int64_t *ts)
{
	size_t		last = 0;		/* of the instant before; at n there is none */
	bool		before = false;

	for (size_t i = 0; i < n; i++)
	{
		double		part;

		/* of equal instants the larger value, the last one, counts */
		if (i + 1 < n && rows[i + 1].ts == rows[i].ts)
			continue;
		if (rows[i].a >= x)
		{
			*ts = rows[i].ts;
			if (!before)
				return rows[i].a == x;	/* else it was passed unseen */
			part = (x - rows[last].a) / (rows[i].a - rows[last].a);
			*ts = (int64_t) ((uint64_t) rows[last].ts +
							 (uint64_t) rint(part * (double) ((uint64_t) rows[i].ts -
															  (uint64_t) rows[last].ts)));
			return true;
		}
		last = i;
		before = true;
	}
	return false;
}

bool
series_crossover(const SeriesRow *rows, size_t n, int64_t hold, int64_t *ts)
{
	bool		above = false;

	for (size_t i = 0; i < n;)
	{
		int64_t		at = rows[i].ts;
		double		a = 0,
					b = 0;

		/* repeated readings of one instant are averaged */
		for (; i < n && rows[i].ts == at; i++)
		{
			a += rows[i].a;
			b += rows[i].b;
		}
		if (!(a > b))
		{
			above = false;
			continue;
		}
		if (!above)
			*ts = at;
		above = true;
		if ((uint64_t) at - (uint64_t) *ts >= (uint64_t) hold)
			return true;
	}
	return false;
}

static double
pairs(double count)
{
	return count * (count - 1) / 2;
}

/* Pairs out of order, by a merge sort of y; y is sorted afterwards. */
static double
inversions(double *y, double *scratch, size_t n)
{
	double		count = 0;

	for (size_t width = 1; width < n; width *= 2)
	{
		for (size_t from = 0; from < n; from += 2 * width)
		{
			size_t		middle = from + width < n ? from + width : n,
						end = from + 2 * width < n ? from + 2 * width : n,
						i = from,
						j = middle;

			for (size_t k = from; k < end; k++)
				if (j >= end || (i < middle && y[i] <= y[j]))
					scratch[k] = y[i++];
				else
				{
					count += middle - i;
					scratch[k] = y[j++];
				}
		}
		memcpy(y, scratch, n * sizeof(double));
	}
	return count;
}

/* Knight (1966): sort by x, then the swaps that sort y are the discords. */
bool
series_tau_b(const SeriesRow *rows, size_t n, double *scratch, double *tau)
{
	double	   *y = scratch;
	double		all = pairs(n),
				tied_x = 0,
				tied_y = 0,
				tied_both = 0,
				swaps;
	size_t		run_x = 0,
				run_both = 0,
				run_y = 0;

	for (size_t i = 0; i < n; i++)
	{
		y[i] = rows[i].b;
		if (rows[i].a != rows[run_x].a)
		{
			tied_x += pairs(i - run_x);
			run_x = i;
		}
		if (rows[i].a != rows[run_both].a || rows[i].b != rows[run_both].b)
		{
			tied_both += pairs(i - run_both);
			run_both = i;
		}
	}
	tied_x += pairs(n - run_x);
	tied_both += pairs(n - run_both);
	swaps = inversions(y, scratch + n, n);
	for (size_t i = 0; i < n; i++)
		if (y[i] != y[run_y])
		{
			tied_y += pairs(i - run_y);
			run_y = i;
		}
	tied_y += pairs(n - run_y);
	if (n < 2 || tied_x >= all || tied_y >= all)
		return false;
	*tau = (all - tied_x - tied_y + tied_both - 2 * swaps) /
		sqrt((all - tied_x) * (all - tied_y));
	return true;
}
