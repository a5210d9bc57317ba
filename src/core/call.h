/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of a front end (an MTProto method, a Bot API method, an order) on its way through the
 * rules. Lives on one executor thread. Whatever it allocates is in its arena; what it wants to tell
 * others after the commit is in its effects.
 */
#ifndef CORE_CALL_H
#define CORE_CALL_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "core/effects.h"
#include "store/store.h"

/* An answer that refuses: Telegram's error code and text, e.g. 400 "PEER_ID_INVALID". */
struct fault {
	int code; /* 0: none */
	char text[64];
};

/* Where clients find this installation. */
struct core_address {
	const char *ip; /* numeric, no brackets */
	bool ipv6;
	int port;
	struct bytes secret; /* of MTProxy, that clients must obfuscate with; absent: none */
};

/* Who may make an account: core/accounts/invitations.h. */
enum signup { SIGNUP_OPEN, SIGNUP_INVITED, SIGNUP_CLOSED };

struct languages;
struct post_views;

/* What all calls of a running messenger share. Read-only after start. */
struct core_env {
	const struct clock *clock;
	const struct random *random;
	const char *name;    /* of the installation, shown to users */
	const char *support; /* number of the account that helps others; NULL: there is none */
	const struct languages *languages; /* core/languages.h; NULL: none */
	const char *language; /* spoken to whose language is not known; NULL: English */
	const struct core_address *addresses; /* advertised for every DC; at least one */
	size_t address_count;
	bool codes_to_console;		      /* login codes are printed: loopback only */
	bool sends_to_phones, sends_email;    /* a gateway is configured (core/accounts/outbox.h) */
	int64_t files_account_max, files_max; /* bytes of files: an account's, and everybody's */
	enum signup signup;
	struct bytes terms;				  /* of service, UTF-8; absent: none */
	struct post_views *views;			  /* core/posts/post_views.h; NULL: none */
	int64_t (*online_until)(void *ctx, int64_t user); /* unix s until which the account is shown
							     as online; 0 unknown. Thread-safe */
	void *online_ctx;
};

struct call {
	struct arena *arena;
	struct store *store;
	const struct core_env *env;
	int64_t now_s;	 /* unix time when the call began */
	int64_t user;	 /* the account logged in on the key; 0: nobody */
	bool is_bot;	 /* that account: core/bots/bots.h */
	uint64_t key_id; /* permanent auth key (0 for calls that come from elsewhere, e.g. the Bot
			    API) */
	uint64_t temp_key_id; /* the key that carried the call when it is a temporary one, else 0 */
	uint64_t session_id;
	int64_t msg_id;
	int layer;
	int dc;		      /* the DC that the client thinks it talks to, 1 to 5 */
	struct bytes address; /* of the peer, as text; for rate limits, never stored in clear */
	struct effects *effects;
	int64_t awaits; /* the query whose EFFECT_CALLBACK brings the answer; 0: it is there */
	struct fault fault;
	bool keep_writes; /* what a refused call wrote is kept all the same, and its effects go
			     out: a wrong login code costs a try, a code is sent by e-mail */
};

/* Refuses the call: `return rpc_error(call, 400, "PEER_ID_INVALID");`. Always -1. The first fault
 * stays. */
int rpc_error(struct call *call, int code, const char *text);
/* "FLOOD_WAIT_%d" and other texts with a number. */
int rpc_error_number(struct call *call, int code, const char *prefix, int64_t number);

static inline struct db *call_home(struct call *call)
{
	return store_home(call->store);
}

static inline struct db *call_square(struct call *call)
{
	return store_square(call->store);
}

#endif
