/*
 * pghub.c
 *		Module start: the parts register their settings and hooks here.
 */
#include "postgres.h"

#include "compat.h"

PGHUB_MODULE_MAGIC;

void		_PG_init(void);

void
_PG_init(void)
{
}
