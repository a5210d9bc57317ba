/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The check inside auth.bindTempAuthKey: does the caller hold both keys? Pure, any thread.
 * https://core.telegram.org/method/auth.bindTempAuthKey
 */
#ifndef MTPROTO_BIND_H
#define MTPROTO_BIND_H

#include "base/buf.h"
#include "base/random.h"
#include "mtproto/auth_key.h"

enum mtproto_bind {
	MTPROTO_BIND_OK,
	MTPROTO_BIND_MESSAGE_INVALID,	 /* ENCRYPTED_MESSAGE_INVALID */
	MTPROTO_BIND_EXPIRES_AT_INVALID, /* EXPIRES_AT_INVALID */
	MTPROTO_BIND_ALREADY_BOUND,	 /* TEMP_AUTH_KEY_ALREADY_BOUND: to another permanent key */
	MTPROTO_BIND_TEMP_KEY_EMPTY, /* TEMP_AUTH_KEY_EMPTY: the call did not come under a temporary
					key */
};

struct mtproto_bind_request {
	uint64_t session_id, msg_id; /* of the call itself */
	uint64_t perm_auth_key_id;   /* the method's fields */
	uint64_t nonce;
	int32_t expires_at;
	struct bytes encrypted_message;
};

/* temp: the key that carried the call. perm: the key named by perm_auth_key_id, found by the
 * caller; NULL: there is none. Binding again to the same key is fine: the answer may have been
 * lost. */
enum mtproto_bind mtproto_bind_check(const struct auth_key *temp, const struct auth_key *perm,
	const struct mtproto_bind_request *request, int64_t now_s) MUST_CHECK;
/* The client's half: appends encrypted_message to *out. */
void mtproto_bind_make(const struct auth_key *temp, const struct auth_key *perm,
	uint64_t session_id, uint64_t msg_id, uint64_t nonce, int32_t expires_at,
	const struct random *random, struct buf *out);

#endif
