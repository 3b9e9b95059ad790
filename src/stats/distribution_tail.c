/*
 * distribution_tail.c
 *		Fitting a power law to the upper tail, and weighing it against a
 *		log-normal one.
 *
 * Exponents are maximum likelihood: a formula for real values, the root of a
 * monotone function with Hurwitz's zeta for integers.  The lower end is the
 * value with the least Kolmogorov-Smirnov distance, computed by the rule of
 * the authors' own code, so that published fits come out.
 *
 * A bucket enters with its mean value (an error of second order in its width,
 * below 1e-5) and its distance is taken at its edge, where counts are exact.
 */
#include "stats/distribution_tail.h"

#define POLL_EVERY	4096		/* cells between two calls of poll */
#define ALPHA_MOST	1000.0

/* ---------- Hurwitz's zeta ---------- */

/*
 * Sum over k >= 0 of ((a + k) / a)^-s, that is zeta(s, a) * a^s, which does
 * not vanish for large a; by Euler and Maclaurin, to about 1e-15.
 */
double
dist_zeta(double s, double a, double *derivative)
{
	/* B(2j) / (2j)! */
	static const double bernoulli[] = {
		1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160,
		-691.0 / 1307674368000.0, 1.0 / 74724249600.0
	};
	double		sum = 0,
				slope = 0,
				at = a,
				from = 10 + s / 2,
				log_at,
				term,
				rising,
				logs;

	for (; at < from; at += 1)
	{
		double		log_ratio = log(at / a);

		term = exp(-s * log_ratio);
		sum += term;
		slope -= term * log_ratio;
	}
	log_at = log(at / a);
	term = exp(-s * log_at);
	sum += term * (at / (s - 1) + 0.5);
	slope += term * (at * (-log_at / (s - 1) - 1 / ((s - 1) * (s - 1))) - 0.5 * log_at);
	/* s (s+1) ... (s+2j-2) / at^(2j-1), and the sum of 1 / (s+i) */
	rising = term * s / at;
	logs = 1 / s - log_at;
	for (int j = 0; j < (int) (sizeof(bernoulli) / sizeof(bernoulli[0])); j++)
	{
		double		next = s + 2 * j + 1;

		sum += bernoulli[j] * rising;
		slope += bernoulli[j] * rising * logs;
		rising *= next / at * ((next + 1) / at);
		logs += 1 / next + 1 / (next + 1);
	}
	if (derivative)
		*derivative = slope;
	return sum;
}

/* The exponent whose mean of ln(x / xmin) is the one given; 0: there is none. */
static double
discrete_alpha(double xmin, double mean_log)
{
	double		low = 1,
				high = 2,
				s,
				slope,
				z;

	if (!(mean_log > 0))
		return 0;
	/* the model's mean falls with s */
	for (;;)
	{
		z = dist_zeta(high, xmin, &slope);
		if (-slope / z <= mean_log)
			break;
		low = high;
		high *= 2;
		if (high > ALPHA_MOST)
			return 0;
	}
	s = low + (high - low) / 2;
	for (int i = 0; i < 100 && high - low > 1e-13 * high; i++)
	{
		double		step = 1e-5 * (s - 1);
		double		excess,
					excess2,
					next;

		z = dist_zeta(s, xmin, &slope);
		excess = -slope / z - mean_log;
		if (excess == 0)
			break;
		if (excess > 0)
			low = s;
		else
			high = s;
		/* Newton's step from a difference, halving where it leads outside */
		z = dist_zeta(s + step, xmin, &slope);
		excess2 = -slope / z - mean_log;
		next = s - excess * step / (excess2 - excess);
		if (fabs(next - s) < 1e-13 * s)
			break;
		s = next > low && next < high ? next : low + (high - low) / 2;
	}
	return s;
}

/* ---------- the tail ---------- */

static bool
is_integer(double x)
{
	return floor(x) == x;
}

/* First cell of the tail; a bucket that xmin cuts belongs to it by its mean. */
static size_t
first_cell(const DistView *view, double xmin)
{
	size_t		low = 0,
				high = view->size;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (view->cells[middle].mean < xmin)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Settles the kind of law for the cells from here on. */
static DistTailResult
settle_kind(DistTail *tail, const DistView *view, size_t first)
{
	bool		integers = true;

	for (size_t at = first; integers && !view->integers && at < view->size; at++)
		integers = is_integer(view->cells[at].low) && is_integer(view->cells[at].high) &&
			(view->exact || view->cells[at].low == view->cells[at].high);
	if (tail->kind == DIST_TAIL_DISCRETE && !integers)
		return DIST_TAIL_NOT_INTEGER;
	if (tail->kind == DIST_TAIL_AUTO)
		tail->kind = integers ? DIST_TAIL_DISCRETE : DIST_TAIL_CONTINUOUS;
	return DIST_TAIL_OK;
}

/* xmin of a discrete law is the integer at or above it. */
static double
law_start(const DistTail *tail, double xmin)
{
	return tail->kind == DIST_TAIL_DISCRETE ? ceil(xmin) : xmin;
}

static double
fit_alpha(const DistTail *tail, double xmin, double items, double sum_log)
{
	/* sum_log is that of ln(x / xmin) */
	if (!(sum_log > 0))
		return 0;
	if (tail->kind == DIST_TAIL_CONTINUOUS)
		return 1 + items / sum_log;
	return discrete_alpha(xmin, sum_log / items);
}

DistTailResult
dist_tail_alpha(DistTail *tail, const DistView *view, double *alpha)
{
	size_t		first = first_cell(view, tail->xmin);
	DistTailResult result = settle_kind(tail, view, first);
	double		xmin = law_start(tail, tail->xmin);
	Pair		sum = {0, 0};

	if (result != DIST_TAIL_OK)
		return result;
	if (first == view->size)
		return DIST_TAIL_UNDEFINED;
	for (size_t at = first; at < view->size; at++)
		sum = pair_add(sum, pair_multiply(pair_of((double) view->cells[at].count),
										  pair_of(log(view->cells[at].mean / xmin))));
	*alpha = fit_alpha(tail, xmin, (double) (view->items - view->cells[first].before),
					   pair_value(sum));
	return *alpha > 1 && isfinite(*alpha) ? DIST_TAIL_OK : DIST_TAIL_UNDEFINED;
}

/* ---------- the distance ---------- */

typedef struct Candidate
{
	size_t		first;			/* cell */
	double		xmin;
	double		log_xmin;
	double		alpha;
	double		items;
	double		scale;			/* discrete: zeta at xmin */
} Candidate;

/* Share of a discrete law below the integer x. */
static double
discrete_below(const Candidate *c, double x, double log_x)
{
	return 1 - exp(-c->alpha * (log_x - c->log_xmin)) * dist_zeta(c->alpha, x, NULL) / c->scale;
}

/* The largest distance that one cell shows. */
static double
cell_distance(const DistTail *tail, const DistView *view, const Candidate *c,
			  size_t at, const double *logs)
{
	const DistCell *cell = &view->cells[at];
	double		before = (double) (cell->before - view->cells[c->first].before) / c->items;
	double		after = before + (double) cell->count / c->items;
	double		share;

	if (!view->exact)
	{
		/* only at the edge are counts known */
		if (at == c->first)
			return 0;
		if (tail->kind == DIST_TAIL_DISCRETE)
			share = discrete_below(c, cell->low, log(cell->low));
		else
			share = 1 - exp((1 - c->alpha) * (log(cell->low) - c->log_xmin));
		return fabs(share - before);
	}
	if (tail->kind == DIST_TAIL_CONTINUOUS)
	{
		/* F(x_i) against (i - 1) / n, first and last of equal values */
		share = 1 - exp((1 - c->alpha) * (logs[at] - c->log_xmin));
		return fmax(fabs(share - before), fabs(share - after + 1 / c->items));
	}
	/* at the value itself, and just below it where nothing lies in between */
	share = at == c->first ? 0 : fabs(discrete_below(c, cell->mean, logs[at]) - before);
	return fmax(share, fabs(discrete_below(c, cell->mean + 1, log(cell->mean + 1)) - after));
}

/*
 * The distance of a candidate, or anything not below best once it is known to
 * be no better: the cell that ruled the last one out is looked at first.
 */
static double
distance(const DistTail *tail, const DistView *view, const Candidate *c,
		 const double *logs, double best, size_t *witness)
{
	double		largest = 0;

	if (*witness >= c->first)
		largest = cell_distance(tail, view, c, *witness, logs);
	for (size_t at = c->first; largest < best && at < view->size; at++)
	{
		double		here = cell_distance(tail, view, c, at, logs);

		if (here > largest)
		{
			largest = here;
			*witness = at;
		}
		if (at % POLL_EVERY == POLL_EVERY - 1)
			tail->poll();
	}
	return largest;
}

DistTailResult
dist_tail_fit(DistTail *tail, const DistView *view, DistPowerLaw *law, double *logs)
{
	size_t		first = 0,
				witness = 0;
	Pair		sum = {0, 0};
	DistTailResult result;

	while (first < view->size && !(view->cells[first].low > 0))
		first++;
	result = settle_kind(tail, view, first);
	if (result != DIST_TAIL_OK)
		return result;
	law->ks = HUGE_VAL;
	for (size_t at = first; at < view->size; at++)
		logs[at] = log(view->cells[at].mean);

	/* from the top, so that the sum of logarithms grows with the tail */
	for (size_t at = view->size; at-- > first;)
	{
		Candidate	c;
		double		sum_log;

		sum = pair_add(sum, pair_multiply(pair_of((double) view->cells[at].count), pair_of(logs[at])));
		if (at + 1 == view->size)
			continue;			/* the largest value alone has no law */
		tail->poll();
		c.first = at;
		c.xmin = view->cells[at].low;
		c.log_xmin = view->exact ? logs[at] : log(c.xmin);
		c.items = (double) (view->items - view->cells[at].before);
		sum_log = pair_value(pair_add(sum, pair_negate(pair_multiply(pair_of(c.items), pair_of(c.log_xmin)))));
		c.alpha = fit_alpha(tail, c.xmin, c.items, sum_log);
		if (!(c.alpha > 1 && isfinite(c.alpha)))
			continue;
		c.scale = tail->kind == DIST_TAIL_DISCRETE ? dist_zeta(c.alpha, c.xmin, NULL) : 1;

		/* of equal distances the smaller xmin: later ones win a tie */
		double		ks = distance(tail, view, &c, logs, nextafter(law->ks, HUGE_VAL), &witness);

		if (ks <= law->ks)
		{
			law->alpha = c.alpha;
			law->xmin = c.xmin;
			law->items = view->items - view->cells[at].before;
			law->ks = ks;
		}
	}
	return isfinite(law->ks) ? DIST_TAIL_OK : DIST_TAIL_UNDEFINED;
}

/* ---------- against the log-normal ---------- */

/* ln of the upper tail of the normal distribution */
static double
log_normal_tail(double z)
{
	if (z > 25)
		return -z * z / 2 - log(z * 2.5066282746310002) + log1p(-1 / (z * z) + 3 / (z * z * z * z));
	return log(0.5 * erfc(z * M_SQRT1_2));
}

typedef struct LogNormal
{
	double		mu;
	double		sigma;
	double		log_tail;		/* of what lies above the lower end */
} LogNormal;

static double
lower_edge(const DistTail *tail)
{
	/* an integer stands for the interval of half to either side */
	return tail->kind == DIST_TAIL_DISCRETE ? tail->xmin - 0.5 : tail->xmin;
}

static LogNormal
log_normal(const DistTail *tail, double mu, double log_sigma)
{
	LogNormal	law;

	law.mu = mu;
	law.sigma = exp(log_sigma);
	law.log_tail = log_normal_tail((log(lower_edge(tail)) - mu) / law.sigma);
	return law;
}

static double
log_normal_density(const DistTail *tail, const LogNormal *law, double x)
{
	double		z = (log(x) - law->mu) / law->sigma;

	if (tail->kind == DIST_TAIL_DISCRETE && x < 1e5)
	{
		double		left = (log(x - 0.5) - law->mu) / law->sigma;
		double		right = (log(x + 0.5) - law->mu) / law->sigma;
		double		upper,
					lower;

		/* on the side where both are small, so that the difference is exact */
		if (left < 0 && right < 0)
		{
			upper = log_normal_tail(-right);
			lower = log_normal_tail(-left);
		}
		else
		{
			upper = log_normal_tail(left);
			lower = log_normal_tail(right);
		}
		if (lower < upper)
			return upper + log1p(-exp(lower - upper)) - law->log_tail;
	}
	return -z * z / 2 - log(x * law->sigma * 2.5066282746310002) - law->log_tail;
}

typedef struct Likelihood
{
	const DistTail *tail;
	const DistView *view;
	size_t		first;
} Likelihood;

/* Minus the mean log-likelihood, to be made small. */
static double
badness(const Likelihood *of, const double point[2])
{
	LogNormal	law;
	Pair		sum = {0, 0};
	double		items = (double) (of->view->items - of->view->cells[of->first].before);

	/* a law of such width is a power law; where the tail is flat it runs away */
	if (!(fabs(point[0]) < 1e4 && fabs(point[1]) < 10))
		return HUGE_VAL;
	law = log_normal(of->tail, point[0], point[1]);
	for (size_t at = of->first; at < of->view->size; at++)
	{
		const DistCell *cell = &of->view->cells[at];

		sum = pair_add(sum, pair_of((double) cell->count *
									log_normal_density(of->tail, &law, cell->mean)));
		if (at % POLL_EVERY == POLL_EVERY - 1)
			of->tail->poll();
	}
	sum.value = -pair_value(sum) / items;
	return isfinite(sum.value) ? sum.value : HUGE_VAL;
}

typedef struct Vertex
{
	double		at[2];
	double		bad;
} Vertex;

static Vertex
vertex(const Likelihood *of, double x, double y)
{
	Vertex		v = {{x, y}, 0};

	v.bad = badness(of, v.at);
	return v;
}

/* From the middle of the better two, past it or short of it. */
static Vertex
along(const Likelihood *of, const Vertex *v, double step)
{
	double		x = (v[0].at[0] + v[1].at[0]) / 2;
	double		y = (v[0].at[1] + v[1].at[1]) / 2;

	return vertex(of, x + step * (v[2].at[0] - x), y + step * (v[2].at[1] - y));
}

/* Nelder and Mead's simplex in two dimensions. */
static Vertex
least_bad(const Likelihood *of, Vertex start)
{
	Vertex		v[3] = {start, vertex(of, start.at[0] + 1, start.at[1]),
	vertex(of, start.at[0], start.at[1] + 0.5)};

	for (int i = 0; i < 1000; i++)
	{
		Vertex		tried;

		/* best first, worst last */
		for (int pass = 0; pass < 2; pass++)
			for (int k = 0; k < 2; k++)
				if (v[k + 1].bad < v[k].bad)
				{
					tried = v[k];
					v[k] = v[k + 1];
					v[k + 1] = tried;
				}
		of->tail->poll();
		if (v[2].bad - v[0].bad <= 1e-13 * (1 + fabs(v[0].bad)) &&
			fabs(v[2].at[0] - v[0].at[0]) + fabs(v[2].at[1] - v[0].at[1]) < 1e-7)
			break;
		tried = along(of, v, -1);
		if (tried.bad < v[0].bad)
		{
			Vertex		further = along(of, v, -2);

			v[2] = further.bad < tried.bad ? further : tried;
			continue;
		}
		if (tried.bad >= v[1].bad)
		{
			bool		outside = tried.bad < v[2].bad;
			Vertex		nearer = along(of, v, outside ? -0.5 : 0.5);

			if (nearer.bad >= fmin(tried.bad, v[2].bad))
			{
				for (int k = 1; k < 3; k++)
					v[k] = vertex(of, (v[0].at[0] + v[k].at[0]) / 2, (v[0].at[1] + v[k].at[1]) / 2);
				continue;
			}
			tried = nearer;
		}
		v[2] = tried;
	}
	return v[0];
}

static LogNormal
fit_log_normal(const Likelihood *of)
{
	double		items = (double) (of->view->items - of->view->cells[of->first].before);
	double		mean = 0,
				square = 0;
	Vertex		best;

	for (size_t at = of->first; at < of->view->size; at++)
	{
		double		x = log(of->view->cells[at].mean);

		mean += x * (double) of->view->cells[at].count / items;
		square += x * x * (double) of->view->cells[at].count / items;
	}
	best = vertex(of, mean, 0.5 * log(fmax(square - mean * mean, 1e-6)));
	/* twice: a simplex that has shrunk early finds new room */
	best = least_bad(of, best);
	best = least_bad(of, best);
	return log_normal(of->tail, best.at[0], best.at[1]);
}

static double
power_law_density(const DistTail *tail, double alpha, double log_zeta, double x)
{
	double		log_ratio = log(x / tail->xmin);

	if (tail->kind == DIST_TAIL_DISCRETE)
		return -alpha * log_ratio - log_zeta;
	return log((alpha - 1) / tail->xmin) - alpha * log_ratio;
}

DistTailResult
dist_tail_vuong(DistTail *tail, const DistView *view, DistVuong *vuong)
{
	Likelihood	of = {tail, view, first_cell(view, tail->xmin)};
	double		alpha,
				items,
				log_zeta = 0;
	LogNormal	law;
	Pair		sum = {0, 0},
				square = {0, 0};
	DistTailResult result = dist_tail_alpha(tail, view, &alpha);

	if (result != DIST_TAIL_OK)
		return result;
	tail->xmin = law_start(tail, tail->xmin);
	if (tail->kind == DIST_TAIL_DISCRETE)
		log_zeta = log(dist_zeta(alpha, tail->xmin, NULL));
	law = fit_log_normal(&of);
	items = (double) (view->items - view->cells[of.first].before);
	for (int pass = 0; pass < 2; pass++)
	{
		double		mean = pair_value(sum) / items;

		for (size_t at = of.first; at < view->size; at++)
		{
			const DistCell *cell = &view->cells[at];
			double		ratio = power_law_density(tail, alpha, log_zeta, cell->mean) -
				log_normal_density(tail, &law, cell->mean);

			if (pass == 0)
				sum = pair_add(sum, pair_of((double) cell->count * ratio));
			else
				square = pair_add(square, pair_of((double) cell->count * (ratio - mean) * (ratio - mean)));
		}
	}
	vuong->log_ratio = pair_value(sum);
	vuong->z = vuong->log_ratio / sqrt(pair_value(square));
	vuong->p_value = erfc(fabs(vuong->z) * M_SQRT1_2);
	return isfinite(vuong->z) ? DIST_TAIL_OK : DIST_TAIL_UNDEFINED;
}
