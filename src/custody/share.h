/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shares of the root. What may be public about a split is its set: how many shares there are and
 * how many open, whose keeper it is for, a commitment to the root and one to each share. With the
 * set a share is checked by itself: a wrong one is named, and never counted. A share is bound to
 * its set: one of another installation, or of an earlier split, is told apart from a damaged one.
 *
 * All sizes are fixed, and every field is bytes: what comes in is copied, not parsed.
 */
#ifndef CUSTODY_SHARE_H
#define CUSTODY_SHARE_H

#include "base/bytes.h"
#include "base/err.h"
#include "crypto/parcel.h"
#include "crypto/shamir.h"
#include "crypto/sign.h"

#define SHARE_ROOT_SIZE 32
#define SHARE_SET_ID_SIZE 32
#define SHARE_CHECK_SIZE 32

struct share_set {
	uint8_t magic[8];
	uint8_t epoch[4]; /* of the root, little-endian */
	uint8_t threshold, count;
	uint8_t zero[2];
	uint8_t keeper[SIGN_PUBLIC_SIZE]; /* who may ask for the shares (keeper/hello.h) */
	uint8_t root_check[SHARE_CHECK_SIZE];
	uint8_t share_checks[SHAMIR_SHARES_MAX][SHARE_CHECK_SIZE]; /* of share x at [x - 1] */
};

struct share {
	uint8_t set_id[SHARE_SET_ID_SIZE];
	uint8_t x;
	uint8_t y[SHARE_ROOT_SIZE];
};

_Static_assert(sizeof(struct share_set) == 16 + 32 + 32 + 512, "no gaps: it is written as it is");
_Static_assert(sizeof(struct share) == 65, "likewise");

enum share_verdict {
	SHARE_GOOD,
	SHARE_OF_ANOTHER_SET, /* another installation, or an earlier split of this one */
	SHARE_DAMAGED,	      /* says it is of this set, but is not as it was made */
};

/* Whether somebody made this as a set: bounds, magic. Says nothing about who. */
bool share_set_is_sound(const struct share_set *set);
uint32_t share_set_epoch(const struct share_set *set);
/* Whether its shares make this root. */
bool share_set_is_of(const struct share_set *set, const uint8_t root[SHARE_ROOT_SIZE]);
void share_set_id(const struct share_set *set, uint8_t out[SHARE_SET_ID_SIZE]);

/* -1: threshold and count are no pair of 2 <= threshold <= count <= SHAMIR_SHARES_MAX. The caller
 * wipes the shares, of which it has `count`. */
MUST_CHECK int shares_make(const uint8_t root[SHARE_ROOT_SIZE], uint32_t epoch,
	const uint8_t keeper[SIGN_PUBLIC_SIZE], int threshold, int count, struct share_set *set,
	struct share *shares);
enum share_verdict share_check(const struct share_set *set, const struct share *share);
/* From the threshold's number of shares. -1: they don't make the root of the set. The caller wipes
 * it. */
MUST_CHECK int shares_join(
	const struct share_set *set, const struct share *shares, uint8_t root[SHARE_ROOT_SIZE]);

#endif
