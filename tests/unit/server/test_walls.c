/* SPDX-License-Identifier: Apache-2.0 */
/* What code that took the messenger over would try first. */
#include "../unit.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "../cage/attempt.h"
#include "server/walls.h"
#include "store/store.h"

static struct installation in;
static char path[PATH_LEN + 16];
static int listener = -1;

static int setup(void **state)
{
	static char dir[] = "/tmp/lontar-walls-XXXXXX";
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct err err;

	if (!mkdtemp(dir) || installation_at(&in, dir, &err) < 0 ||
		installation_init(&in, &err) < 0 || installation_open(&in, dir, &err) < 0)
		return -1;
	listener = socket(AF_INET, SOCK_STREAM, 0);
	return bind(listener, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(listener, 1) < 0;
}

static int teardown(void **state)
{
	char command[PATH_LEN + 8];

	close(listener);
	snprintf(command, sizeof(command), "rm -rf %s", in.dir);
	return system(command);
}

static int enter(struct err *err)
{
	return messenger_walls_enter(&in, err);
}

static int enter_and_close(struct err *err)
{
	return enter(err) < 0 ? -1 : messenger_walls_close(err);
}

/* ---- What it may ---- */

static int open_both_databases(void)
{
	const struct store_paths paths = {in.home_db, in.square_db};
	struct store store;
	struct err err;

	if (store_migrate(&paths, &err) < 0 || store_open(&store, &paths, NULL, DB_WRITE, &err) < 0)
		return -1;
	db_run(store_square(&store), "DELETE FROM usernames");
	db_run(store_home(&store), "DELETE FROM users");
	if (store_commit(&store) < 0)
		return -1;
	store_close(&store);
	return 0;
}

static int open_keys(void)
{
	return open(in.server_key, O_RDONLY) < 0 || open(in.service_token, O_RDONLY) < 0 ? -1 : 0;
}

static int listen_at_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ? -1 : listen(fd, 1);
}

static void *nothing(void *arg)
{
	return arg;
}

static int start_thread(void)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, nothing, NULL);
	return errno ? -1 : pthread_join(thread, NULL);
}

/* ---- What it may not ---- */

static int open_root(void)
{
	return open(in.root_key, O_RDONLY);
}

static int open_passwd(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static int open_ledger_key(void)
{
	snprintf(path, sizeof(path), "%s/ledger.key", in.desk_dir);
	return open(path, O_RDONLY);
}

static int change_settings(void)
{
	return open(in.ini, O_WRONLY);
}

static int change_key(void)
{
	return open(in.server_key, O_WRONLY);
}

static int write_elsewhere(void)
{
	return open("/tmp/lontar-walls-test", O_WRONLY | O_CREAT, 0600);
}

static int look_elsewhere(void)
{
	return open("/", O_RDONLY | O_DIRECTORY);
}

static int make_device(void)
{
	snprintf(path, sizeof(path), "%s/device", in.home_dir);
	return mknod(path, S_IFCHR | 0600, 0x0103);
}

static int link_out(void)
{
	snprintf(path, sizeof(path), "%s/passwd", in.home_dir);
	return symlink("/etc/passwd", path);
}

static int connect_out(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(9)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof(to));
}

static int connect_listener(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(9)};

	return connect(listener, (struct sockaddr *)&to, sizeof(to));
}

static int local_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int netlink_socket(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0);
}

static int any_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int send_datagram(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(9)};

	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	return fd < 0 ? -1 : (int)sendto(fd, "", 1, 0, (struct sockaddr *)&to, sizeof(to));
}

static int run_program(void)
{
	char *const none[] = {NULL};

	return execve("/bin/true", none, none);
}

static int start_process(void)
{
	return (int)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static int start_process_otherwise(void)
{
	return (int)syscall(SYS_clone3, NULL, 0);
}

static int trace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int signal_parent(void)
{
	return kill(getppid(), 0);
}

static int signal_parents_thread(void)
{
	return (int)syscall(SYS_tgkill, getppid(), getppid(), 0);
}

static int end_itself(void)
{
	abort();
}

static int change_user(void)
{
	return setuid(1);
}

static int map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0) == MAP_FAILED
		       ? -1
		       : 0;
}

static int raise_limit(void)
{
	return (int)syscall(SYS_prlimit64, 0, 4, &(uint64_t[2]){1 << 20, 1 << 20}, NULL);
}

static int become_dumpable(void)
{
	return (int)syscall(SYS_prctl, 4 /* PR_SET_DUMPABLE */, 1, 0, 0, 0);
}

static int loosen(void)
{
	return (int)syscall(SYS_seccomp, 1, 0, NULL);
}

#define WORKS(what) assert_int_equal(attempt(enter, what), ATTEMPT_WORKED)
#define WORKS_LATER(what) assert_int_equal(attempt(enter_and_close, what), ATTEMPT_WORKED)
#define FORBIDDEN(what) assert_int_equal(attempt(enter_and_close, what), EPERM)
#define DEADLY(what) assert_int_equal(attempt(enter_and_close, what), 1000 + SIGSYS)
#define HIDDEN(what) assert_int_equal(attempt(enter_and_close, what), EACCES)

static void what_it_does_works(void **state)
{
	WORKS(open_both_databases);
	WORKS(open_keys);
	WORKS(listen_at_port);
	WORKS_LATER(start_thread);
	WORKS_LATER(open_both_databases);
	assert_int_equal(attempt(enter_and_close, end_itself), 1000 + SIGABRT);
}

static void files_of_others_are_hidden(void **state)
{
	if (landlock_version() < 1)
		skip();
	HIDDEN(open_passwd);
	HIDDEN(open_root); /* the keeper's */
	HIDDEN(open_ledger_key);
	HIDDEN(change_settings);
	HIDDEN(change_key);
	HIDDEN(write_elsewhere);
	HIDDEN(look_elsewhere);
}

static void nothing_goes_out(void **state)
{
	assert_int_equal(attempt(enter, connect_out), EPERM);
	FORBIDDEN(connect_out);
	FORBIDDEN(connect_listener);
	FORBIDDEN(any_socket);
	FORBIDDEN(send_datagram);
	FORBIDDEN(local_socket);
	FORBIDDEN(netlink_socket);
	FORBIDDEN(listen_at_port);
}

static void nothing_is_started_or_changed(void **state)
{
	FORBIDDEN(start_process);
	assert_int_equal(attempt(enter_and_close, start_process_otherwise), ENOSYS);
	FORBIDDEN(map_code);
	FORBIDDEN(raise_limit);
	FORBIDDEN(become_dumpable);
	FORBIDDEN(loosen);
	FORBIDDEN(make_device);
	FORBIDDEN(link_out);
	DEADLY(run_program);
	DEADLY(trace);
	DEADLY(signal_parent);
	FORBIDDEN(signal_parents_thread);
	DEADLY(change_user);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_does_works),
		cmocka_unit_test(files_of_others_are_hidden),
		cmocka_unit_test(nothing_goes_out),
		cmocka_unit_test(nothing_is_started_or_changed),
	};

	return cmocka_run_group_tests_name("server/walls", tests, setup, teardown);
}
