/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing up: key -> auth.sendCode -> the code comes over the server's standard output ->
 * auth.signIn -> auth.signUp -> updates.getState, which every client calls first and which makes
 * the session one that hears updates. The code may come before the answer to sendCode.
 */
#include "bench/fleet.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define PHONE_PREFIX "999"
#define PHONE_FORMAT PHONE_PREFIX "%08u"
/* A slow, shared machine still makes a key and an account in this time. */
#define LOG_IN_PATIENCE_MS 60
#define PATIENCE_MIN_MS 30000

static struct account *account_of(struct peer *peer)
{
	return peer->owner;
}

void fleet_init(struct fleet *fleet, struct peers *peers, uint32_t count)
{
	memset(fleet, 0, sizeof(*fleet));
	fleet->peers = peers;
	fleet->count = count;
	fleet->accounts = mem_zalloc(count, sizeof(*fleet->accounts));
	for (uint32_t i = 0; i < count; i++) {
		fleet->accounts[i].fleet = fleet;
		fleet->accounts[i].index = i;
		snprintf(fleet->accounts[i].phone, sizeof(fleet->accounts[i].phone), PHONE_FORMAT,
			i);
	}
}

void fleet_release(struct fleet *fleet)
{
	for (uint32_t i = 0; i < fleet->started; i++) {
		peer_close(&fleet->accounts[i].peer);
		peer_release(&fleet->accounts[i].peer);
	}
	free(fleet->accounts);
	fleet->accounts = NULL;
	fleet->count = fleet->started = 0;
}

bool fleet_answered(struct peer *peer, const struct peer_answer *answer, const char *what)
{
	if (answer->error_code == 0)
		return true;
	peers_fail(peer->peers, "%s: %d %.*s", what, (int)answer->error_code,
		(int)answer->error_text.size, (const char *)answer->error_text.data);
	return false;
}

static void start_next(struct fleet *fleet);

static void on_state(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct fleet *fleet = account_of(peer)->fleet;

	if (!fleet_answered(peer, answer, "updates.getState"))
		return;
	fleet->logged_in++;
	start_next(fleet);
}

static void logged_in(struct account *account, const struct tl_object *answer)
{
	const struct tl_auth_authorization *authorization = TL_AS(auth_authorization, answer);
	const struct tl_user *user = authorization ? TL_AS(user, authorization->user) : NULL;
	struct tl_updates_getState query = {.o.name = TL_updates_getState};

	if (!user) {
		peers_fail(account->fleet->peers, "log-in answered %s", tl_name_text(answer->name));
		return;
	}
	account->user_id = user->id;
	peer_call(&account->peer, &query.o, on_state, 0);
}

static void on_signed_up(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	if (fleet_answered(peer, answer, "auth.signUp"))
		logged_in(account_of(peer), answer->reply.object);
}

static void on_signed_in(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = account_of(peer);
	char name[32];
	struct tl_auth_signUp query = {.o.name = TL_auth_signUp,
		.phone_number = bytes_from_str(account->phone),
		.phone_code_hash = bytes_from_str(account->code_hash),
		.last_name = BYTES_LITERAL("")};

	if (!fleet_answered(peer, answer, "auth.signIn"))
		return;
	if (!TL_AS(auth_authorizationSignUpRequired, answer->reply.object)) {
		logged_in(account, answer->reply.object);
		return;
	}
	snprintf(name, sizeof(name), "Bench %u", account->index);
	query.first_name = bytes_from_str(name);
	peer_call(peer, &query.o, on_signed_up, 0);
}

static void sign_in_if_ready(struct account *account)
{
	struct tl_auth_signIn query = {.o.name = TL_auth_signIn,
		.phone_number = bytes_from_str(account->phone),
		.phone_code_hash = bytes_from_str(account->code_hash),
		.phone_code = bytes_from_str(account->code)};

	if (account->code[0] && account->code_hash[0])
		peer_call(&account->peer, &query.o, on_signed_in, 0);
}

static void on_code_sent(struct peer *peer, const struct peer_answer *answer, uint32_t tag)
{
	struct account *account = account_of(peer);
	const struct tl_auth_sentCode *sent;

	if (!fleet_answered(peer, answer, "auth.sendCode"))
		return;
	sent = TL_AS(auth_sentCode, answer->reply.object);
	if (!sent || sent->phone_code_hash.size >= sizeof(account->code_hash)) {
		peers_fail(peer->peers, "auth.sendCode gave no usable hash");
		return;
	}
	memcpy(account->code_hash, sent->phone_code_hash.data, sent->phone_code_hash.size);
	sign_in_if_ready(account);
}

static void on_ready(struct peer *peer)
{
	struct tl_codeSettings settings = {.o.name = TL_codeSettings};
	struct tl_auth_sendCode query = {.o.name = TL_auth_sendCode,
		.phone_number = bytes_from_str(account_of(peer)->phone),
		.api_id = 1,
		.api_hash = BYTES_LITERAL("bench"),
		.settings = &settings.o};

	peer_call(peer, &query.o, on_code_sent, 0);
}

static void on_update(struct peer *peer, const struct tl_object *update)
{
	struct account *account = account_of(peer);

	if (account->fleet->update && account->user_id)
		account->fleet->update(account, update);
}

static const struct peer_ops ops = {.ready = on_ready, .update = on_update};

static void start_next(struct fleet *fleet)
{
	struct account *account;

	if (fleet->started == fleet->goal)
		return;
	account = &fleet->accounts[fleet->started++];
	peer_open(&account->peer, fleet->peers, &ops, account);
}

void fleet_take_code(struct fleet *fleet, const char *phone, const char *code)
{
	struct account *account;
	unsigned long index;

	if (strncmp(phone, PHONE_PREFIX, sizeof(PHONE_PREFIX) - 1) != 0)
		return;
	index = strtoul(phone + sizeof(PHONE_PREFIX) - 1, NULL, 10);
	if (index >= fleet->started)
		return;
	account = &fleet->accounts[index];
	snprintf(account->code, sizeof(account->code), "%s", code);
	sign_in_if_ready(account);
}

static bool all_in(void *ctx)
{
	struct fleet *fleet = ctx;

	return fleet->logged_in >= fleet->goal;
}

int fleet_log_in(struct fleet *fleet, uint32_t goal, uint32_t parallel, struct err *err)
{
	uint32_t waiting = goal - fleet->logged_in;

	fleet->goal = goal;
	for (uint32_t i = 0; i < parallel; i++)
		start_next(fleet);
	return peers_run(fleet->peers, all_in, fleet,
		PATIENCE_MIN_MS + (int64_t)LOG_IN_PATIENCE_MS * waiting, err);
}

/* ---- One step for many ---- */

static bool steps_over(void *ctx)
{
	struct fleet *fleet = ctx;

	return fleet->step_next >= fleet->logged_in && fleet->steps_running == 0;
}

static void step_next(struct fleet *fleet)
{
	struct account *account;

	if (fleet->step_next >= fleet->logged_in)
		return;
	account = &fleet->accounts[fleet->step_next];
	fleet->step_next += fleet->step_stride;
	fleet->steps_running++;
	fleet->step(account);
}

void fleet_step_done(struct fleet *fleet)
{
	fleet->steps_running--;
	step_next(fleet);
}

int fleet_each(struct fleet *fleet, uint32_t first, uint32_t stride, uint32_t parallel,
	void (*step)(struct account *account), struct err *err)
{
	fleet->step = step;
	fleet->step_next = first;
	fleet->step_stride = stride;
	for (uint32_t i = 0; i < parallel; i++)
		step_next(fleet);
	return peers_run(fleet->peers, steps_over, fleet,
		PATIENCE_MIN_MS + (int64_t)LOG_IN_PATIENCE_MS * fleet->logged_in, err);
}
