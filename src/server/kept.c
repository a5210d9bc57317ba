/* SPDX-License-Identifier: Apache-2.0 */
/* The file in memory: making, checking, mapping. What is in the areas is their owners'. */
#include "server/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"

#define KEPT_MAGIC 0x54504b5241544e4cu
#define KEPT_PAGE 4096
#define KEPT_THREADS 64
#define KEPT_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)
#define KEPT_LOCK_STEP ((size_t)256 * 1024)

/* 64 k temporary keys: more clients than one process has connections for. */
#define KEPT_TEMP_KEYS_SIZE ((size_t)14 << 20)
#define KEPT_BUCKETS_SIZE ((size_t)2 << 20)
#define KEPT_HELLOS_SIZE ((size_t)1 << 20) /* 128 k hellos of fake TLS */

struct kept_header {
	uint64_t magic; /* stored last */
	uint64_t layout;
	uint64_t size;
};

struct kept_floor {
	uint64_t last;
	uint8_t apart[56];
};

struct kept_memory {
	union {
		struct kept_header header;
		uint8_t page[KEPT_PAGE];
	};
	struct kept_floor floors[KEPT_THREADS];
	uint8_t temp_keys[KEPT_TEMP_KEYS_SIZE];
	uint8_t buckets[KEPT_BUCKETS_SIZE];
	uint8_t hellos[KEPT_HELLOS_SIZE];
};

struct kept {
	struct kept_memory *memory;
};

int kept_make(struct err *err)
{
	int fd = memfd_create("lontar-kept", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return err_set(err, errno, "no memory file: %s", strerror(errno));
	/* Of a fixed size: what is mapped can't be taken away under its user. */
	if (ftruncate(fd, sizeof(struct kept_memory)) == 0 &&
		fcntl(fd, F_ADD_SEALS, KEPT_SEALS) == 0)
		return fd;
	err_set(err, errno, "no memory file: %s", strerror(errno));
	close(fd);
	return -1;
}

/* NULL: not ours, or of another size. */
static void *map_shared(int fd)
{
	struct stat st;
	void *memory;

	if (fstat(fd, &st) < 0 || st.st_size != sizeof(struct kept_memory) ||
		(fcntl(fd, F_GET_SEALS) & KEPT_SEALS) != KEPT_SEALS)
		return NULL;
	memory = mmap(NULL, sizeof(struct kept_memory), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static void *map_private(void)
{
	void *memory = mmap(NULL, sizeof(struct kept_memory), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED) {
		log_error("out_of_memory", "no memory for temporary keys");
		abort();
	}
	return memory;
}

/* Pages are locked when they are first used. Where the limit ends, the rest may be swapped out. */
static void lock_pages(struct kept_memory *memory)
{
	struct rlimit limit;
	size_t at = 0;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_MEMLOCK, &limit);
	}
	while (at < sizeof(*memory)) {
		size_t size = sizeof(*memory) - at;

		if (size > KEPT_LOCK_STEP)
			size = KEPT_LOCK_STEP;
		if (mlock2((uint8_t *)memory + at, size, MLOCK_ONFAULT) < 0)
			break;
		at += size;
	}
	if (at < sizeof(*memory))
		log_info("kept_unlocked", "%zu of %zu KiB of keys may be swapped out (memlock)",
			(sizeof(*memory) - at) / 1024, sizeof(*memory) / 1024);
}

/* Punched out rather than written: pages come back as zeros, and only when they are used. */
static void forget_all(struct kept_memory *memory, bool is_new)
{
	if (!is_new && madvise(memory, sizeof(*memory), MADV_REMOVE) < 0)
		memset(memory, 0, sizeof(*memory));
	memory->header.layout = KEPT_LAYOUT;
	memory->header.size = sizeof(*memory);
	atomic_thread_fence(memory_order_release);
	memory->header.magic = KEPT_MAGIC;
}

static void raise_floors(struct kept_memory *memory)
{
	uint64_t most = 0;

	for (int i = 0; i < KEPT_THREADS; i++) {
		if (memory->floors[i].last > most)
			most = memory->floors[i].last;
	}
	for (int i = 0; i < KEPT_THREADS && most; i++)
		memory->floors[i].last = most;
}

struct kept *kept_open(int fd)
{
	struct kept *kept = MEM_NEW(struct kept);
	const struct kept_header *header;
	bool shared;

	if (fd >= 0) {
		kept->memory = map_shared(fd);
		close(fd);
		if (!kept->memory)
			log_warn("kept_refused",
				"the supervisor's memory does not fit: it is not used");
	}
	shared = kept->memory != NULL;
	if (!shared)
		kept->memory = map_private();
	/* Programs that this process starts get none of it, nor do core files. */
	madvise(kept->memory, sizeof(*kept->memory), MADV_DONTFORK);
	madvise(kept->memory, sizeof(*kept->memory), MADV_DONTDUMP);
	lock_pages(kept->memory);
	header = &kept->memory->header;
	if (header->magic != KEPT_MAGIC || header->layout != KEPT_LAYOUT ||
		header->size != sizeof(*kept->memory))
		forget_all(kept->memory, !shared);
	raise_floors(kept->memory);
	return kept;
}

void kept_close(struct kept *kept)
{
	if (!kept)
		return;
	munmap(kept->memory, sizeof(*kept->memory));
	free(kept);
}

uint64_t *kept_id_floor(struct kept *kept, int thread)
{
	return &kept->memory->floors[thread % KEPT_THREADS].last;
}

void *kept_area(struct kept *kept, enum kept_kind kind, size_t *size)
{
	switch (kind) {
	case KEPT_TEMP_KEYS:
		*size = sizeof(kept->memory->temp_keys);
		return kept->memory->temp_keys;
	case KEPT_BUCKETS:
		*size = sizeof(kept->memory->buckets);
		return kept->memory->buckets;
	case KEPT_HELLOS:
		*size = sizeof(kept->memory->hellos);
		return kept->memory->hellos;
	case KEPT_KINDS:
		break;
	}
	abort();
}
