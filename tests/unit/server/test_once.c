/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replay (E11): packets that a client really sent are sent again, byte for byte, on the same
 * connection and on another, 299 seconds later, after kill -9 and a restart, after a reboot, and
 * after the clock stepped back a minute. None has a second effect, and where the answer is known it
 * is given again.
 */
#include "live.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/home_calls.h"

#define PHONE "6281234567890"
#define SENT_MAX 32
#define QUIET_MS 60 /* no answer after that: it was only acknowledged */

struct world {
	struct live live;
	struct tester tester;
	struct sent sent[SENT_MAX];
	const char *names[SENT_MAX];
	size_t count;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	live_init(&w->live);
	live_start(&w->live);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < w->count; i++)
		sent_release(&w->sent[i]);
	live_release(&w->live);
	free(w);
	return 0;
}

static struct sent *remember(struct world *w, const char *name)
{
	assert_true(w->count < SENT_MAX);
	w->names[w->count] = name;
	return &w->sent[w->count++];
}

static void call(struct world *w, const struct tl_object *query, const char *name)
{
	if (tester_call(&w->tester, query, remember(w, name)) != 0)
		fail_msg("%s was refused: %s", name, tester_fault());
}

/* ---- What is done once ---- */

static void log_in(struct world *w)
{
	struct bytes hash = tester_ask_code(&w->tester, PHONE, remember(w, "sendCode"));
	char code[8], wrong[8];

	assert_non_null(hash.data);
	snprintf(code, sizeof(code), "%s", live_code(&w->live, PHONE));
	snprintf(wrong, sizeof(wrong), "%s", code);
	wrong[0] = wrong[0] == '0' ? '1' : '0';
	assert_int_equal(
		tester_sign_in(&w->tester, PHONE, hash, wrong, remember(w, "signIn, wrong")), 400);
	assert_string_equal(tester_fault(), "PHONE_CODE_INVALID");
	assert_int_equal(tester_sign_in(&w->tester, PHONE, hash, code, remember(w, "signIn")), 0);
	assert_int_equal(tester_name(&w->tester, PHONE, hash, remember(w, "signUp")), 0);
}

static struct tl_inputChannel make_channel(struct world *w)
{
	const struct tl_channels_createChannel create = {.o.name = TL_channels_createChannel,
		.broadcast = true,
		.title = BYTES_LITERAL("Gamelan"),
		.about = BYTES_LITERAL("")};
	const struct tl_updates *answer;
	const struct tl_channel *channel;

	call(w, &create.o, "createChannel");
	answer = TL_AS(updates, tester_reply(&w->tester, TL_channels_createChannel).object);
	assert_non_null(answer);
	channel = TL_AS(channel, answer->chats.at[0]);
	assert_non_null(channel);
	return (struct tl_inputChannel){.o.name = TL_inputChannel,
		.channel_id = channel->id,
		.access_hash = channel->access_hash};
}

static int32_t send_text(
	struct world *w, const struct tl_object *peer, const char *text, int64_t random_id)
{
	const struct tl_messages_sendMessage query = {.o.name = TL_messages_sendMessage,
		.peer = (struct tl_object *)peer,
		.message = bytes_from_str(text),
		.random_id = random_id};
	const struct tl_updates *answer;
	const struct tl_updateMessageID *id;

	call(w, &query.o, text);
	answer = TL_AS(updates, tester_reply(&w->tester, TL_messages_sendMessage).object);
	assert_non_null(answer);
	id = TL_AS(updateMessageID, answer->updates.at[0]);
	assert_non_null(id);
	return id->id;
}

static void do_everything(struct world *w)
{
	const struct tl_inputPeerSelf self = {.o.name = TL_inputPeerSelf};
	struct tl_inputPhoneContact contact = {.o.name = TL_inputPhoneContact,
		.phone = BYTES_LITERAL("6281300000001"),
		.first_name = BYTES_LITERAL("Nobody"),
		.last_name = BYTES_LITERAL("")};
	struct tl_object *contact_at = &contact.o;
	struct tl_contacts_importContacts import = {
		.o.name = TL_contacts_importContacts, .contacts = {.at = &contact_at, .count = 1}};
	struct tl_inputChannel channel;
	struct tl_inputPeerChannel peer = {.o.name = TL_inputPeerChannel};
	struct tl_channels_editTitle title = {.o.name = TL_channels_editTitle,
		.channel = &channel.o,
		.title = BYTES_LITERAL("Angklung")};
	struct tl_account_updateProfile profile = {
		.o.name = TL_account_updateProfile, .about = BYTES_LITERAL("about")};
	struct tl_messages_deleteMessages delete = {.o.name = TL_messages_deleteMessages};
	struct tl_channels_deleteMessages delete_post = {
		.o.name = TL_channels_deleteMessages, .channel = &channel.o};
	int32_t id;

	tester_open(&w->tester, &w->live);
	log_in(w);
	call(w, &profile.o, "updateProfile");
	call(w, &import.o, "importContacts");
	channel = make_channel(w);
	peer.channel_id = channel.channel_id;
	peer.access_hash = channel.access_hash;
	call(w, &title.o, "editTitle");
	send_text(w, &self.o, "sendMessage, stays", 11);
	id = send_text(w, &self.o, "sendMessage, deleted", 12);
	delete.id.at = &id;
	delete.id.count = 1;
	call(w, &delete.o, "deleteMessages");
	send_text(w, &peer.o, "post, stays", 13);
	id = send_text(w, &peer.o, "post, deleted", 14);
	delete_post.id.at = &id;
	delete_post.id.count = 1;
	call(w, &delete_post.o, "channels.deleteMessages");
}

/* ---- And again ---- */

/* must_answer: each is answered as it was before, or, where that is gone with the message, refused
 * as sent already. */
static void replay_all(struct world *w, struct tester *by, const char *when, bool must_answer)
{
	for (size_t i = 0; i < w->count; i++) {
		uint64_t before = live_fingerprint(&w->live);
		struct sent *sent = &w->sent[i], again;
		bool gone = strstr(w->names[i], ", deleted") != NULL, same;

		tester_replay(by, sent, &again, must_answer ? 10000 : QUIET_MS);
		if (live_fingerprint(&w->live) != before)
			fail_msg("%s: %s had a second effect", when, w->names[i]);
		if (must_answer && !again.answered)
			fail_msg("%s: %s was not answered, %d %d", when, w->names[i],
				(int)again.refused, (int)by->failed);
		same = again.code == sent->code && strcmp(again.text, sent->text) == 0 &&
		       bytes_equal(buf_bytes(&again.answer), buf_bytes(&sent->answer));
		if (must_answer && gone)
			same = strcmp(again.text, "RANDOM_ID_DUPLICATE") == 0;
		/* What a post looks like now (its edits, the channel's title) may be told anew. */
		if (must_answer && !same && strstr(w->names[i], ", stays"))
			same = again.code == 0;
		if (must_answer && !same)
			fail_msg("%s: %s was answered otherwise: %d %s", when, w->names[i],
				(int)again.code, again.text);
		sent_release(&again);
	}
}

static void replay_from_elsewhere(struct world *w, const char *when, bool must_answer)
{
	struct tester other;

	tester_open_known(&other, &w->live, &w->tester, true);
	replay_all(w, &other, when, must_answer);
	tester_close(&other);
}

/* Of the first packet. */
static int64_t age_s(struct world *w)
{
	return clock_unix_s(&w->live.clock) - (int64_t)(w->sent[0].msg_id >> 32);
}

static void a_replayed_packet_has_no_second_effect(void **state)
{
	struct world *w = *state;

	do_everything(w);
	replay_all(w, &w->tester, "at once", false);
	replay_from_elsewhere(w, "on another connection", false);
	live_kill(&w->live);
	live_start(&w->live);
	replay_from_elsewhere(w, "after kill -9", true);
	replay_from_elsewhere(w, "after kill -9, and again", false);
	live_kill(&w->live);
	live_forget_kept(&w->live);
	live_start(&w->live);
	replay_from_elsewhere(w, "after a reboot", true);
	live_stop(&w->live);
	live_start(&w->live);
	replay_from_elsewhere(w, "after a clean stop", true);
	live_step_clock(&w->live, 100);
	live_step_clock(&w->live, -60);
	replay_from_elsewhere(w, "after the clock stepped back", false);
	live_kill(&w->live);
	live_start(&w->live);
	replay_from_elsewhere(w, "after the clock stepped back, and kill -9", true);
	/* As old as a packet may be. */
	live_step_clock(&w->live, 290 - age_s(w));
	live_kill(&w->live);
	live_start(&w->live);
	replay_from_elsewhere(w, "nearly 300 s old", true);
	/* And beyond: refused for its age. */
	live_step_clock(&w->live, 300);
	replay_from_elsewhere(w, "much older", false);
	tester_close(&w->tester);
	assert_int_equal(live_count(&w->live, "SELECT tries FROM login_codes WHERE tries > 0"), -1);
}

/* What was done under one login is done, whoever is logged in on the key later. */
static void the_record_stays_when_the_login_changes(void **state)
{
	const struct tl_auth_logOut log_out = {.o.name = TL_auth_logOut};
	struct world *w = *state;

	do_everything(w);
	call(w, &log_out.o, "logOut");
	live_kill(&w->live);
	live_start(&w->live);
	replay_from_elsewhere(w, "logged out", false);
	tester_close(&w->tester);
}

/* Eight keys try at once: as many tries count as a code has, each once, and none again when its
 * packet comes again after a restart. */
static void tries_count_once_each(void **state)
{
	enum { KEYS = 8, TRIES = 5 };
	struct world *w = *state;
	struct tester testers[KEYS];
	struct bytes hash;
	char code[8], wrong[8];
	int refused = 0;

	for (int i = 0; i < KEYS; i++)
		tester_open(&testers[i], &w->live);
	hash = tester_ask_code(&testers[0], PHONE, NULL);
	snprintf(code, sizeof(code), "%s", live_code(&w->live, PHONE));
	snprintf(wrong, sizeof(wrong), "%s", code);
	wrong[0] = wrong[0] == '0' ? '1' : '0';
	for (int i = 0; i < KEYS; i++) {
		const struct tl_auth_signIn query = {.o.name = TL_auth_signIn,
			.phone_number = BYTES_LITERAL(PHONE),
			.phone_code_hash = hash,
			.phone_code = bytes_from_str(wrong)};

		tester_post(&testers[i], &query.o, remember(w, "signIn, wrong"));
	}
	for (int i = 0; i < KEYS; i++) {
		assert_int_equal(tester_take(&testers[i], &w->sent[i]), 400);
		refused += strcmp(tester_fault(), "PHONE_CODE_EXPIRED") == 0;
	}
	assert_int_equal(refused, KEYS - TRIES);
	assert_int_equal(live_count(&w->live, "SELECT sum(tries) FROM login_codes"), TRIES);
	/* Not even the right one: the code is used up. */
	assert_int_equal(tester_sign_in(&testers[0], PHONE, hash, code, NULL), 400);
	assert_string_equal(tester_fault(), "PHONE_CODE_EXPIRED");
	live_kill(&w->live);
	live_start(&w->live);
	for (int i = 0; i < KEYS; i++) {
		struct tester other;
		struct sent again;

		tester_open_known(&other, &w->live, &testers[i], true);
		tester_replay(&other, &w->sent[i], &again, 10000);
		assert_true(again.answered);
		assert_string_equal(again.text, w->sent[i].text);
		sent_release(&again);
		tester_close(&other);
	}
	assert_int_equal(live_count(&w->live, "SELECT sum(tries) FROM login_codes"), TRIES);
	for (int i = 0; i < KEYS; i++)
		tester_close(&testers[i]);
}

/* A client that saw the ids of a process drops what comes under the same ids from the next: its
 * calls then wait for ever. The clock stands: nothing but the data says what was given out. */
static void ids_rise_over_starts_that_follow_at_once(void **state)
{
	enum { STARTS = 6 };
	const struct tl_help_getConfig config = {.o.name = TL_help_getConfig};
	struct world *w = *state;
	struct tester first;
	uint64_t newest;

	live_freeze_clock(&w->live);
	tester_open(&first, &w->live);
	assert_int_equal(tester_call(&first, &config.o, NULL), 0);
	newest = first.client.newest_id;
	for (int i = 0; i < STARTS; i++) {
		struct tester next;

		live_kill(&w->live);
		live_forget_kept(&w->live);
		live_start(&w->live);
		tester_open_known(&next, &w->live, &first, true);
		assert_int_equal(tester_call(&next, &config.o, NULL), 0);
		assert_true(next.client.oldest_id > newest);
		/* A client bears what is half a minute ahead of its time. */
		assert_true(
			(int64_t)(next.client.newest_id >> 32) < clock_unix_s(&w->live.clock) + 15);
		newest = next.client.newest_id;
		tester_close(&next);
	}
	tester_close(&first);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_replayed_packet_has_no_second_effect),
		TEST(the_record_stays_when_the_login_changes),
		TEST(tries_count_once_each),
		TEST(ids_rise_over_starts_that_follow_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
