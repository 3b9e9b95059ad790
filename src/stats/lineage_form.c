/*
 * lineage_form.c
 *		From a state to the canonical form and back; see lineage_graph.h.
 */
#include "stats/lineage_graph.h"

#include <stdlib.h>

/* ---------- order of ids ---------- */

/* An id by eight of its bytes, as a number that orders alike. */
typedef struct SortKey
{
	uint64_t	key;
	uint32_t	number;
	uint32_t	at;				/* of its entry, in steps of four bytes */
} SortKey;

typedef struct SortRun
{
	uint32_t	start;
	uint32_t	count;
	uint32_t	depth;			/* bytes known to be equal */
} SortRun;

#define AHEAD 16				/* entries fetched before they are read */

static inline const LineageEntry *
entry_of(const char *text, SortKey key)
{
	return (const LineageEntry *) (text + ((size_t) key.at << 2));
}

static inline uint64_t
key_at(const LineageEntry *entry, uint32_t depth)
{
	uint64_t	key = 0;
	uint32_t	left = entry->len > depth ? entry->len - depth : 0;

	if (left >= 8)
		memcpy(&key, entry->text + depth, 8);
	else
		memcpy(&key, entry->text + depth, left);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	key = __builtin_bswap64(key);
#endif
	return key;
}

static int
key_order(const void *left, const void *right)
{
	uint64_t	a = ((const SortKey *) left)->key,
				b = ((const SortKey *) right)->key;

	return (a > b) - (a < b);
}

/* By the bytes in which the keys differ at all. */
static void
radix_sort(SortKey *keys, SortKey *scratch, uint32_t count)
{
	uint32_t	start[8][256] = {{0}};
	SortKey    *from = keys,
			   *to = scratch;

	for (uint32_t i = 0; i < count; i++)
		for (int byte = 0; byte < 8; byte++)
			start[byte][keys[i].key >> (byte * 8) & 0xff]++;
	for (int byte = 0; byte < 8; byte++)
	{
		uint32_t	sum = 0;
		SortKey    *turn = to;

		if (start[byte][keys[0].key >> (byte * 8) & 0xff] == count)
			continue;
		for (int i = 0; i < 256; i++)
		{
			uint32_t	size = start[byte][i];

			start[byte][i] = sum;
			sum += size;
		}
		for (uint32_t i = 0; i < count; i++)
			to[start[byte][from[i].key >> (byte * 8) & 0xff]++] = from[i];
		to = from;
		from = turn;
	}
	if (from != keys)
		memcpy(keys, from, (size_t) count * sizeof(SortKey));
}

static void
sort_keys(SortKey *keys, SortKey *scratch, uint32_t count)
{
	if (count >= 512)
		radix_sort(keys, scratch, count);
	else if (count >= 24)
		qsort(keys, count, sizeof(SortKey), key_order);
	else
		for (uint32_t i = 1; i < count; i++)
		{
			SortKey		key = keys[i];
			uint32_t	at = i;

			for (; at > 0 && key.key < keys[at - 1].key; at--)
				keys[at] = keys[at - 1];
			keys[at] = key;
		}
}

/*
 * Sorts by eight bytes at a time, then each run of equals by the next eight;
 * the first eight are in the keys.  A stack of runs and not recursion: ids may
 * agree for megabytes.
 */
static void
sort_strings(SortKey *keys, uint32_t count, const char *text, const LineageEnv *env)
{
	SortKey    *scratch = env->alloc((size_t) count * sizeof(SortKey) + 1);
	SortRun    *stack = env->alloc(((size_t) count / 2 + 1) * sizeof(SortRun));
	uint32_t	top = 0,
				steps = 0;

	if (count > 1)
		stack[top++] = (SortRun) {0, count, 0};
	while (top > 0)
	{
		SortRun		run = stack[--top];
		uint32_t	start = run.start,
					end = run.start + run.count;

		for (uint32_t i = start; i < end && run.depth > 0; i++)
		{
			if (i + AHEAD < end)
				__builtin_prefetch(entry_of(text, keys[i + AHEAD])->text + run.depth);
			keys[i].key = key_at(entry_of(text, keys[i]), run.depth);
		}
		sort_keys(keys + start, scratch, run.count);
		if ((steps += run.count) > LINEAGE_STEPS)
		{
			steps = 0;
			env->interrupt();
		}
		while (start < end)
		{
			uint32_t	next = start + 1;

			while (next < end && keys[next].key == keys[start].key)
				next++;
			if (next - start > 1)
				stack[top++] = (SortRun) {start, next - start, run.depth + 8};
			start = next;
		}
	}
	env->release(stack);
	env->release(scratch);
}

/* ---------- encoding ---------- */

enum
{
	USE_NODE = 1,
	USE_RELATION = 2
};

/* For each string of a state, what it is used as. */
static uint8_t *
find_uses(const LineageState *state, const LineageEnv *env)
{
	const LineageEdge *edges = lineage_state_edges(state);
	uint8_t    *use = env->alloc((size_t) state->strings + 1);

	memset(use, 0, state->strings);
	for (uint32_t i = 0; i < state->edges; i++)
	{
		use[edges[i].child] |= USE_NODE;
		if (edges[i].parent != LINEAGE_NONE)
			use[edges[i].parent] |= USE_NODE;
		if (edges[i].relation != LINEAGE_NONE)
			use[edges[i].relation] |= USE_RELATION;
	}
	return use;
}

/* Strings of one kind in order, and what they take. */
typedef struct Sorted
{
	SortKey    *keys;
	uint32_t	count;
	size_t		text;			/* bytes of all, without their lengths */
	size_t		lengths;
} Sorted;

typedef struct Form
{
	uint8_t		flags;
	LineageString root;
	const char *text;			/* of the state */
	Sorted		ids;
	Sorted		relations;
	uint32_t	edges;
	LineageEdge *edge;			/* sorted; relations count from 1 */
} Form;

/*
 * The strings of a state that are used so, sorted by bytes; their places in
 * rank[].
 */
static Sorted
sort_used(const LineageState *state, const uint8_t *use, uint8_t mask,
		  uint32_t *rank, const LineageEnv *env)
{
	const char *text = lineage_state_text(state);
	Sorted		sorted = {env->alloc((size_t) state->strings * sizeof(SortKey) + 1)};
	CodecWriter lengths = {NULL, 0};
	uint32_t	at = 0;

	for (uint32_t i = 0; i < state->strings; i++)
	{
		const LineageEntry *entry = (const LineageEntry *) (text + ((size_t) at << 2));

		if (use[i] & mask)
		{
			sorted.keys[sorted.count++] = (SortKey) {key_at(entry, 0), i, at};
			sorted.text += entry->len;
			codec_put_varint(&lengths, entry->len);
		}
		at += (uint32_t) (lineage_entry_size(entry->len) >> 2);
	}
	sorted.lengths = lengths.size;
	sort_strings(sorted.keys, sorted.count, text, env);
	for (uint32_t i = 0; i < sorted.count; i++)
		rank[sorted.keys[i].number] = i;
	return sorted;
}

/* Lengths and text stand apart, but an entry is fetched once for both. */
static void
write_strings(CodecWriter *lengths, CodecWriter *text, const Sorted *sorted,
			  const char *from)
{
	for (uint32_t i = 0; i < sorted->count; i++)
	{
		const LineageEntry *entry = entry_of(from, sorted->keys[i]);

		if (i + AHEAD < sorted->count)
		{
			const char *next = (const char *) entry_of(from, sorted->keys[i + AHEAD]);

			__builtin_prefetch(next);
			__builtin_prefetch(next + 63);
		}
		codec_put_varint(lengths, entry->len);
		codec_put_bytes(text, entry->text, entry->len);
	}
}

static void
write_edges(CodecWriter *w, const Form *form)
{
	uint32_t	at = 0;

	for (uint32_t child = 0; child < form->ids.count; child++)
	{
		uint32_t	end = at,
					parent = 0;

		while (end < form->edges && form->edge[end].child == child)
			end++;
		codec_put_varint(w, end - at);
		for (; at < end; at++)
		{
			codec_put_varint(w, form->edge[at].parent - parent);
			parent = form->edge[at].parent;
			if (form->relations.count > 0)
				codec_put_varint(w, form->edge[at].relation);
		}
	}
}

static void
form_write(CodecWriter *w, const Form *form)
{
	codec_put_varint(w, form->ids.count);
	codec_put_varint(w, form->relations.count);
	codec_put_varint(w, form->edges);
	if (form->flags & LINEAGE_ROOT)
	{
		codec_put_varint(w, form->root.len);
		codec_put_bytes(w, form->root.text, form->root.len);
	}
	if (w->buffer)
	{
		size_t		text = w->size + form->ids.lengths + form->relations.lengths;
		CodecWriter ids = {w->buffer, text};
		CodecWriter relations = {w->buffer, text + form->ids.text};

		write_strings(w, &ids, &form->ids, form->text);
		write_strings(w, &relations, &form->relations, form->text);
		w->size = relations.size;
	}
	else
		w->size += form->ids.lengths + form->ids.text +
			form->relations.lengths + form->relations.text;
	write_edges(w, form);
}

/*
 * The state's edges in the numbers of the form, without registrations: each
 * goes straight to its child's place.
 */
static void
form_edges(Form *form, const LineageState *state, const uint32_t *node_rank,
		   const uint32_t *relation_rank, const LineageEnv *env)
{
	const LineageEdge *edges = lineage_state_edges(state);
	uint32_t	children = form->ids.count;
	uint32_t   *place = env->alloc(((size_t) children + 1) * sizeof(uint32_t));

	form->edge = env->alloc((size_t) state->edges * sizeof(LineageEdge) + 1);
	memset(place, 0, ((size_t) children + 1) * sizeof(uint32_t));
	for (uint32_t i = 0; i < state->edges; i++)
		if (edges[i].parent != LINEAGE_NONE)
			place[node_rank[edges[i].child]]++;
	lineage_edge_places(place, children);
	env->interrupt();
	for (uint32_t i = 0; i < state->edges; i++)
		if (edges[i].parent != LINEAGE_NONE)
		{
			uint32_t	child = node_rank[edges[i].child];
			LineageEdge *edge = &form->edge[place[child]++];

			edge->child = child;
			edge->parent = node_rank[edges[i].parent];
			edge->relation = edges[i].relation == LINEAGE_NONE ? 0 :
				relation_rank[edges[i].relation] + 1;
		}
	/* the places are ends now */
	form->edges = lineage_settle_edges(form->edge, place, children, env);
	env->release(place);
}

void
lineage_encode(CodecWriter *w, const LineageState *state, uint8_t flags,
			   LineageString root, const LineageEnv *env,
			   uint8_t *(*place) (size_t size, void *arg), void *arg)
{
	uint32_t	count = state->strings;
	uint8_t    *use = find_uses(state, env);
	uint32_t   *rank = env->alloc(2 * (size_t) count * sizeof(uint32_t) + 1);
	Form		form = {.flags = flags, .root = root, .text = lineage_state_text(state)};

	form.ids = sort_used(state, use, USE_NODE, rank, env);
	form.relations = sort_used(state, use, USE_RELATION, rank + count, env);
	form_edges(&form, state, rank, rank + count, env);
	env->release(rank);
	env->release(use);

	*w = (CodecWriter) {NULL, 0};
	form_write(w, &form);
	w->buffer = place(w->size, arg);
	w->size = 0;
	form_write(w, &form);
	env->release(form.edge);
	env->release(form.relations.keys);
	env->release(form.ids.keys);
}

/* ---------- gathering ---------- */

/* The strings that are used so, as they come; their numbers in rank[]. */
static LineageString *
number_used(const LineageState *state, const uint8_t *use, uint8_t mask,
			uint32_t *rank, uint32_t *count, const LineageEnv *env)
{
	const char *at = lineage_state_text(state);
	uint32_t	used = 0;
	LineageString *strings;

	for (uint32_t i = 0; i < state->strings; i++)
		used += (use[i] & mask) != 0;
	strings = env->alloc(((size_t) used + 1) * sizeof(LineageString));
	*count = 0;
	for (uint32_t i = 0; *count < used; i++)
	{
		const LineageEntry *entry = (const LineageEntry *) at;

		if (use[i] & mask)
		{
			rank[i] = *count;
			strings[(*count)++] = (LineageString) {entry->text, entry->len};
		}
		at += lineage_entry_size(entry->len);
	}
	return strings;
}

static void
gather_edges(LineageGraph *graph, const Form *form)
{
	const LineageEnv *env = graph->env;
	uint32_t	at = 0;

	graph->edges = form->edges;
	graph->parent_at = env->alloc(((size_t) graph->nodes + 1) * sizeof(uint32_t));
	graph->parents = env->alloc((size_t) form->edges * sizeof(uint32_t) + 1);
	graph->parent_relations = env->alloc((size_t) form->edges * sizeof(uint32_t) + 1);
	for (uint32_t child = 0; child < graph->nodes; child++)
	{
		graph->parent_at[child] = at;
		for (; at < form->edges && form->edge[at].child == child; at++)
		{
			graph->parents[at] = form->edge[at].parent;
			graph->parent_relations[at] = form->edge[at].relation;
		}
	}
	graph->parent_at[graph->nodes] = at;
}

void
lineage_gather(LineageGraph *graph, const LineageState *state, const LineageEnv *env)
{
	uint32_t	count = state->strings;
	uint8_t    *use = find_uses(state, env);
	uint32_t   *rank = env->alloc(2 * (size_t) count * sizeof(uint32_t) + 1);
	Form		form = {0};

	memset(graph, 0, sizeof(*graph));
	graph->env = env;
	graph->ids = number_used(state, use, USE_NODE, rank, &graph->nodes, env);
	graph->relation_names = number_used(state, use, USE_RELATION, rank + count,
										&graph->relations, env);
	/* they count from 1 */
	memmove(graph->relation_names + 1, graph->relation_names,
			(size_t) graph->relations * sizeof(LineageString));
	graph->relation_names[0] = (LineageString) {NULL, 0};
	form.ids.count = graph->nodes;
	form_edges(&form, state, rank, rank + count, env);
	env->release(rank);
	env->release(use);
	gather_edges(graph, &form);
	env->release(form.edge);
}

/* ---------- decoding ---------- */

static int
string_order(LineageString a, LineageString b)
{
	int			order = memcmp(a.text, b.text, a.len < b.len ? a.len : b.len);

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Cuts the text into `count` strings, whose lengths are set. */
static const char *
decode_text(CodecReader *r, LineageString *strings, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
	{
		strings[i].text = (const char *) codec_get_bytes(r, strings[i].len);
		if (strings[i].text == NULL)
			return "It ends within the ids.";
		if (strings[i].len == 0)
			return "An id is empty.";
		if (i > 0 && string_order(strings[i - 1], strings[i]) >= 0)
			return "Its ids are not in ascending order.";
	}
	return NULL;
}

static const char *
decode_lengths(CodecReader *r, LineageString *strings, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
	{
		uint64_t	len = codec_get_varint(r);

		if (len > codec_left(r))
			return "An id is longer than what is left.";
		strings[i].len = (uint32_t) len;
	}
	return NULL;
}

static const char *
decode_edges(LineageGraph *graph, CodecReader *r)
{
	uint32_t	at = 0;

	for (uint32_t child = 0; child < graph->nodes; child++)
	{
		uint64_t	count = codec_get_varint(r),
					parent = 0,
					last = 0;

		graph->parent_at[child] = at;
		if (count > graph->edges - at)
			return "A node has more edges than there are.";
		if ((child & LINEAGE_STEPS) == 0)
			graph->env->interrupt();
		for (uint64_t i = 0; i < count; i++)
		{
			uint64_t	step = codec_get_varint(r);
			uint64_t	relation = graph->relations ? codec_get_varint(r) : 0;

			if (step >= graph->nodes || parent + step >= graph->nodes)
				return "An edge has an unknown parent.";
			if (relation > graph->relations)
				return "An edge has an unknown relation.";
			if (i > 0 && step == 0 && relation <= last)
				return "Its edges are not in ascending order.";
			parent += step;
			/* none sorts last in a state, first here: numbers count from 1 */
			last = relation;
			graph->parents[at] = (uint32_t) parent;
			graph->parent_relations[at++] = (uint32_t) relation;
		}
	}
	graph->parent_at[graph->nodes] = at;
	if (at != graph->edges)
		return "Its edges are fewer than it says.";
	return NULL;
}

static const char *
decode_used(LineageGraph *graph)
{
	bool	   *used = graph->env->alloc((size_t) graph->relations + 1);
	uint32_t	count = 0;

	memset(used, 0, (size_t) graph->relations + 1);
	for (uint32_t i = 0; i < graph->edges; i++)
		used[graph->parent_relations[i]] = true;
	for (uint32_t i = 1; i <= graph->relations; i++)
		count += used[i];
	graph->env->release(used);
	return count == graph->relations ? NULL : "A relation is not used.";
}

static const char *
decode_root(LineageGraph *graph, uint8_t flags, CodecReader *r)
{
	uint64_t	len;

	if (flags & ~(LINEAGE_ROOT | LINEAGE_ROOT_NULL) ||
		flags == (LINEAGE_ROOT | LINEAGE_ROOT_NULL))
		return "It has unknown flags.";
	if ((flags & LINEAGE_ROOT) == 0)
		return NULL;
	len = codec_get_varint(r);
	if (len > codec_left(r))
		return "It ends within the root.";
	graph->root.len = (uint32_t) len;
	graph->root.text = (const char *) codec_get_bytes(r, len);
	return NULL;
}

static const char *
decode_all(LineageGraph *graph, uint8_t flags, CodecReader *r)
{
	uint64_t	nodes = codec_get_varint(r),
				relations = codec_get_varint(r),
				edges = codec_get_varint(r);
	uint64_t	left;
	const LineageEnv *env = graph->env;
	const char *damage = decode_root(graph, flags, r);

	if (damage)
		return damage;
	left = codec_left(r);
	/* a node takes a length, a byte of text and a count at least */
	if (r->bad || nodes > left / 3 || relations > left / 2 || edges > left)
		return "It is shorter than its counts.";
	if (nodes == 0)
		return "It has no nodes.";
	graph->nodes = (uint32_t) nodes;
	graph->relations = (uint32_t) relations;
	graph->edges = (uint32_t) edges;
	graph->ids = env->alloc(nodes * sizeof(LineageString));
	graph->relation_names = env->alloc((relations + 1) * sizeof(LineageString));
	graph->parent_at = env->alloc((nodes + 1) * sizeof(uint32_t));
	graph->parents = env->alloc(edges * sizeof(uint32_t) + 1);
	graph->parent_relations = env->alloc(edges * sizeof(uint32_t) + 1);
	graph->relation_names[0] = (LineageString) {NULL, 0};

	if ((damage = decode_lengths(r, graph->ids, graph->nodes)) ||
		(damage = decode_lengths(r, graph->relation_names + 1, graph->relations)) ||
		(damage = decode_text(r, graph->ids, graph->nodes)) ||
		(damage = decode_text(r, graph->relation_names + 1, graph->relations)) ||
		(damage = decode_edges(graph, r)) ||
		(damage = decode_used(graph)))
		return damage;
	return codec_done(r) ? NULL : "It has bytes behind its end.";
}

const char *
lineage_decode(LineageGraph *graph, uint8_t flags, const uint8_t *payload,
			   size_t len, const LineageEnv *env)
{
	CodecReader r = {payload, payload + len, false};
	const char *damage;

	memset(graph, 0, sizeof(*graph));
	graph->env = env;
	if (len > INT32_MAX)
		return "It is too long.";
	damage = decode_all(graph, flags, &r);
	if (damage)
		lineage_graph_free(graph);
	return damage;
}

void
lineage_graph_free(LineageGraph *graph)
{
	void	   *parts[] = {
		graph->ids, graph->relation_names, graph->parent_at, graph->parents,
		graph->parent_relations, graph->child_at, graph->children,
		graph->child_relations, graph->seen, graph->depth, graph->via, graph->queue
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i])
			graph->env->release(parts[i]);
	memset(graph, 0, sizeof(*graph));
}
