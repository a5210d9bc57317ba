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
	enum channel_role role; /* in the effect's channel, for effects about one */
	const char *country;	/* of the viewer's number, "" unknown */
	struct vault *vault;	/* for access hashes */
};

/*
 * Appends the TL Updates object to push. False (nothing appended): this viewer gets nothing, as the
 * effect is none that clients are told of, or as a restriction holds for the viewer.
 * Two viewers with the same layer get the same bytes for EFFECT_ACCOUNT only.
 */
bool api_push(const struct effect *effect, const struct push_viewer *viewer, struct arena *scratch,
	struct buf *out);

#endif
