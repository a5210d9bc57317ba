/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "fetch/own_address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fetch/address.h"

#define ENTRY_MAX 64

/* Without its port, in the form that "[::1]:443" has; "" of another family. */
static void text_of(const struct sockaddr *at, char out[ENTRY_MAX])
{
	const struct sockaddr_in *v4 = (const void *)at;
	const struct sockaddr_in6 *v6 = (const void *)at;
	char ip[INET6_ADDRSTRLEN] = "";

	*out = 0;
	if (at->sa_family == AF_INET && inet_ntop(AF_INET, &v4->sin_addr, ip, sizeof(ip)))
		snprintf(out, ENTRY_MAX, "%s", ip);
	if (at->sa_family == AF_INET6 && inet_ntop(AF_INET6, &v6->sin6_addr, ip, sizeof(ip)))
		snprintf(out, ENTRY_MAX, "[%s]", ip);
}

/* The system would call one of its own addresses from that very address; nothing is sent. */
static bool is_this_machine(const struct sockaddr *at, socklen_t size)
{
	struct sockaddr_storage from = {0}, to = {0};
	socklen_t from_size = sizeof(from), to_size = sizeof(to);
	char from_text[ENTRY_MAX], to_text[ENTRY_MAX];
	bool same = false;
	int fd;

	if (address_classify(at, size) == ADDRESS_LOOPBACK)
		return true;
	fd = socket(at->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	if (connect(fd, at, size) == 0 &&
		getsockname(fd, (struct sockaddr *)&from, &from_size) == 0 &&
		getpeername(fd, (struct sockaddr *)&to, &to_size) == 0) {
		text_of((struct sockaddr *)&from, from_text);
		text_of((struct sockaddr *)&to, to_text);
		same = strcmp(from_text, to_text) == 0;
	}
	close(fd);
	return same;
}

static bool fits(const char *entry, const struct sockaddr *at, socklen_t size)
{
	char host[ENTRY_MAX], whole[ENTRY_MAX + 8];

	if (!strchr(entry, ':'))
		return strtol(entry, NULL, 10) == address_port(at) && is_this_machine(at, size);
	text_of(at, host);
	snprintf(whole, sizeof(whole), "%s:%u", host, address_port(at));
	return strcmp(whole, entry) == 0;
}

bool own_address_is(const char *own, const struct sockaddr *at, socklen_t size)
{
	char entry[ENTRY_MAX];

	while (own && *own) {
		size_t length = strcspn(own, ",");

		snprintf(entry, sizeof(entry), "%.*s", (int)length, own);
		if (fits(entry, at, size))
			return true;
		own += length + (own[length] == ',');
	}
	return false;
}
