/*
 * analyze.c
 *		ANALYZE of a foreign table, within a budget of requests.
 *
 * The API has no total and no random page.  The sample is the first
 * analyze_pages pages of the stable order, newest first: biased, and said
 * so.  The number of rows stays what option estimated_rows or the catalogue
 * says, unless the list ended within the budget.
 */
#include "postgres.h"

#include "access/table.h"
#include "commands/vacuum.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "compat.h"
#include "hub/fdw.h"
#include "hub/plan.h"
#include "hub/row.h"

/* Reads pages of a whole list until the budget or the list ends. */
typedef struct Sampler
{
	HubOptions *options;
	NetChannel *channel;
	HubRowBuilder *builder;
	TupleDesc	desc;
	Datum	   *values;
	bool	   *isnull;
	MemoryContext row_memory;
	HeapTuple  *rows;
	int			target;
	int			kept;
	double		seen;
	bool		ended;
} Sampler;

static HubPlan *
whole_list(const HubOptions *options, const int *map, int natts)
{
	HubPlan    *plan = palloc0(sizeof(HubPlan));

	plan->table = options->table;
	plan->sort = -1;
	plan->page_size = options->page_size;
	for (int i = 0; i < natts; i++)
		if (map[i] >= 0 && !options->table->columns[map[i]].heavy)
			plan->wanted = list_append_unique_int(plan->wanted, map[i]);
	return plan;
}

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

static char *
sample_page(Sampler *s, const char *path, const HubAsk *ask)
{
	NetRequest *request = net_get(s->channel, path);
	const NetResponse *response;
	char	   *next = NULL;

	for (;;)
	{
		const char *damage;

		response = net_finish(request);
		if (response->status != 200)
			net_raise(s->channel, response);
		damage = hub_page_begin(s->builder, response->body, response->size, false, ask->inputs);
		if (damage == NULL)
			break;
		net_retry(request, damage);
	}
	for (;;)
	{
		MemoryContext old = MemoryContextSwitchTo(s->row_memory);
		bool		more = hub_page_next(s->builder, s->values, s->isnull);

		MemoryContextSwitchTo(old);
		if (!more)
			break;
		sample_row(s);
		MemoryContextReset(s->row_memory);
	}
	if (response->next)
		next = pstrdup(response->next);
	net_release(request);
	return next;
}

static int
acquire_sample(Relation relation, int elevel, HeapTuple *rows, int targrows,
			   double *totalrows, double *totaldeadrows)
{
	Oid			relid = RelationGetRelid(relation);
	Sampler		s = {.rows = rows, .target = targrows};
	HubValues	none = {0};
	HubPlan    *plan;
	HubAsk	   *ask;
	char	   *path;
	int			natts;
	int		   *map;

	s.options = hub_options(relid);
	map = hub_column_map(relid, s.options->table, &natts);
	plan = whole_list(s.options, map, natts);
	for (int i = 0; i < natts; i++)
		if (!list_member_int(plan->wanted, map[i]))
			map[i] = -1;
	s.desc = RelationGetDescr(relation);
	s.values = palloc(sizeof(Datum) * natts);
	s.isnull = palloc(sizeof(bool) * natts);
	s.row_memory = AllocSetContextCreate(CurrentMemoryContext, "hub sample",
										 ALLOCSET_DEFAULT_SIZES);
	s.channel = net_open(hub_net_settings(relid, relation->rd_rel->relowner),
						 CurrentMemoryContext);
	s.builder = hub_row_builder(s.options->table, s.desc, map, CurrentMemoryContext);
	ask = linitial(hub_make_asks(plan, &none, plan->page_size, false));
	path = ask->path;
	for (int page = 0; path && page < s.options->analyze_pages; page++)
		path = sample_page(&s, path, ask);

	*totaldeadrows = 0;
	if (path == NULL)
		*totalrows = s.seen;
	else if (s.options->estimated_rows >= 0)
		*totalrows = s.options->estimated_rows;
	else
		*totalrows = Max(s.options->table->rows_estimate, s.seen);
	ereport(elevel,
			(errmsg("\"%s\": sampled %d of %.0f rows in at most %d requests",
					RelationGetRelationName(relation), s.kept, s.seen,
					s.options->analyze_pages),
			 path ? errdetail("The sample is the newest part of the list; the total of %.0f is an estimate.",
							  *totalrows) : 0));
	return s.kept;
}

bool
hub_analyze(Relation relation, AcquireSampleRowsFunc *func, BlockNumber *totalpages)
{
	HubOptions *options = hub_options(RelationGetRelid(relation));

	/* a table that needs a key has no list to sample */
	if (options->table->list_path == NULL)
		return false;
	for (const HubColumn *c = options->table->columns; c->name; c++)
		if (hub_column_required(options->table, c))
			return false;
	*totalpages = options->analyze_pages;
	*func = acquire_sample;
	return true;
}
