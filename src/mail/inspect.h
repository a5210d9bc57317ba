/* SPDX-License-Identifier: Apache-2.0 */
/* Reads one mail with GMime: what mail/protocol.h says of it. For lontar-mail alone, in its cage.
 */
#ifndef MAIL_INSPECT_H
#define MAIL_INSPECT_H

#include "base/err.h"
#include "mail/protocol.h"

/* Before the first mail and before the cage: libraries read their files now. */
MUST_CHECK int mail_inspect_begin(struct err *err);
/* Always fills *out, whose bytes go to the arena. */
void mail_inspect(
	struct bytes file, const struct mail_server *server, struct arena *arena, struct mail *out);

#endif
