/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sequences of 1 to 64 steps against a server in this process, whose clock moves only when a step
 * says so: messages right and wrong, containers, packed queries, connections that come and go,
 * clock steps, restarts. Three things must hold whatever comes: no call of a session runs twice
 * (counted here), nothing is encrypted twice under one id and ids rise (witness.c), and nothing is
 * read or written where it should not be (the sanitizers).
 */
#include <libdeflate.h>
#include <stdlib.h>

#include "base/mem.h"
#include "mtproto/envelope.h"
#include "mtproto/wire.h"
#include "world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX 64
#define LINKS 3
#define IDS_KEPT 64
#define CONTAINER_MAX 12
#define NOISE_MAX 40000

struct play {
	const uint8_t *data;
	size_t size;
	struct world world;
	struct link links[LINKS];
	uint64_t ids[IDS_KEPT]; /* of messages that were sent */
	uint64_t sessions[IDS_KEPT];
	size_t id_count;
	unsigned calls_before; /* the server was started again */
};

static uint8_t take(struct play *play)
{
	if (play->size == 0)
		return 0;
	play->size--;
	return *play->data++;
}

static uint32_t take_u16(struct play *play)
{
	uint32_t low = take(play);

	return low | (uint32_t)take(play) << 8;
}

static uint64_t known_id(struct play *play)
{
	return play->id_count ? play->ids[take(play) % play->id_count % IDS_KEPT] : take(play);
}

/* ---- Bodies ---- */

static void put_ids(struct play *play, struct buf *out)
{
	uint32_t count = take(play);

	wire_put_id(out, WIRE_VECTOR);
	if (count >= 250) { /* more than there are, or than are allowed */
		buf_append_u32le(out, count == 255 ? UINT32_MAX : 8190 + count - 250);
		return;
	}
	count %= 8;
	buf_append_u32le(out, count);
	for (uint32_t i = 0; i < count; i++) {
		struct mtproto_client *client = &play->links[0].client;
		uint8_t which = take(play);

		if (which & 1 && client->acks_count)
			buf_append_u64le(out, client->acks[which / 2 % client->acks_count]);
		else
			buf_append_u64le(out, known_id(play));
	}
}

static void put_query(struct play *play, uint32_t id, uint32_t argument, struct buf *out)
{
	buf_append_u32le(out, id);
	buf_append_u32le(out, argument);
}

static void put_body(struct play *play, unsigned depth, struct buf *out);

static void put_after(struct play *play, struct buf *out)
{
	uint32_t count = take(play) % 3;

	put_query(play, QUERY_AFTER, count, out);
	for (uint32_t i = 0; i < count; i++)
		buf_append_u64le(out, known_id(play));
	put_query(play, take(play) & 1 ? QUERY_ECHO : QUERY_ERROR, 7, out);
}

static void put_packed(struct play *play, unsigned depth, struct buf *out)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(1);
	struct buf plain = {0};
	uint8_t packed[8192];
	size_t size;

	put_body(play, depth + 1, &plain);
	size = libdeflate_gzip_compress(
		c, buf_data(&plain), buf_size(&plain), packed, sizeof(packed));
	if (take(play) == 255 && size > 8)
		packed[size / 2] ^= 0x40;
	wire_put_id(out, WIRE_GZIP_PACKED);
	wire_put_string(out, bytes_of(packed, size));
	libdeflate_free_compressor(c);
	buf_release(&plain);
}

static void put_inner_messages(struct play *play, unsigned depth, struct buf *out);

/* Whatever the input says; the protocol's constructors are found by their numbers. */
static void put_raw(struct play *play, struct buf *out)
{
	size_t size = (size_t)4 * (1 + take(play) % 16);

	for (size_t i = 0; i < size; i++)
		buf_append_u8(out, take(play));
}

static void put_body(struct play *play, unsigned depth, struct buf *out)
{
	static const enum wire_id with_ids[] = {
		WIRE_MSGS_ACK, WIRE_STATE_REQ, WIRE_RESEND_REQ, WIRE_RESEND_ANS_REQ};
	static const enum wire_id with_u64[] = {
		WIRE_PING, WIRE_DROP_ANSWER, WIRE_DESTROY_SESSION, WIRE_PONG};
	static const uint32_t queries[] = {QUERY_ECHO, QUERY_HOLD, QUERY_ERROR};
	uint8_t kind = take(play);

	switch (depth > 2 ? 0 : kind % 10) {
	case 0:
	case 1:
		put_query(play, queries[kind / 10 % ARRAY_LEN(queries)], kind, out);
		break;
	case 2:
		put_query(play, kind & 16 ? QUERY_NOISE : QUERY_ZEROS,
			4 + take_u16(play) % NOISE_MAX / 4 * 4, out);
		break;
	case 3:
		wire_put_id(out, with_ids[kind / 10 % ARRAY_LEN(with_ids)]);
		put_ids(play, out);
		break;
	case 4:
		wire_put_id(out, with_u64[kind / 10 % ARRAY_LEN(with_u64)]);
		buf_append_u64le(out, kind & 128 ? 1000u + take(play) % 4 : known_id(play));
		break;
	case 5:
		put_after(play, out);
		break;
	case 6:
		put_packed(play, depth, out);
		break;
	case 7:
		put_inner_messages(play, depth + 1, out);
		break;
	case 8:
		put_query(play, (uint32_t)(kind & 16 ? WIRE_GET_FUTURE_SALTS : WIRE_DESTROY_KEY),
			take(play), out);
		break;
	default:
		put_raw(play, out);
	}
}

/* ---- Messages ---- */

struct numbers {
	uint64_t id, salt, session;
	uint32_t seqno;
};

static void keep_id(struct play *play, const struct numbers *n)
{
	size_t at = play->id_count++ % IDS_KEPT;

	play->ids[at] = n->id;
	play->sessions[at] = n->session;
}

/* Mostly right, so that sequences get somewhere. */
static struct numbers take_numbers(struct play *play, struct link *link, bool content)
{
	struct mtproto_client *client = &link->client;
	uint8_t how = take(play), by = 0;
	struct numbers n = {.id = mtproto_client_next_msg_id(client),
		.salt = auth_key_salt(play->world.keys[0], play->world.now_us / 1000000),
		.session = client->session_id,
		.seqno = mtproto_client_next_seqno(client, content)};

	if (how < 200)
		return n;
	by = take(play);
	switch (how % 7) {
	case 0:
		n.id = known_id(play);
		break;
	case 1:
		n.id += (uint64_t)((int64_t)(int8_t)by * 16) << 32;
		break;
	case 2:
		n.id += by % 4;
		break;
	case 3:
		n.seqno += by;
		break;
	case 4:
		n.seqno = by;
		break;
	case 5:
		n.salt ^= by;
		break;
	default:
		n.session = 1000 + by % 4;
	}
	return n;
}

static bool is_content(struct bytes body)
{
	int32_t id = body.size >= 4 ? (int32_t)load_u32le(body.data) : 0;

	return id != WIRE_MSGS_ACK && id != WIRE_CONTAINER;
}

static void put_inner_messages(struct play *play, unsigned depth, struct buf *out)
{
	uint32_t count = take(play) % CONTAINER_MAX;

	wire_put_id(out, WIRE_CONTAINER);
	buf_append_u32le(out, take(play) == 255 ? count + 1 : count);
	for (uint32_t i = 0; i < count; i++) {
		struct buf body = {0};
		struct numbers n;

		put_body(play, depth, &body);
		n = take_numbers(play, &play->links[0], is_content(buf_bytes(&body)));
		keep_id(play, &n);
		buf_append_u64le(out, n.id);
		buf_append_u32le(out, n.seqno);
		buf_append_u32le(out, (uint32_t)buf_size(&body));
		buf_append_bytes(out, buf_bytes(&body));
		buf_release(&body);
	}
}

static void send(struct play *play, struct link *link)
{
	struct buf body = {0};
	struct numbers n;

	put_body(play, 0, &body);
	n = take_numbers(play, link, is_content(buf_bytes(&body)));
	keep_id(play, &n);
	link->client.session_id = n.session; /* answers come in the session that asked */
	mtproto_client_send_raw(
		&link->client, n.salt, n.session, n.id, n.seqno, buf_bytes(&body), take(play) & 1);
	link_pump(link);
	buf_release(&body);
}

/* ---- Steps ---- */

static void open_one(struct play *play, size_t at)
{
	static const enum transport_kind kinds[] = {TRANSPORT_ABRIDGED, TRANSPORT_INTERMEDIATE,
		TRANSPORT_PADDED, TRANSPORT_FULL, TRANSPORT_HTTP};
	enum transport_kind kind = kinds[take(play) % ARRAY_LEN(kinds)];
	struct link *link = &play->links[at];
	uint64_t last = play->links[0].world ? play->links[0].client.last_msg_id : 0;

	if (link->world)
		link_release(link);
	link_open(link, &play->world, kind, kind <= TRANSPORT_PADDED && take(play) & 1,
		kind == TRANSPORT_HTTP ? TRANSPORT_EXCHANGE : TRANSPORT_TCP);
	link_use_key(link, play->world.keys[0]);
	link->client.session_id = 1000 + take(play) % 3;
	link->client.last_msg_id = last;
	link->client.seqno = play->links[0].client.seqno;
	link->place = at;
}

static void push(struct play *play)
{
	struct mtproto_session *session = mtproto_session_find(
		&play->world.server, play->world.keys[0]->id, 1000 + take(play) % 3);
	uint8_t body[256] = {0x11, 0x22, 0x33, 0x44};
	size_t size = 4 + take(play) / 4 * 4;

	if (!session)
		return;
	if (mtproto_session_push(session, bytes_of(body, size),
		    take(play) & 1 ? MTPROTO_PUSH_ONCE : MTPROTO_PUSH_UPDATE) < 0)
		return; /* its queue was full; it closes */
	mtproto_server_flush(&play->world.server);
}

static void feed_raw(struct play *play, struct link *link)
{
	uint8_t bytes[64];
	size_t size = take(play) % sizeof(bytes);

	for (size_t i = 0; i < size; i++)
		bytes[i] = take(play);
	if (!link->http && !link->closed)
		mtproto_conn_feed(&link->conn, bytes, size);
	mtproto_server_flush(&play->world.server);
}

/* Within what is remembered, no call of one session has run twice. */
static void check_once(const struct play *play)
{
	unsigned end = play->world.calls < WORLD_RAN_MAX ? play->world.calls : WORLD_RAN_MAX;

	for (unsigned i = play->calls_before; i < end; i++) {
		uint64_t id = play->world.ran[i], sessions = 0;

		/* An id that was used in several sessions is several messages. */
		for (size_t k = 0; k < play->id_count && k < IDS_KEPT; k++) {
			if (play->ids[k] == id)
				sessions |= (uint64_t)1 << (play->sessions[k] % 8);
		}
		for (unsigned k = i + 1; k < end; k++) {
			if (play->world.ran[k] == id && __builtin_popcountll(sessions) == 1)
				abort();
		}
	}
}

static void restart(struct play *play)
{
	check_once(play);
	for (size_t i = 0; i < LINKS; i++) {
		if (play->links[i].world)
			link_release(&play->links[i]);
		play->links[i].world = NULL;
	}
	world_restart(&play->world);
	/* Across a restart the store keeps calls from running twice, not the protocol. */
	play->calls_before = play->world.calls < WORLD_RAN_MAX ? play->world.calls : WORLD_RAN_MAX;
	play->id_count = 0;
	open_one(play, 0);
}

static void step(struct play *play)
{
	static const int64_t seconds[] = {0, 1, 5, 31, 61, 301, 1801, 3700};
	uint8_t kind = take(play);
	struct link *link = &play->links[kind / 64 % LINKS];

	if (!link->world)
		link = &play->links[0];
	switch (kind % 64) {
	case 0:
		open_one(play, take(play) % LINKS);
		break;
	case 1:
		world_advance(&play->world, seconds[take(play) % ARRAY_LEN(seconds)]);
		break;
	case 2:
		world_step_clock(&play->world, (int8_t)take(play));
		break;
	case 3:
		world_answer_held(&play->world);
		break;
	case 4:
		push(play);
		break;
	case 5:
		feed_raw(play, link);
		break;
	case 6:
		restart(play);
		return;
	case 7:
		play->world.unavailable = take(play) & 1;
		break;
	case 8:
		mtproto_client_flush_acks(&link->client);
		break;
	case 9:
		link->stuck = !link->http && take(play) & 1;
		break;
	default:
		/* The test host remembers so many that wait. */
		if (play->world.held_count > WORLD_HELD_MAX - 2 * CONTAINER_MAX)
			world_answer_held(&play->world);
		send(play, link);
		return;
	}
	link_pump(link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct play play;
	uint8_t full[256];

	if (size == 0)
		return 0;
	play = (struct play){.data = data, .size = size};
	world_init(&play.world);
	for (size_t i = 0; i < sizeof(full); i++)
		full[i] = (uint8_t)(i * 7 + 1);
	world_add_key(&play.world, full, false);
	open_one(&play, 0);
	for (size_t i = 0; i < STEPS_MAX && play.size > 0; i++)
		step(&play);
	check_once(&play);
	for (size_t i = 0; i < LINKS; i++)
		if (play.links[i].world)
			link_release(&play.links[i]);
	world_release(&play.world);
	return 0;
}
