/* SPDX-License-Identifier: Apache-2.0 */
/* store/executor.h: many jobs, one commit; a failed job alone is undone; finish comes after the
 * commit. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/executor.h"

/* The disk of these tests: SQLite syncs through these two. */
static atomic_bool sync_fails;

int fsync(int fd)
{
	if (!atomic_load(&sync_fails))
		return (int)syscall(SYS_fsync, fd);
	errno = EIO;
	return -1;
}

int fdatasync(int fd)
{
	return fsync(fd);
}

struct job {
	struct executor_job base;
	int64_t value;
	bool refuse, break_store, in_square;
	int64_t seen;
	atomic_int *finished, *kept;
};

struct fixture {
	char dir[64], home[96], square[96];
	struct store_paths paths;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/lontar-ex-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->home, sizeof(f->home), "%s/home.db", f->dir);
	snprintf(f->square, sizeof(f->square), "%s/square.db", f->dir);
	f->paths = (struct store_paths){f->home, f->square};
	assert_int_equal(store_migrate(&f->paths, NULL), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static int job_run(struct executor_job *base, struct store *store)
{
	struct job *job = LIST_OWNER(base, struct job, base);
	struct db *db = job->in_square ? store_square(store) : store_home(store);

	db_counter_add(db, 1, "sum", job->value);
	if (job->break_store)
		db_run(db, "INSERT INTO counters (owner, name, value) VALUES (1, 'sum', 0)");
	return job->refuse ? -1 : 0;
}

static void job_finish(struct executor_job *base, bool ok)
{
	struct job *job = LIST_OWNER(base, struct job, base);

	if (ok)
		atomic_fetch_add(job->kept, 1);
	atomic_fetch_add(job->finished, 1);
}

static int read_run(struct executor_job *base, struct store *store)
{
	struct job *job = LIST_OWNER(base, struct job, base);
	struct db *db = job->in_square ? store_square(store) : store_home(store);

	job->seen =
		db_get_int(db, 0, "SELECT value FROM counters WHERE owner = 1 AND name = 'sum'");
	return 0;
}

static void wait_for(atomic_int *n, int target)
{
	for (int i = 0; i < 10000 && atomic_load(n) < target; i++)
		usleep(1000);
	assert_int_equal(atomic_load(n), target);
}

static int64_t read_sum(struct fixture *f, bool square)
{
	struct executor *readers;
	atomic_int finished = 0, kept = 0;
	struct job job = {.base = {.run = read_run, .finish = job_finish},
		.in_square = square,
		.finished = &finished,
		.kept = &kept};

	assert_int_equal(executor_new_readers(&f->paths, NULL, 2, NULL, &readers, NULL), 0);
	executor_submit(readers, &job.base);
	wait_for(&finished, 1);
	executor_free(readers);
	return job.seen;
}

static void test_refused_and_failed_jobs_are_undone_alone(void **state)
{
	enum { JOBS = 1000 };
	struct fixture *f = *state;
	struct executor *writer;
	static struct job jobs[JOBS];
	atomic_int finished = 0, kept = 0;
	int64_t home = 0, square = 0;

	assert_int_equal(executor_new_writer(&f->paths, NULL, &writer, NULL), 0);
	for (int i = 0; i < JOBS; i++) {
		jobs[i] = (struct job){.base = {.run = job_run, .finish = job_finish},
			.value = i,
			.refuse = i % 7 == 3,
			.break_store = i % 11 == 5,
			.in_square = i % 2,
			.finished = &finished,
			.kept = &kept};
		if (!jobs[i].refuse && !jobs[i].break_store)
			*(i % 2 ? &square : &home) += i;
		executor_submit(writer, &jobs[i].base);
	}
	wait_for(&finished, JOBS);
	assert_int_equal(executor_depth(writer), 0);
	executor_free(writer);
	assert_int_equal(read_sum(f, false), home);
	assert_int_equal(read_sum(f, true), square);
}

static void test_free_finishes_what_is_queued(void **state)
{
	struct fixture *f = *state;
	struct executor *writer;
	static struct job jobs[500];
	atomic_int finished = 0, kept = 0;

	assert_int_equal(executor_new_writer(&f->paths, NULL, &writer, NULL), 0);
	for (int i = 0; i < 500; i++) {
		jobs[i] = (struct job){.base = {.run = job_run, .finish = job_finish},
			.value = 1,
			.finished = &finished,
			.kept = &kept};
		executor_submit(writer, &jobs[i].base);
	}
	executor_free(writer);
	assert_int_equal(atomic_load(&finished), 500);
	assert_int_equal(atomic_load(&kept), 500);
	assert_int_equal(read_sum(f, false), 500);
}

static atomic_int batches, batch_jobs, batches_finished;

static void note_batch(int jobs, int64_t commit_us)
{
	atomic_fetch_add(&batches, 1);
	atomic_store(&batch_jobs, jobs);
}

static void note_finished(void)
{
	atomic_fetch_add(&batches_finished, 1);
}

static void test_jobs_submitted_together_are_one_batch(void **state)
{
	const struct executor_hooks hooks = {note_batch, note_finished};
	struct fixture *f = *state;
	struct executor *ex;
	struct job jobs[20] = {0};
	atomic_int finished = 0, kept = 0;
	struct list list;
	struct err err;

	list_init(&list);
	assert_int_equal(executor_new_writer(&f->paths, NULL, &ex, &err), 0);
	executor_set_hooks(ex, &hooks);
	executor_submit_all(ex, &list);
	assert_int_equal(executor_depth(ex), 0);
	for (int i = 0; i < 20; i++) {
		jobs[i] = (struct job){.base.run = job_run,
			.base.finish = job_finish,
			.value = 1,
			.finished = &finished,
			.kept = &kept};
		list_append(&list, &jobs[i].base.node);
	}
	executor_submit_all(ex, &list);
	assert_true(list_empty(&list));
	executor_free(ex);
	assert_int_equal(atomic_load(&finished), 20);
	assert_int_equal(atomic_load(&kept), 20);
	assert_int_equal(atomic_load(&batches), 1);
	assert_int_equal(atomic_load(&batch_jobs), 20);
	assert_int_equal(atomic_load(&batches_finished), 1);
}

/* Between the commit of a batch and its finishes somebody reads. */
static struct {
	struct executor *readers;
	struct job reader;
	atomic_int told, read;
	int told_before; /* when the reader was finished */
} news;

static int news_read(struct executor_job *base, struct store *store)
{
	int result = read_run(base, store);

	atomic_store(&news.read, 1);
	return result;
}

static void news_answered(struct executor_job *base, bool ok)
{
	news.told_before = atomic_load(&news.told);
	atomic_store(&news.read, 2);
}

static void news_told(struct executor_job *base, bool ok)
{
	atomic_fetch_add(&news.told, 1);
}

static void news_committed(int jobs, int64_t commit_us)
{
	executor_submit(news.readers, &news.reader.base);
	while (atomic_load(&news.read) == 0)
		usleep(1000);
	usleep(20000); /* time in which it would be answered, if it did not wait */
}

static void test_no_answer_overtakes_the_news(void **state)
{
	const struct executor_hooks hooks = {news_committed, NULL};
	struct fixture *f = *state;
	struct job write = {.base = {.run = job_run, .finish = news_told}, .value = 7};
	struct executor *writer;

	news.reader =
		(struct job){.base = {.run = news_read, .finish = news_answered}, .refuse = true};
	assert_int_equal(executor_new_writer(&f->paths, NULL, &writer, NULL), 0);
	assert_int_equal(executor_new_readers(&f->paths, NULL, 1, writer, &news.readers, NULL), 0);
	executor_set_hooks(writer, &hooks);
	executor_submit(writer, &write.base);
	executor_stop(writer);
	executor_free(news.readers);
	executor_free(writer);
	assert_int_equal(atomic_load(&news.read), 2);
	assert_int_equal(news.told_before, 1);
	assert_int_equal(news.reader.seen, 7);
}

static void finish_aloud(struct executor_job *base, bool ok)
{
	_exit(ok ? 1 : 2);
}

/* A sync that failed once may succeed the next time although the pages are gone: nobody is answered
 * any more, and the next start looks at what is there. */
static void test_a_failed_sync_ends_the_process_before_any_answer(void **state)
{
	struct fixture *f = *state;
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		struct executor *writer;
		struct job job = {.base = {.run = job_run, .finish = finish_aloud}, .value = 1};

		if (executor_new_writer(&f->paths, NULL, &writer, NULL) < 0)
			_exit(3);
		atomic_store(&sync_fails, true);
		executor_submit(writer, &job.base);
		sleep(10);
		_exit(4);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), DB_EXIT_DISK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_refused_and_failed_jobs_are_undone_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_free_finishes_what_is_queued, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_jobs_submitted_together_are_one_batch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_answer_overtakes_the_news, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_a_failed_sync_ends_the_process_before_any_answer, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
