/* SPDX-License-Identifier: Apache-2.0 */
/* What an account set for one chat, for a kind of chats, or as a folder of its chat list: one
 * sealed value each. What is in it is the rules' business (core/dialogs/drafts.h, notify.h,
 * folders.h). */
#ifndef STORE_HOME_SETTINGS_H
#define STORE_HOME_SETTINGS_H

#include "crypto/seal.h"
#include "store/db.h"

/* Stored: numbers never change. */
enum home_setting_kind {
	HOME_SETTING_DRAFT = 1,
	HOME_SETTING_NOTIFY = 2, /* of a chat; of a kind of chats: peer_kind 0, peer its number */
	HOME_SETTING_FOLDER = 3, /* peer_kind 0, peer: the folder's id */
	HOME_SETTING_SAVED_PIN = 4,   /* a part of Saved Messages; no value */
	HOME_SETTING_FOLDER_TAGS = 5, /* peer 0 */
	HOME_SETTING_SEND_AS = 6,     /* in whose name it writes there: core/channels/send_as.h */
	/* Of one topic of a forum: peer_kind is the topic's number, peer the forum's. */
	HOME_SETTING_TOPIC_DRAFT = 20,
	HOME_SETTING_TOPIC_NOTIFY = 21,
	HOME_SETTING_VIEW_AS_MESSAGES = 22, /* of a forum; no value */
};

struct home_setting {
	enum home_setting_kind kind;
	int32_t peer_kind;
	int64_t peer;
	int32_t position;
	struct bytes value; /* in clear; absent: none */
	int64_t changed_at_s;
};

/* Where the value of this kind and peer is sealed. */
struct seal_place home_setting_place(
	const uint8_t *salt, int64_t owner, const struct home_setting *setting);
/* False: none. A value that does not open fails the transaction. */
bool home_setting_get(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	struct home_setting *setting); /* kind, peer_kind and peer are set */
void home_setting_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	const struct home_setting *setting);
/* False: there was none. */
bool home_setting_delete(struct db *db, int64_t owner, const struct home_setting *setting);
void home_setting_set_position(struct db *db, int64_t owner, const struct home_setting *setting);
/* All of a kind, by falling position, then by peer; at most limit, in the arena. */
size_t home_settings_list(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, enum home_setting_kind kind, size_t limit, struct home_setting **out);
int64_t home_settings_count(struct db *db, int64_t owner, enum home_setting_kind kind);

#endif
