/* SPDX-License-Identifier: Apache-2.0 */
/* One RPC from the session that sent it, through an executor, and back to the session. */
#ifndef SERVER_RPC_H
#define SERVER_RPC_H

#include "server/thread.h"

/* On the session's thread: decodes, admits or refuses, hands over. Answers in any case. */
void rpc_begin(struct net_thread *thread, struct mtproto_session *session,
	struct mtproto_conn *conn, uint64_t msg_id, struct bytes body);
/* The account's channels are known: what waited for that goes on. */
void rpc_resume_waiting(struct net_thread *thread, struct audience_account *account);
/* Calls of the session that wait for the account: answered with the fault, or, when the session is
 * gone and fault NULL, dropped. */
void rpc_drop_waiting(struct audience_account *account, struct mtproto_session *session,
	const struct fault *fault);
/* EFFECT_CALLBACK, on each thread: whoever waits for it is answered. */
void rpc_callback(struct net_thread *thread, const struct effect *effect);
/* The thread has stopped: nobody waits for bots any more. */
void rpc_drop_asking(struct net_thread *thread);

#endif
