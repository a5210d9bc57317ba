/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/settings_edit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/buf.h"

#define PATH_MAX_HERE 600

struct edit {
	const char *section, *name, *value;
	bool inside, done; /* of the section; the row is written */
	struct buf out;
};

static void put_row(struct edit *edit)
{
	size_t size = buf_size(&edit->out);

	/* The last line of a file that somebody wrote may have no end. */
	if (size > 0 && buf_data(&edit->out)[size - 1] != '\n')
		buf_append_u8(&edit->out, '\n');
	buf_printf(&edit->out, "%s = %s\n", edit->name, edit->value);
	edit->done = true;
}

/* `name : value` is read as well. */
static bool is_row(const struct edit *edit, const char *line)
{
	size_t size = strlen(edit->name);

	if (strncmp(line, edit->name, size) != 0)
		return false;
	line += size + strspn(line + size, " \t\v\f\r");
	return *line == '=' || *line == ':';
}

static void take_line(struct edit *edit, const char *line)
{
	size_t size = strlen(edit->section);

	if (line[0] == '[') {
		/* The section ends without the row. */
		if (edit->inside && !edit->done)
			put_row(edit);
		edit->inside = strncmp(line + 1, edit->section, size) == 0 && line[1 + size] == ']';
	}
	if (edit->inside && is_row(edit, line)) {
		if (!edit->done)
			put_row(edit);
		return;
	}
	buf_append_str(&edit->out, line);
}

static int take_file(struct edit *edit, const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;

	if (!file)
		return err_errno(err, "%s", path);
	while (getline(&line, &room, file) >= 0)
		take_line(edit, line);
	free(line);
	fclose(file);
	if (!edit->done && !edit->inside)
		buf_printf(&edit->out, "\n[%s]\n", edit->section);
	if (!edit->done)
		put_row(edit);
	return 0;
}

static int replace(const char *path, struct bytes text, struct err *err)
{
	char fresh[PATH_MAX_HERE];
	int fd, rc = 0;

	if ((size_t)snprintf(fresh, sizeof(fresh), "%s.new", path) >= sizeof(fresh))
		return err_set(err, ENAMETOOLONG, "the path is too long");
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "can't write %s", fresh);
	if (write(fd, text.data, text.size) != (ssize_t)text.size || fsync(fd) < 0)
		rc = err_errno(err, "can't write %s", fresh);
	close(fd);
	if (rc == 0 && rename(fresh, path) < 0)
		rc = err_errno(err, "can't replace %s", path);
	if (rc < 0)
		unlink(fresh);
	return rc;
}

int settings_edit(
	const char *path, const char *section, const char *name, const char *value, struct err *err)
{
	struct edit edit = {.section = section, .name = name, .value = value};
	int rc = take_file(&edit, path, err);

	if (rc == 0)
		rc = replace(path, buf_bytes(&edit.out), err);
	if (edit.out.base)
		bytes_wipe(edit.out.base, edit.out.capacity);
	buf_release(&edit.out);
	return rc;
}
