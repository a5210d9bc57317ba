/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/public_addresses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/listener.h"

/* "a.b.c.d", "a.b.c.d:port", "::1", "[::1]", "[::1]:port" into host and port (NULL: none). */
static bool split(char *text, char **host, char **port)
{
	char *colon = strrchr(text, ':');

	*host = text;
	*port = NULL;
	if (text[0] == '[') {
		char *end = strchr(text, ']');

		if (!end || (end[1] && end[1] != ':'))
			return false;
		*port = end[1] ? end + 2 : NULL;
		*end = 0;
		*host = text + 1;
	} else if (colon && strchr(text, ':') == colon) {
		*port = colon + 1;
		*colon = 0;
	}
	return true;
}

static bool port_of(const char *text, int *out)
{
	char *end;
	long port = text ? strtol(text, &end, 10) : 0;

	*out = (int)port;
	return !text || (*text && !*end && port > 0 && port < 65536);
}

/* The form in which clients compare and show them. */
static void keep_ip(struct public_addresses *out, const struct address *address)
{
	char *ip = out->ips[out->count], *end;

	address_format(address, ip);
	end = strrchr(ip, ':');
	if (ip[0] == '[') {
		memmove(ip, ip + 1, strlen(ip));
		end = strchr(ip, ']');
	}
	*end = 0;
	out->at[out->count].ip = ip;
	out->at[out->count].ipv6 = !address_is_ipv4(address);
}

static int keep_mark(struct public_addresses *out, const char *mark,
	const struct proxy_settings *proxy, struct err *err)
{
	enum proxy_form form = strcmp(mark, "tls") == 0 ? PROXY_TLS : PROXY_PADDED;
	uint8_t *secret = out->secrets[out->count];

	if (form == PROXY_PADDED && strcmp(mark, "secret") != 0)
		return err_set(err, 0,
			"[server] public_addresses: behind an address stands secret, tls or "
			"nothing");
	if (!proxy_has_form(proxy, 0, form))
		return err_set(err, 0,
			"[server] public_addresses: %s needs [proxy] secrets, and tls [proxy] site",
			mark);
	out->at[out->count].secret = bytes_of(secret, proxy_secret_put(proxy, 0, form, secret));
	return 0;
}

static int add(struct public_addresses *out, char *entry, const struct proxy_settings *proxy,
	struct err *err)
{
	char *mark = entry, *text = strsep(&mark, " "), *host, *port;
	struct address address;

	if (out->count == PUBLIC_ADDRESSES_MAX)
		return err_set(
			err, 0, "[server] public_addresses: at most %d", PUBLIC_ADDRESSES_MAX);
	if (!split(text, &host, &port) || !port_of(port, &out->at[out->count].port))
		return err_set(err, 0,
			"[server] public_addresses: an address is written "
			"203.0.113.1, 203.0.113.1:443 or [2001:db8::1]:443");
	if (address_parse(&address, host, 0, err) < 0)
		return -1;
	keep_ip(out, &address);
	if (mark && *mark && keep_mark(out, mark, proxy, err) < 0)
		return -1;
	out->count++;
	return 0;
}

int public_addresses_read(struct public_addresses *out, const char *text,
	const struct proxy_settings *proxy, struct err *err)
{
	char list[CONFIG_TEXT_MAX], *rest = list, *entry;

	memset(out, 0, sizeof(*out));
	snprintf(list, sizeof(list), "%s", text);
	while ((entry = strsep(&rest, ","))) {
		entry += strspn(entry, " ");
		if (*entry && add(out, entry, proxy, err) < 0)
			return -1;
	}
	if (out->count == 0)
		return err_set(err, 0, "[server] public_addresses is empty");
	return 0;
}

void public_addresses_set_port(struct public_addresses *addresses, uint16_t port)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (addresses->at[i].port == 0)
			addresses->at[i].port = port;
}

static void put_own(char out[OWN_ADDRESSES_SIZE], const char *host, uint16_t port)
{
	size_t at = strlen(out);
	char text[ADDRESS_TEXT_MAX];
	struct address address;

	if (address_parse(&address, host, port, NULL) < 0)
		return;
	address_format(&address, text);
	snprintf(out + at, OWN_ADDRESSES_SIZE - at, "%s%s", at ? "," : "", text);
}

void own_addresses_put(const struct settings *settings, const char *listen, uint16_t port,
	char out[OWN_ADDRESSES_SIZE])
{
	struct public_addresses public = {0};
	struct proxy_settings proxy;
	struct err err;

	out[0] = 0;
	if (strcmp(listen, LISTEN_LOOPBACK) == 0) {
		put_own(out, "127.0.0.1", port);
		put_own(out, "::1", port);
	} else if (!*listen || strcmp(listen, "0.0.0.0") == 0 || strcmp(listen, "::") == 0) {
		snprintf(out, OWN_ADDRESSES_SIZE, "%u", port);
	} else {
		put_own(out, listen, port);
	}
	if (proxy_settings_read(&proxy, settings, &err) == 0 &&
		public_addresses_read(&public, settings->public_addresses, &proxy, &err) == 0)
		public_addresses_set_port(&public, port);
	for (size_t i = 0; i < public.count; i++)
		put_own(out, public.at[i].ip, (uint16_t)public.at[i].port);
	bytes_wipe(&public, sizeof(public));
	bytes_wipe(&proxy, sizeof(proxy));
}
