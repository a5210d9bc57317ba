/* SPDX-License-Identifier: Apache-2.0 */
/* The messenger runs in a fork of the test, so that kill -9 is one. */
#include "live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/map.h"
#include "bench/introduce.h"
#include "server/kept.h"
#include "server/messenger.h"
#include "store/db.h"
#include "tl/read.h"
#include "tl/write.h"

#define ANSWER_MS 60000
#define UPDATES_TOO_LONG 0xe317af7eu

/* ---- The messenger ---- */

/* clock_offset: of the time of day and of the time that passes, and, while they stand still, both.
 */
enum { OFFSET_REAL, OFFSET_MONOTONIC, FROZEN_REAL, FROZEN_MONOTONIC, CLOCK_WORDS };

static int64_t clock_word(void *ctx, int word)
{
	return __atomic_load_n((int64_t *)ctx + word, __ATOMIC_SEQ_CST);
}

static int64_t live_realtime_us(void *ctx)
{
	int64_t frozen = clock_word(ctx, FROZEN_REAL);

	return (frozen ? frozen : clock_realtime_us(&clock_system)) + clock_word(ctx, OFFSET_REAL);
}

/* A clock that is set back does not undo time that has passed. */
static int64_t live_monotonic_us(void *ctx)
{
	int64_t frozen = clock_word(ctx, FROZEN_MONOTONIC);

	return (frozen ? frozen : clock_monotonic_us(&clock_system)) +
	       clock_word(ctx, OFFSET_MONOTONIC);
}

void live_freeze_clock(struct live *live)
{
	__atomic_store_n(&live->clock_offset[FROZEN_REAL], clock_realtime_us(&clock_system),
		__ATOMIC_SEQ_CST);
	__atomic_store_n(&live->clock_offset[FROZEN_MONOTONIC], clock_monotonic_us(&clock_system),
		__ATOMIC_SEQ_CST);
}

/* A keeper is looked for beside the program, which is this one. */
static void put_keeper_here(void)
{
	char self[PATH_MAX] = {0}, *slash;
	int folder;

	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	slash = strrchr(self, '/');
	assert_non_null(slash);
	*slash = '\0';
	folder = open(self, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(folder >= 0);
	/* All tests that need one do the same at once. */
	assert_true(symlinkat("../../../lontar-keeper", folder, "lontar-keeper") == 0 ||
		    errno == EEXIST);
	close(folder);
}

void live_init(struct live *live)
{
	struct err err = {0};

	memset(live, 0, sizeof(*live));
	put_keeper_here();
	snprintf(live->dir, sizeof(live->dir), "/tmp/lontar-live-XXXXXX");
	assert_non_null(mkdtemp(live->dir));
	live->clock_offset = mmap(NULL, CLOCK_WORDS * sizeof(int64_t), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(live->clock_offset != MAP_FAILED);
	live->clock = (struct clock){live_realtime_us, live_monotonic_us, live->clock_offset};
	assert_int_equal(installation_at(&live->in, live->dir, &err), 0);
	assert_int_equal(installation_init(&live->in, &err), 0);
	assert_int_equal(installation_open(&live->in, live->dir, &err), 0);
	live->in.settings.net_threads = 2;
	live->in.settings.metrics_port = 0;
	live->server_key = rsa_key_load_public(live->in.server_pub, &err);
	assert_non_null(live->server_key);
	live->kept_fd = -1;
	live->codes = -1;
}

void live_release(struct live *live)
{
	char command[128];

	if (live->pid)
		live_kill(live);
	if (live->kept_fd >= 0)
		close(live->kept_fd);
	rsa_key_free(live->server_key);
	munmap(live->clock_offset, CLOCK_WORDS * sizeof(int64_t));
	snprintf(command, sizeof(command), "rm -rf %s", live->dir);
	assert_int_equal(system(command), 0);
}

static void live_child(struct live *live, int ready_fd, int codes_fd)
{
	const struct messenger_options options = {.listen = "127.0.0.1",
		.codes = "console",
		.ready_fd = ready_fd,
		.kept_fd = dup(live->kept_fd),
		.tls_fd = -1,
		.relay_fd = -1,
		.fetch_fd = -1,
		.clock = &live->clock};

	prctl(PR_SET_PDEATHSIG, SIGKILL); /* whatever becomes of the test */
	dup2(codes_fd, STDOUT_FILENO);
	_exit(messenger_run(&live->in, &options));
}

void live_start(struct live *live)
{
	int ready[2], codes[2], port = 0;
	struct err err = {0};
	char line[32] = {0};

	if (live->kept_fd < 0)
		live->kept_fd = kept_make(&err);
	assert_true(live->kept_fd >= 0);
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(codes), 0);
	fflush(stdout);
	live->pid = fork();
	assert_true(live->pid >= 0);
	if (live->pid == 0)
		live_child(live, ready[1], codes[1]);
	close(ready[1]);
	close(codes[1]);
	if (live->codes >= 0)
		close(live->codes);
	live->codes = codes[0];
	assert_true(read(ready[0], line, sizeof(line) - 1) > 0);
	assert_int_equal(sscanf(line, "port=%d", &port), 1);
	live->port = (uint16_t)port;
	close(ready[0]);
}

static void live_end(struct live *live, int number)
{
	int status;

	assert_int_equal(kill(live->pid, number), 0);
	assert_int_equal(waitpid(live->pid, &status, 0), live->pid);
	assert_true(number == SIGKILL || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
	live->pid = 0;
}

void live_kill(struct live *live)
{
	live_end(live, SIGKILL);
}

void live_stop(struct live *live)
{
	live_end(live, SIGTERM);
}

void live_forget_kept(struct live *live)
{
	close(live->kept_fd);
	live->kept_fd = -1;
}

void live_step_clock(struct live *live, int64_t seconds)
{
	__atomic_add_fetch(&live->clock_offset[0], seconds * 1000000, __ATOMIC_SEQ_CST);
	if (seconds > 0)
		__atomic_add_fetch(&live->clock_offset[1], seconds * 1000000, __ATOMIC_SEQ_CST);
}

const char *live_code(struct live *live, const char *phone)
{
	static char text[65536], code[8];
	static size_t size;
	char wanted[64], *found = NULL, *next;

	snprintf(wanted, sizeof(wanted), "code phone=+%s code=", phone);
	for (int i = 0; !found && i < 100; i++) {
		struct pollfd fd = {live->codes, POLLIN, 0};

		if (poll(&fd, 1, 100) == 1 && size < sizeof(text) - 1) {
			ssize_t n = read(live->codes, text + size, sizeof(text) - 1 - size);

			size += n > 0 ? (size_t)n : 0;
			text[size] = 0;
		}
		for (next = text; (next = strstr(next, wanted)); next++)
			found = next;
	}
	assert_non_null(found);
	snprintf(code, sizeof(code), "%.5s", found + strlen(wanted));
	size = 0;
	text[0] = 0;
	return code;
}

static void live_counts(struct live *live, const char *const *sql, int64_t *out, size_t count)
{
	struct err err = {0};
	struct db *db;

	assert_int_equal(db_open(live->in.home_db, DB_READ, &db, &err), 0);
	db_begin(db);
	for (size_t i = 0; i < count; i++)
		out[i] = db_get_int_values(db, -1, sql[i], NULL, 0);
	assert_false(db_failed(db));
	db_rollback(db);
	db_close(db);
}

int64_t live_count(struct live *live, const char *sql)
{
	int64_t count;

	live_counts(live, &sql, &count, 1);
	return count;
}

uint64_t live_fingerprint(struct live *live)
{
	static const char *const sums[] = {
		"SELECT count(*) FROM users",
		"SELECT count(*) FROM auth_keys",
		"SELECT count(user_id) FROM auth_keys",
		"SELECT count(*) * 1000 + coalesce(sum(tries), 0) FROM login_codes",
		"SELECT count(*) FROM contacts",
		"SELECT coalesce(sum(pts), 0) FROM boxes",
		"SELECT count(*) FROM messages",
		"SELECT count(*) FROM events",
		"SELECT coalesce(sum(unread * 100 + top_id), 0) FROM dialogs",
		"SELECT coalesce(sum(pts), 0) FROM channels",
		"SELECT count(*) FROM posts",
		"SELECT count(*) FROM channel_events",
		"SELECT count(*) FROM memberships",
		"SELECT coalesce(sum(used), 0) FROM budgets",
		"SELECT count(*) FROM calls",
		"SELECT coalesce(sum(value), 0) FROM counters WHERE name NOT LIKE 'msg_id_%'",
	};
	int64_t counts[ARRAY_LEN(sums)];
	uint64_t print = 0;

	live_counts(live, sums, counts, ARRAY_LEN(sums));
	for (size_t i = 0; i < ARRAY_LEN(sums); i++)
		print = map_mix(print, (uint64_t)counts[i]);
	return print;
}

/* ---- Clients ---- */

static char last_fault[64];

static void on_ready(void *ctx, struct mtproto_client *client)
{
	((struct tester *)ctx)->is_ready = true;
}

static void on_result(void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body,
	int32_t code, struct bytes text)
{
	struct sent *sent = ((struct tester *)ctx)->waiting;

	if (!sent || sent->msg_id != msg_id)
		return;
	sent->answered = true;
	sent->code = code;
	snprintf(sent->text, sizeof(sent->text), "%.*s", (int)text.size, (const char *)text.data);
	buf_clear(&sent->answer);
	buf_append_bytes(&sent->answer, body);
}

static void on_service(void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body)
{
	struct tester *t = ctx;

	t->is_served = true;
	/* What kept the server from answering: of bad_msg_notification and bad_server_salt. */
	if (body.size >= 20 && t->waiting && load_u64le(body.data + 4) == t->waiting->msg_id)
		t->waiting->refused = (int32_t)load_u32le(body.data + 16);
}

static void on_update(void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body)
{
	struct tester *t = ctx;

	t->heard = true;
	if (body.size == 4)
		t->must_ask |= load_u32le(body.data) == UPDATES_TOO_LONG;
}

static void on_failed(void *ctx, struct mtproto_client *client, int32_t code)
{
	((struct tester *)ctx)->failed = code ? code : -1;
}

static const struct mtproto_client_events events = {.ready = on_ready,
	.result = on_result,
	.update = on_update,
	.service = on_service,
	.failed = on_failed};

static void tester_send(struct tester *t)
{
	while (buf_size(&t->out)) {
		ssize_t n = send(t->fd, buf_bytes(&t->out).data, buf_size(&t->out), MSG_NOSIGNAL);

		if (n <= 0)
			return; /* the server closed: what comes next shows it */
		buf_consume(&t->out, (size_t)n);
	}
}

/* Feeds what comes until done, for wait_ms at most. */
static void tester_wait(struct tester *t, const bool *done, int wait_ms)
{
	int64_t until_us = clock_monotonic_us(&clock_system) + wait_ms * (int64_t)1000, left_us;
	uint8_t data[65536];

	tester_send(t);
	while (!*done && !t->failed &&
		(left_us = until_us - clock_monotonic_us(&clock_system)) > 0) {
		struct pollfd fd = {t->fd, POLLIN, 0};
		ssize_t n;

		if (poll(&fd, 1, (int)(left_us / 1000) + 1) != 1)
			continue;
		n = recv(t->fd, data, sizeof(data), 0);
		if (n <= 0) {
			t->failed = -1;
			return;
		}
		mtproto_client_feed(&t->client, data, (size_t)n);
		tester_send(t);
	}
}

/* A first word, to which the server says the salt where it wants another. */
static void tester_settle(struct tester *t)
{
	mtproto_client_ping(&t->client, 1);
	tester_wait(t, &t->is_served, ANSWER_MS);
	assert_true(t->is_served);
}

static void tester_connect(struct tester *t, struct live *live)
{
	const struct mtproto_client_options options = {.kind = TRANSPORT_INTERMEDIATE, .dc = 2};
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(live->port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};

	memset(t, 0, sizeof(*t));
	t->live = live;
	arena_init(&t->arena);
	t->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(t->fd, (struct sockaddr *)&to, sizeof(to)), 0);
	mtproto_client_init(
		&t->client, &options, &events, t, &live->clock, &random_system, &t->out);
	tester_send(t);
}

void tester_open(struct tester *t, struct live *live)
{
	tester_open_temporary(t, live, 0);
}

void tester_open_temporary(struct tester *t, struct live *live, int32_t expires_in)
{
	const struct handshake_client_options handshake = {.server_key = live->server_key,
		.form = HANDSHAKE_RSA_PAD,
		.multi = true,
		.name_dc = true,
		.dc = 2,
		.expires_in = expires_in};

	tester_connect(t, live);
	mtproto_client_handshake(&t->client, &handshake);
	tester_wait(t, &t->is_ready, ANSWER_MS);
	assert_true(t->is_ready);
	tester_settle(t);
}

void tester_open_known(
	struct tester *t, struct live *live, const struct tester *other, bool same_session)
{
	tester_connect(t, live);
	mtproto_client_use_key(&t->client, &other->client.key, other->client.salt);
	if (!same_session) {
		tester_settle(t);
		return;
	}
	t->client.session_id = other->client.session_id;
	t->client.last_msg_id = other->client.last_msg_id;
	t->client.seqno = other->client.seqno;
	t->introduced = true;
}

int32_t tester_try_known(struct tester *t, struct live *live, const struct tester *other)
{
	tester_connect(t, live);
	mtproto_client_use_key(&t->client, &other->client.key, other->client.salt);
	mtproto_client_ping(&t->client, 1);
	tester_wait(t, &t->is_served, ANSWER_MS);
	return t->failed;
}

bool tester_must_ask(struct tester *t)
{
	tester_wait(t, &t->must_ask, ANSWER_MS);
	return t->must_ask;
}

bool tester_hears(struct tester *t)
{
	t->heard = false;
	tester_wait(t, &t->heard, ANSWER_MS);
	return t->heard;
}

void tester_close(struct tester *t)
{
	close(t->fd);
	mtproto_client_release(&t->client);
	buf_release(&t->out);
	buf_release(&t->last);
	arena_release(&t->arena);
}

void tester_post(struct tester *t, const struct tl_object *query, struct sent *sent)
{
	struct buf plain = {0}, body = {0};

	*sent = (struct sent){0};
	tl_write_object(&plain, query, LIVE_LAYER);
	assert_false(plain.failed);
	if (t->introduced)
		buf_append_bytes(&body, buf_bytes(&plain));
	else
		introduce(&body, LIVE_LAYER, buf_bytes(&plain));
	t->introduced = true;
	mtproto_client_flush_acks(&t->client);
	tester_send(t);
	/* Not kept by the client: it would send another packet than the one that is remembered. */
	sent->msg_id = mtproto_client_call(&t->client, buf_bytes(&body), false);
	buf_append_bytes(&sent->packet, buf_bytes(&t->out));
	tester_send(t);
	buf_release(&plain);
	buf_release(&body);
}

int32_t tester_take(struct tester *t, struct sent *sent)
{
	t->waiting = sent;
	tester_wait(t, &sent->answered, ANSWER_MS);
	t->waiting = NULL;
	assert_true(sent->answered);
	snprintf(last_fault, sizeof(last_fault), "%s", sent->text);
	buf_clear(&t->last);
	buf_append_bytes(&t->last, buf_bytes(&sent->answer));
	return sent->code;
}

int32_t tester_take_raw(struct tester *t, struct sent *sent)
{
	tester_send(t);
	return tester_take(t, sent);
}

int32_t tester_call(struct tester *t, const struct tl_object *query, struct sent *sent)
{
	struct sent own = {0}, *use = sent ? sent : &own;
	int32_t code;

	tester_post(t, query, use);
	code = tester_take(t, use);
	if (!sent)
		sent_release(&own);
	return code;
}

const char *tester_fault(void)
{
	return last_fault;
}

void tester_replay(struct tester *t, const struct sent *sent, struct sent *again, int wait_ms)
{
	*again = (struct sent){.msg_id = sent->msg_id};
	buf_append_bytes(&t->out, buf_bytes(&sent->packet));
	t->waiting = again;
	tester_wait(t, &again->answered, wait_ms);
	t->waiting = NULL;
}

union tl_reply tester_reply(struct tester *t, enum tl_name method)
{
	union tl_reply reply;
	struct tl_reader reader;

	tl_reader_init(&reader, buf_bytes(&t->last), 16 * buf_size(&t->last) + 65536);
	assert_int_equal(tl_read_result(&reader, &t->arena, method, LIVE_LAYER, &reply), 0);
	assert_int_equal(tl_reader_finish(&reader), 0);
	return reply;
}

struct bytes tester_ask_code(struct tester *t, const char *phone, struct sent *sent)
{
	struct tl_codeSettings settings = {.o.name = TL_codeSettings};
	const struct tl_auth_sendCode query = {.o.name = TL_auth_sendCode,
		.phone_number = bytes_from_str(phone),
		.api_id = 1,
		.api_hash = BYTES_LITERAL("test"),
		.settings = &settings.o};
	const struct tl_auth_sentCode *answer;

	if (tester_call(t, &query.o, sent) != 0)
		return (struct bytes){0};
	answer = TL_AS(auth_sentCode, tester_reply(t, TL_auth_sendCode).object);
	assert_non_null(answer);
	return answer->phone_code_hash;
}

int32_t tester_sign_in(
	struct tester *t, const char *phone, struct bytes hash, const char *code, struct sent *sent)
{
	const struct tl_auth_signIn query = {.o.name = TL_auth_signIn,
		.phone_number = bytes_from_str(phone),
		.phone_code_hash = hash,
		.phone_code = bytes_from_str(code)};

	return tester_call(t, &query.o, sent);
}

int32_t tester_name(struct tester *t, const char *phone, struct bytes hash, struct sent *sent)
{
	const struct tl_auth_signUp query = {.o.name = TL_auth_signUp,
		.phone_number = bytes_from_str(phone),
		.phone_code_hash = hash,
		.first_name = BYTES_LITERAL("Test"),
		.last_name = BYTES_LITERAL("")};

	return tester_call(t, &query.o, sent);
}

void tester_sign_up(struct tester *t, const char *phone)
{
	struct bytes hash = tester_ask_code(t, phone, NULL);

	assert_non_null(hash.data);
	assert_int_equal(tester_sign_in(t, phone, hash, live_code(t->live, phone), NULL), 0);
	if (TL_AS(auth_authorizationSignUpRequired, tester_reply(t, TL_auth_signIn).object))
		assert_int_equal(tester_name(t, phone, hash, NULL), 0);
}

void sent_release(struct sent *sent)
{
	buf_release(&sent->packet);
	buf_release(&sent->answer);
}
