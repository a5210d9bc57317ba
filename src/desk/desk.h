/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The desk as its routes see it: what one question (a request with its principal) may use, and the
 * answer. Everything runs on one thread, inside a transaction that the router begins and ends.
 */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include <jansson.h>

#include "base/clock.h"
#include "base/clock_doubt.h"
#include "base/random.h"
#include "crypto/keybox.h"
#include "crypto/password.h"
#include "desk/lanes/grants.h"
#include "desk/ledger/ledger.h"
#include "desk/people/rights.h"
#include "desk/sop/sop.h"

struct http_request;

struct desk {
	char *folder; /* DIR/desk, owned */
	struct db *writer, *reader;
	struct sop sop;
	struct ledger ledger;
	int64_t ladder_at_s, keeping_at_s; /* when clocks_tick.c looks next */
	struct clock_doubt doubt;	   /* clocks_tick.c's: nothing ends for its age meanwhile */
	int64_t daily_at_s;		   /* when daily.c does */
	struct keybox *people;		   /* DIR/desk/people.key seals what is secret of people */
	char decoy[PASSWORD_TEXT_SIZE];	   /* what a password of nobody is compared with */
	int64_t checks_ms;		   /* passwords were looked at until then: sign_in.c */
	const struct clock *clock;
	const struct random *random;
};

/* DIR/square/square.db and DIR/desk. The database is brought up to date; the ledger's files too. */
MUST_CHECK int desk_open(struct desk *desk, const char *data_dir, const struct clock *clock,
	const struct random *random, struct err *err);
void desk_close(struct desk *desk);
/* Makes DIR/desk with service.token, ledger.key, ledger.origin, people.key and sop.ini where they
 * are missing, and DIR/square. For `lontar init`. */
MUST_CHECK int desk_init(const char *data_dir, struct err *err);

struct ask {
	struct desk *desk;
	struct db *db;
	struct arena *arena;
	int64_t now_s;
	struct principal who;
	enum door door; /* by which it came */
	int64_t id;	/* of the case or notice in the path; 0: none */
	struct bytes query, body;
	const struct http_request *request;
};

struct reply {
	int status;	      /* 200 unless set */
	json_t *body;	      /* owned by the router once set */
	const char *csv_type; /* of csv, if it is other text */
	struct bytes csv;     /* text/csv instead of a body, in the ask's arena */
	const char *cookie;   /* Set-Cookie; lives as the arena */
	int retry_s;	      /* Retry-After; 0: none */
	int64_t order_id; /* an order was written: the answer waits a moment for its execution */
};

/* The order as answers show it; null if there is none. */
json_t *desk_order_json(struct ask *ask, int64_t order_id);

/* By desk_may(), for who asks. */
bool ask_may(const struct ask *ask, enum desk_action action);

/* May who asks decide cases of this category? The SOP may name fewer for it than in [roles]. */
bool ask_may_decide(const struct ask *ask, struct bytes category);
/* And the same about a case: its category, and where a measure takes effect (desk_may_in). */
bool ask_may_about(const struct ask *ask, struct bytes category);
bool ask_may_in(const struct ask *ask, struct bytes countries);

/* The notice of the path with its case, for who sent it or may see any; false: answered. */
struct desk_notice;
struct desk_case;
bool ask_notice(
	struct ask *ask, struct desk_notice *notice, struct desk_case *c, struct reply *reply);

/* By which addresses are told apart; they are kept nowhere. */
void desk_address_hash(
	const struct desk *desk, const struct http_request *request, uint8_t out[KEYBOX_HASH_SIZE]);

/* The body as a form. False: it is none, and the reply says so. */
struct form;
bool ask_form(struct ask *ask, struct form *form, struct reply *reply);
/* Ends what ask_form began. False: a field was missing or wrong, and the reply says which, all of
 * them.
 */
bool ask_form_end(struct form *form, struct reply *reply);

/* {"error": text} */
void reply_error(struct reply *reply, int status, const char *text);

/* ---- Handlers, one per row of the route table ---- */

void desk_notice_file(struct ask *ask, struct reply *reply);
void desk_notice_show(struct ask *ask, struct reply *reply);
void desk_notices_list(struct ask *ask, struct reply *reply);
void desk_forms_show(struct ask *ask, struct reply *reply);
void desk_cases_list(struct ask *ask, struct reply *reply);
void desk_queues_list(struct ask *ask, struct reply *reply);
void desk_case_show(struct ask *ask, struct reply *reply);
void desk_case_preview(struct ask *ask, struct reply *reply);
void desk_case_decide(struct ask *ask, struct reply *reply);
void desk_case_reverse(struct ask *ask, struct reply *reply);
void desk_sign_in(struct ask *ask, struct reply *reply);
void desk_sign_out(struct ask *ask, struct reply *reply);
void desk_me_show(struct ask *ask, struct reply *reply);
void desk_me_password(struct ask *ask, struct reply *reply);
void desk_me_totp(struct ask *ask, struct reply *reply);
void desk_me_totp_confirm(struct ask *ask, struct reply *reply);
void desk_people_list(struct ask *ask, struct reply *reply);
void desk_person_sign_out(struct ask *ask, struct reply *reply);
void desk_log_show(struct ask *ask, struct reply *reply);
void desk_sop_show(struct ask *ask, struct reply *reply);
void desk_sop_version_show(struct ask *ask, struct reply *reply);

#endif
