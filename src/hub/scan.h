/*
 * scan.h
 *		State of one scan, for the executor's callbacks and EXPLAIN.
 */
#ifndef PGHUB_SCAN_H
#define PGHUB_SCAN_H

#include "postgres.h"

#include "hub/answer.h"
#include "hub/plan.h"
#include "hub/row.h"
#include "hub/seen.h"
#include "net/http.h"
#include "nodes/execnodes.h"

#define LISTS_AT_ONCE	4		/* pages are large: bounds the memory */

/* A page or look-up on its way. */
typedef struct HubFetch
{
	NetRequest *request;
	struct HubChain *chain;
	int			number;			/* of the page, from 0 */
} HubFetch;

/* The pages of one ask. */
typedef struct HubChain
{
	HubAsk	   *ask;
	char	   *scope;			/* what its rows echo */
	int			page;			/* rows asked for on the latest page */
	int			next_number;	/* numbered paging: to be asked next */
	int			in_flight;
	int			ahead;			/* numbered paging: pages at once */
	int64		total;			/* of rows, as the first page said; -1 */
	bool		answered;		/* some page came */
	bool		ended;
	HubSeen    *links;			/* links followed: none may repeat */

	/* held back at a LIMIT: the latest page, and what it said */
	int			held_number;
	char	   *held_next;
	HubPageInfo held_info;
} HubChain;

typedef struct HubScan
{
	HubPlan    *plan;
	MemoryContext memory;		/* of the scan */
	MemoryContext run_memory;	/* of one evaluation of its parameters */
	List	   *values;			/* ExprStates of the bindings, NULL for FLOOR */
	ExprState  *floor;			/* a row for which it fails ends the list */
	const int  *column_of_attr;

	NetSettings *settings;
	NetChannel *channel;		/* NULL: nothing was asked yet */
	NetRequest *early;			/* of the first page, asked for before; or NULL */
	HubRowBuilder *builder;

	bool		fresh;			/* parameters are to be evaluated */
	HubAnswers *answers;
	HubAnswer  *answer;			/* of the current evaluation */

	/* the run: requests of one evaluation */
	bool		running;
	List	   *asks;
	int			next_ask;
	int			window;			/* fetches at once */
	List	   *queue;			/* HubFetch, in order */
	List	   *held;			/* HubChain: not followed, the LIMIT seemed met */
	HubFetch   *current;		/* its page is being read */
	bool		answered;		/* some page came */
	int64		refused;		/* days that the Hub has no list of … */
	HubFetch   *refusal;		/* … and the first of them */
	HubSeen    *seen;			/* identities of all rows, or NULL */
	HubSeen    *last_page;		/* or of the last two pages only */
	HubSeen    *this_page;
	int64		run_rows;
	bool		have_key;		/* of the sort column, previous row */
	bool		key_isnull;
	Datum		key;
	bool		renamed;		/* said so once */

	/* below an asynchronous Append; see async.c */
	bool		nowait;			/* rather no row than a wait for one */
	bool		waiting;		/* the last call gave none for that reason */

	/* keys that a look-ahead node announced; see announce.c */
	struct HubBoard *board;		/* NULL: nobody announces */

	/* what EXPLAIN ANALYZE and NOTICE tell */
	int64		pages;
	int64		rows;
	int64		repeated;		/* runs that asked again */
	int64		replayed;		/* rescans answered from memory */
	int64		replaced;		/* damaged characters */
	TimestampTz started;
	TimestampTz noticed;
} HubScan;

extern HubValues *hub_scan_values(HubScan *scan, ExprContext *econtext);
extern void hub_put_value(HubValues *values, const HubBinding *binding, Datum datum,
						  bool isnull);
extern const char *hub_scan_table_name(const HubScan *scan);
extern char *hub_run_signature(List *asks);

/* rescan.c */
extern bool hub_may_rescan(const ForeignScanState *node);

/* pages.c */
extern int	hub_scan_first_page(const HubScan *scan);
extern void hub_scan_open(HubScan *scan);
extern NetRequest *hub_scan_awaited(const HubScan *scan);
extern char *hub_numbered_path(const HubTable *table, const char *path, int page,
							   int number);
extern bool hub_more_numbers(const HubTable *table, int page, const HubPageInfo *info,
							 int number, bool linked);
extern bool hub_page_open(HubScan *scan);
extern void hub_page_close(HubScan *scan);
extern void hub_fetch_release(HubScan *scan, HubFetch *fetch);
extern void hub_chain_cancel(HubScan *scan, HubChain *chain);

#endif							/* PGHUB_SCAN_H */
