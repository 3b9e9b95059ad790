/*
 * lineage_dag.h
 *		The whole lineage at once: cycles, depths, counts of all nodes.
 *
 * Nodes that reach each other form one component; the components form an
 * acyclic graph.  A component's number is higher than those of its parents,
 * so a loop up the numbers meets parents first and a loop down children first.
 *
 * Free of server headers, to be tested and fuzzed alone.
 */
#ifndef PGHUB_LINEAGE_DAG_H
#define PGHUB_LINEAGE_DAG_H

#include "stats/lineage_graph.h"

typedef struct LineageDag
{
	LineageGraph *graph;
	const LineageEnv *env;
	uint32_t	count;			/* components */
	/* one block of memory: large pages serve only large ones */
	uint32_t   *of;				/* component of a node */
	uint32_t   *members;		/* ascending within a component */
	uint32_t   *member_at;		/* count + 1 places in members */
	uint32_t   *parent_at;		/* count + 1 places in parents */
	uint32_t   *parents;		/* distinct ones of each component */
} LineageDag;

extern void lineage_dag_build(LineageDag *dag, LineageGraph *graph);
extern void lineage_dag_free(LineageDag *dag);

static inline uint32_t
lineage_dag_size(const LineageDag *dag, uint32_t component)
{
	return dag->member_at[component + 1] - dag->member_at[component];
}

static inline uint32_t
lineage_dag_first(const LineageDag *dag, uint32_t component)
{
	return dag->members[dag->member_at[component]];
}

static inline bool
lineage_dag_is_root(const LineageDag *dag, uint32_t component)
{
	return dag->parent_at[component] == dag->parent_at[component + 1];
}

/* Arrays of one number per component, from env->alloc. */
extern uint32_t *lineage_dag_depths(const LineageDag *dag);
extern uint32_t *lineage_dag_heights(const LineageDag *dag);
extern uint32_t *lineage_dag_root_counts(const LineageDag *dag);

/*
 * The weight of all components strictly below each one, every component
 * counted once.  Exact for whole weights whose sum is below 2^53.
 */
extern double *lineage_dag_below(const LineageDag *dag, const double *weight);

/* What the descendants of each node own: one number per node. */
extern double *lineage_dag_totals(const LineageDag *dag, const double *own);

/*
 * Where each node comes from: calls emit(node, root, weight) in order of
 * nodes and roots, root being the first node of a root component.  False if
 * the shares of nodes with several parents need more than `limit` places.
 */
extern bool lineage_dag_origins(const LineageDag *dag, size_t limit,
								void (*emit) (uint32_t node, uint32_t root,
											  double weight, void *arg),
								void *arg);

#endif							/* PGHUB_LINEAGE_DAG_H */
