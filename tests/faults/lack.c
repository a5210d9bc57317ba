/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is refused: preloaded into the stock programs, it answers for malloc and its kin.
 * LONTAR_LACK names a file with an order for each program (struct order), which the test writes
 * while they run: refuse the request that is so far away, or the next from a site where none was
 * refused before. A site is what called what: the innermost frames of the stack. Where the
 * last were refused is in the file, too, and where the program crashed: this holds no descriptor,
 * as the programs close what they don't know.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SITES_MAX 16384 /* a power of two */
#define DEPTH 4
#define OWN_FRAMES 3 /* of this file */
#define TOLD 64	     /* refusals */
#define TOLD_FRAMES 32
#define TOLD_NAME 56

/* Stacks, in a ring; the innermost frame first, empty after the outermost. */
struct places {
	int64_t count;
	struct frame {
		uint64_t at; /* in what is named */
		char name[TOLD_NAME];
	} stack[TOLD][TOLD_FRAMES];
};

/* In the file as it is here; tests/faults/lacking.mjs writes the first two. */
struct order {
	int64_t to_go;	  /* requests until one is refused; 0: none is */
	int64_t new_site; /* not 0: the next from a new site is refused */
	struct places refused, crashed;
	uint64_t sites[SITES_MAX]; /* where one was refused because its site was new */
};

static struct order *order; /* NULL: none for this program */
static __thread int is_looking __attribute__((tls_model("initial-exec")));

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

static void note_place(struct places *places)
{
	void *frames[TOLD_FRAMES];
	struct frame *stack;
	int count;

	is_looking = 1;
	count = backtrace(frames, TOLD_FRAMES);
	is_looking = 0;
	stack = places->stack[__atomic_load_n(&places->count, __ATOMIC_RELAXED) % TOLD];
	memset(stack, 0, sizeof(places->stack[0]));
	for (int i = 0; i < count; i++) {
		struct dl_find_object object;
		const char *name;

		if (_dl_find_object(frames[i], &object) < 0)
			continue;
		name = strrchr(object.dlfo_link_map->l_name, '/');
		stack[i].at = (uint64_t)(uintptr_t)frames[i] - object.dlfo_link_map->l_addr;
		strncpy(stack[i].name, name ? name + 1 : "the program", TOLD_NAME - 1);
	}
	__atomic_fetch_add(&places->count, 1, __ATOMIC_RELAXED);
}

/* Once: then the same again ends it. */
static void on_crash(int number)
{
	(void)number;
	note_place(&order->crashed);
}

/* Once: later the programs may open nothing, and load no library. */
static void __attribute__((constructor)) find_order(void)
{
	const char *path = getenv("LONTAR_LACK");
	const int at = path ? place_of_program() : -1;
	const struct sigaction crash = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
	void *frame;
	int fd;
	struct order *orders;

	if (at < 0)
		return;
	fd = open(path, O_RDWR | O_CLOEXEC);
	orders =
		fd < 0 ? MAP_FAILED
		       : mmap(NULL, 2 * sizeof(*orders), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (orders == MAP_FAILED)
		abort();
	close(fd);
	backtrace(&frame, 1); /* loads the unwinder */
	sigaction(SIGSEGV, &crash, NULL);
	order = orders + at;
}

/* The same in every run: relative to the program and the libraries, which lie elsewhere each time.
 */
static uint64_t __attribute__((noinline)) site_here(void)
{
	void *frames[OWN_FRAMES + DEPTH];
	int count;
	uint64_t site = 14695981039346656037u;

	is_looking = 1;
	count = backtrace(frames, OWN_FRAMES + DEPTH);
	for (int i = OWN_FRAMES; i < count; i++) {
		struct dl_find_object object;
		uint64_t at = (uint64_t)(uintptr_t)frames[i];

		if (_dl_find_object(frames[i], &object) == 0)
			at += ((uint64_t)((char *)object.dlfo_map_end -
					  (char *)object.dlfo_map_start)
				      << 32) -
			      object.dlfo_link_map->l_addr;
		site = (site ^ at) * 1099511628211u;
		site ^= site >> 29;
	}
	is_looking = 0;
	return site ? site : 1;
}

/* True: it was not noted before, and is now, as the only one of those asked for. */
static int is_new_site(void)
{
	const uint64_t site = site_here();
	int64_t wanted = 1;

	for (size_t i = 0; i < SITES_MAX; i++) {
		uint64_t *at = &order->sites[(site + i) % SITES_MAX];
		const uint64_t there = __atomic_load_n(at, __ATOMIC_RELAXED);

		if (there == site)
			return 0;
		if (there)
			continue;
		if (!__atomic_compare_exchange_n(
			    &order->new_site, &wanted, 0, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return 0;
		__atomic_store_n(at, site, __ATOMIC_RELAXED);
		return 1;
	}
	return 0;
}

static int is_its_turn(void)
{
	return __atomic_load_n(&order->to_go, __ATOMIC_RELAXED) > 0 &&
	       __atomic_fetch_sub(&order->to_go, 1, __ATOMIC_RELAXED) == 1;
}

static int none(void)
{
	if (!order || is_looking)
		return 0;
	if (!is_its_turn() &&
		!(__atomic_load_n(&order->new_site, __ATOMIC_RELAXED) && is_new_site()))
		return 0;
	note_place(&order->refused);
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
