/*
 * rescan.c
 *		May a scan be read more than once?
 *
 * Its rows are kept so that a rescan need not ask the Hub again.  The executor
 * announces some rescans but not those of correlated sub-queries and below
 * parameterised loops, so rows are kept unless the place in the plan rules
 * them out: copying each row costs more than parsing it.  Whoever is wrong
 * here costs a request, never a row.
 */
#include "postgres.h"

#include "nodes/plannodes.h"

#include "hub/scan.h"

static bool is_read_once(const Plan *plan, const Plan *scan);

static bool
is_read_once_in(const List *plans, const Plan *scan)
{
	ListCell   *lc;

	foreach(lc, plans)
		if (is_read_once(lfirst(lc), scan))
			return true;
	return false;
}

/* Is SCAN below PLAN, which is read once, in a place that is read once? */
static bool
is_read_once(const Plan *plan, const Plan *scan)
{
	if (plan == NULL)
		return false;
	if (plan == scan)
		return true;
	switch (nodeTag(plan))
	{
		case T_Append:
			return is_read_once_in(((const Append *) plan)->appendplans, scan);
		case T_MergeAppend:
			return is_read_once_in(((const MergeAppend *) plan)->mergeplans, scan);
		case T_SubqueryScan:
			return is_read_once(((const SubqueryScan *) plan)->subplan, scan);
		case T_CustomScan:
			return is_read_once_in(((const CustomScan *) plan)->custom_plans, scan);
		case T_NestLoop:
		case T_RecursiveUnion:
			return is_read_once(plan->lefttree, scan);
		default:
			return is_read_once(plan->lefttree, scan) || is_read_once(plan->righttree, scan);
	}
}

bool
hub_may_rescan(const ForeignScanState *node)
{
	const EState *estate = node->ss.ps.state;

	return estate->es_epq_active != NULL || estate->es_plannedstmt == NULL ||
		!is_read_once(estate->es_plannedstmt->planTree, node->ss.ps.plan);
}
