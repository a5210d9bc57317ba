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
/* The session is gone: its calls that wait are dropped. */
void rpc_drop_waiting(struct audience_account *account, const struct mtproto_session *session);

#endif
