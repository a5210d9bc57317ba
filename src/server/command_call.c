/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/command_call.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/home_roots.h"

#define DATE_SIZE 10 /* of "2026-11-29T10:00:00Z" */

int command_call_open(struct command_call *c, const char *data, struct err *err)
{
	memset(c, 0, sizeof(*c));
	arena_init(&c->arena);
	if (installation_open(&c->in, data, err) < 0)
		return -1;
	c->paths = (struct store_paths){c->in.home_db, c->in.square_db};
	if (store_migrate(&c->paths, err) < 0)
		return -1;
	c->store.vault = installation_vault(&c->in, err);
	if (!c->store.vault || store_open(&c->store, &c->paths, c->store.vault, DB_WRITE, err) < 0)
		return -1;
	c->env = (struct core_env){
		.clock = &clock_system, .random = &random_system, .name = c->in.settings.name};
	c->call = (struct call){.arena = &c->arena,
		.store = &c->store,
		.env = &c->env,
		.now_s = clock_unix_s(&clock_system),
		.effects = effects_new()};
	return 0;
}

int command_call_commit(struct command_call *c, struct err *err)
{
	struct root_chain chain;

	home_roots_read(store_home(&c->store), &chain);
	if (chain.epoch != vault_epoch(c->store.vault))
		return err_set(err, 0, "the root was changed meanwhile: do it again");
	if (store_failed(&c->store) || store_commit(&c->store) < 0)
		return err_set(err, 0, "the database could not be written");
	return 0;
}

void command_call_close(struct command_call *c)
{
	struct vault *vault = c->store.vault;

	if (c->store.home_db)
		store_close(&c->store);
	vault_free(vault);
	effects_release(c->call.effects);
	arena_release(&c->arena);
}

const char *command_date(struct command_call *c, int64_t at_s)
{
	char *text = text_rfc3339(&c->arena, at_s);

	text[DATE_SIZE] = 0;
	return text;
}

int command_number(const char *text, int64_t low, int64_t high, int64_t *out)
{
	char *end;

	*out = strtoll(text, &end, 10);
	return *text && !*end && *out >= low && *out <= high ? 0 : -1;
}

int command_join(char *out, size_t size, char **words)
{
	*out = 0;
	for (; *words; words++) {
		if (strlen(out) + strlen(*words) >= size)
			return -1;
		memcpy(out + strlen(out), *words, strlen(*words) + 1);
	}
	return 0;
}
