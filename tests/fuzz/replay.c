/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target over the files of a folder without libFuzzer: each file as it is, and cut and
 * with one bit flipped at every length; at so many of them, evenly spread, that all together are
 * not more than the caller wants. So the kept corpus is a test of every build, in bounded time.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE_MAX ((size_t)1 << 20)

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

static void replay(uint8_t *data, size_t size, size_t first, size_t step)
{
	run(data, size);
	for (size_t i = first; i < size; i += step) {
		run(data, i);
		data[i] ^= (uint8_t)(1u << (i % 8));
		run(data, size);
		data[i] ^= (uint8_t)(1u << (i % 8));
	}
}

/* Calls with each file's content; returns how many bytes there were, or -1. step 0: only counts. */
static long each_file(const char *folder, size_t step)
{
	static uint8_t data[FILE_SIZE_MAX];
	struct dirent *entry;
	char path[1024];
	long bytes = 0;
	size_t first = 0;
	DIR *dir = opendir(folder);

	while (dir && (entry = readdir(dir))) {
		FILE *file;
		size_t size;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		file = fopen(path, "rb");
		if (!file) {
			bytes = -1;
			break;
		}
		size = fread(data, 1, sizeof(data), file);
		fclose(file);
		bytes += (long)size;
		if (step)
			replay(data, size, first++ % step, step);
	}
	if (dir)
		closedir(dir);
	return dir ? bytes : -1;
}

int main(int argc, char **argv)
{
	size_t runs_max = argc == 3 ? strtoul(argv[2], NULL, 10) : 0, step;
	long bytes;

	if (runs_max == 0) {
		fprintf(stderr, "usage: %s FOLDER RUNS\n", argv[0]);
		return 2;
	}
	bytes = each_file(argv[1], 0);
	if (bytes <= 0) { /* a corpus that went missing is not a pass */
		fprintf(stderr, "%s: no inputs\n", argv[1]);
		return 1;
	}
	step = 1 + (size_t)bytes * 2 / runs_max;
	each_file(argv[1], step);
	printf("%ld bytes of input, cut and flipped at every %zu. one\n", bytes, step);
	return 0;
}
