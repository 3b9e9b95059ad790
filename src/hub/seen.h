/*
 * seen.h
 *		A set of identities: was this row there before?
 */
#ifndef PGHUB_SEEN_H
#define PGHUB_SEEN_H

#include "postgres.h"

typedef struct HubSeen HubSeen;

#define HUB_IDENTITY_SIZE	16

/* 24 hex digits as their 96 bits, anything else as 128 bits of hash. */
typedef struct HubIdentity
{
	uint8		bytes[HUB_IDENTITY_SIZE];	/* all zero: none */
} HubIdentity;

extern HubIdentity hub_identity(const char *text, size_t size);

extern HubSeen *hub_seen_create(MemoryContext context);

/* Adds the identity; true if it was there already. */
extern bool hub_seen_add(HubSeen *seen, const HubIdentity *identity);
extern void hub_seen_free(HubSeen *seen);

#endif							/* PGHUB_SEEN_H */
