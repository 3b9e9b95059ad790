/*
 * relation.c
 *		The planner's side: sizes, paths and plans of foreign tables.
 *
 * A path is either a *list* (pages of the list endpoint, perhaps sorted, with
 * what conditions the API takes) or a set of *look-ups* (one GET per key).
 * Both may be parameterised by other relations.  Cost is counted in requests:
 * one costs REQUEST_COST, whatever it brings.  Every clause stays in the
 * plan and is checked locally; what is pushed only lessens what is sent.
 */
#include "postgres.h"

#include <math.h>

#include "access/stratnum.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/paths.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/selfuncs.h"

#include "compat.h"
#include "hub/dataset.h"
#include "hub/fdw.h"
#include "hub/plan.h"
#include "hub/row.h"

/* As postgres_fdw values reaching a foreign server. */
#define REQUEST_COST	HUB_REQUEST_COST
#define ROW_COST		0.02	/* parse and build one row */
#define FORBIDDEN_COST	1e20	/* above what switching off costs */
#define KEYS_THERE		3e6		/* repositories, papers, users: an order of size */
#define GROWING_PAGE	100		/* first page when the end is unknown */

/* ---------- relation size ---------- */

static void
check_column_types(Oid foreigntableid, const HubRel *hub)
{
	Relation	rel = table_open(foreigntableid, NoLock);
	TupleDesc	desc = RelationGetDescr(rel);

	for (int i = 0; i < hub->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		const HubColumn *column;

		if (hub->column_of_attr[i] < 0 ||
			!(bms_is_member(i + 1 - FirstLowInvalidHeapAttributeNumber, hub->attrs_used) ||
			  bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, hub->attrs_used)))
			continue;
		column = &hub->table->columns[hub->column_of_attr[i]];
		if (att->atttypid != hub_type_oid(column->type))
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_DATA_TYPE),
					 errmsg("column \"%s\" of foreign table \"%s\" has type %s, but the Hub's column \"%s\" is %s",
							NameStr(att->attname), RelationGetRelationName(rel),
							format_type_be(att->atttypid), column->name,
							hub_type_name(column->type)),
					 errhint("ALTER FOREIGN TABLE %s ALTER COLUMN %s TYPE %s, or import the table anew.",
							 quote_identifier(RelationGetRelationName(rel)),
							 quote_identifier(NameStr(att->attname)),
							 hub_type_name(column->type))));
	}
	table_close(rel, NoLock);
}

static void
collect_used_attrs(RelOptInfo *rel, HubRel *hub)
{
	ListCell   *lc;

	pull_varattnos((Node *) rel->reltarget->exprs, rel->relid, &hub->attrs_used);
	foreach(lc, rel->baserestrictinfo)
		pull_varattnos((Node *) lfirst_node(RestrictInfo, lc)->clause,
					   rel->relid, &hub->attrs_used);
	foreach(lc, rel->joininfo)
		pull_varattnos((Node *) lfirst_node(RestrictInfo, lc)->clause,
					   rel->relid, &hub->attrs_used);
}

/* How many values an equality or array binding asks for. */
static double
binding_count(PlannerInfo *root, const HubBinding *b)
{
	if (b->kind == HUB_BIND_ANY)
		return Max(hub_array_length(root, (Node *) b->expr), 1);
	return 1;
}

static bool
is_key_binding(const HubRel *hub, const HubBinding *b)
{
	const HubColumn *column = &hub->table->columns[b->column];

	return (b->kind == HUB_BIND_EQUAL || b->kind == HUB_BIND_ANY) &&
		(column->push == HUB_PUSH_ID || column->push == HUB_PUSH_PATH);
}

/*
 * Keys that the rows of a keyed table spread over: its size as a whole, which
 * joins are estimated by.
 */
static double
keys_there(const HubRel *hub)
{
	return hub_required_column(hub->table) ? KEYS_THERE : 1;
}

/*
 * Rows that CLAUSES leave.  A key names its rows whatever the statistics say;
 * everything else is the server's usual estimate.
 */
static double
estimate_rows(PlannerInfo *root, RelOptInfo *rel, List *clauses)
{
	HubRel	   *hub = rel->fdw_private;
	List	   *rest = NIL;
	double		keys = 1;
	bool		unique = false,
				keyed = false;
	double		rows = hub->tuples;
	ListCell   *lc;

	foreach(lc, clauses)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);
		HubBinding	b;
		const char *reason;

		if (hub_match_clause(hub, rel->relid, rinfo->clause, &b, &reason) &&
			hub->table->columns[b.column].role == HUB_CURSOR)
		{
			rows = Min(rows, hub->options->page_size);
			continue;
		}
		if (hub_match_clause(hub, rel->relid, rinfo->clause, &b, &reason) &&
			(is_key_binding(hub, &b) || hub->table->columns[b.column].role != HUB_FIELD))
		{
			keys *= binding_count(root, &b);
			unique |= hub->table->columns[b.column].push == HUB_PUSH_ID;
			keyed |= hub_column_required(hub->table, &hub->table->columns[b.column]);
			continue;
		}
		rest = lappend(rest, rinfo);
	}
	if (unique)
		rows = keys;
	else
		rows *= keyed ? keys : keys * keys_there(hub);
	rows *= clauselist_selectivity(root, rest, 0, JOIN_INNER, NULL);
	return clamp_row_est(rows);
}

void
hub_get_rel_size(PlannerInfo *root, RelOptInfo *rel, Oid foreigntableid)
{
	HubRel	   *hub = palloc0(sizeof(HubRel));

	rel->fdw_private = hub;
	hub->root = root;
	hub->options = hub_options(foreigntableid);
	hub->table = hub->options->table;
	hub->column_of_attr = hub_column_map(foreigntableid, hub->table, &hub->natts);
	collect_used_attrs(rel, hub);
	check_column_types(foreigntableid, hub);

	/* negative tuples: never analysed */
	hub->analyzed = rel->tuples >= 0;
	if (hub->options->estimated_rows >= 0)
		hub->tuples = hub->options->estimated_rows;
	else if (hub->analyzed)
		hub->tuples = Max(rel->tuples, 1);
	else
		hub->tuples = hub->table->rows_estimate;
	rel->tuples = hub->tuples * keys_there(hub);
	rel->rows = estimate_rows(root, rel, rel->baserestrictinfo);
	rel->reltarget->width = Max(rel->reltarget->width, 32);
}

/* ---------- which bindings a path has ---------- */

List *
hub_match_clauses(const HubRel *hub, Index relid, List *clauses, List **reasons)
{
	List	   *result = NIL;
	ListCell   *lc;

	foreach(lc, clauses)
	{
		Node	   *node = lfirst(lc);
		Expr	   *clause = IsA(node, RestrictInfo) ? ((RestrictInfo *) node)->clause : (Expr *) node;
		HubBinding	b;
		const char *reason;

		if (hub_match_clause(hub, relid, clause, &b, &reason))
			result = lappend(result, memcpy(palloc(sizeof(b)), &b, sizeof(b)));
		else if (reason && reasons)
			*reasons = list_append_unique(*reasons, makeString(pstrdup(reason)));
	}
	return result;
}

/* Are both ends of a date range there, or an equality? */
static bool
binds_input(const HubRel *hub, List *bindings, int column)
{
	bool		from = false,
				until = false;
	ListCell   *lc;

	foreach(lc, bindings)
	{
		HubBinding *b = lfirst(lc);

		if (b->column != column)
			continue;
		if (b->kind == HUB_BIND_EQUAL || b->kind == HUB_BIND_ANY)
			return true;
		from |= b->kind == HUB_BIND_FROM || b->kind == HUB_BIND_AFTER;
		until |= b->kind == HUB_BIND_UNTIL || b->kind == HUB_BIND_BEFORE;
	}
	return from && until;
}

/* The attributes that CLAUSE mentions, as catalogue columns. */
static bool
clause_mentions(const HubRel *hub, Index relid, Node *clause, int column)
{
	Bitmapset  *attrs = NULL;
	int			attr = -1;

	pull_varattnos(clause, relid, &attrs);
	while ((attr = bms_next_member(attrs, attr)) >= 0)
	{
		AttrNumber	attnum = attr + FirstLowInvalidHeapAttributeNumber;

		if (attnum > 0 && attnum <= hub->natts &&
			hub->column_of_attr[attnum - 1] == column)
			return true;
	}
	return false;
}

/* Is COLUMN compared with other relations by an equivalence class? */
static bool
column_in_join_class(const HubRel *hub, RelOptInfo *rel, int column)
{
	ListCell   *lc,
			   *lm;

	foreach(lc, hub->root->eq_classes)
	{
		EquivalenceClass *ec = lfirst_node(EquivalenceClass, lc);

		if (bms_membership(ec->ec_relids) != BMS_MULTIPLE ||
			!bms_is_member(rel->relid, ec->ec_relids))
			continue;
		foreach(lm, ec->ec_members)
			if (hub_var_column(hub, rel->relid,
							   (Node *) ((EquivalenceMember *) lfirst(lm))->em_expr) == column)
				return true;
	}
	return false;
}

/*
 * A column that this path would have to know and does not: a missing key, or
 * an input that a clause mentions in a way the Hub cannot be asked in.  Its
 * echo would be NULL or the default, and the local check would silently drop
 * every row.  Returns the column or -1.
 */
static int
forbidden_column(const HubRel *hub, RelOptInfo *rel, List *bindings, List *clauses,
				 bool joins_too)
{
	const HubTable *table = hub->table;
	ListCell   *lc;

	for (int i = 0; table->columns[i].name; i++)
	{
		const HubColumn *column = &table->columns[i];

		if (binds_input(hub, bindings, i))
			continue;
		if (hub_column_required(table, column))
			return i;
		if (column->role == HUB_FIELD)
			continue;
		foreach(lc, clauses)
		{
			Node	   *node = lfirst(lc);

			if (IsA(node, RestrictInfo))
				node = (Node *) ((RestrictInfo *) node)->clause;
			if (clause_mentions(hub, rel->relid, node, i))
				return i;
		}
		if (!joins_too)
			continue;
		foreach(lc, rel->joininfo)
			if (clause_mentions(hub, rel->relid,
								(Node *) lfirst_node(RestrictInfo, lc)->clause, i))
				return i;
		if (column_in_join_class(hub, rel, i))
			return i;
	}
	return -1;
}

/* ---------- paths ---------- */

/* Lists per scan: the product of the alternatives. */
static double
count_lists(PlannerInfo *root, List *bindings)
{
	double		lists = 1;
	ListCell   *lc;

	foreach(lc, bindings)
		lists *= binding_count(root, lfirst(lc));
	return lists;
}

/*
 * Requests that run side by side cost the time of one.
 */
static double
request_cost(double requests, double width)
{
	return REQUEST_COST * ceil(requests / Max(width, 1));
}

/* Share of the table that the Hub will send, after what was pushed. */
static double
rows_sent(PlannerInfo *root, RelOptInfo *rel, List *bindings, int sort)
{
	HubRel	   *hub = rel->fdw_private;
	List	   *pushed = NIL;
	ListCell   *lc;

	foreach(lc, bindings)
	{
		HubBinding *b = lfirst(lc);

		if (b->kind == HUB_BIND_FLOOR && b->column != sort)
			continue;
		if (hub->table->columns[b->column].role == HUB_CURSOR)
			return hub->options->page_size;
		if (is_key_binding(hub, b))
			continue;
		pushed = lappend(pushed, b->clause);
	}
	return clamp_row_est(hub->tuples * count_lists(root, bindings) *
						 clauselist_selectivity(root, pushed, 0, JOIN_INNER, NULL));
}

/*
 * Rows that a LIMIT above will pull, or 0: only a hint, the Limit node stays.
 * It holds when this is the only relation and rows come in the order asked.
 * EXISTS has no LIMIT but says by its fraction that one row will do.
 */
static double
limit_hint(PlannerInfo *root, List *pathkeys)
{
	const Query *parse = root->parse;

	if (bms_membership(root->all_baserels) != BMS_SINGLETON ||
		!pathkeys_contained_in(root->query_pathkeys, pathkeys))
		return 0;
	if (root->limit_tuples > 0)
		return root->limit_tuples;
	if (root->tuple_fraction < 1 || parse->groupClause || parse->groupingSets ||
		parse->distinctClause || parse->hasAggs || parse->hasWindowFuncs ||
		parse->hasTargetSRFs || parse->havingQual)
		return 0;
	return root->tuple_fraction;
}

/* Conditions that rows sent may fail, were nothing pushed. */
static int
count_conditions(const HubRel *hub, Index relid, List *clauses)
{
	int			count = 0;
	ListCell   *lc;

	foreach(lc, clauses)
	{
		Expr	   *clause = lfirst_node(RestrictInfo, lc)->clause;
		int			column = -1;

		/* max() adds one that holds for every row of a column always sent */
		if (IsA(clause, NullTest) && ((NullTest *) clause)->nulltesttype == IS_NOT_NULL)
			column = hub_var_column(hub, relid, (Node *) ((NullTest *) clause)->arg);
		if (column < 0 || !hub->table->columns[column].always)
			count++;
	}
	return count;
}

static void
choose_page(PlannerInfo *root, RelOptInfo *rel, List *bindings, List *clauses,
			List *pathkeys, HubChoice *choice)
{
	HubRel	   *hub = rel->fdw_private;
	double		limit = limit_hint(root, pathkeys);
	int			pushed = list_length(bindings);
	int			nclauses = count_conditions(hub, rel->relid, clauses);
	ListCell   *lc;

	choice->page_first = 0;
	choice->sole = false;
	/* a page named by its cursor is whole, or the next cursor would be another */
	foreach(lc, bindings)
		if (hub->table->columns[((HubBinding *) lfirst(lc))->column].role == HUB_CURSOR)
			return;
	if (limit > 0)
	{
		/* a hint too: should rows be dropped above, the scan goes on */
		choice->sole = pushed == nclauses && limit <= hub->options->page_size;
		foreach(lc, bindings)
			if (((HubBinding *) lfirst(lc))->kind == HUB_BIND_FLOOR &&
				((HubBinding *) lfirst(lc))->column != choice->sort)
				choice->sole = false;
		if (hub->table->dataset != NULL && nclauses > 0)
			choice->sole = false;	/* what is sent may be looser */
		choice->page_first = (int) Min(choice->sole ? limit : Max(limit, GROWING_PAGE),
									   hub->options->page_size);
	}
	else if (root->tuple_fraction > 0 &&
			 pathkeys_contained_in(root->query_pathkeys, pathkeys))
		choice->page_first = Min(GROWING_PAGE, hub->options->page_size);
}

/* A path that must fail is worse than any that is merely switched off. */
static void
offer(RelOptInfo *rel, const HubChoice *choice, ForeignPath *path)
{
	if (choice->forbidden >= 0)
		hub_disable_path(&path->path);
	add_path(rel, (Path *) path);
}

static void
add_list_path(PlannerInfo *root, RelOptInfo *rel, ParamPathInfo *ppi,
			  int sort, List *pathkeys)
{
	HubRel	   *hub = rel->fdw_private;
	List	   *clauses = list_copy(rel->baserestrictinfo);
	List	   *bindings;
	HubChoice	choice = {.one = false, .sort = sort};
	double		rows = ppi ? ppi->ppi_rows : rel->rows;
	double		sent,
				pages,
				startup;

	if (hub->table->list_path == NULL)
		return;
	if (ppi)
		clauses = list_concat(clauses, ppi->ppi_clauses);
	bindings = hub_match_clauses(hub, rel->relid, clauses, NULL);
	choice.forbidden = forbidden_column(hub, rel, bindings, clauses, ppi == NULL);
	if (ppi && choice.forbidden >= 0)
		return;
	if (sort >= 0 && count_lists(root, bindings) > 1)
		return;					/* several lists have no common order */
	choose_page(root, rel, bindings, clauses, pathkeys, &choice);

	if (pathkeys != NIL)
		choice.ascending = !hub_pathkey_descends((PathKey *) linitial(pathkeys));
	if (ppi)
		rows = estimate_rows(root, rel, clauses);
	sent = rows_sent(root, rel, bindings, sort);
	pages = Max(ceil(sent / hub->options->page_size), count_lists(root, bindings));
	startup = REQUEST_COST;
	if (choice.forbidden >= 0)
		startup += FORBIDDEN_COST;
	offer(rel, &choice,
		  hub_foreignscan_path(root, rel, rows, startup,
							   startup + REQUEST_COST * (pages - 1) + sent * ROW_COST,
							   pathkeys,
							   ppi ? ppi->ppi_req_outer : rel->lateral_relids,
							   hub_choice_pack(&choice)));
}

/* Have the columns that the single GET needs values? */
static bool
can_look_up(const HubRel *hub, List *bindings)
{
	const HubTable *table = hub->table;

	if (table->one_path == NULL)
		return false;
	for (int i = 0; table->columns[i].name; i++)
	{
		bool		optional;

		if (hub_path_names(table->one_path, table->columns[i].name, &optional) &&
			!optional && table->columns[i].fallback == NULL &&
			!binds_input(hub, bindings, i))
			return false;
	}
	return true;
}

static void
add_look_up_path(PlannerInfo *root, RelOptInfo *rel, ParamPathInfo *ppi)
{
	HubRel	   *hub = rel->fdw_private;
	List	   *clauses = list_copy(rel->baserestrictinfo);
	List	   *bindings;
	HubChoice	choice = {.one = true, .sort = -1, .page_first = 0};
	double		keys,
				rows;

	if (ppi)
		clauses = list_concat(clauses, ppi->ppi_clauses);
	bindings = hub_match_clauses(hub, rel->relid, clauses, NULL);
	if (!can_look_up(hub, bindings))
		return;
	choice.forbidden = forbidden_column(hub, rel, bindings, clauses, ppi == NULL);
	if (ppi && choice.forbidden >= 0)
		return;
	rows = ppi ? estimate_rows(root, rel, clauses) : rel->rows;
	keys = count_lists(root, bindings);
	offer(rel, &choice,
		  hub_foreignscan_path(root, rel, rows, REQUEST_COST,
							   request_cost(keys, hub->options->max_concurrency) + rows * ROW_COST +
							   (choice.forbidden >= 0 ? FORBIDDEN_COST : 0),
							   NIL,
							   ppi ? ppi->ppi_req_outer : rel->lateral_relids,
							   hub_choice_pack(&choice)));
}

/* ---------- order ---------- */

/*
 * The column whose descending order PATHKEY asks for and the API gives, or
 * -1.  Keys that are always sent have no NULLs to place; for others the API
 * puts rows without the key last.
 */
static int
pathkey_column(const HubRel *hub, RelOptInfo *rel, PathKey *pathkey)
{
	ListCell   *lc;

	if (!hub_pathkey_descends(pathkey) || pathkey->pk_eclass->ec_has_volatile)
		return -1;
	foreach(lc, pathkey->pk_eclass->ec_members)
	{
		EquivalenceMember *em = lfirst(lc);
		int			index;
		const HubColumn *column;

		if (!bms_equal(em->em_relids, rel->relids))
			continue;
		index = hub_var_column(hub, rel->relid, (Node *) em->em_expr);
		if (index < 0)
			continue;
		column = &hub->table->columns[index];
		if (column->sort && (column->always || !pathkey->pk_nulls_first))
			return index;
	}
	return -1;
}

/*
 * Rows of a dataset in the order asked.  Ties stand in no order from page to
 * page, so orderby= serves what one page holds; by row_idx rows come anyway.
 */
static void
add_dataset_order(PlannerInfo *root, RelOptInfo *rel)
{
	HubRel	   *hub = rel->fdw_private;
	PathKey    *pathkey = root->query_pathkeys ? linitial(root->query_pathkeys) : NULL;
	List	   *bindings = hub_match_clauses(hub, rel->relid, rel->baserestrictinfo, NULL);
	double		limit;
	ListCell   *lc;

	if (pathkey == NULL || pathkey->pk_eclass->ec_has_volatile)
		return;
	limit = limit_hint(root, list_make1(pathkey));
	foreach(lc, pathkey->pk_eclass->ec_members)
	{
		EquivalenceMember *em = lfirst(lc);
		int			index;

		if (!bms_equal(em->em_relids, rel->relids))
			continue;
		index = hub_var_column(hub, rel->relid, (Node *) em->em_expr);
		if (index < 0 ||
			!hub_dataset_sorts(hub, rel->relid, index, pathkey->pk_eclass->ec_collation,
							   hub_pathkey_descends(pathkey), bindings) ||
			(hub->table->columns[index].param != NULL &&
			 (limit <= 0 || limit > HUB_VIEWER_PAGE ||
			  list_length(bindings) != list_length(rel->baserestrictinfo))))
			continue;
		add_list_path(root, rel, NULL, index, list_make1(pathkey));
		return;
	}
}

/* Lists sorted by what the query orders by, or by a key bounded from below. */
static void
add_sorted_paths(PlannerInfo *root, RelOptInfo *rel)
{
	HubRel	   *hub = rel->fdw_private;
	int			ordered = -1;
	List	   *bindings;
	ListCell   *lc;

	if (hub->table->dataset != NULL)
	{
		add_dataset_order(root, rel);
		return;
	}
	if (root->query_pathkeys != NIL)
		ordered = pathkey_column(hub, rel, linitial(root->query_pathkeys));
	if (ordered >= 0)
		add_list_path(root, rel, NULL, ordered,
					  list_make1(linitial(root->query_pathkeys)));

	bindings = hub_match_clauses(hub, rel->relid, rel->baserestrictinfo, NULL);
	foreach(lc, bindings)
	{
		HubBinding *b = lfirst(lc);

		if (b->kind == HUB_BIND_FLOOR && b->column != ordered)
			add_list_path(root, rel, NULL, b->column, NIL);
	}
}

/* ---------- parameterised paths ---------- */

typedef struct MemberMatch
{
	const HubRel *hub;
	Expr	   *current;		/* expression being matched now */
	List	   *done;			/* those matched in earlier rounds */
} MemberMatch;

/* generate_implied_equalities_for_column: one of our keys at a time. */
static bool
member_matches(PlannerInfo *root, RelOptInfo *rel, EquivalenceClass *ec,
			   EquivalenceMember *em, void *arg)
{
	MemberMatch *match = arg;
	int			index = hub_var_column(match->hub, rel->relid, (Node *) em->em_expr);

	if (index < 0 || !hub_column_takes_equal(&match->hub->table->columns[index]))
		return false;
	if (match->current)
		return equal(em->em_expr, match->current);
	if (list_member(match->done, em->em_expr))
		return false;
	match->current = em->em_expr;
	return true;
}

static List *
add_clause_params(PlannerInfo *root, RelOptInfo *rel, List *clauses, List *ppis)
{
	HubRel	   *hub = rel->fdw_private;
	ListCell   *lc;

	foreach(lc, clauses)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);
		Relids		outer;
		HubBinding	b;
		const char *reason;

		if (!join_clause_is_movable_to(rinfo, rel) ||
			!hub_match_clause(hub, rel->relid, rinfo->clause, &b, &reason))
			continue;
		outer = bms_union(rinfo->clause_relids, rel->lateral_relids);
		outer = bms_del_member(outer, rel->relid);
		if (!bms_is_empty(outer))
			ppis = list_append_unique_ptr(ppis, get_baserel_parampathinfo(root, rel, outer));
	}
	return ppis;
}

/*
 * Keys may come from several relations at once (repo_id from one, repo_type
 * from another): besides each alone, all together.
 */
static List *
add_joint_parameterisation(PlannerInfo *root, RelOptInfo *rel, List *ppis)
{
	Relids		all = NULL;
	ListCell   *lc;

	if (list_length(ppis) < 2)
		return ppis;
	foreach(lc, ppis)
		all = bms_union(all, ((ParamPathInfo *) lfirst(lc))->ppi_req_outer);
	return list_append_unique_ptr(ppis, get_baserel_parampathinfo(root, rel, all));
}

static List *
parameterisations(PlannerInfo *root, RelOptInfo *rel)
{
	HubRel	   *hub = rel->fdw_private;
	List	   *ppis = add_clause_params(root, rel, rel->joininfo, NIL);
	MemberMatch match = {.hub = hub};

	if (rel->has_eclass_joins)
		for (;;)
		{
			List	   *clauses;

			match.current = NULL;
			clauses = generate_implied_equalities_for_column(root, rel, member_matches,
															 &match, rel->lateral_referencers);
			if (match.current == NULL)
				break;
			ppis = add_clause_params(root, rel, clauses, ppis);
			match.done = lappend(match.done, match.current);
		}
	return add_joint_parameterisation(root, rel, ppis);
}

void
hub_get_paths(PlannerInfo *root, RelOptInfo *rel, Oid foreigntableid)
{
	List	   *ppis;
	ListCell   *lc;

	add_list_path(root, rel, NULL, -1, NIL);
	add_sorted_paths(root, rel);
	add_look_up_path(root, rel, NULL);
	if (rel->pathlist == NIL)	/* a table of keys only, and none is given */
	{
		HubChoice	choice = {.one = true, .sort = -1};

		choice.forbidden = forbidden_column(rel->fdw_private, rel, NIL,
											rel->baserestrictinfo, true);
		offer(rel, &choice,
			  hub_foreignscan_path(root, rel, rel->rows, FORBIDDEN_COST,
								   FORBIDDEN_COST, NIL, rel->lateral_relids,
								   hub_choice_pack(&choice)));
	}
	ppis = parameterisations(root, rel);
	foreach(lc, ppis)
	{
		add_list_path(root, rel, lfirst(lc), -1, NIL);
		add_look_up_path(root, rel, lfirst(lc));
	}
}

/* ---------- the plan ---------- */

/* Catalogue columns that the scan must fill, for output or checks. */
static List *
wanted_columns(const HubRel *hub, Index relid, List *clauses, int sort)
{
	Bitmapset  *attrs = bms_copy(hub->attrs_used);
	List	   *wanted = NIL;
	bool		whole;

	/* not the tlist: the planner may have made it of all columns */
	pull_varattnos((Node *) clauses, relid, &attrs);
	whole = bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, attrs);
	for (int i = 0; i < hub->natts; i++)
		if (hub->column_of_attr[i] >= 0 &&
			(whole || bms_is_member(i + 1 - FirstLowInvalidHeapAttributeNumber, attrs)))
			wanted = list_append_unique_int(wanted, hub->column_of_attr[i]);
	if (sort >= 0)
		wanted = list_append_unique_int(wanted, sort);
	return wanted;
}

/* Bindings that this plan uses, the others are merely checked. */
void
hub_choose_bindings(HubPlan *plan, const HubRel *hub, List *matched)
{
	ListCell   *lc;

	plan->bindings = palloc0(sizeof(HubBinding) * Max(list_length(matched), 1));
	foreach(lc, matched)
	{
		HubBinding *b = lfirst(lc);
		const HubColumn *column = &plan->table->columns[b->column];

		if (plan->one && column->push != HUB_PUSH_ID && column->push != HUB_PUSH_PATH)
			continue;
		if (b->kind == HUB_BIND_FLOOR && b->column != plan->sort)
			continue;
		if (!plan->one && column->push == HUB_PUSH_ID && column->role == HUB_FIELD &&
			b->kind != HUB_BIND_FLOOR && column->param == NULL)
			continue;			/* a list cannot be asked for an id */
		if (b->kind == HUB_BIND_ANY && plan->sort >= 0 &&
			column->role == HUB_FIELD)
			continue;			/* would be several lists without one order */
		plan->bindings[plan->nbindings++] = *b;
	}
}

ForeignScan *
hub_get_plan(PlannerInfo *root, RelOptInfo *rel, Oid foreigntableid,
			 ForeignPath *best_path, List *tlist, List *scan_clauses, Plan *outer_plan)
{
	HubRel	   *hub = rel->fdw_private;
	HubChoice	choice;
	HubPlan		plan = {.table = hub->table};
	List	   *exprs = NIL;
	List	   *matched;

	hub_choice_unpack(best_path->fdw_private, &choice);
	scan_clauses = extract_actual_clauses(scan_clauses, false);
	plan.one = choice.one;
	plan.sort = choice.sort;
	plan.ascending = choice.ascending;
	plan.page_size = hub->options->page_size;
	plan.page_first = choice.page_first;
	plan.sole = choice.sole;
	plan.token = choice.token;
	plan.forbidden = choice.forbidden < 0 ? NULL :
		hub->table->columns[choice.forbidden].name;
	plan.wanted = wanted_columns(hub, rel->relid, scan_clauses, plan.sort);
	matched = hub_match_clauses(hub, rel->relid, scan_clauses, &plan.reasons);
	hub_choose_bindings(&plan, hub, matched);
	for (int i = 0; i < plan.nbindings; i++)
		exprs = lappend(exprs, plan.bindings[i].expr);

	return make_foreignscan(tlist, scan_clauses, rel->relid, exprs,
							hub_plan_pack(&plan), NIL, NIL, outer_plan);
}
