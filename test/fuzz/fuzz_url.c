/*
 * fuzz_url.c
 *		URLs: what is accepted has an origin and a clean path, a resolved link
 *		stays with its origin, an encoded value decodes to its own bytes.
 *
 * fuzz-sources: src/net/url.c
 */
#include "fuzz.h"
#include "net/url.h"

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void
check_escape(const char *text, size_t size)
{
	char	   *escaped = malloc(size * 3 + 1);
	size_t		length = net_url_escape(escaped, text, size);
	size_t		at = 0;

	CHECK(length <= size * 3);
	CHECK(net_path_is_clean("/", 1));
	for (size_t i = 0; i < length; i++, at++)
	{
		unsigned char c = (unsigned char) escaped[i];

		CHECK(at < size);
		if (c == '%')
		{
			CHECK(i + 2 < length && digit(escaped[i + 1]) >= 0 && digit(escaped[i + 2]) >= 0);
			CHECK((unsigned char) text[at] == digit(escaped[i + 1]) * 16 + digit(escaped[i + 2]));
			i += 2;
		}
		else
		{
			CHECK(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", c) && c);
			CHECK(c == (unsigned char) text[at]);
		}
	}
	CHECK(at == size);
	free(escaped);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *text = exact(data, size);
	NetUrl		url,
				origin;
	const char *path;
	size_t		length;
	bool		foreign = false;

	check_escape(text, size);
	(void) net_host_is_loopback(text, size);
	if (net_url_parse(text, size, &url))
	{
		CHECK(url.host >= text && url.host + url.host_length <= text + size);
		CHECK(url.host_length > 0 && url.port > 0 && url.port <= 65535);
		CHECK(url.path_length == 0 || url.path[0] == '?' ||
			  net_path_is_clean(url.path, url.path_length));
		CHECK(net_url_same_origin(&url, &url));
	}
	CHECK(net_url_parse("http://127.0.0.1:8080", 21, &origin));
	if (net_url_resolve(&origin, text, size, &path, &length, &foreign))
	{
		CHECK(!foreign && length > 0);
		CHECK(net_path_is_clean(path, length));
		if (net_url_parse(text, size, &url))
			CHECK(net_url_same_origin(&url, &origin));
	}
	(void) net_path_is_clean(text, size);
	free(text);
	return 0;
}
