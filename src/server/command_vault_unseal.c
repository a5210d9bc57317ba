/* SPDX-License-Identifier: Apache-2.0 */
/* lontar vault unseal: a custodian brings a share, from a machine of their own. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "server/commands.h"
#include "server/vault_call.h"
#include "server/vault_files.h"

static const char usage[] =
	"Usage: lontar vault unseal --server HOST:PORT --share FILE --key FILE\n"
	"                           [--passphrase-file FILE] [--expect FINGERPRINT]\n"
	"\n"
	"For a custodian, on a machine of your own: opens your share with your key, and sends it "
	"to\n"
	"the server, sealed so that only the process that runs there now can read it. Your share\n"
	"names the server's keeper: if anybody else answers, nothing is sent. When enough\n"
	"custodians have done so, the server opens. During a rehearsal the same command shows "
	"that\n"
	"the shares would open it.\n"
	"\n"
	"  --server HOST:PORT      where clients connect; its port speaks this too; [::1]:8443\n"
	"                          for an IPv6 address\n"
	"  --socket PATH           instead, on the server itself: DIR/keeper.sock\n"
	"  --share FILE            the share that the operator gave you\n"
	"  --key FILE              your key (lontar vault custodian new)\n"
	"  --expect FINGERPRINT    send it only to the process with this fingerprint, which the\n"
	"                          operator reads to you from `lontar vault status`\n"
	"\n"
	"Example: lontar vault unseal --server chat.example.org:8443 --share share-1-ani.txt --key "
	"ani.key\n";

struct wish {
	struct vault_line line;
	const char *share, *key, *passphrase_file, *expect;
};

/* The share, if the file is whole, and made for this key. */
static int open_share(const struct wish *wish, const struct share_file *file, struct share *share,
	struct err *err)
{
	struct passphrase phrase;
	struct parcel_keys keys;
	int result;

	if (passphrase_read(&phrase, wish->passphrase_file, false, err) < 0)
		return -1;
	result = custodian_secret_read(wish->key, &phrase, &keys, err);
	bytes_wipe(&phrase, sizeof(phrase));
	if (result < 0)
		return -1;
	result = parcel_open(&keys, bytes_of(file->sealed, sizeof(file->sealed)), (uint8_t *)share);
	bytes_wipe(&keys, sizeof(keys));
	if (result < 0)
		return err_set(err, EINVAL,
			"%s is damaged, or was made for another custodian's key", wish->share);
	if (share_check(&file->set, share) != SHARE_GOOD)
		return err_set(err, EINVAL, "%s is damaged", wish->share);
	return 0;
}

/* That it is the keeper whom the share names, and the set is the one that it waits for. */
static int check_keeper(const struct wish *wish, const struct share_file *file,
	const struct keeper_hello *hello, const uint8_t challenge[KEEPER_CHALLENGE_SIZE],
	struct err *err)
{
	char process[PARCEL_FINGERPRINT_SIZE];
	uint8_t id[SHARE_SET_ID_SIZE];

	if (keeper_hello_check(hello, file->set.keeper, challenge) < 0)
		return err_set(err, EPERM,
			"this is not the server that your share is for, or somebody is in between: "
			"nothing was sent");
	parcel_fingerprint(bytes_of(hello->session, sizeof(hello->session)), process);
	printf("The keeper that your share names answers. This process: %s\n", process);
	if (wish->expect && strcmp(wish->expect, process) != 0)
		return err_set(err, EPERM,
			"that is another process than the one expected: nothing was sent");
	share_set_id(&file->set, id);
	if (memcmp(id, hello->set_id, sizeof(id)) != 0)
		return err_set(err, EINVAL,
			hello->threshold
				? "your share is of an earlier split: ask the operator for "
				  "the new one; nothing was sent"
				: "this server has its root in a file and waits for no "
				  "shares; nothing was sent");
	return 0;
}

static int tell(const struct keeper_reply *reply, struct err *err)
{
	switch (reply->verdict) {
	case KEEPER_TAKEN:
		printf("Taken. %d of %d shares are there.\n", reply->have, reply->threshold);
		return 0;
	case KEEPER_OPENED:
		puts("Taken, and that was the last one needed: the vault is open.");
		return 0;
	case KEEPER_REHEARSED:
		puts("Taken. The rehearsal went well: these shares open the vault.");
		return 0;
	case KEEPER_TWICE:
		printf("Your share is there already. %d of %d are there.\n", reply->have,
			reply->threshold);
		return 0;
	case KEEPER_NOT_NEEDED:
		puts("It is open already; your share is not needed.");
		return 0;
	case KEEPER_OF_ANOTHER_SET:
		return err_set(err, EINVAL, "the keeper says: that share is of another split");
	case KEEPER_DAMAGED:
		return err_set(err, EINVAL, "the keeper says: that share is damaged");
	default:
		return err_set(err, EINVAL,
			"the shares are whole, but don't make the root: somebody has changed "
			"vault.set on the server");
	}
}

static int bring(const struct wish *wish, struct err *err)
{
	uint8_t letter[KEEPER_LETTER_SEALED], sealed[KEEPER_REPLY_SEALED], nonce[16];
	uint8_t challenge[KEEPER_CHALLENGE_SIZE];
	struct keeper_hello hello;
	struct keeper_reply reply;
	struct share_file file;
	struct parcel_keys keys;
	struct share share;
	int result;

	if (share_file_read(wish->share, &file, err) < 0 ||
		vault_call_hello(&wish->line, challenge, &hello, err) < 0 ||
		check_keeper(wish, &file, &hello, challenge, err) < 0 ||
		open_share(wish, &file, &share, err) < 0)
		return -1;
	result = keeper_letter_write(&hello, &share, &keys, nonce, letter);
	bytes_wipe(&share, sizeof(share));
	if (result < 0)
		return err_set(err, EINVAL, "the keeper's key is no key");
	result = vault_call_share(&wish->line, letter, sealed, err);
	if (result == 0 && keeper_reply_read(&keys, nonce, sealed, &reply) < 0)
		result = err_set(err, EPROTO, "what answered is not the keeper");
	bytes_wipe(&keys, sizeof(keys));
	return result == 0 ? tell(&reply, err) : -1;
}

int vault_unseal(int argc, char **argv)
{
	static const struct option options[] = {{"server", required_argument, NULL, 's'},
		{"socket", required_argument, NULL, 'o'}, {"share", required_argument, NULL, 'a'},
		{"key", required_argument, NULL, 'k'}, {"expect", required_argument, NULL, 'e'},
		{"passphrase-file", required_argument, NULL, 'p'}, {"help", no_argument, NULL, 'h'},
		{0}};
	struct wish wish = {0};
	struct err err = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			wish.line.server = optarg;
		else if (c == 'o')
			wish.line.socket = optarg;
		else if (c == 'a')
			wish.share = optarg;
		else if (c == 'k')
			wish.key = optarg;
		else if (c == 'e')
			wish.expect = optarg;
		else if (c == 'p')
			wish.passphrase_file = optarg;
		else {
			fputs(usage, c == 'h' ? stdout : stderr);
			return c == 'h' ? 0 : 2;
		}
	}
	if (!wish.share || !wish.key || !wish.line.server == !wish.line.socket || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (bring(&wish, &err) == 0)
		return 0;
	fprintf(stderr, "lontar vault unseal: %s\n", err.text);
	return 1;
}
