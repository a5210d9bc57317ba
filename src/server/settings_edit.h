/* SPDX-License-Identifier: Apache-2.0 */
/* Changing one setting in lontar.ini, leaving every other line and comment as it is. */
#ifndef SERVER_SETTINGS_EDIT_H
#define SERVER_SETTINGS_EDIT_H

#include "base/err.h"

/* The row is added (and its section) where the file has none. The file is replaced as a whole, for
 * its owner alone, so that a crash leaves the old or the new one. */
MUST_CHECK int settings_edit(const char *path, const char *section, const char *name,
	const char *value, struct err *err);

#endif
