/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an effect to the bytes that one viewer gets. Called by the network threads: pure, no store.
 */
#ifndef API_PUSH_H
#define API_PUSH_H

#include "base/buf.h"
#include "core/effects.h"

struct push_viewer {
	int64_t user;
	int layer;
	struct standing my;  /* in the effect's channel, for effects about one */
	const char *country; /* of the viewer's number, "" unknown */
	struct vault *vault; /* for access hashes */
};

/*
 * Appends the TL Updates object to push. False (nothing appended): this viewer gets nothing, as the
 * effect is none that clients are told of, or as a restriction holds for the viewer.
 * Two viewers with the same layer get the same bytes for EFFECT_ACCOUNT only.
 */
bool api_push(const struct effect *effect, const struct push_viewer *viewer, struct arena *scratch,
	struct buf *out);

/*
 * One effect for viewer after viewer. Posts of a broadcast channel differ only by layer, standing
 * and the channel's access hash: their bytes are made once for as long as layer and standing stay
 * the same, and the hash is put in. Who wrote one gets bytes of its own. Zeroed before the first
 * viewer; released after the last.
 */
struct push_copy {
	struct buf bytes;
	bool reusable;
	size_t hash_at;
	int layer;
	struct standing my;
};

/* What api_push() would append; dead at the next call. Absent: this viewer gets nothing. */
struct bytes api_push_next(struct push_copy *copy, const struct effect *effect,
	const struct push_viewer *viewer, struct arena *scratch);
void push_copy_release(struct push_copy *copy);

#endif
