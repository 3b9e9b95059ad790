/*
 * dataset.h
 *		Rows of any dataset, by way of the dataset viewer.
 *
 * A foreign table with the option "dataset" has no entry in the catalogue:
 * its entry is made at run time from its options and columns.  Everything
 * else (planner, scan, row builder, EXPLAIN) is the same code.
 *
 *		dataset.c		 the entry, from a foreign table's options
 *		dataset_type.c	 features of the viewer and their SQL types
 *		dataset_where.c	 conditions and orders that the viewer takes
 *		dataset_page.c	 what a page must prove; errors
 *		dataset_import.c IMPORT FOREIGN SCHEMA dataset
 *		dataset_text.c	 identifiers and values in the viewer's grammar
 */
#ifndef PGHUB_DATASET_H
#define PGHUB_DATASET_H

#include "postgres.h"

#include "foreign/foreign.h"
#include "hub/catalogue.h"
#include "hub/json.h"
#include "hub/plan.h"
#include "hub/row.h"
#include "net/http.h"

#define HUB_VIEWER_PAGE 100		/* rows a page, the viewer's bound */

/* The columns that every such table has besides the dataset's own. */
#define HUB_ROW_IDX		"row_idx"
#define HUB_CUT_CELLS	"truncated_cells"

/* What columns are, in the column option "feature". */
#define HUB_FEATURE_ROW_IDX		"row_idx"
#define HUB_FEATURE_CUT_CELLS	"truncated_cells"
#define HUB_FEATURE_LABEL		"ClassLabel"

typedef struct HubDataset
{
	const char *dataset;
	const char *config;
	const char *split;
	bool		filter;			/* /filter is there */
	bool		allow_truncated;
	bool		allow_partial;
} HubDataset;

/* dataset.c */
extern const HubTable *hub_dataset_table(Oid foreigntableid, List *options);
extern bool hub_option_is_true(const char *text);

/* dataset_type.c */
extern char *hub_feature_name(JsonSlice type);
extern HubType hub_feature_type(JsonSlice type);
extern bool hub_feature_is_integer(const char *feature);
extern bool hub_feature_is_float(const char *feature);
extern bool hub_feature_is_text(const char *feature);
extern char *hub_label_names(JsonSlice type);
extern const char *const *hub_labels_read(const char *names);
extern char *hub_json_string(JsonSlice string);

/* dataset_where.c */
extern bool hub_dataset_match(const HubRel *hub, Index relid, Expr *clause,
							  HubBinding *binding, const char **reason);
extern bool hub_dataset_sorts(const HubRel *hub, Index relid, int column,
							  Oid collation, bool nulls_first, List *bindings);
extern HubAsk *hub_dataset_ask(const HubPlan *plan, const HubValues *values,
							   const char **inputs, int page, bool literal);

/* dataset_page.c */
extern void hub_dataset_check_feature(const HubTable *table, const HubColumn *column,
									  JsonSlice features);
extern void hub_dataset_check_page(const HubTable *table, const HubPageInfo *info,
								   int64 offset, int length, int64 *total);
pg_noreturn extern void hub_dataset_repeated(const HubTable *table, const char *identity, size_t size);
pg_noreturn extern void hub_dataset_raise(const HubTable *table, const NetChannel *channel,
							  const NetResponse *response);

/* dataset_import.c */
extern List *hub_import_dataset(ImportForeignSchemaStmt *stmt, ForeignServer *server);

/* dataset_text.c: free of server headers */

/* NAME in double quotes into OUT (NULL: measures); its size. */
extern size_t viewer_quote_name(const char *name, size_t size, char *out);

/* VALUE in single quotes likewise. */
extern size_t viewer_quote_text(const char *value, size_t size, char *out);

/* Can the viewer be given this text, this number? */
extern bool viewer_takes_text(const char *text, size_t size);
extern bool viewer_takes_number(const char *text, size_t size);

#endif							/* PGHUB_DATASET_H */
