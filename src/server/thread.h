/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A network thread: its loop, listener, protocol state, keys and audience. All of it belongs to the
 * thread; others reach it by loop_post only.
 */
#ifndef SERVER_THREAD_H
#define SERVER_THREAD_H

#include <pthread.h>

#include "mtproto/conn.h"
#include "mtproto/session.h"
#include "net/listener.h"
#include "server/audience.h"
#include "server/keyring.h"
#include "server/node.h"
#include "server/told.h"

struct net_thread {
	struct node *node;
	int index;
	pthread_t thread;
	bool running;
	struct loop *loop;
	struct listener *listener;
	struct mtproto_server mtproto;
	struct keyring keys;
	struct audience audience;
	struct told told;
	struct deferred flush; /* sends what sessions have queued, at the end of the round */
	struct timer tick;
	struct list writes;	/* of struct executor_job: go to the writer with the flush */
	struct list asking;	/* of struct rpc: they wait for bots */
	struct list deliveries; /* deliver.c's: under way or waiting, in the order of commits */
	struct loop_task deliver_more; /* the rest of them */
	struct arena scratch;	       /* reset after each use */
	struct map exchanges; /* over HTTP, that wait for an answer: struct link by number */
	uint64_t exchanges_taken;
	uint32_t calls; /* under way: rpc.c */
	size_t call_bytes;
	int64_t sweep_at_us; /* keys are swept then */
};

/* What the server keeps for a session: the session's user_data. */
struct client {
	struct audience_session listener;
	struct mtproto_session *session;
	bool without_updates; /* its last call asked so */
};

/* where: host, port and fd are used. */
MUST_CHECK int thread_open(struct net_thread *thread, struct node *node, int index,
	const struct listener_config *where, struct err *err);
MUST_CHECK int thread_start(struct net_thread *thread, struct err *err);
/* Ends the loop and joins the thread. */
void thread_stop(struct net_thread *thread);
/* All have stopped, none is closed: requests that came from another thread's connections are
 * answered, as long as there is somebody to hand the answers to. */
void thread_drain(struct net_thread *thread);
void thread_close(struct net_thread *thread);
/* The permanent key was destroyed: its keys here are refused from now on, but those that the
 * session `asker` belongs to. */
/* EFFECT_TEMP_KEYS_GONE, on each thread. */
void thread_drop_temp_keys(struct net_thread *thread, const struct effect *effect);
void thread_drop_key(struct net_thread *thread, uint64_t key_id, uint64_t asker);
/* What was queued leaves at the end of the round. */
void thread_flush_later(struct net_thread *thread);
int64_t thread_now_s(const struct net_thread *thread);

#endif
