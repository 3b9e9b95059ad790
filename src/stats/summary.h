/*
 * summary.h
 *		What all summary types share: header, input, output, comparison.
 *
 * A summary is one flat varlena.  It has two forms.  The *canonical* form is
 * what a user can store: the bytes after the header are the codec's, equal
 * sets are equal bytes.  The *working* form is an aggregate's state on its
 * way: native memory, changed in place, private to this server.  It has the
 * same SQL type, so that it may cross to a parallel leader (as it is) or
 * through an output function (which makes it canonical).
 */
#ifndef PGHUB_SUMMARY_H
#define PGHUB_SUMMARY_H

#include "postgres.h"

#include "fmgr.h"

/* First byte after the length.  Numbers are for ever: they stand on disk. */
typedef enum SummaryTag
{
	SUMMARY_DISTRIBUTION = 'D',
	SUMMARY_WEIGHTED = 'W',
	SUMMARY_LINEAGE = 'L',
	SUMMARY_ENGAGEMENT = 'E',
	SUMMARY_COUNTER = 'C',
	SUMMARY_SURVIVAL = 'S',
	SUMMARY_SERIES = 'R'
} SummaryTag;

typedef struct Summary
{
	int32		vl_len_;		/* varlena header, do not touch directly */
	uint8		tag;			/* a SummaryTag */
	uint8		version;		/* of the canonical form; SUMMARY_WORKING */
	uint8		flags;			/* the family's own, part of the value */
	uint8		zero;			/* always 0: the payload begins aligned */
	uint8		payload[FLEXIBLE_ARRAY_MEMBER];
} Summary;

#define SUMMARY_HEADER		offsetof(Summary, payload)
#define SUMMARY_WORKING		0	/* no canonical form has version 0 */
#define SUMMARY_PAYLOAD_SIZE(s)	(VARSIZE(s) - SUMMARY_HEADER)
#define SummaryIsWorking(s)	((s)->version == SUMMARY_WORKING)

typedef struct SummaryFamily
{
	SummaryTag	tag;
	uint8		version;		/* the one it writes */
	const char *name;			/* before the colon of the text form */

	/*
	 * NULL if the canonical payload is sound, else what is wrong with it, as
	 * a phrase for errdetail.  Must not allocate by what the payload says
	 * before that is proven by the payload's own length.
	 */
	const char *(*check) (uint8 flags, const uint8 *payload, size_t len);

	/* A new canonical summary from a working one. */
	Summary    *(*canonical) (const Summary *working);
} SummaryFamily;

extern const SummaryFamily distribution_family;
extern const SummaryFamily weighted_family;
extern const SummaryFamily lineage_family;
extern const SummaryFamily engagement_family;
extern const SummaryFamily counter_family;
extern const SummaryFamily survival_family;
extern const SummaryFamily series_family;

/*
 * An argument, detoasted and aligned, working or canonical.  Always use this:
 * a strict combine receives its first partial state packed and unaligned.
 */
extern Summary *summary_arg(FunctionCallInfo fcinfo, int argno);

/* The same, canonical; detoasted once per query where fn_extra is kept. */
extern Summary *summary_canonical_arg(FunctionCallInfo fcinfo, int argno);

extern Summary *summary_canonical(const Summary *summary);
extern Summary *summary_alloc(SummaryTag tag, uint8 flags, size_t payload);

/*
 * Aggregate context, or an error when called outside an aggregate.  State is
 * changed in place only under it.
 */
extern MemoryContext summary_agg_context(FunctionCallInfo fcinfo, const char *what);

extern Datum summary_in_family(FunctionCallInfo fcinfo, const SummaryFamily *family);
extern Datum summary_recv_family(FunctionCallInfo fcinfo, const SummaryFamily *family);

/*
 * NAME_in and NAME_recv; out, send, comparison and hash serve every type.
 * The line also declares the type in SQL: the Makefile writes summary.sql.in
 * out for every NAME it finds at the start of a line.
 */
#define SUMMARY_INPUT(name, family) \
	PG_FUNCTION_INFO_V1(name##_in); \
	Datum name##_in(PG_FUNCTION_ARGS) { return summary_in_family(fcinfo, &family); } \
	PG_FUNCTION_INFO_V1(name##_recv); \
	Datum name##_recv(PG_FUNCTION_ARGS) { return summary_recv_family(fcinfo, &family); }

#endif							/* PGHUB_SUMMARY_H */
