/* SPDX-License-Identifier: Apache-2.0 */
/* The schema steps of the home database, for store_migrate. */
#ifndef STORE_HOME_STEPS_H
#define STORE_HOME_STEPS_H

#include "store/db.h"

extern const struct db_step home_steps[];

#endif
