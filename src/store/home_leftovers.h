/* SPDX-License-Identifier: Apache-2.0 */
/* What an account that ended leaves in tables of its own. Nothing personal in it opens without the
 * salt; it goes because it is of no use. */
#ifndef STORE_HOME_LEFTOVERS_H
#define STORE_HOME_LEFTOVERS_H

#include <stdbool.h>

#include "store/db.h"

/* What is few: settings, tokens, lists. While its number is still there. */
void home_leftovers_drop(struct db *db, int64_t owner);
/* What may be millions: at most `rows` of messages, events and chats. True: more is left. The box
 * goes last. */
bool home_leftovers_purge(struct db *db, int64_t owner, int64_t rows);

#endif
