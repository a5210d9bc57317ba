/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk as its routes see it: what one question (a request with its principal) may use, and the
 * answer. Everything runs on one thread, inside a transaction that the router begins and ends.
 */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include <jansson.h>

#include "base/clock.h"
#include "base/random.h"
#include "desk/grants.h"
#include "desk/ledger.h"
#include "desk/sop.h"

struct desk {
	char *folder; /* DIR/desk, owned */
	struct db *writer, *reader;
	struct sop sop;
	struct ledger ledger;
	const struct clock *clock;
	const struct random *random;
};

/* DIR/square/square.db and DIR/desk. The database is brought up to date; the ledger's files too. */
MUST_CHECK int desk_open(struct desk *desk, const char *data_dir, const struct clock *clock,
	const struct random *random, struct err *err);
void desk_close(struct desk *desk);
/* Makes DIR/desk with service.token, ledger.key, ledger.origin and sop.ini where they are missing,
 * and DIR/square. For `lontar init`. */
MUST_CHECK int desk_init(const char *data_dir, struct err *err);

struct ask {
	struct desk *desk;
	struct db *db;
	struct arena *arena;
	int64_t now_s;
	struct principal who;
	int64_t id; /* of the case or notice in the path; 0: none */
	struct bytes query, body;
};

struct reply {
	int status;	  /* 200 unless set */
	json_t *body;	  /* owned by the router once set */
	int64_t order_id; /* an order was written: the answer waits a moment for its execution */
};

/* The order as answers show it; null if there is none. */
json_t *desk_order_json(struct ask *ask, int64_t order_id);

/* {"error": text} */
void reply_error(struct reply *reply, int status, const char *text);

/* ---- Handlers, one per row of the route table ---- */

void desk_notice_file(struct ask *ask, struct reply *reply);
void desk_notice_show(struct ask *ask, struct reply *reply);
void desk_cases_list(struct ask *ask, struct reply *reply);
void desk_case_show(struct ask *ask, struct reply *reply);
void desk_case_claim(struct ask *ask, struct reply *reply);
void desk_case_release(struct ask *ask, struct reply *reply);
void desk_case_decide(struct ask *ask, struct reply *reply);
void desk_case_reverse(struct ask *ask, struct reply *reply);
void desk_sop_show(struct ask *ask, struct reply *reply);

#endif
