/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs wire cases: text files that say what a client sends and what it must be told. One case is
 * one world with one key. The language is described in README.md; bodies are built in body.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "mtproto/envelope.h"
#include "mtproto/wire.h"
#include "runner.h"

#define LINE_MAX_SIZE 4096

static void wrong(struct run *run, const char *format, ...) PRINTF_LIKE(2, 3);

static void wrong(struct run *run, const char *format, ...)
{
	va_list args;

	if (run->failed)
		return;
	run->failed = true;
	fprintf(stderr, "not ok: %s\n  line %u: ", run->name, run->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n  the client was told:\n%.*s\n", (int)buf_size(&run->link->log),
		(const char *)buf_data(&run->link->log));
}

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

static void open_link(struct run *run, const char *transport)
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
	wrong(run, "no transport %s", transport);
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
	open_link(run, transport);
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
		open_link(run, transport);
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

static uint64_t named_id(struct run *run, const char *name)
{
	for (size_t i = 0; i < run->names_count; i++)
		if (strcmp(run->names[i].name, name) == 0)
			return run->names[i].id;
	wrong(run, "no message was sent as %s", name);
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
		wrong(run, "the server sent no %lu messages", at + 1);
		return 0;
	}
	return strtoull(reference, NULL, 10);
}

static void name_id(struct run *run, const char *name, uint64_t id)
{
	if (run->names_count == ARRAY_LEN(run->names)) {
		wrong(run, "too many names");
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
		wrong(run, "no such body: %s", rest);
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
		wrong(run, "no such body: %s", words);
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
		wrong(run, "not hex: %s", words);
	else if (!run->link->closed)
		mtproto_conn_feed(&run->link->conn, buf_data(&bytes), buf_size(&bytes));
	buf_release(&bytes);
}

/* A request over HTTP with this body. */
static void do_request(struct run *run, char *words)
{
	if (body_put_hex(words, &run->link->to_server) < 0)
		wrong(run, "not hex: %s", words);
	link_pump(run->link);
}

/* $names and @numbers become the ids as the log shows them. */
static void put_expected(struct run *run, const char *words, char *out, size_t size)
{
	size_t at = 0;

	while (*words && at + 20 < size) {
		char reference[32];
		size_t length = strcspn(words, " ");

		if (*words == '$' || *words == '@') {
			snprintf(reference, sizeof(reference), "%.*s", (int)length, words);
			at += (size_t)snprintf(out + at, size - at, "%llx",
				(unsigned long long)run_id(run, reference));
			words += length;
		} else {
			out[at++] = *words++;
		}
	}
	out[at] = '\0';
}

static void do_expect(struct run *run, char *words)
{
	char want[256];

	put_expected(run, words, want, sizeof(want));
	if (!link_logged(run->link, "%s", want))
		wrong(run, "expected: %s (%s)", words, want);
}

static void do_never(struct run *run, char *words)
{
	char want[256];

	put_expected(run, words, want, sizeof(want));
	if (link_logged(run->link, "%s", want))
		wrong(run, "was told: %s (%s)", words, want);
}

static void do_count(struct run *run, char *words)
{
	char want[256], *rest;
	unsigned long count = strtoul(words, &rest, 10), seen;

	put_expected(run, rest + 1, want, sizeof(want));
	seen = link_log_count(run->link, want);
	if (seen != count)
		wrong(run, "%lu times, not %lu: %s", seen, count, want);
}

static void do_calls(struct run *run, char *words)
{
	if (run->world.calls != strtoul(words, NULL, 10))
		wrong(run, "the host got %u calls, not %s", run->world.calls, words);
}

static void do_sessions(struct run *run, char *words)
{
	if (run->world.server.sessions_count != strtoul(words, NULL, 10))
		wrong(run, "%zu sessions, not %s", run->world.server.sessions_count, words);
}

static void do_closed(struct run *run, char *words)
{
	(void)words;
	if (!run->link->closed)
		wrong(run, "the connection should be closed");
}

static void do_open(struct run *run, char *words)
{
	(void)words;
	if (run->link->closed)
		wrong(run, "the connection should be open");
}

/* Exactly these bytes wait for the client. */
static void do_sent(struct run *run, char *words)
{
	struct buf want = {0};

	if (body_put_hex(words, &want) < 0)
		wrong(run, "not hex: %s", words);
	else if (!bytes_equal(buf_bytes(&want), buf_bytes(&run->link->to_client)))
		wrong(run, "the server sent %zu other bytes", buf_size(&run->link->to_client));
	buf_release(&want);
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

static void do_dc(struct run *run, char *words)
{
	if (mtproto_conn_dc(&run->link->conn) != strtol(words, NULL, 10))
		wrong(run, "the DC is %d, not %s", mtproto_conn_dc(&run->link->conn), words);
}

static void do_nothing_sent(struct run *run, char *words)
{
	(void)words;
	if (buf_size(&run->link->to_client) > 0 || buf_size(&run->link->log) > 0)
		wrong(run, "the server should have kept silent");
}

static void do_clear(struct run *run, char *words)
{
	(void)words;
	link_log_clear(run->link);
}

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

static void do_waiting(struct run *run, char *words)
{
	if (run->link->exchanges_count != strtoul(words, NULL, 10))
		wrong(run, "%zu requests wait, not %s", run->link->exchanges_count, words);
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
		wrong(run, "there is no session to tell");
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

static void do_wrong_size(struct run *run, char *words)
{
	run->wrong_size = strtol(words, NULL, 10);
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
		wrong(run, "no such key state: %s", words);
}

static void do_handshake(struct run *run, char *words)
{
	if (!run_handshake(run, words))
		wrong(run, "no such step of a handshake: %s", words);
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

static void do_runs(struct run *run, char *words)
{
	size_t open = handshakes_open(run->world.handshakes);

	if (open != strtoul(words, NULL, 10))
		wrong(run, "%zu handshakes are remembered, not %s", open, words);
}

static const struct {
	const char *name;
	void (*run)(struct run *run, char *words);
} commands[] = {
	{"connect", do_connect},
	{"other", do_other},
	{"place", do_place},
	{"restart", do_restart},
	{"send", do_send},
	{"inner", do_send},
	{"repeat", do_repeat},
	{"container", do_container},
	{"wrong-size", do_wrong_size},
	{"end", do_end},
	{"plain", do_plain},
	{"bytes", do_bytes},
	{"request", do_request},
	{"expect", do_expect},
	{"never", do_never},
	{"count", do_count},
	{"calls", do_calls},
	{"sessions", do_sessions},
	{"closed", do_closed},
	{"open", do_open},
	{"nothing-sent", do_nothing_sent},
	{"sent", do_sent},
	{"secrets", do_secrets},
	{"dc", do_dc},
	{"clear", do_clear},
	{"advance", do_advance},
	{"wait", do_wait},
	{"waiting", do_waiting},
	{"lose", do_lose},
	{"step", do_step},
	{"answer", do_answer},
	{"push", do_push},
	{"key", do_key},
	{"handshake", do_handshake},
	{"store", do_store},
	{"work", do_work},
	{"runs", do_runs},
};

static void run_line(struct run *run, char *line)
{
	char *word = line + strspn(line, " \t"), *rest = word + strcspn(word, " \t");

	if (*rest)
		*rest++ = '\0';
	rest += strspn(rest, " \t");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(commands[i].name, word) == 0) {
			commands[i].run(run, rest);
			return;
		}
	}
	wrong(run, "no such command: %s", word);
}

static void case_begin(struct run *run, const char *name)
{
	uint8_t full[256];
	unsigned line = run->line;

	memset(run, 0, sizeof(*run));
	run->line = line;
	run->link = &run->links[0];
	snprintf(run->name, sizeof(run->name), "%.200s", name);
	world_init(&run->world);
	for (size_t i = 0; i < sizeof(full); i++)
		full[i] = (uint8_t)(i * 7 + 1);
	world_add_key(&run->world, full, false);
	open_link(run, "intermediate");
	run->running = true;
}

static int case_end(struct run *run)
{
	if (!run->running)
		return 0;
	run->running = false;
	for (size_t i = 0; i < ARRAY_LEN(run->links); i++)
		if (run->links[i].world)
			link_release(&run->links[i]);
	world_release(&run->world);
	buf_release(&run->container);
	run_handshake_release(run);
	if (!run->failed)
		printf("ok: %s\n", run->name);
	return run->failed;
}

static int run_file(const char *path)
{
	static struct run run;
	char line[LINE_MAX_SIZE];
	FILE *file = fopen(path, "r");
	int failures = 0, cases = 0;

	if (!file) {
		perror(path);
		return 1;
	}
	run.line = 0;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		run.line++;
		if (strncmp(line, "case ", 5) == 0) {
			failures += case_end(&run);
			case_begin(&run, line + 5);
			cases++;
		} else if (run.running && !run.failed && line[strspn(line, " \t")] != '\0' &&
			   line[0] != '#') {
			run_line(&run, line);
		}
	}
	failures += case_end(&run);
	fclose(file);
	printf("%s: %d cases, %d failed\n", path, cases, failures);
	return failures > 0 || cases == 0;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	for (int i = 1; i < argc; i++)
		failed |= run_file(argv[i]);
	return failed;
}
