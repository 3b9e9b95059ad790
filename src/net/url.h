/*
 * url.h
 *		URLs: parse, compare origins, resolve links, percent-encode.
 *
 * Pure functions, free of server headers, fuzzed alone.  The grammar accepted
 * is narrow on purpose (http and https, no user part, no fragment, printable
 * ASCII without backslash): what it refuses never reaches libcurl, and what it
 * accepts is sent to the channel's own origin, rebuilt from the option and
 * not from the text that the server gave.
 */
#ifndef PGHUB_NET_URL_H
#define PGHUB_NET_URL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct NetUrl
{
	bool		https;
	const char *host;			/* slices of the text; IPv6 without brackets */
	size_t		host_length;
	bool		bracketed;
	int			port;			/* the scheme's own where none is given */
	const char *path;			/* path and query; empty: "/" */
	size_t		path_length;
} NetUrl;

/* What the host is, before any look-up. */
extern bool net_host_is_loopback(const char *host, size_t length);

extern bool net_url_parse(const char *text, size_t length, NetUrl *url);
extern bool net_url_same_origin(const NetUrl *a, const NetUrl *b);

/* Whether PATH starts with '/' and holds nothing that splits a request line. */
extern bool net_path_is_clean(const char *path, size_t length);

/*
 * Resolves LINK (absolute or "/…") against ORIGIN: a slice of LINK that is a
 * path with query, or false when it leaves the origin or is malformed;
 * *foreign tells the two apart.  Paths relative to a path are not accepted,
 * no Hub sends them.
 */
extern bool net_url_resolve(const NetUrl *origin, const char *link, size_t length,
							const char **path, size_t *path_length, bool *foreign);

/*
 * Percent-encodes all but unreserved characters (RFC 3986), for a query value
 * or one path segment alike; TO has room for 3 × length bytes.  Returns the
 * bytes written.  A segment of dots alone is the caller's to refuse.
 */
extern size_t net_url_escape(char *to, const char *from, size_t length);

#endif							/* PGHUB_NET_URL_H */
