/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One public channel, all members online on connections of their own. First one post at a time,
 * then several in flight; a post is over when it was acknowledged and every member has it. A member
 * that misses a post or gets it twice fails the run. With a data folder of lontar-fill the channel
 * has as many subscribers as that says, none of them online but the members here.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/contest.h"
#include "bench/square.h"
#include "bench/words.h"

#define WARM_UP_MS 500
#define TAIL_PATIENCE_MS 20000
#define TEXT_MAX 4096
#define WRITER 1 /* number of the one writer in texts */

struct post {
	int64_t sent_us;
	uint32_t arrived;
	bool acknowledged;
};

/* What is measured of one part. */
struct part {
	const char *name, *to_one, *to_last; /* in the report */
	uint32_t in_flight;
	uint64_t deliveries, posts;
	struct meter meter;
	struct contest contest;
	struct histogram each, last;
};

struct fanout {
	struct stage stage;
	struct words words;
	struct square square;
	struct tl_inputPeerChannel peer; /* the channel, as its owner names it */
	uint32_t members;
	uint32_t *next_expected; /* post number, by member */
	struct post *posts;
	uint32_t count, capacity, open, in_flight;
	bool stopping;
	uint64_t out_of_order;
	struct part *playing, *part; /* part NULL: not measuring */
	struct part parts[2];
};

static struct fanout *fanout_of(struct account *account)
{
	return account->role;
}

/* ---- Posts ---- */

static void post_one(struct fanout *run);

static void check_over(struct fanout *run, const struct post *post)
{
	if (!post->acknowledged || post->arrived < run->members)
		return;
	run->open--;
	if (run->part) {
		run->part->posts++;
		histogram_add(&run->part->last, now_us() - post->sent_us);
	}
	while (!run->stopping && run->open < run->in_flight)
		post_one(run);
}

static void on_posted(struct peer *peer, const struct peer_answer *answer, uint32_t number)
{
	struct fanout *run = fanout_of(peer->owner);

	if (!fleet_answered(peer, answer, "messages.sendMessage"))
		return;
	run->posts[number].acknowledged = true;
	check_over(run, &run->posts[number]);
}

static void post_one(struct fanout *run)
{
	char text[TEXT_MAX];
	struct tl_messages_sendMessage query = {.o.name = TL_messages_sendMessage,
		.peer = &run->peer.o,
		.message = words_make(&run->words, WRITER, run->count, text),
		.random_id = (int64_t)(words_draw(&run->words) | 1)};

	if (run->count == run->capacity) {
		run->capacity = run->capacity ? 2 * run->capacity : 64;
		run->posts = mem_realloc(run->posts, run->capacity * sizeof(*run->posts));
	}
	run->posts[run->count] = (struct post){.sent_us = now_us()};
	run->open++;
	peer_call(&run->stage.fleet.accounts[0].peer, &query.o, on_posted, run->count++);
}

static void arrived(struct account *account, uint32_t number)
{
	struct fanout *run = fanout_of(account);
	struct post *post = &run->posts[number];
	uint32_t *expected = &run->next_expected[account->index - 1];

	if (number != *expected) {
		run->out_of_order++;
		peers_fail(&run->stage.peers, "member %u got post %u in the place of post %u",
			account->index, number, *expected);
		return;
	}
	(*expected)++;
	post->arrived++;
	if (run->part) {
		run->part->deliveries++;
		histogram_add(&run->part->each, now_us() - post->sent_us);
	}
	check_over(run, post);
}

static void on_update(struct account *account, const struct tl_object *object)
{
	const struct tl_updates *updates = TL_AS(updates, object);

	if (!updates || account->index == 0)
		return;
	for (uint32_t i = 0; i < updates->updates.count; i++) {
		const struct tl_updateNewChannelMessage *update =
			TL_AS(updateNewChannelMessage, updates->updates.at[i]);
		const struct tl_message *message = update ? TL_AS(message, update->message) : NULL;
		uint32_t writer, number;

		if (message && words_parse(message->message, &writer, &number) &&
			writer == WRITER && number < fanout_of(account)->count)
			arrived(account, number);
	}
}

static int prepare(struct fanout *run, const struct bench_options *options, struct err *err)
{
	struct fleet *fleet = &run->stage.fleet;

	for (uint32_t i = 0; i < fleet->count; i++)
		fleet->accounts[i].role = run;
	fleet->update = on_update;
	if (square_open(&run->square, fleet, options, err) < 0)
		return -1;
	run->peer = square_peer(&run->square);
	return 0;
}

/* ---- Measuring ---- */

static bool nothing_open(void *ctx)
{
	struct fanout *run = ctx;

	return run->open == 0;
}

static int play_turn(void *ctx, int64_t turn_ms, struct err *err)
{
	struct fanout *run = ctx;
	struct peers *peers = &run->stage.peers;
	struct meter meter;

	run->in_flight = run->playing->in_flight;
	run->stopping = false;
	while (run->open < run->in_flight)
		post_one(run);
	if (peers_run(peers, NULL, NULL, WARM_UP_MS, err) < 0)
		return -1;
	run->part = run->playing;
	meter_start(&meter, run->stage.server.messenger);
	if (peers_run(peers, NULL, NULL, turn_ms, err) < 0)
		return -1;
	meter_stop(&meter);
	meter_add(&run->part->meter, &meter);
	run->part = NULL;
	run->stopping = true;
	return peers_run(peers, nothing_open, run, TAIL_PATIENCE_MS, err);
}

static int measure(struct fanout *run, struct part *part, uint32_t in_flight,
	const struct bench_options *options, struct err *err)
{
	static const enum rival_kind rivals[] = {RIVAL_RELAY, RIVAL_MOSQUITTO_0};
	const struct rival_load load = {1, run->members, in_flight, (size_t)options->text_size};

	part->in_flight = in_flight;
	run->playing = part;
	if (contest_open(&part->contest, rivals, options->rivals ? ARRAY_LEN(rivals) : 0,
		    run->stage.loop, &load, options->scratch, err) < 0)
		return -1;
	return contest_play(&part->contest, options->seconds * 500, play_turn, run, err);
}

static void report_part(const struct part *part, struct report *report, const char *aim)
{
	char name[REPORT_NAME_MAX];

	snprintf(name, sizeof(name), "%sdeliveries", part->name);
	if (part->deliveries) {
		report_value(report, name,
			(double)part->deliveries * 1e6 / (double)part->meter.wall_us, "/s", aim);
		stage_report_cpu(&part->meter, report, part->name, part->deliveries, "delivery",
			"0.5 x mosquitto's QoS 0, 2.5 x the bare relay");
		contest_report(&part->contest, report, part->name, part->deliveries, &part->meter);
		report_histogram(report, part->to_one, &part->each);
	} else {
		stage_report_cpu(&part->meter, report, part->name, part->posts, "post",
			"the same for any number of subscribers, within 10 %");
	}
	report_histogram(report, part->to_last, &part->last);
}

static void fill_report(
	const struct fanout *run, const struct bench_options *options, struct report *report)
{
	report_setting(report, "members", options->members);
	report_setting(report, "in_flight", options->in_flight);
	report_setting(report, "text_size", options->text_size);
	report_setting(report, "seconds", options->seconds);
	report_setting(report, "seed", options->seed);
	report_part(&run->parts[0], report, NULL);
	report_part(&run->parts[1], report, "1.8 x mosquitto's QoS 0 in the same run");
	report_note(report, "%u posts, each of them reached each of %u members once and in order",
		run->count, run->members);
}

static int play(struct fanout *run, const struct bench_options *options, struct report *report,
	struct err *err)
{
	if (prepare(run, options, err) < 0 || measure(run, &run->parts[0], 1, options, err) < 0 ||
		measure(run, &run->parts[1], (uint32_t)options->in_flight, options, err) < 0)
		return -1;
	fill_report(run, options, report);
	return 0;
}

int scenario_fanout(const struct bench_options *options, struct report *report, struct err *err)
{
	struct fanout *run = MEM_NEW(struct fanout);
	int result = -1;

	run->parts[0] = (struct part){.to_one = "one at a time: post to each member",
		.to_last = "one at a time: post to the last member",
		.name = "one at a time: "};
	run->parts[1] = (struct part){.to_one = "in flight: post to each member",
		.to_last = "in flight: post to the last member",
		.name = "in flight: "};
	run->members = (uint32_t)options->members;
	run->next_expected = mem_zalloc(run->members, sizeof(*run->next_expected));
	words_init(&run->words, (uint64_t)options->seed, (size_t)options->text_size);
	if (stage_open(&run->stage, options, run->members + 1, err) == 0) {
		result = play(run, options, report, err);
		for (size_t i = 0; i < ARRAY_LEN(run->parts); i++)
			contest_close(&run->parts[i].contest);
		stage_close(&run->stage);
	}
	square_release(&run->square);
	free(run->next_expected);
	free(run->posts);
	free(run);
	return result;
}
