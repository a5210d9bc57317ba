/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "keeper/files.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

int keeper_file(const char *dir, const char *name, char *out, size_t size, struct err *err)
{
	int length = snprintf(out, size, "%s/%s", dir, name);

	return length >= 0 && (size_t)length < size
		       ? 0
		       : err_set(err, ENAMETOOLONG,
				 "the path of the data directory is too long for %s", name);
}

uid_t keeper_uid(void)
{
	static uid_t uid;
	static bool known;

	if (!known)
		uid = geteuid();
	known = true;
	return uid;
}
