/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Countries by the calling code of a phone number (ITU-T E.164), and the table that clients draw
 * their list of countries from. Pure functions over a constant table.
 */
#ifndef CORE_COUNTRY_H
#define CORE_COUNTRY_H

#include <stddef.h>

#include "base/bytes.h"

struct country {
	const char *iso2;	  /* upper-case ISO 3166-1; "XK" for Kosovo, as clients know it */
	const char *calling_code; /* digits without + */
	const char *prefixes; /* space-separated digits after a shared calling code; NULL: any */
	const char *name;     /* English */
};

/* Ordered by name. */
const struct country *country_table(size_t *count);
/* The country whose calling code and prefix match the most digits; NULL: none does. */
const struct country *country_of_phone(struct bytes digits);
/* "ID" for 62…, "" when unknown. */
const char *country_code_of_phone(struct bytes digits);

#endif
