/* SPDX-License-Identifier: Apache-2.0 */
/* Secret chats in plain structs, as core/model.h has the rest. */
#ifndef CORE_SECRET_MODEL_H
#define CORE_SECRET_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum secret_chat_state {
	SECRET_CHAT_WAITING,
	SECRET_CHAT_REQUESTED,
	SECRET_CHAT_ACTIVE,
	SECRET_CHAT_DISCARDED
};

/* As one device sees it: https://core.telegram.org/type/EncryptedChat */
struct secret_chat {
	enum secret_chat_state state;
	int32_t id;
	int64_t access_hash;
	int64_t admin, participant; /* who asked, who was asked */
	int64_t date_s;
	struct bytes half;   /* REQUESTED, ACTIVE: the other side's public half of the key */
	int64_t fingerprint; /* ACTIVE */
	bool history_deleted;
};

/* As one account sees it. id 0: none. */
struct secret_file {
	int64_t id, access_hash;
	int64_t size;	     /* bytes */
	int32_t fingerprint; /* of its key, which only the devices have */
};

/* What one device encrypted for another: the server knows no more of it than its size. */
struct secret_message {
	int32_t qts;
	int32_t chat;
	int64_t random_id;
	bool service;
	int64_t date_s;
	struct bytes data;
	struct secret_file file; /* the receiver's */
};

#endif
