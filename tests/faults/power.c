/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Power cuts, failed writes and syncs, and a full disk at every write of generated scripts
 * (script.h) on a disk in memory (disk.h), and no memory at every place that asks for some.
 *
 * The oracle: each script is run once undisturbed, and after each call that was acknowledged the
 * rows of both databases are noted. What a fault leaves must be, row for row, what was there after
 * the last acknowledged call, or after the one that was under way; of that one the square's half
 * may be there alone. From there the rest of the script must lead to the same rows in the end.
 *
 * Without arguments a few scripts, as part of the tests. `power SCRIPTS EVERY [FIRST]`: so many,
 * at every EVERYth write.
 */
#include "faults/script.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "faults/disk.h"
#include "faults/memory.h"
#include "faults/rows.h"

#define QUICK_SCRIPTS 2
#define QUICK_EVERY 139

static struct options {
	uint64_t scripts, first;
	size_t every;
} options = {QUICK_SCRIPTS, 1, QUICK_EVERY};

/* A script, and what it leaves after each step. */
struct run {
	uint64_t seed;
	struct script script;
	struct rows after[SCRIPT_STEPS + 1]; /* [0]: before the first */
	size_t points[SCRIPT_STEPS];	     /* of the disk, when the step was acknowledged */
	size_t allocations;
	char *view, *plain_view;
};

static struct disk_image start;
static struct {
	uint64_t images, stops, lost, mixed, points, starved;
} count;

/* ---- The end of the process, as the store decides it ---- */

static void (*at_exit_of_disk)(void);

void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
	if (status == DB_EXIT_DISK && at_exit_of_disk)
		at_exit_of_disk();
	__real__exit(status);
}

/* What the store says about faults that are made on purpose. */
void __wrap_log_write(enum log_level level, const char *event, const char *format, ...);

void __wrap_log_write(enum log_level level, const char *event, const char *format, ...)
{
	(void)level;
}

/* ---- The undisturbed run ---- */

static void run_draw(struct fixture *f, struct run *run)
{
	disk_load(&start);
	script_open(f);
	script_begin(f, run->seed);
	run->after[0] = rows_now(f);
	disk_record();
	memory_count();
	while (run->script.count < SCRIPT_STEPS) {
		assert_int_not_equal(script_draw(f, &run->script), STEP_LOST);
		run->points[run->script.count - 1] = disk_points();
		memory_hold(true); /* the test's own reading, which is not in run_into */
		run->after[run->script.count] = rows_now(f);
		memory_hold(false);
	}
	run->allocations = memory_counted();
	run->view = script_view(f, true);
	run->plain_view = script_view(f, false);
	script_close(f); /* with a checkpoint */
	disk_record_end();
	count.points += disk_points();
}

/* The same again: without this the comparisons below would prove nothing. */
static void run_repeat(struct fixture *f, const struct run *run)
{
	disk_load(&start);
	script_open(f);
	script_resume(f, &run->script, 0);
	for (size_t i = 0; i < run->script.count; i++) {
		const struct rows *should = &run->after[i + 1];
		struct rows now;

		step_run(f, &run->script.steps[i]);
		now = rows_now(f);
		if (now.home != should->home || now.square != should->square)
			fail_msg("script %d: the step %zu, %s, is not the same again",
				(int)run->seed, i, step_name(&run->script.steps[i]));
	}
	script_close(f);
}

/* ---- After a fault ---- */

struct where {
	const struct run *run;
	const char *what;
	size_t point, acked; /* so many steps were acknowledged */
};

static void wrong(const struct where *at, const char *what)
{
	const size_t step = at->acked < at->run->script.count ? at->acked : at->acked - 1;

	fail_msg("script %d, %s at %zu, after %zu steps (%s): %s", (int)at->run->seed, at->what,
		at->point, at->acked, step_name(&at->run->script.steps[step]), what);
}

/* How many steps are there: as acknowledged, or one more. *mixed: of that one only the square's
 * half, which commits first. */
static size_t found(struct fixture *f, const struct where *at, bool *mixed)
{
	const struct rows now = rows_now(f), *k = &at->run->after[at->acked], *next = k + 1;
	const bool last = at->acked == at->run->script.count;

	*mixed = false;
	if (now.home == k->home && now.square == k->square)
		return at->acked;
	if (!last && now.home == next->home && now.square == next->square)
		return at->acked + 1;
	*mixed = !last && now.home == k->home && now.square == next->square;
	if (!*mixed)
		wrong(at, "the rows are neither those before nor those after the call");
	count.mixed++;
	return at->acked;
}

/* As a client does that got no answer: again, under the same random_id. */
static void repeat_is_nothing(struct fixture *f, const struct where *at, size_t step)
{
	const struct step *last = &at->run->script.steps[step];
	struct rows now;

	if (last->kind != STEP_SEND && last->kind != STEP_POST)
		return;
	step_run(f, last);
	now = rows_now(f);
	if (now.home != at->run->after[step + 1].home ||
		now.square != at->run->after[step + 1].square)
		wrong(at, "sent again under the same random_id, it is there twice");
}

static void go_on(struct fixture *f, const struct where *at, size_t from, bool mixed)
{
	const struct script *script = &at->run->script;
	struct rows now;
	char *view;

	script_resume(f, script, from);
	if (mixed)
		script_repair(f);
	else if (from > at->acked)
		repeat_is_nothing(f, at, at->acked);
	for (size_t i = from; i < script->count; i++)
		if (step_run(f, &script->steps[i]) == STEP_LOST)
			wrong(at, "the rest can't be done");
	now = rows_now(f);
	if (!mixed && (now.home != at->run->after[script->count].home ||
			      now.square != at->run->after[script->count].square))
		wrong(at, "the rest does not lead to the same end");
	view = script_view(f, !mixed);
	/* A line about who joined has no random_id: joining again says it again. */
	if (mixed && script->steps[from].kind == STEP_JOIN)
		view[0] = 0;
	else if (strcmp(view, mixed ? at->run->plain_view : at->run->view) != 0) {
		print_error("should be\n%s\nis\n%s\n", mixed ? at->run->plain_view : at->run->view,
			view);
		wrong(at, "readers see something else");
	}
	free(view);
	if (!rows_sequences_hold(f->home, "SELECT owner, pts, pts_count FROM events ORDER BY 1, 2"))
		wrong(at, "a box has a hole");
}

static void check_image(
	struct fixture *f, const struct where *at, const struct disk_image *image, bool to_the_end)
{
	size_t steps;
	bool mixed;

	count.images++;
	disk_load(image);
	script_open(f);
	if (!rows_whole(f->home) || !rows_whole(f->square))
		wrong(at, "a database is damaged");
	steps = found(f, at, &mixed);
	if (to_the_end || mixed)
		go_on(f, at, steps, mixed);
	script_close(f);
}

static size_t acked_at(const struct run *run, size_t point)
{
	size_t acked = 0;

	while (acked < run->script.count && run->points[acked] <= point)
		acked++;
	return acked;
}

static void cuts(struct fixture *f, const struct run *run)
{
	static const char *const names[] = {"a cut that keeps nothing", "a kill",
		"a cut that reorders", "a cut that tears 512", "a cut that tears 4096"};
	const size_t points = disk_points();
	struct disk_image image = {0};

	for (size_t point = 1 + run->seed % options.every; point <= points;
		point += options.every) {
		for (int kind = 0; kind < CUT_KINDS; kind++) {
			const struct where at = {run, names[kind], point, acked_at(run, point)};

			/* Of the three that draw lots, one in turn. */
			if (kind >= CUT_SOME_WRITES && (size_t)kind - CUT_SOME_WRITES != point % 3)
				continue;
			if (disk_cut(point, kind, run->seed * 1000003 + point, &image))
				check_image(f, &at, &image, point % 7 == 0);
		}
	}
	disk_image_release(&image);
}

/* ---- Faults while it runs ---- */

#define CHILD_IMAGE_MAX ((size_t)24 << 20)

/* What a run with a fault, in a process of its own, left behind: shared with it. */
static struct grave {
	size_t acked;
	bool stopped, failed;
	uint64_t seed;
	enum disk_cut cut;
	struct disk_image image; /* data: offsets in bytes */
	size_t used;
	uint8_t bytes[CHILD_IMAGE_MAX];
} *grave;

static void grave_fill(void)
{
	struct disk_image image = {0};

	grave->failed = disk_failed();
	disk_cut_now(grave->cut, grave->seed, &image);
	grave->image = image;
	grave->used = 0;
	for (int i = 0; i < DISK_FILES_MAX; i++) {
		assert_true(grave->used + image.files[i].size <= CHILD_IMAGE_MAX);
		memcpy(grave->bytes + grave->used, image.files[i].data, image.files[i].size);
		grave->image.files[i].data = grave->bytes + grave->used;
		grave->used += image.files[i].size;
	}
}

static void grave_of_a_stop(void)
{
	grave->stopped = true;
	grave_fill();
	__real__exit(0);
}

/* The script from the start with the fault, until the process stops or a call is lost. */
static void run_into(struct fixture *f, const struct run *run, enum disk_fault fault, size_t point)
{
	disk_load(&start);
	script_open(f);
	script_resume(f, &run->script, 0);
	disk_record();
	grave->stopped = grave->failed = false;
	if (fault == FAULT_NONE)
		memory_fail(point);
	else
		disk_fail(fault, point);
	for (grave->acked = 0; grave->acked < run->script.count; grave->acked++)
		if (step_run(f, &run->script.steps[grave->acked]) == STEP_LOST)
			break;
	memory_fail_not();
}

/* Who gets no memory ends, and says so by this signal. */
static void on_abort(int number)
{
	memory_fail_not();
	grave_of_a_stop();
}

static void in_a_child(void (*what)(struct fixture *, const struct run *, enum disk_fault, size_t),
	struct fixture *f, const struct run *run, enum disk_fault fault, size_t point)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		at_exit_of_disk = grave_of_a_stop;
		if (fault == FAULT_NONE)
			signal(SIGABRT, on_abort);
		what(f, run, fault, point);
		__real__exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("the run ended with status %x", (unsigned)status);
}

static void run_to_the_grave(
	struct fixture *f, const struct run *run, enum disk_fault fault, size_t point)
{
	run_into(f, run, fault, point);
	grave_fill();
}

static void failed_io(struct fixture *f, const struct run *run, enum disk_fault fault, size_t point)
{
	struct where at = {run, fault == FAULT_SYNC ? "a failed sync" : "a failed write", point, 0};

	grave->cut = CUT_SOME_WRITES;
	grave->seed = point;
	in_a_child(run_to_the_grave, f, run, fault, point);
	at.acked = grave->acked;
	if (fault == FAULT_SYNC && grave->failed && !grave->stopped)
		wrong(&at, "it did not stop");
	count.stops += grave->stopped;
	check_image(f, &at, &grave->image, true);
}

static void no_memory(struct fixture *f, const struct run *run, size_t point)
{
	struct where at = {run, "no memory", point, 0};

	grave->cut = CUT_ALL_KEPT;
	in_a_child(run_to_the_grave, f, run, FAULT_NONE, point);
	at.acked = grave->acked;
	count.starved += grave->stopped || grave->acked < run->script.count;
	check_image(f, &at, &grave->image, point % 7 == 0);
}

/* Reads go on, what is written meanwhile is refused, and afterwards all is as if it had come then.
 */
static void full_for_a_while(
	struct fixture *f, const struct run *run, enum disk_fault fault, size_t point)
{
	struct where at = {run, "a full disk", point, 0};
	struct rows now;
	bool mixed;

	run_into(f, run, fault, point);
	at.acked = grave->acked;
	if (at.acked < run->script.count) {
		free(script_view(f, true));
		if (step_run(f, &run->script.steps[at.acked]) == STEP_KEPT)
			wrong(&at, "what did not fit is said to be kept");
		now = rows_now(f);
		if (now.home != run->after[at.acked].home ||
			now.square != run->after[at.acked].square)
			wrong(&at, "something of a call that failed is there");
	}
	disk_fail(FAULT_NONE, 0);
	go_on(f, &at, found(f, &at, &mixed), false);
	script_close(f);
}

static void full_disk(struct fixture *f, const struct run *run, size_t point)
{
	struct where at = {run, "a full disk that ended it", point, 0};

	grave->cut = CUT_ALL_KEPT;
	in_a_child(full_for_a_while, f, run, FAULT_FULL, point);
	at.acked = grave->acked;
	if (grave->stopped)
		check_image(f, &at, &grave->image, true);
	count.stops += grave->stopped;
	count.lost += !grave->stopped && at.acked < run->script.count;
}

static void faults(struct fixture *f, const struct run *run, size_t points)
{
	for (size_t point = run->seed % options.every; point < points; point += options.every) {
		failed_io(f, run, FAULT_WRITE, point);
		full_disk(f, run, point);
	}
	for (size_t point = run->seed % options.every; point < points; point += options.every)
		failed_io(f, run, FAULT_SYNC, point);
	for (size_t point = run->seed % options.every; point < run->allocations;
		point += options.every)
		no_memory(f, run, point);
}

/* ---- */

static void world_save(struct fixture *f)
{
	script_world(f);
	store_close(&f->store);
	disk_save(&start);
}

static void every_write_of_every_script(void **state)
{
	struct fixture *f = *state;

	world_save(f);
	for (uint64_t i = 0; i < options.scripts; i++) {
		struct run run = {.seed = options.first + i};
		size_t points;

		run_draw(f, &run);
		points = disk_points();
		cuts(f, &run);
		run_repeat(f, &run);
		faults(f, &run, points);
		free(run.view);
		free(run.plain_view);
		if (options.scripts > QUICK_SCRIPTS) /* long: say how far it is */
			printf("script %d: %zu writes, %zu times memory; in all %llu images, %llu "
			       "stops, %llu calls lost to a full disk, %llu ends without memory, "
			       "%llu halves\n",
				(int)run.seed, points, run.allocations,
				(unsigned long long)count.images, (unsigned long long)count.stops,
				(unsigned long long)count.lost, (unsigned long long)count.starved,
				(unsigned long long)count.mixed);
	}
	assert_true(count.images > 0 && count.stops > 0 && count.lost > 0 && count.starved > 0);
	disk_load(&start);
	assert_int_equal(store_open(&f->store, &f->paths, f->vault, DB_WRITE, NULL), 0);
}

/* The first start, cut anywhere: nothing, or the whole schema; and the next start makes the rest.
 */
static void every_write_of_the_first_start(void **state)
{
	struct fixture *f = *state;
	struct disk_image empty = {0}, image = {0};
	uint64_t home;

	store_close(&f->store);
	disk_load(&empty);
	disk_record();
	assert_int_equal(store_migrate(&f->paths, NULL), 0);
	disk_record_end();
	home = rows_now(f).home;
	for (size_t point = 1; point < disk_points(); point += options.every) {
		if (!disk_cut(point, CUT_SOME_WRITES + point % 3, point, &image))
			continue;
		disk_load(&image);
		assert_int_equal(store_migrate(&f->paths, NULL), 0);
		assert_true(rows_whole(f->home) && rows_whole(f->square));
		assert_true(rows_now(f).home == home);
	}
	disk_image_release(&image);
	assert_int_equal(store_open(&f->store, &f->paths, f->vault, DB_WRITE, NULL), 0);
}

static int setup_empty(void **state)
{
	const struct disk_image empty = {0};

	disk_load(&empty);
	return fixture_setup(state);
}

static int setup_people(void **state)
{
	const struct disk_image empty = {0};

	disk_load(&empty);
	return messages_setup(state);
}

static int teardown(void **state)
{
	disk_image_release(&start);
	return fixture_teardown(state);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_write_of_the_first_start, setup_empty, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			every_write_of_every_script, setup_people, teardown),
	};

	if (argc > 1)
		options = (struct options){strtoull(argv[1], NULL, 10), 1, 1};
	if (argc > 2 && strtoull(argv[2], NULL, 10) > 0)
		options.every = strtoull(argv[2], NULL, 10);
	if (argc > 3)
		options.first = strtoull(argv[3], NULL, 10);
	grave = mmap(
		NULL, sizeof(*grave), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (grave == MAP_FAILED)
		return 1;
	memory_install();
	disk_install();
	setlinebuf(stdout);
	return cmocka_run_group_tests_name("faults/power", tests, NULL, NULL);
}
