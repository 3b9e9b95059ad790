/*
 * analyze.c
 *		ANALYZE of a foreign table, within a budget of requests.
 *
 * Most lists have no total and no random page: their sample is the first
 * analyze_pages pages of the stable order, newest first.  It is biased, and
 * the message says so; the number of rows stays what option estimated_rows or
 * the catalogue says, unless the list ended within the budget.  A dataset
 * tells its total with the first page and has pages anywhere: the others of
 * the budget are drawn at random.  A table that needs a key has no list, and
 * nothing to sample.
 *
 * Every column is read, also those that make pages small, since a column left
 * out would count as NULL in all rows.  SET STATISTICS 0 leaves one out.
 */
#include "postgres.h"

#include <math.h>

#include "access/table.h"
#include "catalog/pg_attribute.h"
#include "commands/vacuum.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "hub/dataset.h"
#include "hub/fdw.h"
#include "hub/scan.h"

#define ROW_BYTES	256			/* of a row, were it stored: an order of size */

typedef struct Sampler
{
	HubOptions *options;
	const HubTable *table;
	NetChannel *channel;
	HubRowBuilder *builder;
	HubAsk	   *ask;
	int			page;			/* rows asked for a page */
	int			budget;			/* pages */
	int			pages;			/* read so far */
	TupleDesc	desc;
	Datum	   *values;
	bool	   *isnull;
	MemoryContext row_memory;
	HeapTuple  *rows;
	int			target;
	int			kept;
	double		seen;
	double		total;			/* as the Hub says, -1: it does not */
} Sampler;

/* ---------- rows ---------- */

/* Reservoir sampling (algorithm R): each row seen has the same chance. */
static void
sample_row(Sampler *s)
{
	int			place = s->kept;

	s->seen++;
	if (s->kept == s->target)
	{
		place = (int) (s->seen * pg_prng_double(&pg_global_prng_state));
		if (place >= s->target)
			return;
		heap_freetuple(s->rows[place]);
	}
	else
		s->kept++;
	s->rows[place] = heap_form_tuple(s->desc, s->values, s->isnull);
}

static void
sample_rows(Sampler *s)
{
	for (;;)
	{
		MemoryContext old = MemoryContextSwitchTo(s->row_memory);
		bool		more = hub_page_next(s->builder, s->values, s->isnull);

		MemoryContextSwitchTo(old);
		if (!more)
			return;
		sample_row(s);
		MemoryContextReset(s->row_memory);
	}
}

/* ---------- pages ---------- */

/* Waits for a page and samples its rows; the caller releases the request. */
static const NetResponse *
read_page(Sampler *s, NetRequest *request)
{
	for (;;)
	{
		const NetResponse *response = net_finish(request);
		const char *damage;

		if (response->status != 200 && s->table->dataset)
			hub_dataset_raise(s->table, s->channel, response);
		if (response->status != 200)
			net_raise(s->channel, response);
		damage = hub_page_begin(s->builder, response->body, response->size, false,
								s->ask->inputs);
		if (damage == NULL)
		{
			sample_rows(s);
			s->pages++;
			return response;
		}
		net_retry(request, damage);
	}
}

/* What follows page NUMBER, or NULL: it was the last. */
static char *
next_path(const Sampler *s, int number, const NetResponse *response)
{
	switch (s->table->paging)
	{
		case HUB_PAGE_NONE:
			return NULL;
		case HUB_PAGE_LINK:
			return response->next ? pstrdup(response->next) : NULL;
		default:
			return hub_more_numbers(s->table, s->page, hub_page_info(s->builder),
									number, response->next != NULL) ?
				hub_numbered_path(s->table, s->ask->path, s->page, number + 1) : NULL;
	}
}

/* The first pages of a list, one after another. */
static void
sample_list(Sampler *s)
{
	char	   *path = s->ask->path;

	for (int number = 0; path && number < s->budget; number++)
	{
		NetRequest *request = net_get(s->channel, path);

		path = next_path(s, number, read_page(s, request));
		net_release(request);
	}
	if (path == NULL)
		s->total = s->seen;
}

/*
 * Numbers of at most COUNT pages from 1 to LAST, in order, each set of them
 * equally likely (Knuth's algorithm S).
 */
static int
choose_pages(int *numbers, int count, int64 last)
{
	int			chosen = 0;

	for (int64 n = 1; n <= last && chosen < count; n++)
		if ((last - n + 1) * pg_prng_double(&pg_global_prng_state) < count - chosen)
			numbers[chosen++] = (int) n;
	return chosen;
}

/* The first page of a dataset, and others of it drawn at random. */
static void
sample_dataset(Sampler *s)
{
	NetRequest *first = net_get(s->channel, s->ask->path);
	NetRequest **requests;
	int		   *numbers;
	int			count;
	int			started = 0;
	int64		total = -1;

	read_page(s, first);
	hub_dataset_check_page(s->table, hub_page_info(s->builder), 0, s->page, &total);
	net_release(first);
	s->total = total;
	numbers = palloc(sizeof(int) * s->budget);
	requests = palloc(sizeof(NetRequest *) * s->budget);
	count = choose_pages(numbers, s->budget - 1, (total - 1) / s->page);
	for (int i = 0; i < count; i++)
	{
		for (; started < count && started - i < s->options->max_concurrency; started++)
			requests[started] = net_get(s->channel,
										hub_numbered_path(s->table, s->ask->path, s->page,
														  numbers[started]));
		read_page(s, requests[i]);
		hub_dataset_check_page(s->table, hub_page_info(s->builder),
							   (int64) numbers[i] * s->page, s->page, &total);
		net_release(requests[i]);
	}
}

/* ---------- what is read ---------- */

/* Does ALTER TABLE … SET STATISTICS 0 keep ANALYZE from the column? */
static bool
is_left_out(Oid relid, AttrNumber attnum)
{
	HeapTuple	tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid),
										Int16GetDatum(attnum));
	Datum		target;
	bool		isnull;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for attribute %d of relation %u", attnum, relid);
	target = SysCacheGetAttr(ATTNUM, tuple, Anum_pg_attribute_attstattarget, &isnull);
	ReleaseSysCache(tuple);
	return !isnull && DatumGetInt16(target) == 0;
}

static HubPlan *
whole_list(const HubOptions *options, Oid relid, int *map, int natts)
{
	HubPlan    *plan = palloc0(sizeof(HubPlan));

	plan->table = options->table;
	plan->sort = -1;
	plan->page_size = options->page_size;
	for (int i = 0; i < natts; i++)
	{
		if (map[i] >= 0 && is_left_out(relid, i + 1))
			map[i] = -1;
		if (map[i] >= 0)
			plan->wanted = list_append_unique_int(plan->wanted, map[i]);
	}
	return plan;
}

static void
open_sampler(Sampler *s, Relation relation)
{
	Oid			relid = RelationGetRelid(relation);
	HubValues	none = {0};
	HubPlan    *plan;
	int			natts;
	int		   *map;

	s->options = hub_options(relid);
	s->table = s->options->table;
	s->total = -1;
	map = hub_column_map(relid, s->table, &natts);
	plan = whole_list(s->options, relid, map, natts);
	s->page = hub_page_bound(plan);
	/* no page more than the sample has room for */
	s->budget = Min(s->options->analyze_pages,
					Max((s->target + s->page - 1) / s->page, 1));
	s->desc = RelationGetDescr(relation);
	s->values = palloc(sizeof(Datum) * natts);
	s->isnull = palloc(sizeof(bool) * natts);
	s->row_memory = AllocSetContextCreate(CurrentMemoryContext, "hub sample",
										  ALLOCSET_DEFAULT_SIZES);
	s->channel = net_open(hub_net_settings(relid, relation->rd_rel->relowner),
						  CurrentMemoryContext);
	s->builder = hub_row_builder(s->table, s->desc, map, CurrentMemoryContext);
	s->ask = linitial(hub_make_asks(plan, &none, s->page, false));
}

/* Rows of the whole table, as far as is known without asking. */
static double
expected_rows(const HubOptions *options)
{
	return options->estimated_rows >= 0 ? options->estimated_rows :
		options->table->rows_estimate;
}

static int
acquire_sample(Relation relation, int elevel, HeapTuple *rows, int targrows,
			   double *totalrows, double *totaldeadrows)
{
	Sampler		s = {.rows = rows, .target = targrows};
	bool		known;

	open_sampler(&s, relation);
	if (s.table->paging == HUB_PAGE_OFFSET)
		sample_dataset(&s);
	else
		sample_list(&s);
	known = s.total >= 0;
	*totaldeadrows = 0;
	*totalrows = known ? s.total : Max(expected_rows(s.options), s.seen);
	ereport(elevel,
			(errmsg("\"%s\": read %.0f rows in %d requests; %d rows in sample, %.0f %s total rows",
					RelationGetRelationName(relation), s.seen, s.pages, s.kept,
					*totalrows, known ? "known" : "estimated"),
			 known ? 0 : errdetail("The sample is the newest part of the list, as far as option \"analyze_pages\" of the server reaches; the Hub tells no total.")));
	return s.kept;
}

/* ---------- the callback ---------- */

bool
hub_analyze(Relation relation, AcquireSampleRowsFunc *func, BlockNumber *totalpages)
{
	HubOptions *options = hub_options(RelationGetRelid(relation));
	const HubColumn *key = hub_required_column(options->table);
	const char *name = RelationGetRelationName(relation);
	double		rows = expected_rows(options);

	if (key)
	{
		/* the server itself warns that the table is skipped, not why */
		ereport(NOTICE,
				(errmsg("foreign table \"%s\" has no list to sample", name),
				 errdetail_plural("The Hub is asked for one value of \"%s\" at a time; the planner expects %.0f row for each.",
								  "The Hub is asked for one value of \"%s\" at a time; the planner expects %.0f rows for each.",
								  (unsigned long) rows, key->name, rows),
				 options->estimated_rows >= 0 || key->push == HUB_PUSH_ID ? 0 :
				 errhint("If it is another number: ALTER FOREIGN TABLE %s OPTIONS (ADD estimated_rows '…').",
						 quote_identifier(name))));
		return false;
	}
	/* only the share of this table in the sample of a tree goes by it */
	*totalpages = (BlockNumber) Min(ceil(rows * ROW_BYTES / BLCKSZ), 1e9) + 1;
	*func = acquire_sample;
	return true;
}
