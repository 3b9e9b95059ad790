/*
 * channel.h
 *		Channels and requests as the parts of src/net see them.
 */
#ifndef PGHUB_NET_CHANNEL_H
#define PGHUB_NET_CHANNEL_H

#include "postgres.h"

#include "lib/ilist.h"

#include "net/http.h"
#include "net/quota.h"
#include "net/url.h"
#include "net/wire.h"

typedef enum RequestState
{
	REQUEST_QUEUED,				/* waits for a slot, the quota or its turn */
	REQUEST_RUNNING,			/* on the wire */
	REQUEST_PAUSED,				/* between two tries; keeps its slot */
	REQUEST_DONE,				/* response is there */
	REQUEST_FAILED				/* fault says why */
} RequestState;

/* Why a request failed; raise.c has the words. */
typedef enum NetFault
{
	FAULT_NONE,
	FAULT_RESOLVE,
	FAULT_CONNECT,
	FAULT_CONNECT_TIMEOUT,
	FAULT_TIMEOUT,
	FAULT_TLS,
	FAULT_BROKEN,				/* reset, cut, not HTTP */
	FAULT_STATUS,				/* 5xx, or one that makes no sense */
	FAULT_NOT_JSON,
	FAULT_BODY,					/* the caller could not read it */
	FAULT_TOO_LARGE,
	FAULT_HEADERS,
	FAULT_ADDRESS,
	FAULT_QUOTA,
	FAULT_MAX_REQUESTS,
	FAULT_REDIRECT_FOREIGN,
	FAULT_REDIRECT_BAD,
	FAULT_REDIRECT_LOOP,
	FAULT_LINK_FOREIGN,
	FAULT_LINK_BAD,
	FAULT_LINK_LOOP,
	FAULT_DESCRIPTORS,
	FAULT_STOPPED,
	FAULT_MEMORY
} NetFault;

struct NetRequest
{
	dlist_node	node;			/* in one of the channel's lists */
	NetChannel *channel;
	RequestState state;
	char	   *asked;			/* path as asked first */
	char	   *path;			/* as asked now, after redirects */
	char	   *url;			/* the same with the origin */

	WireTransfer transfer;
	bool		flying;			/* counted in the quota */
	int			tries;			/* repetitions so far that count */
	int			redirects;
	bool		revived;		/* repeated once for a dead connection */
	bool		validated;		/* an If-None-Match went along */
	bool		unconditional;	/* none may go along any more */
	bool		fresh;			/* next try on a new connection */
	int64		resume_us;		/* paused until */
	int64		deadline_us;	/* 0: not started yet; waits for quota apart */
	int64		idle_us;		/* of this try, nobody drove the engine */
	int64		quota_waited_us;
	int64		quota_until;	/* the end of the last wait in it */

	NetFault	fault;
	char	   *words;			/* about the fault, or NULL */
	NetResponse response;
};

struct NetChannel
{
	dlist_node	node;			/* in the list of all channels */
	MemoryContext memory;		/* below TopMemoryContext, holds all but bodies */
	NetSettings settings;
	char	   *origin_text;	/* scheme://host[:port] */
	NetUrl		origin;
	bool		public_only;
	bool		stopped;		/* after an error: nothing runs any more */
	SubTransactionId subid;

	dlist_head	queue;
	dlist_head	active;			/* running or paused */
	dlist_head	settled;		/* done or failed */
	int			active_count;

	Account    *account;
	int64		due_us;			/* when the queue may move; PG_INT64_MAX: unknown */
	bool		blocked;		/* the quota keeps it */

	NetCounters counters;
	int64		quota_wait_us;
};

#define MAX_REDIRECTS	5
#define SECOND_US		INT64CONST(1000000)

extern dlist_head net_channels;

/* channel.c */
extern void net_channel_stop(NetChannel *channel);

/* request.c */
extern void net_step(void);
extern void request_stop(NetRequest *request);
extern void request_retry(NetRequest *request, NetFault fault);
extern void request_begin(NetRequest *request);
extern void request_set_path(NetRequest *request, const char *path, size_t length);
extern void request_queue(NetRequest *request, bool first);
extern void net_mark_active(void);

/* raise.c */
pg_noreturn extern void request_raise(const NetRequest *request);

/* settings.c */
extern bool net_hosts_are_limited(void);
extern bool net_host_is_listed(const char *host, size_t length);
extern bool net_may_request(void);
extern void net_count_request(void);

#endif							/* PGHUB_NET_CHANNEL_H */
