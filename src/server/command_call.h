/* SPDX-License-Identifier: Apache-2.0 */
/* A call for the operator's commands: of nobody, on the databases of an installation, also while it
 * is served. What it would tell devices at once, they learn when they ask next. */
#ifndef SERVER_COMMAND_CALL_H
#define SERVER_COMMAND_CALL_H

#include "core/call.h"
#include "server/installation.h"

struct command_call {
	struct installation in;
	struct store_paths paths;
	struct store store;
	struct core_env env;
	struct arena arena;
	struct call call;
};

/* -1 with *err: close it all the same. */
MUST_CHECK int command_call_open(struct command_call *c, const char *data, struct err *err);
/* Keeps what was written. */
MUST_CHECK int command_call_commit(struct command_call *c, struct err *err);
/* What was not committed is gone. */
void command_call_close(struct command_call *c);

/* "2026-11-29", in the call's arena. */
const char *command_date(struct command_call *c, int64_t at_s);
/* 0 and *out, or -1: not a number from low to high. */
MUST_CHECK int command_number(const char *text, int64_t low, int64_t high, int64_t *out);
/* A number that was typed with spaces. words: up to a NULL. -1: too long. */
MUST_CHECK int command_join(char *out, size_t size, char **words);

#endif
