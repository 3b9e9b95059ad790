/*
 * stats.c
 *		What this session asked of the Hub, and a way to drop kept answers.
 *
 * SQL glue over the figures of the transfer engine.  They live in the memory
 * of the session, so that reading and counting block nobody.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/timestamp.h"

#include "net/http.h"

#define STATS_COLUMNS	11

PG_FUNCTION_INFO_V1(hub_session_stats);
PG_FUNCTION_INFO_V1(hub_cache_flush);

static void
put_row(ReturnSetInfo *result, const NetStatistics *one)
{
	Datum		values[STATS_COLUMNS];
	bool		nulls[STATS_COLUMNS] = {0};
	const NetCounters *totals = &one->totals;
	int			i = 0;

	nulls[i] = !OidIsValid(one->server);
	values[i++] = ObjectIdGetDatum(one->server);
	nulls[i] = !OidIsValid(one->user_mapping);
	values[i++] = ObjectIdGetDatum(one->user_mapping);
	values[i++] = Int64GetDatum(totals->requests);
	values[i++] = Int64GetDatum(totals->retries);
	values[i++] = Int64GetDatum(totals->bytes_wire);
	values[i++] = Int64GetDatum(totals->bytes_decoded);
	values[i++] = Int64GetDatum(totals->quota_wait_ms);
	values[i++] = Int64GetDatum(totals->cache_hits);
	nulls[i] = !one->quota.known;
	values[i++] = Int64GetDatum(one->quota.left);
	nulls[i] = !one->quota.known || one->quota.limit < 0;
	values[i++] = Int64GetDatum(one->quota.limit);
	nulls[i] = !one->quota.known;
	values[i++] = Int32GetDatum(one->quota.reset_s);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

Datum
hub_session_stats(PG_FUNCTION_ARGS)
{
	NetStatistics *all;
	int			count;

	InitMaterializedSRF(fcinfo, 0);
	all = net_statistics(&count);
	for (int i = 0; i < count; i++)
		put_row((ReturnSetInfo *) fcinfo->resultinfo, &all[i]);
	return (Datum) 0;
}

Datum
hub_cache_flush(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(net_cache_flush());
}
