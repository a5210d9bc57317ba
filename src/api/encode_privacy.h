/* SPDX-License-Identifier: Apache-2.0 */
/* Privacy keys and rules on the wire, both ways. No store: also for the network threads. */
#ifndef API_ENCODE_PRIVACY_H
#define API_ENCODE_PRIVACY_H

#include "core/accounts/privacy_rules.h"

struct tl_object;
struct tl_objects;

/* Fault PRIVACY_KEY_INVALID. */
MUST_CHECK int privacy_key_from_input(
	struct call *call, const struct tl_object *input, enum privacy_key *out);
/* In call->arena. Faults PRIVACY_TOO_LONG, PRIVACY_VALUE_INVALID. */
MUST_CHECK int privacy_rules_from_input(
	struct call *call, const struct tl_objects *input, struct privacy_rules *out);

/* Vector<PrivacyRule>. */
struct tl_objects encode_privacy_rules(struct arena *arena, const struct privacy_rules *rules);
/* updatePrivacy of UPDATE_PRIVACY, updatePeerBlocked of UPDATE_BLOCKED. */
struct tl_object *encode_privacy_update(struct arena *arena, const struct update *update);

#endif
