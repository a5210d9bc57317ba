/* SPDX-License-Identifier: Apache-2.0 */
/* A mailbox's lines, as lontar-fetch reads them; whatever comes out must be a list that the desk
 * takes whole. The same bytes are also read as such a list. */
#include <stdint.h>
#include <stdlib.h>

#include "fetch/transfer_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t uids[FETCH_UIDS_MAX + 1];
	size_t spaces = 0, count;
	struct buf list;

	buf_init(&list, 0);
	mailbox_read_list(bytes_of(data, size), &list);
	for (size_t i = 0; i < buf_size(&list); i++)
		spaces += buf_data(&list)[i] == ' ';
	count = fetch_uids_parse(buf_bytes(&list), uids, FETCH_UIDS_MAX + 1);
	if (list.failed || spaces > FETCH_UIDS_MAX || count != spaces)
		abort();
	buf_release(&list);
	count = fetch_uids_parse(bytes_of(data, size), uids, FETCH_UIDS_MAX);
	for (size_t i = 0; i < count; i++)
		if (uids[i] == 0)
			abort();
	return 0;
}
