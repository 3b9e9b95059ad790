/*
 * rank_lists.c
 *		rank_turnover and rank_biased_overlap over text arrays.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "stats/rank.h"

typedef struct RankItem
{
	const char *id;
	int			len;
	int			position;		/* in a, then on in b */
} RankItem;

typedef struct RankLists
{
	int		   *a;
	int		   *b;
	int			na;
	int			nb;
	unsigned char *seen;
} RankLists;

static int
compare_items(const void *left, const void *right)
{
	const RankItem *x = left;
	const RankItem *y = right;
	int			cmp = memcmp(x->id, y->id, Min(x->len, y->len));

	if (cmp == 0)
		cmp = x->len - y->len;
	return cmp ? cmp : x->position - y->position;
}

static int
read_list(ArrayType *array, const char *function, RankItem **items)
{
	Datum	   *datums;
	bool	   *nulls;
	int			count;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &datums, &nulls, &count);
	*items = palloc(sizeof(RankItem) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		text	   *id;

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("lists of %s must not contain NULL", function)));
		id = DatumGetTextPP(datums[i]);
		(*items)[i].id = VARDATA_ANY(id);
		(*items)[i].len = VARSIZE_ANY_EXHDR(id);
	}
	return count;
}

/* Both lists as numbers; an id that comes twice in a list is an error. */
static void
read_lists(FunctionCallInfo fcinfo, const char *function, RankLists *lists)
{
	RankItem   *a,
			   *b,
			   *all;
	int			total,
				number = -1;
	int		   *numbers;

	lists->na = read_list(PG_GETARG_ARRAYTYPE_P(0), function, &a);
	lists->nb = read_list(PG_GETARG_ARRAYTYPE_P(1), function, &b);
	total = lists->na + lists->nb;
	all = palloc(sizeof(RankItem) * Max(total, 1));
	memcpy(all, a, sizeof(RankItem) * lists->na);
	memcpy(all + lists->na, b, sizeof(RankItem) * lists->nb);
	for (int i = 0; i < total; i++)
		all[i].position = i;
	qsort(all, total, sizeof(RankItem), compare_items);
	numbers = palloc(sizeof(int) * Max(total, 1));
	for (int i = 0; i < total; i++)
	{
		bool		same = i > 0 && all[i].len == all[i - 1].len &&
			memcmp(all[i].id, all[i - 1].id, all[i].len) == 0;

		if (same && (all[i].position < lists->na) == (all[i - 1].position < lists->na))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("lists of %s must not repeat an item", function),
					 errdetail("\"%s\" stands twice in a list.",
							   pnstrdup(all[i].id, all[i].len))));
		numbers[all[i].position] = same ? number : ++number;
	}
	lists->a = numbers;
	lists->b = numbers + lists->na;
	lists->seen = palloc0(Max(total, 1));
}

PG_FUNCTION_INFO_V1(pghub_rank_turnover);
Datum
pghub_rank_turnover(PG_FUNCTION_ARGS)
{
	RankLists	lists;
	int			k,
				both;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	read_lists(fcinfo, "rank_turnover", &lists);
	k = PG_ARGISNULL(2) ? Max(lists.na, lists.nb) : PG_GETARG_INT32(2);
	if (k <= 0 && !PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k of rank_turnover must be positive")));
	if (k == 0)
		PG_RETURN_NULL();
	both = rank_overlap(lists.a, Min(lists.na, k), lists.b, Min(lists.nb, k), lists.seen);
	PG_RETURN_FLOAT8((k - both) / (double) k);
}

PG_FUNCTION_INFO_V1(pghub_rank_biased_overlap);
Datum
pghub_rank_biased_overlap(PG_FUNCTION_ARGS)
{
	RankLists	lists;
	double		p = PG_GETARG_FLOAT8(2);

	if (!(p > 0 && p < 1))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("p of rank_biased_overlap must be between 0 and 1, both excluded")));
	read_lists(fcinfo, "rank_biased_overlap", &lists);
	if (lists.na == 0 || lists.nb == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(rank_biased(lists.a, lists.na, lists.b, lists.nb, p, lists.seen));
}
