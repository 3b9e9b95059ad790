/*
 * announce.h
 *		Look-ups that a look-ahead node starts before they are asked for.
 */
#ifndef PGHUB_ANNOUNCE_H
#define PGHUB_ANNOUNCE_H

#include "postgres.h"

#include "hub/scan.h"

typedef struct HubBoard HubBoard;

/* One value of an announced key: the binding that it stands for. */
typedef struct HubKeyPart
{
	int			column;
	HubBindKind kind;
	Datum		value;
	bool		isnull;
} HubKeyPart;

/* What EXPLAIN ANALYZE tells. */
typedef struct HubBoardFigures
{
	int64		announced;		/* requests started ahead */
	int64		taken;			/* of them asked for */
	int64		waits;			/* of those, not yet answered then */
} HubBoardFigures;

/* The scan can be found by its token from now to the end of its query. */
extern void hub_board_open(ForeignScanState *node, HubScan *scan);
extern void hub_board_close(HubScan *scan);

/* The scan of TOKEN in this execution, or NULL. */
extern HubBoard *hub_board_find(EState *estate, int token);

/* Starts the look-ups of a key, unless they were or need none. */
extern void hub_announce(HubBoard *board, const HubKeyPart *parts, int nparts);

/* The announced request for PATH, which is the caller's now, or NULL. */
extern NetRequest *hub_board_take(HubScan *scan, const char *path);

extern const HubBoardFigures *hub_board_figures(const HubBoard *board);

#endif							/* PGHUB_ANNOUNCE_H */
