/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Effects: who must be told what, once the transaction has committed. A handler appends them to its
 * call; after the commit the batch goes, immutable, to every network thread, each of which encodes
 * for its own sessions. A batch has its own arena and a reference count; the last thread that lets
 * go frees it.
 */
#ifndef CORE_EFFECTS_H
#define CORE_EFFECTS_H

#include "base/arena.h"
#include "core/model.h"

enum effect_kind {
	EFFECT_ACCOUNT, /* to every session of `account` (but except_session): `set`, made for that
			   viewer */
	EFFECT_CHANNEL, /* to every online member of `channel`: `set`; the encoder fills in the
			   viewer's part */
	EFFECT_MEMBER,	/* `account` is now in (or, with role LEFT/BANNED/NONE, out of) `channel`:
			   keep the index right */
	EFFECT_CHANNEL_CHANGED, /* the restriction, username or rights of `channel` changed: refresh
				   what is cached of it, tell members UPDATE_CHANNEL. With a
				   `standing`, that is everybody's now: the channel is gone */
	EFFECT_LOGIN,		/* key_id now belongs to `account` */
	EFFECT_LOGOUT,	 /* key_id belongs to nobody; its sessions end, and are told to ask for what
			    they   missed: by the refusal they learn it */
	EFFECT_KEY_GONE, /* key_id was destroyed: it and what is bound to it are refused from now on
			    (but where except_session asked for it: that one is answered first) */
	EFFECT_TEMP_KEYS_GONE, /* the same for temporary keys that are bound to key_id, but those
				  in `spared` */
	EFFECT_KEY, /* to every session of key_id, on which nobody is logged in: the one update of
		       `set` */
	EFFECT_COUNTRY, /* the number of `account` is of `country` now */
	EFFECT_CODE,  /* core/accounts/outbox.h: the login code for `text` (a phone number) goes out
		       */
	EFFECT_EMAIL, /* core/accounts/outbox.h: a letter to `text` (an e-mail address) */
	EFFECT_SECRET_HEARD, /* core/secret/secret_messages.h: the device key_id of `account` has
				what waited for it up to `qts` */
	EFFECT_BOT_UPDATE,   /* core/bots/bot_updates.h: `account` has something to hear */
	EFFECT_CALLBACK, /* core/bots/callbacks.h: who waits for `query` is answered: text, body: a
			    URL, alert, cache_s */
};

struct effect {
	enum effect_kind kind;
	int64_t account;
	int64_t channel;
	uint64_t key_id;
	uint64_t except_session;  /* the session that made the call has it in its answer; 0: none */
	uint64_t only_session;	  /* ACCOUNT: nobody else; 0: every session */
	uint64_t only_key;	  /* ACCOUNT: sessions of this permanent key alone; 0: of any */
	int32_t qts;		  /* SECRET_HEARD */
	struct standing standing; /* MEMBER, CHANNEL_CHANGED */
	bool is_bot;		  /* LOGIN: `account` is a bot's */
	char country[3];	  /* COUNTRY: upper-case code, "" unknown */
	struct bytes text, code;  /* CODE, EMAIL */
	struct bytes body;	  /* CODE, EMAIL: what is written around the code */
	struct bytes subject;	  /* EMAIL */
	int64_t query;		  /* CALLBACK, and so are: */
	bool alert;
	int32_t cache_s;
	uint64_t *spared; /* TEMP_KEYS_GONE */
	size_t spared_count;
	struct update_set set;
	struct channel *shared; /* CHANNEL, CHANNEL_CHANGED: the shared part of the channel */
};

struct effects {
	struct arena arena; /* everything in `at` points in here */
	struct effect *at;
	size_t count, capacity;
	_Atomic int references;
};

struct effects *effects_new(void); /* one reference */
void effects_hold(struct effects *effects);
void effects_release(struct effects *effects); /* NULL is fine */
/* Forgets everything, for a call that is run again or rolled back. */
void effects_reset(struct effects *effects);
/* A zeroed effect of this kind at the end; valid until the next append. */
struct effect *effects_append(struct effects *effects, enum effect_kind kind);
/* Deep copies into the arena of the effects, so that the call's arena may go first. */
struct update_set effects_copy_set(struct effects *effects, const struct update_set *set);
struct channel *effects_copy_channel(struct effects *effects, const struct channel *channel);

#endif
