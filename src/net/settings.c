/*
 * settings.c
 *		The configuration parameters of the transfer engine.
 *
 * net_init is called once by _PG_init, maybe in the postmaster: it defines
 * parameters and touches nothing else.
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "net/channel.h"

int			net_progress_interval_ms = 10000;

static char *allowed_hosts = NULL;
static int	max_requests = 0;

/* Requests of the statement that runs now, told apart by its start. */
static TimestampTz counted_statement = 0;
static int	counted = 0;

void
net_init(void)
{
	DefineCustomStringVariable("pghub.allowed_hosts",
							   "Hosts that servers of unprivileged owners may point to.",
							   "A list of names, addresses and *.domain patterns, "
							   "separated by commas. Those listed may also have "
							   "private addresses. Empty: any host with a public "
							   "address.",
							   &allowed_hosts, "", PGC_SUSET, 0,
							   NULL, NULL, NULL);
	DefineCustomIntVariable("pghub.max_requests",
							"Most requests that one statement may send.",
							"0 means no limit.",
							&max_requests, 0, 0, INT_MAX, PGC_USERSET, 0,
							NULL, NULL, NULL);
	DefineCustomIntVariable("pghub.progress_interval",
							"Time between progress notices of a long scan.",
							"0 turns them off.",
							&net_progress_interval_ms, 10000, 0, INT_MAX,
							PGC_USERSET, GUC_UNIT_MS, NULL, NULL, NULL);
}

/* False when the statement has sent as many as it may. */
bool
net_may_request(void)
{
	TimestampTz statement = GetCurrentStatementStartTimestamp();

	if (statement != counted_statement)
	{
		counted_statement = statement;
		counted = 0;
	}
	return max_requests == 0 || counted < max_requests;
}

void
net_count_request(void)
{
	counted++;
}

static bool
entry_matches(const char *entry, size_t entry_length,
			  const char *host, size_t length)
{
	if (entry_length > 2 && entry[0] == '*' && entry[1] == '.')
	{
		entry++;
		entry_length--;
		return length > entry_length &&
			pg_strncasecmp(host + length - entry_length, entry, entry_length) == 0;
	}
	return length == entry_length && pg_strncasecmp(host, entry, length) == 0;
}

bool
net_hosts_are_limited(void)
{
	return allowed_hosts != NULL && allowed_hosts[strspn(allowed_hosts, " ,\t")] != '\0';
}

bool
net_host_is_listed(const char *host, size_t length)
{
	const char *at = allowed_hosts != NULL ? allowed_hosts : "";

	while (*at != '\0')
	{
		size_t		size;

		at += strspn(at, " ,\t");
		size = strcspn(at, " ,\t");
		if (size > 0 && entry_matches(at, size, host, length))
			return true;
		at += size;
	}
	return false;
}
