/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Polls and quizzes. A poll is stored once, under who made it; messages name it (struct media), and
 * so its forwarded copies share the votes. Who deletes the account takes its polls along: then
 * readers find none. https://core.telegram.org/api/poll
 *
 * What is asked in a channel is the channel's: its owner is the channel's number below zero, and it
 * goes with its post, unless that was forwarded, or with the channel. Polls and votes are home data
 * also of public channels; of them the square has the words alone, beside the post (poll_words).
 *
 * Functions act for call->user and return 0, or -1 after rpc_error, unless they say otherwise.
 */
#ifndef CORE_POLLS_H
#define CORE_POLLS_H

#include "core/messages/box.h"
#include "store/home_changes.h"

#define POLL_OPTIONS_MIN 2
#define POLL_OPTIONS_MAX 12 /* poll_answers_max of the app config */
#define POLL_QUESTION_MAX 255
#define POLL_ANSWER_MAX 100
#define POLL_SOLUTION_MAX 200
#define POLL_OPTION_SIZE_MAX 100 /* bytes by which clients name an option */
#define POLL_PERIOD_MIN_S 5
#define POLL_PERIOD_MAX_S 2628000 /* a month, as newer clients offer */
#define POLL_VOTES_PER_PAGE_MAX 50

/* ---- For messages ---- */

/*
 * media is a draft of kind MEDIA_POLL, poll 0, poll_view what the client asks for. Checks it,
 * stores it under owner (call->user, or a channel's number below zero), fills in poll, poll_owner
 * and poll_view. message_send does this, once it knows that the message is new; what is scheduled
 * or forwarded has its poll already. Faults POLL_QUESTION_INVALID, POLL_ANSWERS_INVALID,
 * POLL_ANSWER_INVALID, POLL_OPTION_INVALID, POLL_OPTION_DUPLICATE, QUIZ_MULTIPLE_INVALID,
 * QUIZ_CORRECT_ANSWERS_EMPTY, QUIZ_CORRECT_ANSWERS_TOO_MUCH, MEDIA_INVALID.
 */
MUST_CHECK int poll_create(struct call *call, int64_t owner, struct media *media);
/* The maker's own message with it, which gets this id, is about to be written: from now on the poll
 * runs, and this is where it is. Other messages are passed over. */
void poll_place(struct call *call, const struct message *message, int32_t id);
/* A copy of media with the poll as the box's owner may see it in this chat: without results when he
 * is out of the group. Other kinds are given back. */
struct media *poll_media_for(const struct home_box *box, struct peer in, struct media *media);
/* A copy as everybody who sees a post with it may be told. */
struct media *poll_alike(struct call *call, struct media *media);
struct channel_context;
/* What the viewer of the channel is told of a poll in one of its posts (view may be NULL): whether
 * he may see its statistics, too. */
void poll_post_stats(const struct channel_context *context, struct poll *view);
/* The text of the post, and of a poll what is asked and the answers: what the desk and the index of
 * a public channel get to read. */
struct bytes poll_words(struct call *call, const struct message *post);
/* Before a post with a poll is written or scheduled: makes the poll of a draft. Faults as
 * poll_create, and BROADCAST_PUBLIC_VOTERS_FORBIDDEN. */
MUST_CHECK int poll_settle_post(
	struct call *call, const struct channel_context *context, struct message *draft);
/* The post is about to be deleted, and its poll with it, unless others have that, too. */
struct post_row;
void poll_left(
	struct call *call, const struct channel_context *context, const struct post_row *row);
/* Where an edit gives a poll that is closed: closes the own poll of the message in the chat; of a
 * channel's post who may edit it does. answer: UPDATE_POLL, or UPDATE_EDIT_POST. Faults
 * MESSAGE_ID_INVALID, MESSAGE_AUTHOR_REQUIRED, MESSAGE_NOT_MODIFIED. */
int poll_close(struct call *call, struct peer in, int32_t id, struct update_set *answer);
/* The message, which was scheduled, is never sent: its poll goes. */
void poll_discard(struct call *call, const struct message *message);

/* ---- For voters ---- */

/* Who is out of the group is refused by all three, and by poll_close, with PEER_ID_INVALID; of a
 * channel as channel_need_open does. In a public channel everybody votes. Who is anonymous in a
 * group does not vote where voters are named: PEER_ID_INVALID.
 *
 * No options: takes the vote back. Who is blocked by the other of a private chat is not told so:
 * the vote is shown to him alone, and one that counts can't be changed. answer: UPDATE_POLL. Faults
 * MESSAGE_ID_INVALID, MESSAGE_POLL_CLOSED, OPTION_INVALID, OPTIONS_TOO_MUCH, REVOTE_NOT_ALLOWED. */
int poll_vote(struct call *call, struct peer in, int32_t id, const struct bytes *options,
	size_t count, struct update_set *answer);
int poll_results(struct call *call, struct peer in, int32_t id, struct update_set *answer);

struct poll_voter {
	int64_t user, date_s;
	struct bytes *options; /* as named */
	size_t option_count;
};

struct poll_voters {
	struct poll_voter *at; /* the newest first */
	size_t count;
	int64_t total;
	struct bytes next; /* absent: that was all */
};

/* Of a poll with public voters, for who voted or when it is closed. option absent: any. Faults
 * BROADCAST_FORBIDDEN (it is anonymous), POLL_VOTE_REQUIRED, OPTION_INVALID, OFFSET_INVALID. */
int poll_voters(struct call *call, struct peer in, int32_t id, struct bytes option,
	struct bytes offset, int32_t limit, struct poll_voters *out);

/* ---- For the server ---- */

#define POLLS_CLOSED_AT_ONCE 100

/* Closes those whose time has come, so many at a time, and tells where they are. True: there may be
 * more. */
bool polls_close_due(struct call *call);
/* The builder of CHANGE_POLL: peer is who made it, item its id. */
bool poll_change(struct call *call, const struct home_change *change, struct update *update);

#endif
