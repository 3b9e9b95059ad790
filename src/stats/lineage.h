/*
 * lineage.h
 *		lineage_summary in the server: what its C files share.
 */
#ifndef PGHUB_LINEAGE_H
#define PGHUB_LINEAGE_H

#include "stats/summary.h"

#include "stats/lineage_dag.h"

extern const LineageEnv lineage_env;

/*
 * Fresh memory of a million nodes is met page by page, arrays in random order:
 * in large pages, where the system has them, that takes a fraction of the time.
 */
extern void lineage_large_pages(void *memory, size_t size);

extern LineageString lineage_text_arg(FunctionCallInfo fcinfo, int argno);

/* Elements of a text array; *count of them. NULL elements have no text. */
extern LineageString *lineage_array_arg(FunctionCallInfo fcinfo, int argno,
										int *count);

/* A summary's graph; its ids point into the summary. */
extern void lineage_open(LineageGraph *graph, const Summary *summary);

/*
 * The graph of argument 0, kept for the next call of the same query where the
 * caller keeps fn_extra.
 */
extern LineageGraph *lineage_graph_arg(FunctionCallInfo fcinfo);

#endif							/* PGHUB_LINEAGE_H */
