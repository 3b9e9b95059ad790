/*
 * lookahead.h
 *		Keys of a nested loop, told to its inner scan ahead of time.
 */
#ifndef PGHUB_LOOKAHEAD_H
#define PGHUB_LOOKAHEAD_H

#include "postgres.h"

#include "nodes/extensible.h"
#include "nodes/plannodes.h"

/* How many outer rows are read ahead, and for whom: custom_private. */
typedef struct HubLookAhead
{
	int			token;			/* of the scan */
	int			window;			/* rows at most */
	bool		early;			/* the query may stop early: grow from 1 */
	List	   *columns;		/* of the scan's bindings, by key */
	List	   *kinds;
} HubLookAhead;

extern List *hub_look_ahead_pack(const HubLookAhead *look);
extern void hub_look_ahead_unpack(List *private, HubLookAhead *look);

/* lookahead.c: setting and hooks; called at module start. */
extern void hub_look_ahead_init(void);

/* lookahead_scan.c */
extern const CustomScanMethods hub_look_ahead_methods;

/* keystats.c */
extern void hub_key_stats_init(void);

#endif							/* PGHUB_LOOKAHEAD_H */
