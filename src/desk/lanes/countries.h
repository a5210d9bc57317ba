/* SPDX-License-Identifier: Apache-2.0 */
/* The two-letter codes of ISO 3166-1, upper case. */
#ifndef DESK_COUNTRIES_H
#define DESK_COUNTRIES_H

#include "base/bytes.h"

bool country_is_iso(struct bytes code);
/* A Member State of the European Union. */
bool country_is_of_eu(struct bytes code);
/* All of them, "AT,BE,…". */
extern const char countries_of_eu[];

#endif
