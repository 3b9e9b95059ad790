/*
 * wire.h
 *		The backend's one libcurl multi handle and the descriptor it shows.
 *
 * Private to src/net.  A transfer is one attempt at one GET; retries, queues
 * and meaning are request.c's.
 */
#ifndef PGHUB_NET_WIRE_H
#define PGHUB_NET_WIRE_H

#include "postgres.h"

#include <curl/curl.h>

#include "lib/ilist.h"

/* Response headers that are kept. */
typedef enum WireFact
{
	FACT_CONTENT_TYPE,
	FACT_LINK,
	FACT_LOCATION,
	FACT_RETRY_AFTER,
	FACT_RATE_LIMIT,
	FACT_RATE_POLICY,
	FACT_ETAG,
	FACT_ERROR_CODE,
	FACT_ERROR_MESSAGE,
	FACT_REQUEST_ID,
	FACT_WARNING
} WireFact;

#define WIRE_FACTS (FACT_WARNING + 1)

/* Why a callback stopped the transfer; libcurl only says "aborted". */
typedef enum WireStop
{
	STOP_NONE,
	STOP_MEMORY,
	STOP_BODY,					/* larger than the limit */
	STOP_HEADERS,
	STOP_ADDRESS				/* not one that this server may reach */
} WireStop;

/*
 * One attempt.  All memory is malloc's: callbacks run inside libcurl, where
 * an error must not be raised.
 */
typedef struct WireTransfer
{
	dlist_node	node;			/* in the list of finished transfers */
	CURL	   *easy;			/* NULL: not on the wire */
	struct curl_slist *headers;
	bool		finished;
	CURLcode	result;
	WireStop	stop;

	bool		public_only;	/* private addresses are refused */
	size_t		limit;			/* of the decoded body */

	char	   *body;			/* NUL-terminated once finished */
	size_t		size;
	size_t		room;
	size_t		header_bytes;
	char	   *facts[WIRE_FACTS];

	long		status;
	bool		connected;		/* the request itself was sent */
	bool		reused;			/* went over a kept connection */
	int64		wire_bytes;
	char		peer[64];		/* the address refused */
	char		error[CURL_ERROR_SIZE];
} WireTransfer;

/* What a transfer needs to know; strings live until wire_start returns. */
typedef struct WireSetup
{
	const char *url;
	const char *token;
	const char *proxy;
	const char *proxy_password;
	const char *ca_file;
	const char *user_agent;
	const char *etag;			/* ask only if changed */
	bool		fresh;			/* on a new connection */
	bool		public_only;
	long		connect_timeout_ms;
	size_t		limit;
} WireSetup;

/* Starts libcurl at the first call; raises an error if it cannot. */
extern void wire_init(void);

/* Whether descriptors allow one more transfer; how many there are. */
extern bool wire_has_room(void);
extern int	wire_on_wire(void);

/* False: out of memory, nothing started. */
extern bool wire_start(WireTransfer *transfer, const WireSetup *setup);
extern void wire_stop(WireTransfer *transfer);	/* off the wire; facts stay */
extern void wire_clear(WireTransfer *transfer); /* stop, and free all */

/* Moves what can be moved without waiting; then finished ones are taken. */
extern void wire_drive(void);
extern WireTransfer *wire_take_finished(void);

/* Whether another round of both would move something at once. */
extern bool wire_is_due(void);

/* Monotonic microseconds; the alarm makes the descriptor readable then. */
extern int64 wire_now(void);
extern void wire_alarm(int64 due_us);	/* PG_INT64_MAX: none */
extern int	wire_descriptor(void);

/* Sleeps until there is work or the latch is set; raises no error itself. */
extern void wire_wait(uint32 wait_event);

#endif							/* PGHUB_NET_WIRE_H */
