/* SPDX-License-Identifier: Apache-2.0 */
/* The texts say who wrote which one; a letter that comes twice or not at all is found by number. */
#include "bench/pairs.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define TAIL_PATIENCE_MS 20000

/* ---- Sending ---- */

static uint32_t new_letter(struct pair *pair)
{
	if (pair->count == pair->capacity) {
		pair->capacity = pair->capacity ? 2 * pair->capacity : 64;
		pair->letters = mem_realloc(pair->letters, pair->capacity * sizeof(*pair->letters));
	}
	pair->letters[pair->count] = (struct letter){.sent_us = now_us()};
	return pair->count++;
}

static void on_sent(struct peer *peer, const struct peer_answer *answer, uint32_t number)
{
	struct account *account = peer->owner;
	struct pair *pair = account->role;
	struct pairs *pairs = pair->of;

	if (!fleet_answered(peer, answer, "messages.sendMessage"))
		return;
	pair->letters[number].acknowledged = 1;
	pair->waiting--;
	pairs->acknowledged++;
	if (pairs->to_ack) {
		pairs->measured_acks++;
		histogram_add(pairs->to_ack, now_us() - pair->letters[number].sent_us);
	}
	if (pairs->on_acknowledged)
		pairs->on_acknowledged(pair);
}

void pair_send(struct pair *pair)
{
	struct pairs *pairs = pair->of;
	uint32_t number = new_letter(pair);
	char text[PAIRS_TEXT_MAX];
	struct tl_messages_sendMessage query = {.o.name = TL_messages_sendMessage,
		.peer = &pair->to.o,
		.message = words_make(&pairs->words, (uint32_t)(pair - pairs->at), number, text),
		.random_id = (int64_t)(words_draw(&pairs->words) | 1)};

	pairs->sent++;
	pair->waiting++;
	peer_call(&pair->sender->peer, &query.o, on_sent, number);
}

/* ---- Arriving ---- */

static void arrived(struct pair *pair, uint32_t number)
{
	struct pairs *pairs = pair->of;
	struct letter *letter = &pair->letters[number];

	if (letter->arrived) {
		pairs->duplicates++;
		return;
	}
	letter->arrived = 1;
	pairs->arrived++;
	pairs->out_of_order += number != pair->next_expected;
	pair->next_expected = number + 1;
	if (pairs->to_arrival) {
		pairs->measured_arrivals++;
		histogram_add(pairs->to_arrival, now_us() - letter->sent_us);
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
			writer == (uint32_t)(pair - pair->of->at) && number < pair->count)
			arrived(pair, number);
		else
			pair->of->strangers++;
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

int pairs_open(struct pairs *pairs, struct stage *stage, uint32_t count, uint64_t seed,
	size_t text_max, uint32_t parallel, struct err *err)
{
	struct fleet *fleet = &stage->fleet;

	*pairs = (struct pairs){.stage = stage, .count = count};
	words_init(&pairs->words, seed, text_max);
	pairs->at = mem_zalloc(count, sizeof(*pairs->at));
	for (uint32_t i = 0; i < count; i++) {
		struct pair *pair = &pairs->at[i];

		pair->of = pairs;
		pair->sender = &fleet->accounts[2 * i];
		pair->receiver = &fleet->accounts[2 * i + 1];
		pair->sender->role = pair->receiver->role = pair;
	}
	fleet->update = on_update;
	/* Senders are the accounts with even indices. */
	if (fleet_log_in(fleet, 2 * count, parallel, err) < 0)
		return -1;
	return fleet_each(fleet, 0, 2, parallel, resolve, err);
}

void pairs_release(struct pairs *pairs)
{
	for (uint32_t i = 0; i < pairs->count && pairs->at; i++)
		free(pairs->at[i].letters);
	free(pairs->at);
	pairs->at = NULL;
}

/* ---- Judging ---- */

static bool all_settled(void *ctx)
{
	struct pairs *pairs = ctx;

	return pairs->acknowledged == pairs->sent && pairs->arrived == pairs->sent;
}

int pairs_settle(struct pairs *pairs, struct err *err)
{
	struct peers *peers = &pairs->stage->peers;

	/* A message that never comes is for pairs_judge(); other failures are told at once. */
	if (peers_run(peers, all_settled, pairs, TAIL_PATIENCE_MS, err) < 0 && peers->failed)
		return -1;
	return 0;
}

int pairs_judge(const struct pairs *pairs, char *text, size_t size, struct err *err)
{
	uint64_t lost = 0, unanswered = pairs->sent - pairs->acknowledged;

	for (uint32_t i = 0; i < pairs->count; i++) {
		const struct pair *pair = &pairs->at[i];

		for (uint32_t n = 0; n < pair->count; n++)
			lost += pair->letters[n].acknowledged && !pair->letters[n].arrived;
	}
	snprintf(text, size,
		"%llu messages acknowledged, %llu lost, %llu twice, %llu out of order, %llu never "
		"answered, %llu not ours",
		(unsigned long long)pairs->acknowledged, (unsigned long long)lost,
		(unsigned long long)pairs->duplicates, (unsigned long long)pairs->out_of_order,
		(unsigned long long)unanswered, (unsigned long long)pairs->strangers);
	if (lost || pairs->duplicates || unanswered || pairs->strangers)
		return err_set(
			err, 0, "not every acknowledged message arrived exactly once: %s", text);
	return 0;
}
