/* SPDX-License-Identifier: Apache-2.0 */
/* One row per option: --name VALUE, --name=VALUE, or --name alone for switches. */
#include "bench/options.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

enum option_kind { OPTION_INT, OPTION_TEXT, OPTION_SWITCH };

struct option_row {
	const char *name;
	enum option_kind kind;
	size_t offset;
	int64_t min, max;
	const char *help;
};

#define ROW(name, kind, field, low, high, help)                                                    \
	{name, kind, offsetof(struct bench_options, field), low, high, help}

/* The upper bounds keep a run within one machine: ports of loopback, descriptors, minutes. */
static const struct option_row rows[] = {
	ROW("serve", OPTION_TEXT, serve, 0, 0, "FILE: the lontar to start (the one beside me)"),
	ROW("scratch", OPTION_TEXT, scratch, 0, 0,
		"DIR: where its temporary data lies; the disk matters ($TMPDIR or /tmp)"),
	ROW("data", OPTION_TEXT, data, 0, 0, "DIR: store, fanout: the data folder, of lontar-fill"),
	ROW("port", OPTION_INT, port, 1, 65535,
		"handshakes: port on 127.0.0.1 of a server that runs already"),
	ROW("key", OPTION_TEXT, key, 0, 0, "handshakes: its server.pub.pem"),
	ROW("pid", OPTION_INT, pid, 1, 4194304,
		"handshakes: process of its messenger, to measure processor time"),
	ROW("pairs", OPTION_INT, pairs, 1, 5000, "send: pairs of a sender and a receiver"),
	ROW("members", OPTION_INT, members, 0, 10000, "fanout: members online; 0: posts alone"),
	ROW("sessions", OPTION_INT, sessions, 10, 6000, "idle: accounts, each with one session"),
	ROW("more", OPTION_INT, more, 0, 19000,
		"idle: further sessions on the keys of these accounts; 0: one each"),
	ROW("connections", OPTION_INT, connections, 1, 1000,
		"handshakes (or log-ins) that run at the same time"),
	ROW("in-flight", OPTION_INT, in_flight, 1, 64,
		"send: messages of a sender without an answer; fanout: posts of the second part"),
	ROW("family", OPTION_TEXT, family, 0, 0,
		"timing: envelope, 'RSA part' or 'client DH' alone, all of the samples for it"),
	ROW("samples", OPTION_INT, samples, 1, 100000000,
		"timing: pairs compared for each kind (of RSA, one in fifty); store: rounds of an "
		"account"),
	ROW("seconds", OPTION_INT, seconds, 1, 600, "how long to measure"),
	ROW("text-size", OPTION_INT, text_size, 24, 4096, "longest text of a message, in bytes"),
	ROW("seed", OPTION_INT, seed, 0, INT64_MAX, "of the texts' lengths and letters"),
	ROW("quiet", OPTION_INT, quiet, 0, 600,
		"handshakes: seconds that the server is left alone before; it makes pairs ahead"),
	ROW("temporary", OPTION_SWITCH, temporary, 0, 0,
		"handshakes: temporary keys instead of permanent ones"),
	ROW("rivals", OPTION_SWITCH, rivals, 0, 0,
		"fanout, send: in turns with mosquitto and a bare relay, and the ratios"),
	ROW("json", OPTION_SWITCH, json, 0, 0, "one JSON object instead of text"),
	ROW("help", OPTION_SWITCH, help, 0, 0, "this text"),
};

static const struct option_row *row_of(const char *name, size_t size)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strlen(rows[i].name) == size && strncmp(rows[i].name, name, size) == 0)
			return &rows[i];
	}
	return NULL;
}

static int set_int(const struct option_row *row, const char *text, int64_t *out, struct err *err)
{
	char *end;
	long long value = strtoll(text, &end, 10);

	if (!*text || *end || value < row->min || value > row->max)
		return err_set(err, 0, "--%s takes a number from %lld to %lld", row->name,
			(long long)row->min, (long long)row->max);
	*out = value;
	return 0;
}

static int set(
	const struct option_row *row, const char *text, struct bench_options *out, struct err *err)
{
	void *at = (char *)out + row->offset;

	switch (row->kind) {
	case OPTION_INT:
		return set_int(row, text, at, err);
	case OPTION_TEXT:
		memcpy(at, &text, sizeof(text));
		break;
	case OPTION_SWITCH:
		*(bool *)at = true;
		break;
	}
	return 0;
}

int options_parse(int argc, char **argv, struct bench_options *out, struct err *err)
{
	for (int i = 0; i < argc; i++) {
		const struct option_row *row = NULL;
		const char *name = argv[i], *value = strchr(name, '=');

		if (strncmp(name, "--", 2) == 0)
			row = row_of(
				name + 2, value ? (size_t)(value - name) - 2 : strlen(name) - 2);
		if (!row || (value && row->kind == OPTION_SWITCH))
			return err_set(err, 0, "there is no option %s", name);
		if (value)
			value++;
		else if (row->kind != OPTION_SWITCH && ++i < argc)
			value = argv[i];
		if (!value && row->kind != OPTION_SWITCH)
			return err_set(err, 0, "--%s needs a value", row->name);
		if (set(row, value, out, err) < 0)
			return -1;
	}
	return 0;
}

void options_print_help(void)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		printf("  --%-12s %s\n", rows[i].name, rows[i].help);
}
