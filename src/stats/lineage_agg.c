/*
 * lineage_agg.c
 *		State of lineage_agg: transition, combination, canonical form.
 */
#include "postgres.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "catalog/pg_type.h"
#include "common/pg_prng.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "stats/lineage_holder.h"

/* ---------- surroundings of the pure code ---------- */

#define LARGE ((size_t) 2 << 20)
#define PAGE ((uintptr_t) 4096)

void
lineage_large_pages(void *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
	if (size >= LARGE)
	{
		uintptr_t	start = TYPEALIGN(PAGE, (uintptr_t) memory);
		uintptr_t	end = TYPEALIGN_DOWN(PAGE, (uintptr_t) memory + size);

		/* advice: where it is refused nothing is lost */
		(void) madvise((void *) start, end - start, MADV_HUGEPAGE);
	}
#endif
}

static void *
env_alloc(size_t size)
{
	void	   *memory = MemoryContextAllocHuge(CurrentMemoryContext, size);

	lineage_large_pages(memory, size);
	return memory;
}

static void
env_interrupt(void)
{
	CHECK_FOR_INTERRUPTS();
}

const LineageEnv lineage_env = {env_alloc, pfree, env_interrupt};

static const LineageString no_string = {NULL, 0};

static LineageString
string_of(Datum datum)
{
	text	   *value = DatumGetTextPP(datum);

	return (LineageString) {VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

LineageString
lineage_text_arg(FunctionCallInfo fcinfo, int argno)
{
	if (PG_ARGISNULL(argno))
		return no_string;
	return string_of(PG_GETARG_DATUM(argno));
}

LineageString *
lineage_array_arg(FunctionCallInfo fcinfo, int argno, int *count)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	Datum	   *values;
	bool	   *nulls;
	LineageString *strings;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, count);
	strings = palloc(*count * sizeof(LineageString) + 1);
	for (int i = 0; i < *count; i++)
		strings[i] = nulls[i] ? no_string : string_of(values[i]);
	return strings;
}

/* ---------- the family ---------- */

void
lineage_open(LineageGraph *graph, const Summary *summary)
{
	const char *damage = lineage_decode(graph, summary->flags, summary->payload,
										SUMMARY_PAYLOAD_SIZE(summary), &lineage_env);

	if (damage)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("lineage_summary is damaged"),
				 errdetail("%s", damage)));
}

static bool
is_valid(LineageString string)
{
	return pg_verify_mbstr(GetDatabaseEncoding(), string.text, string.len, true);
}

static const char *
lineage_check(uint8 flags, const uint8 *payload, size_t len)
{
	LineageGraph graph;
	const char *damage = lineage_decode(&graph, flags, payload, len, &lineage_env);

	if (damage)
		return damage;
	for (uint32 i = 0; i < graph.nodes && !damage; i++)
		if (!is_valid(graph.ids[i]))
			damage = "An id is not valid in the encoding of the database.";
	for (uint32 i = 1; i <= graph.relations && !damage; i++)
		if (!is_valid(graph.relation_names[i]))
			damage = "A relation is not valid in the encoding of the database.";
	if (graph.root.text && !damage && !is_valid(graph.root))
		damage = "The root is not valid in the encoding of the database.";
	lineage_graph_free(&graph);
	return damage;
}

/* The state, or a copy of it, in which nothing waits. */
static const LineageState *
settled_state(const LineageState *state)
{
	LineageState *copy;

	if (state->new_strings == 0)
		return state;
	copy = env_alloc(VARSIZE(state));
	memcpy(copy, state, VARSIZE(state));
	lineage_state_flush(copy);
	return copy;
}

/* The root of a one-step aggregate is the first string of its state. */
static LineageString
state_root(const LineageState *state)
{
	const LineageEntry *entry = (const LineageEntry *) lineage_state_text(state);

	if ((((const Summary *) state)->flags & LINEAGE_ROOT) == 0)
		return no_string;
	return (LineageString) {entry->text, entry->len};
}

typedef struct Placing
{
	uint8		flags;
	Summary    *summary;
} Placing;

static uint8_t *
place_summary(size_t size, void *arg)
{
	Placing    *placing = arg;

	placing->summary = summary_alloc(SUMMARY_LINEAGE, placing->flags, size);
	lineage_large_pages(placing->summary, size);
	return placing->summary->payload;
}

static Summary *
lineage_canonical(const Summary *working)
{
	const LineageState *given = (const LineageState *) working;
	const LineageState *state = settled_state(given);
	Placing		placing = {working->flags, NULL};
	CodecWriter w;

	lineage_encode(&w, state, working->flags, state_root(state), &lineage_env,
				   place_summary, &placing);
	if (state != given)
		pfree(unconstify(LineageState *, state));
	return placing.summary;
}

const SummaryFamily lineage_family = {
	SUMMARY_LINEAGE, LINEAGE_VERSION, "lineage",
	lineage_check, lineage_canonical
};

SUMMARY_INPUT(lineage_summary, lineage_family)

/* ---------- growing ---------- */

/*
 * A state on its way through one call.  The executor owns the state that came
 * in and frees it once a different one is returned; those in between are ours,
 * and so are those in a holder.
 */
typedef struct Building
{
	LineageState *state;
	const LineageState *given;
	LineageHolder *holder;		/* of a large state */
	MemoryContext parent;		/* of a holder; NULL to have none */
	uint64		expected;		/* edges in the end, if known */
	Node	   *context;		/* of the aggregate, which may know */
} Building;

/*
 * What the planner expects of a group.  A wrong guess costs room for a few
 * times what is held, or some more copies.
 */
static uint64
expected_rows(Node *context)
{
	AggState   *aggstate = (AggState *) context;
	Agg		   *agg;
	double		rows;

	if (context == NULL || !IsA(context, AggState))
		return 0;
	agg = (Agg *) aggstate->ss.ps.plan;
	rows = outerPlan(agg) ? outerPlan(agg)->plan_rows : 0;
	if (agg->numCols > 0 && agg->numGroups > 1)
		rows /= agg->numGroups;
	return rows < 1e9 ? (uint64) rows : 1000000000;
}

static void
state_limit(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("lineage exceeds the limit of %zu bytes", (size_t) MaxAllocSize),
			 errhint("Build a summary for each part of the edges.")));
}

static void
make_room(Building *b, size_t text)
{
	LineageState *old,
			   *state;
	MemoryContext caller;

	if (lineage_state_has_room(b->state, text))
		return;
	if (b->expected == 0 && b->state->edges >= 4096)
		b->expected = expected_rows(b->context);
	if (b->holder == NULL && b->parent && VARSIZE(b->state) >= LINEAGE_HELD_SIZE)
	{
		b->holder = lineage_holder_new(b->parent, b->state);
		if (b->state != b->given)
			pfree(b->state);
		b->state = b->holder->state;
	}
	old = b->state;
	caller = MemoryContextSwitchTo(b->holder ? b->holder->header.eoh_context : CurrentMemoryContext);
	state = lineage_state_room(old, text, b->expected, MaxAllocSize, &lineage_env);
	MemoryContextSwitchTo(caller);
	if (state == NULL)
		state_limit();
	if (state == old)
		return;
	SET_VARSIZE(state, lineage_state_size(state->slots, state->edge_room, state->text_room));
	if (old != b->given)
		pfree(old);
	b->state = state;
	if (b->holder)
		b->holder->state = state;
}

static void
add_edge(Building *b, LineageString child, LineageString parent, LineageString relation)
{
	size_t		text = lineage_entry_size(child.len);

	if (parent.text)
		text += lineage_entry_size(parent.len);
	if (relation.text)
		text += lineage_entry_size(relation.len);
	make_room(b, text);
	lineage_state_add(b->state, child, parent, relation);
}

static LineageState *
state_new(uint8 flags, LineageString root)
{
	LineageState *state = palloc(lineage_state_first());
	Summary    *head = (Summary *) state;
	Building	b = {.state = state};

	SET_VARSIZE(state, lineage_state_first());
	head->tag = SUMMARY_LINEAGE;
	head->version = SUMMARY_WORKING;
	head->flags = flags;
	head->zero = 0;
	lineage_state_init(state, pg_prng_uint64(&pg_global_prng_state));
	if (flags & LINEAGE_ROOT)
	{
		make_room(&b, lineage_entry_size(root.len));
		lineage_state_word(b.state, root);
		lineage_state_flush(b.state);
	}
	return b.state;
}

static void
check_roots(uint8 flags_a, LineageString a, uint8 flags_b, LineageString b)
{
	if (flags_a == flags_b && a.len == b.len &&
		(a.len == 0 || memcmp(a.text, b.text, a.len) == 0))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("root of lineage_descendants differs between rows"),
			 errhint("Build the summary by lineage_agg and read it once for each root.")));
}

/* ---------- merging ---------- */

static void
add_state(Building *b, const LineageState *more)
{
	const LineageState *state = settled_state(more);
	LineageString *strings = lineage_state_strings(state, &lineage_env);
	const LineageEdge *edges = lineage_state_edges(state);

	for (uint32 i = 0; i < state->edges; i++)
	{
		LineageEdge edge = edges[i];

		if ((i & LINEAGE_STEPS) == 0)
			CHECK_FOR_INTERRUPTS();
		add_edge(b, strings[edge.child],
				 edge.parent == LINEAGE_NONE ? no_string : strings[edge.parent],
				 edge.relation == LINEAGE_NONE ? no_string : strings[edge.relation]);
	}
	pfree(strings);
	if (state != more)
		pfree(unconstify(LineageState *, state));
}

static void
add_graph(Building *b, const LineageGraph *graph)
{
	bool	   *is_parent = palloc0(graph->nodes);

	for (uint32 i = 0; i < graph->edges; i++)
		is_parent[graph->parents[i]] = true;
	for (uint32 child = 0; child < graph->nodes; child++)
	{
		uint32		at = graph->parent_at[child],
					end = graph->parent_at[child + 1];

		if ((child & LINEAGE_STEPS) == 0)
			CHECK_FOR_INTERRUPTS();
		if (at == end && !is_parent[child])
			add_edge(b, graph->ids[child], no_string, no_string);
		for (; at < end; at++)
			add_edge(b, graph->ids[child], graph->ids[graph->parents[at]],
					 graph->relation_names[graph->parent_relations[at]]);
	}
	pfree(is_parent);
}

static void
add_summary(Building *b, const Summary *more)
{
	Summary    *head = (Summary *) b->state;

	if (SummaryIsWorking(more))
	{
		const LineageState *state = (const LineageState *) more;

		check_roots(head->flags, state_root(b->state), more->flags, state_root(state));
		add_state(b, state);
	}
	else
	{
		LineageGraph graph;

		lineage_open(&graph, more);
		check_roots(head->flags, state_root(b->state), more->flags, graph.root);
		add_graph(b, &graph);
		lineage_graph_free(&graph);
	}
}

/* A new state that holds what a canonical summary does. */
static LineageState *
state_from(const Summary *summary)
{
	LineageGraph graph;
	Building	b;

	lineage_open(&graph, summary);
	b = (Building) {.state = state_new(summary->flags, graph.root),
	.expected = (uint64) graph.nodes + graph.edges};
	add_graph(&b, &graph);
	lineage_graph_free(&graph);
	return b.state;
}

/* Begins with argument 0, to be changed in place: none, or a working state. */
static void
begin_state(Building *b, FunctionCallInfo fcinfo, const char *what)
{
	*b = (Building) {.parent = summary_agg_context(fcinfo, what), .context = fcinfo->context};
	if (PG_ARGISNULL(0))
		return;
	if (VARATT_IS_EXTERNAL_EXPANDED_RW(PG_GETARG_POINTER(0)))
		b->holder = lineage_holder_arg(fcinfo);
	if (b->holder)
		b->state = b->holder->state;
	else
	{
		Summary    *summary = summary_arg(fcinfo, 0);

		b->state = SummaryIsWorking(summary) ? (LineageState *) summary : state_from(summary);
		b->given = b->state;
	}
}

static Datum
end_state(FunctionCallInfo fcinfo, Building *b)
{
	if (b->holder)
		PG_RETURN_DATUM(EOHPGetRWDatum(&b->holder->header));
	if (b->state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(b->state);
}

/* ---------- transition ---------- */

/*
 * Reads what comes after the parents: a relation, or a root, which makes the
 * state its own.  False where the row is to be ignored.
 */
static bool
begin_row(FunctionCallInfo fcinfo, Building *b, LineageString *child, bool has_root)
{
	LineageString root = has_root ? lineage_text_arg(fcinfo, 3) : no_string;
	uint8		flags = !has_root ? 0 : root.text ? LINEAGE_ROOT : LINEAGE_ROOT_NULL;

	begin_state(b, fcinfo, has_root ? "lineage_descendants" : "lineage_agg");
	*child = lineage_text_arg(fcinfo, 1);
	if (child->len == 0)
		return false;
	if (b->state == NULL)
		b->state = state_new(flags, root);
	else if (has_root)
		check_roots(((Summary *) b->state)->flags, state_root(b->state), flags, root);
	return true;
}

/* An empty relation or parent is none. */
static inline LineageString
or_none(LineageString string)
{
	return string.len == 0 ? no_string : string;
}

static Datum
add_row(FunctionCallInfo fcinfo, bool has_root)
{
	Building	b;
	LineageString child,
				relation = no_string;

	if (begin_row(fcinfo, &b, &child, has_root))
	{
		if (!has_root && PG_NARGS() > 3)
			relation = or_none(lineage_text_arg(fcinfo, 3));
		add_edge(&b, child, or_none(lineage_text_arg(fcinfo, 2)), relation);
	}
	return end_state(fcinfo, &b);
}

static Datum
add_row_array(FunctionCallInfo fcinfo, bool has_root)
{
	Building	b;
	LineageString child,
				relation = no_string;

	if (begin_row(fcinfo, &b, &child, has_root))
	{
		int			count = 0;
		LineageString *parents = PG_ARGISNULL(2) ? NULL : lineage_array_arg(fcinfo, 2, &count);
		bool		alone = true;

		if (!has_root && PG_NARGS() > 3)
			relation = or_none(lineage_text_arg(fcinfo, 3));
		for (int i = 0; i < count; i++)
			if (parents[i].len > 0)
			{
				add_edge(&b, child, parents[i], relation);
				alone = false;
			}
		if (alone)
			add_edge(&b, child, no_string, no_string);
	}
	return end_state(fcinfo, &b);
}

PG_FUNCTION_INFO_V1(pghub_lineage_trans);
Datum
pghub_lineage_trans(PG_FUNCTION_ARGS)
{
	return add_row(fcinfo, false);
}

PG_FUNCTION_INFO_V1(pghub_lineage_trans_array);
Datum
pghub_lineage_trans_array(PG_FUNCTION_ARGS)
{
	return add_row_array(fcinfo, false);
}

PG_FUNCTION_INFO_V1(pghub_lineage_root_trans);
Datum
pghub_lineage_root_trans(PG_FUNCTION_ARGS)
{
	return add_row(fcinfo, true);
}

PG_FUNCTION_INFO_V1(pghub_lineage_root_trans_array);
Datum
pghub_lineage_root_trans_array(PG_FUNCTION_ARGS)
{
	return add_row_array(fcinfo, true);
}

/* ---------- combination ---------- */

PG_FUNCTION_INFO_V1(pghub_lineage_combine);
Datum
pghub_lineage_combine(PG_FUNCTION_ARGS)
{
	Building	b;

	begin_state(&b, fcinfo, "lineage_agg");
	add_summary(&b, summary_arg(fcinfo, 1));
	return end_state(fcinfo, &b);
}

PG_FUNCTION_INFO_V1(pghub_lineage_rollup);
Datum
pghub_lineage_rollup(PG_FUNCTION_ARGS)
{
	Building	b;

	begin_state(&b, fcinfo, "rollup");
	if (!PG_ARGISNULL(1))
	{
		Summary    *more = summary_arg(fcinfo, 1);

		if (b.state)
			add_summary(&b, more);
		else
			b.state = state_from(summary_canonical(more));
	}
	return end_state(fcinfo, &b);
}

PG_FUNCTION_INFO_V1(pghub_lineage_plus);
Datum
pghub_lineage_plus(PG_FUNCTION_ARGS)
{
	Building	b = {.state = state_from(summary_canonical(summary_arg(fcinfo, 0)))};

	add_summary(&b, summary_arg(fcinfo, 1));
	PG_RETURN_POINTER(lineage_canonical((Summary *) b.state));
}

/* ---------- final functions ---------- */

/* Argument 0 to be read, a large state without flattening it. */
static Summary *
working_arg(FunctionCallInfo fcinfo)
{
	LineageHolder *holder = lineage_holder_arg(fcinfo);

	return holder ? (Summary *) holder->state : summary_arg(fcinfo, 0);
}

PG_FUNCTION_INFO_V1(pghub_lineage_final);
Datum
pghub_lineage_final(PG_FUNCTION_ARGS)
{
	LineageHolder *holder;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	holder = lineage_holder_arg(fcinfo);
	if (holder)
	{
		/* what waits is settled in place: the set stays the same */
		lineage_state_flush(holder->state);
		PG_RETURN_DATUM(lineage_answer(holder->state));
	}
	PG_RETURN_POINTER(summary_canonical(summary_arg(fcinfo, 0)));
}

/* The root itself is always among the strings; is it a node? */
static bool
root_is_node(const LineageState *state)
{
	const LineageEdge *edges = lineage_state_edges(state);

	for (uint32 i = 0; i < state->edges; i++)
		if (edges[i].child == 0 || edges[i].parent == 0)
			return true;
	return false;
}

PG_FUNCTION_INFO_V1(pghub_lineage_root_final);
Datum
pghub_lineage_root_final(PG_FUNCTION_ARGS)
{
	Summary    *summary;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	summary = working_arg(fcinfo);
	if ((summary->flags & LINEAGE_ROOT) == 0)
		PG_RETURN_NULL();
	if (SummaryIsWorking(summary))
	{
		LineageState *state = (LineageState *) summary;

		/* what waits is settled in place: the set stays the same */
		lineage_state_flush(state);
		if (root_is_node(state))
			PG_RETURN_INT64(lineage_state_count(state, 0, &lineage_env));
	}
	else
	{
		LineageGraph graph;
		uint32		root,
					first;

		lineage_open(&graph, summary);
		root = lineage_find(&graph, graph.root);
		if (root != LINEAGE_NONE)
		{
			LineageWalk walk = {.max_depth = LINEAGE_NONE, .roots = &root, .root_count = 1};

			PG_RETURN_INT64(lineage_walk(&graph, &walk, &first));
		}
	}
	PG_RETURN_NULL();
}
