/* SPDX-License-Identifier: Apache-2.0 */
/*
 * malloc for sizes that we chose or bounded before: running out of memory ends the process (the
 * supervisor starts it again), because no path that would go on without memory can be tested. That
 * holds for SQLite and jansson as well. Free with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

#include "base/attr.h"

/* Never NULL; not zeroed. size 0 gives a valid pointer. */
MUST_CHECK void *mem_alloc(size_t size);
/* Never NULL; zeroed; ends the process when count * size overflows. */
MUST_CHECK void *mem_zalloc(size_t count, size_t size);
/* As realloc, never NULL. */
MUST_CHECK void *mem_realloc(void *old, size_t size);

/* A copy, with an end that the source may lack. Never NULL. */
MUST_CHECK char *mem_strdup(const char *text);
MUST_CHECK char *mem_strndup(const void *text, size_t size);
/* For libraries that say that there was none instead of ending the process. */
_Noreturn void mem_exhausted(const char *who);

#define MEM_NEW(type) ((type *)mem_zalloc(1, sizeof(type)))

#endif
