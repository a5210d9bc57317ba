/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels, posts and channel events in whichever of the two databases the channel lives: one
 * interface, one SQL text. What differs is the row of the channel itself (home_channels.h,
 * square_channels.h) and the body of a post: sealed under the channel's salt in the home, plain in
 * the square, where its text also stands in a column of its own for the desk and for search.
 *
 * No rules here. Errors are the database's sticky ones.
 */
#ifndef STORE_CHANNEL_ROWS_H
#define STORE_CHANNEL_ROWS_H

#include "crypto/seal.h"
#include "store/db.h"

struct store;

struct channel_row {
	int64_t id;
	bool in_square;
	bool broadcast;
	struct bytes title, about;
	struct bytes username; /* absent in the home */
	struct bytes settings; /* core/channels/channel_settings.h; absent: as made */
	int64_t date_s;
	int32_t pts, top_id;
	int64_t post_count;
	int64_t members; /* the square's copy; 0 in the home */
	bool restricted_everywhere;
	struct bytes restricted_countries, restriction_text, restriction_reason; /* or absent */
	struct bytes label_text;       /* a warning before what it shows; or absent */
	int64_t frozen_until_s;	       /* nobody posts before; 0: all may */
	int32_t rest_above, rest_upto; /* posts in between are still in the other database */
};

struct channel_rest;

/* Where a channel's rows are. By value; valid during the transaction. */
struct channel_place {
	struct db *db;
	int64_t channel;
	const struct vault *vault; /* NULL: the square */
	uint8_t salt[VAULT_SALT_SIZE];
	bool unlisted; /* in the square, but public no more: nothing of it goes into the index */
	const struct channel_rest *rest; /* NULL: all posts are here */
	int32_t hidden_to; /* posts up to this are not there for who asks; 0: all are */
};

/* While a channel moves (core/channels/move.h), the posts `above` < id <= `upto` are still where it
 * came from. post_rows_* look at both. */
struct channel_rest {
	struct channel_place place;
	int32_t above, upto;
};

/* The square is asked first: what it has, unless it is leaving, it owns. false: in neither. */
bool channel_rows_find(struct store *store, struct arena *arena, int64_t id,
	struct channel_row *row, struct channel_place *place);

/* ---- The channel's numbers ---- */

/* Adds to pts, top_id and post_count; *pts and *top_id are the new values. */
void channel_rows_advance(const struct channel_place *place, int32_t pts_count, int32_t new_posts,
	int64_t posts_delta, int32_t *pts, int32_t *top_id);
/* Writes what orders amount to, from restricted_everywhere to frozen_until_s. */
void channel_rows_restrict(const struct channel_place *place, const struct channel_row *row);
/* Posts, events and topics, not the channel's own row. */
void channel_rows_clear(const struct channel_place *place);
void channel_rows_set_rest(const struct channel_place *place, int32_t above, int32_t upto);
/* Channels of a database that wait for the rest of their posts. Returns their number. */
size_t channel_rows_list_moving(struct db *db, int64_t *ids, size_t limit);

/* ---- Posts ---- */

struct post_row {
	int32_t id;
	int64_t date_s, edit_date_s;
	int32_t action;
	struct bytes body; /* as core/messages/entities.h makes it; plain */
	struct bytes text; /* read only from the square; written only there */
	int64_t views;
	int64_t random_id;   /* 0: none */
	int64_t hidden_by;   /* the order that hides it; 0: none */
	int64_t labelled_by; /* the order that puts a warning before it; 0: none */
	bool pinned;
	int64_t forwards;
	int32_t thread;		      /* the post whose thread it is in; 0: none */
	int32_t replies, replies_top; /* of the thread that is about it: how many, the newest */
	int64_t discussion;	      /* of a channel's post: the group that has its copy; of the */
	int32_t discussion_post;      /* copy: the channel. And the id there. 0: none */
	struct bytes
		reactions; /* how often each was used: core/posts/post_reactions.h; or absent */
	int32_t content;   /* bits of enum message_content (core/messages/box.h) */
};

struct post_rows {
	struct post_row *at;
	size_t count;
};

void post_rows_insert(
	const struct channel_place *place, struct arena *arena, const struct post_row *row);
/* body, text, content and edit_date. */
void post_rows_update(
	const struct channel_place *place, struct arena *arena, const struct post_row *row);
/* Absent: none are left. */
void post_rows_set_reactions(
	const struct channel_place *place, struct arena *arena, int32_t id, struct bytes reactions);
bool post_rows_delete(const struct channel_place *place, int32_t id);
/* What a move left of it in this database; the index has nothing of it. */
void post_rows_delete_copy(struct db *db, int64_t channel, int32_t id);
/* Those `above` < id <= `upto` that are in this database. */
void post_rows_delete_between(const struct channel_place *place, int32_t above, int32_t upto);
/* Some of those in this database, at most limit. False: none are left. */
bool post_rows_delete_some(const struct channel_place *place, int32_t limit);
/* Where the post with this id is, or would be. Queries of one post run there. */
const struct channel_place *post_place(const struct channel_place *place, int32_t id);
/* It would be in the square still, and its channel is private again: nothing new may enter there
 * (core/channels/move.h, move_reach). */
bool post_left_behind(const struct channel_place *place, int32_t id);
/* post_place for what is about to be written. A post that is left behind fails the transaction. */
const struct channel_place *post_place_written(const struct channel_place *place, int32_t id);

/* Part of a channel's posts in one database: above < id <= upto. Queries over many posts run over
 * each part in its turn. Returns their number, the newest posts first. */
struct post_part {
	const struct channel_place *place;
	int32_t above, upto;
};

#define POST_PARTS_MAX 3

size_t post_parts(const struct channel_place *place, struct post_part parts[POST_PARTS_MAX]);
bool post_rows_find(
	const struct channel_place *place, struct arena *arena, int32_t id, struct post_row *row);
/* Id of the post with this random_id, or 0. */
int32_t post_rows_by_random(const struct channel_place *place, int64_t random_id);
void post_rows_hide(const struct channel_place *place, int32_t id, int64_t order);
/* Shows it again; edit_date: clients keep the text with the latest. */
void post_rows_show(
	const struct channel_place *place, struct arena *arena, int32_t id, int64_t edit_date_s);
void post_rows_label(const struct channel_place *place, int32_t id, int64_t order);
/* What a post gains. */
struct post_counts {
	int64_t views, forwards;
	int32_t replies;     /* or loses; never below none */
	int32_t replies_top; /* the newest of them, when it is newer than what is known */
};

/* Also where it is left behind: then the home keeps the counts until it comes. */
void post_rows_count(const struct channel_place *place, int32_t id, const struct post_counts *more);

#define POST_NO_THREAD (-1) /* only posts that are in none */

/* When it destroys itself. */
void post_rows_set_expiry(const struct channel_place *place, int32_t id, int64_t expires_at_s);

struct post_expired {
	int64_t channel;
	int32_t id;
};

/* Of all channels in the database: what has lived its time, in order of the channels. Returns their
 * number, at most limit. */
size_t post_rows_expired(struct db *db, int64_t now_s, struct post_expired *out, size_t limit);

struct post_bounds {
	int32_t min_id, max_id; /* both exclusive, as on the wire; max_id 0: no bound */
	int32_t thread;		/* only those in it; 0: all; or POST_NO_THREAD */
};

/* Ids below `from`, newest first. */
void post_rows_older(const struct channel_place *place, struct arena *arena,
	const struct post_bounds *bounds, int32_t from, int32_t skip, int32_t limit,
	struct post_rows *out);
/* Ids from `from` on, oldest first. */
void post_rows_newer(const struct channel_place *place, struct arena *arena,
	const struct post_bounds *bounds, int32_t from, int32_t skip, int32_t limit,
	struct post_rows *out);
/* Id of the first post of that time or later; 0: none. top_id: the channel's. */
int32_t post_rows_id_at(const struct channel_place *place, int32_t top_id, int64_t date_s);

/* ---- Events ---- */

enum channel_event_kind {
	CHANNEL_EVENT_POST = 1,
	CHANNEL_EVENT_EDIT,
	CHANNEL_EVENT_DELETE,
	CHANNEL_EVENT_PIN,
	CHANNEL_EVENT_UNPIN,
};

#define CHANNEL_EVENTS_KEPT 10000 /* older pts get the too-long answer */

struct channel_event_row {
	enum channel_event_kind kind;
	int32_t pts, pts_count; /* pts after the event */
	int32_t post;		/* POST, EDIT */
	int32_t *ids;		/* DELETE, PIN, UNPIN */
	size_t id_count;
	int64_t date_s;
};

/* Also forgets the events that are more than CHANNEL_EVENTS_KEPT behind. */
void channel_events_append(
	const struct channel_place *place, const struct channel_event_row *event);
/* Those after pts, as they are, into another database. */
void channel_events_copy(
	const struct channel_place *from, const struct channel_place *to, int32_t pts);
/* Those after pts, in order. Returns their number, at most limit. */
size_t channel_events_after(const struct channel_place *place, struct arena *arena, int32_t pts,
	int32_t limit, struct channel_event_row *out);
/* Whether every event after pts is still there. */
bool channel_events_reach(const struct channel_place *place, int32_t pts);
/* When the newest that is kept happened; 0: none is. */
int64_t channel_events_newest_s(const struct channel_place *place);

#endif
