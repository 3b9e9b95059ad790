/*
 * announce.c
 *		Look-ups that a look-ahead node starts before they are asked for.
 *
 * A nested loop hands its inner scan one key and waits.  The look-ahead node
 * on the outer side sees further: it finds the scan here by their common
 * token and tells the keys to come.  The scan starts their requests and keeps
 * them by path until the loop asks; a request that nobody announced is simply
 * made then.  So a hint that is missing or wrong costs time, never a row.
 * What goes wrong with an announced request is raised when its key is asked.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "lib/ilist.h"
#include "nodes/nodeFuncs.h"
#include "utils/memutils.h"

#include "hub/announce.h"

typedef struct Note
{
	char	   *path;
	NetRequest *request;
} Note;

struct HubBoard
{
	dlist_node	link;			/* in boards */
	bool		listed;
	EState	   *estate;
	int			token;
	ForeignScanState *node;
	HubScan    *scan;
	List	   *notes;			/* oldest first */
	int			room;
	HubBoardFigures figures;
	MemoryContextCallback on_reset;
};

/* Of all executions of this backend, cursors too. */
static dlist_head boards = DLIST_STATIC_INIT(boards);

/* After an error no end of scan comes, but the memory goes. */
static void
unlist(void *arg)
{
	HubBoard   *board = arg;

	if (board->listed)
		dlist_delete(&board->link);
	board->listed = false;
}

void
hub_board_open(ForeignScanState *node, HubScan *scan)
{
	HubBoard   *board;

	if (scan->plan->token == 0)
		return;
	board = MemoryContextAllocZero(scan->memory, sizeof(HubBoard));
	board->estate = node->ss.ps.state;
	board->token = scan->plan->token;
	board->node = node;
	board->scan = scan;
	board->room = 8 * scan->settings->max_concurrency;
	board->on_reset.func = unlist;
	board->on_reset.arg = board;
	MemoryContextRegisterResetCallback(scan->memory, &board->on_reset);
	dlist_push_head(&boards, &board->link);
	board->listed = true;
	scan->board = board;
}

static void
drop_oldest(HubBoard *board)
{
	Note	   *note = linitial(board->notes);

	board->notes = list_delete_first(board->notes);
	net_release(note->request);
	pfree(note->path);
	pfree(note);
}

void
hub_board_close(HubScan *scan)
{
	HubBoard   *board = scan->board;

	if (board == NULL)
		return;
	while (board->notes != NIL)
		drop_oldest(board);
	unlist(board);
	scan->board = NULL;
}

HubBoard *
hub_board_find(EState *estate, int token)
{
	dlist_iter	iter;

	dlist_foreach(iter, &boards)
	{
		HubBoard   *board = dlist_container(HubBoard, link, iter.cur);

		if (board->estate == estate && board->token == token)
			return board;
	}
	return NULL;
}

static Note *
find_note(const HubBoard *board, const char *path)
{
	ListCell   *lc;

	foreach(lc, board->notes)
		if (strcmp(((Note *) lfirst(lc))->path, path) == 0)
			return lfirst(lc);
	return NULL;
}

static const HubKeyPart *
find_part(const HubBinding *binding, const HubKeyPart *parts, int nparts)
{
	for (int i = 0; i < nparts; i++)
		if (parts[i].column == binding->column && parts[i].kind == binding->kind)
			return &parts[i];
	return NULL;
}

/* An input that the Hub would not take is an error only for who asks it. */
static bool
is_allowed(const HubColumn *column, const HubValues *values)
{
	if (values->nothing)
		return false;
	if (column->role == HUB_FIELD)
		return true;
	for (int i = 0; i < values->count; i++)
		if (!hub_value_allowed(column->values, values->values[i]))
			return false;
	return true;
}

/*
 * The announced values beside those that the scan knows itself; NULL: the key
 * needs no request.
 */
static HubValues *
key_values(HubBoard *board, const HubKeyPart *parts, int nparts)
{
	const HubPlan *plan = board->scan->plan;
	ExprContext *econtext = board->node->ss.ps.ps_ExprContext;
	HubValues  *values = palloc0(sizeof(HubValues) * Max(plan->nbindings, 1));

	for (int i = 0; i < plan->nbindings; i++)
	{
		const HubBinding *binding = &plan->bindings[i];
		const HubKeyPart *part = find_part(binding, parts, nparts);
		ExprState  *state = list_nth(board->scan->values, i);

		if (part)
			hub_put_value(&values[i], binding, part->value, part->isnull);
		else if (state)
		{
			bool		isnull;
			Datum		datum = ExecEvalExpr(state, econtext, &isnull);

			hub_put_value(&values[i], binding, datum, isnull);
		}
		if (!is_allowed(&plan->table->columns[binding->column], &values[i]))
			return NULL;
	}
	return values;
}

static void
start(HubBoard *board, const char *path)
{
	MemoryContext old;
	Note	   *note;

	if (find_note(board, path))
		return;
	if (list_length(board->notes) >= board->room)
		drop_oldest(board);		/* announced long ago and never asked for */
	old = MemoryContextSwitchTo(board->scan->memory);
	hub_scan_open(board->scan);
	note = palloc(sizeof(Note));
	note->path = pstrdup(path);
	note->request = net_get(board->scan->channel, path);
	board->notes = lappend(board->notes, note);
	board->figures.announced++;
	MemoryContextSwitchTo(old);
}

void
hub_announce(HubBoard *board, const HubKeyPart *parts, int nparts)
{
	HubScan    *scan = board->scan;
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "hub key",
												 ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	HubValues  *values = scan->answers ? key_values(board, parts, nparts) : NULL;

	if (values)
	{
		List	   *asks = hub_make_asks(scan->plan, values, hub_scan_first_page(scan), false);
		ListCell   *lc;

		if (list_length(asks) <= scan->settings->max_concurrency &&
			hub_answer_find(scan->answers, hub_run_signature(asks)) == NULL)
			foreach(lc, asks)
				start(board, ((HubAsk *) lfirst(lc))->path);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
}

NetRequest *
hub_board_take(HubScan *scan, const char *path)
{
	HubBoard   *board = scan->board;
	Note	   *note = board ? find_note(board, path) : NULL;
	NetRequest *request;

	if (note == NULL)
		return NULL;
	request = note->request;
	board->notes = list_delete_ptr(board->notes, note);
	board->figures.taken++;
	if (!net_ready(request))
		board->figures.waits++;
	pfree(note->path);
	pfree(note);
	return request;
}

const HubBoardFigures *
hub_board_figures(const HubBoard *board)
{
	return &board->figures;
}
