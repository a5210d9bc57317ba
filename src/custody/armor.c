/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "custody/armor.h"

#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/text.h"
#include "crypto/keyfile.h"

#define LINE 64

_Static_assert(ARMOR_FILE_MAX == KEYFILE_MAX, "read as key files are");

int armor_write(const char *path, bool secret, const char *comment, const char *kind,
	struct bytes content, struct err *err)
{
	struct arena arena;
	struct buf out;
	const char *text;
	int result;

	arena_init(&arena);
	buf_init(&out, ARMOR_FILE_MAX - 1);
	buf_printf(&out, "%s%s\n", comment, kind);
	for (text = text_base64(&arena, content); *text; text += strnlen(text, LINE))
		buf_printf(&out, "%.*s\n", LINE, text);
	result = out.failed ? err_set(err, EFBIG, "%s would get too long", path)
			    : keyfile_create(path, secret ? 0600 : 0644, buf_bytes(&out), err);
	buf_release(&out);
	arena_release(&arena);
	return result;
}

/* The next line that says something; a last line needs no end. */
static struct bytes line_next(struct bytes *rest)
{
	while (rest->size) {
		const uint8_t *end = memchr(rest->data, '\n', rest->size);
		size_t size = end ? (size_t)(end - rest->data) : rest->size;
		struct bytes line = text_trim(bytes_of(rest->data, size));

		size += end ? 1 : 0;
		*rest = bytes_of(rest->data + size, rest->size - size);
		if (line.size && line.data[0] != '#')
			return line;
	}
	return (struct bytes){0};
}

int armor_parse(struct arena *arena, struct bytes text, const char *kind, uint8_t *out, size_t size,
	struct err *err)
{
	struct bytes rest = text, line, content;
	struct buf joined;
	int result;

	if (text.size > ARMOR_FILE_MAX || !bytes_equal_str(line_next(&rest), kind))
		return err_set(err, EINVAL, "that is no file of the kind %s", kind);
	buf_init(&joined, ARMOR_FILE_MAX);
	while ((line = line_next(&rest)).data)
		buf_append_bytes(&joined, line);
	result = text_unbase64(arena, buf_bytes(&joined), &content);
	buf_release(&joined);
	if (result < 0 || content.size != size)
		return err_set(err, EINVAL, "the file is damaged: not all of it is there");
	memcpy(out, content.data, size);
	return 0;
}

int armor_read(
	const char *path, bool secret, const char *kind, uint8_t *out, size_t size, struct err *err)
{
	uint8_t text[ARMOR_FILE_MAX];
	struct err why = {0};
	struct arena arena;
	size_t have;
	int result;

	if (keyfile_read(path, secret, text, &have, err) < 0)
		return -1;
	arena_init(&arena);
	result = armor_parse(&arena, bytes_of(text, have), kind, out, size, &why);
	if (result < 0)
		err_set(err, why.code, "%s: %s", path, why.text);
	arena_release(&arena);
	return result;
}
