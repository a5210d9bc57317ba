/* SPDX-License-Identifier: Apache-2.0 */
/* The host of the tests: what it says to keys, handshakes, sessions and queries, by rule. */
#include "world_parts.h"

#include <stdlib.h>

#include "base/mem.h"

static enum mtproto_route host_key_id_seen(void *ctx, struct mtproto_conn *conn, uint64_t id)
{
	struct world *world = ctx;

	(void)conn;
	world->seen_id = id;
	return world->move ? MTPROTO_MOVE : MTPROTO_CONTINUE;
}

static enum mtproto_key_lookup host_key_find(void *ctx, uint64_t id, struct auth_key **key)
{
	struct world *world = ctx;

	*key = world_key(world, id);
	if (world->unavailable)
		return MTPROTO_KEY_UNAVAILABLE;
	return *key ? MTPROTO_KEY_FOUND : MTPROTO_KEY_ABSENT;
}

static void host_key_new(
	void *ctx, struct mtproto_conn *conn, const struct mtproto_new_key *new_key)
{
	struct world *world = ctx;

	assert_int_equal(new_key->temp, auth_key_is_temp(new_key->key));
	if (world->store_status == MTPROTO_STORED)
		world_keep_key(world, new_key->key);
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
		random_fill(&world->random, result, size);
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

struct mtproto_host world_host(struct world *world)
{
	return (struct mtproto_host){.ctx = world,
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
}
