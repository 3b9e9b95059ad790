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
} SortKey;

typedef struct SortRun
{
	uint32_t	start;
	uint32_t	count;
	uint32_t	depth;			/* bytes known to be equal */
} SortRun;

static inline uint64_t
key_at(LineageString string, uint32_t depth)
{
	uint64_t	key = 0;
	uint32_t	left = string.len > depth ? string.len - depth : 0;

	memcpy(&key, string.text + depth, left < 8 ? left : 8);
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
radix_sort(SortKey *keys, SortKey *scratch, uint32_t count, uint64_t differ)
{
	SortKey    *from = keys,
			   *to = scratch;

	for (int shift = 0; shift < 64; shift += 8)
	{
		uint32_t	start[256] = {0},
					sum = 0;
		SortKey    *turn = to;

		if ((differ >> shift & 0xff) == 0)
			continue;
		for (uint32_t i = 0; i < count; i++)
			start[from[i].key >> shift & 0xff]++;
		for (int i = 0; i < 256; i++)
		{
			uint32_t	size = start[i];

			start[i] = sum;
			sum += size;
		}
		for (uint32_t i = 0; i < count; i++)
			to[start[from[i].key >> shift & 0xff]++] = from[i];
		to = from;
		from = turn;
	}
	if (from != keys)
		memcpy(keys, from, (size_t) count * sizeof(SortKey));
}

static void
sort_keys(SortKey *keys, SortKey *scratch, uint32_t count)
{
	uint64_t	differ = 0;

	if (count < 24)
	{
		for (uint32_t i = 1; i < count; i++)
		{
			SortKey		key = keys[i];
			uint32_t	at = i;

			for (; at > 0 && key.key < keys[at - 1].key; at--)
				keys[at] = keys[at - 1];
			keys[at] = key;
		}
		return;
	}
	for (uint32_t i = 1; i < count; i++)
		differ |= keys[i].key ^ keys[0].key;
	if (count < 512)
		qsort(keys, count, sizeof(SortKey), key_order);
	else if (differ)
		radix_sort(keys, scratch, count, differ);
}

/*
 * Sorts by eight bytes at a time, then each run of equals by the next eight.
 * A stack of runs and not recursion: ids may agree for megabytes.
 */
static void
sort_strings(SortKey *keys, uint32_t count, const LineageString *strings,
			 const LineageEnv *env)
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

		for (uint32_t i = start; i < end; i++)
		{
			if (i + 16 < end)
				__builtin_prefetch(strings[keys[i + 16].number].text + run.depth);
			keys[i].key = key_at(strings[keys[i].number], run.depth);
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

/*
 * Numbers in order of bytes of the strings that `mask` asks for, in rank[];
 * the sorted strings in *sorted.
 */
static uint32_t
rank_strings(const LineageString *strings, const uint8_t *use, uint8_t mask,
			 uint32_t count, uint32_t *rank, LineageString **sorted,
			 const LineageEnv *env)
{
	SortKey    *keys = env->alloc((size_t) count * sizeof(SortKey) + 1);
	uint32_t	used = 0;

	for (uint32_t i = 0; i < count; i++)
		if (use[i] & mask)
			keys[used++].number = i;
	sort_strings(keys, used, strings, env);
	*sorted = env->alloc((size_t) used * sizeof(LineageString) + 1);
	for (uint32_t i = 0; i < used; i++)
	{
		rank[keys[i].number] = i;
		(*sorted)[i] = strings[keys[i].number];
	}
	env->release(keys);
	return used;
}

/* ---------- encoding ---------- */

enum
{
	USE_NODE = 1,
	USE_RELATION = 2
};

typedef struct Form
{
	uint32_t	nodes;
	uint32_t	relations;
	uint32_t	edges;
	uint8_t		flags;
	LineageString root;
	LineageString *ids;
	LineageString *relation_names;
	LineageEdge *edge;			/* sorted; relations count from 1 */
} Form;

static void
form_write(CodecWriter *w, const Form *form)
{
	uint32_t	at = 0;

	codec_put_varint(w, form->nodes);
	codec_put_varint(w, form->relations);
	codec_put_varint(w, form->edges);
	if (form->flags & LINEAGE_ROOT)
	{
		codec_put_varint(w, form->root.len);
		codec_put_bytes(w, form->root.text, form->root.len);
	}
	for (uint32_t i = 0; i < form->nodes; i++)
		codec_put_varint(w, form->ids[i].len);
	for (uint32_t i = 0; i < form->relations; i++)
		codec_put_varint(w, form->relation_names[i].len);
	for (uint32_t i = 0; i < form->nodes; i++)
		codec_put_bytes(w, form->ids[i].text, form->ids[i].len);
	for (uint32_t i = 0; i < form->relations; i++)
		codec_put_bytes(w, form->relation_names[i].text, form->relation_names[i].len);
	for (uint32_t child = 0; child < form->nodes; child++)
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
			if (form->relations > 0)
				codec_put_varint(w, form->edge[at].relation);
		}
	}
}

/* The state's edges in the numbers of the form, without registrations. */
static void
form_edges(Form *form, const LineageState *state, const uint32_t *node_rank,
		   const uint32_t *relation_rank, const LineageEnv *env)
{
	const LineageEdge *edges = lineage_state_edges(state);
	uint32_t	count = 0;

	form->edge = env->alloc((size_t) state->edges * sizeof(LineageEdge) + 1);
	for (uint32_t i = 0; i < state->edges; i++)
		if (edges[i].parent != LINEAGE_NONE)
		{
			LineageEdge *edge = &form->edge[count++];

			edge->child = node_rank[edges[i].child];
			edge->parent = node_rank[edges[i].parent];
			edge->relation = edges[i].relation == LINEAGE_NONE ? 0 :
				relation_rank[edges[i].relation] + 1;
		}
	form->edges = lineage_sort_edges(form->edge, count, form->nodes, env);
}

void
lineage_encode(CodecWriter *w, const LineageState *state, uint8_t flags,
			   LineageString root, const LineageEnv *env,
			   uint8_t *(*place) (size_t size, void *arg), void *arg)
{
	const LineageEdge *edges = lineage_state_edges(state);
	uint32_t	count = state->strings;
	LineageString *strings = lineage_state_strings(state, env);
	uint8_t    *use = env->alloc((size_t) count + 1);
	uint32_t   *node_rank = env->alloc((size_t) count * sizeof(uint32_t) + 1);
	uint32_t   *relation_rank = env->alloc((size_t) count * sizeof(uint32_t) + 1);
	Form		form = {.flags = flags, .root = root};

	memset(use, 0, count);
	for (uint32_t i = 0; i < state->edges; i++)
	{
		use[edges[i].child] |= USE_NODE;
		if (edges[i].parent != LINEAGE_NONE)
			use[edges[i].parent] |= USE_NODE;
		if (edges[i].relation != LINEAGE_NONE)
			use[edges[i].relation] |= USE_RELATION;
	}
	form.nodes = rank_strings(strings, use, USE_NODE, count, node_rank, &form.ids, env);
	form.relations = rank_strings(strings, use, USE_RELATION, count, relation_rank,
								  &form.relation_names, env);
	form_edges(&form, state, node_rank, relation_rank, env);
	env->release(relation_rank);
	env->release(node_rank);
	env->release(use);
	env->release(strings);

	*w = (CodecWriter) {NULL, 0};
	form_write(w, &form);
	w->buffer = place(w->size, arg);
	w->size = 0;
	form_write(w, &form);
	env->release(form.edge);
	env->release(form.relation_names);
	env->release(form.ids);
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
