/*
 * keystats.c
 *		What the planner should know of keys without statistics.
 *
 * Without them core takes 200 distinct values for any column, thinks that a
 * join on a key gives thousands of rows a key, and prefers to list whole
 * tables.  The catalogue knows better: a repository's id is unique, and a
 * sub-resource has so many rows a repository.  The parent of a UNION ALL or of
 * a tree has at least as many ids as its children of ours have.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_statistic.h"
#include "foreign/fdwapi.h"
#include "nodes/pathnodes.h"
#include "utils/rel.h"
#include "utils/selfuncs.h"
#include "utils/syscache.h"

#include "hub/fdw.h"
#include "hub/lookahead.h"
#include "hub/plan.h"

static get_relation_stats_hook_type previous_hook = NULL;

/* Statistics that say nothing but the number of distinct values. */
static HeapTuple
distinct_tuple(float4 distinct)
{
	Relation	rel = table_open(StatisticRelationId, AccessShareLock);
	Datum		values[Natts_pg_statistic] = {0};
	bool		isnull[Natts_pg_statistic] = {0};
	HeapTuple	tuple;

	for (int i = Anum_pg_statistic_stanumbers1; i <= Natts_pg_statistic; i++)
		isnull[i - 1] = true;
	values[Anum_pg_statistic_stawidth - 1] = Int32GetDatum(32);
	values[Anum_pg_statistic_stadistinct - 1] = Float4GetDatum(distinct);
	tuple = heap_form_tuple(RelationGetDescr(rel), values, isnull);
	table_close(rel, AccessShareLock);
	return tuple;
}

/* Of a foreign table of ours: its planner data, once its size is known. */
static const HubRel *
hub_rel_of(const RelOptInfo *rel)
{
	if (rel == NULL || rel->fdwroutine == NULL || !IS_SIMPLE_REL(rel) ||
		rel->fdwroutine->GetForeignRelSize != hub_get_rel_size)
		return NULL;
	return rel->fdw_private;
}

/* The catalogue's column of an attribute, or NULL. */
static const HubColumn *
column_of(const HubRel *hub, AttrNumber attnum)
{
	if (hub == NULL || attnum <= 0 || attnum > hub->natts ||
		hub->column_of_attr[attnum - 1] < 0)
		return NULL;
	return &hub->table->columns[hub->column_of_attr[attnum - 1]];
}

static bool
is_unique(const HubColumn *column)
{
	return column && column->push == HUB_PUSH_ID && column->role == HUB_FIELD;
}

static double parent_distinct(PlannerInfo *root, const RangeTblEntry *rte,
							  AttrNumber attnum, const RelOptInfo *parent);

/* Distinct values of a child's column, as far as we know: 0 if we do not. */
static double
child_distinct(PlannerInfo *root, const AppendRelInfo *child, AttrNumber attnum)
{
	const RelOptInfo *rel = root->simple_rel_array[child->child_relid];
	const RangeTblEntry *rte = root->simple_rte_array[child->child_relid];
	const Var  *var;

	if (rel == NULL || attnum > list_length(child->translated_vars))
		return 0;
	var = list_nth(child->translated_vars, attnum - 1);
	if (var == NULL || !IsA(var, Var) || var->varno != child->child_relid)
		return 0;
	if (rte->inh)
		return parent_distinct(root, rte, var->varattno, rel);
	return is_unique(column_of(hub_rel_of(rel), var->varattno)) ? rel->tuples : 0;
}

/* The same of a parent that has no statistics of its own. */
static double
parent_distinct(PlannerInfo *root, const RangeTblEntry *rte, AttrNumber attnum,
				const RelOptInfo *parent)
{
	double		distinct = 0;
	ListCell   *lc;

	if (rte->rtekind == RTE_RELATION &&
		SearchSysCacheExists3(STATRELATTINH, ObjectIdGetDatum(rte->relid),
							  Int16GetDatum(attnum), BoolGetDatum(true)))
		return 0;
	foreach(lc, root->append_rel_list)
	{
		const AppendRelInfo *child = lfirst_node(AppendRelInfo, lc);

		if (child->parent_relid == parent->relid)
			distinct += child_distinct(root, child, attnum);
	}
	return distinct;
}

static void
give_distinct(VariableStatData *vardata, double distinct)
{
	vardata->statsTuple = distinct_tuple(distinct);
	vardata->freefunc = heap_freetuple;
	vardata->acl_ok = true;
}

/*
 * The relation that is asked about.  Core's cost of BRIN indexes calls the hook
 * with a VariableStatData that it never filled in, so its rel is believed only
 * where it is the planner's own for the range table entry.
 */
static const RelOptInfo *
rel_asked(const PlannerInfo *root, const RangeTblEntry *rte,
		  const VariableStatData *vardata)
{
	for (int i = 1; i < root->simple_rel_array_size; i++)
		if (root->simple_rte_array[i] == rte)
			return root->simple_rel_array[i] == vardata->rel ? vardata->rel : NULL;
	return NULL;
}

static bool
key_stats(PlannerInfo *root, RangeTblEntry *rte, AttrNumber attnum,
		  VariableStatData *vardata)
{
	const RelOptInfo *rel = rel_asked(root, rte, vardata);
	const HubRel *hub = hub_rel_of(rel);
	const HubColumn *column = column_of(hub, attnum);

	if (is_unique(column))
		vardata->isunique = true;
	else if (column && column->role == HUB_KEY && !hub->analyzed)
	{
		give_distinct(vardata, -1.0 / Max(hub->tuples, 1));
		return true;
	}
	else if (hub == NULL && rte->inh && attnum > 0 && rel)
	{
		double		distinct = parent_distinct(root, rte, attnum, rel);

		if (distinct > 0)
		{
			give_distinct(vardata, distinct);
			return true;
		}
	}
	return previous_hook && previous_hook(root, rte, attnum, vardata);
}

void
hub_key_stats_init(void)
{
	previous_hook = get_relation_stats_hook;
	get_relation_stats_hook = key_stats;
}
