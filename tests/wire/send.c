/* SPDX-License-Identifier: Apache-2.0 */
/* What a case sends: messages that it numbers, seals and bends as it likes, and bare bytes. Bodies
 * are built in body.c. */
#include <stdio.h>
#include <stdlib.h>

#include "mtproto/envelope.h"
#include "mtproto/wire.h"
#include "runner.h"

static uint64_t named_id(struct run *run, const char *name)
{
	for (size_t i = 0; i < run->names_count; i++)
		if (strcmp(run->names[i].name, name) == 0)
			return run->names[i].id;
	run_wrong(run, "no message was sent as %s", name);
	return 0;
}

uint64_t run_id(struct run *run, const char *reference)
{
	unsigned long at;

	if (reference[0] == '$')
		return named_id(run, reference + 1);
	if (reference[0] == '@') { /* a message of the server's that was not acknowledged */
		at = strtoul(reference + 1, NULL, 10);
		if (at < run->link->client.acks_count)
			return run->link->client.acks[at];
		run_wrong(run, "the server sent no %lu messages", at + 1);
		return 0;
	}
	return strtoull(reference, NULL, 10);
}

static void name_id(struct run *run, const char *name, uint64_t id)
{
	if (run->names_count == ARRAY_LEN(run->names)) {
		run_wrong(run, "too many names");
		return;
	}
	snprintf(run->names[run->names_count].name, sizeof(run->names[0].name), "%s", name);
	run->names[run->names_count++].id = id;
}

/* What `name=value` words before the body may set. */
struct options {
	uint64_t id, salt, session_id;
	uint32_t seqno;
	bool has_seqno, quick, first_version;
	long flip, cut, pad, length;
	char name[16];
};

static uint64_t salt_named(struct run *run, const char *name)
{
	struct auth_key *key = run->world.keys[0];
	int64_t epoch = run->world.now_us / 1000000 / SALT_EPOCH_S;

	if (strcmp(name, "previous") == 0)
		return auth_key_salt_of_epoch(key, epoch - 1);
	if (strcmp(name, "older") == 0)
		return auth_key_salt_of_epoch(key, epoch - 2);
	if (strcmp(name, "next") == 0)
		return auth_key_salt_of_epoch(key, epoch + 1);
	return 0xbad;
}

static bool take_option(struct run *run, struct options *o, const char *word)
{
	const char *value = strchr(word, '=');
	size_t size = value ? (size_t)(value++ - word) : strlen(word);

#define IS(text) (size == strlen(text) && memcmp(word, text, size) == 0)
	if (IS("quick"))
		o->quick = true;
	else if (IS("v1"))
		o->first_version = true;
	else if (!value)
		return false;
	else if (IS("as"))
		snprintf(o->name, sizeof(o->name), "%s", value);
	else if (IS("id"))
		o->id = run_id(run, value);
	else if (IS("at"))
		o->id += (uint64_t)strtoll(value, NULL, 10) << 32;
	else if (IS("bits"))
		o->id += strtoull(value, NULL, 10);
	else if (IS("seq"))
		o->seqno = (uint32_t)strtoul(value, NULL, 10), o->has_seqno = true;
	else if (IS("salt"))
		o->salt = salt_named(run, value);
	else if (IS("session"))
		o->session_id = strtoull(value, NULL, 10);
	else if (IS("flip"))
		o->flip = strtol(value, NULL, 10);
	else if (IS("cut"))
		o->cut = strtol(value, NULL, 10);
	else if (IS("pad"))
		o->pad = strtol(value, NULL, 10);
	else if (IS("length"))
		o->length = strtol(value, NULL, 10);
	else
		return false;
#undef IS
	return true;
}

/* Options, then the body. Returns where the options end. */
static char *take_options(struct run *run, struct options *o, char *words)
{
	char *word, *rest = words;

	memset(o, 0, sizeof(*o));
	o->id = mtproto_client_next_msg_id(&run->link->client);
	o->salt = auth_key_salt(run->world.keys[0], run->world.now_us / 1000000);
	o->session_id = run->link->client.session_id;
	o->flip = o->pad = -1;
	for (;;) {
		word = rest + strspn(rest, " \t");
		rest = word + strcspn(word, " \t");
		if (*word == '\0')
			return word;
		char kept = *rest;
		*rest = '\0';
		bool taken = take_option(run, o, word);
		*rest = kept;
		if (!taken)
			return word;
	}
}

static void number(struct run *run, struct options *o, const struct buf *body)
{
	struct mtproto_client *client = &run->link->client;

	if (!o->has_seqno)
		o->seqno = mtproto_client_next_seqno(client, body_is_content(buf_bytes(body)));
	else if (client->seqno < (o->seqno + 1) / 2)
		client->seqno = (o->seqno + 1) / 2;
	if (o->name[0])
		name_id(run, o->name, o->id);
}

/* By hand, since envelope_seal makes no mistakes. */
static void seal(struct run *run, const struct options *o, const struct buf *body, struct buf *out)
{
	const struct auth_key *key = &run->link->client.key;
	size_t size = ENVELOPE_HEADER + buf_size(body);
	size_t padding = o->pad >= 0 ? (size_t)o->pad : envelope_padding(size);
	uint8_t *packet = buf_extend(out, ENVELOPE_OUTER + size + padding);
	uint8_t *plain = packet + ENVELOPE_OUTER;
	struct envelope_job job = {key, packet, size + padding};
	struct buf old = {0};

	store_u64le(plain, o->salt);
	store_u64le(plain + 8, o->session_id);
	store_u64le(plain + 16, o->id);
	store_u32le(plain + 24, o->seqno);
	store_u32le(plain + 28, (uint32_t)((long)buf_size(body) + o->length));
	if (buf_size(body))
		memcpy(plain + ENVELOPE_HEADER, buf_data(body), buf_size(body));
	random_fill(&run->world.random, plain + size, padding);
	if (!o->first_version) {
		envelope_seal_many(&job, 1, ENVELOPE_TO_SERVER);
		return;
	}
	envelope_seal_v1(key, plain, size, &run->world.random, &old);
	buf_clear(out);
	buf_append_bytes(out, buf_bytes(&old));
	buf_release(&old);
}

/* Sealed, bent if the case says so, framed and fed. */
static void send_message(struct run *run, const struct options *o, const struct buf *body)
{
	struct buf packet = {0};

	seal(run, o, body, &packet);
	if (o->flip >= 0 && (size_t)o->flip < buf_size(&packet))
		buf_data(&packet)[o->flip] ^= 1;
	if (o->cut > 0)
		buf_truncate(&packet, buf_size(&packet) - (size_t)o->cut);
	transport_wrap(&run->link->client.transport, buf_bytes(&packet), o->quick,
		&run->world.random, &run->link->to_server);
	buf_release(&packet);
	/* Answers come in the session that asked. */
	run->link->client.session_id = o->session_id;
	link_pump(run->link);
	run->link->client.session_id = FIRST_SESSION;
}

static void do_send(struct run *run, char *words)
{
	struct options o;
	struct buf body = {0};
	char *rest = take_options(run, &o, words);

	if (body_put(run, rest, &body) < 0)
		run_wrong(run, "no such body: %s", rest);
	number(run, &o, &body);
	if (run->in_container) {
		uint8_t head[16];

		store_u64le(head, o.id);
		store_u32le(head + 8, o.seqno);
		store_u32le(head + 12, (uint32_t)buf_size(&body) + (uint32_t)run->wrong_size);
		buf_append(&run->container, head, sizeof(head));
		buf_append_bytes(&run->container, buf_bytes(&body));
		run->container_count++;
	} else {
		send_message(run, &o, &body);
	}
	buf_release(&body);
}

static void do_container(struct run *run, char *words)
{
	snprintf(run->container_words, sizeof(run->container_words), "%s", words);
	buf_clear(&run->container);
	run->container_count = 0;
	run->in_container = true;
	run->wrong_size = 0;
}

/* Ends the container; a number as argument is the count that is claimed instead of the true one. */
static void do_end(struct run *run, char *words)
{
	struct options o;
	struct buf body = {0};

	run->in_container = false;
	take_options(run, &o, run->container_words);
	wire_put_id(&body, WIRE_CONTAINER);
	buf_append_u32le(&body, *words ? (uint32_t)strtoul(words, NULL, 10) : run->container_count);
	buf_append_bytes(&body, buf_bytes(&run->container));
	number(run, &o, &body);
	send_message(run, &o, &body);
	buf_release(&body);
}

static void do_repeat(struct run *run, char *words)
{
	char *rest;
	unsigned long times = strtoul(words, &rest, 10);
	char copy[256];

	for (unsigned long i = 0; i < times && !run->failed; i++) {
		snprintf(copy, sizeof(copy), "%s", rest);
		do_send(run, copy);
	}
}

static void do_plain(struct run *run, char *words)
{
	struct buf packet = {0}, body = {0};

	if (body_put(run, words, &body) < 0)
		run_wrong(run, "no such body: %s", words);
	world_need_rsa(&run->world);
	buf_append_u64le(&packet, 0);
	buf_append_u64le(&packet, mtproto_client_next_msg_id(&run->link->client));
	buf_append_u32le(&packet, (uint32_t)buf_size(&body));
	buf_append_bytes(&packet, buf_bytes(&body));
	transport_wrap(&run->link->client.transport, buf_bytes(&packet), false, &run->world.random,
		&run->link->to_server);
	link_pump(run->link);
	buf_release(&packet);
	buf_release(&body);
}

static void do_bytes(struct run *run, char *words)
{
	struct buf bytes = {0};

	if (body_put_hex(words, &bytes) < 0)
		run_wrong(run, "not hex: %s", words);
	else if (!run->link->closed)
		mtproto_conn_feed(&run->link->conn, buf_data(&bytes), buf_size(&bytes));
	buf_release(&bytes);
}

/* A request over HTTP with this body. */
static void do_request(struct run *run, char *words)
{
	if (body_put_hex(words, &run->link->to_server) < 0)
		run_wrong(run, "not hex: %s", words);
	link_pump(run->link);
}

static void do_wrong_size(struct run *run, char *words)
{
	run->wrong_size = strtol(words, NULL, 10);
}

const struct command send_commands[] = {
	{"send", do_send},
	{"inner", do_send},
	{"repeat", do_repeat},
	{"container", do_container},
	{"wrong-size", do_wrong_size},
	{"end", do_end},
	{"plain", do_plain},
	{"bytes", do_bytes},
	{"request", do_request},
	{0},
};
