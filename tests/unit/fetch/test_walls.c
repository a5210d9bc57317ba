/* SPDX-License-Identifier: Apache-2.0 */
/* What code that took lontar-fetch over would try first. */
#include "../unit.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../cage/attempt.h"
#include "fetch/walls.h"

static int open_passwd(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static int open_to_write(void)
{
	return open("/dev/null", O_WRONLY);
}

static int create_file(void)
{
	return openat(AT_FDCWD, "/tmp/lontar-fetch-test", O_RDONLY | O_CREAT, 0600);
}

static int open_certificates(void)
{
	return open("/etc/ssl/certs", O_RDONLY | O_DIRECTORY);
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

static int trace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int local_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int netlink_socket(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0);
}

static int internet_socket(void)
{
	return socket(AF_INET6, SOCK_STREAM, 0);
}

static int raw_socket(void)
{
	return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int listen_at(void)
{
	return listen(socket(AF_INET, SOCK_STREAM, 0), 1);
}

static int remove_file(void)
{
	return unlink("/tmp/lontar-fetch-test");
}

static int resolve(void)
{
	struct addrinfo *found = NULL;

	if (getaddrinfo("localhost", "80", NULL, &found) != 0)
		return -1;
	freeaddrinfo(found);
	return 0;
}

#define FORBIDDEN(what) assert_int_equal(attempt(fetch_walls_enter, what), EPERM)
#define DEADLY(what) assert_int_equal(attempt(fetch_walls_enter, what), 1000 + SIGSYS)
#define WORKS(what) assert_int_equal(attempt(fetch_walls_enter, what), ATTEMPT_WORKED)

static void calls(void **state)
{
	FORBIDDEN(open_to_write);
	FORBIDDEN(create_file);
	FORBIDDEN(remove_file);
	FORBIDDEN(start_process);
	FORBIDDEN(local_socket);
	FORBIDDEN(netlink_socket);
	FORBIDDEN(raw_socket);
	FORBIDDEN(listen_at);
	DEADLY(run_program);
	DEADLY(trace);
	WORKS(internet_socket);
	/* A machine may know no name at all; what it knows outside it must know inside. */
	if (resolve() == 0)
		WORKS(resolve);
}

static void files(void **state)
{
	if (landlock_version() < 1)
		skip();
	assert_int_equal(attempt(fetch_walls_enter, open_passwd), EACCES);
	WORKS(open_certificates);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls),
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests_name("fetch/walls", tests, NULL, NULL);
}
