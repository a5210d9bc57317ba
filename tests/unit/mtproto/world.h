/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server and clients in one process, without sockets: a clock that stands still until it is
 * moved, random numbers that repeat, a host that answers by rule. What a client is told goes into
 * its log as lines of text, which tests look for. For tests/unit/mtproto and tests/wire.
 */
#ifndef TESTS_MTPROTO_WORLD_H
#define TESTS_MTPROTO_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/rsa.h"
#include "mtproto/client.h"
#include "mtproto/conn.h"
#include "mtproto/handshake.h"
#include "mtproto/session.h"
#include "mtproto/session_wait.h"

/* Queries that the test host understands; a second word may follow. */
#define QUERY_ECHO 0x0ec40001  /* answered with itself */
#define QUERY_HOLD 0x0ec40002  /* not answered until world_answer_held */
#define QUERY_ERROR 0x0ec40003 /* answered with rpc_error 420 FLOOD_WAIT_3 */
#define QUERY_ZEROS 0x0ec40004 /* then a size: so many bytes, which shrink well */
#define QUERY_NOISE 0x0ec40005 /* the same, which do not */
/* Then a count and ids of calls, and a query that runs after those (S13). */
#define QUERY_AFTER 0x0ec40006

#define QUERY_SIZE_MAX (1u << 20)

#define WORLD_KEYS_MAX 64
#define WORLD_HELD_MAX 64
#define WORLD_RAN_MAX 256
#define WORLD_HANDSHAKES_MAX 32

struct world {
	int64_t now_us;
	int64_t stepped_us; /* by which that is not time that passed */
	uint64_t seed;
	struct clock clock;
	struct random random;
	struct rsa_key *rsa;
	struct handshake_keys handshake_keys;
	struct handshakes *handshakes;
	struct mtproto_server server;
	uint64_t id_floor; /* outlives the server */

	struct auth_key *keys[WORLD_KEYS_MAX];
	size_t keys_count;
	enum mtproto_stored store_status;
	bool store_later, unavailable, move, refuse_handshakes;
	bool work_later, work_full; /* costly steps wait in job for world_work; are refused */
	struct handshake_job *job;
	struct mtproto_conn *job_conn; /* NULL: it has gone */
	uint64_t seen_id;	       /* last id that key_id_seen was asked about */

	unsigned calls, sessions_opened, sessions_closed, online, offline, keys_destroyed;
	struct {
		uint64_t auth_key_id, session_id, msg_id;
	} held[WORLD_HELD_MAX];
	size_t held_count;
	uint64_t ran[WORLD_RAN_MAX];	/* the first calls that ran, in their order */
	uint64_t ran_in[WORLD_RAN_MAX]; /* map_mix of key id and session id */
	size_t waiting;			/* calls that wait for others */
};

/* A request over HTTP that waits for its answer. */
struct exchange {
	struct link *link;
	struct mtproto_conn conn;
	struct buf out;
	int64_t wake_us; /* monotonic; 0: never */
};

#define LINK_EXCHANGES_MAX 128

/* One connection: a client and the server's end of it. Over HTTP the client's every packet is a
 * request of its own. */
struct link {
	struct world *world;
	struct mtproto_conn conn; /* not over HTTP */
	bool http, deaf;	  /* deaf: answers get lost on their way */
	struct exchange *exchanges[LINK_EXCHANGES_MAX];
	size_t exchanges_count;
	struct buf to_client, to_server;
	struct mtproto_client client;
	bool closed;	/* by the server */
	bool stuck;	/* the client takes no bytes */
	uint64_t place; /* where it comes from, for the host */
	size_t step;	/* bytes handed over at a time; 0: all */
	struct buf log; /* what the client was told, a line each */
	size_t results; /* answers that came */
};

void world_init(struct world *world);
void world_release(struct world *world);
void world_advance(struct world *world, int64_t seconds); /* and runs the timers */
/* Somebody sets the clock. */
void world_step_clock(struct world *world, int64_t seconds);
/* The server forgets everything but its keys. Links must have been released. */
void world_restart(struct world *world);
struct auth_key *world_add_key(struct world *world, const uint8_t full[256], bool temp);
struct auth_key *world_key(struct world *world, uint64_t id);
/* One RSA key for all handshakes of all worlds: making it takes a while. */
void world_need_rsa(struct world *world);
void world_answer_held(struct world *world);
/* One of them, if it is still wanted: with an error if `failed`. */
void world_answer_one(struct world *world, size_t at, bool failed);
/* Does the work of a handshake that waits. */
void world_work(struct world *world);

void link_open(struct link *link, struct world *world, enum transport_kind kind, bool obfuscated,
	enum transport_stream stream);
void link_release(struct link *link);
/* Hands bytes over in both directions until nobody has anything to say. */
void link_pump(struct link *link);
/* world_http.c: the same over HTTP. Answers are logged as "http STATUS". */
void link_pump_http(struct link *link);
void link_release_http(struct link *link);
/* A key that both sides know, without a handshake. */
void link_use_key(struct link *link, struct auth_key *key);
/* A full handshake; the client is ready afterwards. */
void link_handshake(struct link *link, const struct handshake_client_options *options);
/* Sends a query of two words. */
uint64_t link_call(struct link *link, uint32_t constructor, uint32_t argument);

/* The log holds this line (from the beginning of the line). */
bool link_logged(const struct link *link, const char *format, ...) PRINTF_LIKE(2, 3);
size_t link_log_count(const struct link *link, const char *prefix);
void link_log_clear(struct link *link);

#define assert_logged(link, ...)                                                                   \
	do {                                                                                       \
		if (!link_logged((link), __VA_ARGS__)) {                                           \
			print_message("log:\n%.*s", (int)buf_size(&(link)->log),                   \
				(const char *)buf_data(&(link)->log));                             \
			fail_msg(__VA_ARGS__);                                                     \
		}                                                                                  \
	} while (0)

#endif
