/* SPDX-License-Identifier: Apache-2.0 */
/* What a case expects: of the log of its client, of the connection, of the host. */
#include <stdio.h>
#include <stdlib.h>

#include "runner.h"

/* $names and @numbers become the ids as the log shows them. */
static void put_expected(struct run *run, const char *words, char *out, size_t size)
{
	size_t at = 0;

	while (*words && at + 20 < size) {
		char reference[32];
		size_t length = strcspn(words, " ");

		if (*words == '$' || *words == '@') {
			snprintf(reference, sizeof(reference), "%.*s", (int)length, words);
			at += (size_t)snprintf(out + at, size - at, "%llx",
				(unsigned long long)run_id(run, reference));
			words += length;
		} else {
			out[at++] = *words++;
		}
	}
	out[at] = '\0';
}

static void do_expect(struct run *run, char *words)
{
	char want[256];

	put_expected(run, words, want, sizeof(want));
	if (!link_logged(run->link, "%s", want))
		run_wrong(run, "expected: %s (%s)", words, want);
}

static void do_never(struct run *run, char *words)
{
	char want[256];

	put_expected(run, words, want, sizeof(want));
	if (link_logged(run->link, "%s", want))
		run_wrong(run, "was told: %s (%s)", words, want);
}

static void do_count(struct run *run, char *words)
{
	char want[256], *rest;
	unsigned long count = strtoul(words, &rest, 10), seen;

	put_expected(run, rest + 1, want, sizeof(want));
	seen = link_log_count(run->link, want);
	if (seen != count)
		run_wrong(run, "%lu times, not %lu: %s", seen, count, want);
}

static void do_calls(struct run *run, char *words)
{
	if (run->world.calls != strtoul(words, NULL, 10))
		run_wrong(run, "the host got %u calls, not %s", run->world.calls, words);
}

static void do_sessions(struct run *run, char *words)
{
	if (run->world.server.sessions_count != strtoul(words, NULL, 10))
		run_wrong(run, "%zu sessions, not %s", run->world.server.sessions_count, words);
}

static void do_closed(struct run *run, char *words)
{
	(void)words;
	if (!run->link->closed)
		run_wrong(run, "the connection should be closed");
}

static void do_open(struct run *run, char *words)
{
	(void)words;
	if (run->link->closed)
		run_wrong(run, "the connection should be open");
}

/* Exactly these bytes wait for the client. */
static void do_sent(struct run *run, char *words)
{
	struct buf want = {0};

	if (body_put_hex(words, &want) < 0)
		run_wrong(run, "not hex: %s", words);
	else if (!bytes_equal(buf_bytes(&want), buf_bytes(&run->link->to_client)))
		run_wrong(run, "the server sent %zu other bytes", buf_size(&run->link->to_client));
	buf_release(&want);
}

static void do_dc(struct run *run, char *words)
{
	if (mtproto_conn_dc(&run->link->conn) != strtol(words, NULL, 10))
		run_wrong(run, "the DC is %d, not %s", mtproto_conn_dc(&run->link->conn), words);
}

static void do_nothing_sent(struct run *run, char *words)
{
	(void)words;
	if (buf_size(&run->link->to_client) > 0 || buf_size(&run->link->log) > 0)
		run_wrong(run, "the server should have kept silent");
}

static void do_waiting(struct run *run, char *words)
{
	if (run->link->exchanges_count != strtoul(words, NULL, 10))
		run_wrong(run, "%zu requests wait, not %s", run->link->exchanges_count, words);
}

static void do_runs(struct run *run, char *words)
{
	size_t open = handshakes_open(run->world.handshakes);

	if (open != strtoul(words, NULL, 10))
		run_wrong(run, "%zu handshakes are remembered, not %s", open, words);
}

static void do_clear(struct run *run, char *words)
{
	(void)words;
	link_log_clear(run->link);
}

const struct command expect_commands[] = {
	{"expect", do_expect},
	{"never", do_never},
	{"count", do_count},
	{"calls", do_calls},
	{"sessions", do_sessions},
	{"closed", do_closed},
	{"open", do_open},
	{"nothing-sent", do_nothing_sent},
	{"sent", do_sent},
	{"dc", do_dc},
	{"waiting", do_waiting},
	{"runs", do_runs},
	{"clear", do_clear},
	{0},
};
