/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "fetch/site_name.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int site_name_split(const char *text, char host[SITE_NAME_MAX + 1], char port[6], struct err *err)
{
	const char *colon = strrchr(text, ':'), *end = colon;
	bool brackets = text[0] == '[';
	char *rest;
	long number = colon ? strtol(colon + 1, &rest, 10) : 0;

	text += brackets;
	if (!colon || *rest || number < 1 || number > 65535 || strlen(colon + 1) > 5)
		return err_set(err, 0, "a site is written name:port, e.g. www.example.org:443");
	if (brackets && *--end != ']')
		return err_set(err, 0, "an address of IPv6 is written [address]:port");
	if (end <= text || end - text > SITE_NAME_MAX)
		return err_set(err, 0, "a site's name has 1 to %d bytes", SITE_NAME_MAX);
	memcpy(host, text, (size_t)(end - text));
	host[end - text] = 0;
	memcpy(port, colon + 1, strlen(colon + 1) + 1);
	return 0;
}
