/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target over the files of a folder without libFuzzer: each file as it is, cut at every
 * length (up to TRUNCATIONS_MAX), and with one bit flipped in each byte. So the kept corpus is a
 * test of every build.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX ((size_t)1 << 20)
#define TRUNCATIONS_MAX 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An exact copy each time, so that the sanitizer sees a read of one byte too many. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void replay(uint8_t *data, size_t size)
{
	size_t most = size < TRUNCATIONS_MAX ? size : TRUNCATIONS_MAX;

	run(data, size);
	for (size_t i = 0; i < most; i++) {
		run(data, i);
		data[i] ^= (uint8_t)(1u << (i % 8));
		run(data, size);
		data[i] ^= (uint8_t)(1u << (i % 8));
	}
}

static int replay_file(const char *folder, const char *name)
{
	static uint8_t data[FILE_SIZE_MAX];
	char path[1024];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file)
		return -1;
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	replay(data, size);
	return 0;
}

int main(int argc, char **argv)
{
	struct dirent *entry;
	DIR *dir;
	int files = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	dir = opendir(argv[1]);
	if (!dir) {
		perror(argv[1]);
		return 1;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (replay_file(argv[1], entry->d_name) < 0) {
			perror(entry->d_name);
			return 1;
		}
		files++;
	}
	closedir(dir);
	printf("%d inputs, each cut and flipped\n", files);
	/* A corpus that went missing is not a pass. */
	return files ? 0 : 1;
}
