/*
 * async.c
 *		Several foreign scans below one Append, side by side.
 *
 * Append asks each of its asynchronous children for a row and goes on with
 * those that have one.  A scan of ours that would have to wait for the Hub
 * says so, and its requests are on the wire meanwhile (see hub_page_open).
 *
 * All scans of a session share one transfer engine, which shows a single
 * descriptor; a set of wait events does not take it twice.  So the first scan
 * that waits does it for all of its Append: with the engine's own wait, which
 * heeds the latch, tells of a quota that is used up, and ends as soon as any
 * of the scans can go on.  Nothing is then left in the set, and Append
 * returns at once.  Only where scans of another wrapper wait as well the
 * descriptor goes into the set, and its notice serves all scans of ours.
 */
#include "postgres.h"

#include "executor/execAsync.h"
#include "executor/executor.h"
#include "executor/instrument.h"
#include "storage/latch.h"

#include "compat.h"
#include "hub/fdw.h"
#include "hub/scan.h"

/* ---------- planning ---------- */

/*
 * Asking all children at once pays unless one page of the first may do: then
 * it would only cost requests.
 */
bool
hub_is_async_capable(ForeignPath *path)
{
	const HubRel *hub = path->path.parent->fdw_private;
	const PlannerInfo *root = hub->root;
	HubChoice	choice;

	hub_choice_unpack(path->fdw_private, &choice);
	if (!hub->options->async_capable || choice.forbidden >= 0)
		return false;
	return root->limit_tuples <= 0 || root->limit_tuples > hub->options->page_size ||
		root->query_pathkeys != NIL;
}

/* ---------- one scan ---------- */

static HubScan *
scan_of(const AsyncRequest *areq)
{
	return ((ForeignScanState *) areq->requestee)->fdw_state;
}

static bool
is_ours(const AsyncRequest *areq)
{
	return ((ForeignScanState *) areq->requestee)->fdwroutine->ForeignAsyncRequest ==
		hub_async_request;
}

/* The next row that passes the scan's own conditions, or "not yet". */
static void
produce(AsyncRequest *areq)
{
	HubScan    *scan = scan_of(areq);
	TupleTableSlot *slot;

	scan->nowait = true;
	slot = areq->requestee->ExecProcNodeReal(areq->requestee);
	scan->nowait = false;
	if (TupIsNull(slot) && scan->waiting)
		ExecAsyncRequestPending(areq);
	else
		ExecAsyncRequestDone(areq, slot);
}

void
hub_async_request(AsyncRequest *areq)
{
	produce(areq);
}

/* ---------- all scans of an Append ---------- */

/* The next request after *INDEX that waits, or NULL. */
static AsyncRequest *
next_pending(const AppendState *append, int *index)
{
	while ((*index = bms_next_member(append->as_asyncplans, *index)) >= 0)
		if (append->as_asyncrequests[*index]->callback_pending)
			return append->as_asyncrequests[*index];
	return NULL;
}

/* Does a scan of another wrapper wait too? */
static bool
others_wait(const AppendState *append)
{
	AsyncRequest *areq;
	int			index = -1;

	while ((areq = next_pending(append, &index)) != NULL)
		if (!is_ours(areq))
			return true;
	return false;
}

static bool
can_go_on(const AsyncRequest *areq)
{
	return is_ours(areq) && net_ready(hub_scan_awaited(scan_of(areq)));
}

/* Lets every scan of ours that can go on give its row; how many did. */
static int
serve(const AppendState *append)
{
	AsyncRequest *areq;
	int			index = -1;
	int			served = 0;

	while ((areq = next_pending(append, &index)) != NULL)
	{
		if (!can_go_on(areq))
			continue;
		areq->callback_pending = false;
		produce(areq);
		if (!areq->request_complete)
			continue;
		if (areq->requestee->instrument)
			InstrUpdateTupleCount(areq->requestee->instrument,
								  TupIsNull(areq->result) ? 0.0 : 1.0);
		ExecAsyncResponse(areq);
		served++;
	}
	return served;
}

/* Waits until some scan of ours can go on. */
static void
wait_for_any(const AppendState *append)
{
	NetRequest **requests = palloc(sizeof(NetRequest *) * append->as_nasyncplans);
	AsyncRequest *areq;
	int			index = -1;
	int			count = 0;

	while ((areq = next_pending(append, &index)) != NULL)
		requests[count++] = hub_scan_awaited(scan_of(areq));
	net_wait(requests, count);
	pfree(requests);
}

/* One of ours puts the descriptor into the set, which others fill too. */
static void
join_wait(AsyncRequest *areq, AppendState *append)
{
	AsyncRequest *first;
	AsyncRequest *other;
	int			index = -1;

	while ((first = next_pending(append, &index)) != NULL && !is_ours(first))
		;
	if (first != areq)
		return;
	AddWaitEventToSet(append->as_eventset, WL_SOCKET_READABLE,
					  net_descriptor(scan_of(areq)->channel), NULL, areq);
	for (index = -1; (other = next_pending(append, &index)) != NULL;)
		if (can_go_on(other))
		{
			net_wake();
			return;
		}
}

/*
 * Append is about to wait, or to look whether it need not, and asks each scan
 * that waits what for.
 */
void
hub_async_configure_wait(AsyncRequest *areq)
{
	AppendState *append = castNode(AppendState, areq->requestor);

	net_drive(scan_of(areq)->channel);
	if (append->as_syncdone && others_wait(append))
	{
		join_wait(areq, append);
		return;
	}
	if (serve(append) > 0 || !areq->callback_pending ||
		append->as_nasyncresults > 0 || !append->as_syncdone)
		return;
	wait_for_any(append);
	serve(append);
}

/* The descriptor became readable in a wait that others shared. */
void
hub_async_notify(AsyncRequest *areq)
{
	net_woken(scan_of(areq)->channel);
	produce(areq);
	serve(castNode(AppendState, areq->requestor));
}
