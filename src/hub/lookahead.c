/*
 * lookahead.c
 *		The planner's side of look-ahead: a nested loop whose keys are known
 *		to its inner scan before they are asked for.
 *
 * Where a plain nested loop would look up one key after another, a second one
 * is offered: its outer side wrapped in Custom Scan (Hub Look-Ahead), its
 * inner side a copy of our parameterised path, both with one token.  The
 * loop is core's own; the node joins nothing, it only reads outer rows ahead
 * and announces their keys (see announce.c).
 */
#include "postgres.h"

#include <math.h>

#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/placeholder.h"
#include "optimizer/tlist.h"
#include "utils/guc.h"
#include "utils/selfuncs.h"

#include "compat.h"
#include "hub/fdw.h"
#include "hub/lookahead.h"
#include "hub/plan.h"

#define WINDOWS_AHEAD	4		/* outer rows read ahead, by requests at once */

static bool look_ahead = true;
static set_join_pathlist_hook_type previous_hook = NULL;
static int	last_token = 0;

/* ---------- what the path tells the plan ---------- */

List *
hub_look_ahead_pack(const HubLookAhead *look)
{
	return list_make3(list_make3_int(look->token, look->window, look->early),
					  look->columns, look->kinds);
}

void
hub_look_ahead_unpack(List *private, HubLookAhead *look)
{
	List	   *numbers = linitial(private);

	look->token = linitial_int(numbers);
	look->window = lsecond_int(numbers);
	look->early = lthird_int(numbers);
	look->columns = lsecond(private);
	look->kinds = lthird(private);
}

/* ---------- the keys ---------- */

static bool
is_hub_rel(const RelOptInfo *rel)
{
	return rel->reloptkind == RELOPT_BASEREL && rel->fdwroutine != NULL &&
		rel->fdwroutine->GetForeignPaths == hub_get_paths && rel->fdw_private != NULL;
}

/* One GET a key, or a list that belongs to a key. */
static bool
is_keyed(const HubRel *hub, const HubChoice *choice)
{
	return choice->one ||
		(hub->table->list_path != NULL && strchr(hub->table->list_path, '{') != NULL);
}

/*
 * Bindings of PATH whose values come from OUTER, as a list of HubBinding;
 * NIL: there are none, or one that cannot be announced.
 */
static List *
outer_keys(PlannerInfo *root, RelOptInfo *inner, const ForeignPath *path,
		   const RelOptInfo *outer)
{
	HubRel	   *hub = inner->fdw_private;
	HubPlan		plan = {.table = hub->table};
	HubChoice	choice;
	List	   *clauses = list_concat_copy(inner->baserestrictinfo,
										   path->path.param_info->ppi_clauses);
	List	   *keys = NIL;

	hub_choice_unpack(path->fdw_private, &choice);
	if (!is_keyed(hub, &choice))
		return NIL;
	plan.one = choice.one;
	plan.sort = choice.sort;
	hub_choose_bindings(&plan, hub, hub_match_clauses(hub, inner->relid, clauses, NULL));
	for (int i = 0; i < plan.nbindings; i++)
	{
		HubBinding *b = &plan.bindings[i];
		Relids		relids;

		if (b->kind == HUB_BIND_FLOOR)
			continue;
		for (int j = 0; j < i; j++)
			if (plan.bindings[j].column == b->column)
				return NIL;		/* two values: which one counts is open */
		relids = pull_varnos(root, (Node *) b->expr);
		if (bms_is_empty(relids))
			continue;
		if (!bms_is_subset(relids, outer->relids) ||
			(b->kind != HUB_BIND_EQUAL && b->kind != HUB_BIND_ANY))
			return NIL;
		keys = lappend(keys, b);
	}
	return keys;
}

/* The member of EXPRS that is NODE, whatever outer joins made of it. */
static Expr *
find_expr(List *exprs, Node *node)
{
	ListCell   *lc;

	foreach(lc, exprs)
	{
		Expr	   *expr = lfirst(lc);

		if (IsA(expr, TargetEntry))
			expr = ((TargetEntry *) expr)->expr;
		if (nodeTag(expr) != nodeTag(node))
			continue;
		if (IsA(node, Var) ?
			((Var *) expr)->varno == ((Var *) node)->varno &&
			((Var *) expr)->varattno == ((Var *) node)->varattno &&
			((Var *) expr)->varlevelsup == ((Var *) node)->varlevelsup :
			((PlaceHolderVar *) expr)->phid == ((PlaceHolderVar *) node)->phid)
			return expr;
	}
	return NULL;
}

/* Can the keys be evaluated from what TARGET holds? */
static bool
target_gives(PathTarget *target, List *keys)
{
	ListCell   *lc,
			   *lv;

	if (contain_volatile_functions((Node *) target->exprs) ||
		contain_subplans((Node *) target->exprs))
		return false;
	foreach(lc, keys)
	{
		Node	   *expr = (Node *) ((HubBinding *) lfirst(lc))->expr;

		if (contain_subplans(expr) || contain_volatile_functions(expr))
			return false;
		foreach(lv, pull_var_clause(expr, PVC_INCLUDE_PLACEHOLDERS))
			if (find_expr(target->exprs, lfirst(lv)) == NULL)
				return false;
	}
	return true;
}

/* ---------- the plan node ---------- */

static Node *
use_child_mutator(Node *node, List *tlist)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Var) || IsA(node, PlaceHolderVar))
	{
		Expr	   *expr = find_expr(tlist, node);

		if (expr == NULL)
			elog(ERROR, "key of a look-ahead is missing in its outer plan");
		return copyObject((Node *) expr);
	}
	return expression_tree_mutator(node, use_child_mutator, tlist);
}

static Plan *
plan_look_ahead(PlannerInfo *root, RelOptInfo *rel, CustomPath *path, List *tlist,
				List *clauses, List *custom_plans)
{
	CustomScan *scan = makeNode(CustomScan);
	Plan	   *child = linitial(custom_plans);

	scan->scan.plan.targetlist = tlist;
	scan->scan.scanrelid = 0;
	scan->flags = 0;
	scan->custom_plans = custom_plans;
	scan->custom_scan_tlist = copyObject(child->targetlist);
	scan->custom_exprs = (List *) use_child_mutator(lsecond(path->custom_private),
													child->targetlist);
	scan->custom_private = linitial(path->custom_private);
	scan->methods = &hub_look_ahead_methods;
	return &scan->scan.plan;
}

static const CustomPathMethods path_methods = {
	.CustomName = "Hub Look-Ahead",
	.PlanCustomPath = plan_look_ahead
};

/* ---------- paths ---------- */

/* May the query end before all rows of the loop are read? */
static bool
stops_early(const PlannerInfo *root)
{
	return root->tuple_fraction > 0 || root->limit_tuples >= 0 ||
		root->parent_root != NULL;
}

/* OUTER, same rows in the same order, with their keys announced. */
static Path *
wrap_outer(PlannerInfo *root, Path *outer, List *keys, int token, int width)
{
	CustomPath *path = makeNode(CustomPath);
	HubLookAhead look = {.token = token, .window = WINDOWS_AHEAD * width,
	.early = stops_early(root)};
	List	   *exprs = NIL;
	ListCell   *lc;

	foreach(lc, keys)
	{
		HubBinding *b = lfirst(lc);

		look.columns = lappend_int(look.columns, b->column);
		look.kinds = lappend_int(look.kinds, b->kind);
		exprs = lappend(exprs, b->expr);
	}
	path->path.pathtype = T_CustomScan;
	path->path.parent = outer->parent;
	path->path.pathtarget = outer->pathtarget;
	path->path.param_info = outer->param_info;
	path->path.rows = outer->rows;
	path->path.startup_cost = outer->startup_cost;
	path->path.total_cost = outer->total_cost;
	path->path.pathkeys = outer->pathkeys;
	hub_copy_disabled(&path->path, outer);
	path->custom_paths = list_make1(outer);
	path->custom_private = list_make2(hub_look_ahead_pack(&look), exprs);
	path->methods = &path_methods;
	return &path->path;
}

/*
 * The inner path with the token.  Requests run WIDTH at a time and an answer
 * is kept for keys that come again: each of the loop's ROWS pays its share.
 */
static Path *
copy_inner(PlannerInfo *root, const ForeignPath *inner, List *keys, double rows,
		   int token, int width)
{
	ForeignPath *path = makeNode(ForeignPath);
	HubChoice	choice;
	List	   *exprs = NIL;
	double		distinct,
				share;
	ListCell   *lc;

	memcpy(path, inner, sizeof(ForeignPath));
	hub_choice_unpack(inner->fdw_private, &choice);
	choice.token = token;
	path->fdw_private = hub_choice_pack(&choice);

	foreach(lc, keys)
		exprs = lappend(exprs, ((HubBinding *) lfirst(lc))->expr);
	rows = clamp_row_est(rows);
	distinct = Min(estimate_num_groups(root, exprs, rows, NULL, NULL), rows);
	share = ceil(distinct / width) / rows;

	/* a hair less than plain, so that look-ahead wins a tie */
	path->path.startup_cost = Max(inner->path.startup_cost - HUB_REQUEST_COST, 0);
	path->path.total_cost = Max(inner->path.total_cost - HUB_REQUEST_COST, 0) +
		HUB_REQUEST_COST * share * 0.999;
	path->path.startup_cost = Min(path->path.startup_cost, path->path.total_cost);
	return &path->path;
}

static void
add_loop(PlannerInfo *root, RelOptInfo *joinrel, RelOptInfo *innerrel,
		 JoinType jointype, JoinPathExtraData *extra, Path *outer, ForeignPath *inner)
{
	HubRel	   *hub = innerrel->fdw_private;
	int			width = hub->options->max_concurrency;
	List	   *keys;
	Relids		required;
	JoinCostWorkspace workspace;
	Path	   *wrapped,
			   *copy;

	if (inner->path.param_info == NULL ||
		!bms_is_subset(PATH_REQ_OUTER(&inner->path), outer->parent->relids))
		return;
	keys = outer_keys(root, innerrel, inner, outer->parent);
	if (keys == NIL || !target_gives(outer->pathtarget, keys))
		return;
	required = calc_nestloop_required_outer(outer->parent->relids, PATH_REQ_OUTER(outer),
											innerrel->relids, PATH_REQ_OUTER(&inner->path));
	if (required && !bms_overlap(required, extra->param_source_rels))
		return;

	last_token = last_token == INT_MAX ? 1 : last_token + 1;
	wrapped = wrap_outer(root, outer, keys, last_token, width);
	copy = copy_inner(root, inner, keys, outer->rows, last_token, width);
	initial_cost_nestloop(root, &workspace, jointype, wrapped, copy, extra);
	add_path(joinrel, (Path *)
			 create_nestloop_path(root, joinrel, jointype, &workspace, extra,
								  wrapped, copy, extra->restrictlist,
								  build_join_pathkeys(root, joinrel, jointype,
													  outer->pathkeys),
								  required));
}

static void
add_loops(PlannerInfo *root, RelOptInfo *joinrel, RelOptInfo *innerrel,
		  JoinType jointype, JoinPathExtraData *extra, Path *outer)
{
	ListCell   *lc;

	if (bms_overlap(PATH_REQ_OUTER(outer), innerrel->relids))
		return;
	foreach(lc, innerrel->pathlist)
		if (IsA(lfirst(lc), ForeignPath))
			add_loop(root, joinrel, innerrel, jointype, extra, outer, lfirst(lc));
}

static void
join_pathlist(PlannerInfo *root, RelOptInfo *joinrel, RelOptInfo *outerrel,
			  RelOptInfo *innerrel, JoinType jointype, JoinPathExtraData *extra)
{
	ListCell   *lc;

	if (previous_hook)
		previous_hook(root, joinrel, outerrel, innerrel, jointype, extra);
	if (!look_ahead || !is_hub_rel(innerrel))
		return;
	if (jointype == JOIN_UNIQUE_OUTER)
	{
		Path	   *unique = (Path *) create_unique_path(root, outerrel,
														 outerrel->cheapest_total_path,
														 extra->sjinfo);

		if (unique)
			add_loops(root, joinrel, innerrel, JOIN_INNER, extra, unique);
	}
	else if (jointype == JOIN_INNER || jointype == JOIN_LEFT ||
			 jointype == JOIN_SEMI || jointype == JOIN_ANTI)
		foreach(lc, outerrel->pathlist)
			add_loops(root, joinrel, innerrel, jointype, extra, lfirst(lc));
}

void
hub_look_ahead_init(void)
{
	DefineCustomBoolVariable("pghub.look_ahead",
							 "Lets nested loops over keys of the Hub announce the keys to come.",
							 "Off, they ask for one key after another.",
							 &look_ahead, true, PGC_USERSET, 0, NULL, NULL, NULL);
	previous_hook = set_join_pathlist_hook;
	set_join_pathlist_hook = join_pathlist;
	RegisterCustomScanMethods(&hub_look_ahead_methods);
	hub_key_stats_init();
}
