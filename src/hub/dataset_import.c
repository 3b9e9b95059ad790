/*
 * dataset_import.c
 *		IMPORT FOREIGN SCHEMA dataset: typed tables of a dataset's rows.
 *
 * Asks the viewer for its splits, their features and (for orders that may be
 * sent) statistics, and writes one CREATE FOREIGN TABLE per config and split.
 * The true names stand in the options, since names of tables and columns may
 * have to be cut.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "utils/builtins.h"

#include "hub/dataset.h"
#include "hub/fdw.h"
#include "hub/options.h"

typedef struct Import
{
	ImportForeignSchemaStmt *stmt;
	ForeignServer *server;
	NetChannel *channel;
	const char *dataset;
	const char *config;			/* the only one wanted, or NULL */
	const char *split;
	const char *truncated;
	const char *partial;
	bool		statistics;		/* the viewer has them, and they are wanted */
	bool		filter;
} Import;

/* One table to be made. */
typedef struct Split
{
	char	   *config;
	char	   *name;
	char	   *table;
	NetRequest *statistics;
} Split;

/* ---------- asking the viewer ---------- */

static char *
viewer_path(const Import *import, const char *what, const char *config, const char *split)
{
	StringInfoData path;

	initStringInfo(&path);
	appendStringInfo(&path, "/%s?dataset=", what);
	hub_append_escaped(&path, import->dataset, false);
	if (config != NULL)
	{
		appendStringInfoString(&path, "&config=");
		hub_append_escaped(&path, config, false);
	}
	if (split != NULL)
	{
		appendStringInfoString(&path, "&split=");
		hub_append_escaped(&path, split, false);
	}
	return path.data;
}

static void
raise_missing(const Import *import, const NetResponse *response)
{
	if (response->status == 404 || (response->status == 401 && response->error_code != NULL))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("the dataset viewer does not have dataset \"%s\"%s%s%s", import->dataset,
						import->config ? " with config \"" : "",
						import->config ? import->config : "",
						import->config ? "\"" : ""),
				 errdetail("The viewer answers with status %d.", response->status),
				 errhint("The name may be wrong or old (the viewer follows no renaming), the dataset may be gated or private and need a token (CREATE USER MAPPING … OPTIONS (token '…')), or it has no viewer.")));
	net_raise(import->channel, response);
}

/* The object that a request brings; it stays until the channel goes. */
static JsonSlice
finish(const Import *import, NetRequest *request)
{
	for (;;)
	{
		const NetResponse *response = net_finish(request);
		JsonCheck	check;

		if (response->status != 200)
			raise_missing(import, response);
		if (json_check(response->body, response->size, &check) &&
			check.root.kind == JSON_OBJECT)
			return check.root;
		net_retry(request, check.problem ? check.problem : "an object was expected");
	}
}

static JsonSlice
ask(const Import *import, const char *what, const char *config)
{
	return finish(import, net_get(import->channel, viewer_path(import, what, config, NULL)));
}

static void
ask_abilities(Import *import)
{
	JsonSlice	valid = ask(import, "is-valid", NULL);

	if (json_get(valid, "viewer").kind != JSON_TRUE)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
				 errmsg("the dataset viewer has no rows of dataset \"%s\"", import->dataset),
				 json_get(valid, "preview").kind == JSON_TRUE ?
				 errdetail("It offers a preview of the first rows only.") :
				 errdetail("It could not read the dataset's files.")));
	import->filter = json_get(valid, "filter").kind == JSON_TRUE;
	import->statistics = json_get(valid, "statistics").kind == JSON_TRUE;
}

/* ---------- names ---------- */

/* FNV-1a: the same on every machine, since names are written down. */
static uint32
name_hash(const char *name)
{
	uint32		hash = 2166136261u;

	for (const unsigned char *c = (const unsigned char *) name; *c; c++)
		hash = (hash ^ *c) * 16777619u;
	return hash;
}

/* NAME within 63 bytes: a long one is cut and told apart by its hash. */
static char *
short_name(const char *name)
{
	int			size = strlen(name);
	int			kept;

	if (size < NAMEDATALEN)
		return pstrdup(name);
	kept = pg_mbcliplen(name, size, NAMEDATALEN - 1 - 9);
	return psprintf("%.*s_%08x", kept, name, name_hash(name));
}

/* A column's name that no other of the table has. */
static char *
fresh_name(List **taken, const char *wanted)
{
	char	   *name = short_name(wanted[0] ? wanted : "column");

	while (list_member(*taken, makeString(name)))
		name = short_name(psprintf("%s_", name));
	*taken = lappend(*taken, makeString(name));
	return name;
}

/* ---------- splits ---------- */

/* {"pending":[{"config":"c",…}]}: names for a message, or NULL. */
static char *
list_configs(JsonSlice answer, const char *member)
{
	JsonCursor	cursor = json_enter(json_get(answer, member));
	JsonSlice	item;
	StringInfoData names;

	initStringInfo(&names);
	while (json_element(&cursor, &item))
	{
		char	   *config = hub_json_string(json_get(item, "config"));

		appendStringInfo(&names, "%s%s", names.len ? ", " : "", config ? config : "?");
	}
	return names.len ? names.data : NULL;
}

static void
check_ready(const Import *import, JsonSlice answer)
{
	char	   *pending = list_configs(answer, "pending");
	char	   *failed = list_configs(answer, "failed");

	if (pending)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the dataset viewer is still processing dataset \"%s\"", import->dataset),
				 errdetail("Configs not ready: %s.", pending),
				 errhint("Try again later, or import another config by the option \"config\".")));
	if (failed)
		ereport(WARNING,
				(errmsg("the dataset viewer failed on a part of dataset \"%s\", which is not imported",
						import->dataset),
				 errdetail("Configs: %s.", failed)));
}

static bool
is_wanted(const Import *import, const Split *split)
{
	return (import->config == NULL || strcmp(import->config, split->config) == 0) &&
		(import->split == NULL || strcmp(import->split, split->name) == 0);
}

static List *
ask_splits(const Import *import)
{
	JsonSlice	answer = ask(import, "splits", import->config);
	JsonCursor	cursor = json_enter(json_get(answer, "splits"));
	JsonSlice	item;
	List	   *found = NIL,
			   *taken = NIL;
	StringInfoData known;

	initStringInfo(&known);
	check_ready(import, answer);
	while (json_element(&cursor, &item))
	{
		Split	   *split = palloc0(sizeof(Split));

		split->config = hub_json_string(json_get(item, "config"));
		split->name = hub_json_string(json_get(item, "split"));
		if (split->config == NULL || split->name == NULL)
			continue;
		appendStringInfo(&known, "%s%s/%s", known.len ? ", " : "", split->config, split->name);
		if (!is_wanted(import, split))
			continue;
		split->table = fresh_name(&taken, psprintf("%s_%s", split->config, split->name));
		found = lappend(found, split);
	}
	if (found == NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
				 errmsg("dataset \"%s\" has no such config and split", import->dataset),
				 known.len ? errdetail("It has (config/split): %s.", known.data) : 0));
	return found;
}

/* ---------- definitions ---------- */

/* Statistics say that the column holds no null. */
static bool
is_never_null(JsonSlice statistics, const char *column)
{
	const char *utf8 = pg_server_to_any(column, strlen(column), PG_UTF8);
	JsonCursor	cursor = json_enter(json_get(statistics, "statistics"));
	JsonSlice	item;
	int64_t		nulls;

	if (json_get(statistics, "partial").kind == JSON_TRUE)
		return false;
	while (json_element(&cursor, &item))
	{
		JsonSlice	name = json_get(item, "column_name");
		JsonSlice	count = json_get(json_get(item, "column_statistics"), "nan_count");

		if (name.kind == JSON_STRING && json_key_is(name, utf8, strlen(utf8)))
			return count.kind == JSON_NUMBER &&
				json_integer(count, &nulls) == JSON_INTEGER && nulls == 0;
	}
	return false;
}

static void
append_column(StringInfo sql, const char *name, const char *type)
{
	appendStringInfo(sql, "%s\n    %s %s OPTIONS (", strchr(sql->data, '\n') ? "," : "",
					 quote_identifier(name), type);
}

static void
append_feature(StringInfo sql, const char *column, List **taken, JsonSlice key,
			   JsonSlice type, JsonSlice statistics)
{
	char	   *name = hub_json_string(key);
	char	   *feature = hub_feature_name(type);
	HubType		kind = hub_feature_type(type);
	char	   *names = hub_label_names(type);

	append_column(sql, column, hub_type_name(kind));
	appendStringInfo(sql, "column %s, feature %s", quote_literal_cstr(name),
					 quote_literal_cstr(feature));
	if (is_never_null(statistics, name))
		appendStringInfoString(sql, ", not_null 'true'");
	appendStringInfoChar(sql, ')');
	if (strcmp(feature, HUB_FEATURE_LABEL) != 0 || names == NULL)
		return;
	append_column(sql, fresh_name(taken, psprintf("%s_name", column)), "text");
	appendStringInfo(sql, "column %s, feature %s, names %s)", quote_literal_cstr(name),
					 quote_literal_cstr(feature), quote_literal_cstr(names));
}

/* Names of the dataset's own columns come first, so that they keep theirs. */
static void
reserve_names(List **taken, JsonSlice features)
{
	JsonCursor	cursor = json_enter(features);
	JsonSlice	key,
				type;

	while (json_member(&cursor, &key, &type))
		(void) fresh_name(taken, hub_json_string(key));
}

static void
append_option(StringInfo sql, const char *name, const char *value)
{
	if (value != NULL)
		appendStringInfo(sql, ", %s %s", name, quote_literal_cstr(value));
}

static char *
table_definition(const Import *import, const Split *split, JsonSlice info,
				 JsonSlice statistics)
{
	JsonSlice	features = json_get(info, "features");
	char	   *utf8 = pg_server_to_any(split->name, strlen(split->name), PG_UTF8);
	JsonSlice	rows = json_get(json_get(json_get(info, "splits"), utf8), "num_examples");
	JsonCursor	cursor = json_enter(features);
	JsonSlice	key,
				type;
	List	   *taken = NIL;
	StringInfoData sql;
	int64_t		count;
	int			own = 0;

	reserve_names(&taken, features);
	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE FOREIGN TABLE %s (", quote_identifier(split->table));
	append_column(&sql, fresh_name(&taken, HUB_ROW_IDX), "bigint");
	appendStringInfo(&sql, "feature '%s')", HUB_FEATURE_ROW_IDX);
	while (json_member(&cursor, &key, &type))
		append_feature(&sql, strVal(list_nth(taken, own++)), &taken, key, type,
					   statistics);
	append_column(&sql, fresh_name(&taken, HUB_CUT_CELLS), "text[]");
	appendStringInfo(&sql, "feature '%s')", HUB_FEATURE_CUT_CELLS);

	appendStringInfo(&sql, ")\nSERVER %s OPTIONS (dataset %s, config %s, split %s",
					 quote_identifier(import->server->servername),
					 quote_literal_cstr(import->dataset),
					 quote_literal_cstr(split->config), quote_literal_cstr(split->name));
	if (rows.kind == JSON_NUMBER && json_integer(rows, &count) == JSON_INTEGER && count >= 0)
		append_option(&sql, "estimated_rows", psprintf(INT64_FORMAT, (int64) count));
	append_option(&sql, "filter", import->filter ? NULL : "false");
	append_option(&sql, "truncated", import->truncated);
	append_option(&sql, "partial", import->partial);
	appendStringInfoChar(&sql, ')');
	return sql.data;
}

/* What /info says of a config: alone, or by name when all were asked for. */
static JsonSlice
config_info(const Import *import, JsonSlice answer, const char *config)
{
	JsonSlice	info = json_get(answer, "dataset_info");

	if (import->config == NULL)
		info = json_get(info, pg_server_to_any(config, strlen(config), PG_UTF8));
	return info;
}

/* ---------- the statement ---------- */

static void
read_options(Import *import)
{
	ListCell   *lc;

	foreach(lc, import->stmt->options)
	{
		DefElem    *def = lfirst(lc);
		const char *text = defGetString(def);

		if (strcmp(def->defname, "dataset") == 0)
			import->dataset = text;
		else if (strcmp(def->defname, "config") == 0)
			import->config = text;
		else if (strcmp(def->defname, "split") == 0)
			import->split = text;
		else if (strcmp(def->defname, "truncated") == 0)
			import->truncated = text;
		else if (strcmp(def->defname, "partial") == 0)
			import->partial = text;
		else
			ereport(ERROR,
					(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
					 errmsg("invalid option \"%s\"", def->defname),
					 errhint("Valid options in this context are: dataset, config, split, truncated, partial.")));
		hub_check_table_option(def->defname, text);
	}
	if (import->dataset == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_OPTION_NAME_NOT_FOUND),
				 errmsg("importing schema \"dataset\" needs option \"dataset\""),
				 errhint("IMPORT FOREIGN SCHEMA dataset FROM SERVER %s INTO … OPTIONS (dataset 'namespace/name').",
						 quote_identifier(import->server->servername))));
}

List *
hub_import_dataset(ImportForeignSchemaStmt *stmt, ForeignServer *server)
{
	Import		import = {.stmt = stmt, .server = server};
	JsonSlice	none = {NULL, 0, JSON_ABSENT, 0};
	JsonSlice	infos;
	List	   *found,
			   *names = NIL,
			   *splits = NIL,
			   *commands = NIL;
	ListCell   *lc;

	read_options(&import);
	import.channel = net_open(hub_server_settings(server->serverid, GetUserId(),
												  HUB_ORIGIN_VIEWER),
							  CurrentMemoryContext);
	ask_abilities(&import);
	found = ask_splits(&import);
	foreach(lc, found)
		names = lappend(names, ((Split *) lfirst(lc))->table);
	hub_import_check_names(stmt, names);
	foreach(lc, found)
		if (IsImportableForeignTable(((Split *) lfirst(lc))->table, stmt))
			splits = lappend(splits, lfirst(lc));
	infos = ask(&import, "info", import.config);
	check_ready(&import, infos);
	foreach(lc, splits)
	{
		Split	   *split = lfirst(lc);

		if (import.statistics)
			split->statistics = net_get(import.channel,
										viewer_path(&import, "statistics", split->config, split->name));
	}
	foreach(lc, splits)
	{
		Split	   *split = lfirst(lc);
		JsonSlice	info = config_info(&import, infos, split->config);

		if (json_get(info, "features").kind != JSON_OBJECT)
		{
			ereport(WARNING,
					(errmsg("the dataset viewer does not know the columns of config \"%s\", which is not imported",
							split->config)));
			continue;
		}
		commands = lappend(commands,
						   table_definition(&import, split, info,
											split->statistics ? finish(&import, split->statistics) : none));
	}
	return commands;
}
