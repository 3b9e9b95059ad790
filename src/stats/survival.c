/*
 * survival.c
 *		Kaplan-Meier estimates from counts by duration and outcome.
 *
 * Called by survival_agg.c.
 */
#include "stats/series_sum.h"
#include "stats/survival.h"

static inline bool
row_less(const SurvivalRow *a, const SurvivalRow *b)
{
	return a->key < b->key;
}

SORT_DEFINE(sort_rows, SurvivalRow, row_less)

size_t
survival_merge(SurvivalRow *rows, size_t n)
{
	size_t		used = 0;

	sort_rows(rows, n);
	for (size_t i = 0; i < n; i++)
		if (used > 0 && rows[used - 1].key == rows[i].key)
			rows[used - 1].count += rows[i].count;
		else
			rows[used++] = rows[i];
	return used;
}

/* ---------- codec ---------- */

void
survival_encode(CodecWriter *w, const SurvivalRow *rows, size_t n)
{
	uint64_t	last = 0;

	codec_put_varint(w, n);
	for (size_t i = 0; i < n; i++)
	{
		codec_put_varint(w, rows[i].key - last);
		codec_put_varint(w, rows[i].count);
		last = rows[i].key;
	}
}

const char *
survival_check(uint8_t flags, const uint8_t *payload, size_t len)
{
	CodecReader r = {payload, payload + len, false};
	uint64_t	n = codec_get_varint(&r);
	uint64_t	last = 0;
	int64_t		total = 0;

	if (flags != 0)
		return "It has unknown flags.";
	if (r.bad || n > codec_left(&r) / 2)
		return "Its header is damaged.";
	for (uint64_t i = 0; i < n; i++)
	{
		uint64_t	step = codec_get_varint(&r),
					count = codec_get_varint(&r);

		if (r.bad || (step == 0 && i > 0) || step > UINT64_MAX - last)
			return "A row is damaged.";
		last += step;
		if (!isfinite(survival_duration(last)) || last >> 63 >> 1 != 0)
			return "A duration is out of range.";
		if (count == 0 || count > INT64_MAX ||
			__builtin_add_overflow(total, (int64_t) count, &total))
			return "A count is out of range.";
	}
	if (!codec_done(&r))
		return "It has bytes past its end.";
	return NULL;
}

size_t
survival_count(const uint8_t *payload, size_t len)
{
	CodecReader r = {payload, payload + len, false};

	return codec_get_varint(&r);
}

void
survival_decode(const uint8_t *payload, size_t len, SurvivalRow *rows)
{
	CodecReader r = {payload, payload + len, false};
	size_t		n = codec_get_varint(&r);
	uint64_t	last = 0;

	for (size_t i = 0; i < n; i++)
	{
		rows[i].key = last += codec_get_varint(&r);
		rows[i].count = codec_get_varint(&r);
	}
}

/* ---------- the curve ---------- */

/*
 * Between two censorings the factors (n - d) / n of the product cancel, so the
 * estimate is one quotient on top of the value at the last censoring: without
 * censoring it is exactly the share that is left.
 */
size_t
survival_points(const SurvivalRow *rows, size_t n, SurvivalPoint *points)
{
	size_t		used = 0;
	int64_t		at_risk = 0,
				segment;
	double		base = 1,
				greenwood = 0;

	for (size_t i = 0; i < n; i++)
		at_risk += rows[i].count;
	segment = at_risk;
	for (size_t i = 0; i < n;)
	{
		SurvivalPoint *point = &points[used++];
		uint64_t	bits = rows[i].key >> 1;

		point->at = survival_duration(rows[i].key);
		point->at_risk = at_risk;
		point->events = point->censored = 0;
		for (; i < n && rows[i].key >> 1 == bits; i++)
			if (rows[i].key & 1)
				point->events = rows[i].count;
			else
				point->censored = rows[i].count;

		at_risk -= point->events;
		point->survival = base * ((double) at_risk / (double) segment);
		if (point->events > 0)
			greenwood += (double) point->events /
				((double) point->at_risk * (double) at_risk);
		point->std_error = at_risk == 0 && point->events > 0 ? NAN :
			point->survival * sqrt(greenwood);
		if (point->censored > 0)
		{
			at_risk -= point->censored;
			segment = at_risk;
			base = point->survival;
		}
	}
	return used;
}

bool
survival_median(const SurvivalPoint *points, size_t n, double *median)
{
	for (size_t i = 0; i < n; i++)
	{
		/* one half, but for the rounding of a long product */
		if (points[i].survival <= 0.5 * (1 + 1e-12))
		{
			*median = points[i].at;
			return true;
		}
	}
	return false;
}

bool
survival_mean(const SurvivalPoint *points, size_t n, double horizon, double *mean)
{
	double		last = 0,
				survival = 1;
	ExactSum	sum;

	if (n == 0)
		return false;
	exact_init(&sum);
	for (size_t i = 0; i < n && last < horizon; i++)
	{
		double		at = points[i].at < horizon ? points[i].at : horizon;

		exact_add(&sum, survival * (at - last));
		last = at;
		survival = points[i].survival;
	}
	*mean = exact_round(&sum);
	return !sum.overflow && (last >= horizon || survival == 0);
}

/* ---------- comparison ---------- */

static uint64_t
next_bits(const SurvivalGroup *groups, int k)
{
	uint64_t	bits = UINT64_MAX;

	for (int g = 0; g < k; g++)
		if (groups[g].next < groups[g].n &&
			groups[g].rows[groups[g].next].key >> 1 < bits)
			bits = groups[g].rows[groups[g].next].key >> 1;
	return bits;
}

/* Observed, expected and their covariance at one duration. */
static void
add_duration(SurvivalGroup *groups, int k, uint64_t bits, double *matrix)
{
	double		events = 0,
				leaving = 0,
				total = 0,
				spread;

	for (int g = 0; g < k; g++)
		total += groups[g].at_risk;
	for (int g = 0; g < k; g++)
		for (size_t i = groups[g].next; i < groups[g].n &&
			 groups[g].rows[i].key >> 1 == bits; i++)
			if (groups[g].rows[i].key & 1)
			{
				events += groups[g].rows[i].count;
				groups[g].observed += groups[g].rows[i].count;
			}
	spread = total > 1 ? events * (total - events) / (total - 1) : 0;
	for (int g = 0; g < k && events > 0; g++)
	{
		double		share = groups[g].at_risk / total;

		groups[g].expected += events * share;
		for (int h = 0; h < k; h++)
			matrix[g * k + h] += spread * share *
				((g == h) - groups[h].at_risk / total);
	}
	for (int g = 0; g < k; g++)
		for (; groups[g].next < groups[g].n &&
			 groups[g].rows[groups[g].next].key >> 1 == bits; groups[g].next++)
		{
			leaving = groups[g].rows[groups[g].next].count;
			groups[g].at_risk -= leaving;
		}
}

/*
 * The quadratic form of the inverse by elimination.  A pivot that vanishes
 * belongs to a group whose outcome the others determine: it adds no degree.
 */
static double
quadratic_form(double *matrix, double *vector, int k, int m, int *degrees)
{
	double		form = 0;

	*degrees = 0;
	for (int p = 0; p < m; p++)
	{
		double		pivot = matrix[p * k + p];

		if (!(pivot > 1e-10))
			continue;
		++*degrees;
		form += vector[p] * vector[p] / pivot;
		for (int i = p + 1; i < m; i++)
		{
			double		factor = matrix[i * k + p] / pivot;

			vector[i] -= factor * vector[p];
			for (int j = p + 1; j < m; j++)
				matrix[i * k + j] -= factor * matrix[p * k + j];
		}
	}
	return form;
}

bool
survival_logrank(SurvivalGroup *groups, int k, double *matrix, double *vector,
				 double *chi_square, int *degrees)
{
	uint64_t	bits;
	int			m = 0;

	memset(matrix, 0, sizeof(double) * k * k);
	for (int g = 0; g < k; g++)
	{
		groups[g].next = 0;
		groups[g].at_risk = groups[g].observed = groups[g].expected = 0;
		for (size_t i = 0; i < groups[g].n; i++)
			groups[g].at_risk += groups[g].rows[i].count;
	}
	while ((bits = next_bits(groups, k)) != UINT64_MAX)
		add_duration(groups, k, bits, matrix);

	/* the deviations add up to 0: all groups but one tell everything */
	for (int g = 0; g < k; g++)
		vector[g] = groups[g].observed - groups[g].expected;
	m = k - 1;
	*chi_square = quadratic_form(matrix, vector, k, m, degrees);
	return *degrees > 0;
}

double
survival_chi_square_tail(double x, int degrees)
{
	double		half = x / 2,
				sum;

	if (!(x > 0))
		return 1;
	sum = degrees % 2 ? erfc(sqrt(half)) : 0;
	for (double i = degrees % 2 ? 0.5 : 0; i < degrees / 2.0; i++)
		sum += exp(-half + i * log(half) - lgamma(i + 1));
	return sum < 1 ? sum : 1;
}
