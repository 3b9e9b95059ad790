/*
 * options.h
 *		Options of servers, user mappings, foreign tables and columns.
 */
#ifndef PGHUB_OPTIONS_H
#define PGHUB_OPTIONS_H

#include "postgres.h"

#include "hub/catalogue.h"
#include "net/http.h"

/* Everything that one foreign table's options say. */
typedef struct HubOptions
{
	const HubTable *table;
	double		estimated_rows; /* < 0: not given */
	int			page_size;
	int			max_concurrency;
	int			analyze_pages;
	bool		async_capable;	/* below an Append */
} HubOptions;

extern HubOptions *hub_options(Oid foreigntableid);

/*
 * The catalogue column of each attribute (index in table->columns), -1 for
 * dropped ones.  An attribute that names no column of the table is an error.
 */
extern int *hub_column_map(Oid foreigntableid, const HubTable *table, int *natts);

/* Connection settings of a table for a user: server and user mapping. */
extern NetSettings *hub_net_settings(Oid foreigntableid, Oid userid);

/* Checks the value of a foreign table's option, as the validator does. */
extern void hub_check_table_option(const char *name, const char *value);

/* The same for a server alone, towards one of its two hosts. */
extern NetSettings *hub_server_settings(Oid serverid, Oid userid, HubOrigin origin);

#endif							/* PGHUB_OPTIONS_H */
