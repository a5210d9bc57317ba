/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The domain in plain structs, free of TL and of SQL: what the rules work on and what front ends
 * encode. Everything pointed to lives in the arena of whoever made it.
 */
#ifndef CORE_MODEL_H
#define CORE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum peer_kind { PEER_NONE, PEER_USER, PEER_CHAT, PEER_CHANNEL };

struct peer {
	enum peer_kind kind;
	int64_t id;
};

#define SERVICE_USER 777000 /* the account that stock clients show as the service's own */

/* A profile as one viewer may see it. */
struct user {
	int64_t id;
	int64_t access_hash;		    /* for the viewer */
	struct bytes first_name, last_name; /* the viewer's own name for a contact, if it has one */
	struct bytes phone;		    /* digits; absent when the viewer may not see it */
	bool is_self, is_contact, is_mutual, is_deleted, is_service;
	int64_t online_until_s; /* in the future: online; in the past: last seen; 0: unknown */
};

enum channel_role { ROLE_NONE, ROLE_LEFT, ROLE_MEMBER, ROLE_ADMIN, ROLE_CREATOR, ROLE_BANNED };

/* Where an order holds: nowhere, in the countries listed, or everywhere. */
struct restriction {
	bool everywhere;
	struct bytes countries; /* "DE,ID": upper-case ISO 3166-1 codes; absent when everywhere or
				   none */
	struct bytes
		text; /* what stock clients show instead of the content; absent: not restricted */
	struct bytes reason; /* the category as one word, e.g. "terrorism" */
};

struct channel {
	int64_t id;
	bool in_square; /* has (or had a moment ago) a public username: lives in the square database
			 */
	struct bytes title, about;
	struct bytes username; /* absent: private */
	bool broadcast;	       /* else a supergroup */
	int64_t date_s;
	int64_t members;
	int32_t pts, top_id;
	struct restriction restriction;
};

/* A channel as one viewer sees it: the shared part and the viewer's own. */
struct channel_view {
	const struct channel *channel;
	int64_t access_hash; /* for the viewer */
	enum channel_role role;
	bool restricted; /* the restriction holds for this viewer (by country of the number) */
};

/* Formatting of text, https://core.telegram.org/api/entities. Offsets and lengths in UTF-16 code
 * units. */
enum entity_kind {
	ENTITY_MENTION,
	ENTITY_HASHTAG,
	ENTITY_CASHTAG,
	ENTITY_BOT_COMMAND,
	ENTITY_URL,
	ENTITY_EMAIL,
	ENTITY_PHONE,
	ENTITY_BOLD,
	ENTITY_ITALIC,
	ENTITY_UNDERLINE,
	ENTITY_STRIKE,
	ENTITY_SPOILER,
	ENTITY_CODE,
	ENTITY_PRE,
	ENTITY_TEXT_URL,
	ENTITY_MENTION_NAME,
	ENTITY_BLOCKQUOTE,
	ENTITY_CUSTOM_EMOJI,
	ENTITY_BANK_CARD,
	ENTITY_KIND_COUNT
};

struct entity {
	enum entity_kind kind;
	int32_t offset, length;
	struct bytes argument; /* PRE: language; TEXT_URL: the URL */
	int64_t id;	       /* MENTION_NAME: user; CUSTOM_EMOJI: document */
	bool collapsed;	       /* BLOCKQUOTE */
};

enum message_action {
	ACTION_NONE,	       /* an ordinary message */
	ACTION_CHANNEL_CREATE, /* text holds the title */
	ACTION_CHANNEL_TITLE,
	ACTION_CONTACT_JOINED,
};

/* A message in a box, or a post in a channel. */
struct message {
	int32_t id;
	struct peer
		peer; /* the dialog it is in, seen from the box's owner; the channel for a post */
	struct peer from; /* PEER_NONE for a post of a broadcast channel */
	bool out;
	bool silent, noforwards;
	bool saved;		     /* in the chat of the box's owner with itself */
	int64_t date_s, edit_date_s; /* 0: never edited */
	int32_t reply_to;	     /* message id in the same dialog; 0: none */
	struct bytes text;
	struct entity *entities;
	size_t entity_count;
	enum message_action action;
	int64_t random_id; /* of the sender's request; 0 elsewhere */
	int64_t views;	   /* posts only */
};

/* A line of the chat list. */
struct dialog {
	struct peer peer;
	int32_t top_id;
	int64_t top_date_s;
	int32_t read_inbox, read_outbox;
	int32_t unread;
	bool pinned;
	int32_t pts; /* channels only */
};

enum update_kind {
	UPDATE_NEW_MESSAGE,	/* message */
	UPDATE_EDIT_MESSAGE,	/* message */
	UPDATE_DELETE_MESSAGES, /* ids */
	UPDATE_READ_INBOX,	/* peer, max_id, unread */
	UPDATE_READ_OUTBOX,	/* peer, max_id */
	UPDATE_MESSAGE_ID,	/* max_id = new id, random_id: only in the answer to the sender */
	UPDATE_NEW_POST,	/* peer = channel, message */
	UPDATE_EDIT_POST,
	UPDATE_DELETE_POSTS,	   /* peer = channel, ids */
	UPDATE_CHANNEL,		   /* peer = channel: look at it again */
	UPDATE_CHANNEL_BEHIND,	   /* peer = channel: ask for its difference; pts is its newest */
	UPDATE_CHANNEL_READ_INBOX, /* peer, max_id, unread; pts is the channel's */
	UPDATE_TYPING,		   /* peer = who types (seen by the target), action */
	UPDATE_STATUS,		   /* peer = user, online_until_s */
	UPDATE_USER_NAME,	   /* peer = user */
	UPDATE_CONTACTS_RESET,	   /* the viewer's contacts changed */
	UPDATE_NEW_AUTHORIZATION,  /* another device logged in */
};

/* How a peer is typing: https://core.telegram.org/type/SendMessageAction. Only what text chats use.
 */
enum typing_action { TYPING_TYPING, TYPING_CANCEL };

struct update {
	enum update_kind kind;
	int32_t pts, pts_count; /* of the box, or of the channel for posts; 0: not in a sequence */
	struct peer peer;
	struct message *message;
	int32_t *ids;
	size_t id_count;
	int32_t max_id, unread;
	int64_t random_id;
	int64_t online_until_s;
	enum typing_action typing;
};

/* Updates with the users and channels that they mention, as one viewer sees them. */
struct update_set {
	struct update *updates;
	size_t update_count;
	struct user *users;
	size_t user_count;
	struct channel_view *channels;
	size_t channel_count;
	int64_t date_s;
};

#endif
