/* SPDX-License-Identifier: Apache-2.0 */
/* The salt of what the home keeps for a channel wherever its posts are: its polls, and what its
 * admins will post later. In tables of accounts the channel's number below zero is the owner. */
#ifndef STORE_HOME_CHANNEL_SALTS_H
#define STORE_HOME_CHANNEL_SALTS_H

#include "crypto/seal.h"
#include "store/db.h"

/* There is one from now on. */
void home_channel_salt_need(struct db *db, int64_t channel);
/* false, and zeros: nothing was ever sealed for it, or it is gone. */
bool home_channel_salt(struct db *db, int64_t channel, uint8_t salt[VAULT_SALT_SIZE]);

#endif
