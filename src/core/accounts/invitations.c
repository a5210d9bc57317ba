/* SPDX-License-Identifier: Apache-2.0 */
/* Owns who is let in. Does not own how an account is made: core/accounts/login.c does. */
#include "core/accounts/invitations.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/accounts/phone.h"

/* No vowels, so that no word says something, and nothing that is read two ways: 27^8 words, and
 * guesses are counted as those of codes are. */
#define WORD_LETTERS "23456789bcdfghjkmnpqrstvwxz"
#define WORD_PART 4

/* Case and dashes are a matter of keyboards. */
static void word_lookup(struct call *call, struct bytes written, uint8_t out[VAULT_LOOKUP_SIZE])
{
	char *word = text_lower(call->arena, written), *to = word;

	for (const char *from = word; *from; from++) {
		if (*from != '-' && *from != ' ')
			*to++ = *from;
	}
	*to = 0;
	vault_lookup(call->store->vault, "invitation", bytes_from_str(word), out);
}

static bool number_is_invited(struct call *call, const struct code_phone *phone)
{
	return home_invitation_has(call_home(call), INVITATION_NUMBER, phone->hash, call->now_s);
}

bool signup_admits(struct call *call, const struct code_phone *phone)
{
	if (phone_is_anonymous(phone->digits))
		return false;
	switch (call->env->signup) {
	case SIGNUP_OPEN:
		return true;
	case SIGNUP_INVITED:
		return number_is_invited(call, phone) ||
		       home_invitation_words(call_home(call), call->now_s);
	case SIGNUP_CLOSED:
		break;
	}
	return false;
}

bool signup_needs_word(struct call *call, const struct code_phone *phone)
{
	return call->env->signup == SIGNUP_INVITED && !number_is_invited(call, phone);
}

int signup_take(struct call *call, const struct code_phone *phone, struct home_code *code,
	struct bytes *last_name)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];

	if (!signup_admits(call, phone))
		return rpc_error(call, 400, "PHONE_NUMBER_UNOCCUPIED");
	if (call->env->signup == SIGNUP_OPEN ||
		home_invitation_use(call_home(call), INVITATION_NUMBER, phone->hash, call->now_s))
		return 0;
	if (code_check_tries(call, phone) < 0)
		return -1;
	word_lookup(call, text_trim(*last_name), hash);
	if (!home_invitation_use(call_home(call), INVITATION_WORD, hash, call->now_s))
		return code_wrong(call, code, "LASTNAME_INVALID");
	*last_name = BYTES_LITERAL("");
	return 0;
}

void invitation_add_number(struct call *call, const struct code_phone *phone, int64_t life_s)
{
	struct home_invitation invitation = {.kind = INVITATION_NUMBER,
		.uses_left = 1,
		.created_at_s = call->now_s,
		.expires_at_s = call->now_s + life_s};

	memcpy(invitation.hash, phone->hash, sizeof(invitation.hash));
	home_invitation_put(call_home(call), &invitation);
}

struct bytes invitation_add_word(struct call *call, int64_t uses, int64_t life_s)
{
	struct home_invitation invitation = {.kind = INVITATION_WORD,
		.uses_left = uses,
		.created_at_s = call->now_s,
		.expires_at_s = call->now_s + life_s};
	char *word = arena_alloc(call->arena, 2 * WORD_PART + 1);

	for (size_t i = 0; i < 2 * WORD_PART + 1; i++)
		word[i] = i == WORD_PART ? '-'
					 : WORD_LETTERS[random_below(
						   call->env->random, sizeof(WORD_LETTERS) - 1)];
	word_lookup(call, bytes_of(word, 2 * WORD_PART + 1), invitation.hash);
	home_invitation_put(call_home(call), &invitation);
	return bytes_of(word, 2 * WORD_PART + 1);
}

void invitation_name(const struct home_invitation *invitation, char out[INVITATION_NAME_SIZE])
{
	for (size_t i = 0; i < INVITATION_NAME_SIZE / 2; i++)
		snprintf(out + 2 * i, 3, "%02x", invitation->hash[i]);
}

size_t invitations_list(struct call *call, struct home_invitation **out)
{
	return home_invitations(call_home(call), call->arena, call->now_s, out);
}

static bool revoke_by_name(struct call *call, struct bytes text)
{
	struct home_invitation *list;
	size_t count = invitations_list(call, &list);
	char name[INVITATION_NAME_SIZE];

	for (size_t i = 0; i < count; i++) {
		invitation_name(&list[i], name);
		if (bytes_equal_str(text, name))
			return home_invitation_delete(call_home(call), list[i].hash);
	}
	return false;
}

bool invitation_revoke(struct call *call, struct bytes text)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];
	struct bytes digits;

	if (revoke_by_name(call, text))
		return true;
	word_lookup(call, text, hash);
	if (home_invitation_delete(call_home(call), hash))
		return true;
	if (phone_normalise(call->arena, text, &digits) < 0)
		return false;
	phone_lookup(call->store->vault, digits, hash);
	home_standing_delete(call_home(call), hash);
	return home_invitation_delete(call_home(call), hash);
}
