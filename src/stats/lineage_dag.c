/*
 * lineage_dag.c
 *		Components of a lineage and the graph between them; depths, heights.
 */
#include "stats/lineage_dag.h"

/* ---------- components ---------- */

/*
 * Leaves first: a node is taken once all its children are, and the members
 * are numbered downwards from the end.  Answers how many nodes are left: those
 * on cycles and above them, all their parents among them.  In most lineages
 * there are none.
 */
static uint32_t
take_leaves(LineageDag *dag)
{
	const LineageGraph *graph = dag->graph;
	uint32_t	nodes = graph->nodes;
	uint32_t	place = nodes;
	/* edges from children that are not yet taken */
	uint32_t   *open = dag->env->alloc((size_t) nodes * sizeof(uint32_t));

	memset(open, 0, (size_t) nodes * sizeof(uint32_t));
	for (uint32_t node = 0; node < nodes; node++)
		for (uint32_t i = graph->parent_at[node]; i < graph->parent_at[node + 1]; i++)
			open[graph->parents[i]] += graph->parents[i] != node;
	for (uint32_t node = 0; node < nodes; node++)
		if (open[node] == 0)
			dag->members[--place] = node;
	for (uint32_t head = nodes; head > place;)
	{
		uint32_t	node = dag->members[--head];

		if ((head & LINEAGE_STEPS) == 0)
			dag->env->interrupt();
		for (uint32_t i = graph->parent_at[node]; i < graph->parent_at[node + 1]; i++)
			if (graph->parents[i] != node && --open[graph->parents[i]] == 0)
				dag->members[--place] = graph->parents[i];
	}
	dag->env->release(open);
	return place;
}

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

/* The components of those nodes that take_leaves left. */
static void
search_rest(LineageDag *dag, uint32_t left)
{
	const LineageEnv *env = dag->env;
	uint32_t	nodes = dag->graph->nodes;
	size_t		size = (size_t) nodes * sizeof(uint32_t);
	bool	   *taken = env->alloc(nodes);
	Search		s = {.dag = dag};

	memset(taken, 0, nodes);
	for (uint32_t i = left; i < nodes; i++)
		taken[dag->members[i]] = true;
	s.order = env->alloc(size);
	s.low = env->alloc(size);
	s.edge = env->alloc(size);
	s.path = env->alloc((size_t) left * sizeof(uint32_t));
	s.open = env->alloc((size_t) left * sizeof(uint32_t));
	memset(s.order, 0, size);
	memset(dag->of, 0xff, size);
	for (uint32_t node = 0; node < nodes; node++)
		if (!taken[node] && s.order[node] == 0)
			search_from(&s, node);
	env->release(s.open);
	env->release(s.path);
	env->release(s.edge);
	env->release(s.low);
	env->release(s.order);
	env->release(taken);
}

/*
 * The members of the components that were searched for, ascending; those
 * behind them are in place, each a component of its own.
 */
static void
list_members(LineageDag *dag, uint32_t left)
{
	uint32_t	nodes = dag->graph->nodes;
	uint32_t	sum = 0,
				searched = dag->count;
	uint32_t   *at = dag->member_at;

	if (left > 0)
	{
		memset(at, 0, ((size_t) searched + 2) * sizeof(uint32_t));
		for (uint32_t node = 0; node < nodes; node++)
			if (dag->of[node] != LINEAGE_NONE)
				at[dag->of[node] + 2]++;
		for (uint32_t i = 0; i < searched; i++)
			at[i + 2] = sum += at[i + 2];
		for (uint32_t node = 0; node < nodes; node++)
			if (dag->of[node] != LINEAGE_NONE)
				dag->members[at[dag->of[node] + 1]++] = node;
	}
	for (uint32_t i = left; i < nodes; i++)
	{
		at[dag->count] = i;
		dag->of[dag->members[i]] = dag->count++;
	}
	at[dag->count] = nodes;
}

/* ---------- edges between components ---------- */

/*
 * Each pair once: a second edge between the same two components would count
 * a subtree twice.  Equal parents of a node stand together, but several nodes
 * of a component may share a parent, or be parents of one node.
 */
static void
link_parents(LineageDag *dag)
{
	const LineageGraph *graph = dag->graph;
	bool		alone = dag->count == graph->nodes; /* all components */
	uint32_t   *last = NULL;	/* component that last saw one as its parent */
	uint32_t	used = 0;

	if (!alone)
	{
		last = dag->env->alloc((size_t) dag->count * sizeof(uint32_t));
		memset(last, 0xff, (size_t) dag->count * sizeof(uint32_t));
	}
	for (uint32_t c = 0; c < dag->count; c++)
	{
		dag->parent_at[c] = used;
		for (uint32_t m = dag->member_at[c]; m < dag->member_at[c + 1]; m++)
		{
			uint32_t	node = dag->members[m];

			for (uint32_t i = graph->parent_at[node]; i < graph->parent_at[node + 1]; i++)
			{
				uint32_t	parent = dag->of[graph->parents[i]];

				if (parent == c)
					continue;
				if (alone ? used > dag->parent_at[c] && dag->parents[used - 1] == parent :
					last[parent] == c)
					continue;
				if (!alone)
					last[parent] = c;
				dag->parents[used++] = parent;
			}
		}
		if ((c & LINEAGE_STEPS) == 0)
			dag->env->interrupt();
	}
	dag->parent_at[dag->count] = used;
	if (last)
		dag->env->release(last);
}

void
lineage_dag_build(LineageDag *dag, LineageGraph *graph)
{
	size_t		nodes = graph->nodes;
	uint32_t	left;
	uint32_t   *block;

	memset(dag, 0, sizeof(*dag));
	dag->graph = graph;
	dag->env = graph->env;
	block = dag->env->alloc((4 * nodes + 3 + graph->edges) * sizeof(uint32_t));
	dag->of = block;
	dag->members = dag->of + nodes;
	dag->member_at = dag->members + nodes;
	dag->parent_at = dag->member_at + nodes + 2;
	dag->parents = dag->parent_at + nodes + 1;
	left = take_leaves(dag);
	if (left > 0)
		search_rest(dag, left);
	list_members(dag, left);
	link_parents(dag);
}

void
lineage_dag_free(LineageDag *dag)
{
	dag->env->release(dag->of);
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
