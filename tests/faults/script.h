/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scripts of real calls into core and store, drawn from a seed: what three people and the desk do
 * to their messages, a group, channels that go public and private again, reports, orders, cases,
 * files of a secret chat.
 * And what is there afterwards, as readers get it and as rows. The same seed on the same disk is
 * the same bytes: time and randomness are the script's own.
 */
#ifndef TESTS_FAULTS_SCRIPT_H
#define TESTS_FAULTS_SCRIPT_H

#include "messages_fixture.h"

#define SCRIPT_STEPS 20

enum step_kind {
	STEP_SEND,
	STEP_EDIT,
	STEP_DELETE,
	STEP_READ,
	STEP_CREATE,
	STEP_JOIN,
	STEP_POST,
	STEP_POST_EDIT,
	STEP_POST_DELETE,
	STEP_NAME, /* to the square, or with an empty text home */
	STEP_MOVE,
	STEP_SWEEP,
	STEP_REPORT,
	STEP_ORDER,
	STEP_EXECUTE,
	STEP_CASE,
	STEP_PART,   /* of an upload */
	STEP_FILE,   /* in the secret chat of two */
	STEP_FORGET, /* what was not sent */
	STEP_KINDS
};

struct step {
	enum step_kind kind;
	uint64_t key;
	struct peer peer;
	int32_t id;
	int64_t number; /* random_id, or the order's, or the case's */
	int64_t now_s;	/* when it begins */
	char text[40];
};

struct script {
	struct step steps[SCRIPT_STEPS];
	size_t count;
};

enum step_end { STEP_KEPT, STEP_REFUSED, STEP_LOST };

/* The people, a group, one channel each for the home and the square; to be saved as the start. */
void script_world(struct fixture *f);
/* Opens what the disk has, with the desk's connection. */
void script_open(struct fixture *f);
void script_close(struct fixture *f);
/* What the programs do at their start. */
void script_repair(struct fixture *f);

/* As if the first `at` steps had been done. */
void script_resume(struct fixture *f, const struct script *script, size_t at);
/* Before the first draw. */
void script_begin(struct fixture *f, uint64_t seed);
/* Draws the next step, which may need what came before, and does it. */
enum step_end script_draw(struct fixture *f, struct script *script);
/* Done once more on what was there before it, it leaves the same bytes. */
enum step_end step_run(struct fixture *f, const struct step *step);
const char *step_name(const struct step *step);

/* The channels as their readers get them, with all chats (whole) or alone: where half of a call was
 * lost, a letter of the service may be missing, and ids of later messages are others. Free it. */
char *script_view(struct fixture *f, bool whole);

#endif
