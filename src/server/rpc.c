/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An rpc is born on the session's thread, runs on an executor's, and comes back to the session's
 * thread with its encoded answer. Until then nobody else touches it, so it needs no lock.
 */
#include "server/rpc.h"

#include <stdlib.h>
#include <string.h>

#include "api/callback.h"
#include "api/dispatch.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/bots/callbacks.h"
#include "mtproto/bind.h"
#include "mtproto/gzip.h"
#include "mtproto/session_wait.h"
#include "server/admit.h"
#include "server/deliver.h"
#include "server/hello.h"
#include "server/link.h"
#include "server/metrics.h"
#include "store/home_calls.h"
#include "store/home_keys.h"

/* An answer larger than this is a bug of a handler, not a page of history. */
#define RPC_ANSWER_MAX ((size_t)8 << 20)
#define RPC_READS_MAX 3 /* of one call; an account that is told something all the time must do */

struct rpc {
	struct executor_job job;
	struct loop_task back;
	struct mtproto_wait wait; /* for calls that it is to run after */
	struct list of_account;	  /* while it waits for the account's channels, or for a bot */
	struct timer patience;	  /* for a bot's answer */
	struct net_thread *thread;
	struct ring_key *key; /* referred to until the answer is back */
	unsigned told;	      /* what the account had been told when it was last read */
	int reads;
	size_t counted; /* bytes that count as the key's calls under way; 0: not counted */
	uint64_t key_id, session_id, msg_id;
	struct arena arena;
	struct api_request request;
	struct call call;
	struct buf answer;
};

/* On the session's thread. */
static void rpc_free(struct rpc *rpc)
{
	if (rpc->counted)
		admit_done(rpc->thread, rpc->key, rpc->counted);
	rpc->key->key.refs--;
	effects_release(rpc->call.effects);
	buf_release(&rpc->answer);
	arena_release(&rpc->arena);
	free(rpc);
}

/* ---- Running ---- */

/* The login may have ended while the call waited: what it writes must not be later than that. */
static bool login_holds(struct call *call)
{
	return !call->user || home_keys_user(call_home(call), call->key_id) == call->user ||
	       store_failed(call->store);
}

/* 0: what it wrote is kept. */
static int rpc_handle(struct rpc *rpc)
{
	if (api_run(&rpc->call, &rpc->request, &rpc->answer) < 0)
		return rpc->call.keep_writes ? 0 : -1;
	return 0;
}

/* It ran before: the same answer. */
static int rpc_repeat(struct rpc *rpc, struct store *store, const struct home_call *id)
{
	struct home_call_answer answer;

	home_call_answer(store_home(store), store->vault, &rpc->arena, id, &answer);
	metric_add(METRIC_CALLS_REPEATED, 1);
	if (!answer.body.data) /* it was too large to be kept: the client asks what there is now */
		return rpc_error(&rpc->call, 400, "ANSWER_NOT_KEPT");
	if (!answer.code) {
		buf_append_bytes(&rpc->answer, answer.body);
		return 0;
	}
	return rpc_error(&rpc->call, answer.code, arena_str(&rpc->arena, answer.body));
}

/* Once, whatever process or node gets the same packet again: the row of the call is its lock, and
 * stands or falls with what the call writes. */
static int rpc_run_once(struct rpc *rpc, struct store *store)
{
	const struct home_call id = {rpc->key_id, rpc->session_id, rpc->msg_id};
	struct home_call_answer answer = {0};

	if (!home_call_claim(store_home(store), &id))
		return store_failed(store) ? -1 : rpc_repeat(rpc, store, &id);
	if (rpc_handle(rpc) < 0)
		return -1;
	answer.code = rpc->call.fault.code;
	answer.body = answer.code ? bytes_from_str(rpc->call.fault.text) : buf_bytes(&rpc->answer);
	answer.account = rpc->call.user;
	answer.tells = strncmp(api_method_name(rpc->request.method), "messages_", 9) == 0;
	home_call_settle(store_home(store), store->vault, &rpc->arena, &id, &answer);
	return 0;
}

static int rpc_run(struct executor_job *base, struct store *store)
{
	struct rpc *rpc = LIST_OWNER(base, struct rpc, job);
	enum api_tx tx = api_method_tx(rpc->request.method);

	rpc->call.store = store;
	rpc->call.fault = (struct fault){0};
	rpc->call.keep_writes = false;
	rpc->call.awaits = 0;
	effects_reset(rpc->call.effects);
	buf_clear(&rpc->answer);
	rpc->told = told_count(&rpc->thread->told, rpc->call.user);
	rpc->reads++;
	if (api_tx_writes(tx) && !login_holds(&rpc->call))
		return rpc_error(&rpc->call, 401, "AUTH_KEY_UNREGISTERED");
	return tx == TX_WRITE ? rpc_run_once(rpc, store) : rpc_handle(rpc);
}

/* Names alone: what was asked and answered is the caller's. api/dispatch.c names unserved methods.
 */
static void rpc_note_refusal(const struct rpc *rpc, const struct fault *fault)
{
	metric_add(METRIC_CALLS_REFUSED, 1);
	if (rpc->request.query && !rpc->request.unserved)
		log_debug("method_refused", "%s %d %s", tl_name_text(rpc->request.query->name),
			fault->code, fault->text);
}

/* The session may be gone: then the client asks again in a new one. */
static void rpc_answer(struct rpc *rpc)
{
	struct net_thread *thread = rpc->thread;
	struct mtproto_session *session =
		mtproto_session_find(&thread->mtproto, rpc->key_id, rpc->session_id);

	metric_add(METRIC_CALLS, 1);
	if (rpc->call.fault.code)
		rpc_note_refusal(rpc, &rpc->call.fault);
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

static void rpc_patience_over(struct timer *timer)
{
	struct rpc *rpc = LIST_OWNER(timer, struct rpc, patience);

	list_remove(&rpc->of_account);
	rpc_error(&rpc->call, 400, "BOT_RESPONSE_TIMEOUT");
	rpc_answer(rpc);
}

/* While it was being read the account was told something newer, here, where no more can come in
 * between. */
static bool rpc_is_outdated(const struct rpc *rpc)
{
	return api_method_tx(rpc->request.method) == TX_READ && rpc->call.user &&
	       rpc->call.user == rpc->key->key.user_id && rpc->call.effects &&
	       rpc->reads < RPC_READS_MAX &&
	       told_count(&rpc->thread->told, rpc->call.user) != rpc->told;
}

/* Back on the session's thread, before a bot that was asked can have answered. */
static void rpc_back(struct loop_task *task)
{
	struct rpc *rpc = LIST_OWNER(task, struct rpc, back);

	if (rpc_is_outdated(rpc) && !rpc->thread->node->stopping) {
		metric_add(METRIC_CALLS_READ_AGAIN, 1);
		executor_submit(rpc->thread->node->readers, &rpc->job);
		return;
	}
	if (!rpc->call.awaits || rpc->call.fault.code || rpc->thread->node->stopping) {
		rpc_answer(rpc);
		return;
	}
	list_append(&rpc->thread->asking, &rpc->of_account);
	timer_init(&rpc->patience, rpc_patience_over);
	loop_timer_start(rpc->thread->loop, &rpc->patience, CALLBACK_WAIT_S * 1000);
}

void rpc_callback(struct net_thread *thread, const struct effect *effect)
{
	LIST_EACH_SAFE (node, &thread->asking) {
		struct rpc *rpc = LIST_OWNER(node, struct rpc, of_account);

		if (rpc->call.awaits != effect->query)
			continue;
		list_remove(&rpc->of_account);
		timer_stop(&rpc->patience);
		buf_clear(&rpc->answer);
		api_callback(effect, rpc->call.layer, &rpc->arena, &rpc->answer);
		rpc_answer(rpc);
	}
}

void rpc_drop_asking(struct net_thread *thread)
{
	LIST_EACH_SAFE (node, &thread->asking) {
		struct rpc *rpc = LIST_OWNER(node, struct rpc, of_account);

		list_remove(&rpc->of_account);
		timer_stop(&rpc->patience);
		rpc_free(rpc);
	}
}

static void rpc_finish(struct executor_job *base, bool ok)
{
	struct rpc *rpc = LIST_OWNER(base, struct rpc, job);

	if (!ok && !rpc->call.fault.code)
		rpc_error(&rpc->call, 500, "INTERNAL");
	/* First what others must know (a login, for one), then the answer. */
	if (ok && (!rpc->call.fault.code || rpc->call.keep_writes) && rpc->call.effects->count) {
		node_publish(rpc->thread->node, rpc->call.effects);
		rpc->call.effects = NULL;
	}
	rpc->back.run = rpc_back;
	loop_post(rpc->thread->loop, &rpc->back);
}

static void rpc_submit(struct rpc *rpc)
{
	struct node *node = rpc->thread->node;

	if (node->stopping) {
		rpc_free(rpc);
		return;
	}
	switch (api_method_tx(rpc->request.method)) {
	case TX_WRITE:
	case TX_SEND:
	case TX_AGAIN:
		list_append(&rpc->thread->writes, &rpc->job.node);
		thread_flush_later(rpc->thread);
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

/* ---- Binding a temporary key ---- */

static const char *bind_fault(enum mtproto_bind result)
{
	switch (result) {
	case MTPROTO_BIND_EXPIRES_AT_INVALID:
		return "EXPIRES_AT_INVALID";
	case MTPROTO_BIND_ALREADY_BOUND:
		return "TEMP_AUTH_KEY_ALREADY_BOUND";
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
	struct ring_key *temp = (struct ring_key *)session->key;
	const struct mtproto_bind_request request = {.session_id = session->id,
		.msg_id = msg_id,
		.perm_auth_key_id = (uint64_t)query->perm_auth_key_id,
		.nonce = (uint64_t)query->nonce,
		.expires_at = query->expires_at,
		.encrypted_message = query->encrypted_message};
	struct ring_key *perm = NULL;
	int64_t now_s = thread_now_s(thread);
	enum mtproto_key_lookup lookup =
		keyring_find(&thread->keys, request.perm_auth_key_id, now_s, &perm);
	enum mtproto_bind result;

	/* A client told ENCRYPTED_MESSAGE_INVALID throws both keys away: not for a fault of ours.
	 */
	if (lookup == MTPROTO_KEY_UNAVAILABLE) {
		*fault = (struct fault){500, "INTERNAL"};
		return;
	}
	result = mtproto_bind_check(
		&temp->key, lookup == MTPROTO_KEY_FOUND ? &perm->key : NULL, &request, now_s);
	if (result != MTPROTO_BIND_OK) {
		*fault = (struct fault){400, ""};
		snprintf(fault->text, sizeof(fault->text), "%s", bind_fault(result));
		return;
	}
	keyring_bind(&thread->keys, temp, &perm->key, query->expires_at);
	hello_bound(thread, temp);
	buf_append_u32le(answer, TL_ID_boolTrue);
}

/* ---- Beginning ---- */

static struct rpc *rpc_new(
	struct net_thread *thread, struct mtproto_session *session, uint64_t msg_id)
{
	struct rpc *rpc = MEM_NEW(struct rpc);

	arena_init(&rpc->arena);
	buf_init(&rpc->answer, RPC_ANSWER_MAX);
	list_init(&rpc->of_account);
	rpc->job.run = rpc_run;
	rpc->job.finish = rpc_finish;
	rpc->thread = thread;
	rpc->key = (struct ring_key *)session->key;
	rpc->key->key.refs++;
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
		.is_bot = key->is_bot,
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

	client->without_updates = rpc->request.without_updates;
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
	rpc_note_refusal(rpc, fault);
	metric_add(METRIC_CALLS_UNSERVED, rpc->request.unserved);
	mtproto_session_error(session, rpc->msg_id, fault->code, fault->text);
	rpc_free(rpc);
}

/* False: refused. */
static bool rpc_admit(
	struct rpc *rpc, const struct mtproto_conn *conn, struct bytes body, struct fault *fault)
{
	struct net_thread *thread = rpc->thread;
	struct ring_key *key = rpc->key;
	size_t size;

	admit_undecoded(thread, key, fault);
	if (fault->code || api_parse(&rpc->arena, body, gzip_inflate, &rpc->request, fault) < 0)
		return false;
	admit_pay(thread, key, link_peer(conn), api_method_rate(rpc->request.method),
		rpc->arena.used, fault);
	if (fault->code)
		return false;
	size = sizeof(*rpc) + rpc->arena.used;
	admit_hold(thread, key, size, fault);
	if (fault->code)
		return false;
	rpc->counted = size;
	hello_note(thread, key, &rpc->request);
	admit_who(&key->key, api_method_who(rpc->request.method), fault);
	return fault->code == 0;
}

static void rpc_go(struct rpc *rpc, struct mtproto_session *session)
{
	if (!rpc_waits_for_account(rpc, session))
		rpc_submit(rpc);
}

/* What it waited for may have been the end of its login: nobody reads or listens after that. */
static void rpc_go_on(struct rpc *rpc, struct mtproto_session *session)
{
	if (rpc->call.user && rpc->call.user != rpc->key->key.user_id) {
		rpc_refuse(rpc, session, &(struct fault){401, "AUTH_KEY_UNREGISTERED"});
		return;
	}
	rpc->call.now_s = thread_now_s(rpc->thread);
	rpc_go(rpc, session);
}

static void rpc_wait_over(struct mtproto_wait *wait, enum mtproto_wait_end end)
{
	struct rpc *rpc = LIST_OWNER(wait, struct rpc, wait);
	struct mtproto_session *session =
		mtproto_session_find(&rpc->thread->mtproto, rpc->key_id, rpc->session_id);

	switch (end) {
	case MTPROTO_WAIT_RUN:
		rpc_go_on(rpc, session);
		break;
	/* The codes differ because one widespread client tells the two apart by them. */
	case MTPROTO_WAIT_FAILED:
		rpc_refuse(rpc, session, &(struct fault){500, "MSG_WAIT_FAILED"});
		break;
	case MTPROTO_WAIT_TIMEOUT:
		rpc_refuse(rpc, session, &(struct fault){400, "MSG_WAIT_TIMEOUT"});
		break;
	case MTPROTO_WAIT_GONE:
	case MTPROTO_WAIT_ON:
		rpc_free(rpc);
		break;
	}
}

/* S13: https://core.telegram.org/api/invoking#the-invokeaftermsg-wrapper */
static void rpc_keep_order(struct rpc *rpc, struct mtproto_session *session)
{
	enum mtproto_wait_end end;

	rpc->wait.ids = (const uint64_t *)rpc->request.after.at;
	rpc->wait.count = rpc->request.after.count;
	rpc->wait.done = rpc_wait_over;
	end = mtproto_session_wait(session, rpc->msg_id, &rpc->wait);
	if (end != MTPROTO_WAIT_ON)
		rpc_wait_over(&rpc->wait, end);
}

void rpc_begin(struct net_thread *thread, struct mtproto_session *session,
	struct mtproto_conn *conn, uint64_t msg_id, struct bytes body)
{
	struct rpc *rpc = rpc_new(thread, session, msg_id);
	const struct tl_auth_bindTempAuthKey *bind;
	struct fault fault = {0};

	if (!rpc_admit(rpc, conn, body, &fault)) {
		rpc_refuse(rpc, session, &fault);
		return;
	}
	bind = TL_AS(auth_bindTempAuthKey, rpc->request.query);
	if (bind) {
		rpc_bind(thread, session, bind, msg_id, &rpc->answer, &fault);
		if (fault.code) {
			rpc_refuse(rpc, session, &fault);
			return;
		}
		mtproto_session_reply(session, msg_id, buf_bytes(&rpc->answer));
		rpc_free(rpc);
		return;
	}
	rpc_fill_call(rpc, session, conn);
	if (rpc->request.after.count)
		rpc_keep_order(rpc, session);
	else
		rpc_go(rpc, session);
}

void rpc_resume_waiting(struct net_thread *thread, struct audience_account *account)
{
	while (!list_empty(&account->waiting)) {
		struct rpc *rpc = LIST_OWNER(account->waiting.next, struct rpc, of_account);

		list_remove(&rpc->of_account);
		rpc_submit(rpc);
	}
}

void rpc_drop_waiting(struct audience_account *account, struct mtproto_session *session,
	const struct fault *fault)
{
	LIST_EACH_SAFE (node, &account->waiting) {
		struct rpc *rpc = LIST_OWNER(node, struct rpc, of_account);

		if (rpc->session_id != session->id || rpc->key_id != session->key->id)
			continue;
		list_remove(&rpc->of_account);
		if (fault)
			rpc_refuse(rpc, session, fault);
		else
			rpc_free(rpc);
	}
}
