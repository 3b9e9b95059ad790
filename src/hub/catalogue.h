/*
 * catalogue.h
 *		The Hub's tables as data: one entry a table, one line a column.
 *
 * Planner, request builder, row builder, IMPORT FOREIGN SCHEMA, EXPLAIN and
 * docs/tables.md are all driven by these entries.  A new endpoint is a new
 * entry; nothing outside the catalogue names a table.
 */
#ifndef PGHUB_CATALOGUE_H
#define PGHUB_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum HubType
{
	HUB_TEXT,
	HUB_TEXT_ARRAY,
	HUB_BIGINT,
	HUB_DOUBLE,
	HUB_BOOLEAN,
	HUB_TIMESTAMPTZ,
	HUB_DATE,
	HUB_JSONB
} HubType;

typedef enum HubRole
{
	HUB_FIELD,					/* comes out of the answer */
	HUB_INPUT,					/* echoes the value asked for, else NULL */
	HUB_KEY,					/* the same, and a request needs it */
	HUB_CURSOR,					/* page_cursor */
	HUB_NEXT_CURSOR				/* next_page_cursor */
} HubRole;

/* Where a field may come from. */
#define HUB_LIST_DEFAULT	0x01	/* list, without being asked for */
#define HUB_LIST_EXPAND		0x02	/* list, by expand= */
#define HUB_ONE_DEFAULT		0x04	/* single GET, without being asked for */
#define HUB_ONE_EXPAND		0x08	/* single GET, by expand= */

/* What a predicate on the column may become.  All are re-checked locally. */
typedef enum HubPush
{
	HUB_PUSH_NONE,
	HUB_PUSH_EQUAL,				/* col = v, col = ANY: param=v, one list a value */
	HUB_PUSH_MEMBER,			/* v = ANY(col), col @> ARRAY[..]: param=v, repeated */
	HUB_PUSH_GATED,				/* gated: true or false on the wire */
	HUB_PUSH_ID,				/* single GET by key */
	HUB_PUSH_PATH,				/* value stands in the path */
	HUB_PUSH_DATE				/* =, closed ranges: one request a day */
} HubPush;

typedef enum HubPaging
{
	HUB_PAGE_NONE,				/* one answer holds all */
	HUB_PAGE_LINK,				/* Link: rel=next */
	HUB_PAGE_NUMBER,			/* p=0,1,2 … until a short page */
	HUB_PAGE_COUNT,				/* {count,start}: p=… until start+len = count */
	HUB_PAGE_OFFSET				/* offset/length until num_rows_total */
} HubPaging;

typedef struct HubColumn
{
	const char *name;
	HubType		type;
	HubRole		role;

	/* JSON path within the item, steps by '.', "a|b" is b where a is absent */
	const char *path;

	/* derived from other parts of the item: see row.c, by name; else NULL */
	const char *derive;

	const char *expand;			/* its name in expand=, or NULL */
	uint8_t		sources;		/* HUB_LIST_DEFAULT | … */
	bool		heavy;			/* asking for it lowers the page size */

	HubPush		push;
	const char *param;			/* request parameter */
	const char *format;			/* "license:%s", or NULL: the value itself */

	const char *sort;			/* wire name of the key, or NULL */
	bool		always;			/* the API sends it for every row */

	const char *fallback;		/* default of an input or key column */
	const char *comment;		/* COMMENT ON COLUMN and docs/tables.md */
} HubColumn;

typedef struct HubTable
{
	const char *name;
	const char *comment;
	const char *list_path;		/* "/api/models", "/api/{repo_type}s/{repo_id}/refs" */
	const char *one_path;		/* single GET: "/api/models/{id}", or NULL */
	const char *rows;			/* where the array stands in a list answer, NULL: bare */
	HubPaging	paging;
	const char *limit_param;	/* "limit", or NULL */
	int			page_max;
	int			page_heavy;		/* with a heavy column asked for */
	const char *identity;		/* column that tells rows apart ("_id"), or NULL */
	const char *crawl_sort;		/* stable sort of whole scans, or NULL */
	double		rows_estimate;	/* without ANALYZE and option */
	const HubColumn *columns;	/* ends with a NULL name */
} HubTable;

extern const HubTable *const hub_tables[];	/* ends with NULL */
extern const HubTable *hub_table(const char *name);
extern const HubColumn *hub_column(const HubTable *table, const char *name);

#endif							/* PGHUB_CATALOGUE_H */
