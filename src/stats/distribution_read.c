/*
 * distribution_read.c
 *		The readers of distribution_summary in SQL.
 *
 * The same functions read a stored summary and end a one-step aggregate,
 * whose state is a summary too.  The computing is in distribution_measure.c
 * and distribution_tail.c.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "stats/distribution.h"
#include "stats/distribution_tail.h"

static void
view_arg(FunctionCallInfo fcinfo, DistView *view)
{
	struct varlena *raw = (struct varlena *) PG_GETARG_POINTER(0);
	Summary    *summary;
	DistSet		set;

	/* a stored value is detoasted once a query; a state is read as it is */
	if (VARATT_IS_EXTERNAL_ONDISK(raw))
		summary = summary_canonical_arg(fcinfo, 0);
	else
		summary = summary_arg(fcinfo, 0);
	dist_set_of(&set, summary);
	dist_view(view, &set, set.size == 0 ? NULL :
			  MemoryContextAllocHuge(CurrentMemoryContext, set.size * sizeof(DistCell)));
	if (!isfinite(view->total.value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("total of the distribution read by %s exceeds the range of double precision",
						dist_caller(fcinfo))));
}

/* The extra argument of a one-step aggregate; false where it is NULL. */
static DistParam
param_arg(FunctionCallInfo fcinfo, uint64 *param)
{
	Summary    *summary = summary_arg(fcinfo, 0);
	DistSet		set;

	if (SummaryIsWorking(summary))
	{
		*param = dist_state(summary)->param;
		return dist_state(summary)->param_kind;
	}
	/* sent by another server, or what a window without rows began with */
	dist_set_of(&set, summary);
	*param = set.param;
	return set.param_kind;
}

static bool
float8_param_arg(FunctionCallInfo fcinfo, double *param)
{
	uint64		bits;

	if (param_arg(fcinfo, &bits) != DIST_PARAM_SET)
		return false;
	memcpy(param, &bits, sizeof(*param));
	return true;
}

static Datum
row_result(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

static Datum
bounds_result(FunctionCallInfo fcinfo, const DistAnswer *answer)
{
	Datum		values[2] = {Float8GetDatum(answer->low), Float8GetDatum(answer->high)};
	bool		nulls[2] = {false, false};

	return row_result(fcinfo, values, nulls);
}

/* ---------- shares of the top ---------- */

static bool
pareto_share(FunctionCallInfo fcinfo, double fraction, DistAnswer *answer)
{
	DistView	view;

	dist_fraction(fcinfo, fraction, "fraction");
	view_arg(fcinfo, &view);
	return dist_pareto_share(&view, fraction, answer);
}

PG_FUNCTION_INFO_V1(distribution_pareto_share);
Datum
distribution_pareto_share(PG_FUNCTION_ARGS)
{
	DistAnswer	answer;

	if (!pareto_share(fcinfo, PG_GETARG_FLOAT8(1), &answer))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(answer.value);
}

PG_FUNCTION_INFO_V1(distribution_pareto_share_final);
Datum
distribution_pareto_share_final(PG_FUNCTION_ARGS)
{
	DistAnswer	answer;
	double		fraction;

	if (!float8_param_arg(fcinfo, &fraction) || !pareto_share(fcinfo, fraction, &answer))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(answer.value);
}

PG_FUNCTION_INFO_V1(distribution_pareto_share_bounds);
Datum
distribution_pareto_share_bounds(PG_FUNCTION_ARGS)
{
	DistAnswer	answer;

	if (!pareto_share(fcinfo, PG_GETARG_FLOAT8(1), &answer))
		PG_RETURN_NULL();
	return bounds_result(fcinfo, &answer);
}

static Datum
top_k_share(FunctionCallInfo fcinfo, int64 k)
{
	DistView	view;
	DistAnswer	answer;

	if (k < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("k of %s must not be negative", dist_caller(fcinfo))));
	view_arg(fcinfo, &view);
	if (!dist_top_share(&view, (double) Min((uint64) k, view.items), &answer))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(answer.value);
}

PG_FUNCTION_INFO_V1(distribution_top_k_share);
Datum
distribution_top_k_share(PG_FUNCTION_ARGS)
{
	return top_k_share(fcinfo, PG_GETARG_INT64(1));
}

PG_FUNCTION_INFO_V1(distribution_top_k_share_final);
Datum
distribution_top_k_share_final(PG_FUNCTION_ARGS)
{
	uint64		k;

	if (param_arg(fcinfo, &k) != DIST_PARAM_SET)
		PG_RETURN_NULL();
	return top_k_share(fcinfo, (int64) k);
}

static Datum
coverage_count(FunctionCallInfo fcinfo, double fraction)
{
	DistView	view;
	uint64		items;

	dist_fraction(fcinfo, fraction, "fraction");
	view_arg(fcinfo, &view);
	if (!dist_coverage(&view, fraction, &items))
		PG_RETURN_NULL();
	PG_RETURN_INT64((int64) items);
}

PG_FUNCTION_INFO_V1(distribution_coverage_count);
Datum
distribution_coverage_count(PG_FUNCTION_ARGS)
{
	return coverage_count(fcinfo, PG_GETARG_FLOAT8(1));
}

PG_FUNCTION_INFO_V1(distribution_coverage_count_final);
Datum
distribution_coverage_count_final(PG_FUNCTION_ARGS)
{
	double		fraction;

	if (!float8_param_arg(fcinfo, &fraction))
		PG_RETURN_NULL();
	return coverage_count(fcinfo, fraction);
}

/* ---------- readers without an argument ---------- */

typedef bool (*Measure) (const DistView *view, double *result);

static Datum
measure(FunctionCallInfo fcinfo, Measure read)
{
	DistView	view;
	double		result;

	view_arg(fcinfo, &view);
	if (!read(&view, &result))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(result);
}

static bool
read_gini(const DistView *view, double *result)
{
	DistAnswer	answer;

	if (!dist_gini(view, &answer))
		return false;
	*result = answer.value;
	return true;
}

/* Without the bias of small samples; one item has no inequality to estimate. */
static bool
read_gini_corrected(const DistView *view, double *result)
{
	if (view->items < 2 || !read_gini(view, result))
		return false;
	*result *= (double) view->items / (double) (view->items - 1);
	return true;
}

/* From 0 (all equal) to 1, over the items above zero; one item has no range. */
static bool
read_hhi_normalized(const DistView *view, double *result)
{
	double		least;

	if (view->positive < 2 || !dist_hhi(view, result))
		return false;
	least = 1 / (double) view->positive;
	*result = fmax((*result - least) / (1 - least), 0);
	return true;
}

static bool
read_median(const DistView *view, double *result)
{
	DistAnswer	answer;

	if (!dist_percentile(view, 0.5, &answer))
		return false;
	*result = answer.value;
	return true;
}

static bool
read_mean(const DistView *view, double *result)
{
	if (view->items == 0)
		return false;
	*result = pair_value(view->total) / (double) view->items;
	return true;
}

static bool
read_min(const DistView *view, double *result)
{
	if (view->items == 0)
		return false;
	*result = view->cells[0].low;
	return true;
}

static bool
read_max(const DistView *view, double *result)
{
	if (view->items == 0)
		return false;
	*result = view->cells[view->size - 1].high;
	return true;
}

#define DISTRIBUTION_READER(name, read) \
PG_FUNCTION_INFO_V1(distribution_##name); \
Datum \
distribution_##name(PG_FUNCTION_ARGS) \
{ \
	return measure(fcinfo, read); \
}

DISTRIBUTION_READER(gini, read_gini)
DISTRIBUTION_READER(gini_corrected, read_gini_corrected)
DISTRIBUTION_READER(hhi, dist_hhi)
DISTRIBUTION_READER(hhi_normalized, read_hhi_normalized)
DISTRIBUTION_READER(shannon_entropy, dist_entropy)
DISTRIBUTION_READER(theil, dist_theil)
DISTRIBUTION_READER(median, read_median)
DISTRIBUTION_READER(mean, read_mean)
DISTRIBUTION_READER(min_value, read_min)
DISTRIBUTION_READER(max_value, read_max)
DISTRIBUTION_READER(h_index, dist_h_index)

PG_FUNCTION_INFO_V1(distribution_gini_bounds);
Datum
distribution_gini_bounds(PG_FUNCTION_ARGS)
{
	DistView	view;
	DistAnswer	answer;

	view_arg(fcinfo, &view);
	if (!dist_gini(&view, &answer))
		PG_RETURN_NULL();
	return bounds_result(fcinfo, &answer);
}

PG_FUNCTION_INFO_V1(distribution_num_items);
Datum
distribution_num_items(PG_FUNCTION_ARGS)
{
	DistSet		set;

	dist_set_of(&set, summary_arg(fcinfo, 0));
	PG_RETURN_INT64((int64) set.items);
}

PG_FUNCTION_INFO_V1(distribution_is_exact);
Datum
distribution_is_exact(PG_FUNCTION_ARGS)
{
	DistSet		set;

	dist_set_of(&set, summary_arg(fcinfo, 0));
	PG_RETURN_BOOL(!set.bucketed);
}

/* Integers to the last digit; other values as double precision adds them. */
PG_FUNCTION_INFO_V1(distribution_total);
Datum
distribution_total(PG_FUNCTION_ARGS)
{
	DistView	view;
	char	   *text;

	view_arg(fcinfo, &view);
	if (view.integers)
	{
		/* two words in decimal: 128 bits have at most 39 digits */
		char		digits[40];
		int			at = sizeof(digits) - 1;
		uint64		word[4] = {view.whole.hi >> 32, (uint32) view.whole.hi,
		view.whole.lo >> 32, (uint32) view.whole.lo};

		digits[at] = '\0';
		do
		{
			uint64		rest = 0;

			for (int i = 0; i < 4; i++)
			{
				rest = rest << 32 | word[i];
				word[i] = rest / 10;
				rest %= 10;
			}
			digits[--at] = '0' + (char) rest;
		} while (word[0] | word[1] | word[2] | word[3]);
		text = pstrdup(digits + at);
	}
	else
		text = float8out_internal(pair_value(view.total));
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/* ---------- readers with an argument ---------- */

PG_FUNCTION_INFO_V1(distribution_share_below);
Datum
distribution_share_below(PG_FUNCTION_ARGS)
{
	double		x = PG_GETARG_FLOAT8(1);
	DistView	view;
	double		share;

	if (isnan(x))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("x of %s must be a number, not NaN", dist_caller(fcinfo))));
	view_arg(fcinfo, &view);
	if (!dist_share_below(&view, x, &share))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(share);
}

static bool
percentile(FunctionCallInfo fcinfo, DistAnswer *answer)
{
	double		p = dist_fraction(fcinfo, PG_GETARG_FLOAT8(1), "p");
	DistView	view;

	view_arg(fcinfo, &view);
	return dist_percentile(&view, p, answer);
}

PG_FUNCTION_INFO_V1(distribution_percentile);
Datum
distribution_percentile(PG_FUNCTION_ARGS)
{
	DistAnswer	answer;

	if (!percentile(fcinfo, &answer))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(answer.value);
}

PG_FUNCTION_INFO_V1(distribution_percentile_bounds);
Datum
distribution_percentile_bounds(PG_FUNCTION_ARGS)
{
	DistAnswer	answer;

	if (!percentile(fcinfo, &answer))
		PG_RETURN_NULL();
	return bounds_result(fcinfo, &answer);
}

static Datum
effective_number(FunctionCallInfo fcinfo, double q)
{
	DistView	view;
	double		number;

	if (!(q >= 0))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("q of %s must not be negative or NaN", dist_caller(fcinfo)),
				 errhint("0 counts the items above zero, 1 is exp(entropy), 2 is 1 / hhi.")));
	view_arg(fcinfo, &view);
	if (!dist_effective_number(&view, q, &number))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(number);
}

PG_FUNCTION_INFO_V1(distribution_effective_number);
Datum
distribution_effective_number(PG_FUNCTION_ARGS)
{
	/* not strict: q has a default */
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	return effective_number(fcinfo, PG_GETARG_FLOAT8(1));
}

/* effective_number(value) and effective_number(value, q) */
PG_FUNCTION_INFO_V1(distribution_effective_number_final);
Datum
distribution_effective_number_final(PG_FUNCTION_ARGS)
{
	double		q = 2;
	uint64		bits;

	if (param_arg(fcinfo, &bits) != DIST_PARAM_NONE && !float8_param_arg(fcinfo, &q))
		PG_RETURN_NULL();
	return effective_number(fcinfo, q);
}

/* ---------- the Lorenz curve ---------- */

static void
put_point(ReturnSetInfo *result, double population, double share)
{
	Datum		values[2] = {Float8GetDatum(population), Float8GetDatum(share)};
	bool		nulls[2] = {false, false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(distribution_lorenz);
Datum
distribution_lorenz(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int64		points = PG_ARGISNULL(1) ? 0 : PG_GETARG_INT32(1);
	DistView	view;
	Pair		sum = {0, 0};

	InitMaterializedSRF(fcinfo, 0);
	if (!PG_ARGISNULL(1) && points < 1)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("points of %s must be at least 1", dist_caller(fcinfo))));
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	view_arg(fcinfo, &view);
	if (!(view.total.value > 0))
		PG_RETURN_NULL();
	put_point(result, 0, 0);
	for (int64 at = 1; at <= points; at++)
	{
		double		population = (double) at / (double) points;
		double		share = 1;

		CHECK_FOR_INTERRUPTS();
		if (at < points)
			(void) dist_lorenz(&view, population, &share);
		put_point(result, population, share);
	}
	for (size_t at = 0; points == 0 && at < view.size; at++)
	{
		const DistCell *cell = &view.cells[at];

		CHECK_FOR_INTERRUPTS();
		sum = pair_add(sum, cell->sum);
		put_point(result, (double) (cell->before + cell->count) / (double) view.items,
				  at + 1 == view.size ? 1 : pair_value(sum) / pair_value(view.total));
	}
	PG_RETURN_NULL();
}

/* ---------- the tail ---------- */

static void
check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

static DistTailKind
tail_kind_arg(FunctionCallInfo fcinfo, int argno)
{
	if (PG_ARGISNULL(argno))
		return DIST_TAIL_AUTO;
	return PG_GETARG_BOOL(argno) ? DIST_TAIL_DISCRETE : DIST_TAIL_CONTINUOUS;
}

static double
xmin_arg(FunctionCallInfo fcinfo, int argno)
{
	double		xmin = PG_GETARG_FLOAT8(argno);

	if (!(xmin > 0 && isfinite(xmin)))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("xmin of %s must be positive and finite", dist_caller(fcinfo))));
	return xmin;
}

/* A discrete law is one over integers: a tail with other values has none. */
static void
check_tail(FunctionCallInfo fcinfo, DistTailResult result)
{
	if (result == DIST_TAIL_NOT_INTEGER)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s cannot fit a discrete law to values that are not integers",
						dist_caller(fcinfo)),
				 errhint("Leave out \"discrete\", or set it to false.")));
}

PG_FUNCTION_INFO_V1(distribution_power_law_alpha);
Datum
distribution_power_law_alpha(PG_FUNCTION_ARGS)
{
	DistView	view;
	DistTail	tail;
	DistTailResult result;
	double		alpha;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	tail.poll = check_interrupts;
	tail.kind = tail_kind_arg(fcinfo, 2);
	tail.xmin = xmin_arg(fcinfo, 1);
	view_arg(fcinfo, &view);
	result = dist_tail_alpha(&tail, &view, &alpha);
	check_tail(fcinfo, result);
	if (result != DIST_TAIL_OK)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(alpha);
}

PG_FUNCTION_INFO_V1(distribution_power_law_fit);
Datum
distribution_power_law_fit(PG_FUNCTION_ARGS)
{
	DistView	view;
	DistTail	tail;
	DistTailResult result;
	DistPowerLaw law;
	Datum		values[4];
	bool		nulls[4] = {false, false, false, false};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	tail.poll = check_interrupts;
	tail.kind = tail_kind_arg(fcinfo, 1);
	view_arg(fcinfo, &view);
	result = dist_tail_fit(&tail, &view, &law, view.size == 0 ? NULL :
						   MemoryContextAllocHuge(CurrentMemoryContext, view.size * sizeof(double)));
	check_tail(fcinfo, result);
	if (result != DIST_TAIL_OK)
		PG_RETURN_NULL();
	values[0] = Float8GetDatum(law.alpha);
	values[1] = Float8GetDatum(law.xmin);
	values[2] = Int64GetDatum((int64) law.items);
	values[3] = Float8GetDatum(law.ks);
	return row_result(fcinfo, values, nulls);
}

PG_FUNCTION_INFO_V1(distribution_power_law_vs_lognormal);
Datum
distribution_power_law_vs_lognormal(PG_FUNCTION_ARGS)
{
	DistView	view;
	DistTail	tail;
	DistTailResult result;
	DistVuong	vuong;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	tail.poll = check_interrupts;
	tail.kind = tail_kind_arg(fcinfo, 2);
	tail.xmin = xmin_arg(fcinfo, 1);
	view_arg(fcinfo, &view);
	result = dist_tail_vuong(&tail, &view, &vuong);
	check_tail(fcinfo, result);
	if (result != DIST_TAIL_OK)
		PG_RETURN_NULL();
	values[0] = Float8GetDatum(vuong.log_ratio);
	values[1] = Float8GetDatum(vuong.z);
	values[2] = Float8GetDatum(vuong.p_value);
	return row_result(fcinfo, values, nulls);
}
