/*
 * params.h
 *		Parameter counts that repository names tell.
 */
#ifndef PGHUB_PARAMS_H
#define PGHUB_PARAMS_H

#include <stddef.h>
#include <stdint.h>

/* Parameters told by a repository's name, or 0 if it tells none. */
extern int64_t params_of_name(const char *name, size_t len);

#endif							/* PGHUB_PARAMS_H */
