/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of secret chats: what one device encrypted for another, too long for a message. The two
 * accounts may read one, each with an access_hash of its own, until the chat's history is deleted
 * or it is old; nobody else finds it.
 * https://core.telegram.org/api/end-to-end#sending-encrypted-files
 */
#ifndef CORE_SECRET_FILES_H
#define CORE_SECRET_FILES_H

#include "core/secret/secret_chats.h"
#include "store/home_secret_files.h"

#define SECRET_FILES_KEPT_S ((int64_t)30 * 86400)

/* What a client says which file it sends: InputEncryptedFile. */
struct secret_input {
	int64_t id;
	int32_t parts;	     /* of an upload; 0: a file that was sent before, with its */
	int64_t access_hash; /* access_hash */
	int32_t fingerprint; /* of an upload's key */
};

/* A file that is being sent: nobody has it yet. Faults of upload_take, and FILE_ID_INVALID. */
MUST_CHECK int secret_file_take(
	struct call *call, const struct secret_input *input, struct home_secret_file *out);
/* The owner of the chat may read it from now on. */
void secret_file_give(
	struct call *call, struct home_secret_file *file, const struct home_secret_chat *chat);
/* As the viewer sees it; id 0: it is not there (any more). */
struct secret_file secret_file_view(struct call *call, int64_t viewer, int64_t id);

/* In the caller's part of the chat, to be sent later. Faults CHAT_ID_INVALID, ENCRYPTION_DECLINED
 * and those of secret_file_take. */
MUST_CHECK int secret_file_store(
	struct call *call, int32_t chat, const struct secret_input *input, struct secret_file *out);

struct secret_piece {
	struct bytes bytes; /* in call->arena */
	int64_t sent_at_s;
};

/* From offset on, at most limit bytes (neither negative). Fault LOCATION_INVALID: it is not there,
 * or not the caller's. https://core.telegram.org/api/files#downloading-files */
MUST_CHECK int secret_file_read(struct call *call, int64_t id, int64_t access_hash, int64_t offset,
	int64_t limit, struct secret_piece *out);

/* Upkeep. True: there may be more. */
bool secret_files_purge(struct call *call);

#endif
