/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the wire runner share: the state of one case, its commands, and the bodies it
 * can name. */
#ifndef TESTS_WIRE_RUNNER_H
#define TESTS_WIRE_RUNNER_H

#include "crypto/pq.h"
#include "world.h"

#define FIRST_SESSION 1001

/* The client's half of a handshake (handshake.c). */
struct run_handshake {
	unsigned runs;
	uint8_t nonce[16], server_nonce[16], new_nonce[32], g_a[256];
	struct pq pq;
	uint64_t retry_id;
	struct auth_key key;
	struct buf query, answer; /* the last ones */
};

struct run {
	struct world world;
	struct link links[2]; /* the second is open once a case said `other` */
	struct link *link;    /* one of them */
	char name[256];
	unsigned line;
	bool running, failed;
	struct transport_secret secret[2];
	struct transport_secrets secrets;
	struct {
		char name[16];
		uint64_t id;
	} names[32];
	size_t names_count;

	bool in_container;
	char container_words[256];
	struct buf container;
	uint32_t container_count;
	long wrong_size;

	struct run_handshake handshake;
};

/* A line of a case: its first word, and what that does with the others, which it may write into. */
struct command {
	const char *name; /* NULL ends a table */
	void (*run)(struct run *run, char *words);
};

extern const struct command connection_commands[], send_commands[], expect_commands[],
	ground_commands[];

/* The case fails, and says why. */
void run_wrong(struct run *run, const char *format, ...) PRINTF_LIKE(2, 3);
/* "name secret=N dc=N": run->link, with the case's key in its first session. */
void run_open_link(struct run *run, const char *transport);

/* One step of a handshake; what came back goes into the log. false: there is no such step. */
bool run_handshake(struct run *run, const char *words);
void run_handshake_release(struct run *run);

/* "$name": a message that the case sent; "@n": the n-th one of the server's; else a number. */
uint64_t run_id(struct run *run, const char *reference);

/* Appends the body that the words name. -1: there is no such body. */
int body_put(struct run *run, const char *words, struct buf *out);
int body_put_hex(const char *words, struct buf *out);
bool body_is_content(struct bytes body);

#endif
