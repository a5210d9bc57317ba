/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An rpc is born on the session's thread, runs on an executor's, and comes back to the session's
 * thread with its encoded answer. Until then nobody else touches it, so it needs no lock.
 */
#include "server/rpc.h"

#include <stdlib.h>

#include "api/dispatch.h"
#include "base/log.h"
#include "mtproto/bind.h"
#include "mtproto/gzip.h"
#include "server/deliver.h"
#include "server/link.h"
#include "server/metrics.h"
#include "store/home_keys.h"

/* An answer larger than this is a bug of a handler, not a page of history. */
#define RPC_ANSWER_MAX ((size_t)8 << 20)

struct rpc {
	struct executor_job job;
	struct loop_task back;
	struct list of_account; /* while it waits for the account's channels */
	struct net_thread *thread;
	uint64_t key_id, session_id, msg_id;
	struct arena arena;
	struct api_request request;
	struct call call;
	struct buf answer;
};

static void rpc_free(struct rpc *rpc)
{
	effects_release(rpc->call.effects);
	buf_release(&rpc->answer);
	arena_release(&rpc->arena);
	free(rpc);
}

/* ---- Running ---- */

static int rpc_run(struct executor_job *base, struct store *store)
{
	struct rpc *rpc = LIST_OWNER(base, struct rpc, job);

	rpc->call.store = store;
	rpc->call.fault = (struct fault){0};
	rpc->call.keep_writes = false;
	effects_reset(rpc->call.effects);
	buf_clear(&rpc->answer);
	if (api_run(&rpc->call, &rpc->request, &rpc->answer) < 0)
		return rpc->call.keep_writes ? 0 : -1;
	return 0;
}

/* Back on the session's thread. The session may be gone: then the client asks again in a new one.
 */
static void rpc_back(struct loop_task *task)
{
	struct rpc *rpc = LIST_OWNER(task, struct rpc, back);
	struct net_thread *thread = rpc->thread;
	struct mtproto_session *session =
		mtproto_session_find(&thread->mtproto, rpc->key_id, rpc->session_id);

	metric_add(METRIC_CALLS, 1);
	metric_add(METRIC_CALLS_REFUSED, rpc->call.fault.code != 0);
	if (session) {
		if (rpc->call.fault.code)
			mtproto_session_error(
				session, rpc->msg_id, rpc->call.fault.code, rpc->call.fault.text);
		else
			mtproto_session_reply(session, rpc->msg_id, buf_bytes(&rpc->answer));
		thread_flush_later(thread);
	}
	rpc_free(rpc);
}

static void rpc_finish(struct executor_job *base, bool ok)
{
	struct rpc *rpc = LIST_OWNER(base, struct rpc, job);

	if (!ok && !rpc->call.fault.code)
		rpc_error(&rpc->call, 500, "INTERNAL");
	/* First what others must know (a login, for one), then the answer. */
	if (!rpc->call.fault.code && rpc->call.effects->count) {
		node_publish(rpc->thread->node, rpc->call.effects);
		rpc->call.effects = NULL;
	}
	rpc->back.run = rpc_back;
	loop_post(rpc->thread->loop, &rpc->back);
}

static void rpc_submit(struct rpc *rpc)
{
	struct node *node = rpc->thread->node;

	switch (api_method_tx(rpc->request.method)) {
	case TX_WRITE:
		executor_submit(node->writer, &rpc->job);
		return;
	case TX_READ:
		executor_submit(node->readers, &rpc->job);
		return;
	case TX_NONE:
		break;
	}
	if (rpc_run(&rpc->job, NULL) < 0 && !rpc->call.fault.code)
		rpc_error(&rpc->call, 500, "INTERNAL");
	rpc_finish(&rpc->job, true);
}

/* ---- Layer and device ---- */

/* What initConnection said is kept with the key: files and updates go by it later. */
struct hello_job {
	struct executor_job job;
	struct arena arena;
	uint64_t key_id;
	int layer;
	struct home_device device;
	int64_t now_s;
};

static int hello_run(struct executor_job *base, struct store *store)
{
	struct hello_job *job = LIST_OWNER(base, struct hello_job, job);
	struct db *db = store_home(store);

	home_keys_set_layer(db, job->key_id, job->layer);
	if (job->device.model.data)
		home_keys_set_device(db, store->vault, &job->arena, job->key_id, &job->device);
	home_keys_set_active(db, job->key_id, job->now_s);
	return 0;
}

static void hello_finish(struct executor_job *base, bool ok)
{
	struct hello_job *job = LIST_OWNER(base, struct hello_job, job);

	arena_release(&job->arena);
	free(job);
}

static void save_hello(
	struct net_thread *thread, uint64_t perm_id, int layer, const struct api_device *device)
{
	struct hello_job *job = calloc(1, sizeof(*job));

	if (!job)
		abort();
	arena_init(&job->arena);
	job->job.run = hello_run;
	job->job.finish = hello_finish;
	job->key_id = perm_id;
	job->layer = layer;
	job->now_s = thread_now_s(thread);
	if (device && device->present) {
		job->device.api_id = device->api_id;
		job->device.model = arena_bytes(&job->arena, device->model);
		job->device.system_version = arena_bytes(&job->arena, device->system_version);
		job->device.app_version = arena_bytes(&job->arena, device->app_version);
		job->device.language = arena_bytes(&job->arena, device->language);
	}
	executor_submit(thread->node->writer, &job->job);
}

static void note_layer(
	struct net_thread *thread, struct auth_key *key, const struct api_request *request)
{
	if (!request->layer || request->layer == key->layer)
		return;
	key->layer = request->layer;
	if (keyring_perm_id(key))
		save_hello(thread, keyring_perm_id(key), key->layer, &request->device);
}

/* ---- Binding a temporary key ---- */

static const char *bind_fault(enum mtproto_bind result)
{
	switch (result) {
	case MTPROTO_BIND_EXPIRES_AT_INVALID:
		return "EXPIRES_AT_INVALID";
	case MTPROTO_BIND_TEMP_KEY_EMPTY:
		return "TEMP_AUTH_KEY_EMPTY";
	case MTPROTO_BIND_MESSAGE_INVALID:
	case MTPROTO_BIND_OK:
		break;
	}
	return "ENCRYPTED_MESSAGE_INVALID";
}

/* https://core.telegram.org/method/auth.bindTempAuthKey: concerns keys alone, so it never reaches
 * the handlers. */
static void rpc_bind(struct net_thread *thread, struct mtproto_session *session,
	const struct tl_auth_bindTempAuthKey *query, uint64_t msg_id, struct buf *answer,
	struct fault *fault)
{
	struct auth_key *temp = session->key;
	const struct mtproto_bind_request request = {.session_id = session->id,
		.msg_id = msg_id,
		.perm_auth_key_id = (uint64_t)query->perm_auth_key_id,
		.nonce = (uint64_t)query->nonce,
		.expires_at = query->expires_at,
		.encrypted_message = query->encrypted_message};
	struct ring_key *perm = NULL;
	enum mtproto_key_lookup lookup =
		keyring_find(&thread->keys, request.perm_auth_key_id, thread_now_s(thread), &perm);
	enum mtproto_bind result = MTPROTO_BIND_MESSAGE_INVALID;

	/* A client told ENCRYPTED_MESSAGE_INVALID throws both keys away: not for a fault of ours.
	 */
	if (lookup == MTPROTO_KEY_UNAVAILABLE) {
		*fault = (struct fault){500, "INTERNAL"};
		return;
	}
	if (lookup == MTPROTO_KEY_FOUND && !auth_key_is_temp(&perm->key))
		result = mtproto_bind_check(temp, &perm->key, &request);
	if (result != MTPROTO_BIND_OK) {
		*fault = (struct fault){400, ""};
		snprintf(fault->text, sizeof(fault->text), "%s", bind_fault(result));
		return;
	}
	temp->perm_id = perm->key.id;
	temp->user_id = perm->key.user_id;
	if (temp->layer)
		save_hello(thread, temp->perm_id, temp->layer, NULL);
	else
		temp->layer = perm->key.layer;
	temp_keys_bind(thread->node->temp_keys, temp->id, temp->perm_id);
	buf_append_u32le(answer, TL_ID_boolTrue);
}

/* ---- Admission ---- */

static void admit(const struct auth_key *key, const struct api_method *method, struct fault *fault)
{
	if (api_method_who(method) == FOR_UNBOUND)
		return;
	if (!keyring_perm_id(key))
		*fault = (struct fault){401, "AUTH_KEY_PERM_EMPTY"};
	else if (api_method_who(method) == FOR_USER && !key->user_id)
		*fault = (struct fault){401, "AUTH_KEY_UNREGISTERED"};
}

static double rate_cost(enum api_rate rate)
{
	switch (rate) {
	case RATE_LIGHT:
		return 0.25;
	case RATE_NORMAL:
		return 1;
	case RATE_HEAVY:
	case RATE_LOGIN:
		break;
	}
	return 4;
}

/* A token bucket per key: calls_per_s of them a second, ten seconds' worth at once. */
static void spend(
	struct net_thread *thread, struct ring_key *key, enum api_rate rate, struct fault *fault)
{
	double per_s = (double)thread->node->in.settings.calls_per_s, cost = rate_cost(rate);
	int64_t now_us = clock_monotonic_us(thread->node->env.clock);

	if (per_s <= 0)
		return;
	if (!key->tokens_at_us)
		key->tokens = 10 * per_s;
	else
		key->tokens += (double)(now_us - key->tokens_at_us) / 1e6 * per_s;
	if (key->tokens > 10 * per_s)
		key->tokens = 10 * per_s;
	key->tokens_at_us = now_us;
	if (key->tokens < cost) {
		fault->code = 420;
		snprintf(fault->text, sizeof(fault->text), "FLOOD_WAIT_%d",
			1 + (int)((cost - key->tokens) / per_s));
		return;
	}
	key->tokens -= cost;
}

static struct rpc *rpc_new(
	struct net_thread *thread, struct mtproto_session *session, uint64_t msg_id)
{
	struct rpc *rpc = calloc(1, sizeof(*rpc));

	if (!rpc)
		abort();
	arena_init(&rpc->arena);
	buf_init(&rpc->answer, RPC_ANSWER_MAX);
	list_init(&rpc->of_account);
	rpc->job.run = rpc_run;
	rpc->job.finish = rpc_finish;
	rpc->thread = thread;
	rpc->key_id = session->key->id;
	rpc->session_id = session->id;
	rpc->msg_id = msg_id;
	return rpc;
}

static void rpc_fill_call(
	struct rpc *rpc, struct mtproto_session *session, struct mtproto_conn *conn)
{
	const struct auth_key *key = session->key;
	char address[ADDRESS_TEXT_MAX];

	address_format(link_peer(conn), address);
	rpc->call = (struct call){
		.arena = &rpc->arena,
		.env = &rpc->thread->node->env,
		.now_s = thread_now_s(rpc->thread),
		.user = key->user_id,
		.key_id = keyring_perm_id(key),
		.temp_key_id = auth_key_is_temp(key) ? key->id : 0,
		.session_id = session->id,
		.msg_id = (int64_t)rpc->msg_id,
		.layer = key->layer ? key->layer : API_LAYER_MIN,
		.dc = mtproto_conn_dc(conn),
		.address = arena_bytes(&rpc->arena, bytes_from_str(address)),
		.effects = effects_new(),
	};
	if (auth_key_is_temp(key) || key->dc == 0)
		return;
	/* The connection may be a later one of a key whose handshake named the DC. */
	rpc->call.dc = key->dc;
}

/* The session hears updates from its first call on, unless it asked not to. */
static bool rpc_waits_for_account(struct rpc *rpc, struct mtproto_session *session)
{
	struct net_thread *thread = rpc->thread;
	struct client *client = session->user_data;
	struct audience_account *account = client->listener.account;

	if (!rpc->call.user || rpc->request.without_updates)
		return false;
	if (account && account->id != rpc->call.user) {
		audience_leave(&thread->audience, &client->listener);
		account = NULL;
	}
	if (!account)
		account = audience_join(&thread->audience, &client->listener, rpc->call.user);
	if (account->state == AUDIENCE_READY)
		return false;
	list_append(&account->waiting, &rpc->of_account);
	deliver_load_account(thread, account);
	return true;
}

static void rpc_refuse(struct rpc *rpc, struct mtproto_session *session, const struct fault *fault)
{
	metric_add(METRIC_CALLS, 1);
	metric_add(METRIC_CALLS_REFUSED, 1);
	mtproto_session_error(session, rpc->msg_id, fault->code, fault->text);
	rpc_free(rpc);
}

void rpc_begin(struct net_thread *thread, struct mtproto_session *session,
	struct mtproto_conn *conn, uint64_t msg_id, struct bytes body)
{
	struct rpc *rpc = rpc_new(thread, session, msg_id);
	struct ring_key *key = (struct ring_key *)session->key;
	struct fault fault = {0};
	const struct tl_auth_bindTempAuthKey *bind;

	if (api_parse(&rpc->arena, body, gzip_inflate, &rpc->request, &fault) < 0) {
		rpc_refuse(rpc, session, &fault);
		return;
	}
	note_layer(thread, &key->key, &rpc->request);
	bind = TL_AS(auth_bindTempAuthKey, rpc->request.query);
	if (bind)
		rpc_bind(thread, session, bind, msg_id, &rpc->answer, &fault);
	else
		admit(&key->key, rpc->request.method, &fault);
	if (!fault.code)
		spend(thread, key, api_method_rate(rpc->request.method), &fault);
	if (fault.code) {
		rpc_refuse(rpc, session, &fault);
		return;
	}
	if (bind) {
		mtproto_session_reply(session, msg_id, buf_bytes(&rpc->answer));
		rpc_free(rpc);
		return;
	}
	rpc_fill_call(rpc, session, conn);
	if (!rpc_waits_for_account(rpc, session))
		rpc_submit(rpc);
}

void rpc_resume_waiting(struct net_thread *thread, struct audience_account *account)
{
	while (!list_empty(&account->waiting)) {
		struct rpc *rpc = LIST_OWNER(account->waiting.next, struct rpc, of_account);

		list_remove(&rpc->of_account);
		rpc_submit(rpc);
	}
}

void rpc_drop_waiting(struct audience_account *account, const struct mtproto_session *session)
{
	LIST_EACH_SAFE (node, &account->waiting) {
		struct rpc *rpc = LIST_OWNER(node, struct rpc, of_account);

		if (rpc->session_id != session->id || rpc->key_id != session->key->id)
			continue;
		list_remove(&rpc->of_account);
		rpc_free(rpc);
	}
}
