/*
 * http.h
 *		HTTP GETs over one libcurl multi handle, inside a backend.
 *
 * The engine shows one descriptor (epoll over the sockets and a timerfd);
 * every wait is on it and the process latch, so that query cancel,
 * statement_timeout, termination and a dead postmaster act at once.  It knows
 * nothing of SQL types and nothing of the Hub's tables: URLs go in, bodies
 * and a few header facts come out.  It owns retries, quota and pacing,
 * redirects within one origin, limits on size, and secrets: a token leaves
 * only towards the channel's own origin and never reaches a message.
 *
 * A channel belongs to one scan and is freed with its memory context, also
 * after an error or cancel.  Connections are kept by the backend.
 */
#ifndef PGHUB_HTTP_H
#define PGHUB_HTTP_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "compat.h"

/* Settings of one server and user mapping; strings are copied. */
typedef struct NetSettings
{
	Oid			server;			/* for quota sharing and caching */
	Oid			user_mapping;	/* InvalidOid: anonymous */
	const char *endpoint;		/* scheme://host[:port], no trailing slash */
	const char *token;			/* NULL: anonymous */
	const char *proxy;			/* NULL: none, whatever the environment says */
	const char *proxy_password;
	const char *ca_file;
	const char *user_agent;
	bool		trusted;		/* owner of the server is superuser: private
								 * addresses are allowed */
	int			connect_timeout_ms;
	int			timeout_ms;
	int			max_retries;
	int			quota_wait_max_ms;
	int			max_concurrency;
	int			max_response_mb;
	int			cache_ttl_s;	/* 0: no response cache between statements */
} NetSettings;

typedef struct NetChannel NetChannel;
typedef struct NetRequest NetRequest;

/* What came back.  Everything lives until net_release() of the request. */
typedef struct NetResponse
{
	int			status;			/* 200, 304→200 from cache, 400, 401, 403, 404, 422 … */
	const char *body;			/* decoded, NUL-terminated */
	size_t		size;
	const char *next;			/* Link rel=next, same origin proven; or NULL */
	const char *url;			/* the one that answered, after redirects */
	bool		redirected;
	const char *error_code;		/* X-Error-Code or NULL */
	const char *error_message;	/* X-Error-Message or NULL */
	const char *request_id;		/* X-Request-Id or NULL */
} NetResponse;

typedef struct NetCounters
{
	int64		requests;		/* put on the wire, retries included */
	int64		retries;
	int64		bytes_wire;
	int64		bytes_decoded;
	int64		quota_wait_ms;
	int64		cache_hits;
} NetCounters;

/* Quota as the server last told it; known false until it has. */
typedef struct NetQuota
{
	bool		known;
	int64		left;
	int64		limit;
	int			reset_s;
} NetQuota;

/* Module start: defines the settings pghub.allowed_hosts, .max_requests and
 * .progress_interval.  Touches no network and no libcurl. */
extern void net_init(void);
extern int	net_progress_interval_ms;	/* 0: no progress notices */

/* VALUE percent-encoded, for a query value or for one path segment. */
extern void net_append_escaped(StringInfo url, const char *value);

/*
 * The channel is freed with CONTEXT.  Its settings are checked: an endpoint
 * that is not https (or http to loopback), or that pghub.allowed_hosts does
 * not list for an unprivileged owner, is an error.
 */
extern NetChannel *net_open(const NetSettings *settings, MemoryContext context);

/* The channel serves the current (sub)transaction from now on. */
extern void net_adopt(NetChannel *channel);

/*
 * Starts a GET of PATH (with query, as sent) or of a whole URL of the same
 * origin.  At most max_concurrency run at once; the rest queue in order.
 */
extern NetRequest *net_get(NetChannel *channel, const char *path);

/* Progress without waiting: call every few dozen rows. */
extern void net_drive(NetChannel *channel);
extern bool net_ready(const NetRequest *request);

/*
 * The answer, waited for.  Transport failures, 429 and 5xx were retried and
 * then raised as errors; a status below 500 other than 429 is returned for
 * the caller to judge.  200 has a JSON content type and a complete body.
 */
extern const NetResponse *net_finish(NetRequest *request);

/*
 * The body turned out not to be JSON: ask the same URL again, as a retry.
 * Raises the error when retries are used up.
 */
extern void net_retry(NetRequest *request, const char *why);

extern void net_release(NetRequest *request);

/* Waits until one of COUNT requests is ready. */
extern void net_wait(NetRequest *const *requests, int count);

/*
 * For waits that others set up: the descriptor is readable when there is work,
 * or at once after net_wake().  net_woken() does the work.
 */
extern int	net_descriptor(NetChannel *channel);
extern void net_wake(void);
extern void net_woken(NetChannel *channel);

extern const NetCounters *net_counters(const NetChannel *channel);
extern NetQuota net_quota(Oid server, Oid user_mapping);

/* What the session did, one entry a server and mapping; palloc'd. */
typedef struct NetStatistics
{
	Oid			server;
	Oid			user_mapping;
	NetCounters totals;
	NetQuota	quota;
} NetStatistics;

extern NetStatistics *net_statistics(int *count);

/* Drops every answer kept by cache_ttl; their number. */
extern int64 net_cache_flush(void);

/*
 * Raises the error of an answer that the caller cannot use, with SQLSTATE,
 * the server's own words, the request id and a hint (missing token, no
 * access, bad parameter).
 */
pg_noreturn extern void net_raise(const NetChannel *channel, const NetResponse *response);

#endif							/* PGHUB_HTTP_H */
