/* SPDX-License-Identifier: Apache-2.0 */
/* Owns no table: store/home_files.c does. */
#include "core/files/uploads.h"

#include <stdio.h>

#include "store/home_files.h"

#define GIVEN_UP_PER_CALL 200

/* ---- Parts ---- */

static int check_part(struct call *call, int32_t part, struct bytes data)
{
	if (part < 0 || part >= UPLOAD_PARTS_MAX)
		return rpc_error(call, 400, "FILE_PART_INVALID");
	if (!data.size)
		return rpc_error(call, 400, "FILE_PART_EMPTY");
	if (data.size > HOME_FILE_PART_MAX)
		return rpc_error(call, 400, "FILE_PART_TOO_BIG");
	return 0;
}

static int check_room(struct call *call, struct bytes data, bool is_new)
{
	const int64_t all = home_files_bytes(call_home(call));
	int64_t count, bytes;

	home_files_of(call_home(call), call->user, &count, &bytes);
	if ((is_new && count >= FILES_PER_ACCOUNT) ||
		bytes + (int64_t)data.size > call->env->files_account_max ||
		all + (int64_t)data.size > call->env->files_max)
		return rpc_error(call, 400, "FILES_TOO_MUCH");
	return 0;
}

int upload_part(struct call *call, int64_t upload, int32_t part, struct bytes data)
{
	struct db *db = call_home(call);
	int64_t file;

	if (check_part(call, part, data) < 0)
		return -1;
	file = home_file_coming(db, call->user, upload);
	if (check_room(call, data, !file) < 0)
		return -1;
	if (!file) {
		file = 1 + (int64_t)random_below(call->env->random, INT64_MAX);
		home_file_begin(
			db, call->store->vault, call->arena, call->user, file, upload, call->now_s);
	}
	home_file_put(
		db, call->store->vault, call->arena, call->user, file, part, data, call->now_s);
	return 0;
}

/* ---- A file ---- */

static int missing(struct call *call, int32_t part)
{
	char text[32];

	snprintf(text, sizeof(text), "FILE_PART_%d_MISSING", part);
	return rpc_error(call, 400, text);
}

static bool is_size_of_parts(int32_t size)
{
	return size % UPLOAD_PART_UNIT == 0 && (int32_t)HOME_FILE_PART_MAX % size == 0;
}

static int check_parts(
	struct call *call, const struct home_file_part *parts, size_t count, int32_t wanted)
{
	for (int32_t i = 0; i < wanted; i++)
		if ((size_t)i >= count || parts[i].part != i)
			return missing(call, i);
	if (count > (size_t)wanted)
		return rpc_error(call, 400, "FILE_PARTS_INVALID");
	if (wanted > 1 &&
		(!is_size_of_parts(parts[0].size) || parts[wanted - 1].size > parts[0].size))
		return rpc_error(call, 400, "FILE_PART_SIZE_INVALID");
	for (int32_t i = 1; i < wanted - 1; i++)
		if (parts[i].size != parts[0].size)
			return rpc_error(call, 400, "FILE_PART_SIZE_INVALID");
	return 0;
}

int upload_take(struct call *call, int64_t upload, int32_t wanted, int64_t *file)
{
	struct db *db = call_home(call);
	struct home_file_part *parts;
	size_t count;

	if (wanted < 1 || wanted > UPLOAD_PARTS_MAX)
		return rpc_error(call, 400, "FILE_PARTS_INVALID");
	*file = home_file_coming(db, call->user, upload);
	if (!*file)
		return missing(call, 0);
	count = home_file_parts(db, call->arena, call->user, *file, (size_t)wanted + 1, &parts);
	if (check_parts(call, parts, count, wanted) < 0)
		return -1;
	home_file_take(db, call->user, *file, parts[0].size);
	return 0;
}

bool uploads_give_up(struct call *call)
{
	return home_files_give_up(call_home(call), call->now_s - UPLOADS_KEPT_S, GIVEN_UP_PER_CALL);
}
