/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in boxes. The body is opaque here, and sealed in the table; core/messages/entities.h
 * makes it. */
#ifndef STORE_HOME_MESSAGES_H
#define STORE_HOME_MESSAGES_H

#include "store/home_boxes.h"

struct home_message {
	int32_t id;
	int32_t peer_kind; /* enum peer_kind */
	int64_t peer, author;
	bool out;
	int64_t date_s, edit_date_s;
	int32_t action;	   /* enum message_action */
	int32_t pts;	   /* of the box when the message came */
	int64_t random_id; /* of the sender's request; 0: none */
	int64_t twin;	   /* shared by the copies of one message; 0: it is the only one */
	struct bytes body; /* in clear, in the box's arena */
	bool pinned;
	int32_t attention;	/* enum message_attention */
	int32_t content;	/* enum message_content of core/messages/box.h: for filters */
	int32_t saved_kind;	/* enum peer_kind; 0: not in Saved Messages */
	int64_t saved_peer;	/* whose messages it is filed under there */
	int64_t expires_at_s;	/* 0: never */
	struct bytes reactions; /* in clear; absent: none */
	bool damaged;		/* it did not open: body or reactions are missing */
};

/* Of content: the clock sent it, so that it is news to its writer, too. */
#define HOME_CONTENT_BY_CLOCK 16

/* Unread, until the owner has read so far. */
static inline bool home_message_is_news(const struct home_message *message)
{
	return !message->out || (message->content & HOME_CONTENT_BY_CLOCK);
}

struct home_messages {
	struct home_message *at;
	size_t count;
};

void home_message_insert(const struct home_box *box, const struct home_message *message);
/* What was read is not what was written: counted, and logged the first time, so that a page that is
 * asked for again and again doesn't fill the log. Nothing if it was marked as damaged before. */
void home_message_spoil(const struct home_message *message);
/* How often that was met since the process began. Thread-safe. */
int64_t home_messages_damaged(void);
/* False: no such message. */
bool home_message_get(const struct home_box *box, int32_t id, struct home_message *out);
bool home_message_by_random(
	const struct home_box *box, int64_t random_id, struct home_message *out);
/* Whether the random id was used: by a message that is there, was deleted of late, or waits to be
 * sent. One look into all three. */
bool home_random_is_spent(const struct home_box *box, int64_t random_id);
bool home_message_by_twin(const struct home_box *box, int64_t twin, struct home_message *out);
void home_message_set_body(
	const struct home_box *box, int32_t id, int64_t edit_date_s, struct bytes body);
void home_message_set_content(const struct home_box *box, int32_t id, int32_t content);
void home_message_set_pinned(const struct home_box *box, int32_t id, bool pinned);
void home_message_set_attention(const struct home_box *box, int32_t id, int32_t attention);
/* Absent: none. */
void home_message_set_reactions(const struct home_box *box, int32_t id, struct bytes reactions);
void home_message_delete(const struct home_box *box, int32_t id);

struct home_expired {
	int64_t owner;
	int32_t id;
};
/* Of all boxes: those whose time is over at now_s, the longest over first, in the arena. */
size_t home_messages_expired(struct db *db, struct arena *arena, int64_t now_s, int32_t limit,
	struct home_expired **out);

/* Part of a chat (peer_kind 0: of the whole box): ids with above < id < below, skipping `skip`, at
 * most `limit`. */
struct home_page {
	int32_t peer_kind;
	int64_t peer;
	enum home_page_of {
		PAGE_OF_CHAT,
		PAGE_OF_PINNED,
		PAGE_OF_MENTIONS, /* that wait for the owner */
		PAGE_OF_REACTIONS,
		PAGE_OF_SAVED,	 /* peer_kind and peer: a part of Saved Messages */
		PAGE_OF_CONTENT, /* that have any of these */
	} of;
	int32_t content; /* PAGE_OF_CONTENT: enum message_content */
	int32_t above, below;
	int32_t skip, limit;
};

/* From below downwards, newest first. */
void home_messages_older(
	const struct home_box *box, const struct home_page *page, struct home_messages *out);
/* From above upwards, but the result newest first too. */
void home_messages_newer(
	const struct home_box *box, const struct home_page *page, struct home_messages *out);
/* All of the part, whatever above, below, skip and limit say; HOME_COUNT_MAX: as many or more. */
#define HOME_COUNT_MAX 100000
int32_t home_messages_count(const struct home_box *box, const struct home_page *page);
/* A part of Saved Messages, with the id of its newest message. */
struct home_saved_part {
	int32_t kind;
	int64_t peer;
	int32_t top_id;
};

#define HOME_SAVED_PARTS_MAX 5000

/* All of them (at most so many), the newest first, in the box's arena. */
size_t home_messages_saved_parts(const struct home_box *box, struct home_saved_part **out);
/* Smallest id in the chat with date >= date_s; 0: none. Dates rise with ids. */
int32_t home_messages_id_at(
	const struct home_box *box, int32_t peer_kind, int64_t peer, int64_t date_s);
/* Those of the chat with above < id <= to that are news to the owner. */
int32_t home_messages_news(
	const struct home_box *box, int32_t peer_kind, int64_t peer, int32_t above, int32_t to);

#endif
