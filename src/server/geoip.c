/* SPDX-License-Identifier: Apache-2.0 */
#include "server/geoip.h"

#include <maxminddb.h>
#include <stdlib.h>
#include <string.h>

struct geoip {
	MMDB_s db;
};

struct geoip *geoip_open(const char *path, struct err *err)
{
	struct geoip *geoip = calloc(1, sizeof(*geoip));
	int rc;

	if (!geoip) {
		err_set(err, 0, "out of memory");
		return NULL;
	}
	rc = MMDB_open(path, MMDB_MODE_MMAP, &geoip->db);
	if (rc == MMDB_SUCCESS)
		return geoip;
	err_set(err, 0, "[web] geoip: %s: %s", path, MMDB_strerror(rc));
	free(geoip);
	return NULL;
}

void geoip_free(struct geoip *geoip)
{
	if (!geoip)
		return;
	MMDB_close(&geoip->db);
	free(geoip);
}

static bool is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

void geoip_country(const struct geoip *geoip, const struct address *address, char out[3])
{
	struct sockaddr_storage at;
	MMDB_lookup_result_s found;
	MMDB_entry_data_s code;
	int rc;

	memset(out, 0, 3);
	if (!geoip)
		return;
	address_to_sockaddr(address, &at);
	found = MMDB_lookup_sockaddr(&geoip->db, (const struct sockaddr *)&at, &rc);
	if (rc != MMDB_SUCCESS || !found.found_entry ||
		MMDB_get_value(&found.entry, &code, "country", "iso_code", NULL) != MMDB_SUCCESS ||
		!code.has_data || code.type != MMDB_DATA_TYPE_UTF8_STRING || code.data_size != 2)
		return;
	if (is_letter(code.utf8_string[0]) && is_letter(code.utf8_string[1]))
		memcpy(out, code.utf8_string, 2);
}
