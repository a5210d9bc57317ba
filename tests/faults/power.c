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
	size_t chances[SCRIPT_STEPS], noted[SCRIPT_STEPS]; /* for faults and of sites, then */
	uint8_t *strikes;				   /* at each chance */
	const uint64_t *sites; /* that ask for memory, and did in no script before */
	size_t site_count;
	char *view, *plain_view;
};

static struct disk_image start;
static struct counts {
	uint64_t images, stops, lost, mixed, points, starved;
} *count; /* shared with children */

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

static void run_keep_strikes(struct run *run)
{
	const uint8_t *strikes;
	const size_t size = disk_chances(&strikes);

	run->strikes = malloc(size);
	assert_non_null(run->strikes);
	memcpy(run->strikes, strikes, size);
}

static void run_draw(struct fixture *f, struct run *run)
{
	disk_load(&start);
	script_open(f);
	script_begin(f, run->seed);
	run->after[0] = rows_now(f);
	disk_record();
	memory_note();
	while (run->script.count < SCRIPT_STEPS) {
		size_t step;

		assert_int_not_equal(script_draw(f, &run->script), STEP_LOST);
		step = run->script.count - 1;
		run->points[step] = disk_points();
		run->chances[step] = disk_chances(NULL);
		run->noted[step] = memory_noted(NULL);
		memory_hold(true); /* the test's own reading, which is not there with a fault */
		run->after[step + 1] = rows_now(f);
		memory_hold(false);
	}
	run->site_count = memory_noted(&run->sites);
	memory_note_end();
	run_keep_strikes(run);
	run->view = script_view(f, true);
	run->plain_view = script_view(f, false);
	script_close(f); /* with a checkpoint */
	disk_record_end();
	count->points += disk_points();
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
	const struct rows now = rows_checked(f), *k = &at->run->after[at->acked], *next = k + 1;
	const bool last = at->acked == at->run->script.count;

	*mixed = false;
	if (now.wrong)
		wrong(at, now.wrong);
	if (now.home == k->home && now.square == k->square)
		return at->acked;
	if (!last && now.home == next->home && now.square == next->square)
		return at->acked + 1;
	*mixed = !last && now.home == k->home && now.square == next->square;
	if (!*mixed)
		wrong(at, "the rows are neither those before nor those after the call");
	count->mixed++;
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
	now = rows_checked(f);
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
	if (now.wrong)
		wrong(at, now.wrong);
}

static void check_image(
	struct fixture *f, const struct where *at, const struct disk_image *image, bool to_the_end)
{
	size_t steps;
	bool mixed;

	count->images++;
	disk_load(image);
	script_open(f);
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

/* A fault at a chance or, of memory, at a site; in the step that is to come. */
struct plan {
	const struct run *run;
	enum disk_fault fault; /* FAULT_NONE: no memory */
	size_t point, step;
};

/* The script from this step with the fault, until the process stops or a call is lost. */
static void run_into(struct fixture *f, const struct plan *plan)
{
	const struct script *script = &plan->run->script;

	grave->stopped = grave->failed = false;
	if (plan->fault == FAULT_NONE)
		memory_fail(plan->run->sites[plan->point]);
	else
		disk_fail(plan->fault, plan->point - disk_chances(NULL));
	for (grave->acked = plan->step; grave->acked < script->count; grave->acked++)
		if (step_run(f, &script->steps[grave->acked]) == STEP_LOST)
			break;
	memory_fail_not();
}

/* Who gets no memory ends, and says so by this signal. */
static void on_abort(int number)
{
	memory_fail_not();
	grave_of_a_stop();
}

typedef void child_work(struct fixture *, const struct plan *, const struct where *);

static void in_a_child(
	child_work *work, struct fixture *f, const struct plan *plan, const struct where *at)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		work(f, plan, at);
		__real__exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("%s at %zu: the child ended with status %x", at->what, at->point,
			(unsigned)status);
}

static void run_to_the_grave(struct fixture *f, const struct plan *plan, const struct where *at)
{
	at_exit_of_disk = grave_of_a_stop;
	if (plan->fault == FAULT_NONE)
		signal(SIGABRT, on_abort);
	run_into(f, plan);
	grave_fill();
}

static void check_grave(struct fixture *f, const struct plan *plan, const struct where *at)
{
	script_close(f); /* what the parent has open */
	check_image(f, at, &grave->image, plan->fault != FAULT_NONE || plan->point % 7 == 0);
}

static void failed_io(struct fixture *f, const struct plan *plan)
{
	struct where at = {plan->run,
		plan->fault == FAULT_SYNC ? "a failed sync" : "a failed write", plan->point, 0};

	grave->cut = CUT_SOME_WRITES;
	grave->seed = plan->point;
	in_a_child(run_to_the_grave, f, plan, &at);
	at.acked = grave->acked;
	if (!grave->failed)
		wrong(&at, "the fault never came");
	if (plan->fault == FAULT_SYNC && !grave->stopped)
		wrong(&at, "it did not stop");
	count->stops += grave->stopped;
	in_a_child(check_grave, f, plan, &at);
}

static void no_memory(struct fixture *f, const struct plan *plan)
{
	struct where at = {plan->run, "no memory", plan->point, 0};

	grave->cut = CUT_ALL_KEPT;
	in_a_child(run_to_the_grave, f, plan, &at);
	at.acked = grave->acked;
	count->starved += grave->stopped || grave->acked < plan->run->script.count;
	in_a_child(check_grave, f, plan, &at);
}

/* Reads go on, what is written meanwhile is refused, and afterwards all is as if it had come then.
 */
static void full_for_a_while(struct fixture *f, const struct plan *plan, const struct where *told)
{
	const struct run *run = plan->run;
	struct where at = *told;
	struct rows now;
	bool mixed;

	at_exit_of_disk = grave_of_a_stop;
	run_into(f, plan);
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

static void full_disk(struct fixture *f, const struct plan *plan)
{
	struct where at = {plan->run, "a full disk", plan->point, 0};

	grave->cut = CUT_ALL_KEPT;
	in_a_child(full_for_a_while, f, plan, &at);
	at.acked = grave->acked;
	at.what = "a full disk that ended it";
	if (grave->stopped)
		in_a_child(check_grave, f, plan, &at);
	count->stops += grave->stopped;
	count->lost += !grave->stopped && at.acked < plan->run->script.count;
}

/* All faults of one step, which is to come. *turn: of them every so many is made. */
static void faults_of_step(struct fixture *f, const struct run *run, size_t step, size_t turn[])
{
	struct plan plan = {.run = run, .step = step};

	for (plan.point = disk_chances(NULL); plan.point < run->chances[step]; plan.point++) {
		for (int fault = FAULT_NONE + 1; fault < FAULT_KINDS; fault++) {
			plan.fault = (enum disk_fault)fault;
			if (!(run->strikes[plan.point] & 1U << fault) ||
				turn[fault]++ % options.every)
				continue;
			if (fault == FAULT_FULL)
				full_disk(f, &plan);
			else
				failed_io(f, &plan);
		}
	}
	plan.fault = FAULT_NONE;
	for (plan.point = step ? run->noted[step - 1] : 0; plan.point < run->noted[step];
		plan.point++)
		if (turn[FAULT_NONE]++ % options.every == 0)
			no_memory(f, &plan);
}

/* The script is run once; before each step a child is made for every fault that may strike in it.
 */
static void faults(struct fixture *f, const struct run *run)
{
	size_t turn[FAULT_KINDS];

	for (int i = 0; i < FAULT_KINDS; i++)
		turn[i] = run->seed * 31;
	disk_load(&start);
	script_open(f);
	script_resume(f, &run->script, 0);
	disk_record();
	for (size_t step = 0; step < run->script.count; step++) {
		faults_of_step(f, run, step, turn);
		step_run(f, &run->script.steps[step]);
		assert_int_equal(disk_chances(NULL), run->chances[step]);
	}
	script_close(f);
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
		faults(f, &run);
		free(run.strikes);
		free(run.view);
		free(run.plain_view);
		if (options.scripts > QUICK_SCRIPTS) /* long: say how far it is */
			printf("script %d: %zu writes, %zu new sites of memory; in all %llu "
			       "images, %llu "
			       "stops, %llu calls lost to a full disk, %llu ends without memory, "
			       "%llu halves\n",
				(int)run.seed, points, run.site_count,
				(unsigned long long)count->images, (unsigned long long)count->stops,
				(unsigned long long)count->lost, (unsigned long long)count->starved,
				(unsigned long long)count->mixed);
	}
	assert_true(count->images > 0 && count->stops > 0 && count->lost > 0 && count->starved > 0);
	disk_load(&start);
	assert_int_equal(store_open(&f->store, &f->paths, f->vault, DB_WRITE, NULL), 0);
}

/* The first start, cut anywhere: nothing, or the whole schema; and the next start makes the rest.
 */
static void every_write_of_the_first_start(void **state)
{
	struct fixture *f = *state;
	struct disk_image empty = {0}, image = {0};
	struct rows rows;
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
		rows = rows_checked(f);
		assert_null(rows.wrong);
		assert_true(rows.home == home);
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
	grave = mmap(NULL, sizeof(*grave) + sizeof(*count), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (grave == MAP_FAILED)
		return 1;
	count = (struct counts *)(grave + 1);
	memory_install();
	disk_install();
	setlinebuf(stdout);
	return cmocka_run_group_tests_name("faults/power", tests, NULL, NULL);
}
