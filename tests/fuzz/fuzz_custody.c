/* SPDX-License-Identifier: Apache-2.0 */
/* Files that custodians and operators hand each other: what is taken has the size that was asked
 * for; a share is good only for the set that it was made for. */
#include <stdint.h>
#include <stdlib.h>

#include "custody/armor.h"
#include "custody/share.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_share(const uint8_t *data, size_t size)
{
	struct share_set set;
	struct share share;

	if (size < sizeof(set) + sizeof(share))
		return;
	memcpy(&set, data, sizeof(set));
	memcpy(&share, data + sizeof(set), sizeof(share));
	if (!share_set_is_sound(&set))
		return;
	if (share_check(&set, &share) == SHARE_GOOD && (share.x < 1 || share.x > set.count))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const kinds[] = {
		"lontar-custodian-1", "lontar-custodian-key-1", "lontar-share-1"};
	uint8_t *out = malloc(1024);
	struct arena arena;

	if (!out)
		abort();
	arena_init(&arena);
	for (size_t i = 0; i < 3; i++) {
		size_t want = i == 0 ? 32 : i == 1 ? 128 : 706;

		if (armor_parse(&arena, bytes_of(data, size), kinds[i], out, want, NULL) == 0)
			check_share(out, want);
	}
	check_share(data, size);
	free(out);
	arena_release(&arena);
	return 0;
}
