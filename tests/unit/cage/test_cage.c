/* SPDX-License-Identifier: Apache-2.0 */
/* Landlock and seccomp each by itself, as far as this kernel has them. */
#include "../unit.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "attempt.h"
#include "cage/cage.h"

/* Every call the tests (and the sanitizer) make is allowed, so that only Landlock can refuse. */
static const char *const calls[] = {"open", "openat", "close", "read", "write", "socket", "bind",
	"connect", "fcntl", "dup", "capget", "exit_group", "getpid", "sigaltstack", "mmap",
	"munmap", NULL};
static const char *const only_group[] = {"/etc/group", "/this/is/not/there", NULL};

static int enter_landlock(struct err *err)
{
	static const struct cage cage = {
		.allowed = calls, .others = CAGE_REFUSE, .readable_paths = only_group};
	int version;

	return cage_enter(&cage, &version, err);
}

static int enter_seccomp(struct err *err)
{
	static const char *const few[] = {"exit_group", "getpid", "sigaltstack", NULL};
	static const char *const deadly[] = {"getppid", NULL};
	static const struct cage_call rows[] = {
		{"dup", CAGE_ALLOW, 0, 0xffffffff, 2}, {"getuid", CAGE_ABSENT, 0, 0, 0}};
	static const struct cage cage = {.allowed = few,
		.deadly = deadly,
		.calls = rows,
		.call_count = ARRAY_LEN(rows),
		.others = CAGE_REFUSE};
	int version;

	return cage_enter(&cage, &version, err);
}

static int open_group(void)
{
	return open("/etc/group", O_RDONLY);
}

static int open_group_to_write(void)
{
	return open("/etc/group", O_WRONLY);
}

static int open_passwd(void)
{
	return open("/etc/passwd", O_RDONLY);
}

static int connect_tcp(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons(9)};

	return connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to, sizeof(to));
}

static int bind_tcp(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	return bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&at, sizeof(at));
}

static int has_capabilities(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, data) < 0)
		return -1;
	errno = EPERM;
	return data[0].effective || data[0].permitted || data[1].effective ? 0 : -1;
}

static int dup_standard_error(void)
{
	return (int)syscall(SYS_dup, 2);
}

static int dup_standard_output(void)
{
	return (int)syscall(SYS_dup, 1);
}

static int ask_parent(void)
{
	return (int)syscall(SYS_getppid);
}

static int ask_user(void)
{
	return (int)syscall(SYS_getuid);
}

static void landlock_hides_all_but_the_listed(void **state)
{
	printf("Landlock version here: %d\n", landlock_version());
	if (landlock_version() < 1)
		skip();
	assert_int_equal(attempt(enter_landlock, open_group), ATTEMPT_WORKED);
	assert_int_equal(attempt(enter_landlock, open_group_to_write), EACCES);
	assert_int_equal(attempt(enter_landlock, open_passwd), EACCES);
}

static void landlock_keeps_from_ports(void **state)
{
	if (landlock_version() < 4)
		skip();
	assert_int_equal(attempt(enter_landlock, connect_tcp), EACCES);
	assert_int_equal(attempt(enter_landlock, bind_tcp), EACCES);
}

static void capabilities_are_gone(void **state)
{
	assert_int_equal(attempt(enter_landlock, has_capabilities), EPERM);
}

static void seccomp_goes_by_name_and_argument(void **state)
{
	assert_int_equal(attempt(enter_seccomp, open_group), EPERM);
	assert_int_equal(attempt(enter_seccomp, dup_standard_error), ATTEMPT_WORKED);
	assert_int_equal(attempt(enter_seccomp, dup_standard_output), EPERM);
	assert_int_equal(attempt(enter_seccomp, ask_user), ENOSYS);
	assert_int_equal(attempt(enter_seccomp, ask_parent), 1000 + SIGSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(landlock_hides_all_but_the_listed),
		cmocka_unit_test(landlock_keeps_from_ports),
		cmocka_unit_test(capabilities_are_gone),
		cmocka_unit_test(seccomp_goes_by_name_and_argument),
	};

	return cmocka_run_group_tests_name("cage/cage", tests, NULL, NULL);
}
