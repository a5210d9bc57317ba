/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, running and closing a network thread, and the callbacks that mtproto makes to it. */
#include "server/thread.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "base/log.h"
#include "base/mem.h"
#include "server/admit.h"
#include "server/deliver.h"
#include "server/key_pairs.h"
#include "server/key_work.h"
#include "server/door.h"
#include "server/link.h"
#include "server/link_http.h"
#include "server/metrics.h"
#include "server/rpc.h"
#include "store/home_keys.h"

#define SWEEP_US 5000000
#define TICK_MS 250    /* acknowledgements wait at most this long beyond their delay */
#define FILES_KEPT 256 /* descriptors that connections leave to everything else */
#define CONNS_LEAST 64

int64_t thread_now_s(const struct net_thread *thread)
{
	return clock_unix_s(thread->node->env.clock);
}

void thread_flush_later(struct net_thread *thread)
{
	loop_defer(thread->loop, &thread->flush, DEFER_PACK);
}

static void thread_flush(struct deferred *deferred)
{
	struct net_thread *thread = LIST_OWNER(deferred, struct net_thread, flush);

	if (!thread->node->sealed)
		executor_submit_all(thread->node->writer, &thread->writes);
	mtproto_server_flush(&thread->mtproto);
}

static void note_gauges(struct node *node)
{
	metric_set(METRIC_HANDSHAKES_WAITING, (int64_t)key_work_waiting(node->key_work));
	metric_set(METRIC_HANDSHAKES_OPEN, (int64_t)handshakes_open(node->handshakes));
	metric_set(METRIC_KEY_PAIRS, (int64_t)key_pairs_count(node->key_pairs));
	metric_set(METRIC_TEMP_KEYS, (int64_t)temp_keys_count(node->temp_keys));
}

static void thread_tick(struct timer *timer)
{
	struct net_thread *thread = LIST_OWNER(timer, struct net_thread, tick);

	int64_t now_us = clock_monotonic_us(thread->node->env.clock);

	mtproto_server_tick(&thread->mtproto);
	if (thread->index == 0 && !thread->node->sealed)
		note_gauges(thread->node);
	if (!thread->node->sealed && now_us >= thread->sweep_at_us) {
		thread->sweep_at_us = now_us + SWEEP_US;
		keyring_sweep(&thread->keys, thread_now_s(thread));
		if (thread->index == 0)
			temp_keys_sweep(thread->node->temp_keys, thread_now_s(thread));
	}
	thread_flush_later(thread);
	loop_timer_start(thread->loop, &thread->tick, TICK_MS);
}

/* ---- Callbacks of mtproto ---- */

static enum mtproto_key_lookup host_key_find(void *ctx, uint64_t id, struct auth_key **key)
{
	struct net_thread *thread = ctx;
	struct ring_key *found;
	enum mtproto_key_lookup result =
		keyring_find(&thread->keys, id, thread_now_s(thread), &found);

	if (result == MTPROTO_KEY_FOUND)
		*key = &found->key;
	return result;
}

struct destroy_job {
	struct executor_job job;
	struct loop_task back;
	struct net_thread *thread;
	struct ring_key *key; /* referred to until the job is back */
	uint64_t key_id, session_id, req_msg_id;
	enum mtproto_destroyed status;
};

static int destroy_run(struct executor_job *base, struct store *store)
{
	struct destroy_job *job = LIST_OWNER(base, struct destroy_job, job);

	job->status = home_keys_delete(store_home(store), job->key_id) ? MTPROTO_DESTROY_OK
								       : MTPROTO_DESTROY_NONE;
	return 0;
}

/* No call that comes later finds it; what runs now ends. */
static void drop_key(struct net_thread *thread, struct ring_key *key)
{
	key->gone = true;
	if (auth_key_is_temp(&key->key))
		temp_keys_remove(thread->node->temp_keys, key->key.id);
	mtproto_server_drop_key(&thread->mtproto, &key->key);
}

struct key_drop {
	struct net_thread *thread;
	uint64_t asker;
};

static void drop_unless_asker(void *ctx, struct ring_key *key)
{
	struct key_drop *drop = ctx;

	if (!drop->asker || !mtproto_session_find(&drop->thread->mtproto, key->key.id, drop->asker))
		drop_key(drop->thread, key);
}

void thread_drop_key(struct net_thread *thread, uint64_t key_id, uint64_t asker)
{
	struct key_drop drop = {thread, asker};

	keyring_each_of_perm(&thread->keys, key_id, drop_unless_asker, &drop);
}

struct temp_drop {
	struct net_thread *thread;
	const struct effect *effect;
};

static void drop_unless_spared(void *ctx, struct ring_key *key)
{
	struct temp_drop *drop = ctx;

	if (!auth_key_is_temp(&key->key))
		return;
	for (size_t i = 0; i < drop->effect->spared_count; i++) {
		if (drop->effect->spared[i] == key->key.id)
			return;
	}
	drop_key(drop->thread, key);
}

void thread_drop_temp_keys(struct net_thread *thread, const struct effect *effect)
{
	struct temp_drop drop = {thread, effect};

	/* First those that no thread has in use; every thread finds that done but the first. */
	temp_keys_remove_bound(
		thread->node->temp_keys, effect->key_id, effect->spared, effect->spared_count);
	keyring_each_of_perm(&thread->keys, effect->key_id, drop_unless_spared, &drop);
}

static void destroy_back(struct loop_task *task)
{
	struct destroy_job *job = LIST_OWNER(task, struct destroy_job, back);
	struct net_thread *thread = job->thread;
	struct mtproto_session *session =
		mtproto_session_find(&thread->mtproto, job->key->key.id, job->session_id);

	if (session) {
		mtproto_session_key_destroyed(session, job->req_msg_id, job->status);
		mtproto_server_flush(&thread->mtproto);
	}
	if (job->status == MTPROTO_DESTROY_OK)
		drop_key(thread, job->key);
	job->key->key.refs--;
	free(job);
}

/* Everybody refuses the key and those bound to it before the client hears that it is gone. */
static void destroy_finish(struct executor_job *base, bool ok)
{
	struct destroy_job *job = LIST_OWNER(base, struct destroy_job, job);

	if (!ok)
		job->status = MTPROTO_DESTROY_FAIL;
	if (job->status == MTPROTO_DESTROY_OK) {
		struct effects *effects = effects_new();
		struct effect *effect = effects_append(effects, EFFECT_KEY_GONE);

		effect->key_id = job->key_id;
		effect->except_session = job->session_id;
		node_publish(job->thread->node, effects);
	}
	loop_post(job->thread->loop, &job->back);
}

static void host_key_destroy(void *ctx, struct mtproto_session *session, uint64_t req_msg_id)
{
	struct net_thread *thread = ctx;
	struct destroy_job *job = MEM_NEW(struct destroy_job);

	job->job.run = destroy_run;
	job->job.finish = destroy_finish;
	job->back.run = destroy_back;
	job->thread = thread;
	job->key = (struct ring_key *)session->key;
	job->key->key.refs++;
	job->key_id = session->key->id;
	job->session_id = session->id;
	job->req_msg_id = req_msg_id;
	if (!auth_key_is_temp(session->key)) {
		executor_submit(thread->node->writer, &job->job);
		return;
	}
	/* In memory only; but not from inside this callback. */
	job->status = MTPROTO_DESTROY_OK;
	loop_post(thread->loop, &job->back);
}

static bool host_handshake_admit(void *ctx, struct mtproto_conn *conn)
{
	struct net_thread *thread = ctx;

	return admit_handshake(thread, link_peer(conn));
}

static void host_session_opened(void *ctx, struct mtproto_session *session)
{
	struct client *client = MEM_NEW(struct client);

	client->session = session;
	list_init(&client->listener.of_account);
	session->user_data = client;
}

static void host_session_closed(void *ctx, struct mtproto_session *session)
{
	struct net_thread *thread = ctx;
	struct client *client = session->user_data;

	if (client->listener.account)
		rpc_drop_waiting(client->listener.account, session, NULL);
	audience_leave(&thread->audience, &client->listener);
	free(client);
	session->user_data = NULL;
}

static void host_call(void *ctx, struct mtproto_session *session, struct mtproto_conn *conn,
	uint64_t msg_id, struct bytes body)
{
	rpc_begin(ctx, session, conn, msg_id, body);
}

static struct mtproto_host thread_host(struct net_thread *thread)
{
	return (struct mtproto_host){
		.ctx = thread,
		.key_id_seen = link_key_id_seen,
		.key_find = host_key_find,
		.key_new = link_key_new,
		.key_destroy = host_key_destroy,
		.handshake_admit = host_handshake_admit,
		.handshake_work = key_work_begin,
		.handshake_drop = key_work_drop,
		.session_opened = host_session_opened,
		.session_closed = host_session_closed,
		.call = host_call,
		.place = link_place,
		.output = link_output,
		.close = link_close,
		.wake_after = link_wake_after,
	};
}

/* ---- Life ---- */

/* The system spreads the connections of an address over the threads as it likes: each has its
 * share, and one more. */
static uint32_t address_conns_max(const struct node *node)
{
	int64_t most = node->in.settings.address_conns_max;

	return most ? (uint32_t)(most / node->thread_count + 1) : 0;
}

/* Databases, pipes and files must not go without because newcomers were faster. */
static size_t conns_max(const struct node *node)
{
	int64_t most = node->in.settings.conns_max;
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY &&
		most > (int64_t)files.rlim_cur - FILES_KEPT) {
		most = (int64_t)files.rlim_cur - FILES_KEPT;
		if (most < CONNS_LEAST)
			most = CONNS_LEAST;
	}
	return (size_t)(most / node->thread_count);
}

static void set_room(struct net_thread *thread)
{
	const struct settings *settings = &thread->node->in.settings;
	int threads = thread->node->thread_count;
	size_t unfinished = ((size_t)settings->unfinished_mib << 20) / (size_t)threads;
	struct loop_room room = {
		.strangers_max = (size_t)(settings->newcomers_max / threads + 1),
		.address_max = address_conns_max(thread->node),
		.stranger_bytes = unfinished / 3,
		.known_bytes = unfinished - unfinished / 3,
	};

	loop_set_room(thread->loop, &room);
	thread->mtproto.limits.keyless_close_s = (uint32_t)settings->newcomer_s;
	thread->mtproto.limits.held_max = ((size_t)settings->unread_mib << 20) / (size_t)threads;
}

int thread_open(struct net_thread *thread, struct node *node, int index,
	const struct listener_config *where, struct err *err)
{
	struct mtproto_host callbacks = thread_host(thread);
	struct listener_config config = {.host = where->host,
		.port = where->port,
		.fd = where->fd,
		.conns_max = conns_max(node),
		.limits = &node->door_limits,
		.ops = &door_ops,
		.owner = thread};

	*thread = (struct net_thread){.node = node, .index = index};
	list_init(&thread->writes);
	list_init(&thread->asking);
	deliver_init(thread);
	arena_init(&thread->scratch);
	map_init(&thread->exchanges);
	audience_init(&thread->audience);
	mtproto_server_init(
		&thread->mtproto, &callbacks, node->env.clock, node->env.random, node->handshakes);
	thread->mtproto.id_floor = kept_id_floor(node->kept, index);
	deferred_init(&thread->flush, thread_flush);
	timer_init(&thread->tick, thread_tick);
	if (!node->sealed &&
		keyring_init(&thread->keys, &node->paths, node->vault, node->temp_keys, err) < 0)
		return -1;
	thread->loop = loop_new(err);
	if (!thread->loop)
		return -1;
	set_room(thread);
	thread->listener = listener_open(thread->loop, &config, err);
	if (!thread->listener)
		return -1;
	loop_timer_start(thread->loop, &thread->tick, TICK_MS);
	bus_subscribe(node->bus, deliver_post, thread);
	return 0;
}

static void *thread_main(void *arg)
{
	struct net_thread *thread = arg;

	loop_run(thread->loop);
	return NULL;
}

int thread_start(struct net_thread *thread, struct err *err)
{
	if (pthread_create(&thread->thread, NULL, thread_main, thread) != 0)
		return err_set(err, 0, "can't start a network thread");
	thread->running = true;
	return 0;
}

void thread_stop(struct net_thread *thread)
{
	if (!thread->running)
		return;
	loop_stop(thread->loop);
	pthread_join(thread->thread, NULL);
	thread->running = false;
}

void thread_drain(struct net_thread *thread)
{
	if (!thread->loop)
		return;
	link_http_stop(thread);
	rpc_drop_asking(thread);
	loop_step(thread->loop, 0);
}

void thread_close(struct net_thread *thread)
{
	listener_close(thread->listener);
	timer_stop(&thread->tick);
	loop_free(thread->loop);
	deliver_drop(thread);
	mtproto_server_release(&thread->mtproto);
	map_release(&thread->exchanges);
	audience_release(&thread->audience);
	keyring_release(&thread->keys);
	arena_release(&thread->scratch);
}
