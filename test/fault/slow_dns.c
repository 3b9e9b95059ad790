/*
 * slow_dns.c
 *		A getaddrinfo that sleeps before it fails, for host names only.
 *
 * Preloaded into a server, it stands for a DNS server that never answers.
 * gcc -shared -fPIC -o slow_dns.so slow_dns.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

typedef int (*Lookup) (const char *, const char *, const struct addrinfo *,
					   struct addrinfo **);

int
getaddrinfo(const char *node, const char *service,
			const struct addrinfo *hints, struct addrinfo **result)
{
	static Lookup real = NULL;

	if (node != NULL && strstr(node, "slow.test") != NULL)
	{
		sleep(6);
		return EAI_AGAIN;
	}
	if (real == NULL)
		real = (Lookup) dlsym(RTLD_NEXT, "getaddrinfo");
	return real(node, service, hints, result);
}
