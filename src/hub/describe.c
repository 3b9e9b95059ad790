/*
 * describe.c
 *		The catalogue's own words, as rows.
 *
 * IMPORT FOREIGN SCHEMA can only hand back CREATE FOREIGN TABLE, so the
 * comments follow in an event trigger (describe.sql), which reads them here.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "hub/catalogue.h"

PG_FUNCTION_INFO_V1(hub_catalogue);

static void
put_row(ReturnSetInfo *result, const char *table, const char *column,
		const char *description)
{
	Datum		values[3];
	bool		nulls[3] = {false, column == NULL, description == NULL};

	values[0] = CStringGetTextDatum(table);
	values[1] = column ? CStringGetTextDatum(column) : (Datum) 0;
	values[2] = description ? CStringGetTextDatum(description) : (Datum) 0;
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
hub_catalogue(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result;

	InitMaterializedSRF(fcinfo, 0);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	for (int i = 0; hub_tables[i]; i++)
	{
		const HubTable *table = hub_tables[i];

		put_row(result, table->name, NULL, table->comment);
		for (const HubColumn *c = table->columns; c->name; c++)
			put_row(result, table->name, c->name, c->comment);
	}
	return (Datum) 0;
}
