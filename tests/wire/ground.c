/* SPDX-License-Identifier: Apache-2.0 */
/* What a case does to all that is not a message of its client: time passes, the host answers,
 * pushes, has no room, keeps keys. */
#include <stdlib.h>

#include "base/mem.h"
#include "runner.h"

static void do_advance(struct run *run, char *words)
{
	world_advance(&run->world, strtoll(words, NULL, 10));
	link_pump(run->link);
}

/* Milliseconds. */
static void do_wait(struct run *run, char *words)
{
	run->world.now_us += strtoll(words, NULL, 10) * 1000;
	world_advance(&run->world, 0);
	link_pump(run->link);
}

static void do_lose(struct run *run, char *words)
{
	run->link->deaf = strcmp(words, "nothing") != 0;
}

/* An update: its constructor, and how many bytes. */
static void do_push(struct run *run, char *words)
{
	struct mtproto_session *session =
		mtproto_session_find(&run->world.server, run->world.keys[0]->id, FIRST_SESSION);
	char *rest;
	uint32_t constructor = (uint32_t)strtoul(words, &rest, 16);
	size_t size = *rest ? strtoul(rest, NULL, 10) : 4;
	uint8_t *body = mem_zalloc(1, size);

	store_u32le(body, constructor);
	if (!session ||
		mtproto_session_push(session, bytes_of(body, size), MTPROTO_PUSH_UPDATE) < 0)
		run_wrong(run, "there is no session to tell");
	free(body);
	link_pump(run->link);
}

static void do_step(struct run *run, char *words)
{
	world_step_clock(&run->world, strtoll(words, NULL, 10));
}

static void do_answer(struct run *run, char *words)
{
	(void)words;
	world_answer_held(&run->world);
	link_pump(run->link);
}

static void do_key(struct run *run, char *words)
{
	if (strcmp(words, "unknown") == 0)
		run->link->client.key.id ^= 1;
	else if (strcmp(words, "unavailable") == 0)
		run->world.unavailable = true;
	else if (strcmp(words, "expired") == 0)
		run->world.keys[0]->expires_at = 1;
	else
		run_wrong(run, "no such key state: %s", words);
}

static void do_handshake(struct run *run, char *words)
{
	if (!run_handshake(run, words))
		run_wrong(run, "no such step of a handshake: %s", words);
}

/* What the host does about a new key. */
static void do_store(struct run *run, char *words)
{
	run->world.store_later = strcmp(words, "later") == 0;
	run->world.store_status = strcmp(words, "taken") == 0	 ? MTPROTO_STORE_TAKEN
				  : strcmp(words, "failed") == 0 ? MTPROTO_STORE_FAILED
								 : MTPROTO_STORED;
	if (strcmp(words, "now") == 0)
		mtproto_conn_key_stored(&run->link->conn, MTPROTO_STORED);
}

/* What it does about costly steps. */
static void do_work(struct run *run, char *words)
{
	if (strcmp(words, "now") == 0) {
		world_work(&run->world);
		return;
	}
	run->world.work_full = strcmp(words, "full") == 0;
	run->world.work_later = strcmp(words, "later") == 0;
	run->world.refuse_handshakes = strcmp(words, "unpaid") == 0;
}

const struct command ground_commands[] = {
	{"advance", do_advance},
	{"wait", do_wait},
	{"lose", do_lose},
	{"step", do_step},
	{"answer", do_answer},
	{"push", do_push},
	{"key", do_key},
	{"handshake", do_handshake},
	{"store", do_store},
	{"work", do_work},
	{0},
};
