/* SPDX-License-Identifier: Apache-2.0 */
/* DIR/desk/mail.ini: how mail comes to the desk and leaves it. All of it is off by default. */
#ifndef DESK_MAIL_SETTINGS_H
#define DESK_MAIL_SETTINGS_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/config.h"

struct mail_settings {
	char address[CONFIG_TEXT_MAX]; /* the desk's own */
	char lmtp[CONFIG_TEXT_MAX];    /* "127.0.0.1:2424", "/path"; empty: nothing comes in */
	char imap[CONFIG_TEXT_MAX];    /* as FETCH_MAILBOX has it; empty: nothing is fetched */
	char imap_user[CONFIG_TEXT_MAX], imap_password[CONFIG_TEXT_MAX];
	char imap_folder[CONFIG_TEXT_MAX], imap_refused[CONFIG_TEXT_MAX];
	int64_t imap_every;		       /* seconds */
	int64_t received;		       /* as struct mail_server has it */
	char authserv_id[CONFIG_TEXT_MAX];     /* of the operator's mail server, in RFC 8601 */
	bool from_anybody;		       /* notices of people whom the desk does not know */
	int64_t strangers_each, strangers_all; /* of these, a day */
	char smtp[CONFIG_TEXT_MAX];	       /* as FETCH_MAIL has it; empty: nothing goes out */
	char smtp_user[CONFIG_TEXT_MAX], smtp_password[CONFIG_TEXT_MAX];
};

/* Writes a commented file where there is none. */
MUST_CHECK int mail_settings_init(const char *path, struct err *err);
/* -1: what the file says makes no sense. */
MUST_CHECK int mail_settings_load(const char *path, struct mail_settings *out, struct err *err);

/* Whether it is our address, any case, or that with "+token" before the '@': *token is that, or
 * absent. */
bool mail_is_ours(const struct mail_settings *settings, struct bytes address, struct bytes *token);

#endif
