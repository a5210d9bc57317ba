/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/vault_web.h"

#include "base/log.h"
#include "base/text.h"
#include "keeper/client.h"
#include "server/admit.h"
#include "server/node.h"

static void respond(struct http_exchange *exchange, const void *data, size_t size)
{
	http_response_header(&exchange->response, "Content-Type", "application/octet-stream");
	http_response_header(&exchange->response, "Cache-Control", "no-store");
	buf_append(&exchange->response.body, data, size);
	http_respond(exchange);
}

/* The keeper opens a letter in a tenth of a millisecond: asking it here holds nobody up. */
static bool ask(struct http_exchange *exchange, struct node *node,
	const struct keeper_request *request, struct keeper_answer *answer)
{
	struct err err;

	if (!admit_custodian(node, &exchange->request.peer)) {
		http_respond_error(exchange, 429);
		return false;
	}
	if (keeper_client_ask(node->keeper, request, answer, &err) == 0)
		return true;
	log_error("keeper_gone", "%s", err.text);
	http_respond_error(exchange, 503);
	return false;
}

void vault_web_hello(struct http_exchange *exchange, void *owner)
{
	struct keeper_request request = {.op = KEEPER_HELLO};
	struct bytes challenge =
		http_form_value(&exchange->arena, exchange->request.query, "challenge");
	struct keeper_answer answer;

	/* Who gives none learns how things are, and can't tell since when. */
	if (challenge.data &&
		text_unhex(challenge, request.challenge, sizeof(request.challenge)) < 0) {
		http_respond_error(exchange, 400);
		return;
	}
	if (ask(exchange, owner, &request, &answer))
		respond(exchange, &answer.hello, sizeof(answer.hello));
}

void vault_web_share(struct http_exchange *exchange, void *owner)
{
	struct keeper_request request = {.op = KEEPER_SHARE};
	struct keeper_answer answer;

	if (exchange->request.body.size != sizeof(request.letter)) {
		http_respond_error(exchange, 400);
		return;
	}
	memcpy(request.letter, exchange->request.body.data, sizeof(request.letter));
	if (!ask(exchange, owner, &request, &answer))
		return;
	if (answer.status == KEEPER_OK)
		respond(exchange, answer.reply, sizeof(answer.reply));
	else
		http_respond_error(exchange, 409);
}
