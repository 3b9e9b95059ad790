/*
 * net_probe.c
 *		SQL functions over the transfer engine, for tests.
 *
 * net_probe returns one answer a call, so that a cursor over it keeps a
 * channel open between two FETCHes as a scan does.
 */
#include "postgres.h"

#include <dirent.h>
#include <unistd.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "net/address.h"
#include "net/header.h"
#include "net/http.h"
#include "net/url.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

PG_FUNCTION_INFO_V1(net_probe);
PG_FUNCTION_INFO_V1(net_probe_quota);
PG_FUNCTION_INFO_V1(net_probe_fds);
PG_FUNCTION_INFO_V1(net_probe_flush);
PG_FUNCTION_INFO_V1(net_probe_link);
PG_FUNCTION_INFO_V1(net_probe_rate);
PG_FUNCTION_INFO_V1(net_probe_after);
PG_FUNCTION_INFO_V1(net_probe_resolve);
PG_FUNCTION_INFO_V1(net_probe_private);
PG_FUNCTION_INFO_V1(net_probe_escape);

typedef struct Probe
{
	NetChannel *channel;
	NetRequest **requests;
	int			count;
	int			at;
	bool		follow;
	bool		accept_errors;
} Probe;

void
_PG_init(void)
{
	net_init();
}

static char *
text_arg(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

static Probe *
open_probe(FunctionCallInfo fcinfo, MemoryContext context)
{
	Probe	   *probe = palloc0(sizeof(Probe));
	NetSettings settings = {0};
	Datum	   *paths;

	settings.endpoint = text_arg(fcinfo, 0);
	settings.token = text_arg(fcinfo, 2);
	settings.trusted = PG_GETARG_BOOL(3);
	settings.connect_timeout_ms = PG_GETARG_INT32(4);
	settings.timeout_ms = PG_GETARG_INT32(5);
	settings.max_retries = PG_GETARG_INT32(6);
	settings.quota_wait_max_ms = PG_GETARG_INT32(7);
	settings.max_concurrency = PG_GETARG_INT32(8);
	settings.max_response_mb = PG_GETARG_INT32(9);
	settings.cache_ttl_s = PG_GETARG_INT32(10);
	settings.server = PG_GETARG_OID(11);
	settings.ca_file = text_arg(fcinfo, 13);
	settings.proxy = text_arg(fcinfo, 14);
	settings.user_agent = "pghub net_probe";
	probe->follow = PG_GETARG_BOOL(12);
	probe->accept_errors = PG_GETARG_BOOL(15);
	probe->channel = net_open(&settings, context);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT,
					  &paths, NULL, &probe->count);
	probe->requests = palloc(sizeof(NetRequest *) * Max(1, probe->count));
	for (int i = 0; i < probe->count; i++)
		probe->requests[i] = net_get(probe->channel, TextDatumGetCString(paths[i]));
	return probe;
}

static Datum
answer_row(FunctionCallInfo fcinfo, FuncCallContext *call, Probe *probe,
		   const NetResponse *response)
{
	const NetCounters *counters = net_counters(probe->channel);
	Datum		values[11] = {0};
	bool		nulls[11] = {0};

	values[0] = Int32GetDatum(response->status);
	values[1] = Int64GetDatum(response->size);
	values[2] = PointerGetDatum(cstring_to_text_with_len(response->body ? response->body : "",
														 Min(response->size, 200)));
	nulls[3] = response->next == NULL;
	if (response->next != NULL)
		values[3] = CStringGetTextDatum(response->next);
	values[4] = CStringGetTextDatum(response->url);
	values[5] = BoolGetDatum(response->redirected);
	values[6] = Int64GetDatum(counters->requests);
	values[7] = Int64GetDatum(counters->retries);
	values[8] = Int64GetDatum(counters->bytes_wire);
	values[9] = Int64GetDatum(counters->bytes_decoded);
	values[10] = Int64GetDatum(counters->quota_wait_ms);
	return HeapTupleGetDatum(heap_form_tuple(call->tuple_desc, values, nulls));
}

Datum
net_probe(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	Probe	   *probe;
	NetRequest *request;
	const NetResponse *response;
	Datum		row;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;

		call = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(call->multi_call_memory_ctx);
		get_call_result_type(fcinfo, NULL, &call->tuple_desc);
		BlessTupleDesc(call->tuple_desc);
		call->user_fctx = open_probe(fcinfo, call->multi_call_memory_ctx);
		MemoryContextSwitchTo(old);
	}
	call = SRF_PERCALL_SETUP();
	probe = call->user_fctx;
	if (probe->at == probe->count)
		SRF_RETURN_DONE(call);
	request = probe->requests[probe->at];
	response = net_finish(request);
	/* what a scan does with a body that is no JSON */
	while (response->status == 200 && response->body[0] == '!')
	{
		net_retry(request, "The body starts with an exclamation mark.");
		response = net_finish(request);
	}
	if (response->status != 200 && !probe->accept_errors)
		net_raise(probe->channel, response);
	row = answer_row(fcinfo, call, probe, response);
	if (probe->follow && response->next != NULL)
		probe->requests[probe->at] = net_get(probe->channel, response->next);
	else
		probe->at++;
	net_release(request);
	SRF_RETURN_NEXT(call, row);
}

Datum
net_probe_quota(PG_FUNCTION_ARGS)
{
	NetQuota	quota = net_quota(PG_GETARG_OID(0), InvalidOid);

	if (!quota.known)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(psprintf(INT64_FORMAT " of " INT64_FORMAT,
											  quota.left, quota.limit)));
}

Datum
net_probe_flush(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(net_cache_flush());
}

/* Descriptors of this backend that are no files: those come and go. */
Datum
net_probe_fds(PG_FUNCTION_ARGS)
{
	DIR		   *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int			count = 0;

	if (dir == NULL)
		elog(ERROR, "could not read /proc/self/fd");
	while ((entry = readdir(dir)) != NULL)
	{
		char		path[300];
		char		target[300];
		ssize_t		length;

		snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		length = readlink(path, target, sizeof(target));
		if (length > 0 && target[0] != '/')
			count++;
	}
	closedir(dir);
	PG_RETURN_INT32(count);
}

Datum
net_probe_link(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	const char *target;
	size_t		length;

	if (!net_link_next(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &target, &length))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(target, length));
}

Datum
net_probe_rate(PG_FUNCTION_ARGS)
{
	text	   *limit = PG_GETARG_TEXT_PP(0);
	text	   *policy = PG_GETARG_TEXT_PP(1);
	NetRate		rate = {-1, -1, -1, -1};

	(void) net_rate_limit(VARDATA_ANY(limit), VARSIZE_ANY_EXHDR(limit), &rate);
	(void) net_rate_policy(VARDATA_ANY(policy), VARSIZE_ANY_EXHDR(policy), &rate);
	PG_RETURN_TEXT_P(cstring_to_text(psprintf("%ld %ld %ld %ld",
											  (long) rate.left, (long) rate.reset_s,
											  (long) rate.limit, (long) rate.window_s)));
}

Datum
net_probe_after(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	int64_t		seconds;

	if (!net_retry_after(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value),
						 PG_GETARG_INT64(1), &seconds))
		PG_RETURN_NULL();
	PG_RETURN_INT64(seconds);
}

Datum
net_probe_resolve(PG_FUNCTION_ARGS)
{
	text	   *origin_text = PG_GETARG_TEXT_PP(0);
	text	   *link = PG_GETARG_TEXT_PP(1);
	NetUrl		origin;
	const char *path;
	size_t		length;
	bool		foreign;

	if (!net_url_parse(VARDATA_ANY(origin_text), VARSIZE_ANY_EXHDR(origin_text), &origin))
		PG_RETURN_TEXT_P(cstring_to_text("no origin"));
	if (!net_url_resolve(&origin, VARDATA_ANY(link), VARSIZE_ANY_EXHDR(link),
						 &path, &length, &foreign))
		PG_RETURN_TEXT_P(cstring_to_text(foreign ? "foreign" : "bad"));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(path, length));
}

Datum
net_probe_private(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(net_address_text_is_private(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}

Datum
net_probe_escape(PG_FUNCTION_ARGS)
{
	StringInfoData url;

	initStringInfo(&url);
	net_append_escaped(&url, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_TEXT_P(cstring_to_text(url.data));
}
