/*
 * cache.h
 *		Answers kept between statements, where the server option asks for it.
 *
 * Private to src/net.
 */
#ifndef PGHUB_NET_CACHE_H
#define PGHUB_NET_CACHE_H

#include "net/channel.h"

/* Answers the request from the cache, if something fresh is there. */
extern bool cache_answer(NetRequest *request);

/* The validator to send along, or NULL; and what to do when it still holds. */
extern const char *cache_validator(const NetRequest *request);
extern bool cache_revive(NetRequest *request);

extern void cache_store(const NetRequest *request);
extern void cache_forget(const NetRequest *request);

#endif							/* PGHUB_NET_CACHE_H */
