/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases with their notices, events and evidence, and the part of the square that the desk reads to
 * understand a subject. Tables cases, case_events, notices, evidence. Plain rows, no rules: what
 * events amount to is src/desk/cases/case_state.c. A transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_CASES_H
#define STORE_SQUARE_DESK_CASES_H

#include "store/db.h"

#define DESK_HASH_SIZE 32
#define DESK_SALT_SIZE 32

/* What the events of a case amount to. Bytes are never absent. */
struct desk_case {
	int64_t id;
	int64_t channel;
	int32_t post;	    /* 0: the whole channel */
	struct bytes name;  /* username when the case was opened */
	struct bytes salt;  /* of the subject's hash in the ledger */
	int64_t previous;   /* an earlier case about the same subject, or 0 */
	struct bytes state; /* src/desk/cases/clocks.h draws them */
	struct bytes category, lane;
	int64_t clock_at, due_at; /* since when, until when; the strictest of its notices */
	int64_t priority;
	int32_t notices;
	int64_t claimed_by, claimed_until; /* 0: nobody */
	struct bytes action;		   /* of the last decision: remove, restrict, dismiss,
					      reverse; empty: none yet */
	struct bytes countries;		   /* of a restriction: "DE,ID" */
	int64_t decided_by, decided_at, order_id;
	bool in_force; /* an order holds that a reversal would lift */
	int32_t met;   /* was it in time: -1 not known yet, 0, 1 */
	int32_t head_seq;
	struct bytes head_hash; /* of the last event */
};

/* In every column. */
bool desk_case_equal(const struct desk_case *a, const struct desk_case *b);
bool desk_case_get(struct db *db, struct arena *arena, int64_t id, struct desk_case *out);
/* The newest case about the subject. */
bool desk_case_of(
	struct db *db, struct arena *arena, int64_t channel, int32_t post, struct desk_case *out);
/* Inserts or replaces. */
void desk_case_put(struct db *db, const struct desk_case *row);
void desk_case_delete_all(struct db *db); /* before they are made again from the events */

struct desk_event {
	int64_t case_id;
	int32_t seq; /* 1, 2, … within the case */
	int64_t at;
	int64_t actor;	   /* a grant; 0: the desk itself */
	struct bytes kind; /* src/desk/cases/case_state.h lists them */
	struct bytes data; /* JSON, compact, sorted keys */
	struct bytes hash; /* over the previous event's hash and this event */
};

void desk_event_insert(struct db *db, const struct desk_event *event);
/* The event after (case_id, seq) in the order of case and number; false at the end. */
bool desk_event_next(
	struct db *db, struct arena *arena, int64_t case_id, int32_t seq, struct desk_event *out);

struct desk_notice {
	int64_t id, case_id;
	int64_t reporter; /* a grant; 0: a sensor or a reader */
	struct bytes lane, subject, category, law, reasons;
	int64_t created_at;
};

void desk_notice_insert(struct db *db, const struct desk_notice *notice);
bool desk_notice_get(struct db *db, struct arena *arena, int64_t id, struct desk_notice *out);
/* The notice of the case after this one. */
bool desk_notice_next(struct db *db, struct arena *arena, int64_t case_id, int64_t after,
	struct desk_notice *out);
/* Has this lane said exactly this about the subject of the newest case? For the sensors. */
bool desk_notice_known(struct db *db, const char *lane, struct bytes subject, struct bytes reasons);
int64_t desk_notices_count(struct db *db, const char *lane, int64_t since_s);

void desk_evidence_insert(struct db *db, int64_t case_id, int32_t seq, int32_t item, int64_t now_s,
	struct bytes content);
/* The newest evidence of the case: rows of (taken_at, content). */
struct query desk_evidence_list(struct db *db, int64_t case_id);

/* ---- Read from the messenger's tables ---- */

enum desk_subject_kind { DESK_CHANNEL, DESK_PROFILE, DESK_BOT };

struct desk_subject {
	enum desk_subject_kind kind;
	int64_t channel; /* an account: below zero (square_profiles.h) */
	struct bytes username, title, about;
	int64_t members; /* of a channel */
};

/* Who bears the public name, in lower case; false: nobody who can be a subject. */
bool desk_subject_by_name(
	struct db *db, struct arena *arena, const char *name, struct desk_subject *out);
bool desk_subject_get(
	struct db *db, struct arena *arena, int64_t channel, struct desk_subject *out);

/* What a measure about the subject is about, in numbers: date of the post or the channel, how many
 * subscribe, how many posts. */
struct desk_reach {
	int64_t content_at, members, posts;
};

struct desk_reach desk_reach_of(struct db *db, int64_t channel, int32_t post);

/* What a case was opened about, as far as its number tells: of accounts, what they are now. */
enum desk_subject_kind desk_subject_kind_of(struct db *db, int64_t channel);

struct desk_post {
	int64_t channel;
	int32_t id;
	int64_t date, edit_date;
	struct bytes text;
};

bool desk_post_get(
	struct db *db, struct arena *arena, int64_t channel, int32_t id, struct desk_post *out);
/* Where the comments on a post are: the group, and the post's copy there. */
struct desk_discussion {
	int64_t group;
	int32_t post;
};

bool desk_discussion_of(struct db *db, int64_t channel, int32_t post, struct desk_discussion *out);
bool desk_comment_exists(struct db *db, const struct desk_discussion *where, int32_t comment);
/* The newest posts: rows of (id, date, edit_date, text). */
struct query desk_post_newest(struct db *db, int64_t channel, int limit);
/* Posts written or edited since: rows of (channel, post id, date of the event), oldest first. */
struct query desk_post_changes(struct db *db, int64_t since_s, int limit);

#endif
