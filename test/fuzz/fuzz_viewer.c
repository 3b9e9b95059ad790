/*
 * fuzz_viewer.c
 *		Names and values in the viewer's conditions: whatever the bytes, the
 *		quoted form is one token and reads back as the same bytes.
 *
 * fuzz-sources: src/hub/dataset_text.c
 */
#include "fuzz.h"

extern size_t viewer_quote_name(const char *name, size_t size, char *out);
extern size_t viewer_quote_text(const char *value, size_t size, char *out);
extern bool viewer_takes_text(const char *text, size_t size);
extern bool viewer_takes_number(const char *text, size_t size);

static void
check_quoted(size_t (*quoter) (const char *, size_t, char *), char quote,
			 const char *text, size_t size)
{
	char	   *out = malloc(size * 2 + 2);
	size_t		length = quoter(text, size, out);
	size_t		at = 0;

	CHECK(length == quoter(text, size, NULL) && length <= size * 2 + 2);
	CHECK(length >= 2 && out[0] == quote && out[length - 1] == quote);
	for (size_t i = 1; i < length - 1; i++)
	{
		if (out[i] == quote)
			CHECK(i + 1 < length - 1 && out[++i] == quote);
		CHECK(at < size && out[i] == text[at]);
		at++;
	}
	CHECK(at == size);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = exact(data, size);

	check_quoted(viewer_quote_name, '"', text, size);
	check_quoted(viewer_quote_text, '\'', text, size);
	if (viewer_takes_text(text, size))
		for (size_t i = 0; i < size; i++)
		{
			CHECK((unsigned char) text[i] >= ' ' && text[i] != ';');
			CHECK(i == 0 || !(text[i] == '-' && text[i - 1] == '-'));
			CHECK(i == 0 || !(text[i] == '*' && text[i - 1] == '/'));
			CHECK(i == 0 || !(text[i] == '/' && text[i - 1] == '*'));
		}
	if (viewer_takes_number(text, size))
		for (size_t i = 0; i < size; i++)
			CHECK((text[i] >= '0' && text[i] <= '9') || text[i] == '.');
	free(text);
	return 0;
}
