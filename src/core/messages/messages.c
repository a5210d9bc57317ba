/* SPDX-License-Identifier: Apache-2.0 */
/* Sending into boxes. Changing what is there is messages_edit.c, messages_delete.c and
 * messages_read.c, looking at it messages_history.c. */
#include "core/messages/messages.h"

#include "core/accounts/blocks.h"
#include "core/bots/bot_ears.h"
#include "core/chats/chats.h"
#include "core/messages/circle.h"
#include "core/dialogs/dialog_places.h"
#include "core/messages/entities.h"
#include "core/messages/history_ttl.h"
#include "core/bots/keyboard.h"
#include "core/messages/mentions.h"
#include "core/accounts/peer_settings.h"
#include "core/accounts/public_face.h"
#include "core/messages/polls.h"
#include "core/channels/roster.h"
#include "core/messages/scheduled.h"
#include "core/messages/sources.h"
#include "core/accounts/strangers.h"
#include "core/accounts/top_peers.h"
#include "core/accounts/users.h"
#include "store/home_calls.h"
#include "store/home_contacts_bars.h"

/* The answer to a send, and to the same send when a client repeats it. */
static void answer_sent(
	struct call *call, struct message *message, int32_t pts, struct update_set *answer)
{
	answer->updates = arena_array(call->arena, 2, sizeof(*answer->updates));
	answer->update_count = 2;
	answer->updates[0] = (struct update){
		.kind = UPDATE_MESSAGE_ID, .max_id = message->id, .random_id = message->random_id};
	answer->updates[1] = (struct update){
		.kind = UPDATE_NEW_MESSAGE, .pts = pts, .pts_count = 1, .message = message};
	roster_complete(call, call->user, answer);
}

/* 1: a message with this random_id is there, and *answer holds what its sending was answered. */
static int sent_before(struct call *call, const struct home_box *box, struct peer to,
	int64_t random_id, struct update_set *answer)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct home_message row;

	if (!home_message_by_random(box, random_id, &row)) {
		if (!home_spent_has(call_home(call), box->owner, random_id))
			return 0;
		/* Sent, and deleted since: what it was answered is gone with it. */
		return rpc_error(call, 400, "RANDOM_ID_DUPLICATE");
	}
	if (row.peer_kind != (int32_t)to.kind || row.peer != to.id)
		return rpc_error(call, 400, "RANDOM_ID_DUPLICATE");
	box_message_from_row(box, &row, message);
	answer_sent(call, message, row.pts, answer);
	return 1;
}

/* The same of any: also one that waits to be sent. Nearly all are new, which one look tells. */
static int done_before(struct call *call, const struct home_box *box, struct peer to,
	int64_t random_id, struct update_set *answer)
{
	int before;

	if (!home_random_is_spent(box, random_id))
		return 0;
	before = sent_before(call, box, to, random_id, answer);
	return before ? before : scheduled_before(call, box, to, random_id, answer);
}

/* ---- Copies ---- */

/* What the copies of a message have in common. */
struct sending {
	struct message *own;
	int64_t twin;
	int64_t replied_twin, replied_author; /* 0: answers nothing that others have a copy of */
	struct mentions mentions;
};

static bool answers_here(const struct message *message)
{
	return message->reply_to && (!message->reply || message->reply->peer.kind == PEER_NONE);
}

static bool replied_row(
	const struct circle *circle, const struct message *message, struct home_message *row)
{
	return home_message_get(circle->own, message->reply_to, row) &&
	       row->peer_kind == (int32_t)circle->chat.kind && row->peer == circle->chat.id;
}

/* An answer to a message that is not (or no longer) in this chat becomes a plain message. */
static void find_replied(const struct circle *circle, struct sending *sending)
{
	struct message *message = sending->own;
	struct home_message row;

	if (!answers_here(message))
		return;
	if (replied_row(circle, message, &row)) {
		sending->replied_twin = row.twin;
		sending->replied_author = row.author;
	} else {
		message->reply_to = 0;
		message->reply = NULL;
	}
}

/* Another one's copy: other ids, the other direction. */
static struct message *copy_for(struct call *call, const struct circle *circle,
	const struct sending *sending, const struct home_box *box)
{
	struct message *copy = ARENA_NEW(call->arena, struct message);
	struct home_message row;

	*copy = *sending->own;
	copy->peer = circle_peer(call, circle, box->owner);
	copy->out = false;
	copy->random_id = 0;
	if (!reply_for_others(call, copy))
		copy->reply_to =
			home_message_by_twin(box, sending->replied_twin, &row) ? row.id : 0;
	copy->mentioned = circle->chat.kind == PEER_CHAT &&
			  (sending->replied_author == box->owner ||
				  mentions_have(&sending->mentions, box->owner));
	if (copy->mentioned)
		copy->attention |= ATTENTION_MENTION;
	return copy;
}

static int64_t new_twin(const struct call *call)
{
	return (int64_t)(random_u64(call->env->random) >> 1 | 1);
}

/* A poll in a draft is made when it is known that the message is a new one. */
static bool needs_poll(const struct message *message)
{
	return message->media && message->media->kind == MEDIA_POLL && !message->media->poll;
}

static void deliver_to(struct call *call, struct home_box *box, struct message *copy, int64_t twin)
{
	struct update update;
	enum box_move move = box_deliver(call, box, copy, twin, &update);

	box_tell(call, box->owner, 0, &update, 1);
	dialog_moved(call, box, copy->peer, move);
}

static bool circle_has(const struct circle *circle, int64_t owner)
{
	for (size_t i = 0; i < circle->count; i++) {
		if (circle->boxes[i].owner == owner)
			return true;
	}
	return false;
}

/* Of what is not said to it in a group a bot has no copy. */
static void leave_bot_out(
	struct call *call, struct circle *circle, const struct message *message, int64_t bot)
{
	struct home_message replied = {0};

	if (circle->chat.kind != PEER_CHAT || !circle_has(circle, bot) || call->user == bot ||
		chat_role_of(call, circle->chat.id, bot) >= CHAT_ADMIN)
		return;
	if (!answers_here(message) || !replied_row(circle, message, &replied))
		replied.author = 0;
	if (!bot_hears(call, bot, message, replied.author))
		circle_leave_out(circle, bot);
}

/* Writes all copies and tells everybody but the sender. */
static void deliver_copies(struct call *call, struct circle *circle, struct sending *sending)
{
	struct message *own = sending->own;
	struct update update;

	own->saved = own->peer.kind == PEER_USER && own->peer.id == call->user;
	/* Clients count what one tells oneself as neither incoming nor outgoing: not out. */
	own->out = !own->saved;
	if (own->saved && own->saved_peer.kind == PEER_NONE)
		own->saved_peer = own->peer;
	/* That it was set outlives what it was set for. */
	if (own->action != ACTION_SET_TTL)
		own->period_s = history_ttl(call, call->user, own->peer);
	leave_bot_out(call, circle, own, SERVICE_BOT);
	circle_advance(circle, 1, 1);
	poll_place(call, own, circle->own->last_id);
	find_replied(circle, sending);
	if (circle->chat.kind == PEER_CHAT)
		sending->mentions = mentions_of(call, own);
	sending->twin = circle->count > 1 ? new_twin(call) : 0;
	/* The own copy first: the others are made from it. */
	(void)box_deliver(call, circle->own, own, sending->twin, &update);
	for (size_t i = 0; i < circle->count; i++) {
		struct home_box *box = &circle->boxes[i];

		if (box == circle->own)
			continue;
		deliver_to(call, box, copy_for(call, circle, sending, box), sending->twin);
	}
}

/* ---- Rights ---- */

uint32_t message_rights(const struct message *draft)
{
	switch (draft->media ? draft->media->kind : MEDIA_NONE) {
	case MEDIA_POLL:
		return CHAT_SEND | CHAT_SEND_POLLS;
	case MEDIA_DICE: /* is shown as a sticker */
		return CHAT_SEND | CHAT_SEND_STICKERS;
	default:
		return CHAT_SEND | CHAT_SEND_PLAIN;
	}
}

/* *alone: nobody else gets it. Who was blocked is not told: to the writer it looks as if the other
 * never looked. */
static int check_private(struct call *call, int64_t to, struct home_regard *regard, bool *alone)
{
	if (to == call->user || to == SERVICE_USER)
		return 0;
	home_regard_get(call_home(call), call->user, to, regard);
	if ((call->is_bot || regard->is_bot) && public_face_check_bot(call, to) < 0)
		return -1;
	if (regard->has_blocked)
		return rpc_error(call, 400, "YOU_BLOCKED_USER");
	/* A bot is told, so that it stops. */
	if (call->is_bot && regard->is_blocked)
		return rpc_error(call, 400, "USER_IS_BLOCKED");
	*alone = regard->is_blocked;
	return 0;
}

static int open_for(struct call *call, struct peer to, const struct message *draft,
	struct circle *circle, struct home_regard *regard)
{
	bool alone = false;

	*regard = (struct home_regard){0};
	if (to.kind == PEER_CHAT && chat_may(call, to.id, call->user, message_rights(draft)) < 0)
		return -1;
	if (circle_open(call, to, circle) < 0)
		return -1;
	if (to.kind == PEER_USER && check_private(call, to.id, regard, &alone) < 0)
		return -1;
	return alone ? circle_open_alone(call, to, circle) : 0;
}

/* Who writes to a person for the first time may be a stranger to him, and new chats begin with a
 * setting of the writer's: *begun is what that tells. */
static int begin_chat(
	struct call *call, struct circle *circle, bool *stranger, struct update_set *begun)
{
	struct home_dialog dialog;

	*stranger = false;
	*begun = (struct update_set){0};
	if (circle->chat.kind != PEER_USER ||
		(box_dialog(circle->own, circle->chat, &dialog) && dialog.top_id > 0))
		return 0;
	if (stranger_check(call, circle->chat.id, stranger) < 0)
		return -1;
	return history_ttl_begin(call, circle, begun);
}

/* What a sent message changes besides the boxes. A blocked writer changes nothing for the other. */
static void note_sent(struct call *call, const struct circle *circle, const struct message *message,
	bool asked, bool stranger)
{
	if (message->peer.kind == PEER_USER && (asked || stranger))
		peer_settings_written(call, message->peer.id, stranger && circle->count > 1);
	if (message->forward)
		top_peers_count_forward(call, message->peer);
	else
		top_peers_count(call, message->peer);
}

int message_send(
	struct call *call, struct peer to, struct message *draft, struct update_set *answer)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct sending sending = {.own = message};
	struct update_set others, begun;
	struct home_regard regard;
	struct circle circle;
	bool stranger;
	int before;

	if (to.kind == PEER_CHANNEL)
		return channel_post_send(call, to.id, draft, answer);
	*answer = (struct update_set){0};
	if (!draft->random_id)
		return rpc_error(call, 400, "RANDOM_ID_EMPTY");
	if (open_for(call, to, draft, &circle, &regard) < 0)
		return -1;
	before = done_before(call, circle.own, to, draft->random_id, answer);
	if (before)
		return before < 0 ? -1 : 0;
	if (reply_settle(call, to, draft) < 0)
		return -1;
	*message = *draft;
	message->peer = to;
	message->from = (struct peer){PEER_USER, call->user};
	if (entities_accept(call, message) < 0 || keyboard_accept(call, &message->keyboard) < 0 ||
		(needs_poll(message) && poll_create(call, call->user, message->media) < 0))
		return -1;
	if (schedule_is_later(call, draft->date_s))
		return scheduled_add(call, circle.own, message, (struct peer){0}, answer);
	if (circle_charge(call, circle.count) < 0 ||
		begin_chat(call, &circle, &stranger, &begun) < 0)
		return -1;
	deliver_copies(call, &circle, &sending);
	note_sent(call, &circle, message, regard.bar == HOME_BAR_ASKED, stranger);
	answer_sent(call, message, circle.own->pts, answer);
	/* The sender's other sessions get the same without the random_id, which is this one's. */
	others = *answer;
	others.updates = &answer->updates[1];
	others.update_count = 1;
	box_tell_set(call, call->user, call->session_id, &others);
	if (begun.update_count)
		roster_join(call, &begun, answer);
	return 0;
}

int message_act(struct call *call, struct peer in, struct message *draft, struct update_set *answer)
{
	struct circle circle;

	return circle_open(call, in, &circle) < 0 ? -1
						  : message_act_in(call, &circle, draft, answer);
}

int message_act_in(
	struct call *call, struct circle *circle, struct message *draft, struct update_set *answer)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct sending sending = {.own = message};

	*answer = (struct update_set){0};
	*message = *draft;
	/* The answer is read when whoever made the draft has returned. */
	message->users = arena_array(call->arena, draft->user_count, sizeof(*message->users));
	if (draft->user_count)
		memcpy(message->users, draft->users, draft->user_count * sizeof(*message->users));
	message->peer = circle->chat;
	message->from = (struct peer){PEER_USER, call->user};
	deliver_copies(call, circle, &sending);
	answer_sent(call, message, circle->own->pts, answer);
	answer->updates++;
	answer->update_count--;
	box_tell_set(call, call->user, call->session_id, answer);
	return 0;
}

int message_typing(struct call *call, struct peer in, int32_t thread, enum typing_action action,
	int32_t progress)
{
	struct peer me = {PEER_USER, call->user};
	struct circle circle;

	if (in.kind == PEER_CHANNEL)
		return channel_typing(call, in.id, thread, action, progress);
	if (in.kind == PEER_CHAT && chat_may(call, in.id, call->user, CHAT_SEND) < 0)
		return -1;
	if (public_face_check_chat(call, in) < 0 || circle_open(call, in, &circle) < 0)
		return -1;
	for (size_t i = 0; i < circle.count; i++) {
		int64_t owner = circle.boxes[i].owner;
		struct update update = {.kind = UPDATE_TYPING,
			.peer = circle_peer(call, &circle, owner),
			.by = me,
			.typing = action,
			.progress = progress};

		if (owner == call->user || block_has(call, owner, call->user))
			continue;
		box_tell(call, owner, 0, &update, 1);
	}
	return 0;
}
