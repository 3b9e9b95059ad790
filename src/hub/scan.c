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

#define DRIVE_EVERY		32		/* rows between two looks at the wire */

/* ---------- begin and end ---------- */

const char *
hub_scan_table_name(const HubScan *scan)
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
									   (eflags & EXEC_FLAG_REWIND) ? HUB_KEEP_ON_DISK :
									   hub_may_rescan(node) ? HUB_KEEP_IN_MEMORY :
									   HUB_KEEP_NOTHING);
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

/* ---------- the three gates of a row ---------- */

/* Several lists may hold the same row, each in its own right. */
static HubIdentity
identity_of(const HubScan *scan, const char *text, size_t size)
{
	const char *scope = scan->current->chain->scope;
	HubIdentity identity;
	char	   *scoped;

	if (scope[0] == '\0' || scan->seen == NULL || scan->plan->table->dataset)
		return hub_identity(text, size);
	scoped = psprintf("%s%.*s", scope, (int) size, text);
	identity = hub_identity(scoped, strlen(scoped));
	pfree(scoped);
	return identity;
}

static bool
is_repeated(HubScan *scan)
{
	HubIdentity identity;
	const char *text;
	size_t		size;

	if (scan->seen == NULL && scan->this_page == NULL)
		return false;
	text = hub_page_identity(scan->builder, &size);
	if (text == NULL)
		return false;
	identity = identity_of(scan, text, size);
	if (scan->this_page)
		return hub_seen_add(scan->this_page, &identity) ||
			hub_seen_add(scan->last_page, &identity);
	if (!hub_seen_add(scan->seen, &identity))
		return false;
	/* pages by position: a row twice means another one never */
	if (scan->plan->table->dataset)
		hub_dataset_repeated(scan->plan->table, text, size);
	return true;
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
	hub_page_close(scan);
	if (scan->refusal)
		hub_fetch_release(scan, scan->refusal);
	scan->refusal = NULL;
	foreach(lc, scan->queue)
		hub_fetch_release(scan, lfirst(lc));
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

/*
 * The next row off the wire into SLOT; false: the run is over, or it is still
 * waiting.
 */
static bool
next_live_row(ForeignScanState *node, HubScan *scan, TupleTableSlot *slot)
{
	for (;;)
	{
		if (scan->current == NULL && !hub_page_open(scan))
			return false;
		ExecClearTuple(slot);
		if (!hub_page_next(scan->builder, slot->tts_values, slot->tts_isnull))
		{
			hub_page_close(scan);
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
				hub_page_close(scan);
				hub_chain_cancel(scan, chain);
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
		if (scan->waiting)
			return ExecClearTuple(slot);
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
	scan->waiting = false;
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
						hub_scan_table_name(scan), scan->replaced),
				 errdetail("NUL, lone surrogates and invalid UTF-8 became U+FFFD.")));
	hub_answers_free(scan->answers);
	scan->answers = NULL;
}
