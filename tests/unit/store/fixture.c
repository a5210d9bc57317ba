/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and removes the database; what is in it is the tests'. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/random.h"
#include "store/home_steps.h"

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	uint8_t root[VAULT_ROOT_SIZE];
	int fd;

	snprintf(f->path, sizeof(f->path), "/tmp/lontar-home-XXXXXX");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	close(fd);
	random_fill(&random_system, root, sizeof(root));
	f->vault = vault_new(root, NULL);
	assert_non_null(f->vault);
	assert_int_equal(db_open(f->path, DB_WRITE, &f->db, NULL), 0);
	assert_int_equal(db_migrate(f->db, home_steps, NULL), 0);
	arena_init(&f->arena);
	db_begin(f->db);
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;
	char command[256];

	db_rollback(f->db);
	db_close(f->db);
	vault_free(f->vault);
	arena_release(&f->arena);
	snprintf(command, sizeof(command), "rm -f %s %s-wal %s-shm", f->path, f->path, f->path);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}
