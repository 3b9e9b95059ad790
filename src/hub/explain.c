/*
 * explain.c
 *		What EXPLAIN says of a scan.  It never touches the network.
 *
 * VERBOSE shows the requests as they would be sent, with {expressions} where
 * a value is known at run time only, how many are expected beside the quota
 * last seen, and why conditions stay local.  ANALYZE adds what happened.
 */
#include "postgres.h"

#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"

#include "compat.h"
#include "hub/fdw.h"
#include "hub/scan.h"

#define REQUESTS_SHOWN	3

/* {expression}, as the rest of EXPLAIN would write it. */
static char *
placeholder(ForeignScanState *node, ExplainState *es, Expr *expr)
{
	List	   *context = set_deparse_context_plan(es->deparse_cxt, node->ss.ps.plan, NIL);

	return psprintf("{%s}", deparse_expression((Node *) expr, context, true, false));
}

static Const *
as_const(Expr *expr)
{
	while (expr && IsA(expr, RelabelType))
		expr = ((RelabelType *) expr)->arg;
	return expr && IsA(expr, Const) ? (Const *) expr : NULL;
}

/* Values that are known without running; others as placeholders. */
static HubValues *
known_values(ForeignScanState *node, ExplainState *es, const HubPlan *plan)
{
	HubValues  *values = palloc0(sizeof(HubValues) * Max(plan->nbindings, 1));

	for (int i = 0; i < plan->nbindings; i++)
	{
		const HubBinding *b = &plan->bindings[i];
		Const	   *constant = as_const(b->expr);
		bool		array = hub_bind_takes_array(b->kind);

		if (b->kind == HUB_BIND_FLOOR)
			continue;
		if (constant && constant->constisnull)
			values[i].nothing = true;
		else if (constant && array)
			hub_array_values(&values[i], constant->constvalue, b->kind != HUB_BIND_MEMBERS);
		else
		{
			values[i].values = palloc(sizeof(char *));
			values[i].values[values[i].count++] = constant ?
				hub_value_text(constant->constvalue, constant->consttype) :
				placeholder(node, es, b->expr);
		}
	}
	return values;
}

static int
shown_page(const HubPlan *plan)
{
	int			bound = hub_page_bound(plan);

	return plan->page_first > 0 ? Min(plan->page_first, bound) : bound;
}

static void
explain_requests(ForeignScanState *node, ExplainState *es, const HubScan *scan)
{
	const HubPlan *plan = scan->plan;
	int			page = shown_page(plan);
	List	   *asks;
	List	   *lines = NIL;
	ListCell   *lc;

	if (plan->forbidden)
	{
		ExplainPropertyText("Request", psprintf("none: column \"%s\" cannot be asked for this way",
												plan->forbidden), es);
		return;
	}
	asks = hub_make_asks(plan, known_values(node, es, plan), page, true);
	foreach(lc, asks)
	{
		if (list_length(lines) == REQUESTS_SHOWN && list_length(asks) > REQUESTS_SHOWN + 1)
		{
			lines = lappend(lines, psprintf("… and %d more", list_length(asks) - REQUESTS_SHOWN));
			break;
		}
		lines = lappend(lines, psprintf("GET %s", ((HubAsk *) lfirst(lc))->path));
	}
	if (lines == NIL)
		ExplainPropertyText("Request", "none: no row can match", es);
	else if (list_length(lines) == 1)
		ExplainPropertyText("Request", linitial(lines), es);
	else
		ExplainPropertyList("Requests", lines, es);
}

/* Expected requests: looks up the estimate that the plan was chosen by. */
static void
explain_expected(ForeignScanState *node, ExplainState *es, const HubScan *scan)
{
	const HubPlan *plan = scan->plan;
	double		rows = node->ss.ps.plan->plan_rows;
	double		expected = plan->one || plan->sole ? Max(rows, 1) : rows;
	NetQuota	quota = net_quota(scan->settings->server, scan->settings->user_mapping);

	if (plan->sole)
		expected = 1;
	else if (!plan->one)
		expected = Max(ceil(rows / shown_page(plan)), 1);
	ExplainPropertyFloat("Expected Requests", NULL, expected, 0, es);
	if (quota.known)
		ExplainPropertyText("Quota", psprintf(INT64_FORMAT " of " INT64_FORMAT " left, reset in %d s",
											  quota.left, quota.limit, quota.reset_s), es);
}

static void
explain_reasons(ExplainState *es, const HubPlan *plan)
{
	ListCell   *lc;

	foreach(lc, plan->reasons)
		ExplainPropertyText("Not Pushed", strVal(lfirst(lc)), es);
}

static void
explain_run(ExplainState *es, const HubScan *scan)
{
	static const NetCounters none = {0};
	const NetCounters *c = scan->channel ? net_counters(scan->channel) : &none;

	ExplainPropertyInteger("Requests Sent", NULL, c->requests, es);
	ExplainPropertyInteger("Pages", NULL, scan->pages, es);
	ExplainPropertyInteger("Rows Fetched", NULL, scan->rows, es);
	ExplainPropertyInteger("Bytes Received", NULL, c->bytes_wire, es);
	ExplainPropertyInteger("Bytes Decoded", NULL, c->bytes_decoded, es);
	if (c->retries > 0 || es->verbose)
		ExplainPropertyInteger("Retries", NULL, c->retries, es);
	if (c->quota_wait_ms > 0 || es->verbose)
		ExplainPropertyInteger("Quota Wait", "ms", c->quota_wait_ms, es);
	if (c->cache_hits > 0 || es->verbose)
		ExplainPropertyInteger("Cache Hits", NULL, c->cache_hits, es);
	if (scan->replayed > 0)
		ExplainPropertyInteger("Rescans Answered", NULL, scan->replayed, es);
	if (scan->repeated > 0)
		ExplainPropertyInteger("Rescans Asked Again", NULL, scan->repeated, es);
}

void
hub_explain_scan(ForeignScanState *node, ExplainState *es)
{
	const HubScan *scan = node->fdw_state;

	ExplainPropertyText("Hub Table", scan->plan->table->name, es);
	if (es->verbose)
	{
		explain_requests(node, es, scan);
		if (es->costs)
			explain_expected(node, es, scan);
		explain_reasons(es, scan->plan);
	}
	if (es->analyze)
		explain_run(es, scan);
}
