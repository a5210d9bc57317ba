/* SPDX-License-Identifier: Apache-2.0 */
/* What the codec's tests share. */
#ifndef UNIT_TL_UNIT_H
#define UNIT_TL_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "tl/read.h"
#include "tl/write.h"

/* Group teardown: a test that forgets its arena fails the whole program. */
static inline int no_arena_leaked(void **state)
{
	return arena_blocks_alive() == 0 ? 0 : -1;
}

/* The object's bytes in the layer, as hex in the arena. */
static inline const char *hex_of(struct arena *arena, const struct tl_object *object, int layer)
{
	struct buf buf = {0};
	const char *hex;

	tl_write_object(&buf, object, layer);
	assert_false(buf.failed);
	hex = text_hex(arena, buf_bytes(&buf));
	buf_release(&buf);
	return hex;
}

static inline struct tl_object *peer_user(struct arena *arena, int64_t id)
{
	struct tl_peerUser *peer = TL_NEW(arena, peerUser);

	peer->user_id = id;
	return &peer->o;
}

#endif
