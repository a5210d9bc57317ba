/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documented maxima filled to the brim, and one more: lists of 8192 ids, containers of 1024
 * messages, and on every transport frames longer than any packet. Full ones are read in time, one
 * more ends the connection.
 */
#include <time.h>

#include "attacks/attack.h"
#include "attacks/striker.h"
#include "mtproto/wire.h"

#define PATIENCE_MS 60000
#define AT_ONCE 8
#define CPU_EACH_MS (100 * CPU_FACTOR)
#define PACKET_ROOM (((size_t)2 << 20) - 8192)

static void put_ids(struct buf *out, uint32_t count)
{
	buf_append_u32le(out, WIRE_MSGS_ACK);
	buf_append_u32le(out, WIRE_VECTOR);
	buf_append_u32le(out, count);
	for (uint32_t i = 0; i < count; i++)
		buf_append_u64le(out, ((uint64_t)time(NULL) << 32) + 4 * i + 1);
}

/* count messages of `ids` ids each. */
static void put_container(struct buf *out, uint32_t count, uint32_t ids)
{
	buf_append_u32le(out, WIRE_CONTAINER);
	buf_append_u32le(out, count);
	for (uint32_t i = 0; i < count; i++) {
		buf_append_u64le(out, ((uint64_t)(time(NULL) - 1) << 32) + 4 * i);
		buf_append_u32le(out, 0);
		buf_append_u32le(out, 12 + 8 * ids);
		put_ids(out, ids);
	}
}

static void make_list_too_long(struct buf *out)
{
	put_ids(out, 8193);
}

static void make_lists_as_they_fit(struct buf *out)
{
	put_container(out, PACKET_ROOM / (16 + 12 + 8 * 8192), 8192);
}

static void make_container_full_of_lists(struct buf *out)
{
	put_container(out, 1024, (PACKET_ROOM / 1024 - 28) / 8);
}

static void make_container_too_long(struct buf *out)
{
	put_container(out, 1025, 1);
}

static const struct {
	const char *name;
	void (*make)(struct buf *out);
} bodies[] = {
	{"a list of 8193 ids", make_list_too_long},
	{"as many lists of 8192 ids as a packet holds", make_lists_as_they_fit},
	{"1024 messages that fill a packet with ids", make_container_full_of_lists},
	{"a container of 1025 messages", make_container_too_long},
};

/* What is said after the transport's first bytes; an announced length that no packet has. */
static const struct {
	const char *name;
	enum transport_kind kind;
	size_t size;
	const char *announced;
} frames[] = {
	{"abridged", TRANSPORT_ABRIDGED, 4, "\x7f\xff\xff\xff"},
	{"intermediate", TRANSPORT_INTERMEDIATE, 4, "\xff\xff\xff\x7f"},
	{"padded intermediate", TRANSPORT_PADDED, 4, "\xff\xff\xff\x7f"},
	{"full", TRANSPORT_FULL, 8, "\xff\xff\xff\x7f\0\0\0\0"},
};

static bool all_cut(void *ctx)
{
	struct striker *strikers = ctx;

	for (uint32_t i = 0; i < AT_ONCE; i++) {
		if (!strikers[i].closed)
			return false;
	}
	return true;
}

static bool open_all(struct ground *ground, struct striker *strikers, enum transport_kind kind)
{
	for (uint32_t i = 0; i < AT_ONCE; i++) {
		if (!striker_open(&strikers[i], &ground->stage.fleet.accounts[i].peer, kind, false))
			return false;
	}
	return true;
}

static void close_all(struct striker *strikers)
{
	for (uint32_t i = 0; i < AT_ONCE; i++)
		striker_close(&strikers[i]);
	memset(strikers, 0, AT_ONCE * sizeof(*strikers));
}

static int send_body(struct ground *ground, struct striker *strikers, const char *name,
	void (*make)(struct buf *out), struct err *err)
{
	struct meter meter;
	struct buf body = {0};
	bool cut;

	make(&body);
	if (!open_all(ground, strikers, TRANSPORT_INTERMEDIATE))
		return err_set(err, 0, "no connection");
	meter_start(&meter, ground->stage.server.messenger);
	for (uint32_t i = 0; i < AT_ONCE; i++)
		striker_send_container(&strikers[i], buf_bytes(&body), 0);
	cut = peers_run(&ground->stage.peers, all_cut, strikers, PATIENCE_MS, err) == 0;
	meter_stop(&meter);
	note("%s: transport code %d, %.1f ms of server CPU each", name,
		(int)strikers[0].transport_code, (double)meter.server_us / 1000 / AT_ONCE);
	check(cut, "%s: the connection ends", name);
	check(meter.server_us / 1000 / AT_ONCE < CPU_EACH_MS, "%s: under %d ms of processor", name,
		CPU_EACH_MS);
	close_all(strikers);
	buf_release(&body);
	return ground->stage.peers.failed ? -1 : 0;
}

static int send_frame(
	struct ground *ground, struct striker *strikers, size_t which, struct err *err)
{
	bool cut;

	if (!open_all(ground, strikers, frames[which].kind))
		return err_set(err, 0, "no connection");
	for (uint32_t i = 0; i < AT_ONCE; i++)
		striker_send_bytes(
			&strikers[i], bytes_of(frames[which].announced, frames[which].size));
	cut = peers_run(&ground->stage.peers, all_cut, strikers, PATIENCE_MS, err) == 0;
	check(cut, "a frame of 2 GiB in %s framing: the connection ends", frames[which].name);
	close_all(strikers);
	return ground->stage.peers.failed ? -1 : 0;
}

static int play(struct ground *ground, struct err *err)
{
	struct striker strikers[AT_ONCE];
	int result = 0;

	memset(strikers, 0, sizeof(strikers));
	ground_talk(ground, 200);
	for (size_t i = 0; i < ARRAY_LEN(bodies) && result == 0; i++)
		result = send_body(ground, strikers, bodies[i].name, bodies[i].make, err);
	for (size_t i = 0; i < ARRAY_LEN(frames) && result == 0; i++)
		result = send_frame(ground, strikers, i, err);
	return result < 0 ? -1 : ground_judge(ground, "what is too long", err);
}

int attack_limits(const struct attack_options *options, struct err *err)
{
	struct ground *ground = ground_new(options, AT_ONCE, 0, NULL, err);
	int result = ground ? play(ground, err) : -1;

	ground_free(ground);
	return result;
}
