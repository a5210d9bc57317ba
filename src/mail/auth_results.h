/* SPDX-License-Identifier: Apache-2.0 */
/* Authentication-Results (RFC 8601), as far as Lontar asks: did DKIM, SPF or DMARC pass, and for
 * which domain? Pure. */
#ifndef MAIL_AUTH_RESULTS_H
#define MAIL_AUTH_RESULTS_H

#include "mail/protocol.h"

/* One field's value, unfolded. Whoever sends a mail can write such a field into it: it counts only
 * if it is by authserv_id, which the operator's own server puts there (and takes out of what comes
 * in). Appends to mail->results; a method that an earlier field has spoken of already stands in
 * *seen (or-ed 1 << method) and makes both say nothing, as one server says it once: one of them is
 * not its own. The domains go to the arena. */
void auth_results_read(struct bytes value, struct bytes authserv_id, struct arena *arena,
	struct mail *mail, unsigned *seen);

#endif
