/*
 * address.h
 *		Which network addresses a server of an unprivileged owner may reach.
 */
#ifndef PGHUB_NET_ADDRESS_H
#define PGHUB_NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Anything but a public unicast address, embedded IPv4 included. */
extern bool net_address_is_private(const struct sockaddr *address);

/* The same for the text of an address, as libcurl reports a peer. */
extern bool net_address_text_is_private(const char *text);

#endif							/* PGHUB_NET_ADDRESS_H */
