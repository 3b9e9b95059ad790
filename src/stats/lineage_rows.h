/*
 * lineage_rows.h
 *		Rows of the readers of lineage_summary that answer a table.
 */
#ifndef PGHUB_LINEAGE_ROWS_H
#define PGHUB_LINEAGE_ROWS_H

#include "stats/lineage.h"

#include "nodes/execnodes.h"

typedef struct LineageRows
{
	ReturnSetInfo *rsinfo;
	MemoryContext context;
	char	   *texts;			/* of the row at hand */
	Size		used;
	Size		room;
	uint64		count;
} LineageRows;

/* `expected` bytes of rows, if known, else 0. */
extern void lineage_rows_begin(LineageRows *rows, FunctionCallInfo fcinfo, Size expected);
extern Datum lineage_rows_text(LineageRows *rows, LineageString string);
extern void lineage_rows_put(LineageRows *rows, Datum *values, bool *nulls);

#endif							/* PGHUB_LINEAGE_ROWS_H */
