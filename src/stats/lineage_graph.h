/*
 * lineage_graph.h
 *		A lineage in its canonical form, and walks over it.
 *
 * The canonical form: numbers of nodes, relations and edges; where flagged,
 * the root of a one-step aggregate; the lengths of all ids and relations,
 * ascending by bytes, then their text; for each node the number of its edges
 * and each edge's parent, as a difference, and relation (0 is none).  Nodes
 * are numbered by the order of their ids, so order of numbers is order of ids.
 *
 * Free of server headers, to be tested and fuzzed alone.
 */
#ifndef PGHUB_LINEAGE_GRAPH_H
#define PGHUB_LINEAGE_GRAPH_H

#include "stats/codec.h"
#include "stats/lineage_state.h"

#define LINEAGE_VERSION 1

/* flags of a summary: the state of a one-step aggregate holds its root */
#define LINEAGE_ROOT 1			/* a root follows the counts */
#define LINEAGE_ROOT_NULL 2		/* the root was NULL */

typedef struct LineageGraph
{
	const LineageEnv *env;
	uint32_t	nodes;
	uint32_t	edges;
	uint32_t	relations;
	LineageString root;			/* text is NULL without one */
	LineageString *ids;			/* into the bytes decoded, not copied */
	LineageString *relation_names;	/* 1 .. relations */
	/* parents of node n: places parent_at[n] .. parent_at[n + 1] - 1 */
	uint32_t   *parent_at;
	uint32_t   *parents;
	uint32_t   *parent_relations;
	/* children likewise, ascending; made when first needed */
	uint32_t   *child_at;
	uint32_t   *children;
	uint32_t   *child_relations;
	/* a walk's marks, kept between walks */
	uint32_t	walk;			/* number of the last one */
	uint32_t   *seen;			/* number of the walk that met the node */
	uint32_t   *depth;
	uint32_t   *via;			/* relation of the edge */
	uint32_t   *queue;			/* the nodes met, nearest first */
} LineageGraph;

/* Writes the canonical form of a state in which nothing waits. */
extern void lineage_encode(CodecWriter *w, const LineageState *state,
						   uint8_t flags, LineageString root, const LineageEnv *env,
						   uint8_t *(*place) (size_t size, void *arg), void *arg);

/*
 * The graph of a state in which nothing waits, straight from it: nodes and
 * relations are numbered as they came, not by their order, so it serves where
 * no order is asked for.  The ids point into the state.
 */
extern void lineage_gather(LineageGraph *graph, const LineageState *state,
						   const LineageEnv *env);

/* NULL, or what is wrong.  The bytes must stay. */
extern const char *lineage_decode(LineageGraph *graph, uint8_t flags,
								  const uint8_t *payload, size_t len,
								  const LineageEnv *env);
extern void lineage_graph_free(LineageGraph *graph);
extern void lineage_graph_children(LineageGraph *graph);

/* All that walks need, so that later walks allocate nothing. */
extern void lineage_graph_ready(LineageGraph *graph);

extern uint32_t lineage_find(const LineageGraph *graph, LineageString id);

typedef struct LineageWalk
{
	bool		up;				/* to ancestors, else to descendants */
	const bool *relations;		/* by number, or NULL for all */
	uint32_t	max_depth;		/* LINEAGE_NONE: no limit */
	const uint32_t *roots;
	uint32_t	root_count;		/* distinct or not */
} LineageWalk;

/*
 * Walks from all roots at once.  Answers how many nodes were met; *first is
 * their place in graph->queue.  No root is met by its own walk, but one that
 * descends from another root is met, as far from that as depth[] says.
 */
extern uint32_t lineage_walk(LineageGraph *graph, const LineageWalk *walk,
							 uint32_t *first);

#endif							/* PGHUB_LINEAGE_GRAPH_H */
