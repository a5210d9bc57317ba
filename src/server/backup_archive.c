/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Knows no installation but the names of its databases and keys. */
#include "server/backup_archive.h"

#include <stdlib.h>
#include <unistd.h>

#include "crypto/hash.h"

static const uint8_t magic[16] = "lontar-backup 2";

_Static_assert(sizeof(struct backup_head) == 16 + 8 + 8 + ROOT_CHECK_SIZE + ROOT_KEPT_SIZE +
						     3 * ROOT_SEALED_SIZE + ROOT_SALT_SIZE + 4 +
						     BACKUP_SEALED_KEY_MAX + 4 + BACKUP_KEEPER_MAX +
						     sizeof(struct share_set) + STREAM_BEGIN_SIZE,
	"no gaps: it is written as it is");

/* ---- The head ---- */

void backup_head_begin(struct backup_head *head, const struct root_chain *chain, int64_t made_s)
{
	memset(head, 0, sizeof(*head));
	memcpy(head->magic, magic, sizeof(magic));
	store_u64le(head->made_s, (uint64_t)made_s);
	store_u32le(head->epoch, chain->epoch);
	store_u32le(head->older, chain->count);
	memcpy(head->check, chain->check, sizeof(head->check));
	memcpy(head->kept, chain->kept, sizeof(head->kept));
	memcpy(head->links, chain->older, sizeof(head->links));
}

bool backup_head_has_custodians(const struct backup_head *head)
{
	return load_u32le(head->keeper_size) > 0;
}

int backup_head_check(const struct backup_head *head)
{
	struct share_set set;

	if (memcmp(head->magic, magic, sizeof(magic)) != 0 ||
		load_u32le(head->older) >= ROOTS_MAX ||
		load_u32le(head->older) > load_u32le(head->epoch) ||
		load_u32le(head->key_size) > BACKUP_SEALED_KEY_MAX ||
		load_u32le(head->keeper_size) > BACKUP_KEEPER_MAX)
		return -1;
	if (!backup_head_has_custodians(head))
		return 0;
	memcpy(&set, head->set, sizeof(set));
	return share_set_is_sound(&set) ? 0 : -1;
}

void backup_head_chain(const struct backup_head *head, struct root_chain *out)
{
	memset(out, 0, sizeof(*out));
	out->epoch = load_u32le(head->epoch);
	out->count = load_u32le(head->older);
	memcpy(out->check, head->check, sizeof(out->check));
	memcpy(out->kept, head->kept, sizeof(out->kept));
	memcpy(out->older, head->links, sizeof(out->older));
}

/* ---- What is in the pieces ---- */

static bool part_is_sane(struct bytes part)
{
	return part.size > 0 && !bytes_equal_str(part, ".") && !bytes_equal_str(part, "..");
}

bool backup_name_is_left_out(struct bytes name)
{
	static const char *const prefixes[] = {"root.key", "serve.lock", "home/home.db",
		"square/square.db", "home/backup.", "square/backup."};

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		const size_t size = strlen(prefixes[i]);

		if (name.size >= size && memcmp(name.data, prefixes[i], size) == 0)
			return true;
	}
	return false;
}

bool backup_name_is_sane(struct bytes name)
{
	size_t begin = 0;

	if (bytes_equal_str(name, "home/home.db") || bytes_equal_str(name, "square/square.db"))
		return true;
	if (name.size == 0 || name.size > BACKUP_NAME_MAX || backup_name_is_left_out(name))
		return false;
	for (size_t i = 0; i <= name.size; i++) {
		if (i < name.size && name.data[i] < ' ')
			return false;
		if (i < name.size && name.data[i] != '/')
			continue;
		if (!part_is_sane(bytes_of(name.data + begin, i - begin)))
			return false;
		begin = i + 1;
	}
	return true;
}

static int take_name(struct backup_order *order, struct bytes name, const struct backup_sink *sink,
	struct err *err)
{
	char text[BACKUP_NAME_MAX + 1];

	if (!backup_name_is_sane(name))
		return err_set(err, 0, "the backup names a file that can't be");
	memcpy(text, name.data, name.size);
	text[name.size] = 0;
	order->files++;
	return sink->file(sink->ctx, text, err);
}

int backup_take_piece(struct backup_order *order, struct bytes piece,
	const struct backup_sink *sink, struct err *err)
{
	const struct bytes rest = {piece.data + 1, piece.size - 1};

	if (piece.size > 0 && !order->ended) {
		if (piece.data[0] == 'F')
			return take_name(order, rest, sink, err);
		if (piece.data[0] == 'D' && order->files > 0)
			return sink->data(sink->ctx, rest, err);
		if (piece.data[0] == 'E' && rest.size == 8 &&
			load_u64le(rest.data) == order->files) {
			order->ended = true;
			return 0;
		}
	}
	return err_set(err, 0, "the backup is damaged");
}

/* ---- Writing ---- */

static int write_piece(
	struct backup_writer *writer, char kind, struct bytes rest, bool last, struct err *err)
{
	uint8_t text[1 + BACKUP_PIECE_MAX], out[4 + sizeof(text) + STREAM_OVERHEAD];
	const size_t size = 1 + rest.size;

	text[0] = (uint8_t)kind;
	if (rest.size)
		memcpy(text + 1, rest.data, rest.size);
	store_u32le(out, (uint32_t)(size + STREAM_OVERHEAD));
	stream_seal(&writer->stream, bytes_of(text, size),
		bytes_of(writer->with, sizeof(writer->with)), last, out + 4);
	bytes_wipe(text, size);
	if (fwrite(out, 4 + size + STREAM_OVERHEAD, 1, writer->file) != 1)
		return err_errno(err, "can't write the backup");
	return 0;
}

int backup_write_head(struct backup_writer *writer, struct backup_head *head,
	const uint8_t key[STREAM_KEY_SIZE], struct err *err)
{
	stream_seal_begin(&writer->stream, key, head->begin);
	hash_sha256(bytes_of(head, sizeof(*head)), writer->with);
	if (fwrite(head, sizeof(*head), 1, writer->file) != 1)
		return err_errno(err, "can't write the backup");
	return 0;
}

int backup_write_file(struct backup_writer *writer, const char *name, struct err *err)
{
	if (!backup_name_is_sane(bytes_from_str(name)))
		return err_set(err, 0, "a file has a name that can't be in a backup");
	writer->files++;
	return write_piece(writer, 'F', bytes_from_str(name), false, err);
}

int backup_write_data(struct backup_writer *writer, struct bytes data, struct err *err)
{
	return write_piece(writer, 'D', data, false, err);
}

int backup_write_end(struct backup_writer *writer, struct err *err)
{
	uint8_t count[8];

	store_u64le(count, writer->files);
	if (write_piece(writer, 'E', bytes_of(count, sizeof(count)), true, err) < 0)
		return -1;
	if (fflush(writer->file) != 0 || fsync(fileno(writer->file)) < 0)
		return err_errno(err, "can't write the backup");
	return 0;
}

/* ---- Reading ---- */

int backup_read_head(FILE *file, struct backup_head *head, struct err *err)
{
	if (fread(head, sizeof(*head), 1, file) != 1 || backup_head_check(head) < 0)
		return err_set(err, 0, "this is no backup of Lontar, or its head is damaged");
	return 0;
}

struct reading {
	FILE *file;
	struct stream stream;
	struct backup_order order;
	uint8_t with[HASH_SHA256_SIZE];
	uint8_t sealed[1 + BACKUP_PIECE_MAX + STREAM_OVERHEAD], text[1 + BACKUP_PIECE_MAX];
};

static int read_piece(struct reading *r, const struct backup_sink *sink, struct err *err)
{
	uint8_t told[4];
	size_t size;
	bool last;

	if (fread(told, sizeof(told), 1, r->file) != 1)
		return err_set(err, 0, "the backup is not whole: its end is missing");
	size = load_u32le(told);
	if (size <= STREAM_OVERHEAD || size > sizeof(r->sealed) ||
		fread(r->sealed, size, 1, r->file) != 1 ||
		stream_open(&r->stream, bytes_of(r->sealed, size),
			bytes_of(r->with, sizeof(r->with)), &last, r->text) < 0)
		return err_set(err, 0, "the backup is damaged: a piece of it does not open");
	if (backup_take_piece(&r->order, bytes_of(r->text, size - STREAM_OVERHEAD), sink, err) < 0)
		return -1;
	return last == r->order.ended ? 0 : err_set(err, 0, "the backup is damaged");
}

int backup_read_pieces(FILE *file, const struct backup_head *head,
	const uint8_t key[STREAM_KEY_SIZE], const struct backup_sink *sink, struct err *err)
{
	struct reading *r = calloc(1, sizeof(*r));
	int result;

	if (!r)
		return err_set(err, 0, "out of memory");
	r->file = file;
	hash_sha256(bytes_of(head, sizeof(*head)), r->with);
	result = stream_open_begin(&r->stream, key, head->begin);
	if (result < 0)
		err_set(err, 0, "the backup is damaged");
	while (result == 0 && !r->order.ended)
		result = read_piece(r, sink, err);
	if (result == 0 && fgetc(file) != EOF)
		result = err_set(err, 0, "there is something behind the end of the backup");
	bytes_wipe(r, sizeof(*r));
	free(r);
	return result;
}
