/* SPDX-License-Identifier: Apache-2.0 */
#include "server/languages.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

#define SUFFIX ".strings"
#define NAME_CHARACTERS_MAX 32 /* of a client or a language */

/* What may name a client or a language: nothing that leads out of the folder. */
static bool is_name(const char *name, size_t size)
{
	if (size == 0 || size > NAME_CHARACTERS_MAX)
		return false;
	for (size_t i = 0; i < size; i++) {
		bool plain = (name[i] >= 'a' && name[i] <= 'z') ||
			     (name[i] >= '0' && name[i] <= '9') || name[i] == '-' || name[i] == '_';

		if (!plain)
			return false;
	}
	return true;
}

/* The whole file, in the arena. */
static int read_file(struct arena *arena, int fd, struct bytes *out, int32_t *changed_at)
{
	struct stat info;
	uint8_t *text;
	size_t size = 0;

	if (fstat(fd, &info) < 0)
		return -1;
	if (!S_ISREG(info.st_mode) || info.st_size < 0 || info.st_size > (off_t)LANGUAGE_FILE_MAX) {
		errno = EFBIG;
		return -1;
	}
	text = arena_alloc(arena, (size_t)info.st_size);
	while (size < (size_t)info.st_size) {
		ssize_t got = read(fd, text + size, (size_t)info.st_size - size);

		if (got < 0)
			return -1;
		if (got == 0)
			break;
		size += (size_t)got;
	}
	*out = bytes_of(text, size);
	*changed_at = (int32_t)info.st_mtime;
	return 0;
}

static bool load_pack(struct arena *arena, int folder, const char *client, const char *file,
	struct language_pack *out)
{
	size_t size = strlen(file) - strlen(SUFFIX);
	struct err err = {0};
	struct bytes text = {0};
	int fd = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int rc = fd < 0 ? -1 : read_file(arena, fd, &text, &out->version);

	if (rc < 0)
		err_errno(&err, "can't be read");
	if (fd >= 0)
		close(fd);
	out->client = bytes_from_str(arena_printf(arena, "%s", client));
	out->code = bytes_from_str(arena_printf(arena, "%.*s", (int)size, file));
	if (rc == 0)
		rc = language_file_parse(arena, text, out, &err);
	if (rc < 0)
		log_warn("language_left_out", "lang/%s/%s: %s", client, file, err.text);
	return rc == 0;
}

static void load_client(struct arena *arena, int folder, const char *client, struct languages *out)
{
	DIR *dir = fdopendir(folder);
	struct dirent *entry;

	if (!dir) {
		close(folder);
		return;
	}
	while ((entry = readdir(dir)) && out->count < LANGUAGE_PACKS_MAX) {
		size_t size = strlen(entry->d_name);
		struct language_pack pack = {0};

		if (size <= strlen(SUFFIX) ||
			strcmp(entry->d_name + size - strlen(SUFFIX), SUFFIX) != 0 ||
			!is_name(entry->d_name, size - strlen(SUFFIX)))
			continue;
		if (load_pack(arena, folder, client, entry->d_name, &pack))
			out->packs[out->count++] = pack;
	}
	closedir(dir);
}

static int by_code(const void *a, const void *b)
{
	const struct language_pack *x = a, *y = b;

	return strcmp((const char *)x->code.data, (const char *)y->code.data);
}

void languages_load(struct arena *arena, const char *dir, struct languages *out)
{
	char *path = arena_printf(arena, "%s/lang", dir);
	DIR *clients = opendir(path);
	struct dirent *entry;

	out->packs = arena_array(arena, LANGUAGE_PACKS_MAX, sizeof(*out->packs));
	out->count = 0;
	if (!clients)
		return; /* nobody put any there */
	while ((entry = readdir(clients))) {
		int folder = -1;

		if (is_name(entry->d_name, strlen(entry->d_name)))
			folder = openat(
				dirfd(clients), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (folder >= 0)
			load_client(arena, folder, entry->d_name, out);
	}
	closedir(clients);
	if (out->count)
		qsort(out->packs, out->count, sizeof(*out->packs), by_code);
	log_info("languages", "%zu packs", out->count);
}
