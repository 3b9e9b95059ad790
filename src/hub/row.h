/*
 * row.h
 *		From a page of JSON to rows, by the columns of the catalogue.
 *
 * The scan makes one builder, hands it each page and pulls rows.  Only what
 * the attributes (and the wanted columns) need is looked at.  A page is
 * checked as a whole before its first row, so that a broken one can be asked
 * for again and no row comes twice.
 *
 * Values are made in the memory context that is current in hub_page_next();
 * the caller resets it per row.  Echoed inputs live until the next page.
 */
#ifndef PGHUB_ROW_H
#define PGHUB_ROW_H

#include "postgres.h"

#include "access/tupdesc.h"
#include "hub/catalogue.h"

typedef struct HubRowBuilder HubRowBuilder;

/* What a page says about itself beside its rows; -1 where it says nothing. */
typedef struct HubPageInfo
{
	int64		items;			/* rows that this page holds */
	int64		count;			/* HUB_PAGE_COUNT: of the whole list */
	int64		start;			/* HUB_PAGE_COUNT: position of the first */
	int64		num_rows_total; /* HUB_PAGE_OFFSET */
	bool		partial;		/* HUB_PAGE_OFFSET: only a part is indexed */
	int64		replaced;		/* \u0000, lone surrogates, invalid UTF-8 that
								 * became U+FFFD so far, over all pages */
} HubPageInfo;

/*
 * COLUMN_OF_ATTR[i] is the catalogue column (its index in table->columns) of
 * attribute i+1, or -1: the attribute is not needed (or dropped) and gets
 * NULL.  Types of the attributes must have been checked by hub_type_oid().
 */
extern HubRowBuilder *hub_row_builder(const HubTable *table, TupleDesc desc,
									  const int *column_of_attr,
									  MemoryContext context);

/* Makes hub_page_column() possible for COLUMN; before the first page. */
extern void hub_row_want(HubRowBuilder *builder, int column);

/*
 * Starts a page.  ONE: the answer of one_path, a single item.  INPUTS, by
 * catalogue column, are the values asked for in text form (server encoding)
 * for the columns with a role other than HUB_FIELD; NULL: the fallback.
 * BODY must stay until the last row.  Returns NULL, or why the body is not a
 * page (to be asked for again).
 */
extern const char *hub_page_begin(HubRowBuilder *builder, const char *body,
								  size_t size, bool one,
								  const char *const *inputs);

/* The next row into VALUES and ISNULL (one per attribute); false: no more. */
extern bool hub_page_next(HubRowBuilder *builder, Datum *values, bool *isnull);

/* Of the current row: bytes of the identity column as sent, or NULL. */
extern const char *hub_page_identity(HubRowBuilder *builder, size_t *size);

/* Of the current row: a column that hub_row_want() named. */
extern Datum hub_page_column(HubRowBuilder *builder, int column, bool *isnull);

extern const HubPageInfo *hub_page_info(const HubRowBuilder *builder);

/* The SQL type of a column; hub_type_name() is the catalogue's. */
extern Oid	hub_type_oid(HubType type);

#endif							/* PGHUB_ROW_H */
