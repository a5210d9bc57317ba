/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is in which channel, how far each has read, and who wrote what in a supergroup: home data for
 * public channels too. A membership is two rows (by account and by channel) that are written
 * together. Roles are numbers of enum channel_role.
 */
#ifndef STORE_HOME_MEMBERS_H
#define STORE_HOME_MEMBERS_H

#include "store/db.h"

struct membership_row {
	int64_t user, channel;
	int role; /* 0: no row */
	int64_t joined_at_s;
	int32_t read_inbox;
	int32_t viewed;	   /* highest post id counted as viewed by the account */
	int64_t read_at_s; /* when read_inbox was set; 0: never */
};

/* false: none; *row is zeroed. */
bool home_members_find(struct db *db, int64_t user, int64_t channel, struct membership_row *row);
void home_members_insert(struct db *db, const struct membership_row *row);
void home_members_delete(struct db *db, int64_t user, int64_t channel);
void home_members_delete_all(struct db *db, int64_t channel);
void home_members_set_read(
	struct db *db, int64_t user, int64_t channel, int32_t read_inbox, int64_t now_s);
void home_members_set_viewed(struct db *db, int64_t user, int64_t channel, int32_t viewed);

/* Memberships of an account, by channel id. Returns their number, at most limit. */
size_t home_members_of_user(struct db *db, int64_t user, struct membership_row *rows, size_t limit);
int64_t home_members_of_user_count(struct db *db, int64_t user);
/* Members of a channel, by account. Returns their number, at most limit. */
size_t home_members_of_channel(
	struct db *db, int64_t channel, int64_t offset, struct membership_row *rows, size_t limit);
/* Those among them who are more than members, with a role from least_role to most_role. */
size_t home_members_admins(struct db *db, int64_t channel, int least_role, int most_role,
	struct membership_row *rows, size_t limit);

/* ---- Departures ---- */

#define DEPARTURES_KEPT_S (90 * 86400)

/* A channel that an account is in no more, remembered for its devices that were away. */
struct departure_row {
	int64_t channel;
	bool broadcast;
	int64_t left_at_s;
};

/* Forgets the account's departures that are older than DEPARTURES_KEPT_S, too. */
void home_departures_put(struct db *db, int64_t user, const struct departure_row *row);
/* Those since a time, newest first. Returns their number, at most limit. */
size_t home_departures_since(
	struct db *db, int64_t user, int64_t since_s, struct departure_row *rows, size_t limit);

/* The count that is the truth; the square holds a copy. add returns the new value. */
int64_t home_member_counts_get(struct db *db, int64_t channel);
int64_t home_member_counts_add(struct db *db, int64_t channel, int64_t delta);
/* Channels that have a count, ids above `after`, in order. Returns their number, at most limit. */
size_t home_member_counts_list(struct db *db, int64_t after, int64_t *ids, size_t limit);

/* Authors of supergroup posts; 0: none. */
int64_t home_authors_get(struct db *db, int64_t channel, int32_t post);
void home_authors_set(struct db *db, int64_t channel, int32_t post, int64_t author);
void home_authors_delete(struct db *db, int64_t channel, int32_t post);
void home_authors_delete_all(struct db *db, int64_t channel);

/* Letters to owners about orders: sent once. */
bool home_letters_has(struct db *db, int64_t order);
void home_letters_insert(struct db *db, int64_t order, int64_t owner, int64_t now_s);

#endif
