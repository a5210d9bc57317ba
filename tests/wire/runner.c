/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs wire cases: text files that say what a client sends and what it must be told. One case is
 * one world with one key. The language is described in README.md; its commands are in connection.c,
 * send.c, expect.c and ground.c.
 */
#include <stdio.h>

#include "runner.h"

#define LINE_MAX_SIZE 4096

void run_wrong(struct run *run, const char *format, ...)
{
	va_list args;

	if (run->failed)
		return;
	run->failed = true;
	fprintf(stderr, "not ok: %s\n  line %u: ", run->name, run->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n  the client was told:\n%.*s\n", (int)buf_size(&run->link->log),
		(const char *)buf_data(&run->link->log));
}

static const struct command *const tables[] = {
	connection_commands, send_commands, expect_commands, ground_commands};

static const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct command *at = tables[i]; at->name; at++)
			if (strcmp(at->name, name) == 0)
				return at;
	return NULL;
}

static void run_line(struct run *run, char *line)
{
	char *word = line + strspn(line, " \t"), *rest = word + strcspn(word, " \t");
	const struct command *command;

	if (*rest)
		*rest++ = '\0';
	rest += strspn(rest, " \t");
	command = command_named(word);
	if (command)
		command->run(run, rest);
	else
		run_wrong(run, "no such command: %s", word);
}

static void case_begin(struct run *run, const char *name)
{
	uint8_t full[256];
	unsigned line = run->line;

	memset(run, 0, sizeof(*run));
	run->line = line;
	run->link = &run->links[0];
	snprintf(run->name, sizeof(run->name), "%.200s", name);
	world_init(&run->world);
	for (size_t i = 0; i < sizeof(full); i++)
		full[i] = (uint8_t)(i * 7 + 1);
	world_add_key(&run->world, full, false);
	run_open_link(run, "intermediate");
	run->running = true;
}

static int case_end(struct run *run)
{
	if (!run->running)
		return 0;
	run->running = false;
	for (size_t i = 0; i < ARRAY_LEN(run->links); i++)
		if (run->links[i].world)
			link_release(&run->links[i]);
	world_release(&run->world);
	buf_release(&run->container);
	run_handshake_release(run);
	if (!run->failed)
		printf("ok: %s\n", run->name);
	return run->failed;
}

static int run_file(const char *path)
{
	static struct run run;
	char line[LINE_MAX_SIZE];
	FILE *file = fopen(path, "r");
	int failures = 0, cases = 0;

	if (!file) {
		perror(path);
		return 1;
	}
	run.line = 0;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		run.line++;
		if (strncmp(line, "case ", 5) == 0) {
			failures += case_end(&run);
			case_begin(&run, line + 5);
			cases++;
		} else if (run.running && !run.failed && line[strspn(line, " \t")] != '\0' &&
			   line[0] != '#') {
			run_line(&run, line);
		}
	}
	failures += case_end(&run);
	fclose(file);
	printf("%s: %d cases, %d failed\n", path, cases, failures);
	return failures > 0 || cases == 0;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	for (int i = 1; i < argc; i++)
		failed |= run_file(argv[i]);
	return failed;
}
