/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The relay: connections of strangers, handed over by the messenger (fetch/hand_over.h), go on to
 * one real site and back, byte for byte, so that whoever probes the messenger's port sees that
 * site. Reaches nothing but that site; reads no byte of what it passes on.
 */
#ifndef FETCH_RELAY_H
#define FETCH_RELAY_H

#include <stddef.h>

#include "base/err.h"
#include "fetch/site.h"

struct relay_options {
	struct site_options site;
	size_t strangers_max; /* at once; more are closed */
	size_t per_address;   /* of these, of one address (of IPv6: of one /64) */
};

#define RELAY_STRANGERS_MAX 4096

/* pair: the descriptor that hand-overs come by. Returns (-1) only when nothing can come any more.
 */
int relay_run(const struct relay_options *options, int pair, struct err *err);

#endif
