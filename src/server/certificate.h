/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate's files, as the settings name them. What is done with them is in net/tls.h. */
#ifndef SERVER_CERTIFICATE_H
#define SERVER_CERTIFICATE_H

#include "net/tls.h"
#include "server/installation.h"

bool certificate_is_configured(const struct installation *in);
/* Both files, one after the other, appended to *out: PEM that tls_new() takes for certificate and
 * key. The caller wipes it. */
MUST_CHECK int certificate_read(const struct installation *in, struct buf *out, struct err *err);
/* Into *tls: made if it is NULL, else given the files' certificate. *tls stays NULL if none is
 * configured. Logs until when it is good. */
MUST_CHECK int certificate_load(const struct installation *in, struct tls **tls, struct err *err);

#endif
