/*
 * fdw.h
 *		The wrapper's callbacks, by the file that holds them.
 */
#ifndef PGHUB_FDW_H
#define PGHUB_FDW_H

#include "postgres.h"

#include "foreign/fdwapi.h"

#include "compat.h"

/* relation.c */
extern void hub_get_rel_size(PlannerInfo *root, RelOptInfo *rel, Oid foreigntableid);
extern void hub_get_paths(PlannerInfo *root, RelOptInfo *rel, Oid foreigntableid);
extern ForeignScan *hub_get_plan(PlannerInfo *root, RelOptInfo *rel, Oid foreigntableid,
								 ForeignPath *best_path, List *tlist,
								 List *scan_clauses, Plan *outer_plan);

/* scan.c */
extern void hub_begin_scan(ForeignScanState *node, int eflags);
extern TupleTableSlot *hub_iterate_scan(ForeignScanState *node);
extern void hub_rescan(ForeignScanState *node);
extern void hub_end_scan(ForeignScanState *node);

/* async.c */
extern bool hub_is_async_capable(ForeignPath *path);
extern void hub_async_request(AsyncRequest *areq);
extern void hub_async_configure_wait(AsyncRequest *areq);
extern void hub_async_notify(AsyncRequest *areq);

/* explain.c */
extern void hub_explain_scan(ForeignScanState *node, ExplainState *es);

/* import.c */
extern List *hub_import_schema(ImportForeignSchemaStmt *stmt, Oid serverid);
extern void hub_import_check_names(const ImportForeignSchemaStmt *stmt, const List *names);

/* analyze.c */
extern bool hub_analyze(Relation relation, AcquireSampleRowsFunc *func,
						BlockNumber *totalpages);

#endif							/* PGHUB_FDW_H */
