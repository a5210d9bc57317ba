/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of the client's messages is acknowledged, and when. Some clients never send again what was
 * acknowledged, and a call whose work is not committed dies with the process. So calls are
 * acknowledged by their answers; only of one that takes long the client is told that it came, lest
 * it ask. All else goes with the next packet.
 * https://core.telegram.org/mtproto/service_messages_about_messages#acknowledgment-of-receipt
 */
#include <stdlib.h>

#include "base/mem.h"
#include "mtproto/session_private.h"

#define ACKS_PER_MESSAGE 1000
/* Calls in progress beyond that are acknowledged like all else. */
#define HELD_MAX 256

/* A call in progress whose acknowledgement waits for the answer. */
struct held_ack {
	struct list of_session, of_server; /* both in the order of their coming */
	struct mtproto_session *session;
	uint64_t msg_id;
	int64_t due_us;
};

static int64_t due_us(const struct mtproto_server *server)
{
	return clock_monotonic_us(server->clock) + (int64_t)server->limits.ack_delay_ms * 1000;
}

static void ack_later(struct mtproto_session *session, uint64_t msg_id)
{
	if (session->acks_count == session->acks_capacity) {
		uint32_t capacity = session->acks_capacity ? session->acks_capacity * 2 : 4;

		session->acks = mem_realloc(session->acks, capacity * sizeof(*session->acks));
		session->acks_capacity = capacity;
	}
	session->acks[session->acks_count++] = msg_id;
	if (list_empty(&session->of_due)) {
		session->ack_due_us = due_us(session->server);
		list_append(&session->server->ack_due, &session->of_due);
	}
	if (session->acks_count >= WIRE_CONTAINER_MAX)
		session_mark_dirty(session);
}

static void hold(struct mtproto_session *session, uint64_t msg_id)
{
	struct held_ack *held;

	if (session->held_acks_count == HELD_MAX) {
		ack_later(session, msg_id);
		return;
	}
	held = MEM_NEW(struct held_ack);
	held->session = session;
	held->msg_id = msg_id;
	held->due_us = due_us(session->server);
	list_append(&session->held_acks, &held->of_session);
	list_append(&session->server->held_acks, &held->of_server);
	session->held_acks_count++;
}

static void release(struct held_ack *held)
{
	list_remove(&held->of_session);
	list_remove(&held->of_server);
	held->session->held_acks_count--;
	free(held);
}

static struct held_ack *held_find(const struct mtproto_session *session, uint64_t msg_id)
{
	LIST_EACH (node, &session->held_acks) {
		struct held_ack *held = LIST_OWNER(node, struct held_ack, of_session);

		if (held->msg_id == msg_id)
			return held;
	}
	return NULL;
}

void session_ack_taken(struct mtproto_session *session, uint64_t msg_id)
{
	const struct seen_entry *entry = seen_find(&session->seen, msg_id);

	if (entry && seen_is_running(entry->state))
		hold(session, msg_id);
	else if (!entry || !seen_is_answered(entry->state))
		ack_later(session, msg_id);
}

void session_ack_repeated(struct mtproto_session *session, uint64_t msg_id)
{
	if (!held_find(session, msg_id))
		ack_later(session, msg_id);
}

static void forget(struct mtproto_session *session)
{
	free(session->acks);
	session->acks = NULL;
	session->acks_count = session->acks_capacity = 0;
}

void session_ack_answered(struct mtproto_session *session, uint64_t msg_id)
{
	struct held_ack *held = held_find(session, msg_id);

	if (held) {
		release(held);
		return;
	}
	for (uint32_t i = session->acks_count; i > 0; i--) {
		if (session->acks[i - 1] != msg_id)
			continue;
		session->acks[i - 1] = session->acks[--session->acks_count];
		if (session->acks_count == 0)
			forget(session);
		return;
	}
}

void session_acks_expire(struct mtproto_server *server, int64_t now_us)
{
	while (!list_empty(&server->held_acks)) {
		struct held_ack *held =
			LIST_OWNER(server->held_acks.next, struct held_ack, of_server);
		struct mtproto_session *session = held->session;

		if (held->due_us > now_us)
			break;
		ack_later(session, held->msg_id);
		session_mark_dirty(session);
		release(held);
	}
}

void session_acks_queue(struct mtproto_session *session)
{
	uint32_t at = 0;

	while (at < session->acks_count) {
		uint32_t count = session->acks_count - at;
		struct out_message *message;

		if (count > ACKS_PER_MESSAGE)
			count = ACKS_PER_MESSAGE;
		message = out_message_new(0, 0, 12 + 8 * (size_t)count);
		store_u32le(message->body, (uint32_t)WIRE_MSGS_ACK);
		store_u32le(message->body + 4, WIRE_VECTOR);
		store_u32le(message->body + 8, count);
		memcpy(message->body + 12, session->acks + at, 8 * (size_t)count);
		out_queue(&session->out, message);
		at += count;
	}
	forget(session);
	session_bound_queue(session);
}

void session_acks_clear(struct mtproto_session *session)
{
	LIST_EACH_SAFE (node, &session->held_acks)
		release(LIST_OWNER(node, struct held_ack, of_session));
	forget(session);
}
