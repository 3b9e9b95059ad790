/*
 * predicate.c
 *		Which clauses can become part of a request.
 *
 * Operators are recognised by operator family and strategy, never by name, so
 * that cross-type members are included and look-alikes are not.  Text is
 * compared byte by byte by the Hub, hence only deterministic collations.  The
 * other side may be a constant, a parameter or an outer column, but must not
 * be volatile and must not need a sub-plan per row.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "hub/dataset.h"
#include "hub/plan.h"
#include "hub/row.h"

#ifndef OID_ARRAY_CONTAINED_OP
#define OID_ARRAY_CONTAINED_OP 2752
#endif
#ifndef OID_ARRAY_CONTAINS_OP
#define OID_ARRAY_CONTAINS_OP 2751
#endif

int
hub_var_column(const HubRel *hub, Index relid, Node *node)
{
	Var		   *var;

	while (node && IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	if (node == NULL || !IsA(node, Var))
		return -1;
	var = (Var *) node;
	if (var->varno != relid || var->varlevelsup != 0 ||
		var->varattno <= 0 || var->varattno > hub->natts)
		return -1;
	return hub->column_of_attr[var->varattno - 1];
}

/*
 * Like hub_var_column, and looks through casts that keep the order of int8
 * and lose nothing of what a bound needs: the comparison itself is evaluated
 * by the server, the cast only has to be monotone.
 */
static int
bounded_column(const HubRel *hub, Index relid, Node *node)
{
	if (node && IsA(node, FuncExpr))
	{
		FuncExpr   *func = (FuncExpr *) node;

		if (list_length(func->args) == 1 &&
			(func->funcid == F_NUMERIC_INT8 || func->funcid == F_FLOAT8_INT8))
			node = linitial(func->args);
	}
	return hub_var_column(hub, relid, node);
}

static bool
mentions(const HubRel *hub, Node *node, Index relid)
{
	return bms_is_member(relid, pull_varnos(hub->root, node));
}

bool
hub_is_value(const HubRel *hub, Node *node, Index relid, const char **reason)
{
	if (mentions(hub, node, relid))
		return false;
	if (contain_volatile_functions(node))
	{
		*reason = "the compared value is volatile";
		return false;
	}
	if (contain_subplans(node))
	{
		*reason = "the compared value is a correlated sub-query";
		return false;
	}
	return true;
}

/* Strategy of OPNO in the default btree family of the column's type, or 0. */
static int
column_strategy(const HubColumn *column, Oid opno)
{
	TypeCacheEntry *type = lookup_type_cache(hub_type_oid(column->type),
											 TYPECACHE_BTREE_OPFAMILY);

	if (!OidIsValid(type->btree_opf))
		return 0;
	return get_op_opfamily_strategy(opno, type->btree_opf);
}

static bool
collation_fits(const HubColumn *column, Oid collation, const char **reason)
{
	if (column->type != HUB_TEXT && column->type != HUB_TEXT_ARRAY)
		return true;
	if (!OidIsValid(collation) || get_collation_isdeterministic(collation))
		return true;
	*reason = "the collation is nondeterministic";
	return false;
}

bool
hub_column_takes_equal(const HubColumn *column)
{
	switch (column->push)
	{
		case HUB_PUSH_EQUAL:
		case HUB_PUSH_GATED:
		case HUB_PUSH_ID:
		case HUB_PUSH_PATH:
			return column->type == HUB_TEXT;
		case HUB_PUSH_DATE:
			return column->type == HUB_DATE;
		case HUB_PUSH_NONE:
		case HUB_PUSH_MEMBER:
		case HUB_PUSH_WHERE:
			break;
	}
	return false;
}

/* The value of an equality must print as the column's own type does. */
static bool
value_type_fits(const HubColumn *column, Oid type)
{
	if (column->type == HUB_DATE)
		return type == DATEOID;
	return type == TEXTOID || type == VARCHAROID || type == NAMEOID ||
		type == UNKNOWNOID;
}

static Node *
strip_relabel(Node *node)
{
	while (node && IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	return node;
}

static bool
bind(HubBinding *binding, int column, HubBindKind kind, Node *expr, Expr *clause)
{
	binding->column = column;
	binding->kind = kind;
	binding->expr = (Expr *) expr;
	binding->clause = clause;
	return true;
}

/* column OP value, OP already commuted to have the column on the left */
static bool
match_comparison(const HubRel *hub, Index relid, OpExpr *op, int index, Oid opno,
				 Node *value, HubBinding *binding, const char **reason)
{
	const HubColumn *column = &hub->table->columns[index];
	int			strategy = column_strategy(column, opno);

	if (strategy == BTEqualStrategyNumber && hub_column_takes_equal(column) &&
		value_type_fits(column, exprType(strip_relabel(value))))
		return collation_fits(column, op->inputcollid, reason) &&
			hub_is_value(hub, value, relid, reason) &&
			bind(binding, index, HUB_BIND_EQUAL, value, (Expr *) op);

	if (column->push == HUB_PUSH_DATE && exprType(value) == DATEOID &&
		strategy != BTEqualStrategyNumber && strategy != 0 &&
		hub_is_value(hub, value, relid, reason))
	{
		HubBindKind kind = strategy == BTGreaterEqualStrategyNumber ? HUB_BIND_FROM :
			strategy == BTGreaterStrategyNumber ? HUB_BIND_AFTER :
			strategy == BTLessEqualStrategyNumber ? HUB_BIND_UNTIL : HUB_BIND_BEFORE;

		return bind(binding, index, kind, value, (Expr *) op);
	}
	return false;
}

/* Any comparison that bounds a sort key from below. */
static bool
match_floor(const HubRel *hub, Index relid, OpExpr *op, HubBinding *binding,
			const char **reason)
{
	Node	   *left = linitial(op->args);
	Node	   *right = lsecond(op->args);
	int			index = bounded_column(hub, relid, left);
	Node	   *value = right;
	bool		commuted = false;
	List	   *interpretations;
	ListCell   *lc;

	if (index < 0)
	{
		index = bounded_column(hub, relid, right);
		value = left;
		commuted = true;
	}
	if (index < 0 || hub->table->columns[index].sort == NULL)
		return false;
	interpretations = hub_op_interpretation(op->opno);
	foreach(lc, interpretations)
	{
		HubOpInterpretation *found = lfirst(lc);
		int			strategy = HubOpStrategy(found);

		if (commuted ?
			strategy == BTLessStrategyNumber || strategy == BTLessEqualStrategyNumber :
			strategy == BTGreaterStrategyNumber || strategy == BTGreaterEqualStrategyNumber)
			return hub_is_value(hub, value, relid, reason) &&
				bind(binding, index, HUB_BIND_FLOOR, (Node *) op, (Expr *) op);
	}
	return false;
}

static bool
match_operator(const HubRel *hub, Index relid, OpExpr *op, HubBinding *binding,
			   const char **reason)
{
	Node	   *left,
			   *right;
	int			index;
	Oid			opno = op->opno;

	if (list_length(op->args) != 2)
		return false;
	left = linitial(op->args);
	right = lsecond(op->args);

	/* tags @> array, array <@ tags */
	if (opno == OID_ARRAY_CONTAINS_OP || opno == OID_ARRAY_CONTAINED_OP)
	{
		Node	   *column = opno == OID_ARRAY_CONTAINS_OP ? left : right;
		Node	   *value = opno == OID_ARRAY_CONTAINS_OP ? right : left;

		index = hub_var_column(hub, relid, column);
		return index >= 0 &&
			hub->table->columns[index].push == HUB_PUSH_MEMBER &&
			exprType(value) == TEXTARRAYOID &&
			collation_fits(&hub->table->columns[index], op->inputcollid, reason) &&
			hub_is_value(hub, value, relid, reason) &&
			bind(binding, index, HUB_BIND_MEMBERS, value, (Expr *) op);
	}

	index = hub_var_column(hub, relid, left);
	if (index >= 0 &&
		match_comparison(hub, relid, op, index, opno, right, binding, reason))
		return true;
	index = hub_var_column(hub, relid, right);
	if (index >= 0 && OidIsValid(opno = get_commutator(op->opno)) &&
		match_comparison(hub, relid, op, index, opno, left, binding, reason))
		return true;
	return match_floor(hub, relid, op, binding, reason);
}

static bool
match_array(const HubRel *hub, Index relid, ScalarArrayOpExpr *op,
			HubBinding *binding, const char **reason)
{
	Node	   *scalar = linitial(op->args);
	Node	   *array = lsecond(op->args);
	int			index = hub_var_column(hub, relid, scalar);
	const HubColumn *column;

	if (!op->useOr)
		return false;
	if (index >= 0)
	{
		Oid			element = get_element_type(exprType(strip_relabel(array)));

		column = &hub->table->columns[index];
		return hub_column_takes_equal(column) &&
			column_strategy(column, op->opno) == BTEqualStrategyNumber &&
			value_type_fits(column, element) &&
			collation_fits(column, op->inputcollid, reason) &&
			hub_is_value(hub, array, relid, reason) &&
			bind(binding, index, HUB_BIND_ANY, array, (Expr *) op);
	}
	index = hub_var_column(hub, relid, array);
	if (index < 0)
		return false;
	column = &hub->table->columns[index];
	return column->push == HUB_PUSH_MEMBER &&
		op->opno == TextEqualOperator &&
		collation_fits(column, op->inputcollid, reason) &&
		hub_is_value(hub, scalar, relid, reason) &&
		bind(binding, index, HUB_BIND_MEMBER, scalar, (Expr *) op);
}

/* Words for clauses that look as if the Hub could answer them. */
static const char *
refusal(const HubRel *hub, Index relid, Node *clause)
{
	if (is_orclause(clause))
		return "the Hub's API has no OR between conditions";
	if (is_notclause(clause))
		return "the Hub's API has no negation";
	if (IsA(clause, NullTest))
		return "the Hub's API cannot ask for missing values";
	return NULL;
}

bool
hub_match_clause(const HubRel *hub, Index relid, Expr *clause,
				 HubBinding *binding, const char **reason)
{
	*reason = NULL;
	if (hub->table->dataset)
		return hub_dataset_match(hub, relid, clause, binding, reason);
	if (IsA(clause, OpExpr))
	{
		if (match_operator(hub, relid, (OpExpr *) clause, binding, reason))
			return true;
	}
	else if (IsA(clause, ScalarArrayOpExpr))
	{
		if (match_array(hub, relid, (ScalarArrayOpExpr *) clause, binding, reason))
			return true;
	}
	if (*reason == NULL)
		*reason = refusal(hub, relid, (Node *) clause);
	return false;
}
