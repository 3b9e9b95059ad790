/*
 * ahead.c
 *		The page after the one that page_cursor named, asked for early.
 *
 * Whoever reads a list page by page in statements of their own, as hub_sync
 * does, would wait for the Hub between any two.  With pghub.page_ahead the
 * following page is on the wire while rows are written and committed.  At
 * most one request is kept, by the session, across the end of a transaction;
 * any error or abort drops it, and a page is then simply asked for again.
 */
#include "postgres.h"

#include "access/xact.h"
#include "lib/stringinfo.h"
#include "utils/guc.h"
#include "utils/memutils.h"

#include "hub/ahead.h"
#include "hub/plan.h"

static bool page_ahead = false;

static struct
{
	MemoryContext memory;		/* NULL: nothing is under way */
	NetChannel *channel;
	NetRequest *request;
	Oid			server;
	Oid			user_mapping;
	char	   *base;			/* its path without the cursor */
	char	   *cursor;
}			ahead;

static void
drop(void)
{
	MemoryContext memory = ahead.memory;

	memset(&ahead, 0, sizeof(ahead));
	if (memory != NULL)
		MemoryContextDelete(memory);	/* the channel goes with it */
}

static void
at_abort(XactEvent event, void *argument)
{
	if (event == XACT_EVENT_ABORT)
		drop();
}

static void
at_subabort(SubXactEvent event, SubTransactionId mine, SubTransactionId parent,
			void *argument)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		drop();
}

void
hub_ahead_init(void)
{
	DefineCustomBoolVariable("pghub.page_ahead",
							 "Asks for the page after that of page_cursor while its rows are read.",
							 "For programs that read a list page by page, like hub_sync.",
							 &page_ahead, false, PGC_USERSET, 0, NULL, NULL, NULL);
}

void
hub_ahead_start(const NetSettings *settings, const char *path, const char *cursor)
{
	static bool watching = false;
	StringInfoData next;
	MemoryContext old;

	if (!page_ahead || cursor == NULL)
		return;
	drop();
	if (!watching)
	{
		RegisterXactCallback(at_abort, NULL);
		RegisterSubXactCallback(at_subabort, NULL);
		watching = true;
	}
	ahead.memory = AllocSetContextCreate(TopMemoryContext, "hub page ahead",
										 ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(ahead.memory);
	ahead.server = settings->server;
	ahead.user_mapping = settings->user_mapping;
	ahead.base = hub_cut_param(path, "cursor");
	ahead.cursor = pstrdup(cursor);
	initStringInfo(&next);
	appendStringInfo(&next, "%s%ccursor=", ahead.base, strchr(ahead.base, '?') ? '&' : '?');
	net_append_escaped(&next, cursor);
	ahead.channel = net_open(settings, ahead.memory);
	ahead.request = net_get(ahead.channel, next.data);
	MemoryContextSwitchTo(old);
}

static bool
is_for(const NetSettings *settings, const char *path)
{
	char	   *base = hub_cut_param(path, "cursor");
	char	   *cursor = hub_url_param(path, "cursor");

	return cursor != NULL && ahead.server == settings->server &&
		ahead.user_mapping == settings->user_mapping &&
		strcmp(ahead.cursor, cursor) == 0 && strcmp(ahead.base, base) == 0;
}

NetRequest *
hub_ahead_take(const NetSettings *settings, const char *path,
			   MemoryContext context, NetChannel **channel)
{
	NetRequest *request = ahead.request;

	if (ahead.memory == NULL)
		return NULL;
	if (!is_for(settings, path))
	{
		drop();
		return NULL;
	}
	*channel = ahead.channel;
	net_adopt(ahead.channel);
	MemoryContextSetParent(ahead.memory, context);
	memset(&ahead, 0, sizeof(ahead));
	return request;
}
