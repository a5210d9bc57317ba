/* SPDX-License-Identifier: Apache-2.0 */
/* "date_account", both decimal. */
#include "core/messages/page_mark.h"

#include <stdlib.h>

int page_mark_read(struct call *call, struct bytes text, struct page_mark *out)
{
	char copy[48]; /* two numbers of 64 bits fit */
	char *end;

	*out = (struct page_mark){INT64_MAX, INT64_MAX};
	if (!text.size)
		return 0;
	if (text.size >= sizeof(copy))
		return rpc_error(call, 400, "OFFSET_INVALID");
	memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	out->date_s = strtoll(copy, &end, 10);
	if (*end != '_')
		return rpc_error(call, 400, "OFFSET_INVALID");
	out->account = strtoll(end + 1, &end, 10);
	return *end ? rpc_error(call, 400, "OFFSET_INVALID") : 0;
}

struct bytes page_mark_write(struct arena *arena, struct page_mark mark)
{
	return bytes_from_str(
		arena_printf(arena, "%lld_%lld", (long long)mark.date_s, (long long)mark.account));
}
