/* SPDX-License-Identifier: Apache-2.0 */
/* What posts gained while they were still in the square, which their channel had left: nothing new
 * enters there (store/channel_rows.h), so it waits in the home until they come. */
#ifndef STORE_HOME_COUNTS_H
#define STORE_HOME_COUNTS_H

#include "store/channel_rows.h"

void home_counts_add(const struct channel_place *place, int32_t id, const struct post_counts *more);
/* To a row as it stands in the square. */
void home_counts_apply(const struct channel_place *place, struct post_row *row);
/* They are there, or gone: above < id <= upto. */
void home_counts_delete(const struct channel_place *place, int32_t above, int32_t upto);

#endif
