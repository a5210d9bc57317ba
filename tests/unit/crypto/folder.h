/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of its own for each test that makes files; *state is its path. */
#ifndef UNIT_CRYPTO_FOLDER_H
#define UNIT_CRYPTO_FOLDER_H

#include "../unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static inline int folder_make(void **state)
{
	char *path = strdup("/tmp/lontar-unit-XXXXXX");

	*state = path;
	return path && mkdtemp(path) ? 0 : -1;
}

static inline const char *folder_file(void *const *state, const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", (const char *)*state, name);
	return path;
}

static inline int folder_remove(void **state)
{
	DIR *folder = opendir(*state);

	for (struct dirent *entry; folder && (entry = readdir(folder));)
		unlink(folder_file(state, entry->d_name)); /* refuses . and .. */
	if (folder)
		closedir(folder);
	rmdir(*state);
	free(*state);
	return 0;
}

static inline void folder_write(
	void *const *state, const char *name, mode_t mode, struct bytes content)
{
	FILE *file = fopen(folder_file(state, name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
	fclose(file);
	assert_int_equal(chmod(folder_file(state, name), mode), 0);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

#endif
