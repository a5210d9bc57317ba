/* SPDX-License-Identifier: Apache-2.0 */
/* The host of the tests, and moving bytes between both ends. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "mtproto/wire.h"
#include "witness.h"

static int64_t clock_now(void *ctx)
{
	return ((struct world *)ctx)->now_us;
}

static int64_t clock_since_start(void *ctx)
{
	return clock_now(ctx) - ((struct world *)ctx)->stepped_us;
}

static void seeded_fill(void *ctx, void *out, size_t size)
{
	struct world *world = ctx;
	uint8_t *to = out;

	for (size_t i = 0; i < size; i++) {
		uint64_t z = world->seed += 0x9e3779b97f4a7c15;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
		z = (z ^ z >> 27) * 0x94d049bb133111eb;
		to[i] = (uint8_t)(z >> 56);
	}
}

static enum mtproto_route host_key_id_seen(void *ctx, struct mtproto_conn *conn, uint64_t id)
{
	struct world *world = ctx;

	(void)conn;
	world->seen_id = id;
	return world->move ? MTPROTO_MOVE : MTPROTO_CONTINUE;
}

struct auth_key *world_key(struct world *world, uint64_t id)
{
	for (size_t i = 0; i < world->keys_count; i++)
		if (world->keys[i]->id == id)
			return world->keys[i];
	return NULL;
}

static enum mtproto_key_lookup host_key_find(void *ctx, uint64_t id, struct auth_key **key)
{
	struct world *world = ctx;

	*key = world_key(world, id);
	if (world->unavailable)
		return MTPROTO_KEY_UNAVAILABLE;
	return *key ? MTPROTO_KEY_FOUND : MTPROTO_KEY_ABSENT;
}

static struct auth_key *keep_key(struct world *world, const struct auth_key *from)
{
	struct auth_key *key = MEM_NEW(struct auth_key);

	assert_true(world->keys_count < WORLD_KEYS_MAX);
	*key = *from;
	list_init(&key->sessions);
	world->keys[world->keys_count++] = key;
	return key;
}

static void host_key_new(
	void *ctx, struct mtproto_conn *conn, const struct mtproto_new_key *new_key)
{
	struct world *world = ctx;

	assert_int_equal(new_key->temp, auth_key_is_temp(new_key->key));
	if (world->store_status == MTPROTO_STORED)
		keep_key(world, new_key->key);
	if (!world->store_later)
		mtproto_conn_key_stored(conn, world->store_status);
}

static void host_key_destroy(void *ctx, struct mtproto_session *session, uint64_t req_msg_id)
{
	struct world *world = ctx;

	world->keys_destroyed++;
	mtproto_session_key_destroyed(session, req_msg_id, MTPROTO_DESTROY_OK);
}

static bool host_handshake_admit(void *ctx, struct mtproto_conn *conn)
{
	(void)conn;
	return !((struct world *)ctx)->refuse_handshakes;
}

static bool host_handshake_work(void *ctx, struct mtproto_conn *conn, struct handshake_job *job)
{
	struct world *world = ctx;

	if (world->work_full)
		return false;
	assert_null(world->job);
	world->job = job;
	world->job_conn = conn;
	conn->work = world;
	if (!world->work_later)
		world_work(world);
	return true;
}

static void host_handshake_drop(void *ctx, struct mtproto_conn *conn)
{
	struct world *world = ctx;

	assert_ptr_equal(world->job_conn, conn);
	world->job_conn = NULL;
	conn->work = NULL;
}

void world_work(struct world *world)
{
	struct handshake_job *job = world->job;
	struct buf answer = {0};
	enum handshake_result result;

	assert_non_null(job);
	world->job = NULL;
	result = handshake_job_run(job, &answer);
	if (world->job_conn) {
		world->job_conn->work = NULL;
		mtproto_conn_handshake_done(world->job_conn, job, result, buf_bytes(&answer));
	} else {
		handshake_job_free(job);
	}
	buf_release(&answer);
}

static void host_session_opened(void *ctx, struct mtproto_session *session)
{
	(void)session;
	((struct world *)ctx)->sessions_opened++;
}

static void host_session_closed(void *ctx, struct mtproto_session *session)
{
	(void)session;
	((struct world *)ctx)->sessions_closed++;
}

static void host_session_online(void *ctx, struct mtproto_session *session, bool online)
{
	struct world *world = ctx;

	assert_int_equal(mtproto_session_is_online(session), online);
	online ? world->online++ : world->offline++;
}

static void reply_sized(
	struct world *world, struct mtproto_session *session, uint64_t msg_id, struct bytes body)
{
	size_t size = load_u32le(body.data + 4);
	uint8_t *result = mem_zalloc(1, size);

	if (load_u32le(body.data) == QUERY_NOISE)
		seeded_fill(world, result, size);
	memcpy(result, body.data, 4);
	mtproto_session_reply(session, msg_id, bytes_of(result, size));
	free(result);
}

/* Fuzzers find the test host's queries as well. */
static bool query_is_whole(struct bytes body)
{
	uint32_t argument = body.size >= 8 ? load_u32le(body.data + 4) : 0;

	switch (load_u32le(body.data)) {
	case QUERY_ZEROS:
	case QUERY_NOISE:
		return argument >= 4 && argument % 4 == 0 && argument <= QUERY_SIZE_MAX;
	case QUERY_AFTER:
		return body.size >= 12 && (body.size - 12) / 8 >= argument;
	default:
		return true;
	}
}

struct waiting {
	struct mtproto_wait wait;
	struct world *world;
	struct mtproto_session *session;
	uint64_t msg_id;
	size_t size;
	uint8_t body[]; /* of QUERY_AFTER */
};

static void run_call(
	struct world *world, struct mtproto_session *session, uint64_t msg_id, struct bytes body);

static void wait_over(struct mtproto_wait *wait, enum mtproto_wait_end end)
{
	struct waiting *waiting = LIST_OWNER(wait, struct waiting, wait);
	size_t head = 8 + 8 * wait->count;

	waiting->world->waiting--;
	switch (end) {
	case MTPROTO_WAIT_RUN:
		run_call(waiting->world, waiting->session, waiting->msg_id,
			bytes_of(waiting->body + head, waiting->size - head));
		break;
	case MTPROTO_WAIT_FAILED:
		mtproto_session_error(waiting->session, waiting->msg_id, 500, "MSG_WAIT_FAILED");
		break;
	case MTPROTO_WAIT_TIMEOUT:
		mtproto_session_error(waiting->session, waiting->msg_id, 400, "MSG_WAIT_TIMEOUT");
		break;
	case MTPROTO_WAIT_ON:
	case MTPROTO_WAIT_GONE:
		break;
	}
	free(waiting);
}

static void wait_for_others(
	struct world *world, struct mtproto_session *session, uint64_t msg_id, struct bytes body)
{
	struct waiting *waiting = mem_zalloc(1, sizeof(*waiting) + body.size);
	enum mtproto_wait_end end;

	waiting->world = world;
	waiting->session = session;
	waiting->msg_id = msg_id;
	waiting->size = body.size;
	memcpy(waiting->body, body.data, body.size);
	waiting->wait.ids = (const uint64_t *)(const void *)(waiting->body + 8);
	waiting->wait.count = load_u32le(body.data + 4);
	waiting->wait.done = wait_over;
	world->waiting++;
	end = mtproto_session_wait(session, msg_id, &waiting->wait);
	if (end != MTPROTO_WAIT_ON)
		wait_over(&waiting->wait, end);
}

static void host_call(void *ctx, struct mtproto_session *session, struct mtproto_conn *conn,
	uint64_t msg_id, struct bytes body)
{
	assert_ptr_equal(conn->session, session);
	if (load_u32le(body.data) == QUERY_AFTER && query_is_whole(body))
		wait_for_others(ctx, session, msg_id, body);
	else
		run_call(ctx, session, msg_id, body);
}

static void run_call(
	struct world *world, struct mtproto_session *session, uint64_t msg_id, struct bytes body)
{
	if (world->calls < WORLD_RAN_MAX) {
		world->ran[world->calls] = msg_id;
		world->ran_in[world->calls] = map_mix(session->key->id, session->id);
	}
	world->calls++;
	switch (query_is_whole(body) ? load_u32le(body.data) : 0) {
	case QUERY_ECHO:
		mtproto_session_reply(session, msg_id, body);
		break;
	case QUERY_HOLD:
		assert_true(world->held_count < WORLD_HELD_MAX);
		world->held[world->held_count].auth_key_id = session->key->id;
		world->held[world->held_count].session_id = session->id;
		world->held[world->held_count++].msg_id = msg_id;
		break;
	case QUERY_ERROR:
		mtproto_session_error(session, msg_id, 420, "FLOOD_WAIT_3");
		break;
	case QUERY_ZEROS:
	case QUERY_NOISE:
		reply_sized(world, session, msg_id, body);
		break;
	default:
		mtproto_session_error(session, msg_id, 400, "INPUT_METHOD_INVALID");
	}
}

static void answer_one(struct world *world, size_t at, bool failed)
{
	struct mtproto_session *session = mtproto_session_find(
		&world->server, world->held[at].auth_key_id, world->held[at].session_id);
	uint64_t msg_id = world->held[at].msg_id;
	uint8_t body[4];

	store_u32le(body, QUERY_HOLD);
	world->held_count--;
	memmove(world->held + at, world->held + at + 1,
		(world->held_count - at) * sizeof(world->held[0]));
	if (session && failed)
		mtproto_session_error(session, msg_id, 400, "HELD");
	else if (session)
		mtproto_session_reply(session, msg_id, bytes_of(body, 4));
}

void world_answer_one(struct world *world, size_t at, bool failed)
{
	answer_one(world, at, failed);
	mtproto_server_flush(&world->server);
}

void world_answer_held(struct world *world)
{
	while (world->held_count > 0)
		answer_one(world, 0, false);
	mtproto_server_flush(&world->server);
}

static uint64_t host_place(void *ctx, const struct mtproto_conn *conn)
{
	(void)ctx;
	return ((const struct link *)conn->user_data)->place;
}

static void host_output(void *ctx, struct mtproto_conn *conn)
{
	(void)ctx;
	assert_true(buf_size(conn->out) > 0 || conn->transport.error != 0);
}

static void host_wake_after(void *ctx, struct mtproto_conn *conn, int64_t delay_us)
{
	struct world *world = ctx;
	struct exchange *exchange = conn->user_data;

	assert_true(delay_us > 0);
	exchange->wake_us = clock_monotonic_us(&world->clock) + delay_us;
}

static void host_close(void *ctx, struct mtproto_conn *conn)
{
	struct link *link = conn->user_data;

	(void)ctx;
	if (mtproto_conn_is_exchange(conn))
		return;
	assert_false(link->closed);
	link->closed = true;
}

static void start_server(struct world *world)
{
	struct mtproto_host host = {.ctx = world,
		.key_id_seen = host_key_id_seen,
		.key_find = host_key_find,
		.key_new = host_key_new,
		.key_destroy = host_key_destroy,
		.handshake_admit = host_handshake_admit,
		.handshake_work = host_handshake_work,
		.handshake_drop = host_handshake_drop,
		.session_opened = host_session_opened,
		.session_closed = host_session_closed,
		.session_online = host_session_online,
		.call = host_call,
		.place = host_place,
		.output = host_output,
		.close = host_close,
		.wake_after = host_wake_after};

	world->handshakes = handshakes_new(
		&world->handshake_keys, &world->clock, &world->random, WORLD_HANDSHAKES_MAX);
	mtproto_server_init(
		&world->server, &host, &world->clock, &world->random, world->handshakes);
	world->server.id_floor = &world->id_floor;
}

void world_init(struct world *world)
{
	memset(world, 0, sizeof(*world));
	world->now_us = 1800000000LL * 1000000 + 250000;
	world->seed = 1;
	world->clock = (struct clock){clock_now, clock_since_start, world};
	world->random = (struct random){seeded_fill, world};
	start_server(world);
}

void world_restart(struct world *world)
{
	mtproto_server_release(&world->server);
	handshake_job_free(world->job);
	world->job = NULL;
	handshakes_free(world->handshakes);
	world->held_count = 0;
	start_server(world);
}

void world_release(struct world *world)
{
	mtproto_server_release(&world->server);
	for (size_t i = 0; i < world->keys_count; i++) {
		assert_int_equal(world->keys[i]->refs, 0);
		free(world->keys[i]);
	}
	handshake_job_free(world->job);
	handshakes_free(world->handshakes);
	witness_release();
}

void world_advance(struct world *world, int64_t seconds)
{
	world->now_us += seconds * 1000000;
	mtproto_server_tick(&world->server);
	mtproto_server_flush(&world->server);
}

void world_step_clock(struct world *world, int64_t seconds)
{
	world->now_us += seconds * 1000000;
	world->stepped_us += seconds * 1000000;
}

struct auth_key *world_add_key(struct world *world, const uint8_t full[256], bool temp)
{
	struct auth_key key;

	auth_key_init(&key);
	auth_key_set(&key, full);
	key.created_at = world->now_us / 1000000;
	key.expires_at = temp ? key.created_at + 86400 : 0;
	return keep_key(world, &key);
}

static void event_ready(void *ctx, struct mtproto_client *client)
{
	(void)client;
	buf_printf(&((struct link *)ctx)->log, "ready\n");
}

static void event_result(void *ctx, struct mtproto_client *client, uint64_t req_msg_id,
	struct bytes body, int32_t code, struct bytes text)
{
	struct link *link = ctx;

	(void)client;
	link->results++;
	if (body.data)
		buf_printf(&link->log, "result %llx %08x %zu\n", (unsigned long long)req_msg_id,
			load_u32le(body.data), body.size);
	else
		buf_printf(&link->log, "error %llx %d %.*s\n", (unsigned long long)req_msg_id, code,
			(int)text.size, (const char *)text.data);
}

static void event_update(
	void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body)
{
	struct link *link = ctx;

	(void)client;
	(void)msg_id;
	if (load_u32le(body.data) == (uint32_t)WIRE_NEW_SESSION)
		buf_printf(&link->log, "new_session %llx\n",
			(unsigned long long)load_u64le(body.data + 4));
	else
		buf_printf(&link->log, "update %08x %zu\n", load_u32le(body.data), body.size);
}

static void log_states(struct link *link, struct bytes body)
{
	struct wire_reader r = wire_reader_of(bytes_of(body.data + 12, body.size - 12));
	struct bytes states = wire_string(&r);

	buf_printf(&link->log, "states");
	for (size_t i = 0; i < states.size; i++)
		buf_printf(&link->log, " %u", states.data[i]);
	buf_printf(&link->log, "\n");
}

static void event_service(
	void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body)
{
	struct link *link = ctx;
	unsigned long long first = body.size >= 12 ? load_u64le(body.data + 4) : 0;

	(void)client;
	switch ((int32_t)load_u32le(body.data)) {
	case WIRE_PONG:
		buf_printf(&link->log, "pong %llx %llu\n", first,
			(unsigned long long)load_u64le(body.data + 12));
		break;
	case WIRE_BAD_MSG:
	case WIRE_BAD_SALT:
		buf_printf(&link->log, "bad %llx %u\n", first, load_u32le(body.data + 16));
		break;
	case WIRE_STATE_INFO:
		log_states(link, body);
		break;
	case WIRE_DETAILED_INFO:
		buf_printf(&link->log, "detailed %llx %u\n", first, load_u32le(body.data + 20));
		break;
	case WIRE_NEW_DETAILED_INFO:
		buf_printf(&link->log, "new_detailed %u\n", load_u32le(body.data + 12));
		break;
	case WIRE_FUTURE_SALTS: /* and of the first: since when, for how long */
		buf_printf(&link->log, "salts %llx %u %lld %d\n", first, load_u32le(body.data + 16),
			load_u32le(body.data + 20) - (long long)load_u32le(body.data + 12),
			(int)(load_u32le(body.data + 24) - load_u32le(body.data + 20)));
		break;
	default:
		buf_printf(&link->log, "service %08x\n", load_u32le(body.data));
	}
	assert_int_equal(msg_id % 2, 1);
}

static void event_quick_ack(void *ctx, struct mtproto_client *client, uint32_t token)
{
	(void)client;
	buf_printf(&((struct link *)ctx)->log, "quick %08x\n", token);
}

static void event_failed(void *ctx, struct mtproto_client *client, int32_t code)
{
	(void)client;
	buf_printf(&((struct link *)ctx)->log, "failed %d\n", code);
}

static const struct mtproto_client_events events = {
	event_ready, event_result, event_update, event_service, event_quick_ack, event_failed};

void link_open(struct link *link, struct world *world, enum transport_kind kind, bool obfuscated,
	enum transport_stream stream)
{
	struct mtproto_client_options options = {kind, obfuscated, 0};

	memset(link, 0, sizeof(*link));
	link->world = world;
	link->http = stream == TRANSPORT_EXCHANGE;
	if (!link->http)
		mtproto_conn_init(&link->conn, &world->server, stream, &link->to_client, link);
	mtproto_client_init(&link->client, &options, &events, link, &world->clock, &world->random,
		&link->to_server);
}

void link_release(struct link *link)
{
	if (link->http)
		link_release_http(link);
	else
		mtproto_conn_release(&link->conn);
	mtproto_client_release(&link->client);
	buf_release(&link->to_client);
	buf_release(&link->to_server);
	buf_release(&link->log);
}

static size_t step_of(const struct link *link, size_t size)
{
	return link->step && link->step < size ? link->step : size;
}

void link_pump(struct link *link)
{
	bool moved;

	if (link->http) {
		link_pump_http(link);
		return;
	}
	do {
		moved = false;
		while (buf_size(&link->to_server) > 0) {
			size_t size = step_of(link, buf_size(&link->to_server));

			/* As net does: no bytes go to a connection that closes. */
			if (!link->closed)
				mtproto_conn_feed(&link->conn, buf_data(&link->to_server), size);
			buf_consume(&link->to_server, size);
			moved = true;
		}
		mtproto_server_flush(&link->world->server);
		while (buf_size(&link->to_client) > 0 && !link->stuck) {
			size_t size = step_of(link, buf_size(&link->to_client));

			mtproto_client_feed(&link->client, buf_data(&link->to_client), size);
			buf_consume(&link->to_client, size);
			mtproto_conn_drained(&link->conn);
			moved = true;
		}
	} while (moved);
	buf_release(&link->to_client);
	buf_release(&link->to_server);
}

void link_use_key(struct link *link, struct auth_key *key)
{
	mtproto_client_use_key(
		&link->client, key, auth_key_salt(key, link->world->now_us / 1000000));
}

void world_need_rsa(struct world *world)
{
	static struct rsa_key *of_all;
	struct err err;

	if (world->rsa)
		return;
	if (!of_all)
		of_all = rsa_key_generate(&err);
	assert_non_null(of_all);
	world->rsa = of_all;
	handshake_keys_init(&world->handshake_keys, world->rsa, &world->random);
}

void link_handshake(struct link *link, const struct handshake_client_options *options)
{
	struct handshake_client_options with_key = *options;

	world_need_rsa(link->world);
	with_key.server_key = link->world->rsa;
	mtproto_client_handshake(&link->client, &with_key);
	link_pump(link);
}

uint64_t link_call(struct link *link, uint32_t constructor, uint32_t argument)
{
	uint8_t body[8];

	store_u32le(body, constructor);
	store_u32le(body + 4, argument);
	return mtproto_client_call(&link->client, bytes_of(body, sizeof(body)), true);
}

bool link_logged(const struct link *link, const char *format, ...)
{
	const char *at = (const char *)buf_data(&link->log), *end = at + buf_size(&link->log);
	char want[256];
	va_list args;

	va_start(args, format);
	vsnprintf(want, sizeof(want), format, args);
	va_end(args);
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t size = (size_t)(stop - at), prefix = strlen(want);

		if (size >= prefix && memcmp(at, want, prefix) == 0 &&
			(size == prefix || at[prefix] == ' '))
			return true;
		at = stop + 1;
	}
	return false;
}

size_t link_log_count(const struct link *link, const char *prefix)
{
	const char *at = (const char *)buf_data(&link->log), *end = at + buf_size(&link->log);
	size_t count = 0;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if ((size_t)(stop - at) >= strlen(prefix) &&
			memcmp(at, prefix, strlen(prefix)) == 0)
			count++;
		at = stop + 1;
	}
	return count;
}

void link_log_clear(struct link *link)
{
	buf_clear(&link->log);
}
