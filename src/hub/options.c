/*
 * options.c
 *		Options of servers, user mappings, foreign tables and columns.
 *
 * One table says which option belongs where and what a good value is; the
 * validator and the readers go by it.  Secrets are accepted in user mappings
 * only, because those are hidden from other users; messages never repeat the
 * value of a secret.
 */
#include "postgres.h"

#include <limits.h>
#include <math.h>

#include "access/reloptions.h"
#include "access/table.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "compat.h"
#include "hub/dataset.h"
#include "hub/options.h"
#include "net/url.h"

#define HUB_ENDPOINT	"https://huggingface.co"
#define VIEWER_ENDPOINT "https://datasets-server.huggingface.co"
#define USER_AGENT		"pghub/1.0"

typedef enum OptionKind
{
	OPTION_TEXT,
	OPTION_SECRET,
	OPTION_ENDPOINT,
	OPTION_PROXY,
	OPTION_DURATION,			/* seconds, or with a unit */
	OPTION_INTEGER,
	OPTION_RESOURCE,
	OPTION_DATASET,
	OPTION_FREE,				/* any text: names in a dataset */
	OPTION_CHOICE				/* one of those in preset, divided by '|' */
} OptionKind;

typedef struct Option
{
	const char *name;
	Oid			place;
	OptionKind	kind;
	double		least;			/* of numbers; milliseconds for durations */
	double		most;
	const char *preset;
	bool		superuser;
} Option;

static const Option options[] = {
	{"endpoint", ForeignServerRelationId, OPTION_ENDPOINT, 0, 0, HUB_ENDPOINT, false},
	{"viewer_endpoint", ForeignServerRelationId, OPTION_ENDPOINT, 0, 0, VIEWER_ENDPOINT, false},
	{"connect_timeout", ForeignServerRelationId, OPTION_DURATION, 1, 3600000, "10s", false},
	{"timeout", ForeignServerRelationId, OPTION_DURATION, 1, 3600000, "60s", false},
	{"max_retries", ForeignServerRelationId, OPTION_INTEGER, 0, 100, "5", false},
	{"quota_wait_max", ForeignServerRelationId, OPTION_DURATION, 0, 86400000, "15min", false},
	{"page_size", ForeignServerRelationId, OPTION_INTEGER, 1, 1000, "1000", false},
	{"max_concurrency", ForeignServerRelationId, OPTION_INTEGER, 1, 64, "16", false},
	{"max_response_mb", ForeignServerRelationId, OPTION_INTEGER, 1, 1000, "64", false},
	{"cache_ttl", ForeignServerRelationId, OPTION_DURATION, 0, 86400000, "0", false},
	{"analyze_pages", ForeignServerRelationId, OPTION_INTEGER, 1, 1000, "10", false},
	{"async_capable", ForeignServerRelationId, OPTION_CHOICE, 0, 0, "true|false", false},
	{"user_agent", ForeignServerRelationId, OPTION_TEXT, 0, 0, USER_AGENT, false},
	{"proxy", ForeignServerRelationId, OPTION_PROXY, 0, 0, NULL, true},
	{"ca_file", ForeignServerRelationId, OPTION_TEXT, 0, 0, NULL, true},
	{"token", UserMappingRelationId, OPTION_SECRET, 0, 0, NULL, false},
	{"proxy_password", UserMappingRelationId, OPTION_SECRET, 0, 0, NULL, false},
	{"resource", ForeignTableRelationId, OPTION_RESOURCE, 0, 0, NULL, false},
	{"estimated_rows", ForeignTableRelationId, OPTION_INTEGER, 0, 1e12, NULL, false},
	{"async_capable", ForeignTableRelationId, OPTION_CHOICE, 0, 0, "true|false", false},
	{"dataset", ForeignTableRelationId, OPTION_DATASET, 0, 0, NULL, false},
	{"config", ForeignTableRelationId, OPTION_FREE, 0, 0, NULL, false},
	{"split", ForeignTableRelationId, OPTION_FREE, 0, 0, NULL, false},
	{"filter", ForeignTableRelationId, OPTION_CHOICE, 0, 0, "true|false", false},
	{"truncated", ForeignTableRelationId, OPTION_CHOICE, 0, 0, "error|null", false},
	{"partial", ForeignTableRelationId, OPTION_CHOICE, 0, 0, "error|allow", false},
	{"column", AttributeRelationId, OPTION_FREE, 0, 0, NULL, false},
	{"feature", AttributeRelationId, OPTION_FREE, 0, 0, NULL, false},
	{"names", AttributeRelationId, OPTION_FREE, 0, 0, NULL, false},
	{"not_null", AttributeRelationId, OPTION_CHOICE, 0, 0, "true|false", false},
	{NULL}
};

static const Option *
find_option(const char *name, Oid place)
{
	for (const Option *o = options; o->name; o++)
		if (o->place == place && strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

/* ---------- values ---------- */

/* Milliseconds of "10", "10s", "500ms", "2min", "1h"; false: none of them. */
static bool
parse_duration(const char *text, double *ms)
{
	static const struct
	{
		const char *unit;
		double		ms;
	}			units[] = {
		{"", 1000}, {"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}
	};
	char	   *end;
	double		number = strtod(text, &end);

	if (end == text || !isfinite(number))
		return false;
	while (*end == ' ')
		end++;
	for (int i = 0; i < lengthof(units); i++)
		if (strcmp(end, units[i].unit) == 0)
		{
			*ms = number * units[i].ms;
			return true;
		}
	return false;
}

static double
option_number(const Option *option, const char *text)
{
	double		number;
	char	   *end;
	bool		sound;

	if (option->kind == OPTION_DURATION)
		sound = parse_duration(text, &number);
	else
	{
		number = strtod(text, &end);
		sound = end != text && *end == '\0' && number == floor(number);
	}
	if (!sound)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"%s\": \"%s\"",
						option->name, text),
				 option->kind == OPTION_DURATION ?
				 errhint("Give seconds, or a number with ms, s, min or h.") :
				 errhint("Give an integer.")));
	if (number < option->least || number > option->most)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("value \"%s\" of option \"%s\" is out of range",
						text, option->name),
				 option->kind == OPTION_DURATION ?
				 errdetail("It must lie between %g and %g seconds.",
						   option->least / 1000, option->most / 1000) :
				 errdetail("It must lie between %.0f and %.0f.",
						   option->least, option->most)));
	return number;
}

/* An origin: scheme, host and port; http for loopback alone. */
static void
check_endpoint(const Option *option, const char *text)
{
	NetUrl		url;

	if (strchr(text, '@'))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"%s\" must not hold a user name or password",
						option->name),
				 errhint("Put the token into a user mapping: CREATE USER MAPPING … OPTIONS (token '…').")));
	if (!net_url_parse(text, strlen(text), &url) ||
		!(url.path_length == 0 || (url.path_length == 1 && url.path[0] == '/')))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"%s\": \"%s\"",
						option->name, text),
				 errhint("Give scheme, host and, if need be, port: \"%s\".",
						 option->preset ? option->preset : "http://127.0.0.1:3128")));
	if (!url.https && option->kind == OPTION_ENDPOINT &&
		!net_host_is_loopback(url.host, url.host_length))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("option \"%s\" must use https", option->name),
				 errdetail("Only a loopback address may be reached without encryption.")));
}

static void
check_resource(const char *name)
{
	StringInfoData known;

	if (hub_table(name))
		return;
	initStringInfo(&known);
	for (int i = 0; hub_tables[i]; i++)
		appendStringInfo(&known, "%s%s", i ? ", " : "", hub_tables[i]->name);
	ereport(ERROR,
			(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
			 errmsg("the Hub has no table \"%s\"", name),
			 errhint("Tables are: %s.", known.data)));
}

/* namespace/name, or the bare name of an old dataset. */
static void
check_dataset(const char *text)
{
	const char *slash = strchr(text, '/');

	if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/") != strlen(text) ||
		text[0] == '\0' || slash == text || strstr(text, "..") || text[0] == '.' ||
		(slash && (slash[1] == '\0' || strchr(slash + 1, '/'))))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"%s\": \"%s\"", "dataset", text),
				 errhint("Give namespace/name, as in the dataset's address on the Hub.")));
}

static void
check_choice(const Option *option, const char *text)
{
	if (!hub_value_allowed(option->preset, text))
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
				 errmsg("invalid value for option \"%s\": \"%s\"", option->name, text),
				 errhint("Values are: %s.", option->preset)));
}

static void
check_value(const Option *option, const char *text)
{
	switch (option->kind)
	{
		case OPTION_DURATION:
		case OPTION_INTEGER:
			option_number(option, text);
			break;
		case OPTION_ENDPOINT:
		case OPTION_PROXY:
			check_endpoint(option, text);
			break;
		case OPTION_RESOURCE:
			check_resource(text);
			break;
		case OPTION_DATASET:
			check_dataset(text);
			break;
		case OPTION_FREE:
			break;
		case OPTION_CHOICE:
			check_choice(option, text);
			break;
		case OPTION_TEXT:
		case OPTION_SECRET:
			/* both may end up in a header: nothing that could split it */
			for (const char *c = text; *c; c++)
				if ((unsigned char) *c < ' ' || *c == 0x7f)
					ereport(ERROR,
							(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
							 errmsg("option \"%s\" must not hold control characters",
									option->name)));
			if (*text == '\0')
				ereport(ERROR,
						(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
						 errmsg("option \"%s\" must not be empty", option->name)));
			break;
	}
	if (option->superuser && !superuser())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("only a superuser may set option \"%s\"", option->name)));
}

void
hub_check_table_option(const char *name, const char *value)
{
	check_value(find_option(name, ForeignTableRelationId), value);
}

/* ---------- the validator ---------- */

static void
report_unknown(const char *name, Oid place)
{
	StringInfoData good;
	bool		secret = find_option(name, UserMappingRelationId) != NULL;

	initStringInfo(&good);
	for (const Option *o = options; o->name; o++)
		if (o->place == place)
			appendStringInfo(&good, "%s%s", good.len ? ", " : "", o->name);
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
			 errmsg("invalid option \"%s\"", name),
			 secret ?
			 errhint("It belongs in a user mapping: CREATE USER MAPPING FOR … SERVER … OPTIONS (%s '…').", name) :
			 good.len ? errhint("Valid options in this context are: %s.", good.data) :
			 errhint("There are no valid options in this context.")));
}

PG_FUNCTION_INFO_V1(hub_fdw_validator);
Datum
hub_fdw_validator(PG_FUNCTION_ARGS)
{
	List	   *given = untransformRelOptions(PG_GETARG_DATUM(0));
	Oid			place = PG_GETARG_OID(1);
	ListCell   *lc;

	foreach(lc, given)
	{
		DefElem    *def = lfirst(lc);
		const Option *option = find_option(def->defname, place);

		if (option == NULL)
			report_unknown(def->defname, place);
		check_value(option, defGetString(def));
	}
	PG_RETURN_VOID();
}

/* ---------- readers ---------- */

/* The value given, or NULL. */
static const char *
find_given(List *given, const char *name)
{
	ListCell   *lc;

	foreach(lc, given)
	{
		DefElem    *def = lfirst(lc);

		if (strcmp(def->defname, name) == 0)
			return defGetString(def);
	}
	return NULL;
}

static const char *
given_text(List *given, const char *name, Oid place)
{
	const char *value = find_given(given, name);

	return value ? value : find_option(name, place)->preset;
}

/* The table's word counts for more than the server's; without both, true. */
static bool
is_async_capable(const ForeignTable *table, const ForeignServer *server)
{
	const char *value = find_given(table->options, "async_capable");

	if (value == NULL)
		value = find_given(server->options, "async_capable");
	return value == NULL || hub_option_is_true(value);
}

static double
server_number(List *given, const char *name)
{
	return option_number(find_option(name, ForeignServerRelationId),
						 given_text(given, name, ForeignServerRelationId));
}

/* The catalogue's entry, or the one that a dataset's options make. */
static const HubTable *
table_of(Oid foreigntableid, List *given)
{
	const char *resource = given_text(given, "resource", ForeignTableRelationId);
	const HubTable *table;

	if (given_text(given, "dataset", ForeignTableRelationId) != NULL)
	{
		if (resource != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
					 errmsg("foreign table \"%s\" has both options \"resource\" and \"dataset\"",
							get_rel_name(foreigntableid))));
		return hub_dataset_table(foreigntableid, given);
	}
	if (resource == NULL)
		resource = get_rel_name(foreigntableid);
	table = hub_table(resource);
	if (table == NULL)
		check_resource(resource);
	return table;
}

HubOptions *
hub_options(Oid foreigntableid)
{
	ForeignTable *table = GetForeignTable(foreigntableid);
	ForeignServer *server = GetForeignServer(table->serverid);
	HubOptions *result = palloc0(sizeof(HubOptions));
	const char *rows = given_text(table->options, "estimated_rows", ForeignTableRelationId);

	result->table = table_of(foreigntableid, table->options);
	result->estimated_rows = rows == NULL ? -1 :
		option_number(find_option("estimated_rows", ForeignTableRelationId), rows);
	result->page_size = (int) server_number(server->options, "page_size");
	result->max_concurrency = (int) server_number(server->options, "max_concurrency");
	result->async_capable = is_async_capable(table, server);
	result->analyze_pages = (int) server_number(server->options, "analyze_pages");
	return result;
}

/* The catalogue column that attribute ATTNUM stands for. */
static int
attribute_column(Oid relid, AttrNumber attnum, const char *attname,
				 const HubTable *table)
{
	List	   *given = GetForeignColumnOptions(relid, attnum);
	const char *name = given_text(given, "column", AttributeRelationId);
	const HubColumn *column;
	StringInfoData known;

	if (name == NULL)
		name = attname;
	column = hub_column(table, name);
	if (column)
		return column - table->columns;

	initStringInfo(&known);
	for (const HubColumn *c = table->columns; c->name; c++)
		appendStringInfo(&known, "%s%s", known.len ? ", " : "", c->name);
	ereport(ERROR,
			(errcode(ERRCODE_FDW_COLUMN_NAME_NOT_FOUND),
			 errmsg("the Hub's table \"%s\" has no column \"%s\"",
					table->name, name),
			 errdetail("Columns are: %s.", known.data),
			 errhint("To give a column another name, use the column option \"column\".")));
	return -1;
}

int *
hub_column_map(Oid foreigntableid, const HubTable *table, int *natts)
{
	Relation	rel = table_open(foreigntableid, NoLock);
	TupleDesc	desc = RelationGetDescr(rel);
	int		   *map = palloc(sizeof(int) * Max(desc->natts, 1));

	for (int i = 0, live = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (table->dataset != NULL) /* made of these attributes, in order */
			map[i] = att->attisdropped ? -1 : live++;
		else
			map[i] = att->attisdropped ? -1 :
				attribute_column(foreigntableid, att->attnum, NameStr(att->attname), table);
	}
	*natts = desc->natts;
	table_close(rel, NoLock);
	return map;
}

/* Options of the mapping of a user or of PUBLIC; NIL: anonymous. */
static List *
mapping_options(Oid serverid, Oid userid, Oid *mapping)
{
	Oid			who[2] = {userid, InvalidOid};

	*mapping = InvalidOid;
	for (int i = 0; i < 2; i++)
	{
		HeapTuple	tuple = SearchSysCache2(USERMAPPINGUSERSERVER,
											ObjectIdGetDatum(who[i]),
											ObjectIdGetDatum(serverid));
		Datum		datum;
		bool		isnull;
		List	   *given = NIL;

		if (!HeapTupleIsValid(tuple))
			continue;
		*mapping = ((Form_pg_user_mapping) GETSTRUCT(tuple))->oid;
		datum = SysCacheGetAttr(USERMAPPINGUSERSERVER, tuple,
								Anum_pg_user_mapping_umoptions, &isnull);
		if (!isnull)
			given = untransformRelOptions(datum);
		ReleaseSysCache(tuple);
		return given;
	}
	return NIL;
}

NetSettings *
hub_server_settings(Oid serverid, Oid userid, HubOrigin origin)
{
	ForeignServer *server = GetForeignServer(serverid);
	NetSettings *s = palloc0(sizeof(NetSettings));
	List	   *given = server->options;
	List	   *mapping = mapping_options(server->serverid, userid, &s->user_mapping);

	s->server = server->serverid;
	s->endpoint = given_text(given, origin == HUB_ORIGIN_VIEWER ?
							 "viewer_endpoint" : "endpoint", ForeignServerRelationId);
	s->token = given_text(mapping, "token", UserMappingRelationId);
	s->proxy = given_text(given, "proxy", ForeignServerRelationId);
	s->proxy_password = given_text(mapping, "proxy_password", UserMappingRelationId);
	s->ca_file = given_text(given, "ca_file", ForeignServerRelationId);
	s->user_agent = given_text(given, "user_agent", ForeignServerRelationId);
	s->trusted = superuser_arg(server->owner);
	s->connect_timeout_ms = (int) server_number(given, "connect_timeout");
	s->timeout_ms = (int) server_number(given, "timeout");
	s->max_retries = (int) server_number(given, "max_retries");
	s->quota_wait_max_ms = (int) server_number(given, "quota_wait_max");
	s->max_concurrency = (int) server_number(given, "max_concurrency");
	s->max_response_mb = (int) server_number(given, "max_response_mb");
	s->cache_ttl_s = (int) (server_number(given, "cache_ttl") / 1000);
	return s;
}

NetSettings *
hub_net_settings(Oid foreigntableid, Oid userid)
{
	return hub_server_settings(GetForeignTable(foreigntableid)->serverid, userid,
							   hub_options(foreigntableid)->table->origin);
}
