/*
 * keystats.c
 *		What the planner should know of keys without statistics.
 *
 * Without them core takes 200 distinct values for any column, thinks that a
 * join on a key gives thousands of rows a key, and prefers to list whole
 * tables.  The catalogue knows better: a repository's id is unique, and a
 * sub-resource has so many rows a repository.
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
	if (rel == NULL || rel->fdwroutine == NULL || rel->reloptkind != RELOPT_BASEREL ||
		rel->fdwroutine->GetForeignRelSize != hub_get_rel_size)
		return NULL;
	return rel->fdw_private;
}

static bool
key_stats(PlannerInfo *root, RangeTblEntry *rte, AttrNumber attnum,
		  VariableStatData *vardata)
{
	const HubRel *hub = rte->relkind == RELKIND_FOREIGN_TABLE ? hub_rel_of(vardata->rel) : NULL;
	const HubColumn *column;

	if (hub && attnum > 0 && attnum <= hub->natts && hub->column_of_attr[attnum - 1] >= 0)
	{
		column = &hub->table->columns[hub->column_of_attr[attnum - 1]];
		if (column->push == HUB_PUSH_ID && column->role == HUB_FIELD)
			vardata->isunique = true;
		else if (column->role == HUB_KEY && !hub->analyzed)
		{
			vardata->statsTuple = distinct_tuple(-1.0 / Max(hub->tuples, 1));
			vardata->freefunc = heap_freetuple;
			vardata->acl_ok = true;
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
