/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar desk …`. A command is one row. */
#include "desk/cli.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "desk/case_state.h"
#include "desk/desk.h"
#include "store/square_steps.h"

struct options {
	const char *data, *role, *name, *langs, *country;
};

static int open_square(const struct options *options, struct db **db, struct err *err)
{
	char path[PATH_MAX];
	int size = snprintf(path, sizeof(path), "%s/square/square.db", options->data);

	if (size < 0 || (size_t)size >= sizeof(path))
		return err_set(err, 0, "the path is too long");
	if (desk_init(options->data, err) < 0 || db_open(path, DB_WRITE, db, err) < 0)
		return -1;
	return db_migrate(*db, square_steps, err);
}

static int fail(const struct err *err)
{
	fprintf(stderr, "lontar desk: %s\n", err->text);
	return 1;
}

static int commit(struct db *db, struct err *err)
{
	return db_commit(db) < 0 ? err_set(err, 0, "the database could not be written") : 0;
}

static int run_grant(const struct options *options, char **args)
{
	struct desk_grant wanted = {
		.role = bytes_from_str(options->role ? options->role : ""),
		.name = bytes_from_str(options->name ? options->name : ""),
		.langs = bytes_from_str(options->langs ? options->langs : ""),
		.country = bytes_from_str(options->country ? options->country : ""),
	};
	char token[TOKEN_TEXT_SIZE];
	struct db *db = NULL;
	struct err err = {0};
	int64_t id;
	int rc = open_square(options, &db, &err);

	if (rc == 0) {
		db_begin(db);
		rc = grant_create(db, &wanted, clock_unix_s(&clock_system), token, &id, &err);
		if (rc == 0)
			rc = commit(db, &err);
	}
	if (rc == 0) {
		/* The token alone on standard output: scripts read it from there. */
		printf("%s\n", token);
		fprintf(stderr, "grant %lld: keep the token, it is not shown again\n",
			(long long)id);
		bytes_wipe(token, sizeof(token));
	}
	db_close(db);
	return rc == 0 ? 0 : fail(&err);
}

static int run_grants(const struct options *options, char **args)
{
	struct desk_grant g = {.id = 0};
	struct db *db = NULL;
	struct err err = {0};
	struct arena arena;

	if (open_square(options, &db, &err) < 0) {
		db_close(db);
		return fail(&err);
	}
	arena_init(&arena);
	db_begin(db);
	printf("id\trole\tname\tlanguages\tcountry\tsince\trevoked\n");
	while (desk_grant_next(db, &arena, g.id, &g))
		printf("%lld\t%s\t%s\t%s\t%s\t%s\t%s\n", (long long)g.id, arena_str(&arena, g.role),
			arena_str(&arena, g.name), arena_str(&arena, g.langs),
			arena_str(&arena, g.country), text_rfc3339(&arena, g.created_at),
			g.revoked_at ? text_rfc3339(&arena, g.revoked_at) : "");
	db_rollback(db);
	arena_release(&arena);
	db_close(db);
	return 0;
}

static int run_revoke(const struct options *options, char **args)
{
	char *end = NULL;
	long long id = args[0] ? strtoll(args[0], &end, 10) : 0;
	struct db *db = NULL;
	struct err err = {0};
	int rc;

	if (!args[0] || *end || id <= 0) {
		fprintf(stderr, "lontar desk revoke: give the grant's number; see lontar desk "
				"grants\n");
		return 2;
	}
	rc = open_square(options, &db, &err);
	if (rc == 0) {
		db_begin(db);
		if (!desk_grant_revoke(db, id, clock_unix_s(&clock_system)))
			rc = err_set(&err, 0, "there is no grant %lld in force", id);
		else
			rc = commit(db, &err);
	}
	db_close(db);
	return rc == 0 ? 0 : fail(&err);
}

static int run_rebuild(const struct options *options, char **args)
{
	struct db *db = NULL;
	struct err err = {0};
	int rc = open_square(options, &db, &err);

	if (rc == 0)
		rc = cases_rebuild(db, &err);
	if (rc == 0)
		puts("every chain of events holds; all cases were made again from them");
	db_close(db);
	return rc == 0 ? 0 : fail(&err);
}

static const struct command {
	const char *name;
	int (*run)(const struct options *options, char **args);
	const char *help;
} commands[] = {
	{"grant", run_grant,
		"lontar desk grant --data DIR --role ROLE --name NAME [--lang id,en] [--country "
		"ID]\n\n"
		"Lets somebody use the desk and prints the token, once. Only a hash of it is "
		"kept.\n"
		"  --role     authority or flagger (send notices), moderator or lead (decide)\n"
		"  --name     who it is; moderators' names never leave the desk\n"
		"  --lang     languages a moderator reads\n"
		"  --country  of an authority, ISO 3166-1\n\n"
		"Example: lontar desk grant --data ./data --role moderator --name \"Sari\" --lang "
		"id,en\n"},
	{"grants", run_grants,
		"lontar desk grants --data DIR\n\n"
		"Lists who may use the desk, without tokens.\n\n"
		"Example: lontar desk grants --data ./data\n"},
	{"revoke", run_revoke,
		"lontar desk revoke --data DIR NUMBER\n\n"
		"Ends a grant; its token is refused from now on.\n\n"
		"Example: lontar desk revoke --data ./data 3\n"},
	{"rebuild", run_rebuild,
		"lontar desk rebuild --data DIR\n\n"
		"Checks the hash chain of every case's events and makes the cases again from "
		"them.\n"
		"Stop the desk first.\n\n"
		"Example: lontar desk rebuild --data ./data\n"},
};

static void print_help(FILE *out)
{
	fputs("lontar desk COMMAND --data DIR …\n\nWho may use the moderation desk:\n\n", out);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(out, "  %.*s\n", (int)strcspn(commands[i].help, "\n"), commands[i].help);
	fputs("\nEvery command says more with --help.\n"
	      "Example: lontar desk grants --data ./data\n",
		out);
}

static int run_command(const struct command *command, int argc, char **argv)
{
	static const struct option names[] = {{"data", required_argument, NULL, 'd'},
		{"role", required_argument, NULL, 'r'}, {"name", required_argument, NULL, 'n'},
		{"lang", required_argument, NULL, 'l'}, {"country", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	struct options options = {0};
	int option;

	optind = 1;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 'd':
			options.data = optarg;
			break;
		case 'r':
			options.role = optarg;
			break;
		case 'n':
			options.name = optarg;
			break;
		case 'l':
			options.langs = optarg;
			break;
		case 'c':
			options.country = optarg;
			break;
		default:
			fputs(command->help, option == 'h' ? stdout : stderr);
			return option == 'h' ? 0 : 2;
		}
	}
	if (!options.data) {
		fputs(command->help, stderr);
		return 2;
	}
	return command->run(&options, argv + optind);
}

int desk_cli(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return run_command(&commands[i], argc - 1, argv + 1);
	}
	print_help(argc > 1 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
	return argc > 1 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
}
