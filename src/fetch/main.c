/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The `lontar-fetch` program: requests on standard input, answers on standard output; or, with
 * --relay, strangers' connections on to one site.
 */
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "cage/frame.h"
#include "cage/starter.h"
#include "fetch/client.h"
#include "fetch/relay.h"
#include "fetch/site_name.h"
#include "fetch/transfer.h"
#include "fetch/walls.h"

#define FILES_BESIDE 64 /* the relay's, beside two for each stranger */

static const char help[] =
	"lontar-fetch [--allow-loopback] [--allow-private] [--any-port] [--named ADDRESSES]\n"
	"lontar-fetch --relay NAME:PORT --relay-fd N [--own ADDRESSES] [--public-only] "
	"[--strangers N] [--strangers-per-address N]\n"
	"lontar-fetch --starter-fd N [--named ADDRESSES ...]\n\n"
	"Makes the outbound requests of the other programs, which start it and talk to it over "
	"its\n"
	"standard input and output (src/fetch/protocol.h). It reaches public addresses on the "
	"ports\n"
	"80, 88, 443 and 8443 only. What widens that is for addresses that an operator typed in:\n"
	"  --allow-loopback  this machine too\n"
	"  --allow-private   private networks too (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "
	"fc00::/7)\n"
	"  --any-port        every port\n"
	"  --named ADDRESSES single addresses beside the public ones, e.g. "
	"127.0.0.1:25,10.0.0.7:8080\n"
	"Letters go to the ports 25, 465 and 587, mailboxes are at 143 and 993.\n\n"
	"With --relay it takes connections from the messenger by descriptor N and passes them on "
	"to that\n"
	"one site, byte for byte (docs/operating.md, \"Where Telegram is blocked\"). `lontar "
	"serve` "
	"starts it.\n"
	"  --own ADDRESSES   8443,203.0.113.1:443: a port of this machine and addresses that lead "
	"back to\n"
	"                    the messenger: they are never taken for the site\n"
	"  --public-only     nor are addresses that are not of the public internet\n\n"
	"Example: lontar ledger verify https://example.org:8444/square/ledger (asks it)\n";

struct fetch_options {
	struct fetch_policy policy;
	struct relay_options relay; /* site NULL: requests */
	int relay_fd;
	int starter_fd; /* -1: this process fetches by itself */
};

static bool read_number(const char *text, long most, size_t *out)
{
	char *end;
	long value = strtol(text, &end, 10);

	*out = (size_t)value;
	return *text && !*end && value >= 0 && value <= most;
}

static bool read_relay_option(int option, const char *text, struct fetch_options *out)
{
	size_t fd = 0;

	switch (option) {
	case 'r':
		out->relay.site.text = text;
		return true;
	case 'w':
		out->relay.site.own = text;
		return true;
	case 'u':
		out->relay.site.public_only = true;
		return true;
	case 'f':
	case 't':
		if (!read_number(text, INT_MAX, &fd))
			return false;
		*(option == 'f' ? &out->relay_fd : &out->starter_fd) = (int)fd;
		return true;
	case 's':
		return read_number(text, RELAY_STRANGERS_MAX, &out->relay.strangers_max);
	case 'o':
		return read_number(text, RELAY_STRANGERS_MAX, &out->relay.per_address);
	default:
		return false;
	}
}

/* 0: go on; 1: help was asked for; -1. */
static int read_options(int argc, char **argv, struct fetch_options *out)
{
	static const struct option names[] = {{"allow-loopback", no_argument, NULL, 'l'},
		{"allow-private", no_argument, NULL, 'p'}, {"any-port", no_argument, NULL, 'a'},
		{"named", required_argument, NULL, 'n'}, {"relay", required_argument, NULL, 'r'},
		{"relay-fd", required_argument, NULL, 'f'},
		{"starter-fd", required_argument, NULL, 't'}, {"own", required_argument, NULL, 'w'},
		{"public-only", no_argument, NULL, 'u'},
		{"strangers", required_argument, NULL, 's'},
		{"strangers-per-address", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	struct fetch_policy *policy = &out->policy;
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'l')
			policy->loopback = true;
		else if (option == 'p')
			policy->private_networks = true;
		else if (option == 'a')
			policy->any_port = true;
		else if (option == 'n')
			policy->named = optarg;
		else if (!read_relay_option(option, optarg, out))
			return option == 'h' ? 1 : -1;
	}
	return optind == argc && (!out->relay.site.text || out->relay_fd >= 0) ? 0 : -1;
}

static int answer_one(
	struct transfer *transfer, struct bytes message, struct buf *out, struct err *err)
{
	struct fetch_request request;
	struct fetch_answer answer;

	if (fetch_request_parse(message, &request) == 0)
		transfer_run(transfer, &request, &answer);
	else
		answer = (struct fetch_answer){.id = request.id,
			.result = FETCH_BAD_REQUEST,
			.reason = "the request is out of bounds"};
	buf_clear(out);
	fetch_answer_append(out, &answer);
	return frame_send(STDOUT_FILENO, buf_bytes(out), err);
}

static int answer_all(struct transfer *transfer, struct err *err)
{
	struct buf in, out;
	int rc;

	buf_init(&in, FETCH_MESSAGE_MAX);
	buf_init(&out, FETCH_MESSAGE_MAX);
	while ((rc = frame_receive(STDIN_FILENO, &in, err)) > 0) {
		rc = answer_one(transfer, buf_bytes(&in), &out, err);
		if (rc < 0)
			break;
		/* Between requests no large buffer is held. */
		buf_release(&in);
		buf_release(&out);
	}
	buf_release(&in);
	buf_release(&out);
	return rc;
}

static int serve_requests(const struct fetch_policy *policy, struct err *err)
{
	struct transfer *transfer;
	int rc;

	if (transfer_global_init(err) < 0 || fetch_walls_enter(err) < 0)
		return -1;
	transfer = transfer_new(policy);
	rc = transfer ? answer_all(transfer, err) : err_set(err, 0, "libcurl can't be started");
	transfer_free(transfer);
	return rc;
}

/* Others like this one, for who may not start them (cage/starter.h). */
_Noreturn static void serve_starter(const struct fetch_options *options)
{
	const char *args[FETCH_ARGS_MAX + 1];
	const struct starter_program programs[] = {{FETCH_PROGRAM, args}};

	fetch_args(&options->policy, args);
	starter_serve(options->starter_fd, NULL, programs, ARRAY_LEN(programs));
}

static int serve_strangers(const struct fetch_options *options, struct err *err)
{
	char host[SITE_NAME_MAX + 1], port[6];

	if (site_name_split(options->relay.site.text, host, port, err) < 0)
		return -1;
	/* The cage closes every descriptor above standard error. */
	if (dup2(options->relay_fd, STDIN_FILENO) < 0)
		return err_errno(err, "no such descriptor: %d", options->relay_fd);
	if (fetch_walls_enter_relay((uint16_t)strtol(port, NULL, 10),
		    2 * options->relay.strangers_max + FILES_BESIDE, err) < 0)
		return -1;
	return relay_run(&options->relay, STDIN_FILENO, err);
}

int main(int argc, char **argv)
{
	struct fetch_options options = {.relay_fd = -1,
		.starter_fd = -1,
		.relay = {
			.strangers_max = RELAY_STRANGERS_MAX, .per_address = RELAY_STRANGERS_MAX}};
	struct err err = {0};
	int rc = read_options(argc, argv, &options);

	if (rc != 0) {
		fputs(help, rc > 0 ? stdout : stderr);
		return rc > 0 ? 0 : 2;
	}
	if (options.starter_fd >= 0)
		serve_starter(&options);
	rc = options.relay.site.text ? serve_strangers(&options, &err)
				     : serve_requests(&options.policy, &err);
	if (rc < 0)
		log_error("fetch_failed", "%s", err.text);
	/* The cage lets nothing through that runs at an orderly exit. */
	_exit(rc < 0 ? 1 : 0);
}
