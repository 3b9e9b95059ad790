/*
 * codec.h
 *		Bytes of a summary, the same on every machine.
 *
 * One form serves disk, wire and text: unsigned numbers as base-128 varints,
 * signed ones folded (zigzag), doubles as eight big-endian bytes.  A writer
 * without a buffer only counts, so that a caller sizes first and writes then.
 * A reader never runs past its end: it notes the damage and answers zeros, so
 * that a decoder checks once, after it has read.  A number has one spelling
 * only: an overlong varint is damage, or equal sets would not be equal bytes.
 *
 * Free of server headers, to be tested and fuzzed alone.
 */
#ifndef PGHUB_CODEC_H
#define PGHUB_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct CodecWriter
{
	uint8_t    *buffer;			/* NULL: count only */
	size_t		size;			/* bytes written, or wanted */
} CodecWriter;

typedef struct CodecReader
{
	const uint8_t *at;
	const uint8_t *end;
	bool		bad;
} CodecReader;

static inline void
codec_put_u8(CodecWriter *w, uint8_t value)
{
	if (w->buffer)
		w->buffer[w->size] = value;
	w->size++;
}

static inline void
codec_put_varint(CodecWriter *w, uint64_t value)
{
	while (value >= 0x80)
	{
		codec_put_u8(w, (uint8_t) (value | 0x80));
		value >>= 7;
	}
	codec_put_u8(w, (uint8_t) value);
}

static inline void
codec_put_signed(CodecWriter *w, int64_t value)
{
	codec_put_varint(w, ((uint64_t) value << 1) ^ (uint64_t) (value >> 63));
}

static inline void
codec_put_u64(CodecWriter *w, uint64_t value)
{
	for (int shift = 56; shift >= 0; shift -= 8)
		codec_put_u8(w, (uint8_t) (value >> shift));
}

static inline void
codec_put_double(CodecWriter *w, double value)
{
	uint64_t	bits;

	memcpy(&bits, &value, sizeof(bits));
	codec_put_u64(w, bits);
}

static inline void
codec_put_bytes(CodecWriter *w, const void *data, size_t len)
{
	if (w->buffer && len > 0)
		memcpy(w->buffer + w->size, data, len);
	w->size += len;
}

static inline size_t
codec_left(const CodecReader *r)
{
	return r->end - r->at;
}

static inline uint8_t
codec_get_u8(CodecReader *r)
{
	if (r->at >= r->end)
	{
		r->bad = true;
		return 0;
	}
	return *r->at++;
}

static inline uint64_t
codec_get_varint(CodecReader *r)
{
	uint64_t	value = 0;

	for (int shift = 0; shift < 70; shift += 7)
	{
		uint8_t		byte = codec_get_u8(r);

		/* the tenth byte holds one bit; a last byte of zero is overlong */
		if ((shift == 63 && byte > 1) || (shift > 0 && byte == 0))
			break;
		value |= (uint64_t) (byte & 0x7f) << shift;
		if (byte < 0x80)
			return r->bad ? 0 : value;
	}
	r->bad = true;
	return 0;
}

static inline int64_t
codec_get_signed(CodecReader *r)
{
	uint64_t	folded = codec_get_varint(r);

	return (int64_t) (folded >> 1) ^ -(int64_t) (folded & 1);
}

static inline uint64_t
codec_get_u64(CodecReader *r)
{
	uint64_t	value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | codec_get_u8(r);
	return r->bad ? 0 : value;
}

static inline double
codec_get_double(CodecReader *r)
{
	uint64_t	bits = codec_get_u64(r);
	double		value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* The bytes in place, or NULL: nothing is copied. */
static inline const uint8_t *
codec_get_bytes(CodecReader *r, size_t len)
{
	const uint8_t *data = r->at;

	if (len > codec_left(r))
	{
		r->bad = true;
		return NULL;
	}
	r->at += len;
	return data;
}

/* Read to its end, without damage? */
static inline bool
codec_done(const CodecReader *r)
{
	return !r->bad && r->at == r->end;
}

#endif							/* PGHUB_CODEC_H */
