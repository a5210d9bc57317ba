/* SPDX-License-Identifier: Apache-2.0 */
/* The inner message of auth.bindTempAuthKey: made and checked (docs/duties.md: perfect forward
 * secrecy). */
#include "mtproto/bind.h"

#include "mtproto/envelope.h"
#include "mtproto/wire.h"

#define INNER_SIZE 40 /* id, nonce, temp key, perm key, session, expiry */
#define PLAIN_SIZE (32 + INNER_SIZE)
/* The client adds expires_in to its idea of our time, which may be off by what E9 tolerates. */
#define CLOCK_SLACK_S 300
#define PACKET_SIZE (ENVELOPE_OUTER + PLAIN_SIZE + 8)

enum mtproto_bind mtproto_bind_check(const struct auth_key *temp, const struct auth_key *perm,
	const struct mtproto_bind_request *request, int64_t now_s)
{
	uint8_t plain[PACKET_SIZE - ENVELOPE_OUTER];
	const uint8_t *inner = plain + 32;
	size_t size;

	if (!auth_key_is_temp(temp))
		return MTPROTO_BIND_TEMP_KEY_EMPTY;
	if (!perm || auth_key_is_temp(perm) || request->encrypted_message.size != PACKET_SIZE)
		return MTPROTO_BIND_MESSAGE_INVALID;
	if (envelope_open_v1(perm, request->encrypted_message.data, PACKET_SIZE, plain, &size) < 0)
		return MTPROTO_BIND_MESSAGE_INVALID;
	if (size != INNER_SIZE || load_u64le(plain + 16) != request->msg_id ||
		load_u32le(plain + 24) != 0 || load_u32le(inner) != (uint32_t)WIRE_BIND_INNER ||
		load_u64le(inner + 4) != request->nonce || load_u64le(inner + 12) != temp->id ||
		load_u64le(inner + 20) != perm->id || perm->id != request->perm_auth_key_id ||
		load_u64le(inner + 28) != request->session_id ||
		load_u32le(inner + 36) != (uint32_t)request->expires_at)
		return MTPROTO_BIND_MESSAGE_INVALID;
	if (temp->perm_id && temp->perm_id != perm->id)
		return MTPROTO_BIND_ALREADY_BOUND;
	if (request->expires_at <= now_s || request->expires_at > temp->expires_at + CLOCK_SLACK_S)
		return MTPROTO_BIND_EXPIRES_AT_INVALID;
	return MTPROTO_BIND_OK;
}

void mtproto_bind_make(const struct auth_key *temp, const struct auth_key *perm,
	uint64_t session_id, uint64_t msg_id, uint64_t nonce, int32_t expires_at,
	const struct random *random, struct buf *out)
{
	uint8_t plain[PLAIN_SIZE], *inner = plain + 32;

	random_fill(random, plain, 16);
	store_u64le(plain + 16, msg_id);
	store_u32le(plain + 24, 0);
	store_u32le(plain + 28, INNER_SIZE);
	store_u32le(inner, (uint32_t)WIRE_BIND_INNER);
	store_u64le(inner + 4, nonce);
	store_u64le(inner + 12, temp->id);
	store_u64le(inner + 20, perm->id);
	store_u64le(inner + 28, session_id);
	store_u32le(inner + 36, (uint32_t)expires_at);
	envelope_seal_v1(perm, plain, sizeof(plain), random, out);
}
