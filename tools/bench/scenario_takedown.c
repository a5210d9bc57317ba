/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a decision at the desk to the channel refused and everybody told: an authority's notice, a
 * claim, "remove"; some members read all the time, all are online. Times begin when the decision is
 * sent. Each round the decision is reversed, and the next begins when all can read again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/desk.h"
#include "bench/square.h"

#define READERS 8
#define PATIENCE_MS 20000
#define PATH_SIZE 64

/* Member 1 and so on read. */
struct reader {
	bool refused; /* by the newest answer */
	bool heard;   /* an answer to what was asked after the decision */
};

struct takedown {
	struct stage stage;
	struct square square;
	struct desk desk;
	char authority[DESK_TOKEN_MAX], moderator[DESK_TOKEN_MAX], lead[DESK_TOKEN_MAX];
	int status; /* of the desk's newest answer; -1: not there yet */
	long number;
	struct reader readers[READERS];
	uint32_t reader_count, members, told, round;
	uint32_t *told_in; /* round, by member */
	bool reading, want_refused;
	int64_t decided_us, answered_us, readable_us, told_us;
	struct histogram answers, refusals, last_told;
};

/* ---- Members ---- */

static void on_told(struct takedown *run, uint32_t member)
{
	if (run->told_in[member] == run->round)
		return;
	run->told_in[member] = run->round;
	run->told++;
	run->told_us = now_us();
}

static void on_update(struct account *account, const struct tl_object *object)
{
	struct takedown *run = account->role;
	const struct tl_updates *updates = TL_AS(updates, object);

	if (!updates || account->index == 0)
		return;
	for (uint32_t i = 0; i < updates->updates.count; i++)
		if (TL_AS(updateChannel, updates->updates.at[i]))
			on_told(run, account->index - 1);
}

static void read_once(struct account *account);

/* tag: the round that it was asked in. */
static void on_read(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = peer->owner;
	struct takedown *run = account->role;
	struct reader *reader = &run->readers[account->index - 1];

	reader->refused = answer->error_code != 0;
	reader->heard = tag == run->round;
	if (!reader->refused)
		run->readable_us = now_us();
	if (run->reading)
		read_once(account);
}

static void read_once(struct account *account)
{
	struct takedown *run = account->role;
	struct tl_inputPeerChannel peer = square_peer_of(&run->square, account);
	struct tl_messages_getHistory query = {
		.o.name = TL_messages_getHistory, .peer = &peer.o, .limit = 5};

	peer_call(&account->peer, &query.o, on_read, run->round);
}

static void on_posted(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = peer->owner;

	if (fleet_answered(peer, answer, "messages.sendMessage"))
		fleet_step_done(account->fleet);
}

static void post(struct account *account)
{
	struct takedown *run = account->role;
	struct tl_inputPeerChannel peer = square_peer(&run->square);
	struct tl_messages_sendMessage query = {.o.name = TL_messages_sendMessage,
		.peer = &peer.o,
		.message = BYTES_LITERAL("What it is about"),
		.random_id = 1};

	peer_call(&account->peer, &query.o, on_posted, 0);
}

/* ---- The desk ---- */

static void on_answer(void *ctx, int status, const char *body)
{
	struct takedown *run = ctx;
	const char *number = strstr(body, "\"case\":");

	run->status = status;
	run->answered_us = now_us();
	if (number)
		run->number = strtol(number + sizeof("\"case\":") - 1, NULL, 10);
	if (status != 200 && status != 201)
		peers_fail(&run->stage.peers, "the desk answered %d: %.200s", status, body);
}

static bool is_answered(void *ctx)
{
	struct takedown *run = ctx;

	return run->status >= 0;
}

static int send_to_desk(struct takedown *run, const char *token, const char *path, const char *body,
	struct err *err)
{
	run->status = -1;
	return desk_post(&run->desk, token, path, body, on_answer, run, err);
}

static int ask(struct takedown *run, const char *token, const char *path, const char *body,
	struct err *err)
{
	if (send_to_desk(run, token, path, body, err) < 0)
		return -1;
	return peers_run(&run->stage.peers, is_answered, run, PATIENCE_MS, err);
}

static const char *case_path(const struct takedown *run, const char *what, char out[PATH_SIZE])
{
	snprintf(out, PATH_SIZE, "/api/cases/%ld/%s", run->number, what);
	return out;
}

/* ---- Rounds ---- */

static bool is_over(void *ctx)
{
	struct takedown *run = ctx;

	for (uint32_t i = 0; i < run->reader_count; i++)
		if (!run->readers[i].heard || run->readers[i].refused != run->want_refused)
			return false;
	return run->status >= 0 && run->told == run->members;
}

/* Sends what changes everything for all, and waits until all know. */
static int turn(struct takedown *run, const char *token, const char *what, const char *body,
	bool refused, struct err *err)
{
	char path[PATH_SIZE];

	run->round++;
	run->told = 0;
	run->want_refused = refused;
	run->decided_us = run->readable_us = now_us();
	if (send_to_desk(run, token, case_path(run, what, path), body, err) < 0)
		return -1;
	return peers_run(&run->stage.peers, is_over, run, PATIENCE_MS, err);
}

static int play_round(struct takedown *run, struct err *err)
{
	static const char notice[] = "{\"subject\": \"@" SQUARE_NAME
				     "\", \"category\": \"fraud\", \"law\": \"UU 1/2024\","
				     " \"reasons\": \"It asks for money.\", \"good_faith\": true}";
	static const char removal[] = "{\"action\": \"remove\", \"ground\": \"Rule 3\", \"facts\": "
				      "\"What the posts say\"}";
	static const char reversal[] = "{\"ground\": \"It was right\", \"facts\": \"It reports\"}";
	char path[PATH_SIZE];

	if (ask(run, run->authority, "/api/notices", notice, err) < 0 ||
		ask(run, run->moderator, case_path(run, "claim", path), "", err) < 0 ||
		turn(run, run->moderator, "decide", removal, true, err) < 0)
		return -1;
	histogram_add(&run->answers, run->answered_us - run->decided_us);
	histogram_add(&run->refusals, run->readable_us - run->decided_us);
	histogram_add(&run->last_told, run->told_us - run->decided_us);
	return turn(run, run->lead, "reverse", reversal, false, err);
}

static int get_tokens(struct takedown *run, const struct bench_options *options, struct err *err)
{
	static const char *const authority[] = {
		"authority", "add", "--name", "Bench", "--country", "ID", NULL};
	static const char *const moderator[] = {
		"desk", "grant", "--role", "moderator", "--name", "Bench", NULL};
	static const char *const lead[] = {
		"desk", "grant", "--role", "lead", "--name", "Bench lead", NULL};
	const struct server *server = &run->stage.server;

	if (desk_token(server, options, authority, run->authority, err) < 0 ||
		desk_token(server, options, moderator, run->moderator, err) < 0)
		return -1;
	return desk_token(server, options, lead, run->lead, err);
}

static int play(struct takedown *run, const struct bench_options *options, struct err *err)
{
	struct fleet *fleet = &run->stage.fleet;
	int64_t until_us;

	for (uint32_t i = 0; i < fleet->count; i++)
		fleet->accounts[i].role = run;
	fleet->update = on_update;
	if (get_tokens(run, options, err) < 0 ||
		square_open(&run->square, fleet, options, err) < 0 ||
		fleet_each(fleet, 0, fleet->count, 1, post, err) < 0)
		return -1;
	run->reading = true;
	for (uint32_t i = 1; i <= run->reader_count; i++)
		read_once(&fleet->accounts[i]);
	until_us = now_us() + options->seconds * 1000000;
	do {
		if (play_round(run, err) < 0)
			return -1;
	} while (now_us() < until_us);
	return 0;
}

static void fill_report(
	const struct takedown *run, const struct bench_options *options, struct report *report)
{
	report_setting(report, "members", options->members);
	report_setting(report, "readers", run->reader_count);
	report_setting(report, "seconds", options->seconds);
	report_histogram(report, "decision to its answer", &run->answers);
	report_histogram(report,
		"decision to the last answer that shows the channel (aim: p99 50 ms)",
		&run->refusals);
	report_histogram(report, "decision to the last member told (aim: 500 ms)", &run->last_told);
	report_note(report, "each round every member was told of the removal and of its reversal");
}

int scenario_takedown(const struct bench_options *options, struct report *report, struct err *err)
{
	struct takedown *run = MEM_NEW(struct takedown);
	int result = -1;

	run->members = (uint32_t)options->members;
	run->reader_count = run->members < READERS ? run->members : READERS;
	run->told_in = mem_zalloc(run->members, sizeof(*run->told_in));
	if (stage_open(&run->stage, options, run->members + 1, err) == 0) {
		desk_init(&run->desk, run->stage.loop, run->stage.server.desk_port);
		result = play(run, options, err);
		if (result == 0)
			fill_report(run, options, report);
		desk_release(&run->desk);
		stage_close(&run->stage);
	}
	square_release(&run->square);
	free(run->told_in);
	free(run);
	return result;
}
