/*
 * url.c
 *		URLs: parse, compare origins, resolve links, percent-encode.
 *
 * Called with what a user wrote into an option and with what a server sent as
 * Link or Location.  Everything is one pass over a slice; nothing allocates.
 */
#include "net/url.h"

#include <string.h>
#include <strings.h>

static bool
is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

/* Printable ASCII, without what browsers and libraries read in two ways. */
static bool
is_clean(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = text[i];

		if (c <= 0x20 || c >= 0x7F || c == '\\' || c == '#')
			return false;
	}
	return true;
}

static bool
is_host(const char *host, size_t length, bool bracketed)
{
	if (length == 0 || length > 255)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = host[i];

		if (bracketed)
		{
			if (strchr("0123456789abcdefABCDEF:.", c) == NULL)
				return false;
		}
		else if (!is_unreserved(c) || c == '~')
			return false;
	}
	return true;
}

bool
net_host_is_loopback(const char *host, size_t length)
{
	if ((length == 9 && strncasecmp(host, "localhost", 9) == 0) ||
		(length == 3 && memcmp(host, "::1", 3) == 0))
		return true;

	/* dotted decimal 127.x.y.z and nothing else */
	if (length < 9 || length > 15 || memcmp(host, "127.", 4) != 0)
		return false;
	{
		int			dots = 0;
		int			digits = 0;
		int			value = 0;

		for (size_t i = 0; i < length; i++)
		{
			if (host[i] == '.')
			{
				if (digits == 0)
					return false;
				dots++;
				digits = value = 0;
				continue;
			}
			if (host[i] < '0' || host[i] > '9' || ++digits > 3)
				return false;
			value = value * 10 + (host[i] - '0');
			if (value > 255)
				return false;
		}
		return dots == 3 && digits > 0;
	}
}

/* The port after ':'; leaves *at behind its digits. */
static bool
read_port(const char **at, const char *end, int *port)
{
	int			value = 0;
	const char *start = *at;

	while (*at < end && **at >= '0' && **at <= '9')
	{
		value = value * 10 + (**at - '0');
		if (value > 65535)
			return false;
		(*at)++;
	}
	if (*at == start || value == 0)
		return false;
	*port = value;
	return true;
}

bool
net_url_parse(const char *text, size_t length, NetUrl *url)
{
	const char *at = text;
	const char *end = text + length;

	if (!is_clean(text, length))
		return false;
	if (length > 8 && strncasecmp(text, "https://", 8) == 0)
	{
		url->https = true;
		at += 8;
	}
	else if (length > 7 && strncasecmp(text, "http://", 7) == 0)
	{
		url->https = false;
		at += 7;
	}
	else
		return false;

	url->bracketed = *at == '[';
	if (url->bracketed)
		at++;
	url->host = at;
	while (at < end && strchr(url->bracketed ? "]" : ":/?", *at) == NULL)
		at++;
	url->host_length = at - url->host;
	if (!is_host(url->host, url->host_length, url->bracketed))
		return false;			/* a user part fails here: '@' is no host */
	if (url->bracketed && (at == end || *at++ != ']'))
		return false;

	url->port = url->https ? 443 : 80;
	if (at < end && *at == ':')
	{
		at++;
		if (!read_port(&at, end, &url->port))
			return false;
	}
	if (at < end && *at != '/' && *at != '?')
		return false;
	url->path = at;
	url->path_length = end - at;
	return true;
}

bool
net_url_same_origin(const NetUrl *a, const NetUrl *b)
{
	return a->https == b->https && a->port == b->port &&
		a->bracketed == b->bracketed &&
		a->host_length == b->host_length &&
		strncasecmp(a->host, b->host, a->host_length) == 0;
}

bool
net_path_is_clean(const char *path, size_t length)
{
	return length > 0 && path[0] == '/' && is_clean(path, length);
}

bool
net_url_resolve(const NetUrl *origin, const char *link, size_t length,
				const char **path, size_t *path_length, bool *foreign)
{
	NetUrl		url;

	*foreign = false;
	if (length == 0 || !is_clean(link, length))
		return false;
	if (link[0] == '/' && (length == 1 || link[1] != '/'))
	{
		*path = link;
		*path_length = length;
		return true;
	}
	if (!net_url_parse(link, length, &url))
	{
		/* "//host" and other schemes lead elsewhere; the rest is damage */
		const char *colon = memchr(link, ':', length);
		const char *slash = memchr(link, '/', length);

		*foreign = (length > 1 && link[0] == '/') ||
			(colon != NULL && (slash == NULL || colon < slash));
		return false;
	}
	if (!net_url_same_origin(origin, &url))
	{
		*foreign = true;
		return false;
	}
	if (url.path_length == 0 || url.path[0] != '/')
		return false;
	*path = url.path;
	*path_length = url.path_length;
	return true;
}

size_t
net_url_escape(char *to, const char *from, size_t length)
{
	static const char hex[] = "0123456789ABCDEF";
	char	   *start = to;

	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = from[i];

		if (is_unreserved(c))
			*to++ = c;
		else
		{
			*to++ = '%';
			*to++ = hex[c >> 4];
			*to++ = hex[c & 15];
		}
	}
	return to - start;
}
