/* SPDX-License-Identifier: Apache-2.0 */
/* The two-letter codes of ISO 3166-1, upper case. */
#ifndef DESK_COUNTRIES_H
#define DESK_COUNTRIES_H

#include "base/bytes.h"

bool country_is_iso(struct bytes code);

#endif
