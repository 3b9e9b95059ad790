/*
 * lineage_state.c
 *		State of lineage_agg; see lineage_state.h.
 */
#include "stats/lineage_state.h"

#include <stdlib.h>
#include <string.h>

#define BATCH 256				/* strings that may wait */
#define FIRST_SLOTS 8
#define FIRST_EDGES 4
#define FIRST_TEXT 192

static inline uint64_t *
slots_of(const LineageState *state)
{
	return (uint64_t *) (state + 1);
}

static inline LineageEdge *
edges_of(const LineageState *state)
{
	return (LineageEdge *) (slots_of(state) + state->slots);
}

static inline char *
text_of(const LineageState *state)
{
	return (char *) (edges_of(state) + state->edge_room);
}

const LineageEdge *
lineage_state_edges(const LineageState *state)
{
	return edges_of(state);
}

const char *
lineage_state_text(const LineageState *state)
{
	return text_of(state);
}

size_t
lineage_state_size(uint32_t slots, uint32_t edges, uint32_t text)
{
	return sizeof(LineageState) + (size_t) slots * sizeof(uint64_t) +
		(size_t) edges * sizeof(LineageEdge) + text;
}

size_t
lineage_state_first(void)
{
	return lineage_state_size(FIRST_SLOTS, FIRST_EDGES, FIRST_TEXT);
}

void
lineage_state_init(LineageState *state, uint64_t seed)
{
	memset((char *) state + sizeof(state->head), 0,
		   sizeof(LineageState) - sizeof(state->head));
	state->seed = seed;
	state->slots = FIRST_SLOTS;
	state->edge_room = FIRST_EDGES;
	state->text_room = FIRST_TEXT;
	memset(slots_of(state), 0, FIRST_SLOTS * sizeof(uint64_t));
}

/* ---------- hash ---------- */

static inline uint64_t
load8(const char *text)
{
	uint64_t	word;

	memcpy(&word, text, 8);
	return word;
}

static inline uint64_t
mix(uint64_t a, uint64_t b)
{
	a = (a ^ b) * UINT64_C(0x9e3779b97f4a7c15);
	a ^= a >> 32;
	a *= UINT64_C(0xd6e8feb86659fd93);
	return a ^ a >> 29;
}

/*
 * The seed differs from state to state, so that nobody can choose ids that
 * all fall together.
 */
static uint32_t
hash_of(uint64_t seed, const char *text, uint32_t len)
{
	uint64_t	h = seed ^ len;
	uint32_t	at = 0;
	uint64_t	tail = 0;

	for (; at + 8 <= len; at += 8)
		h = mix(h, load8(text + at));
	memcpy(&tail, text + at, len - at);
	return (uint32_t) (mix(h, tail) >> 16);
}

/* ---------- room ---------- */

static LineageState *
state_move(const LineageState *old, uint32_t slots, uint32_t edges,
		   uint32_t text, const LineageEnv *env)
{
	LineageState *state = env->alloc(lineage_state_size(slots, edges, text));
	uint64_t   *from = slots_of(old),
			   *to;

	*state = *old;
	state->slots = slots;
	state->edge_room = edges;
	state->text_room = text;
	to = slots_of(state);
	if (slots == old->slots)
		memcpy(to, from, slots * sizeof(uint64_t));
	else
	{
		memset(to, 0, slots * sizeof(uint64_t));
		for (uint32_t i = 0; i < old->slots; i++)
			if (from[i])
			{
				uint32_t	at = (uint32_t) (from[i] >> 32) & (slots - 1);

				while (to[at])
					at = (at + 1) & (slots - 1);
				to[at] = from[i];
			}
	}
	memcpy(edges_of(state), edges_of(old),
		   (size_t) (old->edges + old->new_edges) * sizeof(LineageEdge));
	memcpy(text_of(state), text_of(old), (size_t) old->text_used + old->new_text);
	return state;
}

/* Would `used` of `room` leave less than a quarter free? */
static inline bool
is_tight(uint64_t used, uint64_t room)
{
	return used * 4 > room * 3;
}

/* Would the next batch soon fill it up? */
static inline bool
is_short(uint64_t used, uint64_t room, uint64_t batch)
{
	uint64_t	spare = room / 4 < batch ? room / 4 : batch;

	return used + spare > room;
}

bool
lineage_state_has_room(const LineageState *state, size_t text)
{
	return state->new_strings + 3 <= BATCH &&
		state->edges + state->new_edges < state->edge_room &&
		(uint64_t) state->text_used + state->new_text + text <= state->text_room &&
		!is_tight((uint64_t) state->strings + state->new_strings + 3, state->slots);
}

/*
 * Repeated rows must not make the state grow: duplicates are sought once there
 * are clearly more edges than ids, which in a forest there never are.
 */
static void
drop_duplicates(LineageState *state, const LineageEnv *env)
{
	if (state->edges + 1 >= state->edge_room && state->edges > 2 * state->strings)
		state->edges = lineage_sort_edges(edges_of(state), state->edges,
										  state->strings, env);
}

/*
 * By how much to grow: to twice of what is held, or at once near to what is
 * expected.  Small states stay small, whatever is expected.
 */
static double
growth(const LineageState *state, uint64_t expected)
{
	double		factor;

	if (state->edges < 4096)
		return 2;
	factor = 1.02 * (double) expected / state->edges;
	return factor < 2 ? 2 : factor > 8 ? 8 : factor;
}

LineageState *
lineage_state_room(LineageState *state, size_t text, uint64_t expected,
				   size_t limit, const LineageEnv *env)
{
	double		factor;
	uint64_t	slots,
				edges,
				room;

	if (lineage_state_has_room(state, text))
		return state;
	lineage_state_flush(state);
	drop_duplicates(state, env);

	if (!is_tight(state->strings + 4, state->slots) &&
		!is_short(state->edges + 1, state->edge_room, BATCH) &&
		!is_short(state->text_used + text, state->text_room, BATCH * 64))
		return state;

	/*
	 * All parts grow at once, because each move costs fresh memory: the
	 * executor copies once more what is returned.
	 */
	factor = growth(state, expected);
	for (;;)
	{
		slots = state->slots;
		while (is_tight((uint64_t) (factor * state->strings) + 8, slots))
			slots *= 2;
		edges = (uint64_t) (factor * state->edges) + FIRST_EDGES;
		room = (uint64_t) (factor * (state->text_used + text)) + FIRST_TEXT / 2;
		room = (room + 7) & ~(uint64_t) 7;
		if (edges < state->edge_room)
			edges = state->edge_room;
		if (room < state->text_room)
			room = state->text_room;
		if (slots <= UINT32_MAX / 2 && edges <= UINT32_MAX / 2 && room <= UINT32_MAX / 2 &&
			lineage_state_size(slots, edges, room) <= limit)
			break;
		/* near the limit in small steps */
		if (factor < 1.2)
			return lineage_state_has_room(state, text) ? state : NULL;
		factor = factor > 2 ? 2 : factor - 0.25;
	}
	return state_move(state, slots, edges, room, env);
}

/* ---------- adding ---------- */

/* Puts a string at the end of the line; its place there. */
static uint32_t
await(LineageState *state, LineageString string)
{
	LineageEntry *entry = (LineageEntry *)
		(text_of(state) + state->text_used + state->new_text);

	entry->number = hash_of(state->seed, string.text, string.len);
	entry->len = string.len;
	memcpy(entry->text, string.text, string.len);
	state->new_text += lineage_entry_size(string.len);
	return state->new_strings++;
}

void
lineage_state_word(LineageState *state, LineageString word)
{
	await(state, word);
}

void
lineage_state_add(LineageState *state, LineageString child,
				  LineageString parent, LineageString relation)
{
	LineageEdge *edge = edges_of(state) + state->edges + state->new_edges++;

	edge->child = await(state, child);
	edge->parent = parent.text ? await(state, parent) : LINEAGE_NONE;
	edge->relation = parent.text && relation.text ?
		await(state, relation) : LINEAGE_NONE;
}

static inline LineageEntry *
entry_at(char *text, uint64_t slot)
{
	return (LineageEntry *) (text + ((size_t) ((uint32_t) slot - 1) << 2));
}

/*
 * The number of a waiting string: an old one, or the next, moved to the end
 * of the text that is settled.
 */
static uint32_t
settle(LineageState *state, LineageEntry *waiting)
{
	uint64_t   *slots = slots_of(state);
	char	   *text = text_of(state);
	uint32_t	mask = state->slots - 1;
	uint32_t	hash = waiting->number,
				len = waiting->len;
	uint32_t	at = hash & mask;
	LineageEntry *entry;

	for (; slots[at]; at = (at + 1) & mask)
		if ((uint32_t) (slots[at] >> 32) == hash)
		{
			entry = entry_at(text, slots[at]);
			if (entry->len == len && memcmp(entry->text, waiting->text, len) == 0)
				return entry->number;
		}
	slots[at] = (uint64_t) hash << 32 | ((state->text_used >> 2) + 1);
	entry = (LineageEntry *) (text + state->text_used);
	if (entry != waiting)
		memmove(entry, waiting, sizeof(LineageEntry) + len);
	entry->number = state->strings;
	state->text_used += lineage_entry_size(len);
	return state->strings++;
}

static inline uint32_t
settled(const uint32_t *numbers, uint32_t place)
{
	return place == LINEAGE_NONE ? LINEAGE_NONE : numbers[place];
}

void
lineage_state_flush(LineageState *state)
{
	LineageEntry *waiting[BATCH];
	uint32_t	numbers[BATCH];
	uint64_t   *slots = slots_of(state);
	char	   *text = text_of(state);
	char	   *next = text + state->text_used;
	uint32_t	mask = state->slots - 1;
	uint32_t	count = state->new_strings;
	LineageEdge *edge = edges_of(state) + state->edges;

	for (uint32_t i = 0; i < count; i++)
	{
		waiting[i] = (LineageEntry *) next;
		next += lineage_entry_size(waiting[i]->len);
		__builtin_prefetch(&slots[waiting[i]->number & mask], 1);
	}
	for (uint32_t i = 0; i < count; i++)
	{
		uint64_t	slot = slots[waiting[i]->number & mask];

		if (slot && (uint32_t) (slot >> 32) == waiting[i]->number)
			__builtin_prefetch(entry_at(text, slot));
	}
	for (uint32_t i = 0; i < count; i++)
		numbers[i] = settle(state, waiting[i]);

	for (uint32_t i = 0; i < state->new_edges; i++, edge++)
	{
		edge->child = settled(numbers, edge->child);
		edge->parent = settled(numbers, edge->parent);
		edge->relation = settled(numbers, edge->relation);
	}
	state->edges += state->new_edges;
	state->new_edges = state->new_strings = state->new_text = 0;
}

/* ---------- reading ---------- */

uint32_t
lineage_state_find(const LineageState *state, LineageString id)
{
	uint64_t   *slots = slots_of(state);
	uint32_t	mask = state->slots - 1;
	uint32_t	hash = hash_of(state->seed, id.text, id.len);

	for (uint32_t at = hash & mask; slots[at]; at = (at + 1) & mask)
		if ((uint32_t) (slots[at] >> 32) == hash)
		{
			LineageEntry *entry = entry_at(text_of(state), slots[at]);

			if (entry->len == id.len && memcmp(entry->text, id.text, id.len) == 0)
				return entry->number;
		}
	return LINEAGE_NONE;
}

LineageString *
lineage_state_strings(const LineageState *state, const LineageEnv *env)
{
	LineageString *strings = env->alloc((size_t) state->strings * sizeof(LineageString));
	char	   *at = text_of(state);

	for (uint32_t i = 0; i < state->strings; i++)
	{
		LineageEntry *entry = (LineageEntry *) at;

		strings[i].text = entry->text;
		strings[i].len = entry->len;
		at += lineage_entry_size(entry->len);
	}
	return strings;
}

static int
edge_order(const void *left, const void *right)
{
	const LineageEdge *a = left,
			   *b = right;

	if (a->parent != b->parent)
		return a->parent < b->parent ? -1 : 1;
	return (a->relation > b->relation) - (a->relation < b->relation);
}

/* Sorts one child's edges; returns how many are distinct. */
static uint32_t
sort_parents(LineageEdge *edges, uint32_t count)
{
	uint32_t	kept = 0;

	if (count > 16)
		qsort(edges, count, sizeof(LineageEdge), edge_order);
	else
		for (uint32_t i = 1; i < count; i++)
		{
			LineageEdge edge = edges[i];
			uint32_t	at = i;

			for (; at > 0 && edge_order(&edge, &edges[at - 1]) < 0; at--)
				edges[at] = edges[at - 1];
			edges[at] = edge;
		}
	for (uint32_t i = 0; i < count; i++)
		if (kept == 0 || edge_order(&edges[kept - 1], &edges[i]) != 0)
			edges[kept++] = edges[i];
	return kept;
}

uint32_t
lineage_settle_edges(LineageEdge *edges, const uint32_t *end, uint32_t children,
					 const LineageEnv *env)
{
	uint32_t	kept = 0,
				from = 0;

	for (uint32_t i = 0; i < children; i++)
	{
		uint32_t	size = end[i] - from;

		if ((i & LINEAGE_STEPS) == 0)
			env->interrupt();
		if (size > 0)
		{
			uint32_t	distinct = size == 1 ? 1 : sort_parents(edges + from, size);

			if (kept < from)
				memmove(edges + kept, edges + from, distinct * sizeof(LineageEdge));
			kept += distinct;
		}
		from = end[i];
	}
	return kept;
}

void
lineage_edge_places(uint32_t *start, uint32_t children)
{
	uint32_t	sum = 0;

	for (uint32_t i = 0; i <= children; i++)
	{
		uint32_t	size = start[i];

		start[i] = sum;
		sum += size;
	}
}

uint32_t
lineage_sort_edges(LineageEdge *edges, uint32_t count, uint32_t children,
				   const LineageEnv *env)
{
	uint32_t   *start = env->alloc(((size_t) children + 1) * sizeof(uint32_t));
	LineageEdge *copy = env->alloc((size_t) count * sizeof(LineageEdge) + 1);
	uint32_t	kept;

	memset(start, 0, ((size_t) children + 1) * sizeof(uint32_t));
	for (uint32_t i = 0; i < count; i++)
		start[edges[i].child]++;
	lineage_edge_places(start, children);
	env->interrupt();
	for (uint32_t i = 0; i < count; i++)
		copy[start[edges[i].child]++] = edges[i];
	/* start[i] is now the end of child i */
	kept = lineage_settle_edges(copy, start, children, env);
	memcpy(edges, copy, (size_t) kept * sizeof(LineageEdge));
	env->release(copy);
	env->release(start);
	return kept;
}

/* start[n]..start[n + 1] are the places of n's children in `children`. */
static void
children_of_state(const LineageState *state, uint32_t *start, uint32_t *children,
				  const LineageEnv *env)
{
	const LineageEdge *edges = edges_of(state);
	uint32_t	sum = 0;

	memset(start, 0, ((size_t) state->strings + 2) * sizeof(uint32_t));
	for (uint32_t i = 0; i < state->edges; i++)
		if (edges[i].parent != LINEAGE_NONE)
			start[edges[i].parent + 2]++;
	for (uint32_t i = 0; i < state->strings; i++)
		start[i + 2] = sum += start[i + 2];
	env->interrupt();
	for (uint32_t i = 0; i < state->edges; i++)
		if (edges[i].parent != LINEAGE_NONE)
			children[start[edges[i].parent + 1]++] = edges[i].child;
}

uint64_t
lineage_state_count(const LineageState *state, uint32_t root, const LineageEnv *env)
{
	uint32_t   *start = env->alloc(((size_t) state->strings + 2) * sizeof(uint32_t));
	uint32_t   *children = env->alloc((size_t) state->edges * sizeof(uint32_t) + 1);
	uint32_t   *queue = env->alloc((size_t) state->strings * sizeof(uint32_t) + 1);
	uint8_t    *seen = env->alloc((size_t) state->strings + 1);
	uint32_t	tail = 1;

	children_of_state(state, start, children, env);
	memset(seen, 0, state->strings);
	queue[0] = root;
	seen[root] = 1;
	for (uint32_t at = 0; at < tail; at++)
	{
		uint32_t	node = queue[at];

		if ((at & LINEAGE_STEPS) == 0)
			env->interrupt();
		if (at + 8 < tail)
			__builtin_prefetch(&start[queue[at + 8]]);
		for (uint32_t i = start[node]; i < start[node + 1]; i++)
			if (!seen[children[i]])
			{
				seen[children[i]] = 1;
				queue[tail++] = children[i];
			}
	}
	env->release(seen);
	env->release(queue);
	env->release(children);
	env->release(start);
	return tail - 1;
}
