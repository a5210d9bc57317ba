/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a network thread does with a batch of effects. Updates are encoded once per layer for an
 * account's sessions; for a channel's members as often as api/push.h says that they differ. Order:
 * a batch is handled whole before the next, and batches come in the order of their commits.
 */
#include "server/deliver.h"

#include <stdlib.h>

#include "api/dispatch.h"
#include "api/push.h"
#include "base/log.h"
#include "core/channels.h"
#include "core/users.h"
#include "server/metrics.h"
#include "server/rpc.h"

struct delivery {
	struct loop_task task;
	struct net_thread *thread;
	struct effects *effects;
};

/* ---- Updates ---- */

static bool effect_is_fleeting(const struct effect *effect)
{
	return effect->set.update_count == 1 &&
	       (effect->set.updates[0].kind == UPDATE_TYPING ||
		       effect->set.updates[0].kind == UPDATE_STATUS);
}

static int layer_of(const struct mtproto_session *session)
{
	return session->key->layer ? session->key->layer : API_LAYER_MIN;
}

static struct push_viewer viewer_of(struct net_thread *thread,
	const struct audience_account *account, const struct mtproto_session *session,
	enum channel_role role)
{
	return (struct push_viewer){
		.user = account->id,
		.layer = layer_of(session),
		.role = role,
		.country = account->country,
		.vault = thread->node->vault,
	};
}

static void push_to_account(struct net_thread *thread, const struct effect *effect,
	struct audience_account *account, enum channel_role role, struct push_copy *copy)
{
	enum mtproto_push kind =
		effect_is_fleeting(effect) ? MTPROTO_PUSH_ONCE : MTPROTO_PUSH_UPDATE;
	struct bytes encoded = {0};
	int layer = -1;

	LIST_EACH (node, &account->sessions) {
		struct audience_session *listener =
			LIST_OWNER(node, struct audience_session, of_account);
		struct mtproto_session *session =
			LIST_OWNER(listener, struct client, listener)->session;

		if (session->id == effect->except_session)
			continue;
		if (layer_of(session) != layer) {
			struct push_viewer viewer = viewer_of(thread, account, session, role);

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
		push_to_account(thread, effect, account, effect->role, &copy);
	push_copy_release(&copy);
}

static void deliver_channel(struct net_thread *thread, const struct effect *effect)
{
	struct audience_channel *channel = audience_channel(&thread->audience, effect->channel);
	struct push_copy copy = {0};

	if (!channel)
		return;
	LIST_EACH (node, &channel->members) {
		struct audience_member *member =
			LIST_OWNER(node, struct audience_member, of_channel);

		push_to_account(thread, effect, member->account, member->role, &copy);
	}
	push_copy_release(&copy);
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
		audience_set_role(&thread->audience, account, effect->channel, effect->role);
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
		audience_set_role(&thread->audience, account, job->views.at[i].channel->id,
			job->views.at[i].role);
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
	job = calloc(1, sizeof(*job));
	if (!job)
		abort();
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
	int64_t account;
	int layer;
};

static void set_user(void *ctx, struct ring_key *key)
{
	static const struct fault unregistered = {401, "AUTH_KEY_UNREGISTERED"};
	struct login_change *change = ctx;

	key->key.user_id = change->account;
	/* A refusal more may be one too many for a session, which then leaves the list. */
	LIST_EACH_SAFE (node, &key->key.sessions) {
		struct mtproto_session *session = LIST_OWNER(node, struct mtproto_session, of_key);
		struct client *client = session->user_data;

		/* The next call makes it listen as the new account. */
		if (!client || !client->listener.account ||
			client->listener.account->id == change->account)
			continue;
		rpc_drop_waiting(client->listener.account, session, &unregistered);
		audience_leave(&change->thread->audience, &client->listener);
	}
}

static void deliver_login(struct net_thread *thread, const struct effect *effect)
{
	struct login_change change = {
		.thread = thread, .account = effect->kind == EFFECT_LOGIN ? effect->account : 0};

	keyring_each_of_perm(&thread->keys, effect->key_id, set_user, &change);
}

/* ---- Batches ---- */

static void deliver_effect(struct net_thread *thread, const struct effect *effect)
{
	switch (effect->kind) {
	case EFFECT_ACCOUNT:
		deliver_account(thread, effect);
		break;
	case EFFECT_CHANNEL:
	case EFFECT_CHANNEL_CHANGED:
		deliver_channel(thread, effect);
		break;
	case EFFECT_MEMBER:
		deliver_member(thread, effect);
		break;
	case EFFECT_LOGIN:
	case EFFECT_LOGOUT:
		deliver_login(thread, effect);
		break;
	case EFFECT_KEY_GONE:
		thread_drop_key(thread, effect->key_id, effect->except_session);
		break;
	case EFFECT_CODE: /* node_publish printed it */
		break;
	}
}

static void deliver_run(struct loop_task *task)
{
	struct delivery *delivery = LIST_OWNER(task, struct delivery, task);
	struct effects *effects = delivery->effects;

	for (size_t i = 0; i < effects->count; i++)
		deliver_effect(delivery->thread, &effects->at[i]);
	thread_flush_later(delivery->thread);
	effects_release(effects);
	free(delivery);
}

void deliver_post(void *ctx, void *item)
{
	struct delivery *delivery = calloc(1, sizeof(*delivery));

	if (!delivery)
		abort();
	delivery->task.run = deliver_run;
	delivery->thread = ctx;
	delivery->effects = item;
	effects_hold(delivery->effects);
	loop_post(delivery->thread->loop, &delivery->task);
}
