/* SPDX-License-Identifier: Apache-2.0 */
/* Calling a method as the dispatcher does, or with its bytes as the network does, and reading what
 * it answers as a client of a layer would. */
#ifndef TESTS_API_LAYERED_H
#define TESTS_API_LAYERED_H

#include "../core/accounts_fixture.h"

#include "api/invoke.h"
#include "tl/object.h"

/* Every generation that is served: the forms of messages and users changed between them. */
#define LAYERS 10
extern const int layers[LAYERS];

/* On the call that is under way, which it ends. The answer must be readable in each layer that has
 * the method. What invoke returned. */
int layered_run(
	struct fixture *f, tl_invoke_fn *invoke, struct tl_object *request, union tl_reply *reply);
/* The same; *reply: what a client of the newest layer reads. */
int layered_see(
	struct fixture *f, tl_invoke_fn *invoke, struct tl_object *request, union tl_reply *reply);
/* An answer of layered_run as a client of the layer reads it, in arena. */
void layered_read(struct arena *arena, enum tl_name method, const union tl_reply *reply, int layer,
	union tl_reply *back);
/* A call of its own by a client of the layer, from bytes to bytes; the answer is in arena. False:
 * refused, and f->call.fault says why. */
bool layered_ask(struct fixture *f, uint64_t key, int layer, const struct tl_object *query,
	struct arena *arena, union tl_reply *reply);
/* As the account of the running call must present another. */
struct tl_object *layered_user(struct fixture *f, int64_t id);
/* A basic group. */
struct tl_object *layered_chat(struct fixture *f, int64_t id);
/* And a channel: as such, and as a peer. */
struct tl_object *layered_channel(struct fixture *f, int64_t id);
struct tl_object *layered_channel_peer(struct fixture *f, int64_t id);
/* A copy that outlives calls, until 16 more are made, with a NUL behind it. */
struct bytes layered_keep(struct bytes value);

#define REQUEST(method) TL_NEW(&f->arena, method)
#define RUN(method, req) assert_int_equal(layered_run(f, tl_invoke_##method, &(req)->o, &reply), 0)
#define SEEN(method, req) assert_int_equal(layered_see(f, tl_invoke_##method, &(req)->o, &reply), 0)
#define REFUSED(method, req, code, text)                                                           \
	fixture_refused(f, layered_run(f, tl_invoke_##method, &(req)->o, &reply), code, text)

#endif
