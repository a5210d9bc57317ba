/* SPDX-License-Identifier: Apache-2.0 */
/* A world's clock, random numbers and keys, and the life of its server. What the server asks its
 * host is in world_host.c, clients and their connections in world_link.c. */
#include "world.h"

#include <stdlib.h>

#include "base/mem.h"
#include "witness.h"
#include "world_parts.h"

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

struct auth_key *world_key(struct world *world, uint64_t id)
{
	for (size_t i = 0; i < world->keys_count; i++)
		if (world->keys[i]->id == id)
			return world->keys[i];
	return NULL;
}

struct auth_key *world_keep_key(struct world *world, const struct auth_key *from)
{
	struct auth_key *key = MEM_NEW(struct auth_key);

	assert_true(world->keys_count < WORLD_KEYS_MAX);
	*key = *from;
	list_init(&key->sessions);
	world->keys[world->keys_count++] = key;
	return key;
}

struct auth_key *world_add_key(struct world *world, const uint8_t full[256], bool temp)
{
	struct auth_key key;

	auth_key_init(&key);
	auth_key_set(&key, full);
	key.created_at = world->now_us / 1000000;
	key.expires_at = temp ? key.created_at + 86400 : 0;
	return world_keep_key(world, &key);
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

static void start_server(struct world *world)
{
	struct mtproto_host host = world_host(world);

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
