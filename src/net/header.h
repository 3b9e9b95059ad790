/*
 * header.h
 *		Parsers of the response headers that steer paging and waiting.
 *
 * Pure functions over (pointer, length), free of server headers, so that they
 * can be fuzzed alone.  They allocate nothing and report whatever they cannot
 * read as absent: a damaged header never fails a request.
 */
#ifndef PGHUB_NET_HEADER_H
#define PGHUB_NET_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RateLimit and RateLimit-Policy; -1 where the header does not say. */
typedef struct NetRate
{
	int64_t		left;			/* r: requests left in the window */
	int64_t		reset_s;		/* t: seconds until it starts anew */
	int64_t		limit;			/* q: requests a window allows */
	int64_t		window_s;		/* w: its length */
} NetRate;

/* The target of rel=next in a Link header (RFC 8288), as a slice of VALUE. */
extern bool net_link_next(const char *value, size_t length,
						  const char **target, size_t *target_length);

/* Fills left and reset_s, or limit and window_s; false: nothing readable. */
extern bool net_rate_limit(const char *value, size_t length, NetRate *rate);
extern bool net_rate_policy(const char *value, size_t length, NetRate *rate);

/* Retry-After as seconds from NOW (Unix time); HTTP dates in all three forms. */
extern bool net_retry_after(const char *value, size_t length, int64_t now,
							int64_t *seconds);

/* application/json or any type with the +json suffix. */
extern bool net_is_json(const char *value, size_t length);

#endif							/* PGHUB_NET_HEADER_H */
