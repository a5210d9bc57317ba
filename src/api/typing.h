/* SPDX-License-Identifier: Apache-2.0 */
/* SendMessageAction, both ways. https://core.telegram.org/type/SendMessageAction */
#ifndef API_TYPING_H
#define API_TYPING_H

#include "base/arena.h"
#include "core/model.h"

struct tl_object;

struct tl_object *encode_typing_action(
	struct arena *arena, enum typing_action action, int32_t progress);
/* False: a kind that nobody is told of. */
bool typing_from_input(
	const struct tl_object *input, enum typing_action *action, int32_t *progress);

#endif
