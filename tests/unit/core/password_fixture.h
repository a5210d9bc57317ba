/* SPDX-License-Identifier: Apache-2.0 */
/* Clients that know a password, for tests of whatever asks for one. A password is a number here:
 * what makes one of a text is tested with crypto/srp.h. */
#ifndef TESTS_CORE_PASSWORD_FIXTURE_H
#define TESTS_CORE_PASSWORD_FIXTURE_H

#include "accounts_fixture.h"

#include "../crypto/srp_client.h"
#include "core/accounts/password.h"
#include "core/accounts/password_email.h"
#include "core/accounts/password_reset.h"

struct knower {
	uint8_t secret, salt1[PASSWORD_SALT1_SIZE], salt2[PASSWORD_SALT2_SIZE];
	struct srp_client client;
	uint8_t a[DH_SIZE], m1[SRP_PROOF_SIZE], verifier[DH_SIZE];
};

/* Asks for the challenge on key_id and answers it as who believes that secret is the password; 0:
 * the empty answer. Views of static memory. */
struct password_answer fixture_answer(struct fixture *f, uint64_t key_id, uint8_t secret);
/* Settings that make secret the password; 0: that remove it. Views of static memory. */
struct password_settings fixture_settings(struct fixture *f, uint64_t key_id, uint8_t secret);
/* Sets it (old, secret: 0 for none) without an e-mail address; returns what the call returned. */
int fixture_set_password(struct fixture *f, uint64_t key_id, uint8_t old, uint8_t secret);
/* Types the right code on key_id, which then waits for the password. */
void fixture_begin_login(struct fixture *f, uint64_t key_id, const char *phone);
/* The code of the last letter; static memory. */
const char *fixture_letter(struct fixture *f, const char *address);

#endif
