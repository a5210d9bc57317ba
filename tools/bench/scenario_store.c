/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long looking takes on a data folder that is full (tests/bulk makes one): the server starts on
 * it, some of its accounts log in, and one after the other asks for its chat list, for pages of a
 * history at several depths, for what it missed, for words. Nothing else runs: what is read is the
 * time of one call, and whether it grows with what is stored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/mem.h"
#include "bench/bench.h"

#define SECOND_CHAT 2	/* in the list, from 0: what the account looks into */
#define MISSED 50	/* events */
#define FAR_BACK_ID 500 /* of the box: years ago */
#define HALF_SPAN_S (3 * 365 * 86400 / 2)

enum ask {
	ASK_DIALOGS,
	ASK_TOP,
	ASK_MIDDLE,
	ASK_FAR,
	ASK_DATE,
	ASK_STATE,
	ASK_MISSED,
	ASK_WORD,
	ASK_COUNT
};

static const char *const names[ASK_COUNT] = {
	[ASK_DIALOGS] = "getDialogs, 20 chats",
	[ASK_TOP] = "getHistory, newest 50",
	[ASK_MIDDLE] = "getHistory, 50 in the middle",
	[ASK_FAR] = "getHistory, 50 of years ago",
	[ASK_DATE] = "getHistory, 50 by date",
	[ASK_STATE] = "getState",
	[ASK_MISSED] = "getDifference, 50 events",
	[ASK_WORD] = "search, a word that is nowhere",
};

struct looker {
	struct account *account;
	struct tl_inputPeerUser peer;
	int32_t top_id, pts;
	int64_t asked_us, rounds_left;
};

struct run {
	struct stage stage;
	struct histogram took[ASK_COUNT];
	int64_t rounds, start_us;
	struct looker looker; /* one at a time */
};

static struct run *run_of(struct account *account)
{
	return (struct run *)((char *)account->fleet - offsetof(struct run, stage.fleet));
}

/* ---- Answers ---- */

static const struct tl_user *user_by_id(const struct tl_objects *users, int64_t id)
{
	for (uint32_t i = 0; i < users->count; i++) {
		const struct tl_user *user = TL_AS(user, users->at[i]);

		if (user && user->id == id)
			return user;
	}
	return NULL;
}

/* The chat that will be looked into. */
static bool take_dialogs(struct looker *l, const struct tl_object *object)
{
	const struct tl_messages_dialogsSlice *slice = TL_AS(messages_dialogsSlice, object);
	const struct tl_messages_dialogs *whole = TL_AS(messages_dialogs, object);
	const struct tl_objects *dialogs = slice ? &slice->dialogs : whole ? &whole->dialogs : NULL;
	const struct tl_dialog *dialog;
	const struct tl_peerUser *peer;
	const struct tl_user *user;

	if (!dialogs || dialogs->count <= SECOND_CHAT)
		return false;
	dialog = TL_AS(dialog, dialogs->at[SECOND_CHAT]);
	peer = dialog ? TL_AS(peerUser, dialog->peer) : NULL;
	user = peer ? user_by_id(slice ? &slice->users : &whole->users, peer->user_id) : NULL;
	if (!user)
		return false;
	l->peer = (struct tl_inputPeerUser){
		.o.name = TL_inputPeerUser, .user_id = user->id, .access_hash = user->access_hash};
	l->top_id = dialog->top_message;
	return true;
}

static uint32_t message_count(const struct tl_object *object)
{
	const struct tl_messages_messagesSlice *slice = TL_AS(messages_messagesSlice, object);
	const struct tl_messages_messages *whole = TL_AS(messages_messages, object);

	return slice ? slice->messages.count : whole ? whole->messages.count : 0;
}

static bool take(struct looker *l, enum ask ask, const struct tl_object *object)
{
	const struct tl_updates_state *state;
	const struct tl_updates_difference *missed;

	switch (ask) {
	case ASK_DIALOGS:
		return take_dialogs(l, object);
	case ASK_TOP:
		return message_count(object) > 0;
	case ASK_STATE:
		state = TL_AS(updates_state, object);
		l->pts = state ? state->pts : 0;
		return state != NULL;
	case ASK_MISSED:
		missed = TL_AS(updates_difference, object);
		return missed && missed->new_messages.count > 0;
	case ASK_MIDDLE:
	case ASK_FAR:
	case ASK_DATE:
	case ASK_WORD:
	case ASK_COUNT:
		break;
	}
	return true;
}

/* ---- Asking ---- */

static void ask_next(struct looker *l, enum ask ask);

static void on_answer(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = peer->owner;
	struct run *run = run_of(account);
	struct looker *l = &run->looker;
	enum ask ask = (enum ask)tag;

	if (!fleet_answered(peer, answer, names[ask]))
		return;
	histogram_add(&run->took[ask], now_us() - l->asked_us);
	if (!take(l, ask, answer->reply.object)) {
		peers_fail(peer->peers, "%s: not what the folder holds", names[ask]);
		return;
	}
	if (ask + 1 < ASK_COUNT) {
		ask_next(l, (enum ask)(ask + 1));
	} else if (--l->rounds_left > 0) {
		ask_next(l, ASK_DIALOGS);
	} else {
		peer_flush_acks(peer);
		fleet_step_done(account->fleet);
	}
}

static void ask_history(struct looker *l, enum ask ask)
{
	struct tl_messages_getHistory query = {
		.o.name = TL_messages_getHistory, .peer = &l->peer.o, .limit = 50};

	if (ask == ASK_MIDDLE)
		query.offset_id = l->top_id / 2;
	else if (ask == ASK_FAR)
		query.offset_id = FAR_BACK_ID;
	else if (ask == ASK_DATE)
		query.offset_date = (int32_t)(time(NULL) - HALF_SPAN_S);
	peer_call(&l->account->peer, &query.o, on_answer, ask);
}

static void ask_word(struct looker *l)
{
	struct tl_inputMessagesFilterEmpty all = {.o.name = TL_inputMessagesFilterEmpty};
	struct tl_messages_search query = {.o.name = TL_messages_search,
		.peer = &l->peer.o,
		.q = BYTES_LITERAL("0nowhere0"),
		.filter = &all.o,
		.limit = 20};

	peer_call(&l->account->peer, &query.o, on_answer, ASK_WORD);
}

static void ask_next(struct looker *l, enum ask ask)
{
	struct tl_inputPeerEmpty nobody = {.o.name = TL_inputPeerEmpty};
	struct tl_messages_getDialogs dialogs = {
		.o.name = TL_messages_getDialogs, .offset_peer = &nobody.o, .limit = 20};
	struct tl_updates_getState state = {.o.name = TL_updates_getState};
	struct tl_updates_getDifference missed = {.o.name = TL_updates_getDifference,
		.pts = l->pts - MISSED,
		.date = (int32_t)time(NULL)};

	l->asked_us = now_us();
	switch (ask) {
	case ASK_DIALOGS:
		peer_call(&l->account->peer, &dialogs.o, on_answer, ask);
		break;
	case ASK_STATE:
		peer_call(&l->account->peer, &state.o, on_answer, ask);
		break;
	case ASK_MISSED:
		peer_call(&l->account->peer, &missed.o, on_answer, ask);
		break;
	case ASK_WORD:
		ask_word(l);
		break;
	default:
		ask_history(l, ask);
	}
}

static void look(struct account *account)
{
	struct run *run = run_of(account);

	run->looker = (struct looker){.account = account, .rounds_left = run->rounds};
	ask_next(&run->looker, ASK_DIALOGS);
}

/* ---- The run ---- */

static void report_size(const struct run *run, struct report *report)
{
	char path[400];
	struct stat file;

	snprintf(path, sizeof(path), "%s/home/home.db", run->stage.server.dir);
	if (stat(path, &file) == 0)
		report_value(report, "home.db", (double)file.st_size / 1048576, "MiB", NULL);
}

static int play(struct run *run, const struct bench_options *options, struct report *report,
	struct err *err)
{
	struct process_memory memory;
	struct stage *stage = &run->stage;

	if (fleet_log_in(&stage->fleet, stage->fleet.count, 4, err) < 0 ||
		peers_run(&stage->peers, NULL, NULL, 1000, err) < 0 ||
		fleet_each(&stage->fleet, 0, 1, 1, look, err) < 0 ||
		process_memory(stage->server.messenger, &memory, err) < 0)
		return -1;
	report_setting(report, "accounts that look", options->sessions);
	report_setting(report, "rounds", run->rounds);
	report_value(report, "start until ready", (double)run->start_us / 1000, "ms", NULL);
	report_size(run, report);
	report_value(report, "messenger, RSS", (double)memory.rss_kib / 1024, "MiB", NULL);
	for (int i = 0; i < ASK_COUNT; i++)
		report_histogram(report, names[i], &run->took[i]);
	return 0;
}

int scenario_store(const struct bench_options *options, struct report *report, struct err *err)
{
	struct run *run;
	int64_t begin_us;
	int result = -1;

	if (!options->data)
		return err_set(err, 0, "--data DIR is missing: lontar-fill makes one");
	run = MEM_NEW(struct run);
	run->rounds = options->samples;
	begin_us = now_us();
	if (stage_open(&run->stage, options, (uint32_t)options->sessions, err) == 0) {
		run->start_us = now_us() - begin_us;
		result = play(run, options, report, err);
		stage_close(&run->stage);
	}
	free(run);
	return result;
}
