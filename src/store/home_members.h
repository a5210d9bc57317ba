/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is in which channel, how far each has read, and who wrote what in a supergroup: home data for
 * public channels too. A membership is two rows (by account and by channel) that are written
 * together. Roles are numbers of enum channel_role.
 */
#ifndef STORE_HOME_MEMBERS_H
#define STORE_HOME_MEMBERS_H

#include "base/arena.h"
#include "store/db.h"

struct membership_row {
	int64_t user, channel;
	int role; /* 0: no row. Of who is banned there is one too */
	uint32_t admin_rights, banned_rights;
	int64_t until_s; /* end of banned_rights; 0: never */
	int64_t joined_at_s;
	int32_t read_inbox;
	int32_t viewed;		/* highest post id counted as viewed by the account */
	int64_t read_at_s;	/* when read_inbox was set; 0: never */
	int32_t pinned, folder; /* as in store/home_dialogs.h */
	bool unread_mark;
	int32_t available_min; /* posts up to this one are gone for it */
	int32_t mentions;      /* posts that name or answer it, not looked at: home_mentions.h */
	uint64_t viewed_bits;  /* bit n: counted for the post viewed - 1 - n too */
	int64_t changed_at_s;  /* when its standing was last set by others; 0: never */
	/* Of the channel's row alone: read by home_members_of_channel and its like. */
	int64_t inviter;	  /* 0: came by itself */
	int64_t by_user;	  /* who named or restricted it last; 0: nobody */
	struct bytes sealed_rank; /* under the account's salt, or absent */
};

/* false: none; *row is zeroed. */
bool home_members_find(struct db *db, int64_t user, int64_t channel, struct membership_row *row);
void home_members_insert(struct db *db, const struct membership_row *row);
/* Role, rights, until_s, by_user, changed_at_s and sealed_rank of row->user in row->channel. */
void home_members_set_standing(struct db *db, const struct membership_row *row);
void home_members_delete(struct db *db, int64_t user, int64_t channel);
/* All rows and departures of an account that is in no channel any more. */
void home_members_forget(struct db *db, int64_t user);
/* The channel is going: its log too. */
void home_members_delete_all(struct db *db, int64_t channel);
void home_members_set_read(
	struct db *db, int64_t user, int64_t channel, int32_t read_inbox, int64_t now_s);
/* Writes pinned, folder and unread_mark of row->user in row->channel. */
void home_members_set_place(struct db *db, const struct membership_row *row);
void home_members_set_viewed(
	struct db *db, int64_t user, int64_t channel, int32_t viewed, uint64_t bits);

/* Memberships of an account, by channel id, but where it is banned. Returns their number, at most
 * limit. */
size_t home_members_of_user(struct db *db, int64_t user, struct membership_row *rows, size_t limit);
int64_t home_members_of_user_count(struct db *db, int64_t user);
/* The row that the channel has of the account, with all its columns. false: none. */
bool home_members_find_in(struct db *db, struct arena *arena, int64_t channel, int64_t user,
	struct membership_row *row);
enum members_kind { MEMBERS_IN, MEMBERS_KICKED, MEMBERS_RESTRICTED };
/* Of a channel, by account: who is in it, who is banned, who is restricted, whether he is in it or
 * will be when he comes back. Returns their number, at most limit. */
size_t home_members_of_channel(struct db *db, struct arena *arena, int64_t channel,
	enum members_kind kind, int64_t offset, struct membership_row *rows, size_t limit);
/* The least and the greatest account in the channel; false: nobody is in it. */
bool home_members_ends(struct db *db, int64_t channel, int64_t *least, int64_t *greatest);
/* Accounts in it, from <= account <= upto, the least first. Returns their number, at most limit. */
size_t home_members_between(
	struct db *db, int64_t channel, int64_t from, int64_t upto, int64_t *users, size_t limit);
/* How many are banned, and how many restricted. */
void home_members_kind_counts(struct db *db, int64_t channel, int64_t *kicked, int64_t *limited);
/* Whose limits have ended by now: user, channel and standing. Returns their number. */
size_t home_members_due(struct db *db, int64_t now_s, struct membership_row *rows, size_t limit);
/* When the account last wrote to a group in slow mode; 0: not in it, or never. */
int64_t home_members_sent_at(struct db *db, int64_t user, int64_t channel);
void home_members_set_sent_at(struct db *db, int64_t user, int64_t channel, int64_t now_s);
/* Those among them who are more than members, with a role from least_role to most_role. */
size_t home_members_admins(struct db *db, struct arena *arena, int64_t channel, int least_role,
	int most_role, struct membership_row *rows, size_t limit);

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

/* Who wrote a post, and the channel in whose name it stands there; 0: none, the own one. */
struct post_author {
	int64_t author, shown;
};

struct post_author home_authors_get(struct db *db, int64_t channel, int32_t post);
void home_authors_set(
	struct db *db, int64_t channel, int32_t post, const struct post_author *author);
/* Posts of an account in its own name, above < id < below, the newest first. Returns their number,
 * at most limit. */
size_t home_authors_posts(struct db *db, int64_t channel, int64_t author, int32_t above,
	int32_t below, int32_t *posts, size_t limit);
void home_authors_delete(struct db *db, int64_t channel, int32_t post);
void home_authors_delete_all(struct db *db, int64_t channel);

/* Letters to owners about orders: sent once. */
bool home_letters_has(struct db *db, int64_t order);
void home_letters_insert(struct db *db, int64_t order, int64_t owner, int64_t now_s);

#endif
