/*
 * wire.c
 *		The backend's one libcurl multi handle and the descriptor it shows.
 *
 * Socket and timer callbacks keep a private epoll set, which also holds a
 * timerfd armed for libcurl's next timeout or for our own alarm, whichever
 * comes first.  So one descriptor is readable exactly when there is work, and
 * a wait on it and the process latch lets cancel, statement_timeout,
 * termination and a dead postmaster act at once.
 *
 * Three rules hold throughout.  Callbacks only record: an error raised there
 * would jump through libcurl's frames.  All signals are blocked around calls
 * into libcurl, since its resolver thread inherits the mask and the server's
 * handlers must not run there.  Nothing is started in the postmaster and
 * nothing is cleaned up globally, as other code in the process may use curl.
 */
#include "postgres.h"

#include <netinet/in.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/latch.h"

#include "compat.h"
#include "net/address.h"
#include "net/wire.h"

#define MAX_HEADER_BYTES	(256 * 1024)
#define FIRST_BODY_ROOM		(16 * 1024)
#define KEPT_CONNECTIONS	32L
#define EVENTS_AT_ONCE		32

/* Descriptors that one transfer may open beside its socket: the resolver's. */
#define FDS_PER_TRANSFER	3
#define FDS_OF_ENGINE		2

static CURLM *multi = NULL;
static int	epoll_fd = -1;
static int	timer_fd = -1;
static int64 curl_due = PG_INT64_MAX;
static int64 alarm_due = PG_INT64_MAX;
static int64 armed_due = PG_INT64_MAX;
static int	open_sockets = 0;
static int	on_wire = 0;
static int	reserved_fds = 0;
static bool epoll_failed = false;
static dlist_head finished = DLIST_STATIC_INIT(finished);

static const struct
{
	const char *name;
	WireFact	fact;
}			fact_names[] = {
	{"content-type", FACT_CONTENT_TYPE},
	{"link", FACT_LINK},
	{"location", FACT_LOCATION},
	{"retry-after", FACT_RETRY_AFTER},
	{"ratelimit", FACT_RATE_LIMIT},
	{"ratelimit-policy", FACT_RATE_POLICY},
	{"etag", FACT_ETAG},
	{"x-error-code", FACT_ERROR_CODE},
	{"x-error-message", FACT_ERROR_MESSAGE},
	{"x-request-id", FACT_REQUEST_ID},
	{"x-hf-warning", FACT_WARNING}
};

/* ---- signals, time ---- */

static void
block_signals(sigset_t *saved)
{
	sigset_t	all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, saved);
}

static void
restore_signals(const sigset_t *saved)
{
	pthread_sigmask(SIG_SETMASK, saved, NULL);
}

int64
wire_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Arms the timerfd for the earlier of the two deadlines. */
static void
rearm(void)
{
	struct itimerspec when = {{0, 0}, {0, 0}};
	int64		due = Min(curl_due, alarm_due);

	if (due == armed_due)
		return;
	if (due != PG_INT64_MAX)
	{
		when.it_value.tv_sec = due / 1000000;
		when.it_value.tv_nsec = (due % 1000000) * 1000;
		if (due <= 0)			/* all zero would disarm */
			when.it_value.tv_nsec = 1;
	}
	timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
	armed_due = due;
}

void
wire_alarm(int64 due_us)
{
	alarm_due = due_us;
	if (multi != NULL)
		rearm();
}

/* ---- callbacks: record, never raise ---- */

static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *engine, void *known)
{
	struct epoll_event event = {0};
	int			operation;

	if (what == CURL_POLL_REMOVE)
	{
		/* an already closed descriptor has left the set by itself */
		(void) epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, &event);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	event.data.fd = fd;
	operation = known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	if (epoll_ctl(epoll_fd, operation, fd, &event) != 0)
	{
		operation = operation == EPOLL_CTL_MOD ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
		if (epoll_ctl(epoll_fd, operation, fd, &event) != 0)
			epoll_failed = true;
	}
	curl_multi_assign(multi, fd, &epoll_fd);	/* any non-NULL mark */
	return 0;
}

static int
on_timer(CURLM *handle, long timeout_ms, void *engine)
{
	curl_due = timeout_ms < 0 ? PG_INT64_MAX :
		wire_now() + (int64) timeout_ms * 1000;
	return 0;
}

static curl_socket_t
on_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	WireTransfer *transfer = data;
	int			fd;

	if (transfer->public_only && net_address_is_private(&address->addr))
	{
		const void *where = address->family == AF_INET6 ?
			(void *) &((struct sockaddr_in6 *) &address->addr)->sin6_addr :
			(void *) &((struct sockaddr_in *) &address->addr)->sin_addr;

		transfer->stop = STOP_ADDRESS;
		if (inet_ntop(address->family, where, transfer->peer,
					  sizeof(transfer->peer)) == NULL)
			transfer->peer[0] = '\0';
		return CURL_SOCKET_BAD;
	}
	fd = socket(address->family, address->socktype | SOCK_CLOEXEC,
				address->protocol);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	open_sockets++;
	return fd;
}

static int
on_close_socket(void *data, curl_socket_t fd)
{
	open_sockets--;
	return close(fd);
}

/* The last word before a request leaves: kept connections come by here too. */
static int
on_request(void *data, char *peer, char *local, int peer_port, int local_port)
{
	WireTransfer *transfer = data;

	if (transfer->public_only && net_address_text_is_private(peer))
	{
		transfer->stop = STOP_ADDRESS;
		strlcpy(transfer->peer, peer, sizeof(transfer->peer));
		return CURL_PREREQFUNC_ABORT;
	}
	transfer->connected = true;
	return CURL_PREREQFUNC_OK;
}

/* Stores a header; repeated ones become one list, as HTTP has it. */
static bool
keep_fact(WireTransfer *transfer, WireFact fact, const char *value, size_t length)
{
	char	   *old = transfer->facts[fact];
	size_t		before = old != NULL ? strlen(old) + 2 : 0;
	char	   *new = realloc(old, before + length + 1);

	if (new == NULL)
		return false;
	if (before > 0)
		memcpy(new + before - 2, ", ", 2);
	memcpy(new + before, value, length);
	new[before + length] = '\0';
	transfer->facts[fact] = new;
	return true;
}

static void
drop_facts(WireTransfer *transfer)
{
	for (int i = 0; i < WIRE_FACTS; i++)
	{
		free(transfer->facts[i]);
		transfer->facts[i] = NULL;
	}
}

static size_t
on_header(char *line, size_t size, size_t count, void *data)
{
	WireTransfer *transfer = data;
	size_t		length = size * count;
	const char *colon = memchr(line, ':', length);
	const char *value;
	const char *end = line + length;

	transfer->header_bytes += length;
	if (transfer->header_bytes > MAX_HEADER_BYTES)
	{
		transfer->stop = STOP_HEADERS;
		return 0;
	}
	if (length > 5 && strncasecmp(line, "HTTP/", 5) == 0)
	{
		drop_facts(transfer);	/* those of an interim answer */
		return length;
	}
	if (colon == NULL)
		return length;
	for (int i = 0; i < lengthof(fact_names); i++)
	{
		size_t		name = strlen(fact_names[i].name);

		if ((size_t) (colon - line) != name ||
			strncasecmp(line, fact_names[i].name, name) != 0)
			continue;
		for (value = colon + 1; value < end && (*value == ' ' || *value == '\t');)
			value++;
		while (end > value && (unsigned char) end[-1] <= ' ')
			end--;
		if (!keep_fact(transfer, fact_names[i].fact, value, end - value))
		{
			transfer->stop = STOP_MEMORY;
			return 0;
		}
	}
	return length;
}

/* Room for SIZE more bytes and a NUL, grown by doubling. */
static bool
make_room(WireTransfer *transfer, size_t size)
{
	size_t		room = Max(transfer->room, FIRST_BODY_ROOM);
	char	   *body;

	if (transfer->size + size < transfer->room)
		return true;
	while (room <= transfer->size + size)
		room *= 2;
	body = realloc(transfer->body, room);
	if (body == NULL)
		return false;
	transfer->body = body;
	transfer->room = room;
	return true;
}

static size_t
on_body(char *bytes, size_t size, size_t count, void *data)
{
	WireTransfer *transfer = data;
	size_t		length = size * count;

	if (length > transfer->limit - transfer->size)
		transfer->stop = STOP_BODY;
	else if (!make_room(transfer, length))
		transfer->stop = STOP_MEMORY;
	if (transfer->stop != STOP_NONE)
		return length == 0 ? 1 : 0;
	memcpy(transfer->body + transfer->size, bytes, length);
	transfer->size += length;
	return length;
}

/* What arrives may decode to nothing: the wire's own bytes count as well. */
static int
on_progress(void *data, curl_off_t total, curl_off_t now,
			curl_off_t upload_total, curl_off_t upload_now)
{
	WireTransfer *transfer = data;

	if (now > 0 && (uint64) now > transfer->limit)
	{
		transfer->stop = STOP_BODY;
		return 1;
	}
	return 0;
}

/* ---- start ---- */

static void
add_timer_to_set(void)
{
	struct epoll_event event = {0};

	event.events = EPOLLIN;
	event.data.fd = timer_fd;
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, timer_fd, &event) != 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not watch a timer: %m")));
}

static void
start_curl(void)
{
	static bool done = false;
	CURLcode	code;
	sigset_t	saved;

	if (done)
		return;
	block_signals(&saved);
	code = curl_global_init(CURL_GLOBAL_DEFAULT);
	restore_signals(&saved);
	if (code != CURLE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not start libcurl: %s", curl_easy_strerror(code))));
	done = true;
}

/* Options of the multi handle that every transfer shares. */
static void
set_up_multi(CURLM *handle)
{
	curl_multi_setopt(handle, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(handle, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(handle, CURLMOPT_PIPELINING, (long) CURLPIPE_MULTIPLEX);
	curl_multi_setopt(handle, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS);
#if LIBCURL_VERSION_NUM >= 0x081400
	/* from 8.20 on the multi owns the resolver threads */
	curl_multi_setopt(handle, CURLMOPT_QUICK_EXIT, 1L);
#endif
}

void
wire_init(void)
{
	if (multi != NULL)
		return;
	if (!IsUnderPostmaster && !IsPostmasterEnvironment)
		elog(DEBUG1, "starting transfers in a stand-alone backend");
	while (reserved_fds < FDS_OF_ENGINE)
	{
		if (!AcquireExternalFD())
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_RESOURCES),
					 errmsg("too few file descriptors to reach a server"),
					 errhint("Raise \"max_files_per_process\".")));
		reserved_fds++;
	}
	start_curl();
	if (epoll_fd < 0)
		epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (timer_fd < 0)
		timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (epoll_fd < 0 || timer_fd < 0)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not create the descriptors to wait on: %m")));
	add_timer_to_set();
	multi = curl_multi_init();
	if (multi == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	set_up_multi(multi);
}

int
wire_descriptor(void)
{
	wire_init();
	return epoll_fd;
}

/*
 * Keeps as many descriptors announced to the server as are in use or about to
 * be; what it refuses means fewer transfers at once.
 */
bool
wire_has_room(void)
{
	int			wanted = FDS_OF_ENGINE + open_sockets +
		FDS_PER_TRANSFER * (on_wire + 1);

	while (reserved_fds < wanted)
	{
		if (!AcquireExternalFD())
			return on_wire == 0 && reserved_fds > FDS_OF_ENGINE;
		reserved_fds++;
	}
	return true;
}

int
wire_on_wire(void)
{
	return on_wire;
}

static void
give_back_descriptors(void)
{
	int			wanted = FDS_OF_ENGINE + open_sockets + FDS_PER_TRANSFER * on_wire;

	while (reserved_fds > wanted)
	{
		ReleaseExternalFD();
		reserved_fds--;
	}
}

/* ---- one transfer ---- */

static bool
add_header(WireTransfer *transfer, const char *name, const char *value)
{
	char		line[2048];
	struct curl_slist *longer;

	if (snprintf(line, sizeof(line), "%s: %s", name, value) >= (int) sizeof(line))
		return false;
	longer = curl_slist_append(transfer->headers, line);
	explicit_bzero(line, sizeof(line));
	if (longer == NULL)
		return false;
	transfer->headers = longer;
	return true;
}

/* The password belongs to the user name that the proxy's URL carries. */
static void
set_proxy(CURL *easy, const WireSetup *setup)
{
	/* always set: libcurl would look into the environment otherwise */
	curl_easy_setopt(easy, CURLOPT_PROXY, setup->proxy != NULL ? setup->proxy : "");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
	if (setup->proxy != NULL && setup->proxy_password != NULL)
		curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, setup->proxy_password);
}

static void
set_security(CURL *easy, const WireSetup *setup)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	if (setup->ca_file != NULL)
	{
		curl_easy_setopt(easy, CURLOPT_CAINFO, setup->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	set_proxy(easy, setup);
}

static void
set_callbacks(CURL *easy, WireTransfer *transfer)
{
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, transfer);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
	/* the connection outlives the transfer: no pointer to it */
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close_socket);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, NULL);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
}

static void
set_transport(CURL *easy, const WireSetup *setup)
{
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* or removing the handle waits for its resolver thread */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	/* the first connection may turn out to multiplex, but not in clear text */
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT,
					 strncmp(setup->url, "https:", 6) == 0 ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, setup->connect_timeout_ms);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, setup->fresh ? 1L : 0L);
}

/* Every option string is copied by libcurl. */
static bool
set_up(WireTransfer *transfer, const WireSetup *setup)
{
	CURL	   *easy = transfer->easy;
	char		bearer[1024];
	bool		fits = true;

	set_callbacks(easy, transfer);
	set_transport(easy, setup);
	set_security(easy, setup);
	if (!add_header(transfer, "Accept", "application/json"))
		return false;
	if (setup->token != NULL)
	{
		fits = snprintf(bearer, sizeof(bearer), "Bearer %s", setup->token) <
			(int) sizeof(bearer) && add_header(transfer, "Authorization", bearer);
		explicit_bzero(bearer, sizeof(bearer));
	}
	if (setup->etag != NULL)
		fits = fits && add_header(transfer, "If-None-Match", setup->etag);
	if (!fits)
		return false;
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
	if (setup->user_agent != NULL)
		curl_easy_setopt(easy, CURLOPT_USERAGENT, setup->user_agent);
	return curl_easy_setopt(easy, CURLOPT_URL, setup->url) == CURLE_OK;
}

bool
wire_start(WireTransfer *transfer, const WireSetup *setup)
{
	sigset_t	saved;
	bool		started;

	Assert(transfer->easy == NULL && multi != NULL);
	drop_facts(transfer);
	transfer->size = 0;
	transfer->header_bytes = 0;
	transfer->status = 0;
	transfer->wire_bytes = 0;
	transfer->finished = false;
	transfer->connected = false;
	transfer->result = CURLE_OK;
	transfer->stop = STOP_NONE;
	transfer->error[0] = transfer->peer[0] = '\0';
	transfer->limit = setup->limit;
	transfer->public_only = setup->public_only;

	block_signals(&saved);
	transfer->easy = curl_easy_init();
	started = transfer->easy != NULL && set_up(transfer, setup) &&
		curl_multi_add_handle(multi, transfer->easy) == CURLM_OK;
	if (started)
		on_wire++;
	else
	{
		curl_easy_cleanup(transfer->easy);
		transfer->easy = NULL;
		curl_slist_free_all(transfer->headers);
		transfer->headers = NULL;
	}
	restore_signals(&saved);
	rearm();
	return started;
}

void
wire_stop(WireTransfer *transfer)
{
	sigset_t	saved;

	if (transfer->finished && transfer->easy != NULL)
	{
		/* finished, but nobody has taken it yet */
		dlist_delete(&transfer->node);
	}
	transfer->finished = false;
	if (transfer->easy == NULL)
		return;
	block_signals(&saved);
	curl_multi_remove_handle(multi, transfer->easy);
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	restore_signals(&saved);
	transfer->easy = NULL;
	transfer->headers = NULL;
	on_wire--;
	give_back_descriptors();
	rearm();
}

void
wire_clear(WireTransfer *transfer)
{
	wire_stop(transfer);
	drop_facts(transfer);
	free(transfer->body);
	transfer->body = NULL;
	transfer->size = transfer->room = 0;
}

/* ---- motion ---- */

static void
record_finish(CURL *easy, CURLcode result)
{
	WireTransfer *transfer;
	char	   *private;
	long		connects = 0;
	curl_off_t	bytes = 0;
	long		header_bytes = 0;

	if (curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private) != CURLE_OK)
		return;
	transfer = (WireTransfer *) private;
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &transfer->status);
	curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
	curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
	curl_easy_getinfo(easy, CURLINFO_HEADER_SIZE, &header_bytes);
	transfer->reused = connects == 0;
	transfer->wire_bytes = bytes + header_bytes;
	transfer->result = result;
	if (result == CURLE_OK && !make_room(transfer, 1))
	{
		transfer->stop = STOP_MEMORY;
		transfer->result = CURLE_OUT_OF_MEMORY;
	}
	if (transfer->body != NULL)
		transfer->body[transfer->size] = '\0';
	transfer->finished = true;
	dlist_push_tail(&finished, &transfer->node);
}

static void
read_messages(void)
{
	CURLMsg    *message;
	int			left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL)
	{
		if (message->msg == CURLMSG_DONE)
			record_finish(message->easy_handle, message->data.result);
	}
}

static int
curl_flags(uint32 events)
{
	int			flags = 0;

	if (events & (EPOLLIN | EPOLLHUP))
		flags |= CURL_CSELECT_IN;
	if (events & EPOLLOUT)
		flags |= CURL_CSELECT_OUT;
	if (events & EPOLLERR)
		flags |= CURL_CSELECT_ERR;
	return flags;
}

void
wire_drive(void)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	sigset_t	saved;
	int			count;
	int			running;

	if (multi == NULL)
		return;
	count = epoll_wait(epoll_fd, events, EVENTS_AT_ONCE, 0);
	if (count == 0 && Min(curl_due, alarm_due) > wire_now())
		return;					/* called between rows: mostly there is nothing */
	block_signals(&saved);
	for (int i = 0; i < count; i++)
	{
		if (events[i].data.fd != timer_fd)
			curl_multi_socket_action(multi, events[i].data.fd,
									 curl_flags(events[i].events), &running);
	}
	if (curl_due <= wire_now())
	{
		curl_due = PG_INT64_MAX;
		curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	read_messages();
	restore_signals(&saved);
	if (alarm_due <= wire_now())
		alarm_due = PG_INT64_MAX;	/* whoever set it is being called now */
	armed_due = -1;				/* an expired timer stays readable until set */
	rearm();
	if (epoll_failed)
	{
		epoll_failed = false;
		elog(LOG, "could not watch a socket");
	}
}

/* Takes the oldest finished transfer off the wire; its facts and body stay. */
WireTransfer *
wire_take_finished(void)
{
	WireTransfer *transfer;

	if (dlist_is_empty(&finished))
		return NULL;
	transfer = dlist_head_element(WireTransfer, node, &finished);
	wire_stop(transfer);
	return transfer;
}

bool
wire_is_due(void)
{
	return !dlist_is_empty(&finished) || curl_due <= wire_now();
}

void
wire_wait(uint32 wait_event)
{
	int			events;

	events = WaitLatchOrSocket(MyLatch,
							   WL_LATCH_SET | WL_SOCKET_READABLE | WL_EXIT_ON_PM_DEATH,
							   epoll_fd, -1, wait_event);
	if (events & WL_LATCH_SET)
		ResetLatch(MyLatch);
}
