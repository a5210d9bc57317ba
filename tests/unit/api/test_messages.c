/* SPDX-License-Identifier: Apache-2.0 */
/* messages.* and updates.* from bytes to bytes in each served generation of layers, and what
 * api_push makes of effects. */
#include "pair.h"

#include "api/push.h"
#include "core/channels/channels.h"
#include "core/accounts/users.h"
#include "tl/read.h"
#include "tl/write.h"

static bool ask(struct fixture *f, uint64_t key, int layer, const struct tl_object *query,
	union tl_reply *reply)
{
	return layered_ask(f, key, layer, query, &scratch, reply);
}

static struct tl_messages_sendMessage *send_query(
	struct fixture *f, const char *text, int64_t random_id)
{
	struct tl_messages_sendMessage *query = TL_NEW(&scratch, messages_sendMessage);

	query->peer = pair_peer(f, anna, budi);
	query->message = B(text);
	query->random_id = random_id;
	return query;
}

static const struct tl_message *history_top(struct fixture *f, int layer, uint32_t *count)
{
	struct tl_messages_getHistory *query = TL_NEW(&scratch, messages_getHistory);
	const struct tl_messages_messagesSlice *slice;
	const struct tl_messages_messages *all;
	union tl_reply reply;

	query->peer = pair_peer(f, budi, anna);
	query->limit = 2;
	assert_true(ask(f, BUDI, layer, &query->o, &reply));
	all = TL_AS(messages_messages, reply.object);
	slice = TL_AS(messages_messagesSlice, reply.object);
	assert_true(all || slice);
	*count = all ? all->messages.count : (uint32_t)slice->count;
	assert_int_equal(all ? all->users.count : slice->users.count, 1);
	return TL_AS(message, all ? all->messages.at[0] : slice->messages.at[0]);
}

static void test_a_message_through_every_layer(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LAYERS; i++) {
		struct tl_messages_sendMessage *query = send_query(f, "see #one", (int64_t)i + 1);
		struct tl_messageEntityBold *bold = TL_NEW(&scratch, messageEntityBold);
		const struct tl_updateNewMessage *update;
		const struct tl_message *message;
		const struct tl_updates *updates;
		union tl_reply reply;
		uint32_t count;

		bold->length = 3;
		query->entities = tl_objects_new(&scratch, 1);
		query->entities.at[0] = &bold->o;
		assert_true(ask(f, ANNA, layers[i], &query->o, &reply));
		updates = TL_AS(updates, reply.object);
		assert_non_null(updates);
		assert_int_equal(updates->updates.count, 2);
		assert_int_equal(updates->users.count, 2);
		assert_non_null(TL_AS(updateMessageID, updates->updates.at[0]));
		update = TL_AS(updateNewMessage, updates->updates.at[1]);
		assert_non_null(update);
		assert_true(update->pts > 0);
		message = history_top(f, layers[i], &count);
		assert_int_equal(count, i + 1);
		assert_true(bytes_equal_str(message->message, "see #one"));
		assert_int_equal(message->entities.count, 2);
		assert_non_null(TL_AS(messageEntityBold, message->entities.at[0]));
		assert_non_null(TL_AS(messageEntityHashtag, message->entities.at[1]));
		assert_int_equal(TL_AS(peerUser, message->from_id)->user_id, anna);
		assert_false(message->out);
	}
}

/* mtcute pages with the id and the date of the oldest message that it has. */
static void test_a_page_begins_at_the_id_within_one_second(void **state)
{
	struct fixture *f = *state;
	struct tl_messages_getHistory *query = TL_NEW(&scratch, messages_getHistory);
	const struct tl_messages_messages *all;
	const struct tl_messages_messagesSlice *slice;
	const struct tl_message *top;
	union tl_reply reply;
	uint32_t count;

	for (int64_t i = 1; i <= 3; i++)
		assert_true(ask(f, ANNA, 227, &send_query(f, "x", i)->o, &reply));
	top = history_top(f, 227, &count);
	query->peer = pair_peer(f, budi, anna);
	query->offset_id = top->id;
	query->offset_date = top->date;
	query->limit = 10;
	assert_true(ask(f, BUDI, 227, &query->o, &reply));
	all = TL_AS(messages_messages, reply.object);
	slice = TL_AS(messages_messagesSlice, reply.object);
	assert_int_equal(all ? all->messages.count : slice->messages.count, 2);
}

#define TURNED_DOWN(f, query, why)                                                                 \
	do {                                                                                       \
		union tl_reply unused;                                                             \
                                                                                                   \
		assert_false(ask(f, ANNA, 227, &(query)->o, &unused));                             \
		assert_true(bytes_equal_str(bytes_from_str((f)->call.fault.text), why));           \
	} while (0)

static void test_nothing_repeats_by_itself(void **state)
{
	struct fixture *f = *state;
	struct tl_messages_forwardMessages *forward = TL_NEW(&scratch, messages_forwardMessages);
	struct tl_messages_editMessage *edit = TL_NEW(&scratch, messages_editMessage);
	struct tl_messages_sendMessage *send = send_query(f, "every day", 1);
	union tl_reply reply;

	send->has_schedule_date = send->has_schedule_repeat_period = true;
	send->schedule_date = (int32_t)f->now_s + 60;
	send->schedule_repeat_period = 86400;
	TURNED_DOWN(f, send, "PREMIUM_ACCOUNT_REQUIRED");
	send->schedule_repeat_period = 0; /* what is as if it were not there */
	assert_true(ask(f, ANNA, 227, &send->o, &reply));

	edit->id = TL_AS(updateMessageID, TL_AS(updates, reply.object)->updates.at[0])->id;
	edit->peer = send->peer;
	edit->has_schedule_date = edit->has_schedule_repeat_period = true;
	edit->schedule_date = send->schedule_date;
	edit->schedule_repeat_period = 86400;
	TURNED_DOWN(f, edit, "PREMIUM_ACCOUNT_REQUIRED");

	forward->from_peer = forward->to_peer = send->peer;
	forward->has_schedule_repeat_period = true;
	forward->schedule_repeat_period = 86400;
	TURNED_DOWN(f, forward, "PREMIUM_ACCOUNT_REQUIRED");
}

static void test_a_scheduled_preview_can_be_taken_away(void **state)
{
	struct fixture *f = *state;
	struct tl_messages_editMessage *edit = TL_NEW(&scratch, messages_editMessage);
	struct tl_messages_sendMessage *send = send_query(f, "example.com", 1);
	union tl_reply reply;

	send->has_schedule_date = true;
	send->schedule_date = (int32_t)f->now_s + 60;
	assert_true(ask(f, ANNA, 227, &send->o, &reply));
	edit->id = TL_AS(updateMessageID, TL_AS(updates, reply.object)->updates.at[0])->id;
	edit->peer = send->peer;
	edit->has_schedule_date = true;
	edit->schedule_date = send->schedule_date;
	edit->message = send->message;
	edit->no_webpage = true;
	/* Something changed: only so is it accepted. */
	assert_true(ask(f, ANNA, 227, &edit->o, &reply));
	TURNED_DOWN(f, edit, "MESSAGE_NOT_MODIFIED");
}

static void test_replies_in_both_generations(void **state)
{
	struct fixture *f = *state;
	struct tl_messages_sendMessage *query = send_query(f, "question", 1);
	struct tl_inputReplyToMessage *reply_to = TL_NEW(&scratch, inputReplyToMessage);
	const struct tl_message *message;
	union tl_reply reply;
	uint32_t count;

	assert_true(ask(f, ANNA, 227, &query->o, &reply));
	reply_to->reply_to_msg_id =
		TL_AS(updateMessageID, TL_AS(updates, reply.object)->updates.at[0])->id;
	query = send_query(f, "new form", 2);
	query->reply_to = &reply_to->o;
	assert_true(ask(f, ANNA, 227, &query->o, &reply));
	message = history_top(f, 227, &count);
	assert_true(TL_AS(messageReplyHeader, message->reply_to)->reply_to_msg_id > 0);
	query = send_query(f, "old form", 3);
	query->reply_to_msg_id = reply_to->reply_to_msg_id;
	query->has_reply_to_msg_id = true;
	assert_true(ask(f, ANNA, 152, &query->o, &reply));
	message = history_top(f, 152, &count);
	assert_true(bytes_equal_str(message->message, "old form"));
	assert_true(TL_AS(messageReplyHeader, message->reply_to)->reply_to_msg_id > 0);
}

static void test_an_access_hash_is_its_viewers_own(void **state)
{
	struct fixture *f = *state;
	struct tl_messages_sendMessage *query = send_query(f, "x", 1);
	const struct tl_message *note;
	union tl_reply reply;

	query->peer = pair_peer(f, budi, budi);
	assert_false(ask(f, ANNA, 227, &query->o, &reply));
	assert_string_equal(f->call.fault.text, "PEER_ID_INVALID");
	query->peer = &TL_NEW(&scratch, inputPeerEmpty)->o;
	assert_false(ask(f, ANNA, 227, &query->o, &reply));
	query->peer = &TL_NEW(&scratch, inputPeerSelf)->o;
	assert_true(ask(f, ANNA, 227, &query->o, &reply));
	note = TL_AS(message,
		TL_AS(updateNewMessage, TL_AS(updates, reply.object)->updates.at[1])->message);
	assert_int_equal(TL_AS(peerUser, note->saved_peer_id)->user_id, anna);
}

/* What clients ask at their start, as a new account and with one chat, in every layer. */
static void test_the_start_of_a_client(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < LAYERS; i++) {
		struct tl_messages_getDialogs *dialogs = TL_NEW(&scratch, messages_getDialogs);
		struct tl_messages_getPinnedDialogs *pinned =
			TL_NEW(&scratch, messages_getPinnedDialogs);
		struct tl_updates_getDifference *catch_up = TL_NEW(&scratch, updates_getDifference);
		const struct tl_messages_dialogs *list;
		const struct tl_dialog *dialog;
		union tl_reply reply;
		struct tl_updates_state *before;
		const struct tl_updates_difference *difference;

		/* What changed just now is told once too often rather than once too seldom. */
		f->now_s += 120;
		assert_true(
			ask(f, BUDI, layers[i], &TL_NEW(&scratch, updates_getState)->o, &reply));
		before = TL_AS(updates_state, reply.object);
		assert_true(before->pts > 0);
		assert_int_equal(before->seq, 0);
		catch_up->pts = before->pts;
		catch_up->date = before->date;
		assert_true(ask(f, BUDI, layers[i], &catch_up->o, &reply));
		assert_non_null(TL_AS(updates_differenceEmpty, reply.object));
		assert_true(ask(f, ANNA, 227, &send_query(f, "hello", (int64_t)i + 1)->o, &reply));
		assert_true(ask(f, BUDI, layers[i], &catch_up->o, &reply));
		difference = TL_AS(updates_difference, reply.object);
		assert_non_null(difference);
		assert_int_equal(difference->new_messages.count, 1);
		assert_int_equal(difference->users.count, 1);
		assert_int_equal(TL_AS(updates_state, difference->state)->pts, before->pts + 1);

		dialogs->offset_date = 2146999999;
		dialogs->offset_id = INT32_MAX;
		dialogs->offset_peer = &TL_NEW(&scratch, inputPeerEmpty)->o;
		dialogs->limit = 20;
		assert_true(ask(f, BUDI, layers[i], &dialogs->o, &reply));
		list = TL_AS(messages_dialogs, reply.object);
		assert_non_null(list);
		assert_int_equal(list->dialogs.count, 2); /* and the service's */
		assert_int_equal(list->messages.count, 2);
		dialog = TL_AS(dialog, list->dialogs.at[0]);
		assert_int_equal(dialog->unread_count, i + 1);
		assert_non_null(dialog->notify_settings);
		/* The next page, as TDLib asks for it: the last line's peer without its hash. */
		dialogs->offset_date = TL_AS(message, list->messages.at[0])->date;
		dialogs->offset_id = dialog->top_message;
		dialogs->offset_peer = pair_peer(f, budi, anna);
		TL_AS(inputPeerUser, dialogs->offset_peer)->access_hash = 0;
		assert_true(ask(f, BUDI, layers[i], &dialogs->o, &reply));
		assert_int_equal(TL_AS(messages_dialogsSlice, reply.object)->dialogs.count, 1);
		assert_true(ask(f, BUDI, layers[i], &pinned->o, &reply));
		assert_int_equal(TL_AS(messages_peerDialogs, reply.object)->dialogs.count, 0);
		assert_true(ask(f, BUDI, layers[i], &TL_NEW(&scratch, messages_getDialogFilters)->o,
			&reply));
	}
}

static void test_messages_by_id_keep_their_places(void **state)
{
	struct fixture *f = *state;
	struct tl_messages_getMessages *query = TL_NEW(&scratch, messages_getMessages);
	const struct tl_messages_messages *messages;
	const int32_t asked[] = {77, 0, 78};
	union tl_reply reply;
	int32_t id;

	assert_true(ask(f, ANNA, 227, &send_query(f, "hello", 1)->o, &reply));
	id = TL_AS(updateMessageID, TL_AS(updates, reply.object)->updates.at[0])->id;
	query->id = tl_objects_new(&scratch, 3);
	for (uint32_t i = 0; i < 3; i++) {
		struct tl_inputMessageID *input = TL_NEW(&scratch, inputMessageID);

		input->id = asked[i] ? asked[i] : id;
		query->id.at[i] = &input->o;
	}
	assert_true(ask(f, ANNA, 227, &query->o, &reply));
	messages = TL_AS(messages_messages, reply.object);
	assert_int_equal(messages->messages.count, 3);
	assert_int_equal(TL_AS(messageEmpty, messages->messages.at[0])->id, 77);
	assert_int_equal(TL_AS(message, messages->messages.at[1])->id, id);
	assert_non_null(TL_AS(messageEmpty, messages->messages.at[2]));
}

/* ---- Push ---- */

static const struct tl_updates *pushed(struct fixture *f, const struct effect *effect, int64_t user,
	const char *country, int layer)
{
	struct push_viewer viewer = {.user = user,
		.layer = layer,
		.my.role = ROLE_MEMBER,
		.country = country,
		.vault = f->vault};
	struct tl_reader reader;
	struct buf out;
	struct tl_object *object = NULL;

	buf_init(&out, 0);
	if (api_push(effect, &viewer, &scratch, &out)) {
		assert_false(out.failed);
		tl_reader_init(&reader, arena_bytes(&scratch, buf_bytes(&out)), 1 << 20);
		object = tl_read_object(&reader, &scratch, TL_TYPE_ANY);
		assert_int_equal(tl_reader_finish(&reader), 0);
		assert_non_null(object);
	} else {
		assert_int_equal(buf_size(&out), 0);
	}
	buf_release(&out);
	return TL_AS(updates, object);
}

static void test_push_of_a_private_message(void **state)
{
	struct fixture *f = *state;
	union tl_reply reply;

	assert_true(ask(f, ANNA, 227, &send_query(f, "hello", 1)->o, &reply));
	for (size_t i = 0; i < LAYERS; i++) {
		const struct effect *effect = fixture_effect(f, EFFECT_ACCOUNT, budi);
		const struct tl_updates *updates = pushed(f, effect, budi, "ID", layers[i]);
		const struct tl_updateNewMessage *update =
			TL_AS(updateNewMessage, updates->updates.at[0]);

		assert_int_equal(updates->seq, 0);
		assert_true(bytes_equal_str(TL_AS(message, update->message)->message, "hello"));
		assert_int_equal(updates->users.count, 1);
	}
}

static struct channel group;

/* A message of Anna's in a group, as her call would tell it. */
static struct effect group_effect(struct arena *arena)
{
	struct message *message = ARENA_NEW(arena, struct message);
	struct update *update = ARENA_NEW(arena, struct update);
	struct user *users = arena_array(arena, 2, sizeof(*users));

	group = (struct channel){.id = 1000000001,
		.in_square = true,
		.title = B("Group"),
		.username = B("group_one")};
	*message = (struct message){.id = 7,
		.peer = {PEER_CHANNEL, group.id},
		.from = {PEER_USER, anna},
		.author = anna,
		.out = true,
		.date_s = 1795000000,
		.text = BYTES_LITERAL("hi all")};
	*update = (struct update){.kind = UPDATE_NEW_POST,
		.pts = 9,
		.pts_count = 1,
		.peer = {PEER_CHANNEL, group.id},
		.message = message};
	users[0] = (struct user){.id = anna,
		.is_self = true,
		.first_name = BYTES_LITERAL("Anna"),
		.phone = BYTES_LITERAL("628110001")};
	users[1] = (struct user){
		.id = 5, .is_contact = true, .first_name = BYTES_LITERAL("My secret name")};
	return (struct effect){.kind = EFFECT_CHANNEL,
		.channel = group.id,
		.shared = &group,
		.set = {.updates = update, .update_count = 1, .users = users, .user_count = 2}};
}

static void test_push_in_a_group_is_each_viewers_own(void **state)
{
	struct fixture *f = *state;
	struct effect effect = group_effect(&scratch);
	const struct tl_updates *updates = pushed(f, &effect, budi, "ID", 227);
	const struct tl_updateNewChannelMessage *update =
		TL_AS(updateNewChannelMessage, updates->updates.at[0]);
	const struct tl_user *author;

	assert_false(TL_AS(message, update->message)->out);
	assert_int_equal(update->pts, 9);
	/* The author without number, as a stranger; the author's contact not at all. */
	assert_int_equal(updates->users.count, 1);
	author = TL_AS(user, updates->users.at[0]);
	assert_true(author->min && !author->self && !author->contact);
	/* It names her, and is not the one that comes with the whole of her. */
	fixture_call(f, BUDI);
	assert_true(user_hash_is_right(&f->call, anna, author->access_hash));
	assert_int_not_equal(
		author->access_hash, vault_access_hash(f->vault, budi, PEER_USER, anna));
	assert_null(author->phone.data);
	assert_int_equal(updates->chats.count, 1);
	assert_int_equal(TL_AS(channel, updates->chats.at[0])->access_hash,
		vault_access_hash(f->vault, budi, PEER_CHANNEL, group.id));

	updates = pushed(f, &effect, anna, "ID", 227);
	update = TL_AS(updateNewChannelMessage, updates->updates.at[0]);
	assert_true(TL_AS(message, update->message)->out);
}

/* A client that is told of a forbidden channel throws away the chat and what it still sends there.
 */
static void test_push_says_nothing_of_private_channels_named_in_it(void **state)
{
	struct fixture *f = *state;
	struct effect effect = group_effect(&scratch);
	struct channel private = {.id = 1000000002, .broadcast = true},
		       public = {.id = 1000000003, .in_square = true, .title = B("Public")};
	struct channel_view others[] = {
		{.channel = &private, .my.role = ROLE_BANNED}, {.channel = &public}};
	const struct tl_updates *updates;
	const struct tl_channel *named;

	effect.set.channels = others;
	effect.set.channel_count = ARRAY_LEN(others);
	updates = pushed(f, &effect, budi, "ID", 227);
	assert_int_equal(updates->chats.count, 2);
	named = TL_AS(channel, updates->chats.at[1]);
	assert_int_equal(named->id, public.id);
	assert_true(named->min);
}

/* A post that is hidden in some countries says nothing: each asks for what is his. */
static void test_push_of_what_differs_by_country(void **state)
{
	struct fixture *f = *state;
	struct effect effect = group_effect(&scratch);

	effect.set.updates[0].message->by_country = true;
	for (size_t i = 0; i < LAYERS; i++) {
		const struct tl_updates *updates = pushed(f, &effect, budi, "ID", layers[i]);
		const struct tl_updateChannelTooLong *behind =
			TL_AS(updateChannelTooLong, updates->updates.at[0]);

		assert_int_equal(updates->updates.count, 1);
		assert_non_null(behind);
		assert_int_equal(behind->channel_id, group.id);
		assert_int_equal(behind->pts, 9);
	}
}

static void test_push_of_a_labelled_post(void **state)
{
	struct fixture *f = *state;
	struct effect effect = group_effect(&scratch);

	effect.set.updates[0].message->label = B("Careful");
	group.restriction.label = B("Beware");
	for (size_t i = 0; i < LAYERS; i++) {
		const struct tl_updates *updates = pushed(f, &effect, budi, "ID", layers[i]);
		const struct tl_updateNewChannelMessage *update =
			TL_AS(updateNewChannelMessage, updates->updates.at[0]);
		const struct tl_message *post = TL_AS(message, update->message);
		const struct tl_channel *channel = TL_AS(channel, updates->chats.at[0]);
		const struct tl_restrictionReason *reason;

		assert_true(bytes_equal_str(post->message, "hi all"));
		assert_int_equal(post->restriction_reason.count, 1);
		reason = TL_AS(restrictionReason, post->restriction_reason.at[0]);
		assert_true(bytes_equal_str(reason->reason, "sensitive"));
		assert_true(bytes_equal_str(reason->text, "Careful"));
		assert_int_equal(channel->restriction_reason.count, 1);
		reason = TL_AS(restrictionReason, channel->restriction_reason.at[0]);
		assert_true(bytes_equal_str(reason->reason, "sensitive"));
		assert_true(bytes_equal_str(reason->text, "Beware"));
	}
}

static void test_push_keeps_to_restrictions(void **state)
{
	struct fixture *f = *state;
	struct effect effect = group_effect(&scratch);
	const struct tl_updates *updates;
	const struct tl_channel *channel;

	group.restriction = (struct restriction){.countries = BYTES_LITERAL("DE"),
		.text = BYTES_LITERAL("Not here"),
		.reason = BYTES_LITERAL("law")};
	assert_null(pushed(f, &effect, budi, "DE", 227));
	assert_non_null(pushed(f, &effect, budi, "ID", 227));
	effect = (struct effect){
		.kind = EFFECT_CHANNEL_CHANGED, .channel = group.id, .shared = &group};
	for (size_t i = 0; i < LAYERS; i++) {
		updates = pushed(f, &effect, budi, "DE", layers[i]);
		assert_non_null(TL_AS(updateChannel, updates->updates.at[0]));
		channel = TL_AS(channel, updates->chats.at[0]);
		assert_true(channel->restricted);
		assert_int_equal(channel->restriction_reason.count, 1);
	}
	updates = pushed(f, &effect, budi, "ID", 227);
	assert_false(TL_AS(channel, updates->chats.at[0])->restricted);
}

/* The same effect for one viewer after the other, as a network thread does it. */
static void compare_pushes(struct fixture *f, const struct effect *effect, int layer, bool reused)
{
	const struct push_viewer viewers[] = {
		{.user = anna, .my.role = ROLE_CREATOR, .country = "ID"},
		{.user = budi, .my.role = ROLE_MEMBER, .country = "ID"},
		{.user = budi + 1, .my.role = ROLE_MEMBER, .country = "DE"},
		{.user = budi, .my.role = ROLE_MEMBER, .country = ""}};
	struct push_copy copy = {0};

	for (size_t i = 0; i < ARRAY_LEN(viewers); i++) {
		struct push_viewer viewer = viewers[i];
		struct buf alone = {0};
		bool any;

		viewer.layer = layer;
		viewer.vault = f->vault;
		any = api_push(effect, &viewer, &scratch, &alone);
		assert_int_equal(any, api_push_next(&copy, effect, &viewer, &scratch).data != NULL);
		if (any)
			assert_true(bytes_equal(buf_bytes(&alone), buf_bytes(&copy.bytes)));
		buf_release(&alone);
	}
	assert_int_equal(copy.reusable, reused);
	push_copy_release(&copy);
}

static void test_push_next_gives_what_push_gives(void **state)
{
	struct fixture *f = *state;
	struct effect effect = group_effect(&scratch);
	struct message *message = effect.set.updates[0].message;
	int64_t hashes[2] = {vault_access_hash(f->vault, budi, PEER_CHANNEL, group.id),
		vault_access_hash(f->vault, anna, PEER_CHANNEL, group.id)};

	for (size_t i = 0; i < LAYERS; i++)
		compare_pushes(f, &effect, layers[i], false);
	/* A broadcast, whose bytes are used again; also if its text holds viewers' hashes. */
	effect.set.user_count = 0;
	group.broadcast = true;
	message->from = message->peer;
	message->text = bytes_of(hashes, sizeof(hashes));
	for (size_t i = 0; i < LAYERS; i++)
		compare_pushes(f, &effect, layers[i], true);
	group.restriction = (struct restriction){
		.countries = BYTES_LITERAL("DE"), .text = BYTES_LITERAL("Not here")};
	compare_pushes(f, &effect, 227, false);
}

static void test_nothing_is_pushed_for_the_servers_own_effects(void **state)
{
	struct fixture *f = *state;
	static const enum effect_kind kinds[] = {
		EFFECT_MEMBER, EFFECT_LOGIN, EFFECT_LOGOUT, EFFECT_CODE, EFFECT_ACCOUNT};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct effect effect = {.kind = kinds[i]};

		assert_null(pushed(f, &effect, budi, "ID", 227));
	}
}

#define T(test) cmocka_unit_test_setup_teardown(test, pair_setup, pair_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_a_message_through_every_layer),
		T(test_a_page_begins_at_the_id_within_one_second),
		T(test_replies_in_both_generations),
		T(test_an_access_hash_is_its_viewers_own),
		T(test_the_start_of_a_client),
		T(test_nothing_repeats_by_itself),
		T(test_a_scheduled_preview_can_be_taken_away),
		T(test_messages_by_id_keep_their_places),
		T(test_push_of_a_private_message),
		T(test_push_in_a_group_is_each_viewers_own),
		T(test_push_says_nothing_of_private_channels_named_in_it),
		T(test_push_of_what_differs_by_country),
		T(test_push_of_a_labelled_post),
		T(test_push_keeps_to_restrictions),
		T(test_push_next_gives_what_push_gives),
		T(test_nothing_is_pushed_for_the_servers_own_effects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
