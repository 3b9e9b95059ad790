/*
 * fdw.c
 *		The wrapper's table of callbacks.
 *
 * There is no IsForeignScanParallelSafe: "safe" would let every worker repeat
 * all requests.
 */
#include "postgres.h"

#include "foreign/fdwapi.h"

#include "hub/fdw.h"

PG_FUNCTION_INFO_V1(hub_fdw_handler);
Datum
hub_fdw_handler(PG_FUNCTION_ARGS)
{
	FdwRoutine *routine = makeNode(FdwRoutine);

	routine->GetForeignRelSize = hub_get_rel_size;
	routine->GetForeignPaths = hub_get_paths;
	routine->GetForeignPlan = hub_get_plan;
	routine->BeginForeignScan = hub_begin_scan;
	routine->IterateForeignScan = hub_iterate_scan;
	routine->ReScanForeignScan = hub_rescan;
	routine->EndForeignScan = hub_end_scan;
	routine->IsForeignPathAsyncCapable = hub_is_async_capable;
	routine->ForeignAsyncRequest = hub_async_request;
	routine->ForeignAsyncConfigureWait = hub_async_configure_wait;
	routine->ForeignAsyncNotify = hub_async_notify;
	routine->ExplainForeignScan = hub_explain_scan;
	routine->ImportForeignSchema = hub_import_schema;
	routine->AnalyzeForeignTable = hub_analyze;
	PG_RETURN_POINTER(routine);
}
