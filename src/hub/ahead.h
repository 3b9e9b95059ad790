/*
 * ahead.h
 *		The page after the one that page_cursor named, asked for early.
 */
#ifndef PGHUB_AHEAD_H
#define PGHUB_AHEAD_H

#include "postgres.h"

#include "net/http.h"

/* Module start: defines pghub.page_ahead. */
extern void hub_ahead_init(void);

/* While the page of PATH is read: the one that CURSOR names goes on the wire. */
extern void hub_ahead_start(const NetSettings *settings, const char *path, const char *cursor);

/*
 * The request of PATH, if it was started early by the same server and user
 * mapping: its channel then goes with CONTEXT.  Else NULL, and what was
 * started in vain is given up.
 */
extern NetRequest *hub_ahead_take(const NetSettings *settings, const char *path,
								  MemoryContext context, NetChannel **channel);

#endif							/* PGHUB_AHEAD_H */
