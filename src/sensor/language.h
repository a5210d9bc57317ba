/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In which language a text is, as Compact Language Detector 2 sees it. Pure: no memory of texts
 * before. Short texts and mixed ones stay unknown: who routes work by it must do without.
 */
#ifndef SENSOR_LANGUAGE_H
#define SENSOR_LANGUAGE_H

#include "base/bytes.h"

#define LANGUAGE_TAG_SIZE 12	/* with the final 0 */
#define LANGUAGE_LOOK_MAX 16384 /* bytes of the text that are looked at */

/* A tag of BCP 47 ("id", "jv", "zh-Hant"). false: the text is not UTF-8, or nothing reliable can be
 * said of it; out is then empty. */
bool language_detect(struct bytes text, char out[LANGUAGE_TAG_SIZE]);

#endif
