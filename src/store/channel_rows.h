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
	int64_t date_s;
	int32_t pts, top_id;
	int64_t post_count;
	int64_t members; /* the square's copy; 0 in the home */
	bool restricted_everywhere;
	struct bytes restricted_countries, restriction_text, restriction_reason; /* or absent */
};

/* Where a channel's rows are. By value; valid during the transaction. */
struct channel_place {
	struct db *db;
	int64_t channel;
	const struct vault *vault; /* NULL: the square */
	uint8_t salt[VAULT_SALT_SIZE];
};

/* The square is asked first: what it has, unless it is leaving, it owns. false: in neither. */
bool channel_rows_find(struct store *store, struct arena *arena, int64_t id,
	struct channel_row *row, struct channel_place *place);

/* ---- The channel's numbers ---- */

/* Adds to pts, top_id and post_count; *pts and *top_id are the new values. */
void channel_rows_advance(const struct channel_place *place, int32_t pts_count, int32_t new_posts,
	int64_t posts_delta, int32_t *pts, int32_t *top_id);
/* Absent texts and everywhere = false lift the restriction. */
void channel_rows_restrict(const struct channel_place *place, const struct channel_row *row);
/* Posts and events, not the channel's own row. */
void channel_rows_clear(const struct channel_place *place);

/* ---- Posts ---- */

struct post_row {
	int32_t id;
	int64_t date_s, edit_date_s;
	int32_t action;
	struct bytes body; /* as core/entities.h makes it; plain */
	struct bytes text; /* read only from the square; written only there */
	int64_t views;
	int64_t random_id; /* 0: none */
	int64_t hidden_by; /* the order that hides it; 0: none */
};

struct post_rows {
	struct post_row *at;
	size_t count;
};

void post_rows_insert(
	const struct channel_place *place, struct arena *arena, const struct post_row *row);
/* body, text and edit_date. */
void post_rows_update(
	const struct channel_place *place, struct arena *arena, const struct post_row *row);
bool post_rows_delete(const struct channel_place *place, int32_t id);
bool post_rows_find(
	const struct channel_place *place, struct arena *arena, int32_t id, struct post_row *row);
/* Id of the post with this random_id, or 0. */
int32_t post_rows_by_random(const struct channel_place *place, int64_t random_id);
void post_rows_hide(const struct channel_place *place, int32_t id, int64_t order);
/* Shows it again; edit_date: clients keep the text with the latest. */
void post_rows_show(const struct channel_place *place, int32_t id, int64_t edit_date_s);
void post_rows_add_view(const struct channel_place *place, int32_t id);

struct post_bounds {
	int32_t min_id, max_id; /* both exclusive, as on the wire; max_id 0: no bound */
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

enum channel_event_kind { CHANNEL_EVENT_POST = 1, CHANNEL_EVENT_EDIT, CHANNEL_EVENT_DELETE };

#define CHANNEL_EVENTS_KEPT 10000 /* older pts get the too-long answer */

struct channel_event_row {
	enum channel_event_kind kind;
	int32_t pts, pts_count; /* pts after the event */
	int32_t post;		/* POST, EDIT */
	int32_t *ids;		/* DELETE */
	size_t id_count;
	int64_t date_s;
};

/* Also forgets the events that are more than CHANNEL_EVENTS_KEPT behind. */
void channel_events_append(
	const struct channel_place *place, const struct channel_event_row *event);
/* Those after pts, in order. Returns their number, at most limit. */
size_t channel_events_after(const struct channel_place *place, struct arena *arena, int32_t pts,
	int32_t limit, struct channel_event_row *out);
/* Whether every event after pts is still there. */
bool channel_events_reach(const struct channel_place *place, int32_t pts);
/* When the newest that is kept happened; 0: none is. */
int64_t channel_events_newest_s(const struct channel_place *place);

#endif
