/* SPDX-License-Identifier: Apache-2.0 */
/* What code that took lontar-mail over would try first: it is refused, or ends the process. */
#include "../unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "../cage/attempt.h"
#include "mail/walls.h"

static int open_file(void)
{
	return open("/etc/hosts", O_RDONLY);
}

static int start_process(void)
{
	return fork();
}

static int run_program(void)
{
	char *const none[] = {NULL};

	return execve("/bin/true", none, none);
}

static int make_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int make_local_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int signal_parent(void)
{
	return kill(getppid(), 0);
}

static int map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0) == MAP_FAILED
		       ? -1
		       : 0;
}

static int use_memory(void)
{
	void *memory = malloc(1 << 20);

	free(memory);
	return memory ? 0 : -1;
}

static int write_to_standard_error(void)
{
	return (int)write(STDERR_FILENO, "", 0);
}

static void only_memory_and_pipes(void **state)
{
	assert_int_equal(attempt(mail_walls_enter, use_memory), ATTEMPT_WORKED);
	assert_int_equal(attempt(mail_walls_enter, write_to_standard_error), ATTEMPT_WORKED);
	assert_int_equal(attempt(mail_walls_enter, open_file), EPERM);
	assert_int_equal(attempt(mail_walls_enter, start_process), 1000 + SIGSYS);
	assert_int_equal(attempt(mail_walls_enter, run_program), 1000 + SIGSYS);
	assert_int_equal(attempt(mail_walls_enter, make_socket), 1000 + SIGSYS);
	assert_int_equal(attempt(mail_walls_enter, make_local_socket), 1000 + SIGSYS);
	assert_int_equal(attempt(mail_walls_enter, signal_parent), 1000 + SIGSYS);
	assert_int_equal(attempt(mail_walls_enter, map_code), EPERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_memory_and_pipes),
	};

	return cmocka_run_group_tests_name("mail/walls", tests, NULL, NULL);
}
