/* SPDX-License-Identifier: Apache-2.0 */
/* Owns who may read what. Does not own the bytes: core/files/uploads.c and store/home_files.c do.
 */
#include "core/secret/secret_files.h"

#include "core/files/uploads.h"
#include "core/secret/secret_private.h"
#include "store/home_files.h"

#define HASH_KIND_SECRET_FILE 103 /* apart from the kinds of peers in vault_access_hash */
#define PURGED_PER_CALL 512

static int64_t hash_of(const struct call *call, int64_t viewer, int64_t id)
{
	return vault_access_hash(call->store->vault, viewer, HASH_KIND_SECRET_FILE, id);
}

/* The caller's own. */
static bool find(struct call *call, int64_t id, int64_t access_hash, struct home_secret_file *out)
{
	return access_hash == hash_of(call, call->user, id) &&
	       home_secret_file_get(call_home(call), call->user, id, out);
}

/* ---- Sending ---- */

int secret_file_take(
	struct call *call, const struct secret_input *input, struct home_secret_file *out)
{
	if (!input->parts) {
		if (!find(call, input->id, input->access_hash, out) ||
			home_file_size(call_home(call), out->holder, out->file) < 0)
			return rpc_error(call, 400, "FILE_ID_INVALID");
	} else {
		*out = (struct home_secret_file){
			.holder = call->user, .fingerprint = input->fingerprint};
		if (upload_take(call, input->id, input->parts, &out->file) < 0)
			return -1;
	}
	out->id = 1 + (int64_t)random_below(call->env->random, INT64_MAX);
	out->sent_at_s = call->now_s;
	return 0;
}

void secret_file_give(
	struct call *call, struct home_secret_file *file, const struct home_secret_chat *chat)
{
	file->owner = chat->owner;
	file->chat = chat->id;
	home_secret_file_add(call_home(call), file);
}

struct secret_file secret_file_view(struct call *call, int64_t viewer, int64_t id)
{
	struct home_secret_file file;
	int64_t size;

	if (!id || !home_secret_file_get(call_home(call), viewer, id, &file))
		return (struct secret_file){0};
	size = home_file_size(call_home(call), file.holder, file.file);
	if (size < 0)
		return (struct secret_file){0};
	return (struct secret_file){.id = id,
		.access_hash = hash_of(call, viewer, id),
		.size = size,
		.fingerprint = file.fingerprint};
}

int secret_file_store(
	struct call *call, int32_t chat, const struct secret_input *input, struct secret_file *out)
{
	struct home_secret_chat own, other;
	struct home_secret_file file;

	if (secret_open_pair(call, chat, &own, &other) < 0 ||
		secret_file_take(call, input, &file) < 0)
		return -1;
	secret_file_give(call, &file, &own);
	*out = secret_file_view(call, call->user, file.id);
	return 0;
}

/* ---- Reading ---- */

int secret_file_read(struct call *call, int64_t id, int64_t access_hash, int64_t offset,
	int64_t limit, struct secret_piece *out)
{
	struct home_secret_file file;

	if (!find(call, id, access_hash, &file))
		return rpc_error(call, 400, "LOCATION_INVALID");
	out->bytes = home_file_read(call_home(call), call->store->vault, call->arena, file.holder,
		file.file, offset, limit);
	out->sent_at_s = file.sent_at_s;
	return out->bytes.data ? 0 : rpc_error(call, 400, "LOCATION_INVALID");
}

bool secret_files_purge(struct call *call)
{
	return home_secret_files_purge(
		call_home(call), call->now_s - SECRET_FILES_KEPT_S, PURGED_PER_CALL);
}
