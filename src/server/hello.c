/* SPDX-License-Identifier: Apache-2.0 */
/* One write per change: a mark of what was stored last stays with the key in memory. */
#include "server/hello.h"

#include <stdlib.h>

#include "api/dispatch.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "store/home_keys.h"

/* Longer names of devices are cut: they come from strangers, and are shown in one line. */
#define HELLO_TEXT_MAX 128
/* So exactly is known when a login was used last: some connections last for weeks. */
#define ACTIVE_EVERY_S 3600

struct hello {
	struct executor_job job;
	struct arena arena;
	uint64_t perm_id;
	int layer;
	struct home_device device;
	int64_t now_s;
};

void hello_free(struct hello *hello)
{
	if (!hello)
		return;
	arena_release(&hello->arena);
	free(hello);
}

static struct bytes cut(struct arena *arena, struct bytes text)
{
	if (!text_is_utf8(text))
		return arena_bytes(arena, BYTES_LITERAL(""));
	if (text.size > HELLO_TEXT_MAX) {
		text.size = HELLO_TEXT_MAX;
		/* Not in the middle of a character. */
		while (text.size && (text.data[text.size] & 0xc0) == 0x80)
			text.size--;
	}
	return arena_bytes(arena, text);
}

static struct hello *hello_new(const struct net_thread *thread, int layer)
{
	struct hello *hello = MEM_NEW(struct hello);

	arena_init(&hello->arena);
	hello->layer = layer;
	hello->now_s = thread_now_s(thread);
	return hello;
}

static void fill_device(struct hello *hello, const struct api_device *device)
{
	hello->device.api_id = device->api_id;
	hello->device.model = cut(&hello->arena, device->model);
	hello->device.system_version = cut(&hello->arena, device->system_version);
	hello->device.app_version = cut(&hello->arena, device->app_version);
	hello->device.language = cut(&hello->arena, device->language);
}

static uint64_t mark_of(const struct hello *hello)
{
	const struct home_device *device = &hello->device;
	uint8_t digest[HASH_SHA256_SIZE];
	struct buf text = {0};

	buf_printf(&text, "%d %d", hello->layer, device->api_id);
	for (size_t i = 0; i < 4; i++) {
		struct bytes parts[] = {device->model, device->system_version, device->app_version,
			device->language};

		buf_append_u32le(&text, (uint32_t)parts[i].size);
		buf_append_bytes(&text, parts[i]);
	}
	hash_sha256(buf_bytes(&text), digest);
	buf_release(&text);
	return load_u64le(digest) | 1; /* 0: nothing was stored */
}

static int hello_run(struct executor_job *base, struct store *store)
{
	struct hello *hello = LIST_OWNER(base, struct hello, job);
	struct db *db = store_home(store);

	if (hello->layer)
		home_keys_set_layer(db, hello->perm_id, hello->layer);
	if (hello->device.model.data)
		home_keys_set_device(
			db, store->vault, &hello->arena, hello->perm_id, &hello->device);
	home_keys_set_active(db, hello->perm_id, hello->now_s);
	return 0;
}

static void hello_finish(struct executor_job *base, bool ok)
{
	if (!ok)
		log_warn("hello_lost", "a device's name and layer were not stored");
	hello_free(LIST_OWNER(base, struct hello, job));
}

static bool active_is_due(const struct net_thread *thread, const struct ring_key *key)
{
	return key->key.user_id && thread_now_s(thread) - key->active_noted_s >= ACTIVE_EVERY_S;
}

static void hello_store(struct net_thread *thread, struct ring_key *key, struct hello *hello)
{
	uint64_t mark = mark_of(hello);

	if (hello->device.model.data && mark == key->hello_mark && !active_is_due(thread, key)) {
		hello_free(hello);
		return;
	}
	if (hello->device.model.data)
		key->hello_mark = mark;
	key->active_noted_s = hello->now_s;
	hello->perm_id = keyring_perm_id(&key->key);
	hello->job.run = hello_run;
	hello->job.finish = hello_finish;
	executor_submit(thread->node->writer, &hello->job);
}

void hello_note(struct net_thread *thread, struct ring_key *key, const struct api_request *request)
{
	bool layer_is_new = request->layer && request->layer != key->key.layer;
	struct hello *hello;

	if (layer_is_new)
		key->key.layer = request->layer;
	if (!layer_is_new && !request->device.present && !active_is_due(thread, key))
		return;
	hello = hello_new(thread, key->key.layer);
	if (request->device.present)
		fill_device(hello, &request->device);
	if (keyring_perm_id(&key->key)) {
		hello_store(thread, key, hello);
	} else if (request->device.present || !key->hello) {
		hello_free(key->hello);
		key->hello = hello;
	} else {
		key->hello->layer = hello->layer;
		hello_free(hello);
	}
}

void hello_bound(struct net_thread *thread, struct ring_key *key)
{
	if (key->hello)
		hello_store(thread, key, key->hello);
	key->hello = NULL;
}
