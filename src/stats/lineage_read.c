/*
 * lineage_read.c
 *		Readers of lineage_summary that walk from given nodes.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "stats/lineage_rows.h"

/* ---------- the graph of argument 0 ---------- */

/*
 * A statement that asks one lineage about a thousand roots calls a reader a
 * thousand times with the same value.  The value is known again by its bytes:
 * those of the toast pointer where it is stored, else all of them, which
 * takes a fraction of the time of decoding.
 */
typedef struct GraphCache
{
	MemoryContext context;
	Size		key_size;
	char	   *key;
	LineageGraph graph;
} GraphCache;

LineageGraph *
lineage_graph_arg(FunctionCallInfo fcinfo)
{
	struct varlena *raw = (struct varlena *) PG_GETARG_POINTER(0);
	Size		size = VARSIZE_ANY(raw);
	GraphCache *cache = fcinfo->flinfo->fn_extra;
	Summary    *summary;
	MemoryContext context,
				old;

	if (VARATT_IS_EXTERNAL(raw) && !VARATT_IS_EXTERNAL_ONDISK(raw))
	{
		raw = PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
		size = VARSIZE(raw);
	}
	if (cache && cache->key_size == size && memcmp(cache->key, raw, size) == 0)
		return &cache->graph;
	if (cache)
	{
		fcinfo->flinfo->fn_extra = NULL;
		MemoryContextDelete(cache->context);
	}
	context = AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "lineage graph",
									ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	cache = palloc0(sizeof(GraphCache));
	cache->context = context;
	cache->key_size = size;
	cache->key = MemoryContextAllocHuge(context, size);
	memcpy(cache->key, raw, size);
	/* the ids point into the summary: the copy, where that is plain */
	if (VARATT_IS_EXTENDED(cache->key))
		summary = (Summary *) PG_DETOAST_DATUM(PointerGetDatum(cache->key));
	else
		summary = (Summary *) cache->key;
	lineage_open(&cache->graph, summary_canonical(summary));
	lineage_graph_ready(&cache->graph);
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = cache;
	return &cache->graph;
}

/* ---------- rows of an answer ---------- */

/*
 * Many rows go into one block of large pages instead of a hundred thousand
 * small ones, each of which the system would hand out at its first use.
 */
static void
store_in_one_block(ReturnSetInfo *rsinfo, Size expected)
{
	Size		size = Min(expected, work_mem * (Size) 1024);
	MemoryContext context,
				old;

	size = MAXALIGN(size);
	if (size > TUPLESTORE_BLOCK_LIMIT)
		size = TUPLESTORE_BLOCK_LIMIT;
	if (size < ALLOCSET_DEFAULT_MAXSIZE)
		return;
	context = AllocSetContextCreate(rsinfo->econtext->ecxt_per_query_memory, "lineage rows",
									size, ALLOCSET_DEFAULT_INITSIZE, size);
	/* the first block begins with the context itself */
	lineage_large_pages(context, size);
	tuplestore_end(rsinfo->setResult);
	old = MemoryContextSwitchTo(context);
	rsinfo->setResult = tuplestore_begin_heap((rsinfo->allowedModes & SFRM_Materialize_Random) != 0,
											  false, work_mem);
	MemoryContextSwitchTo(old);
}

void
lineage_rows_begin(LineageRows *rows, FunctionCallInfo fcinfo, Size expected)
{
	InitMaterializedSRF(fcinfo, 0);
	store_in_one_block((ReturnSetInfo *) fcinfo->resultinfo, expected);
	*rows = (LineageRows) {.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo,
	.context = CurrentMemoryContext};
}

Datum
lineage_rows_text(LineageRows *rows, LineageString string)
{
	Size		size = MAXALIGN(VARHDRSZ + string.len);
	text	   *value;

	if (rows->texts == NULL || rows->room - rows->used < size)
	{
		/* the room so far may hold texts of this row: it is left alone */
		rows->room = 2 * rows->room + size + 1024;
		rows->texts = MemoryContextAllocHuge(rows->context, rows->room);
		rows->used = 0;
	}
	value = (text *) (rows->texts + rows->used);
	rows->used += size;
	SET_VARSIZE(value, VARHDRSZ + string.len);
	memcpy(VARDATA(value), string.text, string.len);
	return PointerGetDatum(value);
}

void
lineage_rows_put(LineageRows *rows, Datum *values, bool *nulls)
{
	tuplestore_putvalues(rows->rsinfo->setResult, rows->rsinfo->setDesc, values, nulls);
	rows->used = 0;
	if ((++rows->count & 0xff) == 0)
		CHECK_FOR_INTERRUPTS();
}

/* ---------- arguments of a walk ---------- */

static void
null_element(const char *function, const char *argument)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s of %s must not contain NULL", argument, function)));
}

/* The known ones among argument 1; false if there are ids but none is known. */
static bool
roots_arg(FunctionCallInfo fcinfo, const LineageGraph *graph, bool is_array,
		  const char *function, LineageWalk *walk)
{
	int			count = 1;
	LineageString one,
			   *ids = &one;
	uint32	   *roots;
	uint32		known = 0;

	if (is_array)
		ids = lineage_array_arg(fcinfo, 1, &count);
	else
		one = lineage_text_arg(fcinfo, 1);
	roots = palloc(count * sizeof(uint32) + 1);
	for (int i = 0; i < count; i++)
	{
		if (ids[i].text == NULL)
			null_element(function, "roots");
		roots[known] = lineage_find(graph, ids[i]);
		if (roots[known] != LINEAGE_NONE)
			known++;
	}
	walk->roots = roots;
	walk->root_count = known;
	return known > 0 || count == 0;
}

/* Which relations argument 2 lets pass, by number; NULL for all. */
static const bool *
relations_arg(FunctionCallInfo fcinfo, const LineageGraph *graph, const char *function)
{
	int			count;
	LineageString *names;
	bool	   *pass;

	if (PG_ARGISNULL(2))
		return NULL;
	names = lineage_array_arg(fcinfo, 2, &count);
	pass = palloc0(graph->relations + 1);
	for (int i = 0; i < count; i++)
	{
		if (names[i].text == NULL)
			null_element(function, "relations");
		for (uint32 r = 1; r <= graph->relations; r++)
			if (graph->relation_names[r].len == names[i].len &&
				memcmp(graph->relation_names[r].text, names[i].text, names[i].len) == 0)
				pass[r] = true;
	}
	return pass;
}

static uint32
max_depth_arg(FunctionCallInfo fcinfo, const char *function)
{
	int32		depth;

	if (PG_ARGISNULL(3))
		return LINEAGE_NONE;
	depth = PG_GETARG_INT32(3);
	if (depth < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("max_depth of %s must not be negative", function)));
	return depth;
}

static bool
walk_args(FunctionCallInfo fcinfo, const LineageGraph *graph, bool is_array,
		  const char *function, LineageWalk *walk)
{
	bool		known = roots_arg(fcinfo, graph, is_array, function, walk);

	walk->up = false;
	walk->relations = relations_arg(fcinfo, graph, function);
	walk->max_depth = max_depth_arg(fcinfo, function);
	return known;
}

/* ---------- lineage_descendants(l, root | roots [, relations [, max_depth]]) ---------- */

static Datum
count_descendants(FunctionCallInfo fcinfo, bool is_array)
{
	LineageGraph *graph;
	LineageWalk walk;
	uint32		first;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	graph = lineage_graph_arg(fcinfo);
	if (!walk_args(fcinfo, graph, is_array, "lineage_descendants", &walk))
		PG_RETURN_NULL();
	PG_RETURN_INT64(lineage_walk(graph, &walk, &first));
}

PG_FUNCTION_INFO_V1(pghub_lineage_descendants);
Datum
pghub_lineage_descendants(PG_FUNCTION_ARGS)
{
	return count_descendants(fcinfo, false);
}

PG_FUNCTION_INFO_V1(pghub_lineage_descendants_set);
Datum
pghub_lineage_descendants_set(PG_FUNCTION_ARGS)
{
	return count_descendants(fcinfo, true);
}

/* ---------- descendants, ancestors ---------- */

static int
key_order(const void *left, const void *right)
{
	uint64		a = *(const uint64 *) left,
				b = *(const uint64 *) right;

	return (a > b) - (a < b);
}

/* The nodes that a walk met, nearest first, then by id. */
static void
put_walk(FunctionCallInfo fcinfo, LineageGraph *graph, const LineageWalk *walk)
{
	LineageRows rows;
	uint32		first,
				count = lineage_walk(graph, walk, &first);
	uint64	   *keys = lineage_env.alloc(count * sizeof(uint64) + 1);
	Datum		values[3] = {0};
	bool		nulls[3] = {false};

	for (uint32 i = 0; i < count; i++)
	{
		uint32		node = graph->queue[first + i];

		keys[i] = (uint64) graph->depth[node] << 32 | node;
	}
	qsort(keys, count, sizeof(uint64), key_order);
	lineage_rows_begin(&rows, fcinfo, 0);
	for (uint32 i = 0; i < count; i++)
	{
		uint32		node = (uint32) keys[i];

		values[0] = lineage_rows_text(&rows, graph->ids[node]);
		values[1] = Int32GetDatum((int32) (keys[i] >> 32));
		nulls[2] = graph->via[node] == 0;
		if (!walk->up && !nulls[2])
			values[2] = lineage_rows_text(&rows, graph->relation_names[graph->via[node]]);
		lineage_rows_put(&rows, values, nulls);
	}
	pfree(keys);
}

static Datum
put_descendants(FunctionCallInfo fcinfo, bool is_array)
{
	LineageWalk walk = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
	{
		InitMaterializedSRF(fcinfo, 0);
		return (Datum) 0;
	}
	else
	{
		LineageGraph *graph = lineage_graph_arg(fcinfo);

		walk_args(fcinfo, graph, is_array, "descendants", &walk);
		put_walk(fcinfo, graph, &walk);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(pghub_lineage_descendants_rows);
Datum
pghub_lineage_descendants_rows(PG_FUNCTION_ARGS)
{
	return put_descendants(fcinfo, false);
}

PG_FUNCTION_INFO_V1(pghub_lineage_descendants_rows_set);
Datum
pghub_lineage_descendants_rows_set(PG_FUNCTION_ARGS)
{
	return put_descendants(fcinfo, true);
}

PG_FUNCTION_INFO_V1(pghub_lineage_ancestors);
Datum
pghub_lineage_ancestors(PG_FUNCTION_ARGS)
{
	LineageGraph *graph = lineage_graph_arg(fcinfo);
	LineageWalk walk = {.up = true, .max_depth = LINEAGE_NONE};

	roots_arg(fcinfo, graph, false, "ancestors", &walk);
	put_walk(fcinfo, graph, &walk);
	return (Datum) 0;
}

/* ---------- lineage_edges(l) ---------- */

PG_FUNCTION_INFO_V1(pghub_lineage_edges);
Datum
pghub_lineage_edges(PG_FUNCTION_ARGS)
{
	LineageGraph graph;
	LineageRows rows;
	Datum		values[3];
	bool		nulls[3] = {false};

	lineage_open(&graph, summary_canonical(summary_arg(fcinfo, 0)));
	lineage_rows_begin(&rows, fcinfo, 0);
	for (uint32 child = 0; child < graph.nodes; child++)
		for (uint32 i = graph.parent_at[child]; i < graph.parent_at[child + 1]; i++)
		{
			uint32		relation = graph.parent_relations[i];

			values[0] = lineage_rows_text(&rows, graph.ids[child]);
			values[1] = lineage_rows_text(&rows, graph.ids[graph.parents[i]]);
			nulls[2] = relation == 0;
			if (relation)
				values[2] = lineage_rows_text(&rows, graph.relation_names[relation]);
			lineage_rows_put(&rows, values, nulls);
		}
	return (Datum) 0;
}
