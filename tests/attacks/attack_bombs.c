/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is short on the wire and long inside, from clients that hold keys, many at the same time:
 * gzip bombs, and nestings and counts that a careless reader would follow.
 */
#include <libdeflate.h>
#include <stdlib.h>
#include <time.h>

#include "attacks/attack.h"
#include "attacks/striker.h"
#include "base/mem.h"
#include "mtproto/wire.h"

#define RSS_GROWTH_KIB (64 << 10)
#define CPU_EACH_MS (50 * CPU_FACTOR)
#define PATIENCE_MS 60000
#define DEPTH 100000
#define INVOKE_WITH_LAYER 0xda9b0d0du
#define GET_USERS 0x0d91a548u
#define BOMB_SIZE ((size_t)256 << 20)
#define GZIP_LEVELS 1000
#define PACKET_ROOM (((size_t)2 << 20) - 4096)

static const char settings[] = "[server]\ncalls_per_s = 0\n[metrics]\nport = 0\n"
			       "[log]\nlevel = warn\n";

/* ---- What is sent ---- */

static struct buf gzip_of(const void *data, size_t size)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t room = libdeflate_gzip_compress_bound(c, size);
	uint8_t *packed = mem_alloc(room);
	size_t packed_size = libdeflate_gzip_compress(c, data, size, packed, room);
	struct buf out = {0};

	libdeflate_free_compressor(c);
	buf_append_u32le(&out, WIRE_GZIP_PACKED);
	wire_put_string(&out, bytes_of(packed, packed_size));
	free(packed);
	return out;
}

static void make_bomb(struct buf *out)
{
	uint8_t *zeros = mem_zalloc(BOMB_SIZE, 1);

	*out = gzip_of(zeros, BOMB_SIZE);
	free(zeros);
}

static void make_gzip_in_gzip(struct buf *out)
{
	uint8_t ping[12] = {0};
	struct buf outer;

	store_u32le(ping, WIRE_PING);
	*out = gzip_of(ping, sizeof(ping));
	for (int i = 0; i < GZIP_LEVELS; i++) {
		outer = gzip_of(buf_data(out), buf_size(out));
		buf_release(out);
		*out = outer;
	}
}

static void make_layers(struct buf *out)
{
	for (int i = 0; i < DEPTH; i++) {
		buf_append_u32le(out, INVOKE_WITH_LAYER);
		buf_append_u32le(out, 228);
	}
}

/* Each container holds one message: the next container. */
static void make_containers(struct buf *out)
{
	const uint32_t each = 8 + 16;

	for (uint32_t i = 0; i < 80000; i++) {
		buf_append_u32le(out, WIRE_CONTAINER);
		buf_append_u32le(out, 1);
		buf_append_u64le(out, (uint64_t)time(NULL) << 32 | (uint64_t)i << 2);
		buf_append_u32le(out, 1);
		buf_append_u32le(out, (80000 - i - 1) * each);
	}
}

/* A list that claims more than there is. */
static void put_claim(struct buf *out, uint32_t constructor, uint32_t count)
{
	buf_append_u32le(out, constructor);
	buf_append_u32le(out, WIRE_VECTOR);
	buf_append_u32le(out, count);
	buf_append_u64le(out, 0);
}

static void make_claimed_ids(struct buf *out)
{
	put_claim(out, (uint32_t)WIRE_STATE_REQ, 0x7fffffff);
}

static void make_claimed_users(struct buf *out)
{
	put_claim(out, GET_USERS, 0x80000000u);
}

static void make_claimed_container(struct buf *out)
{
	buf_append_u32le(out, WIRE_CONTAINER);
	buf_append_u32le(out, 0x7fffffff);
	buf_append_u64le(out, 0);
}

/* A bomb behind another in one packet, as far as they fit. */
static void make_salvo(struct buf *out)
{
	struct buf bomb;
	uint32_t count;

	make_bomb(&bomb);
	count = (uint32_t)(PACKET_ROOM / (16 + buf_size(&bomb)));
	buf_append_u32le(out, WIRE_CONTAINER);
	buf_append_u32le(out, count);
	for (uint32_t i = 0; i < count; i++) {
		buf_append_u64le(out, ((uint64_t)(time(NULL) - 1) << 32) + 4 * i);
		buf_append_u32le(out, 2 * i + 1);
		buf_append_u32le(out, (uint32_t)buf_size(&bomb));
		buf_append_bytes(out, buf_bytes(&bomb));
	}
	buf_release(&bomb);
}

static const struct {
	const char *name;
	void (*make)(struct buf *out);
	uint32_t share;	  /* of the strikers, in hundredths */
	uint32_t content; /* messages inside, if it is a container */
} bombs[] = {
	{"gzip bombs", make_bomb, 100, 0},
	{"containers full of gzip bombs", make_salvo, 10, 7},
	{"gzip in gzip", make_gzip_in_gzip, 10, 0},
	{"100000 times invokeWithLayer", make_layers, 10, 0},
	{"containers in containers", make_containers, 10, 1},
	{"ids that are not there", make_claimed_ids, 10, 0},
	{"a list of 2^31 that is not there", make_claimed_users, 10, 0},
	{"a container of 2^31 that is not there", make_claimed_container, 10, 1},
};

/* ---- Who sends it ---- */

struct volley {
	struct striker *strikers;
	uint32_t count;
};

static bool all_answered(void *ctx)
{
	struct volley *volley = ctx;

	for (uint32_t i = 0; i < volley->count; i++) {
		if (!striker_was_answered(&volley->strikers[i]))
			return false;
	}
	return true;
}

static bool volley_open(struct volley *volley, struct ground *ground, uint32_t count)
{
	struct fleet *fleet = &ground->stage.fleet;

	volley->count = count;
	volley->strikers = mem_zalloc(count, sizeof(*volley->strikers));
	for (uint32_t i = 0; i < count; i++) {
		if (!striker_open(&volley->strikers[i], &fleet->accounts[i % fleet->logged_in].peer,
			    TRANSPORT_INTERMEDIATE, false))
			return false;
	}
	return true;
}

static void volley_close(struct volley *volley)
{
	for (uint32_t i = 0; i < volley->count; i++)
		striker_close(&volley->strikers[i]);
	free(volley->strikers);
}

static void judge(const struct volley *volley, const char *name, bool answered,
	const struct meter *meter, int64_t grown_kib)
{
	uint32_t errors = 0, refusals = 0, cut = 0, results = 0;
	double each_ms = (double)meter->server_us / 1000 / volley->count;

	for (uint32_t i = 0; i < volley->count; i++) {
		const struct striker *striker = &volley->strikers[i];

		results += striker->results > 0;
		errors += striker->errors > 0;
		refusals += striker->refusals > 0;
		cut += striker->refused || striker->closed;
	}
	note("%s x %u: %u errors, %u bad_msg, %u cut; %.2f ms of server CPU each, %+.1f MiB", name,
		volley->count, errors, refusals, cut, each_ms, (double)grown_kib / 1024);
	check(answered && results == 0, "%s: each is refused", name);
	check(each_ms < CPU_EACH_MS, "%s: under %d ms of processor each", name, CPU_EACH_MS);
	check(grown_kib < RSS_GROWTH_KIB, "%s: memory grows by less than %d MiB", name,
		RSS_GROWTH_KIB >> 10);
}

static int strike(struct ground *ground, uint32_t count, const char *name,
	void (*make)(struct buf *out), uint32_t content, struct err *err)
{
	struct volley volley;
	struct meter meter;
	struct buf body = {0};
	int64_t before_kib;
	bool answered;
	int result = -1;

	make(&body);
	if (volley_open(&volley, ground, count) && ground_run(ground, 300, NULL, err) == 0) {
		before_kib = ground_rss_kib(ground);
		meter_start(&meter, ground->stage.server.messenger);
		for (uint32_t i = 0; i < count; i++) {
			if (content)
				striker_send_container(
					&volley.strikers[i], buf_bytes(&body), content);
			else
				striker_send(&volley.strikers[i], buf_bytes(&body));
		}
		answered = peers_run(&ground->stage.peers, all_answered, &volley, PATIENCE_MS,
				   err) == 0;
		meter_stop(&meter);
		judge(&volley, name, answered, &meter, ground_peak_kib(ground) - before_kib);
		result = ground->stage.peers.failed ? -1 : 0;
	}
	volley_close(&volley);
	buf_release(&body);
	return result;
}

int attack_bombs(const struct attack_options *options, struct err *err)
{
	uint32_t count = attack_size(options, options->junk, 1000, 100);
	/* Every account may have a hundred sessions. */
	struct ground *ground = ground_new(options, 20, 0, settings, err);
	int result = -1;

	if (ground) {
		ground_talk(ground, 200);
		result = 0;
		for (size_t i = 0; i < ARRAY_LEN(bombs) && result == 0; i++)
			result = strike(ground, count * bombs[i].share / 100, bombs[i].name,
				bombs[i].make, bombs[i].content, err);
		if (result == 0)
			result = ground_judge(ground, "bombs", err);
	}
	ground_free(ground);
	return result;
}
