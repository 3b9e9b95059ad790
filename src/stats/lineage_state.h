/*
 * lineage_state.h
 *		State of lineage_agg: a dictionary of ids and a bag of edges.
 *
 * One block of memory, grown by doubling: a header, hash slots, edges and the
 * text of the ids.  Strings of new rows wait at the end of the text until
 * there are many: then their slots are fetched together, so that the processor
 * waits for memory once and not once per id.
 *
 * Free of server headers, to be tested and fuzzed alone.
 */
#ifndef PGHUB_LINEAGE_STATE_H
#define PGHUB_LINEAGE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINEAGE_NONE UINT32_MAX	/* no parent, no relation */

/* What the pure code asks of its surroundings. */
typedef struct LineageEnv
{
	void	   *(*alloc) (size_t size); /* does not return without memory */
	void		(*release) (void *memory);
	void		(*interrupt) (void);	/* called every so often; may not return */
} LineageEnv;

#define LINEAGE_STEPS 0xffff	/* steps of a loop between two interrupt calls */

typedef struct LineageString
{
	const char *text;
	uint32_t	len;
} LineageString;

typedef struct LineageEdge
{
	uint32_t	child;
	uint32_t	parent;			/* LINEAGE_NONE registers the child alone */
	uint32_t	relation;
} LineageEdge;

/* An id in the text of a state, padded to four bytes. */
typedef struct LineageEntry
{
	uint32_t	number;			/* while it waits: its hash */
	uint32_t	len;
	char		text[];
} LineageEntry;

typedef struct LineageState
{
	uint8_t		head[8];		/* the server's: length, tag, version, flags */
	uint64_t	seed;			/* of the hash */
	uint32_t	slots;			/* a power of two */
	uint32_t	edge_room;
	uint32_t	text_room;
	uint32_t	strings;
	uint32_t	edges;
	uint32_t	text_used;
	/* what waits, behind the above */
	uint32_t	new_strings;
	uint32_t	new_edges;
	uint32_t	new_text;
	uint32_t	spare;
} LineageState;

extern size_t lineage_state_size(uint32_t slots, uint32_t edges, uint32_t text);
extern void lineage_state_init(LineageState *state, uint64_t seed);

/* Size of a first state, which holds a few short ids. */
extern size_t lineage_state_first(void);

/* Room for one more row of these strings, without further ado? */
extern bool lineage_state_has_room(const LineageState *state, size_t text);

/*
 * Room for one more row of these strings?  If not, a bigger state from
 * env->alloc, to be used instead of the old one, which is left alone; NULL if
 * that would be larger than `limit`.  `expected` edges in the end, if known,
 * spare a large state some moves.
 */
extern LineageState *lineage_state_room(LineageState *state, size_t text,
										uint64_t expected, size_t limit,
										const LineageEnv *env);

/* Text bytes that a string takes. */
static inline size_t
lineage_entry_size(uint32_t len)
{
	return sizeof(LineageEntry) + (((size_t) len + 3) & ~(size_t) 3);
}

/* Adds an edge; there must be room.  A NULL text is none. */
extern void lineage_state_add(LineageState *state, LineageString child,
							  LineageString parent, LineageString relation);
/* Adds a string without an edge; there must be room. */
extern void lineage_state_word(LineageState *state, LineageString word);
extern void lineage_state_flush(LineageState *state);

extern const LineageEdge *lineage_state_edges(const LineageState *state);
extern const char *lineage_state_text(const LineageState *state);
/* Number of a string, or LINEAGE_NONE.  Nothing may wait. */
extern uint32_t lineage_state_find(const LineageState *state, LineageString id);
/* The strings by number, for reading; freed by the caller. */
extern LineageString *lineage_state_strings(const LineageState *state,
											const LineageEnv *env);

/* Sorts by child, parent, relation; returns how many are distinct. */
extern uint32_t lineage_sort_edges(LineageEdge *edges, uint32_t count,
								   uint32_t children, const LineageEnv *env);

/* From numbers of edges by child to the place of each child's first. */
extern void lineage_edge_places(uint32_t *start, uint32_t children);

/*
 * Sorts the edges of each child, which stand together up to end[child], and
 * closes the gaps of repeated ones; returns how many are distinct.
 */
extern uint32_t lineage_settle_edges(LineageEdge *edges, const uint32_t *end,
									 uint32_t children, const LineageEnv *env);

/*
 * Distinct descendants of one node, straight from a state: the order of the
 * ids does not matter to a count.  Nothing may wait.
 */
extern uint64_t lineage_state_count(const LineageState *state, uint32_t root,
									const LineageEnv *env);

#endif							/* PGHUB_LINEAGE_STATE_H */
