/* SPDX-License-Identifier: Apache-2.0 */
/* lontar vault custodian: the key of somebody who keeps a share, made on that person's machine. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "server/commands.h"
#include "server/vault_files.h"

static const char usage[] =
	"Usage: lontar vault custodian new FILE [--passphrase-file FILE]\n"
	"\n"
	"For a custodian, on a machine of your own. Makes a key: the secret half in FILE, locked\n"
	"with a passphrase that you are asked for (12 characters at least; nobody can replace "
	"it),\n"
	"the public half in FILE.pub. Give FILE.pub to the operator; keep FILE and the passphrase\n"
	"to yourself, with a copy at another place.\n"
	"\n"
	"Example: lontar vault custodian new ani.key\n";

static int make(const char *path, const char *passphrase_file, struct err *err)
{
	char fingerprint[PARCEL_FINGERPRINT_SIZE];
	struct passphrase phrase;
	struct parcel_keys keys;
	int result;

	if (passphrase_read(&phrase, passphrase_file, true, err) < 0)
		return -1;
	parcel_keys_new(&keys);
	result = custodian_files_write(path, &keys, &phrase, err);
	parcel_fingerprint(bytes_of(keys.public_key, sizeof(keys.public_key)), fingerprint);
	bytes_wipe(&keys, sizeof(keys));
	bytes_wipe(&phrase, sizeof(phrase));
	if (result == 0)
		printf("%s      keep it, and the passphrase, to yourself\n"
		       "%s.pub  give it to the operator, and tell the fingerprint by another way:\n"
		       "  %s\n",
			path, path, fingerprint);
	return result;
}

int vault_custodian(int argc, char **argv)
{
	static const struct option options[] = {{"passphrase-file", required_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'}, {0}};
	const char *passphrase_file = NULL;
	struct err err = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (c != 'p')
			return 2;
		passphrase_file = optarg;
	}
	if (argc - optind != 2 || strcmp(argv[optind], "new") != 0) {
		fputs(usage, stderr);
		return 2;
	}
	if (make(argv[optind + 1], passphrase_file, &err) == 0)
		return 0;
	fprintf(stderr, "lontar vault custodian: %s\n", err.text);
	return 1;
}
