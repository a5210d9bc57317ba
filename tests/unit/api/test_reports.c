/* SPDX-License-Identifier: Apache-2.0 */
/* api/reports.c, stats.c, stats_graph.c: the menu of a report step by step, the reasons of older
 * layers, and graphs as clients draw them. */
#include "../core/channels_fixture.h"
#include "layered.h"

#include <jansson.h>

#include "api/encode_channel.h"
#include "core/posts/post_views.h"
#include "core/channels/channel_stats.h"
#include "core/channels/reports.h"

static struct tl_object *member(struct fixture *f, int64_t id)
{
	const struct tl_inputUser *user = TL_AS(inputUser, layered_user(f, id));
	struct tl_inputPeerUser *peer = REQUEST(inputPeerUser);

	peer->user_id = user->user_id;
	peer->access_hash = user->access_hash;
	return &peer->o;
}

static void offer(struct fixture *f)
{
	const struct square_report_category rows[] = {
		{B("terrorism"), B("Terrorist content"), B("UU 5/2018 | Directive")},
		{B("spam"), B("Spam"), B("")},
		{B("illegal"), B("Other"), B("")},
	};

	for (int i = 0; i < 3; i++)
		square_report_category_insert(store_square(&f->store), i, "", &rows[i]);
	assert_int_equal(store_commit(&f->store), 0);
}

static int64_t public_channel(struct fixture *f, bool broadcast)
{
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Public", broadcast);
	channels_name(f, id, "public_one");
	return id;
}

static struct tl_messages_report *step(
	struct fixture *f, int64_t channel, struct bytes option, const char *words)
{
	struct tl_messages_report *req;

	fixture_call(f, GERMAN_KEY);
	req = REQUEST(messages_report);
	req->peer = layered_channel_peer(f, channel);
	req->option = option;
	req->message = B(words);
	req->reason = &REQUEST(inputReportReasonOther)->o;
	return req;
}

/* The option at the place, of a menu of so many; kept. */
static struct bytes choose(const union tl_reply *reply, uint32_t at, uint32_t count)
{
	const struct tl_reportResultChooseOption *menu =
		TL_AS(reportResultChooseOption, reply->object);

	assert_non_null(menu);
	assert_true(menu->title.size > 0);
	assert_int_equal(menu->options.count, count);
	return layered_keep(TL_AS(messageReportOption, menu->options.at[at])->option);
}

static int64_t reports(struct fixture *f, const char *category, const char *law)
{
	int64_t count = db_get_int(store_square(&f->store), -1,
		"SELECT count(*) FROM reports WHERE category = ?1 AND law = ?2", DB_STR(category),
		DB_STR(law));

	assert_int_equal(store_commit(&f->store), 0);
	return count;
}

static void the_menu_step_by_step(void **state)
{
	struct fixture *f = *state;
	const struct tl_reportResultAddComment *ask;
	struct tl_messages_report *req;
	union tl_reply reply;
	struct bytes option, bad;
	int64_t id = public_channel(f, true);

	req = step(f, id, B(""), "");
	REFUSED(messages_report, req, 500, "REPORTS_UNAVAILABLE");
	offer(f);
	req = step(f, id, B(""), "");
	RUN(messages_report, req);
	option = choose(&reply, 0, 3);
	req = step(f, id, option, "");
	RUN(messages_report, req);
	option = choose(&reply, 1, 3); /* two laws, and none of them */
	req = step(f, id, option, "");
	RUN(messages_report, req);
	option = choose(&reply, 0, 1);
	req = step(f, id, option, "");
	RUN(messages_report, req);
	ask = TL_AS(reportResultAddComment, reply.object);
	assert_non_null(ask);
	assert_true(ask->optional);
	option = layered_keep(ask->option);
	assert_int_equal(reports(f, "terrorism", "Directive"), 0);
	req = step(f, id, option, "words");
	RUN(messages_report, req);
	assert_non_null(TL_AS(reportResultReported, reply.object));
	assert_int_equal(reports(f, "terrorism", "Directive"), 1);
	/* Each option stands for itself: what was changed in between is seen. */
	for (size_t i = 0; i < option.size; i++) {
		bad = bytes_of(memcpy(malloc(option.size), option.data, option.size), option.size);
		((uint8_t *)(uintptr_t)bad.data)[i] ^= 0x80;
		req = step(f, id, bad, "");
		REFUSED(messages_report, req, 400, "OPTION_INVALID");
		free((void *)(uintptr_t)bad.data);
	}
	req = step(f, id, B("w"), "");
	REFUSED(messages_report, req, 400, "OPTION_INVALID");
	req = step(f, id, B("hspam"), "");
	REFUSED(messages_report, req, 400, "OPTION_INVALID");
}

static void the_home_has_a_menu_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct tl_messages_report *req;
	union tl_reply reply;
	struct bytes option;
	int64_t id = public_channel(f, false);

	offer(f);
	channels_join(f, GERMAN_KEY, id);
	channels_name(f, id, "");
	req = step(f, id, B(""), "");
	RUN(messages_report, req);
	option = choose(&reply, 1, 2);
	req = step(f, id, B("wspam\n"), "");
	REFUSED(messages_report, req, 400, "OPTION_INVALID");
	req = step(f, id, option, "");
	RUN(messages_report, req);
	assert_non_null(TL_AS(reportResultReported, reply.object));
	assert_int_equal(reports(f, "spam", ""), 0);
}

static void reasons_become_categories(void **state)
{
	struct fixture *f = *state;
	struct tl_account_reportPeer *peer;
	struct tl_messages_reportSpam *spam;
	struct tl_channels_reportSpam *by_admin;
	struct tl_inputPeerChannel *peer_channel;
	struct tl_messages_report *old;
	union tl_reply reply;
	struct arena arena;
	int64_t id = public_channel(f, false), german;
	int32_t post;

	offer(f);
	fixture_call(f, GERMAN_KEY);
	german = f->call.user;
	spam = REQUEST(messages_reportSpam);
	spam->peer = layered_channel_peer(f, id);
	RUN(messages_reportSpam, spam);
	assert_int_equal(reports(f, "spam", ""), 1);
	fixture_call(f, INDONESIAN_KEY);
	peer = REQUEST(account_reportPeer);
	peer->peer = layered_channel_peer(f, id);
	peer->reason = &REQUEST(inputReportReasonPornography)->o; /* the SOP has none such */
	RUN(account_reportPeer, peer);
	assert_int_equal(reports(f, "illegal", ""), 1);
	channels_join(f, GERMAN_KEY, id);
	post = channels_post(f, GERMAN_KEY, id, "buy this");
	fixture_call(f, OWNER_KEY);
	by_admin = REQUEST(channels_reportSpam);
	by_admin->channel = layered_channel(f, id);
	by_admin->participant = member(f, german);
	by_admin->id = (struct tl_ints){1, &post};
	RUN(channels_reportSpam, by_admin);
	assert_int_equal(reports(f, "spam", ""), 2);
	arena_init(&arena);
	fixture_call(f, GERMAN_KEY);
	peer_channel = TL_NEW(&arena, inputPeerChannel);
	peer_channel->channel_id = id;
	peer_channel->access_hash = channel_access_hash(&f->call, id);
	old = TL_NEW(&arena, messages_report);
	old->peer = &peer_channel->o;
	old->id = (struct tl_ints){1, &post};
	old->reason = &TL_NEW(&arena, inputReportReasonOther)->o;
	old->message = B("words");
	assert_true(layered_ask(f, GERMAN_KEY, 160, &old->o, &arena, &reply));
	arena_release(&arena);
	assert_int_equal(reports(f, "illegal", ""), 2);
}

static json_t *graph(struct tl_object *object)
{
	const struct tl_statsGraph *drawn = TL_AS(statsGraph, object);
	struct bytes data;
	json_t *root;

	assert_non_null(drawn);
	data = TL_AS(dataJSON, drawn->json)->data;
	root = json_loadb((const char *)data.data, data.size, 0, NULL);
	assert_non_null(root);
	return root;
}

static void large(struct fixture *f, int64_t id)
{
	channels_join(f, GERMAN_KEY, id);
	home_member_counts_add(store_home(&f->store), id, STATS_MEMBERS_MIN);
	assert_int_equal(store_commit(&f->store), 0);
}

static void a_channels_graphs_can_be_drawn(void **state)
{
	struct fixture *f = *state;
	struct tl_channels_getFullChannel *get;
	struct tl_stats_getBroadcastStats *req;
	struct tl_stats_loadAsyncGraph *load;
	struct tl_stats_broadcastStats *stats;
	const struct tl_channelFull *full;
	int64_t id = public_channel(f, true);
	union tl_reply reply;
	struct bytes token;
	json_t *root;

	large(f, id);
	channels_post(f, OWNER_KEY, id, "one");
	f->now_s += 86400;
	channels_post(f, OWNER_KEY, id, "two");
	fixture_call(f, OWNER_KEY);
	get = REQUEST(channels_getFullChannel);
	get->channel = layered_channel(f, id);
	RUN(channels_getFullChannel, get);
	full = TL_AS(channelFull, TL_AS(messages_chatFull, reply.object)->full_chat);
	assert_true(full->can_view_stats && full->stats_dc > 0);
	fixture_call(f, OWNER_KEY);
	req = REQUEST(stats_getBroadcastStats);
	req->channel = layered_channel(f, id);
	RUN(stats_getBroadcastStats, req);
	stats = TL_AS(stats_broadcastStats, reply.object);
	assert_int_equal(stats->recent_posts_interactions.count, 2);
	root = graph(stats->followers_graph);
	assert_int_equal(json_array_size(json_object_get(root, "columns")), 3);
	assert_int_equal(
		json_array_size(json_array_get(json_object_get(root, "columns"), 0)), 1 + 2);
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(root, "types"), "x")), "x");
	assert_non_null(json_object_get(json_object_get(root, "names"), "y1"));
	assert_non_null(json_object_get(json_object_get(root, "colors"), "y1"));
	json_decref(root);
	assert_non_null(TL_AS(statsGraphError, stats->languages_graph));
	token = layered_keep(TL_AS(statsGraphAsync, stats->interactions_graph)->token);
	fixture_call(f, OWNER_KEY);
	load = REQUEST(stats_loadAsyncGraph);
	load->token = token;
	RUN(stats_loadAsyncGraph, load);
	root = graph(reply.object);
	assert_int_equal(json_integer_value(json_array_get(
				 json_array_get(json_object_get(root, "columns"), 1), 1)),
		1);
	json_decref(root);
	/* A token is its account's own. */
	fixture_call(f, GERMAN_KEY);
	load = REQUEST(stats_loadAsyncGraph);
	load->token = token;
	REFUSED(stats_loadAsyncGraph, load, 400, "GRAPH_INVALID_RELOAD");
	fixture_call(f, OWNER_KEY);
	load = REQUEST(stats_loadAsyncGraph);
	load->token = B("0.1.2x");
	REFUSED(stats_loadAsyncGraph, load, 400, "GRAPH_INVALID_RELOAD");
}

static void a_groups_people_are_named(void **state)
{
	struct fixture *f = *state;
	struct tl_stats_getMegagroupStats *req;
	const struct tl_stats_megagroupStats *stats;
	int64_t id = public_channel(f, false);
	union tl_reply reply;

	large(f, id);
	channels_post(f, GERMAN_KEY, id, "four");
	fixture_call(f, OWNER_KEY);
	req = REQUEST(stats_getMegagroupStats);
	req->channel = layered_channel(f, id);
	RUN(stats_getMegagroupStats, req);
	stats = TL_AS(stats_megagroupStats, reply.object);
	assert_int_equal(stats->top_posters.count, 1);
	assert_int_equal(TL_AS(statsGroupTopPoster, stats->top_posters.at[0])->avg_chars, 4);
	assert_int_equal(stats->users.count, 1);
	json_decref(graph(stats->growth_graph));
	assert_non_null(TL_AS(statsGraphAsync, stats->messages_graph));
}

static void a_posts_graph_and_forwards(void **state)
{
	struct fixture *f = *state;
	struct tl_stats_getMessageStats *req;
	struct tl_stats_getMessagePublicForwards *list;
	int64_t id = public_channel(f, true);
	struct message views;
	int32_t post;
	union tl_reply reply;

	large(f, id);
	post = channels_post(f, OWNER_KEY, id, "one");
	assert_int_equal(fixture_end(f, channel_views_count(fixture_call(f, GERMAN_KEY), id, &post,
						1, true, &views)),
		0);
	post_views_flush(fixture_call(f, OWNER_KEY), f->env.views);
	assert_int_equal(fixture_end(f, 0), 0);
	fixture_call(f, OWNER_KEY);
	req = REQUEST(stats_getMessageStats);
	req->channel = layered_channel(f, id);
	req->msg_id = post;
	RUN(stats_getMessageStats, req);
	json_decref(graph(TL_AS(stats_messageStats, reply.object)->views_graph));
	fixture_call(f, OWNER_KEY);
	list = REQUEST(stats_getMessagePublicForwards);
	list->channel = layered_channel(f, id);
	list->msg_id = post;
	list->limit = 10;
	RUN(stats_getMessagePublicForwards, list);
	assert_int_equal(TL_AS(stats_publicForwards, reply.object)->count, 0);
	fixture_call(f, OWNER_KEY);
	list = REQUEST(stats_getMessagePublicForwards);
	list->channel = layered_channel(f, id);
	list->msg_id = post;
	list->offset = B("x");
	REFUSED(stats_getMessagePublicForwards, list, 400, "OFFSET_INVALID");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)
		TEST(the_menu_step_by_step),
		TEST(the_home_has_a_menu_of_its_own),
		TEST(reasons_become_categories),
		TEST(a_channels_graphs_can_be_drawn),
		TEST(a_groups_people_are_named),
		TEST(a_posts_graph_and_forwards),
	};

	return cmocka_run_group_tests_name("api/reports", tests, NULL, NULL);
}
