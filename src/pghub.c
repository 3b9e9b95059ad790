/*
 * pghub.c
 *		Module start: the parts register their settings and hooks here.
 */
#include "postgres.h"

#include "utils/guc.h"

#include "compat.h"
#include "hub/ahead.h"
#include "hub/lookahead.h"
#include "net/http.h"

PGHUB_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
	net_init();
	hub_ahead_init();
	hub_look_ahead_init();
	MarkGUCPrefixReserved("pghub");
}
