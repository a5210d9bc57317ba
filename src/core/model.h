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
#include "core/typing_action.h"

enum peer_kind { PEER_NONE, PEER_USER, PEER_CHAT, PEER_CHANNEL };

struct peer {
	enum peer_kind kind;
	int64_t id;
};

#define SERVICE_USER 777000 /* the account that stock clients show as the service's own */

/* How exactly a viewer is told when somebody was last here. */
enum user_seen { SEEN_EXACTLY, SEEN_RECENTLY, SEEN_IN_WEEK, SEEN_IN_MONTH, SEEN_LONG_AGO };

struct user_status {
	enum user_seen seen;
	int64_t online_until_s; /* EXACTLY: in the future: online; in the past: last seen */
	bool by_me;		/* the viewer would know more if he didn't hide his own */
};

/* A profile as one viewer may see it. */
struct user {
	int64_t id;
	int64_t access_hash;		    /* for the viewer */
	struct bytes first_name, last_name; /* the viewer's own name for a contact, if it has one */
	struct bytes username;		    /* public; absent: none */
	struct bytes phone;		    /* digits; absent when the viewer may not see it */
	bool is_self, is_contact, is_mutual, is_close_friend, is_deleted, is_service, is_bot;
	int32_t bot_version; /* of what a bot says of itself */
	/* Of its public face, for the viewer: core/accounts/public_face.h; absent: nothing. */
	struct bytes restriction_text, restriction_reason, label;
	struct user_status status;
};

/* Stored: numbers never change. */
enum channel_role {
	ROLE_NONE,
	ROLE_LEFT,
	ROLE_MEMBER,
	ROLE_ADMIN,
	ROLE_CREATOR,
	ROLE_BANNED,
	ROLE_AWAY, /* of rows alone: LEFT, with limits that will hold when he comes back */
};

/* What an admin of a channel may do. Bit = flag number of chatAdminRights, and stored so.
 * https://core.telegram.org/constructor/chatAdminRights */
enum admin_right {
	ADMIN_CHANGE_INFO = 1 << 0,
	ADMIN_POST = 1 << 1, /* broadcast channels only, and so is ADMIN_EDIT */
	ADMIN_EDIT = 1 << 2,
	ADMIN_DELETE = 1 << 3,
	ADMIN_BAN = 1 << 4,
	ADMIN_INVITE = 1 << 5,
	ADMIN_PIN = 1 << 7,
	ADMIN_ADD_ADMINS = 1 << 9,
	ADMIN_ANONYMOUS = 1 << 10,
	ADMIN_CALL = 1 << 11,
	ADMIN_OTHER = 1 << 12, /* is one, whatever else he may */
	ADMIN_TOPICS = 1 << 13,
	ADMIN_RANKS = 1 << 18,
};

/* Where an account stands with a channel. */
struct standing {
	enum channel_role role;
	uint32_t admin_rights;	/* ADMIN, and CREATOR but for what he chose: enum admin_right */
	uint32_t banned_rights; /* MEMBER, BANNED, LEFT: enum chat_right of core/chats/chats.h */
	int64_t until_s;	/* when banned_rights end; 0: never */
	int32_t hidden_to;	/* posts up to this one are not for it; 0: all are */
};

/* Where an order holds: nowhere, in the countries listed, or everywhere. */
struct restriction {
	bool everywhere;
	struct bytes countries; /* "DE,ID": upper-case ISO 3166-1; absent: everywhere or none */
	struct bytes text;	/* what clients show instead of the content; absent: that */
	struct bytes reason;	/* the category as one word, e.g. "terrorism" */
	struct bytes label;	/* a warning that stock clients show first; absent: none */
};

/* Stored bits: numbers never change. https://core.telegram.org/constructor/channel and
 * https://core.telegram.org/constructor/channelFull */
enum channel_flag {
	CHANNEL_SIGNATURES = 1 << 0,	     /* posts name who wrote them */
	CHANNEL_SIGNATURE_PROFILES = 1 << 1, /* and link his profile */
	CHANNEL_NOFORWARDS = 1 << 2,
	CHANNEL_HISTORY_HIDDEN = 1 << 3, /* who comes sees what comes after him */
	CHANNEL_JOIN_TO_SEND = 1 << 4,
	CHANNEL_JOIN_REQUEST = 1 << 5, /* who comes asks first */
	CHANNEL_ANTISPAM = 1 << 6,
	CHANNEL_MEMBERS_HIDDEN = 1 << 7,
	CHANNEL_GIGAGROUP = 1 << 8,
	CHANNEL_FORUM = 1 << 9,
	CHANNEL_FORUM_TABS = 1 << 10,
	CHANNEL_REACTIONS_SOME = 1 << 12, /* only those listed; of neither: all */
	CHANNEL_REACTIONS_NONE = 1 << 13,
	CHANNEL_AUTOTRANSLATION = 1 << 14,
};

/* What admins set. https://core.telegram.org/api/channel */
struct channel_settings {
	uint32_t flags;		/* enum channel_flag */
	uint32_t banned_rights; /* what members may not do: enum chat_right of core/chats/chats.h */
	int32_t slowmode_s;
	int32_t period_s; /* new posts destroy themselves so long after they were sent; 0: never */
	int64_t linked;	  /* the channel's discussion group, or the group's channel; 0: none */
	int64_t migrated_from;	 /* the basic group that it was; 0: none */
	int32_t migrated_max_id; /* the last message of that, in its creator's box */
	int32_t reactions_limit; /* kinds on one post; 0: the server's */
	struct bytes reactions;	 /* REACTIONS_SOME: emojis, as channel_settings.h packs them */
};

struct channel {
	int64_t id;
	bool in_square; /* its database: has, or had a moment ago, a username */
	struct bytes title, about;
	struct bytes username; /* absent: private */
	bool broadcast;	       /* else a supergroup */
	int64_t date_s;
	int64_t members;
	int32_t pts, top_id;
	struct channel_settings settings;
	struct restriction restriction;
};

/* A channel as one viewer sees it: the shared part and the viewer's own. */
struct channel_view {
	const struct channel *channel;
	int64_t access_hash; /* for the viewer */
	struct standing my;
	bool restricted; /* the restriction holds for this viewer (by country of the number) */
};

/* Stored: numbers never change. */
enum chat_role { CHAT_OUT, CHAT_MEMBER, CHAT_ADMIN, CHAT_CREATOR };

/* A basic group. https://core.telegram.org/api/channel#basic-groups */
struct chat {
	int64_t id;
	struct bytes title, about;
	int64_t creator, date_s;
	int32_t members;
	int32_t version;	/* of members, admins and rights */
	uint32_t banned_rights; /* what members may not do: enum chat_right of core/chats/chats.h */
	bool noforwards;
	bool deactivated; /* it became a supergroup: */
	int64_t migrated_to;
};

/* A group as one viewer sees it. Who is out sees nothing but the title of the day it got out. */
struct chat_view {
	struct chat chat;
	int64_t migrated_hash; /* access hash of chat.migrated_to, for the viewer */
	enum chat_role role;
	bool kicked; /* out, and can't come back by itself */
};

struct chat_member {
	int64_t user;
	enum chat_role role;
	int64_t inviter, joined_at_s;
};

/* What the bar above a private chat offers: core/accounts/peer_settings.h. */
struct peer_settings {
	bool report_spam, add_contact, block_contact, share_contact;
	bool need_contacts_exception; /* he doesn't see the viewer's number as it is */
	/* Of a stranger who wrote, else absent: "MM.YYYY", upper-case ISO code. */
	struct bytes registration_month, phone_country;
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

/* Stored: new ones go to the end. */
enum message_action {
	ACTION_NONE,	       /* an ordinary message */
	ACTION_CHANNEL_CREATE, /* text holds the title */
	ACTION_CHANNEL_TITLE,
	ACTION_CONTACT_JOINED,
	ACTION_CHAT_CREATE, /* text: title; users: the first members */
	ACTION_CHAT_TITLE,
	ACTION_CHAT_ADD,    /* users */
	ACTION_CHAT_REMOVE, /* users: one */
	ACTION_PIN,	    /* reply_to: what was pinned */
	ACTION_SET_TTL,	    /* action_period_s; 0: off. users: whose setting it was, if one's */
	ACTION_HISTORY_CLEAR,
	ACTION_JOINED_BY_LINK,	  /* users: whose link it was; none: nobody says */
	ACTION_JOINED_BY_REQUEST, /* an admin let him in */
	ACTION_TOPIC_CREATE,	  /* text: title; topic_change */
	ACTION_TOPIC_EDIT,	  /* topic_change, and text if has_title */
	ACTION_MIGRATE_TO,	  /* other: the supergroup that the group became */
	ACTION_MIGRATE_FROM,	  /* other: the group that it was; text: its title */
	ACTION_OWNER_LEFT,	  /* users: whose it is in a week */
	ACTION_OWNER_CHANGED	  /* users: whose it is now */
};

enum topic_switch { TOPIC_STAYS, TOPIC_OFF, TOPIC_ON };

/* What is said of a topic of a forum when it is made or changed. */
struct topic_change {
	bool has_title, has_emoji;
	int32_t color;
	int64_t emoji; /* 0: none */
	enum topic_switch closed, hidden;
};

struct place {
	double latitude, longitude;
	int32_t accuracy_m; /* 0: not said */
};

struct poll_option {
	struct bytes text;
	struct entity *entities;
	size_t entity_count;
	struct bytes option; /* how clients name it */
	int32_t voters;
	bool chosen, correct; /* chosen: by the viewer */
};

/* A poll or quiz as one viewer may see it. https://core.telegram.org/api/poll */
struct poll {
	int64_t id, owner;
	struct bytes question;
	struct entity *entities; /* of the question */
	size_t entity_count;
	struct poll_option *options;
	size_t option_count;
	bool public_voters, multiple, quiz, closed;
	bool shuffled, final, hidden; /* final: no vote can be taken back; hidden: results are shown
					 when it is closed */
	bool alike;		      /* as everybody may be told: says nothing of the viewer */
	bool is_creator;	      /* the viewer made it */
	bool voted;		      /* the viewer did */
	bool stats_shown;	      /* the viewer may see them: core/channels/channel_stats.h */
	bool counts_shown;	      /* else voters of the options are 0 */
	int32_t close_period_s;	      /* 0: stays open */
	int64_t close_date_s;
	struct bytes solution;		  /* of a quiz, when the viewer may see it */
	struct entity *solution_entities; /* of it */
	size_t solution_entity_count;
	int32_t voters;
	int64_t *recent; /* of the voters; public_voters only */
	size_t recent_count;
};

/* Stored: new ones go to the end. */
enum media_kind {
	MEDIA_NONE,
	MEDIA_CONTACT,
	MEDIA_PLACE,
	MEDIA_LIVE_PLACE,
	MEDIA_VENUE,
	MEDIA_POLL,
	MEDIA_DICE,
	MEDIA_KIND_COUNT
};

/* What a message carries besides text, and needs no file for.
 * https://core.telegram.org/type/MessageMedia */
struct media {
	enum media_kind kind;
	struct place place; /* PLACE, LIVE_PLACE, VENUE */
	/* LIVE_PLACE */
	int32_t period_s, heading, proximity_m; /* heading 1 to 360; 0: not said */
	/* CONTACT: phone, first name, last name, vCard. VENUE: title, address, provider, id, type.
	   DICE: the emoji. */
	struct bytes texts[5];
	int64_t user;	    /* CONTACT: whose number it is, as far as the viewer knows; else 0 */
	int32_t value;	    /* DICE */
	int64_t poll;	    /* POLL: id; 0 in a draft */
	int64_t poll_owner; /* POLL: who made it */
	/* POLL: as the viewer of the message may see it, NULL when it is gone with its owner; in a
	 * draft, what is to be made. core/messages/polls.h */
	struct poll *poll_view;
};

/* Where a forwarded message comes from. https://core.telegram.org/constructor/messageFwdHeader */
struct forward {
	struct peer from;	/* PEER_NONE: hidden, only the name is told */
	struct bytes from_name; /* of who hides, else absent */
	int64_t date_s;
	int32_t post;		  /* from a channel: its id there */
	struct peer saved_from;	  /* in Saved Messages: the chat it was in */
	int32_t saved_from_id;	  /* and its id there */
	struct peer saved_author; /* who had sent it there; PEER_NONE: hidden or the same */
	struct bytes saved_author_name;
	int64_t saved_date_s;
	bool saved_out;
};

/* What a message answers beyond the id in its own chat. */
struct reply {
	struct peer peer;	 /* of another chat; PEER_NONE: the same */
	struct forward *from;	 /* of another chat: whose message, as of a forward */
	struct bytes quote;	 /* the part that is answered; absent: all */
	struct entity *entities; /* of the quote */
	size_t entity_count;
	int32_t quote_offset; /* UTF-16 units */
};

/* One person's reaction. */
struct reaction {
	struct peer by;
	struct bytes emoji;
	int64_t date_s;
	bool big, unread; /* unread: the message's author has not seen it */
};

/* How often each reaction was used on a post, as one viewer is told. */
struct reaction_tally {
	int64_t viewer; /* 0: everybody alike, nothing is said of the own one */
	bool listed;	/* the viewer may see who reacted */
	struct reaction_count {
		struct bytes emoji;
		int32_t count;
		bool mine;
	} *at;
	size_t count;
};

/* What of a message waits for its owner. Bits; stored. */
enum message_attention {
	ATTENTION_MENTION = 1,	/* was named or answered, and has not looked */
	ATTENTION_REACTION = 2, /* somebody reacted */
	ATTENTION_MEDIA = 4,	/* not listened to or looked at */
};

/* What is known of the answers to a post.
 * https://core.telegram.org/constructor/messageReplies */
struct post_replies {
	int64_t count;
	int32_t pts;   /* of the channel that the post is in: clients drop what has a lower one */
	bool comments; /* they are in another channel: */
	int64_t channel;
	int32_t max_id, read_max_id; /* the newest, and how far the viewer has read */
	struct peer recent[3];	     /* who answered last; PEER_NONE: fewer did */
};

/* A message in a box, or a post in a channel. */
struct message {
	int32_t id;
	struct peer
		peer; /* the dialog it is in, seen from the box's owner; the channel for a post */
	struct peer from; /* PEER_NONE for a post of a channel that links nobody */
	bool out;
	bool damaged; /* its stored form can't be read: shown as absent */
	bool silent, noforwards;
	bool saved;		  /* in the chat of the box's owner with itself */
	struct peer saved_peer;	  /* saved: whose messages it is filed under */
	bool mentioned;		  /* the box's owner is named or answered in it */
	bool pinned, edit_hidden; /* edit_hidden: changed without the word "edited" */
	bool was_scheduled, invert_media, no_preview;
	int64_t viewer;		     /* whose copy this is; 0 for posts */
	uint8_t attention;	     /* enum message_attention, bits */
	int32_t period_s;	     /* destroys itself so long after it was sent; 0: never */
	int64_t date_s, edit_date_s; /* 0: never edited */
	int32_t reply_to;	   /* message id in the same dialog (or in reply->peer); 0: none */
	struct reply *reply;	   /* NULL: no more than that */
	struct forward *forward;   /* NULL: not forwarded */
	struct media *media;	   /* NULL: none */
	struct keyboard *keyboard; /* core/bots/keyboard.h; NULL: none */
	struct bytes text;
	struct entity *entities;
	size_t entity_count;
	enum message_action action;
	int64_t *users; /* of the action */
	size_t user_count;
	int32_t action_period_s;
	struct peer other;	    /* of the action; PEER_NONE: names no chat */
	struct reaction *reactions; /* the newest first */
	size_t reaction_count;
	int64_t random_id; /* of the sender's request; 0 elsewhere */
	/* Posts only: */
	bool post; /* of a broadcast channel: it stands there, not who wrote it */
	int64_t views, forwards;
	int64_t *mentions; /* of a supergroup: who is named or answered, for those who are told */
	size_t mention_count;
	size_t mentions_unread; /* the first so many of them have not looked at it */
	struct bytes label;	/* a warning that stock clients show first; absent: none */
	bool by_country;	/* an order hides it in some countries: nobody is sent it unasked */
	int64_t author;		/* who truly wrote it, whoever it stands for; 0: nobody knows */
	struct bytes signature; /* the author's name, where the channel shows it */
	int32_t thread;		/* the post whose thread it is in; 0: none */
	bool topic;		/* and that is a topic of a forum */
	struct topic_change *topic_change; /* of the action */
	struct post_replies *replies;	   /* NULL: none are counted */
	struct reaction_tally *tally;	   /* NULL: none; `reactions` are the last of them then */
};

/* A line of the chat list. */
struct dialog {
	struct peer peer;
	int32_t top_id;
	int64_t top_date_s;
	int32_t read_inbox, read_outbox;
	int32_t unread;
	int32_t pin;	/* 0: not pinned; the highest stands first */
	int32_t folder; /* 0: the list, 1: the archive */
	bool unread_mark;
	int32_t unread_mentions, unread_reactions;
	int32_t pts;			  /* channels only, and so are: */
	int32_t pinned_id, available_min; /* the newest pinned post, the last that is gone */
	bool view_as_messages;		  /* a forum that this account sees as one list */
	int32_t period_s; /* messages destroy themselves so long after they were sent; 0: never */
	struct message *draft;		/* text, entities, reply_to, reply, date_s; NULL: none */
	struct notify_settings *notify; /* NULL: nothing of its own */
};

/* What an account set about notifications of a chat or of a kind of chats; what is not set counts
 * as the kind has it. https://core.telegram.org/constructor/peerNotifySettings */
struct notify_settings {
	bool has_previews, previews, has_silent, silent;
	bool has_mute, has_sound;
	bool has_stories_muted, stories_muted, has_stories_hide, stories_hide;
	int32_t mute_until_s;
	enum notify_sound { SOUND_DEFAULT, SOUND_NONE, SOUND_LOCAL, SOUND_FILE } sound;
	struct bytes sound_title, sound_data; /* LOCAL */
	int64_t sound_file;		      /* FILE */
};

enum notify_scope { NOTIFY_CHAT, NOTIFY_USERS, NOTIFY_GROUPS, NOTIFY_BROADCASTS };

enum update_kind {
	UPDATE_NEW_MESSAGE,	/* message */
	UPDATE_EDIT_MESSAGE,	/* message */
	UPDATE_DELETE_MESSAGES, /* ids */
	UPDATE_READ_INBOX,	/* peer, max_id, unread */
	UPDATE_READ_OUTBOX,	/* peer, max_id */
	UPDATE_MESSAGE_ID,	/* max_id = new id, random_id: to the sender alone */
	UPDATE_NEW_POST,	/* peer = channel, message */
	UPDATE_EDIT_POST,
	UPDATE_DELETE_POSTS,	   /* peer = channel, ids */
	UPDATE_PINNED_POSTS,	   /* peer = channel, ids, pinned */
	UPDATE_AVAILABLE_POSTS,	   /* peer = channel, max_id: this and older ones are gone for the
				      viewer */
	UPDATE_POST_CONTENTS_READ, /* peer = channel, ids, thread */
	UPDATE_POST_VIEWS,	   /* peer = channel, max_id: the post, count */
	UPDATE_POST_FORWARDS,
	UPDATE_CHANNEL_READ_OUTBOX, /* peer = channel, max_id */
	UPDATE_CHANNEL,		    /* peer = channel: look at it again */
	UPDATE_CHANNEL_BEHIND,	    /* peer = channel: ask for its difference; pts is its newest */
	UPDATE_CHANNEL_READ_INBOX,  /* peer, max_id, unread; pts is the channel's */
	UPDATE_TYPING,		    /* peer = who types (seen by the target), action */
	UPDATE_STATUS,		    /* peer = user, status */
	UPDATE_USER_NAME,	    /* peer = user */
	UPDATE_CONTACTS_RESET,	    /* the viewer's contacts changed */
	UPDATE_PEER_SETTINGS,	    /* peer, settings */
	UPDATE_USER,		    /* peer = user: look at all of him again */
	UPDATE_PRIVACY,		    /* key, rules: of the viewer himself */
	UPDATE_BLOCKED,		    /* peer, blocked: by the viewer */
	UPDATE_NEW_AUTHORIZATION,   /* random_id: its hash; device, date_s: not confirmed yet */
	UPDATE_PINNED,		    /* peer, ids, pinned */
	UPDATE_CONTENTS_READ,	    /* ids: seen or listened to */
	UPDATE_NOTICE,		    /* notice: clients show it at once */
	UPDATE_LOGIN_TOKEN,	    /* somebody accepted the QR code that is shown */
	UPDATE_USER_PHONE,	    /* peer = user: its number, as the set's users have it */
	UPDATE_FOLDER_PEER,	    /* peer, folder */
	UPDATE_DIALOG_PIN,	    /* peer, folder, pinned: now the first, or no more */
	UPDATE_DIALOG_PINS,	    /* folder, peers: in their order */
	UPDATE_SAVED_PINS,	    /* peers */
	UPDATE_UNREAD_MARK,	    /* peer, marked */
	UPDATE_DRAFT,		    /* peer, message; NULL: there is none any more */
	UPDATE_NOTIFY,		    /* scope, peer, notify */
	UPDATE_FOLDERS,		    /* the folders of the chat list changed: ask for them */
	UPDATE_CHAT,		    /* peer = group: look at it again */
	UPDATE_CHAT_MEMBERS,	    /* peer = group, members, version */
	UPDATE_CHAT_MEMBER_ADD,	    /* peer = group, members: one, version */
	UPDATE_CHAT_MEMBER_DELETE,
	UPDATE_CHAT_ADMIN,	  /* peer = group, members: the one with a new role, version */
	UPDATE_CHAT_RIGHTS,	  /* peer = group, rights, version */
	UPDATE_HISTORY_TTL,	  /* peer, period_s */
	UPDATE_REACTIONS,	  /* message: its reactions changed */
	UPDATE_RECENT_REACTIONS,  /* what the viewer used last changed */
	UPDATE_POLL,		  /* poll; peer and max_id: a message of the viewer's with it */
	UPDATE_NEW_SCHEDULED,	  /* message, whose id is of its own sequence */
	UPDATE_DELETE_SCHEDULED,  /* peer, ids; sent_ids: what became of each */
	UPDATE_JOIN_REQUESTS,	  /* peer, unread = how many wait, peers: the newest of them */
	UPDATE_THREAD_READ_INBOX, /* peer = group, thread, max_id; by and by_post: what is discussed
				   */
	UPDATE_THREAD_READ_OUTBOX, /* peer = group, thread, max_id */
	UPDATE_TOPIC_PIN,	   /* peer = forum, thread, pinned */
	UPDATE_TOPIC_PINS,	   /* peer = forum, ids: in their order */
	UPDATE_VIEW_AS_MESSAGES,   /* peer = forum, marked: the viewer sees no topics */
	UPDATE_BOT_CALLBACK,	   /* random_id = the query, by, peer, max_id: message, data */
	UPDATE_SECRET_CHAT,	   /* peer, secret_chat */
	UPDATE_SECRET_MESSAGE,	   /* peer, secret_message */
	UPDATE_SECRET_READ,   /* peer, max_id: the secret chat, count: up to this date, date_s */
	UPDATE_SECRET_TYPING, /* peer, max_id: the secret chat */
};

struct update {
	enum update_kind kind;
	int32_t pts, pts_count; /* of the box, or of the channel for posts; 0: not in a sequence */
	struct peer peer;
	struct message *message;
	int32_t *ids;
	size_t id_count;
	int32_t *sent_ids; /* DELETE_SCHEDULED: as many as ids, or NULL */
	struct poll *poll;
	int32_t max_id, unread;
	int32_t count; /* POST_VIEWS, POST_FORWARDS */
	int64_t random_id;
	struct bytes device, notice, data; /* NEW_AUTHORIZATION; NOTICE; BOT_CALLBACK */
	int64_t date_s;
	int32_t period_s; /* HISTORY_TTL; 0: never */
	struct user_status status;
	int32_t key;	    /* enum privacy_key */
	struct bytes rules; /* encoded: core/accounts/privacy_rules.h */
	bool blocked;
	enum typing_action typing;
	int32_t progress; /* TYPING of an upload, percent */
	struct peer by;	  /* TYPING in a group: who */
	int32_t thread;	  /* of TYPING, POST_CONTENTS_READ, THREAD_*, TOPIC_*, DRAFT, NOTIFY */
	bool pinned;
	struct chat_member *members;
	size_t member_count;
	int32_t version;
	uint32_t rights; /* enum chat_right of core/chats/chats.h */
	const struct peer_settings *settings;
	int32_t by_post; /* THREAD_READ_INBOX: id in `by` */
	int32_t folder;
	struct peer *peers;
	size_t peer_count;
	bool marked;
	enum notify_scope scope;
	const struct notify_settings *notify;
	const struct secret_chat *secret_chat; /* core/secret/secret_model.h */
	const struct secret_message *secret_message;
};

/* Updates with the users and channels that they mention, as one viewer sees them. */
struct update_set {
	struct update *updates;
	size_t update_count;
	struct user *users;
	size_t user_count;
	struct channel_view *channels;
	size_t channel_count;
	struct chat_view *chats;
	size_t chat_count;
	int64_t date_s;
};

#endif
