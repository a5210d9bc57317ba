/* SPDX-License-Identifier: Apache-2.0 */
/* How somebody is typing, between the domain and TL: one row per kind. */
#include "api/typing.h"

#include "tl/schema.h"

#define SIMPLE(K)                                                                                  \
	K(TYPING_TYPING, sendMessageTypingAction)                                                  \
	K(TYPING_CANCEL, sendMessageCancelAction)                                                  \
	K(TYPING_RECORD_VIDEO, sendMessageRecordVideoAction)                                       \
	K(TYPING_RECORD_AUDIO, sendMessageRecordAudioAction)                                       \
	K(TYPING_PLACE, sendMessageGeoLocationAction)                                              \
	K(TYPING_CONTACT, sendMessageChooseContactAction)                                          \
	K(TYPING_GAME, sendMessageGamePlayAction)                                                  \
	K(TYPING_RECORD_ROUND, sendMessageRecordRoundAction)                                       \
	K(TYPING_STICKER, sendMessageChooseStickerAction)

#define UPLOADS(K)                                                                                 \
	K(TYPING_UPLOAD_VIDEO, sendMessageUploadVideoAction)                                       \
	K(TYPING_UPLOAD_AUDIO, sendMessageUploadAudioAction)                                       \
	K(TYPING_UPLOAD_PHOTO, sendMessageUploadPhotoAction)                                       \
	K(TYPING_UPLOAD_DOCUMENT, sendMessageUploadDocumentAction)                                 \
	K(TYPING_UPLOAD_ROUND, sendMessageUploadRoundAction)

struct tl_object *encode_typing_action(
	struct arena *arena, enum typing_action action, int32_t progress)
{
#define ENCODE(kind, constructor)                                                                  \
	case kind:                                                                                 \
		return &TL_NEW(arena, constructor)->o;
#define ENCODE_UPLOAD(kind, constructor)                                                           \
	case kind: {                                                                               \
		struct tl_##constructor *t = TL_NEW(arena, constructor);                           \
		t->progress = progress;                                                            \
		return &t->o;                                                                      \
	}
	switch (action) {
		SIMPLE(ENCODE)
		UPLOADS(ENCODE_UPLOAD)
	}
#undef ENCODE
#undef ENCODE_UPLOAD
	return NULL;
}

bool typing_from_input(const struct tl_object *input, enum typing_action *action, int32_t *progress)
{
	*progress = 0;
#define DECODE(kind, constructor)                                                                  \
	if (input->name == TL_##constructor) {                                                     \
		*action = kind;                                                                    \
		return true;                                                                       \
	}
#define DECODE_UPLOAD(kind, constructor)                                                           \
	if (input->name == TL_##constructor) {                                                     \
		*action = kind;                                                                    \
		*progress = TL_AS(constructor, input)->progress;                                   \
		return true;                                                                       \
	}
	SIMPLE(DECODE)
	UPLOADS(DECODE_UPLOAD)
#undef DECODE
#undef DECODE_UPLOAD
	return false;
}
