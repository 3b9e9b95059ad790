/*
 * json_scan.h
 *		The inner loops of the JSON parser: find the next byte that matters.
 *
 * Sixteen bytes at a time with SSE2, eight with plain words elsewhere, one by
 * one near the end of the text, so that nothing is read past it.  Included
 * by json.c and json_text.c only.
 */
#ifndef PGHUB_JSON_SCAN_H
#define PGHUB_JSON_SCAN_H

#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define JSON_ONES	UINT64_C(0x0101010101010101)
#define JSON_HIGHS	UINT64_C(0x8080808080808080)

/* Non-zero if a byte of WORD is zero, whatever the byte order. */
static inline uint64_t
json_zero_byte(uint64_t word)
{
	return (word - JSON_ONES) & ~word & JSON_HIGHS;
}

/*
 * The first quote, backslash or control character of a string's inside, or
 * END.  *HIGH becomes non-zero if a byte above 0x7f stands before it.
 */
static inline const char *
json_scan_string(const char *p, const char *end, unsigned *high)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i slash = _mm_set1_epi8('\\');
	const __m128i control = _mm_set1_epi8(0x1f);

	while (end - p >= 16)
	{
		__m128i		v = _mm_loadu_si128((const __m128i *) p);
		__m128i		stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote),
													 _mm_cmpeq_epi8(v, slash)),
										_mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
		unsigned	mask = (unsigned) _mm_movemask_epi8(stop);
		unsigned	above = (unsigned) _mm_movemask_epi8(v);

		if (mask != 0)
		{
			unsigned	n = (unsigned) __builtin_ctz(mask);

			*high |= above & ((1u << n) - 1);
			return p + n;
		}
		*high |= above;
		p += 16;
	}
#else
	while (end - p >= 8)
	{
		uint64_t	v;

		memcpy(&v, p, 8);
		if (json_zero_byte(v ^ (JSON_ONES * '"')) |
			json_zero_byte(v ^ (JSON_ONES * '\\')) |
			((v - JSON_ONES * 0x20) & ~v & JSON_HIGHS))
			break;
		*high |= (v & JSON_HIGHS) != 0;
		p += 8;
	}
#endif
	for (; p < end; p++)
	{
		unsigned char c = (unsigned char) *p;

		if (c == '"' || c == '\\' || c < 0x20)
			break;
		*high |= c & 0x80;
	}
	return p;
}

/* The first quote, bracket or brace, or END. */
static inline const char *
json_scan_structure(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"');
	const __m128i fold = _mm_set1_epi8(0x20);
	const __m128i open = _mm_set1_epi8('{');
	const __m128i close = _mm_set1_epi8('}');

	while (end - p >= 16)
	{
		__m128i		v = _mm_loadu_si128((const __m128i *) p);
		__m128i		f = _mm_or_si128(v, fold);	/* [ to {, ] to } */
		__m128i		stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(f, open),
													 _mm_cmpeq_epi8(f, close)),
										_mm_cmpeq_epi8(v, quote));
		unsigned	mask = (unsigned) _mm_movemask_epi8(stop);

		if (mask != 0)
			return p + __builtin_ctz(mask);
		p += 16;
	}
#endif
	for (; p < end; p++)
	{
		char		c = *p;

		if (c == '"' || c == '{' || c == '}' || c == '[' || c == ']')
			break;
	}
	return p;
}

static inline const char *
json_scan_blank(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

#endif							/* PGHUB_JSON_SCAN_H */
