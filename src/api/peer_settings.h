/* SPDX-License-Identifier: Apache-2.0 */
/* peerSettings on the wire. https://core.telegram.org/constructor/peerSettings */
#ifndef API_PEER_SETTINGS_H
#define API_PEER_SETTINGS_H

#include "base/arena.h"
#include "core/model.h"

struct tl_object;

/* Strings point into *settings. */
struct tl_object *encode_peer_settings(struct arena *arena, const struct peer_settings *settings);
/* updatePeerSettings of UPDATE_PEER_SETTINGS. */
struct tl_object *encode_peer_settings_update(struct arena *arena, const struct update *update);

#endif
