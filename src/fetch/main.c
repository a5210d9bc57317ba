/* SPDX-License-Identifier: Apache-2.0 */
/* The `lontar-fetch` program: requests on standard input, answers on standard output. */
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "cage/frame.h"
#include "fetch/transfer.h"
#include "fetch/walls.h"

static const char help[] =
	"lontar-fetch [--allow-loopback] [--allow-private] [--any-port]\n\n"
	"Makes the outbound requests of the other programs, which start it and talk to it over "
	"its\n"
	"standard input and output (src/fetch/protocol.h). It reaches public addresses on the "
	"ports\n"
	"80, 88, 443 and 8443 only. What widens that is for addresses that an operator typed in:\n"
	"  --allow-loopback  this machine too\n"
	"  --allow-private   private networks too (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "
	"fc00::/7)\n"
	"  --any-port        every port\n\n"
	"Example: lontar ledger verify https://example.org:8444/square/ledger (asks it)\n";

/* 0: go on; 1: help was asked for; -1. */
static int read_options(int argc, char **argv, struct fetch_policy *policy)
{
	static const struct option names[] = {{"allow-loopback", no_argument, NULL, 'l'},
		{"allow-private", no_argument, NULL, 'p'}, {"any-port", no_argument, NULL, 'a'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'l')
			policy->loopback = true;
		else if (option == 'p')
			policy->private_networks = true;
		else if (option == 'a')
			policy->any_port = true;
		else
			return option == 'h' ? 1 : -1;
	}
	return optind == argc ? 0 : -1;
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

int main(int argc, char **argv)
{
	struct fetch_policy policy = {0};
	struct transfer *transfer;
	struct err err = {0};
	int rc = read_options(argc, argv, &policy);

	if (rc != 0) {
		fputs(help, rc > 0 ? stdout : stderr);
		return rc > 0 ? 0 : 2;
	}
	rc = transfer_global_init(&err);
	if (rc == 0)
		rc = fetch_walls_enter(&err);
	if (rc == 0) {
		transfer = transfer_new(&policy);
		rc = transfer ? answer_all(transfer, &err)
			      : err_set(&err, 0, "libcurl can't be started");
		transfer_free(transfer);
	}
	if (rc < 0)
		log_error("fetch_failed", "%s", err.text);
	/* The cage lets nothing through that runs at an orderly exit. */
	_exit(rc < 0 ? 1 : 0);
}
