/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letters of core/accounts/outbox.h on their way out: codes to phones by an HTTP webhook, e-mail by
 * SMTP, both through lontar-fetch, on threads of its own. A letter that can't be delivered now is
 * tried again for as long as its code may be typed. It counts letters (server/metrics.h) and logs
 * what the provider answered; numbers, addresses and texts it tells nobody else.
 */
#ifndef SERVER_GATEWAY_H
#define SERVER_GATEWAY_H

#include "cage/starter.h"
#include "core/effects.h"
#include "server/settings.h"

struct gateway;

/* Whether the settings name a way for these. */
bool gateway_has_phones(const struct settings *settings);
bool gateway_has_email(const struct settings *settings);
bool gateway_is_used(const struct settings *settings); /* for one or the other */
/* -1: a setting of [codes] makes no sense. */
MUST_CHECK int gateway_check(const struct settings *settings, struct err *err);

/* What will start the lontar-fetch of its threads (cage/starter.h), which the messenger's own walls
 * forbid it: before these, and before any thread. Nothing when nothing is configured. starter_fd:
 * of one that somebody else made; -1: it is made here. */
MUST_CHECK int gateway_starter(
	const struct settings *settings, int starter_fd, struct starter *starter, struct err *err);
/* NULL when nothing is configured. Both must stay. */
struct gateway *gateway_new(const struct settings *settings, struct starter *starter);
/* Lets requests under way end, and drops what waits. NULL is fine. */
void gateway_free(struct gateway *gateway);
/* EFFECT_CODE or EFFECT_EMAIL, copied. Never waits: what is too much is dropped and counted. NULL,
 * or a kind that no setting serves: dropped. Any thread. */
void gateway_take(struct gateway *gateway, const struct effect *effect);

#endif
