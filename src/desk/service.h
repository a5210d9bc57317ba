/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The running desk: HTTP on a loop, one row per route, a transaction per request, and the work that
 * follows a decision (ledger, courier, settling). All on the loop's thread but the courier's calls.
 */
#ifndef DESK_SERVICE_H
#define DESK_SERVICE_H

#include "desk/liaison/courier.h"
#include "desk/desk.h"
#include "desk/letters/errands.h"
#include "desk/liaison/hearing.h"
#include "desk/liaison/speaker.h"
#include "desk/figures/submission.h"
#include "desk/mail/mail.h"
#include "desk/lanes/watch.h"
#include "desk/ledger/witnesses.h"
#include "net/http_server.h"
#include "net/loop.h"

/* How long a decision waits for its execution before it is answered with "waiting". */
#define SERVICE_WAIT_MS 1000

struct service {
	struct desk *desk;
	struct loop *loop;
	struct courier *courier;       /* NULL: orders wait in the database (tests) */
	struct errands *errands;       /* NULL: nothing goes out */
	struct hearing hearing;	       /* what people write to the service bot */
	struct speaker speaker;	       /* says what the outbox holds for chats */
	struct mail_desk *mail;	       /* NULL: none (tests) */
	struct witnesses *witnesses;   /* NULL: none (tests) */
	struct submission *submission; /* NULL: statements are sent nowhere */
	struct watch *watch;	       /* NULL: no sensor */
	struct http_server server;
	struct list waiting; /* answers that wait for an execution */
	struct timer tick, soon;
	bool ledger_behind;	 /* a write failed: tried again each second */
	char *verifier;		 /* the ledger's key, for the public page */
	char *page, *json, *csv; /* the public counts, made again when older than a moment */
	int64_t counted_at_ms;
	struct kept_answers *kept; /* public figures: public_figures.h */
};

void service_init(struct service *service, struct desk *desk, struct loop *loop);
/* Answers everything that waits. Before the loop is freed. */
void service_release(struct service *service);
/* Also after the courier's calls: notes executions, answers what waits. */
void service_settle(void *service);

/* One request to the API, for tests and fuzzing as well: authorises, runs the row in its
 * transaction, does what follows a decision. false: no route of the API has this path. */
bool service_api(struct service *service, struct arena *arena, struct http_request *request,
	struct reply *reply);

#endif
