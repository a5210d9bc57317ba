/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate's files, as the settings name them. What is done with them is in net/tls.h. */
#ifndef SERVER_CERTIFICATE_H
#define SERVER_CERTIFICATE_H

#include "net/tls_shared.h"
#include "server/installation.h"

bool certificate_is_configured(const struct installation *in);
/* Into *tls: made if it is NULL, else given the files' certificate. */
MUST_CHECK int certificate_load(const struct installation *in, struct tls **tls, struct err *err);
/* Reads the files and, if they are good, puts them into *fd for other processes (tls_shared.h); *fd
 * is made if it is below 0. -1 and *err: what *fd held stays. */
MUST_CHECK int certificate_share(const struct installation *in, int *fd, struct err *err);

#endif
