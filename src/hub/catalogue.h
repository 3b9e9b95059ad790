/*
 * catalogue.h
 *		The Hub's tables as data: one entry a table, one line a column.
 *
 * Planner, request builder, row builder, IMPORT FOREIGN SCHEMA, EXPLAIN and
 * docs/tables.md are all driven by these entries.  A new endpoint is a new
 * entry; nothing outside the catalogue names a table.  The header is free of
 * server headers, so that the generator of the documentation can use it.
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
	HUB_JSONB,
	HUB_NUMERIC,
	HUB_TIMESTAMP,
	HUB_TIME,
	HUB_BIGINT_ARRAY,
	HUB_DOUBLE_ARRAY,
	HUB_BOOLEAN_ARRAY,
	HUB_NUMERIC_ARRAY,
	HUB_TIMESTAMP_ARRAY,
	HUB_TIMESTAMPTZ_ARRAY,
	HUB_DATE_ARRAY
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

/* How a column comes out of its JSON value. */
typedef enum HubDerive
{
	HUB_AS_SENT,
	HUB_DERIVE_NAMESPACE,		/* the path's value, else what stands before
								 * the slash of "id" */
	HUB_DERIVE_TAG,				/* first "prefix:v" of the tags: v */
	HUB_DERIVE_TAGS,			/* all "prefix:v" of the tags */
	HUB_DERIVE_LANGUAGES,		/* the tags that are bare language codes */
	HUB_DERIVE_BASE_MODELS,		/* ids in base_model: tags, each once */
	HUB_DERIVE_BASE_RELATION,	/* relation in the first that has one */
	HUB_DERIVE_PROVIDERS,		/* array or object: object keyed by provider */
	HUB_DERIVE_ORDINAL,			/* 1, 2, … within the answer */
	HUB_DERIVE_GROUP,			/* name of the member that holds the item */
	HUB_DERIVE_LIST,			/* an array, NULL elements kept */
	HUB_DERIVE_LABEL			/* the integer's name in labels */
} HubDerive;

/* What a predicate on the column may become.  All are re-checked locally. */
typedef enum HubPush
{
	HUB_PUSH_NONE,
	HUB_PUSH_EQUAL,				/* col = v, col = ANY: param=v, one list a value */
	HUB_PUSH_MEMBER,			/* v = ANY(col), col @> ARRAY[..]: param=v, repeated */
	HUB_PUSH_GATED,				/* gated: true or false on the wire */
	HUB_PUSH_ID,				/* single GET: stands in one_path */
	HUB_PUSH_PATH,				/* =, = ANY: stands in list_path or one_path */
	HUB_PUSH_DATE,				/* =, closed ranges: one request a day */
	HUB_PUSH_WHERE				/* comparisons: a part of the viewer's where= */
} HubPush;

typedef enum HubPaging
{
	HUB_PAGE_NONE,				/* one answer holds all */
	HUB_PAGE_LINK,				/* Link: rel=next */
	HUB_PAGE_NUMBER,			/* p=0,1,2 … until a page shorter than asked */
	HUB_PAGE_COUNT,				/* {count,start}: p=… until start+len = count */
	HUB_PAGE_OFFSET				/* offset/length until num_rows_total */
} HubPaging;

typedef enum HubExpand
{
	HUB_EXPAND_NONE,			/* the endpoint has no such parameter */
	HUB_EXPAND_REPLACE,			/* expand=a&expand=b: these instead of the
								 * default set (columns without a name in
								 * expand are always sent) */
	HUB_EXPAND_ADD,				/* expand=a: besides the default set */
	HUB_EXPAND_FLAG				/* expand=true: all that have a name */
} HubExpand;

typedef enum HubOrigin
{
	HUB_ORIGIN_HUB,				/* option endpoint */
	HUB_ORIGIN_VIEWER			/* option viewer_endpoint */
} HubOrigin;

typedef struct HubColumn
{
	const char *name;
	HubType		type;
	HubRole		role;

	/*
	 * JSON path within the item.  Steps by '.'; "a|b" is b where a is absent
	 * or null; "a[].b" is b of each element; "" is the whole item.  A
	 * backslash takes the next byte literally.  NULL: nothing of the item.
	 */
	const char *path;
	HubDerive	derive;
	const char *prefix;			/* of HUB_DERIVE_TAG and TAGS: "license:" */

	const char *expand;			/* its name in expand=, "a,b" if it needs
								 * several; NULL: none needed */
	uint8_t		sources;		/* HUB_LIST_DEFAULT | … */
	bool		heavy;			/* asking for it lowers the page size */

	HubPush		push;
	const char *param;			/* request parameter; NULL with PATH and ID */
	const char *format;			/* "license:%s", or NULL: the value itself */
	const char *values;			/* "open|closed": only these are accepted on
								 * the wire; NULL: any.  Others are not pushed,
								 * for input and key columns they are an error */

	const char *sort;			/* wire name of the key, or NULL */
	bool		always;			/* the API sends it for every row */

	const char *fallback;		/* default of an input or key column */
	const char *unit;			/* "bytes", "requests"; NULL: none */
	const char *comment;		/* what it means, for docs/tables.md */

	/* of dataset rows only; param and sort are the name there */
	const char *feature;		/* "int64", "List(string)": as the viewer says
								 * it; NULL: nothing is known of it */
	const char *const *labels;	/* of HUB_DERIVE_LABEL, ends with NULL */
} HubColumn;

/*
 * Paths of requests name columns: {x} is the value percent-encoded as one
 * segment, slashes too; {+x} keeps the slashes between segments (empty ones,
 * "." and ".." are refused).  A part in [ ] is left out while a column in it
 * has no value.  "/api/{repo_type}s/{+repo_id}/tree/{revision}[/{+folder}]"
 */
typedef struct HubTable
{
	const char *name;
	const char *comment;
	HubOrigin	origin;
	const char *list_path;		/* NULL: only by key, through one_path */
	const char *one_path;		/* single GET, its answer is one row; or NULL */

	/*
	 * Where the items stand in a list answer: NULL, the answer is the array;
	 * "a", its member a; "a,b", these one after another; "*", every member
	 * that is an array.
	 */
	const char *rows;
	const char *query;			/* fixed parameters "type=all&status=all" of
								 * lists; a pushed one of the same name
								 * replaces it; or NULL */
	HubPaging	paging;
	HubExpand	expand;
	const char *limit_param;	/* "limit", or NULL */
	int			page_max;
	int			page_heavy;		/* with a heavy column asked for */
	const char *identity;		/* column that tells rows apart ("_id"), or NULL */
	const char *crawl_sort;		/* stable sort of whole scans, or NULL */
	double		rows_estimate;	/* of a whole scan, without ANALYZE and option;
								 * of one key in keyed tables */
	const HubColumn *columns;	/* ends with a NULL name */
	const struct HubDataset *dataset;	/* rows of a dataset: made at run time
										 * from a foreign table's options */
} HubTable;

extern const HubTable *const hub_tables[];	/* ends with NULL */
extern const HubTable *hub_table(const char *name);
extern const HubColumn *hub_column(const HubTable *table, const char *name);

/* As SQL writes the type of a column. */
extern const char *hub_type_name(HubType type);

/* A request needs one of these columns: HUB_KEY, or ID without list_path. */
extern bool hub_column_required(const HubTable *table, const HubColumn *column);

/* The first such column, or NULL: the table has a list of all. */
extern const HubColumn *hub_required_column(const HubTable *table);

/* Is VALUE one of "a|b|c"?  True for NULL VALUES. */
extern bool hub_value_allowed(const char *values, const char *value);

#endif							/* PGHUB_CATALOGUE_H */
