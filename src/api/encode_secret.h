/* SPDX-License-Identifier: Apache-2.0 */
/* Secret chats as TL. https://core.telegram.org/api/end-to-end */
#ifndef API_ENCODE_SECRET_H
#define API_ENCODE_SECRET_H

#include "base/arena.h"
#include "core/model.h"
#include "core/secret/secret_model.h"

struct tl_object;

/* EncryptedChat */
struct tl_object *encode_secret_chat(struct arena *arena, const struct secret_chat *chat);
/* EncryptedFile */
struct tl_object *encode_secret_file(struct arena *arena, const struct secret_file *file);
/* EncryptedMessage */
struct tl_object *encode_secret_message(struct arena *arena, const struct secret_message *message);
/* UPDATE_SECRET_* */
struct tl_object *encode_secret_update(struct arena *arena, const struct update *update);

#endif
