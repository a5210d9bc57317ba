/* SPDX-License-Identifier: Apache-2.0 */
/* The schema steps of the square database: the messenger and the desk both bring it up to date. */
#ifndef STORE_SQUARE_STEPS_H
#define STORE_SQUARE_STEPS_H

#include "store/db.h"

extern const struct db_step square_steps[];

#endif
