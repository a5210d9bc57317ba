/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sequences of 1 to 64 steps against a server in this process, whose clock moves only when a step
 * says so: messages right and wrong, containers, packed queries, keys that are made and bound,
 * connections and requests over HTTP that come and go, clock steps, restarts. What must hold,
 * whatever comes:
 *   no call of a session runs twice, and states tell the truth of calls that ran (here);
 *   ids rise, nothing is encrypted twice under one id, and every answer goes to the session that
 *   asked (witness.c);
 *   a binding counts if, and only if, both keys made it (here);
 *   nothing is read or written where it should not be (the sanitizers).
 */
#include <stdlib.h>

#include "base/mem.h"
#include "cheap_power.h"
#include "mtproto/bind.h"
#include "mtproto/envelope.h"
#include "mtproto/wire.h"
#include "play.h"
#include "server_key.h"
#include "witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STEPS_MAX 64
#define FIRST_SESSION 1000
#define SESSIONS 3
/* The host of the tests asserts that it has room. */
#define KEYS_MAX (WORLD_KEYS_MAX - 2)
#define CLOCK_BACK_MAX_US 590000000
#define HELD_MAX (WORLD_HELD_MAX - 2 * CONTAINER_MAX)

static struct play play_now;

static void require(bool holds)
{
	if (!holds)
		abort();
}

uint8_t play_take(struct play *play)
{
	if (play->size == 0)
		return 0;
	play->size--;
	return *play->data++;
}

uint32_t play_take_u16(struct play *play)
{
	uint32_t low = play_take(play);

	return low | (uint32_t)play_take(play) << 8;
}

static struct play_sent *known(struct play *play)
{
	return &play->sent[play_take(play) % play->sent_count % IDS_KEPT];
}

uint64_t play_known_id(struct play *play)
{
	return play->sent_count ? known(play)->id : play_take(play);
}

/* ---- Messages ---- */

static uint64_t session_name(const struct link *link, uint64_t session_id)
{
	return map_mix(link->client.key.id, session_id);
}

static bool asked(uint64_t session, uint64_t req_msg_id)
{
	return play_now.blind || map_get(&play_now.asked, map_mix(session, req_msg_id));
}

struct play_numbers play_numbers(struct play *play, struct link *link, bool content)
{
	struct mtproto_client *client = &link->client;
	uint8_t how = play_take(play), by = how < 200 ? 0 : play_take(play);
	struct play_numbers n = {.id = mtproto_client_next_msg_id(client),
		.salt = auth_key_salt(&client->key, play->world.now_us / 1000000),
		.session = client->session_id,
		.seqno = mtproto_client_next_seqno(client, content)};

	switch (how < 200 ? -1 : how % 7) {
	case 0:
		n.id = play_known_id(play);
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
	case 6:
		n.session = FIRST_SESSION + by % 4;
	}
	play->sent[play->sent_count++ % IDS_KEPT].id = n.id;
	return n;
}

/* What is in a container belongs to the session of the whole. */
static void note_sent(struct play *play, size_t from, uint64_t session)
{
	if (play->sent_count - from > IDS_KEPT)
		from = play->sent_count - IDS_KEPT;
	for (; from < play->sent_count; from++) {
		struct play_sent *sent = &play->sent[from % IDS_KEPT];

		sent->session = session;
		map_put(&play->asked, map_mix(session, sent->id), play);
	}
}

static void send(struct play *play, struct link *link)
{
	struct buf body = {0};
	size_t from = play->sent_count;
	struct play_numbers n;

	play_body(play, link, 0, &body);
	n = play_numbers(play, link, play_is_content(buf_bytes(&body)));
	note_sent(play, from, session_name(link, n.session));
	link->client.session_id = n.session; /* answers come in the session that asked */
	mtproto_client_send_raw(&link->client, n.salt, n.session, n.id, n.seqno, buf_bytes(&body),
		play_take(play) & 1);
	link_pump(link);
	buf_release(&body);
}

/* ---- What must hold ---- */

static unsigned calls_ran(const struct play *play)
{
	return play->world.calls < WORLD_RAN_MAX ? play->world.calls : WORLD_RAN_MAX;
}

static bool ran_between(const struct play *play, unsigned from, uint64_t session, uint64_t id)
{
	for (unsigned i = from; i < calls_ran(play); i++)
		if (play->world.ran[i] == id && play->world.ran_in[i] == session)
			return true;
	return false;
}

/* Calls since the last look. In a session that was forgotten meanwhile, and across a restart, the
 * store keeps calls from running twice, not the protocol. */
static void check_once(struct play *play)
{
	if (play->world.sessions_closed != play->sessions_closed) {
		play->sessions_closed = play->world.sessions_closed;
		play->calls_in_memory = play->calls_seen = calls_ran(play);
	}
	for (; play->calls_seen < calls_ran(play); play->calls_seen++) {
		uint64_t id = play->world.ran[play->calls_seen];
		uint64_t session = play->world.ran_in[play->calls_seen];

		for (unsigned i = play->calls_in_memory; i < play->calls_seen; i++)
			require(play->world.ran[i] != id || play->world.ran_in[i] != session);
	}
}

/* The last line of the log that begins so; NULL: none. */
static const char *logged(const struct link *link, const char *prefix)
{
	const char *at = (const char *)buf_data(&link->log), *end = at + buf_size(&link->log);
	const char *found = NULL;

	while (at && at < end) {
		if ((size_t)(end - at) >= strlen(prefix) && memcmp(at, prefix, strlen(prefix)) == 0)
			found = at + strlen(prefix);
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : end;
	}
	return found;
}

/* S3: of a call that ran nobody says that it was not received. */
static void ask_state(struct play *play, struct link *link)
{
	struct play_sent *sent = play->sent_count ? known(play) : NULL;
	const char *status;
	struct buf body = {0};
	bool ran;

	if (!sent || sent->session != session_name(link, link->client.session_id))
		return;
	ran = ran_between(play, play->calls_in_memory, sent->session, sent->id);
	wire_put_id(&body, WIRE_STATE_REQ);
	wire_put_id(&body, WIRE_VECTOR);
	buf_append_u32le(&body, 1);
	buf_append_u64le(&body, sent->id);
	link_log_clear(link);
	mtproto_client_send(&link->client, buf_bytes(&body), true);
	/* It may be answered with an error, too. */
	map_put(&play->asked, map_mix(sent->session, link->client.last_msg_id), play);
	link_pump(link);
	buf_release(&body);
	status = logged(link, "states ");
	check_once(play);
	if (status && ran && ran_between(play, play->calls_in_memory, sent->session, sent->id))
		require((strtoul(status, NULL, 10) & 7) != 2 &&
			(strtoul(status, NULL, 10) & 7) != 3);
}

/* ---- Keys ---- */

static void need_server_key(struct play *play)
{
	static struct handshake_keys keys;
	uint64_t seed = play->world.seed;
	struct err err;

	if (!keys.rsa) {
		struct rsa_key *rsa = rsa_key_parse_public(BYTES_LITERAL(SERVER_KEY_PEM), &err);

		require(rsa != NULL);
		play->world.seed = 1;
		handshake_keys_init(&keys, rsa, &play->world.random);
		play->world.seed = seed;
		cheap_power_knows(keys.primes, ARRAY_LEN(keys.primes));
	}
	play->world.handshake_keys = keys;
	play->world.rsa = (struct rsa_key *)(uintptr_t)keys.rsa;
}

static void make_key(struct play *play, struct link *link)
{
	uint8_t how = play_take(play);
	struct handshake_client_options options = {
		.form = how & 1 ? HANDSHAKE_RSA_LEGACY : HANDSHAKE_RSA_PAD,
		.multi = how & 2,
		.name_dc = how & 4,
		.dc = (int32_t)(how >> 4 & 7),
		.expires_in = how & 8 ? 86400 : 0};

	if (link->closed || play->world.keys_count >= KEYS_MAX)
		return;
	link_handshake(link, &options);
}

static void use_key(struct play *play, struct link *link)
{
	link_use_key(link, play->world.keys[play_take(play) % play->world.keys_count]);
}

static void stored_in(struct play *play, struct mtproto_conn *conn)
{
	if (conn->job && !conn->closing)
		mtproto_conn_key_stored(conn, play->world.store_status);
}

/* What the store and the workers owe comes. */
static void finish_keys(struct play *play, struct link *link)
{
	if (play->world.job)
		world_work(&play->world);
	if (!link->http)
		stored_in(play, &link->conn);
	for (size_t i = 0; link->http && i < link->exchanges_count; i++)
		stored_in(play, &link->exchanges[i]->conn);
}

/* Binding in the host's place; one field of it is wrong if the input says so. */
static void bind_keys(struct play *play, struct link *link)
{
	struct world *world = &play->world;
	struct auth_key *temp = world_key(world, link->client.key.id),
			*perm = world->keys[play_take(play) % world->keys_count];
	struct mtproto_bind_request request = {.session_id = link->client.session_id,
		.msg_id = mtproto_client_next_msg_id(&link->client),
		.perm_auth_key_id = perm->id,
		.nonce = 5,
		.expires_at = (int32_t)(world->now_us / 1000000 + (int8_t)play_take(play) * 1000)};
	uint8_t what = play_take(play) % 16;
	struct buf sealed = {0};
	bool right;

	if (!temp)
		return; /* the store had no room for it */
	right = auth_key_is_temp(temp) && !auth_key_is_temp(perm) && what > 6;

	mtproto_bind_make(temp, perm, request.session_id, request.msg_id, request.nonce,
		request.expires_at, &world->random, &sealed);
	request.session_id ^= what == 0;
	request.msg_id ^= what == 1 ? 4 : 0;
	request.nonce ^= what == 2;
	request.expires_at ^= what == 3;
	request.perm_auth_key_id ^= what == 4;
	if (what == 5)
		buf_data(&sealed)[play_take(play) % buf_size(&sealed)] ^= 1;
	else if (what == 6)
		buf_truncate(&sealed, buf_size(&sealed) - 16);
	request.encrypted_message = buf_bytes(&sealed);
	if (mtproto_bind_check(temp, perm, &request, world->now_us / 1000000) == MTPROTO_BIND_OK) {
		require(right && request.expires_at > world->now_us / 1000000);
		require(temp->perm_id == 0 || temp->perm_id == perm->id);
		temp->perm_id = perm->id;
	}
	buf_release(&sealed);
}

/* destroy_auth_key was answered: the host lets its sessions go. */
static void drop_keys(struct play *play, struct link *link)
{
	struct auth_key *key = world_key(&play->world, link->client.key.id);

	if (play->world.keys_destroyed == 0)
		return;
	play->world.keys_destroyed = 0;
	if (key)
		mtproto_server_drop_key(&play->world.server, key);
}

/* ---- Steps ---- */

static void open_one(struct play *play, size_t at)
{
	static const enum transport_kind kinds[] = {TRANSPORT_ABRIDGED, TRANSPORT_INTERMEDIATE,
		TRANSPORT_PADDED, TRANSPORT_FULL, TRANSPORT_HTTP};
	enum transport_kind kind = kinds[play_take(play) % ARRAY_LEN(kinds)];
	struct link *link = &play->links[at];
	struct auth_key *key = play->world.keys[0];
	bool known_link = link->world, obfuscated = kind <= TRANSPORT_PADDED && play_take(play) & 1;
	uint64_t last = play->links[0].world ? play->links[0].client.last_msg_id : 0;
	uint32_t seqno = play->links[0].client.seqno;

	if (known_link) {
		key = world_key(&play->world, link->client.key.id);
		link_release(link);
	}
	link_open(link, &play->world, kind, obfuscated,
		kind == TRANSPORT_HTTP ? TRANSPORT_EXCHANGE : TRANSPORT_TCP);
	link_use_key(link, key ? key : play->world.keys[0]);
	link->client.session_id = FIRST_SESSION + play_take(play) % SESSIONS;
	link->client.last_msg_id = last;
	link->client.seqno = seqno;
	link->place = at;
}

static void push(struct play *play, struct link *link)
{
	struct mtproto_session *session = mtproto_session_find(&play->world.server,
		link->client.key.id, FIRST_SESSION + play_take(play) % SESSIONS);
	uint8_t body[256] = {0x11, 0x22, 0x33, 0x44};
	size_t size = 4 + play_take(play) / 4 * 4;

	if (!session)
		return;
	if (mtproto_session_push(session, bytes_of(body, size),
		    play_take(play) & 1 ? MTPROTO_PUSH_ONCE : MTPROTO_PUSH_UPDATE) < 0)
		return; /* its queue was full; it closes */
	mtproto_server_flush(&play->world.server);
}

static void feed_raw(struct play *play, struct link *link)
{
	uint8_t bytes[64];
	size_t size = play_take(play) % sizeof(bytes);

	for (size_t i = 0; i < size; i++)
		bytes[i] = play_take(play);
	if (!link->http && !link->closed)
		mtproto_conn_feed(&link->conn, bytes, size);
	mtproto_server_flush(&play->world.server);
}

/* The connection goes to another thread and comes back. */
static void move(struct play *play, struct link *link)
{
	if (link->http || link->closed || !link->conn.moving)
		return;
	play->world.move = false;
	mtproto_conn_detach(&link->conn);
	mtproto_conn_resume(&link->conn, &play->world.server, &link->to_client);
}

static void restart(struct play *play)
{
	for (size_t i = 0; i < LINKS; i++) {
		if (play->links[i].world)
			link_release(&play->links[i]);
		play->links[i].world = NULL;
	}
	world_restart(&play->world);
	play->sessions_closed = play->world.sessions_closed;
	play->calls_in_memory = play->calls_seen = calls_ran(play);
	open_one(play, 0);
}

/* A clock that goes back by more than ten minutes takes the ids along (docs/decisions.md): that is
 * not for the witness. */
static void step_clock(struct play *play)
{
	int64_t seconds = (int8_t)play_take(play);

	if (play->world.now_us > play->latest_us)
		play->latest_us = play->world.now_us;
	if (play->world.now_us + seconds * 1000000 > play->latest_us - CLOCK_BACK_MAX_US)
		world_step_clock(&play->world, seconds);
}

/* How the host behaves from now on. */
static void change_host(struct play *play)
{
	uint8_t how = play_take(play);
	struct world *world = &play->world;

	world->store_status = (enum mtproto_stored)(how % 3);
	/* A client that is told to try again does so at once, without end. */
	world->store_later = how & 4 || world->store_status == MTPROTO_STORE_TAKEN;
	world->work_later = how & 8;
	world->refuse_handshakes = how & 16;
	world->move = how & 32;
	world->server.limits.sessions_per_key_max = how & 64 ? 2 : 100;
	world->server.limits.held_max = how & 128 ? 2000 : 64u << 20;
}

static void step_of_link(struct play *play, struct link *link, uint8_t kind)
{
	switch (kind) {
	case 3:
		world_answer_held(&play->world);
		break;
	case 4:
		push(play, link);
		break;
	case 5:
		feed_raw(play, link);
		break;
	case 8:
		mtproto_client_flush_acks(&link->client);
		break;
	case 9:
		link->stuck = !link->http && play_take(play) & 1;
		link->deaf = link->http && play_take(play) & 1;
		break;
	case 10:
	case 11:
		make_key(play, link);
		break;
	case 12:
		finish_keys(play, link);
		break;
	case 13:
		use_key(play, link);
		break;
	case 14:
		bind_keys(play, link);
		break;
	case 15:
		ask_state(play, link);
		break;
	case 16:
		if (play->world.held_count > 0)
			world_answer_one(&play->world, play_take(play) % play->world.held_count,
				play_take(play) & 1);
		break;
	default:
		if (play->world.held_count > HELD_MAX)
			world_answer_held(&play->world);
		send(play, link);
	}
}

static void step(struct play *play)
{
	static const int64_t seconds[] = {0, 1, 5, 31, 61, 301, 1801, 3700};
	uint8_t kind = play_take(play);
	struct link *link = &play->links[kind / 64 % LINKS];

	if (!link->world)
		link = &play->links[0];
	play->world.work_full = play->world.job != NULL;
	switch (kind % 64) {
	case 0:
		open_one(play, play_take(play) % LINKS);
		return;
	case 1:
		world_advance(&play->world, seconds[play_take(play) % ARRAY_LEN(seconds)]);
		break;
	case 2:
		step_clock(play);
		break;
	case 6:
		restart(play);
		return;
	case 7:
		play->world.unavailable = play_take(play) & 1;
		break;
	case 17:
		change_host(play);
		break;
	default:
		step_of_link(play, link, kind % 64);
	}
	link_pump(link);
	move(play, link);
	drop_keys(play, link);
	link_pump(link);
	check_once(play);
}

static void begin(struct play *play)
{
	uint8_t full[256];

	world_init(&play->world);
	need_server_key(play);
	map_init(&play->asked);
	witness_asked = asked;
	for (size_t i = 0; i < sizeof(full); i++)
		full[i] = (uint8_t)(i * 7 + 1);
	world_add_key(&play->world, full, false);
	full[0]++;
	world_add_key(&play->world, full, true);
	open_one(play, 0);
}

static void end(struct play *play)
{
	for (size_t i = 0; i < LINKS; i++)
		if (play->links[i].world)
			link_release(&play->links[i]);
	world_release(&play->world);
	map_release(&play->asked);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct play *play = &play_now;

	if (size == 0)
		return 0;
	*play = (struct play){.data = data, .size = size};
	begin(play);
	for (size_t i = 0; i < STEPS_MAX && play->size > 0; i++)
		step(play);
	end(play);
	return 0;
}
