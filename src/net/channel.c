/*
 * channel.c
 *		Channels: what a scan holds, and how its waits and its end go.
 *
 * The public functions of http.h are here.  A channel and its requests live in
 * a context of their own below TopMemoryContext and go with the context that
 * the scan named, by a reset callback.  An error that leaves a wait, the abort
 * of the transaction and that of the subtransaction which opened the channel
 * take its transfers off the wire before that, since the memory of a failed
 * portal goes only when the transaction is cleaned up.
 */
#include "postgres.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "compat.h"
#include "net/cache.h"
#include "net/channel.h"

static bool callbacks_set = false;

/* ---- end of life ---- */

static void
stop_list(dlist_head *list)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, list)
	{
		request_stop(dlist_container(NetRequest, node, iter.cur));
	}
}

/* Nothing of the channel runs any more; what it holds stays readable. */
void
net_channel_stop(NetChannel *channel)
{
	channel->stopped = true;
	stop_list(&channel->queue);
	stop_list(&channel->active);
}

static void
clear_list(dlist_head *list)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, list)
	{
		wire_clear(&dlist_container(NetRequest, node, iter.cur)->transfer);
	}
}

/* Memory-context callback: must not fail. */
static void
free_channel(void *argument)
{
	NetChannel *channel = argument;

	net_channel_stop(channel);
	clear_list(&channel->settled);
	dlist_delete(&channel->node);
	if (channel->settings.token != NULL)
		explicit_bzero((char *) channel->settings.token,
					   strlen(channel->settings.token));
	MemoryContextDelete(channel->memory);
}

static void
at_transaction_end(XactEvent event, void *argument)
{
	dlist_iter	iter;

	if (event != XACT_EVENT_ABORT && event != XACT_EVENT_PARALLEL_ABORT)
		return;
	dlist_foreach(iter, &net_channels)
	{
		net_channel_stop(dlist_container(NetChannel, node, iter.cur));
	}
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId mine,
					  SubTransactionId parent, void *argument)
{
	dlist_iter	iter;

	dlist_foreach(iter, &net_channels)
	{
		NetChannel *channel = dlist_container(NetChannel, node, iter.cur);

		if (channel->subid != mine)
			continue;
		if (event == SUBXACT_EVENT_ABORT_SUB)
			net_channel_stop(channel);
		else if (event == SUBXACT_EVENT_COMMIT_SUB)
			channel->subid = parent;
	}
}

/* ---- opening ---- */

static void
refuse_endpoint(const char *endpoint, const char *why)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
			 errmsg("invalid endpoint \"%s\"", endpoint),
			 errdetail("%s", why)));
}

static void
check_host(const NetChannel *channel)
{
	const NetUrl *origin = &channel->origin;
	bool		listed = net_host_is_listed(origin->host, origin->host_length);

	if (!origin->https && !net_host_is_loopback(origin->host, origin->host_length))
		refuse_endpoint(channel->settings.endpoint,
						"Only https is allowed, or http to the loopback interface.");
	if (channel->settings.trusted || listed)
		return;
	if (net_hosts_are_limited())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("host \"%.*s\" is not allowed",
						(int) origin->host_length, origin->host),
				 errdetail("The server's owner is no superuser, and \"%s\" does not list the host.",
						   "pghub.allowed_hosts")));
}

static char *
copy_string(const char *text)
{
	return text != NULL && text[0] != '\0' ? pstrdup(text) : NULL;
}

static void
copy_settings(NetChannel *channel, const NetSettings *settings)
{
	MemoryContext old = MemoryContextSwitchTo(channel->memory);
	NetSettings *copy = &channel->settings;
	NetUrl	   *origin = &channel->origin;

	*copy = *settings;
	copy->endpoint = pstrdup(settings->endpoint);
	copy->token = copy_string(settings->token);
	copy->proxy = copy_string(settings->proxy);
	copy->proxy_password = copy_string(settings->proxy_password);
	copy->ca_file = copy_string(settings->ca_file);
	copy->user_agent = copy_string(settings->user_agent);
	copy->max_concurrency = Max(1, settings->max_concurrency);
	if (!net_url_parse(copy->endpoint, strlen(copy->endpoint), origin) ||
		(origin->path_length > 0 && strcmp(origin->path, "/") != 0))
		refuse_endpoint(copy->endpoint,
						"It must be scheme://host or scheme://host:port.");
	channel->origin_text = psprintf("%s://%s%.*s%s:%d",
									origin->https ? "https" : "http",
									origin->bracketed ? "[" : "",
									(int) origin->host_length, origin->host,
									origin->bracketed ? "]" : "",
									origin->port);
	if (origin->port == (origin->https ? 443 : 80))
		*strrchr(channel->origin_text, ':') = '\0';
	MemoryContextSwitchTo(old);
}

/* A token with blanks or control characters would forge headers. */
static void
check_token(const char *token)
{
	for (; token != NULL && *token != '\0'; token++)
	{
		if ((unsigned char) *token <= 0x20 || (unsigned char) *token >= 0x7F)
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
					 errmsg("the token of the user mapping holds a character that no token has")));
	}
}

NetChannel *
net_open(const NetSettings *settings, MemoryContext context)
{
	MemoryContext memory = AllocSetContextCreate(TopMemoryContext,
												 "pghub channel",
												 ALLOCSET_SMALL_SIZES);
	NetChannel *channel = MemoryContextAllocZero(memory, sizeof(NetChannel));
	MemoryContextCallback *callback;

	channel->memory = memory;
	dlist_init(&channel->queue);
	dlist_init(&channel->active);
	dlist_init(&channel->settled);
	channel->due_us = PG_INT64_MAX;
	channel->subid = GetCurrentSubTransactionId();

	/* from here on the channel goes with the scan's context */
	callback = MemoryContextAlloc(context, sizeof(MemoryContextCallback));
	callback->func = free_channel;
	callback->arg = channel;
	dlist_push_tail(&net_channels, &channel->node);
	MemoryContextRegisterResetCallback(context, callback);

	copy_settings(channel, settings);
	check_host(channel);
	check_token(channel->settings.token);
	channel->public_only = !settings->trusted &&
		!net_host_is_listed(channel->origin.host, channel->origin.host_length);
	if (net_host_is_loopback(channel->origin.host, channel->origin.host_length))
		channel->settings.proxy = NULL;
	if (channel->settings.proxy != NULL)
		channel->public_only = false;	/* the proxy resolves, not we */
	channel->account = account_open(settings->server, settings->user_mapping,
									channel->origin_text, channel->settings.token);
	if (!callbacks_set)
	{
		RegisterXactCallback(at_transaction_end, NULL);
		RegisterSubXactCallback(at_subtransaction_end, NULL);
		callbacks_set = true;
	}
	return channel;
}

void
net_adopt(NetChannel *channel)
{
	channel->subid = GetCurrentSubTransactionId();
}

/* ---- requests ---- */

static const char *
path_of(NetChannel *channel, const char *path, size_t *length)
{
	const char *slice = NULL;
	bool		foreign;

	*length = strlen(path);
	if (!net_url_resolve(&channel->origin, path, *length, &slice, length, &foreign) ||
		!net_path_is_clean(slice, *length))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_STRING_FORMAT),
				 errmsg("invalid request path \"%.200s\"", path)));
	return slice;
}

NetRequest *
net_get(NetChannel *channel, const char *path)
{
	size_t		length;
	const char *slice = path_of(channel, path, &length);
	MemoryContext old;
	NetRequest *request;

	if (channel->stopped)
		elog(ERROR, "request on a stopped channel");
	wire_init();
	old = MemoryContextSwitchTo(channel->memory);
	request = palloc0(sizeof(NetRequest));
	request->channel = channel;
	request->asked = pnstrdup(slice, length);
	request->path = pnstrdup(slice, length);
	request->url = psprintf("%s%s", channel->origin_text, request->path);
	MemoryContextSwitchTo(old);
	request_begin(request);
	net_step();
	return request;
}

void
net_drive(NetChannel *channel)
{
	net_step();
}

bool
net_ready(const NetRequest *request)
{
	return request->state == REQUEST_DONE || request->state == REQUEST_FAILED;
}

int
net_descriptor(NetChannel *channel)
{
	return wire_descriptor();
}

void
net_wake(void)
{
	wire_alarm(0);
}

void
net_woken(NetChannel *channel)
{
	net_mark_active();
	net_step();
}

/* Once a wait; others who wait for the same window are told by their own. */
static void
announce_quota(NetChannel *channel)
{
	Account    *account = channel->account;
	int64		seconds = (channel->due_us - wire_now() + 999999) / 1000000;

	if (account->announced == account->window)
		return;
	account->announced = account->window;
	ereport(NOTICE,
			(errmsg("waiting " INT64_FORMAT " s: the request quota of %s is used up",
					Max(seconds, 1), channel->origin_text)));
}

static uint32
wait_event_of(const NetRequest *request)
{
	static uint32 quota = 0;
	static uint32 connect = 0;
	static uint32 transfer = 0;

	if (request->channel->blocked)
		return PGHUB_WAIT_EVENT(quota, "PghubQuota");
	if (request->state == REQUEST_RUNNING && !request->transfer.connected)
		return PGHUB_WAIT_EVENT(connect, "PghubConnect");
	return PGHUB_WAIT_EVENT(transfer, "PghubTransfer");
}

/*
 * The wait of those requests that the quota kept; the session's account counts
 * it once, however many of its channels waited.
 */
static void
count_quota_wait(NetRequest *const *requests, int count, int64 waited_us)
{
	for (int i = 0; i < count; i++)
	{
		NetChannel *channel = requests[i]->channel;
		int64		before = channel->counters.quota_wait_ms;
		bool		counted = false;

		if (!channel->blocked)
			continue;
		for (int j = 0; j < i; j++)
			counted |= requests[j]->channel->blocked &&
				requests[j]->channel->account == channel->account;
		channel->quota_wait_us += waited_us;
		channel->counters.quota_wait_ms = channel->quota_wait_us / 1000;
		if (!counted)
			channel->account->totals.quota_wait_ms +=
				channel->counters.quota_wait_ms - before;
	}
}

static bool
any_ready(NetRequest *const *requests, int count)
{
	for (int i = 0; i < count; i++)
		if (net_ready(requests[i]))
			return true;
	return false;
}

static void
wait_for_any(NetRequest *const *requests, int count)
{
	for (;;)
	{
		int64		before;

		CHECK_FOR_INTERRUPTS();
		net_step();
		if (any_ready(requests, count))
			return;
		for (int i = 0; i < count; i++)
			if (requests[i]->channel->blocked && requests[i]->state == REQUEST_QUEUED)
				announce_quota(requests[i]->channel);
		before = wire_now();
		wire_wait(wait_event_of(requests[0]));
		count_quota_wait(requests, count, wire_now() - before);
		net_mark_active();
	}
}

void
net_wait(NetRequest *const *requests, int count)
{
	if (any_ready(requests, count))
		return;
	PG_TRY();
	{
		wait_for_any(requests, count);
	}
	PG_CATCH();
	{
		for (int i = 0; i < count; i++)
			net_channel_stop(requests[i]->channel);
		PG_RE_THROW();
	}
	PG_END_TRY();
}

const NetResponse *
net_finish(NetRequest *request)
{
	net_wait(&request, 1);
	if (request->state == REQUEST_FAILED)
		request_raise(request);
	return &request->response;
}

void
net_retry(NetRequest *request, const char *why)
{
	Assert(request->state == REQUEST_DONE);
	request->words = MemoryContextStrdup(request->channel->memory, why);
	request->deadline_us = wire_now() +
		(int64) request->channel->settings.timeout_ms * 1000;
	if (request->response.next != NULL)
		pfree((char *) request->response.next);
	memset(&request->response, 0, sizeof(NetResponse));
	cache_forget(request);
	request_retry(request, FAULT_BODY);
	if (request->state == REQUEST_FAILED)
		request_raise(request);
	net_step();
}

void
net_release(NetRequest *request)
{
	if (!net_ready(request))
		request_stop(request);
	wire_clear(&request->transfer);
	dlist_delete(&request->node);
	if (request->response.next != NULL)
		pfree((char *) request->response.next);
	if (request->words != NULL)
		pfree(request->words);
	pfree(request->url);
	pfree(request->path);
	pfree(request->asked);
	pfree(request);
}

const NetCounters *
net_counters(const NetChannel *channel)
{
	return &channel->counters;
}

NetQuota
net_quota(Oid server, Oid user_mapping)
{
	const Account *account = account_find(server, user_mapping);
	NetQuota	result = {0};

	if (account == NULL || !quota_look(account, &result))
		memset(&result, 0, sizeof(result));
	return result;
}

void
net_append_escaped(StringInfo url, const char *value)
{
	size_t		length = strlen(value);

	enlargeStringInfo(url, 3 * length + 1);
	url->len += net_url_escape(url->data + url->len, value, length);
	url->data[url->len] = '\0';
}
