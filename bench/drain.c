/*
 * drain.c
 *		The yardstick of scans: reads all pages of a list and throws them away.
 *
 *	drain URL		follows Link: rel=next on one connection, decodes, counts.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char next[16384];
static size_t bytes;

static size_t
on_body(char *data, size_t size, size_t count, void *unused)
{
	bytes += size * count;
	return size * count;
}

static size_t
on_header(char *line, size_t size, size_t count, void *unused)
{
	char		copy[16384];
	size_t		length = size * count < sizeof(copy) - 1 ? size * count : sizeof(copy) - 1;
	char	   *from,
			   *to;

	memcpy(copy, line, length);
	copy[length] = '\0';
	if (strncasecmp(copy, "link:", 5) == 0 && (from = strchr(copy, '<')) && (to = strchr(from, '>')))
	{
		*to = '\0';
		strcpy(next, from + 1);
	}
	return size * count;
}

int
main(int argc, char **argv)
{
	CURL	   *curl = curl_easy_init();
	char		url[16384];
	int			pages = 0;

	if (argc != 2)
		return 2;
	snprintf(url, sizeof(url), "%s", argv[1]);
	curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	while (url[0])
	{
		next[0] = '\0';
		curl_easy_setopt(curl, CURLOPT_URL, url);
		if (curl_easy_perform(curl) != CURLE_OK)
			return 1;
		pages++;
		strcpy(url, next);
	}
	printf("%d %zu\n", pages, bytes);
	curl_easy_cleanup(curl);
	return 0;
}
