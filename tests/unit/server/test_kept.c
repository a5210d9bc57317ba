/* SPDX-License-Identifier: Apache-2.0 */
/* server/kept.h and server/temp_keys.h: what outlives a process that is killed at any instant, and
 * what does not. */
#include "../unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/random.h"
#include "server/kept.h"
#include "server/temp_keys.h"

#define NOW 1000000
#define SLOTS 16

static int make(void)
{
	struct err err = {0};
	int fd = kept_make(&err);

	assert_true(fd >= 0);
	return fd;
}

/* As a new messenger gets it; the supervisor keeps its own. */
static struct kept *open_copy(int fd)
{
	return kept_open(dup(fd));
}

static void what_was_written_is_there_for_the_next(void **state)
{
	int fd = make();
	struct kept *kept = open_copy(fd);
	size_t size, again;
	uint8_t *area;

	(void)state;
	*kept_id_floor(kept, 1) = 77;
	area = kept_area(kept, KEPT_BUCKETS, &size);
	area[size - 1] = 5;
	kept_close(kept);
	kept = open_copy(fd);
	/* The number of threads may have changed: the greatest holds for all. */
	assert_int_equal(*kept_id_floor(kept, 0), 77);
	assert_int_equal(*kept_id_floor(kept, 63), 77);
	area = kept_area(kept, KEPT_BUCKETS, &again);
	assert_int_equal(again, size);
	assert_int_equal(area[size - 1], 5);
	assert_int_equal((uintptr_t)area % 4096, 0);
	assert_int_equal((uintptr_t)kept_area(kept, KEPT_TEMP_KEYS, &again) % 4096, 0);
	kept_close(kept);
	close(fd);
}

static void another_layout_begins_afresh(void **state)
{
	int fd = make();
	struct kept *kept = open_copy(fd);
	uint64_t *words;
	size_t size;

	(void)state;
	*kept_id_floor(kept, 0) = 77;
	kept_close(kept);
	words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(words != MAP_FAILED);
	assert_int_equal(words[1], KEPT_LAYOUT);
	words[1]++;
	munmap(words, 4096);
	kept = open_copy(fd);
	assert_int_equal(*kept_id_floor(kept, 0), 0);
	assert_non_null(kept_area(kept, KEPT_TEMP_KEYS, &size));
	kept_close(kept);
	close(fd);
}

static void the_file_can_be_neither_shrunk_nor_grown(void **state)
{
	int fd = make();

	(void)state;
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(ftruncate(fd, (off_t)1 << 30), -1);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

/* A file that could be cut short under its user, or of a wrong size: private memory instead. */
static void a_file_that_does_not_fit_is_not_used(void **state)
{
	int fd = memfd_create("other", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	uint8_t byte = 1;
	struct kept *kept;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)64 << 20), 0);
	kept = open_copy(fd);
	*kept_id_floor(kept, 0) = 77;
	kept_close(kept);
	for (off_t at = 0; at < 64 << 20; at += 4096) {
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		assert_int_equal(byte, 0);
	}
	close(fd);
	kept = kept_open(-1);
	assert_int_equal(*kept_id_floor(kept, 0), 0);
	kept_close(kept);
}

/* ---- Temporary keys ---- */

static struct auth_key key_of(uint64_t id, int64_t expires_at)
{
	struct auth_key key;

	auth_key_init(&key);
	key.id = id;
	key.aux_hash = ~id;
	key.first_salt = id * 3;
	key.created_at = NOW;
	key.expires_at = expires_at;
	key.dc = -2;
	for (size_t i = 0; i < sizeof(key.secret); i++)
		key.secret[i] = (uint8_t)(id + i);
	return key;
}

static void add(struct temp_keys *keys, uint64_t id)
{
	struct auth_key key = key_of(id, NOW + 60);

	assert_true(temp_keys_add(keys, &key));
}

/* Whole and right, or not there. */
static bool has_whole(struct temp_keys *keys, uint64_t id, uint64_t *perm_id)
{
	struct auth_key want = key_of(id, NOW + 60), key;

	auth_key_init(&key);
	if (!temp_keys_find(keys, id, NOW, &key))
		return false;
	assert_memory_equal(key.secret, want.secret, sizeof(key.secret));
	assert_true(key.aux_hash == want.aux_hash && key.first_salt == want.first_salt);
	assert_true(key.created_at == NOW && key.dc == -2);
	*perm_id = key.perm_id;
	return true;
}

static void *new_area(void)
{
	void *area = calloc(1, temp_keys_area(SLOTS));

	assert_non_null(area);
	return area;
}

static struct temp_keys *open_area(void *area)
{
	return temp_keys_new(area, temp_keys_area(SLOTS), NOW);
}

static void keys_and_their_order_are_taken_over(void **state)
{
	void *area = new_area();
	struct temp_keys *keys = open_area(area);
	struct auth_key old = key_of(50, NOW - 1);
	uint64_t perm_id;

	(void)state;
	for (uint64_t id = 1; id <= 8; id++)
		add(keys, id);
	assert_true(temp_keys_add(keys, &old));
	temp_keys_bind(keys, 5, 900, NOW + 30);
	temp_keys_bind(keys, 2, 900, NOW + 90);
	temp_keys_bind(keys, 5, 901, NOW + 90); /* bound already: nothing happens */
	temp_keys_remove(keys, 3);
	temp_keys_free(keys);
	keys = open_area(area);
	assert_int_equal(temp_keys_count(keys), 7);
	assert_true(has_whole(keys, 5, &perm_id));
	assert_int_equal(perm_id, 900);
	assert_true(has_whole(keys, 1, &perm_id));
	assert_int_equal(perm_id, 0);
	assert_false(has_whole(keys, 3, &perm_id));
	assert_false(has_whole(keys, 50, &perm_id));
	/* Bound first, expired first; not bound later than the key itself ends. */
	temp_keys_sweep(keys, NOW + 31);
	assert_int_equal(temp_keys_count(keys), 6);
	temp_keys_sweep(keys, NOW + 61);
	assert_int_equal(temp_keys_count(keys), 0);
	for (size_t i = 64; i < temp_keys_area(SLOTS); i++)
		assert_int_equal(((uint8_t *)area)[i], 0); /* nothing of a secret is left */
	temp_keys_free(keys);
	free(area);
}

static void the_oldest_makes_room_also_after_a_restart(void **state)
{
	void *area = new_area();
	struct temp_keys *keys = open_area(area);
	uint64_t perm_id;

	(void)state;
	for (uint64_t id = 1; id <= SLOTS; id++)
		add(keys, id);
	for (uint64_t id = SLOTS; id > 1; id--)
		temp_keys_bind(keys, id, id / 4 + 900, NOW + 60);
	temp_keys_free(keys);
	keys = open_area(area);
	add(keys, 100);
	assert_false(has_whole(keys, 1, &perm_id)); /* the only one that nobody bound */
	temp_keys_bind(keys, 100, 900, NOW + 60);
	add(keys, 101);
	assert_false(has_whole(keys, SLOTS, &perm_id)); /* bound the longest ago */
	assert_true(has_whole(keys, 2, &perm_id));
	temp_keys_free(keys);
	free(area);
}

static void keys_of_one_permanent_key_are_dropped_but_some(void **state)
{
	static const uint64_t spared[] = {4, 99};
	void *area = new_area();
	struct temp_keys *keys = open_area(area);
	uint64_t perm_id;

	(void)state;
	for (uint64_t id = 1; id <= 6; id++)
		add(keys, id);
	for (uint64_t id = 2; id <= 4; id++)
		temp_keys_bind(keys, id, 900, NOW + 60);
	temp_keys_bind(keys, 5, 901, NOW + 60);
	temp_keys_remove_bound(keys, 902, spared, ARRAY_LEN(spared));
	assert_int_equal(temp_keys_count(keys), 6);
	temp_keys_remove_bound(keys, 900, spared, ARRAY_LEN(spared));
	assert_false(has_whole(keys, 2, &perm_id));
	assert_false(has_whole(keys, 3, &perm_id));
	assert_true(has_whole(keys, 4, &perm_id));
	assert_true(has_whole(keys, 5, &perm_id)); /* of another */
	assert_true(has_whole(keys, 6, &perm_id)); /* of none */
	temp_keys_remove_bound(keys, 900, NULL, 0);
	assert_int_equal(temp_keys_count(keys), 3);
	temp_keys_free(keys);
	free(area);
}

/* One permanent key can't put out the keys of all others. */
static void keys_of_one_permanent_key_are_bounded(void **state)
{
	void *area = calloc(1, temp_keys_area(1024));
	struct temp_keys *keys = temp_keys_new(area, temp_keys_area(1024), NOW);

	(void)state;
	add(keys, 5000);
	temp_keys_bind(keys, 5000, 901, NOW + 60);
	for (uint64_t id = 1; id <= 1000; id++) {
		add(keys, id);
		temp_keys_bind(keys, id, 900, NOW + 60);
	}
	assert_int_equal(temp_keys_count(keys), 129);
	temp_keys_free(keys);
	free(area);
}

/* Any byte of a slot torn: the key is whole, whole but unbound, or gone. */
static void a_torn_slot_is_recognised(void **state)
{
	size_t size = temp_keys_area(SLOTS), used = temp_keys_area(2);
	void *area = new_area(), *copy = malloc(size);
	struct temp_keys *keys = open_area(area);
	uint64_t perm_id;

	(void)state;
	assert_non_null(copy);
	add(keys, 1);
	add(keys, 2);
	temp_keys_bind(keys, 1, 900, NOW + 60);
	temp_keys_bind(keys, 2, 901, NOW + 60);
	temp_keys_free(keys);
	for (size_t at = 64; at < used; at++) {
		bool first, second;

		memcpy(copy, area, size);
		((uint8_t *)copy)[at] ^= (uint8_t)(1 << at % 8);
		keys = open_area(copy);
		first = has_whole(keys, 1, &perm_id) && perm_id == 900;
		second = has_whole(keys, 2, &perm_id) && perm_id == 901;
		assert_int_equal(first + second, 1);
		temp_keys_free(keys);
	}
	free(copy);
	free(area);
}

/* Adds, binds and removes until it is killed; what it has been told is done it writes to the pipe.
 */
static void write_without_end(struct temp_keys *keys, uint64_t first, int done)
{
	for (uint64_t id = first;; id++) {
		struct auth_key key = key_of(id, NOW + 60);

		if (!temp_keys_add(keys, &key))
			_exit(1);
		temp_keys_bind(keys, id, id + 1000000, NOW + 60);
		if (write(done, &id, sizeof(id)) != sizeof(id))
			_exit(1);
		if (id % 3 == 0)
			temp_keys_remove(keys, id - 1);
	}
}

static void nothing_is_lost_or_half_there_after_a_kill(void **state)
{
	int fd = make();
	uint64_t next = 1;

	(void)state;
	for (unsigned round = 0; round < 40; round++) {
		struct kept *kept = open_copy(fd);
		size_t size;
		void *area = kept_area(kept, KEPT_TEMP_KEYS, &size);
		struct temp_keys *keys;
		uint64_t id, last = 0, perm_id;
		int pipe_fds[2], status;
		pid_t pid;

		assert_int_equal(pipe(pipe_fds), 0);
		pid = fork();
		if (pid == 0) {
			close(pipe_fds[0]);
			/* The mapping does not pass to children: as a messenger, it maps its own.
			 */
			kept = open_copy(fd);
			area = kept_area(kept, KEPT_TEMP_KEYS, &size);
			write_without_end(
				temp_keys_new(area, temp_keys_area(SLOTS), NOW), next, pipe_fds[1]);
		}
		close(pipe_fds[1]);
		assert_int_equal(read(pipe_fds[0], &last, sizeof(last)), sizeof(last));
		usleep((useconds_t)random_below(&random_system, 3000));
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		while (read(pipe_fds[0], &id, sizeof(id)) == sizeof(id))
			last = id;
		close(pipe_fds[0]);
		keys = temp_keys_new(area, temp_keys_area(SLOTS), NOW);
		assert_true(has_whole(keys, last, &perm_id) || (last + 1) % 3 == 0);
		assert_true(temp_keys_count(keys) >= 1 && temp_keys_count(keys) <= SLOTS);
		for (id = last > 2 * SLOTS ? last - 2 * SLOTS : 1; id <= last; id++) {
			if (has_whole(keys, id, &perm_id))
				assert_int_equal(perm_id, id + 1000000);
		}
		next = last + 2;
		temp_keys_free(keys);
		kept_close(kept);
	}
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_there_for_the_next),
		cmocka_unit_test(another_layout_begins_afresh),
		cmocka_unit_test(the_file_can_be_neither_shrunk_nor_grown),
		cmocka_unit_test(a_file_that_does_not_fit_is_not_used),
		cmocka_unit_test(keys_and_their_order_are_taken_over),
		cmocka_unit_test(the_oldest_makes_room_also_after_a_restart),
		cmocka_unit_test(keys_of_one_permanent_key_are_dropped_but_some),
		cmocka_unit_test(keys_of_one_permanent_key_are_bounded),
		cmocka_unit_test(a_torn_slot_is_recognised),
		cmocka_unit_test(nothing_is_lost_or_half_there_after_a_kill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
