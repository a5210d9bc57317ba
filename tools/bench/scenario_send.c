/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One-to-one messages: each sender keeps some in flight to its receiver. Every message is looked
 * after from sending to arrival: one that was acknowledged and did not arrive exactly once fails
 * the run.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/words.h"

#define TAIL_PATIENCE_MS 20000
#define TEXT_MAX 4096

struct letter {
	int64_t sent_us;
	uint8_t acknowledged, arrived;
};

struct pair {
	struct send *run;
	struct account *sender, *receiver;
	struct tl_inputPeerUser to;
	struct letter *letters; /* by number */
	uint32_t count, capacity, next_expected;
};

struct send {
	struct stage stage;
	struct pair *pairs;
	uint32_t pair_count;
	struct words words;
	bool measuring, stopping;
	uint64_t sent, acknowledged, arrived; /* of the whole run */
	uint64_t measured_acks, measured_arrivals;
	uint64_t duplicates, strangers, out_of_order;
	struct histogram to_ack, to_arrival;
};

static void on_sent(struct peer *peer, const struct peer_answer *answer, uint32_t number);

static uint32_t new_letter(struct pair *pair)
{
	if (pair->count == pair->capacity) {
		pair->capacity = pair->capacity ? 2 * pair->capacity : 64;
		pair->letters = mem_realloc(pair->letters, pair->capacity * sizeof(*pair->letters));
	}
	pair->letters[pair->count] = (struct letter){.sent_us = now_us()};
	return pair->count++;
}

static void send_one(struct pair *pair)
{
	struct send *run = pair->run;
	uint32_t number = new_letter(pair);
	char text[TEXT_MAX];
	struct tl_messages_sendMessage query = {.o.name = TL_messages_sendMessage,
		.peer = &pair->to.o,
		.message = words_make(&run->words, (uint32_t)(pair - run->pairs), number, text),
		.random_id = (int64_t)(words_draw(&run->words) | 1)};

	run->sent++;
	peer_call(&pair->sender->peer, &query.o, on_sent, number);
}

static void on_sent(struct peer *peer, const struct peer_answer *answer, uint32_t number)
{
	struct account *account = peer->owner;
	struct pair *pair = account->role;
	struct send *run = pair->run;

	if (!fleet_answered(peer, answer, "messages.sendMessage"))
		return;
	pair->letters[number].acknowledged = 1;
	run->acknowledged++;
	if (run->measuring) {
		run->measured_acks++;
		histogram_add(&run->to_ack, now_us() - pair->letters[number].sent_us);
	}
	if (!run->stopping)
		send_one(pair);
}

static void arrived(struct pair *pair, uint32_t number)
{
	struct send *run = pair->run;
	struct letter *letter = &pair->letters[number];

	if (letter->arrived) {
		run->duplicates++;
		return;
	}
	letter->arrived = 1;
	run->arrived++;
	run->out_of_order += number != pair->next_expected;
	pair->next_expected = number + 1;
	if (run->measuring) {
		run->measured_arrivals++;
		histogram_add(&run->to_arrival, now_us() - letter->sent_us);
	}
}

static void on_update(struct account *account, const struct tl_object *object)
{
	const struct tl_updates *updates = TL_AS(updates, object);
	struct pair *pair = account->role;

	if (!updates || !pair || account != pair->receiver)
		return;
	for (uint32_t i = 0; i < updates->updates.count; i++) {
		const struct tl_updateNewMessage *update =
			TL_AS(updateNewMessage, updates->updates.at[i]);
		const struct tl_message *message = update ? TL_AS(message, update->message) : NULL;
		uint32_t writer, number;

		if (!message)
			continue;
		if (words_parse(message->message, &writer, &number) &&
			writer == (uint32_t)(pair - pair->run->pairs) && number < pair->count)
			arrived(pair, number);
		else
			pair->run->strangers++;
	}
}

/* ---- Getting ready: the sender finds the receiver by number ---- */

static void on_resolved(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = peer->owner;
	struct pair *pair = account->role;
	const struct tl_contacts_resolvedPeer *found;
	const struct tl_user *user;

	if (!fleet_answered(peer, answer, "contacts.resolvePhone"))
		return;
	found = TL_AS(contacts_resolvedPeer, answer->reply.object);
	user = found && found->users.count ? TL_AS(user, found->users.at[0]) : NULL;
	if (!user || user->id != pair->receiver->user_id) {
		peers_fail(peer->peers, "contacts.resolvePhone found somebody else");
		return;
	}
	pair->to = (struct tl_inputPeerUser){
		.o.name = TL_inputPeerUser, .user_id = user->id, .access_hash = user->access_hash};
	fleet_step_done(account->fleet);
}

static void resolve(struct account *account)
{
	struct pair *pair = account->role;
	struct tl_contacts_resolvePhone query = {
		.o.name = TL_contacts_resolvePhone, .phone = bytes_from_str(pair->receiver->phone)};

	peer_call(&account->peer, &query.o, on_resolved, 0);
}

static void make_pairs(struct send *run)
{
	struct account *accounts = run->stage.fleet.accounts;

	run->pairs = mem_zalloc(run->pair_count, sizeof(*run->pairs));
	for (uint32_t i = 0; i < run->pair_count; i++) {
		struct pair *pair = &run->pairs[i];

		pair->run = run;
		pair->sender = &accounts[2 * i];
		pair->receiver = &accounts[2 * i + 1];
		pair->sender->role = pair->receiver->role = pair;
	}
}

static int prepare(struct send *run, const struct bench_options *options, struct err *err)
{
	struct fleet *fleet = &run->stage.fleet;
	uint32_t parallel = (uint32_t)options->connections;

	make_pairs(run);
	fleet->update = on_update;
	/* Senders are the accounts with even indices. */
	if (fleet_log_in(fleet, fleet->count, parallel, err) < 0)
		return -1;
	return fleet_each(fleet, 0, 2, parallel, resolve, err);
}

/* ---- Measuring ---- */

static bool all_settled(void *ctx)
{
	struct send *run = ctx;

	return run->acknowledged == run->sent && run->arrived == run->sent;
}

static int measure(
	struct send *run, const struct bench_options *options, struct meter *meter, struct err *err)
{
	struct peers *peers = &run->stage.peers;

	for (uint32_t i = 0; i < run->pair_count; i++) {
		for (int64_t k = 0; k < options->in_flight; k++)
			send_one(&run->pairs[i]);
	}
	/* The first second warms up. */
	if (peers_run(peers, NULL, NULL, 1000, err) < 0)
		return -1;
	run->measuring = true;
	meter_start(meter, run->stage.server.messenger);
	if (peers_run(peers, NULL, NULL, options->seconds * 1000, err) < 0)
		return -1;
	meter_stop(meter);
	run->measuring = false;
	run->stopping = true;
	/* A message that never comes is judged below; other failures are told at once. */
	if (peers_run(peers, all_settled, run, TAIL_PATIENCE_MS, err) < 0 && peers->failed)
		return -1;
	return 0;
}

static int judge(const struct send *run, struct report *report, struct err *err)
{
	uint64_t lost = 0, unanswered = run->sent - run->acknowledged;

	for (uint32_t i = 0; i < run->pair_count; i++) {
		const struct pair *pair = &run->pairs[i];

		for (uint32_t n = 0; n < pair->count; n++)
			lost += pair->letters[n].acknowledged && !pair->letters[n].arrived;
	}
	report_note(report,
		"%llu messages acknowledged, %llu lost, %llu twice, %llu out of order, %llu never "
		"answered, %llu not ours",
		(unsigned long long)run->acknowledged, (unsigned long long)lost,
		(unsigned long long)run->duplicates, (unsigned long long)run->out_of_order,
		(unsigned long long)unanswered, (unsigned long long)run->strangers);
	if (lost || run->duplicates || unanswered || run->strangers)
		return err_set(err, 0, "not every acknowledged message arrived exactly once: %s",
			report->note);
	return 0;
}

static void fill_report(const struct send *run, const struct bench_options *options,
	const struct meter *meter, struct report *report)
{
	double seconds = (double)meter->wall_us / 1e6;

	report_setting(report, "pairs", options->pairs);
	report_setting(report, "in_flight", options->in_flight);
	report_setting(report, "text_size", options->text_size);
	report_setting(report, "seconds", options->seconds);
	report_setting(report, "seed", options->seed);
	report_value(report, "sends acknowledged", (double)run->measured_acks / seconds, "/s",
		run->pair_count <= 100 ? "mosquitto's QoS 1 in the same run" : NULL);
	report_value(
		report, "messages arrived", (double)run->measured_arrivals / seconds, "/s", NULL);
	stage_report_cpu(meter, report, "", run->measured_acks, "message", NULL);
	report_histogram(report, "send to acknowledgement", &run->to_ack);
	report_histogram(report, "send to arrival at the receiver", &run->to_arrival);
}

static void send_free(struct send *run)
{
	for (uint32_t i = 0; i < run->pair_count && run->pairs; i++)
		free(run->pairs[i].letters);
	free(run->pairs);
	free(run);
}

int scenario_send(const struct bench_options *options, struct report *report, struct err *err)
{
	struct send *run = MEM_NEW(struct send);
	struct meter meter;
	int result = -1;

	run->pair_count = (uint32_t)options->pairs;
	words_init(&run->words, (uint64_t)options->seed, (size_t)options->text_size);
	if (stage_open(&run->stage, options, 2 * run->pair_count, err) == 0) {
		if (prepare(run, options, err) == 0 && measure(run, options, &meter, err) == 0) {
			fill_report(run, options, &meter, report);
			result = judge(run, report, err);
		}
		stage_close(&run->stage);
	}
	send_free(run);
	return result;
}
