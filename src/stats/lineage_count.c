/*
 * lineage_count.c
 *		Sums over all descendants of all nodes, and where nodes come from.
 *
 * Where every component has one parent, sums of subtrees answer all.  The
 * rest is told by the components with several parents, here *joints*: what
 * lies below x is x's own tree (down to, but without, the joints) and the
 * trees of all joints that x reaches.  Which joints these are is found for 64
 * of them at a time, by bits that flow up from them through their ancestors.
 */
#include "stats/lineage_dag.h"

#include <stdlib.h>

static inline uint32_t
parent_count(const LineageDag *dag, uint32_t c)
{
	return dag->parent_at[c + 1] - dag->parent_at[c];
}

/* ---------- the flow of bits ---------- */

typedef struct Flow
{
	const LineageEnv *env;
	uint32_t	count;			/* of components */
	const uint32_t *at;			/* where bits go from a component */
	const uint32_t *to;
	bool		down;			/* to higher numbers, else to lower ones */
	double	   *sum;			/* per component, of the sources that reach it */
	/* working memory, all zero between batches */
	uint64_t   *bits;
	uint64_t   *waiting;		/* one bit per component */
	double	   *tables;			/* 8 × 256: sums by byte of the bits */
} Flow;

static void
flow_begin(Flow *flow)
{
	size_t		words = (size_t) flow->count / 64 + 1;

	flow->bits = flow->env->alloc((size_t) flow->count * sizeof(uint64_t) + 1);
	flow->waiting = flow->env->alloc(words * sizeof(uint64_t));
	flow->tables = flow->env->alloc(8 * 256 * sizeof(double));
	memset(flow->bits, 0, (size_t) flow->count * sizeof(uint64_t));
	memset(flow->waiting, 0, words * sizeof(uint64_t));
}

static void
flow_end(Flow *flow)
{
	flow->env->release(flow->tables);
	flow->env->release(flow->waiting);
	flow->env->release(flow->bits);
}

/* The sum of the weights behind any byte of the bits. */
static void
flow_tables(Flow *flow, const double *weight, const uint32_t *source, uint32_t count)
{
	for (uint32_t byte = 0; byte < 8; byte++)
	{
		double	   *table = flow->tables + byte * 256;

		table[0] = 0;
		for (uint32_t i = 1; i < 256; i++)
		{
			uint32_t	bit = byte * 8 + (uint32_t) __builtin_ctz(i);

			table[i] = table[i & (i - 1)] + (bit < count ? weight[source[bit]] : 0);
		}
	}
}

static inline double
flow_sum(const Flow *flow, uint64_t bits)
{
	double		sum = 0;

	for (uint32_t byte = 0; bits; byte++, bits >>= 8)
		sum += flow->tables[byte * 256 + (bits & 0xff)];
	return sum;
}

/* What has come to component c goes on; its own bit is not its own news. */
static inline void
flow_pass(Flow *flow, uint32_t c, uint64_t own)
{
	uint64_t	bits = flow->bits[c] | own;

	if (flow->bits[c])
		flow->sum[c] += flow_sum(flow, flow->bits[c]);
	flow->bits[c] = 0;
	for (uint32_t i = flow->at[c]; i < flow->at[c + 1]; i++)
	{
		uint32_t	next = flow->to[i];

		flow->bits[next] |= bits;
		flow->waiting[next / 64] |= UINT64_C(1) << next % 64;
	}
}

/*
 * At most 64 sources, ascending.  Components are taken in order of their
 * numbers, which all bits follow, so each is complete when it is taken.
 */
static void
flow_batch(Flow *flow, const double *weight, const uint32_t *source, uint32_t count)
{
	int64_t		word = (flow->down ? source[0] : source[count - 1]) / 64;
	int64_t		end = flow->down ? (int64_t) (flow->count / 64) + 1 : -1;
	uint32_t	own = flow->down ? 0 : count - 1;

	flow_tables(flow, weight, source, count);
	for (uint32_t i = 0; i < count; i++)
		flow->waiting[source[i] / 64] |= UINT64_C(1) << source[i] % 64;
	for (; word != end; word += flow->down ? 1 : -1)
		while (flow->waiting[word])
		{
			int			bit = flow->down ? __builtin_ctzll(flow->waiting[word]) :
				63 - __builtin_clzll(flow->waiting[word]);
			uint32_t	c = (uint32_t) (word * 64 + bit);
			uint64_t	self = 0;

			flow->waiting[word] ^= UINT64_C(1) << bit;
			if (own < count && source[own] == c)
			{
				self = UINT64_C(1) << own;
				own += flow->down ? 1 : -1; /* wraps past count at the end */
			}
			flow_pass(flow, c, self);
		}
}

/* Adds to sum[] the weight of all sources, ascending, that reach each. */
static void
flow_all(Flow *flow, const double *weight, const uint32_t *source, uint32_t count)
{
	flow_begin(flow);
	for (uint32_t i = 0; i < count; i += 64)
	{
		flow->env->interrupt();
		flow_batch(flow, weight, source + i, count - i < 64 ? count - i : 64);
	}
	flow_end(flow);
}

/* ---------- descendants ---------- */

double *
lineage_dag_below(const LineageDag *dag, const double *weight)
{
	const LineageEnv *env = dag->env;
	double	   *below = env->alloc((size_t) dag->count * sizeof(double) + 1);
	double	   *tree = env->alloc((size_t) dag->count * sizeof(double) + 1);
	uint32_t   *joints = env->alloc((size_t) dag->count * sizeof(uint32_t) + 1);
	uint32_t	count = 0;
	Flow		flow = {.env = env, .count = dag->count, .at = dag->parent_at,
	.to = dag->parents, .sum = below};

	memset(below, 0, (size_t) dag->count * sizeof(double));
	for (uint32_t c = dag->count; c-- > 0;)
	{
		/* all children of c have been here: its tree is complete */
		tree[c] = weight[c] + below[c];
		if (parent_count(dag, c) == 1)
			below[dag->parents[dag->parent_at[c]]] += tree[c];
	}
	for (uint32_t c = 0; c < dag->count; c++)
		if (parent_count(dag, c) > 1)
			joints[count++] = c;
	flow_all(&flow, tree, joints, count);
	env->release(joints);
	env->release(tree);
	return below;
}

/*
 * What the other members of a component own: sums from both sides, because a
 * difference would lose small amounts beside large ones.
 */
static void
add_mates(const LineageDag *dag, uint32_t c, const double *own, double *total)
{
	double		sum = 0;

	for (uint32_t m = dag->member_at[c]; m < dag->member_at[c + 1]; m++)
	{
		total[dag->members[m]] += sum;
		sum += own[dag->members[m]];
	}
	sum = 0;
	for (uint32_t m = dag->member_at[c + 1]; m-- > dag->member_at[c];)
	{
		total[dag->members[m]] += sum;
		sum += own[dag->members[m]];
	}
}

double *
lineage_dag_totals(const LineageDag *dag, const double *own)
{
	const LineageEnv *env = dag->env;
	double	   *weight = env->alloc((size_t) dag->count * sizeof(double) + 1);
	double	   *total = env->alloc((size_t) dag->graph->nodes * sizeof(double) + 1);
	double	   *below;

	for (uint32_t c = 0; c < dag->count; c++)
	{
		weight[c] = 0;
		for (uint32_t m = dag->member_at[c]; m < dag->member_at[c + 1]; m++)
			weight[c] += own[dag->members[m]];
	}
	below = lineage_dag_below(dag, weight);
	for (uint32_t node = 0; node < dag->graph->nodes; node++)
		total[node] = below[dag->of[node]];
	for (uint32_t c = 0; c < dag->count; c++)
		if (lineage_dag_size(dag, c) > 1)
			add_mates(dag, c, own, total);
	env->release(below);
	env->release(weight);
	return total;
}

/* ---------- roots ---------- */

/* Roots and joints: every component is one, or stands in the tree of one. */
typedef struct Tops
{
	uint32_t	count;
	uint32_t   *of;				/* top of each component */
	uint32_t   *component;		/* of a top; ascending */
} Tops;

static void
tops_find(Tops *tops, const LineageDag *dag)
{
	tops->count = 0;
	tops->of = dag->env->alloc((size_t) dag->count * sizeof(uint32_t));
	tops->component = dag->env->alloc((size_t) dag->count * sizeof(uint32_t));
	for (uint32_t c = 0; c < dag->count; c++)
		if (parent_count(dag, c) == 1)
			tops->of[c] = tops->of[dag->parents[dag->parent_at[c]]];
		else
		{
			tops->of[c] = tops->count;
			tops->component[tops->count++] = c;
		}
}

static void
tops_free(Tops *tops, const LineageEnv *env)
{
	env->release(tops->component);
	env->release(tops->of);
}

static inline bool
top_is_root(const Tops *tops, const LineageDag *dag, uint32_t top)
{
	return lineage_dag_is_root(dag, tops->component[top]);
}

/* Edges from tops to the joints right below them: at[], to[]. */
static uint32_t *
link_tops(const LineageDag *dag, const Tops *tops, uint32_t **to)
{
	size_t		size = ((size_t) tops->count + 2) * sizeof(uint32_t);
	uint32_t   *at = dag->env->alloc(size);
	uint32_t	edges = 0;

	memset(at, 0, size);
	for (uint32_t t = 0; t < tops->count; t++)
	{
		uint32_t	c = tops->component[t];

		edges += parent_count(dag, c);
		for (uint32_t i = dag->parent_at[c]; i < dag->parent_at[c + 1]; i++)
			at[tops->of[dag->parents[i]] + 2]++;
	}
	for (uint32_t t = 0; t < tops->count; t++)
		at[t + 2] += at[t + 1];
	*to = dag->env->alloc((size_t) edges * sizeof(uint32_t) + 1);
	for (uint32_t t = 0; t < tops->count; t++)
	{
		uint32_t	c = tops->component[t];

		for (uint32_t i = dag->parent_at[c]; i < dag->parent_at[c + 1]; i++)
			(*to)[at[tops->of[dag->parents[i]] + 1]++] = t;
	}
	return at;
}

/* How many roots reach each top: one by one for those without joints below. */
static double *
count_top_roots(const LineageDag *dag, const Tops *tops)
{
	const LineageEnv *env = dag->env;
	uint32_t   *to;
	uint32_t   *at = link_tops(dag, tops, &to);
	uint32_t   *roots = env->alloc((size_t) tops->count * sizeof(uint32_t));
	double	   *sum = env->alloc((size_t) tops->count * sizeof(double));
	double	   *one = env->alloc((size_t) tops->count * sizeof(double));
	uint32_t	count = 0;
	Flow		flow = {.env = env, .count = tops->count, .at = at, .to = to,
	.down = true, .sum = sum};

	for (uint32_t t = 0; t < tops->count; t++)
	{
		sum[t] = top_is_root(tops, dag, t);
		one[t] = 1;
		if (sum[t] && at[t] < at[t + 1])
			roots[count++] = t;
	}
	flow_all(&flow, one, roots, count);
	env->release(one);
	env->release(roots);
	env->release(at);
	env->release(to);
	return sum;
}

uint32_t *
lineage_dag_root_counts(const LineageDag *dag)
{
	uint32_t   *counts = dag->env->alloc((size_t) dag->count * sizeof(uint32_t));
	double	   *sum;
	Tops		tops;

	tops_find(&tops, dag);
	sum = count_top_roots(dag, &tops);
	for (uint32_t c = 0; c < dag->count; c++)
		counts[c] = (uint32_t) sum[tops.of[c]];
	dag->env->release(sum);
	tops_free(&tops, dag->env);
	return counts;
}

/* ---------- origins ---------- */

typedef struct Share
{
	uint32_t	root;			/* node */
	double		weight;
} Share;

typedef struct Origins
{
	const LineageDag *dag;
	Tops		tops;
	size_t	   *share_at;		/* by top, of a joint; share_end likewise */
	size_t	   *share_end;
	Share	   *shares;
	size_t		used;
	size_t		room;
	size_t		limit;
	double	   *sum;			/* per node, while a joint is added up */
	bool	   *touched;
	uint32_t   *roots;			/* touched ones */
	uint32_t	root_count;
	uint32_t   *last;			/* joint that last saw a node as a parent */
} Origins;

static int
number_order(const void *left, const void *right)
{
	uint32_t	a = *(const uint32_t *) left,
				b = *(const uint32_t *) right;

	return (a > b) - (a < b);
}

static void
origins_add(Origins *o, uint32_t root, double weight)
{
	if (!o->touched[root])
	{
		o->touched[root] = true;
		o->sum[root] = 0;
		o->roots[o->root_count++] = root;
	}
	o->sum[root] += weight;
}

/* Adds the shares of one parent of a joint. */
static void
origins_add_parent(Origins *o, uint32_t parent, double weight)
{
	uint32_t	top = o->tops.of[o->dag->of[parent]];

	if (top_is_root(&o->tops, o->dag, top))
		origins_add(o, lineage_dag_first(o->dag, o->tops.component[top]), weight);
	else
		for (size_t i = o->share_at[top]; i < o->share_end[top]; i++)
			origins_add(o, o->shares[i].root, o->shares[i].weight * weight);
}

static bool
origins_room(Origins *o, size_t more)
{
	const LineageEnv *env = o->dag->env;
	size_t		room = o->room;
	Share	   *shares;

	if (o->used + more <= room)
		return true;
	if (o->used + more > o->limit)
		return false;
	while (room < o->used + more)
		room *= 2;
	shares = env->alloc(room * sizeof(Share));
	memcpy(shares, o->shares, o->used * sizeof(Share));
	env->release(o->shares);
	o->shares = shares;
	o->room = room;
	return true;
}

/*
 * Keeps what was added up, scaled so that it sums to one: rounding must not
 * pile up over a hundred thousand generations.  Kahan's sum, for many roots.
 */
static bool
origins_keep(Origins *o, uint32_t top)
{
	double		sum = 0,
				lost = 0;

	if (!origins_room(o, o->root_count))
		return false;
	qsort(o->roots, o->root_count, sizeof(uint32_t), number_order);
	o->share_at[top] = o->used;
	for (uint32_t i = 0; i < o->root_count; i++)
	{
		double		term = o->sum[o->roots[i]] - lost;
		double		next = sum + term;

		lost = (next - sum) - term;
		sum = next;
	}
	for (uint32_t i = 0; i < o->root_count; i++)
	{
		uint32_t	root = o->roots[i];

		o->shares[o->used++] = (Share) {root, o->sum[root] / sum};
		o->touched[root] = false;
	}
	o->root_count = 0;
	o->share_end[top] = o->used;
	return true;
}

/* Each distinct parent outside the component has an equal say. */
static bool
origins_joint(Origins *o, uint32_t c)
{
	const LineageDag *dag = o->dag;
	const LineageGraph *graph = dag->graph;

	for (int pass = 0, parents = 0; pass < 2; pass++)
		for (uint32_t m = dag->member_at[c]; m < dag->member_at[c + 1]; m++)
		{
			uint32_t	node = dag->members[m];

			for (uint32_t i = graph->parent_at[node]; i < graph->parent_at[node + 1]; i++)
			{
				uint32_t	parent = graph->parents[i];
				uint32_t	mark = c * 2 + pass;

				if (dag->of[parent] == c || o->last[parent] == mark)
					continue;
				o->last[parent] = mark;
				if (pass == 0)
					parents++;
				else
					origins_add_parent(o, parent, 1.0 / parents);
			}
		}
	return origins_keep(o, o->tops.of[c]);
}

static void
origins_begin(Origins *o, const LineageDag *dag, size_t limit)
{
	const LineageEnv *env = dag->env;
	size_t		nodes = dag->graph->nodes;

	o->dag = dag;
	o->limit = limit;
	tops_find(&o->tops, dag);
	o->share_at = env->alloc((size_t) o->tops.count * sizeof(size_t));
	o->share_end = env->alloc((size_t) o->tops.count * sizeof(size_t));
	o->room = 64;
	o->shares = env->alloc(o->room * sizeof(Share));
	o->sum = env->alloc(nodes * sizeof(double));
	o->touched = env->alloc(nodes * sizeof(bool));
	o->roots = env->alloc(nodes * sizeof(uint32_t));
	o->last = env->alloc(nodes * sizeof(uint32_t));
	memset(o->touched, 0, nodes * sizeof(bool));
	memset(o->last, 0xff, nodes * sizeof(uint32_t));
}

static void
origins_end(Origins *o)
{
	void	   *parts[] = {o->share_at, o->share_end, o->shares, o->sum,
	o->touched, o->roots, o->last};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		o->dag->env->release(parts[i]);
	tops_free(&o->tops, o->dag->env);
}

bool
lineage_dag_origins(const LineageDag *dag, size_t limit,
					void (*emit) (uint32_t node, uint32_t root,
								  double weight, void *arg),
					void *arg)
{
	Origins		o = {0};
	bool		fits = true;

	origins_begin(&o, dag, limit);
	for (uint32_t c = 0; c < dag->count && fits; c++)
	{
		if ((c & 0xff) == 0)
			dag->env->interrupt();
		if (parent_count(dag, c) > 1)
			fits = origins_joint(&o, c);
	}
	for (uint32_t node = 0; node < dag->graph->nodes && fits; node++)
	{
		uint32_t	top = o.tops.of[dag->of[node]];

		if (top_is_root(&o.tops, dag, top))
			emit(node, lineage_dag_first(dag, o.tops.component[top]), 1, arg);
		else
			for (size_t i = o.share_at[top]; i < o.share_end[top]; i++)
				emit(node, o.shares[i].root, o.shares[i].weight, arg);
	}
	origins_end(&o);
	return fits;
}
