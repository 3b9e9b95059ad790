/*
 * lineage_whole.c
 *		Readers of lineage_summary that look at all nodes at once.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "stats/lineage_holder.h"
#include "stats/lineage_rows.h"

/* Shares of nodes with several parents that lineage_origins holds: 1 GB. */
#define MAX_SHARES ((size_t) 1 << 26)

#define AHEAD 16				/* nodes fetched before they are put */

typedef struct Whole
{
	LineageGraph graph;
	LineageDag	dag;
} Whole;

static void
open_whole(Whole *whole, FunctionCallInfo fcinfo)
{
	lineage_open(&whole->graph, summary_canonical(summary_arg(fcinfo, 0)));
	lineage_dag_build(&whole->dag, &whole->graph);
}

/* The same where the order of the ids does not matter: cheaper for what lineage_agg just made. */
static void
open_unordered(Whole *whole, FunctionCallInfo fcinfo)
{
	const LineageState *state = lineage_answer_arg(fcinfo);

	if (state)
	{
		lineage_gather(&whole->graph, state, &lineage_env);
		lineage_dag_build(&whole->dag, &whole->graph);
	}
	else
		open_whole(whole, fcinfo);
}

/* ---------- lineage_roots(l), lineage_cycles(l) ---------- */

PG_FUNCTION_INFO_V1(pghub_lineage_roots);
Datum
pghub_lineage_roots(PG_FUNCTION_ARGS)
{
	Whole		whole;
	LineageRows rows;
	Datum		values[2];
	bool		nulls[2] = {false};

	open_whole(&whole, fcinfo);
	lineage_rows_begin(&rows, fcinfo, 0);
	for (uint32 node = 0; node < whole.graph.nodes; node++)
	{
		uint32		c = whole.dag.of[node];

		if (!lineage_dag_is_root(&whole.dag, c) || lineage_dag_first(&whole.dag, c) != node)
			continue;
		values[0] = lineage_rows_text(&rows, whole.graph.ids[node]);
		values[1] = BoolGetDatum(lineage_dag_size(&whole.dag, c) > 1);
		lineage_rows_put(&rows, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(pghub_lineage_cycles);
Datum
pghub_lineage_cycles(PG_FUNCTION_ARGS)
{
	Whole		whole;
	LineageRows rows;
	Datum		values[2];
	bool		nulls[2] = {false};
	int32		cycle = 0;

	open_whole(&whole, fcinfo);
	lineage_rows_begin(&rows, fcinfo, 0);
	for (uint32 node = 0; node < whole.graph.nodes; node++)
	{
		const LineageDag *dag = &whole.dag;
		uint32		c = dag->of[node];

		if (lineage_dag_size(dag, c) == 1 || lineage_dag_first(dag, c) != node)
			continue;
		values[0] = Int32GetDatum(++cycle);
		for (uint32 m = dag->member_at[c]; m < dag->member_at[c + 1]; m++)
		{
			values[1] = lineage_rows_text(&rows, whole.graph.ids[dag->members[m]]);
			lineage_rows_put(&rows, values, nulls);
		}
	}
	return (Datum) 0;
}

/* ---------- lineage_nodes(l) ---------- */

/* Is place i of the parents of node another one?  Repeats stand together. */
static inline bool
is_new_parent(const LineageGraph *graph, uint32 node, uint32 i)
{
	return graph->parents[i] != node &&
		(i == graph->parent_at[node] || graph->parents[i] != graph->parents[i - 1]);
}

static uint32
count_parents(const LineageGraph *graph, uint32 node)
{
	uint32		count = 0;

	for (uint32 i = graph->parent_at[node]; i < graph->parent_at[node + 1]; i++)
		count += is_new_parent(graph, node, i);
	return count;
}

/* Distinct children of each node, itself left out. */
static uint32 *
count_children(const LineageGraph *graph)
{
	uint32	   *counts = graph->env->alloc(graph->nodes * sizeof(uint32));

	memset(counts, 0, graph->nodes * sizeof(uint32));
	for (uint32 node = 0; node < graph->nodes; node++)
		for (uint32 i = graph->parent_at[node]; i < graph->parent_at[node + 1]; i++)
			counts[graph->parents[i]] += is_new_parent(graph, node, i);
	return counts;
}

/* Nodes below each component. */
static double *
counts_below(const LineageDag *dag)
{
	double	   *size = dag->env->alloc(dag->count * sizeof(double));
	double	   *below;

	for (uint32 c = 0; c < dag->count; c++)
		size[c] = lineage_dag_size(dag, c);
	below = lineage_dag_below(dag, size);
	dag->env->release(size);
	return below;
}

/* What lineage_nodes tells of all nodes. */
typedef struct NodeFacts
{
	Whole		whole;
	uint32	   *children;		/* by node, the others by component */
	double	   *below;
	uint32	   *depth;
	uint32	   *height;
	uint32	   *roots;
} NodeFacts;

static void
open_facts(NodeFacts *facts, FunctionCallInfo fcinfo)
{
	const LineageDag *dag = &facts->whole.dag;

	open_unordered(&facts->whole, fcinfo);
	facts->children = count_children(&facts->whole.graph);
	facts->below = counts_below(dag);
	facts->depth = lineage_dag_depths(dag);
	facts->height = lineage_dag_heights(dag);
	facts->roots = lineage_dag_root_counts(dag);
}

/* The columns behind the id. */
static void
facts_of(const NodeFacts *facts, uint32 node, Datum *values)
{
	const LineageDag *dag = &facts->whole.dag;
	const LineageGraph *graph = &facts->whole.graph;
	uint32		c = dag->of[node];
	uint32		size = lineage_dag_size(dag, c);

	if (node + AHEAD < graph->nodes)
	{
		uint32		next = dag->of[node + AHEAD];

		__builtin_prefetch(&facts->below[next]);
		__builtin_prefetch(&facts->depth[next]);
		__builtin_prefetch(&facts->height[next]);
		__builtin_prefetch(&facts->roots[next]);
		__builtin_prefetch(&dag->member_at[next]);
	}
	values[1] = Int64GetDatum(count_parents(graph, node));
	values[2] = Int64GetDatum(facts->children[node]);
	values[3] = Int64GetDatum((int64) facts->below[c] + size - 1);
	values[4] = Int32GetDatum(facts->depth[c]);
	values[5] = Int32GetDatum(facts->height[c]);
	values[6] = Int64GetDatum(facts->roots[c]);
	values[7] = BoolGetDatum(size > 1);
}

/* What a row takes in a tuplestore, a little too much. */
static Size
node_rows_size(const LineageGraph *graph)
{
	const LineageString *last = &graph->ids[graph->nodes - 1];
	Size		text = last->text + last->len - graph->ids[0].text;

	return graph->nodes * (Size) 128 + text;
}

static void
put_nodes(FunctionCallInfo fcinfo)
{
	NodeFacts	facts;
	const LineageGraph *graph = &facts.whole.graph;
	LineageRows rows;
	Datum		values[8];
	bool		nulls[8] = {false};

	open_facts(&facts, fcinfo);
	lineage_rows_begin(&rows, fcinfo, node_rows_size(graph));
	for (uint32 node = 0; node < graph->nodes; node++)
	{
		values[0] = lineage_rows_text(&rows, graph->ids[node]);
		facts_of(&facts, node, values);
		lineage_rows_put(&rows, values, nulls);
	}
}

static Datum
next_node(FunctionCallInfo fcinfo)
{
	FuncCallContext *call;
	NodeFacts  *facts;
	LineageString id;
	Datum		values[8];
	bool		nulls[8] = {false};

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;
		TupleDesc	tupdesc;

		call = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(call->multi_call_memory_ctx);
		if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "lineage_nodes must return a row type");
		call->tuple_desc = BlessTupleDesc(tupdesc);
		facts = palloc(sizeof(NodeFacts));
		open_facts(facts, fcinfo);
		call->user_fctx = facts;
		call->max_calls = facts->whole.graph.nodes;
		MemoryContextSwitchTo(old);
	}
	call = SRF_PERCALL_SETUP();
	if (call->call_cntr == call->max_calls)
		SRF_RETURN_DONE(call);
	facts = call->user_fctx;
	id = facts->whole.graph.ids[call->call_cntr];
	values[0] = PointerGetDatum(cstring_to_text_with_len(id.text, id.len));
	facts_of(facts, call->call_cntr, values);
	SRF_RETURN_NEXT(call, HeapTupleGetDatum(heap_form_tuple(call->tuple_desc, values, nulls)));
}

/*
 * A FROM clause keeps all rows in any case, a list of outputs takes them one
 * by one: there none is kept, and a limit ends the work.
 */
PG_FUNCTION_INFO_V1(pghub_lineage_nodes);
Datum
pghub_lineage_nodes(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	if (result && IsA(result, ReturnSetInfo) &&
		(result->allowedModes & SFRM_ValuePerCall) != 0 &&
		(result->allowedModes & SFRM_Materialize_Preferred) == 0)
		return next_node(fcinfo);
	put_nodes(fcinfo);
	return (Datum) 0;
}

/* ---------- lineage_origins(l) ---------- */

typedef struct OriginRows
{
	LineageRows rows;
	const LineageGraph *graph;
} OriginRows;

static void
put_origin(uint32_t node, uint32_t root, double weight, void *arg)
{
	OriginRows *origins = arg;
	Datum		values[3];
	bool		nulls[3] = {false};

	values[0] = lineage_rows_text(&origins->rows, origins->graph->ids[node]);
	values[1] = lineage_rows_text(&origins->rows, origins->graph->ids[root]);
	values[2] = Float8GetDatum(weight);
	lineage_rows_put(&origins->rows, values, nulls);
}

PG_FUNCTION_INFO_V1(pghub_lineage_origins);
Datum
pghub_lineage_origins(PG_FUNCTION_ARGS)
{
	Whole		whole;
	OriginRows	origins;

	open_whole(&whole, fcinfo);
	lineage_rows_begin(&origins.rows, fcinfo, 0);
	origins.graph = &whole.graph;
	if (!lineage_dag_origins(&whole.dag, MAX_SHARES, put_origin, &origins))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("lineage_origins needs more than %zu shares", MAX_SHARES),
				 errdetail("Nodes with several parents descend from too many roots.")));
	return (Datum) 0;
}

/* ---------- lineage_weighted(l, ids, amounts) ---------- */

/* What each node owns; amounts of a repeated id add up. */
static double *
amounts_arg(FunctionCallInfo fcinfo, const LineageGraph *graph)
{
	int			count,
				amount_count;
	LineageString *ids = lineage_array_arg(fcinfo, 1, &count);
	Datum	   *amounts;
	bool	   *nulls;
	double	   *own = graph->env->alloc(graph->nodes * sizeof(double));

	memset(own, 0, graph->nodes * sizeof(double));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &amounts, &nulls, &amount_count);
	if (count != amount_count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("ids and amounts of lineage_weighted must be of equal length"),
				 errdetail("There are %d ids and %d amounts.", count, amount_count)));
	for (int i = 0; i < count; i++)
	{
		double		amount = nulls[i] ? 0 : DatumGetFloat8(amounts[i]);
		uint32		node;

		if (ids[i].text == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("ids of lineage_weighted must not contain NULL")));
		if (!isfinite(amount))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("amounts of lineage_weighted must be finite")));
		node = lineage_find(graph, ids[i]);
		if (node != LINEAGE_NONE)
			own[node] += amount;
	}
	return own;
}

PG_FUNCTION_INFO_V1(pghub_lineage_weighted);
Datum
pghub_lineage_weighted(PG_FUNCTION_ARGS)
{
	Whole		whole;
	LineageRows rows;
	Datum		values[3];
	bool		nulls[3] = {false};
	double	   *own,
			   *total;

	open_whole(&whole, fcinfo);
	own = amounts_arg(fcinfo, &whole.graph);
	total = lineage_dag_totals(&whole.dag, own);
	lineage_rows_begin(&rows, fcinfo, 0);
	for (uint32 node = 0; node < whole.graph.nodes; node++)
	{
		if (!isfinite(own[node]) || !isfinite(total[node]))
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("sum of lineage_weighted is out of range")));
		values[0] = lineage_rows_text(&rows, whole.graph.ids[node]);
		values[1] = Float8GetDatum(own[node]);
		values[2] = Float8GetDatum(total[node]);
		lineage_rows_put(&rows, values, nulls);
	}
	return (Datum) 0;
}

/* ---------- lineage_info(l) ---------- */

static int64
count_self_loops(const LineageGraph *graph)
{
	int64		count = 0;

	for (uint32 child = 0; child < graph->nodes; child++)
		for (uint32 i = graph->parent_at[child]; i < graph->parent_at[child + 1]; i++)
			count += graph->parents[i] == child;
	return count;
}

PG_FUNCTION_INFO_V1(pghub_lineage_info);
Datum
pghub_lineage_info(PG_FUNCTION_ARGS)
{
	Whole		whole;
	TupleDesc	tupdesc;
	Datum		values[6];
	bool		nulls[6] = {false};
	uint32	   *depth;
	uint32		max_depth = 0;
	int64		roots = 0,
				cycles = 0;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "lineage_info must return a row type");
	open_unordered(&whole, fcinfo);
	depth = lineage_dag_depths(&whole.dag);
	for (uint32 c = 0; c < whole.dag.count; c++)
	{
		roots += lineage_dag_is_root(&whole.dag, c);
		cycles += lineage_dag_size(&whole.dag, c) > 1;
		max_depth = Max(max_depth, depth[c]);
	}
	values[0] = Int64GetDatum(whole.graph.nodes);
	values[1] = Int64GetDatum(whole.graph.edges);
	values[2] = Int64GetDatum(roots);
	values[3] = Int64GetDatum(count_self_loops(&whole.graph));
	values[4] = Int64GetDatum(cycles);
	values[5] = Int32GetDatum(max_depth);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}
