/* SPDX-License-Identifier: Apache-2.0 */
/* Finding text in text, for the searches that look through rows. */
#ifndef CORE_FIND_H
#define CORE_FIND_H

#include "base/arena.h"
#include "base/bytes.h"

/* Whether `low`, which is in lower case, is somewhere in text in any ASCII case. Takes time linear
 * in both: who searches may have written both. Takes text's size from scratch. */
bool find_folded(struct arena *scratch, struct bytes text, struct bytes low);

#endif
