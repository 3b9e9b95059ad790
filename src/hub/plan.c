/*
 * plan.c
 *		What planner and executor tell each other, as nodes that can be copied.
 *
 * A choice travels in a path, a plan in the finished ForeignScan; both are
 * read-only lists of plain nodes.
 */
#include "postgres.h"

#include "nodes/value.h"

#include "hub/plan.h"

/* ---------- paths ---------- */

List *
hub_choice_pack(const HubChoice *choice)
{
	return list_concat(list_make5(makeInteger(choice->one), makeInteger(choice->sort),
								  makeInteger(choice->page_first), makeInteger(choice->sole),
								  makeInteger(choice->forbidden)),
					   list_make2(makeInteger(choice->ascending), makeInteger(choice->token)));
}

void
hub_choice_unpack(List *private, HubChoice *choice)
{
	choice->one = intVal(linitial(private));
	choice->sort = intVal(lsecond(private));
	choice->page_first = intVal(lthird(private));
	choice->sole = intVal(lfourth(private));
	choice->forbidden = intVal(list_nth(private, 4));
	choice->ascending = intVal(list_nth(private, 5));
	choice->token = intVal(list_nth(private, 6));
}

/* ---------- plans ---------- */

List *
hub_plan_pack(const HubPlan *plan)
{
	List	   *numbers = list_concat(list_make5_int(plan->one, plan->sort, plan->page_size,
													 plan->page_first, plan->sole),
									  list_make2_int(plan->ascending, plan->token));
	List	   *bindings = NIL;

	for (int i = 0; i < plan->nbindings; i++)
	{
		bindings = lappend_int(bindings, plan->bindings[i].column);
		bindings = lappend_int(bindings, plan->bindings[i].kind);
	}
	return lappend(list_make5(makeString(pstrdup(plan->table->name)), numbers, bindings,
							  plan->wanted, plan->reasons),
				   makeString(pstrdup(plan->forbidden ? plan->forbidden : "")));
}

HubPlan *
hub_plan_unpack(List *fdw_private, const HubTable *table)
{
	HubPlan    *plan = palloc0(sizeof(HubPlan));
	List	   *numbers = lsecond(fdw_private);
	List	   *bindings = lthird(fdw_private);
	const char *forbidden = strVal(list_nth(fdw_private, 5));

	plan->table = table;
	plan->one = linitial_int(numbers);
	plan->sort = lsecond_int(numbers);
	plan->page_size = lthird_int(numbers);
	plan->page_first = lfourth_int(numbers);
	plan->sole = list_nth_int(numbers, 4);
	plan->ascending = list_nth_int(numbers, 5);
	plan->token = list_nth_int(numbers, 6);
	plan->nbindings = list_length(bindings) / 2;
	plan->bindings = palloc0(sizeof(HubBinding) * Max(plan->nbindings, 1));
	for (int i = 0; i < plan->nbindings; i++)
	{
		plan->bindings[i].column = list_nth_int(bindings, 2 * i);
		plan->bindings[i].kind = list_nth_int(bindings, 2 * i + 1);
	}
	plan->wanted = lfourth(fdw_private);
	plan->reasons = list_nth(fdw_private, 4);
	plan->forbidden = forbidden[0] ? forbidden : NULL;
	return plan;
}
