/* SPDX-License-Identifier: Apache-2.0 */
/* Who waits for whom. A wait that is over lies in server->ready until the next flush: calls that
 * wait for one another in a chain don't become a recursion of the same depth. */
#include "mtproto/session_wait.h"

#include "mtproto/session_private.h"

static enum mtproto_wait_end state_of(
	const struct mtproto_session *session, const struct mtproto_wait *wait, uint64_t id)
{
	const struct seen_entry *entry = seen_find(&session->seen, id);

	if (id >= wait->msg_id)
		return MTPROTO_WAIT_FAILED;
	if (!entry) /* it may be on its way still, or is so old that it ended long ago */
		return id > session->seen.floor ? MTPROTO_WAIT_ON : MTPROTO_WAIT_RUN;
	switch (entry->state) {
	case SEEN_PROCESSING:
	case SEEN_DROPPED:
		return MTPROTO_WAIT_ON;
	case SEEN_FAILED:
		return MTPROTO_WAIT_FAILED;
	case SEEN_SERVICE:
	case SEEN_ANSWERED:
		break;
	}
	return MTPROTO_WAIT_RUN;
}

static enum mtproto_wait_end look(struct mtproto_session *session, struct mtproto_wait *wait)
{
	for (; wait->at < wait->count; wait->at++) {
		enum mtproto_wait_end end = state_of(session, wait, wait->ids[wait->at]);

		if (end != MTPROTO_WAIT_RUN)
			return end;
	}
	return MTPROTO_WAIT_RUN;
}

enum mtproto_wait_end mtproto_session_wait(
	struct mtproto_session *session, uint64_t msg_id, struct mtproto_wait *wait)
{
	struct mtproto_server *server = session->server;

	wait->at = 0;
	wait->msg_id = msg_id;
	wait->end = look(session, wait);
	if (wait->end != MTPROTO_WAIT_ON)
		return wait->end;
	wait->session = session;
	wait->look_us = clock_monotonic_us(server->clock) + MTPROTO_ARRIVAL_MAX_S * 1000000LL;
	wait->end_us = clock_monotonic_us(server->clock) + MTPROTO_WAIT_MAX_S * 1000000LL;
	list_init(&wait->of_session);
	list_init(&wait->of_server);
	list_append(&session->waits, &wait->of_session);
	list_append(&server->waits, &wait->of_server);
	return MTPROTO_WAIT_ON;
}

static void make_ready(
	struct mtproto_server *server, struct mtproto_wait *wait, enum mtproto_wait_end end)
{
	wait->end = end;
	list_remove(&wait->of_server);
	list_append(&server->ready, &wait->of_server);
}

void wait_answered(struct mtproto_session *session, uint64_t msg_id, bool failed)
{
	LIST_EACH (node, &session->waits) {
		struct mtproto_wait *wait = LIST_OWNER(node, struct mtproto_wait, of_session);
		enum mtproto_wait_end end = MTPROTO_WAIT_FAILED;

		if (wait->end != MTPROTO_WAIT_ON || wait->ids[wait->at] != msg_id)
			continue;
		wait->at++;
		if (!failed)
			end = look(session, wait);
		if (end != MTPROTO_WAIT_ON)
			make_ready(session->server, wait, end);
	}
}

/* server->waits stays in the order of look_us: what is looked at goes to its end. */
void wait_expire(struct mtproto_server *server, int64_t now_us)
{
	while (!list_empty(&server->waits)) {
		struct mtproto_wait *wait =
			LIST_OWNER(server->waits.next, struct mtproto_wait, of_server);

		if (wait->look_us > now_us)
			break;
		if (wait->end_us <= now_us ||
			!seen_find(&wait->session->seen, wait->ids[wait->at])) {
			make_ready(server, wait, MTPROTO_WAIT_TIMEOUT);
			continue;
		}
		wait->look_us = now_us + MTPROTO_ARRIVAL_MAX_S * 1000000LL;
		list_remove(&wait->of_server);
		list_append(&server->waits, &wait->of_server);
	}
}

static void finish(struct mtproto_wait *wait, enum mtproto_wait_end end)
{
	list_remove(&wait->of_session);
	list_remove(&wait->of_server);
	wait->done(wait, end);
}

void wait_run_ready(struct mtproto_server *server)
{
	while (!list_empty(&server->ready)) {
		struct mtproto_wait *wait =
			LIST_OWNER(server->ready.next, struct mtproto_wait, of_server);

		finish(wait, wait->end);
	}
}

void wait_end_session(struct mtproto_session *session)
{
	while (!list_empty(&session->waits))
		finish(LIST_OWNER(session->waits.next, struct mtproto_wait, of_session),
			MTPROTO_WAIT_GONE);
}
