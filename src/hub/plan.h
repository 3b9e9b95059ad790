/*
 * plan.h
 *		What planner, executor and EXPLAIN say to each other about one scan.
 *
 * The planner finds *bindings*: clauses that can become part of a request.
 * All clauses stay in the plan's own list and are checked again on every row;
 * a binding only makes the Hub send less.  The executor evaluates the
 * bindings' expressions and gets *asks*: requests, each the start of a chain
 * of pages or a single look-up.
 */
#ifndef PGHUB_PLAN_H
#define PGHUB_PLAN_H

#include "postgres.h"

#include "hub/catalogue.h"
#include "hub/options.h"
#include "lib/stringinfo.h"
#include "nodes/pathnodes.h"
#include "nodes/plannodes.h"
#include "utils/date.h"

typedef enum HubBindKind
{
	HUB_BIND_EQUAL,				/* column = expr */
	HUB_BIND_ANY,				/* column = ANY (array) */
	HUB_BIND_MEMBER,			/* expr = ANY (column) */
	HUB_BIND_MEMBERS,			/* column @> array */
	HUB_BIND_FROM,				/* column >= expr, days */
	HUB_BIND_AFTER,				/* column > expr, days */
	HUB_BIND_UNTIL,				/* column <= expr, days */
	HUB_BIND_BEFORE,			/* column < expr, days */
	HUB_BIND_FLOOR,				/* lower bound on a sort key: the whole clause */

	/* conditions on a dataset's rows */
	HUB_BIND_WHERE_EQ,
	HUB_BIND_WHERE_NE,
	HUB_BIND_WHERE_LT,
	HUB_BIND_WHERE_LE,
	HUB_BIND_WHERE_GE,
	HUB_BIND_WHERE_GT,
	HUB_BIND_WHERE_ANY,			/* column = ANY (array) */
	HUB_BIND_WHERE_NULL,		/* expr is a mere true */
	HUB_BIND_WHERE_NOT_NULL
} HubBindKind;

typedef struct HubBinding
{
	int			column;			/* in table->columns */
	HubBindKind kind;
	Expr	   *expr;			/* of the value; the clause, for FLOOR */
	Expr	   *clause;			/* where it came from */
} HubBinding;

static inline bool
hub_bind_takes_array(HubBindKind kind)
{
	return kind == HUB_BIND_ANY || kind == HUB_BIND_MEMBERS || kind == HUB_BIND_WHERE_ANY;
}

/* The plan of one scan: fdw_private, read-only at run time. */
typedef struct HubPlan
{
	const HubTable *table;
	bool		one;			/* single GETs by key, not lists */
	int			sort;			/* column of the pushed sort, or -1 */
	bool		ascending;		/* of a dataset's rows; else sorts descend */
	int			page_size;		/* of a whole scan */
	int			page_first;		/* of the first page under a limit, or 0 */
	bool		sole;			/* a list whose every row was asked for: the
								 * first page suffices under the limit */
	int			nbindings;
	HubBinding *bindings;		/* expr is set by the executor only */
	List	   *wanted;			/* catalogue columns needed, integers */
	List	   *reasons;		/* why clauses were not pushed, Strings */
	const char *forbidden;		/* this column cannot be asked about, or NULL */
	int			token;			/* shared with a look-ahead node, or 0 */
} HubPlan;

extern List *hub_plan_pack(const HubPlan *plan);
extern HubPlan *hub_plan_unpack(List *fdw_private, const HubTable *table);

/* ---------- planner's view of a relation ---------- */

typedef struct HubRel
{
	PlannerInfo *root;
	HubOptions *options;
	const HubTable *table;
	int			natts;
	int		   *column_of_attr;
	Bitmapset  *attrs_used;		/* offset by FirstLowInvalidHeapAttributeNumber */
	double		tuples;			/* of a whole list, or of one key */
	bool		analyzed;
} HubRel;

/* Column of a Var of relation RELID, or -1. */
extern int	hub_var_column(const HubRel *hub, Index relid, Node *node);

/*
 * Makes a binding of CLAUSE; false: it cannot be pushed, and *reason may say
 * why (a phrase), when it looks as if it could.
 */
extern bool hub_match_clause(const HubRel *hub, Index relid, Expr *clause,
							 HubBinding *binding, const char **reason);

/* May NODE be evaluated before the scan, once per (re)scan? */
extern bool hub_is_value(const HubRel *hub, Node *node, Index relid, const char **reason);

/* Can an equality on the column become part of a request? */
extern bool hub_column_takes_equal(const HubColumn *column);

/* ---------- paths ---------- */

/* What a request costs, in the planner's unit, whatever it brings. */
#define HUB_REQUEST_COST	100.0

/* What a path decided; a list of integers in ForeignPath.fdw_private. */
typedef struct HubChoice
{
	bool		one;
	int			sort;
	int			page_first;
	bool		sole;
	int			forbidden;		/* column, or -1 */
	bool		ascending;
	int			token;			/* of the look-ahead above, or 0 */
} HubChoice;

extern List *hub_choice_pack(const HubChoice *choice);
extern void hub_choice_unpack(List *private, HubChoice *choice);

/* Bindings among CLAUSES (RestrictInfos or bare), as a list of HubBinding. */
extern List *hub_match_clauses(const HubRel *hub, Index relid, List *clauses,
							   List **reasons);

/* Those of MATCHED that a plan of this kind uses, into plan->bindings. */
extern void hub_choose_bindings(HubPlan *plan, const HubRel *hub, List *matched);

/* ---------- requests ---------- */

/* Values of one binding, in text. */
typedef struct HubValues
{
	int			count;
	char	  **values;			/* no NULLs, no duplicates */
	bool		nothing;		/* NULL was compared: no row can match */
} HubValues;

typedef struct HubAsk
{
	bool		one;
	bool		single_page;	/* page_cursor names it */
	char	   *path;			/* with the query, as sent */
	const char **inputs;		/* by catalogue column: values asked for */
} HubAsk;

/* Rows that a full page of the plan's columns holds at most. */
extern int	hub_page_bound(const HubPlan *plan);

/* PAGE: rows a page, or 0 for none to be named. */
extern List *hub_make_asks(const HubPlan *plan, const HubValues *values, int page,
						   bool literal);
extern void hub_append_escaped(StringInfo to, const char *value, bool literal);
extern char *hub_date_text(DateADT day);
extern char *hub_value_text(Datum value, Oid type);
extern void hub_array_values(HubValues *to, Datum datum, bool any);
extern char *hub_replace_param(const char *path, const char *name, const char *value);
extern char *hub_url_param(const char *url, const char *name);
extern char *hub_cut_param(const char *url, const char *name);

/* Does the path template hold column NAME outside [ ]? */
extern bool hub_path_names(const char *path, const char *name, bool *optional);

#endif							/* PGHUB_PLAN_H */
