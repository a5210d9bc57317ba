/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is not there: when Lontar or SQLite asks for some at a chosen site, it gets none,
 * once. malloc, calloc and realloc are wrapped by the linker; SQLite is given methods of its own.
 * One thread.
 */
#ifndef TESTS_FAULTS_MEMORY_H
#define TESTS_FAULTS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Once, before SQLite is used. */
void memory_install(void);
/* From here on each site that asks for memory is noted, if none noted it before: what called what,
 * by the innermost frames of the stack. Addresses of this process and of its children. */
void memory_note(void);
/* Those noted since; *sites: the callee's, until the next memory_note; may be NULL. */
size_t memory_noted(const uint64_t **sites);
void memory_note_end(void);
/* The next time that the site asks there is none, once. */
void memory_fail(uint64_t site);
void memory_fail_not(void);
/* While the test itself does something. */
void memory_hold(bool held);
/* As realloc, for the disk itself: neither noted nor refused. */
void *memory_always(void *old, size_t size);

#endif
