/*
 * pages.c
 *		The pages of a run: which requests are on their way, what follows them.
 *
 * scan.c opens a page, reads its rows and closes it; here stands what happens
 * in between: the window of fetches, the links and numbers that lead on, and
 * what an answer without rows means.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "hub/ahead.h"
#include "hub/announce.h"
#include "hub/dataset.h"
#include "hub/fdw.h"
#include "hub/scan.h"

/* ---------- fetches ---------- */

int
hub_scan_first_page(const HubScan *scan)
{
	int			bound = hub_page_bound(scan->plan);

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

/* The path of page NUMBER of PAGE rows, for paging that counts. */
char *
hub_numbered_path(const HubTable *table, const char *path, int page, int number)
{
	char		mark = strchr(path, '?') ? '&' : '?';

	if (number == 0)
		return pstrdup(path);
	if (table->paging == HUB_PAGE_OFFSET)
		return psprintf("%s%coffset=%lld", path, mark, (long long) number * page);
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

void
hub_fetch_release(HubScan *scan, HubFetch *fetch)
{
	fetch->chain->in_flight--;
	net_release(fetch->request);
	pfree(fetch);
}

/* Fetches of a chain that turned out to have ended. */
void
hub_chain_cancel(HubScan *scan, HubChain *chain)
{
	ListCell   *lc;

	chain->ended = true;
	foreach(lc, scan->queue)
	{
		HubFetch   *fetch = lfirst(lc);

		if (fetch->chain == chain)
		{
			scan->queue = foreach_delete_current(scan->queue, lc);
			hub_fetch_release(scan, fetch);
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
	int			bound = hub_page_bound(scan->plan);
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
	HubIdentity link = hub_identity(next, strlen(next));
	char	   *path;

	/* a cursor that comes again would be followed for ever */
	if (chain->links == NULL)
		chain->links = hub_seen_create(scan->run_memory);
	if (hub_seen_add(chain->links, &link))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_ERROR),
				 errmsg("the Hub's list \"%s\" links back to a page that was read",
						hub_scan_table_name(scan)),
				 errdetail("The link is \"%s\".", next)));
	path = grown_link(scan, chain, next);
	enqueue(scan, chain, path, 0);
	MemoryContextSwitchTo(old);
}

/* A counted list that stops before its count would silently lack entries. */
static void
check_count(const HubTable *table, const HubPageInfo *info)
{
	if (info->items > 0 || info->start >= info->count)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("the Hub's list \"%s\" ends before its count", table->name),
			 errdetail("It has no entry from position " INT64_FORMAT " on, but should hold " INT64_FORMAT ".",
					   info->start, info->count)));
}

/*
 * Numbered pages: are there more, as far as this one tells?  A short page is
 * the last, unless it links to a next: the Hub may cap pages below what was
 * asked for.
 */
bool
hub_more_numbers(const HubTable *table, int page, const HubPageInfo *info, int number,
				 bool linked)
{
	int64		end = info->items;

	switch (table->paging)
	{
		case HUB_PAGE_COUNT:
			check_count(table, info);
			end += Max(info->start, 0);
			return info->items > 0 && end < info->count;
		case HUB_PAGE_OFFSET:
			return info->items > 0 && (int64) (number + 1) * page < info->num_rows_total;
		default:
			return linked || (info->items > 0 && info->items >= page);
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
			if (!hub_more_numbers(scan->plan->table, chain->page, info, number, next != NULL))
			{
				hub_chain_cancel(scan, chain);
				return;
			}
			while (chain->in_flight - 1 < chain->ahead &&
				   is_within(scan, chain, info))
			{
				enqueue(scan, chain,
						hub_numbered_path(scan->plan->table, chain->ask->path, chain->page,
										  chain->next_number),
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
		if (!chain->ended)
			follow_page(scan, chain, chain->held_number, chain->held_next, &chain->held_info);
		MemoryContextSwitchTo(old);
	}
}

/* ---------- pages ---------- */

/*
 * No rows behind this answer?  404 says so.  401 says it too for a repository
 * asked for without a token: the Hub does not tell missing from private.  On a
 * later page it means that the repository went in between, and half of its
 * list is no answer.
 */
static bool
is_no_row(const HubScan *scan, const HubChain *chain, const NetResponse *response)
{
	bool		keyed = chain->ask->one || strchr(scan->plan->table->list_path, '{') != NULL;

	if (!keyed || chain->answered)
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
		hub_fetch_release(scan, fetch);
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
					hub_scan_table_name(scan), scan->refused),
			 errdetail("The first is %s.", asked_day(scan->plan->table, first->chain->ask))));
	scan->refusal = NULL;
	hub_fetch_release(scan, first);
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
					hub_scan_table_name(scan), scan->rows, scan->pages,
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

/* What a scan that is waiting waits for: its next page. */
NetRequest *
hub_scan_awaited(const HubScan *scan)
{
	return ((HubFetch *) linitial(scan->queue))->request;
}

/* The next page is not there, and the caller would rather not wait. */
static bool
is_too_early(HubScan *scan, const HubFetch *fetch)
{
	scan->waiting = scan->nowait && !net_ready(fetch->request);
	return scan->waiting;
}

/*
 * Takes the next fetch and opens its page; false: the run is over, or the
 * scan is waiting.
 */
bool
hub_page_open(HubScan *scan)
{
	scan->waiting = false;
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
		fetch = linitial(scan->queue);
		if (is_too_early(scan, fetch))
			return false;
		old = MemoryContextSwitchTo(scan->run_memory);
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
			if (is_too_early(scan, fetch))
			{
				scan->queue = lcons(fetch, scan->queue);
				scan->current = NULL;
				MemoryContextSwitchTo(old);
				return false;
			}
		}
		if (response->status == 200)
		{
			scan->pages++;
			scan->answered = fetch->chain->answered = true;
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
		if (!is_no_row(scan, fetch->chain, response))
			net_raise(scan->channel, response);
		MemoryContextSwitchTo(old);
		scan->current = NULL;
		hub_fetch_release(scan, fetch);
	}
}

void
hub_page_close(HubScan *scan)
{
	if (scan->current == NULL)
		return;
	scan->replaced = hub_page_info(scan->builder)->replaced;
	hub_fetch_release(scan, scan->current);
	scan->current = NULL;
}
