/* SPDX-License-Identifier: Apache-2.0 */
/* The last step of every filter of system calls. */
#ifndef CAGE_FILTER_H
#define CAGE_FILTER_H

#include "base/err.h"

/* Loads libseccomp's filter, unless rc, how making it went, is an error, and releases it. Ends the
 * process where that takes ten seconds. */
MUST_CHECK int cage_filter_load(void *filter, int rc, struct err *err);

#endif
