/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a network thread does with a batch of effects. Updates are encoded once per layer for an
 * account's sessions; for a channel's members as often as api/push.h says that they differ.
 *
 * Order: updates leave in the order of their commits. A crowd is told in slices, a round of the
 * loop each: between two of them others are heard and answered, or whoever reads would wait for as
 * long as it takes to tell everybody, with an answer from before. What the thread itself must know
 * (logins, memberships) does not wait behind a crowd: an answer that relies on it may be next.
 */
#include "server/deliver.h"

#include <stdlib.h>

#include "api/dispatch.h"
#include "api/push.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/channels/channels.h"
#include "core/accounts/users.h"
#include "server/metrics.h"
#include "server/rpc.h"

#define SLICE 256 /* members: a few milliseconds, with what it takes to send to them */

struct delivery {
	struct loop_task task;
	struct list node; /* of the thread's deliveries */
	struct net_thread *thread;
	struct effects *effects;
	size_t at;  /* the effect that is next, or under way */
	bool known; /* the thread knows already what it must */
	bool walking;
	struct audience_walk walk; /* of a channel's members */
	struct push_copy copy;
};

/* ---- Updates ---- */

static bool effect_is_fleeting(const struct effect *effect)
{
	return effect->set.update_count == 1 &&
	       (effect->set.updates[0].kind == UPDATE_TYPING ||
		       effect->set.updates[0].kind == UPDATE_STATUS ||
		       effect->set.updates[0].kind == UPDATE_SECRET_TYPING);
}

static int layer_of(const struct mtproto_session *session)
{
	return session->key->layer ? session->key->layer : API_LAYER_MIN;
}

static struct push_viewer viewer_of(struct net_thread *thread,
	const struct audience_account *account, const struct mtproto_session *session,
	const struct standing *my)
{
	return (struct push_viewer){
		.user = account->id,
		.layer = layer_of(session),
		.my = *my,
		.country = account->country,
		.vault = thread->node->vault,
	};
}

static void push_to_account(struct net_thread *thread, const struct effect *effect,
	struct audience_account *account, const struct standing *my, struct push_copy *copy)
{
	enum mtproto_push kind =
		effect_is_fleeting(effect) ? MTPROTO_PUSH_ONCE : MTPROTO_PUSH_UPDATE;
	struct bytes encoded = {0};
	int layer = -1;

	if (kind == MTPROTO_PUSH_UPDATE)
		told_add(&thread->told, account->id);
	LIST_EACH (node, &account->sessions) {
		struct audience_session *listener =
			LIST_OWNER(node, struct audience_session, of_account);
		struct mtproto_session *session =
			LIST_OWNER(listener, struct client, listener)->session;

		if (session->id == effect->except_session ||
			(effect->only_session && session->id != effect->only_session) ||
			(effect->only_key && keyring_perm_id(session->key) != effect->only_key))
			continue;
		if (layer_of(session) != layer) {
			struct push_viewer viewer = viewer_of(thread, account, session, my);

			layer = viewer.layer;
			encoded = api_push_next(copy, effect, &viewer, &thread->scratch);
			arena_reset(&thread->scratch);
		}
		if (!encoded.data)
			continue;
		metric_add(METRIC_UPDATES, 1);
		if (mtproto_session_push(session, encoded, kind) < 0)
			log_debug("push_full",
				"a session's queue is full; it will ask for what it missed");
	}
}

static void deliver_account(struct net_thread *thread, const struct effect *effect)
{
	struct audience_account *account = audience_find(&thread->audience, effect->account);
	struct push_copy copy = {0};

	if (account)
		push_to_account(thread, effect, account, &effect->standing, &copy);
	push_copy_release(&copy);
}

static void end_walk(struct delivery *d)
{
	if (d->walking)
		audience_walk_end(&d->thread->audience, &d->walk);
	push_copy_release(&d->copy);
	d->copy = (struct push_copy){0};
	d->walking = false;
}

/* False: as many as may be were told, there are more. */
static bool deliver_channel(struct delivery *d, const struct effect *effect, int *left)
{
	struct net_thread *thread = d->thread;
	struct audience_member *member;

	if (!d->walking)
		audience_walk_begin(&thread->audience, &d->walk, effect->channel);
	d->walking = true;
	while (*left > 0 && (member = audience_walk_next(&d->walk)) != NULL) {
		push_to_account(thread, effect, member->account, &member->my, &d->copy);
		--*left;
	}
	if (*left <= 0)
		return false;
	end_walk(d);
	return true;
}

/* ---- Membership ---- */

static void deliver_member(struct net_thread *thread, const struct effect *effect)
{
	struct audience_account *account = audience_find(&thread->audience, effect->account);

	if (!account)
		return;
	if (account->state == AUDIENCE_LOADING)
		account->stale = true; /* what is being read may be from before */
	else if (account->state == AUDIENCE_READY)
		audience_set_standing(
			&thread->audience, account, effect->channel, &effect->standing);
}

static void deliver_country(struct net_thread *thread, const struct effect *effect)
{
	struct audience_account *account = audience_find(&thread->audience, effect->account);

	if (!account)
		return;
	if (account->state == AUDIENCE_LOADING)
		account->stale = true;
	memcpy(account->country, effect->country, sizeof(account->country));
}

struct load_job {
	struct executor_job job;
	struct loop_task back;
	struct net_thread *thread;
	struct arena arena;
	int64_t account;
	char country[3];
	struct channel_views views;
	bool ok;
};

static int load_run(struct executor_job *base, struct store *store)
{
	struct load_job *job = LIST_OWNER(base, struct load_job, job);
	struct call call = node_call(job->thread->node, store);

	call.arena = &job->arena;
	call.user = job->account;
	snprintf(job->country, sizeof(job->country), "%s", user_country(&call, job->account));
	return channel_memberships(&call, &job->views);
}

static void load_submit(struct load_job *job)
{
	executor_submit(job->thread->node->readers, &job->job);
}

static void load_back(struct loop_task *task)
{
	struct load_job *job = LIST_OWNER(task, struct load_job, back);
	struct net_thread *thread = job->thread;
	struct audience_account *account = audience_find(&thread->audience, job->account);

	if (account->stale && !thread->node->stopping) {
		account->stale = false;
		arena_reset(&job->arena);
		load_submit(job);
		return;
	}
	if (!job->ok)
		log_error("load_failed", "the channels of an account: its next call tries again");
	memcpy(account->country, job->country, sizeof(account->country));
	for (size_t i = 0; i < job->views.count; i++)
		audience_set_standing(&thread->audience, account, job->views.at[i].channel->id,
			&job->views.at[i].my);
	account->state = job->ok ? AUDIENCE_READY : AUDIENCE_NEW;
	rpc_resume_waiting(thread, account);
	audience_collect(&thread->audience, account);
	arena_release(&job->arena);
	free(job);
}

static void load_finish(struct executor_job *base, bool ok)
{
	struct load_job *job = LIST_OWNER(base, struct load_job, job);

	job->ok = ok;
	if (!ok)
		job->views = (struct channel_views){0};
	job->back.run = load_back;
	loop_post(job->thread->loop, &job->back);
}

void deliver_load_account(struct net_thread *thread, struct audience_account *account)
{
	struct load_job *job;

	if (account->state != AUDIENCE_NEW)
		return;
	account->state = AUDIENCE_LOADING;
	job = MEM_NEW(struct load_job);
	arena_init(&job->arena);
	job->job.run = load_run;
	job->job.finish = load_finish;
	job->thread = thread;
	job->account = account->id;
	load_submit(job);
}

/* ---- Keys ---- */

struct login_change {
	struct net_thread *thread;
	const struct effect *effect;
	int64_t account;
};

static void push_to_session(
	struct net_thread *thread, const struct effect *effect, struct mtproto_session *session)
{
	struct push_viewer viewer = {
		.layer = layer_of(session), .country = "", .vault = thread->node->vault};
	struct buf encoded = {0};

	if (api_push(effect, &viewer, &thread->scratch, &encoded)) {
		metric_add(METRIC_UPDATES, 1);
		if (mtproto_session_push(session, buf_bytes(&encoded), MTPROTO_PUSH_UPDATE) < 0)
			log_debug("push_full", "the queue of a session of nobody is full");
	}
	arena_reset(&thread->scratch);
	buf_release(&encoded);
}

/* The answer that lets it in says what the account was like just then: what changes from now on,
 * the session must hear, before its first call too. */
static void listen_as(struct net_thread *thread, struct client *client, int64_t user)
{
	deliver_load_account(thread, audience_join(&thread->audience, &client->listener, user));
}

static void set_user(void *ctx, struct ring_key *key)
{
	static const struct fault unregistered = {401, "AUTH_KEY_UNREGISTERED"};
	struct login_change *change = ctx;

	key->key.user_id = change->account;
	key->key.is_bot = change->effect->is_bot;
	/* A refusal more may be one too many for a session, which then leaves the list. */
	LIST_EACH_SAFE (node, &key->key.sessions) {
		struct mtproto_session *session = LIST_OWNER(node, struct mtproto_session, of_key);
		struct client *client = session->user_data;

		if (client && client->listener.account &&
			client->listener.account->id != change->account) {
			if (session->id != change->effect->except_session)
				push_to_session(change->thread, change->effect, session);
			rpc_drop_waiting(client->listener.account, session, &unregistered);
			audience_leave(&change->thread->audience, &client->listener);
		}
		if (client && change->account && !client->listener.account &&
			!client->without_updates)
			listen_as(change->thread, client, change->account);
	}
}

static void deliver_login(struct net_thread *thread, const struct effect *effect)
{
	struct login_change change = {.thread = thread,
		.effect = effect,
		.account = effect->kind == EFFECT_LOGIN ? effect->account : 0};

	keyring_each_of_perm(&thread->keys, effect->key_id, set_user, &change);
}

struct key_push {
	struct net_thread *thread;
	const struct effect *effect;
};

/* Whoever logged in meanwhile hears as an account. */
static void push_to_key(void *ctx, struct ring_key *key)
{
	const struct key_push *push = ctx;

	if (key->key.user_id)
		return;
	LIST_EACH (node, &key->key.sessions)
		push_to_session(push->thread, push->effect,
			LIST_OWNER(node, struct mtproto_session, of_key));
}

static void deliver_key(struct net_thread *thread, const struct effect *effect)
{
	struct key_push push = {thread, effect};

	keyring_each_of_perm(&thread->keys, effect->key_id, push_to_key, &push);
}

/* ---- Batches ---- */

static void deliver_known(struct net_thread *thread, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_MEMBER:
		deliver_member(thread, effect);
		break;
	case EFFECT_COUNTRY:
		deliver_country(thread, effect);
		break;
	case EFFECT_LOGIN:
	case EFFECT_LOGOUT:
		deliver_login(thread, effect);
		break;
	case EFFECT_KEY_GONE:
		thread_drop_key(thread, effect->key_id, effect->except_session);
		break;
	case EFFECT_TEMP_KEYS_GONE:
		thread_drop_temp_keys(thread, effect);
		break;
	case EFFECT_KEY:
		deliver_key(thread, effect);
		break;
	case EFFECT_CALLBACK:
		rpc_callback(thread, effect);
		break;
	case EFFECT_ACCOUNT: /* updates, in their turn */
	case EFFECT_CHANNEL:
	case EFFECT_CHANNEL_CHANGED:
	case EFFECT_SECRET_HEARD: /* node_publish saw to these */
	case EFFECT_BOT_UPDATE:
	case EFFECT_CODE:
	case EFFECT_EMAIL:
		break;
	}
}

/* False: it is not done. */
static bool deliver_effect(struct delivery *d, const struct effect *effect, int *left)
{
	switch (effect->kind) {
	case EFFECT_ACCOUNT:
		deliver_account(d->thread, effect);
		return true;
	case EFFECT_CHANNEL:
	case EFFECT_CHANNEL_CHANGED:
		return deliver_channel(d, effect, left);
	default:
		if (!d->known)
			deliver_known(d->thread, effect);
		return true;
	}
}

static void delivery_free(struct delivery *d)
{
	list_remove(&d->node);
	end_walk(d);
	effects_release(d->effects);
	free(d);
}

/* Of one that waits, or is to go on later. */
static void deliver_ahead(struct delivery *d)
{
	for (size_t i = d->at; i < d->effects->count && !d->known; i++)
		deliver_known(d->thread, &d->effects->at[i]);
	d->known = true;
}

static void deliver_some(struct net_thread *thread)
{
	int left = SLICE;

	while (left > 0 && !list_empty(&thread->deliveries)) {
		struct delivery *d = LIST_OWNER(thread->deliveries.next, struct delivery, node);

		while (d->at < d->effects->count &&
			deliver_effect(d, &d->effects->at[d->at], &left))
			d->at++;
		if (d->at == d->effects->count)
			delivery_free(d);
		else
			deliver_ahead(d);
	}
	if (!list_empty(&thread->deliveries))
		loop_post(thread->loop, &thread->deliver_more);
	thread_flush_later(thread);
}

static void deliver_run(struct loop_task *task)
{
	struct delivery *d = LIST_OWNER(task, struct delivery, task);
	struct net_thread *thread = d->thread;
	const bool waits = !list_empty(&thread->deliveries);

	list_append(&thread->deliveries, &d->node);
	if (waits)
		deliver_ahead(d);
	else
		deliver_some(thread);
}

static void on_more(struct loop_task *task)
{
	deliver_some(LIST_OWNER(task, struct net_thread, deliver_more));
}

void deliver_init(struct net_thread *thread)
{
	list_init(&thread->deliveries);
	thread->deliver_more.run = on_more;
}

void deliver_drop(struct net_thread *thread)
{
	LIST_EACH_SAFE (node, &thread->deliveries) {
		delivery_free(LIST_OWNER(node, struct delivery, node));
	}
}

void deliver_post(void *ctx, void *item)
{
	struct delivery *delivery = MEM_NEW(struct delivery);

	delivery->task.run = deliver_run;
	delivery->thread = ctx;
	delivery->effects = item;
	effects_hold(delivery->effects);
	loop_post(delivery->thread->loop, &delivery->task);
}
