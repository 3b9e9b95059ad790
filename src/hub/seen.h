/*
 * seen.h
 *		A set of identities: was this row there before?
 */
#ifndef PGHUB_SEEN_H
#define PGHUB_SEEN_H

#include "postgres.h"

typedef struct HubSeen HubSeen;

extern HubSeen *hub_seen_create(MemoryContext context);

/* Adds the identity; true if it was there already. */
extern bool hub_seen_add(HubSeen *seen, const char *identity, size_t size);
extern void hub_seen_free(HubSeen *seen);

#endif							/* PGHUB_SEEN_H */
