/*
 * dataset_where.c
 *		Conditions and orders that the dataset viewer takes.
 *
 * The planner asks which clauses can become part of where= and which orders
 * orderby= gives; the request builder gets the text.  What is sent may keep
 * rows that the clause drops, never the reverse: floats are compared at the
 * width they are stored in, so strict bounds are sent as loose ones; NaN and
 * infinity arrive as null, so "is null" is not asked of floats; text is
 * ordered by bytes, so only collation "C" orders it the same way.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "compat.h"
#include "hub/dataset.h"

#define WHERE_MAX		4000	/* bytes: more is checked locally */
#define ALTERNATIVES_MAX 100	/* of one IN */

#define NO_SUCH_CONDITION \
	"the dataset viewer has only comparisons of a column with a value"

/* ---------- which clauses ---------- */

static bool
is_label(const HubColumn *column)
{
	return column->derive == HUB_DERIVE_LABEL;
}

/* Does the viewer compare the column as the server does? */
static bool
is_comparable(const HubColumn *column)
{
	const char *feature = column->feature;

	if (column->push != HUB_PUSH_WHERE)
		return false;
	if (is_label(column))
		return strcmp(feature, HUB_FEATURE_LABEL) == 0;
	switch (column->type)
	{
		case HUB_BIGINT:
			return hub_feature_is_integer(feature);
		case HUB_NUMERIC:
			return hub_feature_is_integer(feature) || strncmp(feature, "decimal", 7) == 0;
		case HUB_DOUBLE:
			return hub_feature_is_float(feature);
		case HUB_TEXT:
			return hub_feature_is_text(feature);
		case HUB_BOOLEAN:
			return strcmp(feature, "bool") == 0;
		default:
			return false;
	}
}

static bool
value_type_fits(const HubColumn *column, Oid type)
{
	switch (column->type)
	{
		case HUB_BIGINT:
			return type == INT2OID || type == INT4OID || type == INT8OID;
		case HUB_NUMERIC:
			return type == NUMERICOID;
		case HUB_DOUBLE:
			return type == FLOAT8OID;
		case HUB_TEXT:
			return type == TEXTOID || type == VARCHAROID;
		case HUB_BOOLEAN:
			return type == BOOLOID;
		default:
			return false;
	}
}

/* Would the viewer take this value?  Labels go by their numbers. */
static bool
is_sendable(const HubColumn *column, const char *text)
{
	if (is_label(column) || column->type == HUB_BOOLEAN)
		return true;
	if (column->type == HUB_TEXT)
		return viewer_takes_text(text, strlen(text));
	return viewer_takes_number(text, strlen(text));
}

static bool
constant_fits(const HubColumn *column, Node *value, const char **reason)
{
	while (value && IsA(value, RelabelType))
		value = (Node *) ((RelabelType *) value)->arg;
	if (value == NULL || !IsA(value, Const) || ((Const *) value)->constisnull ||
		OidIsValid(get_element_type(((Const *) value)->consttype)) ||
		is_sendable(column, hub_value_text(((Const *) value)->constvalue,
										   ((Const *) value)->consttype)))
		return true;
	*reason = column->type == HUB_TEXT ?
		"the dataset viewer refuses such a text (; -- /* */ or a control character)" :
		"the dataset viewer takes plain digits only: no sign, no exponent, no more than 15 digits with a fraction";
	return false;
}

/* The column of a clause's side, where conditions on it can be sent. */
static int
compared_column(const HubRel *hub, Index relid, Node *node)
{
	int			index = hub_var_column(hub, relid, node);

	return index >= 0 && is_comparable(&hub->table->columns[index]) ? index : -1;
}

static int
strategy_of(const HubColumn *column, Oid opno)
{
	TypeCacheEntry *type = lookup_type_cache(hub_type_oid(column->type),
											 TYPECACHE_BTREE_OPFAMILY);

	return get_op_opfamily_strategy(opno, type->btree_opf);
}

static bool
comparison_kind(const HubColumn *column, Oid opno, HubBindKind *kind)
{
	Oid			negator;

	switch (strategy_of(column, opno))
	{
		case BTLessStrategyNumber:
			*kind = HUB_BIND_WHERE_LT;
			return true;
		case BTLessEqualStrategyNumber:
			*kind = HUB_BIND_WHERE_LE;
			return true;
		case BTEqualStrategyNumber:
			*kind = HUB_BIND_WHERE_EQ;
			return true;
		case BTGreaterEqualStrategyNumber:
			*kind = HUB_BIND_WHERE_GE;
			return true;
		case BTGreaterStrategyNumber:
			*kind = HUB_BIND_WHERE_GT;
			return true;
	}
	negator = get_negator(opno);
	*kind = HUB_BIND_WHERE_NE;
	return OidIsValid(negator) &&
		strategy_of(column, negator) == BTEqualStrategyNumber;
}

static bool
orders_by_bytes(Oid collation)
{
	return GetDatabaseEncoding() == PG_UTF8 && OidIsValid(collation) &&
		hub_collation_is_c(collation);
}

/* Does the viewer's answer hold every row that the comparison keeps? */
static bool
kind_fits(const HubColumn *column, HubBindKind kind, Oid collation, const char **reason)
{
	bool		equality = kind == HUB_BIND_WHERE_EQ || kind == HUB_BIND_WHERE_NE;

	if (column->type == HUB_DOUBLE && kind == HUB_BIND_WHERE_NE)
	{
		*reason = "the dataset viewer compares floats at the width they are stored in";
		return false;
	}
	if (column->type != HUB_TEXT)
		return column->type != HUB_BOOLEAN || equality;
	if (equality)
	{
		if (!OidIsValid(collation) || get_collation_isdeterministic(collation))
			return true;
		*reason = "the collation is nondeterministic";
		return false;
	}
	if (!is_label(column) && orders_by_bytes(collation))
		return true;
	*reason = is_label(column) ?
		"the dataset viewer orders class labels by number" :
		"the dataset viewer orders text by bytes: only collation \"C\" does the same";
	return false;
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

static Oid
bare_type(Node *node)
{
	while (node && IsA(node, RelabelType))
		node = (Node *) ((RelabelType *) node)->arg;
	return exprType(node);
}

static bool
match_operator(const HubRel *hub, Index relid, OpExpr *op, HubBinding *binding,
			   const char **reason)
{
	Node	   *value = lsecond(op->args);
	Oid			opno = op->opno;
	int			index = compared_column(hub, relid, linitial(op->args));
	const HubColumn *column;
	HubBindKind kind;

	if (index < 0)
	{
		value = linitial(op->args);
		index = compared_column(hub, relid, lsecond(op->args));
		opno = get_commutator(opno);
	}
	if (index < 0 || !OidIsValid(opno))
		return false;
	column = &hub->table->columns[index];
	return value_type_fits(column, bare_type(value)) &&
		comparison_kind(column, opno, &kind) &&
		kind_fits(column, kind, op->inputcollid, reason) &&
		hub_is_value(hub, value, relid, reason) &&
		constant_fits(column, value, reason) &&
		bind(binding, index, kind, value, (Expr *) op);
}

static bool
match_array(const HubRel *hub, Index relid, ScalarArrayOpExpr *op,
			HubBinding *binding, const char **reason)
{
	Node	   *array = lsecond(op->args);
	int			index = compared_column(hub, relid, linitial(op->args));
	const HubColumn *column;

	if (index < 0)
		return false;
	column = &hub->table->columns[index];
	return op->useOr && strategy_of(column, op->opno) == BTEqualStrategyNumber &&
		value_type_fits(column, get_element_type(bare_type(array))) &&
		kind_fits(column, HUB_BIND_WHERE_EQ, op->inputcollid, reason) &&
		hub_is_value(hub, array, relid, reason) &&
		bind(binding, index, HUB_BIND_WHERE_ANY, array, (Expr *) op);
}

static bool
match_null(const HubRel *hub, Index relid, NullTest *test, HubBinding *binding,
		   const char **reason)
{
	int			index = compared_column(hub, relid, (Node *) test->arg);
	const HubColumn *column;

	if (index < 0 || test->argisrow)
		return false;
	column = &hub->table->columns[index];
	if (test->nulltesttype == IS_NULL &&
		(column->type == HUB_DOUBLE || is_label(column)))
	{
		*reason = is_label(column) ?
			"a class label without a name is no null in the dataset viewer" :
			"NaN arrives as null, but is none in the dataset viewer";
		return false;
	}
	return bind(binding, index, test->nulltesttype == IS_NULL ?
				HUB_BIND_WHERE_NULL : HUB_BIND_WHERE_NOT_NULL,
				makeBoolConst(true, false), (Expr *) test);
}

/* b, NOT b, b IS TRUE, b IS FALSE */
static bool
match_boolean(const HubRel *hub, Index relid, Expr *clause, HubBinding *binding)
{
	Node	   *arg = (Node *) clause;
	bool		value = true;
	int			index;

	if (is_notclause(clause))
	{
		arg = (Node *) get_notclausearg(clause);
		value = false;
	}
	else if (IsA(clause, BooleanTest))
	{
		BooleanTest *test = (BooleanTest *) clause;

		if (test->booltesttype != IS_TRUE && test->booltesttype != IS_FALSE)
			return false;
		arg = (Node *) test->arg;
		value = test->booltesttype == IS_TRUE;
	}
	index = compared_column(hub, relid, arg);
	return index >= 0 && hub->table->columns[index].type == HUB_BOOLEAN &&
		bind(binding, index, HUB_BIND_WHERE_EQ, makeBoolConst(value, false), clause);
}

bool
hub_dataset_match(const HubRel *hub, Index relid, Expr *clause,
				  HubBinding *binding, const char **reason)
{
	bool		found = false;

	if (!hub->table->dataset->filter)
		*reason = "the dataset has no filter in the dataset viewer";
	else if (IsA(clause, OpExpr) && list_length(((OpExpr *) clause)->args) == 2)
		found = match_operator(hub, relid, (OpExpr *) clause, binding, reason);
	else if (IsA(clause, ScalarArrayOpExpr))
		found = match_array(hub, relid, (ScalarArrayOpExpr *) clause, binding, reason);
	else if (IsA(clause, NullTest))
		found = match_null(hub, relid, (NullTest *) clause, binding, reason);
	else
		found = match_boolean(hub, relid, clause, binding);
	if (!found && *reason == NULL)
		*reason = NO_SUCH_CONDITION;
	return found;
}

/* ---------- which orders ---------- */

/* A sent condition that keeps no null of the column. */
static bool
excludes_null(List *bindings, int column)
{
	ListCell   *lc;

	foreach(lc, bindings)
	{
		HubBinding *b = lfirst(lc);

		if (b->column == column && b->kind != HUB_BIND_WHERE_NULL &&
			(b->kind == HUB_BIND_WHERE_NOT_NULL || IsA(b->expr, Const)))
			return true;
	}
	return false;
}

/*
 * Does orderby= on the column give the order?  Where nulls go is not said,
 * so there must be none.
 */
bool
hub_dataset_sorts(const HubRel *hub, Index relid, int index, Oid collation,
				  bool descends, List *bindings)
{
	const HubColumn *column = &hub->table->columns[index];

	if (column->sort == NULL)
		return false;
	if (column->param == NULL)	/* row_idx: the order that rows come in */
		return !descends;
	if (!hub->table->dataset->filter || !is_comparable(column) || is_label(column))
		return false;
	if (column->type == HUB_TEXT && !orders_by_bytes(collation))
		return false;
	return column->always ||
		(column->type != HUB_DOUBLE && excludes_null(bindings, index));
}

/* ---------- the request ---------- */

static void
append_text(StringInfo to, const char *text)
{
	hub_append_escaped(to, text, false);
}

static void
append_name(StringInfo to, const char *name)
{
	size_t		size = strlen(name);
	char	   *quoted = palloc(size * 2 + 3);

	quoted[viewer_quote_name(name, size, quoted)] = '\0';
	append_text(to, quoted);
	pfree(quoted);
}

static void
append_value(StringInfo to, const HubColumn *column, const char *value, bool literal)
{
	size_t		size = strlen(value);
	char	   *quoted;

	if (literal && value[0] == '{')
		appendStringInfoString(to, value);
	else if (column->type == HUB_BOOLEAN)
		append_text(to, value[0] == 't' ? "true" : "false");
	else if (column->type != HUB_TEXT || is_label(column))
		append_text(to, value);
	else
	{
		quoted = palloc(size * 2 + 3);
		quoted[viewer_quote_text(value, size, quoted)] = '\0';
		append_text(to, quoted);
		pfree(quoted);
	}
}

/* Values in the viewer's terms: names of labels become their numbers. */
static List *
sent_values(const HubColumn *column, const HubValues *values, bool literal)
{
	List	   *sent = NIL;

	for (int i = 0; i < values->count; i++)
	{
		char	   *value = values->values[i];

		if (!is_label(column) || (literal && value[0] == '{'))
			sent = lappend(sent, value);
		else
			for (int l = 0; column->labels[l] != NULL; l++)
				if (strcmp(column->labels[l], value) == 0)
					sent = lappend(sent, psprintf("%d", l));
	}
	return sent;
}

static const char *
operator_text(const HubColumn *column, HubBindKind kind)
{
	bool		loose = column->type == HUB_DOUBLE;

	switch (kind)
	{
		case HUB_BIND_WHERE_NE:
			return "<>";
		case HUB_BIND_WHERE_LT:
			return loose ? "<=" : "<";
		case HUB_BIND_WHERE_LE:
			return "<=";
		case HUB_BIND_WHERE_GE:
			return ">=";
		case HUB_BIND_WHERE_GT:
			return loose ? ">=" : ">";
		default:
			return "=";
	}
}

static void
append_comparisons(StringInfo to, const HubColumn *column, HubBindKind kind,
				   List *sent, bool literal)
{
	bool		several = list_length(sent) > 1;
	ListCell   *lc;

	if (several)
		append_text(to, "(");
	foreach(lc, sent)
	{
		if (foreach_current_index(lc) > 0)
			append_text(to, kind == HUB_BIND_WHERE_NE ? " and " : " or ");
		append_name(to, column->param);
		append_text(to, operator_text(column, kind));
		append_value(to, column, lfirst(lc), literal);
	}
	if (several)
		append_text(to, ")");
}

/*
 * The condition of one binding, behind what is there; false: no row can
 * match.  One that the viewer would not take is left out.
 */
static bool
append_condition(StringInfo where, const HubColumn *column, HubBindKind kind,
				 const HubValues *values, bool literal)
{
	StringInfoData one;
	List	   *sent;
	ListCell   *lc;

	initStringInfo(&one);
	if (kind == HUB_BIND_WHERE_NULL || kind == HUB_BIND_WHERE_NOT_NULL)
	{
		append_name(&one, column->param);
		append_text(&one, kind == HUB_BIND_WHERE_NULL ? " is null" : " is not null");
	}
	else
	{
		sent = sent_values(column, values, literal);
		if (sent == NIL)		/* a name that no label has */
			return kind == HUB_BIND_WHERE_NE;
		foreach(lc, sent)
			if (!(literal && ((char *) lfirst(lc))[0] == '{') &&
				!is_sendable(column, lfirst(lc)))
				return true;
		if (list_length(sent) > ALTERNATIVES_MAX)
			return true;
		append_comparisons(&one, column, kind, sent, literal);
	}
	if (where->len + one.len > WHERE_MAX)
		return true;
	if (where->len > 0)
		append_text(where, " and ");
	appendStringInfoString(where, one.data);
	return true;
}

static void
append_param(StringInfo path, const char *name, const char *value)
{
	appendStringInfo(path, "%c%s=", strchr(path->data, '?') ? '&' : '?', name);
	append_text(path, value);
}

/* What binds a run to the viewer: /rows, or /filter where it is needed. */
HubAsk *
hub_dataset_ask(const HubPlan *plan, const HubValues *values,
				const char **inputs, int page, bool literal)
{
	const HubDataset *dataset = plan->table->dataset;
	const HubColumn *sort = plan->sort < 0 ? NULL : &plan->table->columns[plan->sort];
	HubAsk	   *ask = palloc0(sizeof(HubAsk));
	StringInfoData where,
				path;

	initStringInfo(&where);
	initStringInfo(&path);
	for (int i = 0; i < plan->nbindings; i++)
		if (!append_condition(&where, &plan->table->columns[plan->bindings[i].column],
							  plan->bindings[i].kind, &values[i], literal))
			return NULL;
	if (sort != NULL && sort->param == NULL)
		sort = NULL;			/* rows come by row_idx unasked */
	appendStringInfoString(&path, where.len > 0 || sort ? "/filter" : "/rows");
	append_param(&path, "dataset", dataset->dataset);
	append_param(&path, "config", dataset->config);
	append_param(&path, "split", dataset->split);
	if (where.len > 0)
		appendStringInfo(&path, "&where=%s", where.data);
	if (sort != NULL)
	{
		appendStringInfoString(&path, "&orderby=");
		append_name(&path, sort->param);
		append_text(&path, plan->ascending ? "" : " desc");
	}
	if (page > 0)
		appendStringInfo(&path, "&length=%d", page);
	ask->path = path.data;
	ask->inputs = inputs;
	return ask;
}
