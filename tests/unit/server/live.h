/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A messenger in a process of its own, which may be killed and started again on the same data, with
 * a clock that the test steps; and clients on real sockets that remember the exact bytes of what
 * they sent.
 */
#ifndef TESTS_SERVER_LIVE_H
#define TESTS_SERVER_LIVE_H

#include "../unit.h"

#include <sys/types.h>

#include "crypto/rsa.h"
#include "mtproto/client.h"
#include "server/installation.h"
#include "tl/schema.h"

#define LIVE_LAYER 228

struct live {
	char dir[64];
	struct installation in; /* settings may be changed before live_start */
	struct rsa_key *server_key;
	struct clock clock;    /* of the messenger and of the clients */
	int64_t *clock_offset; /* us, shared with the messenger's process */
	int kept_fd;	       /* as the supervisor holds it; closed and -1: a reboot */
	pid_t pid;
	int codes; /* the messenger's standard output */
	uint16_t port;
	uint64_t next_session; /* of clients */
};

void live_init(struct live *live);
void live_release(struct live *live);
void live_start(struct live *live);
void live_kill(struct live *live); /* kill -9 */
void live_stop(struct live *live); /* SIGTERM */
/* Forgets what the supervisor would hold: call while stopped. */
void live_forget_kept(struct live *live);
/* Time passes by live_step_clock alone from now on, however slow the machine is. */
void live_freeze_clock(struct live *live);
void live_step_clock(struct live *live, int64_t seconds);
/* The last code printed for the number (digits), in static memory. */
const char *live_code(struct live *live, const char *phone);
/* A number that changes with anything that calls write. */
uint64_t live_fingerprint(struct live *live);
int64_t live_count(struct live *live, const char *sql);

/* What was sent once, and what came back. */
struct sent {
	uint64_t msg_id;
	struct buf packet; /* as on the wire, after the transport's first bytes */
	bool answered;
	int32_t refused; /* bad_msg_notification's code, or 0 */
	int32_t code;	 /* of an error, or 0 */
	char text[64];
	struct buf answer;
};

struct tester {
	struct live *live;
	int fd;
	struct buf out;
	struct mtproto_client client;
	struct arena arena;
	struct buf last; /* answer */
	struct sent *waiting;
	bool is_ready, is_served, introduced;
	bool heard;	/* an update */
	bool must_ask;	/* updatesTooLong came */
	int32_t failed; /* the transport's error */
};

/* Connects and makes a key. */
void tester_open(struct tester *tester, struct live *live);
/* The same with a temporary key, which is not bound. */
void tester_open_temporary(struct tester *tester, struct live *live, int32_t expires_in);
/* Connects with the key of another, as a session of its own, or as the same session. */
void tester_open_known(
	struct tester *tester, struct live *live, const struct tester *other, bool same_session);
void tester_close(struct tester *tester);
/* Sends and waits for the answer; sent may be NULL. Returns the fault's code, or 0. */
int32_t tester_call(struct tester *tester, const struct tl_object *query, struct sent *sent);
/* The same in two steps: others may send in between. */
void tester_post(struct tester *tester, const struct tl_object *query, struct sent *sent);
int32_t tester_take(struct tester *tester, struct sent *sent);
/* Takes the answer to a packet that the test sent by itself, under sent->msg_id. */
int32_t tester_take_raw(struct tester *tester, struct sent *sent);
/* Connects with a key and waits for the first answer. 0, or the transport's error. */
int32_t tester_try_known(struct tester *tester, struct live *live, const struct tester *other);
/* The fault's text of the last call. */
const char *tester_fault(void);
/* The last call's answer, decoded into the tester's arena. */
union tl_reply tester_reply(struct tester *tester, enum tl_name method);
/* Waits for updatesTooLong. */
bool tester_must_ask(struct tester *tester);
/* Waits for the next update. */
bool tester_hears(struct tester *tester);
/* The same bytes, once more; waits at most wait_ms for an answer, into *again. */
void tester_replay(struct tester *tester, const struct sent *sent, struct sent *again, int wait_ms);
/* phone: digits. The hash is in the tester's arena; absent: refused, see tester_fault. */
struct bytes tester_ask_code(struct tester *tester, const char *phone, struct sent *sent);
int32_t tester_sign_in(struct tester *tester, const char *phone, struct bytes hash,
	const char *code, struct sent *sent);
int32_t tester_name(struct tester *tester, const char *phone, struct bytes hash, struct sent *sent);
/* All of it; logs in where the account is there. */
void tester_sign_up(struct tester *tester, const char *phone);
void sent_release(struct sent *sent);

#endif
