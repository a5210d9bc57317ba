/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The country of an address, by a MaxMind DB file that an operator has (`[web] geoip`): for readers
 * without an account, who have no number. Nothing is asked of anybody, nothing is kept. The file is
 * mapped when the server starts; a newer one is read at the next start, and must take the old one's
 * place by rename: writing into a mapped file breaks who reads it.
 */
#ifndef SERVER_GEOIP_H
#define SERVER_GEOIP_H

#include "base/err.h"
#include "net/address.h"

struct geoip;

/* NULL: it can't be read, or is no such file. */
struct geoip *geoip_open(const char *path, struct err *err);
void geoip_free(struct geoip *geoip);
/* Upper-case ISO 3166-1 code, "" when it is not known, or geoip is NULL. Any thread. */
void geoip_country(const struct geoip *geoip, const struct address *address, char out[3]);

#endif
