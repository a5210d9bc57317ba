/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What admins did in channels, and who came and went: home data for public channels too. An entry
 * is sealed for who did it, and goes with that account and with the channel. What is in one, and
 * who may read it, is core/channels/admin_log.h.
 */
#ifndef STORE_HOME_ADMIN_LOG_H
#define STORE_HOME_ADMIN_LOG_H

#include "crypto/seal.h"
#include "store/db.h"

struct admin_log_row {
	int64_t channel, id;
	int64_t actor;
	int64_t at_s;
	int event;
	int filter;	     /* number of the flag of channelAdminLogEventsFilter */
	struct bytes sealed; /* home_admin_log_open */
};

/* The channel's highest id; 0: its log is empty. */
int64_t home_admin_log_top(struct db *db, int64_t channel);
void home_admin_log_append(struct db *db, const struct vault *vault, struct arena *arena,
	const struct admin_log_row *row, struct bytes text);
/* Ids below before, above after and not before since_s, the newest first; filter -1: all of them.
 * Returns their number, at most limit. */
size_t home_admin_log_page(struct db *db, struct arena *arena, const struct admin_log_row *of,
	int64_t before, int64_t after, struct admin_log_row *rows, size_t limit);
/* A row that doesn't open fails the transaction. */
struct bytes home_admin_log_open(struct db *db, const struct vault *vault, struct arena *arena,
	const struct admin_log_row *row);

void home_admin_log_delete_all(struct db *db, int64_t channel);
/* At most limit rows that are older; true: there are more. */
bool home_admin_log_purge(struct db *db, int64_t before_s, size_t limit);

#endif
