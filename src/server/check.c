/* SPDX-License-Identifier: Apache-2.0 */
/* The checks are the rows of the table at the end; each prints its own line. */
#include "server/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/model.h"
#include "desk/cases/audit.h"
#include "server/backup_files.h"
#include "store/home_roots.h"
#include "store/home_files.h"
#include "store/home_sealed.h"
#include "store/home_steps.h"
#include "store/square_steps.h"

#define WALK_ROWS 500

struct check {
	const struct installation *in;
	FILE *report;
	struct db *home, *square; /* in a transaction, begun one after the other */
	struct vault *vault;	  /* NULL: why_sealed */
	const char *why_sealed;
	int failed, skipped;
};

static void say(struct check *c, bool ok, const char *format, ...) PRINTF_LIKE(3, 4);

static void say(struct check *c, bool ok, const char *format, ...)
{
	va_list args;

	c->failed += !ok;
	fputs(ok ? "ok " : "FAILED ", c->report);
	va_start(args, format);
	vfprintf(c->report, format, args);
	va_end(args);
	fputc('\n', c->report);
	fflush(c->report);
}

/* ---- Files ---- */

/* For nobody else: what holds a key, a database, or lies in a folder of theirs. */
static bool is_secret(const char *name)
{
	static const char *const prefixes[] = {"root.key", "server.key", "home/", "square/"};
	const size_t size = strlen(name);

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return size > 4 && (strcmp(name + size - 4, ".key") == 0 || strstr(name, ".token"));
}

struct modes {
	struct check *check;
	int64_t looked_at, open;
};

static int look_at_mode(void *ctx, const char *name, struct err *err)
{
	struct modes *modes = ctx;
	char path[BACKUP_PATH_MAX];
	struct stat st;

	if (!is_secret(name))
		return 0;
	if (backup_path(path, modes->check->in->dir, name, err) < 0 || stat(path, &st) < 0)
		return 0; /* gone meanwhile, as SQLite's files may be */
	modes->looked_at++;
	if (st.st_mode & 077) {
		modes->open++;
		fprintf(modes->check->report, "  %s is open to others: mode %03o\n", name,
			st.st_mode & 0777);
	}
	return 0;
}

static void check_modes(struct check *c)
{
	struct modes modes = {.check = c};
	struct err err = {0};

	if (backup_walk(c->in->dir, look_at_mode, &modes, &err) < 0)
		say(c, false, "modes: %s", err.text);
	else
		say(c, modes.open == 0,
			"modes: %" PRId64 " secret files, %" PRId64 " open to others",
			modes.looked_at, modes.open);
}

/* ---- Databases ---- */

static int last_step(const struct db_step *steps)
{
	int last = 0;

	for (; steps->sql; steps++)
		last = steps->number;
	return last;
}

static void check_database(
	struct check *c, const char *name, struct db *db, const struct db_step *steps)
{
	const int version = db_schema_version(db);
	struct err err = {0};

	if (db_check(db, &err) < 0)
		say(c, false, "%s: %s", name, err.text);
	else
		say(c, version == last_step(steps), "%s: whole; schema step %d of %d", name,
			version, last_step(steps));
}

static void check_home(struct check *c)
{
	check_database(c, "home", c->home, home_steps);
}

static void check_square(struct check *c)
{
	check_database(c, "square", c->square, square_steps);
}

/* ---- What is sealed ---- */

struct opening {
	struct check *check;
	int64_t good, old, orphans, bad;
};

static void open_value(void *ctx, struct db *db, const struct sealed_value *value)
{
	struct opening *o = ctx;
	struct arena arena;
	struct bytes text;

	if (!value->has_salt) {
		o->orphans++;
		return;
	}
	arena_init(&arena);
	if (vault_open(o->check->vault, &value->place, value->sealed, &arena, &text) == 0) {
		o->good++;
		o->old += vault_value_epoch(value->sealed) != vault_epoch(o->check->vault);
		bytes_wipe((void *)text.data, text.size);
	} else if (o->bad++ < 10) {
		fprintf(o->check->report, "  a value of %s.%s, owner %" PRId64 ", does not open\n",
			value->column->table, value->column->column, value->place.owner);
	}
	arena_release(&arena);
}

static void check_sealed(struct check *c)
{
	struct opening o = {.check = c};
	struct sealed_walk walk = {0};
	struct root_chain chain;

	if (!c->vault) {
		fprintf(c->report, "skipped sealed: %s\n", c->why_sealed);
		c->skipped++;
		return;
	}
	while (home_sealed_walk(&walk, c->home, WALK_ROWS, open_value, &o))
		;
	home_roots_read(c->home, &chain);
	say(c, o.bad == 0 && !db_failed(c->home) && (o.old == 0 || chain.count > 0),
		"sealed: %" PRId64 " values open, %" PRId64 " do not; %" PRId64
		" under an older root; %" PRId64 " are of owners who are gone, and open no more",
		o.good, o.bad, o.old, o.orphans);
}

static void check_files(struct check *c)
{
	int64_t good, bad;

	if (!c->vault) {
		fprintf(c->report, "skipped files: %s\n", c->why_sealed);
		c->skipped++;
		return;
	}
	home_files_check(c->home, c->vault, &good, &bad);
	say(c, bad == 0 && !db_failed(c->home),
		"files: %" PRId64 " parts of files open, %" PRId64 " do not", good, bad);
}

/* ---- What must agree ---- */

/* Each counts what is wrong; 0 is right. */
static const struct rule {
	const char *name, *what;
	bool square;
	const char *sql;
} rules[] = {
	{"boxes", "events that do not follow on the one before", false,
		"SELECT count(*) FROM (SELECT pts - pts_count AS before, lag(pts) OVER (PARTITION"
		" BY owner ORDER BY pts) AS last FROM events) e WHERE last IS NOT NULL AND before"
		" <> last"},
	{"box-ends", "boxes that are not where their last event is", false,
		"SELECT count(*) FROM boxes b WHERE b.pts <> (SELECT coalesce(max(e.pts), b.pts) "
		"FROM"
		" events e WHERE e.owner = b.owner)"},
	{"box-ids", "boxes with a message above their last id", false,
		"SELECT count(*) FROM boxes b WHERE b.last_id < (SELECT coalesce(max(m.id), 0) FROM"
		" messages m WHERE m.owner = b.owner)"},
	{"dialogs", "conversations whose count of messages is not theirs", false,
		"SELECT count(*) FROM dialogs d JOIN users u ON u.id = d.owner WHERE u.salt IS NOT"
		" NULL AND d.message_count <> (SELECT count(*) FROM messages m WHERE m.owner ="
		" d.owner AND m.peer_kind = d.peer_kind AND m.peer = d.peer)"},
	{"channels-home", "events that do not follow on the one before", false,
		"SELECT count(*) FROM (SELECT pts - pts_count AS before, lag(pts) OVER (PARTITION"
		" BY channel ORDER BY pts) AS last FROM channel_events) e WHERE last IS NOT NULL "
		"AND"
		" before <> last"},
	{"channels-square", "events that do not follow on the one before", true,
		"SELECT count(*) FROM (SELECT pts - pts_count AS before, lag(pts) OVER (PARTITION"
		" BY channel ORDER BY pts) AS last FROM channel_events) e WHERE last IS NOT NULL "
		"AND"
		" before <> last"},
	{"members", "channels whose count of members is not theirs", false,
		"SELECT count(*) FROM member_counts c WHERE c.members <> (SELECT count(*) FROM"
		" members m WHERE m.channel = c.channel AND m.user_id > 0 AND m.role BETWEEN ?1 AND"
		" ?2)"},
	{"file-sizes", "files whose size is not that of their parts", false,
		"SELECT count(*) FROM files f WHERE f.state <> 2 AND f.size <> (SELECT"
		" coalesce(sum(p.size), 0) FROM file_parts p WHERE p.owner = f.owner AND p.file ="
		" f.id)"},
	{"file-holders", "files that are held by more or fewer than it is said", false,
		"SELECT count(*) FROM (SELECT f.id FROM files f LEFT JOIN secret_files s ON"
		" s.holder = f.owner AND s.file = f.id WHERE f.state <> 2 GROUP BY f.owner, f.id"
		" HAVING f.holders <> count(s.id)) AS wrong"},
	{"memberships", "memberships that only one side knows", false,
		"SELECT count(*) FROM members m WHERE NOT EXISTS (SELECT 1 FROM memberships s WHERE"
		" s.user_id = m.user_id AND s.channel = m.channel AND s.role = m.role)"},
};

static void check_rules(struct check *c)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		const struct rule *rule = &rules[i];
		const struct db_value roles[] = {{0}, DB_INT(ROLE_MEMBER), DB_INT(ROLE_CREATOR)};
		struct db *db = rule->square ? c->square : c->home;
		const int64_t wrong = db_get_int_values(
			db, -1, rule->sql, roles, strcmp(rule->name, "members") == 0 ? 2 : 0);

		say(c, wrong == 0, "%s: %" PRId64 " %s", rule->name, wrong, rule->what);
	}
}

/* ---- The desk's record ---- */

static void check_record(struct check *c)
{
	struct audit_input input = {.folder = c->in->desk_dir,
		.now_s = clock_unix_s(&clock_system),
		.report = c->report};
	struct err err = {0};
	int faults;

	db_rollback(c->square);
	input.db = c->square;
	faults = audit_run(&input, &err);
	if (faults < 0)
		say(c, false, "record: %s", err.text);
	else
		say(c, faults == 0, "record: %d faults in cases, orders and the ledger", faults);
	db_begin(c->square);
}

static void (*const checks[])(struct check *c) = {check_modes, check_home, check_square,
	check_sealed, check_files, check_rules, check_record};

/* Of the keeper that runs, or from root.key. What can't be opened is said, and is no error. */
static int open_vault(struct check *c, struct err *err)
{
	const struct installation *in = c->in;

	if (db_schema_version(c->home) != last_step(home_steps)) {
		c->why_sealed = "the home is not of this version's schema";
		return 0;
	}
	if (!installation_exists(in)) {
		c->why_sealed = "the root is not here";
		return 0;
	}
	c->vault = installation_vault(in, err);
	if (c->vault)
		return 0;
	if (err->code != EAGAIN)
		return -1;
	c->why_sealed = "custodians have not opened the vault";
	return 0;
}

int check_run(const struct installation *in, FILE *report, int *skipped, struct err *err)
{
	struct check c = {.in = in, .report = report};
	int result = -1;

	if (db_open(in->home_db, DB_READ, &c.home, err) < 0 ||
		db_open(in->square_db, DB_READ, &c.square, err) < 0)
		goto out;
	db_begin(c.home);
	db_begin(c.square);
	if (open_vault(&c, err) < 0)
		goto out;
	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		checks[i](&c);
	result = c.failed;
	*skipped = c.skipped;
out:
	db_close(c.home);
	db_close(c.square);
	vault_free(c.vault);
	return result;
}
