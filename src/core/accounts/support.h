/* SPDX-License-Identifier: Apache-2.0 */
/* The account that helps others: the operator names its number (core_env.support). */
#ifndef CORE_SUPPORT_H
#define CORE_SUPPORT_H

#include "core/call.h"

/* As call->user sees it, with the number that the operator gave out. False: there is none. */
bool support_find(struct call *call, struct user *out);

#endif
