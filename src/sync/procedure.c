/*
 * procedure.c
 *		The procedures that commit as they go: hub_sync and hub_refresh.
 *
 * The work is PL/pgSQL (hub_sync_run, hub_refresh_run).  What a PL/pgSQL
 * procedure cannot find out before its first COMMIT fails is whether it may
 * commit at all; the call context of a C procedure says so.  So these two
 * check, say what to do, and hand over.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

PG_FUNCTION_INFO_V1(hub_sync);
PG_FUNCTION_INFO_V1(hub_refresh);

static void
require_commit(FunctionCallInfo fcinfo, const char *name)
{
	if (fcinfo->context && IsA(fcinfo->context, CallContext) &&
		!castNode(CallContext, fcinfo->context)->atomic)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
			 errmsg("%s cannot run inside a transaction block, a function or together with other statements",
					name),
			 errdetail("It commits after each step, so that nothing is lost when it is interrupted."),
			 errhint("Send CALL %s(…) as a statement of its own, with autocommit on.", name)));
}

/* ", 'literal'::type" of an argument; NULLs included. */
static void
append_argument(StringInfo sql, FunctionCallInfo fcinfo, int i, Oid type)
{
	if (i > 0)
		appendStringInfoString(sql, ", ");
	if (PG_ARGISNULL(i))
		appendStringInfoString(sql, "NULL");
	else
	{
		Oid			output;
		bool		varlena;

		getTypeOutputInfo(type, &output, &varlena);
		appendStringInfoString(sql,
							   quote_literal_cstr(OidOutputFunctionCall(output, PG_GETARG_DATUM(i))));
	}
	appendStringInfo(sql, "::%s", format_type_be_qualified(type));
}

static void
hand_over(FunctionCallInfo fcinfo, const char *procedure, const Oid *types, int count)
{
	StringInfoData sql;
	SPIExecuteOptions options = {0};
	char	   *schema = get_namespace_name(get_func_namespace(fcinfo->flinfo->fn_oid));
	int			result;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CALL %s(", quote_qualified_identifier(schema, procedure));
	for (int i = 0; i < count; i++)
		append_argument(&sql, fcinfo, i, types[i]);
	appendStringInfoChar(&sql, ')');

	options.allow_nonatomic = true;
	if (SPI_connect_ext(SPI_OPT_NONATOMIC) != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect_ext failed");
	result = SPI_execute_extended(sql.data, &options);
	if (result < 0)
		elog(ERROR, "%s failed: %s", procedure, SPI_result_code_string(result));
	SPI_finish();
}

Datum
hub_sync(PG_FUNCTION_ARGS)
{
	static const Oid types[] = {TEXTOID, TEXTOID, TEXTARRAYOID, BOOLOID};

	require_commit(fcinfo, "hub_sync");
	hand_over(fcinfo, "hub_sync_run", types, lengthof(types));
	PG_RETURN_VOID();
}

Datum
hub_refresh(PG_FUNCTION_ARGS)
{
	static const Oid types[] = {TEXTOID};

	require_commit(fcinfo, "hub_refresh");
	hand_over(fcinfo, "hub_refresh_run", types, lengthof(types));
	PG_RETURN_VOID();
}
