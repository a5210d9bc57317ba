/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that are to run after others of their session (S13): the protocol itself keeps no order,
 * packets overtake one another, so the host holds such a call until the ones it names were
 * answered. https://core.telegram.org/api/invoking#the-invokeaftermsg-wrapper
 */
#ifndef MTPROTO_SESSION_WAIT_H
#define MTPROTO_SESSION_WAIT_H

#include "mtproto/host.h"

/* So long for calls that run; */
#define MTPROTO_WAIT_MAX_S 15
/* for one that did not come yet, no longer than packets overtake one another: mtcute, after it lost
 * a connection, names calls that never reached the server. */
#define MTPROTO_ARRIVAL_MAX_S 1

enum mtproto_wait_end {
	MTPROTO_WAIT_ON,      /* not over */
	MTPROTO_WAIT_RUN,     /* all were answered */
	MTPROTO_WAIT_FAILED,  /* one with an error: 500 MSG_WAIT_FAILED */
	MTPROTO_WAIT_TIMEOUT, /* one did not come, or takes too long: 400 MSG_WAIT_TIMEOUT */
	MTPROTO_WAIT_GONE,    /* the session ends */
};

/* Part of the host's call. The host fills ids, count and done, and keeps them. */
struct mtproto_wait {
	const uint64_t *ids; /* of the calls to wait for */
	size_t count;
	void (*done)(struct mtproto_wait *wait, enum mtproto_wait_end end);

	/* Private from here. */
	size_t at; /* of ids, the first that was not answered */
	uint64_t msg_id;
	struct mtproto_session *session;
	int64_t look_us, end_us; /* when it is looked at again, and when it is over at the latest */
	enum mtproto_wait_end end;
	struct list of_session, of_server;
};

/* May the call msg_id run now? With MTPROTO_WAIT_ON, done is called once, later, by a flush of the
 * server or when the session closes. */
enum mtproto_wait_end mtproto_session_wait(
	struct mtproto_session *session, uint64_t msg_id, struct mtproto_wait *wait);

#endif
