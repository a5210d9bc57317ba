/* SPDX-License-Identifier: Apache-2.0 */
/* The queue to the client and the messages that wait for an acknowledgement. */
#include "mtproto/session_out.h"

#include <stdlib.h>

#include "base/mem.h"

#define FIRST_CAPACITY 4

struct out_message *out_message_new(unsigned flags, uint64_t req_msg_id, size_t size)
{
	struct out_message *message = mem_alloc(sizeof(*message) + size);

	memset(message, 0, sizeof(*message));
	message->flags = flags;
	message->req_msg_id = req_msg_id;
	message->size = (uint32_t)size;
	return message;
}

void out_queue(struct session_out *out, struct out_message *message)
{
	message->next = NULL;
	message->msg_id = 0;
	message->flags &= ~(unsigned)OUT_TOLD;
	if (out->last)
		out->last->next = message;
	else
		out->first = message;
	out->last = message;
	out->queued_count++;
	out->queued_bytes += message->size;
	*out->held_by_all += message->size;
}

struct out_message *out_take(struct session_out *out)
{
	struct out_message *message = out->first;

	if (!message)
		return NULL;
	out->first = message->next;
	if (!out->first)
		out->last = NULL;
	out->queued_count--;
	out->queued_bytes -= message->size;
	*out->held_by_all -= message->size;
	message->next = NULL;
	return message;
}

/* Index of the first entry that is not below id. */
static uint32_t lower_bound(const struct session_out *out, uint64_t id)
{
	uint32_t low = 0, high = out->sent_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (out->sent[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The array goes when it is empty: an idle session holds none. */
static void drop_empty(struct session_out *out)
{
	if (out->sent_count > 0)
		return;
	free(out->sent);
	out->sent = NULL;
	out->sent_capacity = 0;
}

static struct out_message *sent_remove(struct session_out *out, uint32_t at)
{
	struct out_message *message = out->sent[at].message;

	out->sent_bytes -= message->size;
	*out->held_by_all -= message->size;
	out->sent_count--;
	memmove(out->sent + at, out->sent + at + 1, (out->sent_count - at) * sizeof(*out->sent));
	drop_empty(out);
	return message;
}

void out_sent_add(struct session_out *out, struct out_message *message, size_t max)
{
	while (out->sent_count > 0 &&
		(out->sent_count >= OUT_SENT_MAX || out->sent_bytes + message->size > max))
		free(sent_remove(out, 0));
	if (out->sent_count == out->sent_capacity) {
		uint16_t capacity =
			out->sent_capacity ? (uint16_t)(out->sent_capacity * 2) : FIRST_CAPACITY;

		out->sent = mem_realloc(out->sent, capacity * sizeof(*out->sent));
		out->sent_capacity = capacity;
	}
	out->sent[out->sent_count++] =
		(struct out_sent){message->msg_id, message->req_msg_id, message};
	out->sent_bytes += message->size;
	*out->held_by_all += message->size;
}

struct out_message *out_sent_by_id(const struct session_out *out, uint64_t msg_id)
{
	uint32_t at = lower_bound(out, msg_id);

	return at < out->sent_count && out->sent[at].id == msg_id ? out->sent[at].message : NULL;
}

struct out_message *out_sent_by_request(const struct session_out *out, uint64_t req_msg_id)
{
	for (uint32_t i = 0; i < out->sent_count && req_msg_id; i++)
		if (out->sent[i].req_msg_id == req_msg_id)
			return out->sent[i].message;
	return NULL;
}

void out_acknowledge(struct session_out *out, uint64_t msg_id)
{
	uint32_t at = lower_bound(out, msg_id);

	if (at < out->sent_count && out->sent[at].id == msg_id)
		free(sent_remove(out, at));
}

static struct out_message *queue_remove(struct session_out *out, uint64_t req_msg_id)
{
	struct out_message *before = NULL;

	for (struct out_message *m = out->first; m; before = m, m = m->next) {
		if (m->req_msg_id != req_msg_id)
			continue;
		if (before)
			before->next = m->next;
		else
			out->first = m->next;
		if (out->last == m)
			out->last = before;
		out->queued_count--;
		out->queued_bytes -= m->size;
		*out->held_by_all -= m->size;
		return m;
	}
	return NULL;
}

struct out_message *out_withdraw(struct session_out *out, uint64_t req_msg_id)
{
	/* 0 stands for "no request": updates have it, which nobody may drop. */
	if (req_msg_id == 0)
		return NULL;
	for (uint32_t i = 0; i < out->sent_count; i++)
		if (out->sent[i].req_msg_id == req_msg_id)
			return sent_remove(out, i);
	return queue_remove(out, req_msg_id);
}

void out_send_again(struct session_out *out, struct out_message *message)
{
	out_queue(out, sent_remove(out, lower_bound(out, message->msg_id)));
}

void out_send_all_again(struct session_out *out, bool told)
{
	uint16_t kept = 0;

	for (uint32_t i = 0; i < out->sent_count; i++) {
		struct out_message *message = out->sent[i].message;

		if (!(message->flags & OUT_TOLD) == told) {
			out->sent[kept++] = out->sent[i];
			continue;
		}
		out->sent_bytes -= message->size;
		*out->held_by_all -= message->size;
		out_queue(out, message);
	}
	out->sent_count = kept;
	drop_empty(out);
}

bool out_send_again_below(struct session_out *out, uint64_t id)
{
	uint32_t count = lower_bound(out, id);

	for (uint32_t i = 0; i < count; i++)
		out_queue(out, sent_remove(out, 0));
	return count > 0;
}

void out_release(struct session_out *out)
{
	out_send_all_again(out, true);
	out_send_all_again(out, false);
	for (struct out_message *m = out_take(out); m; m = out_take(out))
		free(m);
}
