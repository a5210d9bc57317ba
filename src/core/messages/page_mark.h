/* SPDX-License-Identifier: Apache-2.0 */
/* Where the next page of a list begins that is ordered by date and account, the newest first: a
 * text that clients give back as they got it. */
#ifndef CORE_PAGE_MARK_H
#define CORE_PAGE_MARK_H

#include "core/call.h"

/* Behind this line. */
struct page_mark {
	int64_t date_s, account;
};

/* No text: before the first line. Fault OFFSET_INVALID. */
MUST_CHECK int page_mark_read(struct call *call, struct bytes text, struct page_mark *out);
struct bytes page_mark_write(struct arena *arena, struct page_mark mark);

#endif
