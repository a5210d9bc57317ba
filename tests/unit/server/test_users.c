/* SPDX-License-Identifier: Apache-2.0 */
/* Root gives the data folder away, and nothing that its users' links lead to. */
#include "../unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/users.h"

static const struct users users = {.apart = true,
	.of = {[USER_KEEPER] = {2100, 2100},
		[USER_MESSENGER] = {2101, 2101},
		[USER_DESK] = {2102, 2102},
		[USER_FETCH] = {2103, 2103}},
	.square = 2104};

static char scratch[64];

static const char *at(const char *name)
{
	static char paths[4][128];
	static int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", scratch, name);
	return path;
}

static void put(const char *name)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_EXCL, 0644);

	assert_true(fd >= 0);
	close(fd);
}

static void expect(const char *name, uid_t uid, mode_t mode)
{
	struct stat there;

	assert_int_equal(stat(at(name), &there), 0);
	assert_int_equal(there.st_uid, uid);
	assert_int_equal(there.st_mode & 07777, mode);
}

static void test_links_lead_root_nowhere(void **state)
{
	static const char *const folders[] = {
		"data", "data/home", "data/home/more", "data/square", "elsewhere"};
	struct installation in = {0};
	struct err err = {0};
	char command[96];

	(void)state;
	if (geteuid() != 0)
		skip();
	umask(022);
	snprintf(scratch, sizeof(scratch), "/tmp/lontar-users-XXXXXX");
	assert_non_null(mkdtemp(scratch));
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		assert_int_equal(mkdir(at(folders[i]), 0755), 0);
	put("data/home/home.db");
	put("data/home/more/file");
	put("data/root.key");
	put("elsewhere/service.token");
	put("elsewhere/shadow");
	assert_int_equal(symlink("../elsewhere", at("data/desk")), 0);
	assert_int_equal(symlink("../../elsewhere/shadow", at("data/home/soft")), 0);
	assert_int_equal(link(at("elsewhere/shadow"), at("data/home/hard")), 0);
	assert_int_equal(installation_at(&in, at("data"), &err), 0);

	assert_int_equal(users_own(&users, &in, &err), 0);
	expect("data", 2100, 0711);
	expect("data/root.key", 2100, 0600);
	expect("data/home", 2101, 0700);
	expect("data/home/home.db", 2101, 0600);
	expect("data/home/more/file", 2101, 0600);
	expect("data/square", 2101, 02770);
	expect("elsewhere", 0, 0755);
	expect("elsewhere/shadow", 0, 0644);
	expect("elsewhere/service.token", 0, 0644);
	assert_int_equal(users_own(&users, &in, &err), 0);
	snprintf(command, sizeof(command), "rm -rf '%s'", scratch);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_links_lead_root_nowhere)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
