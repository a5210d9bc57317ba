/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking the keeper. A client is used by any number of threads; one question is out at a time, and
 * owners' keys that were asked for are kept, some ten thousand of them, in locked memory.
 */
#ifndef KEEPER_CLIENT_H
#define KEEPER_CLIENT_H

#include "crypto/seal.h"
#include "keeper/wire.h"

struct keeper_client;

/* The one that `lontar serve` runs on this directory; if there is none, one that is started for
 * this client and ends with it. NULL with *err. */
MUST_CHECK struct keeper_client *keeper_client_open(const char *dir, struct err *err);
/* Only one that runs: at this socket. */
MUST_CHECK struct keeper_client *keeper_client_connect(const char *socket, struct err *err);
void keeper_client_free(struct keeper_client *client);

/* -1 with *err: nobody answers. What was answered is in answer->status. The caller wipes both where
 * they hold secrets. */
MUST_CHECK int keeper_client_ask(struct keeper_client *client, const struct keeper_request *request,
	struct keeper_answer *answer, struct err *err);
MUST_CHECK int keeper_client_hello(
	struct keeper_client *client, struct keeper_hello *out, struct err *err);
/* Gives up splitting, for good: for who will meet strangers later. */
MUST_CHECK int keeper_client_yield(struct keeper_client *client, struct err *err);

/* The vault of a home with this chain; the client goes with it (also when this fails). NULL with
 * *err; err->code is EAGAIN when custodians must come first. */
MUST_CHECK struct vault *keeper_client_vault(
	struct keeper_client *client, const struct root_chain *chain, struct err *err);

#endif
