/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the chat list, drafts and notification settings as TL. No store. */
#ifndef API_ENCODE_DIALOG_H
#define API_ENCODE_DIALOG_H

#include "base/arena.h"
#include "core/model.h"

struct dialog_archive;
struct tl_object;

struct tl_object *encode_dialog(struct arena *arena, const struct dialog *dialog);
/* dialogFolder; the archive has a top. */
struct tl_object *encode_archive(struct arena *arena, const struct dialog_archive *archive);
/* dialogPeer. */
struct tl_object *encode_dialog_peer(struct arena *arena, struct peer peer);
/* draftMessage; NULL: draftMessageEmpty. */
struct tl_object *encode_draft(struct arena *arena, const struct message *draft);
/* peerNotifySettings. */
struct tl_object *encode_notify(struct arena *arena, const struct notify_settings *settings);
/* One of the updates of lists and settings; NULL: another kind. */
struct tl_object *encode_dialog_update(struct arena *arena, const struct update *update);

#endif
