/*
 * distribution_measure.c
 *		Shares, inequality and percentiles over the cells of a distribution.
 *
 * The sums run over sorted cells in a fixed order and in pairs of doubles: an
 * answer depends on the multiset alone.
 */
#include "stats/distribution_measure.h"

/* What rounding may take from a limit; far below any bucket's width. */
#define ROUNDING	1e-14

/* ---------- cells ---------- */

static void
cell_of_entry(DistCell *cell, const DistEntry *entry)
{
	double		value = dist_key_value(entry->key);

	cell->low = cell->high = cell->mean = value;
	cell->count = entry->count;
	if (dist_key_is_integer(entry->key))
		cell->sum = pair_from_wide(wide_multiply(entry->key, entry->count));
	else
		cell->sum = pair_multiply(pair_of(value), pair_from_u64(entry->count));
}

static void
cell_of_bucket(DistCell *cell, const DistBucket *bucket)
{
	int			unit = dist_bucket_unit(bucket->index);
	uint64_t	low,
				high;

	dist_bucket_range(bucket, &low, &high);
	cell->low = ldexp((double) low, unit);
	cell->high = ldexp((double) high, unit);
	cell->count = bucket->count;
	cell->sum = pair_from_wide(bucket->sum);
	cell->sum.value = ldexp(cell->sum.value, unit);
	cell->sum.error = ldexp(cell->sum.error, unit);
	cell->mean = fmin(fmax(pair_value(cell->sum) / (double) bucket->count, cell->low), cell->high);
}

/* Is an integer key below another number?  Exact at any size. */
static bool
integer_is_below(uint64_t integer, uint64_t other)
{
	double		value = dist_key_value(other);

	return value >= 9223372036854775808.0 || integer <= (uint64_t) value;
}

static void
view_entries(DistView *view, const DistSet *set)
{
	size_t		integer = 0,
				other = 0;

	while (other < set->size && dist_key_is_integer(set->entries[other].key))
		other++;
	view->integers = other == set->size;
	for (size_t at = 0, integers = other; at < set->size; at++)
	{
		bool		lower = integer < integers &&
			(other == set->size || integer_is_below(set->entries[integer].key, set->entries[other].key));
		const DistEntry *entry = &set->entries[lower ? integer++ : other++];

		cell_of_entry(&view->cells[at], entry);
		if (view->integers)
			view->whole = wide_add(view->whole, wide_multiply(entry->key, entry->count));
	}
}

static void
view_buckets(DistView *view, const DistSet *set)
{
	view->integers = true;
	for (size_t at = 0; at < set->size; at++)
	{
		const DistBucket *bucket = &set->buckets[at];
		int			unit = dist_bucket_unit(bucket->index);

		cell_of_bucket(&view->cells[at], bucket);
		if (bucket->fraction || unit > 0)
			view->integers = false;
		else
			view->whole = wide_add(view->whole,
								   wide_right(bucket->sum, unit < -127 ? 127 : -unit));
	}
}

void
dist_view(DistView *view, const DistSet *set, DistCell *cells)
{
	memset(view, 0, sizeof(*view));
	view->exact = !set->bucketed;
	view->size = set->size;
	view->cells = cells;
	if (set->bucketed)
		view_buckets(view, set);
	else
		view_entries(view, set);
	for (size_t at = 0; at < view->size; at++)
	{
		cells[at].before = view->items;
		view->items += cells[at].count;
		if (cells[at].high > 0)
			view->positive += cells[at].count;
	}
	/* from the top, as the shares of the top are summed */
	for (size_t at = view->size; at-- > 0;)
		view->total = pair_add(view->total, cells[at].sum);
}

static bool
has_total(const DistView *view)
{
	return view->items > 0 && view->total.value > 0;
}

static void
answer_exactly(DistAnswer *answer, double value)
{
	answer->value = answer->low = answer->high = value;
}

/* Limits that rounding cannot have moved inwards; shares stay in [0, 1]. */
static void
answer_between(DistAnswer *answer, double low, double high)
{
	answer->low = fmin(fmax(low - fabs(low) * ROUNDING, 0), 1);
	answer->high = fmin(fmax(high + fabs(high) * ROUNDING, 0), 1);
	answer->value = fmin(fmax(low + (high - low) / 2, answer->low), answer->high);
}

/* ---------- shares of the top ---------- */

/*
 * Least and most that the top items of one cell can sum to, from its own
 * limits, its mean, and what that leaves to the rest of the cell.
 */
static void
top_of_cell(const DistCell *cell, double items, double *low, double *high)
{
	double		rest = (double) cell->count - items;
	double		sum = pair_value(cell->sum);

	*low = fmax(fmax(items * cell->low, items * cell->mean), sum - rest * cell->high);
	*high = fmin(items * cell->high, sum - rest * cell->low);
	if (*high < *low)
		*high = *low;
}

/* Share of the total held by so many items at the top, linear inside an item. */
bool
dist_top_share(const DistView *view, double items, DistAnswer *answer)
{
	Pair		sum = {0, 0};
	double		total = pair_value(view->total);
	size_t		at = view->size;

	if (!has_total(view))
		return false;
	while (at > 0 && (double) view->cells[at - 1].count <= items)
	{
		items -= (double) view->cells[--at].count;
		sum = pair_add(sum, view->cells[at].sum);
	}
	if (at > 0 && items > 0)
	{
		const DistCell *cell = &view->cells[at - 1];
		double		low,
					high;

		if (!view->exact)
		{
			top_of_cell(cell, items, &low, &high);
			answer_between(answer, pair_value(pair_add(sum, pair_of(low))) / total,
						   pair_value(pair_add(sum, pair_of(high))) / total);
			return true;
		}
		sum = pair_add(sum, pair_multiply(pair_of(cell->mean), pair_of(items)));
	}
	answer_exactly(answer, fmin(pair_value(sum) / total, 1));
	return true;
}

bool
dist_pareto_share(const DistView *view, double fraction, DistAnswer *answer)
{
	return dist_top_share(view, fraction * (double) view->items, answer);
}

/* Fewest items that together reach a fraction of the total. */
bool
dist_coverage(const DistView *view, double fraction, uint64_t *items)
{
	Pair		wanted = pair_multiply(view->total, pair_of(fraction));
	Pair		sum = {0, 0};
	size_t		at = view->size;

	if (!has_total(view))
		return false;
	*items = 0;
	while (at > 0 && pair_compare(sum, wanted) < 0)
	{
		const DistCell *cell = &view->cells[--at];
		Pair		next = pair_add(sum, cell->sum);
		double		missing;

		if (pair_compare(next, wanted) <= 0)
		{
			*items += cell->count;
			sum = next;
			continue;
		}
		missing = pair_value(pair_add(wanted, pair_negate(sum)));
		missing = ceil(missing / cell->mean);
		/* the division may have rounded across a whole number */
		if (missing > 1 &&
			pair_compare(pair_add(sum, pair_multiply(pair_of(missing - 1), pair_of(cell->mean))), wanted) >= 0)
			missing--;
		else if (pair_compare(pair_add(sum, pair_multiply(pair_of(missing), pair_of(cell->mean))), wanted) < 0)
			missing++;
		if (missing >= (double) cell->count)
			*items += cell->count;
		else
			*items += missing < 1 ? 1 : (uint64_t) missing;
		return true;
	}
	return true;
}

/* ---------- shares of the items ---------- */

bool
dist_share_below(const DistView *view, double x, double *share)
{
	double		below = 0;

	if (view->items == 0)
		return false;
	for (size_t at = view->size; at-- > 0;)
	{
		const DistCell *cell = &view->cells[at];

		if (cell->low >= x)
			continue;
		below = (double) cell->before;
		if (cell->high < x)
			below += (double) cell->count;
		else					/* inside a bucket: as if spread evenly */
			below += (double) cell->count * (x - cell->low) / (cell->high - cell->low);
		break;
	}
	*share = below / (double) view->items;
	return true;
}

/* Inverse of the distribution function, ranked as percentile_disc does. */
bool
dist_percentile(const DistView *view, double p, DistAnswer *answer)
{
	double		rank = ceil(p * (double) view->items);
	size_t		low = 0,
				high = view->size;

	if (view->items == 0)
		return false;
	if (rank < 1)
		rank = 1;
	/* the last cell with fewer than rank items before it */
	while (high - low > 1)
	{
		size_t		middle = low + (high - low) / 2;

		if ((double) view->cells[middle].before < rank)
			low = middle;
		else
			high = middle;
	}
	answer->value = view->cells[low].mean;
	answer->low = view->cells[low].low;
	answer->high = view->cells[low].high;
	return true;
}

/* ---------- inequality ---------- */

bool
dist_gini(const DistView *view, DistAnswer *answer)
{
	Pair		sum = {0, 0};
	double		inside = 0;
	double		n = (double) view->items;
	double		total = pair_value(view->total);
	double		low;

	if (!has_total(view))
		return false;
	for (size_t at = 0; at < view->size; at++)
	{
		const DistCell *cell = &view->cells[at];
		/* sum of 2i - n - 1 over the ranks i of the cell, per item */
		Pair		rank = pair_add(pair_from_u64(cell->before), pair_from_u64(cell->before + cell->count));

		rank = pair_add(rank, pair_negate(pair_from_u64(view->items)));
		sum = pair_add(sum, pair_multiply(rank, cell->sum));
		if (cell->high > cell->low)
			/* ratios first: their factors may lie near the least double */
			inside += (double) cell->count / n * (double) cell->count *
				((cell->high - cell->mean) / (cell->high - cell->low)) *
				((cell->mean - cell->low) / total);
	}
	low = fmax(pair_value(sum) / n / total, 0);
	if (view->exact)
		answer_exactly(answer, low);
	else
		answer_between(answer, low, low + inside);
	return true;
}

/* Share of the total held by this part of the items, counted from the bottom. */
bool
dist_lorenz(const DistView *view, double population, double *share)
{
	DistAnswer	top;

	if (!dist_pareto_share(view, 1 - population, &top))
		return false;
	*share = 1 - top.value;
	return true;
}

bool
dist_hhi(const DistView *view, double *hhi)
{
	Pair		sum = {0, 0};
	double		total = pair_value(view->total);

	if (!has_total(view))
		return false;
	for (size_t at = 0; at < view->size; at++)
	{
		const DistCell *cell = &view->cells[at];

		sum = pair_add(sum, pair_multiply(pair_of(pair_value(cell->sum) / total),
										  pair_of(cell->mean / total)));
	}
	*hhi = fmin(pair_value(sum), 1);
	return true;
}

bool
dist_entropy(const DistView *view, double *entropy)
{
	Pair		sum = {0, 0};
	double		total = pair_value(view->total);

	if (!has_total(view))
		return false;
	for (size_t at = 0; at < view->size; at++)
	{
		const DistCell *cell = &view->cells[at];

		if (cell->mean > 0)
			sum = pair_add(sum, pair_multiply(pair_of(pair_value(cell->sum) / total),
											  pair_of(log(total / cell->mean))));
	}
	*entropy = fmax(pair_value(sum), 0);
	return true;
}

/* The Hill number of order q. */
bool
dist_effective_number(const DistView *view, double q, double *number)
{
	Pair		sum = {0, 0};
	double		total = pair_value(view->total);
	double		largest;

	if (!has_total(view))
		return false;
	largest = view->cells[view->size - 1].mean;
	if (q == 0)
		*number = (double) view->positive;
	else if (q == 1)
	{
		(void) dist_entropy(view, number);
		*number = exp(*number);
	}
	else if (isinf(q))
		*number = total / largest;
	else
	{
		/* powers of shares of the largest neither vanish nor overflow */
		for (size_t at = 0; at < view->size; at++)
		{
			const DistCell *cell = &view->cells[at];

			if (cell->mean > 0)
				sum = pair_add(sum, pair_multiply(pair_of((double) cell->count),
												  pair_of(pow(cell->mean / largest, q))));
		}
		*number = exp((log(pair_value(sum)) + q * log(largest / total)) / (1 - q));
	}
	return true;
}

bool
dist_theil(const DistView *view, double *theil)
{
	Pair		sum = {0, 0};
	double		total = pair_value(view->total);
	double		mean = total / (double) view->items;

	if (!has_total(view))
		return false;
	for (size_t at = 0; at < view->size; at++)
	{
		const DistCell *cell = &view->cells[at];

		if (cell->mean > 0)
			sum = pair_add(sum, pair_multiply(pair_of(pair_value(cell->sum) / total),
											  pair_of(log(cell->mean / mean))));
	}
	*theil = fmax(pair_value(sum), 0);
	return true;
}

/* Largest h such that h items have at least the value h. */
bool
dist_h_index(const DistView *view, double *h)
{
	if (view->items == 0)
		return false;
	*h = 0;
	for (size_t at = view->size; at-- > 0;)
	{
		const DistCell *cell = &view->cells[at];

		*h = fmax(*h, fmin(floor(cell->mean), (double) (view->items - cell->before)));
	}
	return true;
}
