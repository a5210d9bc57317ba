/* SPDX-License-Identifier: Apache-2.0 */
/* The connections of a case: which transport, with which secret, from where; and the commands that
 * open them. */
#include <stdlib.h>

#include "runner.h"

static const struct {
	const char *name;
	enum transport_kind kind;
	bool obfuscated;
	enum transport_stream stream;
} transports[] = {
	{"abridged", TRANSPORT_ABRIDGED, false, TRANSPORT_TCP},
	{"intermediate", TRANSPORT_INTERMEDIATE, false, TRANSPORT_TCP},
	{"padded", TRANSPORT_PADDED, false, TRANSPORT_TCP},
	{"full", TRANSPORT_FULL, false, TRANSPORT_TCP},
	{"obfuscated", TRANSPORT_INTERMEDIATE, true, TRANSPORT_TCP},
	{"websocket", TRANSPORT_ABRIDGED, true, TRANSPORT_WEBSOCKET},
	{"http", TRANSPORT_HTTP, false, TRANSPORT_EXCHANGE},
	{"raw", TRANSPORT_INTERMEDIATE, false,
		TRANSPORT_TCP}, /* the case sends the first bytes itself */
	{"raw-websocket", TRANSPORT_INTERMEDIATE, false, TRANSPORT_WEBSOCKET},
};

/* ` secret=N dc=N` behind the transport's name: obfuscated with the N-th secret, for that DC. */
static void use_secret(struct run *run, enum transport_kind kind, const char *words)
{
	const char *number = strstr(words, " secret="), *dc = strstr(words, " dc=");
	struct transport_secret secret = {0};

	if (run->secrets.count > 0)
		transport_accept_secrets(&run->link->conn.transport, &run->secrets);
	if (!number)
		return;
	memset(secret.bytes, (int)strtol(number + 8, NULL, 10), sizeof(secret.bytes));
	transport_release(&run->link->client.transport);
	buf_clear(&run->link->to_server);
	transport_init_client_secret(&run->link->client.transport, kind, &secret,
		(int16_t)(dc ? strtol(dc + 4, NULL, 10) : 2), &run->world.random,
		&run->link->to_server);
}

void run_open_link(struct run *run, const char *transport)
{
	size_t length = strcspn(transport, " ");

	for (size_t i = 0; i < ARRAY_LEN(transports); i++) {
		if (strlen(transports[i].name) != length ||
			memcmp(transports[i].name, transport, length) != 0)
			continue;
		link_open(run->link, &run->world, transports[i].kind, transports[i].obfuscated,
			transports[i].stream);
		use_secret(run, transports[i].kind, transport);
		if (strncmp(transport, "raw", 3) == 0)
			buf_clear(&run->link->to_server);
		link_use_key(run->link, run->world.keys[0]);
		run->link->client.session_id = FIRST_SESSION;
		return;
	}
	run_wrong(run, "no transport %s", transport);
}

/* A new connection of the same session: numbers go on, and the log too. */
static void reopen(struct run *run, const char *transport, bool restart)
{
	struct buf log = run->link->log;
	uint64_t last_msg_id = run->link->client.last_msg_id;
	uint32_t seqno = run->link->client.seqno, acks_count = run->link->client.acks_count;
	uint64_t acks[ARRAY_LEN(run->link->client.acks)];

	memcpy(acks, run->link->client.acks, sizeof(acks));
	run->link->log = (struct buf){0};
	link_release(run->link);
	if (restart)
		world_restart(&run->world);
	run_open_link(run, transport);
	run->link->log = log;
	run->link->client.last_msg_id = last_msg_id;
	run->link->client.seqno = seqno;
	run->link->client.acks_count = acks_count;
	memcpy(run->link->client.acks, acks, sizeof(acks));
}

static void do_connect(struct run *run, char *transport)
{
	reopen(run, transport, false);
}

/* The other of two connections. The first time it opens, with the numbers that the one before it
 * has come to. */
static void do_other(struct run *run, char *transport)
{
	const struct mtproto_client *before = &run->link->client;

	run->link = run->link == &run->links[0] ? &run->links[1] : &run->links[0];
	if (!run->link->world) {
		run_open_link(run, transport);
		run->link->client.seqno = before->seqno;
	}
	run->link->client.last_msg_id = before->last_msg_id; /* ids are times */
	link_pump(run->link);
}

/* Where the connection comes from, as the host sees it. */
static void do_place(struct run *run, char *words)
{
	run->link->place = strtoull(words, NULL, 10);
}

static void do_restart(struct run *run, char *words)
{
	(void)words;
	reopen(run, "intermediate", true);
}

/* The server knows the secrets 1 (every byte is 1) and 2; for the connections to come. */
static void do_secrets(struct run *run, char *words)
{
	for (int i = 0; i < 2; i++) {
		memset(run->secret[i].bytes, i + 1, sizeof(run->secret[i].bytes));
		run->secret[i].padded = strstr(words, "padded");
	}
	run->secrets = (struct transport_secrets){run->secret, 2, strstr(words, "only")};
}

const struct command connection_commands[] = {
	{"connect", do_connect},
	{"other", do_other},
	{"place", do_place},
	{"restart", do_restart},
	{"secrets", do_secrets},
	{0},
};
