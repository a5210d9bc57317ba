/* SPDX-License-Identifier: Apache-2.0 */
/* `lontar desk person …`: who works at the desk. A command is one row. */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "desk/cli.h"
#include "desk/desk.h"
#include "desk/cases/files.h"
#include "desk/people/people.h"
#include "desk/people/shifts.h"
#include "store/square_steps.h"

struct asked {
	const char *data;
	struct person_words words;
	int64_t id; /* of set, renew, end */
};

struct run {
	const struct asked *asked;
	struct db *db;
	struct arena arena;
	struct sop *sop;
	int64_t now_s;
	char secret[TOKEN_TEXT_SIZE];
	int64_t id;
};

static int run_add(struct run *r, struct err *err)
{
	return person_add(
		r->db, &r->arena, r->sop, &r->asked->words, r->now_s, r->secret, &r->id, err);
}

static int run_set(struct run *r, struct err *err)
{
	return person_set(r->db, &r->arena, r->sop, r->asked->id, &r->asked->words, r->now_s, err);
}

static int run_renew(struct run *r, struct err *err)
{
	r->id = r->asked->id;
	return person_renew(r->db, &r->arena, r->id, r->now_s, r->secret, err);
}

static int run_end(struct run *r, struct err *err)
{
	return person_end(r->db, &r->arena, r->asked->id, r->now_s, err);
}

static int run_list(struct run *r, struct err *err)
{
	struct desk_grant g = {.id = 0};
	struct person p;

	printf("id\tsign-in\trole\tname\tlanguages\tcountry\tcategories\tcountries\tregions\tshifts"
	       "\ton duty\tsecond factor\tsince\tended\n");
	while (desk_grant_next(r->db, &r->arena, g.id, &g)) {
		if (!person_get(r->db, &r->arena, g.id, &p))
			continue;
		printf("%lld\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			(long long)g.id, arena_str(&r->arena, p.sign_in),
			arena_str(&r->arena, g.role), arena_str(&r->arena, g.name),
			arena_str(&r->arena, g.langs), arena_str(&r->arena, g.country),
			arena_str(&r->arena, p.categories), arena_str(&r->arena, p.countries),
			arena_str(&r->arena, p.regions), arena_str(&r->arena, p.shifts),
			shifts_on_duty(p.shifts, r->now_s) ? "yes" : "no",
			p.totp.data ? "yes" : "no", text_rfc3339(&r->arena, g.created_at),
			g.revoked_at ? text_rfc3339(&r->arena, g.revoked_at) : "");
	}
	return 0;
}

#define WORDS_HELP                                                                                 \
	"  --name        shown at the desk; a moderator's never leaves it\n"                       \
	"  --lang        languages they read, tags of BCP 47: id,en-GB\n"                          \
	"  --country     where they are, ISO 3166-1\n"                                             \
	"  --categories  of the SOP: only cases of these; none given: all\n"                       \
	"  --countries   only measures in these; none given: all, and for everybody\n"             \
	"  --regions     that they know, ISO 3166: ID,ID-JK\n"                                     \
	"  --shifts      \"mon-fri 08:00-16:00 +07:00; sat 22:00-06:00 +07:00\"\n"

static const struct person_command {
	const char *name;
	int (*run)(struct run *r, struct err *err);
	bool numbered;
	const char *help;
} commands[] = {
	{"add", run_add, false,
		"lontar desk person add --data DIR --role ROLE --sign-in NAME --name NAME …\n\n"
		"Adds somebody to the desk and prints, once, the secret that they sign in with "
		"first and\n"
		"within seven days; they choose a password with it.\n"
		"  --role        moderator, lead, analyst, liaison, flagger, authority, auditor or "
		"admin\n"
		"  --sign-in     what they type: a-z, 0-9, '.', '_', '-'\n"
		"  --of          of an authority's or flagger's officer: its number, as lontar "
		"authority list\n                has it; what it sends is the "
		"organisation's\n" WORDS_HELP
		"\nExample: lontar desk person add --data ./data --role admin --sign-in ayu --name "
		"Ayu\n"},
	{"list", run_list, false,
		"lontar desk person list --data DIR\n\nLists everybody who is or was at the "
		"desk.\n\n"
		"Example: lontar desk person list --data ./data\n"},
	{"set", run_set, true,
		"lontar desk person set --data DIR NUMBER …\n\n"
		"Changes what is given; \"\" takes a limit away. Role and sign-in name are for "
		"good.\n" WORDS_HELP "\nExample: lontar desk person set --data ./data 3 --lang "
		"id,jv --categories scams\n"},
	{"renew", run_renew, true,
		"lontar desk person renew --data DIR NUMBER\n\n"
		"For who lost password or authenticator: both are forgotten, all sessions end, and "
		"a new\nsecret is printed, as by add.\n\n"
		"Example: lontar desk person renew --data ./data 3\n"},
	{"end", run_end, true,
		"lontar desk person end --data DIR NUMBER\n\n"
		"Ends somebody's work at the desk and all their sessions, at once and for good.\n\n"
		"Example: lontar desk person end --data ./data 3\n"},
};

static int read_sop(const char *path, struct sop *out, struct err *err)
{
	struct buf text;
	int rc;

	buf_init(&text, SOP_FILE_MAX);
	rc = file_read(path, &text, err);
	if (rc == 0) {
		buf_append(&text, "", 1);
		rc = sop_parse((const char *)buf_data(&text), out, err);
	}
	buf_release(&text);
	return rc;
}

/* The SOP is larger than a stack should carry. */
static int open_desk(struct run *r, struct err *err)
{
	const char *data = r->asked->data;
	char square[PATH_MAX], sop[PATH_MAX];

	if (snprintf(square, sizeof(square), "%s/square/square.db", data) >= (int)sizeof(square) ||
		snprintf(sop, sizeof(sop), "%s/desk/sop.ini", data) >= (int)sizeof(sop))
		return err_set(err, 0, "the path is too long");
	r->sop = calloc(1, sizeof(*r->sop));
	if (!r->sop)
		return err_set(err, 0, "no memory");
	if (desk_init(data, err) < 0 || read_sop(sop, r->sop, err) < 0 ||
		db_open(square, DB_WRITE, &r->db, err) < 0)
		return -1;
	return db_migrate(r->db, square_steps, err);
}

static int run_command(const struct person_command *command, const struct asked *asked)
{
	struct run r = {.asked = asked, .now_s = clock_unix_s(&clock_system)};
	struct err err = {0};
	int rc = open_desk(&r, &err);

	arena_init(&r.arena);
	if (rc == 0) {
		db_begin(r.db);
		rc = command->run(&r, &err);
		if (rc < 0)
			db_rollback(r.db);
		else if (db_commit(r.db) < 0)
			rc = err_set(&err, 0, "the database could not be written");
	}
	if (rc == 0 && r.secret[0]) {
		/* The secret alone on standard output: scripts read it from there. */
		printf("%s\n", r.secret);
		fprintf(stderr, "person %lld: hand the secret over, it is not shown again\n",
			(long long)r.id);
	}
	bytes_wipe(r.secret, sizeof(r.secret));
	if (rc < 0)
		fprintf(stderr, "lontar desk person: %s\n", err.text);
	arena_release(&r.arena);
	db_close(r.db);
	free(r.sop);
	return rc < 0 ? 1 : 0;
}

static struct bytes *word_of(struct person_words *words, int option)
{
	switch (option) {
	case 'r':
		return &words->role;
	case 'n':
		return &words->name;
	case 's':
		return &words->sign_in;
	case 'l':
		return &words->langs;
	case 'c':
		return &words->country;
	case 'a':
		return &words->categories;
	case 'o':
		return &words->countries;
	case 'g':
		return &words->regions;
	case 'h':
		return &words->shifts;
	case 'f':
		return &words->of;
	default:
		return NULL;
	}
}

static bool read_number(const char *text, int64_t *out)
{
	char *end = NULL;

	*out = text ? strtoll(text, &end, 10) : 0;
	return text && end != text && !*end && *out > 0;
}

/* 0; 1: help was asked for; -1: wrong usage. */
static int read_arguments(
	const struct person_command *command, int argc, char **argv, struct asked *out)
{
	static const struct option names[] = {{"data", required_argument, NULL, 'd'},
		{"role", required_argument, NULL, 'r'}, {"name", required_argument, NULL, 'n'},
		{"sign-in", required_argument, NULL, 's'}, {"lang", required_argument, NULL, 'l'},
		{"country", required_argument, NULL, 'c'},
		{"categories", required_argument, NULL, 'a'},
		{"countries", required_argument, NULL, 'o'}, {"of", required_argument, NULL, 'f'},
		{"regions", required_argument, NULL, 'g'}, {"shifts", required_argument, NULL, 'h'},
		{"help", no_argument, NULL, 'H'}, {NULL, 0, NULL, 0}};
	int option;

	optind = 1;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		struct bytes *word = word_of(&out->words, option);

		if (word)
			*word = bytes_from_str(optarg);
		else if (option == 'd')
			out->data = optarg;
		else
			return option == 'H' ? 1 : -1;
	}
	if (command->numbered && !read_number(argv[optind], &out->id))
		return -1;
	return out->data ? 0 : -1;
}

int person_cli(int argc, char **argv)
{
	bool help = argc > 1 && strcmp(argv[1], "--help") == 0;

	for (size_t i = 0; argc > 1 && i < ARRAY_LEN(commands); i++) {
		struct asked asked = {.data = NULL};
		int how;

		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		how = read_arguments(&commands[i], argc - 1, argv + 1, &asked);
		if (how == 0)
			return run_command(&commands[i], &asked);
		fputs(commands[i].help, how > 0 ? stdout : stderr);
		return how > 0 ? 0 : 2;
	}
	fputs("lontar desk person COMMAND --data DIR …\n\nPeople who sign in at the desk:\n\n",
		help ? stdout : stderr);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(help ? stdout : stderr, "  %.*s\n", (int)strcspn(commands[i].help, "\n"),
			commands[i].help);
	return help ? 0 : 2;
}
