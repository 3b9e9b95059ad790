/*
 * fake_dns.c
 *		Preloaded into a test server: answers for names under ".fake".
 *
 * FAKE_DNS is "name=address+address,name=address": a name has all of its
 * addresses, in this order, so that a client which finds the first one closed
 * goes on to the next.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int (*Lookup) (const char *, const char *, const struct addrinfo *,
					   struct addrinfo **);

/* What follows "NAME=", or NULL. */
static const char *
find(const char *name)
{
	const char *at = getenv("FAKE_DNS");
	size_t		length = strlen(name);

	while (at && *at)
	{
		if (strncmp(at, name, length) == 0 && at[length] == '=')
			return at + length + 1;
		at += strcspn(at, ",");
		at += *at == ',';
	}
	return NULL;
}

int
getaddrinfo(const char *node, const char *service,
			const struct addrinfo *hints, struct addrinfo **result)
{
	static Lookup real = NULL;
	struct addrinfo numeric = {0};
	struct addrinfo **tail = result;
	const char *at;

	if (real == NULL)
		real = (Lookup) dlsym(RTLD_NEXT, "getaddrinfo");
	if (node == NULL || strstr(node, ".fake") == NULL)
		return real(node, service, hints, result);
	if (hints != NULL)
		numeric = *hints;
	numeric.ai_flags |= AI_NUMERICHOST;
	numeric.ai_family = AF_UNSPEC;
	for (at = find(node), *result = NULL; at && *at && *at != ','; at += *at == '+')
	{
		char		address[64];

		snprintf(address, sizeof(address), "%.*s", (int) strcspn(at, "+,"), at);
		if (real(address, service, &numeric, tail) == 0)
			while (*tail)
				tail = &(*tail)->ai_next;
		at += strcspn(at, "+,");
	}
	return *result ? 0 : EAI_NONAME;
}
