/* SPDX-License-Identifier: Apache-2.0 */
/* The installation's terms of service (core_env.terms), and who accepted which text. */
#ifndef CORE_TERMS_H
#define CORE_TERMS_H

#include "core/call.h"

/* What names today's text: JSON, in call->arena. */
struct bytes terms_id(struct call *call);
/* Whether the caller has another text accepted than today's, or none. Never for nobody. */
bool terms_are_due(struct call *call);
void terms_accept(struct call *call, int64_t user);

#endif
