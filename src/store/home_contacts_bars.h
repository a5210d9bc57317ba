/* SPDX-License-Identifier: Apache-2.0 */
/* What an account was asked about a stranger who wrote to it, and who reported whom: numbers and
 * dates only. Rules: core/accounts/peer_settings.h, core/accounts/strangers.h. */
#ifndef STORE_HOME_CONTACTS_BARS_H
#define STORE_HOME_CONTACTS_BARS_H

#include "store/db.h"

/* Stored: numbers never change. */
enum home_bar {
	HOME_BAR_NONE = 0,   /* no row: the peer never wrote as a stranger */
	HOME_BAR_ASKED = 1,  /* he wrote first, and has no answer */
	HOME_BAR_CLOSED = 2, /* answered, hidden, reported, or made a contact */
};

/* How one stands to another, in one look. */
struct home_regard {
	bool has_blocked, is_blocked; /* one the other; by the other */
	enum home_bar bar;	      /* one's, above the chat with the other */
	bool is_bot;		      /* the other */
};

void home_regard_get(struct db *db, int64_t one, int64_t other, struct home_regard *out);
enum home_bar home_bar_get(struct db *db, int64_t owner, int64_t peer);
void home_bar_put(struct db *db, int64_t owner, int64_t peer, enum home_bar bar, int64_t now_s);
void home_bars_delete_all(struct db *db, int64_t owner);

/* False: this reporter did so before; the date of his report is then the new one. */
bool home_report_put(struct db *db, int64_t owner, int64_t reporter, int64_t now_s);
/* Accounts that reported the owner since then. */
int64_t home_reports_count(struct db *db, int64_t owner, int64_t since_s);

/* Whether both are in one basic group or private supergroup. */
bool home_share_group(struct db *db, int64_t one, int64_t other);

#endif
