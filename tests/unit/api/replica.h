/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a device of an account knows, built the way clients build it: from updates that it is pushed
 * and from differences, and from nothing else; of a channel that it comes into, or looks at, from
 * what it loads then. The same struct filled by asking the server for everything is the truth that
 * it is compared with.
 */
#ifndef TESTS_API_REPLICA_H
#define TESTS_API_REPLICA_H

#include "layered.h"

#include "tl/read.h"
#include "tl/write.h"

#define REPLICA_IDS 2048
#define REPLICA_LINES 64
#define REPLICA_CHANNELS 8
#define REPLICA_PINS 16
#define REPLICA_TEXT 96
#define REPLICA_WAITING 256
#define REPLICA_POLLS 256
#define REPLICA_EARLY 32
#define REPLICA_TOLD 64

struct replica_message {
	int64_t from;
	bool there, service, out, pinned, waits, was_scheduled; /* waits: media_unread */
	struct peer peer;
	int32_t thread;		 /* of a forum the topic; 0: none */
	char text[REPLICA_TEXT]; /* everything else that a client shows of it */
	char reactions[REPLICA_TEXT];
	bool reactions_known; /* else what others did while the device was away is missing */
	int64_t poll;	      /* 0: none */
};

/* What one sequence of pts is about: the account's box, or the posts of a channel. */
struct replica_history {
	int32_t pts;
	struct replica_message messages[REPLICA_IDS];
};

struct replica_channel {
	int64_t id;  /* 0: none */
	bool in;     /* the account is a member */
	bool came;   /* just now: its line is not known */
	bool loaded; /* the history is known, up to its pts */
	bool behind; /* there is more: the difference says it */
	bool creator, broadcast, forum;
	uint32_t admin, banned, everybody; /* rights; the last two: what may not be done */
	int32_t until;			   /* of banned; 0: for ever */
	char title[REPLICA_TEXT], username[REPLICA_TEXT];
	struct replica_history history;
};

/* A message that waits to be sent. */
struct replica_waiting {
	struct peer peer;
	int32_t id;
	char text[REPLICA_TEXT];
};

struct replica_poll {
	int64_t id;
	bool known;	/* else votes of others may be missing: it was away, or only looked */
	int64_t posted; /* the channel that it is in; 0: none */
	bool boxed;	/* it is in the box */
	bool mixed;	/* in several places, each of which hears of its own votes */
	char text[REPLICA_TEXT]; /* what is known of its results */
};

struct replica_line {
	struct peer peer;
	int32_t read_inbox, read_outbox, folder, mute_until, period;
	bool marked;
	char draft[REPLICA_TEXT];
};

struct replica {
	int64_t user;
	uint64_t key;
	int layer;
	bool online;
	int32_t date;
	struct replica_history box;
	struct replica_channel channels[REPLICA_CHANNELS];
	struct replica_line lines[REPLICA_LINES];
	size_t line_count;
	struct peer pins[2][REPLICA_PINS];
	size_t pin_count[2];
	struct replica_waiting waiting[REPLICA_WAITING];
	size_t waiting_count;
	struct replica_poll polls[REPLICA_POLLS];
	size_t poll_count;
	struct peer blocked[REPLICA_PINS], saved_pins[REPLICA_PINS];
	size_t blocked_count, saved_pin_count;
	int gaps;   /* pushes that did not continue where the last one ended */
	bool asked; /* something, since the last query of anybody: pushes may come after it */
	/* What a query of its own leads to: in the answer, by pushes, in any order. */
	bool acts;
	const struct tl_object *early[REPLICA_EARLY]; /* not their turn yet; of the query's arena */
	size_t early_count;
	uint64_t told[REPLICA_TOLD]; /* fingerprints of the answer's updates, or the pushes' */
	size_t told_count;
};

struct replica_line *replica_line(struct replica *r, struct peer peer);
/* Where messages of the chat are kept; NULL: of a channel whose history isn't loaded. */
struct replica_history *replica_history(struct replica *r, struct peer peer);
void replica_put_message(struct replica *r, const struct tl_object *object);
void replica_put_draft(struct replica_line *line, const struct tl_object *draft);
/* One update whose turn it is. */
void replica_apply(struct replica *r, const struct tl_object *update);
/* updates, updatesCombined, updateShort … as pushed. */
void replica_push(struct replica *r, const struct tl_object *updates);
/* Once more what was not its turn. */
void replica_push_early(struct replica *r);
/* Its turn in the sequence that the chat is in (0: of the box), which goes on. */
bool replica_turn(struct replica *r, struct peer chat, int32_t pts, int32_t count);
/* Asks for the difference until it is complete. */
void replica_catch_up(struct fixture *f, struct replica *r);

/* ---- replica_channel.c ---- */

/* NULL: it was never heard of. */
struct replica_channel *replica_channel(struct replica *r, int64_t id);
/* Read marks, and what became of the channel as a whole. */
void replica_apply_channel(struct replica *r, const struct tl_object *update);
/* Also what is not the update's turn was told. */
void replica_overhear(const struct replica *r, const struct tl_object *update);
/* What an answer or a push says that chats are. */
void replica_put_chats(struct replica *r, const struct tl_objects *chats);
/* After a push or a difference: loads what was come into, asks for what is behind. */
void replica_settle(struct fixture *f, struct replica *r);
/* Opens a public channel that the account is not in; what is told of it is polled from then on.
 * False: refused. */
bool replica_open(struct fixture *f, struct replica *r, int64_t channel);
void replica_poll_channels(struct fixture *f, struct replica *r);
/* The device goes: of votes and reactions to posts it will hear no more than its account's own. */
void replica_doubt(struct replica *r);

/* Who tests watches what devices are told of channels. */
void replica_hears_post(const struct replica *r, int64_t channel, int32_t post);
void replica_hears_title(const struct replica *r, int64_t channel, struct bytes title);

/* ---- replica_own.c: the device that acts ---- */

/* Between these, replica_push takes what the query leads to, and the answer is taken once. Updates
 * live as long as both. */
void replica_own_begin(struct replica *r);
void replica_own_answer(struct fixture *f, struct replica *r, const struct tl_object *query,
	const union tl_reply *reply);
/* Fails the test if the answer and the pushes don't add up. */
void replica_own_end(struct fixture *f, struct replica *r);
/* Of an update of the answer, or of a push while the answer is awaited: fails when it comes twice.
 */
void replica_own_told(struct replica *r, const struct tl_object *update);

/* ---- replica_truth.c ---- */

/* Everything, from the lists of the server. */
void replica_fetch(struct fixture *f, struct replica *r);
/* One line of the chat list as the server tells it. */
void replica_put_line(struct replica *r, const struct tl_dialog *dialog);
/* Out of the list. */
void replica_unpin(struct replica *r, struct peer peer);
/* And the history behind it. */
void replica_fetch_line(struct fixture *f, struct replica *r, const struct tl_dialog *dialog);
/* Fails the test with what differs. */
void replica_compare(struct replica *built, struct replica *truth, int64_t now_s);
/* Of a public channel that is only looked at: its posts. */
void replica_compare_history(
	const struct replica *r, const struct replica_history *a, const struct replica_history *b);
_Noreturn void replica_differ(const struct replica *r, const char *what, long long id,
	const char *built, const char *truth);
/* Messages of others after the line's mark that are there. */
int32_t replica_unread(struct replica *r, struct peer peer);

/* ---- replica_more.c: what is not in the sequence of pts ---- */

void replica_apply_more(struct replica *r, const struct tl_object *update);
/* The poll of a message in a chat, as the message shows it. Returns its id. */
int64_t replica_put_poll(struct replica *r, struct peer in, const struct tl_object *media);
void replica_fetch_more(
	struct fixture *f, struct replica *r, const struct peer *peers, size_t count);
void replica_compare_more(const struct replica *built, const struct replica *truth);

struct peer replica_peer_of(const struct tl_object *object);
bool replica_same_peer(struct peer a, struct peer b);
struct tl_object *replica_input(
	struct fixture *f, struct arena *arena, int64_t viewer, struct peer peer);

#endif
