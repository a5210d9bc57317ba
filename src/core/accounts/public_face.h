/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public face of an account or bot: what the square has of it while it bears a public name, and
 * what orders of the desk do to it. It is the name, what it calls itself, and what it says of
 * itself where a stranger may read that: nothing else of an account ever gets there.
 *
 * A measure about a person is about strangers. Who has saved him, or was saved by him, or has begun
 * a conversation with him knows him from the home, where the desk has no say, and sees no
 * difference; neither does he. A bot is a program that is offered to everybody: a measure about one
 * holds for all.
 */
#ifndef CORE_PUBLIC_FACE_H
#define CORE_PUBLIC_FACE_H

#include "core/call.h"

/* What the account says of itself, or its name, has changed: the square gets the newest, or loses
 * it with the name. */
void public_face_refresh(struct call *call, int64_t account);
/* Everything about the face anew, from the orders that hold now; those who know a bot, and its own
 * devices, are told. False: it has none. */
bool public_face_measure(struct call *call, int64_t account);
/* At the start: what a crash between the two commits left in the square alone follows the home
 * again. And at the first start with a square that has no faces: makes them. */
void public_faces_repair(struct call *call);

/* What its bearer is called in public; false: it bears no public name. */
bool public_face_name(struct call *call, int64_t account, struct bytes *name);

/* Takes from *user what the viewer may not see of it, and says why. saved: the viewer has saved the
 * account as a contact. */
void public_face_view(struct call *call, int64_t viewer, bool saved, struct user *user);
/* Nothing that looks for people or bots may find it for call->user. */
bool public_face_is_gone(struct call *call, int64_t account);
/* Not even what it says of itself is shown to call->user. */
bool public_face_is_hidden(struct call *call, int64_t account);
/* Before call->user writes to somebody in private, and one of the two is a bot. Fault
 * CHAT_WRITE_FORBIDDEN where a measure keeps it from the other. */
MUST_CHECK int public_face_check_bot(struct call *call, int64_t to);
/* The same before anything else that reaches the other side of a chat: changes of what was written,
 * pins, pressed buttons, typing. Passes where neither is a bot, and for groups and channels. */
MUST_CHECK int public_face_check_chat(struct call *call, struct peer chat);
/* The same where only the server knows whom a bot reaches: what is removed for everybody is refused
 * to call->user. */
MUST_CHECK int public_face_check_self(struct call *call);

#endif
