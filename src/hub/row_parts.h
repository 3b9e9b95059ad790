/*
 * row_parts.h
 *		What the three files of the row builder share.
 *
 *		row_path.c	 finds the needed values of an item in one walk
 *		row_value.c  makes a Datum of one value
 *		row.c		 pages, items, and the columns of a row
 */
#ifndef PGHUB_ROW_PARTS_H
#define PGHUB_ROW_PARTS_H

#include "hub/json.h"
#include "hub/row.h"

/* Paths ------------------------------------------------------------------ */

#define ROW_MAX_CHOICES		3	/* of "a|b|c" */
#define ROW_BUCKETS			32

/* A key on the way to needed values. */
typedef struct RowKey
{
	char	   *name;
	size_t		size;
	int16		slot;			/* where its value goes, or -1 */
	int16		chain;			/* next key in the bucket, or -1 */
	struct RowKeys *keys;		/* needed members of its value, or NULL */
} RowKey;

/* The needed keys of one object. */
typedef struct RowKeys
{
	RowKey	   *key;
	int			count;
	int			room;
	int16		bucket[ROW_BUCKETS];	/* first key, or -1 */
} RowKeys;

typedef struct RowPaths
{
	RowKeys    *root;
	JsonSlice  *slot;
	int			slots;
	int			room;
	int			whole;			/* slot of the item itself, or -1 */
} RowPaths;

/* Where a column's value is found: the first choice that is not null. */
typedef struct RowSource
{
	int			choices;
	int			slot[ROW_MAX_CHOICES];
	char	  **element;		/* "a[].b.c": {"b", "c", NULL}; else NULL */
} RowSource;

extern RowPaths *row_paths_new(void);
extern void row_paths_add(RowPaths *paths, const char *path, RowSource *source);
extern bool row_paths_capture(RowPaths *paths, JsonCursor *items, JsonSlice *item);
extern JsonSlice row_source_value(const RowPaths *paths, const RowSource *source);
extern JsonSlice row_element_value(const RowSource *source, JsonSlice element);

/* Values ----------------------------------------------------------------- */

/* What a value needs to know of its row, for messages too. */
typedef struct RowContext
{
	const HubTable *table;
	const HubColumn *column;	/* at work now */
	JsonSlice	label;			/* names the row in messages */
	const char *label_text;		/* used where the item has no name */
	JsonSlice	id;				/* namespace comes from it */
	JsonSlice	group;			/* key of the member that holds the item */
	int64		ordinal;
	int64		replaced;
} RowContext;

extern Datum row_value(RowContext *row, const RowSource *source,
					   JsonSlice value, bool *isnull);
extern Datum row_echo(const HubColumn *column, const char *text);
extern char *row_label(const RowContext *row);


#endif							/* PGHUB_ROW_PARTS_H */
