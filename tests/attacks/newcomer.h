/* SPDX-License-Identifier: Apache-2.0 */
/* One honest client that comes while an attack goes on, makes a key and leaves. */
#ifndef ATTACKS_NEWCOMER_H
#define ATTACKS_NEWCOMER_H

#include "attacks/attack.h"

/* How long it took, trying again when it is closed; -1: not within patience_ms. The ground's talk
 * goes on meanwhile. */
int64_t newcomer_takes_ms(struct ground *ground, int64_t patience_ms);

#endif
