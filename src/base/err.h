/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An operating error on its way up: input, peer, disk, network. A function that can fail this way
 * returns 0 or -1 and fills the struct err that the caller passed (NULL: the caller wants no
 * reason). Our own bugs are asserts, never errors. The text is for operators: it never holds
 * private content or keys.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/attr.h"

struct err {
	int code; /* an errno value or a code of the layer that set it; 0 when only the text matters
		   */
	char text[240];
};

/* Both fill *err (NULL is fine) and return -1, so that callers write `return err_set(...)`. */
int err_set(struct err *err, int code, const char *format, ...) PRINTF_LIKE(3, 4);
/* Appends ": strerror(errno)". */
int err_errno(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
