/* SPDX-License-Identifier: Apache-2.0 */
#include "layered.h"

#include <string.h>

#include "api/dispatch.h"
#include "core/channels/channels.h"
#include "core/accounts/users.h"
#include "tl/read.h"
#include "tl/write.h"

const int layers[LAYERS] = {152, 158, 166, 167, 179, 198, 214, 221, 227, 228};

void layered_read(struct arena *arena, enum tl_name method, const union tl_reply *reply, int layer,
	union tl_reply *back)
{
	struct tl_reader reader;
	struct buf buf;

	buf_init(&buf, 0);
	tl_write_result(&buf, method, reply, layer);
	assert_false(buf.failed);
	/* Decoded strings point into what they were decoded from. */
	tl_reader_init(&reader, arena_bytes(arena, buf_bytes(&buf)), 4 << 20);
	assert_int_equal(tl_read_result(&reader, arena, method, layer, back), 0);
	assert_int_equal(tl_reader_finish(&reader), 0);
	buf_release(&buf);
}

int layered_run(
	struct fixture *f, tl_invoke_fn *invoke, struct tl_object *request, union tl_reply *reply)
{
	union tl_reply back;

	tl_reply_init(reply, request->name, &f->arena);
	if (invoke(&f->call, request, reply) < 0)
		return -1;
	assert_int_equal(fixture_end(f, 0), 0);
	for (size_t i = 0; i < LAYERS; i++) {
		if (tl_name_in_layer(request->name, layers[i]))
			layered_read(&f->arena, request->name, reply, layers[i], &back);
	}
	return 0;
}

int layered_see(
	struct fixture *f, tl_invoke_fn *invoke, struct tl_object *request, union tl_reply *back)
{
	union tl_reply reply;

	if (layered_run(f, invoke, request, &reply) < 0)
		return -1;
	layered_read(&f->arena, request->name, &reply, layers[LAYERS - 1], back);
	return 0;
}

bool layered_ask(struct fixture *f, uint64_t key, int layer, const struct tl_object *query,
	struct arena *arena, union tl_reply *reply)
{
	struct call *call = fixture_call(f, key);
	struct api_request request;
	struct tl_reader reader;
	struct buf bytes, answer;
	bool ok;

	call->layer = layer;
	buf_init(&bytes, 0);
	buf_init(&answer, 0);
	tl_write_object(&bytes, query, layer);
	assert_false(bytes.failed);
	assert_int_equal(
		api_parse(call->arena, buf_bytes(&bytes), NULL, &request, &call->fault), 0);
	ok = fixture_end(f, api_run(call, &request, &answer)) == 0;
	if (ok) {
		tl_reader_init(&reader, arena_bytes(arena, buf_bytes(&answer)), 4 << 20);
		assert_int_equal(tl_read_result(&reader, arena, query->name, layer, reply), 0);
		assert_int_equal(tl_reader_finish(&reader), 0);
	}
	buf_release(&bytes);
	buf_release(&answer);
	return ok;
}

struct tl_object *layered_user(struct fixture *f, int64_t id)
{
	struct tl_inputUser *input = TL_NEW(&f->arena, inputUser);
	struct user seen;

	assert_int_equal(user_view(&f->call, id, &seen), 0);
	input->user_id = id;
	input->access_hash = seen.access_hash;
	return &input->o;
}

struct tl_object *layered_channel(struct fixture *f, int64_t id)
{
	struct tl_inputChannel *input = TL_NEW(&f->arena, inputChannel);

	input->channel_id = id;
	input->access_hash = channel_access_hash(&f->call, id);
	return &input->o;
}

struct tl_object *layered_chat(struct fixture *f, int64_t id)
{
	struct tl_inputPeerChat *input = TL_NEW(&f->arena, inputPeerChat);

	input->chat_id = id;
	return &input->o;
}

struct tl_object *layered_channel_peer(struct fixture *f, int64_t id)
{
	struct tl_inputPeerChannel *input = TL_NEW(&f->arena, inputPeerChannel);

	input->channel_id = id;
	input->access_hash = channel_access_hash(&f->call, id);
	return &input->o;
}

struct bytes layered_keep(struct bytes value)
{
	static uint8_t kept[16][128];
	static size_t next;
	uint8_t *at = kept[next++ % ARRAY_LEN(kept)];

	assert_true(value.size < sizeof(kept[0]));
	memcpy(at, value.data, value.size);
	at[value.size] = 0;
	return bytes_of(at, value.size);
}
