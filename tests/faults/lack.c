/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is refused: preloaded into the stock programs, it answers for malloc and its kin.
 * LONTAR_LACK names a file of 64-bit numbers, two for each program that has a place in it: how many
 * requests until one is refused (0: none is), and how many were refused. Who writes there chooses
 * the moment, and the place by how far it lies.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TO_GO, REFUSED, NUMBERS };

static int64_t *place; /* NULL: this program has none */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* By the command line. */
static int place_of_program(void)
{
	char line[4096];
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t size = fd < 0 ? -1 : read(fd, line, sizeof(line));
	const char *second;

	if (fd >= 0)
		close(fd);
	if (size <= 0 || size == (ssize_t)sizeof(line))
		return -1;
	line[size - 1] = 0;
	second = line + strlen(line) + 1;
	if (strstr(line, "lontar-desk"))
		return 1;
	return second < line + size && strcmp(second, "messenger") == 0 ? 0 : -1;
}

/* Once: later the programs may open nothing. */
static void __attribute__((constructor)) find_place(void)
{
	const char *path = getenv("LONTAR_LACK");
	const int at = path ? place_of_program() : -1;
	int fd;
	int64_t *page;

	if (at < 0)
		return;
	fd = open(path, O_RDWR | O_CLOEXEC);
	page = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		abort();
	close(fd);
	place = page + at * NUMBERS;
}

static int none(void)
{
	if (!place || __atomic_load_n(&place[TO_GO], __ATOMIC_RELAXED) <= 0 ||
		__atomic_fetch_sub(&place[TO_GO], 1, __ATOMIC_RELAXED) != 1)
		return 0;
	__atomic_fetch_add(&place[REFUSED], 1, __ATOMIC_RELAXED);
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return none() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return none() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return none() ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return none() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	void *got = none() ? NULL : __libc_memalign(alignment, size);

	if (!got)
		return ENOMEM;
	*out = got;
	return 0;
}
