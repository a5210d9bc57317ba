/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Everything secret is in one block of guarded memory. */
#include "keeper/keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/random.h"

struct secrets {
	bool has_root;
	uint8_t root[ROOT_SIZE];
	uint8_t next[ROOT_SIZE];		/* of a turn that waits for its rehearsal */
	struct share shares[SHAMIR_SHARES_MAX]; /* that came so far; `have` says which: [x - 1] */
	struct parcel_keys session;
};

struct keeper {
	struct secrets *secrets;
	struct roots *roots;		 /* once somebody said which chain */
	struct root_chain chain, turned; /* turned: how the home's will be under secrets->next */
	struct share_set set, pending;
	bool has_set, has_pending, turns, rehearsed;
	uint16_t have;
	struct sign_key *identity;
	int64_t started_at_s;
};

struct keeper *keeper_new(const struct keeper_start *start, struct err *err)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));

	if (!keeper || (!start->root && !start->set)) {
		err_set(err, keeper ? ENOENT : ENOMEM,
			"there is neither a root key nor a set of shares");
		sign_key_free(start->identity);
		free(keeper);
		return NULL;
	}
	keeper->identity = start->identity;
	keeper->started_at_s = start->now_s;
	keeper->secrets = secret_alloc(sizeof(*keeper->secrets), err);
	if (!keeper->secrets) {
		keeper_free(keeper);
		return NULL;
	}
	memset(keeper->secrets, 0, sizeof(*keeper->secrets));
	parcel_keys_new(&keeper->secrets->session);
	if (start->root) {
		memcpy(keeper->secrets->root, start->root, ROOT_SIZE);
		keeper->secrets->has_root = true;
	}
	/* The root may have changed since: a set of another one would open nothing. */
	if (start->set && (!start->root || share_set_is_of(start->set, start->root))) {
		keeper->set = *start->set;
		keeper->has_set = true;
	} else if (start->set) {
		log_warn("keeper_set_useless", "the shares are not of the root in the file");
	}
	/* Only of a root that is here: a turn that was not finished is begun again. */
	if (start->pending && start->root && share_set_is_of(start->pending, start->root)) {
		keeper->pending = *start->pending;
		keeper->has_pending = true;
	}
	return keeper;
}

void keeper_free(struct keeper *keeper)
{
	if (!keeper)
		return;
	roots_free(keeper->roots);
	secret_free(keeper->secrets);
	sign_key_free(keeper->identity);
	free(keeper);
}

/* ---- Hello ---- */

/* Whose shares are of use now. */
static const struct share_set *wanted_set(const struct keeper *keeper)
{
	if (keeper->has_pending)
		return &keeper->pending;
	return keeper->has_set ? &keeper->set : NULL;
}

static enum keeper_state state_of(const struct keeper *keeper)
{
	if (!keeper->secrets->has_root)
		return KEEPER_STATE_SEALED;
	if (keeper->has_pending)
		return KEEPER_STATE_REHEARSAL;
	return keeper->has_set ? KEEPER_STATE_OPEN : KEEPER_STATE_FILE;
}

static void say_hello(const struct keeper *keeper, const uint8_t challenge[KEEPER_CHALLENGE_SIZE],
	struct keeper_hello *hello)
{
	const struct share_set *set = wanted_set(keeper);

	memset(hello, 0, sizeof(*hello));
	memcpy(hello->magic, KEEPER_MAGIC, sizeof(hello->magic));
	memcpy(hello->keeper, sign_key_public(keeper->identity), sizeof(hello->keeper));
	memcpy(hello->session, keeper->secrets->session.public_key, sizeof(hello->session));
	memcpy(hello->challenge, challenge, sizeof(hello->challenge));
	store_u64le(hello->started_at_s, (uint64_t)keeper->started_at_s);
	hello->state = (uint8_t)state_of(keeper);
	if (set) {
		share_set_id(set, hello->set_id);
		memcpy(hello->epoch, set->epoch, sizeof(hello->epoch));
		hello->threshold = set->threshold;
		hello->count = set->count;
		hello->rehearsed = keeper->rehearsed;
		hello->turns = keeper->turns;
		hello->have[0] = (uint8_t)keeper->have;
		hello->have[1] = (uint8_t)(keeper->have >> 8);
	}
	sign_message(keeper->identity, bytes_of(hello, offsetof(struct keeper_hello, signature)),
		hello->signature);
}

/* ---- Keys ---- */

static void forget_shares(struct keeper *keeper)
{
	bytes_wipe(keeper->secrets->shares, sizeof(keeper->secrets->shares));
	keeper->have = 0;
}

static void take_pending(struct keeper *keeper)
{
	if (keeper->turns) {
		memcpy(keeper->secrets->root, keeper->secrets->next, ROOT_SIZE);
		bytes_wipe(keeper->secrets->next, ROOT_SIZE);
	}
	keeper->set = keeper->pending;
	keeper->has_set = true;
	keeper->has_pending = keeper->rehearsed = keeper->turns = false;
	forget_shares(keeper);
	log_info("keeper_split_done", "the root is the custodians' now");
}

/* A new root counts from when the home has its chain: nobody has that one before. */
static bool has_turned(const struct keeper *keeper, const struct root_chain *chain)
{
	return keeper->has_pending && keeper->turns && keeper->rehearsed &&
	       memcmp(&keeper->turned, chain, sizeof(*chain)) == 0;
}

/* Whoever asks says which chain the home has. One that is not of our root is refused, so that a
 * wrong key file is told before anything is sealed under it. */
static enum keeper_status unlock(
	struct keeper *keeper, const struct root_chain *chain, struct keeper_unlocked *out)
{
	struct err err = {0};
	struct roots *roots;

	if (!keeper->secrets->has_root)
		return KEEPER_SEALED;
	if (has_turned(keeper, chain))
		take_pending(keeper);
	if (!keeper->roots || memcmp(&keeper->chain, chain, sizeof(*chain)) != 0) {
		if (chain->count >= ROOTS_MAX || chain->count > chain->epoch)
			return KEEPER_REFUSED;
		roots = roots_open(keeper->secrets->root, chain, &err);
		if (!roots) {
			log_error("keeper_chain_refused", "%s", err.text);
			return KEEPER_REFUSED;
		}
		roots_free(keeper->roots);
		keeper->roots = roots;
		keeper->chain = *chain;
	}
	out->epoch = roots_epoch(keeper->roots);
	roots_kept_keys(keeper->roots, &out->kept);
	return KEEPER_OK;
}

static enum keeper_status owner_key(const struct keeper *keeper, const struct keeper_owner *owner,
	uint8_t out[ROOT_OWNER_KEY_SIZE])
{
	if (!keeper->roots)
		return KEEPER_SEALED;
	return roots_owner_key(keeper->roots, owner->epoch, owner->salt, owner->owner, out) == 0
		       ? KEEPER_OK
		       : KEEPER_ABSENT;
}

/* ---- Shares ---- */

static int shares_here(const struct keeper *keeper)
{
	return __builtin_popcount(keeper->have);
}

/* They are the threshold's number now: the root opens, or the rehearsal shows that it would. */
static enum keeper_verdict join(struct keeper *keeper, const struct share_set *set)
{
	const bool rehearsal = keeper->has_pending;
	struct share chosen[SHAMIR_SHARES_MAX];
	uint8_t root[ROOT_SIZE];
	enum keeper_verdict verdict = KEEPER_FAILED;
	int count = 0;

	for (int x = 1; x <= set->count && count < set->threshold; x++)
		if (keeper->have & 1U << (x - 1))
			chosen[count++] = keeper->secrets->shares[x - 1];
	if (shares_join(set, chosen, root) < 0) {
		log_error("keeper_shares_useless", "good shares of a set that is not");
	} else if (!rehearsal) {
		memcpy(keeper->secrets->root, root, sizeof(root));
		keeper->secrets->has_root = true;
		verdict = KEEPER_OPENED;
	} else if (bytes_equal_secret(root,
			   keeper->turns ? keeper->secrets->next : keeper->secrets->root,
			   sizeof(root))) {
		keeper->rehearsed = true;
		verdict = KEEPER_REHEARSED;
	}
	bytes_wipe(root, sizeof(root));
	bytes_wipe(chosen, sizeof(chosen));
	forget_shares(keeper);
	log_info("keeper_joined", "%s",
		verdict == KEEPER_OPENED      ? "the root is open"
		: verdict == KEEPER_REHEARSED ? "the rehearsal went well"
					      : "the shares give no root");
	return verdict;
}

static enum keeper_verdict take_share(struct keeper *keeper, const struct share *share)
{
	const struct share_set *set = wanted_set(keeper);
	enum share_verdict good;

	if (!set || (keeper->secrets->has_root && !keeper->has_pending) || keeper->rehearsed)
		return KEEPER_NOT_NEEDED;
	good = share_check(set, share);
	if (good != SHARE_GOOD) {
		log_warn("keeper_share_refused", "%s",
			good == SHARE_DAMAGED ? "it is damaged" : "it is of another set");
		return good == SHARE_DAMAGED ? KEEPER_DAMAGED : KEEPER_OF_ANOTHER_SET;
	}
	if (keeper->have & 1U << (share->x - 1))
		return KEEPER_TWICE;
	keeper->secrets->shares[share->x - 1] = *share;
	keeper->have |= (uint16_t)(1U << (share->x - 1));
	log_info("keeper_share_taken", "share %d: %d of %d are there", share->x,
		shares_here(keeper), set->threshold);
	return shares_here(keeper) < set->threshold ? KEEPER_TAKEN : join(keeper, set);
}

static enum keeper_status read_letter(struct keeper *keeper,
	const uint8_t sealed[KEEPER_LETTER_SEALED], uint8_t out[KEEPER_REPLY_SEALED])
{
	const struct share_set *set = wanted_set(keeper);
	struct keeper_letter letter;
	struct keeper_reply reply = {.threshold = set ? set->threshold : 0};
	enum keeper_status status = KEEPER_OK;

	if (parcel_open(&keeper->secrets->session, bytes_of(sealed, KEEPER_LETTER_SEALED),
		    (uint8_t *)&letter) < 0)
		return KEEPER_NOT_FOR_ME;
	memcpy(reply.nonce, letter.nonce, sizeof(reply.nonce));
	reply.verdict = (uint8_t)take_share(keeper, &letter.share);
	reply.have = (uint8_t)shares_here(keeper);
	if (parcel_seal(letter.reply_to, bytes_of(&reply, sizeof(reply)), out) < 0)
		status = KEEPER_REFUSED;
	bytes_wipe(&letter, sizeof(letter));
	return status;
}

/* ---- Splitting ---- */

/* A new root, and the chain in which it keeps the older ones. */
static int turn(struct keeper *keeper, const struct keeper_split *ask, struct root_chain *out)
{
	struct keeper_unlocked unlocked;
	struct err err = {0};

	if (unlock(keeper, &ask->chain, &unlocked) != KEEPER_OK)
		return -1;
	bytes_wipe(&unlocked, sizeof(unlocked));
	random_fill(&random_system, keeper->secrets->next, ROOT_SIZE);
	if (roots_turn(keeper->roots, keeper->secrets->next, out, &err) == 0)
		return 0;
	log_error("keeper_turn_refused", "%s", err.text);
	return -1;
}

static int seal_shares(const struct keeper_split *ask, const struct share *shares,
	uint8_t out[SHAMIR_SHARES_MAX][KEEPER_SHARE_SEALED])
{
	for (int i = 0; i < ask->count; i++)
		if (parcel_seal(ask->custodians[i], bytes_of(&shares[i], sizeof(shares[i])),
			    out[i]) < 0)
			return -1;
	return 0;
}

static enum keeper_status split(
	struct keeper *keeper, const struct keeper_split *ask, struct keeper_was_split *out)
{
	struct share shares[SHAMIR_SHARES_MAX];
	struct root_chain chain = ask->chain;
	const uint8_t *root = keeper->secrets->root;
	int result;

	memset(out, 0, sizeof(*out));
	if (!keeper->secrets->has_root)
		return KEEPER_SEALED;
	/* Of one root there is one set: whoever wants new shares wants a new root. */
	if (keeper->has_set && !ask->turn)
		return KEEPER_REFUSED;
	if (ask->turn) {
		if (turn(keeper, ask, &chain) < 0)
			return KEEPER_REFUSED;
		root = keeper->secrets->next;
	}
	result = shares_make(root, chain.epoch, sign_key_public(keeper->identity), ask->threshold,
		ask->count, &out->set, shares);
	if (result == 0)
		result = seal_shares(ask, shares, out->sealed);
	bytes_wipe(shares, sizeof(shares));
	if (result < 0)
		return KEEPER_REFUSED;
	out->chain = keeper->turned = chain;
	keeper->pending = out->set;
	keeper->has_pending = true;
	keeper->turns = ask->turn;
	keeper->rehearsed = false;
	forget_shares(keeper);
	log_info("keeper_split", "%d shares, %d open%s: waiting for the rehearsal", ask->count,
		ask->threshold, ask->turn ? ", of a new root" : "");
	return KEEPER_OK;
}

static enum keeper_status finish(struct keeper *keeper)
{
	/* A new root is finished by its chain (has_turned): not before the home has that. */
	if (!keeper->has_pending || !keeper->rehearsed || keeper->turns)
		return KEEPER_REFUSED;
	take_pending(keeper);
	return KEEPER_OK;
}

static enum keeper_status tell_turned(const struct keeper *keeper, struct root_chain *out)
{
	if (!keeper->has_pending || !keeper->turns || !keeper->rehearsed)
		return KEEPER_REFUSED;
	*out = keeper->turned;
	return KEEPER_OK;
}

void keeper_serve(struct keeper *keeper, struct keeper_peer *peer,
	const struct keeper_request *request, struct keeper_answer *answer)
{
	memset(answer, 0, keeper_answer_size(request->op));
	switch (request->op) {
	case KEEPER_HELLO:
		say_hello(keeper, request->challenge, &answer->hello);
		break;
	case KEEPER_UNLOCK:
		answer->status = unlock(keeper, &request->chain, &answer->unlocked);
		break;
	case KEEPER_OWNER_KEY:
		answer->status = owner_key(keeper, &request->owner, answer->owner_key);
		break;
	case KEEPER_SHARE:
		answer->status = read_letter(keeper, request->letter, answer->reply);
		break;
	case KEEPER_SPLIT:
		answer->status = peer->may_split ? split(keeper, &request->split, &answer->split)
						 : KEEPER_REFUSED;
		break;
	case KEEPER_FINISH:
		answer->status = peer->may_split ? finish(keeper) : KEEPER_REFUSED;
		break;
	case KEEPER_YIELD:
		peer->may_split = false;
		break;
	case KEEPER_TURNED:
		answer->status =
			peer->may_split ? tell_turned(keeper, &answer->chain) : KEEPER_REFUSED;
		break;
	default:
		answer->status = KEEPER_REFUSED;
	}
}
