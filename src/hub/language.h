/*
 * language.h
 *		Tells languages from other tags.
 */
#ifndef PGHUB_LANGUAGE_H
#define PGHUB_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

extern bool hub_language_code(const char *text, size_t size);

#endif							/* PGHUB_LANGUAGE_H */
