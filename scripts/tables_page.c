/*
 * tables_page.c
 *		Writes docs/tables.md out of the catalogue.
 *
 * "make docs" compiles it with the catalogue's own files, which need no server,
 * and keeps what it prints; "make check-docs" fails where the page differs.
 */
#include <stdio.h>
#include <string.h>

#include "hub/catalogue.h"

/* Text in a cell: a bar would end it. */
static void
print_cell(const char *text)
{
	for (; *text; text++)
	{
		if (*text == '|')
			putchar('\\');
		putchar(*text);
	}
}

/* "a|b|c" as a list. */
static void
print_values(const char *values)
{
	for (; *values; values++)
	{
		if (*values == '|')
			printf(", ");
		else
			putchar(*values);
	}
}

static void
print_condition(const HubColumn *c)
{
	switch (c->push)
	{
		case HUB_PUSH_NONE:
		case HUB_PUSH_WHERE:	/* of datasets' rows, which this page lacks */
			return;
		case HUB_PUSH_EQUAL:
			if (c->role == HUB_CURSOR)
				printf("`=`: that page only");
			else
				printf("`=`, `IN`, `= ANY`: a list for each value");
			break;
		case HUB_PUSH_MEMBER:
			printf("`@>`, `v = ANY (%s)`", c->name);
			break;
		case HUB_PUSH_GATED:
			printf("`=`, `IN`, `= ANY`, as open or gated");
			break;
		case HUB_PUSH_ID:
			printf("`=`, `IN`, `= ANY`: a look-up for each value");
			break;
		case HUB_PUSH_PATH:
			printf("`=`, `IN`, `= ANY`");
			break;
		case HUB_PUSH_DATE:
			printf("`=`, `IN`, `= ANY`, `BETWEEN`: a list for each day");
			break;
	}
	if (c->values != NULL)
	{
		printf(" (");
		print_values(c->values);
		printf(")");
	}
}

static void
print_pushed(const HubTable *table, const HubColumn *c)
{
	bool		in_path = c->push == HUB_PUSH_ID || c->push == HUB_PUSH_PATH;

	/* look-ups take what stands in their path, lists take no id */
	if (in_path || table->list_path != NULL)
		if (!(c->push == HUB_PUSH_ID && table->one_path == NULL))
			print_condition(c);
	if (c->sort == NULL || table->list_path == NULL)
		return;
	if (c->push != HUB_PUSH_NONE)
		printf("; ");
	printf("`ORDER BY … DESC%s`; a lower bound ends the list",
		   c->always ? "" : " NULLS LAST");
}

/* What the answer must be asked for to hold the column. */
static const char *
price(const HubTable *table, const HubColumn *c)
{
	if (c->role == HUB_NEXT_CURSOR)
		return "`page_cursor`";
	if (c->role != HUB_FIELD)
		return hub_column_required(table, c) ? "required" : "input";
	if (table->list_path == NULL)
		return (c->sources & HUB_ONE_DEFAULT) ? "none" : "asked for";
	if (c->heavy)
		return "asked for, smaller pages";
	if (c->sources & HUB_LIST_DEFAULT)
		return "none";
	if (c->sources & HUB_LIST_EXPAND)
		return "asked for";
	return "look-up only, else NULL";
}

static void
print_request(const char *path)
{
	printf("`GET ");
	for (; *path; path++)
		if (*path != '+')
			putchar(*path);
	printf("`");
}

static void
print_requests(const HubTable *table)
{
	if (table->one_path != NULL)
	{
		print_request(table->one_path);
		printf(": one request for each row asked for.\n");
	}
	if (table->list_path == NULL)
		return;
	if (table->one_path != NULL)
		putchar('\n');
	print_request(table->list_path);
	if (table->paging == HUB_PAGE_NONE)
		printf(": one request for each list");
	else if (table->limit_param == NULL)
		printf(": one request for each page, whose size the Hub chooses");
	else
		printf(": one request for every %d rows", table->page_max);
	if (table->page_heavy > 0)
		printf(", every %d with a column that makes pages smaller", table->page_heavy);
	printf(".\n");
	switch (table->paging)
	{
		case HUB_PAGE_NONE:
			break;
		case HUB_PAGE_LINK:
			printf("Pages follow one another by links.");
			break;
		case HUB_PAGE_NUMBER:
		case HUB_PAGE_COUNT:
		case HUB_PAGE_OFFSET:
			printf("Pages are numbered: several are fetched at once.");
			break;
	}
	if (table->crawl_sort != NULL)
		printf(" Without an order of its own a scan asks for `sort=%s`, which stands still.",
			   table->crawl_sort);
	if (table->paging != HUB_PAGE_NONE)
		putchar('\n');
}

static void
print_column(const HubTable *table, const HubColumn *c)
{
	printf("| `%s` | %s | ", c->name, hub_type_name(c->type));
	print_cell(c->comment);
	if (c->fallback != NULL)
		printf(" (`%s` unless given)", c->fallback);
	printf(" | %s | ", c->unit ? c->unit :
		   c->type == HUB_TIMESTAMPTZ ? "instant" : c->type == HUB_DATE ? "day (UTC)" : "");
	print_pushed(table, c);
	printf(" | %s |\n", price(table, c));
}

static void
print_table(const HubTable *table)
{
	printf("\n## %s\n\n%s.\n\n", table->name, table->comment);
	print_requests(table);
	printf("\n| column | type | meaning | unit | pushed down | needs |\n"
		   "| --- | --- | --- | --- | --- | --- |\n");
	for (const HubColumn *c = table->columns; c->name != NULL; c++)
		print_column(table, c);
}

static const char *const intro =
"# Tables of the Hub\n"
"\n"
"`IMPORT FOREIGN SCHEMA hub FROM SERVER hub INTO hub` makes all of these foreign\n"
"tables. This page is written by `make docs` out of the catalogue that also drives\n"
"the planner, the requests and the rows, and comments the imported tables.\n"
"\n"
"**Pushed down** names the conditions that become part of a request. Every one is\n"
"checked again locally, so that an answer never depends on how the Hub understands\n"
"it; all other conditions are checked locally only. `EXPLAIN (VERBOSE)` shows the\n"
"requests without sending them.\n"
"\n"
"**Needs** says what a column costs. *none*: the Hub sends it anyway. *asked for*: the\n"
"request names it, and the answer grows; only columns that the query uses are asked\n"
"for. *smaller pages*: the column is large, so that a page holds fewer rows and a scan\n"
"takes more requests. *look-up only*: lists cannot give it; it is NULL unless the row\n"
"is asked for by its key.\n"
"\n"
"**Inputs and keys** (*input*, *required*) are not facts of the Hub but what it is\n"
"asked. They echo the value given, and their default or NULL without one. They take\n"
"`=`, `IN` and `= ANY` at the top level of WHERE, with constants, parameters or columns\n"
"of other tables; `list_date` also takes a range with both ends. Any other condition on\n"
"them, and a missing required one, is an error (`feature_not_supported`) and never an\n"
"empty result. Several values mean several requests, up to `max_concurrency` at once.\n"
"\n"
"**ANALYZE** reads at most `analyze_pages` (10) pages of a list, the newest part of it, with\n"
"all columns: a column that you have no conditions on is left out by `ALTER FOREIGN TABLE …\n"
"ALTER COLUMN … SET STATISTICS 0`, and without the large ones a page holds ten times the rows.\n"
"The Hub tells no totals: a list that goes on counts as large as the built-in catalogue says or\n"
"as the table's option `estimated_rows`. Of a dataset's rows the total is known and the pages\n"
"are drawn at random. A table with a required column is not sampled; the planner knows its key\n"
"and expects some rows for each value, or as many as `estimated_rows` says.\n"
"\n"
"A repository that does not exist, or is private and not yours, gives no row: the Hub\n"
"does not tell these apart. One that was renamed gives no row under its old `id`, with a\n"
"notice that names the new one; `repo_id` follows to the new name and echoes what was\n"
"asked. A gated repository is listed like any other; only its files need approval. A\n"
"token that the Hub refuses is an error.\n"
"\n"
"| table | rows | given |\n"
"| --- | --- | --- |\n";

int
main(void)
{
	fputs(intro, stdout);
	for (int i = 0; hub_tables[i] != NULL; i++)
	{
		const HubTable *table = hub_tables[i];
		bool		any = false;

		printf("| [%s](#%s) | %s | ", table->name, table->name, table->comment);
		for (const HubColumn *c = table->columns; c->name != NULL; c++)
			if (hub_column_required(table, c))
			{
				printf("%s`%s`", any ? ", " : "", c->name);
				any = true;
			}
		printf(" |\n");
	}
	for (int i = 0; hub_tables[i] != NULL; i++)
		print_table(hub_tables[i]);
	return ferror(stdout) || fflush(stdout) != 0;
}
