/*
 * value.c
 *		Values of conditions as the text that goes into a request.
 *
 * The scan calls it with evaluated expressions, EXPLAIN with constants.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/shortest_dec.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"

#include "hub/plan.h"

char *
hub_value_text(Datum value, Oid type)
{
	Oid			output;
	bool		varlena;

	if (type == DATEOID)
		return hub_date_text(DatumGetDateADT(value));
	if (type == FLOAT8OID)
	{
		/* exact whatever extra_float_digits is */
		char	   *text = palloc(DOUBLE_SHORTEST_DECIMAL_LEN);

		double_to_shortest_decimal_buf(DatumGetFloat8(value), text);
		return text;
	}
	getTypeOutputInfo(type, &output, &varlena);
	return OidOutputFunctionCall(output, value);
}

static int
text_cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

/*
 * Elements of an array, without NULLs and duplicates.  ANY: the array's
 * elements are alternatives; else all of them are asked for.
 */
void
hub_array_values(HubValues *to, Datum datum, bool any)
{
	ArrayType  *array = DatumGetArrayTypeP(datum);
	Oid			type = ARR_ELEMTYPE(array);
	int16		len;
	bool		byval;
	char		align;
	Datum	   *items;
	bool	   *nulls;
	int			n,
				unique = 0;

	get_typlenbyvalalign(type, &len, &byval, &align);
	deconstruct_array(array, type, len, byval, align, &items, &nulls, &n);
	to->values = palloc(sizeof(char *) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		if (!nulls[i])
			to->values[to->count++] = hub_value_text(items[i], type);
		else if (!any)
			to->nothing = true; /* nothing contains NULL */
	}
	if (any && to->count == 0)
		to->nothing = true;
	qsort(to->values, to->count, sizeof(char *), text_cmp);
	for (int i = 0; i < to->count; i++)
		if (i == 0 || strcmp(to->values[unique - 1], to->values[i]) != 0)
			to->values[unique++] = to->values[i];
	to->count = unique;
}
