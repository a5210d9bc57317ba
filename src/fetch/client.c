/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "fetch/client.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"

/* It keeps to the request's own time; this is for one that was stopped or never scheduled. */
#define PATIENCE_MS 5000

struct fetcher {
	struct helper helper;
	struct buf request, answer;
	uint64_t last_id;
};

void fetch_args(const struct fetch_policy *policy, const char *args[FETCH_ARGS_MAX + 1])
{
	int count = 0;

	if (policy->loopback)
		args[count++] = "--allow-loopback";
	if (policy->private_networks)
		args[count++] = "--allow-private";
	if (policy->any_port)
		args[count++] = "--any-port";
	if (policy->named) {
		args[count++] = "--named";
		args[count++] = policy->named;
	}
	args[count] = NULL;
}

struct fetcher *fetcher_new(const struct helper *helper)
{
	struct fetcher *fetcher = MEM_NEW(struct fetcher);

	fetcher->helper = *helper;
	buf_init(&fetcher->request, FETCH_MESSAGE_MAX);
	buf_init(&fetcher->answer, FETCH_MESSAGE_MAX);
	return fetcher;
}

struct fetcher *fetcher_start(
	const char *folder, const struct fetch_policy *policy, struct err *err)
{
	const char *args[FETCH_ARGS_MAX + 1];
	struct helper helper;

	fetch_args(policy, args);
	if (helper_start(&helper, folder, FETCH_PROGRAM, args, err) < 0)
		return NULL;
	return fetcher_new(&helper);
}

void fetcher_stop(struct fetcher *fetcher)
{
	if (!fetcher)
		return;
	helper_stop(&fetcher->helper);
	buf_release(&fetcher->request);
	buf_release(&fetcher->answer);
	free(fetcher);
}

void fetcher_end(struct fetcher *fetcher)
{
	helper_stop(&fetcher->helper);
}

void fetcher_interrupt(struct fetcher *fetcher)
{
	helper_interrupt(&fetcher->helper);
}

int fetcher_ask(struct fetcher *fetcher, const struct fetch_request *request,
	struct fetch_answer *answer, struct err *err)
{
	struct fetch_request numbered = *request;

	numbered.id = ++fetcher->last_id;
	buf_clear(&fetcher->request);
	fetch_request_append(&fetcher->request, &numbered);
	if (fetcher->request.failed || request->timeout_ms > FETCH_TIMEOUT_MAX_MS)
		return err_set(err, EINVAL, "the request is out of bounds");
	if (helper_exchange(&fetcher->helper, buf_bytes(&fetcher->request),
		    (int)request->timeout_ms + PATIENCE_MS, &fetcher->answer, err) < 0)
		return -1;
	if (fetch_answer_parse(buf_bytes(&fetcher->answer), answer) < 0 ||
		answer->id != numbered.id)
		return err_set(err, EPROTO, "lontar-fetch's answer makes no sense");
	return 0;
}
