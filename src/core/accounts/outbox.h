/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What goes out to people beside the messenger: codes to phones, letters to e-mail addresses. Each
 * is an effect, so it leaves after the commit, once, and never for a call that was refused. The
 * server prints it where codes go to the console (core_env.codes_to_console), and otherwise hands
 * it to the gateway (server/gateway.h), which tries again by itself. Nothing here is ever logged.
 */
#ifndef CORE_OUTBOX_H
#define CORE_OUTBOX_H

#include "core/call.h"

#define OUTBOX_EMAIL_MAX 254 /* characters of an address: RFC 5321 4.5.3.1.3 */

/* Whether there is a way for a code to a phone, and for a letter to an address. */
bool outbox_has_phone(const struct call *call);
bool outbox_has_email(const struct call *call);

/* Where there is no way, nothing happens. phone: digits; the sentence around the code is in the
 * language of its country. */
void outbox_phone(struct call *call, struct bytes phone, struct bytes code);
/* address: one that outbox_address_is_valid takes. code: what in the text is to be typed, for the
 * console, which prints `email address=… code=…`. subject: ASCII. text: UTF-8. */
void outbox_email(struct call *call, struct bytes address, struct bytes code, const char *subject,
	struct bytes text);

/* One plain address (local@domain in ASCII), as mail servers take it without quoting. */
bool outbox_address_is_valid(struct bytes address);
/* As clients show it to who must recognise it: "m***e@e***g". In the arena. */
struct bytes outbox_address_pattern(struct arena *arena, struct bytes address);

#endif
