/* SPDX-License-Identifier: Apache-2.0 */
/* What people may do next: a query of a random kind about random things that they know of. */
#include "replica_actions.h"

#include <stdlib.h>

struct replica devices[PEOPLE][DEVICES];
int64_t group;
struct arena scratch;

int below(int n)
{
	return rand() % n;
}

struct tl_object *input_user(struct fixture *f, int who, int64_t id)
{
	struct tl_inputUser *user = TL_NEW(&scratch, inputUser);

	user->user_id = id;
	user->access_hash = vault_access_hash(f->vault, people[who], PEER_USER, id);
	return &user->o;
}

struct tl_object *input(struct fixture *f, int who, struct peer peer)
{
	return replica_input(f, &scratch, people[who], peer);
}

static struct tl_object *input_dialog(struct fixture *f, int who, struct peer peer)
{
	struct tl_inputDialogPeer *dialog = TL_NEW(&scratch, inputDialogPeer);

	dialog->peer = input(f, who, peer);
	return &dialog->o;
}

static struct peer some_private_chat(void)
{
	if (group && !below(3))
		return (struct peer){PEER_CHAT, group};
	return (struct peer){PEER_USER, people[below(PEOPLE)]};
}

static struct peer some_chat(int who)
{
	const struct world_channel *channel = some_channel(who);

	return channel ? (struct peer){PEER_CHANNEL, channel->id} : some_private_chat();
}

/* Of what the newest device of the person has; 0: none. */
static int32_t some_message(int who, struct peer *chat)
{
	const struct replica *r = &devices[who][DEVICES - 1];
	int32_t ids[REPLICA_IDS];
	int count = 0;

	for (int32_t id = 1; id < REPLICA_IDS; id++) {
		if (r->box.messages[id].there && r->box.messages[id].peer.id != SERVICE_USER)
			ids[count++] = id;
	}
	if (!count)
		return 0;
	count = below(count);
	*chat = r->box.messages[ids[count]].peer;
	return ids[count];
}

struct tl_ints one_id(int32_t id)
{
	struct tl_ints ids = {.count = 1, .at = arena_array(&scratch, 1, sizeof(int32_t))};

	ids.at[0] = id;
	return ids;
}

int64_t random_id(void)
{
	return ((int64_t)rand() << 20) + rand() + 1;
}

struct bytes some_text(const char *what)
{
	static int number;

	return bytes_from_str(arena_printf(&scratch, "%s %d", what, ++number));
}

static struct tl_object *query_send(struct fixture *f, int who)
{
	struct tl_messages_sendMessage *q = TL_NEW(&scratch, messages_sendMessage);
	struct peer chat = some_chat(who);
	struct tl_inputReplyToMessage *reply;

	q->peer = input(f, who, chat);
	q->message = some_text(below(4) ? "text" : "https://example.org/");
	q->random_id = random_id();
	if (below(3) == 0) {
		reply = TL_NEW(&scratch, inputReplyToMessage);
		target = NULL;
		reply->reply_to_msg_id = some_message(who, &chat);
		q->reply_to = &reply->o;
		q->peer = input(f, who, chat);
	}
	return &q->o;
}

static struct tl_object *query_edit(struct fixture *f, int who)
{
	struct tl_messages_editMessage *q = TL_NEW(&scratch, messages_editMessage);
	struct peer chat = {PEER_USER, people[who]};

	q->id = some_message(who, &chat);
	q->peer = input(f, who, chat);
	q->message = some_text("edited");
	return &q->o;
}

static struct tl_object *query_delete(struct fixture *f, int who)
{
	struct tl_messages_deleteMessages *q = TL_NEW(&scratch, messages_deleteMessages);
	struct peer chat;

	q->id = one_id(some_message(who, &chat));
	q->revoke = below(2);
	return &q->o;
}

static struct tl_object *query_delete_history(struct fixture *f, int who)
{
	struct tl_messages_deleteHistory *q = TL_NEW(&scratch, messages_deleteHistory);

	q->peer = input(f, who, some_private_chat());
	q->revoke = below(2);
	q->just_clear = below(2);
	return &q->o;
}

static struct tl_object *query_read(struct fixture *f, int who)
{
	struct tl_messages_readHistory *q = TL_NEW(&scratch, messages_readHistory);
	struct peer chat = some_private_chat();

	q->max_id = below(2) ? 0 : some_message(who, &chat);
	q->peer = input(f, who, chat);
	return &q->o;
}

static struct tl_object *query_pin(struct fixture *f, int who)
{
	struct tl_messages_updatePinnedMessage *q = TL_NEW(&scratch, messages_updatePinnedMessage);
	struct peer chat = {PEER_USER, people[who]};

	q->id = some_message(who, &chat);
	q->peer = input(f, who, chat);
	q->unpin = below(3) == 0;
	q->silent = below(2);
	return &q->o;
}

static struct tl_object *query_react(struct fixture *f, int who)
{
	static const char *const emoji[] = {"👍", "❤", "🔥"};
	struct tl_messages_sendReaction *q = TL_NEW(&scratch, messages_sendReaction);
	struct tl_reactionEmoji *reaction = TL_NEW(&scratch, reactionEmoji);
	struct peer chat = {PEER_USER, people[who]};

	q->msg_id = some_message(who, &chat);
	q->peer = input(f, who, chat);
	q->reaction = tl_objects_new(&scratch, (uint32_t)(below(4) != 0));
	if (q->reaction.count)
		q->reaction.at[0] = &reaction->o;
	reaction->emoticon = bytes_from_str(emoji[below(3)]);
	return &q->o;
}

static struct tl_object *query_forward(struct fixture *f, int who)
{
	struct tl_messages_forwardMessages *q = TL_NEW(&scratch, messages_forwardMessages);
	struct peer from = {PEER_USER, people[who]};
	int32_t id;

	id = some_message(who, &from);
	/* Whose copy a vote is cast on hears of it: the copies of others show it when asked. */
	q->id = one_id(devices[who][DEVICES - 1].box.messages[id].poll ? 0 : id);
	q->from_peer = input(f, who, from);
	q->to_peer = input(f, who, some_chat(who));
	q->random_id.count = 1;
	q->random_id.at = arena_array(&scratch, 1, sizeof(int64_t));
	q->random_id.at[0] = random_id();
	return &q->o;
}

static struct tl_object *query_draft(struct fixture *f, int who)
{
	struct tl_messages_saveDraft *q = TL_NEW(&scratch, messages_saveDraft);

	q->peer = input(f, who, some_chat(who));
	q->message = below(3) ? some_text("draft") : BYTES_LITERAL("");
	return &q->o;
}

static struct tl_object *query_toggle_pin(struct fixture *f, int who)
{
	struct tl_messages_toggleDialogPin *q = TL_NEW(&scratch, messages_toggleDialogPin);

	q->peer = input_dialog(f, who, some_chat(who));
	q->pinned = below(3) != 0;
	return &q->o;
}

static struct tl_object *query_mark(struct fixture *f, int who)
{
	struct tl_messages_markDialogUnread *q = TL_NEW(&scratch, messages_markDialogUnread);

	q->peer = input_dialog(f, who, some_chat(who));
	q->unread = below(2);
	return &q->o;
}

static struct tl_object *query_archive(struct fixture *f, int who)
{
	struct tl_folders_editPeerFolders *q = TL_NEW(&scratch, folders_editPeerFolders);
	struct tl_inputFolderPeer *move = TL_NEW(&scratch, inputFolderPeer);

	move->peer = input(f, who, some_chat(who));
	move->folder_id = below(2);
	q->folder_peers = tl_objects_new(&scratch, 1);
	q->folder_peers.at[0] = &move->o;
	return &q->o;
}

static struct tl_object *query_mute(struct fixture *f, int who)
{
	struct tl_account_updateNotifySettings *q = TL_NEW(&scratch, account_updateNotifySettings);
	struct tl_inputNotifyPeer *peer = TL_NEW(&scratch, inputNotifyPeer);
	struct tl_inputPeerNotifySettings *settings = TL_NEW(&scratch, inputPeerNotifySettings);

	peer->peer = input(f, who, some_chat(who));
	settings->has_mute_until = true;
	settings->mute_until = below(2) ? 0 : (int32_t)f->now_s + below(100000);
	q->peer = &peer->o;
	q->settings = &settings->o;
	return &q->o;
}

static struct tl_object *query_seen(struct fixture *f, int who)
{
	struct tl_messages_readMessageContents *q = TL_NEW(&scratch, messages_readMessageContents);
	struct peer chat;

	q->id = one_id(some_message(who, &chat));
	return &q->o;
}

static struct tl_object *query_member(struct fixture *f, int who)
{
	struct tl_messages_addChatUser *add = TL_NEW(&scratch, messages_addChatUser);
	struct tl_messages_deleteChatUser *kick = TL_NEW(&scratch, messages_deleteChatUser);
	struct tl_object *user = input_user(f, who, people[below(PEOPLE)]);

	add->chat_id = kick->chat_id = group;
	add->user_id = kick->user_id = user;
	add->fwd_limit = below(20);
	return below(2) ? &add->o : &kick->o;
}

static struct tl_object *query_title(struct fixture *f, int who)
{
	struct tl_messages_editChatTitle *q = TL_NEW(&scratch, messages_editChatTitle);

	q->chat_id = group;
	q->title = some_text("group");
	return &q->o;
}

/* Of what waits to be sent; 0: nothing. */
static int32_t some_waiting(int who, struct peer *chat)
{
	const struct replica *r = &devices[who][DEVICES - 1];
	const struct replica_waiting *w;

	if (!r->waiting_count)
		return 0;
	w = &r->waiting[below((int)r->waiting_count)];
	*chat = w->peer;
	return w->id;
}

struct tl_object *some_poll(bool may_name_voters)
{
	struct tl_inputMediaPoll *media = TL_NEW(&scratch, inputMediaPoll);
	struct tl_poll *poll = TL_NEW(&scratch, poll);
	struct tl_textWithEntities *text = TL_NEW(&scratch, textWithEntities);

	text->text = some_text("question");
	poll->question = &text->o;
	poll->public_voters = below(2) && may_name_voters;
	poll->multiple_choice = below(2);
	poll->has_close_period = below(2);
	poll->close_period = 5 + below(300);
	poll->answers = tl_objects_new(&scratch, 3);
	for (uint32_t i = 0; i < 3; i++) {
		struct tl_pollAnswer *answer = TL_NEW(&scratch, pollAnswer);

		answer->text = &text->o;
		answer->option = bytes_of(&"012"[i], 1);
		poll->answers.at[i] = &answer->o;
	}
	media->poll = &poll->o;
	return &media->o;
}

static struct tl_object *query_poll(struct fixture *f, int who)
{
	struct tl_messages_sendMedia *q = TL_NEW(&scratch, messages_sendMedia);

	q->media = some_poll(true);
	/* Who leaves a group hears no more of its votes, but his copy shows them. */
	q->peer = input(f, who, (struct peer){PEER_USER, people[below(PEOPLE)]});
	q->random_id = random_id();
	return &q->o;
}

void vote_somehow(struct tl_messages_sendVote *q)
{
	q->options.count = (uint32_t)below(3);
	q->options.at = arena_array(&scratch, 2, sizeof(*q->options.at));
	for (uint32_t i = 0; i < q->options.count; i++)
		q->options.at[i] = bytes_of(&"012"[below(3)], 1);
}

static struct tl_object *query_vote(struct fixture *f, int who)
{
	struct tl_messages_sendVote *q = TL_NEW(&scratch, messages_sendVote);
	struct peer chat = {PEER_USER, people[who]};

	for (int tries = 0; tries < 50; tries++) {
		q->msg_id = some_message(who, &chat);
		if (devices[who][DEVICES - 1].box.messages[q->msg_id].poll)
			break;
	}
	q->peer = input(f, who, chat);
	vote_somehow(q);
	return &q->o;
}

static struct tl_object *query_schedule(struct fixture *f, int who)
{
	struct tl_messages_sendMessage *q = TL_NEW(&scratch, messages_sendMessage);

	q->peer = input(f, who, some_private_chat());
	q->message = some_text("later");
	q->random_id = random_id();
	q->has_schedule_date = true;
	q->schedule_date = (int32_t)f->now_s + 11 + below(600);
	return &q->o;
}

static struct tl_object *query_waiting(struct fixture *f, int who)
{
	struct tl_messages_sendScheduledMessages *send =
		TL_NEW(&scratch, messages_sendScheduledMessages);
	struct tl_messages_deleteScheduledMessages *drop =
		TL_NEW(&scratch, messages_deleteScheduledMessages);
	struct tl_messages_editMessage *edit = TL_NEW(&scratch, messages_editMessage);
	struct peer chat = {PEER_USER, people[who]};

	edit->id = some_waiting(who, &chat);
	send->id = drop->id = one_id(edit->id);
	edit->peer = send->peer = drop->peer = input(f, who, chat);
	edit->message = some_text("much later");
	edit->has_schedule_date = true;
	edit->schedule_date = (int32_t)f->now_s + 11 + below(600);
	switch (below(3)) {
	case 0:
		return &send->o;
	case 1:
		return &drop->o;
	default:
		return &edit->o;
	}
}

static struct tl_object *query_block(struct fixture *f, int who)
{
	struct tl_contacts_block *block = TL_NEW(&scratch, contacts_block);
	struct tl_contacts_unblock *unblock = TL_NEW(&scratch, contacts_unblock);

	block->id = unblock->id = input(f, who, (struct peer){PEER_USER, people[below(PEOPLE)]});
	return below(3) ? &unblock->o : &block->o;
}

static struct tl_object *query_saved_pin(struct fixture *f, int who)
{
	struct tl_messages_toggleSavedDialogPin *q =
		TL_NEW(&scratch, messages_toggleSavedDialogPin);

	q->peer = input_dialog(f, who, some_private_chat());
	q->pinned = below(2);
	return &q->o;
}

static struct tl_object *query_period(struct fixture *f, int who)
{
	struct tl_messages_setHistoryTTL *q = TL_NEW(&scratch, messages_setHistoryTTL);

	q->peer = input(f, who, some_private_chat());
	q->period = below(2) ? 0 : 5 + below(1000);
	return &q->o;
}

struct tl_object *query_create(struct fixture *f, int who)
{
	struct tl_messages_createChat *q = TL_NEW(&scratch, messages_createChat);

	q->users = tl_objects_new(&scratch, 2);
	q->users.at[0] = input_user(f, who, people[(who + 1) % PEOPLE]);
	q->users.at[1] = input_user(f, who, people[(who + 2) % PEOPLE]);
	q->title = some_text("group");
	return &q->o;
}

static const struct query_kind kinds[] = {
	{30, query_send},
	{6, query_edit},
	{6, query_delete},
	{1, query_delete_history},
	{12, query_read},
	{5, query_pin},
	{8, query_react},
	{6, query_forward},
	{5, query_draft},
	{4, query_toggle_pin},
	{4, query_mark},
	{4, query_archive},
	{4, query_mute},
	{4, query_seen},
	{4, query_member},
	{2, query_title},
	{4, query_poll},
	{8, query_vote},
	{5, query_schedule},
	{3, query_waiting},
	{2, query_block},
	{3, query_saved_pin},
	{2, query_period},
};

struct tl_object *query_of(const struct query_kind *of, size_t count, struct fixture *f, int who)
{
	int total = 0, at;
	size_t i = 0;

	for (size_t k = 0; k < count; k++)
		total += of[k].weight;
	for (at = below(total); at >= of[i].weight; i++)
		at -= of[i].weight;
	return of[i].make(f, who);
}

struct tl_object *query_any(struct fixture *f, int who)
{
	target = NULL;
	return query_of(kinds, ARRAY_LEN(kinds), f, who);
}
