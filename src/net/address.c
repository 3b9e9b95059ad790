/*
 * address.c
 *		Tells public addresses from those that lead into a private network.
 *
 * Called from libcurl's open-socket callback with the resolved address, which
 * is the last moment before a packet leaves: a name that resolves to a public
 * address first and to a private one later is caught too.  Free of server
 * headers; allocates nothing.
 */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

typedef struct Range4
{
	uint32_t	start;
	int			bits;
} Range4;

/* IANA's special-purpose registry, what is not globally reachable. */
static const Range4 ranges4[] = {
	{0x00000000, 8},			/* this network */
	{0x0A000000, 8},			/* private */
	{0x64400000, 10},			/* carrier-grade NAT */
	{0x7F000000, 8},			/* loopback */
	{0xA9FE0000, 16},			/* link local, cloud metadata */
	{0xAC100000, 12},			/* private */
	{0xC0000000, 24},			/* protocol assignments */
	{0xC0000200, 24},			/* documentation */
	{0xC0586300, 24},			/* 6to4 relays */
	{0xC0A80000, 16},			/* private */
	{0xC6120000, 15},			/* benchmarks */
	{0xC6336400, 24},			/* documentation */
	{0xCB007100, 24},			/* documentation */
	{0xE0000000, 4},			/* multicast */
	{0xF0000000, 4},			/* reserved, broadcast */
};

static bool
is_private4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(ranges4) / sizeof(ranges4[0]); i++)
	{
		uint32_t	mask = 0xFFFFFFFFu << (32 - ranges4[i].bits);

		if ((address & mask) == ranges4[i].start)
			return true;
	}
	return false;
}

static uint32_t
embedded4(const uint8_t *bytes)
{
	return (uint32_t) bytes[0] << 24 | (uint32_t) bytes[1] << 16 |
		(uint32_t) bytes[2] << 8 | bytes[3];
}

/* Only 2000::/3 is global unicast; in it, tunnels carry an IPv4 address. */
static bool
is_private6(const uint8_t *a)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
	static const uint8_t nat64[12] = {0, 0x64, 0xFF, 0x9B};

	if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
		return is_private4(embedded4(a + 12));
	if ((a[0] & 0xE0) != 0x20)
		return true;
	if (a[0] == 0x20 && a[1] == 0x02)	/* 6to4 */
		return is_private4(embedded4(a + 2));
	if (a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02)	/* Teredo, ORCHID */
		return true;
	if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8)
		return true;			/* documentation */
	return a[0] == 0x3F && a[1] == 0xFF && (a[2] & 0xF0) == 0;	/* the same */
}

bool
net_address_is_private(const struct sockaddr *address)
{
	/* copied: the structure need not be aligned for its family */
	if (address->sa_family == AF_INET)
	{
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return is_private4(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6)
	{
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		return is_private6(in6.sin6_addr.s6_addr);
	}
	return true;				/* no family that a Hub could have */
}

bool
net_address_text_is_private(const char *text)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, &v4) == 1)
		return is_private4(ntohl(v4.s_addr));
	if (inet_pton(AF_INET6, text, &v6) == 1)
		return is_private6(v6.s6_addr);
	return true;
}
