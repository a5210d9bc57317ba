/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may make an account, as the setting says: everybody, whoever was invited, nobody. By
 * invitation it is a number that was let in, or a word that whoever knows it types as the last name
 * on the page that asks for the name, the only one of stock clients that a newcomer can write on.
 * The word never becomes part of the name.
 */
#ifndef CORE_INVITATIONS_H
#define CORE_INVITATIONS_H

#include "core/accounts/codes.h"
#include "store/home_invitations.h"

#define INVITATION_USES_MAX 100000
#define INVITATION_DAYS_MAX 366

/* Whether a number without an account may go on to the page that asks for the name. An anonymous
 * number never may. */
bool signup_admits(struct call *call, const struct code_phone *phone);
/* Whether it may only with a word. */
bool signup_needs_word(struct call *call, const struct code_phone *phone);
/* Takes the invitation; what of *last_name was a word is taken out. code: whose tries a wrong word
 * costs. Faults LASTNAME_INVALID, PHONE_NUMBER_UNOCCUPIED, FLOOD_WAIT_X. */
MUST_CHECK int signup_take(struct call *call, const struct code_phone *phone,
	struct home_code *code, struct bytes *last_name);

/* For the operator. */
void invitation_add_number(struct call *call, const struct code_phone *phone, int64_t life_s);
/* The word, in the arena. */
struct bytes invitation_add_word(struct call *call, int64_t uses, int64_t life_s);
/* By number, word, or the first characters of what the list calls it. False: no such one. */
bool invitation_revoke(struct call *call, struct bytes text);
size_t invitations_list(struct call *call, struct home_invitation **out);
#define INVITATION_NAME_SIZE 9
void invitation_name(const struct home_invitation *invitation, char out[INVITATION_NAME_SIZE]);

#endif
