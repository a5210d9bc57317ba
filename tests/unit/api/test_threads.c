/* SPDX-License-Identifier: Apache-2.0 */
/* api/threads.c, topics.c, messages_attention.c, messages_search.c: threads and topics as clients
 * of every layer name and get them. */
#include "../core/channels_fixture.h"
#include "layered.h"

#include "core/posts/topics.h"

struct forum {
	struct people people;
	int64_t id;
	int32_t topic, question, answer;
};

/* Gerd asks in a topic and is answered there. */
static struct forum make_forum(struct fixture *f)
{
	const struct topic_change plain = {0};
	struct message draft = {.text = B("who knows?"), .random_id = 8};
	struct forum m = {.people = channels_people(f)};
	struct update_set answer;
	struct call *call;

	m.id = channels_make(f, "Forum", false);
	channels_name(f, m.id, "a_forum");
	channels_join(f, GERMAN_KEY, m.id);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, m.id, true, false, &answer)), 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, topic_create(call, m.id, &plain, B("Weather"), 7, &answer)), 0);
	m.topic = draft.thread = answer.updates[1].message->id;
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, channel_post_send(call, m.id, &draft, &answer)), 0);
	m.question = draft.id;
	draft = (struct message){
		.text = B("it rains"), .thread = m.topic, .reply_to = m.question, .random_id = 9};
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_post_send(call, m.id, &draft, &answer)), 0);
	m.answer = draft.id;
	channels_post(f, OWNER_KEY, m.id, "it rains everywhere");
	return m;
}

static void topics_say_what_is_unread(void **state)
{
	struct fixture *f = *state;
	const struct forum m = make_forum(f);
	struct tl_messages_getForumTopicsByID *req;
	struct tl_messages_readMentions *read;
	const struct tl_forumTopic *topic;
	union tl_reply reply;

	for (int i = 0; i < 2; i++) {
		fixture_call(f, GERMAN_KEY);
		req = REQUEST(messages_getForumTopicsByID);
		req->peer = layered_channel_peer(f, m.id);
		req->topics.count = 1;
		req->topics.at = ARENA_NEW(&f->arena, int32_t);
		req->topics.at[0] = m.topic;
		RUN(messages_getForumTopicsByID, req);
		topic = TL_AS(forumTopic, TL_AS(messages_forumTopics, reply.object)->topics.at[0]);
		assert_int_equal(topic->id, m.topic);
		assert_int_equal(topic->top_message, m.answer);
		assert_int_equal(topic->unread_mentions_count, i ? 0 : 1);
		if (i)
			break;
		fixture_call(f, GERMAN_KEY);
		read = REQUEST(messages_readMentions);
		read->peer = layered_channel_peer(f, m.id);
		read->top_msg_id = m.topic;
		RUN(messages_readMentions, read);
		assert_int_equal(TL_AS(messages_affectedHistory, reply.object)->offset, 0);
	}
	fixture_call(f, GERMAN_KEY);
	read = REQUEST(messages_readMentions);
	read->peer = layered_channel_peer(f, m.id);
	read->top_msg_id = 99;
	REFUSED(messages_readMentions, read, 400, "MSG_ID_INVALID");
}

static struct tl_messages_search *search_in(
	struct fixture *f, const struct forum *m, int32_t topic, struct tl_object *filter)
{
	struct tl_messages_search *req = REQUEST(messages_search);

	req->peer = layered_channel_peer(f, m->id);
	req->has_top_msg_id = topic != 0;
	req->top_msg_id = topic;
	req->filter = filter;
	req->limit = 10;
	return req;
}

static void a_search_names_its_topic(void **state)
{
	struct fixture *f = *state;
	const struct forum m = make_forum(f);
	const struct tl_messages_channelMessages *found;
	struct tl_messages_getSearchCounters *count;
	struct tl_messages_search *req;
	union tl_reply reply;

	fixture_call(f, GERMAN_KEY);
	req = search_in(f, &m, m.topic, &REQUEST(inputMessagesFilterEmpty)->o);
	req->q = B("rains");
	RUN(messages_search, req);
	found = TL_AS(messages_channelMessages, reply.object);
	assert_int_equal(found->count, 1);
	assert_int_equal(TL_AS(message, found->messages.at[0])->id, m.answer);
	fixture_call(f, GERMAN_KEY);
	req = search_in(f, &m, 0, &REQUEST(inputMessagesFilterEmpty)->o);
	req->q = B("rains");
	RUN(messages_search, req);
	assert_int_equal(TL_AS(messages_channelMessages, reply.object)->count, 2);
	fixture_call(f, GERMAN_KEY);
	req = search_in(f, &m, 99, &REQUEST(inputMessagesFilterPinned)->o);
	REFUSED(messages_search, req, 400, "MSG_ID_INVALID");
	fixture_call(f, GERMAN_KEY);
	req = search_in(f, &m, 0, &REQUEST(inputMessagesFilterEmpty)->o);
	req->from_id = layered_channel_peer(f, m.id); /* nobody wrote in its name */
	RUN(messages_search, req);
	assert_int_equal(TL_AS(messages_channelMessages, reply.object)->count, 0);

	fixture_call(f, GERMAN_KEY);
	count = REQUEST(messages_getSearchCounters);
	count->peer = layered_channel_peer(f, m.id);
	count->has_top_msg_id = true;
	count->top_msg_id = m.topic;
	count->filters = tl_objects_new(&f->arena, 2);
	count->filters.at[0] = &REQUEST(inputMessagesFilterMyMentions)->o;
	count->filters.at[1] = &REQUEST(inputMessagesFilterPhotos)->o;
	RUN(messages_getSearchCounters, count);
	assert_int_equal(TL_AS(messages_searchCounter, reply.objects.at[0])->count, 1);
	assert_int_equal(TL_AS(messages_searchCounter, reply.objects.at[1])->count, 0);
}

static void days_of_a_channel_encode(void **state)
{
	struct fixture *f = *state;
	const struct forum m = make_forum(f);
	struct tl_messages_getSearchResultsPositions *positions;
	struct tl_messages_getSearchResultsCalendar *days;
	union tl_reply reply;

	fixture_call(f, GERMAN_KEY);
	days = REQUEST(messages_getSearchResultsCalendar);
	days->peer = layered_channel_peer(f, m.id);
	days->filter = &REQUEST(inputMessagesFilterMyMentions)->o;
	RUN(messages_getSearchResultsCalendar, days);
	assert_int_equal(TL_AS(messages_searchResultsCalendar, reply.object)->count, 1);
	assert_int_equal(TL_AS(messages_searchResultsCalendar, reply.object)->messages.count, 1);
	assert_int_equal(TL_AS(messages_searchResultsCalendar, reply.object)->chats.count, 1);
	fixture_call(f, GERMAN_KEY);
	positions = REQUEST(messages_getSearchResultsPositions);
	positions->peer = layered_channel_peer(f, m.id);
	positions->filter = &REQUEST(inputMessagesFilterMyMentions)->o;
	positions->limit = 10;
	RUN(messages_getSearchResultsPositions, positions);
	assert_int_equal(TL_AS(messages_searchResultsPositions, reply.object)->count, 1);
	assert_int_equal(
		TL_AS(searchResultPosition,
			TL_AS(messages_searchResultsPositions, reply.object)->positions.at[0])
			->msg_id,
		m.answer);
}

static void a_forum_is_seen_as_one_list(void **state)
{
	struct fixture *f = *state;
	const struct forum m = make_forum(f);
	struct tl_channels_toggleViewForumAsMessages *req;
	struct tl_channels_getFullChannel *full;
	struct tl_messages_getPeerDialogs *dialogs;
	struct tl_inputDialogPeer *dialog;
	const struct tl_updates *updates;
	union tl_reply reply;

	fixture_call(f, GERMAN_KEY);
	req = REQUEST(channels_toggleViewForumAsMessages);
	req->channel = layered_channel(f, m.id);
	req->enabled = true;
	RUN(channels_toggleViewForumAsMessages, req);
	updates = TL_AS(updates, reply.object);
	assert_true(TL_AS(updateChannelViewForumAsMessages, updates->updates.at[0])->enabled);
	fixture_call(f, GERMAN_KEY);
	full = REQUEST(channels_getFullChannel);
	full->channel = layered_channel(f, m.id);
	RUN(channels_getFullChannel, full);
	assert_true(TL_AS(channelFull, TL_AS(messages_chatFull, reply.object)->full_chat)
			->view_forum_as_messages);
	fixture_call(f, GERMAN_KEY);
	dialogs = REQUEST(messages_getPeerDialogs);
	dialog = REQUEST(inputDialogPeer);
	dialog->peer = layered_channel_peer(f, m.id);
	dialogs->peers = tl_objects_new(&f->arena, 1);
	dialogs->peers.at[0] = &dialog->o;
	RUN(messages_getPeerDialogs, dialogs);
	assert_true(TL_AS(dialog, TL_AS(messages_peerDialogs, reply.object)->dialogs.at[0])
			->view_forum_as_messages);
}

static void what_is_no_thread_is_refused(void **state)
{
	struct fixture *f = *state;
	const struct forum m = make_forum(f);
	struct tl_messages_createForumTopic *create;
	struct tl_messages_getForumTopics *topics;
	struct tl_messages_getReplies *replies;
	struct tl_messages_saveDraft *draft;
	struct tl_inputReplyToMessage *to;
	union tl_reply reply;

	fixture_call(f, OWNER_KEY);
	create = REQUEST(messages_createForumTopic);
	create->peer = layered_channel_peer(f, m.id);
	create->title = B("Storms");
	create->random_id = 10;
	create->title_missing = true;
	REFUSED(messages_createForumTopic, create, 400, "TOPIC_TITLE_EMPTY");
	fixture_call(f, OWNER_KEY);
	create = REQUEST(messages_createForumTopic);
	create->peer = layered_channel_peer(f, m.id);
	create->title = B("Storms");
	create->random_id = 10;
	create->send_as = layered_channel_peer(f, m.id);
	REFUSED(messages_createForumTopic, create, 400, "SEND_AS_PEER_INVALID");
	fixture_call(f, OWNER_KEY);
	topics = REQUEST(messages_getForumTopics);
	topics->peer = &REQUEST(inputPeerSelf)->o;
	REFUSED(messages_getForumTopics, topics, 400, "CHANNEL_FORUM_MISSING");
	fixture_call(f, OWNER_KEY);
	replies = REQUEST(messages_getReplies);
	replies->peer = &REQUEST(inputPeerSelf)->o;
	replies->msg_id = 1;
	REFUSED(messages_getReplies, replies, 400, "PEER_ID_INVALID");
	fixture_call(f, OWNER_KEY);
	draft = REQUEST(messages_saveDraft);
	draft->peer = layered_channel_peer(f, m.id);
	draft->message = B("half of a");
	to = REQUEST(inputReplyToMessage);
	to->top_msg_id = 99;
	to->has_top_msg_id = true;
	draft->reply_to = &to->o;
	REFUSED(messages_saveDraft, draft, 400, "MSG_ID_INVALID");
}

static void a_part_of_what_has_none_is_refused(void **state)
{
	struct fixture *f = *state;
	const struct forum m = make_forum(f);
	struct tl_messages_getUnreadReactions *unread;
	struct tl_messages_unpinAllMessages *unpin;
	struct tl_messages_readReactions *reactions;
	struct tl_messages_readMentions *mentions;
	union tl_reply reply;

	fixture_call(f, OWNER_KEY);
	mentions = REQUEST(messages_readMentions);
	mentions->peer = &REQUEST(inputPeerSelf)->o;
	mentions->top_msg_id = 1;
	REFUSED(messages_readMentions, mentions, 400, "MSG_ID_INVALID");
	fixture_call(f, OWNER_KEY);
	unread = REQUEST(messages_getUnreadReactions);
	unread->peer = layered_channel_peer(f, m.id);
	unread->saved_peer_id = &REQUEST(inputPeerSelf)->o;
	REFUSED(messages_getUnreadReactions, unread, 400, "PEER_ID_INVALID");
	fixture_call(f, OWNER_KEY);
	reactions = REQUEST(messages_readReactions);
	reactions->peer = layered_channel_peer(f, m.id);
	reactions->saved_peer_id = &REQUEST(inputPeerSelf)->o;
	REFUSED(messages_readReactions, reactions, 400, "PEER_ID_INVALID");
	fixture_call(f, OWNER_KEY);
	unpin = REQUEST(messages_unpinAllMessages);
	unpin->peer = layered_channel_peer(f, m.id);
	unpin->saved_peer_id = &REQUEST(inputPeerSelf)->o;
	REFUSED(messages_unpinAllMessages, unpin, 400, "PEER_ID_INVALID");
	fixture_call(f, OWNER_KEY);
	unpin = REQUEST(messages_unpinAllMessages);
	unpin->peer = &REQUEST(inputPeerSelf)->o;
	unpin->has_top_msg_id = true;
	unpin->top_msg_id = 1;
	REFUSED(messages_unpinAllMessages, unpin, 400, "MSG_ID_INVALID");
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(topics_say_what_is_unread),
		T(a_search_names_its_topic),
		T(days_of_a_channel_encode),
		T(a_forum_is_seen_as_one_list),
		T(what_is_no_thread_is_refused),
		T(a_part_of_what_has_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
