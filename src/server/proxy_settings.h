/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The section [proxy] of lontar.ini, read: secrets and the site that fake TLS pretends to be; and
 * the secrets as links and dcOption carry them. https://core.telegram.org/api/links#mtproxy-links
 */
#ifndef SERVER_PROXY_SETTINGS_H
#define SERVER_PROXY_SETTINGS_H

#include "base/buf.h"
#include "fetch/site_name.h"
#include "mtproto/transport.h"
#include "server/settings.h"

#define PROXY_SECRETS_MAX 6 /* each costs a try on every hello */

#define PROXY_SITE_AT_SIZE (SITE_NAME_MAX + 10) /* brackets, colon, port */

struct proxy_settings {
	struct transport_secret secrets[PROXY_SECRETS_MAX];
	bool tls_only[PROXY_SECRETS_MAX]; /* written with "ee" in front */
	size_t count;
	char site[SITE_NAME_MAX + 1];	  /* "": no fake TLS */
	char site_at[PROXY_SITE_AT_SIZE]; /* name:port or address:port that strangers are passed on
					     to */
	bool only;
};

MUST_CHECK int proxy_settings_read(
	struct proxy_settings *out, const struct settings *settings, struct err *err);

enum proxy_form {
	PROXY_PADDED, /* dd: looks like noise */
	PROXY_TLS,    /* ee: looks like TLS to the site */
};

#define PROXY_SECRET_MAX (1 + TRANSPORT_SECRET_SIZE + SITE_NAME_MAX)

/* Whether links of that form can be made for the secret with that number. */
bool proxy_has_form(const struct proxy_settings *settings, size_t number, enum proxy_form form);
/* The binary form, at most PROXY_SECRET_MAX bytes; returns how many. */
size_t proxy_secret_put(const struct proxy_settings *settings, size_t number, enum proxy_form form,
	uint8_t out[PROXY_SECRET_MAX]);

#endif
