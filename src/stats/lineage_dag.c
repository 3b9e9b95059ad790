/*
 * lineage_dag.c
 *		Components of a lineage and the graph between them; depths, heights.
 */
#include "stats/lineage_dag.h"

/* ---------- components ---------- */

typedef struct Search
{
	LineageDag *dag;
	uint32_t   *order;			/* of the visit, from 1; 0 not yet met */
	uint32_t   *low;			/* the earliest node that it reaches */
	uint32_t   *edge;			/* next edge of a node on the path */
	uint32_t   *path;			/* from the start of the search */
	uint32_t   *open;			/* met, component not yet known */
	uint32_t	depth;
	uint32_t	opened;
	uint32_t	met;
} Search;

static inline void
search_enter(Search *s, uint32_t node)
{
	s->order[node] = s->low[node] = ++s->met;
	s->edge[node] = s->dag->graph->parent_at[node];
	s->path[s->depth++] = node;
	s->open[s->opened++] = node;
}

/* Leaves a node; if nothing before it is reached, it closes a component. */
static inline void
search_leave(Search *s, uint32_t node)
{
	LineageDag *dag = s->dag;
	uint32_t	member;

	s->depth--;
	if (s->depth > 0 && s->low[node] < s->low[s->path[s->depth - 1]])
		s->low[s->path[s->depth - 1]] = s->low[node];
	if (s->low[node] != s->order[node])
		return;
	do
	{
		member = s->open[--s->opened];
		dag->of[member] = dag->count;
	} while (member != node);
	dag->count++;
}

/*
 * Tarjan's search with a path of its own instead of recursion.  It climbs
 * from children to parents, so parents' components are closed, and numbered,
 * first.
 */
static void
search_from(Search *s, uint32_t start)
{
	const LineageGraph *graph = s->dag->graph;

	search_enter(s, start);
	while (s->depth > 0)
	{
		uint32_t	node = s->path[s->depth - 1];
		uint32_t	parent;

		if (s->edge[node] == graph->parent_at[node + 1])
		{
			search_leave(s, node);
			continue;
		}
		parent = graph->parents[s->edge[node]++];
		if (s->order[parent] == 0)
		{
			if ((s->met & LINEAGE_STEPS) == 0)
				s->dag->env->interrupt();
			search_enter(s, parent);
		}
		else if (s->dag->of[parent] == LINEAGE_NONE && s->order[parent] < s->low[node])
			s->low[node] = s->order[parent];
	}
}

static void
find_components(LineageDag *dag)
{
	const LineageEnv *env = dag->env;
	uint32_t	nodes = dag->graph->nodes;
	size_t		size = (size_t) nodes * sizeof(uint32_t);
	Search		s = {.dag = dag};

	s.order = env->alloc(size);
	s.low = env->alloc(size);
	s.edge = env->alloc(size);
	s.path = env->alloc(size);
	s.open = env->alloc(size);
	memset(s.order, 0, size);
	memset(dag->of, 0xff, size);
	for (uint32_t node = 0; node < nodes; node++)
		if (s.order[node] == 0)
		{
			/* most nodes have their parents behind them already */
			if ((node & LINEAGE_STEPS) == 0)
				env->interrupt();
			search_from(&s, node);
		}
	env->release(s.open);
	env->release(s.path);
	env->release(s.edge);
	env->release(s.low);
	env->release(s.order);
}

static void
list_members(LineageDag *dag)
{
	uint32_t	nodes = dag->graph->nodes;
	uint32_t	sum = 0;
	uint32_t   *at = dag->member_at;

	memset(at, 0, ((size_t) dag->count + 2) * sizeof(uint32_t));
	for (uint32_t node = 0; node < nodes; node++)
		at[dag->of[node] + 2]++;
	for (uint32_t i = 0; i < dag->count; i++)
		at[i + 2] = sum += at[i + 2];
	for (uint32_t node = 0; node < nodes; node++)
		dag->members[at[dag->of[node] + 1]++] = node;
}

/* ---------- edges between components ---------- */

/*
 * Each pair once: a second edge between the same two components would count
 * a subtree twice.
 */
static void
link_parents(LineageDag *dag)
{
	const LineageGraph *graph = dag->graph;
	uint32_t   *last = dag->env->alloc((size_t) dag->count * sizeof(uint32_t));
	uint32_t	used = 0;

	memset(last, 0xff, (size_t) dag->count * sizeof(uint32_t));
	for (uint32_t c = 0; c < dag->count; c++)
	{
		dag->parent_at[c] = used;
		for (uint32_t m = dag->member_at[c]; m < dag->member_at[c + 1]; m++)
		{
			uint32_t	node = dag->members[m];

			for (uint32_t i = graph->parent_at[node]; i < graph->parent_at[node + 1]; i++)
			{
				uint32_t	parent = dag->of[graph->parents[i]];

				if (parent != c && last[parent] != c)
				{
					last[parent] = c;
					dag->parents[used++] = parent;
				}
			}
		}
		if ((c & LINEAGE_STEPS) == 0)
			dag->env->interrupt();
	}
	dag->parent_at[dag->count] = used;
	dag->env->release(last);
}

static void
link_children(LineageDag *dag)
{
	uint32_t   *at = dag->child_at;
	uint32_t	sum = 0;

	memset(at, 0, ((size_t) dag->count + 2) * sizeof(uint32_t));
	for (uint32_t i = 0; i < dag->parent_at[dag->count]; i++)
		at[dag->parents[i] + 2]++;
	for (uint32_t c = 0; c < dag->count; c++)
		at[c + 2] = sum += at[c + 2];
	for (uint32_t c = 0; c < dag->count; c++)
		for (uint32_t i = dag->parent_at[c]; i < dag->parent_at[c + 1]; i++)
			dag->children[at[dag->parents[i] + 1]++] = c;
}

void
lineage_dag_build(LineageDag *dag, LineageGraph *graph)
{
	const LineageEnv *env = graph->env;
	size_t		nodes = graph->nodes;
	size_t		edges = graph->edges;

	memset(dag, 0, sizeof(*dag));
	dag->graph = graph;
	dag->env = env;
	dag->of = env->alloc(nodes * sizeof(uint32_t));
	find_components(dag);
	dag->member_at = env->alloc(((size_t) dag->count + 2) * sizeof(uint32_t));
	dag->members = env->alloc(nodes * sizeof(uint32_t));
	list_members(dag);
	dag->parent_at = env->alloc(((size_t) dag->count + 1) * sizeof(uint32_t));
	dag->parents = env->alloc(edges * sizeof(uint32_t) + 1);
	link_parents(dag);
	dag->child_at = env->alloc(((size_t) dag->count + 2) * sizeof(uint32_t));
	dag->children = env->alloc((size_t) dag->parent_at[dag->count] * sizeof(uint32_t) + 1);
	link_children(dag);
}

void
lineage_dag_free(LineageDag *dag)
{
	void	   *parts[] = {dag->of, dag->member_at, dag->members, dag->parent_at,
	dag->parents, dag->child_at, dag->children};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		dag->env->release(parts[i]);
}

/* ---------- depths ---------- */

uint32_t *
lineage_dag_depths(const LineageDag *dag)
{
	uint32_t   *depth = dag->env->alloc((size_t) dag->count * sizeof(uint32_t));

	for (uint32_t c = 0; c < dag->count; c++)
	{
		uint32_t	least = LINEAGE_NONE;

		for (uint32_t i = dag->parent_at[c]; i < dag->parent_at[c + 1]; i++)
			if (depth[dag->parents[i]] < least)
				least = depth[dag->parents[i]];
		depth[c] = least == LINEAGE_NONE ? 0 : least + 1;
	}
	return depth;
}

uint32_t *
lineage_dag_heights(const LineageDag *dag)
{
	uint32_t   *height = dag->env->alloc((size_t) dag->count * sizeof(uint32_t));

	memset(height, 0, (size_t) dag->count * sizeof(uint32_t));
	for (uint32_t c = dag->count; c-- > 0;)
		for (uint32_t i = dag->parent_at[c]; i < dag->parent_at[c + 1]; i++)
			if (height[dag->parents[i]] <= height[c])
				height[dag->parents[i]] = height[c] + 1;
	return height;
}
