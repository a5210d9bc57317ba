/* SPDX-License-Identifier: Apache-2.0 */
/* Rounds: posts from threads, timers, stages at the end of a round, sources removed in mid-round.
 */
#include "cmocka_env.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/loop.h"

#define POSTERS 4
#define POSTS 5000

static struct loop *new_loop(void)
{
	struct err err;
	struct loop *loop = loop_new(&err);

	assert_non_null(loop);
	return loop;
}

struct numbered {
	struct loop_task task;
	int poster, number;
};

static int seen[POSTERS];
static int total;
static struct loop *target;

static void in_order(struct loop_task *task)
{
	struct numbered *numbered = LIST_OWNER(task, struct numbered, task);

	assert_ptr_equal(loop_current(), target);
	assert_int_equal(numbered->number, seen[numbered->poster]);
	seen[numbered->poster]++;
	if (++total == POSTERS * POSTS)
		loop_stop(target);
	free(numbered);
}

static void *post_many(void *arg)
{
	for (int i = 0; i < POSTS; i++) {
		struct numbered *numbered = calloc(1, sizeof(*numbered));
		if (!numbered)
			abort();
		numbered->task.run = in_order;
		numbered->poster = (int)(intptr_t)arg;
		numbered->number = i;
		loop_post(target, &numbered->task);
		if (i % 100 == 0)
			usleep(50); /* let the loop fall asleep now and then */
	}
	return NULL;
}

static void posts_arrive_once_in_order(void **state)
{
	pthread_t threads[POSTERS];

	target = new_loop();
	for (int i = 0; i < POSTERS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, post_many, (void *)(intptr_t)i), 0);
	loop_run(target);
	for (int i = 0; i < POSTERS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(seen[i], POSTS);
	}
	loop_free(target);
}

static atomic_int going; /* the thread that runs the loop, once it does nothing else any more */
static int found_while_held;

/* Until it sleeps: what a post finds awake needs no waking. */
static void wait_for_sleep(void)
{
	char path[64], state = 0;

	while (!atomic_load(&going))
		usleep(1000);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", atomic_load(&going));
	while (state != 'S') {
		FILE *file = fopen(path, "r");

		if (!file || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
			abort();
		fclose(file);
		usleep(1000);
	}
}

/* Held: the other thread's posts wake nobody before it lets go, and are all found then. */
static void *post_held(void *arg)
{
	wait_for_sleep();
	loop_hold_wakes();
	for (int i = 0; i < 3; i++)
		loop_post(target, (struct loop_task *)arg + i);
	usleep(100000);
	found_while_held = total;
	loop_release_wakes();
	return NULL;
}

static void count_task(struct loop_task *task)
{
	total++;
}

static void held_posts_are_found_in_one_round(void **state)
{
	struct loop_task tasks[3] = {{.run = count_task}, {.run = count_task}, {.run = count_task}};
	pthread_t thread;

	target = new_loop();
	total = 0;
	loop_step(target, 0);
	assert_int_equal(pthread_create(&thread, NULL, post_held, tasks), 0);
	atomic_store(&going, gettid());
	loop_step(target, 10000);
	pthread_join(thread, NULL);
	assert_int_equal(found_while_held, 0);
	assert_int_equal(total, 3);
	loop_free(target);
}

static char trace[64];

struct letter {
	struct loop_task task;
	struct deferred deferred;
	struct timer timer;
	struct loop *loop;
	char letter;
};

static void write_letter(char letter)
{
	size_t n = strlen(trace);

	assert_true(n + 1 < sizeof(trace));
	trace[n] = letter;
}

static void deferred_letter(struct deferred *deferred)
{
	write_letter(LIST_OWNER(deferred, struct letter, deferred)->letter);
}

static void task_letter(struct loop_task *task)
{
	write_letter(LIST_OWNER(task, struct letter, task)->letter);
}

static void timer_letter(struct timer *timer)
{
	struct letter *letter = LIST_OWNER(timer, struct letter, timer);

	write_letter(letter->letter);
	loop_stop(letter->loop);
}

static void posts_before_stop_and_free_still_run(void **state)
{
	struct loop *loop = new_loop();
	struct letter a = {.task.run = task_letter, .letter = 'a'};
	struct letter b = {.task.run = task_letter, .letter = 'b'};

	memset(trace, 0, sizeof(trace));
	loop_post(loop, &a.task);
	loop_stop(loop);
	loop_run(loop);
	assert_string_equal(trace, "a");
	loop_post(loop, &b.task);
	loop_free(loop);
	assert_string_equal(trace, "ab");
}

static void stages_run_in_their_order_once(void **state)
{
	struct loop *loop = new_loop();
	struct letter clean = {.letter = 'c'}, send = {.letter = 's'}, pack = {.letter = 'p'};

	memset(trace, 0, sizeof(trace));
	deferred_init(&clean.deferred, deferred_letter);
	deferred_init(&send.deferred, deferred_letter);
	deferred_init(&pack.deferred, deferred_letter);
	loop_defer(loop, &clean.deferred, DEFER_CLEAN);
	loop_defer(loop, &send.deferred, DEFER_SEND);
	loop_defer(loop, &send.deferred, DEFER_SEND);
	loop_defer(loop, &pack.deferred, DEFER_PACK);
	loop_step(loop, -1); /* does not sleep: there is something to do */
	assert_string_equal(trace, "psc");
	loop_defer(loop, &pack.deferred, DEFER_PACK);
	deferred_cancel(&pack.deferred);
	loop_step(loop, 0);
	assert_string_equal(trace, "psc");
	loop_free(loop);
}

static void timers_fire_in_order_and_not_early(void **state)
{
	struct loop *loop = new_loop();
	struct letter late = {.letter = 'l', .loop = loop}, soon = {.letter = 's', .loop = loop};
	int64_t began = loop_now_ms(loop);

	memset(trace, 0, sizeof(trace));
	timer_init(&late.timer, timer_letter);
	timer_init(&soon.timer, timer_letter);
	loop_timer_start(loop, &late.timer, 30);
	loop_timer_start(loop, &soon.timer, 5);
	loop_run(loop);
	assert_string_equal(trace, "s");
	assert_true(loop_now_ms(loop) >= began + 5);
	loop_run(loop);
	assert_string_equal(trace, "sl");
	assert_true(loop_now_ms(loop) >= began + 30);
	loop_free(loop);
}

struct pair_source {
	struct loop_source source;
	struct pair_source *partner;
	struct loop *loop;
	int calls;
};

static void remove_partner(struct loop_source *source, uint32_t events)
{
	struct pair_source *self = LIST_OWNER(source, struct pair_source, source);

	self->calls++;
	loop_remove(self->loop, &self->partner->source);
}

static void removed_source_gets_no_event_of_this_round(void **state)
{
	struct loop *loop = new_loop();
	struct pair_source pair[2];

	for (int i = 0; i < 2; i++) {
		pair[i] = (struct pair_source){.partner = &pair[1 - i], .loop = loop};
		pair[i].source.fd = eventfd(1, EFD_NONBLOCK); /* readable at once */
		pair[i].source.ready = remove_partner;
		assert_int_equal(loop_add(loop, &pair[i].source, EPOLLIN, NULL), 0);
	}
	loop_step(loop, 1000);
	assert_int_equal(pair[0].calls + pair[1].calls, 1);
	loop_remove(loop, &pair[pair[0].calls ? 0 : 1].source);
	close(pair[0].source.fd);
	close(pair[1].source.fd);
	loop_free(loop);
}

#define RUSH 400

struct caller {
	struct loop_source source;
	int turns;
};

static struct caller callers[RUSH], worker;
static int strangers_heard;

/* Never read: it calls again in every round, and takes a tenth of a millisecond. */
static void stranger_calls(struct loop_source *source, uint32_t epoll_events)
{
	struct caller *caller = LIST_OWNER(source, struct caller, source);
	int64_t until_us = clock_monotonic_us(&clock_system) + 100;

	(void)epoll_events;
	assert_int_equal(worker.turns, 1); /* who works was first */
	caller->turns++;
	strangers_heard++;
	while (clock_monotonic_us(&clock_system) < until_us)
		;
}

static void worker_calls(struct loop_source *source, uint32_t epoll_events)
{
	(void)epoll_events;
	LIST_OWNER(source, struct caller, source)->turns++;
}

static void add_caller(struct loop *loop, struct caller *caller, bool patient)
{
	struct err err;

	*caller = (struct caller){.source = {.fd = eventfd(1, EFD_NONBLOCK),
					  .ready = patient ? stranger_calls : worker_calls,
					  .patient = patient}};
	assert_int_equal(loop_add(loop, &caller->source, EPOLLIN, &err), 0);
}

static void the_patient_share_rounds_and_delay_nobody(void **state)
{
	struct loop *loop = new_loop();
	int most = 0, unheard = RUSH;

	(void)state;
	for (int i = 0; i < RUSH; i++)
		add_caller(loop, &callers[i], true);
	add_caller(loop, &worker, false);
	for (int round = 0; unheard && round < 10 * RUSH; round++) {
		worker.turns = strangers_heard = unheard = 0;
		loop_step(loop, 0);
		assert_int_equal(worker.turns, 1);
		assert_true(strangers_heard > 0);
		most = strangers_heard > most ? strangers_heard : most;
		for (int i = 0; i < RUSH; i++)
			unheard += callers[i].turns == 0;
	}
	assert_int_equal(unheard, 0); /* in the end all get their turn */
	assert_true(most <= 5);
	for (int i = 0; i < RUSH; i++) {
		loop_remove(loop, &callers[i].source);
		close(callers[i].source.fd);
	}
	loop_remove(loop, &worker.source);
	close(worker.source.fd);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(posts_arrive_once_in_order),
		cmocka_unit_test(held_posts_are_found_in_one_round),
		cmocka_unit_test(posts_before_stop_and_free_still_run),
		cmocka_unit_test(stages_run_in_their_order_once),
		cmocka_unit_test(timers_fire_in_order_and_not_early),
		cmocka_unit_test(removed_source_gets_no_event_of_this_round),
		cmocka_unit_test(the_patient_share_rounds_and_delay_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
