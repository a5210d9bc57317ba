/* SPDX-License-Identifier: Apache-2.0 */
#include "pair.h"

int64_t anna, budi;
struct arena scratch;

int pair_setup(void **state)
{
	fixture_setup(state);
	anna = fixture_sign_up(*state, ANNA, "628110001", "Anna", "");
	budi = fixture_sign_up(*state, BUDI, "628110002", "Budi", "");
	arena_init(&scratch);
	return 0;
}

int pair_teardown(void **state)
{
	arena_release(&scratch);
	return fixture_teardown(state);
}

struct tl_object *pair_peer(struct fixture *f, int64_t viewer, int64_t id)
{
	struct tl_inputPeerUser *peer = TL_NEW(&scratch, inputPeerUser);

	peer->user_id = id;
	peer->access_hash = vault_access_hash(f->vault, viewer, PEER_USER, id);
	return &peer->o;
}

union tl_reply pair_ask(struct fixture *f, uint64_t key, int layer, const struct tl_object *query)
{
	union tl_reply reply;

	if (!layered_ask(f, key, layer, query, &scratch, &reply))
		fail_msg("layer %d: %s", layer, f->call.fault.text);
	return reply;
}
