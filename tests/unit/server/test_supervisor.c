/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server/supervisor.h with children that do as the test says: this program is copied beside itself
 * as lontar, lontar-desk and lontar-keeper, and plays the supervisor, the messenger, the desk and
 * the keeper. What they are to do is in the file `does`, what they did in `done`.
 */
#include "../unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "server/kept.h"
#include "server/supervisor.h"

#define PATIENCE_MS 20000

static int64_t now_ms(void)
{
	return clock_monotonic_us(&clock_system) / 1000;
}

/* ---- The children ---- */

static const char *option(int argc, char **argv, const char *name)
{
	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return argv[i + 1];
	return "";
}

static bool is_to(const char *dir, const char *what)
{
	char path[128], text[128] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/does", dir);
	file = fopen(path, "r");
	if (file) {
		text[fread(text, 1, sizeof(text) - 1, file)] = 0;
		fclose(file);
	}
	return strstr(text, what) != NULL;
}

/* One write: lines of several processes do not mix. */
static void note(const char *dir, const char *who, const char *port, uint64_t starts)
{
	char path[128], line[128];
	int fd, size;

	snprintf(path, sizeof(path), "%s/done", dir);
	size = snprintf(line, sizeof(line), "%s pid=%d at=%lld asked=%s starts=%llu\n", who,
		(int)getpid(), (long long)now_ms(), port, (unsigned long long)starts);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
	if (fd < 0 || write(fd, line, (size_t)size) != size)
		_exit(9);
	close(fd);
}

static int play(const char *who, int argc, char **argv)
{
	const char *dir = option(argc, argv, "--data"), *port = option(argc, argv, "--port");
	bool messenger = strcmp(who, "messenger") == 0;
	uint64_t starts = 0;
	char ready[32], wish[32];
	int size;

	if (messenger) { /* counted in the memory that outlives it */
		struct kept *kept =
			kept_open((int)strtol(option(argc, argv, "--kept-fd"), NULL, 10));

		starts = ++*kept_id_floor(kept, 0);
		kept_close(kept);
	}
	note(dir, who, port, starts);
	snprintf(wish, sizeof(wish), "%s:crash", who);
	if (is_to(dir, wish))
		return 3;
	snprintf(wish, sizeof(wish), "%s:deaf", who);
	if (is_to(dir, wish))
		signal(SIGTERM, SIG_IGN);
	size = snprintf(
		ready, sizeof(ready), "port=%d\n", messenger ? (int)strtol(port, NULL, 10) : 2222);
	if (write((int)strtol(option(argc, argv, "--ready-fd"), NULL, 10), ready, (size_t)size) !=
		size)
		return 4;
	for (;;)
		pause();
}

static int supervise(const char *dir)
{
	static struct installation in;
	const struct supervisor_options options = {.listen = "127.0.0.1"};

	snprintf(in.dir, sizeof(in.dir), "%s", dir);
	snprintf(in.settings.log_level, sizeof(in.settings.log_level), "error");
	return supervisor_run(&in, &options);
}

/* ---- The test's side ---- */

struct fixture {
	char dir[64];
	pid_t pid;
	int out;
};

static void copy_self(const char *dir, const char *name)
{
	char command[160];

	snprintf(command, sizeof(command), "cp /proc/%d/exe %s/%s", (int)getpid(), dir, name);
	assert_int_equal(system(command), 0);
}

static void tell(struct fixture *f, const char *what)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/does", f->dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(what, file);
	fclose(file);
}

static void start(struct fixture *f, const char *does)
{
	char program[80];
	int fds[2];

	tell(f, does);
	snprintf(program, sizeof(program), "%s/lontar", f->dir);
	assert_int_equal(pipe(fds), 0);
	f->pid = fork();
	if (f->pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		execl(program, program, "supervise", f->dir, NULL);
		_exit(127);
	}
	close(fds[1]);
	f->out = fds[0];
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "/tmp/lontar-super-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	copy_self(f->dir, "lontar");
	copy_self(f->dir, "lontar-desk");
	copy_self(f->dir, "lontar-keeper");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[96];

	if (f->pid)
		kill(f->pid, SIGKILL);
	if (f->pid)
		waitpid(f->pid, NULL, 0);
	close(f->out);
	snprintf(command, sizeof(command), "rm -rf %s", f->dir);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

struct event {
	char who[16];
	int pid, asked;
	long long at;
	unsigned long long starts;
};

/* The starts of one child, in order. */
static size_t events(const struct fixture *f, const char *who, struct event *out, size_t max)
{
	char path[128], line[160];
	struct event e;
	size_t count = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/done", f->dir);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file) && count < max) {
		if (sscanf(line, "%15s pid=%d at=%lld asked=%d starts=%llu", e.who, &e.pid, &e.at,
			    &e.asked, &e.starts) == 5 &&
			strcmp(e.who, who) == 0)
			out[count++] = e;
	}
	if (file)
		fclose(file);
	return count;
}

static struct event wait_for(const struct fixture *f, const char *who, size_t count)
{
	struct event all[32];

	for (int64_t until = now_ms() + PATIENCE_MS; now_ms() < until; usleep(10000))
		if (events(f, who, all, 32) >= count)
			return all[count - 1];
	fail_msg("%s did not start %zu times", who, count);
	return all[0];
}

/* A line of the supervisor's standard output, or "" after wait_ms. */
static const char *out_line(struct fixture *f, int wait_ms)
{
	static char line[128];
	struct pollfd fd = {f->out, POLLIN, 0};
	ssize_t size = 0;

	if (poll(&fd, 1, wait_ms) == 1)
		size = read(f->out, line, sizeof(line) - 1);
	line[size > 0 ? size : 0] = 0;
	return line;
}

/* What is said once both are up; the messenger's port. */
static int out_ready(struct fixture *f)
{
	const char *line = out_line(f, PATIENCE_MS);
	char want[64];
	int port = 0;

	sscanf(line, "ready port=%d", &port);
	assert_in_range(port, 1, 65535);
	snprintf(want, sizeof(want), "ready port=%d desk=2222\n", port);
	assert_string_equal(line, want);
	return port;
}

static int stop(struct fixture *f, int64_t *took_ms)
{
	int64_t from = now_ms();
	int status;

	kill(f->pid, SIGTERM);
	assert_int_equal(waitpid(f->pid, &status, 0), f->pid);
	f->pid = 0;
	*took_ms = now_ms() - from;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool is_alive(int pid)
{
	return kill(pid, 0) == 0;
}

static void it_is_ready_when_both_are(void **state)
{
	struct fixture *f = *state;
	struct event messenger, desk;
	int64_t took_ms;
	int port;

	start(f, "");
	port = out_ready(f);
	messenger = wait_for(f, "messenger", 1);
	desk = wait_for(f, "desk", 1);
	assert_int_equal(messenger.asked, port);
	assert_int_equal(stop(f, &took_ms), 0);
	assert_true(took_ms < 5000);
	assert_false(is_alive(messenger.pid) || is_alive(desk.pid));
}

/* It would be started again for ever, and nobody would serve. */
static void without_a_keeper_it_says_so_and_ends(void **state)
{
	struct fixture *f = *state;
	char path[128];
	int status;

	snprintf(path, sizeof(path), "%s/lontar-keeper", f->dir);
	assert_int_equal(unlink(path), 0);
	start(f, "");
	for (int64_t until = now_ms() + PATIENCE_MS; now_ms() < until; usleep(10000)) {
		if (waitpid(f->pid, &status, WNOHANG) != f->pid)
			continue;
		f->pid = 0;
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 1);
		return;
	}
	fail_msg("it still runs");
}

static void the_ready_line_waits_for_the_desk(void **state)
{
	struct fixture *f = *state;

	start(f, "desk:crash");
	wait_for(f, "desk", 2);
	assert_string_equal(out_line(f, 100), "");
	tell(f, "");
	out_ready(f);
}

/* The pause doubles from 100 ms on: a child that can't live does not eat the machine. */
static void pauses_grow(void **state)
{
	struct fixture *f = *state;
	struct event all[8];

	start(f, "messenger:crash");
	wait_for(f, "messenger", 6);
	assert_int_equal(events(f, "messenger", all, 6), 6);
	for (int i = 1; i < 6; i++)
		assert_true(all[i].at - all[i - 1].at >= (100 << (i - 1)) - 20);
	assert_true(all[5].at - all[4].at < 1600 + 5000);
	assert_int_equal(events(f, "desk", all, 8), 0); /* it waits for the messenger's port */
}

/* Somebody connects, whether or not anybody accepts. */
static bool connects(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;

	close(fd);
	return connected;
}

/* The same port, where newcomers wait meanwhile, and the memory that its predecessor wrote. */
static void a_killed_messenger_comes_back(void **state)
{
	struct fixture *f = *state;
	struct event first, desk;
	int port;

	start(f, "");
	port = out_ready(f);
	first = wait_for(f, "messenger", 1);
	desk = wait_for(f, "desk", 1);
	assert_int_equal(first.starts, 1);
	for (unsigned i = 2; i <= 4; i++) {
		struct event next;

		kill(first.pid, SIGKILL);
		while (is_alive(first.pid))
			usleep(1000);
		assert_true(connects(port));
		next = wait_for(f, "messenger", i);
		assert_int_equal(next.asked, port);
		assert_int_equal(next.starts, i);
		first = next;
	}
	assert_true(is_alive(desk.pid));
	assert_string_equal(out_line(f, 100), ""); /* said once */
}

/* Whoever does not hear SIGTERM is killed after ten seconds; nobody is left behind. */
static void a_deaf_child_is_stopped_by_force(void **state)
{
	struct fixture *f = *state;
	struct event messenger, desk;
	int64_t took_ms;

	start(f, "messenger:deaf");
	out_ready(f);
	messenger = wait_for(f, "messenger", 1);
	desk = wait_for(f, "desk", 1);
	assert_int_equal(stop(f, &took_ms), 0);
	assert_true(took_ms >= 9900 && took_ms < 15000);
	assert_false(is_alive(messenger.pid) || is_alive(desk.pid));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	const struct CMUnitTest tests[] = {
		TEST(it_is_ready_when_both_are),
		TEST(without_a_keeper_it_says_so_and_ends),
		TEST(the_ready_line_waits_for_the_desk),
		TEST(pauses_grow),
		TEST(a_killed_messenger_comes_back),
		TEST(a_deaf_child_is_stopped_by_force),
	};

	if (name && strcmp(name, "/lontar-desk") == 0)
		return play("desk", argc, argv);
	if (name && strcmp(name, "/lontar-keeper") == 0)
		return play("keeper", argc, argv);
	if (argc > 1 && strcmp(argv[1], "messenger") == 0)
		return play("messenger", argc, argv);
	if (argc == 3 && strcmp(argv[1], "supervise") == 0)
		return supervise(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
