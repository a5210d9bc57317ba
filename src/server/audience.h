/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is listening on this network thread: accounts with open sessions, and the channels they are
 * in. An index in memory, built when an account comes online and kept right by effects. Belongs to
 * its thread; knows neither sockets nor the store.
 */
#ifndef SERVER_AUDIENCE_H
#define SERVER_AUDIENCE_H

#include "base/list.h"
#include "base/map.h"
#include "core/model.h"

struct audience {
	struct map accounts; /* account -> struct audience_account */
	struct map channels; /* channel -> struct audience_channel */
};

enum audience_state {
	AUDIENCE_NEW,	  /* nothing known of its channels */
	AUDIENCE_LOADING, /* being read */
	AUDIENCE_READY,
};

struct audience_account {
	int64_t id;
	char country[3];
	enum audience_state state;
	bool stale;		 /* a membership or the country changed while LOADING: read again */
	struct list sessions;	 /* of struct audience_session */
	struct list memberships; /* of struct audience_member.of_account */
	struct list waiting;	 /* the owner's: calls that wait for READY */
};

struct audience_session {
	struct list of_account;
	struct audience_account *account; /* NULL: not listening */
};

struct audience_member {
	struct list of_account, of_channel;
	struct audience_account *account;
	struct audience_channel *channel;
	struct standing my;
};

struct audience_channel {
	int64_t id;
	struct list members; /* of struct audience_member.of_channel */
};

/* One after the other of a channel's members, while some come and go between two steps: who comes
 * is met, who goes is not. At most one at a time of one channel. */
struct audience_walk {
	struct list place;		  /* among the members, behind whoever was met last */
	struct audience_channel *channel; /* NULL: there is none */
};

void audience_init(struct audience *audience);
void audience_release(struct audience *audience);

/* The session listens as this account from now on; makes the account if it is the first. */
struct audience_account *audience_join(
	struct audience *audience, struct audience_session *session, int64_t account);
/* The last session takes the account along. `waiting` must be empty then. */
void audience_leave(struct audience *audience, struct audience_session *session);
/* Frees an account that nobody listens as any more (after LOADING ended). */
void audience_collect(struct audience *audience, struct audience_account *account);
struct audience_account *audience_find(struct audience *audience, int64_t account); /* or NULL */

/* Sets, or with a role that listens to nothing (NONE, LEFT, BANNED) removes, a membership. */
void audience_set_standing(struct audience *audience, struct audience_account *account,
	int64_t channel, const struct standing *standing);
void audience_clear_standings(struct audience *audience, struct audience_account *account);
struct audience_channel *audience_channel(struct audience *audience, int64_t channel); /* or NULL */

void audience_walk_begin(struct audience *audience, struct audience_walk *walk, int64_t channel);
struct audience_member *audience_walk_next(struct audience_walk *walk); /* NULL: all were met */
/* Also before all were met; once more does nothing. */
void audience_walk_end(struct audience *audience, struct audience_walk *walk);

#endif
