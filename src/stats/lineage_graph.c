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

/* The side of the graph that a walk sees. */
typedef struct Side
{
	const uint32_t *at;
	const uint32_t *to;
	const uint32_t *relations;
} Side;

static Side
side_of(const LineageGraph *graph, const LineageWalk *walk)
{
	if (walk->up)
		return (Side) {graph->parent_at, graph->parents, graph->parent_relations};
	return (Side) {graph->child_at, graph->children, graph->child_relations};
}

typedef struct Visit
{
	uint32_t	node;
	uint32_t	root;
	uint32_t	depth;
} Visit;

typedef struct Labels
{
	uint32_t   *first;			/* root that reaches a node */
	uint32_t   *second;
	Visit	   *visits;
	uint32_t	count;
} Labels;

static void
labels_begin(LineageGraph *graph, Labels *labels, uint32_t roots, uint32_t tail)
{
	size_t		size = (size_t) graph->nodes * sizeof(uint32_t);

	labels->first = graph->env->alloc(size);
	labels->second = graph->env->alloc(size);
	labels->visits = graph->env->alloc(2 * (size_t) tail * sizeof(Visit));
	labels->count = 0;
	for (uint32_t i = 0; i < tail; i++)
	{
		uint32_t	node = graph->queue[i];

		labels->first[node] = i < roots ? node : LINEAGE_NONE;
		labels->second[node] = LINEAGE_NONE;
		if (i < roots)
		{
			labels->visits[labels->count++] = (Visit) {node, node, 0};
			graph->depth[node] = LINEAGE_NONE;	/* not yet reached by another */
		}
	}
}

/* One edge, on which a label comes to `next`. */
static void
labels_pass(LineageGraph *graph, Labels *labels, Visit from, uint32_t next,
			uint32_t relation)
{
	uint32_t	depth = from.depth + 1;

	/* first[next] is next: it is a root, and this is news of another one */
	if (labels->first[next] == next && from.root != next)
	{
		if (graph->depth[next] == LINEAGE_NONE)
		{
			graph->depth[next] = depth;
			graph->via[next] = relation;
		}
		else if (graph->depth[next] == depth && goes_before(relation, graph->via[next]))
			graph->via[next] = relation;
	}
	if (labels->first[next] == from.root || labels->second[next] == from.root)
		return;
	if (labels->first[next] == LINEAGE_NONE)
		labels->first[next] = from.root;
	else if (labels->second[next] == LINEAGE_NONE)
		labels->second[next] = from.root;
	else
		return;
	labels->visits[labels->count++] = (Visit) {next, from.root, depth};
}

/*
 * Which roots descend from another root, and how far?  Every node keeps the
 * two nearest roots that reach it and hands them on, each once: a cycle
 * through a root shows the root to itself, but only another one makes it a
 * descendant.  Such roots are moved to the end of the roots' part of the
 * queue; answers how many.
 */
static uint32_t
reached_roots(LineageGraph *graph, const LineageWalk *walk, uint32_t roots,
			  uint32_t tail)
{
	Side		side = side_of(graph, walk);
	Labels		labels;
	uint32_t	kept = 0;

	labels_begin(graph, &labels, roots, tail);
	for (uint32_t head = 0; head < labels.count; head++)
	{
		Visit		visit = labels.visits[head];

		if ((head & LINEAGE_STEPS) == 0)
			graph->env->interrupt();
		if (visit.depth >= walk->max_depth)
			break;
		for (uint32_t i = side.at[visit.node]; i < side.at[visit.node + 1]; i++)
			if (!walk->relations || walk->relations[side.relations[i]])
				labels_pass(graph, &labels, visit, side.to[i], side.relations[i]);
	}
	/* the reached ones to the end */
	for (uint32_t i = 0; i < roots; i++)
	{
		uint32_t	root = graph->queue[i];

		if (graph->depth[root] == LINEAGE_NONE)
		{
			graph->queue[i] = graph->queue[kept];
			graph->queue[kept++] = root;
		}
	}
	graph->env->release(labels.visits);
	graph->env->release(labels.second);
	graph->env->release(labels.first);
	return roots - kept;
}

uint32_t
lineage_walk(LineageGraph *graph, const LineageWalk *walk, uint32_t *first)
{
	Side		side;
	uint32_t	tail = 0,
				roots;
	bool		meets_root = false;

	walk_begin(graph);
	side = side_of(graph, walk);
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
	roots = tail;
	for (uint32_t head = 0; head < tail; head++)
	{
		uint32_t	node = graph->queue[head];
		uint32_t	depth = graph->depth[node] + 1;

		if ((head & LINEAGE_STEPS) == 0)
			graph->env->interrupt();
		if (depth > walk->max_depth)
			break;
		for (uint32_t i = side.at[node]; i < side.at[node + 1]; i++)
		{
			uint32_t	next = side.to[i];

			if (walk->relations && !walk->relations[side.relations[i]])
				continue;
			if (graph->seen[next] != graph->walk)
			{
				graph->seen[next] = graph->walk;
				graph->depth[next] = depth;
				graph->via[next] = side.relations[i];
				graph->queue[tail++] = next;
			}
			else if (graph->depth[next] == 0)
				meets_root = true;
			else if (graph->depth[next] == depth && goes_before(side.relations[i], graph->via[next]))
				graph->via[next] = side.relations[i];
		}
	}
	*first = roots;
	if (meets_root && roots > 1)
		*first -= reached_roots(graph, walk, roots, tail);
	return tail - *first;
}
