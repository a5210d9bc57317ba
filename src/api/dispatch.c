/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The method table, unwrapping, and the call of a handler. The rows are in methods_*.def, the typed
 * calls are generated from schema/ (api/invoke.h).
 */
#include "api/dispatch.h"

#include <stdio.h>

#include "api/invoke.h"
#include "core/accounts/users.h"
#include "base/log.h"
#include "tl/read.h"
#include "tl/write.h"

/* A wrapper inside a wrapper inside a wrapper: clients nest three; eight leaves room (E17). */
#define WRAPPERS_MAX 8
/* What decoding may take from the arena, as a multiple of the query's size, and for small ones. */
#define DECODE_FACTOR 16
#define DECODE_ROOM 16384

struct api_method {
	const char *text;
	enum api_who who;
	enum api_rate rate;
	enum api_tx tx;
	tl_invoke_fn *invoke;
	/* Without one: */
	enum tl_name answer;
	bool done;
	struct fault refusal;
};

#define M(method, caller, class, needs)                                                            \
	[TL_##method] = {.text = #method,                                                          \
		.who = caller,                                                                     \
		.rate = class,                                                                     \
		.tx = needs,                                                                       \
		.invoke = tl_invoke_##method},
#define BARE(method, caller) .text = #method, .who = caller, .rate = RATE_LIGHT, .tx = TX_NONE
#define EMPTY(method, caller, constructor)                                                         \
	[TL_##method] = {BARE(method, caller), .answer = TL_##constructor},
#define DONE(method, caller) [TL_##method] = {BARE(method, caller), .done = true},
#define REFUSED(method, caller, number, error)                                                     \
	[TL_##method] = {BARE(method, caller), .refusal = {number, error}},
static const struct api_method methods[TL_NAME_COUNT] = {
#include "api/methods_dialogs.def"
#include "api/methods_bots.def"
#include "api/methods_channels.def"
#include "api/methods_chats.def"
#include "api/methods_contacts.def"
#include "api/methods_empty.def"
#include "api/methods_help.def"
#include "api/methods_reactions.def"
#include "api/methods_invites.def"
#include "api/methods_login.def"
#include "api/methods_members.def"
#include "api/methods_messages.def"
#include "api/methods_password.def"
#include "api/methods_privacy.def"
#include "api/methods_settings.def"
#include "api/methods_reports.def"
#include "api/methods_posts.def"
#include "api/methods_secret.def"
#include "api/methods_square.def"
#include "api/methods_threads.def"
	/* Concerns keys alone: the server answers it before any handler. */
	[TL_auth_bindTempAuthKey] = {.text = "auth_bindTempAuthKey",
		.who = FOR_UNBOUND,
		.rate = RATE_NORMAL,
		.tx = TX_NONE},
};
#undef M
#undef BARE
#undef EMPTY
#undef DONE
#undef REFUSED

const char *api_method_name(const struct api_method *method)
{
	return method->text;
}

enum api_who api_method_who(const struct api_method *method)
{
	return method->who;
}

enum api_rate api_method_rate(const struct api_method *method)
{
	return method->rate;
}

enum api_tx api_method_tx(const struct api_method *method)
{
	return method->tx;
}

static int refuse(struct fault *fault, int code, const char *text)
{
	fault->code = code;
	snprintf(fault->text, sizeof(fault->text), "%s", text);
	return -1;
}

static int note_layer(struct api_request *out, int32_t layer, struct fault *fault)
{
	if (layer < API_LAYER_MIN)
		return refuse(fault, 400, "CONNECTION_LAYER_INVALID");
	out->layer = layer;
	return 0;
}

static void note_device(struct api_request *out, const struct tl_initConnection *init)
{
	out->device = (struct api_device){
		.present = true,
		.api_id = init->api_id,
		.model = init->device_model,
		.system_version = init->system_version,
		.app_version = init->app_version,
		.language = init->lang_code,
	};
}

/* One wrapper may stand inside another: all of them count. */
static void note_after(
	struct arena *arena, struct api_request *out, const int64_t *ids, uint32_t count)
{
	int64_t *all = arena_array(arena, (size_t)out->after.count + count, sizeof(*all));

	if (out->after.count)
		memcpy(all, out->after.at, out->after.count * sizeof(*all));
	if (count)
		memcpy(all + out->after.count, ids, count * sizeof(*all));
	out->after = (struct tl_longs){out->after.count + count, all};
}

/* 1: *query holds what was inside a wrapper; 0: it is no wrapper; -1: refused. */
static int unwrap(struct arena *arena, const struct tl_object *object, struct api_request *out,
	struct bytes *query, struct fault *fault)
{
	const struct tl_invokeWithLayer *with_layer = TL_AS(invokeWithLayer, object);
	const struct tl_initConnection *init = TL_AS(initConnection, object);
	const struct tl_invokeAfterMsg *after = TL_AS(invokeAfterMsg, object);
	const struct tl_invokeAfterMsgs *after_all = TL_AS(invokeAfterMsgs, object);
	const struct tl_invokeWithoutUpdates *quiet = TL_AS(invokeWithoutUpdates, object);

	if (with_layer) {
		*query = with_layer->query;
		return note_layer(out, with_layer->layer, fault) < 0 ? -1 : 1;
	}
	if (init) {
		note_device(out, init);
		*query = init->query;
		return 1;
	}
	if (quiet) {
		out->without_updates = true;
		*query = quiet->query;
		return 1;
	}
	if (after) {
		note_after(arena, out, &after->msg_id, 1);
		*query = after->query;
		return 1;
	}
	if (after_all) {
		note_after(arena, out, after_all->msg_ids.at, after_all->msg_ids.count);
		*query = after_all->query;
		return 1;
	}
	return 0;
}

/* With the text that clients are known to bear for what a server does not have. */
static int refuse_unserved(struct api_request *out, struct bytes query, struct fault *fault)
{
	out->unserved = true;
	if (out->query)
		log_debug("method_unserved", "%s", tl_name_text(out->query->name));
	else
		log_debug("method_unserved", "%08x", load_u32le(query.data));
	return refuse(fault, 400, "INPUT_METHOD_INVALID");
}

static int decode(
	struct arena *arena, struct bytes query, struct api_request *out, struct fault *fault)
{
	struct tl_reader reader;

	tl_reader_init(&reader, query, query.size * DECODE_FACTOR + DECODE_ROOM);
	out->query = tl_read_method(&reader, arena);
	if (out->query && tl_reader_finish(&reader) == 0)
		return 0;
	if (reader.fault == TL_FAULT_UNKNOWN_ID)
		return refuse_unserved(out, query, fault);
	return refuse(fault, 400, "INPUT_FETCH_ERROR");
}

/* TDLib packs what is inside its wrappers, not the whole. Once only: *inflate is spent. */
static int unpack(
	struct arena *arena, api_inflate_fn **inflate, struct bytes *query, struct fault *fault)
{
	struct tl_reader reader;
	struct buf plain = {0};
	struct bytes packed;

	tl_reader_init(&reader, *query, 0);
	if (!*inflate || tl_peek_id(&reader) != TL_ID_gzip_packed)
		return 0;
	(void)tl_read_int(&reader);
	packed = tl_read_bytes(&reader);
	if (tl_reader_finish(&reader) < 0 || (*inflate)(packed, &plain) < 0) {
		buf_release(&plain);
		return refuse(fault, 400, "INPUT_FETCH_ERROR");
	}
	*query = arena_bytes(arena, buf_bytes(&plain));
	*inflate = NULL;
	buf_release(&plain);
	return 0;
}

int api_parse(struct arena *arena, struct bytes body, api_inflate_fn *inflate,
	struct api_request *out, struct fault *fault)
{
	struct bytes query = arena_bytes(arena, body);

	*out = (struct api_request){0};
	for (int depth = 0; depth <= WRAPPERS_MAX; depth++) {
		int wrapped;

		if (unpack(arena, &inflate, &query, fault) < 0)
			return -1;
		if (decode(arena, query, out, fault) < 0)
			return -1;
		wrapped = unwrap(arena, out->query, out, &query, fault);
		if (wrapped < 0)
			return -1;
		if (wrapped)
			continue;
		out->method = &methods[out->query->name];
		if (out->method->text)
			return 0;
		return refuse_unserved(out, query, fault);
	}
	return refuse(fault, 400, "INPUT_LAYER_INVALID");
}

static int answer_of(struct call *call, const struct api_request *request, union tl_reply *reply)
{
	const struct api_method *method = request->method;

	if (method->invoke)
		return method->invoke(call, request->query, reply);
	if (method->refusal.code)
		return rpc_error(call, method->refusal.code, method->refusal.text);
	if (method->answer != TL_NONE)
		reply->object = tl_object_of(call->arena, method->answer);
	if (method->done)
		reply->boolean = true;
	return 0;
}

int api_run(struct call *call, const struct api_request *request, struct buf *answer)
{
	union tl_reply reply;

	tl_reply_init(&reply, request->query->name, call->arena);
	if (answer_of(call, request, &reply) < 0)
		return -1;
	if (request->method->tx == TX_SEND)
		user_was_here(call); /* who writes is seen to be here, as people expect */
	tl_write_result(answer, request->query->name, &reply, call->layer);
	if (answer->failed)
		return rpc_error(call, 500, "INTERNAL");
	return 0;
}
