/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads along: every packet that the server is about to encrypt passes here first (the linker puts
 * this in the place of envelope_seal_many), in every test that links it, whatever else it tests.
 * Asserted of each: its id is above all that the session sent before (S2), so that no id is ever
 * encrypted twice, with other content or with other padding; a message inside a container was not
 * sent before either; parities, sequence numbers and padding are as the protocol wants them.
 */
#include "witness.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "mtproto/envelope.h"
#include "mtproto/wire.h"

/* What a session has been sent so far. Never freed before witness_release: a session that the
 * server forgot goes on, for its client. */
struct account {
	uint64_t name; /* mix of key id and session id */
	uint64_t last_id;
	uint32_t content; /* odd sequence numbers so far */
	struct map ids;
};

static struct map accounts; /* by name */

bool (*witness_asked)(uint64_t session, uint64_t req_msg_id);

void witness_release(void)
{
	struct account *account;
	void *value;
	uint64_t key;

	for (size_t at = 0; map_next(&accounts, &at, &key, &value);) {
		account = value;
		map_release(&account->ids);
		free(account);
	}
	map_release(&accounts);
}

static struct account *account_of(uint64_t key_id, uint64_t session_id)
{
	uint64_t name = map_mix(key_id, session_id);
	struct account *account;

	if (!accounts.slots)
		map_init(&accounts);
	account = map_get(&accounts, name);
	if (account)
		return account;
	account = MEM_NEW(struct account);
	account->name = name;
	map_init(&account->ids);
	map_put(&accounts, name, account);
	return account;
}

static void see_message(struct account *account, uint64_t id, uint32_t seqno, struct bytes body)
{
	int32_t constructor = body.size >= 4 ? (int32_t)load_u32le(body.data) : 0;

	assert_true(id % 4 == 1 || id % 4 == 3);
	assert_true(id > account->last_id);
	assert_null(map_put(&account->ids, id, account));
	account->last_id = id;
	/* The server forgot the session in between and counts from the beginning. */
	if (seqno == 0 || (constructor == WIRE_NEW_SESSION && seqno == 1))
		account->content = 0;
	assert_int_equal(seqno, account->content * 2 + (seqno & 1));
	account->content += seqno & 1;
	if (constructor == WIRE_RPC_RESULT)
		assert_true(id % 4 == 1 && (seqno & 1));
	if (constructor == WIRE_RPC_RESULT && witness_asked)
		assert_true(witness_asked(account->name, load_u64le(body.data + 4)));
	if (constructor == WIRE_MSGS_ACK || constructor == WIRE_CONTAINER ||
		constructor == WIRE_BAD_MSG || constructor == WIRE_BAD_SALT)
		assert_false(seqno & 1);
}

static void see_container(struct account *account, struct bytes body)
{
	struct wire_reader r = wire_reader_of(body);

	assert_int_equal(wire_id(&r), WIRE_CONTAINER);
	for (uint32_t left = wire_u32(&r); left > 0; left--) {
		uint64_t id = wire_u64(&r);
		uint32_t seqno = wire_u32(&r), size = wire_u32(&r);

		see_message(account, id, seqno, bytes_of(wire_take(&r, size), size));
	}
	assert_true(wire_done(&r));
}

static void see_packet(const struct envelope_job *job)
{
	struct envelope_message message;
	struct account *account;

	assert_int_equal(envelope_parse(job->packet + ENVELOPE_OUTER, job->size, &message), 0);
	account = account_of(job->key->id, message.session_id);
	if (message.body.size >= 8 && (int32_t)load_u32le(message.body.data) == WIRE_CONTAINER)
		see_container(account, message.body);
	see_message(account, message.msg_id, message.seqno, message.body);
}

void __real_envelope_seal_many(
	struct envelope_job *jobs, size_t count, enum envelope_direction direction);
void __wrap_envelope_seal_many(
	struct envelope_job *jobs, size_t count, enum envelope_direction direction);

void __wrap_envelope_seal_many(
	struct envelope_job *jobs, size_t count, enum envelope_direction direction)
{
	for (size_t i = 0; i < count && direction == ENVELOPE_TO_CLIENT; i++)
		see_packet(&jobs[i]);
	__real_envelope_seal_many(jobs, count, direction);
}
