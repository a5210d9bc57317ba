/* SPDX-License-Identifier: Apache-2.0 */
/* It has peers of its own: being refused is no failure of the run. */
#include "attacks/newcomer.h"

#include <string.h>

#define AGAIN_MS 300

struct newcomer {
	struct peers peers;
	struct peer peer;
	struct timer again;
	bool ready;
};

static const struct peer_ops ops;

static void come(struct newcomer *newcomer)
{
	peer_open(&newcomer->peer, &newcomer->peers, &ops, newcomer);
}

static void on_again(struct timer *timer)
{
	struct newcomer *newcomer = LIST_OWNER(timer, struct newcomer, again);

	peer_release(&newcomer->peer);
	come(newcomer);
}

static void on_ready(struct peer *peer)
{
	((struct newcomer *)peer->owner)->ready = true;
}

static void on_closed(struct peer *peer)
{
	struct newcomer *newcomer = peer->owner;

	if (!newcomer->ready)
		loop_timer_start(newcomer->peers.loop, &newcomer->again, AGAIN_MS);
}

static const struct peer_ops ops = {.ready = on_ready, .closed = on_closed};

static bool is_ready(void *ctx)
{
	return ((struct newcomer *)ctx)->ready;
}

int64_t newcomer_takes_ms(struct ground *ground, int64_t patience_ms)
{
	struct newcomer newcomer;
	int64_t from_us = now_us(), took_ms = -1;
	char key[300];
	struct err err;

	memset(&newcomer, 0, sizeof(newcomer));
	timer_init(&newcomer.again, on_again);
	server_key_path(&ground->stage.server, key, sizeof(key));
	if (peers_init(&newcomer.peers, ground->stage.loop, (uint16_t)ground->stage.server.port,
		    key, &err) == 0) {
		come(&newcomer);
		if (peers_run(&ground->stage.peers, is_ready, &newcomer, patience_ms, &err) == 0)
			took_ms = (now_us() - from_us) / 1000;
	}
	timer_stop(&newcomer.again);
	peer_close(&newcomer.peer);
	peer_release(&newcomer.peer);
	peers_release(&newcomer.peers);
	return took_ms;
}
