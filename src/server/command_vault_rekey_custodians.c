/* SPDX-License-Identifier: Apache-2.0 */
/* lontar vault rekey where the root is the custodians': the keeper makes the new root and splits
 * it, they show that their new shares open it, and only then does the home get its chain. The old
 * root and the old shares count until that commit, the new ones from it on. */
#include <errno.h>
#include <stdio.h>

#include "server/command_vault_rekey.h"
#include "server/rekey.h"
#include "server/vault_files.h"
#include "store/home_roots.h"

static int begin(const struct split_wish *wish, const struct installation *in,
	struct keeper_client *client, struct err *err)
{
	/* An earlier one that was cut off comes to its end before its set is overwritten. */
	if (installation_settle(in, err) < 0 || split_ask(wish, in, client, true, err) < 0)
		return -1;
	printf("\nNow the rehearsal: %d of them bring their new shares (lontar vault unseal). "
	       "Then:\n"
	       "  lontar vault rekey --data %s --finish\n"
	       "Until then nothing has changed: the old shares open the installation, and if the\n"
	       "server is started again meanwhile, this is begun again.\n",
		wish->threshold, in->dir);
	return 0;
}

/* From the commit on there is no way back, and none is needed: everything after it is done by
 * whoever starts the server, too (rekey_settle_file). */
static int turn(const struct installation *in, struct keeper_client *client,
	const struct keeper_hello *hello, struct err *err)
{
	struct keeper_request request = {.op = KEEPER_TURNED};
	struct keeper_answer answer;

	if (!hello->turns)
		return err_set(err, EINVAL,
			"that is a split of the root as it is: lontar vault split --data %s "
			"--finish",
			in->dir);
	if (split_rehearsed(hello, err) < 0 || split_set_check(in, hello, err) < 0 ||
		keeper_client_ask(client, &request, &answer, err) < 0)
		return -1;
	if (answer.status != KEEPER_OK)
		return err_set(err, EAGAIN, "the keeper was started again meanwhile: begin again");
	request = (struct keeper_request){.op = KEEPER_UNLOCK, .chain = answer.chain};
	if (rekey_commit(in, &request.chain, err) < 0 || split_set_in_force(in, hello, err) < 0 ||
		keeper_client_ask(client, &request, &answer, err) < 0)
		return -1;
	bytes_wipe(&answer.unlocked, sizeof(answer.unlocked));
	return answer.status == KEEPER_OK ? 0
					  : err_set(err, EPROTO,
						    "the new root counts, but the keeper has lost "
						    "it: start the server "
						    "again, and bring the new shares");
}

/* Cut off after the commit: the set takes its place here if no start has put it there. */
static int end_turn(const struct installation *in, const struct keeper_hello *hello, bool *waits,
	struct err *err)
{
	struct share_set set;

	if (installation_settle(in, err) < 0 || share_set_read(in->vault_set, &set, err) < 0)
		return -1;
	*waits = share_set_epoch(&set) > load_u32le(hello->epoch);
	if (!*waits && (hello->state != KEEPER_STATE_OPEN || share_set_epoch(&set) == 0))
		return err_set(err, EINVAL, "there is no new root to finish");
	return 0;
}

static int finish(const struct installation *in, struct keeper_client *client, struct err *err)
{
	struct keeper_hello hello;
	bool waits = false;

	if (keeper_client_hello(client, &hello, err) < 0)
		return -1;
	if (hello.state == KEEPER_STATE_REHEARSAL) {
		if (turn(in, client, &hello, err) < 0)
			return -1;
	} else if (end_turn(in, &hello, &waits, err) < 0) {
		return -1;
	}
	if (waits) {
		puts("The new root's set is in its place. Start the keeper and the server again: "
		     "the "
		     "new\nshares open them.");
		return 0;
	}
	printf("The root is of epoch %u now: from the next start on %d of %d new shares open the\n"
	       "installation, and no old one. The server seals everything anew while it runs; its\n"
	       "log says `resealed` at the end. Old backups still open by old shares: let both\n"
	       "expire.\n",
		load_u32le(hello.epoch), hello.threshold, hello.count);
	return 0;
}

int rekey_custodians(const struct split_wish *wish, const struct installation *in, bool finishes,
	struct err *err)
{
	struct keeper_client *client;
	int result;

	if (!finishes && split_wish_is_empty(wish))
		return err_set(err, EINVAL,
			"the root of %s is the custodians': name those of the new one (--shares, "
			"--threshold, --custodian; docs/vault.md)",
			in->dir);
	if (!finishes && !split_wish_is_sound(wish))
		return err_set(err, EINVAL, "nothing was done");
	client = split_keeper(in, err);
	if (!client)
		return -1;
	result = finishes ? finish(in, client, err) : begin(wish, in, client, err);
	keeper_client_free(client);
	return result;
}
