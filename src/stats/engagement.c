/*
 * engagement.c
 *		Peak, half-life and duration of a series of amounts.
 *
 * Called by engagement_agg.c (state) and engagement_read.c (readers).  Rows
 * are exact, so every answer depends on the set of observations alone.
 */
#include "stats/engagement.h"
#include "stats/series_sum.h"

static const int64_t grid_width[ENGAGEMENT_GRIDS] = {
	1, INT64_C(1000000), INT64_C(60000000), INT64_C(3600000000),
	INT64_C(86400000000)
};

int64_t
engagement_grid_width(int grid)
{
	return grid_width[grid];
}

static inline bool
row_less(const EngagementRow *a, const EngagementRow *b)
{
	return a->at < b->at;
}

SORT_DEFINE(sort_rows, EngagementRow, row_less)

/* Down to the grid, also before 2000; the very first instants stay. */
static inline int64_t
on_grid(int64_t at, int64_t width)
{
	int64_t		rest = at % width;

	if (rest < 0)
		rest += width;
	return at < INT64_MIN + rest ? at : at - rest;
}

static size_t
count_instants(const EngagementRow *rows, size_t n, int64_t width)
{
	size_t		count = 0;
	int64_t		last = 0;

	for (size_t i = 0; i < n; i++)
	{
		int64_t		at = on_grid(rows[i].at, width);

		if (i == 0 || at != last)
			count++;
		last = at;
	}
	return count;
}

int64_t
engagement_merge(EngagementRow *rows, size_t n, int *grid, const char **damage)
{
	int64_t		width;
	size_t		used = 0;

	sort_rows(rows, n);
	if (*grid > 0 || n > ENGAGEMENT_INSTANTS)
		while (count_instants(rows, n, grid_width[*grid]) > ENGAGEMENT_INSTANTS)
			if (++*grid == ENGAGEMENT_GRIDS)
			{
				*damage = "The observations lie on more than 65536 days.";
				return -1;
			}
	width = grid_width[*grid];

	for (size_t i = 0; i < n;)
	{
		int64_t		at = on_grid(rows[i].at, width);
		size_t		end = i + 1;

		while (end < n && on_grid(rows[end].at, width) == at)
			end++;
		if (end == i + 1)
		{
			/* adding zero turns -0 into 0 */
			rows[used].at = at;
			rows[used++].value = rows[i].value + 0.0;
		}
		else
		{
			ExactSum	sum;
			double		part[EXACT_SPELLED];
			int			parts;

			exact_init(&sum);
			for (; i < end; i++)
				exact_add(&sum, rows[i].value);
			parts = exact_spell(&sum, part);
			if (sum.overflow)
			{
				*damage = "The sum at one instant exceeds the range of double precision.";
				return -2;
			}

			/*
			 * As many parts as rows at most: spelling never needs more parts
			 * than doubles were added.  Were it otherwise we would write over
			 * rows not yet read.
			 */
			for (int k = 0; k < parts; k++)
			{
				if (used >= end)
				{
					*damage = "A sum has more parts than values.";
					return -1;
				}
				rows[used].at = at;
				rows[used++].value = part[k];
			}
		}
		i = end;
	}
	return used;
}

/* ---------- codec ---------- */

/*
 * A part is one varint where it is a small whole number (twice it, even), else
 * the byte 1 and a double.  One spelling each.
 */
#define SMALL_WHOLE		4503599627370496.0	/* 2^52 */

static inline bool
is_small_whole(double value)
{
	return value >= 0 && value < SMALL_WHOLE && value == floor(value);
}

void
engagement_encode(CodecWriter *w, const EngagementRow *rows, size_t n, int grid)
{
	int64_t		last = 0;

	codec_put_u8(w, grid);
	codec_put_varint(w, n);
	for (size_t i = 0; i < n; i++)
	{
		int64_t		step = i == 0 ? rows[i].at / grid_width[grid] :
			(int64_t) (((uint64_t) rows[i].at - (uint64_t) last) / grid_width[grid]);

		if (i == 0)
			codec_put_signed(w, step);
		else
			codec_put_varint(w, step);
		last = rows[i].at;
		if (is_small_whole(rows[i].value))
			codec_put_varint(w, (uint64_t) rows[i].value << 1);
		else
		{
			codec_put_u8(w, 1);
			codec_put_double(w, rows[i].value);
		}
	}
}

/* The next row; marks the reader bad on any damage. */
static void
get_row(CodecReader *r, bool first, int64_t width, EngagementRow *row)
{
	uint64_t	number;

	if (first)
	{
		int64_t		at = codec_get_signed(r);

		if (__builtin_mul_overflow(at, width, &row->at))
			r->bad = true;
	}
	else
	{
		uint64_t	step = codec_get_varint(r);

		if (__builtin_mul_overflow(step, (uint64_t) width, &step) ||
			step > (uint64_t) INT64_MAX - (uint64_t) row->at)
			r->bad = true;
		row->at = (int64_t) ((uint64_t) row->at + step);
	}
	number = codec_get_varint(r);
	if (number == 1)
	{
		row->value = codec_get_double(r);
		if (is_small_whole(row->value) || !isfinite(row->value))
			r->bad = true;
	}
	else
	{
		row->value = (double) (number >> 1);
		if (number & 1 || row->value >= SMALL_WHOLE)
			r->bad = true;
	}
}

/* Are these parts the one spelling of a sum that is not negative? */
static bool
well_spelled(const double *part, int n)
{
	ExactSum	sum;
	double		again[EXACT_SPELLED];

	if (part[0] < 0)
		return false;
	if (n == 1)
		return true;
	exact_init(&sum);
	for (int i = 0; i < n; i++)
		exact_add(&sum, part[i]);
	return exact_spell(&sum, again) == n && !sum.overflow &&
		memcmp(part, again, n * sizeof(double)) == 0;
}

const char *
engagement_check(uint8_t flags, const uint8_t *payload, size_t len)
{
	CodecReader r = {payload, payload + len, false};
	int			grid = codec_get_u8(&r);
	uint64_t	n = codec_get_varint(&r);
	uint64_t	instants = 0;
	EngagementRow row = {0};
	double		part[EXACT_SPELLED];
	int			parts = 0;

	if (flags & ~ENGAGEMENT_POOLED)
		return "It has unknown flags.";
	if (r.bad || grid >= ENGAGEMENT_GRIDS || n > codec_left(&r) / 2)
		return "Its header is damaged.";
	for (uint64_t i = 0; i < n; i++)
	{
		int64_t		last = row.at;

		get_row(&r, i == 0, grid_width[grid], &row);
		if (r.bad)
			return "A row is damaged.";
		if (i == 0 || row.at != last)
		{
			if (parts > 0 && !well_spelled(part, parts))
				return "A sum is not in its canonical form.";
			parts = 0;
			instants++;
		}
		if (row.at < (flags & ENGAGEMENT_POOLED ? 0 : ENGAGEMENT_FIRST) ||
			(!(flags & ENGAGEMENT_POOLED) && row.at >= ENGAGEMENT_END))
			return "An instant is out of range.";
		if (parts == EXACT_SPELLED)
			return "A sum has too many parts.";
		part[parts++] = row.value;
	}
	if (parts > 0 && !well_spelled(part, parts))
		return "A sum is not in its canonical form.";
	if (!codec_done(&r))
		return "It has bytes past its end.";
	if (instants > ENGAGEMENT_INSTANTS)
		return "It has too many instants.";
	return NULL;
}

size_t
engagement_count(const uint8_t *payload, size_t len)
{
	CodecReader r = {payload, payload + len, false};

	codec_get_u8(&r);
	return codec_get_varint(&r);
}

void
engagement_decode(const uint8_t *payload, size_t len, EngagementRow *rows, int *grid)
{
	CodecReader r = {payload, payload + len, false};
	EngagementRow row = {0};
	size_t		n;

	*grid = codec_get_u8(&r);
	n = codec_get_varint(&r);
	for (size_t i = 0; i < n; i++)
	{
		get_row(&r, i == 0, grid_width[*grid], &row);
		rows[i] = row;
	}
}

/* ---------- bins ---------- */

static void
find_peak(EngagementBins *bins)
{
	bins->peak = 0;
	bins->peak_sum = 0;
	for (size_t i = 0; i < bins->n; i++)
		if (bins->bin[i].sum > bins->peak_sum)
		{
			bins->peak = bins->bin[i].index;
			bins->peak_sum = bins->bin[i].sum;
		}
}

bool
engagement_bins(const EngagementRow *rows, size_t n, const int64_t *origin,
				const int64_t *until, uint64_t width, EngagementBins *bins)
{
	int64_t		from,
				to;
	uint64_t	span;
	size_t		i = 0;
	ExactSum	sum;

	if (n == 0)
		return false;
	from = origin ? *origin : rows[0].at;
	to = until ? *until : rows[n - 1].at;
	while (i < n && rows[i].at < from)
		i++;
	while (n > i && rows[n - 1].at > to)
		n--;
	if (i >= n)
		return false;

	/* a bin that only begins at the very end holds no time */
	span = (uint64_t) to - (uint64_t) from;
	bins->count = span / width + 1;
	if (span > 0 && span % width == 0 && rows[n - 1].at != to)
		bins->count--;
	bins->origin = from;
	bins->width = width;
	bins->n = 0;
	if (bins->bin == NULL)
	{
		bins->n = bins->count < n - i ? bins->count : n - i;
		return true;
	}
	while (i < n)
	{
		uint64_t	index = ((uint64_t) rows[i].at - (uint64_t) from) / width;

		exact_init(&sum);
		for (; i < n && (uint64_t) rows[i].at - (uint64_t) from - index * width < width; i++)
			exact_add(&sum, rows[i].value);
		bins->bin[bins->n].index = index;
		bins->bin[bins->n++].sum = sum.overflow ? HUGE_VAL : exact_round(&sum);
	}
	find_peak(bins);
	return true;
}

/* Sum of a bin by its index; at is a position at or after it. */
static double
sum_at(const EngagementBins *bins, size_t at, uint64_t index)
{
	for (size_t i = at + 1; i-- > 0;)
	{
		if (bins->bin[i].index == index)
			return bins->bin[i].sum;
		if (bins->bin[i].index < index)
			break;
	}
	return 0;
}

/* Is the smoothed rate at index above half the peak?  at as in sum_at. */
static bool
above_half(const EngagementBins *bins, size_t at, uint64_t index)
{
	double		near = sum_at(bins, at, index) / 2 + sum_at(bins, at, index - 1) / 2;

	/* scaled by one half, exactly, so that nothing overflows */
	if (index + 1 == bins->count)
		return near > bins->peak_sum / 2;
	return near + sum_at(bins, at, index + 1) / 2 > 0.75 * bins->peak_sum;
}

/* Last bin after the peak whose smoothed rate is above half; else the peak. */
static uint64_t
last_above_half(const EngagementBins *bins)
{
	/* it is next to one with observations, or such a one itself */
	for (size_t i = bins->n; i-- > 0 && bins->bin[i].index >= bins->peak;)
		for (int step = 0; step < 3; step++)
		{
			uint64_t	index = bins->bin[i].index + 1 - step;

			if (index <= bins->peak)
				break;
			if (index < bins->count &&
				above_half(bins, i + 1 < bins->n ? i + 1 : i, index))
				return index;
		}
	return bins->peak;
}

uint64_t
engagement_half(const EngagementBins *bins)
{
	uint64_t	half;

	if (bins->peak_sum <= 0)
		return 0;
	half = last_above_half(bins) + 1;
	return half < bins->count ? half - bins->peak : 0;
}

int64_t
engagement_fraction(const EngagementBins *bins, double fraction)
{
	ExactSum	sum;
	double		goal;

	exact_init(&sum);
	for (size_t i = 0; i < bins->n; i++)
		exact_add(&sum, bins->bin[i].sum);
	goal = exact_round(&sum);
	if (goal <= 0 || sum.overflow)
		return -1;
	goal *= fraction;
	if (goal <= 0)
		return 0;
	exact_init(&sum);
	for (size_t i = 0; i < bins->n; i++)
	{
		exact_add(&sum, bins->bin[i].sum);

		/* a part in 10^12 forgives the rounding of fraction itself */
		if (exact_round(&sum) >= goal * (1 - 1e-12))
			return bins->bin[i].index + 1;
	}
	return bins->count;
}

/* ---------- the fit ---------- */

/*
 * Mean age of a truncated geometric on 0..H-1: falls from (H-1)/2 at rate 0.
 * Near 0 the two terms cancel, so a series stands in.
 */
static double
mean_age(double rate, double bins)
{
	double		x = rate * bins;

	if (x < 1e-3)
		return (bins - 1) / 2 - rate * (bins * bins - 1) / 12;
	return 1 / expm1(rate) - (x > 700 ? 0 : bins / expm1(x));
}

static double
age_variance(double rate, double bins)
{
	double		x = rate * bins,
				a = 2 * sinh(rate / 2),
				b = 2 * sinh(x / 2);

	if (x < 1e-2)
		return (bins * bins - 1) / 12;
	return 1 / (a * a) - (x > 700 ? 0 : bins * bins / (b * b));
}

/*
 * Deviance of the fit over its degrees of freedom: how much more the bins
 * scatter than counts would.  Never less than 1.
 */
static double
dispersion(const EngagementBins *bins, double rate, double total)
{
	double		count = bins->count - bins->peak,
				scale = -expm1(-rate) / -expm1(-rate * count),
				deviance = 0;

	if (count <= 2)
		return 1;
	for (size_t i = 0; i < bins->n; i++)
	{
		double		y = bins->bin[i].sum,
					t;

		if (bins->bin[i].index < bins->peak || y <= 0)
			continue;
		t = bins->bin[i].index - bins->peak;
		deviance += 2 * y * (log(y / total) - log(scale) + rate * t);
	}
	deviance /= count - 2;
	return deviance > 1 ? deviance : 1;
}

bool
engagement_fit(const EngagementBins *bins, EngagementFit *fit)
{
	double		count = bins->count - bins->peak,
				total,
				mean,
				low = 0,
				high;
	ExactSum	sum,
				moment;

	exact_init(&sum);
	exact_init(&moment);
	for (size_t i = 0; i < bins->n; i++)
		if (bins->bin[i].index >= bins->peak)
		{
			exact_add(&sum, bins->bin[i].sum);
			exact_add(&moment, bins->bin[i].sum * (bins->bin[i].index - bins->peak));
		}
	total = exact_round(&sum);
	if (sum.overflow || moment.overflow || total <= 0)
		return false;
	mean = exact_round(&moment) / total;

	/* all in the first bin has no finite rate; a late centre is no decay */
	if (mean <= 0 || mean >= (count - 1) / 2 * (1 - 1e-12))
		return false;
	high = log1p(1 / mean);
	for (int i = 0; i < 200 && high - low > high * 1e-15; i++)
	{
		double		middle = low + (high - low) / 2;

		if (mean_age(middle, count) > mean)
			low = middle;
		else
			high = middle;
	}
	fit->rate = low + (high - low) / 2;
	fit->bins = bins->count - bins->peak;
	fit->std_error = sqrt(dispersion(bins, fit->rate, total) /
						  (total * age_variance(fit->rate, count)));
	return fit->rate > 0 && isfinite(fit->rate) && isfinite(fit->std_error);
}

/* ---------- duration ---------- */

bool
engagement_spell(const EngagementRow *rows, size_t n, uint64_t gap,
				 const int64_t *until, EngagementSpell *spell)
{
	int64_t		to,
				first = 0,
				last = 0;
	bool		any = false;

	if (n == 0)
		return false;
	to = until ? *until : rows[n - 1].at;
	for (size_t i = 0; i < n && rows[i].at <= to; i++)
	{
		/* further parts of an instant change nothing: the first is positive */
		if (rows[i].value <= 0)
			continue;
		if (!any)
			first = rows[i].at;
		else if ((uint64_t) rows[i].at - (uint64_t) last > gap)
		{
			spell->duration = (uint64_t) last - (uint64_t) first;
			spell->censored = false;
			return true;
		}
		any = true;
		last = rows[i].at;
	}
	spell->duration = (uint64_t) last - (uint64_t) first;
	spell->censored = (uint64_t) to - (uint64_t) last <= gap;
	return any;
}
