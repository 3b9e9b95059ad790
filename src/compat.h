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

#if PG_VERSION_NUM >= 180000
#define PGHUB_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "pghub", .version = "1.0")
#else
#define PGHUB_MODULE_MAGIC PG_MODULE_MAGIC
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

#endif							/* PGHUB_COMPAT_H */
