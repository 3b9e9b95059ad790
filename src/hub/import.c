/*
 * import.c
 *		IMPORT FOREIGN SCHEMA: definitions of foreign tables.
 *
 * Schema "hub" holds every table of the catalogue, "dataset" the rows of one
 * dataset (dataset_import.c).  The definitions name
 * their resource, so that a table may be renamed afterwards.
 */
#include "postgres.h"

#include "foreign/foreign.h"
#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"

#include "hub/catalogue.h"
#include "hub/dataset.h"
#include "hub/fdw.h"
#include "hub/row.h"

static char *
table_definition(const HubTable *table, const char *server)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "CREATE FOREIGN TABLE %s (", quote_identifier(table->name));
	for (const HubColumn *c = table->columns; c->name; c++)
		appendStringInfo(&sql, "%s\n    %s %s", c == table->columns ? "" : ",",
						 quote_identifier(c->name), hub_type_name(c->type));
	appendStringInfo(&sql, ")\nSERVER %s OPTIONS (resource %s)",
					 quote_identifier(server), quote_literal_cstr(table->name));
	return sql.data;
}

static bool
has_name(const List *names, const char *wanted)
{
	ListCell   *lc;

	foreach(lc, names)
		if (strcmp(lfirst(lc), wanted) == 0)
			return true;
	return false;
}

static char *
all_names(const List *names)
{
	StringInfoData text;
	ListCell   *lc;

	initStringInfo(&text);
	foreach(lc, names)
		appendStringInfo(&text, "%s%s", text.len ? ", " : "", (char *) lfirst(lc));
	return text.data;
}

/*
 * LIMIT TO and EXCEPT must name what is there: core keeps to the names it
 * knows and is silent about the others, so that a typing error would import
 * nothing, or all.
 */
void
hub_import_check_names(const ImportForeignSchemaStmt *stmt, const List *names)
{
	ListCell   *lc;

	foreach(lc, stmt->table_list)
	{
		const char *wanted = ((RangeVar *) lfirst(lc))->relname;

		if (!has_name(names, wanted))
			ereport(ERROR,
					(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
					 errmsg("table \"%s\" is not there to import", wanted),
					 errhint("Tables of schema \"%s\": %s.", stmt->remote_schema, all_names(names))));
	}
}

List *
hub_import_schema(ImportForeignSchemaStmt *stmt, Oid serverid)
{
	ForeignServer *server = GetForeignServer(serverid);
	List	   *names = NIL,
			   *commands = NIL;

	if (strcmp(stmt->remote_schema, "dataset") == 0)
		return hub_import_dataset(stmt, server);
	if (strcmp(stmt->remote_schema, "hub") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_SCHEMA_NOT_FOUND),
				 errmsg("schema \"%s\" is not there to import", stmt->remote_schema),
				 errhint("Schemas are \"hub\" and \"dataset\": IMPORT FOREIGN SCHEMA hub FROM SERVER %s INTO …",
						 quote_identifier(server->servername))));
	if (stmt->options != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
				 errmsg("invalid option \"%s\"",
						((DefElem *) linitial(stmt->options))->defname),
				 errhint("Importing schema \"hub\" takes no options.")));
	for (int i = 0; hub_tables[i]; i++)
		names = lappend(names, unconstify(char *, hub_tables[i]->name));
	hub_import_check_names(stmt, names);
	for (int i = 0; hub_tables[i]; i++)
		if (IsImportableForeignTable(hub_tables[i]->name, stmt))
			commands = lappend(commands, table_definition(hub_tables[i], server->servername));
	return commands;
}
