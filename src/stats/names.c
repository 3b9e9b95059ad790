/*
 * names.c
 *		Names and sizes of repositories; ratios.  Glue of params.c.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"
#include "utils/builtins.h"

#include "compat.h"
#include "stats/params.h"

PG_FUNCTION_INFO_V1(pghub_params_from_name);
Datum
pghub_params_from_name(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	int64		params = params_of_name(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	if (params == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(params);
}

/* ---------- size classes ---------- */

typedef struct SizeClass
{
	int64		below;			/* 0 ends the list */
	const char *label;
} SizeClass;

typedef struct SizeScheme
{
	const char *name;
	const SizeClass *classes;
} SizeScheme;

#define BILLION	INT64CONST(1000000000)
#define MILLION	INT64CONST(1000000)

/* The cuts of ATOM's relative adoption; those of the report; small models. */
static const SizeClass atom_classes[] = {
	{BILLION, "<1B"}, {5 * BILLION, "1-5B"}, {10 * BILLION, "5-10B"},
	{50 * BILLION, "10-50B"}, {100 * BILLION, "50-100B"},
	{250 * BILLION, "100-250B"}, {0, ">=250B"}
};
static const SizeClass report_classes[] = {
	{BILLION, "<1B"}, {10 * BILLION, "1-9B"}, {100 * BILLION, "10-99B"}, {0, ">=100B"}
};
static const SizeClass small_classes[] = {
	{100 * MILLION, "<100M"}, {200 * MILLION, "100-200M"}, {500 * MILLION, "200-500M"},
	{BILLION, "500M-1B"}, {0, ">=1B"}
};
static const SizeScheme schemes[] = {
	{"atom", atom_classes}, {"report", report_classes}, {"small", small_classes}
};

PG_FUNCTION_INFO_V1(pghub_size_class);
Datum
pghub_size_class(PG_FUNCTION_ARGS)
{
	int64		params = PG_GETARG_INT64(0);
	char	   *wanted = text_to_cstring(PG_GETARG_TEXT_PP(1));

	if (params < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("params of size_class must not be negative")));
	for (int i = 0; i < lengthof(schemes); i++)
		if (strcmp(schemes[i].name, wanted) == 0)
		{
			const SizeClass *class = schemes[i].classes;

			while (class->below != 0 && params >= class->below)
				class++;
			PG_RETURN_TEXT_P(cstring_to_text(class->label));
		}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("scheme of size_class is not known: \"%s\"", wanted),
			 errhint("Schemes are \"atom\", \"report\" and \"small\".")));
	PG_RETURN_NULL();
}

PG_FUNCTION_INFO_V1(pghub_growth_factor);
Datum
pghub_growth_factor(PG_FUNCTION_ARGS)
{
	double		earlier = PG_GETARG_FLOAT8(0),
				later = PG_GETARG_FLOAT8(1),
				factor;

	if (!(earlier >= 0) || isinf(earlier) || !(later >= 0) || isinf(later))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("values of growth_factor must be finite and not negative")));
	if (earlier == 0)
		PG_RETURN_NULL();
	factor = later / earlier;
	if (isinf(factor))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("result of growth_factor is out of range")));
	PG_RETURN_FLOAT8(factor);
}
