/* SPDX-License-Identifier: Apache-2.0 */
/* What cmocka.h needs before it, in the order it needs it. */
#ifndef TESTS_CMOCKA_ENV_H
#define TESTS_CMOCKA_ENV_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#endif
