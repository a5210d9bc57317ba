/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a call is let in: what it costs its account, key and address (server/buckets.h), and
 * whether there is room for it among the calls under way. Who is refused is told FLOOD_WAIT_X with
 * an X after which the same succeeds. On the session's thread.
 */
#ifndef SERVER_ADMIT_H
#define SERVER_ADMIT_H

#include "api/dispatch.h"
#include "server/thread.h"

/* What one key may have under way at once. A client that comes back asks for a thousand things in
 * one container; who is not logged in needs few. */
#define ADMIT_KEY_CALLS_MAX 1024
#define ADMIT_KEY_BYTES_MAX ((size_t)32 << 20)
#define ADMIT_STRANGER_CALLS_MAX 64
#define ADMIT_STRANGER_BYTES_MAX ((size_t)4 << 20)
/* And a network thread. */
#define ADMIT_THREAD_CALLS_MAX 65536
#define ADMIT_THREAD_BYTES_MAX ((size_t)512 << 20)
/* When three quarters of that are taken, the rest is for logged-in keys with little under way: who
 * fills the queues waits, and whoever comes new, not who works. */
#define ADMIT_CROWDED(max) ((max) / 4 * 3)
#define ADMIT_CROWDED_KEY_CALLS_MAX 16
#define ADMIT_CROWDED_KEY_BYTES_MAX ((size_t)512 << 10)

/* Costs, in ordinary calls. */
#define ADMIT_COST_LEAST 0.25
#define ADMIT_COST_HEAVY 4
#define ADMIT_COST_BYTES (256 << 10) /* decoded bytes that cost as much as an ordinary call */

/* Before a call is decoded: one that can't be paid costs no more than its decryption. */
void admit_undecoded(struct net_thread *thread, const struct ring_key *key, struct fault *fault);
/* Takes what the method and its decoded size cost. What is refused has cost its size all the same:
 * that work is done. */
void admit_pay(struct net_thread *thread, const struct ring_key *key, const struct address *peer,
	enum api_rate rate, size_t decoded, struct fault *fault);
/* Counts a call of that many bytes as under way, until admit_done. */
void admit_hold(struct net_thread *thread, struct ring_key *key, size_t size, struct fault *fault);
void admit_done(struct net_thread *thread, struct ring_key *key, size_t size);
/* Who is logged in, and on what kind of key. */
void admit_who(const struct auth_key *key, enum api_who who, struct fault *fault);

/* A step of a handshake, before anybody has a key. */
bool admit_handshake(struct net_thread *thread, const struct address *peer);
/* A public page, out of the bucket of strangers' calls. In how many microseconds it is let in; 0:
 * now. */
int64_t admit_page(struct node *node, const struct address *peer);
/* A question to the keeper, whoever asks: all addresses together share a bucket too. */
bool admit_custodian(struct node *node, const struct address *peer);
/* A TLS handshake, out of the same bucket as a step of a handshake. */
bool admit_tls(struct net_thread *thread, const struct address *peer);

#endif
