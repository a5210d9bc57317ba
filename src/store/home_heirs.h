/* SPDX-License-Identifier: Apache-2.0 */
/* Channels whose owner has left them, until they have another. */
#ifndef STORE_HOME_HEIRS_H
#define STORE_HOME_HEIRS_H

#include "store/db.h"

struct heir_row {
	int64_t channel;
	int64_t departed, heir; /* 0: that account has ended */
	int64_t due_at_s;
};

void home_heirs_put(struct db *db, const struct heir_row *row);
/* false: the channel waits for nobody; *row is zeroed. */
bool home_heirs_get(struct db *db, int64_t channel, struct heir_row *row);
/* The first that is due. false: none is. */
bool home_heirs_due(struct db *db, int64_t now_s, struct heir_row *row);
void home_heirs_delete(struct db *db, int64_t channel);
/* The account ends. */
void home_heirs_forget(struct db *db, int64_t user);

#endif
