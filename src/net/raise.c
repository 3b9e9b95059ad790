/*
 * raise.c
 *		The errors of the transfer engine: SQLSTATE, message, detail, hint.
 *
 * Called by channel.c for a request that failed, and by a scan for an answer
 * that it cannot use.  What a server said is cut, cleaned and shown only in
 * the detail; a token never appears, not even if the server repeats it.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "net/channel.h"

#define WORDS_MAX	400
#define URL_MAX		400

/* ---- the server's own words ---- */

/* The text after "error": in a JSON body; escapes stay as they are. */
static const char *
find_error_text(const char *body, size_t size, size_t *length)
{
	static const char key[] = "\"error\"";
	const char *end = body + size;
	const char *at = body;
	const char *start;

	for (; (size_t) (end - at) > sizeof(key); at++)
	{
		if (memcmp(at, key, sizeof(key) - 1) == 0)
			break;
	}
	if ((size_t) (end - at) <= sizeof(key))
		return NULL;
	at += sizeof(key) - 1;
	while (at < end && (*at == ' ' || *at == ':'))
		at++;
	if (at == end || *at != '"')
		return NULL;
	start = ++at;
	while (at < end && *at != '"')
		at += *at == '\\' && end - at > 1 ? 2 : 1;
	*length = Min(at, end) - start;
	return start;
}

/* Takes out what is no printable text of the server's encoding. */
static char *
clean_text(const char *text, size_t length)
{
	char	   *copy;
	bool		ascii_only;

	length = Min(length, WORDS_MAX);
	length = pg_encoding_mbcliplen(PG_UTF8, text, length, WORDS_MAX);
	copy = pnstrdup(text, length);
	length = strlen(copy);
	ascii_only = GetDatabaseEncoding() != PG_UTF8 ||
		!pg_verify_mbstr(PG_UTF8, copy, length, true);
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = copy[i];

		if (c < 0x20 || c == 0x7F)
			copy[i] = ' ';
		else if (c >= 0x80 && ascii_only)
			copy[i] = '?';
	}
	return copy;
}

static void
mask_token(const NetChannel *channel, char *text)
{
	const char *token = channel->settings.token;
	char	   *at;

	if (token == NULL)
		return;
	while ((at = strstr(text, token)) != NULL)
		memset(at, '*', strlen(token));
}

/* A sentence for errdetail, or the empty string. */
static char *
server_words(const NetChannel *channel, const char *header,
			 const char *body, size_t size)
{
	const char *text = NULL;
	size_t		length = 0;
	char	   *words;

	if (body != NULL)
		text = find_error_text(body, size, &length);
	if (text == NULL && header != NULL)
	{
		text = header;
		length = strlen(header);
	}
	if (text == NULL && body != NULL)
	{
		text = body;
		length = size;
	}
	if (text == NULL || length == 0)
		return pstrdup("");
	words = clean_text(text, length);
	mask_token(channel, words);
	return psprintf(" It says: %s", words);
}

static char *
request_id(const char *id)
{
	return id != NULL ? psprintf(" Request id: %s.", clean_text(id, strlen(id))) :
		pstrdup("");
}

/* ---- failures of the transport ---- */

static char *
curl_words(const NetRequest *request)
{
	const WireTransfer *transfer = &request->transfer;
	const char *words = transfer->error[0] != '\0' ? transfer->error :
		curl_easy_strerror(transfer->result);
	char	   *text = clean_text(words, strlen(words));

	mask_token(request->channel, text);
	return text;
}

static char *
tries_text(const NetRequest *request)
{
	return request->tries > 0 ?
		psprintf(" It was tried %d times.", request->tries + 1) : pstrdup("");
}

static void
raise_transport(const NetRequest *request)
{
	const NetChannel *channel = request->channel;
	const NetSettings *settings = &channel->settings;

	switch (request->fault)
	{
		case FAULT_RESOLVE:
		case FAULT_CONNECT:
			ereport(ERROR,
					(errcode(ERRCODE_FDW_UNABLE_TO_ESTABLISH_CONNECTION),
					 errmsg("could not connect to %s", channel->origin_text),
					 errdetail("%s.%s", curl_words(request), tries_text(request)),
					 errhint("Check the network and the server's options \"endpoint\" and \"proxy\".")));
			break;
		case FAULT_CONNECT_TIMEOUT:
			ereport(ERROR,
					(errcode(ERRCODE_FDW_UNABLE_TO_ESTABLISH_CONNECTION),
					 errmsg("could not connect to %s within %d ms",
							channel->origin_text, settings->connect_timeout_ms),
					 errdetail("%s.", curl_words(request)),
					 errhint("The server option \"connect_timeout\" sets the time allowed.")));
			break;
		case FAULT_TLS:
			ereport(ERROR,
					(errcode(ERRCODE_FDW_UNABLE_TO_ESTABLISH_CONNECTION),
					 errmsg("could not prove the identity of %s", channel->origin_text),
					 errdetail("%s.", curl_words(request)),
					 errhint("The server option \"ca_file\" names the certificates to trust; without it they are the system's (Debian: package ca-certificates).")));
			break;
		case FAULT_TIMEOUT:
			ereport(ERROR,
					(errcode(ERRCODE_CONNECTION_FAILURE),
					 errmsg("no complete answer from %s within %d ms",
							channel->origin_text, settings->timeout_ms),
					 errdetail("Request: %.*s.%s", URL_MAX, request->url,
							   tries_text(request)),
					 errhint("The server option \"timeout\" sets the time allowed.")));
			break;
		case FAULT_BROKEN:
			ereport(ERROR,
					(errcode(ERRCODE_CONNECTION_FAILURE),
					 errmsg("the answer from %s broke off", channel->origin_text),
					 errdetail("%s. Request: %.*s.%s", curl_words(request), URL_MAX,
							   request->url, tries_text(request))));
			break;
		default:
			break;
	}
}

/* ---- limits of our own ---- */

static void
raise_quota(const NetRequest *request)
{
	const NetChannel *channel = request->channel;
	bool		anonymous = channel->settings.token == NULL;

	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
			 errmsg("the request quota of %s is used up", channel->origin_text),
			 errdetail("Waiting for the next window would take longer than %d s. Request: %.*s.",
					   channel->settings.quota_wait_max_ms / 1000, URL_MAX, request->url),
			 anonymous ?
			 errhint("A token in the user mapping has a larger quota; the server option \"quota_wait_max\" allows longer waits.") :
			 errhint("The server option \"quota_wait_max\" allows longer waits.")));
}

static void
raise_limit(const NetRequest *request)
{
	const NetChannel *channel = request->channel;

	switch (request->fault)
	{
		case FAULT_TOO_LARGE:
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the answer from %s is larger than %d MB",
							channel->origin_text, channel->settings.max_response_mb),
					 errdetail("Request: %.*s.", URL_MAX, request->url),
					 errhint("The server option \"max_response_mb\" sets the size allowed.")));
			break;
		case FAULT_HEADERS:
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the headers of the answer from %s are too large",
							channel->origin_text),
					 errdetail("Request: %.*s.", URL_MAX, request->url)));
			break;
		case FAULT_ADDRESS:
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("%s has the private address %s",
							channel->origin_text, request->transfer.peer),
					 errdetail("A server whose owner is no superuser may only reach public addresses."),
					 errhint("A superuser can list the host in \"pghub.allowed_hosts\".")));
			break;
		case FAULT_QUOTA:
			raise_quota(request);
			break;
		case FAULT_MAX_REQUESTS:
			ereport(ERROR,
					(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
					 errmsg("the statement needs more requests than \"%s\" allows",
							"pghub.max_requests"),
					 errdetail("Request not sent: %.*s.", URL_MAX, request->url)));
			break;
		case FAULT_DESCRIPTORS:
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
					 errmsg("too few file descriptors to reach a server"),
					 errhint("Raise \"max_files_per_process\".")));
			break;
		case FAULT_MEMORY:
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY),
					 errmsg("out of memory"),
					 errdetail("Request: %.*s.", URL_MAX, request->url)));
			break;
		default:
			break;
	}
}

/* ---- answers that make no sense ---- */

static char *
cleaned_fact(const NetRequest *request, WireFact fact)
{
	const char *value = request->transfer.facts[fact];
	char	   *text;

	if (value == NULL)
		return pstrdup("(none)");
	text = clean_text(value, strlen(value));
	mask_token(request->channel, text);
	return text;
}

static void
raise_link(const NetRequest *request)
{
	const char *what;
	WireFact	fact = FACT_LOCATION;

	switch (request->fault)
	{
		case FAULT_REDIRECT_FOREIGN:
			what = "redirects to another host, port or scheme";
			break;
		case FAULT_REDIRECT_BAD:
			what = "redirects to an invalid place";
			break;
		case FAULT_REDIRECT_LOOP:
			what = "redirects again and again";
			break;
		case FAULT_LINK_FOREIGN:
			what = "names a next page on another host, port or scheme";
			fact = FACT_LINK;
			break;
		case FAULT_LINK_BAD:
			what = "names an invalid next page";
			fact = FACT_LINK;
			break;
		case FAULT_LINK_LOOP:
			what = "names the same page as the next one";
			fact = FACT_LINK;
			break;
		default:
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("%s %s", request->channel->origin_text, what),
			 errdetail("Request: %.*s. It says: %s", URL_MAX, request->url,
					   cleaned_fact(request, fact))));
}

static void
raise_answer(const NetRequest *request)
{
	const NetChannel *channel = request->channel;
	const WireTransfer *transfer = &request->transfer;

	switch (request->fault)
	{
		case FAULT_STATUS:
			ereport(ERROR,
					(errcode(transfer->status == 429 ?
							 ERRCODE_INSUFFICIENT_RESOURCES : ERRCODE_FDW_ERROR),
					 errmsg("%s answers with status %ld",
							channel->origin_text, transfer->status),
					 errdetail("Request: %.*s.%s%s%s", URL_MAX, request->url,
							   tries_text(request),
							   request_id(transfer->facts[FACT_REQUEST_ID]),
							   server_words(channel, transfer->facts[FACT_ERROR_MESSAGE],
											transfer->body, transfer->size))));
			break;
		case FAULT_NOT_JSON:
			ereport(ERROR,
					(errcode(ERRCODE_FDW_ERROR),
					 errmsg("the answer from %s is not JSON", channel->origin_text),
					 errdetail("Content type: %s, size: %zu bytes. Request: %.*s.%s%s",
							   cleaned_fact(request, FACT_CONTENT_TYPE),
							   transfer->size, URL_MAX, request->url,
							   tries_text(request),
							   request_id(transfer->facts[FACT_REQUEST_ID]))));
			break;
		case FAULT_BODY:
			ereport(ERROR,
					(errcode(ERRCODE_FDW_ERROR),
					 errmsg("the answer from %s cannot be read", channel->origin_text),
					 errdetail("%s Request: %.*s.%s%s",
							   request->words != NULL ? request->words : "",
							   URL_MAX, request->url, tries_text(request),
							   request_id(transfer->facts[FACT_REQUEST_ID]))));
			break;
		default:
			break;
	}
}

void
request_raise(const NetRequest *request)
{
	raise_transport(request);
	raise_limit(request);
	raise_link(request);
	raise_answer(request);
	elog(ERROR, "request was stopped before its answer came");
}

/* ---- answers that the caller cannot use ---- */

static void
raise_unauthorized(const NetChannel *channel, const char *detail)
{
	if (channel->settings.token == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
				 errmsg("%s gives no anonymous access to this", channel->origin_text),
				 errdetail("%s", detail),
				 errhint("The repository may not exist, or it needs a token: CREATE USER MAPPING … OPTIONS (token '…').")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
			 errmsg("%s refuses the token", channel->origin_text),
			 errdetail("%s", detail),
			 errhint("Check the option \"token\" of the user mapping.")));
}

void
net_raise(const NetChannel *channel, const NetResponse *response)
{
	char	   *detail = psprintf("Status %d for %.*s.%s%s%s",
								  response->status, URL_MAX, response->url,
								  response->error_code != NULL ?
								  psprintf(" Code: %s.", clean_text(response->error_code,
																	strlen(response->error_code))) : "",
								  request_id(response->request_id),
								  server_words(channel, response->error_message,
											   response->body, response->size));

	switch (response->status)
	{
		case 401:
			raise_unauthorized(channel, detail);
			break;
		case 403:
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("%s gives no access to this", channel->origin_text),
					 errdetail("%s", detail)));
			break;
		case 404:
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("%s does not have this", channel->origin_text),
					 errdetail("%s", detail)));
			break;
		default:
			break;
	}
	ereport(ERROR,
			(errcode(ERRCODE_FDW_ERROR),
			 errmsg("%s refuses the request", channel->origin_text),
			 errdetail("%s", detail)));
}
