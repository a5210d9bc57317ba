/* SPDX-License-Identifier: Apache-2.0 */
/* The address of the masked site as it is written in settings and on the relay's command line. */
#ifndef FETCH_SITE_NAME_H
#define FETCH_SITE_NAME_H

#include "base/err.h"

#define SITE_NAME_MAX                                                                              \
	182 /* as long as fits into the secret of a link: clients cut longer ones off */

/* text: "name:port" or "[address]:port"; host gets no brackets. -1 when it is not of that form. */
MUST_CHECK int site_name_split(
	const char *text, char host[SITE_NAME_MAX + 1], char port[6], struct err *err);

#endif
