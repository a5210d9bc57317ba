/* SPDX-License-Identifier: Apache-2.0 */
/* Substrings in any ASCII case. */
#include "core/find.h"

#include "base/text.h"

bool find_folded(struct arena *scratch, struct bytes text, struct bytes low)
{
	if (low.size == 0)
		return true;
	if (low.size > text.size)
		return false;
	return memmem(text_lower(scratch, text), text.size, low.data, low.size) != NULL;
}
