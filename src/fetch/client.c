/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "fetch/client.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cage/helper.h"

/* It keeps to the request's own time; this is for one that was stopped or never scheduled. */
#define PATIENCE_MS 5000

struct fetcher {
	struct helper helper;
	struct buf request, answer;
	uint64_t last_id;
};

struct fetcher *fetcher_start(
	const char *folder, const struct fetch_policy *policy, struct err *err)
{
	struct fetcher *fetcher = MEM_NEW(struct fetcher);
	const char *args[4];
	int count = 0;

	if (policy->loopback)
		args[count++] = "--allow-loopback";
	if (policy->private_networks)
		args[count++] = "--allow-private";
	if (policy->any_port)
		args[count++] = "--any-port";
	args[count] = NULL;
	buf_init(&fetcher->request, FETCH_MESSAGE_MAX);
	buf_init(&fetcher->answer, FETCH_MESSAGE_MAX);
	if (helper_start(&fetcher->helper, folder, "lontar-fetch", args, err) == 0)
		return fetcher;
	free(fetcher);
	return NULL;
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
