/* SPDX-License-Identifier: Apache-2.0 */
/* The answer to a call that waited for a bot. */
#ifndef API_CALLBACK_H
#define API_CALLBACK_H

#include "base/buf.h"
#include "core/effects.h"

/* Appends what messages.getBotCallbackAnswer is answered by EFFECT_CALLBACK. Any thread. */
void api_callback(const struct effect *effect, int layer, struct arena *arena, struct buf *out);

#endif
