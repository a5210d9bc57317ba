/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar desk …`. A command is one row. */
#include "desk/cli.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "desk/cases/audit.h"
#include "desk/cases/case_state.h"
#include "desk/desk.h"
#include "desk/figures/yearly.h"
#include "desk/people/rights.h"
#include "store/square_steps.h"

struct options {
	const char *data, *role, *name, *langs, *year, *format;
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

int desk_cli_open(const char *data, struct db **db, struct err *err)
{
	const struct options options = {.data = data};

	return open_square(&options, db, err);
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
		.country = BYTES_LITERAL(""),
	};
	char token[TOKEN_TEXT_SIZE];
	struct db *db = NULL;
	struct err err = {0};
	int64_t id;
	int rc = 0;

	if (role_by_name(wanted.role) == ROLE_AUTHORITY ||
		role_by_name(wanted.role) == ROLE_FLAGGER)
		rc = err_set(
			&err, 0, "who sends notices is added with lontar %s add", options->role);
	if (rc == 0)
		rc = open_square(options, &db, &err);
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

static int run_audit(const struct options *options, char **args)
{
	struct audit_input input = {.now_s = clock_unix_s(&clock_system), .report = stdout};
	char square[PATH_MAX], folder[PATH_MAX];
	struct db *db = NULL;
	struct err err = {0};
	int faults = -1;

	if (snprintf(square, sizeof(square), "%s/square/square.db", options->data) >=
			(int)sizeof(square) ||
		snprintf(folder, sizeof(folder), "%s/desk", options->data) >= (int)sizeof(folder))
		err_set(&err, 0, "the path is too long");
	else if (db_open(square, DB_READ, &db, &err) == 0) {
		input.db = db;
		input.folder = folder;
		faults = audit_run(&input, &err);
	}
	db_close(db);
	if (faults < 0)
		return fail(&err);
	printf(faults ? "FAILED with %d fault%s\n" : "all of it holds\n", faults,
		faults == 1 ? "" : "s");
	return faults ? 1 : 0;
}

/* With the SOP as it is: which categories are of terrorism stands there. */
static int print_report(const struct options *options, enum yearly_kind kind, int year,
	enum yearly_format format, struct err *err)
{
	static struct sop sop; /* too large for a stack */
	char path[PATH_MAX], *text = NULL;
	struct db *db = NULL;
	struct buf file;
	int rc;

	buf_init(&file, SOP_FILE_MAX);
	rc = snprintf(path, sizeof(path), "%s/desk/sop.ini", options->data) < (int)sizeof(path)
		     ? open_square(options, &db, err)
		     : err_set(err, 0, "the path is too long");
	if (rc == 0)
		rc = sop_file(path, &file, err);
	if (rc == 0)
		rc = sop_parse((const char *)buf_data(&file), &sop, err);
	if (rc == 0) {
		db_begin(db);
		text = yearly_text(db, &sop, kind, year, format);
		if (db_failed(db))
			rc = err_set(err, 0, "%s", db_failure(db));
		db_rollback(db);
	}
	if (rc == 0)
		puts(text);
	free(text);
	buf_release(&file);
	db_close(db);
	return rc;
}

static int run_report(const struct options *options, char **args)
{
	const char *format_name = options->format ? options->format : "json";
	enum yearly_kind kind = args[0] ? yearly_kind_by_name(args[0]) : YEARLY_KINDS;
	enum yearly_format format = yearly_format_by_name(format_name);
	int year = options->year ? yearly_year(options->year, clock_unix_s(&clock_system)) : 0;
	struct err err = {0};

	if (kind == YEARLY_KINDS || format == YEARLY_FORMATS || !year) {
		fprintf(stderr, "lontar desk report: dsa or tco, --year from 2000 to now, --format "
				"json, csv or html\n");
		return 2;
	}
	return print_report(options, kind, year, format, &err) < 0 ? fail(&err) : 0;
}

static const struct command {
	const char *name;
	int (*run)(const struct options *options, char **args);
	const char *help;
} commands[] = {
	{"grant", run_grant,
		"lontar desk grant --data DIR --role ROLE --name NAME [--lang id,en]\n\n"
		"Lets a program use the desk and prints the token, once. Only a hash of it is "
		"kept.\n"
		"Who sends notices is added with lontar authority and lontar flagger, who works at "
		"the\n"
		"desk with lontar desk person.\n"
		"  --role     moderator, lead, analyst, liaison, auditor or admin\n"
		"  --name     who it is; moderators' names never leave the desk\n"
		"  --lang     languages a moderator reads\n\n"
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
	{"audit", run_audit,
		"lontar desk audit --data DIR\n\n"
		"Checks the desk's record and prints what it checked: every chain of events, that "
		"the "
		"cases\n"
		"are what their events amount to, that whoever did something was allowed to, the "
		"clocks,\n"
		"that every order is in the ledger and every entry is an order's, and all files of "
		"the\n"
		"ledger. Changes nothing; the desk may run.\n\n"
		"Example: lontar desk audit --data ./data\n"},
	{"report", run_report,
		"lontar desk report dsa|tco --data DIR --year YEAR [--format json|csv|html]\n\n"
		"Prints a year's report: dsa by Articles 15 and 24 of the Digital Services Act, "
		"tco "
		"by\n"
		"Article 7 of the regulation on terrorist content. The same is public at\n"
		"/square/reports/YEAR/. What the desk can't know is left for you to fill in.\n\n"
		"Example: lontar desk report dsa --data ./data --year 2026 --format csv\n"},
	{"rebuild", run_rebuild,
		"lontar desk rebuild --data DIR\n\n"
		"Checks the hash chain of every case's events and makes the cases again from "
		"them.\n"
		"Stop the desk first.\n\n"
		"Example: lontar desk rebuild --data ./data\n"},
};

static void print_help(FILE *out)
{
	fputs("lontar desk COMMAND --data DIR …\n\nThe moderation desk: who may use it, and "
	      "whether its record holds.\n\n",
		out);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(out, "  %.*s\n", (int)strcspn(commands[i].help, "\n"), commands[i].help);
	fputs("  lontar desk person add|list|set|renew|end --data DIR …\n"
	      "  lontar desk rights\n",
		out);
	fputs("\nEvery command says more with --help.\n"
	      "Example: lontar desk grants --data ./data\n",
		out);
}

static int run_command(const struct command *command, int argc, char **argv)
{
	static const struct option names[] = {{"data", required_argument, NULL, 'd'},
		{"role", required_argument, NULL, 'r'}, {"name", required_argument, NULL, 'n'},
		{"lang", required_argument, NULL, 'l'}, {"year", required_argument, NULL, 'y'},
		{"format", required_argument, NULL, 'f'}, {"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}};
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
		case 'y':
			options.year = optarg;
			break;
		case 'f':
			options.format = optarg;
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
	if (argc > 1 && strcmp(argv[1], "person") == 0)
		return person_cli(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "rights") == 0)
		return rights_cli(argc - 1, argv + 1);
	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return run_command(&commands[i], argc - 1, argv + 1);
	}
	print_help(argc > 1 && strcmp(argv[1], "--help") == 0 ? stdout : stderr);
	return argc > 1 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
}
