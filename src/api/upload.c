/* SPDX-License-Identifier: Apache-2.0 */
/* upload.*: the bytes of files, in and out. https://core.telegram.org/api/files */
#include "api/handlers.h"
#include "core/files/uploads.h"
#include "core/secret/secret_files.h"

#define PIECE_MAX ((int64_t)1 << 20)
#define UNIT 4096
#define UNIT_PRECISE 1024

/* https://core.telegram.org/method/upload.saveFilePart */
int api_upload_saveFilePart(
	struct call *call, const struct tl_upload_saveFilePart *req, bool *reply)
{
	*reply = true;
	return upload_part(call, req->file_id, req->file_part, req->bytes);
}

/* https://core.telegram.org/method/upload.saveBigFilePart: -1 parts: it isn't known yet how many.
 */
int api_upload_saveBigFilePart(
	struct call *call, const struct tl_upload_saveBigFilePart *req, bool *reply)
{
	const int32_t all = req->file_total_parts;

	*reply = true;
	if (all != -1 && (all < 1 || all > UPLOAD_PARTS_MAX))
		return rpc_error(call, 400, "FILE_PARTS_INVALID");
	if (all != -1 && req->file_part >= all)
		return rpc_error(call, 400, "FILE_PART_INVALID");
	return upload_part(call, req->file_id, req->file_part, req->bytes);
}

/* A piece lies within one MiB of the file. */
static int check_piece(struct call *call, const struct tl_upload_getFile *req)
{
	const int64_t unit = req->precise ? UNIT_PRECISE : UNIT;

	if (req->offset < 0 || req->offset > INT64_MAX - PIECE_MAX || req->offset % unit)
		return rpc_error(call, 400, "OFFSET_INVALID");
	if (req->limit <= 0 || req->limit > PIECE_MAX || req->limit % unit ||
		(!req->precise && PIECE_MAX % req->limit) ||
		req->offset / PIECE_MAX != (req->offset + req->limit - 1) / PIECE_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	return 0;
}

/* https://core.telegram.org/method/upload.getFile */
int api_upload_getFile(
	struct call *call, const struct tl_upload_getFile *req, struct tl_upload_file *reply)
{
	const struct tl_inputEncryptedFileLocation *secret =
		TL_AS(inputEncryptedFileLocation, req->location);
	struct secret_piece piece;

	if (!secret)
		return rpc_error(call, 400, "LOCATION_INVALID");
	if (check_piece(call, req) < 0 || secret_file_read(call, secret->id, secret->access_hash,
						  req->offset, req->limit, &piece) < 0)
		return -1;
	reply->type = &TL_NEW(call->arena, storage_fileUnknown)->o;
	reply->mtime = (int32_t)piece.sent_at_s;
	reply->bytes = piece.bytes;
	return 0;
}
