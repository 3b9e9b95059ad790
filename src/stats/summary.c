/*
 * summary.c
 *		Input, output, comparison and hash of every summary type.
 *
 * Text is the type's name, a colon and base64 of the same bytes that the
 * binary form sends: header (tag, version, flags) and canonical payload.  One
 * decoder therefore guards both, and text reads back bit for bit.
 */
#include "postgres.h"

#include "common/base64.h"
#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "stats/summary.h"

#define WIRE_HEADER 3			/* tag, version, flags */

/* Each family adds itself here; NULL ends the list. */
static const SummaryFamily *const families[] = {
	&distribution_family,
	&weighted_family,
	&engagement_family,
	&counter_family,
	&survival_family,
	&lineage_family,
	&series_family,
	NULL
};

static const SummaryFamily *
summary_family(uint8 tag)
{
	for (int i = 0; families[i]; i++)
		if (families[i]->tag == tag)
			return families[i];
	elog(ERROR, "summary has unknown tag %d", tag);
	return NULL;
}

Summary *
summary_alloc(SummaryTag tag, uint8 flags, size_t payload)
{
	Summary    *summary;

	if (payload > MaxAllocSize - SUMMARY_HEADER)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("summary of %zu bytes exceeds the limit of %zu",
						payload, (size_t) MaxAllocSize - SUMMARY_HEADER)));
	summary = palloc(SUMMARY_HEADER + payload);
	SET_VARSIZE(summary, SUMMARY_HEADER + payload);
	summary->tag = tag;
	summary->version = summary_family(tag)->version;
	summary->flags = flags;
	summary->zero = 0;
	return summary;
}

Summary *
summary_canonical(const Summary *summary)
{
	if (SummaryIsWorking(summary))
		return summary_family(summary->tag)->canonical(summary);
	return unconstify(Summary *, summary);
}

Summary *
summary_arg(FunctionCallInfo fcinfo, int argno)
{
	/* not the packed form: the payload is read through aligned pointers */
	return (Summary *) PG_DETOAST_DATUM(PG_GETARG_DATUM(argno));
}

/*
 * A reader called for many rows of one query with the same stored summary
 * would detoast it each time.  The raw pointer cannot be trusted to mean the
 * same value, the toast pointer's bytes can: they name one stored value.
 */
typedef struct SummaryCache
{
	Size		key_size;
	struct varlena *key;		/* the toast pointer as it came */
	Summary    *summary;
} SummaryCache;

static Summary *
summary_cached_arg(FunctionCallInfo fcinfo, struct varlena *raw)
{
	SummaryCache *cache = fcinfo->flinfo->fn_extra;
	Size		size = VARSIZE_ANY(raw);
	MemoryContext old;

	if (cache && cache->key_size == size && memcmp(cache->key, raw, size) == 0)
		return cache->summary;

	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	if (cache)
	{
		pfree(cache->key);
		pfree(cache->summary);
		cache->key = NULL;
	}
	else
		cache = palloc0(sizeof(SummaryCache));
	fcinfo->flinfo->fn_extra = NULL;	/* in case the next lines throw */
	cache->summary = summary_canonical((Summary *) PG_DETOAST_DATUM(PointerGetDatum(raw)));
	cache->key = palloc(size);
	memcpy(cache->key, raw, size);
	cache->key_size = size;
	fcinfo->flinfo->fn_extra = cache;
	MemoryContextSwitchTo(old);
	return cache->summary;
}

Summary *
summary_canonical_arg(FunctionCallInfo fcinfo, int argno)
{
	struct varlena *raw = (struct varlena *) PG_GETARG_POINTER(argno);

	/* only one argument may use the cache: the first */
	if (argno == 0 && VARATT_IS_EXTERNAL_ONDISK(raw))
		return summary_cached_arg(fcinfo, raw);
	return summary_canonical(summary_arg(fcinfo, argno));
}

MemoryContext
summary_agg_context(FunctionCallInfo fcinfo, const char *what)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "%s called outside an aggregate", what);
	return context;
}

/* ---------- wire and text ---------- */

/*
 * A summary from the bytes of the wire, or an error of the given code: soft
 * where the caller has a place for it.
 */
static Summary *
summary_decode(const uint8 *data, size_t len, const SummaryFamily *family,
			   int errcode_damage, Node *escontext)
{
	const char *damage = NULL;
	Summary    *summary;

	if (len < WIRE_HEADER)
		damage = "It ends within the header.";
	else if (data[0] != family->tag)
		damage = "It is not of this type.";
	else if (data[1] != family->version)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s_summary of version %d is not supported",
						family->name, data[1]),
				 errdetail("This server reads version %d.", family->version),
				 errhint("Update the extension on this server.")));
	else
		damage = family->check(data[2], data + WIRE_HEADER, len - WIRE_HEADER);
	if (damage)
		ereturn(escontext, NULL,
				(errcode(errcode_damage),
				 errmsg("invalid %s_summary", family->name),
				 errdetail("%s", damage)));

	summary = summary_alloc(family->tag, data[2], len - WIRE_HEADER);
	if (len > WIRE_HEADER)
		memcpy(summary->payload, data + WIRE_HEADER, len - WIRE_HEADER);
	return summary;
}

Datum
summary_in_family(FunctionCallInfo fcinfo, const SummaryFamily *family)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Node	   *escontext = fcinfo->context;
	size_t		prefix = strlen(family->name);
	size_t		len = strlen(text);
	int			room,
				size = -1;
	uint8	   *data;
	Summary    *summary;

	if (len > prefix && strncmp(text, family->name, prefix) == 0 &&
		text[prefix] == ':')
	{
		text += prefix + 1;
		len -= prefix + 1;
		room = pg_b64_dec_len(len);
		data = palloc(room + 1);
		size = pg_b64_decode(text, len, (void *) data, room);
	}
	if (size < 0)
		ereturn(escontext, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s_summary",
						family->name),
				 errdetail("The text form is \"%s:\" and base64.", family->name)));
	summary = summary_decode(data, size, family,
							 ERRCODE_INVALID_TEXT_REPRESENTATION, escontext);
	if (summary == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(summary);
}

Datum
summary_recv_family(FunctionCallInfo fcinfo, const SummaryFamily *family)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			len = buf->len - buf->cursor;
	const uint8 *data = (const uint8 *) pq_getmsgbytes(buf, len);

	PG_RETURN_POINTER(summary_decode(data, len, family,
									 ERRCODE_INVALID_BINARY_REPRESENTATION, NULL));
}

/* Bytes of the wire, behind room for a varlena header. */
static bytea *
summary_encode(const Summary *summary)
{
	size_t		len = SUMMARY_PAYLOAD_SIZE(summary);
	bytea	   *wire = palloc(VARHDRSZ + WIRE_HEADER + len);
	uint8	   *at = (uint8 *) VARDATA(wire);

	SET_VARSIZE(wire, VARHDRSZ + WIRE_HEADER + len);
	at[0] = summary->tag;
	at[1] = summary->version;
	at[2] = summary->flags;
	memcpy(at + WIRE_HEADER, summary->payload, len);
	return wire;
}

PG_FUNCTION_INFO_V1(pghub_summary_out);
Datum
pghub_summary_out(PG_FUNCTION_ARGS)
{
	Summary    *summary = summary_canonical(summary_arg(fcinfo, 0));
	bytea	   *wire = summary_encode(summary);
	const char *name = summary_family(summary->tag)->name;
	size_t		prefix = strlen(name) + 1;
	int			len = VARSIZE(wire) - VARHDRSZ;
	int			room = pg_b64_enc_len(len);
	char	   *text = palloc(prefix + room + 1);
	int			size;

	snprintf(text, prefix + 1, "%s:", name);
	size = pg_b64_encode((void *) VARDATA(wire), len, text + prefix, room);
	if (size < 0)
		elog(ERROR, "could not encode summary");
	text[prefix + size] = '\0';
	PG_RETURN_CSTRING(text);
}

PG_FUNCTION_INFO_V1(pghub_summary_send);
Datum
pghub_summary_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(summary_encode(summary_canonical(summary_arg(fcinfo, 0))));
}

/* ---------- comparison over the canonical bytes ---------- */

static int
summary_cmp(FunctionCallInfo fcinfo)
{
	Summary    *a = summary_canonical(summary_arg(fcinfo, 0));
	Summary    *b = summary_canonical(summary_arg(fcinfo, 1));
	size_t		len_a = VARSIZE(a) - VARHDRSZ;
	size_t		len_b = VARSIZE(b) - VARHDRSZ;
	int			cmp = memcmp(VARDATA(a), VARDATA(b), Min(len_a, len_b));

	if (cmp != 0)
		return cmp < 0 ? -1 : 1;
	return (len_a > len_b) - (len_a < len_b);
}

#define SUMMARY_COMPARISON(name, result) \
	PG_FUNCTION_INFO_V1(pghub_summary_##name); \
	Datum pghub_summary_##name(PG_FUNCTION_ARGS) { result; }

SUMMARY_COMPARISON(cmp, PG_RETURN_INT32(summary_cmp(fcinfo)))
SUMMARY_COMPARISON(eq, PG_RETURN_BOOL(summary_cmp(fcinfo) == 0))
SUMMARY_COMPARISON(ne, PG_RETURN_BOOL(summary_cmp(fcinfo) != 0))
SUMMARY_COMPARISON(lt, PG_RETURN_BOOL(summary_cmp(fcinfo) < 0))
SUMMARY_COMPARISON(le, PG_RETURN_BOOL(summary_cmp(fcinfo) <= 0))
SUMMARY_COMPARISON(gt, PG_RETURN_BOOL(summary_cmp(fcinfo) > 0))
SUMMARY_COMPARISON(ge, PG_RETURN_BOOL(summary_cmp(fcinfo) >= 0))

PG_FUNCTION_INFO_V1(pghub_summary_hash);
Datum
pghub_summary_hash(PG_FUNCTION_ARGS)
{
	Summary    *s = summary_canonical(summary_arg(fcinfo, 0));

	return hash_any((unsigned char *) VARDATA(s), VARSIZE(s) - VARHDRSZ);
}

PG_FUNCTION_INFO_V1(pghub_summary_hash_extended);
Datum
pghub_summary_hash_extended(PG_FUNCTION_ARGS)
{
	Summary    *s = summary_canonical(summary_arg(fcinfo, 0));

	return hash_any_extended((unsigned char *) VARDATA(s),
							 VARSIZE(s) - VARHDRSZ, PG_GETARG_INT64(1));
}
