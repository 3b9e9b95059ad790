/*
 * agg_probe.c
 *		Aggregates in the steps of a distributed planner, for tests.
 *
 * A worker runs the transition function row by row, without the final one, and
 * sends the state by its output or its send function; the coordinator reads
 * the states, combines and finishes them.  Every call has call information of
 * its own: nothing that a function keeps in fn_extra comes back to it, and it
 * does not learn the types of its arguments from an expression.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_aggregate.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/expandeddatum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(agg_probe_add);
PG_FUNCTION_INFO_V1(agg_probe_text);
PG_FUNCTION_INFO_V1(agg_probe_binary);
PG_FUNCTION_INFO_V1(agg_probe_merge_text);
PG_FUNCTION_INFO_V1(agg_probe_merge_binary);
PG_FUNCTION_INFO_V1(agg_probe_finish);

#define MAX_ARGS 8

typedef struct Run
{
	Oid			transition;
	Oid			combine;
	Oid			final;
	Oid			type;			/* of the state */
	int16		len;
	bool		by_value;
	Datum		state;
	bool		is_null;
} Run;

static MemoryContext
agg_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "agg_probe called outside an aggregate");
	return context;
}

static Run *
run_arg(FunctionCallInfo fcinfo)
{
	Run		   *run;
	HeapTuple	tuple;
	Form_pg_aggregate agg;
	bool		no_initial;

	if (!PG_ARGISNULL(0))
		return (Run *) PG_GETARG_POINTER(0);
	tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(PG_GETARG_OID(1)));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "%u is no aggregate", PG_GETARG_OID(1));
	run = MemoryContextAllocZero(agg_context(fcinfo), sizeof(Run));
	agg = (Form_pg_aggregate) GETSTRUCT(tuple);
	run->transition = agg->aggtransfn;
	run->combine = agg->aggcombinefn;
	run->final = agg->aggfinalfn;
	run->type = agg->aggtranstype;
	(void) SysCacheGetAttr(AGGFNOID, tuple, Anum_pg_aggregate_agginitval, &no_initial);
	ReleaseSysCache(tuple);
	if (!no_initial || !OidIsValid(run->combine))
		elog(ERROR, "the aggregate has an initial state, or cannot be combined");
	if (get_typtype(run->type) == TYPTYPE_PSEUDO)
		elog(ERROR, "the state has a pseudo-type");
	get_typlenbyval(run->type, &run->len, &run->by_value);
	run->is_null = true;
	return run;
}

/* Calls a function afresh, in the surroundings of the aggregate. */
static Datum
call(FunctionCallInfo fcinfo, Oid function, int nargs, NullableDatum *args, bool *is_null)
{
	LOCAL_FCINFO(inner, MAX_ARGS);
	FmgrInfo	flinfo;
	Datum		result;

	fmgr_info(function, &flinfo);
	InitFunctionCallInfoData(*inner, &flinfo, nargs, fcinfo->fncollation,
							 fcinfo->context, fcinfo->resultinfo);
	for (int i = 0; i < nargs; i++)
		inner->args[i] = args[i];
	if (flinfo.fn_strict)
		for (int i = 0; i < nargs; i++)
			if (args[i].isnull)
			{
				/* a strict transition keeps the state it has */
				*is_null = args[0].isnull;
				return args[0].value;
			}
	result = FunctionCallInvoke(inner);
	*is_null = inner->isnull;
	return result;
}

static bool
is_expanded(Datum value, bool is_null, int16 len)
{
	return DatumIsReadWriteExpandedObject(value, is_null, len);
}

/* Takes a new state over as the executor does. */
static void
set_state(FunctionCallInfo fcinfo, Run *run, Datum state, bool is_null)
{
	MemoryContext context = agg_context(fcinfo);

	if (!run->by_value && DatumGetPointer(state) != DatumGetPointer(run->state))
	{
		if (!is_null &&
			!(is_expanded(state, false, run->len) &&
			  MemoryContextGetParent(DatumGetEOHP(state)->eoh_context) == context))
		{
			MemoryContext old = MemoryContextSwitchTo(context);

			state = datumCopy(state, run->by_value, run->len);
			MemoryContextSwitchTo(old);
		}
		if (!run->is_null)
		{
			if (is_expanded(run->state, false, run->len))
				DeleteExpandedObject(run->state);
			else
				pfree(DatumGetPointer(run->state));
		}
	}
	run->state = state;
	run->is_null = is_null;
}

/* ---------- worker ---------- */

/* Behind the state: one argument, or the fields of a row. */
static int
row_args(FunctionCallInfo fcinfo, NullableDatum *args)
{
	Oid			type = get_fn_expr_argtype(fcinfo->flinfo, 2);
	HeapTupleHeader row;
	HeapTupleData tuple;
	TupleDesc	desc;
	Datum		values[MAX_ARGS];
	bool		nulls[MAX_ARGS];

	if (type != RECORDOID)
	{
		args[1] = fcinfo->args[2];
		return 2;
	}
	row = PG_GETARG_HEAPTUPLEHEADER(2);
	desc = lookup_rowtype_tupdesc_copy(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	if (desc->natts >= MAX_ARGS)
		elog(ERROR, "too many arguments");
	tuple = (HeapTupleData) {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};
	heap_deform_tuple(&tuple, desc, values, nulls);
	for (int i = 0; i < desc->natts; i++)
		args[i + 1] = (NullableDatum) {values[i], nulls[i]};
	return desc->natts + 1;
}

Datum
agg_probe_add(PG_FUNCTION_ARGS)
{
	Run		   *run = run_arg(fcinfo);
	NullableDatum args[MAX_ARGS] = {{run->state, run->is_null}};
	int			nargs = row_args(fcinfo, args);
	bool		is_null;
	Datum		state = call(fcinfo, run->transition, nargs, args, &is_null);

	set_state(fcinfo, run, state, is_null);
	PG_RETURN_POINTER(run);
}

Datum
agg_probe_text(PG_FUNCTION_ARGS)
{
	Run		   *run = (Run *) PG_GETARG_POINTER(0);
	Oid			output;
	bool		is_varlena;

	if (PG_ARGISNULL(0) || run->is_null)
		PG_RETURN_NULL();
	getTypeOutputInfo(run->type, &output, &is_varlena);
	PG_RETURN_TEXT_P(cstring_to_text(OidOutputFunctionCall(output, run->state)));
}

Datum
agg_probe_binary(PG_FUNCTION_ARGS)
{
	Run		   *run = (Run *) PG_GETARG_POINTER(0);
	Oid			send;
	bool		is_varlena;

	if (PG_ARGISNULL(0) || run->is_null)
		PG_RETURN_NULL();
	getTypeBinaryOutputInfo(run->type, &send, &is_varlena);
	PG_RETURN_BYTEA_P(OidSendFunctionCall(send, run->state));
}

/* ---------- coordinator ---------- */

static Datum
merge(FunctionCallInfo fcinfo, Run *run, Datum state)
{
	NullableDatum args[2] = {{run->state, run->is_null}, {state, false}};
	bool		is_null = false;

	/* of a strict combination the first state is the result */
	if (run->is_null && func_strict(run->combine))
		set_state(fcinfo, run, state, false);
	else
	{
		state = call(fcinfo, run->combine, 2, args, &is_null);
		set_state(fcinfo, run, state, is_null);
	}
	PG_RETURN_POINTER(run);
}

Datum
agg_probe_merge_text(PG_FUNCTION_ARGS)
{
	Run		   *run = run_arg(fcinfo);
	Oid			input,
				param;

	if (PG_ARGISNULL(2))
		PG_RETURN_POINTER(run);
	getTypeInputInfo(run->type, &input, &param);
	return merge(fcinfo, run, OidInputFunctionCall(input, text_to_cstring(PG_GETARG_TEXT_PP(2)), param, -1));
}

Datum
agg_probe_merge_binary(PG_FUNCTION_ARGS)
{
	Run		   *run = run_arg(fcinfo);
	Oid			receive,
				param;
	bytea	   *wire;
	StringInfoData buf;

	if (PG_ARGISNULL(2))
		PG_RETURN_POINTER(run);
	wire = PG_GETARG_BYTEA_PP(2);
	getTypeBinaryInputInfo(run->type, &receive, &param);
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, VARDATA_ANY(wire), VARSIZE_ANY_EXHDR(wire));
	return merge(fcinfo, run, OidReceiveFunctionCall(receive, &buf, param, -1));
}

Datum
agg_probe_finish(PG_FUNCTION_ARGS)
{
	Run		   *run = (Run *) PG_GETARG_POINTER(0);
	NullableDatum args[1];
	Oid			function,
				output;
	bool		is_varlena,
				is_null;
	Datum		result;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	args[0] = (NullableDatum) {run->state, run->is_null};
	if (!run->is_null)
		args[0].value = MakeExpandedObjectReadOnly(run->state, run->is_null, run->len);
	function = run->final;
	if (run->is_null && (!OidIsValid(function) || func_strict(function)))
		PG_RETURN_NULL();
	result = call(fcinfo, function, 1, args, &is_null);
	if (is_null)
		PG_RETURN_NULL();
	getTypeOutputInfo(get_func_rettype(function), &output, &is_varlena);
	PG_RETURN_TEXT_P(cstring_to_text(OidOutputFunctionCall(output, result)));
}
