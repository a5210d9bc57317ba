/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/proxy_settings.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define MARK_PADDED 0xdd
#define MARK_TLS 0xee

/* -1: not a byte in hex. */
static int hex_byte(const char *text)
{
	unsigned value;

	if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]) ||
		sscanf(text, "%2x", &value) != 1)
		return -1;
	return (int)value;
}

/* Secrets must not get into logs or onto screens by way of an error. */
static int bad_secret(size_t number, struct err *err)
{
	return err_set(err, 0,
		"[proxy] secrets: number %zu is not 32 hex digits, with or without dd or ee in "
		"front",
		number + 1);
}

/* The name behind an ee secret, as links have it, must be the site's. */
static int check_name(const char *hex, const struct proxy_settings *out, struct err *err)
{
	char name[SITE_NAME_MAX + 1] = {0};

	for (size_t i = 0; hex[2 * i]; i++) {
		int byte = hex_byte(hex + 2 * i);

		if (byte <= 0 || i == SITE_NAME_MAX)
			return bad_secret(out->count, err);
		name[i] = (char)byte;
	}
	if (name[0] && strcasecmp(name, out->site) != 0)
		return err_set(err, 0,
			"[proxy] secrets: number %zu is for another site than [proxy] "
			"site",
			out->count + 1);
	return 0;
}

static int add_secret(struct proxy_settings *out, const char *text, struct err *err)
{
	struct transport_secret *secret = &out->secrets[out->count];
	size_t size = strlen(text);
	int mark = size > 2 * TRANSPORT_SECRET_SIZE ? hex_byte(text) : 0;

	if (mark == MARK_PADDED || mark == MARK_TLS)
		text += 2;
	for (size_t i = 0; i < TRANSPORT_SECRET_SIZE; i++) {
		int byte = *text ? hex_byte(text) : -1;

		if (byte < 0)
			return bad_secret(out->count, err);
		secret->bytes[i] = (uint8_t)byte;
		text += 2;
	}
	secret->padded = mark == MARK_PADDED;
	out->tls_only[out->count] = mark == MARK_TLS;
	if (mark != MARK_TLS && *text)
		return bad_secret(out->count, err);
	if (mark == MARK_TLS && !out->site[0])
		return err_set(err, 0, "[proxy] secrets: one with ee in front needs [proxy] site");
	if (mark == MARK_TLS && check_name(text, out, err) < 0)
		return -1;
	out->count++;
	return 0;
}

static int read_site(struct proxy_settings *out, const struct settings *settings, struct err *err)
{
	char host[SITE_NAME_MAX + 1], port[6];
	const char *at = settings->proxy_site_address[0] ? settings->proxy_site_address
							 : settings->proxy_site;

	if (!settings->proxy_site[0] && !settings->proxy_site_address[0])
		return 0;
	if (site_name_split(settings->proxy_site, out->site, port, err) < 0 ||
		site_name_split(at, host, port, err) < 0 || strlen(at) >= sizeof(out->site_at))
		return -1;
	snprintf(out->site_at, sizeof(out->site_at), "%s", at);
	return 0;
}

int proxy_settings_read(
	struct proxy_settings *out, const struct settings *settings, struct err *err)
{
	char list[CONFIG_TEXT_MAX], *rest = list, *word;

	memset(out, 0, sizeof(*out));
	out->only = settings->proxy_only;
	if (read_site(out, settings, err) < 0)
		return -1;
	snprintf(list, sizeof(list), "%s", settings->proxy_secrets);
	while ((word = strsep(&rest, ", "))) {
		if (!*word)
			continue;
		if (out->count == PROXY_SECRETS_MAX)
			return err_set(err, 0, "[proxy] secrets: at most %d", PROXY_SECRETS_MAX);
		if (add_secret(out, word, err) < 0)
			return -1;
	}
	if (out->count == 0 && (out->only || out->site[0]))
		return err_set(
			err, 0, "[proxy] secrets is empty; `lontar proxy-link --new` makes one");
	return 0;
}

bool proxy_has_form(const struct proxy_settings *settings, size_t number, enum proxy_form form)
{
	if (number >= settings->count)
		return false;
	return form == PROXY_TLS ? settings->site[0] != 0 : !settings->tls_only[number];
}

size_t proxy_secret_put(const struct proxy_settings *settings, size_t number, enum proxy_form form,
	uint8_t out[PROXY_SECRET_MAX])
{
	size_t name = form == PROXY_TLS ? strlen(settings->site) : 0;

	out[0] = form == PROXY_TLS ? MARK_TLS : MARK_PADDED;
	memcpy(out + 1, settings->secrets[number].bytes, TRANSPORT_SECRET_SIZE);
	memcpy(out + 1 + TRANSPORT_SECRET_SIZE, settings->site, name);
	return 1 + TRANSPORT_SECRET_SIZE + name;
}
