/*
 * lineage_graph.c
 *		Look-up and walks over a lineage; see lineage_graph.h.
 */
#include "stats/lineage_graph.h"

uint32_t
lineage_find(const LineageGraph *graph, LineageString id)
{
	uint32_t	low = 0,
				high = graph->nodes;

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;
		LineageString at = graph->ids[middle];
		int			order = memcmp(at.text, id.text, at.len < id.len ? at.len : id.len);

		if (order == 0)
			order = (at.len > id.len) - (at.len < id.len);
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return LINEAGE_NONE;
}

void
lineage_graph_children(LineageGraph *graph)
{
	const LineageEnv *env = graph->env;
	uint32_t	sum = 0;
	uint32_t   *at;

	if (graph->child_at)
		return;
	at = env->alloc(((size_t) graph->nodes + 2) * sizeof(uint32_t));
	graph->children = env->alloc((size_t) graph->edges * sizeof(uint32_t) + 1);
	graph->child_relations = env->alloc((size_t) graph->edges * sizeof(uint32_t) + 1);
	memset(at, 0, ((size_t) graph->nodes + 2) * sizeof(uint32_t));
	for (uint32_t i = 0; i < graph->edges; i++)
		at[graph->parents[i] + 2]++;
	for (uint32_t i = 0; i < graph->nodes; i++)
		at[i + 2] = sum += at[i + 2];
	env->interrupt();
	for (uint32_t child = 0; child < graph->nodes; child++)
		for (uint32_t i = graph->parent_at[child]; i < graph->parent_at[child + 1]; i++)
		{
			uint32_t	place = at[graph->parents[i] + 1]++;

			graph->children[place] = child;
			graph->child_relations[place] = graph->parent_relations[i];
		}
	graph->child_at = at;
}

void
lineage_graph_ready(LineageGraph *graph)
{
	size_t		size = (size_t) graph->nodes * sizeof(uint32_t);

	lineage_graph_children(graph);
	if (graph->seen)
		return;
	graph->depth = graph->env->alloc(size);
	graph->via = graph->env->alloc(size);
	graph->queue = graph->env->alloc(size);
	graph->seen = graph->env->alloc(size);
	memset(graph->seen, 0, size);
}

static void
walk_begin(LineageGraph *graph)
{
	size_t		size = (size_t) graph->nodes * sizeof(uint32_t);

	lineage_graph_ready(graph);
	if (++graph->walk == 0)
	{
		memset(graph->seen, 0, size);
		graph->walk = 1;
	}
}

/* Of two relations that lead to a node: the first by bytes, none last. */
static inline bool
goes_before(uint32_t a, uint32_t b)
{
	return a != 0 && (b == 0 || a < b);
}

uint32_t
lineage_walk(LineageGraph *graph, const LineageWalk *walk, uint32_t *first)
{
	uint32_t   *at,
			   *to,
			   *relations;
	uint32_t	tail = 0;

	walk_begin(graph);
	at = walk->up ? graph->parent_at : graph->child_at;
	to = walk->up ? graph->parents : graph->children;
	relations = walk->up ? graph->parent_relations : graph->child_relations;
	for (uint32_t i = 0; i < walk->root_count; i++)
	{
		uint32_t	root = walk->roots[i];

		if (graph->seen[root] != graph->walk)
		{
			graph->seen[root] = graph->walk;
			graph->depth[root] = 0;
			graph->queue[tail++] = root;
		}
	}
	*first = tail;
	for (uint32_t head = 0; head < tail; head++)
	{
		uint32_t	node = graph->queue[head];
		uint32_t	depth = graph->depth[node] + 1;

		if ((head & LINEAGE_STEPS) == 0)
			graph->env->interrupt();
		if (depth > walk->max_depth)
			break;
		for (uint32_t i = at[node]; i < at[node + 1]; i++)
		{
			uint32_t	next = to[i];

			if (walk->relations && !walk->relations[relations[i]])
				continue;
			if (graph->seen[next] != graph->walk)
			{
				graph->seen[next] = graph->walk;
				graph->depth[next] = depth;
				graph->via[next] = relations[i];
				graph->queue[tail++] = next;
			}
			else if (graph->depth[next] == depth && goes_before(relations[i], graph->via[next]))
				graph->via[next] = relations[i];
		}
	}
	return tail - *first;
}
