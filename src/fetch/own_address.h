/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which addresses lead back to the messenger whose strangers are passed on: a site that is found
 * there would hand them over again, and so on without end.
 */
#ifndef FETCH_OWN_ADDRESS_H
#define FETCH_OWN_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/attr.h"

/* own: "8443,203.0.113.1:443,[2001:db8::1]:443": a port on every address of this machine, and
 * single addresses; NULL: none. */
MUST_CHECK bool own_address_is(const char *own, const struct sockaddr *at, socklen_t size);

#endif
