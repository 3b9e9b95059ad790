/*
 * engagement_pack.h
 *		Rows of engagement on their way, as few bytes as may be.
 *
 * A state that grows by 16 bytes a row spends more time on fresh memory than
 * on its rows.  Observations mostly come in order, at whole seconds, hours or
 * days, with small whole amounts: such a row takes two or three bytes.
 *
 * First byte: unit of the step from the row before (low three bits), whether
 * the amount is a double (bit 3), and the step itself if it is small.
 */
#ifndef PGHUB_ENGAGEMENT_PACK_H
#define PGHUB_ENGAGEMENT_PACK_H

#include "stats/engagement.h"

#define PACKED_ROW_MAX		20	/* bytes that a row may take */

#define PACK_ABSOLUTE		7	/* unit: eight bytes, no step */
#define PACK_DOUBLE			0x08
#define PACK_SMALL			13	/* largest step in the first byte */
#define PACK_FORWARD		14	/* else a varint follows */
#define PACK_BACKWARD		15

static inline uint8_t *
pack_varint(uint8_t *to, uint64_t value)
{
	while (value >= 0x80)
	{
		*to++ = (uint8_t) (value | 0x80);
		value >>= 7;
	}
	*to++ = (uint8_t) value;
	return to;
}

static inline const uint8_t *
unpack_varint(const uint8_t *from, uint64_t *value)
{
	uint64_t	byte = *from++;
	int			shift = 0;

	*value = byte & 0x7f;
	while (byte & 0x80)
	{
		byte = *from++;
		*value |= (byte & 0x7f) << (shift += 7);
	}
	return from;
}

/* Writes a row after one at *last; the place after it. */
static inline uint8_t *
engagement_pack(uint8_t *to, int64_t *last, const EngagementRow *row)
{
	uint8_t    *first = to++;
	int64_t		step;
	uint64_t	size;
	int			unit = 0;

	if (__builtin_sub_overflow(row->at, *last, &step))
	{
		*first = PACK_ABSOLUTE;
		memcpy(to, &row->at, sizeof(row->at));
		to += sizeof(row->at);
	}
	else
	{
		size = step < 0 ? -(uint64_t) step : (uint64_t) step;
		if (size % UINT64_C(86400000000) == 0)
			unit = 4, size /= UINT64_C(86400000000);
		else if (size % 1000000 == 0)
			unit = 1, size /= 1000000;
		*first = unit;
		if (step >= 0 && size <= PACK_SMALL)
			*first |= size << 4;
		else
		{
			*first |= (step < 0 ? PACK_BACKWARD : PACK_FORWARD) << 4;
			to = pack_varint(to, size);
		}
	}
	*last = row->at;
	if (row->value >= 0 && row->value < 4503599627370496.0 &&
		row->value == (double) (int64_t) row->value)
		return pack_varint(to, (uint64_t) row->value);
	*first |= PACK_DOUBLE;
	memcpy(to, &row->value, sizeof(row->value));
	return to + sizeof(row->value);
}

/* Reads the row after one at *last; the place after it. */
static inline const uint8_t *
engagement_unpack(const uint8_t *from, int64_t *last, EngagementRow *row)
{
	uint8_t		first = *from++;
	int			unit = first & 7;

	if (unit == PACK_ABSOLUTE)
	{
		memcpy(&row->at, from, sizeof(row->at));
		from += sizeof(row->at);
	}
	else
	{
		uint64_t	size = first >> 4;

		if (size > PACK_SMALL)
			from = unpack_varint(from, &size);
		size *= unit == 4 ? UINT64_C(86400000000) : unit == 1 ? 1000000 : 1;
		row->at = (int64_t) (first >> 4 == PACK_BACKWARD ?
							 (uint64_t) *last - size : (uint64_t) *last + size);
	}
	*last = row->at;
	if (first & PACK_DOUBLE)
	{
		memcpy(&row->value, from, sizeof(row->value));
		from += sizeof(row->value);
	}
	else
	{
		uint64_t	whole;

		from = unpack_varint(from, &whole);
		row->value = (double) whole;
	}
	return from;
}

#endif							/* PGHUB_ENGAGEMENT_PACK_H */
