/*
 * fuzz.h
 *		What every harness shares: a check that stops, and exact buffers.
 *
 * A harness feeds the input to pure code and checks what must hold whatever
 * the input is; libFuzzer, AddressSanitizer and UBSan find the rest.  Its line
 * "fuzz-sources: FILES" names those that are linked (scripts/fuzz).
 */
#ifndef PGHUB_FUZZ_H
#define PGHUB_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) \
	do { if (!(condition)) { \
		fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
		abort(); } } while (0)

/* The input in a block of just its size, so that any read beyond is seen. */
static inline char *
exact(const uint8_t *data, size_t size)
{
	char	   *copy = malloc(size ? size : 1);

	if (size)
		memcpy(copy, data, size);
	return copy;
}

/* Well-formed UTF-8 without NUL? */
static inline bool
is_sound_text(const char *text, size_t size)
{
	const unsigned char *p = (const unsigned char *) text;
	const unsigned char *end = p + size;

	while (p < end)
	{
		int			more = *p < 0x80 ? 0 : *p >= 0xc2 && *p < 0xe0 ? 1 :
			*p >= 0xe0 && *p < 0xf0 ? 2 : *p >= 0xf0 && *p < 0xf5 ? 3 : -1;

		if (more < 0 || *p == 0 || end - p <= more)
			return false;
		if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
			(*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
			return false;
		for (p++; more > 0; more--, p++)
			if ((*p & 0xc0) != 0x80)
				return false;
	}
	return true;
}

#endif							/* PGHUB_FUZZ_H */
