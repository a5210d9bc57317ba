/* SPDX-License-Identifier: Apache-2.0 */
/* An account pays for all its devices; who is nobody yet pays by key and by address, as keys are
 * free to make. */
#include "server/admit.h"

#include <stdio.h>

#define TLS_HANDSHAKE_COST 0.1	/* 0.2 to 1 ms, by the certificate's kind */
#define HANDSHAKE_STEP_COST 0.5 /* of the two costly steps of a handshake */

static void flood_wait(struct fault *fault, int64_t wait_us)
{
	int64_t seconds = (wait_us + 999999) / 1000000;

	fault->code = 420;
	snprintf(fault->text, sizeof(fault->text), "FLOOD_WAIT_%lld",
		(long long)(seconds < 1 ? 1 : seconds));
}

static int64_t now_us(const struct net_thread *thread)
{
	return clock_monotonic_us(thread->node->env.clock);
}

struct payer {
	enum bucket_kind kind;
	uint64_t id;
};

static struct payer payer_of(const struct ring_key *key)
{
	if (key->key.user_id)
		return (struct payer){BUCKET_ACCOUNT_CALLS, (uint64_t)key->key.user_id};
	return (struct payer){BUCKET_KEY_CALLS, key->key.id};
}

void admit_undecoded(struct net_thread *thread, const struct ring_key *key, struct fault *fault)
{
	struct payer payer = payer_of(key);
	int64_t wait_us = buckets_wait(
		&thread->node->buckets, payer.kind, payer.id, ADMIT_COST_LEAST, now_us(thread));

	if (wait_us)
		flood_wait(fault, wait_us);
}

static double rate_cost(enum api_rate rate)
{
	switch (rate) {
	case RATE_LIGHT:
		return ADMIT_COST_LEAST;
	case RATE_NORMAL:
		return 1;
	case RATE_HEAVY:
	case RATE_LOGIN:
		break;
	}
	return ADMIT_COST_HEAVY;
}

void admit_pay(struct net_thread *thread, const struct ring_key *key, const struct address *peer,
	enum api_rate rate, size_t decoded, struct fault *fault)
{
	struct buckets *buckets = &thread->node->buckets;
	double size_cost = (double)decoded / ADMIT_COST_BYTES, cost = rate_cost(rate) + size_cost;
	struct payer payer = payer_of(key);
	int64_t now = now_us(thread), wait_us = 0;

	/* This machine's own addresses stand for many: a proxy. */
	if (!key->key.user_id && !address_is_localhost(peer))
		wait_us = buckets_take(buckets, BUCKET_ADDRESS_CALLS, address_id(peer), cost, now);
	if (!wait_us)
		wait_us = buckets_take(buckets, payer.kind, payer.id, cost, now);
	if (!wait_us)
		return;
	buckets_drain(buckets, payer.kind, payer.id, size_cost, now);
	flood_wait(fault, wait_us);
}

static bool has_room(const struct net_thread *thread, const struct ring_key *key, size_t size)
{
	uint32_t calls = thread->calls, key_calls = key->calls;
	size_t bytes = thread->call_bytes + size, key_bytes = key->call_bytes + size;
	bool known = key->key.user_id != 0;

	if (calls >= ADMIT_CROWDED(ADMIT_THREAD_CALLS_MAX) ||
		bytes > ADMIT_CROWDED(ADMIT_THREAD_BYTES_MAX))
		return known && calls < ADMIT_THREAD_CALLS_MAX && bytes <= ADMIT_THREAD_BYTES_MAX &&
		       key_calls < ADMIT_CROWDED_KEY_CALLS_MAX &&
		       key_bytes <= ADMIT_CROWDED_KEY_BYTES_MAX;
	return key_calls < (known ? ADMIT_KEY_CALLS_MAX : ADMIT_STRANGER_CALLS_MAX) &&
	       key_bytes <= (known ? ADMIT_KEY_BYTES_MAX : ADMIT_STRANGER_BYTES_MAX);
}

void admit_hold(struct net_thread *thread, struct ring_key *key, size_t size, struct fault *fault)
{
	if (!has_room(thread, key, size)) {
		flood_wait(fault, 0);
		return;
	}
	key->calls++;
	key->call_bytes += size;
	thread->calls++;
	thread->call_bytes += size;
}

void admit_done(struct net_thread *thread, struct ring_key *key, size_t size)
{
	key->calls--;
	key->call_bytes -= size;
	thread->calls--;
	thread->call_bytes -= size;
}

void admit_who(const struct auth_key *key, enum api_who who, struct fault *fault)
{
	if (who == FOR_UNBOUND)
		return;
	if (!keyring_perm_id(key))
		*fault = (struct fault){401, "AUTH_KEY_PERM_EMPTY"};
	else if (!key->user_id && api_who_is_account(who))
		*fault = (struct fault){401, "AUTH_KEY_UNREGISTERED"};
	else if (key->is_bot && (who == FOR_USER || who == FOR_PEOPLE))
		*fault = (struct fault){400, "BOT_METHOD_INVALID"};
	else if (!key->is_bot && who == FOR_BOT)
		*fault = (struct fault){400, "USER_BOT_REQUIRED"};
}

static bool pay_handshake(struct net_thread *thread, const struct address *peer, double cost)
{
	return address_is_localhost(peer) ||
	       buckets_take(&thread->node->buckets, BUCKET_ADDRESS_HANDSHAKES, address_id(peer),
		       cost, now_us(thread)) == 0;
}

bool admit_handshake(struct net_thread *thread, const struct address *peer)
{
	return pay_handshake(thread, peer, HANDSHAKE_STEP_COST);
}

bool admit_tls(struct net_thread *thread, const struct address *peer)
{
	return pay_handshake(thread, peer, TLS_HANDSHAKE_COST);
}

int64_t admit_page(struct node *node, const struct address *peer)
{
	return address_is_localhost(peer)
		       ? 0
		       : buckets_take(&node->buckets, BUCKET_ADDRESS_CALLS, address_id(peer), 1,
				 clock_monotonic_us(node->env.clock));
}

bool admit_custodian(struct node *node, const struct address *peer)
{
	return admit_page(node, peer) == 0 &&
	       (address_is_localhost(peer) || buckets_take(&node->buckets, BUCKET_CUSTODIANS, 0, 1,
						      clock_monotonic_us(node->env.clock)) == 0);
}
