/*
 * engagement_rows.h
 *		What the state and the readers of engagement share.
 */
#ifndef PGHUB_ENGAGEMENT_ROWS_H
#define PGHUB_ENGAGEMENT_ROWS_H

#include "stats/series_rows.h"

extern const RowFamily engagement_rows;

#endif							/* PGHUB_ENGAGEMENT_ROWS_H */
