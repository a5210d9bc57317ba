/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions to the owner of what a case is about, and the answers. The desk does not know who that
 * is: the question is a letter that the messenger hands over (an order "ask", which changes
 * nothing), with a code in a link; who has the code answers, once: to the service bot, or on a page
 * without a script.
 */
#ifndef DESK_CONTACTS_H
#define DESK_CONTACTS_H

#include "desk/liaison/dialogue.h"
#include "desk/service.h"

#define CONTACT_TEXT_MAX 1500 /* of a question: the letter fits one message */
#define CONTACT_ANSWER_MAX 5000

struct contact {
	struct desk_case c;
	int32_t asked; /* the event */
	char *question;
	bool answered;
};

/* By the event; false: nothing was asked. */
bool contact_of(
	struct db *db, struct arena *arena, int64_t case_id, int32_t asked, struct contact *out);
/* By the code of the letter; false also when its time is over. */
bool contact_find(struct desk *desk, struct db *db, struct arena *arena, struct bytes code,
	int64_t now_s, struct contact *out);
/* Of a question that is not answered yet; 1 to CONTACT_ANSWER_MAX bytes of UTF-8. */
void contact_answer(struct db *db, struct arena *arena, struct contact *contact, int64_t now_s,
	struct bytes text);

/* Rows of dialogue.c: "/start answer_CODE", and what is written after it. */
bool contact_begin(struct dialogue *d);
bool contact_step(struct dialogue *d);

/* POST /api/cases/N/contact */
void desk_case_contact(struct ask *ask, struct reply *reply);

/* GET and POST /square/answer, without a token; owner: the service. */
void contact_page(struct http_exchange *exchange, void *owner);
void contact_page_post(struct http_exchange *exchange, void *owner);

#endif
