/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk's log: what was done about people of the desk, authorities and flaggers, and when people
 * came and went. It only
 * grows; each entry's hash covers the one before. It names people by number, and holds no address,
 * password, token or code.
 *
 *   kind            by            data
 *   added           operator      role, and of people categories, countries, of others given
 *   changed         operator      what changed; of authorities and flaggers role, given
 *   ended           operator
 *   secret          operator      a new one-time secret, or token, was made
 *   signed_in       the person    with: password, code, recovery
 *   refused         nobody        why: password, code, secret (person 0: too many, from one place)
 *   second_address  the person    two addresses at once
 *   signed_out      the person
 *   sessions_ended  who ended     count
 *   password        the person    set or changed
 *   second_factor   the person    confirmed
 *   sender_warned, sender_suspended, sender_resumed  who did it  reasons, figures, until_s
 */
#ifndef DESK_DESK_LOG_H
#define DESK_DESK_LOG_H

#include <jansson.h>

#include "store/square_desk_people.h"

/* Inside a writing transaction. Takes data over; NULL: nothing to say. */
void desk_log_append(struct db *db, struct arena *arena, int64_t now_s, int64_t actor,
	const char *kind, int64_t person, json_t *data);

/* Walks the chain. Returns how many entries there are; *bad is the first that was altered or does
 * not follow (0: none). */
int64_t desk_log_verify(struct db *db, int64_t *bad);

#endif
