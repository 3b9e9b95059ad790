/*
 * fuzz_lineage.c
 *		Any bytes as a summary, and any edges through the state.
 *
 * fuzz-sources: src/stats/lineage_state.c src/stats/lineage_form.c src/stats/lineage_graph.c src/stats/lineage_dag.c src/stats/lineage_count.c
 *
 * A first byte of 0xff makes the rest edges: each byte pair is one, a state
 * takes them, its canonical form must read back, and counts must agree with a
 * walk.  Otherwise the rest is decoded as a payload; what is accepted must be
 * walked safely and come out of a state as the same bytes.
 */
#include "stats/lineage_dag.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LIMIT ((size_t) 64 << 20)

static void *
fuzz_alloc(size_t size)
{
	void	   *memory;

	/* inputs are small: what asks for more is not bounded by them */
	if (size > LIMIT || (memory = malloc(size)) == NULL)
	{
		fprintf(stderr, "allocation of %zu bytes\n", size);
		abort();
	}
	return memory;
}

static void
fuzz_interrupt(void)
{
}

static const LineageEnv env = {fuzz_alloc, free, fuzz_interrupt};

static void
expect(int truth, const char *what)
{
	if (!truth)
	{
		fprintf(stderr, "violated: %s\n", what);
		abort();
	}
}

static LineageState *
state_new(void)
{
	LineageState *state = fuzz_alloc(lineage_state_first());

	memset(state, 0, lineage_state_first());
	lineage_state_init(state, 42);
	return state;
}

static void
add(LineageState **state, LineageString child, LineageString parent, LineageString relation)
{
	size_t		text = lineage_entry_size(child.len);
	LineageState *next;

	text += parent.text ? lineage_entry_size(parent.len) : 0;
	text += relation.text ? lineage_entry_size(relation.len) : 0;
	next = lineage_state_room(*state, text, 1000, LIMIT, &env);
	expect(next != NULL, "room");
	if (next != *state)
		free(*state);
	*state = next;
	lineage_state_add(next, child, parent, relation);
}

static uint8_t *
place(size_t size, void *arg)
{
	return *(uint8_t **) arg = fuzz_alloc(size + 1);
}

/* The canonical bytes of a state. */
static uint8_t *
encode(LineageState *state, size_t *size)
{
	CodecWriter w;
	uint8_t    *bytes = NULL;

	lineage_state_flush(state);
	lineage_encode(&w, state, 0, (LineageString) {NULL, 0}, &env, place, &bytes);
	*size = w.size;
	return bytes;
}

static void
emit(uint32_t node, uint32_t root, double weight, void *arg)
{
	double	   *sum = arg;

	(void) root;
	sum[node] += weight;
}

/* Nodes below each component. */
static double *
nodes_below(const LineageDag *dag)
{
	double	   *size = fuzz_alloc(dag->count * sizeof(double)),
			   *below;

	for (uint32_t c = 0; c < dag->count; c++)
		size[c] = lineage_dag_size(dag, c);
	below = lineage_dag_below(dag, size);
	free(size);
	return below;
}

/* Every reader of a sound graph. */
static void
read_all(LineageGraph *graph)
{
	LineageDag	dag;
	double	   *below,
			   *sum = fuzz_alloc(graph->nodes * sizeof(double));

	lineage_dag_build(&dag, graph);
	below = nodes_below(&dag);
	for (uint32_t node = 0; node < graph->nodes; node++)
	{
		LineageWalk walk = {.max_depth = LINEAGE_NONE, .roots = &node, .root_count = 1};
		uint32_t	first,
					c = dag.of[node];

		if (graph->nodes < 200)
			expect(lineage_walk(graph, &walk, &first) == (uint32_t) below[c] + lineage_dag_size(&dag, c) - 1, "count = walk");
		expect(lineage_find(graph, graph->ids[node]) == node, "find");
		sum[node] = 0;
	}
	if (graph->nodes > 1)
	{
		uint32_t	roots[] = {0, graph->nodes - 1, graph->nodes / 2};
		LineageWalk walk = {.max_depth = 5, .roots = roots, .root_count = 3};
		uint32_t	first;

		lineage_walk(graph, &walk, &first);
	}
	expect(lineage_dag_origins(&dag, (size_t) 1 << 20, emit, sum), "shares");
	for (uint32_t node = 0; node < graph->nodes; node++)
		expect(fabs(sum[node] - 1) < 1e-12, "weights sum to one");
	free(lineage_dag_depths(&dag));
	free(lineage_dag_heights(&dag));
	free(lineage_dag_root_counts(&dag));
	free(lineage_dag_totals(&dag, sum));
	free(below);
	free(sum);
	lineage_dag_free(&dag);
}

/* Descendants of each node. */
static double *
count_all(LineageGraph *graph)
{
	LineageDag	dag;
	double	   *count = fuzz_alloc(graph->nodes * sizeof(double)),
			   *below;

	lineage_dag_build(&dag, graph);
	below = nodes_below(&dag);
	for (uint32_t node = 0; node < graph->nodes; node++)
		count[node] = below[dag.of[node]] + lineage_dag_size(&dag, dag.of[node]) - 1;
	free(below);
	lineage_dag_free(&dag);
	return count;
}

/* A state read as it is tells the same as its canonical form. */
static void
gather(const LineageState *state, LineageGraph *graph)
{
	LineageGraph raw;
	double	   *count = count_all(graph),
			   *raw_count;

	lineage_gather(&raw, state, &env);
	expect(raw.nodes == graph->nodes && raw.edges == graph->edges &&
		   raw.relations == graph->relations, "as many of all");
	raw_count = count_all(&raw);
	for (uint32_t n = 0; n < raw.nodes; n++)
	{
		uint32_t	node = lineage_find(graph, raw.ids[n]);

		expect(node != LINEAGE_NONE && count[node] == raw_count[n], "the same node");
		expect(raw.parent_at[n + 1] - raw.parent_at[n] ==
			   graph->parent_at[node + 1] - graph->parent_at[node], "as many edges");
	}
	free(raw_count);
	free(count);
	lineage_graph_free(&raw);
}

static void
fuzz_payload(const uint8_t *data, size_t len)
{
	LineageGraph graph;
	LineageState *state;
	uint8_t    *again;
	size_t		size;

	if (lineage_decode(&graph, 0, data, len, &env) != NULL)
		return;
	read_all(&graph);
	state = state_new();
	for (uint32_t child = 0; child < graph.nodes; child++)
	{
		add(&state, graph.ids[child], (LineageString) {NULL, 0}, (LineageString) {NULL, 0});
		for (uint32_t i = graph.parent_at[child]; i < graph.parent_at[child + 1]; i++)
			add(&state, graph.ids[child], graph.ids[graph.parents[i]],
				graph.relation_names[graph.parent_relations[i]]);
	}
	again = encode(state, &size);
	expect(size == len && memcmp(again, data, len) == 0, "canonical form is the only one");
	free(again);
	free(state);
	lineage_graph_free(&graph);
}

static void
fuzz_edges(const uint8_t *data, size_t len)
{
	LineageState *state = state_new();
	LineageGraph graph;
	uint8_t    *bytes;
	size_t		size;
	uint32_t	root;

	for (size_t i = 0; i + 1 < len; i += 2)
	{
		char		child[40],
					parent[40];
		LineageString c = {child, (uint32_t) snprintf(child, 40, "a-prefix-of-some-length/%d", data[i] & 63)};
		LineageString p = {parent, (uint32_t) snprintf(parent, 40, "a-prefix-of-some-length/%d", data[i + 1] & 63)};
		LineageString r = {"merge", data[i] & 64 ? 5 : 2};

		if (data[i] & 128)
			r.text = NULL;
		if (data[i + 1] & 128)
			p.text = NULL;
		add(&state, c, p, r);
	}
	bytes = encode(state, &size);
	expect(lineage_decode(&graph, 0, bytes, size, &env) == NULL, "what is written is sound");
	read_all(&graph);
	gather(state, &graph);
	root = lineage_state_find(state, graph.ids[0]);
	expect(root != LINEAGE_NONE, "the state knows its ids");
	{
		uint32_t	node = 0,
					first;
		LineageWalk walk = {.max_depth = LINEAGE_NONE, .roots = &node, .root_count = 1};

		expect(lineage_walk(&graph, &walk, &first) == lineage_state_count(state, root, &env), "one step = two steps");
	}
	lineage_graph_free(&graph);
	free(bytes);
	free(state);
}

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len > 2 && data[0] == 0xff)
		fuzz_edges(data + 1, len - 1);
	else if (len > 0)
		fuzz_payload(data, len);
	return 0;
}
