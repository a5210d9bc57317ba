/* SPDX-License-Identifier: Apache-2.0 */
/* What a peer is told to be doing while it types, records or chooses. */
#ifndef CORE_TYPING_ACTION_H
#define CORE_TYPING_ACTION_H

/* How a peer is typing: https://core.telegram.org/type/SendMessageAction. */
enum typing_action {
	TYPING_TYPING,
	TYPING_CANCEL,
	TYPING_RECORD_VIDEO,
	TYPING_UPLOAD_VIDEO,
	TYPING_RECORD_AUDIO,
	TYPING_UPLOAD_AUDIO,
	TYPING_UPLOAD_PHOTO,
	TYPING_UPLOAD_DOCUMENT,
	TYPING_PLACE,
	TYPING_CONTACT,
	TYPING_GAME,
	TYPING_RECORD_ROUND,
	TYPING_UPLOAD_ROUND,
	TYPING_STICKER,
};

#endif
