/*
 * request.c
 *		From values to requests.
 *
 * The scan calls it with what the bindings' expressions gave, EXPLAIN with
 * what it knows without running.  It builds paths from the catalogue's
 * templates; every value is percent-encoded on its way in, and one that could
 * change the meaning of a path ("..", an empty segment) makes no request at
 * all, since no repository has such a name.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "nodes/pg_list.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "compat.h"
#include "hub/dataset.h"
#include "hub/plan.h"
#include "net/url.h"

#define MAX_DAYS 3700			/* of a closed range of dates: ten years */

/* ---------- text into URLs ---------- */

/* LITERAL: for EXPLAIN, where {placeholders} stay readable. */
void
hub_append_escaped(StringInfo to, const char *value, bool literal)
{
	size_t		size = strlen(value);

	if (literal && value[0] == '{')
	{
		appendStringInfoString(to, value);
		return;
	}
	value = pg_server_to_any(value, size, PG_UTF8);
	size = strlen(value);
	enlargeStringInfo(to, size * 3);
	to->len += net_url_escape(to->data + to->len, value, size);
	to->data[to->len] = '\0';
}

/* A segment that a server could resolve away, or that is none. */
static bool
is_segment(const char *text, size_t size)
{
	return size > 0 && !(size == 1 && text[0] == '.') &&
		!(size == 2 && text[0] == '.' && text[1] == '.');
}

/* The value as one segment, or as several between its slashes. */
static bool
append_segments(StringInfo to, const char *value, bool slashes, bool literal)
{
	if (literal && value[0] == '{')
	{
		appendStringInfoString(to, value);
		return true;
	}
	if (!slashes)
	{
		if (!is_segment(value, strlen(value)))
			return false;
		hub_append_escaped(to, value, literal);
		return true;
	}
	for (const char *at = value;;)
	{
		const char *end = strchr(at, '/');
		size_t		size = end ? (size_t) (end - at) : strlen(at);

		if (!is_segment(at, size))
			return false;
		hub_append_escaped(to, pnstrdup(at, size), literal);
		if (end == NULL)
			return true;
		appendStringInfoChar(to, '/');
		at = end + 1;
	}
}

/* Name in the braces at AT, which then stands behind them. */
static char *
template_name(const char **at, bool *slashes)
{
	const char *start = *at + 1;
	const char *end = strchr(start, '}');

	*slashes = *start == '+';
	if (*slashes)
		start++;
	*at = end + 1;
	return pnstrdup(start, end - start);
}

bool
hub_path_names(const char *path, const char *name, bool *optional)
{
	bool		inside = false;

	for (const char *at = path; *at;)
	{
		bool		slashes;

		if (*at == '[' || *at == ']')
			inside = *at++ == '[';
		else if (*at == '{')
		{
			if (strcmp(template_name(&at, &slashes), name) == 0)
			{
				*optional = inside;
				return true;
			}
		}
		else
			at++;
	}
	return false;
}

/*
 * The template with INPUTS filled in, or NULL: a value cannot stand in a path.
 * A part in [ ] is left out while one of its columns has no value.
 */
static char *
fill_path(const HubTable *table, const char *template, const char *const *inputs,
		  bool literal)
{
	StringInfoData to;
	int			mark = -1;
	bool		missing = false;

	initStringInfo(&to);
	for (const char *at = template; *at;)
	{
		if (*at == '[')
		{
			mark = to.len;
			missing = false;
			at++;
		}
		else if (*at == ']')
		{
			if (missing)
			{
				to.len = mark;
				to.data[to.len] = '\0';
			}
			mark = -1;
			at++;
		}
		else if (*at == '{')
		{
			bool		slashes;
			char	   *name = template_name(&at, &slashes);
			const char *value = inputs[hub_column(table, name) - table->columns];

			if (value == NULL)
			{
				if (mark < 0)
					return NULL;
				missing = true;
			}
			else if (!append_segments(&to, value, slashes, literal))
				return NULL;
		}
		else
			appendStringInfoChar(&to, *at++);
	}
	return to.data;
}

/* ---------- parameters ---------- */

typedef struct QueryText
{
	StringInfoData text;
	List	   *names;			/* parameters that stand in it */
} QueryText;

static void
add_param(QueryText *query, const char *name, const char *value, bool literal)
{
	appendStringInfo(&query->text, "%c%s=", query->text.len ? '&' : '?', name);
	hub_append_escaped(&query->text, value, literal);
	query->names = lappend(query->names, pstrdup(name));
}

static bool
has_param(const QueryText *query, const char *name)
{
	ListCell   *lc;

	foreach(lc, query->names)
		if (strcmp(lfirst(lc), name) == 0)
			return true;
	return false;
}

/* One value of a binding; those that the API would misread are left out. */
static void
add_value(QueryText *query, const HubColumn *column, const char *value, bool literal)
{
	bool		placeholder = literal && value[0] == '{';

	if (column->param == NULL)
		return;
	if (!placeholder)
	{
		/* an empty value asks for everything, a comma for several tags */
		if (value[0] == '\0' ||
			(strcmp(column->param, "filter") == 0 && strchr(value, ',')))
			return;
		if (!hub_value_allowed(column->values, value))
			return;
		if (column->push == HUB_PUSH_GATED)
		{
			if (strcmp(value, "false") == 0)
				value = "false";
			else if (strcmp(value, "auto") == 0 || strcmp(value, "manual") == 0)
				value = "true";
			else
				return;
		}
	}
	if (column->format)
		value = psprintf(column->format, value);
	if (placeholder && column->format)
	{
		/* keep the braces readable behind the prefix */
		appendStringInfo(&query->text, "%c%s=%s", query->text.len ? '&' : '?',
						 column->param, value);
		query->names = lappend(query->names, pstrdup(column->param));
		return;
	}
	add_param(query, column->param, value, literal);
}

static bool
wants_default_only(const HubPlan *plan)
{
	uint8_t		source = plan->one ? HUB_ONE_DEFAULT : HUB_LIST_DEFAULT;
	ListCell   *lc;

	foreach(lc, plan->wanted)
	{
		const HubColumn *c = &plan->table->columns[lfirst_int(lc)];

		if (c->role == HUB_FIELD && !(c->sources & source))
			return false;
	}
	return true;
}

/* expand=… for the columns wanted; nothing when the default set has all. */
static void
add_expand(QueryText *query, const HubPlan *plan)
{
	uint8_t		source = plan->one ? HUB_ONE_DEFAULT : HUB_LIST_DEFAULT;
	uint8_t		offered = plan->one ? HUB_ONE_EXPAND : HUB_LIST_EXPAND;
	List	   *names = NIL;
	ListCell   *lc;

	if (plan->table->expand == HUB_EXPAND_NONE || wants_default_only(plan))
		return;
	if (plan->table->expand == HUB_EXPAND_FLAG)
	{
		add_param(query, "expand", "true", false);
		return;
	}
	foreach(lc, plan->wanted)
	{
		const HubColumn *c = &plan->table->columns[lfirst_int(lc)];
		char	   *rest;

		if (c->role != HUB_FIELD || c->expand == NULL || !(c->sources & offered) ||
			(plan->table->expand == HUB_EXPAND_ADD && (c->sources & source)))
			continue;
		rest = pstrdup(c->expand);
		for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ","))
			if (!list_member(names, makeString(name)))
				names = lappend(names, makeString(name));
	}
	foreach(lc, names)
		add_param(query, "expand", strVal(lfirst(lc)), false);
}

/* The entry's fixed parameters, but those that a condition replaced. */
static void
add_fixed(QueryText *query, const char *fixed)
{
	char	   *rest = fixed ? pstrdup(fixed) : NULL;

	for (char *pair = strsep(&rest, "&"); pair; pair = strsep(&rest, "&"))
	{
		char	   *value = strchr(pair, '=');

		*value++ = '\0';
		if (!has_param(query, pair))
			add_param(query, pair, value, false);
	}
}

/* ---------- asks ---------- */

static bool
is_alternative(const HubBinding *b)
{
	return b->kind == HUB_BIND_EQUAL || b->kind == HUB_BIND_ANY;
}

static const char *
sort_name(const HubPlan *plan)
{
	if (plan->sort >= 0)
		return plan->table->columns[plan->sort].sort;
	/* a whole scan that may pass a page goes by a key that stands still */
	return plan->page_first > 0 && plan->sole ? NULL : plan->table->crawl_sort;
}

/*
 * One ask: INPUTS hold a value for each alternative.
 */
static HubAsk *
make_ask(const HubPlan *plan, const HubValues *values, const char **inputs,
		 int page, bool literal)
{
	const HubTable *table = plan->table;
	HubAsk	   *ask;
	char	   *path;
	QueryText	query = {.names = NIL};

	if (table->dataset != NULL)
		return hub_dataset_ask(plan, values, inputs, page, literal);
	path = fill_path(table, plan->one ? table->one_path : table->list_path,
					 inputs, literal);
	if (path == NULL)
		return NULL;
	ask = palloc0(sizeof(HubAsk));
	initStringInfo(&query.text);
	ask->one = plan->one;
	ask->inputs = inputs;
	for (int i = 0; i < plan->nbindings && !plan->one; i++)
	{
		const HubBinding *b = &plan->bindings[i];
		const HubColumn *column = &table->columns[b->column];

		if (column->role == HUB_CURSOR)
		{
			ask->single_page = true;
			if (inputs[b->column][0] != '\0')
				add_param(&query, column->param, inputs[b->column], literal);
		}
		else if (is_alternative(b) || column->push == HUB_PUSH_DATE)
		{
			/* both ends of a range stand for the same day */
			if (inputs[b->column] &&
				!(column->push == HUB_PUSH_DATE && has_param(&query, column->param)))
				add_value(&query, column, inputs[b->column], literal);
		}
		else if (b->kind == HUB_BIND_MEMBER || b->kind == HUB_BIND_MEMBERS)
			for (int v = 0; v < values[i].count; v++)
				add_value(&query, column, values[i].values[v], literal);
	}
	if (!plan->one)
		add_fixed(&query, table->query);
	add_expand(&query, plan);
	if (!plan->one)
	{
		const char *sort = sort_name(plan);

		if (sort)
			add_param(&query, "sort", sort, false);
		if (table->limit_param && page > 0)
			add_param(&query, table->limit_param, psprintf("%d", page), false);
	}
	ask->path = psprintf("%s%s", path, query.text.data);
	return ask;
}

/* ISO form whatever DateStyle is. */
char *
hub_date_text(DateADT day)
{
	int			year,
				month,
				mday;

	if (DATE_NOT_FINITE(day))
		return pstrdup(day < 0 ? "-infinity" : "infinity");
	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	return psprintf("%04d-%02d-%02d", year, month, mday);
}

/* Days of closed ranges become alternatives. */
static char **
days_between(const char *from, const char *until, int skip_first, int skip_last, int *count)
{
	DateADT		first = DatumGetDateADT(DirectFunctionCall1(date_in, CStringGetDatum(from))) + skip_first;
	DateADT		last = DatumGetDateADT(DirectFunctionCall1(date_in, CStringGetDatum(until))) - skip_last;
	char	  **days;

	*count = 0;
	if (DATE_NOT_FINITE(first) || DATE_NOT_FINITE(last))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("a range of days must have finite ends")));
	if (first > last)
		return NULL;
	if (last - first >= MAX_DAYS)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
				 errmsg("range of %d days would take as many requests",
						last - first + 1),
				 errdetail("At most %d days are asked for at once.", MAX_DAYS)));
	days = palloc(sizeof(char *) * (last - first + 1));
	for (DateADT day = first; day <= last; day++)
		days[(*count)++] = hub_date_text(day);
	return days;
}

/* A column whose values are tried one after another. */
typedef struct Choice
{
	int			column;
	int			count;
	char	  **values;
} Choice;

static bool
choice_taken(List *choices, int column)
{
	ListCell   *lc;

	foreach(lc, choices)
		if (((Choice *) lfirst(lc))->column == column)
			return true;
	return false;
}

static List *
add_choice(List *choices, int column, int count, char **values)
{
	Choice	   *choice;

	if (choice_taken(choices, column))
		return choices;			/* a second condition is checked locally */
	choice = palloc(sizeof(Choice));
	choice->column = column;
	choice->count = count;
	choice->values = values;
	return lappend(choices, choice);
}

/* The range that FROM/AFTER and UNTIL/BEFORE close, if they do. */
static List *
add_days(List *choices, const HubPlan *plan, const HubValues *values, bool literal)
{
	const char *from = NULL,
			   *until = NULL;
	int			column = -1,
				skip_first = 0,
				skip_last = 0,
				count;
	char	  **days;

	for (int i = 0; i < plan->nbindings; i++)
	{
		HubBindKind kind = plan->bindings[i].kind;

		if (kind == HUB_BIND_FROM || kind == HUB_BIND_AFTER)
		{
			from = values[i].values[0];
			skip_first = kind == HUB_BIND_AFTER;
			column = plan->bindings[i].column;
		}
		else if (kind == HUB_BIND_UNTIL || kind == HUB_BIND_BEFORE)
		{
			until = values[i].values[0];
			skip_last = kind == HUB_BIND_BEFORE;
			column = plan->bindings[i].column;
		}
	}
	if (from == NULL || until == NULL || choice_taken(choices, column))
		return choices;
	if (literal && (from[0] == '{' || until[0] == '{'))
	{
		days = palloc(sizeof(char *));
		days[0] = psprintf("{%s … %s}", from, until);
		return add_choice(choices, column, 1, days);
	}
	days = days_between(from, until, skip_first, skip_last, &count);
	return add_choice(choices, column, count, days);
}

static void
check_input(const HubColumn *column, const char *value)
{
	if (column->role != HUB_FIELD && value[0] != '{' &&
		!hub_value_allowed(column->values, value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" cannot be asked for \"%s\"",
						column->name, value),
				 errhint("Values are: %s.", column->values)));
}

/* All combinations of the choices from the LEVELth on. */
static List *
combine(List *asks, const HubPlan *plan, const HubValues *values, List *choices,
		int level, const char **inputs, int ninputs, int page, bool literal)
{
	Choice	   *choice;

	if (level == list_length(choices))
	{
		const char **copy = palloc(sizeof(char *) * ninputs);
		HubAsk	   *ask;

		memcpy(copy, inputs, sizeof(char *) * ninputs);
		ask = make_ask(plan, values, copy, page, literal);
		return ask ? lappend(asks, ask) : asks;
	}
	choice = list_nth(choices, level);
	for (int i = 0; i < choice->count; i++)
	{
		inputs[choice->column] = choice->values[i];
		check_input(&plan->table->columns[choice->column], choice->values[i]);
		asks = combine(asks, plan, values, choices, level + 1, inputs, ninputs,
					   page, literal);
	}
	return asks;
}

int
hub_page_bound(const HubPlan *plan)
{
	const HubTable *table = plan->table;
	int			bound = table->page_max > 0 ? table->page_max : plan->page_size;
	ListCell   *lc;

	foreach(lc, plan->wanted)
		if (table->columns[lfirst_int(lc)].heavy && table->page_heavy > 0)
			bound = Min(bound, table->page_heavy);
	return Min(bound, plan->page_size);
}

List *
hub_make_asks(const HubPlan *plan, const HubValues *values, int page, bool literal)
{
	const HubTable *table = plan->table;
	List	   *choices = NIL;
	const char **inputs;
	int			ninputs = 0;

	for (int i = 0; i < plan->nbindings; i++)
		if (values[i].nothing)
			return NIL;
	while (table->columns[ninputs].name)
		ninputs++;
	inputs = palloc0(sizeof(char *) * (ninputs + 1));
	for (int i = 0; i < ninputs; i++)
		inputs[i] = table->columns[i].role == HUB_FIELD ? NULL : table->columns[i].fallback;

	for (int i = 0; i < plan->nbindings; i++)
		if (is_alternative(&plan->bindings[i]))
			choices = add_choice(choices, plan->bindings[i].column,
								 values[i].count, values[i].values);
	choices = add_days(choices, plan, values, literal);
	return combine(NIL, plan, values, choices, 0, inputs, ninputs, page, literal);
}

/* ---------- parameters of URLs that the Hub gave ---------- */

/* Where "NAME=" begins in the query of URL, or NULL. */
static const char *
find_param(const char *url, const char *name)
{
	size_t		size = strlen(name);

	for (const char *at = strchr(url, '?'); at; at = strchr(at + 1, '&'))
		if (strncmp(at + 1, name, size) == 0 && at[1 + size] == '=')
			return at + 2 + size;
	return NULL;
}

char *
hub_replace_param(const char *url, const char *name, const char *value)
{
	const char *at = find_param(url, name);
	const char *end;

	if (at == NULL)
		return pstrdup(url);
	end = at + strcspn(at, "&");
	return psprintf("%.*s%s%s", (int) (at - url), url, value, end);
}

/* URL without the parameter NAME. */
char *
hub_cut_param(const char *url, const char *name)
{
	const char *at = find_param(url, name);
	const char *start;
	const char *end;

	if (at == NULL)
		return pstrdup(url);
	start = at - strlen(name) - 1;	/* after its ? or & */
	end = at + strcspn(at, "&");
	if (*end == '&')
		return psprintf("%.*s%s", (int) (start - url), url, end + 1);
	return pnstrdup(url, start - 1 - url);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *
hub_url_param(const char *url, const char *name)
{
	const char *at = find_param(url, name);
	StringInfoData to;

	if (at == NULL)
		return NULL;
	initStringInfo(&to);
	for (; *at && *at != '&'; at++)
	{
		if (*at == '%' && hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0)
		{
			appendStringInfoCharMacro(&to, hex_digit(at[1]) << 4 | hex_digit(at[2]));
			at += 2;
		}
		else
			appendStringInfoCharMacro(&to, *at == '+' ? ' ' : *at);
	}
	return to.data;
}
