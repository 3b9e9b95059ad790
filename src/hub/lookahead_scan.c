/*
 * lookahead_scan.c
 *		Custom Scan (Hub Look-Ahead): the same rows in the same order, read
 *		ahead so that their keys can be announced.
 *
 * Rows are kept as copies in a ring.  It is filled to the window and filled
 * again when half of it is gone, so that requests never run dry.  Where the
 * query may stop early the window starts at one row and doubles.
 */
#include "postgres.h"

#include "commands/explain.h"
#include "executor/executor.h"
#include "nodes/extensible.h"
#include "utils/memutils.h"
#include "utils/ruleutils.h"

#include "compat.h"
#include "hub/announce.h"
#include "hub/lookahead.h"

typedef struct LookAheadState
{
	CustomScanState css;		/* must be first */
	HubLookAhead look;
	HubBoard   *board;			/* of the scan; NULL: not found yet */
	List	   *keys;			/* ExprStates */
	HubKeyPart *parts;
	TupleTableSlot *row;		/* a kept row */
	MinimalTuple *ring;
	int			first;
	int			count;
	int			window;
	bool		ended;			/* the child has no more */
	MinimalTuple given;			/* what the slot above points into */
	MemoryContext memory;		/* of the kept rows */
	int64		rows;
	int64		fills;
} LookAheadState;

static int
first_window(const LookAheadState *state)
{
	return state->look.early ? 1 : state->look.window;
}

static void
begin_look_ahead(CustomScanState *node, EState *estate, int eflags)
{
	LookAheadState *state = (LookAheadState *) node;
	CustomScan *plan = (CustomScan *) node->ss.ps.plan;
	TupleDesc	desc = node->ss.ss_ScanTupleSlot->tts_tupleDescriptor;
	ListCell   *lc,
			   *lk;
	int			i = 0;

	node->custom_ps = list_make1(ExecInitNode(linitial(plan->custom_plans), estate, eflags));
	hub_look_ahead_unpack(plan->custom_private, &state->look);
	state->keys = ExecInitExprList(plan->custom_exprs, &node->ss.ps);
	state->parts = palloc0(sizeof(HubKeyPart) * list_length(state->keys));
	forboth(lc, state->look.columns, lk, state->look.kinds)
	{
		state->parts[i].column = lfirst_int(lc);
		state->parts[i++].kind = lfirst_int(lk);
	}
	state->row = ExecInitExtraTupleSlot(estate, desc, &TTSOpsMinimalTuple);
	state->ring = palloc(sizeof(MinimalTuple) * state->look.window);
	state->window = first_window(state);
	state->memory = AllocSetContextCreate(CurrentMemoryContext, "hub look-ahead",
										  ALLOCSET_DEFAULT_SIZES);
}

/*
 * The values of SLOT in the node's own virtual slot: keys and projection are
 * compiled for that and would not deform any other.
 */
static TupleTableSlot *
as_virtual(LookAheadState *state, TupleTableSlot *slot)
{
	TupleTableSlot *to = state->css.ss.ss_ScanTupleSlot;
	int			natts = to->tts_tupleDescriptor->natts;

	slot_getallattrs(slot);
	ExecClearTuple(to);
	memcpy(to->tts_values, slot->tts_values, sizeof(Datum) * natts);
	memcpy(to->tts_isnull, slot->tts_isnull, sizeof(bool) * natts);
	return ExecStoreVirtualTuple(to);
}

static void
announce(LookAheadState *state, TupleTableSlot *slot)
{
	ExprContext *econtext = state->css.ss.ps.ps_ExprContext;
	MemoryContext old;
	ListCell   *lc;
	int			i = 0;

	if (state->board == NULL)
		return;
	ResetExprContext(econtext);
	old = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	econtext->ecxt_scantuple = as_virtual(state, slot);
	foreach(lc, state->keys)
	{
		HubKeyPart *part = &state->parts[i++];

		part->value = ExecEvalExpr((ExprState *) lfirst(lc), econtext, &part->isnull);
	}
	hub_announce(state->board, state->parts, i);
	MemoryContextSwitchTo(old);
}

static void
fill(LookAheadState *state)
{
	PlanState  *child = linitial(state->css.custom_ps);

	if (state->board == NULL)
		state->board = hub_board_find(state->css.ss.ps.state, state->look.token);
	state->fills++;
	while (!state->ended && state->count < state->window)
	{
		TupleTableSlot *slot = ExecProcNode(child);
		MemoryContext old;

		if (TupIsNull(slot))
		{
			state->ended = true;
			break;
		}
		old = MemoryContextSwitchTo(state->memory);
		state->ring[(state->first + state->count++) % state->look.window] =
			ExecCopySlotMinimalTuple(slot);
		MemoryContextSwitchTo(old);
		state->rows++;
		announce(state, slot);
	}
	state->window = Min(state->window * 2, state->look.window);
}

static TupleTableSlot *
exec_look_ahead(CustomScanState *node)
{
	LookAheadState *state = (LookAheadState *) node;
	ExprContext *econtext = node->ss.ps.ps_ExprContext;
	TupleTableSlot *slot;

	if (state->given)
		heap_free_minimal_tuple(state->given);
	state->given = NULL;
	if (!state->ended && state->count <= state->window / 2)
		fill(state);
	if (state->count == 0)
		return node->ss.ps.ps_ProjInfo ?
			ExecClearTuple(node->ss.ps.ps_ResultTupleSlot) :
			ExecClearTuple(node->ss.ss_ScanTupleSlot);
	state->given = state->ring[state->first];
	state->first = (state->first + 1) % state->look.window;
	state->count--;
	slot = as_virtual(state, ExecStoreMinimalTuple(state->given, state->row, false));
	if (node->ss.ps.ps_ProjInfo == NULL)
		return slot;
	ResetExprContext(econtext);
	econtext->ecxt_scantuple = slot;
	return ExecProject(node->ss.ps.ps_ProjInfo);
}

static void
drop_rows(LookAheadState *state)
{
	ExecClearTuple(state->css.ss.ss_ScanTupleSlot);
	ExecClearTuple(state->row);
	MemoryContextReset(state->memory);
	state->given = NULL;
	state->first = state->count = 0;
	state->ended = false;
	state->window = first_window(state);
}

static void
rescan_look_ahead(CustomScanState *node)
{
	PlanState  *child = linitial(node->custom_ps);

	drop_rows((LookAheadState *) node);
	if (node->ss.ps.chgParam != NULL)
		UpdateChangedParamSet(child, node->ss.ps.chgParam);
	if (child->chgParam == NULL)
		ExecReScan(child);
}

static void
end_look_ahead(CustomScanState *node)
{
	drop_rows((LookAheadState *) node);
	ExecEndNode(linitial(node->custom_ps));
}

static void
explain_keys(LookAheadState *state, List *ancestors, ExplainState *es)
{
	CustomScan *plan = (CustomScan *) state->css.ss.ps.plan;
	List	   *context = set_deparse_context_plan(es->deparse_cxt, &plan->scan.plan, ancestors);
	List	   *keys = NIL;
	ListCell   *lc;

	foreach(lc, plan->custom_exprs)
		keys = lappend(keys, deparse_expression(lfirst(lc), context, true, false));
	ExplainPropertyList("Announced Key", keys, es);
}

static void
explain_look_ahead(CustomScanState *node, List *ancestors, ExplainState *es)
{
	LookAheadState *state = (LookAheadState *) node;

	ExplainPropertyText("Window", state->look.early ?
						psprintf("1 to %d rows", state->look.window) :
						psprintf("%d rows", state->look.window), es);
	if (es->verbose)
		explain_keys(state, ancestors, es);
	if (!es->analyze)
		return;
	ExplainPropertyInteger("Rows Read", NULL, state->rows, es);
	if (state->board)
	{
		const HubBoardFigures *figures = hub_board_figures(state->board);

		ExplainPropertyInteger("Keys Announced", NULL, figures->announced, es);
		ExplainPropertyInteger("Keys Asked", NULL, figures->taken, es);
		ExplainPropertyInteger("Waits", NULL, figures->waits, es);
	}
}

static const CustomExecMethods exec_methods = {
	.CustomName = "Hub Look-Ahead",
	.BeginCustomScan = begin_look_ahead,
	.ExecCustomScan = exec_look_ahead,
	.EndCustomScan = end_look_ahead,
	.ReScanCustomScan = rescan_look_ahead,
	.ExplainCustomScan = explain_look_ahead
};

static Node *
create_state(CustomScan *plan)
{
	LookAheadState *state = (LookAheadState *) newNode(sizeof(LookAheadState), T_CustomScanState);

	state->css.methods = &exec_methods;
	return (Node *) state;
}

const CustomScanMethods hub_look_ahead_methods = {
	.CustomName = "Hub Look-Ahead",
	.CreateCustomScanState = create_state
};
