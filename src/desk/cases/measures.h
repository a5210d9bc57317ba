/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a decision can order, one row each: what it takes, what it means for the case, what it is in
 * the terms of the EU's transparency database. The messenger's part is core/posts/orders.h.
 */
#ifndef DESK_MEASURES_H
#define DESK_MEASURES_H

#include "base/bytes.h"

enum measure_until { UNTIL_NO, UNTIL_MAY, UNTIL_MUST };

struct measure {
	const char *name;
	bool by_country;	  /* takes a list of countries */
	enum measure_until until; /* takes the time when it ends by itself */
	bool orders;		  /* writes an order; dismissing does so only to lift one */
	bool holds;		  /* changes something that a reversal would lift */
	bool of_channel;	  /* about the whole channel, also when the case is about a post */
	bool of_accounts;	  /* also about a profile or a bot */
	const char *dsa_field;	  /* NULL: no restriction in the sense of DSA Article 17 */
	const char *dsa_value;
};

/* NULL: there is no such action. */
const struct measure *measure_by_name(struct bytes name);
/* "remove, restrict, …", for who named another. */
extern const char measure_names[];

#endif
