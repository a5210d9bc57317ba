/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PDQ, the perceptual hash for still images that hash lists against abuse are exchanged in. Written
 * from the published description ("The TMK+PDQF video-hashing algorithm and the PDQ image-hashing
 * algorithm", Facebook 2019): a copy that was scaled or recompressed differs in few bits.
 */
#ifndef MEDIA_PDQ_H
#define MEDIA_PDQ_H

#include <stdint.h>

#include "media/picture.h"

#define PDQ_SIZE 32
/* Customary for exchange: hashes of at most this distance match, and what has less quality than
 * that (a flat image) isn't used at all. */
#define PDQ_MATCH_MAX 31
#define PDQ_QUALITY_MIN 50

/* As it is written in hexadecimal: the most significant bit first. */
struct pdq {
	uint8_t bits[PDQ_SIZE];
};

/* Both sides of the picture are at least 1 and at most PDQ_SIDE_MAX: the caller shrinks what is
 * larger. Up to there the bits are those of the implementation that was published with the
 * description; beyond, about ten of them may differ. Returns the quality, 0 to 100. */
#define PDQ_SIDE_MAX 2048
int pdq_of_picture(const struct picture *picture, struct pdq *out);
/* 0 to 256 bits. */
int pdq_distance(const struct pdq *a, const struct pdq *b);

#endif
