/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that is not there: the n-th time that Lontar or SQLite asks for some, it gets none, once.
 * malloc, calloc and realloc are wrapped by the linker; SQLite is given methods of its own.
 * One thread.
 */
#ifndef TESTS_FAULTS_MEMORY_H
#define TESTS_FAULTS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Once, before SQLite is used. */
void memory_install(void);
/* Counts from here on how often memory is asked for. */
void memory_count(void);
size_t memory_counted(void);
/* The point-th time from now (0: the next) there is none. */
void memory_fail(size_t point);
void memory_fail_not(void);
/* While the test itself does something. */
void memory_hold(bool held);
/* As realloc, for the disk itself: neither counted nor refused. */
void *memory_always(void *old, size_t size);

#endif
