/*
 * engagement_read.c
 *		Readers of engagement_summary: peak, half-life, fit, duration.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/timestamp.h"

#include "stats/engagement.h"
#include "stats/engagement_rows.h"

#define DEFAULT_BIN	(7 * USECS_PER_DAY)

static void
check_grid(const RowState *rows, int64 width, const char *function, const char *what)
{
	static const char *const name[ENGAGEMENT_GRIDS] = {
		"1 microsecond", "1 second", "1 minute", "1 hour", "1 day"
	};

	if (width < engagement_grid_width(rows->grid))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of %s is narrower than the summary's grid", what, function),
				 errdetail("More than %d instants were observed; they are kept to %s.",
						   ENGAGEMENT_INSTANTS, name[rows->grid])));
}

/* origin and until mean nothing where each row had its own origin. */
static void
check_pooled(const RowState *rows, bool given, const char *function)
{
	if (given && rows->flags & ENGAGEMENT_POOLED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s takes no origin and no until on a pooled summary", function),
				 errdetail("The summary holds ages since each row's own origin.")));
}

static bool
cut_bins(const RowState *rows, int64 width, const TimestampTz *origin,
		 const TimestampTz *until, const char *function, EngagementBins *bins)
{
	static const int64 zero = 0;

	check_grid(rows, width, function, "bin");
	if (rows->flags & ENGAGEMENT_POOLED)
		origin = &zero;
	bins->bin = NULL;
	if (!engagement_bins((const EngagementRow *) rows->rows, rows->used,
						 origin, until, width, bins))
		return false;
	bins->bin = palloc(sizeof(EngagementBin) * bins->n);
	engagement_bins((const EngagementRow *) rows->rows, rows->used,
					origin, until, width, bins);
	if (isinf(bins->peak_sum))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sum of a bin of %s is out of range", function)));
	return true;
}

/*
 * The bins that the arguments from argno on ask for: bin, origin, until.
 * False where the answer is NULL.
 */
static bool
bins_arg(FunctionCallInfo fcinfo, int argno, const char *function,
		 EngagementBins *bins, const RowState **rows)
{
	TimestampTz origin = 0,
				until = 0;
	bool		has_origin = !PG_ARGISNULL(argno + 1),
				has_until = !PG_ARGISNULL(argno + 2);
	int64		width;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(argno))
		return false;
	width = series_interval(PG_GETARG_INTERVAL_P(argno), function, "bin", false);
	if (has_origin)
	{
		origin = PG_GETARG_TIMESTAMPTZ(argno + 1);
		series_check_instant(origin, function);
	}
	if (has_until)
	{
		until = PG_GETARG_TIMESTAMPTZ(argno + 2);
		series_check_instant(until, function);
	}
	*rows = row_state_read(summary_canonical_arg(fcinfo, 0), &engagement_rows);
	check_pooled(*rows, has_origin || has_until, function);
	return cut_bins(*rows, width, has_origin ? &origin : NULL,
					has_until ? &until : NULL, function, bins);
}

/* Bins as an interval, or NULL where they are none. */
static Datum
bins_interval(FunctionCallInfo fcinfo, uint64 bins, uint64 width)
{
	if (bins == 0)
		PG_RETURN_NULL();
	PG_RETURN_INTERVAL_P(series_make_interval(bins * width));
}

PG_FUNCTION_INFO_V1(pghub_engagement_halflife);
Datum
pghub_engagement_halflife(PG_FUNCTION_ARGS)
{
	EngagementBins bins;
	const RowState *rows;

	if (!bins_arg(fcinfo, 1, "halflife", &bins, &rows))
		PG_RETURN_NULL();
	return bins_interval(fcinfo, engagement_half(&bins), bins.width);
}

/* Of the aggregate engagement_halflife, straight from its state. */
PG_FUNCTION_INFO_V1(pghub_engagement_halflife_final);
Datum
pghub_engagement_halflife_final(PG_FUNCTION_ARGS)
{
	EngagementBins bins;
	const RowState *rows;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	rows = row_state_read(summary_arg(fcinfo, 0), &engagement_rows);
	if (!cut_bins(rows, DEFAULT_BIN, NULL, NULL, "engagement_halflife", &bins))
		PG_RETURN_NULL();
	return bins_interval(fcinfo, engagement_half(&bins), bins.width);
}

PG_FUNCTION_INFO_V1(pghub_engagement_halflife_fit);
Datum
pghub_engagement_halflife_fit(PG_FUNCTION_ARGS)
{
	EngagementBins bins;
	EngagementFit fit;
	const RowState *rows;
	TupleDesc	desc;
	Datum		values[4];
	bool		nulls[4] = {false};
	double		half,
				days;

	if (!bins_arg(fcinfo, 1, "halflife_fit", &bins, &rows) ||
		!engagement_fit(&bins, &fit))
		PG_RETURN_NULL();

	/* longer than an interval can say is no decay either */
	half = log(2) / fit.rate * bins.width;
	if (half >= (double) PG_INT64_MAX)
		PG_RETURN_NULL();
	days = (double) bins.width / USECS_PER_DAY;
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "halflife_fit must return a row type");
	values[0] = IntervalPGetDatum(series_make_interval((uint64) rint(half)));
	values[1] = Float8GetDatum(fit.rate / days);
	values[2] = Float8GetDatum(fit.std_error / days);
	values[3] = Int64GetDatum(fit.bins);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc),
													  values, nulls)));
}

PG_FUNCTION_INFO_V1(pghub_engagement_peak_at);
Datum
pghub_engagement_peak_at(PG_FUNCTION_ARGS)
{
	EngagementBins bins;
	const RowState *rows;

	/* pooled ages have no instant */
	if (!bins_arg(fcinfo, 1, "peak_at", &bins, &rows) ||
		rows->flags & ENGAGEMENT_POOLED)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ((int64) ((uint64) bins.origin + bins.peak * bins.width));
}

PG_FUNCTION_INFO_V1(pghub_engagement_peak_value);
Datum
pghub_engagement_peak_value(PG_FUNCTION_ARGS)
{
	EngagementBins bins;
	const RowState *rows;

	if (!bins_arg(fcinfo, 1, "peak_value", &bins, &rows))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(bins.peak_sum);
}

PG_FUNCTION_INFO_V1(pghub_engagement_time_to_peak);
Datum
pghub_engagement_time_to_peak(PG_FUNCTION_ARGS)
{
	EngagementBins bins;
	const RowState *rows;

	if (!bins_arg(fcinfo, 1, "time_to_peak", &bins, &rows))
		PG_RETURN_NULL();
	PG_RETURN_INTERVAL_P(series_make_interval(bins.peak * bins.width));
}

PG_FUNCTION_INFO_V1(pghub_engagement_time_to_fraction);
Datum
pghub_engagement_time_to_fraction(PG_FUNCTION_ARGS)
{
	EngagementBins bins;
	const RowState *rows;
	double		fraction;
	int64		count;
	uint64		usec;

	if (PG_ARGISNULL(1))
		PG_RETURN_NULL();
	fraction = PG_GETARG_FLOAT8(1);
	if (!(fraction >= 0 && fraction <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("fraction of time_to_fraction must be between 0 and 1")));
	if (!bins_arg(fcinfo, 2, "time_to_fraction", &bins, &rows) ||
		(count = engagement_fraction(&bins, fraction)) < 0)
		PG_RETURN_NULL();
	if (__builtin_mul_overflow((uint64) count, bins.width, &usec))
		ereport(ERROR,
				(errcode(ERRCODE_INTERVAL_FIELD_OVERFLOW),
				 errmsg("bin of time_to_fraction is out of range")));
	PG_RETURN_INTERVAL_P(series_make_interval(usec));
}

PG_FUNCTION_INFO_V1(pghub_engagement_duration);
Datum
pghub_engagement_duration(PG_FUNCTION_ARGS)
{
	EngagementSpell spell;
	const RowState *rows;
	TupleDesc	desc;
	Datum		values[2];
	bool		nulls[2] = {false};
	TimestampTz until = 0;
	int64		gap;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	gap = series_interval(PG_GETARG_INTERVAL_P(1), "engagement_duration", "gap", false);
	if (!PG_ARGISNULL(2))
	{
		until = PG_GETARG_TIMESTAMPTZ(2);
		series_check_instant(until, "engagement_duration");
	}
	rows = row_state_read(summary_canonical_arg(fcinfo, 0), &engagement_rows);
	check_pooled(rows, !PG_ARGISNULL(2), "engagement_duration");
	check_grid(rows, gap, "engagement_duration", "gap");
	if (!engagement_spell((const EngagementRow *) rows->rows, rows->used, gap,
						  PG_ARGISNULL(2) ? NULL : &until, &spell))
		PG_RETURN_NULL();
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "engagement_duration must return a row type");
	values[0] = IntervalPGetDatum(series_make_interval(spell.duration));
	values[1] = BoolGetDatum(spell.censored);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc),
													  values, nulls)));
}
