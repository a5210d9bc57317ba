/* SPDX-License-Identifier: Apache-2.0 */
/* The buttons under a bot's message between the domain and TL. No store. */
#ifndef API_ENCODE_KEYBOARD_H
#define API_ENCODE_KEYBOARD_H

#include "core/call.h"

struct tl_object;

/* NULL stays NULL. */
struct tl_object *encode_keyboard(struct arena *arena, const struct keyboard *keyboard);
/* NULL: none. Views of what came in. Faults REPLY_MARKUP_INVALID for what is no inline keyboard,
 * BUTTON_TYPE_INVALID. What people send is passed over: keyboards are bots'. */
MUST_CHECK int keyboard_from_input(
	struct call *call, const struct tl_object *markup, struct keyboard **out);

#endif
