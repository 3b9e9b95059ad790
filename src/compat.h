/*
 * compat.h
 *		The only place that looks at PG_VERSION_NUM.
 */
#ifndef PGHUB_COMPAT_H
#define PGHUB_COMPAT_H

#include "postgres.h"

#include "fmgr.h"
#include "nodes/nodes.h"
#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif

/* Soft errors in input functions came with 16; before, they are hard. */
#if PG_VERSION_NUM < 160000
#define ereturn(context, dummy_value, ...) \
	do { ereport(ERROR, __VA_ARGS__); return dummy_value; } while (0)
#endif

/* A function that does not return: 18 says so in front, as C11 does. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn __attribute__((noreturn))
#endif

/* EXPLAIN's own types and property functions moved in 18. */
#include "commands/explain.h"
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

#if PG_VERSION_NUM >= 180000
#define PGHUB_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "pghub", .version = "1.0")
#else
#define PGHUB_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/*
 * Before 17 a tuplestore keeps its rows in the context where it is made; from
 * then on in one of its own, out of reach.  16 bounds the blocks of contexts.
 */
#if PG_VERSION_NUM >= 170000
#define TUPLESTORE_BLOCK_LIMIT ((Size) 0)
#else
#define TUPLESTORE_BLOCK_LIMIT ((Size) 512 << 20)
#endif

/*
 * Named wait events came with 17; before, all extensions share one.  NAME is
 * a literal; the event is registered at its first use.
 */
#if PG_VERSION_NUM >= 170000
#include "utils/wait_event.h"
#define PGHUB_WAIT_EVENT(slot, name) \
	((slot) != 0 ? (slot) : ((slot) = WaitEventExtensionNew(name)))
#else
#include "utils/wait_event.h"
#define PGHUB_WAIT_EVENT(slot, name) ((void) (slot), PG_WAIT_EXTENSION)
#endif

/* What an operator means in btree families; 18 renamed it, same numbers. */
#include "utils/lsyscache.h"
#if PG_VERSION_NUM >= 180000
#define hub_op_interpretation(opno) get_op_index_interpretation(opno)
typedef OpIndexInterpretation HubOpInterpretation;
#define HubOpStrategy(found) ((int) (found)->cmptype)
#else
#define hub_op_interpretation(opno) get_op_btree_interpretation(opno)
typedef OpBtreeInterpretation HubOpInterpretation;
#define HubOpStrategy(found) ((found)->strategy)
#endif

/* Foreign paths: 17 added fdw_restrictinfo, 18 disabled_nodes. */
#if PG_VERSION_NUM >= 180000
#define hub_foreignscan_path(root, rel, rows, startup, total, pathkeys, outer, private) \
	create_foreignscan_path(root, rel, NULL, rows, 0, startup, total, pathkeys, outer, NULL, NIL, private)
#elif PG_VERSION_NUM >= 170000
#define hub_foreignscan_path(root, rel, rows, startup, total, pathkeys, outer, private) \
	create_foreignscan_path(root, rel, NULL, rows, startup, total, pathkeys, outer, NULL, NIL, private)
#else
#define hub_foreignscan_path(root, rel, rows, startup, total, pathkeys, outer, private) \
	create_foreignscan_path(root, rel, NULL, rows, startup, total, pathkeys, outer, NULL, private)
#endif

/* A path around another is as disabled as that; 18 counts it. */
#if PG_VERSION_NUM >= 180000
#define hub_copy_disabled(to, from) ((to)->disabled_nodes = (from)->disabled_nodes)
#define hub_disable_path(path) ((path)->disabled_nodes += 1000)
#else
#define hub_disable_path(path) ((void) 0)	/* its cost says so */
#define hub_copy_disabled(to, from) ((void) 0)
#endif

/* Does a pathkey run downwards? 18 says it as a comparison type. */
#if PG_VERSION_NUM >= 180000
#define hub_pathkey_descends(key) ((key)->pk_cmptype == COMPARE_GT)
#else
#define hub_pathkey_descends(key) ((key)->pk_strategy == BTGreaterStrategyNumber)
#endif

/* Does the collation order by bytes? */
#include "utils/pg_locale.h"
#if PG_VERSION_NUM >= 180000
#define hub_collation_is_c(collation) (pg_newlocale_from_collation(collation)->collate_is_c)
#else
#define hub_collation_is_c(collation) lc_collate_is_c(collation)
#endif

/* Expected number of elements of an array expression. */
#if PG_VERSION_NUM >= 170000
#define hub_array_length(root, node) estimate_array_length(root, node)
#else
#define hub_array_length(root, node) ((double) estimate_array_length(node))
#endif

/* Whose rights a scan has: the RTE's before 16, the node's from then on. */
#if PG_VERSION_NUM >= 160000
#define hub_check_as_user(node) (((ForeignScan *) (node)->ss.ps.plan)->checkAsUser)
#else
#define hub_check_as_user(node) \
	(exec_rt_fetch(((Scan *) (node)->ss.ps.plan)->scanrelid, (node)->ss.ps.state)->checkAsUser)
#endif

#endif							/* PGHUB_COMPAT_H */
