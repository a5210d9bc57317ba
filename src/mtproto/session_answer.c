/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the host has for the client: answers, errors, updates. And what is done about answers that
 * the client may not have got. https://core.telegram.org/mtproto/service_messages_about_messages
 */
#include <assert.h>
#include <stdlib.h>

#include "base/log.h"
#include "mtproto/gzip.h"
#include "mtproto/session_private.h"

/* Answers below this are sent as they are: a gzip header costs more than it saves. */
#define GZIP_FROM ((size_t)4 << 10)
/* upload.file: pictures and archives do not get smaller. */
#define UPLOAD_FILE 0x096a18d5

/* Updates for a client that does not read, while all sessions together hold too much. */
#define SCARCE_QUEUE_MAX ((size_t)128 << 10)
/* What a session without connection may hold: a client that stays away asks for the difference
 * anyway. */
#define OFFLINE_QUEUE_MAX ((size_t)64 << 10)

/* The call has its answer. False: the client gave it up (rpc_drop_answer). */
static bool answer_is_wanted(struct mtproto_session *session, uint64_t req_msg_id, bool failed)
{
	struct seen_entry *entry = seen_find(&session->seen, req_msg_id);
	bool wanted = (!entry || entry->state != SEEN_DROPPED) && !session->duplicated;

	session_ack_answered(session, req_msg_id);
	if (entry)
		entry->state = failed ? SEEN_FAILED : SEEN_ANSWERED;
	wait_answered(session, req_msg_id, failed);
	return wanted;
}

static void queue_result(struct mtproto_session *session, uint64_t req_msg_id, struct bytes result,
	uint32_t more_flags)
{
	struct out_message *message = out_message_new(
		OUT_CONTENT | OUT_ANSWER | more_flags, req_msg_id, 12 + result.size);

	store_u32le(message->body, (uint32_t)WIRE_RPC_RESULT);
	store_u64le(message->body + 4, req_msg_id);
	memcpy(message->body + 12, result.data, result.size);
	out_queue(&session->out, message);
	exchange_queued(session);
	session_mark_dirty(session);
	session_bound_queue(session);
}

void mtproto_session_reply(
	struct mtproto_session *session, uint64_t req_msg_id, struct bytes result)
{
	struct buf packed = {0}, object = {0};

	assert(result.size >= 4 && result.size % 4 == 0);
	if (!answer_is_wanted(session, req_msg_id, false))
		return;
	if (result.size > GZIP_FROM && load_u32le(result.data) != UPLOAD_FILE &&
		gzip_deflate(result, &packed)) {
		wire_put_id(&object, WIRE_GZIP_PACKED);
		wire_put_string(&object, buf_bytes(&packed));
		result = buf_bytes(&object);
	}
	queue_result(session, req_msg_id, result, 0);
	buf_release(&packed);
	buf_release(&object);
}

static void queue_error(
	struct mtproto_session *session, uint64_t req_msg_id, int32_t code, const char *text)
{
	struct buf object = {0};

	wire_put_id(&object, WIRE_RPC_ERROR);
	buf_append_u32le(&object, (uint32_t)code);
	wire_put_string(&object, bytes_from_str(text));
	/* GramJS forgets what follows a refusal in the same container. */
	queue_result(session, req_msg_id, buf_bytes(&object), OUT_LAST);
	buf_release(&object);
}

void mtproto_session_error(
	struct mtproto_session *session, uint64_t req_msg_id, int32_t code, const char *text)
{
	if (answer_is_wanted(session, req_msg_id, true))
		queue_error(session, req_msg_id, code, text);
}

void session_refuse_duplicated(struct mtproto_session *session, uint64_t msg_id)
{
	queue_error(session, msg_id, 406, "AUTH_KEY_DUPLICATED");
}

int mtproto_session_push(struct mtproto_session *session, struct bytes body, enum mtproto_push kind)
{
	bool online = mtproto_session_is_online(session) || exchange_is_between(session);
	size_t held = session->out.queued_bytes + session->out.sent_bytes + body.size;
	size_t max = online ? session->server->limits.session_queue_max : OFFLINE_QUEUE_MAX;

	if (kind == MTPROTO_PUSH_ONCE && (!online || held > max))
		return 0;
	if (held > max || (server_is_scarce(session->server) &&
				  session->out.queued_bytes > SCARCE_QUEUE_MAX)) {
		/* A gap in the updates would go unnoticed in the same session; in a new one the
		 * client asks. */
		log_debug("session_overflow", "%zu bytes wait for the client", held);
		session_doom(session);
		return -1;
	}
	session_queue(session, kind == MTPROTO_PUSH_ONCE ? 0 : OUT_CONTENT, 0, body);
	return 0;
}

void mtproto_session_key_destroyed(
	struct mtproto_session *session, uint64_t req_msg_id, enum mtproto_destroyed status)
{
	static const enum wire_id ids[] = {
		WIRE_DESTROY_KEY_OK, WIRE_DESTROY_KEY_NONE, WIRE_DESTROY_KEY_FAIL};
	uint8_t body[4];

	if (!answer_is_wanted(session, req_msg_id, false))
		return;
	/* Bare, not inside rpc_result: one widespread client library knows it only so. */
	store_u32le(body, (uint32_t)ids[status]);
	session_queue(session, OUT_CONTENT | OUT_ANSWER, req_msg_id, bytes_of(body, sizeof(body)));
}

void session_tell_of(struct mtproto_session *session, struct out_message *sent)
{
	uint8_t body[28], *at = body;

	if (sent->req_msg_id) {
		store_u32le(at, WIRE_DETAILED_INFO);
		store_u64le(at + 4, sent->req_msg_id);
		at += 12;
	} else {
		store_u32le(at, (uint32_t)WIRE_NEW_DETAILED_INFO);
		at += 4;
	}
	store_u64le(at, sent->msg_id);
	store_u32le(at + 8, sent->size);
	store_u32le(at + 12, 0);
	session_queue(session, 0, 0, bytes_of(body, (size_t)(at + 16 - body)));
	sent->flags |= OUT_TOLD;
	session->told_s = server_uptime_s(session->server);
}
