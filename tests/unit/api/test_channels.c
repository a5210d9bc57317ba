/* SPDX-License-Identifier: Apache-2.0 */
/* api/channels*.c, names.c, updates_channel.c: what clients get, and that every answer can be
 * encoded in every layer and decoded again. */
#include "../core/channels_fixture.h"
#include "layered.h"

#include "api/encode_channel.h"
#include "core/posts/orders.h"

static void create_answers_as_clients_need_it(void **state)
{
	struct fixture *f = *state;
	struct tl_channels_createChannel *req;
	struct tl_updates *updates;
	struct tl_channel *channel;
	union tl_reply reply, back;
	int counts[3] = {0};

	channels_people(f);
	fixture_call(f, OWNER_KEY);
	req = REQUEST(channels_createChannel);
	req->broadcast = true;
	req->title = B("News");
	req->about = B("daily");
	RUN(channels_createChannel, req);
	layered_read(&f->arena, TL_channels_createChannel, &reply, 227, &back);
	updates = TL_AS(updates, back.object);
	for (uint32_t i = 0; i < updates->updates.count; i++) {
		counts[0] += TL_AS(updateMessageID, updates->updates.at[i]) != NULL;
		counts[1] += TL_AS(updateNewChannelMessage, updates->updates.at[i]) != NULL;
		counts[2] += TL_AS(updateChannel, updates->updates.at[i]) != NULL;
	}
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], 1);
	assert_int_equal(counts[2], 1);
	channel = TL_AS(channel, updates->chats.at[0]);
	assert_true(channel->creator && channel->broadcast && !channel->megagroup);
	assert_non_null(TL_AS(chatAdminRights, channel->admin_rights));
	assert_int_equal(channel->participants_count, 1);
	assert_true(bytes_equal(channel->title, B("News")));
	assert_null(channel->username.data);

	fixture_call(f, OWNER_KEY);
	req = REQUEST(channels_createChannel);
	req->broadcast = req->megagroup = true;
	REFUSED(channels_createChannel, req, 400, "CHANNEL_TYPE_INVALID");

	/* TDLib's way to ask for a forum. */
	fixture_call(f, OWNER_KEY);
	req = REQUEST(channels_createChannel);
	req->for_import = true;
	req->title = B("Rooms");
	RUN(channels_createChannel, req);
	layered_read(&f->arena, TL_channels_createChannel, &reply, 227, &back);
	channel = TL_AS(channel, TL_AS(updates, back.object)->chats.at[0]);
	assert_true(channel->megagroup && channel->forum && !channel->broadcast);
}

static void a_foreign_access_hash_opens_nothing(void **state)
{
	struct fixture *f = *state;
	struct tl_channels_getFullChannel *req;
	struct tl_inputChannel *stolen;
	struct people people = channels_people(f);
	union tl_reply reply;
	int64_t id;

	id = channels_make(f, "News", true);
	channels_name(f, id, "newsroom");
	fixture_call(f, OWNER_KEY);
	req = REQUEST(channels_getFullChannel);
	req->channel = layered_channel(f, id);
	RUN(channels_getFullChannel, req);
	fixture_call(f, GERMAN_KEY);
	req = REQUEST(channels_getFullChannel);
	stolen = REQUEST(inputChannel);
	stolen->channel_id = id;
	stolen->access_hash = vault_access_hash(f->vault, people.owner, PEER_CHANNEL, id);
	req->channel = &stolen->o;
	REFUSED(channels_getFullChannel, req, 400, "CHANNEL_INVALID");
	fixture_call(f, GERMAN_KEY);
	req = REQUEST(channels_getFullChannel);
	req->channel = &TL_NEW(&f->arena, inputChannelEmpty)->o;
	REFUSED(channels_getFullChannel, req, 400, "CHANNEL_INVALID");
}

static void full_shows_members_to_admins_only(void **state)
{
	struct fixture *f = *state;
	struct tl_channels_getFullChannel *req;
	struct tl_channelFull *full;
	union tl_reply reply;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "News", true);
	channels_name(f, id, "newsroom");
	channels_join(f, GERMAN_KEY, id);
	channels_post(f, OWNER_KEY, id, "one");
	for (uint64_t key = OWNER_KEY; key <= GERMAN_KEY; key++) {
		fixture_call(f, key);
		req = REQUEST(channels_getFullChannel);
		req->channel = layered_channel(f, id);
		RUN(channels_getFullChannel, req);
		full = TL_AS(channelFull, TL_AS(messages_chatFull, reply.object)->full_chat);
		assert_int_equal(full->can_view_participants, key == OWNER_KEY);
		assert_int_equal(full->participants_count, 2);
		assert_int_equal(full->unread_count, key == OWNER_KEY ? 0 : 1);
		assert_true(bytes_equal(full->about, B("about it")));
	}
}

static void join_is_unwrapped_for_older_layers(void **state)
{
	struct fixture *f = *state;
	struct tl_channels_joinChannel *req;
	union tl_reply reply, back;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "News", true);
	channels_name(f, id, "newsroom");
	fixture_call(f, GERMAN_KEY);
	req = REQUEST(channels_joinChannel);
	req->channel = layered_channel(f, id);
	RUN(channels_joinChannel, req);
	layered_read(&f->arena, TL_channels_joinChannel, &reply, 227, &back);
	assert_non_null(TL_AS(messages_chatInviteJoinResultOk, back.object));
	layered_read(&f->arena, TL_channels_joinChannel, &reply, 221, &back);
	assert_non_null(TL_AS(updates, back.object));
	assert_false(TL_AS(channel, TL_AS(updates, back.object)->chats.at[0])->left);
}

static void names_resolve_in_any_case(void **state)
{
	struct fixture *f = *state;
	struct tl_contacts_resolveUsername *req;
	struct tl_contacts_search *search;
	struct tl_contacts_resolvedPeer *resolved;
	union tl_reply reply;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "News", true);
	channels_name(f, id, "NewsRoom");
	fixture_call(f, GERMAN_KEY);
	req = REQUEST(contacts_resolveUsername);
	req->username = B("NEWSROOM");
	RUN(contacts_resolveUsername, req);
	resolved = TL_AS(contacts_resolvedPeer, reply.object);
	assert_int_equal(TL_AS(peerChannel, resolved->peer)->channel_id, id);
	assert_true(bytes_equal(TL_AS(channel, resolved->chats.at[0])->username, B("NewsRoom")));
	assert_true(TL_AS(channel, resolved->chats.at[0])->left);
	fixture_call(f, GERMAN_KEY);
	req = REQUEST(contacts_resolveUsername);
	req->username = B("nobody_here");
	REFUSED(contacts_resolveUsername, req, 400, "USERNAME_NOT_OCCUPIED");
	fixture_call(f, GERMAN_KEY);
	search = REQUEST(contacts_search);
	search->q = B("news");
	search->limit = 10;
	RUN(contacts_search, search);
	assert_int_equal(TL_AS(contacts_found, reply.object)->results.count, 1);
}

static void messages_come_in_the_order_asked(void **state)
{
	struct fixture *f = *state;
	struct tl_channels_getMessages *req;
	struct tl_messages_channelMessages *messages;
	static const int32_t ids[] = {2, 77, 1};
	union tl_reply reply;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "News", true);
	channels_post(f, OWNER_KEY, id, "one");
	fixture_call(f, OWNER_KEY);
	req = REQUEST(channels_getMessages);
	req->channel = layered_channel(f, id);
	req->id = tl_objects_new(&f->arena, 3);
	for (int i = 0; i < 3; i++) {
		struct tl_inputMessageID *by_id = REQUEST(inputMessageID);

		by_id->id = ids[i];
		req->id.at[i] = &by_id->o;
	}
	RUN(channels_getMessages, req);
	messages = TL_AS(messages_channelMessages, reply.object);
	assert_int_equal(messages->messages.count, 3);
	assert_true(bytes_equal(TL_AS(message, messages->messages.at[0])->message, B("one")));
	assert_true(TL_AS(message, messages->messages.at[0])->post);
	assert_int_equal(TL_AS(messageEmpty, messages->messages.at[1])->id, 77);
	assert_non_null(TL_AS(messageService, messages->messages.at[2]));
}

static void differences_of_all_kinds_encode(void **state)
{
	struct fixture *f = *state;
	struct tl_updates_getChannelDifference *req;
	struct tl_updates_channelDifference *part;
	union tl_reply reply;
	int64_t id;
	static const int32_t pts[] = {3, 2, 1};

	channels_people(f);
	id = channels_make(f, "News", true); /* pts 2 */
	channels_name(f, id, "newsroom");
	/* The events so far are too old to be kept. */
	db_run(store_square(&f->store), "DELETE FROM channel_events WHERE channel = ?1",
		DB_INT(id));
	assert_int_equal(store_commit(&f->store), 0);
	channels_post(f, OWNER_KEY, id, "one");
	for (size_t i = 0; i < ARRAY_LEN(pts); i++) {
		fixture_call(f, GERMAN_KEY);
		req = REQUEST(updates_getChannelDifference);
		req->channel = layered_channel(f, id);
		req->pts = pts[i];
		req->limit = 10;
		RUN(updates_getChannelDifference, req);
		if (i == 0)
			assert_non_null(TL_AS(updates_channelDifferenceEmpty, reply.object));
		if (i == 1) {
			part = TL_AS(updates_channelDifference, reply.object);
			assert_true(part->final);
			assert_int_equal(part->pts, 3);
			assert_int_equal(part->new_messages.count, 1);
		}
		if (i == 2)
			assert_int_equal(
				TL_AS(dialog, TL_AS(updates_channelDifferenceTooLong, reply.object)
						      ->dialog)
					->top_message,
				2);
	}
}

static void restricted_channels_carry_the_text(void **state)
{
	struct fixture *f = *state;
	struct tl_channels_getChannels *req;
	struct tl_channels_getFullChannel *full;
	struct tl_messages_getMessagesViews *views;
	struct tl_restrictionReason *reason;
	struct tl_channel *channel;
	struct executed_orders done;
	union tl_reply reply, back;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "News", true);
	channels_name(f, id, "newsroom");
	db_run(store_square(&f->store),
		"INSERT INTO orders (id, case_id, channel, post, action, countries, text, reason,"
		" letter, created_at) VALUES (1, 1, ?1, 0, 'restrict', 'DE', 'Not shown.', 'fraud',"
		" 'Why.', 1)",
		DB_INT(id));
	assert_int_equal(fixture_end(f, orders_execute(fixture_call(f, 99), &done)), 0);
	for (uint64_t key = GERMAN_KEY; key <= INDONESIAN_KEY; key++) {
		fixture_call(f, key);
		req = REQUEST(channels_getChannels);
		req->id = tl_objects_new(&f->arena, 1);
		req->id.at[0] = layered_channel(f, id);
		RUN(channels_getChannels, req);
		layered_read(&f->arena, TL_channels_getChannels, &reply, 152, &back);
		channel = TL_AS(channel, TL_AS(messages_chats, back.object)->chats.at[0]);
		assert_int_equal(channel->restricted, key == GERMAN_KEY);
		if (key != GERMAN_KEY)
			continue;
		reason = TL_AS(restrictionReason, channel->restriction_reason.at[0]);
		assert_true(bytes_equal(reason->platform, B("all")));
		assert_true(bytes_equal(reason->reason, B("fraud")));
		assert_true(bytes_equal(reason->text, B("Not shown.")));
	}
	fixture_call(f, GERMAN_KEY);
	full = REQUEST(channels_getFullChannel);
	full->channel = layered_channel(f, id);
	REFUSED(channels_getFullChannel, full, 400, "CHAT_RESTRICTED");
	fixture_call(f, GERMAN_KEY);
	views = REQUEST(messages_getMessagesViews);
	views->peer = layered_channel_peer(f, id);
	REFUSED(messages_getMessagesViews, views, 400, "CHAT_RESTRICTED");
}

static void who_cannot_be_invited_is_named(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	struct tl_channels_inviteToChannel *req;
	struct tl_messages_invitedUsers *invited;
	struct tl_inputUser *user;
	union tl_reply reply, back;
	int64_t id = channels_make(f, "Group", false);

	fixture_call(f, OWNER_KEY);
	req = REQUEST(channels_inviteToChannel);
	req->channel = layered_channel(f, id);
	req->users = tl_objects_new(&f->arena, 1);
	user = REQUEST(inputUser);
	user->user_id = people.german;
	user->access_hash = vault_access_hash(f->vault, people.owner, PEER_USER, people.german);
	req->users.at[0] = &user->o;
	RUN(channels_inviteToChannel, req);
	invited = TL_AS(messages_invitedUsers, reply.object);
	assert_int_equal(invited->missing_invitees.count, 1);
	assert_int_equal(
		TL_AS(missingInvitee, invited->missing_invitees.at[0])->user_id, people.german);
	layered_read(&f->arena, TL_channels_inviteToChannel, &reply, 158, &back);
	assert_non_null(TL_AS(updates, back.object));
}

static void a_page_of_the_chat_list_begins_after_a_peer_without_hash(void **state)
{
	struct fixture *f = *state;
	struct tl_messages_getDialogs *req;
	struct tl_inputPeerChannel *offset;
	const struct tl_messages_dialogsSlice *page;
	union tl_reply reply;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "News", true);
	fixture_call(f, OWNER_KEY);
	req = REQUEST(messages_getDialogs);
	req->limit = 10;
	req->offset_date = (int32_t)f->now_s;
	req->offset_id = 1;
	offset = REQUEST(inputPeerChannel);
	offset->channel_id = id;
	req->offset_peer = &offset->o;
	RUN(messages_getDialogs, req);
	page = TL_AS(messages_dialogsSlice, reply.object);
	/* The service's chat of the same second, with the same message id, comes before. */
	assert_int_equal(page->dialogs.count, 0);
	assert_int_equal(page->count, 2);
}

static void participants_encode(void **state)
{
	struct fixture *f = *state;
	struct tl_channels_getParticipants *req;
	struct tl_channels_channelParticipants *page;
	struct tl_messages_getMessagesViews *views;
	union tl_reply reply;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Group", false);
	channels_name(f, id, "group_one");
	channels_join(f, GERMAN_KEY, id);
	channels_post(f, GERMAN_KEY, id, "hello");
	fixture_call(f, GERMAN_KEY);
	req = REQUEST(channels_getParticipants);
	req->channel = layered_channel(f, id);
	req->filter = &TL_NEW(&f->arena, channelParticipantsRecent)->o;
	req->limit = 10;
	RUN(channels_getParticipants, req);
	page = TL_AS(channels_channelParticipants, reply.object);
	assert_int_equal(page->count, 2);
	assert_non_null(TL_AS(channelParticipantCreator, page->participants.at[0]));
	assert_non_null(TL_AS(channelParticipantSelf, page->participants.at[1]));
	assert_int_equal(page->users.count, 2);
	fixture_call(f, GERMAN_KEY);
	req = REQUEST(channels_getParticipants);
	req->channel = layered_channel(f, id);
	req->filter = &TL_NEW(&f->arena, channelParticipantsBots)->o;
	req->limit = 10;
	RUN(channels_getParticipants, req);
	assert_int_equal(TL_AS(channels_channelParticipants, reply.object)->count, 0);
	fixture_call(f, GERMAN_KEY);
	views = REQUEST(messages_getMessagesViews);
	views->peer = layered_channel_peer(f, id);
	views->id.count = 1;
	views->id.at = arena_array(&f->arena, 1, sizeof(int32_t));
	views->id.at[0] = 2;
	RUN(messages_getMessagesViews, views);
	assert_int_equal(TL_AS(messages_messageViews, reply.object)->views.count, 1);
}

static void views_come_with_the_answers_and_who_gave_them(void **state)
{
	struct fixture *f = *state;
	struct message answer = {.text = B("answer"), .random_id = 5};
	const struct tl_messages_messageViews *seen;
	struct tl_messages_getMessagesViews *views;
	const struct tl_messageReplies *replies;
	struct people people = channels_people(f);
	int64_t id = channels_make(f, "Group", false);
	union tl_reply reply;
	struct update_set sent;

	channels_name(f, id, "group_one");
	channels_join(f, GERMAN_KEY, id);
	answer.reply_to = channels_post(f, OWNER_KEY, id, "question");
	assert_int_equal(
		fixture_end(f, channel_post_send(fixture_call(f, GERMAN_KEY), id, &answer, &sent)),
		0);
	fixture_call(f, OWNER_KEY);
	views = REQUEST(messages_getMessagesViews);
	views->peer = layered_channel_peer(f, id);
	views->id.count = 2;
	views->id.at = arena_array(&f->arena, 2, sizeof(int32_t));
	views->id.at[0] = answer.reply_to;
	views->id.at[1] = 99;
	RUN(messages_getMessagesViews, views);
	seen = TL_AS(messages_messageViews, reply.object);
	assert_null(TL_AS(messageViews, seen->views.at[1])->replies);
	replies = TL_AS(messageReplies, TL_AS(messageViews, seen->views.at[0])->replies);
	assert_int_equal(replies->replies, 1);
	assert_int_equal(replies->max_id, answer.id);
	assert_int_equal(TL_AS(peerUser, replies->recent_repliers.at[0])->user_id, people.german);
	assert_int_equal(seen->users.count, 1);
	assert_int_equal(TL_AS(user, seen->users.at[0])->id, people.german);
	assert_int_equal(seen->chats.count, 1);
}

/* Of a group, where voters may be named. */
static int32_t poll_in(struct fixture *f, int64_t channel)
{
	struct poll_option options[] = {
		{.text = B("Yes"), .option = B("y")}, {.text = B("No"), .option = B("n")}};
	struct poll poll = {.question = B("Shall we?"),
		.options = options,
		.option_count = 2,
		.public_voters = true};
	struct media media = {.kind = MEDIA_POLL, .poll_view = &poll};
	struct message draft = {.media = &media, .random_id = 77};
	struct update_set sent;

	assert_int_equal(fixture_end(f, channel_post_send(fixture_call(f, OWNER_KEY), channel,
						&draft, &sent)),
		0);
	return draft.id;
}

static void votes_in_a_group_encode(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false);
	const struct tl_updateMessagePoll *update;
	struct tl_messages_getPollVotes *list;
	const struct tl_messages_votesList *page;
	struct tl_messages_sendVote *vote;
	const struct tl_updates *updates;
	const struct tl_pollResults *results;
	union tl_reply reply;
	int32_t post;

	channels_name(f, id, "group_one");
	channels_join(f, GERMAN_KEY, id);
	post = poll_in(f, id);
	fixture_call(f, GERMAN_KEY);
	vote = REQUEST(messages_sendVote);
	vote->peer = layered_channel_peer(f, id);
	vote->msg_id = post;
	vote->options.count = 1;
	vote->options.at = ARENA_NEW(&f->arena, struct bytes);
	vote->options.at[0] = B("n");
	RUN(messages_sendVote, vote);
	updates = TL_AS(updates, reply.object);
	update = TL_AS(updateMessagePoll, updates->updates.at[0]);
	results = TL_AS(pollResults, update->results);
	assert_int_equal(update->msg_id, post);
	assert_int_equal(TL_AS(peerChannel, update->peer)->channel_id, id);
	assert_false(results->min);
	assert_true(TL_AS(pollAnswerVoters, results->results.at[1])->chosen);
	assert_int_equal(updates->chats.count, 1);

	fixture_call(f, GERMAN_KEY);
	list = REQUEST(messages_getPollVotes);
	list->peer = layered_channel_peer(f, id);
	list->id = post;
	list->limit = 10;
	RUN(messages_getPollVotes, list);
	page = TL_AS(messages_votesList, reply.object);
	assert_int_equal(page->count, 1);
	assert_int_equal(TL_AS(user, page->users.at[0])->id, people.german);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(create_answers_as_clients_need_it),
		T(a_foreign_access_hash_opens_nothing),
		T(full_shows_members_to_admins_only),
		T(join_is_unwrapped_for_older_layers),
		T(names_resolve_in_any_case),
		T(messages_come_in_the_order_asked),
		T(differences_of_all_kinds_encode),
		T(restricted_channels_carry_the_text),
		T(who_cannot_be_invited_is_named),
		T(a_page_of_the_chat_list_begins_after_a_peer_without_hash),
		T(participants_encode),
		T(views_come_with_the_answers_and_who_gave_them),
		T(votes_in_a_group_encode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
