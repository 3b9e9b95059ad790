/*
 * scan.c
 *		The executor's side: from evaluated conditions to rows.
 *
 * A run is what one evaluation of the parameters asks for: a queue of
 * fetches, taken in order.  While a page is read the next is on the wire.
 * Rows pass three gates: identity (a moving list may show one twice), order
 * (a pushed sort must really fall) and floor (below the bound a sorted list
 * ends).  A rescan whose evaluated requests are the same reads kept rows.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/parsetree.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "compat.h"
#include "hub/ahead.h"
#include "hub/announce.h"
#include "hub/dataset.h"
#include "hub/fdw.h"
#include "hub/scan.h"

#define LISTS_AT_ONCE	4		/* pages are large: bounds the memory */
#define DRIVE_EVERY		32		/* rows between two looks at the wire */

/* ---------- begin and end ---------- */

static const char *
table_name(const HubScan *scan)
{
	return scan->plan->table->name;
}

static void
refuse_forbidden(const HubPlan *plan)
{
	const HubColumn *column;

	if (plan->forbidden == NULL)
		return;
	column = hub_column(plan->table, plan->forbidden);
	if (hub_column_required(plan->table, column))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("table \"%s\" needs a value for column \"%s\"",
						plan->table->name, column->name),
				 errdetail("The Hub has no list of all; it is asked for one key at a time."),
				 errhint("Add WHERE %s = …, IN (…) or = ANY (…), or join on it.",
						 column->name)));
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 column->push == HUB_PUSH_DATE ?
			 errmsg("column \"%s\" of table \"%s\" can only be asked for by =, IN, = ANY or a range with both ends",
					column->name, plan->table->name) :
			 errmsg("column \"%s\" of table \"%s\" can only be asked for by =, IN or = ANY",
					column->name, plan->table->name),
			 errdetail("It echoes what the Hub was asked for; another condition on it could not be answered."),
			 errhint("Use it in WHERE %s = … at the top level, joined by AND.",
					 column->name)));
}

/* Attributes that the plan wants, for the row builder. */
static int *
wanted_attrs(Relation rel, const HubPlan *plan)
{
	int			natts;
	int		   *map = hub_column_map(RelationGetRelid(rel), plan->table, &natts);

	for (int i = 0; i < natts; i++)
		if (!list_member_int(plan->wanted, map[i]))
			map[i] = -1;
	return map;
}

static void
init_expressions(ForeignScanState *node, HubScan *scan)
{
	List	   *exprs = ((ForeignScan *) node->ss.ps.plan)->fdw_exprs;
	List	   *floors = NIL;

	for (int i = 0; i < scan->plan->nbindings; i++)
	{
		HubBinding *b = &scan->plan->bindings[i];

		b->expr = list_nth(exprs, i);
		if (b->kind == HUB_BIND_FLOOR)
		{
			floors = lappend(floors, b->expr);
			scan->values = lappend(scan->values, NULL);
		}
		else
			scan->values = lappend(scan->values, ExecInitExpr(b->expr, &node->ss.ps));
	}
	if (floors)
		scan->floor = ExecInitQual(floors, &node->ss.ps);
}

void
hub_begin_scan(ForeignScanState *node, int eflags)
{
	ForeignScan *fscan = (ForeignScan *) node->ss.ps.plan;
	HubScan    *scan = palloc0(sizeof(HubScan));
	Oid			user;

	node->fdw_state = scan;
	scan->plan = hub_plan_unpack(fscan->fdw_private,
								 hub_options(RelationGetRelid(node->ss.ss_currentRelation))->table);
	for (int i = 0; i < scan->plan->nbindings; i++)
		scan->plan->bindings[i].expr = list_nth(fscan->fdw_exprs, i);
	user = hub_check_as_user(node);
	scan->settings = hub_net_settings(RelationGetRelid(node->ss.ss_currentRelation),
									  OidIsValid(user) ? user : GetUserId());
	scan->fresh = true;
	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;

	refuse_forbidden(scan->plan);
	scan->memory = CurrentMemoryContext;
	scan->run_memory = AllocSetContextCreate(scan->memory, "hub run", ALLOCSET_DEFAULT_SIZES);
	scan->column_of_attr = wanted_attrs(node->ss.ss_currentRelation, scan->plan);
	init_expressions(node, scan);
	scan->answers = hub_answers_create(scan->memory,
									   node->ss.ss_ScanTupleSlot->tts_tupleDescriptor,
									   (eflags & EXEC_FLAG_REWIND) != 0);
	hub_board_open(node, scan);
}

/* ---------- values of the bindings ---------- */

/* What DATUM asks for, in text. */
void
hub_put_value(HubValues *values, const HubBinding *binding, Datum datum, bool isnull)
{
	if (isnull)
		values->nothing = true;
	else if (hub_bind_takes_array(binding->kind))
		hub_array_values(values, datum, binding->kind != HUB_BIND_MEMBERS);
	else
	{
		values->values = palloc(sizeof(char *));
		values->values[values->count++] = hub_value_text(datum, exprType((Node *) binding->expr));
	}
}

HubValues *
hub_scan_values(HubScan *scan, ExprContext *econtext)
{
	HubValues  *values = palloc0(sizeof(HubValues) * Max(scan->plan->nbindings, 1));

	for (int i = 0; i < scan->plan->nbindings; i++)
	{
		ExprState  *state = list_nth(scan->values, i);
		bool		isnull;
		Datum		datum;

		if (state == NULL)
			continue;
		datum = ExecEvalExpr(state, econtext, &isnull);
		hub_put_value(&values[i], &scan->plan->bindings[i], datum, isnull);
	}
	return values;
}

/* ---------- fetches ---------- */

static int
page_bound(const HubScan *scan)
{
	const HubTable *table = scan->plan->table;
	int			bound = table->page_max > 0 ? table->page_max : scan->plan->page_size;
	ListCell   *lc;

	foreach(lc, scan->plan->wanted)
		if (table->columns[lfirst_int(lc)].heavy && table->page_heavy > 0)
			bound = Min(bound, table->page_heavy);
	return Min(bound, scan->plan->page_size);
}

int
hub_scan_first_page(const HubScan *scan)
{
	int			bound = page_bound(scan);

	return scan->plan->page_first > 0 ? Min(scan->plan->page_first, bound) : bound;
}

void
hub_scan_open(HubScan *scan)
{
	const HubAsk *first = scan->asks ? linitial(scan->asks) : NULL;
	MemoryContext old;

	if (scan->channel)
		return;
	old = MemoryContextSwitchTo(scan->memory);
	if (first && first->single_page && list_length(scan->asks) == 1)
		scan->early = hub_ahead_take(scan->settings, first->path, scan->memory,
									 &scan->channel);
	if (scan->channel == NULL)
		scan->channel = net_open(scan->settings, scan->memory);
	scan->started = scan->noticed = GetCurrentTimestamp();
	MemoryContextSwitchTo(old);
}

static void
enqueue(HubScan *scan, HubChain *chain, const char *path, int number)
{
	MemoryContext old = MemoryContextSwitchTo(scan->run_memory);
	HubFetch   *fetch = palloc(sizeof(HubFetch));

	fetch->chain = chain;
	fetch->number = number;
	fetch->request = scan->early ? scan->early : hub_board_take(scan, path);
	scan->early = NULL;
	if (fetch->request == NULL)
		fetch->request = net_get(scan->channel, path);
	chain->in_flight++;
	scan->queue = lappend(scan->queue, fetch);
	MemoryContextSwitchTo(old);
}

/* The path of page NUMBER, for paging that counts. */
static char *
numbered_path(const HubTable *table, const HubChain *chain, int number)
{
	const char *path = chain->ask->path;
	char		mark = strchr(path, '?') ? '&' : '?';

	if (number == 0)
		return pstrdup(path);
	if (table->paging == HUB_PAGE_OFFSET)
		return psprintf("%s%coffset=%lld", path, mark, (long long) number * chain->page);
	return psprintf("%s%cp=%d", path, mark, number);
}

/*
 * What ASK's rows echo.  Rows of two asks are the same row only if they echo
 * the same: a file "README.md" of two repositories is two rows.
 */
static char *
ask_scope(const HubTable *table, const HubAsk *ask)
{
	StringInfoData scope;

	initStringInfo(&scope);
	for (int i = 0; table->columns[i].name; i++)
		if (table->columns[i].role != HUB_FIELD &&
			table->columns[i].role != HUB_NEXT_CURSOR && ask->inputs[i])
			appendStringInfo(&scope, "%d=%s\n", i, ask->inputs[i]);
	return scope.data;
}

/* Starts the next asks, as many as the window has room for. */
static void
fill_window(HubScan *scan)
{
	while (scan->next_ask < list_length(scan->asks) &&
		   list_length(scan->queue) < scan->window)
	{
		MemoryContext old = MemoryContextSwitchTo(scan->run_memory);
		HubChain   *chain = palloc0(sizeof(HubChain));

		chain->ask = list_nth(scan->asks, scan->next_ask++);
		chain->scope = ask_scope(scan->plan->table, chain->ask);
		chain->page = hub_scan_first_page(scan);
		chain->next_number = 1;
		/* without a LIMIT all pages are wanted: as many as may run at once */
		chain->ahead = scan->plan->page_first > 0 || scan->plan->table->paging != HUB_PAGE_OFFSET ?
			1 : scan->settings->max_concurrency;
		chain->total = -1;
		MemoryContextSwitchTo(old);
		enqueue(scan, chain, chain->ask->path, 0);
	}
}

static void
release(HubScan *scan, HubFetch *fetch)
{
	fetch->chain->in_flight--;
	net_release(fetch->request);
	pfree(fetch);
}

/* Fetches of a chain that turned out to have ended. */
static void
cancel_chain(HubScan *scan, HubChain *chain)
{
	ListCell   *lc;

	chain->ended = true;
	foreach(lc, scan->queue)
	{
		HubFetch   *fetch = lfirst(lc);

		if (fetch->chain == chain)
		{
			scan->queue = foreach_delete_current(scan->queue, lc);
			release(scan, fetch);
		}
	}
}

/* Does the LIMIT need no page after this one? */
static bool
limit_reached(const HubScan *scan, const HubPageInfo *info)
{
	return scan->plan->sole && scan->run_rows + info->items >= scan->plan->page_first;
}

/*
 * A page under a limit that did not suffice is followed by a larger one: the
 * cursor does not depend on the size.
 */
static char *
grown_link(HubScan *scan, HubChain *chain, const char *next)
{
	int			bound = page_bound(scan);
	const char *param = scan->plan->table->limit_param;

	if (chain->page >= bound || param == NULL)
		return pstrdup(next);
	chain->page = Min(chain->page * 2, bound);
	if (chain->page < 100)
		chain->page = Min(100, bound);
	return hub_replace_param(next, param, psprintf("%d", chain->page));
}

static void
follow_link(HubScan *scan, HubChain *chain, const char *next)
{
	MemoryContext old = MemoryContextSwitchTo(scan->run_memory);
	char	   *path;

	/* a cursor that comes again would be followed for ever */
	if (chain->links == NULL)
		chain->links = hub_seen_create(scan->run_memory);
	if (hub_seen_add(chain->links, next, strlen(next)))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("the Hub's list \"%s\" links back to a page that was read",
						table_name(scan)),
				 errdetail("The link is \"%s\".", next)));
	path = grown_link(scan, chain, next);
	enqueue(scan, chain, path, 0);
	MemoryContextSwitchTo(old);
}

/*
 * Numbered pages: are there more, as far as this one tells?  A short page is
 * the last, unless it links to a next: the Hub may cap pages below what was
 * asked for.
 */
static bool
more_numbers(const HubScan *scan, const HubChain *chain, const HubPageInfo *info,
			 int number, bool linked)
{
	int64		end = info->items;

	switch (scan->plan->table->paging)
	{
		case HUB_PAGE_COUNT:
			end += Max(info->start, 0);
			return info->items > 0 && end < info->count;
		case HUB_PAGE_OFFSET:
			return info->items > 0 && (int64) (number + 1) * chain->page < info->num_rows_total;
		default:
			return info->items > 0 && (linked || info->items >= chain->page);
	}
}

/* May the next numbered page hold rows, as far as is known? */
static bool
is_within(const HubScan *scan, const HubChain *chain, const HubPageInfo *info)
{
	return scan->plan->table->paging != HUB_PAGE_OFFSET ||
		(int64) chain->next_number * chain->page < info->num_rows_total;
}

/* After page NUMBER, which links to NEXT: what follows goes on the wire. */
static void
follow_page(HubScan *scan, HubChain *chain, int number, const char *next,
			const HubPageInfo *info)
{
	switch (scan->plan->table->paging)
	{
		case HUB_PAGE_NONE:
			return;
		case HUB_PAGE_LINK:
			if (next && !(chain->ask->single_page && info->items > 0))
				follow_link(scan, chain, next);
			else if (next)
				hub_ahead_start(scan->settings, chain->ask->path,
								hub_url_param(next, "cursor"));
			return;
		default:
			if (chain->ask->single_page)
				return;
			if (!more_numbers(scan, chain, info, number, next != NULL))
			{
				cancel_chain(scan, chain);
				return;
			}
			while (chain->in_flight - 1 < chain->ahead &&
				   is_within(scan, chain, info))
			{
				enqueue(scan, chain, numbered_path(scan->plan->table, chain, chain->next_number),
						chain->next_number);
				chain->next_number++;
			}
			chain->ahead = Min(chain->ahead * 2, scan->settings->max_concurrency);
	}
}

/*
 * The page that FETCH brought is open.  Where it seems to meet the LIMIT, what
 * follows is held back: the local check may yet drop rows.
 */
static void
follow(HubScan *scan, HubFetch *fetch, const NetResponse *response, const HubPageInfo *info)
{
	HubChain   *chain = fetch->chain;

	if (chain->ask->one || chain->ended)
		return;
	if (!limit_reached(scan, info))
	{
		follow_page(scan, chain, fetch->number, response->next, info);
		return;
	}
	chain->held_number = fetch->number;
	chain->held_next = response->next ?
		MemoryContextStrdup(scan->run_memory, response->next) : NULL;
	chain->held_info = *info;
	scan->held = lappend(scan->held, chain);
}

/* More rows are wanted after all. */
static void
follow_held(HubScan *scan)
{
	while (scan->queue == NIL && scan->held != NIL)
	{
		HubChain   *chain = linitial(scan->held);
		MemoryContext old = MemoryContextSwitchTo(scan->run_memory);

		scan->held = list_delete_first(scan->held);
		follow_page(scan, chain, chain->held_number, chain->held_next, &chain->held_info);
		MemoryContextSwitchTo(old);
	}
}

/* ---------- pages ---------- */

/*
 * No rows behind this answer?  404 says so.  401 says it too for a repository
 * asked for without a token: the Hub does not tell missing from private.
 */
static bool
is_no_row(const HubScan *scan, const HubAsk *ask, const NetResponse *response)
{
	bool		keyed = ask->one || strchr(scan->plan->table->list_path, '{') != NULL;

	if (!keyed)
		return false;
	return response->status == 404 ||
		(response->status == 401 && scan->settings->token == NULL);
}

/* The day whose list ASK wants, or NULL. */
static const char *
asked_day(const HubTable *table, const HubAsk *ask)
{
	for (int i = 0; table->columns[i].name; i++)
		if (table->columns[i].push == HUB_PUSH_DATE)
			return ask->inputs[i];
	return NULL;
}

/*
 * The Hub may refuse days that have no list, weekends or days to come.  Within
 * a range such a day has no rows, as long as other days are answered: then it
 * is the day that was refused and not the way of asking.  Keeps the first
 * refusal until that is known.
 */
static bool
is_refused_day(HubScan *scan, HubFetch *fetch, const NetResponse *response)
{
	if (response->status != 400 || list_length(scan->asks) == 1 ||
		asked_day(scan->plan->table, fetch->chain->ask) == NULL)
		return false;
	scan->current = NULL;
	if (scan->refused++ > 0)
		release(scan, fetch);
	else
		scan->refusal = fetch;
	return true;
}

/* All was asked: were days refused for being without a list, or all of them? */
static void
judge_refusals(HubScan *scan)
{
	HubFetch   *first = scan->refusal;

	if (first == NULL)
		return;
	if (!scan->answered)
		net_raise(scan->channel, net_finish(first->request));
	ereport(NOTICE,
			(errmsg("%s: the Hub has no list of " INT64_FORMAT " of the days asked for",
					table_name(scan), scan->refused),
			 errdetail("The first is %s.", asked_day(scan->plan->table, first->chain->ask))));
	scan->refusal = NULL;
	release(scan, first);
}

static void
set_next_cursor(const HubScan *scan, HubAsk *ask, const NetResponse *response)
{
	const HubTable *table = scan->plan->table;

	if (!ask->single_page)
		return;
	for (int i = 0; table->columns[i].name; i++)
		if (table->columns[i].role == HUB_NEXT_CURSOR)
			ask->inputs[i] = response->next ? hub_url_param(response->next, "cursor") : NULL;
}

/* A row whose id is not the one asked for: the repository has moved. */
static void
tell_rename(HubScan *scan, const HubAsk *ask, const NetResponse *response)
{
	const HubTable *table = scan->plan->table;

	if (!response->redirected || scan->renamed)
		return;
	scan->renamed = true;
	for (int i = 0; table->columns[i].name; i++)
		if (ask->inputs[i] && (table->columns[i].push == HUB_PUSH_ID ||
							   table->columns[i].role == HUB_KEY))
		{
			const char *to = strstr(response->url, "/api/");

			ereport(NOTICE,
					(errmsg("\"%s\" has moved", ask->inputs[i]),
					 errdetail("The Hub answers at \"%s\".", to ? to : response->url)));
			return;
		}
}

static void
tell_progress(HubScan *scan)
{
	TimestampTz now;
	const NetCounters *counters;
	NetQuota	quota;
	char		left[64] = "";

	if (net_progress_interval_ms <= 0)
		return;
	now = GetCurrentTimestamp();
	if (!TimestampDifferenceExceeds(scan->noticed, now, net_progress_interval_ms))
		return;
	scan->noticed = now;
	counters = net_counters(scan->channel);
	quota = net_quota(scan->settings->server, scan->settings->user_mapping);
	if (quota.known)
		snprintf(left, sizeof(left), ", quota left " INT64_FORMAT " of " INT64_FORMAT,
				 quota.left, quota.limit);
	ereport(NOTICE,
			(errmsg("%s: " INT64_FORMAT " rows, " INT64_FORMAT " pages, %.1f MB%s, %.0f s",
					table_name(scan), scan->rows, scan->pages,
					counters->bytes_wire / 1e6, left,
					(now - scan->started) / (double) USECS_PER_SEC)));
}

static void
turn_page_sets(HubScan *scan)
{
	if (scan->this_page == NULL)
		return;
	hub_seen_free(scan->last_page);
	scan->last_page = scan->this_page;
	scan->this_page = hub_seen_create(scan->run_memory);
}

/* Takes the next fetch and opens its page; false: the run is over. */
static bool
open_page(HubScan *scan)
{
	for (;;)
	{
		MemoryContext old;
		HubFetch   *fetch;
		HubAsk	   *ask;
		const NetResponse *response;
		const char *damage;

		fill_window(scan);
		if (scan->queue == NIL)
			follow_held(scan);
		if (scan->queue == NIL)
		{
			judge_refusals(scan);
			return false;
		}
		old = MemoryContextSwitchTo(scan->run_memory);
		fetch = linitial(scan->queue);
		scan->queue = list_delete_first(scan->queue);
		ask = fetch->chain->ask;
		scan->current = fetch;
		for (;;)
		{
			response = net_finish(fetch->request);
			if (response->status != 200)
				break;
			set_next_cursor(scan, ask, response);
			damage = hub_page_begin(scan->builder, response->body, response->size,
									ask->one, ask->inputs);
			if (damage == NULL)
				break;
			net_retry(fetch->request, damage);
		}
		if (response->status == 200)
		{
			scan->pages++;
			scan->answered = true;
			scan->window = Min(scan->window * 2, ask->one ? scan->settings->max_concurrency :
							   Min(LISTS_AT_ONCE, scan->settings->max_concurrency));
			tell_rename(scan, ask, response);
			if (scan->plan->table->dataset)
				hub_dataset_check_page(scan->plan->table, hub_page_info(scan->builder),
									   (int64) fetch->number * fetch->chain->page,
									   fetch->chain->page, &fetch->chain->total);
			follow(scan, fetch, response, hub_page_info(scan->builder));
			fill_window(scan);
			net_drive(scan->channel);
			turn_page_sets(scan);
			MemoryContextSwitchTo(old);
			tell_progress(scan);
			return true;
		}
		if (scan->plan->table->dataset)
			hub_dataset_raise(scan->plan->table, scan->channel, response);
		if (is_refused_day(scan, fetch, response))
		{
			MemoryContextSwitchTo(old);
			continue;
		}
		if (!is_no_row(scan, ask, response))
			net_raise(scan->channel, response);
		MemoryContextSwitchTo(old);
		scan->current = NULL;
		release(scan, fetch);
	}
}

static void
close_page(HubScan *scan)
{
	if (scan->current == NULL)
		return;
	scan->replaced = hub_page_info(scan->builder)->replaced;
	release(scan, scan->current);
	scan->current = NULL;
}

/* ---------- the three gates of a row ---------- */

static bool
is_repeated(HubScan *scan)
{
	const char *identity;
	size_t		size;

	if (scan->seen == NULL && scan->this_page == NULL)
		return false;
	identity = hub_page_identity(scan->builder, &size);
	if (identity == NULL)
		return false;
	if (scan->plan->table->dataset)
	{
		/* pages by position: a row twice means another one never */
		if (hub_seen_add(scan->seen, identity, size))
			hub_dataset_repeated(scan->plan->table, identity, size);
		return false;
	}
	if (scan->seen)
	{
		const char *scope = scan->current->chain->scope;
		char	   *scoped;
		bool		again;

		if (scope[0] == '\0')
			return hub_seen_add(scan->seen, identity, size);
		scoped = psprintf("%s%.*s", scope, (int) size, identity);
		again = hub_seen_add(scan->seen, scoped, strlen(scoped));
		pfree(scoped);
		return again;
	}
	if (hub_seen_add(scan->this_page, identity, size))
		return true;
	return hub_seen_add(scan->last_page, identity, size);
}

static int
key_cmp(HubType type, Datum a, Datum b)
{
	if (type == HUB_TEXT || type == HUB_NUMERIC)
		return DatumGetInt32(FunctionCall2Coll(&lookup_type_cache(hub_type_oid(type),
																  TYPECACHE_CMP_PROC_FINFO)->cmp_proc_finfo,
											   C_COLLATION_OID, a, b));
	if (type == HUB_BOOLEAN)
		return DatumGetBool(a) - DatumGetBool(b);
	if (type == HUB_DOUBLE)
	{
		double		x = DatumGetFloat8(a);
		double		y = DatumGetFloat8(b);

		return (x > y) - (x < y);
	}
	else
	{
		int64		x = DatumGetInt64(a);
		int64		y = DatumGetInt64(b);

		return (x > y) - (x < y);
	}
}

/* The key outlives its row. */
static void
keep_key(HubScan *scan, HubType type, Datum key, bool isnull)
{
	bool		by_reference = type == HUB_TEXT || type == HUB_NUMERIC;

	if (by_reference && scan->have_key && !scan->key_isnull)
		pfree(DatumGetPointer(scan->key));
	scan->have_key = true;
	scan->key_isnull = isnull;
	scan->key = key;
	if (by_reference && !isnull)
	{
		MemoryContext old = MemoryContextSwitchTo(scan->run_memory);

		scan->key = datumCopy(key, false, -1);
		MemoryContextSwitchTo(old);
	}
}

/* A claimed order is trusted by the plan above: each row must prove it. */
static void
check_order(HubScan *scan)
{
	int			sort = scan->plan->sort;
	const HubColumn *column = &scan->plan->table->columns[sort];
	bool		isnull;
	Datum		key = hub_page_column(scan->builder, sort, &isnull);
	size_t		size;
	const char *identity;

	if (isnull ? !column->always :
		(!scan->have_key ||
		 (!scan->key_isnull &&
		  (scan->plan->ascending ? key_cmp(column->type, scan->key, key) :
		   key_cmp(column->type, key, scan->key)) <= 0)))
	{
		keep_key(scan, column->type, key, isnull);
		return;
	}
	identity = hub_page_identity(scan->builder, &size);
	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 isnull ?
			 errmsg("the Hub left out \"%s\" in a list sorted by it", column->name) :
			 errmsg("the Hub's list sorted by \"%s\" is out of order", column->name),
			 errdetail("This is so at the row with _id \"%.*s\".",
					   identity ? (int) size : 0, identity ? identity : ""),
			 errhint("Figures move while a list is read; run the query again.")));
}

/* ---------- runs ---------- */

static void
stop_run(HubScan *scan)
{
	ListCell   *lc;

	if (!scan->running)
		return;
	close_page(scan);
	if (scan->refusal)
		release(scan, scan->refusal);
	scan->refusal = NULL;
	foreach(lc, scan->queue)
		release(scan, lfirst(lc));
	if (scan->seen)
		hub_seen_free(scan->seen);
	if (scan->last_page)
		hub_seen_free(scan->last_page);
	if (scan->this_page)
		hub_seen_free(scan->this_page);
	scan->seen = scan->last_page = scan->this_page = NULL;
	scan->queue = scan->asks = scan->held = NIL;
	scan->running = false;
}

static void
open_builder(HubScan *scan, TupleDesc desc)
{
	if (scan->builder)
		return;
	scan->builder = hub_row_builder(scan->plan->table, desc, scan->column_of_attr,
									scan->memory);
	if (scan->plan->sort >= 0)
		hub_row_want(scan->builder, scan->plan->sort);
}

/*
 * How a row that comes twice is known.  A list by a key that stands still
 * can repeat rows of the page before only; moving keys and several lists
 * need all.
 */
static void
open_seen(HubScan *scan)
{
	const HubTable *table = scan->plan->table;
	bool		still;

	if (scan->plan->one || table->identity == NULL)
		return;
	/* under a LIMIT that one page seems to meet no sort is asked for */
	still = table->crawl_sort != NULL && !(scan->plan->sole && scan->plan->sort < 0) &&
		(scan->plan->sort < 0 ||
		 strcmp(table->columns[scan->plan->sort].sort, table->crawl_sort) == 0);
	if (list_length(scan->asks) == 1 && still)
	{
		scan->last_page = hub_seen_create(scan->run_memory);
		scan->this_page = hub_seen_create(scan->run_memory);
	}
	else
		scan->seen = hub_seen_create(scan->run_memory);
}

static void
start_run(HubScan *scan, TupleDesc desc, List *asks)
{
	MemoryContext old = MemoryContextSwitchTo(scan->run_memory);

	scan->running = true;
	scan->asks = asks;
	scan->next_ask = 0;
	scan->run_rows = 0;
	scan->answered = false;
	scan->refused = 0;
	scan->have_key = false;
	scan->window = scan->plan->one ?
		(scan->plan->page_first > 0 ? 1 : scan->settings->max_concurrency) :
		(scan->plan->page_first > 0 ? 1 : LISTS_AT_ONCE);
	if (asks != NIL)
	{
		hub_scan_open(scan);
		open_builder(scan, desc);
		open_seen(scan);
	}
	MemoryContextSwitchTo(old);
}

char *
hub_run_signature(List *asks)
{
	StringInfoData text;
	ListCell   *lc;

	initStringInfo(&text);
	foreach(lc, asks)
	{
		HubAsk	   *ask = lfirst(lc);

		appendStringInfo(&text, "%s\n", ask->path);
	}
	return text.data;
}

/*
 * Parameters are evaluated anew: go on with kept rows where the requests are
 * the same, else start a run.
 */
static void
evaluate(ForeignScanState *node, HubScan *scan)
{
	MemoryContext memory = AllocSetContextCreate(scan->memory, "hub run",
												 ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	HubValues  *values = hub_scan_values(scan, node->ss.ps.ps_ExprContext);
	List	   *asks = hub_make_asks(scan->plan, values, hub_scan_first_page(scan), false);
	char	   *signature = hub_run_signature(asks);
	HubAnswer  *known = NULL;

	MemoryContextSwitchTo(old);
	scan->fresh = false;
	if (scan->answer && hub_answer_is_kept(scan->answer) &&
		hub_answer_is_for(scan->answer, signature))
		known = scan->answer;
	else
	{
		bool		again = scan->answer && hub_answer_is_for(scan->answer, signature);

		stop_run(scan);
		if (scan->answer &&
			(!hub_answer_is_complete(scan->answer) || !hub_answer_is_kept(scan->answer) ||
			 hub_answer_is_single(scan->answer)))
			hub_answer_drop(scan->answer);
		scan->answer = NULL;
		known = hub_answer_find(scan->answers, signature);
		scan->repeated += again;
	}
	if (known)
	{
		scan->replayed++;
		scan->answer = known;
		hub_answer_rewind(known);
		MemoryContextDelete(memory);
		return;
	}
	scan->answer = hub_answer_start(scan->answers, signature);
	MemoryContextDelete(scan->run_memory);
	scan->run_memory = memory;
	start_run(scan, node->ss.ss_ScanTupleSlot->tts_tupleDescriptor, asks);
}

/* The next row off the wire into SLOT; false: the run is over. */
static bool
next_live_row(ForeignScanState *node, HubScan *scan, TupleTableSlot *slot)
{
	for (;;)
	{
		if (scan->current == NULL && !open_page(scan))
			return false;
		ExecClearTuple(slot);
		if (!hub_page_next(scan->builder, slot->tts_values, slot->tts_isnull))
		{
			close_page(scan);
			continue;
		}
		if (scan->run_rows++ % DRIVE_EVERY == DRIVE_EVERY - 1)
			net_drive(scan->channel);
		if (is_repeated(scan))
			continue;
		if (scan->plan->sort >= 0)
			check_order(scan);
		ExecStoreVirtualTuple(slot);
		if (scan->floor)
		{
			ExprContext *econtext = node->ss.ps.ps_ExprContext;

			econtext->ecxt_scantuple = slot;
			if (!ExecQual(scan->floor, econtext))
			{
				HubChain   *chain = scan->current->chain;

				ExecClearTuple(slot);
				close_page(scan);
				cancel_chain(scan, chain);
				continue;
			}
		}
		scan->rows++;
		return true;
	}
}

/* A look-up that gave its row has no more: what was asked is known whole. */
static bool
is_over(const HubScan *scan)
{
	return scan->plan->one && scan->queue == NIL &&
		scan->next_ask >= list_length(scan->asks) &&
		list_length(scan->asks) == 1;
}

TupleTableSlot *
hub_iterate_scan(ForeignScanState *node)
{
	HubScan    *scan = node->fdw_state;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;
	TupleTableSlot *kept;

	if (scan->fresh)
		evaluate(node, scan);
	kept = hub_answer_next(scan->answer);
	if (kept)
		return kept;
	if (hub_answer_is_complete(scan->answer) || !scan->running ||
		!next_live_row(node, scan, slot))
	{
		hub_answer_complete(scan->answer);
		stop_run(scan);
		return ExecClearTuple(slot);
	}
	hub_answer_add(scan->answer, slot);
	if (is_over(scan))
		hub_answer_complete(scan->answer);
	return slot;
}

void
hub_rescan(ForeignScanState *node)
{
	HubScan    *scan = node->fdw_state;

	scan->fresh = true;
}

void
hub_end_scan(ForeignScanState *node)
{
	HubScan    *scan = node->fdw_state;

	if (scan == NULL || scan->answers == NULL)
		return;
	stop_run(scan);
	hub_board_close(scan);
	if (scan->replaced > 0)
		ereport(NOTICE,
				(errmsg("%s: " INT64_FORMAT " damaged characters were replaced",
						table_name(scan), scan->replaced),
				 errdetail("NUL, lone surrogates and invalid UTF-8 became U+FFFD.")));
	hub_answers_free(scan->answers);
	scan->answers = NULL;
}
