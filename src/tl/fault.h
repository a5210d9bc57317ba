/* SPDX-License-Identifier: Apache-2.0 */
/* Between read.c and read_value.c. */
#ifndef TL_FAULT_H
#define TL_FAULT_H

#include "tl/read.h"

/* Sets the fault unless there is one, and consumes everything: all further reads give zeroes. */
void tl_reader_fail(struct tl_reader *reader, enum tl_fault fault, uint32_t id);

#endif
