/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people write to the service bot, and who takes it: one row in dialogue.c for each command,
 * button and step of a dialogue. What a row answers goes to the outbox, inside the transaction that
 * also notes that the update was taken (hearing.h): each update has its effect once.
 */
#ifndef DESK_DIALOGUE_H
#define DESK_DIALOGUE_H

#include "desk/desk.h"
#include "store/square_desk_contacts.h"
#include "store/square_desk_liaison.h"

#define DIALOGUE_TEXT_MAX 4096	 /* characters of a message */
#define DIALOGUE_KEPT_S 3600	 /* what is begun and not gone on with */
#define DIALOGUE_HELP_EVERY_S 60 /* to one chat */
/* To who is nobody's officer, an hour and chat: */
#define DIALOGUE_ANSWERS_MAX 30
#define DIALOGUE_REFUSALS_MAX 3 /* of codes and invitations that are none */
#define DIALOGUE_CHATS 1024	/* that are remembered for that; more share the bounds of others */

enum heard_kind { HEARD_NOTHING, HEARD_TEXT, HEARD_BUTTON, HEARD_MOVED };

/* An update, as far as the desk understands it. All of it is what strangers send. */
struct heard {
	enum heard_kind kind;
	int64_t update;
	int64_t chat, person, message; /* of a button: the message it is under */
	bool private;		       /* the chat is with this person alone */
	struct bytes username, language;
	struct bytes text;    /* of a button: what it carries; may be empty, not absent */
	struct bytes forward; /* "@name/12", of a forwarded public post; else absent */
	int64_t answers;      /* the message that is replied to; 0: none */
	int64_t query;	      /* of a button */
	int64_t moved_to;     /* the chat has become this one */
};

/* Pure. Texts go to the arena. */
void heard_read(struct arena *arena, const json_t *update, struct heard *out);

/* Who writes without end is not answered without end. By chat, in memory: it is worth no row. */
struct dialogue_help {
	struct {
		int64_t helped_s, hour_s; /* when last; since when is counted */
		int answers, refusals;
	} chats[DIALOGUE_CHATS];
	int64_t unanswered; /* since it was last said in the log */
	int64_t logged_s;
};

/* Says in the log, once an hour, how many were not answered. */
void dialogue_help_log(struct dialogue_help *help, int64_t now_s);

struct dialogue {
	struct desk *desk;
	struct db *db;
	struct arena *arena;
	int64_t now_s;
	const struct heard *heard;
	struct dialogue_help *help;
	const char *language;	  /* of phrases.h */
	struct bytes rest;	  /* behind the command, the button's word */
	struct desk_dialogue row; /* what this person has begun here */
	bool begun;		  /* row is there */
	json_t *data;		  /* of the row, an object; NULL: none. Owned by dialogue_hear() */
	struct desk_grant grant;  /* whose line the chat is; id 0: nobody's */
	bool officer;		  /* who speaks is one of the grant's */
};

/* Takes one update. In a writing transaction. */
void dialogue_hear(struct desk *desk, struct db *db, struct arena *arena, int64_t now_s,
	struct dialogue_help *help, const struct heard *heard);

/* ---- For rows ---- */

/* keyboard: taken over; NULL: none. case_id: what it is about, 0: none. */
void dialogue_say(struct dialogue *d, int64_t case_id, const char *text, json_t *keyboard);
/* The message under whose button was pressed becomes this; else as dialogue_say. */
void dialogue_become(struct dialogue *d, int64_t case_id, const char *text, json_t *keyboard);
/* A phrase without values. */
void dialogue_phrase(struct dialogue *d, const char *name);
/* Before a stranger is told that what they sent opens nothing. false: say nothing, they know. */
bool dialogue_may_refuse(struct dialogue *d);
/* One more row of one button; *keyboard NULL: the first. */
void dialogue_button(json_t **keyboard, const char *text, const char *carries);
/* What this person has begun: the next message that is no command goes to the row of this step.
 * data is d->data. */
void dialogue_keep(struct dialogue *d, const char *step);
void dialogue_end(struct dialogue *d);

#endif
