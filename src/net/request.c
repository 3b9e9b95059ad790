/*
 * request.c
 *		The life of a request: queue, wire, retries, redirects, answer.
 *
 * net_step moves every channel of the backend as far as it goes without
 * waiting; channel.c calls it from each public function.  All decisions on
 * what an answer or a failure means are here.  Failures are only recorded:
 * they are raised when the request is asked for, so that a look-up made ahead
 * of need costs nothing when nobody asks.
 */
#include "postgres.h"

#include <time.h>

#include "common/pg_prng.h"

#include "net/cache.h"
#include "net/channel.h"
#include "net/header.h"

#define BACKOFF_FIRST_US	SECOND_US
#define BACKOFF_CAP_US		(8 * SECOND_US)
#define RESOLVE_RETRIES		1

/* Below this a gap between two steps is the caller's normal work. */
#define IDLE_GAP_US			(100 * 1000)

dlist_head	net_channels = DLIST_STATIC_INIT(net_channels);

static int64 last_active = 0;

/* ---- states ---- */

static void
set_state(NetRequest *request, RequestState state)
{
	NetChannel *channel = request->channel;
	bool		was_active = request->state == REQUEST_RUNNING ||
		request->state == REQUEST_PAUSED;
	bool		is_active = state == REQUEST_RUNNING || state == REQUEST_PAUSED;

	dlist_delete(&request->node);
	request->state = state;
	channel->active_count += is_active - was_active;
	if (is_active)
		dlist_push_tail(&channel->active, &request->node);
	else if (state == REQUEST_QUEUED)
		dlist_push_head(&channel->queue, &request->node);
	else
		dlist_push_tail(&channel->settled, &request->node);
}

static void
leave_wire(NetRequest *request)
{
	wire_stop(&request->transfer);
	if (request->flying)
	{
		request->flying = false;
		quota_back(request->channel->account);
	}
}

static void
fail(NetRequest *request, NetFault fault)
{
	leave_wire(request);
	request->fault = fault;
	set_state(request, REQUEST_FAILED);
}

/* Off the wire and out of the channel's lists. */
void
request_stop(NetRequest *request)
{
	leave_wire(request);
	set_state(request, REQUEST_FAILED);
	request->fault = FAULT_STOPPED;
}

static void
pause_until(NetRequest *request, int64 when)
{
	leave_wire(request);
	request->resume_us = when;
	set_state(request, REQUEST_PAUSED);
}

/* Half of the pause is fixed, half random: sessions do not march in step. */
static int64
backoff(int tries)
{
	int64		pause = BACKOFF_FIRST_US << Min(tries, 3);

	pause = Min(pause, BACKOFF_CAP_US);
	return pause / 2 +
		(int64) (pg_prng_double(&pg_global_prng_state) * (pause / 2));
}

static void
count_retry(NetRequest *request)
{
	request->tries++;
	request->channel->counters.retries++;
	request->channel->account->totals.retries++;
}

/* The same URL again after a pause, unless tries or time are used up. */
void
request_retry(NetRequest *request, NetFault fault)
{
	int			most = request->channel->settings.max_retries;
	int64		resume = wire_now() + backoff(request->tries);

	if (fault == FAULT_RESOLVE)
		most = Min(most, RESOLVE_RETRIES);	/* mostly a mistyped name */
	if (request->tries >= most || resume >= request->deadline_us)
	{
		fail(request, fault);
		return;
	}
	count_retry(request);
	request->fault = fault;
	pause_until(request, resume);
}

/* ---- what an answer means ---- */

static void
learn_quota(NetRequest *request)
{
	char	  **facts = request->transfer.facts;
	NetRate		rate = {-1, -1, -1, -1};

	if (facts[FACT_RATE_LIMIT] != NULL)
		(void) net_rate_limit(facts[FACT_RATE_LIMIT],
							  strlen(facts[FACT_RATE_LIMIT]), &rate);
	if (facts[FACT_RATE_POLICY] != NULL)
		(void) net_rate_policy(facts[FACT_RATE_POLICY],
							   strlen(facts[FACT_RATE_POLICY]), &rate);
	quota_learn(request->channel->account, &rate);
}

/* Books a wait for the quota until DUE; false: more than the request may. */
static bool
accept_wait(NetRequest *request, int64 now, int64 due)
{
	int64		from = Max(now, request->quota_until);

	if (due <= from)
		return true;
	if (request->quota_waited_us + (due - from) >
		(int64) request->channel->settings.quota_wait_max_ms * 1000)
		return false;
	request->quota_waited_us += due - from;
	if (request->deadline_us != 0)
		request->deadline_us += due - from;
	request->quota_until = due;
	return true;
}

/*
 * 429: wait as the server says, RateLimit before Retry-After; one that says
 * nothing counts as a failed try.
 */
static void
too_many(NetRequest *request, int64 now)
{
	NetChannel *channel = request->channel;
	const char *limit = request->transfer.facts[FACT_RATE_LIMIT];
	const char *after = request->transfer.facts[FACT_RETRY_AFTER];
	NetRate		rate = {-1, -1, -1, -1};
	int64		seconds = -1;
	int64		resume;

	if (limit != NULL && net_rate_limit(limit, strlen(limit), &rate) &&
		rate.left == 0 && rate.reset_s >= 0)
		seconds = rate.reset_s + 1;
	else if (after == NULL ||
			 !net_retry_after(after, strlen(after), time(NULL), &seconds))
	{
		request_retry(request, FAULT_STATUS);
		return;
	}
	resume = now + Max(seconds * SECOND_US, backoff(request->tries));
	if (!accept_wait(request, now, resume))
	{
		fail(request, FAULT_QUOTA);
		return;
	}
	count_retry(request);
	quota_block(channel->account, resume - now);
	leave_wire(request);
	request_queue(request, true);
}

void
request_set_path(NetRequest *request, const char *path, size_t length)
{
	NetChannel *channel = request->channel;
	MemoryContext old = MemoryContextSwitchTo(channel->memory);
	char	   *copy = pnstrdup(path, length);
	char	   *url = psprintf("%s%s", channel->origin_text, copy);

	MemoryContextSwitchTo(old);
	if (request->path != NULL)
		pfree(request->path);
	if (request->url != NULL)
		pfree(request->url);
	request->path = copy;
	request->url = url;
}

/* Redirects are followed within the origin only: the token goes nowhere else. */
static void
redirect(NetRequest *request)
{
	const char *location = request->transfer.facts[FACT_LOCATION];
	const char *path;
	size_t		length;
	bool		foreign = false;

	if (location == NULL ||
		!net_url_resolve(&request->channel->origin, location, strlen(location),
						 &path, &length, &foreign))
	{
		fail(request, foreign ? FAULT_REDIRECT_FOREIGN : FAULT_REDIRECT_BAD);
		return;
	}
	if (++request->redirects > MAX_REDIRECTS)
	{
		fail(request, FAULT_REDIRECT_LOOP);
		return;
	}
	request_set_path(request, path, length);
	request->response.redirected = true;
	leave_wire(request);
	request_queue(request, true);
}

/* The next page's path, proven to be of the same origin; false: failed. */
static bool
find_next(NetRequest *request)
{
	const char *link = request->transfer.facts[FACT_LINK];
	const char *target;
	const char *path;
	size_t		length;
	bool		foreign;

	request->response.next = NULL;
	if (link == NULL || !net_link_next(link, strlen(link), &target, &length))
		return true;
	if (!net_url_resolve(&request->channel->origin, target, length,
						 &path, &length, &foreign))
	{
		fail(request, foreign ? FAULT_LINK_FOREIGN : FAULT_LINK_BAD);
		return false;
	}
	if (length == strlen(request->path) &&
		memcmp(path, request->path, length) == 0)
	{
		fail(request, FAULT_LINK_LOOP);
		return false;
	}
	{
		MemoryContext old = MemoryContextSwitchTo(request->channel->memory);

		request->response.next = pnstrdup(path, length);
		MemoryContextSwitchTo(old);
	}
	return true;
}

static void
settle(NetRequest *request)
{
	request->fault = FAULT_NONE;
	leave_wire(request);
	set_state(request, REQUEST_DONE);
}

static void
succeed(NetRequest *request)
{
	WireTransfer *transfer = &request->transfer;
	NetResponse *response = &request->response;

	if (!find_next(request))
		return;
	response->status = (int) transfer->status;
	response->body = transfer->body;
	response->size = transfer->size;
	response->url = request->url;
	response->error_code = transfer->facts[FACT_ERROR_CODE];
	response->error_message = transfer->facts[FACT_ERROR_MESSAGE];
	response->request_id = transfer->facts[FACT_REQUEST_ID];
	cache_store(request);
	settle(request);
}

/* 304 was asked for by our own validator: the answer kept still holds. */
static void
not_modified(NetRequest *request)
{
	if (!request->validated)
		fail(request, FAULT_STATUS);
	else if (cache_revive(request))
		settle(request);
	else
	{
		/* it went while we asked */
		request->unconditional = true;
		leave_wire(request);
		request_queue(request, true);
	}
}

static void
judge_answer(NetRequest *request, int64 now)
{
	const char *type = request->transfer.facts[FACT_CONTENT_TYPE];
	long		status = request->transfer.status;

	learn_quota(request);
	switch (status)
	{
		case 200:
			if (type == NULL || !net_is_json(type, strlen(type)) ||
				request->transfer.size == 0)
				request_retry(request, FAULT_NOT_JSON);
			else
				succeed(request);
			break;
		case 301:
		case 302:
		case 303:
		case 307:
		case 308:
			redirect(request);
			break;
		case 304:
			not_modified(request);
			break;
		case 429:
			too_many(request, now);
			break;
		case 500:
		case 502:
		case 503:
		case 504:
			request_retry(request, FAULT_STATUS);
			break;
		default:
			if (status >= 400 && status < 500)
				succeed(request);
			else
				fail(request, FAULT_STATUS);
	}
}

/* A kept connection that died before the first byte says nothing of now. */
static bool
died_early(const NetRequest *request)
{
	const WireTransfer *transfer = &request->transfer;

	return transfer->reused && transfer->header_bytes == 0 && !request->revived &&
		(transfer->result == CURLE_SEND_ERROR ||
		 transfer->result == CURLE_RECV_ERROR ||
		 transfer->result == CURLE_GOT_NOTHING ||
		 transfer->result == CURLE_HTTP2 ||
		 transfer->result == CURLE_HTTP2_STREAM);
}

static NetFault
transport_fault(const WireTransfer *transfer)
{
	switch (transfer->result)
	{
		case CURLE_COULDNT_RESOLVE_HOST:
		case CURLE_COULDNT_RESOLVE_PROXY:
			return FAULT_RESOLVE;
		case CURLE_COULDNT_CONNECT:
		case CURLE_SSL_CONNECT_ERROR:
			return FAULT_CONNECT;
		case CURLE_OPERATION_TIMEDOUT:
			return FAULT_CONNECT_TIMEOUT;
		case CURLE_PEER_FAILED_VERIFICATION:
		case CURLE_SSL_CACERT_BADFILE:
		case CURLE_SSL_ISSUER_ERROR:
		case CURLE_SSL_CERTPROBLEM:
		case CURLE_SSL_ENGINE_NOTFOUND:
		case CURLE_SSL_ENGINE_SETFAILED:
		case CURLE_SSL_CIPHER:
		case CURLE_USE_SSL_FAILED:
			return FAULT_TLS;
		case CURLE_OUT_OF_MEMORY:
			return FAULT_MEMORY;
		default:
			return FAULT_BROKEN;
	}
}

static void
judge_failure(NetRequest *request)
{
	static const NetFault stops[] = {
		[STOP_MEMORY] = FAULT_MEMORY,
		[STOP_BODY] = FAULT_TOO_LARGE,
		[STOP_HEADERS] = FAULT_HEADERS,
		[STOP_ADDRESS] = FAULT_ADDRESS
	};
	WireTransfer *transfer = &request->transfer;
	NetFault	fault;

	if (transfer->stop != STOP_NONE)
	{
		fail(request, stops[transfer->stop]);
		return;
	}
	fault = transport_fault(transfer);
	if (died_early(request) || request->idle_us > 0)
	{
		/* nobody read for a while, or the connection was stale: not counted */
		request->revived = true;
		request->fresh = true;
		request->idle_us = 0;
		leave_wire(request);
		request_queue(request, true);
		return;
	}
	if (fault == FAULT_RESOLVE || fault == FAULT_CONNECT || fault == FAULT_BROKEN)
		request_retry(request, fault);
	else
		fail(request, fault);
}

static void
count_bytes(NetCounters *counters, const WireTransfer *transfer)
{
	counters->bytes_wire += transfer->wire_bytes;
	counters->bytes_decoded += transfer->size;
}

static void
judge(NetRequest *request)
{
	count_bytes(&request->channel->counters, &request->transfer);
	count_bytes(&request->channel->account->totals, &request->transfer);
	if (request->transfer.result == CURLE_OK)
		judge_answer(request, wire_now());
	else
		judge_failure(request);
}

/* ---- start ---- */

/* A new request: answered from the cache, or put in the queue. */
void
request_begin(NetRequest *request)
{
	if (cache_answer(request))
	{
		request->state = REQUEST_DONE;
		dlist_push_tail(&request->channel->settled, &request->node);
	}
	else
		request_queue(request, false);
}

void
request_queue(NetRequest *request, bool first)
{
	if (first)
		set_state(request, REQUEST_QUEUED);
	else
	{
		request->state = REQUEST_QUEUED;
		dlist_push_tail(&request->channel->queue, &request->node);
	}
}

static void
start(NetRequest *request, int64 now)
{
	NetChannel *channel = request->channel;
	const NetSettings *settings = &channel->settings;
	WireSetup	setup = {0};

	if (request->deadline_us == 0)
		request->deadline_us = now + (int64) settings->timeout_ms * 1000;
	setup.url = request->url;
	setup.token = settings->token;
	setup.proxy = settings->proxy;
	setup.proxy_password = settings->proxy_password;
	setup.ca_file = settings->ca_file;
	setup.user_agent = settings->user_agent;
	if (!request->unconditional)
		setup.etag = cache_validator(request);
	request->validated = setup.etag != NULL;
	setup.fresh = request->fresh;
	setup.public_only = channel->public_only;
	setup.connect_timeout_ms = settings->connect_timeout_ms;
	setup.limit = (size_t) settings->max_response_mb * 1024 * 1024;
	request->fresh = false;
	request->idle_us = 0;
	request->flying = true;
	if (!wire_start(&request->transfer, &setup))
	{
		fail(request, FAULT_MEMORY);
		return;
	}
	net_count_request();
	channel->counters.requests++;
	channel->account->totals.requests++;
	set_state(request, REQUEST_RUNNING);
}

/* Whether the head of the queue may leave; else it failed, or must wait. */
static bool
may_start(NetChannel *channel, NetRequest *request, int64 now)
{
	QuotaAnswer answer;

	if (!wire_has_room())
	{
		if (wire_on_wire() == 0)
			fail(request, FAULT_DESCRIPTORS);
		return false;			/* else as one comes back */
	}
	if (!net_may_request())
	{
		fail(request, FAULT_MAX_REQUESTS);
		return false;
	}
	answer = quota_take(channel->account, channel->settings.max_concurrency,
						&channel->due_us);
	channel->blocked = answer == QUOTA_USED_UP;
	if (channel->blocked && !accept_wait(request, now, channel->due_us))
		fail(request, FAULT_QUOTA);
	return answer == QUOTA_TAKEN;
}

static void
pump(NetChannel *channel, int64 now)
{
	channel->due_us = PG_INT64_MAX;
	channel->blocked = false;
	while (!dlist_is_empty(&channel->queue) &&
		   channel->active_count < channel->settings.max_concurrency)
	{
		NetRequest *request = dlist_head_element(NetRequest, node, &channel->queue);

		if (may_start(channel, request, now))
			start(request, now);
		else if (request->state == REQUEST_QUEUED)
			return;
	}
	channel->due_us = PG_INT64_MAX;
	channel->blocked = false;
}

/* Ends pauses and overdue tries; returns the earliest instant that matters. */
static int64
look_at_clock(NetChannel *channel, int64 now)
{
	int64		due = PG_INT64_MAX;
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &channel->active)
	{
		NetRequest *request = dlist_container(NetRequest, node, iter.cur);
		bool		paused = request->state == REQUEST_PAUSED;
		int64		when = paused ? request->resume_us : request->deadline_us;

		if (when > now)
			due = Min(due, when);
		else if (paused)
			request_queue(request, true);
		else
			fail(request, FAULT_TIMEOUT);
	}
	return due;
}

/* Time in which nobody drove the engine is not the server's fault. */
static void
forgive_idleness(int64 now)
{
	int64		gap = now - last_active;
	dlist_iter	outer;

	if (last_active == 0 || gap < IDLE_GAP_US)
		return;
	dlist_foreach(outer, &net_channels)
	{
		NetChannel *channel = dlist_container(NetChannel, node, outer.cur);
		dlist_iter	iter;

		dlist_foreach(iter, &channel->active)
		{
			NetRequest *request = dlist_container(NetRequest, node, iter.cur);

			if (request->state != REQUEST_RUNNING)
				continue;
			request->deadline_us += gap;
			request->idle_us += gap;
		}
	}
}

/* After a wait of our own: what passed was not idleness. */
void
net_mark_active(void)
{
	last_active = wire_now();
}

void
net_step(void)
{
	forgive_idleness(wire_now());
	do
	{
		WireTransfer *transfer;
		int64		due = PG_INT64_MAX;
		int64		now;
		dlist_iter	iter;

		wire_drive();
		while ((transfer = wire_take_finished()) != NULL)
			judge((NetRequest *) ((char *) transfer - offsetof(NetRequest, transfer)));
		now = wire_now();
		dlist_foreach(iter, &net_channels)
		{
			NetChannel *channel = dlist_container(NetChannel, node, iter.cur);

			(void) look_at_clock(channel, now);
			pump(channel, now);
			/* once more: the pump started new deadlines */
			due = Min(due, Min(look_at_clock(channel, now), channel->due_us));
		}
		wire_alarm(due);
	} while (wire_is_due());
	net_mark_active();
}
