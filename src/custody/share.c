/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the commitments that hold a set and its shares together. */
#include "custody/share.h"

static const uint8_t set_magic[8] = {'L', 'N', 'T', 'R', 'S', 'E', 'T', '1'};

bool share_set_is_sound(const struct share_set *set)
{
	return memcmp(set->magic, set_magic, sizeof(set_magic)) == 0 && set->threshold >= 2 &&
	       set->threshold <= set->count && set->count <= SHAMIR_SHARES_MAX;
}

uint32_t share_set_epoch(const struct share_set *set)
{
	return load_u32le(set->epoch);
}

void share_set_id(const struct share_set *set, uint8_t out[SHARE_SET_ID_SIZE])
{
	parcel_hash((struct bytes){0}, "lontar share set", bytes_of(set, sizeof(*set)), out,
		SHARE_SET_ID_SIZE);
}

/* Of the root and of a share's bytes: both are drawn from 2^256 values, nobody finds them by
 * trying. */
static void commit(const char *label, const uint8_t secret[SHARE_ROOT_SIZE], uint8_t x,
	uint8_t out[SHARE_CHECK_SIZE])
{
	parcel_hash(
		bytes_of(secret, SHARE_ROOT_SIZE), label, bytes_of(&x, 1), out, SHARE_CHECK_SIZE);
}

bool share_set_is_of(const struct share_set *set, const uint8_t root[SHARE_ROOT_SIZE])
{
	uint8_t check[SHARE_CHECK_SIZE];

	commit("lontar root", root, 0, check);
	return bytes_equal_secret(check, set->root_check, sizeof(check));
}

int shares_make(const uint8_t root[SHARE_ROOT_SIZE], uint32_t epoch,
	const uint8_t keeper[SIGN_PUBLIC_SIZE], int threshold, int count, struct share_set *set,
	struct share *shares)
{
	struct shamir_share points[SHAMIR_SHARES_MAX];

	if (threshold < 2 ||
		shamir_split(&random_system, root, SHARE_ROOT_SIZE, threshold, count, points) < 0)
		return -1;
	memset(set, 0, sizeof(*set));
	memcpy(set->magic, set_magic, sizeof(set_magic));
	store_u32le(set->epoch, epoch);
	set->threshold = (uint8_t)threshold;
	set->count = (uint8_t)count;
	memcpy(set->keeper, keeper, SIGN_PUBLIC_SIZE);
	commit("lontar root", root, 0, set->root_check);
	for (int i = 0; i < count; i++)
		commit("lontar share", points[i].y, points[i].x, set->share_checks[i]);
	for (int i = 0; i < count; i++) {
		share_set_id(set, shares[i].set_id);
		shares[i].x = points[i].x;
		memcpy(shares[i].y, points[i].y, SHARE_ROOT_SIZE);
	}
	bytes_wipe(points, sizeof(points));
	return 0;
}

enum share_verdict share_check(const struct share_set *set, const struct share *share)
{
	uint8_t id[SHARE_SET_ID_SIZE], check[SHARE_CHECK_SIZE];

	share_set_id(set, id);
	if (memcmp(id, share->set_id, sizeof(id)) != 0)
		return SHARE_OF_ANOTHER_SET;
	if (share->x < 1 || share->x > set->count)
		return SHARE_DAMAGED;
	commit("lontar share", share->y, share->x, check);
	return bytes_equal_secret(check, set->share_checks[share->x - 1], sizeof(check))
		       ? SHARE_GOOD
		       : SHARE_DAMAGED;
}

int shares_join(
	const struct share_set *set, const struct share *shares, uint8_t root[SHARE_ROOT_SIZE])
{
	struct shamir_share points[SHAMIR_SHARES_MAX];
	int result;

	for (int i = 0; i < set->threshold; i++) {
		points[i].x = shares[i].x;
		memcpy(points[i].y, shares[i].y, SHARE_ROOT_SIZE);
	}
	result = shamir_combine(points, set->threshold, SHARE_ROOT_SIZE, root);
	bytes_wipe(points, sizeof(points));
	if (result == 0 && !share_set_is_of(set, root))
		result = -1;
	if (result < 0)
		bytes_wipe(root, SHARE_ROOT_SIZE);
	return result;
}
